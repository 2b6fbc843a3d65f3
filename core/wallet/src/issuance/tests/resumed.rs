//! Enrollments that were interrupted, and continue with the same offer and key.

use super::*;

#[tokio::test]
async fn an_enrollment_that_died_after_the_token_goes_on_without_spending_the_code_again() {
    let (phone, server, authority, wallet) = scene().await;
    server.in_turn(
        "/credential",
        [Reply::new(200).cut(0).header("x", "y").body("died here")],
    );
    let broken = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(broken, Some(Error::Transport(TransportError::Broken)));
    drop(wallet);
    let wallet = phone.open().await;
    let id = enroll(&wallet, &authority.offer()).await.unwrap();
    assert_eq!(server.requests_to("/token").len(), 1);
    assert_eq!(server.requests_to("/credential").len(), 2);
    // The same offer again returns the license that it brought.
    assert_eq!(enroll(&wallet, &authority.offer()).await.unwrap(), id);
    assert_eq!(wallet.licenses().unwrap().len(), 1);
}

#[tokio::test]
async fn a_cancelled_enrollment_stops_before_it_spends_the_code() {
    let (_phone, server, authority, wallet) = scene().await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    cancel.cancel();
    assert_eq!(
        wallet.enroll(&offer, TX_CODE, &cancel).await.err(),
        Some(Error::Cancelled)
    );
    assert!(server.requests_to("/token").is_empty());
}

#[tokio::test]
async fn a_token_that_was_lost_on_its_way_is_asked_for_again_with_the_same_key() {
    for lost in [
        Reply::new(200).cut(0).body("never arrives"),
        Reply::new(200).body("{\"access_tok"),
        Reply::new(503),
        Reply::new(403).body("blocked"),
        Reply::new(408),
        Reply::new(429).header("retry-after", "1"),
        Reply::new(200)
            .header("content-type", "text/html")
            .body("<html>Sign in"),
    ] {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
        server.in_turn("/token", [lost]);
        let phone = Phone::new();
        let wallet = phone.create(authority).await;
        let offer = wallet.read_offer(&authority.offer()).await.unwrap();
        let cancel = CancelToken::new();
        let first = wallet.enroll(&offer, Some("123456"), &cancel).await;
        first.unwrap_err();
        let keys = || {
            let vault = &wallet.context().vault;
            vault.read(|view| Ok(view.ids(Table::HolderKey))).unwrap()
        };
        let key = keys();
        assert_eq!(key.len(), 1, "kept for the next try");
        drop(offer);
        let offer = wallet.read_offer(&authority.offer()).await.unwrap();
        wallet
            .enroll(&offer, Some("123456"), &cancel)
            .await
            .unwrap();
        assert_eq!(keys(), key);
    }
}

/// The authority serves an offer by reference only while its code may be redeemed.
#[tokio::test]
async fn an_offer_by_reference_goes_on_when_its_address_answers_no_more() {
    let (phone, server, authority, wallet) = scene().await;
    let grant = json!({ "pre-authorized_code": "code-1", "tx_code": { "length": 6 } });
    let document = authority.offer_document(&grant);
    server.in_turn("/offers/1", [Reply::json(200, &document)]);
    let lost = Reply::new(200).body("never arrives").cut(0);
    server.in_turn("/credential", [lost]);
    let address = server.url("/offers/1");
    let address: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    let link = format!("openid-credential-offer://?credential_offer_uri={address}");
    let broken = enroll(&wallet, &link).await.err();
    assert_eq!(broken, Some(Error::Transport(TransportError::Broken)));

    // Another process gets 404 from the address.
    drop(wallet);
    let wallet = phone.open().await;
    let offer = wallet.read_offer(&link).await.unwrap();
    assert!(offer.tx_code().is_none(), "it was given before");
    let cancel = CancelToken::new();
    let id = wallet.enroll(&offer, None, &cancel).await.unwrap();
    assert_eq!(server.requests_to("/token").len(), 1);
    // It also returns the license that it brought, until that is removed.
    assert_eq!(enroll(&wallet, &link).await.unwrap(), id);
    wallet.remove(&id).await.unwrap();
    let gone = wallet.read_offer(&link).await.err();
    assert_eq!(gone, Some(Error::OfferGone));
}

#[tokio::test]
async fn where_the_tokens_of_an_earlier_try_are_of_no_use_the_code_is_sent_again() {
    let (phone, server, authority, wallet) = scene().await;
    server.in_turn("/credential", [Reply::new(503), Reply::new(503)]);
    for _ in 0..2 {
        let busy = enroll(&wallet, &authority.offer()).await.err();
        assert!(
            matches!(busy, Some(Error::Busy { status: 503, .. })),
            "{busy:?}"
        );
    }
    assert_eq!(server.requests_to("/token").len(), 1);
    // By now the access token has expired, and the refresh token is refused.
    phone.advance(3600);
    server.in_turn("/token", [Reply::error(400, "invalid_grant")]);
    enroll(&wallet, &authority.offer()).await.unwrap();
    let grants: Vec<bool> = server
        .requests_to("/token")
        .iter()
        .map(|request| request.text().contains("pre-authorized_code=code-1"))
        .collect();
    assert_eq!(grants, [true, false, true]);
    let keys: std::collections::BTreeSet<_> = server
        .requests_to("/credential")
        .iter()
        .map(|request| proven_key(request).to_cose_key())
        .collect();
    assert_eq!(keys.len(), 1, "one key, whatever was lost");
}

#[tokio::test]
async fn an_unfinished_enrollment_is_forgotten_for_another_only_where_no_license_can_come_of_it() {
    for (with_tokens, days, kept) in [(false, 2, 0), (true, 2, 1), (true, 61, 0)] {
        let (phone, server, authority, wallet) = scene().await;
        let lost = if with_tokens { "/credential" } else { "/token" };
        server.in_turn(lost, [Reply::new(503)]);
        enroll(&wallet, &authority.offer()).await.unwrap_err();
        phone.advance(days * 86_400);
        let now = NOW + days * 86_400;
        server.at("/trust", Reply::new(200).body(authority.trust_list(now)));
        server.script(move |request| {
            (request.path == "/credential")
                .then(|| credential_reply(&authority.license(&proven_key(request), now)))
        });
        let other = json!({ "pre-authorized_code": "code-2" });
        let other = wallet.read_offer(&authority.offer_with(&other)).await;
        let cancel = CancelToken::new();
        wallet.enroll(&other.unwrap(), None, &cancel).await.unwrap();
        let vault = &wallet.context().vault;
        let keys = vault.read(|view| Ok(view.ids(Table::HolderKey)));
        assert_eq!(keys.unwrap().len(), 1 + kept, "{with_tokens} {days}");
    }
}
