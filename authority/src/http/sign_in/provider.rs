//! To the OpenID provider and back.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use url::form_urlencoded;

use super::page;
use super::visit::{Visit, see_other};
use crate::http::Shared;
use crate::register::accounts::{Accounts as _, Person};
use crate::rules::account_steps::FormFault;

/// `GET /sign-in/provider`: a link and not a form, for a form's policy would hold every address
/// that the provider redirects to against the page that it began on.
pub(super) async fn begin(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    match go(&visit).await {
        Ok(response) => response,
        Err(response) => *response,
    }
}

async fn go(visit: &Visit) -> Result<Response, Box<Response>> {
    let over = || page::over(&visit.server, &visit.headers);
    let server = &visit.server;
    let (Some(session), Some(provider)) =
        (visit.cookies.sign_in().cloned(), &server.pages.provider)
    else {
        return Ok(over());
    };
    if !is_of_this_site(&visit.headers) {
        return Ok(page::stale(server, &visit.headers));
    }
    let asked = session.clone();
    let begun = visit
        .work(move |server| {
            let register = server.authority.register();
            let view = register.look(&asked, server.now())?;
            Ok((view, register.begin_login(&asked, server.now())?))
        })
        .await?;
    let (Some(view), Some(login)) = begun else {
        return Ok(over());
    };
    let language = page::language_of(Some(&view), &visit.headers).tag();
    match provider.begin(&login, language).await {
        Ok(address) => Ok(see_other(&address)),
        Err(fault) => {
            let state = login.state;
            let stepped = visit
                .work(move |server| {
                    let register = server.authority.register();
                    register.end_login(&session, &state, Err(fault), server.now())
                })
                .await?;
            Ok(visit.answer(stepped, "/sign-in"))
        }
    }
}

/// Whether a page of this site leads here, as far as the browser says.
fn is_of_this_site(headers: &HeaderMap) -> bool {
    let from = headers.get(HeaderName::from_static("sec-fetch-site"));
    from.is_none_or(|from| from == "same-origin")
}

/// `GET /sign-in/provider/callback`: the provider sends the browser back. The state must be that of
/// a login that began in this browser's sign-in; it is good once.
pub(super) async fn callback(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    match back(&visit, request.uri().query().unwrap_or_default()).await {
        Ok(response) => response,
        Err(response) => *response,
    }
}

async fn back(visit: &Visit, query: &str) -> Result<Response, Box<Response>> {
    let server = &visit.server;
    let stale = || page::stale(server, &visit.headers);
    let (Some(session), Some(provider)) =
        (visit.cookies.sign_in().cloned(), &server.pages.provider)
    else {
        return Ok(page::over(server, &visit.headers));
    };
    let Some(answer) = read(query) else {
        return Ok(stale());
    };
    let (held, state) = (session.clone(), answer.state.clone());
    let login = visit
        .work(move |server| {
            let register = server.authority.register();
            register.take_login(&held, &state, server.now())
        })
        .await?;
    let Some(login) = login else {
        // Loaded again, or another browser's: where it was right, the present page says so.
        return Ok(stale());
    };
    let known = match (answer.code, answer.error) {
        _ if !provider.is_issuer(answer.issuer.as_deref()) => Err(FormFault::Provider),
        (Some(code), None) => provider.finish(&login, code, server.now()).await,
        (None, Some(error)) if error == "access_denied" => Err(FormFault::ProviderRefused),
        _ => Err(FormFault::Provider),
    };
    let stepped = visit
        .work(move |server| {
            let person = known.as_ref().map(|known| Person {
                issuer: &known.issuer,
                subject: &known.subject,
                claim: known.claim.as_deref(),
            });
            let person = person.as_ref().map_err(|fault| **fault);
            let register = server.authority.register();
            register.end_login(&session, &login.state, person, server.now())
        })
        .await?;
    Ok(visit.answer(stepped, "/sign-in"))
}

/// What the provider's redirect says.
struct Returned {
    state: String,
    code: Option<String>,
    error: Option<String>,
    /// The issuer that it names (RFC 9207).
    issuer: Option<String>,
}

/// Reads it; `None` where a parameter stands there twice, or there is no state.
fn read(query: &str) -> Option<Returned> {
    let (mut state, mut code, mut error, mut issuer) = (None, None, None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let place = match &*name {
            "state" => &mut state,
            "code" => &mut code,
            "error" => &mut error,
            "iss" => &mut issuer,
            _ => continue,
        };
        if place.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(Returned {
        state: state?,
        code,
        error,
        issuer,
    })
}
