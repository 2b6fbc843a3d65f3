//! Who may be given a code, and which addresses may be asked at all.

use std::sync::Mutex;

use async_trait::async_trait;
use vidimus_credential::trust::{self, Purpose};

use super::retry_after::link;
use super::*;
use crate::issuance::IssuerStanding;
use crate::ports::{HttpRequest, HttpResponse, HttpTransport};
use crate::testing::{Listed, time, trust_entry};

/// Another issuer, which serves a copy of the authority's public trust list.
async fn stranger(authority: &'static Authority) -> (Server, &'static Authority) {
    let server = Server::start().await;
    let stranger = Authority::at(&server).serve(&server);
    server.at("/trust", Reply::new(200).body(authority.trust_list(NOW)));
    (server, stranger)
}

#[tokio::test]
async fn an_issuer_without_a_voucher_is_given_no_code() {
    let (_phone, _server, authority, wallet) = scene().await;
    let (server, stranger) = stranger(authority).await;
    let offer = wallet.read_offer(&stranger.offer()).await.unwrap();
    assert_eq!(offer.issuer(), stranger.issuer, "the page says who it is");
    assert_eq!(offer.standing(), IssuerStanding::Unknown);
    assert!(offer.tx_code().is_none(), "the page asks for no code");
    let cancel = CancelToken::new();
    for code in [None, Some("482093")] {
        let refused = wallet.enroll(&offer, code, &cancel).await.err();
        assert_eq!(refused, Some(Error::IssuerUnknown));
    }
    assert_eq!(paths(&server), ["/.well-known/openid-credential-issuer"]);
}

#[tokio::test]
async fn an_issuer_that_asks_for_no_code_needs_no_voucher() {
    let (_phone, _server, authority, wallet) = scene().await;
    let (server, stranger) = stranger(authority).await;
    let grant = json!({ "pre-authorized_code": "code-1" });
    let offer = wallet
        .read_offer(&stranger.offer_with(&grant))
        .await
        .unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Unknown);
    let cancel = CancelToken::new();
    // What it issues must be signed by a key of the list for its name, as ever.
    let refused = wallet.enroll(&offer, None, &cancel).await.err();
    assert!(matches!(refused, Some(Error::Credential(_))), "{refused:?}");
    assert!(!server.requests_to("/token")[0].text().contains("tx_code"));
}

/// Its word would have a driver set a right clock wrong.
#[tokio::test]
async fn the_time_of_an_issuer_without_a_voucher_is_not_used() {
    let (_phone, server, authority, wallet) = scene().await;
    let (other, stranger) = stranger(authority).await;
    let later = NOW + 400 * 86_400;
    other.say_the_time(later);
    let grant = json!({ "pre-authorized_code": "code-1" });
    let offer = stranger.offer_with(&grant);
    let refused = enroll(&wallet, &offer).await.err();
    assert!(matches!(refused, Some(Error::Credential(_))), "{refused:?}");
    // The same of one that the list names, though none was held when the offer was read.
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    for server in [&server, &other] {
        let list = list_naming(authority, stranger, NOW, None);
        server.at("/trust", Reply::new(200).body(list));
    }
    let wrong = Error::ServerTimeWrong {
        server: time(later),
        device: time(NOW),
    };
    assert_eq!(enroll(&wallet, &offer).await.err(), Some(wrong));
    assert_eq!(other.requests_to("/token").len(), 1);
}

/// The authority's list with the keys of another issuer in it, whose credential key may sign until
/// then.
fn list_naming(
    authority: &Authority,
    other: &Authority,
    iat: u64,
    signed_until: Option<u64>,
) -> Vec<u8> {
    let keys = [
        (&other.credential, Purpose::Credential, signed_until),
        (&other.status, Purpose::Status, None),
    ];
    let entry = |(key, purpose, signed_until)| {
        let listed = Listed {
            key,
            purpose,
            signed_until,
        };
        trust_entry(&listed, &other.issuer)
    };
    // Both have the same keys in these tests, and a list names each once.
    let (iat, exp) = (time(iat), time(iat + 30 * 86_400));
    let keys = keys.map(entry);
    trust::build(&authority.issuer, iat, exp, 0, &keys, &authority.root).unwrap()
}

#[tokio::test]
async fn an_issuer_whose_key_and_address_the_trust_list_names_may_be_given_a_code() {
    let (_phone, server, authority, wallet) = scene().await;
    let other = Server::start().await;
    let listed = Authority::at(&other).serve(&other);
    let list = list_naming(authority, listed, NOW, None);
    for server in [&server, &other] {
        server.at("/trust", Reply::new(200).body(list.clone()));
    }
    let offer = wallet.read_offer(&listed.offer()).await.unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Listed);
    let cancel = CancelToken::new();
    wallet.enroll(&offer, TX_CODE, &cancel).await.unwrap();
}

/// Its address may belong to someone else by now, and the wallet would accept no license from it.
#[tokio::test]
async fn an_issuer_whose_key_was_withdrawn_is_given_no_code() {
    let (_phone, server, authority, wallet) = scene().await;
    let other = Server::start().await;
    let listed = Authority::at(&other).serve(&other);
    for signed_until in [NOW - 1, NOW - 101 * 86_400] {
        let list = list_naming(authority, listed, NOW, Some(signed_until));
        server.at("/trust", Reply::new(200).body(list));
        let offer = wallet.read_offer(&listed.offer()).await.unwrap();
        assert_eq!(offer.standing(), IssuerStanding::Unknown, "{signed_until}");
        let cancel = CancelToken::new();
        let refused = wallet.enroll(&offer, TX_CODE, &cancel).await.err();
        assert_eq!(refused, Some(Error::IssuerUnknown));
    }
    assert!(other.requests_to("/token").is_empty());
    // One that is to be retired later still signs.
    let list = list_naming(authority, listed, NOW, Some(NOW + 86_400));
    server.at("/trust", Reply::new(200).body(list));
    let offer = wallet.read_offer(&listed.offer()).await.unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Listed);
}

/// A driver may look at an offer for as long as a letter takes.
#[tokio::test]
async fn an_issuer_whose_key_is_withdrawn_while_its_offer_is_looked_at_is_given_no_code() {
    let (phone, server, authority, wallet) = scene().await;
    let other = Server::start().await;
    let listed = Authority::at(&other).serve(&other);
    let list = list_naming(authority, listed, NOW, None);
    server.at("/trust", Reply::new(200).body(list));
    let offer = wallet.read_offer(&listed.offer()).await.unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Listed);
    phone.advance(2 * 86_400);
    let later = NOW + 2 * 86_400;
    let list = list_naming(authority, listed, later, Some(NOW));
    for server in [&server, &other] {
        server.at("/trust", Reply::new(200).body(list.clone()));
    }
    let cancel = CancelToken::new();
    let refused = wallet.enroll(&offer, TX_CODE, &cancel).await.err();
    assert_eq!(refused, Some(Error::IssuerUnknown));
    assert!(other.requests_to("/token").is_empty());
}

#[tokio::test]
async fn an_issuer_that_was_listed_since_is_known_at_once() {
    let (_phone, server, authority, wallet) = scene().await;
    let other = Server::start().await;
    let listed = Authority::at(&other).serve(&other);
    let standing = async || {
        let offer = wallet.read_offer(&listed.offer()).await;
        offer.map(|offer| offer.standing())
    };
    assert_eq!(standing().await, Ok(IssuerStanding::Unknown));
    // The list that is held is not due for a day.
    let list = list_naming(authority, listed, NOW + 60, None);
    server.at("/trust", Reply::new(200).body(list));
    assert_eq!(standing().await, Ok(IssuerStanding::Listed));
}

#[tokio::test]
async fn without_any_list_an_issuer_is_not_said_to_be_unknown() {
    let (_phone, server, authority, wallet) = scene().await;
    let other = Server::start().await;
    let listed = Authority::at(&other).serve(&other);
    let list = Reply::new(200).body(list_naming(authority, listed, NOW, None));
    let busy = Reply::new(503).header("retry-after", "600");
    server.at("/trust", list);
    server.in_turn("/trust", [busy.clone(), busy]);
    for _ in 0..2 {
        let read = wallet.read_offer(&listed.offer()).await.err();
        assert!(
            matches!(read, Some(Error::Busy { status: 503, .. })),
            "{read:?}"
        );
    }
    let offer = wallet.read_offer(&listed.offer()).await.unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Listed);
}

/// Anyone's link may name the driver's own authority, and say where the code is to be sent, beside
/// a name that is proven.
#[tokio::test]
async fn the_words_beside_a_code_are_the_issuers_own_or_none() {
    let (_phone, server, authority, wallet) = scene().await;
    let grant = json!({
        "pre-authorized_code": "code-1",
        "tx_code": { "length": 6, "description": "Tell it to +1 555 0100" },
    });
    let document = authority.offer_document(&grant);
    let elsewhere = Server::start().await;
    for server in [&server, &elsewhere] {
        server.at("/offers/1", Reply::json(200, &document));
    }
    for (offer, are_shown) in [
        (authority.offer_with(&grant), false),
        (link(&elsewhere.url("/offers/1")), false),
        (link(&server.url("/offers/1")), true),
    ] {
        let offer = wallet.read_offer(&offer).await.unwrap();
        assert_eq!(offer.standing(), IssuerStanding::Authority);
        let code = offer.tx_code().unwrap();
        assert_eq!(code.length, Some(6));
        assert_eq!(code.description.is_some(), are_shown);
    }
}

#[tokio::test]
async fn the_wallets_own_authority_is_known_by_its_address() {
    let (_phone, server, authority, wallet) = scene().await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    assert_eq!(offer.standing(), IssuerStanding::Authority);
    assert!(server.requests_to("/trust").is_empty(), "no list is needed");
}

#[tokio::test]
async fn a_link_does_not_make_a_phone_ask_itself() {
    let server = Server::start().await;
    let here = Authority::at(&server).serve(&server);
    let elsewhere = Authority::named("https://authority.example");
    let phone = Phone::new();
    let wallet = phone.create(&elsewhere).await;
    let itself = Error::Transport(TransportError::ThisDevice);
    for offer in [
        here.offer(),
        link(&server.url("/offers/1")),
        link("https://localhost:8443/offers/1"),
        link("https://[::ffff:127.0.0.1]/offers/1"),
        link("https://0.0.0.0/offers/1"),
    ] {
        assert_eq!(
            wallet.read_offer(&offer).await.err(),
            Some(itself),
            "{offer}"
        );
    }
    assert!(server.requests().is_empty());
}

/// A network without a way out, which hears what is asked and where it may lead.
#[derive(Default)]
struct Nowhere(Mutex<Vec<(String, bool)>>);

#[async_trait]
impl HttpTransport for Nowhere {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut asked = self.0.lock().unwrap();
        asked.push((request.url, request.elsewhere));
        Err(TransportError::Unreachable)
    }
}

#[tokio::test]
async fn only_the_wallets_own_authority_may_have_a_name_that_leads_to_this_device() {
    let network = Arc::new(Nowhere::default());
    let transport: Arc<dyn HttpTransport> = Arc::<Nowhere>::clone(&network);
    let authority = Authority::named("https://authority.example/dl");
    let wallet = Phone::through(transport).create(&authority).await;
    for (address, elsewhere) in [
        ("https://authority.example/dl/offers/1", false),
        ("https://authority.example:8443/dl/offers/1", true),
        ("https://stranger.example/offers/1", true),
    ] {
        let read = wallet.read_offer(&link(address)).await.err();
        let unreachable = Error::Transport(TransportError::Unreachable);
        assert_eq!(read, Some(unreachable));
        let asked = network.0.lock().unwrap().pop();
        assert_eq!(asked, Some((address.to_owned(), elsewhere)));
    }
}

#[tokio::test]
async fn an_authoritys_address_has_nothing_behind_it() {
    for behind in [
        "?a=b",
        "#top",
        "/trust",
        "/.well-known/openid-credential-issuer",
    ] {
        let address = format!("https://authority.example{behind}");
        let phone = Phone::new();
        let made = phone.try_create(&Authority::named(&address)).await;
        assert_eq!(made.err(), Some(Error::AuthorityAddress), "{behind}");
    }
}
