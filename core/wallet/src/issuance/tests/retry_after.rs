//! Servers that do not answer now: what they say of an offer, and when to ask again.

use std::collections::BTreeSet;

use super::*;

/// The link to an offer at an address of the server.
pub(super) fn link(address: &str) -> String {
    let address: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("openid-credential-offer://?credential_offer_uri={address}")
}

#[tokio::test]
async fn a_server_that_does_not_answer_now_says_nothing_of_the_offer_but_when_to_ask_again() {
    let (_phone, server, _authority, wallet) = scene().await;
    let link = link(&server.url("/offers/1"));
    let again = async |reply: Reply, expected: u16| -> u64 {
        server.at("/offers/1", reply);
        match wallet.read_offer(&link).await.err() {
            Some(Error::Busy { status, again }) if status == expected => again.seconds() - NOW,
            other => panic!("{other:?}"),
        }
    };
    for status in [403, 408, 425, 429, 500, 502, 503, 504] {
        let soon = again(Reply::new(status), status).await;
        assert!((60..90).contains(&soon), "{status}: {soon}");
        let told = Reply::new(status).header("retry-after", "600");
        let told = again(told, status).await;
        assert!((600..900).contains(&told), "{status}: {told}");
    }
    // Ten minutes from this phone's time on, and from the server's own, which is another.
    let dated = Reply::new(503).header("retry-after", "Mon, 21 Sep 2026 14:23:20 GMT");
    let told = again(dated.clone(), 503).await;
    assert!((600..900).contains(&told), "{told}");
    let told = again(dated.header("date", "Mon, 21 Sep 2026 13:23:20 GMT"), 503).await;
    assert!((3600..5400).contains(&told), "{told}");
    let longest = again(Reply::new(503).header("retry-after", "99999999"), 503).await;
    assert!((86_400..=90_000).contains(&longest), "{longest}");

    let mut seconds = BTreeSet::new();
    for _ in 0..8 {
        let told = Reply::new(503).header("retry-after", "600");
        seconds.insert(again(told, 503).await);
    }
    assert!(
        seconds.len() > 1,
        "wallets would come back at once: {seconds:?}"
    );
}

#[tokio::test]
async fn only_404_and_410_say_that_an_offer_is_used_up() {
    let (_phone, server, _authority, wallet) = scene().await;
    let link = link(&server.url("/offers/1"));
    let read = async |status| {
        server.at("/offers/1", Reply::new(status));
        wallet.read_offer(&link).await.err()
    };
    for status in [404, 410] {
        assert_eq!(read(status).await, Some(Error::OfferGone));
    }
    for status in [400, 401, 405, 406, 414, 451] {
        assert_eq!(read(status).await, Some(Error::Server { status }));
    }
    assert_eq!(read(511).await, Some(Error::CaptivePortal));
}

#[tokio::test]
async fn each_step_of_an_enrollment_that_meets_a_busy_server_can_be_tried_again() {
    for path in [
        "/.well-known/openid-credential-issuer",
        "/trust",
        "/.well-known/oauth-authorization-server",
        "/token",
        "/nonce",
        "/credential",
    ] {
        let (_phone, server, authority, wallet) = scene().await;
        server.in_turn(path, [Reply::new(429).header("retry-after", "120")]);
        let busy = enroll(&wallet, &authority.offer()).await.err();
        match busy {
            Some(Error::Busy { status: 429, again }) => {
                assert!((120..180).contains(&(again.seconds() - NOW)), "{path}");
            }
            other => panic!("{path}: {other:?}"),
        }
        enroll(&wallet, &authority.offer()).await.unwrap();
        assert_eq!(wallet.licenses().unwrap().len(), 1, "{path}");
    }
}

/// A firewall before a server refuses with a web page, often a compressed one.
#[tokio::test]
async fn a_403_is_a_server_that_does_not_answer_with_any_page() {
    let page = Reply::new(403)
        .header("content-type", "text/html")
        .body("<html>Access denied");
    let packed = Reply::new(403)
        .header("content-encoding", "gzip")
        .body([0x1f, 0x8b]);
    for refused in [page, packed] {
        for path in ["/token", "/nonce", "/credential"] {
            let (_phone, server, authority, wallet) = scene().await;
            server.in_turn(path, [refused.clone()]);
            let busy = enroll(&wallet, &authority.offer()).await.err();
            assert!(
                matches!(busy, Some(Error::Busy { status: 403, .. })),
                "{path}: {busy:?}"
            );
            enroll(&wallet, &authority.offer()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_license_is_stored_even_if_its_notification_meets_a_busy_server() {
    let (phone, server, authority, wallet) = scene().await;
    let busy = Reply::new(429).header("retry-after", "600");
    server.in_turn("/notification", [busy]);
    enroll(&wallet, &authority.offer()).await.unwrap();
    let told = || server.requests_to("/notification").len();
    let refresh = async || {
        let (budget, cancel) = (Duration::from_secs(9), CancelToken::new());
        wallet.refresh(Refresh::Due, budget, &cancel).await.unwrap();
    };
    refresh().await;
    assert_eq!(told(), 1, "it is left alone for as long as it asked");
    phone.advance(900);
    refresh().await;
    assert_eq!(told(), 2);
}
