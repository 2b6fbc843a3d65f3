//! Licenses, trust lists and answers that the wallet must not accept.

use super::*;

#[tokio::test]
async fn a_license_that_comes_later_is_a_named_error_and_the_offer_can_be_tried_again() {
    let (phone, server, authority, wallet) = scene().await;
    server.in_turn(
        "/credential",
        [Reply::json(
            202,
            &json!({ "transaction_id": "t", "interval": 60 }),
        )],
    );
    let deferred = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(deferred, Some(Error::IssuanceDeferred));
    let asked = server.requests_to("/credential").len();
    let early = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(early, Some(Error::IssuanceDeferred));
    assert_eq!(server.requests_to("/credential").len(), asked);
    phone.advance(60);
    enroll(&wallet, &authority.offer()).await.unwrap();
    assert_eq!(
        server.requests_to("/token").len(),
        1,
        "the code is spent once"
    );
}

#[tokio::test]
async fn issuer_returns_a_credential_for_another_key_or_signed_by_an_unknown_key() {
    for (unknown_key, expected) in [
        (false, Error::CredentialForAnotherKey),
        (true, Error::Credential(CredentialError::UnknownKey)),
    ] {
        let (_phone, server, authority, wallet) = scene().await;
        server.script(move |request| {
            (request.path == "/credential").then(|| {
                let credential = if unknown_key {
                    authority.license_signed_by(&key("stranger"), &proven_key(request), NOW)
                } else {
                    authority.license(key("other phone").verifying_key(), NOW)
                };
                credential_reply(&credential)
            })
        });
        assert_eq!(
            enroll(&wallet, &authority.offer()).await.err(),
            Some(expected)
        );
        assert!(
            wallet.licenses().unwrap().is_empty(),
            "refused before storage"
        );
        let told = server.requests_to("/notification").remove(0).json();
        assert_eq!(told["event"], "credential_failure");
    }
}

#[tokio::test]
async fn a_trust_list_of_another_root_spends_no_code() {
    let (_phone, server, authority, wallet) = scene().await;
    let mut other = Authority::at(&server);
    other.root = key("another root");
    server.at("/trust", Reply::new(200).body(other.trust_list(NOW)));
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(
        refused,
        Some(Error::Credential(CredentialError::UnknownKey))
    );
    assert!(server.requests_to("/token").is_empty());
}

#[tokio::test]
async fn an_offer_that_came_to_nothing_does_not_move_where_the_trust_list_is_asked_for() {
    let (phone, server, authority, wallet) = scene().await;
    let mut metadata = authority.metadata();
    metadata["trust_list_uri"] = json!(server.url("/frozen"));
    server.at(
        "/.well-known/openid-credential-issuer",
        Reply::json(200, &metadata),
    );
    let frozen = authority.trust_list(NOW);
    server.at("/frozen", Reply::new(200).body(frozen));
    server.in_turn("/token", [Reply::error(400, "invalid_grant")]);
    assert_eq!(
        enroll(&wallet, &authority.offer()).await.err(),
        Some(Error::Refused(OAuthError::InvalidGrant))
    );
    assert_eq!(server.requests_to("/frozen").len(), 1);
    let refresh = || async {
        let (now, budget) = (Refresh::Now, Duration::from_secs(9));
        wallet.refresh(now, budget, &CancelToken::new()).await
    };
    refresh().await.unwrap();
    assert_eq!(
        (
            server.requests_to("/frozen").len(),
            server.requests_to("/trust").len()
        ),
        (1, 1)
    );
    // An issuer whose license was verified may correct the clock.
    phone.advance(2 * 86_400);
    enroll(&wallet, &authority.offer()).await.unwrap();
    refresh().await.unwrap();
    assert_eq!(
        (
            server.requests_to("/frozen").len(),
            server.requests_to("/trust").len()
        ),
        (3, 1)
    );
}

#[tokio::test]
async fn a_credential_past_its_end_is_refused() {
    let (_phone, server, authority, wallet) = scene().await;
    server.script(|request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), NOW - 31 * 86_400)))
    });
    assert_eq!(
        enroll(&wallet, &authority.offer()).await.err(),
        Some(Error::CredentialNotInForce)
    );
}

#[tokio::test]
async fn unusable_answers_have_errors_of_their_kind() {
    let (_phone, server, authority, wallet) = scene().await;
    let well_known = "/.well-known/openid-credential-issuer";
    let mut other = authority.metadata();
    other["credential_issuer"] = json!("https://other.example");
    for (reply, expected) in [
        (Reply::new(404), MetadataFault::Missing.into()),
        (Reply::new(511), Error::CaptivePortal),
        (
            Reply::new(200)
                .header("content-type", "text/html")
                .body("<html>Sign in"),
            Error::CaptivePortal,
        ),
        (Reply::new(200).body("{}"), MetadataFault::Document.into()),
        (Reply::json(200, &other), MetadataFault::OtherIssuer.into()),
    ] {
        server.at(well_known, reply);
        assert_eq!(
            wallet.read_offer(&authority.offer()).await.err(),
            Some(expected)
        );
    }
}
