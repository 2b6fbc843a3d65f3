//! Issuance against scripted servers: all steps, other issuers' habits, and crashes between steps.

mod clocks;
mod issuers;
mod lost;
mod retry_after;
mod texts;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::{Algorithm, Signer};
use vidimus_credential::status::LicenseStatus;

use crate::cancel::CancelToken;
use crate::error::{Error, MetadataFault, Unsupported};
use crate::issuance::OAuthError;
use crate::ports::{KeyStoreError, TransportError};
use crate::refresh::Refresh;
use crate::testing::{
    Authority, NOW, Phone, Reply, Server, TlsFront, credential_reply, key, proof, proven_key,
};
use crate::timekeeper::Sureness;
use crate::vault::Table;
use crate::{LicenseId, Wallet};

const TX_CODE: Option<&str> = Some("123456");

async fn enroll(wallet: &Wallet, offer: &str) -> Result<LicenseId, Error> {
    let offer = wallet.read_offer(offer).await?;
    wallet.enroll(&offer, TX_CODE, &CancelToken::new()).await
}

/// A phone, a server, and an issuer behind it.
async fn scene() -> (Phone, Server, &'static Authority, Wallet) {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    (phone, server, authority, wallet)
}

fn paths(server: &Server) -> Vec<String> {
    server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect()
}

#[tokio::test]
async fn an_offer_by_value_becomes_a_license_with_its_portrait_and_first_status() {
    let (phone, server, authority, wallet) = scene().await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    assert_eq!(offer.issuer(), authority.issuer);
    assert_eq!(offer.display_name(), Some("Test Authority"));
    assert_eq!(offer.tx_code().unwrap().length, Some(6));
    let id = wallet
        .enroll(&offer, TX_CODE, &CancelToken::new())
        .await
        .unwrap();

    let held = wallet.licenses().unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].id, id);
    assert_eq!(
        held[0].license.as_ref().unwrap().family_name(),
        "Ngata-Zweig"
    );
    assert!(held[0].portrait.is_some());
    assert!(held[0].problem.is_none());
    assert_eq!(held[0].status.state, LicenseStatus::Valid);
    assert_eq!(
        paths(&server),
        [
            "/.well-known/openid-credential-issuer",
            "/trust",
            "/.well-known/oauth-authorization-server",
            "/token",
            "/nonce",
            "/credential",
            "/notification",
            "/status/0",
        ]
    );
    let token = server.requests_to("/token").remove(0);
    assert_eq!(
        token.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        token.text(),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code\
         &pre-authorized_code=code-1&tx_code=123456"
    );
    let nonce = server.requests_to("/nonce").remove(0);
    assert!(nonce.body.is_empty() && nonce.header("content-type").is_none());
    let request = server.requests_to("/credential").remove(0);
    assert_eq!(
        request.header("authorization"),
        Some("Bearer access-code-1")
    );
    assert_eq!(request.json()["credential_configuration_id"], "dl");
    let (header, payload) = proof(&request);
    assert_eq!(header["typ"], "openid4vci-proof+jwt");
    assert_eq!(
        header["jwk"].as_object().unwrap().len(),
        3,
        "public members alone"
    );
    assert!(header.get("kid").is_none());
    assert_eq!(
        payload,
        json!({ "aud": authority.issuer, "iat": NOW, "nonce": "nonce-1" }),
        "no iss: the client is anonymous"
    );
    let notification = server.requests_to("/notification").remove(0).json();
    assert_eq!(
        notification,
        json!({ "notification_id": "n1", "event": "credential_accepted" })
    );

    drop(wallet);
    let again = phone.open().await;
    assert_eq!(again.licenses().unwrap()[0].id, id);
}

#[tokio::test]
async fn an_offer_by_reference_is_fetched_and_one_that_is_gone_says_so() {
    let (_phone, server, authority, wallet) = scene().await;
    let offer = authority.offer();
    let query = offer.split_once('=').unwrap().1;
    let document: String = url::form_urlencoded::parse(query.as_bytes())
        .next()
        .unwrap()
        .0
        .into();
    server.at(
        "/offers/1",
        Reply::new(200)
            .header("content-type", "application/json")
            .body(document),
    );
    let link = |path: &str| {
        let address: String =
            url::form_urlencoded::byte_serialize(server.url(path).as_bytes()).collect();
        format!("openid-credential-offer://?credential_offer_uri={address}")
    };
    enroll(&wallet, &link("/offers/1")).await.unwrap();
    assert_eq!(
        wallet.read_offer(&link("/offers/2")).await.err(),
        Some(Error::OfferGone)
    );
}

#[tokio::test]
async fn a_license_survives_that_its_first_status_cannot_be_had() {
    let (_phone, server, authority, wallet) = scene().await;
    server.at("/status/0", Reply::new(503));
    enroll(&wallet, &authority.offer()).await.unwrap();
    let held = wallet.licenses().unwrap();
    assert_eq!(held[0].status.state, LicenseStatus::Unknown);
    assert!(held[0].license.is_some());
}

#[tokio::test]
async fn a_transaction_code_that_cannot_be_right_is_not_sent() {
    let (_phone, server, authority, wallet) = scene().await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    for (code, error) in [
        (None, Error::TxCodeRequired),
        (Some(" "), Error::TxCodeRequired),
        (Some("12345"), Error::TxCodeMalformed),
        (Some("12345x"), Error::TxCodeMalformed),
    ] {
        assert_eq!(
            wallet.enroll(&offer, code, &cancel).await.err(),
            Some(error)
        );
    }
    assert!(server.requests_to("/token").is_empty());
}

#[tokio::test]
async fn a_wrong_transaction_code_leaves_nothing_behind_and_the_right_one_still_works() {
    let (_phone, server, authority, wallet) = scene().await;
    server.in_turn("/token", [Reply::error(400, "invalid_grant")]);
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(refused, Some(Error::Refused(OAuthError::InvalidGrant)));
    assert!(wallet.licenses().unwrap().is_empty());
    enroll(&wallet, &authority.offer()).await.unwrap();
}

#[tokio::test]
async fn a_phone_that_makes_no_key_is_found_out_before_the_code_is_spent() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::with_hardware(Some(Algorithm::Esp256));
    let wallet = phone.create(authority).await;
    for fault in [KeyStoreError::Locked, KeyStoreError::Unavailable] {
        let offer = wallet.read_offer(&authority.offer()).await.unwrap();
        // Without a trust list no code is spent either. From here on one is held.
        let (budget, cancel) = (Duration::from_secs(9), CancelToken::new());
        wallet.refresh(Refresh::Now, budget, &cancel).await.unwrap();
        phone.keys.set_fault(Some(fault));
        let failed = wallet.enroll(&offer, TX_CODE, &CancelToken::new()).await;
        assert_eq!(failed.err(), Some(Error::KeyStore(fault)));
        assert!(server.requests_to("/token").is_empty(), "{fault:?}");
        phone.keys.set_fault(None);
    }
    enroll(&wallet, &authority.offer()).await.unwrap();
}

/// Anyone can copy the public trust list and serve it with a wrong `Date`.
#[tokio::test]
async fn an_offer_of_a_stranger_does_not_set_the_clock() {
    let server = Server::start().await;
    let tls = TlsFront::before(&server);
    let mut authority = Authority::at(&server);
    authority.issuer = tls.url("");
    let authority = authority.serve(&server);
    let mut metadata = authority.metadata();
    metadata["trust_list_uri"] = json!(tls.url("/copied"));
    server.at(
        "/.well-known/openid-credential-issuer",
        Reply::json(200, &metadata),
    );
    let copied = Reply::new(200).body(authority.trust_list(NOW - 60));
    server.at(
        "/copied",
        copied.header("date", "Thu, 31 Dec 2099 23:59:59 GMT"),
    );
    server.in_turn("/token", [Reply::error(400, "invalid_grant")]);
    let phone = Phone::with_test_root();
    let wallet = phone.create(authority).await;
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(refused, Some(Error::Refused(OAuthError::InvalidGrant)));
    assert_eq!(server.requests_to("/copied").len(), 1);
    let time = wallet.time().unwrap();
    assert_eq!((time.now.seconds(), time.sureness), (NOW, Sureness::Unsure));
}

#[tokio::test]
async fn a_nonce_that_is_refused_is_replaced_once() {
    let (_phone, server, authority, wallet) = scene().await;
    let nonce = |nonce: &str| Reply::json(200, &json!({ "c_nonce": nonce }));
    server.in_turn("/nonce", [nonce("old"), nonce("fresh")]);
    server.in_turn("/credential", [Reply::error(400, "invalid_nonce")]);
    enroll(&wallet, &authority.offer()).await.unwrap();
    let nonces: Vec<Value> = server
        .requests_to("/credential")
        .iter()
        .map(|request| proof(request).1["nonce"].clone())
        .collect();
    assert_eq!(nonces, ["old", "fresh"]);
}

#[tokio::test]
async fn a_nonce_that_is_refused_twice_is_an_error_and_not_a_loop() {
    let (_phone, server, authority, wallet) = scene().await;
    server.at("/credential", Reply::error(400, "invalid_nonce"));
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(refused, Some(Error::Refused(OAuthError::InvalidNonce)));
    assert_eq!(server.requests_to("/credential").len(), 2);
}

#[tokio::test]
async fn the_key_is_of_the_kind_that_device_and_issuer_agree_on() {
    for (hardware, listed, expected) in [
        (None, vec!["ES256", "EdDSA", "Ed25519"], "EdDSA"),
        (None, vec!["Ed25519", "EdDSA"], "Ed25519"),
        (None, vec!["ES256"], "ES256"),
        (None, vec!["ES384", "ES256"], "ES256"),
        (Some(Algorithm::Esp256), vec!["EdDSA", "ES256"], "ES256"),
        (Some(Algorithm::Esp256), vec!["EdDSA"], "EdDSA"),
    ] {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
        let mut metadata = authority.metadata();
        let proofs =
            &mut metadata["credential_configurations_supported"]["dl"]["proof_types_supported"];
        proofs["jwt"]["proof_signing_alg_values_supported"] = json!(listed);
        server.at(
            "/.well-known/openid-credential-issuer",
            Reply::json(200, &metadata),
        );
        let phone = Phone::with_hardware(hardware);
        let wallet = phone.create(authority).await;
        let id = enroll(&wallet, &authority.offer()).await.unwrap();
        let request = server.requests_to("/credential").remove(0);
        assert_eq!(proof(&request).0["alg"], expected);
        // The test's issuer verified the proof; a frame shows that the stored key still signs.
        let mut presentation = wallet.present(&id).unwrap();
        presentation.frame(wallet.reading()).await.unwrap();
        presentation.end().await.unwrap();
    }
}

#[tokio::test]
async fn an_issuer_whose_proofs_this_wallet_cannot_make_is_refused_before_a_key_is_made() {
    let (_phone, server, authority, wallet) = scene().await;
    let mut metadata = authority.metadata();
    let proofs =
        &mut metadata["credential_configurations_supported"]["dl"]["proof_types_supported"];
    proofs["jwt"]["proof_signing_alg_values_supported"] = json!(["ES512"]);
    server.at(
        "/.well-known/openid-credential-issuer",
        Reply::json(200, &metadata),
    );
    assert_eq!(
        enroll(&wallet, &authority.offer()).await.err(),
        Some(Unsupported::Proof.into())
    );
    assert!(
        server.requests_to("/token").is_empty(),
        "the code is not spent in vain"
    );
}

#[tokio::test]
async fn credential_identifiers_of_the_token_answer_are_used() {
    let (_phone, server, authority, wallet) = scene().await;
    let details = json!([{
        "type": "openid_credential", "credential_configuration_id": "dl",
        "credential_identifiers": ["this-driver"],
    }]);
    let answer = json!({
        "access_token": "a", "token_type": "bearer", "authorization_details": details,
    });
    server.at("/token", Reply::json(200, &answer));
    enroll(&wallet, &authority.offer()).await.unwrap();
    let body = server.requests_to("/credential").remove(0).json();
    assert_eq!(body["credential_identifier"], "this-driver");
    assert!(body.get("credential_configuration_id").is_none());
}

#[tokio::test]
async fn a_license_that_comes_later_is_a_named_error_and_the_offer_can_be_tried_again() {
    let (_phone, server, authority, wallet) = scene().await;
    server.in_turn(
        "/credential",
        [Reply::json(
            202,
            &json!({ "transaction_id": "t", "interval": 60 }),
        )],
    );
    let deferred = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(deferred, Some(Error::IssuanceDeferred));
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
async fn dpop_is_used_where_the_server_lists_it_with_its_nonces() {
    let (_phone, server, authority, wallet) = scene().await;
    let issuer = &authority.issuer;
    let metadata = json!({
        "issuer": issuer, "token_endpoint": format!("{issuer}/token"),
        "dpop_signing_alg_values_supported": ["ES256"],
    });
    server.at(
        "/.well-known/oauth-authorization-server",
        Reply::json(200, &metadata),
    );
    let granted = json!({ "access_token": "a", "token_type": "DPoP", "refresh_token": "r" });
    server.in_turn(
        "/token",
        [
            Reply::error(400, "use_dpop_nonce").header("DPoP-Nonce", "n-server"),
            Reply::json(200, &granted),
        ],
    );
    let challenge = r#"DPoP error="use_dpop_nonce", error_description="again""#;
    server.in_turn(
        "/credential",
        [Reply::new(401)
            .header("WWW-Authenticate", challenge)
            .header("DPoP-Nonce", "n-issuer")],
    );
    enroll(&wallet, &authority.offer()).await.unwrap();
    let payloads = |path: &str| -> Vec<Value> {
        let requests = server.requests_to(path);
        requests
            .iter()
            .map(|request| crate::testing::jwt(request.header("dpop").unwrap()).1)
            .collect()
    };
    let tokens = payloads("/token");
    assert!(tokens[0].get("nonce").is_none());
    assert_eq!(tokens[1]["nonce"], "n-server");
    assert_eq!(tokens[1]["htu"], format!("{issuer}/token"));
    assert_eq!(tokens[1]["htm"], "POST");
    assert_ne!(tokens[0]["jti"], tokens[1]["jti"]);
    let credentials = payloads("/credential");
    assert_eq!(credentials[1]["nonce"], "n-issuer");
    assert!(credentials[1]["ath"].is_string());
    let authorized = server.requests_to("/credential").remove(1);
    assert_eq!(authorized.header("authorization"), Some("DPoP a"));
}

#[tokio::test]
async fn dpop_is_not_used_where_nobody_asks_and_begun_where_the_token_endpoint_demands_it() {
    let (_phone, server, authority, wallet) = scene().await;
    let granted = json!({ "access_token": "a", "token_type": "DPoP" });
    server.in_turn(
        "/token",
        [
            Reply::error(400, "invalid_dpop_proof"),
            Reply::json(200, &granted),
        ],
    );
    enroll(&wallet, &authority.offer()).await.unwrap();
    let tokens = server.requests_to("/token");
    assert!(tokens[0].header("dpop").is_none());
    assert!(tokens[1].header("dpop").is_some());
}

#[tokio::test]
async fn a_redirect_is_followed_within_its_scheme_and_a_loop_is_named() {
    let (_phone, server, authority, wallet) = scene().await;
    let well_known = "/.well-known/openid-credential-issuer";
    server.at("/moved", Reply::json(200, &authority.metadata()));
    server.at(well_known, Reply::new(307).header("location", "/moved"));
    wallet.read_offer(&authority.offer()).await.unwrap();
    server.at("/moved", Reply::new(302).header("location", well_known));
    let looped = wallet.read_offer(&authority.offer()).await.err();
    assert_eq!(
        looped,
        Some(Error::Transport(TransportError::TooManyRedirects))
    );
    server.at(
        "/moved",
        Reply::new(302).header("location", "https://127.0.0.1:1/"),
    );
    let changed = wallet.read_offer(&authority.offer()).await.err();
    let named = Error::Transport(TransportError::RedirectToHttps);
    assert_eq!(changed, Some(named));
}

#[tokio::test]
async fn habits_of_other_issuers_are_forgiven() {
    let (_phone, server, authority, wallet) = scene().await;
    let issuer = &authority.issuer;
    // Metadata at the address of old drafts, with an extra slash and another server for the tokens.
    let server_url = format!("{issuer}/as");
    let mut metadata = authority.metadata();
    metadata["credential_issuer"] = json!(format!("{issuer}/"));
    metadata["authorization_servers"] = json!([server_url]);
    for left_out in ["nonce_endpoint", "display", "batch_credential_issuance"] {
        metadata[left_out] = Value::Null;
    }
    metadata["unknown"] = json!({ "anything": [1, 2] });
    server.at(
        "/.well-known/openid-credential-issuer",
        Reply::json(200, &metadata),
    );
    server.at(
        "/.well-known/oauth-authorization-server/as",
        Reply::new(200).body("<html>"),
    );
    let described = json!({
        "issuer": server_url, "token_endpoint": format!("{issuer}/as/token"),
        "dpop_signing_alg_values_supported": null,
    });
    server.at(
        "/as/.well-known/openid-configuration",
        Reply::json(200, &described),
    );
    // Numbers as text and text as numbers, the nonce beside the token, a refusal that brings a
    // fresh one, one bare credential.
    let granted = json!({
        "access_token": "a", "token_type": "bearer", "expires_in": "600", "c_nonce": "with the token",
        "scope": null, "authorization_details": null,
    });
    server.at("/as/token", Reply::json(200, &granted));
    server.script(|request| {
        (request.path == "/credential").then(|| {
            if proof(request).1["nonce"] == "with the token" {
                return Reply::json(
                    400,
                    &json!({ "error": "invalid_proof", "c_nonce": "fresh" }),
                );
            }
            let credential = authority.license(&proven_key(request), NOW);
            use base64::Engine;
            let padded = base64::engine::general_purpose::URL_SAFE.encode(credential);
            Reply::json(
                200,
                &json!({ "format": "dc+sd-cwt", "credentials": null, "credential": padded, "notification_id": 7 }),
            )
        })
    });
    enroll(&wallet, &authority.offer()).await.unwrap();
}

#[tokio::test]
async fn answers_that_are_no_answers_have_names() {
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
async fn a_removed_license_is_gone_with_its_keys_tokens_and_status() {
    let (phone, _server, authority, wallet) = scene().await;
    let id = enroll(&wallet, &authority.offer()).await.unwrap();
    wallet.remove(&id).await.unwrap();
    assert!(wallet.licenses().unwrap().is_empty());
    assert_eq!(wallet.remove(&id).await.err(), Some(Error::NoSuchLicense));
    drop(wallet);
    let wallet = phone.open().await;
    assert!(wallet.examine().unwrap().damaged.is_empty());
    let wallet = Arc::new(wallet);
    assert!(wallet.present(&id).is_err());
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
