//! Answers that are lost where an issuer says everything once, and disks that fail when a code was
//! spent.

use std::sync::Mutex;

use super::retry_after::link;
use super::*;
use crate::error::StorageError;
use crate::vault::{Tx, Weight};

/// An offer at an address that answers once.
fn offered_once(server: &Server, authority: &Authority) -> String {
    let tx_code = json!({ "input_mode": "numeric", "length": 6 });
    let grant = json!({ "pre-authorized_code": "code-1", "tx_code": tx_code });
    let document = authority.offer_document(&grant);
    server.in_turn("/offers/1", [Reply::json(200, &document)]);
    link(&server.url("/offers/1"))
}

#[tokio::test]
async fn an_offer_whose_address_answers_once_goes_on_though_its_token_was_lost() {
    for lost in [
        Reply::new(200).cut(0).body("never arrives"),
        Reply::new(503),
        Reply::new(404),
    ] {
        for dies in [false, true] {
            let (phone, server, authority, mut wallet) = scene().await;
            let link = offered_once(&server, authority);
            server.in_turn("/token", [lost.clone()]);
            enroll(&wallet, &link).await.unwrap_err();
            if dies {
                drop(wallet);
                wallet = phone.open().await;
            }
            let offer = wallet.read_offer(&link).await.unwrap();
            assert_eq!(
                offer.tx_code().unwrap().length,
                Some(6),
                "it is typed again"
            );
            let cancel = CancelToken::new();
            let id = wallet.enroll(&offer, TX_CODE, &cancel).await.unwrap();
            let sent = server.requests_to("/token");
            assert_eq!(sent.len(), 2);
            assert_eq!(sent[0].text(), sent[1].text());
            let held = wallet.licenses().unwrap();
            assert_eq!((held.len(), &held[0].id), (1, &id));
            // The code is kept no longer than that.
            let enrollments = wallet.context().vault.list::<crate::issuance::Enrollment>();
            let kept = enrollments.unwrap().remove(0).1.unwrap();
            assert!(kept.code.is_none());
        }
    }
}

/// The server says the same of a code that was typed wrong as of one that is spent.
#[tokio::test]
async fn an_offer_whose_address_answers_once_survives_a_code_that_was_typed_wrong() {
    for refusal in ["invalid_grant", "invalid_request"] {
        let (phone, server, authority, wallet) = scene().await;
        let link = offered_once(&server, authority);
        server.in_turn("/token", [Reply::error(400, refusal)]);
        let refused = enroll(&wallet, &link).await.err();
        assert!(matches!(refused, Some(Error::Refused(_))), "{refused:?}");
        drop(wallet);
        let wallet = phone.open().await;
        let offer = wallet.read_offer(&link).await.unwrap();
        assert!(offer.tx_code().is_some(), "it is typed again");
        let cancel = CancelToken::new();
        wallet.enroll(&offer, TX_CODE, &cancel).await.unwrap();
        assert_eq!(wallet.licenses().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn two_offers_that_are_taken_up_in_turn_end_with_a_license_each() {
    let (phone, server, authority, _) = scene().await;
    let links = ["1", "2"].map(|name| {
        let grant = json!({ "pre-authorized_code": format!("code-{name}"), "tx_code": {} });
        let path = format!("/offers/{name}");
        let document = authority.offer_document(&grant);
        server.in_turn(&path, [Reply::json(200, &document)]);
        link(&server.url(&path))
    });
    for lost in ["/token", "/token", "/nonce", "/credential"] {
        for link in &links {
            server.in_turn(lost, [Reply::new(200).cut(0).body("never arrives")]);
            let wallet = phone.open().await;
            enroll(&wallet, link).await.unwrap_err();
        }
    }
    let wallet = phone.open().await;
    let mut ids = Vec::new();
    for link in &links {
        ids.push(enroll(&wallet, link).await.unwrap());
        assert_eq!(enroll(&wallet, link).await.unwrap(), ids[ids.len() - 1]);
    }
    assert_eq!(wallet.licenses().unwrap().len(), 2);
    let vault = &wallet.context().vault;
    let keys = vault.read(|view| Ok(view.ids(Table::HolderKey))).unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(server.requests_to("/token").len(), 6);
}

/// Takes up another offer of the same authority some days later.
async fn take_up_another(phone: &Phone, server: &Server, authority: &'static Authority, days: u64) {
    phone.advance(days * 86_400);
    let now = NOW + days * 86_400;
    server.at("/trust", Reply::new(200).body(authority.trust_list(now)));
    server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), now)))
    });
    let wallet = phone.open().await;
    let other = json!({ "pre-authorized_code": "code-2" });
    enroll(&wallet, &authority.offer_with(&other))
        .await
        .unwrap();
}

#[tokio::test]
async fn another_offer_does_not_make_an_unfinished_one_forgotten_that_cannot_be_had_again() {
    // What is left of the first is its code, or an access token without a refresh token.
    for lost in ["/token", "/credential"] {
        let (phone, server, authority, wallet) = scene().await;
        let granted = json!({ "access_token": "a", "token_type": "bearer", "expires_in": 864_000 });
        server.at("/token", Reply::json(200, &granted));
        let link = offered_once(&server, authority);
        server.in_turn(lost, [Reply::new(503)]);
        enroll(&wallet, &link).await.unwrap_err();
        drop(wallet);
        take_up_another(&phone, &server, authority, 2).await;
        let wallet = phone.open().await;
        enroll(&wallet, &link).await.unwrap();
        assert_eq!(wallet.licenses().unwrap().len(), 2, "{lost}");
    }
}

#[tokio::test]
async fn tokens_that_end_while_an_offer_is_looked_at_do_not_make_it_used_up() {
    let (phone, server, authority, wallet) = scene().await;
    let granted = json!({ "access_token": "a", "token_type": "bearer", "expires_in": 300 });
    server.at("/token", Reply::json(200, &granted));
    let link = offered_once(&server, authority);
    server.in_turn("/credential", [Reply::new(503)]);
    enroll(&wallet, &link).await.unwrap_err();
    let offer = wallet.read_offer(&link).await.unwrap();
    assert!(offer.tx_code().is_none(), "there is a token to go on with");
    phone.advance(301);
    let cancel = CancelToken::new();
    let over = wallet.enroll(&offer, None, &cancel).await.err();
    assert_eq!(over, Some(Error::TxCodeRequired));
    enroll(&wallet, &link).await.unwrap();
    assert_eq!(wallet.licenses().unwrap().len(), 1);
}

#[tokio::test]
async fn storage_is_reserved_before_a_code_is_spent() {
    let (phone, server, authority, wallet) = scene().await;
    let reserve = phone.folder().join("enrollment.reserve");
    let seen = Arc::new(Mutex::new(None));
    let (watched, noted) = (reserve.clone(), Arc::clone(&seen));
    server.script(move |request| {
        if request.path == "/token" {
            *noted.lock().unwrap() = watched.metadata().ok().map(|file| file.len());
        }
        None
    });
    enroll(&wallet, &authority.offer()).await.unwrap();
    assert!(seen.lock().unwrap().unwrap() >= 200_000);
    assert!(!reserve.exists(), "given back");
}

#[tokio::test]
async fn storage_is_also_reserved_where_an_enrollment_continues_with_its_refresh_token() {
    let (phone, server, authority, wallet) = scene().await;
    server.in_turn("/credential", [Reply::new(503)]);
    enroll(&wallet, &authority.offer()).await.unwrap_err();
    // The access token is over.
    phone.advance(600);
    let reserve = phone.folder().join("enrollment.reserve");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    server.script(move |request| {
        if request.path == "/token" {
            noted.lock().unwrap().push(reserve.exists());
        }
        None
    });
    enroll(&wallet, &authority.offer()).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [true]);
}

#[tokio::test]
async fn storage_reserved_by_a_process_that_died_is_freed_by_the_next_refresh() {
    let (phone, _server, authority, wallet) = scene().await;
    enroll(&wallet, &authority.offer()).await.unwrap();
    let reserve = phone.folder().join("enrollment.reserve");
    std::fs::write(&reserve, [0; 100]).unwrap();
    let (budget, cancel) = (Duration::from_secs(9), CancelToken::new());
    wallet.refresh(Refresh::Due, budget, &cancel).await.unwrap();
    assert!(!reserve.exists());
}

/// Another process holds the vault for as long as the tokens would be written: they must not be
/// lost.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_cannot_be_written_are_kept_in_memory_and_used() {
    let (phone, server, authority, wallet) = scene().await;
    let other = phone.open().await;
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(Some(wait));
    server.script(move |request| {
        let wait = (request.path == "/token").then(|| wait.lock().unwrap().take())?;
        let (held, is_held) = std::sync::mpsc::channel();
        let (other, wait) = (other.clone(), wait.unwrap());
        let runtime = tokio::runtime::Handle::current();
        std::thread::spawn(move || {
            let holds = move |_: &mut Tx<'_>| {
                held.send(()).unwrap();
                // Until the test says so, or has ended.
                let _ = wait.recv();
                Ok(())
            };
            runtime.block_on(other.context().vault.write(Weight::Light, holds))
        });
        is_held.recv().unwrap();
        None
    });
    let busy = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(busy, Some(Error::Storage(StorageError::Busy)));
    assert!(server.requests_to("/credential").is_empty());
    release.send(()).unwrap();
    enroll(&wallet, &authority.offer()).await.unwrap();
    assert_eq!(
        server.requests_to("/token").len(),
        1,
        "the code is spent once"
    );
    assert_eq!(wallet.licenses().unwrap().len(), 1);
}
