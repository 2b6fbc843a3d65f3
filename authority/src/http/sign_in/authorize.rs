//! The authorization endpoint (RFC 6749, section 3.1): a browser opens what an app has pushed.

use axum::extract::{Request, State};
use axum::response::Response;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::page;
use super::visit::{Visit, see_other};
use crate::http::Shared;
use crate::register::accounts::{Accounts as _, Cookies, Opened, Opening};

/// `GET /authorize?client_id&request_uri`, and nothing else. Where anything is wrong with it, the
/// answer is a page: no address is believed that was not registered.
pub(super) async fn authorize(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    match open(&visit, request.uri().query().unwrap_or_default()).await {
        Ok(response) => response,
        Err(response) => *response,
    }
}

async fn open(visit: &Visit, query: &str) -> Result<Response, Box<Response>> {
    let bad_link = || page::bad_link(&visit.server, &visit.headers);
    let Some((client_id, request_uri)) = read(query) else {
        return Ok(bad_link());
    };
    let session = visit.cookies.sign_in().cloned();
    let opened = visit
        .work(move |server| {
            let opening = Opening {
                client_id: &client_id,
                request_uri: &request_uri,
                session: session.as_ref().map(|session| session.as_str()),
            };
            let register = server.authority.register();
            register.open_request(&opening, server.now())
        })
        .await?;
    let pages = format!("{}/sign-in", visit.server.issuer.path());
    Ok(match opened {
        Opened::New(secret) => {
            let mut response = see_other(&pages);
            let cookies = Cookies {
                session: Some(secret),
                browser: None,
            };
            visit.set(&mut response, &cookies);
            response
        }
        Opened::Again => see_other(&pages),
        Opened::Refused => bad_link(),
    })
}

/// The two parameters, each once, and no other.
fn read(query: &str) -> Option<(String, Zeroizing<String>)> {
    let (mut client_id, mut request_uri) = (None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = value.into_owned();
        let old = match &*name {
            "client_id" => client_id.replace(value),
            "request_uri" => request_uri.replace(value),
            _ => return None,
        };
        if old.is_some() {
            return None;
        }
    }
    Some((client_id?, Zeroizing::new(request_uri?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_parameters_are_read_each_once_and_any_other_is_refused() {
        assert!(read("client_id=a&request_uri=b").is_some());
        for query in [
            "",
            "client_id=a",
            "request_uri=b",
            "client_id=a&client_id=a&request_uri=b",
            "client_id=a&request_uri=b&redirect_uri=https%3A%2F%2Fevil.example",
            "client_id=a&request_uri=b&state=x",
        ] {
            assert!(read(query).is_none(), "{query}");
        }
    }
}
