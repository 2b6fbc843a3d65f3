//! What servers and people write: byte order marks, slashes, addresses alone.

use super::*;
use crate::error::OfferFault;

const MARK: &[u8] = b"\xef\xbb\xbf\xef\xbb\xbf";

#[tokio::test]
async fn a_byte_order_mark_before_json_is_passed_over() {
    let (_phone, server, authority, wallet) = scene().await;
    let issuer = &authority.issuer;
    let marked = |body: &Value| {
        let body = [MARK, body.to_string().as_bytes()].concat();
        Reply::new(200)
            .header("content-type", "application/json")
            .body(body)
    };
    let grant = json!({ "pre-authorized_code": "code-1", "tx_code": {} });
    server.at("/offers/1", marked(&authority.offer_document(&grant)));
    server.at(
        "/.well-known/openid-credential-issuer",
        marked(&authority.metadata()),
    );
    let described = json!({ "issuer": issuer, "token_endpoint": format!("{issuer}/token") });
    server.at(
        "/.well-known/oauth-authorization-server",
        marked(&described),
    );
    server.at(
        "/token",
        marked(&json!({ "access_token": "a", "token_type": "Bearer" })),
    );
    server.at("/nonce", marked(&json!({ "c_nonce": "nonce-1" })));
    server.script(move |request| {
        (request.path == "/credential").then(|| {
            let credential = authority.license(&proven_key(request), NOW);
            let reply = credential_reply(&credential).into_response();
            Reply::new(200).body([MARK, &reply.body].concat())
        })
    });
    enroll(&wallet, &retry_after::link(&server.url("/offers/1")))
        .await
        .unwrap();
    // A page for people is one behind such a mark, too.
    let page = [MARK, b"<html>Sign in"].concat();
    server.at("/offers/2", Reply::new(200).body(page));
    let page = wallet
        .read_offer(&retry_after::link(&server.url("/offers/2")))
        .await;
    assert_eq!(page.err(), Some(Error::CaptivePortal));
}

/// Some servers give every answer the type of a web page.
#[tokio::test]
async fn json_that_is_called_a_page_is_json() {
    let (_phone, server, authority, wallet) = scene().await;
    let grant = json!({ "pre-authorized_code": "code-1", "tx_code": {} });
    let called_a_page = |body: &Value| {
        Reply::new(200)
            .header("content-type", "text/html; charset=UTF-8")
            .body(format!(" {body}"))
    };
    let document = authority.offer_document(&grant);
    server.at("/offers/1", called_a_page(&document));
    let metadata = authority.metadata();
    server.at(
        "/.well-known/openid-credential-issuer",
        called_a_page(&metadata),
    );
    enroll(&wallet, &retry_after::link(&server.url("/offers/1")))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_issuer_that_ends_in_a_slash_is_asked_at_its_exact_place_first() {
    let server = Server::start().await;
    let mut authority = Authority::at(&server);
    authority.issuer = server.url("/tenant/");
    let phone = Phone::new();
    let wallet = phone.create(&authority).await;
    let exact = "/.well-known/openid-credential-issuer/tenant/";
    server.at(exact, Reply::json(200, &authority.metadata()));
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    assert_eq!(offer.issuer(), authority.issuer);
    assert_eq!(paths(&server), [exact]);
}

/// A proxy that ends TLS writes `http` into the redirect by which it takes the slash off.
#[tokio::test]
async fn an_exact_place_that_leads_nowhere_does_not_hide_the_next_one() {
    for nowhere in ["https://127.0.0.1:1/x", "http://a.example/x", "/x/"] {
        let server = Server::start().await;
        let mut authority = Authority::at(&server);
        authority.issuer = server.url("/tenant/");
        let wallet = Phone::new();
        let wallet = wallet.create(&authority).await;
        let leads = Reply::new(301).header("location", nowhere);
        server.at("/.well-known/openid-credential-issuer/tenant/", leads);
        server.at("/x/", Reply::new(301).header("location", "/x/"));
        server.at(
            "/.well-known/openid-credential-issuer/tenant",
            Reply::json(200, &authority.metadata()),
        );
        wallet.read_offer(&authority.offer()).await.unwrap();
    }
}

#[tokio::test]
async fn the_address_of_an_offer_alone_is_read_at_the_wallets_own_authority_and_nowhere_else() {
    let (_phone, server, authority, wallet) = scene().await;
    let grant = json!({ "pre-authorized_code": "code-1" });
    let document = authority.offer_document(&grant);
    server.at("/offers/1", Reply::json(200, &document));
    let other = Server::start().await;
    other.at("/offers/1", Reply::json(200, &document));
    wallet.read_offer(&server.url("/offers/1")).await.unwrap();
    let elsewhere = wallet.read_offer(&other.url("/offers/1")).await;
    assert_eq!(elsewhere.err(), Some(OfferFault::Address.into()));
    assert!(other.requests().is_empty(), "nothing is asked there");
}

/// What is at no address is used up, in the wallet's words; that must not be said of one that a
/// sentence made longer.
#[tokio::test]
async fn an_offer_in_the_midst_of_a_text_is_read_at_its_own_address() {
    let (_phone, server, authority, wallet) = scene().await;
    let grant = json!({ "pre-authorized_code": "code-1" });
    server.at(
        "/offers/0123456789abcdef",
        Reply::json(200, &authority.offer_document(&grant)),
    );
    let link = retry_after::link(&server.url("/offers/0123456789abcdef"));
    for text in [
        format!("{link}."),
        format!("Open {link}, and type the code."),
        format!("Add it here: <{link}>"),
        format!("{link}\nRegards"),
        format!("[Add]({link})"),
    ] {
        let read = wallet.read_offer(&text).await;
        assert!(read.is_ok(), "{text}: {:?}", read.err());
    }
    let gone = retry_after::link(&server.url("/offers/none"));
    for text in [gone.clone(), format!("{gone}."), format!("{gone}\nRegards")] {
        let read = wallet.read_offer(&text).await;
        assert_eq!(read.err(), Some(Error::OfferGone), "{text}");
    }
}
