//! The address that a connection or a request comes from.
//!
//! This server speaks no TLS. What is reachable from outside is behind a proxy that does, on
//! this machine or beside it; so a peer on a loopback or private address is taken for a proxy. A
//! proxy has a larger share of the places, and its clients are told apart by the `X-Forwarded-For`
//! that it writes: the last address in it that is not itself private. Where there is none, the
//! peer's requests have no separate limit: that is a program of this machine, or a proxy
//! that limits its clients itself.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::HeaderMap;
use tokio::time::Instant;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Peer {
    pub(in crate::http) address: IpAddr,
    /// When the connection was accepted.
    pub(super) since: Instant,
}

/// What counts as one address: an IPv4 address, or the /64 that one IPv6 customer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) enum Origin {
    /// One IPv4 address, also where it came as IPv6.
    V4(Ipv4Addr),
    /// The first 64 bits of an IPv6 address.
    V6(u64),
}

impl Origin {
    pub(in crate::http) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments().map(u64::from);
                Self::V6(a << 48 | b << 32 | c << 16 | d)
            }
        }
    }
}

/// Whether this is an address of this machine or of a private network, where a proxy may be.
pub(super) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// Whose limits a request counts against; `None` where no one tells a near peer's clients apart.
pub(in crate::http) fn client(peer: IpAddr, headers: &HeaderMap) -> Option<Origin> {
    if !is_near(peer) {
        return Some(Origin::of(peer));
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    lines
        .iter()
        .flat_map(|line| line.split(','))
        .rev()
        .map_while(|text| parse(text.trim()))
        .find(|address| !is_near(*address))
        .map(Origin::of)
}

/// An address, perhaps with a port.
fn parse(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<std::net::SocketAddr>().ok();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    text.parse()
        .ok()
        .or_else(|| with_port().map(|address| address.ip()))
        .or_else(|| bare?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_ipv6_customer_is_one_origin_and_ipv4_is_the_same_in_both_clothes() {
        let of = |text| Origin::of(ip(text));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
    }

    #[test]
    fn near_is_this_machine_and_private_networks() {
        for near in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_near(ip(near)), "{near}");
        }
        for far in [
            "203.0.113.7",
            "172.32.0.1",
            "8.8.8.8",
            "2001:db8::1",
            "0.0.0.0",
            "::",
        ] {
            assert!(!is_near(ip(far)), "{far}");
        }
    }

    #[test]
    fn a_proxys_clients_are_told_apart_by_the_last_public_address_that_it_wrote() {
        let client = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, line.parse().unwrap());
            }
            client(ip(peer), &headers)
        };
        let seven = Some(Origin::of(ip("203.0.113.7")));
        for lines in [
            &["203.0.113.7"][..],
            &["198.51.100.1, 203.0.113.7"],
            &["198.51.100.1", "203.0.113.7"],
            &["203.0.113.7, 10.0.0.2"],
            &["203.0.113.7:4711"],
            &["nonsense, 203.0.113.7"],
            &[" 203.0.113.7 ,127.0.0.1"],
        ] {
            assert_eq!(client("127.0.0.1", lines), seven, "{lines:?}");
        }
        let six = Some(Origin::of(ip("2001:db8::1")));
        for line in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80"] {
            assert_eq!(client("10.0.0.1", &[line]), six);
        }
        for lines in [
            &[][..],
            &["10.0.0.9"],
            &["unknown"],
            &["203.0.113.7, unknown"],
        ] {
            assert_eq!(client("127.0.0.1", lines), None, "{lines:?}");
        }
        // What a stranger writes of itself is not read.
        let stranger = Some(Origin::of(ip("198.51.100.9")));
        assert_eq!(client("198.51.100.9", &["203.0.113.7"]), stranger);
    }
}
