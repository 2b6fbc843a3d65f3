//! Cookies: that of the sign-in, and those by which browsers are known.
//!
//! On https their names begin with `__Host-`, so that no other host, plain page or path can set
//! them. The names differ by issuer, for addresses on one machine share their cookies.

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::issuer::IssuerUrl;
use crate::secret::hex;
use crate::store::use_cases::accounts::{BROWSER_LIFE, SIGN_IN_LIFE};

/// The names of this issuer's cookies.
#[derive(Debug, Clone)]
pub(super) struct Names {
    sign_in: String,
    known: String,
    is_https: bool,
}

impl Names {
    pub(super) fn of(issuer: &IssuerUrl) -> Self {
        let is_https = issuer.as_str().starts_with("https:");
        let digest = hex(&Sha256::digest(issuer.as_str()));
        let mark = digest.get(..8).unwrap_or_default();
        let prefix = if is_https { "__Host-" } else { "" };
        Self {
            sign_in: format!("{prefix}vidimus-sign-in-{mark}"),
            known: format!("{prefix}vidimus-known-{mark}-"),
            is_https,
        }
    }

    /// The cookie of a sign-in.
    pub(super) fn set_sign_in(&self, secret: &str) -> Option<HeaderValue> {
        // Lax: the app and the provider send the browser here from elsewhere.
        self.set(&self.sign_in, secret, "Lax", SIGN_IN_LIFE)
    }

    /// The cookie by which a browser is known for one license.
    pub(super) fn set_known(&self, name: &str, secret: &str) -> Option<HeaderValue> {
        let name = format!("{}{name}", self.known);
        self.set(&name, secret, "Strict", BROWSER_LIFE)
    }

    fn set(&self, name: &str, value: &str, site: &str, life: u64) -> Option<HeaderValue> {
        let secure = if self.is_https { "; Secure" } else { "" };
        let text = Zeroizing::new(format!(
            "{name}={value}; Path=/; Max-Age={life}; HttpOnly; SameSite={site}{secure}"
        ));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// The cookies of a request that are ours.
#[derive(Clone, Default)]
pub(super) struct Held {
    sign_in: Option<Zeroizing<String>>,
    known: Vec<(String, Zeroizing<String>)>,
}

impl Held {
    pub(super) fn of(headers: &HeaderMap, names: &Names) -> Self {
        let mut held = Self::default();
        let lines = headers.get_all(header::COOKIE).into_iter();
        let lines = lines.filter_map(|value| value.to_str().ok());
        for (name, value) in lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
        {
            let value = Zeroizing::new(value.to_owned());
            if name == names.sign_in {
                held.sign_in.get_or_insert(value);
            } else if let Some(name) = name.strip_prefix(&names.known) {
                held.known.push((name.to_owned(), value));
            }
        }
        held
    }

    /// The secret of the sign-in.
    pub(super) fn sign_in(&self) -> Option<&Zeroizing<String>> {
        self.sign_in.as_ref()
    }

    /// The secret by which this browser is known under a name.
    pub(super) fn known(&self, name: &str) -> Option<String> {
        let found = self.known.iter().find(|(held, _)| held == name);
        found.map(|(_, secret)| secret.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_https_no_other_host_or_path_can_set_our_cookies_and_each_issuer_has_its_own() {
        let names = |issuer| Names::of(&IssuerUrl::parse(issuer).unwrap());
        let https = names("https://license.example/zz");
        let cookie = https.set_sign_in("s").unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-vidimus-sign-in-"), "{cookie}");
        assert!(cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"));
        let known = https.set_known("n", "s").unwrap();
        let known = known.to_str().unwrap();
        assert!(known.starts_with("__Host-vidimus-known-"), "{known}");
        assert!(known.ends_with("; HttpOnly; SameSite=Strict; Secure"));
        assert!(!cookie.contains("Domain") && !known.contains("Domain"));
        let (one, other) = (names("http://127.0.0.1:1"), names("http://127.0.0.1:2"));
        assert_ne!(one.sign_in, other.sign_in);
        assert!(one.sign_in.starts_with("vidimus-") && !one.is_https);
    }

    #[test]
    fn only_our_cookies_are_read() {
        let names = Names::of(&IssuerUrl::parse("https://license.example").unwrap());
        let mut headers = HeaderMap::new();
        let line = format!(
            "a=b; {}=secret; {}abc=known; vidimus-sign-in=other; x",
            names.sign_in, names.known
        );
        headers.insert(header::COOKIE, line.parse().unwrap());
        let held = Held::of(&headers, &names);
        assert_eq!(held.sign_in().map(|s| s.as_str()), Some("secret"));
        assert_eq!(held.known("abc").as_deref(), Some("known"));
        assert_eq!(held.known("abd"), None);
    }
}
