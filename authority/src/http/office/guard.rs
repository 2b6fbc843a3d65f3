//! What every request of the office passes, and what every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Office;
use super::problem::Problem;

/// Everything from here alone, no script inline, in no frame of anyone.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Written into each answer; a handler may have written another `Cache-Control` only.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer` a browser says `Origin: null` of the office's forms.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Refuses a request that names another host or comes from a page of another one.
pub(super) async fn pass(State(office): State<Office>, request: Request, next: Next) -> Response {
    let mut response = match check(&office, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if office.secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

fn check(office: &Office, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let host = one(headers, header::HOST).ok_or(Problem::HOST)?;
    let target = request.uri().authority();
    if !office.names.is_host(host)
        || target.is_some_and(|target| !office.names.is_host(target.as_str()))
    {
        return Err(Problem::HOST);
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    match one(headers, header::ORIGIN) {
        Some(origin) if office.names.is_origin(origin) => Ok(()),
        Some(_) => Err(Problem::ORIGIN),
        None if headers.contains_key(header::ORIGIN) => Err(Problem::ORIGIN),
        // A browser says where each form comes from; a program with its token says nothing.
        None if changes && !request.uri().path().starts_with("/v1/") => Err(Problem::ORIGIN),
        // Older browsers say it in this way alone.
        None if is_from_elsewhere(headers) && changes => Err(Problem::ORIGIN),
        None => Ok(()),
    }
}

/// A header that is there once.
fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Whether a browser says that the request comes from another site's page.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}
