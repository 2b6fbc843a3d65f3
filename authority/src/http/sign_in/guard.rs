//! What each page's request passes, and what each page's answer says to the browser.
//!
//! The host must be the issuer's: a page of another name that leads to this address is refused (DNS
//! rebinding). A form must come from a page of this origin. Answers are stored nowhere, framed by
//! no one, and load nothing from elsewhere.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use url::Url;

use super::{page, style};
use crate::http::Shared;
use crate::issuer::IssuerUrl;

/// Whom a page's request must be for and from.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// Host, with the port where it is not that of the scheme.
    host: String,
    /// Scheme, host and port.
    origin: String,
}

impl Site {
    pub(super) fn of(issuer: &IssuerUrl) -> Self {
        let url = Url::parse(issuer.as_str()).ok();
        let origin = url.map(|url| url.origin().ascii_serialization());
        let origin = origin.unwrap_or_default();
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        Self {
            host: host.to_owned(),
            origin,
        }
    }

    /// Whether a request names this host, once.
    fn is_host(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).into_iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let host = host.to_str().unwrap_or_default();
        let port = if self.origin.starts_with("https:") {
            ":443"
        } else {
            ":80"
        };
        let plain = host.strip_suffix(port).unwrap_or(host);
        plain.eq_ignore_ascii_case(&self.host) || host.eq_ignore_ascii_case(&self.host)
    }

    /// Whether a form comes from a page of this origin, as far as the browser says. Under
    /// `Referrer-Policy: no-referrer` it says `null` and tells by `Sec-Fetch-Site`. Where an old
    /// one says neither, the form's own token decides.
    fn is_own_form(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let from = text(HeaderName::from_static("sec-fetch-site"));
        match text(header::ORIGIN) {
            Some(origin) if origin != "null" => origin == self.origin,
            _ => from.is_none_or(|from| from == "same-origin"),
        }
    }
}

/// Lets a request through whose host and origin are right, and marks the answer.
pub(super) async fn guard(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let site = &server.pages.site;
    let headers = request.headers();
    let mut response = if !site.is_host(headers) {
        page::foreign(&server, headers, StatusCode::MISDIRECTED_REQUEST)
    } else if *request.method() == Method::POST && !site.is_own_form(headers) {
        page::foreign(&server, headers, StatusCode::FORBIDDEN)
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Some(policy) = policy(None)
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The content security policy of a page. Chromium holds the addresses to which a form's answer
/// redirects against `form-action` too: so the app's stands there, where a form may lead to it.
pub(super) fn policy(redirect_uri: Option<&str>) -> Option<HeaderValue> {
    let app = redirect_uri.and_then(form_source).unwrap_or_default();
    let text = format!(
        "default-src 'none'; style-src '{}'; form-action 'self'{app}; base-uri 'none'; frame-ancestors 'none'",
        style::digest()
    );
    HeaderValue::from_str(&text).ok()
}

/// The source expression of a registered redirect address, after a blank.
fn form_source(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    let source = match (url.scheme(), url.host()) {
        // No source expression has an IPv6 address (CSP 3, section 2.3.1).
        ("http" | "https", Some(url::Host::Ipv6(_))) | (_, None) => format!("{}:", url.scheme()),
        ("http" | "https", Some(_)) => url.origin().ascii_serialization(),
        (scheme, Some(_)) => format!("{scheme}:"),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.:/".contains(c);
    source.chars().all(plain).then(|| format!(" {source}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_name_that_leads_to_this_address_is_not_this_host() {
        let site = |issuer| Site::of(&IssuerUrl::parse(issuer).unwrap());
        let (loopback, https) = (
            site("http://127.0.0.1:8080"),
            site("https://license.example/zz"),
        );
        for (site, host, right) in [
            (&loopback, "127.0.0.1:8080", true),
            (&loopback, "localhost:8080", false),
            (&loopback, "evil.example:8080", false),
            (&loopback, "127.0.0.1", false),
            (&https, "license.example", true),
            (&https, "License.Example:443", true),
            (&https, "license.example:80", false),
            (&https, "license.example.evil.example", false),
        ] {
            assert_eq!(site.is_host(&headers(&[("host", host)])), right, "{host}");
        }
        assert!(!loopback.is_host(&headers(&[])));
        let twice = [("host", "127.0.0.1:8080"), ("host", "127.0.0.1:8080")];
        assert!(!loopback.is_host(&headers(&twice)));
    }

    #[test]
    fn a_form_of_another_origin_is_known_by_what_the_browser_says() {
        let site = Site::of(&IssuerUrl::parse("https://license.example/zz").unwrap());
        for (pairs, own) in [
            (&[][..], true),
            (&[("origin", "https://license.example")], true),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://license.example")], false),
            (
                &[("origin", "null"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            (
                &[("origin", "null"), ("sec-fetch-site", "cross-site")],
                false,
            ),
            (
                &[("origin", "null"), ("sec-fetch-site", "same-site")],
                false,
            ),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "null")], true),
        ] {
            assert_eq!(site.is_own_form(&headers(pairs)), own, "{pairs:?}");
        }
    }

    #[test]
    fn a_form_may_lead_to_the_registered_address_and_no_other() {
        for (uri, source) in [
            ("http://127.0.0.1:4711/callback", " http://127.0.0.1:4711"),
            ("http://[::1]:4711/callback", " http:"),
            ("https://app.example/signed-in", " https://app.example"),
            ("vidimus:/signed-in", " vidimus:"),
            ("vidimus://host/signed-in", " vidimus:"),
        ] {
            assert_eq!(form_source(uri).as_deref(), Some(source), "{uri}");
        }
        let policy = policy(None).unwrap();
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("form-action 'self'; base-uri"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
    }
}
