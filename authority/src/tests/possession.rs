//! Proofs of possession (RFC 9449) at every endpoint, with two servers that answer in turn.

use super::town::{App, Tokens, Town, claims, encode, possession, proof_key, refused};
use super::*;
use crate::rules::offers::Mode;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// A refresh request for a token that there is not.
const REFRESH: &str = "grant_type=refresh_token&refresh_token=x";

#[tokio::test]
async fn a_proof_is_taken_once_and_by_both_servers() {
    let town = Town::new().await;
    let app = App::new(&town);
    let tokens = app.license(&town.add(None).license_id, Mode::First).await;
    let nonce = app.nonce.borrow().clone();
    let proof = possession(
        &app.proof_key,
        &claims(&town, "/token", None, nonce.as_deref()),
    );
    let first = app.post_with("/token", FORM, None, REFRESH, &proof).await;
    assert_eq!(first.refusal(), refused(400, "invalid_grant"));
    for _ in 0..2 {
        let again = app.post_with("/token", FORM, None, REFRESH, &proof).await;
        assert_eq!(again.refusal(), refused(400, "invalid_dpop_proof"));
        assert!(again.header("dpop-nonce").is_some());
    }
    let access = Some(tokens.access.as_str());
    let shown = claims(&town, "/credential", access, nonce.as_deref());
    let proof = possession(&app.proof_key, &shown);
    let body = app.wanted().await;
    let first = app
        .post_with("/credential", JSON, access, &body, &proof)
        .await;
    app.credential_in(&first);
    let again = app
        .post_with("/credential", JSON, access, &body, &proof)
        .await;
    assert_eq!(again.refusal(), refused(401, "invalid_dpop_proof"));
    assert_eq!(
        again.header("www-authenticate"),
        Some("DPoP error=\"invalid_dpop_proof\"")
    );
}

#[tokio::test]
async fn a_proof_without_a_nonce_or_with_one_that_is_over_is_told_to_take_a_fresh_one() {
    let town = Town::new().await;
    let app = App::new(&town);
    let tokens = app.license(&town.add(None).license_id, Mode::First).await;
    let stale = app.nonce.borrow().clone();
    town.pass(301);
    let tokens = Tokens::of(&app.refresh(&tokens.refresh).await);
    let c_nonce = town.send("POST", "/nonce", &[], b"").await.text("c_nonce");
    for nonce in [None, stale, Some("x".to_owned()), Some(c_nonce)] {
        let proof = possession(
            &app.proof_key,
            &claims(&town, "/token", None, nonce.as_deref()),
        );
        let reply = app.post_with("/token", FORM, None, REFRESH, &proof).await;
        assert_eq!(reply.refusal(), refused(400, "use_dpop_nonce"));
        assert!(reply.header("dpop-nonce").is_some());
        let access = Some(tokens.access.as_str());
        for path in ["/credential", "/deferred_credential", "/notification"] {
            let shown = claims(&town, path, access, nonce.as_deref());
            let proof = possession(&app.proof_key, &shown);
            let body = match path {
                "/credential" => app.wanted().await,
                "/notification" => {
                    json!({ "notification_id": "x", "event": "credential_accepted" }).to_string()
                }
                _ => json!({ "transaction_id": "x" }).to_string(),
            };
            let reply = app.post_with(path, JSON, access, &body, &proof).await;
            assert_eq!(reply.refusal(), refused(401, "use_dpop_nonce"), "{path}");
            assert_eq!(
                reply.header("www-authenticate"),
                Some("DPoP error=\"use_dpop_nonce\"")
            );
        }
    }
}

#[tokio::test]
async fn a_proof_for_another_request_is_none() {
    let town = Town::new().await;
    let app = App::new(&town);
    let tokens = app.license(&town.add(None).license_id, Mode::First).await;
    let access = Some(tokens.access.as_str());
    let nonce = app.nonce.borrow().clone();
    let good = |access| claims(&town, "/credential", access, nonce.as_deref());
    let body = app.wanted().await;
    let with = |name: &str, value: Value| {
        let mut claims = good(access);
        claims[name] = value;
        claims
    };
    for wrong in [
        with("htm", json!("GET")),
        with("htu", json!(format!("{ISSUER}/token"))),
        with("htu", json!("https://evil.example/credential")),
        with("ath", json!("x")),
        with("iat", json!(START - 2 * DAY)),
        with("jti", Value::Null),
        good(None),
        good(Some("another token")),
    ] {
        let proof = possession(&app.proof_key, &wrong);
        let reply = app
            .post_with("/credential", JSON, access, &body, &proof)
            .await;
        assert_eq!(
            reply.refusal(),
            refused(401, "invalid_dpop_proof"),
            "{wrong}"
        );
    }
    let proof = possession(&app.proof_key, &good(access));
    let bearer = format!("DPoP {}", tokens.access);
    let headers = [
        ("Content-Type", JSON),
        ("DPoP", proof.as_str()),
        ("DPoP", proof.as_str()),
        ("Authorization", bearer.as_str()),
    ];
    let twice = town
        .send("POST", "/credential", &headers, body.as_bytes())
        .await;
    assert_eq!(twice.refusal(), refused(401, "invalid_dpop_proof"));
}

#[tokio::test]
async fn a_bound_token_is_good_for_its_key_alone_and_never_as_a_bearer_token() {
    let town = Town::new().await;
    let app = App::new(&town);
    let tokens = app.license(&town.add(None).license_id, Mode::First).await;
    let bearer = format!("Bearer {}", tokens.access);
    let headers = [("Content-Type", JSON), ("Authorization", bearer.as_str())];
    let body = app.wanted().await;
    for path in ["/credential", "/deferred_credential", "/notification"] {
        let reply = town.send("POST", path, &headers, body.as_bytes()).await;
        assert_eq!(reply.refusal(), refused(401, "invalid_token"), "{path}");
        let challenge = reply.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("DPoP error=\"invalid_token\""));
    }
    let thief = App {
        holder: new_key(),
        proof_key: proof_key(),
        ..App::new(&town)
    };
    let reply = thief.credential(&tokens.access).await;
    assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    let gone = refused(400, "invalid_grant");
    assert_eq!(thief.refresh(&tokens.refresh).await.refusal(), gone);
    let form = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh);
    let plain = [("Content-Type", FORM)];
    let reply = town.send("POST", "/token", &plain, form.as_bytes()).await;
    assert_eq!(reply.refusal(), gone);
    // Nothing of this harms the owner.
    let renewed = Tokens::of(&app.refresh(&tokens.refresh).await);
    app.credential_in(&app.credential(&renewed.access).await);
}

#[tokio::test]
async fn the_first_redemption_of_an_offer_fixes_whether_and_to_which_key_its_tokens_are_bound() {
    let town = Town::new().await;
    let added = town.add(None);
    let (app, other) = (App::new(&town), App::new(&town));
    let reply = app.redeem_offer(&added).await;
    assert_eq!(reply.json()["token_type"], "DPoP");
    let gone = refused(400, "invalid_grant");
    assert_eq!(other.redeem_offer(&added).await.refusal(), gone);
    let form = [
        ("grant_type", crate::offers::PRE_AUTHORIZED.to_owned()),
        ("pre-authorized_code", code_of(&added)),
        ("tx_code", added.tx_code.clone()),
    ];
    let plain = [("Content-Type", FORM)];
    let body = encode(&form);
    let reply = town.send("POST", "/token", &plain, body.as_bytes()).await;
    assert_eq!(reply.refusal(), gone);
    let tokens = Tokens::of(&app.redeem_offer(&added).await);
    app.credential_in(&app.credential(&tokens.access).await);
}

#[tokio::test]
async fn bearer_tokens_go_on_as_such_also_beside_a_proof() {
    let town = Town::new().await;
    let added = town.add(None);
    let tokens = town
        .open()
        .register()
        .redeem(
            &code_of(&added),
            Some(&added.tx_code),
            None,
            town.now().into(),
        )
        .unwrap()
        .unwrap();
    let app = App::new(&town);
    for reply in [
        app.redeem_offer(&added).await,
        app.refresh(&tokens.refresh).await,
    ] {
        assert_eq!(reply.json()["token_type"], "Bearer", "{}", reply.json());
    }
    // It is no bound token.
    let reply = app.credential(&tokens.access).await;
    assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    assert!(request(&town.open(), &tokens.access, &app.holder, town.now()).is_ok());
}

#[tokio::test]
async fn a_replayed_or_stale_proof_spends_no_code_and_counts_no_wrong_transaction_code() {
    let town = Town::new().await;
    let mut added = town.add(None);
    let right = std::mem::replace(&mut added.tx_code, "x".to_owned());
    let app = App::new(&town);
    let form = [
        ("grant_type", crate::offers::PRE_AUTHORIZED.to_owned()),
        ("pre-authorized_code", code_of(&added)),
        ("tx_code", added.tx_code.clone()),
    ];
    let body = encode(&form);
    for _ in 0..6 {
        let proof = possession(&app.proof_key, &claims(&town, "/token", None, None));
        let reply = app.post_with("/token", FORM, None, &body, &proof).await;
        assert_eq!(reply.refusal(), refused(400, "use_dpop_nonce"));
    }
    added.tx_code = right;
    Tokens::of(&app.redeem_offer(&added).await);
}
