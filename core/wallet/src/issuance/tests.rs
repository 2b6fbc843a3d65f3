//! Issuance against scripted servers: all steps, other issuers' habits, and crashes between steps.

mod clocks;
mod deferred;
mod issuers;
mod lost;
mod proofs;
mod refused;
mod resumed;
mod retry_after;
mod sign_in;
mod texts;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::{Algorithm, Signer};
use vidimus_credential::status::LicenseStatus;

use crate::cancel::CancelToken;
use crate::error::OAuthError;
use crate::error::{Error, MetadataFault, Unsupported};
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
async fn a_license_is_kept_even_if_its_first_status_cannot_be_fetched() {
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
async fn a_phone_that_cannot_make_a_key_fails_before_the_code_is_spent() {
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
async fn habits_of_other_issuers_are_accepted() {
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
