//! Key proofs, their nonces and algorithms, and DPoP.

use super::*;

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

/// No token is asked for, and none of the code's attempts is spent.
#[tokio::test]
async fn an_issuer_that_demands_an_attestation_is_refused_by_name_before_the_code_is_spent() {
    let (_phone, server, authority, wallet) = scene().await;
    let mut metadata = authority.metadata();
    let proofs =
        &mut metadata["credential_configurations_supported"]["dl"]["proof_types_supported"];
    proofs["jwt"]["key_attestations_required"] = json!({ "key_storage": ["iso_18045_high"] });
    let place = "/.well-known/openid-credential-issuer";
    server.at(place, Reply::json(200, &metadata));
    let read = wallet.read_offer(&authority.offer()).await.err();
    assert_eq!(read, Some(Unsupported::KeyAttestation.into()));

    server.at(place, Reply::json(200, &authority.metadata()));
    let issuer = &authority.issuer;
    let metadata = json!({
        "issuer": issuer, "token_endpoint": format!("{issuer}/token"),
        "token_endpoint_auth_methods_supported": ["attest_jwt_client_auth"],
    });
    server.at(
        "/.well-known/oauth-authorization-server",
        Reply::json(200, &metadata),
    );
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(refused, Some(Unsupported::AppAttestation.into()));
    assert!(server.requests_to("/token").is_empty());
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
async fn dpop_is_used_only_where_the_token_endpoint_demands_it() {
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
