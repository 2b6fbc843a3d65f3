//! Which addresses this wallet sends requests to: HTTPS, or plain HTTP on this device.

use std::net::IpAddr;

use url::{Host, Url};

use crate::error::Error;
use crate::ports::TransportError;

/// Parses an address that a request may be sent to.
///
/// # Errors
/// [`TransportError::BadUrl`] for text that is not an absolute address, or that has a user name or
/// password, [`TransportError::InsecureUrl`] for any scheme but `https`, and `http` on loopback.
pub(crate) fn parse(text: &str) -> Result<Url, TransportError> {
    let url = Url::parse(text).map_err(|_| TransportError::BadUrl)?;
    check(&url)?;
    Ok(url)
}

/// [`parse`] for an address that is already parsed.
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

/// Checks an address that a server named. A server that is reached by HTTPS must not name a plain
/// HTTP address, so that a stranger's metadata cannot send the wallet to a service on this device.
///
/// # Errors
/// Those of [`parse`].
pub(crate) fn check_named_by(server: &str, text: &str) -> Result<(), TransportError> {
    let plain = parse(text)?.scheme() != "https";
    if plain && parse(server)?.scheme() == "https" {
        Err(TransportError::InsecureUrl)
    } else {
        Ok(())
    }
}

/// Whether an address leads to this device: loopback, the unspecified address, and the names that
/// stand for them, with any scheme (RFC 6761, section 6.3).
pub(crate) fn is_this_device(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_of_this_device(address.into()),
        Some(Host::Ipv6(address)) => is_of_this_device(address.into()),
        Some(Host::Domain(name)) => is_name_of_this_device(name),
        None => false,
    }
}

/// Whether a name stands for this device, by its letters alone: `localhost` and names under it.
pub(crate) fn is_name_of_this_device(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether packets to an address stay on this device: loopback and the unspecified address, also in
/// their IPv6 forms.
pub(crate) fn is_of_this_device(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

/// Whether two addresses have the same scheme, host and port.
pub(crate) fn is_same_server(one: &str, other: &str) -> bool {
    match (parse(one), parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// Whether two addresses are equal. The case of the host and one slash at the end do not count.
pub(crate) fn is_same_place(one: &str, other: &str) -> bool {
    match (parse(one), parse(other)) {
        (Ok(one), Ok(other)) => without_slash(&one) == without_slash(&other),
        _ => false,
    }
}

fn without_slash(address: &Url) -> &str {
    let address = address.as_str();
    address.strip_suffix('/').unwrap_or(address)
}

/// Last path segments of an authority's endpoints: an address that ends in one is an endpoint's,
/// not the authority's.
const ENDPOINTS: [&str; 8] = [
    "token",
    "nonce",
    "credential",
    "notification",
    "trust",
    "head",
    "offers",
    "status",
];

/// Checks an authority's address that a person entered.
///
/// # Errors
/// Those of [`parse`]; [`Error::AuthorityAddress`] where it ends in a query, a fragment or a known
/// endpoint: requests would go to addresses that do not exist.
pub(crate) fn check_authority(text: &str) -> Result<(), Error> {
    let url = parse(text)?;
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let (last, before) = match segments.split_last() {
        // The address ends in a slash.
        Some((&"", before)) => match before.split_last() {
            Some((last, before)) => (*last, before),
            None => ("", before),
        },
        Some((last, before)) => (*last, before),
        None => ("", segments.as_slice()),
    };
    // `/offers/…`, `/status/bundle`, `/s/0/7`.
    let is_status = last == "bundle" || last.bytes().all(|byte| byte.is_ascii_digit());
    let is_below = before.iter().any(|segment| match *segment {
        "offers" | "status" | ".well-known" => true,
        "s" => is_status,
        _ => false,
    });
    let is_endpoint = ENDPOINTS.contains(&last) || last == ".well-known";
    if url.query().is_some() || url.fragment().is_some() || is_below || is_endpoint {
        Err(Error::AuthorityAddress)
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

/// Appends `path` to an issuer's address, which may end in a slash.
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

    /// A driver cannot judge letters of another alphabet that look like Latin ones (ADR 0006).
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
    fn an_address_of_the_device_itself_is_known_in_each_of_its_forms() {
        let is = |text: &str| is_this_device(&Url::parse(text).unwrap());
        for itself in [
            "http://127.0.0.1:631/",
            "https://127.9.9.9/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://printer.localhost/",
        ] {
            assert!(is(itself), "{itself}");
        }
        for other in [
            "https://a.example/",
            "https://128.0.0.1/",
            "https://localhost.example/",
            "https://notlocalhost/",
            "https://[2001:db8::1]/",
        ] {
            assert!(!is(other), "{other}");
        }
    }

    #[test]
    fn one_place_may_be_written_in_several_ways() {
        let place = "https://a.example/dl";
        for same in ["https://a.example/dl/", "HTTPS://A.Example:443/dl"] {
            assert!(is_same_place(place, same), "{same}");
        }
        for other in [
            "https://a.example",
            "https://a.example:8443/dl",
            "https://b.example/dl",
            "https://a.example/dl?",
            "https://a.example/DL",
            "https://a.example/dl//",
            "https://a.example/dl/..//dl",
            "nothing",
        ] {
            assert!(!is_same_place(place, other), "{other}");
        }
        assert!(!is_same_place("https://a.example", "https://a.example//"));
        assert!(!is_same_place("nothing", "nothing"));
        assert!(is_same_server(place, "https://a.example/offers/1"));
        assert!(!is_same_server(place, "https://a.example:444/dl"));
    }

    #[test]
    fn an_authority_has_neither_query_nor_fragment_nor_an_endpoint_behind_it() {
        for good in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/licenses/7",
            "https://a.example/trusted/",
            "https://a.example/s/office",
            "http://127.0.0.1:8080",
        ] {
            assert_eq!(check_authority(good), Ok(()), "{good}");
        }
        for bad in [
            "https://a.example/?a=b",
            "https://a.example?",
            "https://a.example/#top",
            "https://a.example/trust",
            "https://a.example/trust/",
            "https://a.example/dl/token",
            "https://a.example/offers/abc",
            "https://a.example/status/bundle",
            "https://a.example/s/0/17",
            "https://a.example/s/0/bundle",
            "https://a.example/.well-known/openid-credential-issuer",
            "https://a.example/.well-known/",
        ] {
            assert_eq!(check_authority(bad), Err(Error::AuthorityAddress), "{bad}");
        }
        assert_eq!(
            check_authority("http://a.example/trust"),
            Err(TransportError::InsecureUrl.into())
        );
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
