//! Which addresses an app may have its driver sent back to.

use url::Url;

/// The most bytes of a redirect address.
const MAX_REDIRECT: usize = 512;
/// The most bytes of a client's name.
const MAX_ID: usize = 64;
/// The most bytes of an app's name at its platform.
const MAX_APP: usize = 200;
/// An address of an app that listens on this device. Its port is the app's own choice (RFC 8252,
/// section 7.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
/// Schemes that mean something to every browser, and are never an app's own.
const TAKEN: [&str; 14] = [
    "about",
    "blob",
    "content",
    "data",
    "file",
    "ftp",
    "http",
    "https",
    "intent",
    "javascript",
    "mailto",
    "tel",
    "urn",
    "vbscript",
];

/// What an address of a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// An https address, which apps claim by links.
    Https,
    /// A loopback address, with any port.
    Loopback,
    /// An address of the app's own scheme, which another app on the phone may claim too.
    PrivateScheme,
}

/// Reads a redirect address; `None` for one that no client may have.
pub(crate) fn redirect(uri: &str) -> Option<Redirect> {
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic())
        && !uri.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}', '#']);
    if !plain || uri.len() > MAX_REDIRECT {
        return None;
    }
    let url = Url::parse(uri).ok()?;
    // Compared byte by byte: what a browser would rewrite is refused.
    if url.as_str() != uri || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    match url.scheme() {
        "https" => url.host_str().map(|_| Redirect::Https),
        "http" => LOOPBACK
            .iter()
            .any(|host| {
                uri.strip_prefix(host)
                    .is_some_and(|path| path.starts_with('/'))
            })
            .then_some(Redirect::Loopback),
        scheme if TAKEN.contains(&scheme) => None,
        _ => Some(Redirect::PrivateScheme),
    }
}

/// Whether a client that registered this address may be sent to that one: they are the same, byte
/// by byte, but for the port of a loopback address.
pub(crate) fn matches(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    LOOPBACK.iter().any(|host| {
        let path = registered.strip_prefix(host);
        let rest = asked
            .strip_prefix(host)
            .and_then(|rest| rest.strip_prefix(':'));
        let Some((path, rest)) = path.filter(|path| path.starts_with('/')).zip(rest) else {
            return false;
        };
        rest.strip_suffix(path).is_some_and(|port| {
            let digits = port.bytes().all(|byte| byte.is_ascii_digit());
            digits && !port.starts_with('0') && port.parse::<u16>().is_ok()
        })
    })
}

/// Whether a client may have this name: 1 to 64 letters, digits, hyphens, dots and underscores.
pub(crate) fn is_client_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// The SHA-256 fingerprint of a certificate, in capitals with colons; `None` for anything else.
/// Colons may be left out.
pub(crate) fn fingerprint(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_uppercase().into_bytes();
    let pairs = digits.chunks(2).map(|pair| String::from_utf8_lossy(pair));
    Some(pairs.collect::<Vec<_>>().join(":"))
}

/// Whether this can be the name of an Android package.
pub(crate) fn is_package(name: &str) -> bool {
    name.len() <= MAX_APP && name.contains('.') && parts_are_plain(name, b"_")
}

/// Whether this can be `TEAM.BUNDLE`: ten capitals and digits, a dot, and the bundle's identifier.
pub(crate) fn is_apple_app(name: &str) -> bool {
    let Some((team, bundle)) = name.split_once('.') else {
        return false;
    };
    let is_team = team.len() == 10
        && team
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_team && name.len() <= MAX_APP && parts_are_plain(bundle, b"-")
}

fn parts_are_plain(name: &str, also: &[u8]) -> bool {
    name.split('.').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_on_loopback_or_of_an_apps_own_scheme() {
        for (uri, kind) in [
            ("https://license.example/signed-in", Redirect::Https),
            ("https://license.example/a?b=c", Redirect::Https),
            ("http://127.0.0.1/callback", Redirect::Loopback),
            ("http://[::1]/callback", Redirect::Loopback),
            ("vidimus:/signed-in", Redirect::PrivateScheme),
        ] {
            assert_eq!(redirect(uri), Some(kind), "{uri}");
        }
        for uri in [
            "",
            "https://license.example",
            "https://license.example/a#b",
            "https://a@license.example/",
            "https://LICENSE.example/",
            "https://license.example/a/../b",
            "https://license.example/a b",
            "http://license.example/",
            "http://localhost/callback",
            "http://127.0.0.1:8080/callback",
            "http://127.0.0.1.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "intent:x",
            "//license.example/",
        ] {
            assert_eq!(redirect(uri), None, "{uri}");
        }
    }

    #[test]
    fn addresses_are_compared_byte_by_byte_but_for_the_port_on_loopback() {
        assert!(matches("https://a.example/x", "https://a.example/x"));
        for other in [
            "https://a.example/x/",
            "https://a.example/X",
            "https://a.example/x?y",
            "https://a.example:443/x",
            "https://a.example/y/../x",
        ] {
            assert!(!matches("https://a.example/x", other), "{other}");
        }
        let loopback = "http://127.0.0.1/callback";
        assert!(matches(loopback, loopback));
        assert!(matches(loopback, "http://127.0.0.1:1/callback"));
        assert!(matches(loopback, "http://127.0.0.1:65535/callback"));
        for other in [
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "http://127.0.0.1:1/evil/callback",
            "http://127.0.0.1:1/callback/",
            "http://127.0.0.1.evil.example/callback",
            "http://[::1]:1/callback",
            "https://127.0.0.1:1/callback",
        ] {
            assert!(!matches(loopback, other), "{other}");
        }
    }

    #[test]
    fn a_clients_name_is_plain() {
        assert!(is_client_id("vidimus-app") && is_client_id("a.b_c-1"));
        for wrong in ["", "a b", "a\"", "ä", &"a".repeat(65)] {
            assert!(!is_client_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_links_an_app_is_read_as_its_platform_writes_it() {
        let colons = ["AB"; 32].join(":");
        assert_eq!(fingerprint(&"ab".repeat(32)), Some(colons.clone()));
        assert_eq!(fingerprint(&colons), Some(colons));
        for wrong in ["", "AB", &"AG".repeat(32), &"AB".repeat(33)] {
            assert_eq!(fingerprint(wrong), None, "{wrong}");
        }
        assert!(is_package("org.vidimus.app") && is_apple_app("ABCDE12345.org.vidimus.app"));
        for wrong in [
            "",
            "vidimus",
            "org..app",
            "org.vidimus app",
            "org.vidimus\"",
        ] {
            assert!(!is_package(wrong) && !is_apple_app(wrong), "{wrong}");
        }
    }
}
