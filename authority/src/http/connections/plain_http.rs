//! Whether what should be secret goes over the network as it is.

use std::net::{IpAddr, SocketAddr};

use super::address::is_near;

/// Whether an issuer whose URL is https is served over plain http on an address that strangers may
/// reach: codes, tokens and licenses then pass in the clear wherever the proxy is not in between.
///
/// `0.0.0.0` and `::` are every address of the machine. `issuer` is the issuer's URL, `listening`
/// the address that [`serve`](crate::serve) was given.
///
/// ```
/// use vidimus_authority::served_in_plain;
/// let issuer = "https://license.example";
/// let served = |address: &str| served_in_plain(issuer, address.parse().unwrap());
/// assert!(served("0.0.0.0:8080") && served("203.0.113.7:80"));
/// assert!(!served("127.0.0.1:8080"));
/// ```
#[must_use]
pub fn served_in_plain(issuer: &str, listening: SocketAddr) -> bool {
    issuer.starts_with("https://") && is_public(listening.ip())
}

/// Whether others than this machine and its private network can reach the address.
fn is_public(address: IpAddr) -> bool {
    !is_near(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_https_issuer_on_a_public_address_is_told() {
        let told = |issuer, address: &str| served_in_plain(issuer, address.parse().unwrap());
        for address in [
            "0.0.0.0:80",
            "[::]:80",
            "203.0.113.7:80",
            "[2001:db8::1]:80",
        ] {
            assert!(told("https://license.example", address), "{address}");
            assert!(!told("http://127.0.0.1:8080", address), "{address}");
        }
        for address in ["127.0.0.1:80", "[::1]:80", "10.0.0.1:80", "[fd00::1]:80"] {
            assert!(!told("https://license.example", address), "{address}");
        }
    }
}
