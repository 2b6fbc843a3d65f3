//! The issuer's URL: its canonical form, and the addresses under it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};
use vidimus_credential::text::MAX_URI;

const STATUS_PATH: &str = "/s/";
/// A pack's number has at most five digits, a list's number in it four.
const MAX_NUMBERS: usize = "99999/4095".len();
/// The longest issuer URL, in bytes. Every status `uri` under it keeps to the profile's 64, with
/// two bytes to spare.
pub const MAX_ISSUER: usize = 49;
const _: () = assert!(MAX_ISSUER + STATUS_PATH.len() + MAX_NUMBERS <= MAX_URI);
/// Lists of one pack, which share a bundle.
pub(crate) const PACK: u32 = 4_096;
/// Status lists are numbered from 0 up to, and without, this: 100,000 packs of 4,096 lists.
pub(crate) const MAX_LISTS: u32 = 100_000 * PACK;

/// Why a text cannot be an issuer's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerFault {
    /// Not an absolute URL with a host.
    #[error("is not a URL such as https://license.example")]
    NotAUrl,
    /// Plain http is for loopback addresses alone.
    #[error(
        "must begin with https:// (http:// is for loopback addresses such as http://127.0.0.1:8080 alone)"
    )]
    NotHttps,
    /// User name, password, query or fragment.
    #[error("must not have a user name, a query or a fragment")]
    Extras,
    /// A path with other characters than letters, digits, `-`, `.`, `_`, `~` and `/`.
    #[error("may have only letters, digits and -._~ between the slashes of its path")]
    Path,
    /// Status URIs under it would exceed the profile's 64 bytes.
    #[error(
        "is {0} bytes long, and {MAX_ISSUER} is the most: the URI of a status list under it is in every QR"
    )]
    TooLong(usize),
}

/// An issuer's URL in canonical form: lower-case host, no default port, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IssuerUrl {
    text: String,
    path: String,
    /// Host and port of plain http, which this process serves itself.
    loopback: Option<(Host, u16)>,
}

impl IssuerUrl {
    /// Reads and canonicalizes a URL.
    pub(crate) fn parse(text: &str) -> Result<Self, IssuerFault> {
        let url = Url::parse(text).map_err(|_| IssuerFault::NotAUrl)?;
        let Some(host) = url.host() else {
            return Err(IssuerFault::NotAUrl);
        };
        let loopback = match host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(IssuerFault::NotHttps),
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(IssuerFault::Extras);
        }
        if url.port() == Some(0) {
            return Err(IssuerFault::NotAUrl);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if !path.bytes().all(plain) || path.contains("//") {
            return Err(IssuerFault::Path);
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        if text.len() > MAX_ISSUER {
            return Err(IssuerFault::TooLong(text.len()));
        }
        // Behind https a proxy owns the port; plain http is served by this process itself.
        let loopback = (url.scheme() == "http")
            .then(|| host.to_owned())
            .zip(url.port_or_known_default());
        Ok(Self {
            text,
            path,
            loopback,
        })
    }

    /// The URL that a listener gives itself; [`IssuerFault::NotHttps`] beyond loopback.
    pub(crate) fn of_listener(address: SocketAddr) -> Result<Self, IssuerFault> {
        // Said first: an address with a zone, `fe80::1%2`, is no URL.
        if !address.ip().is_loopback() {
            return Err(IssuerFault::NotHttps);
        }
        Self::parse(&format!("http://{address}"))
    }

    /// The URL, spelled as in every offer and credential.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The path, empty or beginning with a slash and not ending with one.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Where a loopback issuer must listen, if requests to its URL would not reach `listening`, for
    /// another host or another port. None where `listening` is right, and for https, where a proxy
    /// owns the address.
    pub(crate) fn other_than(&self, listening: SocketAddr) -> Option<SocketAddr> {
        let (host, port) = self.loopback.as_ref()?;
        let v4 = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let hosts: Vec<IpAddr> = match host {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            // What a machine's name for itself can mean.
            Host::Domain(_) => vec![v4, IpAddr::V6(Ipv6Addr::LOCALHOST)],
        };
        let ip = listening.ip().to_canonical();
        let reached = |host: &IpAddr| match ip {
            // `::` takes the connections of both families.
            IpAddr::V6(any) if any.is_unspecified() => true,
            IpAddr::V4(any) if any.is_unspecified() => host.is_ipv4(),
            ip => ip == *host,
        };
        if listening.port() == *port && hosts.iter().any(reached) {
            return None;
        }
        Some(SocketAddr::new(hosts.first().copied().unwrap_or(v4), *port))
    }

    /// The URL of something under the issuer; `path` begins with a slash.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// The text that the `uri` of every list of a pack begins with, and that its bundle names.
    pub(crate) fn pack_prefix(&self, pack: u32) -> String {
        self.join(&format!("{STATUS_PATH}{pack}/"))
    }

    /// The `uri` of a status list.
    pub(crate) fn status_uri(&self, list: u32) -> String {
        format!("{}{}", self.pack_prefix(list / PACK), list % PACK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String, IssuerFault> {
        IssuerUrl::parse(text).map(|url| url.as_str().to_owned())
    }

    #[test]
    fn canonical_form_has_a_lower_case_host_no_default_port_and_no_slash_at_the_end() {
        assert_eq!(
            canonical("https://License.Example:443/"),
            Ok("https://license.example".to_owned())
        );
        assert_eq!(
            canonical("https://license.example/Zz/dl//"),
            Ok("https://license.example/Zz/dl".to_owned())
        );
        assert_eq!(
            canonical("http://127.0.0.1:8080"),
            Ok("http://127.0.0.1:8080".to_owned())
        );
    }

    #[test]
    fn plain_http_is_for_loopback_alone() {
        for good in [
            "http://localhost:1",
            "http://127.9.9.9",
            "http://[::1]:8080",
        ] {
            assert!(IssuerUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://license.example",
            "http://10.0.0.1",
            "http://localhost.example",
            "ftp://127.0.0.1",
            "http://0.0.0.0:1",
        ] {
            assert_eq!(IssuerUrl::parse(bad), Err(IssuerFault::NotHttps), "{bad}");
        }
    }

    #[test]
    fn extras_odd_paths_and_non_urls_are_refused() {
        for bad in [
            "https://a@b.example",
            "https://b.example?x",
            "https://b.example/#y",
            "https://a:b@c.example",
        ] {
            assert_eq!(IssuerUrl::parse(bad), Err(IssuerFault::Extras), "{bad}");
        }
        for bad in [
            "https://b.example/%41",
            "https://b.example/a//b",
            "https://b.example/{n}",
            "https://b.example/ü",
        ] {
            assert_eq!(IssuerUrl::parse(bad), Err(IssuerFault::Path), "{bad}");
        }
        for bad in [
            "",
            "license.example",
            "/x",
            "https://",
            "http://127.0.0.1:0",
        ] {
            assert_eq!(IssuerUrl::parse(bad), Err(IssuerFault::NotAUrl), "{bad}");
        }
    }

    #[test]
    fn the_longest_issuer_still_has_status_uris_within_64_bytes() {
        let longest = format!("https://{}", "a".repeat(MAX_ISSUER - 8 - 3) + ".zz");
        let url = IssuerUrl::parse(&longest).unwrap();
        let last = url.status_uri(MAX_LISTS - 1);
        assert!(last.ends_with("/s/99999/4095") && last.len() <= 64);
        assert!(url.status_uri(4_096).ends_with("/s/1/0"));
        assert_eq!(
            IssuerUrl::parse(&(longest + "z")),
            Err(IssuerFault::TooLong(MAX_ISSUER + 1))
        );
    }

    #[test]
    fn a_listener_beyond_loopback_cannot_name_the_issuer() {
        for outside in ["0.0.0.0:80", "[fe80::1%2]:80"] {
            assert_eq!(
                IssuerUrl::of_listener(outside.parse().unwrap()),
                Err(IssuerFault::NotHttps)
            );
        }
        let url = IssuerUrl::of_listener("[::1]:8080".parse().unwrap()).unwrap();
        assert_eq!(url.as_str(), "http://[::1]:8080");
        assert_eq!(url.other_than("[::1]:8080".parse().unwrap()), None);
    }

    #[test]
    fn a_loopback_issuer_is_served_at_its_own_host_and_port_alone() {
        let other = |issuer: &str, listening: &str| {
            IssuerUrl::parse(issuer)
                .unwrap()
                .other_than(listening.parse().unwrap())
                .map(|address| address.to_string())
        };
        for (issuer, right) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "0.0.0.0:8080"),
            ("http://127.0.0.1:8080", "[::]:8080"),
            ("http://127.0.0.1:8080", "[::ffff:127.0.0.1]:8080"),
            ("http://127.0.0.2", "127.0.0.2:80"),
            ("http://localhost:8080", "127.0.0.1:8080"),
            ("http://localhost:8080", "[::1]:8080"),
            ("http://[::1]:8080", "[::]:8080"),
            ("https://license.example", "127.0.0.1:8080"),
            ("https://license.example:8443", "0.0.0.0:80"),
        ] {
            assert_eq!(other(issuer, right), None, "{issuer} at {right}");
        }
        for (issuer, wrong, instead) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "127.0.0.2:8080", "127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "[::1]:8080", "127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "192.0.2.1:8080", "127.0.0.1:8080"),
            ("http://[::1]:8080", "0.0.0.0:8080", "[::1]:8080"),
            ("http://[::1]:8080", "127.0.0.1:8080", "[::1]:8080"),
            ("http://localhost:8080", "127.0.0.2:8080", "127.0.0.1:8080"),
            ("http://127.0.0.1", "0.0.0.0:8080", "127.0.0.1:80"),
        ] {
            assert_eq!(
                other(issuer, wrong).as_deref(),
                Some(instead),
                "{issuer} at {wrong}"
            );
        }
    }
}
