//! Which addresses this wallet speaks to: HTTPS, or plain HTTP on the machine itself.

use url::{Host, Url};

use crate::ports::TransportError;

/// An address that a request may be sent to.
///
/// # Errors
/// [`TransportError::BadUrl`] for what is no absolute address or carries a user name or password,
/// [`TransportError::InsecureUrl`] for any scheme but `https`, and `http` on loopback.
pub(crate) fn parse(text: &str) -> Result<Url, TransportError> {
    let url = Url::parse(text).map_err(|_| TransportError::BadUrl)?;
    check(&url)?;
    Ok(url)
}

/// The same for an address that was parsed already.
pub(crate) fn check(url: &Url) -> Result<(), TransportError> {
    if url.cannot_be_a_base() || !url.username().is_empty() || url.password().is_some() {
        return Err(TransportError::BadUrl);
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err(TransportError::InsecureUrl),
    }
}

/// Checks an address that a server named: one that is reached by HTTPS names no plain one, so that a
/// stranger's metadata cannot make the wallet speak to what listens on its own machine.
///
/// # Errors
/// As [`parse`].
pub(crate) fn check_named_by(server: &str, text: &str) -> Result<(), TransportError> {
    let plain = parse(text)?.scheme() != "https";
    if plain && parse(server)?.scheme() == "https" {
        Err(TransportError::InsecureUrl)
    } else {
        Ok(())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// `path` under an issuer's address, which may end in a slash or not.
pub(crate) fn under(issuer: &str, path: &str) -> String {
    format!("{}/{path}", issuer.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_http_are_taken_and_nothing_else() {
        for good in [
            "https://a.example/x",
            "http://127.0.0.1:1/",
            "http://[::1]:80",
            "http://localhost:9/",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for (bad, error) in [
            ("http://a.example/", TransportError::InsecureUrl),
            ("http://127.0.0.1.example/", TransportError::InsecureUrl),
            ("http://localhost.example/", TransportError::InsecureUrl),
            ("ftp://127.0.0.1/", TransportError::InsecureUrl),
            ("https://user:secret@a.example/", TransportError::BadUrl),
            ("data:text/plain,x", TransportError::BadUrl),
            ("/relative", TransportError::BadUrl),
            ("", TransportError::BadUrl),
        ] {
            assert_eq!(parse(bad).err(), Some(error), "{bad}");
        }
    }

    /// What another alphabet's letters look like is nothing that a driver could judge (ADR 0006).
    #[test]
    fn a_host_in_other_letters_is_taken_in_its_punycode_form_alone() {
        let url = parse("https://XN--bcher-kva.example/").unwrap();
        assert_eq!(url.host_str(), Some("xn--bcher-kva.example"));
        for bad in ["https://b\u{fc}cher.example/", "https://\u{430}.example/"] {
            assert_eq!(parse(bad).err(), Some(TransportError::BadUrl));
        }
    }

    #[test]
    fn a_server_on_https_names_no_plain_address() {
        let local = "http://127.0.0.1:1";
        assert!(check_named_by("https://a.example", "https://b.example/x").is_ok());
        assert!(check_named_by(local, local).is_ok());
        assert!(check_named_by(local, "https://a.example").is_ok());
        for (server, bad) in [("https://a.example", local), (local, "http://a.example")] {
            assert_eq!(
                check_named_by(server, bad).err(),
                Some(TransportError::InsecureUrl)
            );
        }
    }

    #[test]
    fn a_path_stands_under_an_issuer_with_or_without_a_slash() {
        assert_eq!(
            under("https://a.example", "trust"),
            "https://a.example/trust"
        );
        assert_eq!(
            under("https://a.example/dl/", "trust"),
            "https://a.example/dl/trust"
        );
    }
}
