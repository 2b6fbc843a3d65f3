//! One request of a browser: its cookies, its form, its address, and the answer to a step.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use subtle::ConstantTimeEq as _;
use tokio::task::spawn_blocking;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::cookies::Held;
use super::page::{self, Way};
use crate::error::Error;
use crate::http::{Server, Shared, connections};
use crate::register::accounts::{Accounts as _, Attempt, Cookies, Stepped};
use crate::secret::{Derived, derive};

/// More than any form needs.
const MAX_BODY: usize = 8 * 1024;

/// One request of a browser.
pub(super) struct Visit {
    pub(super) server: Shared,
    pub(super) headers: HeaderMap,
    pub(super) cookies: Held,
    /// Whose limits it counts against.
    pub(super) address: Option<String>,
}

/// A form of the present sign-in: what it says, and the cookie's secret that it came with.
pub(super) struct Form {
    pub(super) session: Zeroizing<String>,
    values: HashMap<String, Zeroizing<String>>,
}

impl Form {
    /// A field's value; empty where it was not sent.
    pub(super) fn take(&mut self, name: &str) -> Zeroizing<String> {
        self.values.remove(name).unwrap_or_default()
    }
}

impl Visit {
    /// Of a request whose body is not read.
    pub(super) fn of(server: Shared, request: &Request) -> Self {
        let headers = request.headers().clone();
        Self {
            cookies: Held::of(&headers, &server.pages.names),
            address: connections::origin_of(request),
            server,
            headers,
        }
    }

    /// Runs work on the register on another thread than those that serve the network.
    ///
    /// # Errors
    /// The page that says that this server could not answer.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Server) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Box<Response>> {
        let server = Arc::clone(&self.server);
        let done = spawn_blocking(move || work(&server)).await;
        let done = done.unwrap_or(Err(Error::Busy));
        done.map_err(|error| Box::new(page::failed(&self.server, &self.headers, &error)))
    }

    /// Reads a form, and holds its token against the cookie: only a page that this browser got here
    /// has both.
    ///
    /// # Errors
    /// The page that says what to do.
    pub(super) async fn form(&self, request: Request) -> Result<Form, Box<Response>> {
        let stale = || Box::new(page::stale(&self.server, &self.headers));
        let Some(session) = self.cookies.sign_in().cloned() else {
            return Err(Box::new(page::over(&self.server, &self.headers)));
        };
        let stated = self.headers.get(header::CONTENT_TYPE);
        let stated = stated.and_then(|value| value.to_str().ok());
        let essence = stated.and_then(|text| text.split(';').next());
        let is_form = essence.is_some_and(|essence| {
            essence
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        if !is_form {
            return Err(Box::new(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response()));
        }
        let body = to_bytes(request.into_body(), MAX_BODY).await;
        let body = body.map_err(|_| Box::new(StatusCode::PAYLOAD_TOO_LARGE.into_response()))?;
        let mut values = HashMap::new();
        for (name, value) in form_urlencoded::parse(&body) {
            let value = Zeroizing::new(value.into_owned());
            if values.insert(name.into_owned(), value).is_some() {
                return Err(stale());
            }
        }
        let token = self.token(&session).await?;
        let given = values.remove("form").unwrap_or_default();
        if !bool::from(given.as_bytes().ct_eq(token.as_bytes())) {
            return Err(stale());
        }
        Ok(Form { session, values })
    }

    /// The token of this cookie's forms.
    pub(super) async fn token(
        &self,
        session: &Zeroizing<String>,
    ) -> Result<Zeroizing<String>, Box<Response>> {
        let session = session.clone();
        self.work(move |server| {
            let secret = server.authority.register().account_secret()?;
            derive(&secret, Derived::Form, &session, 0)
        })
        .await
    }

    /// Takes a step with what the form came with.
    pub(super) async fn attempt<T: Send + 'static>(
        &self,
        session: &Zeroizing<String>,
        step: impl FnOnce(&Server, &Attempt<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Box<Response>> {
        let (session, address) = (session.clone(), self.address.clone());
        let cookies = self.cookies.clone();
        self.work(move |server| {
            let attempt = Attempt {
                session: &session,
                address: address.as_deref(),
                cookie: &|name| cookies.known(name),
            };
            step(server, &attempt)
        })
        .await
    }

    /// The page of the present step.
    pub(super) async fn present(&self, way: Way) -> Result<Response, Box<Response>> {
        let over = || page::over(&self.server, &self.headers);
        let Some(session) = self.cookies.sign_in().cloned() else {
            return Ok(over());
        };
        let looked = session.clone();
        let view = self
            .work(move |server| server.authority.register().look(&looked, server.now()))
            .await?;
        let Some(view) = view else {
            return Ok(over());
        };
        let form = self.token(&session).await?;
        Ok(page::of_view(&self.server, &self.headers, view, &form, way))
    }

    /// The answer to a step: a redirect, so that nothing is sent twice. `failed` is where a form
    /// leads that was wrong.
    pub(super) fn answer(&self, stepped: Stepped, failed: &str) -> Response {
        match stepped {
            Stepped::Gone => page::over(&self.server, &self.headers),
            Stepped::On(cookies) => {
                let path = match &cookies.session {
                    Some(_) => "/sign-in",
                    None => failed,
                };
                let mut response = see_other(&format!("{}{path}", self.server.issuer.path()));
                self.set(&mut response, &cookies);
                response
            }
            Stepped::Leave(address) => see_other(&address),
        }
    }

    /// Sets the cookies of an answer.
    pub(super) fn set(&self, response: &mut Response, cookies: &Cookies) {
        let names = &self.server.pages.names;
        let session = cookies.session.as_ref();
        let browser = cookies.browser.as_ref();
        let lines = [
            session.and_then(|secret| names.set_sign_in(secret)),
            browser.and_then(|(name, secret)| names.set_known(name, secret)),
        ];
        for line in lines.into_iter().flatten() {
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
}

/// A redirect after which the browser fetches the address (RFC 9110, section 15.4.4).
pub(super) fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(mut value) = HeaderValue::from_str(address) {
        value.set_sensitive(true);
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}
