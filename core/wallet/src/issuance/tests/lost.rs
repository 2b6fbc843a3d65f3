//! Answers that are lost where an issuer says everything once, and disks that fail when a code was spent.

use std::sync::Mutex;

use super::patience::link;
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
            let enrollments = wallet.parts().vault.list::<crate::issuance::Enrollment>();
            let kept = enrollments.unwrap().remove(0).1.unwrap();
            assert!(kept.code.is_none());
        }
    }
}

#[tokio::test]
async fn room_for_what_a_code_brings_is_taken_before_it_is_spent() {
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

/// Another process holds the vault for as long as the tokens would be written: they must not be lost.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_cannot_be_written_are_kept_in_memory_and_gone_on_with() {
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
            runtime.block_on(other.parts().vault.write(Weight::Light, holds))
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
