//! Issuance over HTTP: the way that works, and each refusal of the specification.

use serde_json::{Value, json};
use vidimus_authority::{CREDENTIAL_LIFE, Moment, Rotation};
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::{Algorithm, LicenseStatus, Signer as _, SigningKey};

use crate::common::{
    LIVE, PRE_AUTHORIZED, Proof, Reply, START, Town, at, code_of, count, decode, driver_json,
    holder, jwk_of, key, license, portrait, published, read, refused, request_with, trust_of,
};

async fn enrolled(town: &Town) -> (String, String) {
    let reply = town.redeem(&town.add_license()).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, Some("no-store"))
    );
    assert_eq!(reply.json()["token_type"], json!("Bearer"));
    assert!(
        reply.json().get("c_nonce").is_none()
            && reply.json().get("authorization_details").is_none()
    );
    (reply.text("access_token"), reply.text("refresh_token"))
}

#[tokio::test]
async fn a_driver_enrolls_with_either_kind_of_key_and_renews() {
    let town = Town::new().await;
    for algorithm in [Algorithm::Ed25519, Algorithm::Esp256] {
        let key = holder(algorithm);
        let (access, refresh) = enrolled(&town).await;
        let reply = town.credential(&access, &key).await;
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (200, Some("no-store"))
        );
        let first = town.credential_in(&reply);
        let claims = first.claims();
        assert!(claims.license.family_name() == license().family_name());
        assert!(claims.holder_key == *key.verifying_key());
        assert_eq!(claims.iss, town.issuer);
        assert_eq!(claims.exp, claims.iat.saturating_add(CREDENTIAL_LIFE));
        assert!(first.portrait().is_some());
        town.acknowledge(&access, &reply).await;
        let renewed = town.refresh(&refresh).await;
        let second = town.fetch(&renewed, &key).await.credential;
        assert!(
            second.claims().status.uri != claims.status.uri,
            "a renewed credential is in another list: {}",
            claims.status.uri
        );
        assert_ne!(second.claims().sub, claims.sub);
        assert_eq!(
            town.status_of(&first),
            LicenseStatus::Valid,
            "the old one runs out"
        );
        assert!(second.claims().iat >= claims.iat);
    }
}

#[tokio::test]
async fn a_credential_has_the_time_of_a_published_list_in_which_its_state_stands() {
    let town = Town::new().await;
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let claims = phone.credential.claims();
    let (state, signed) = published(town.home(), &town.issuer, &claims.status);
    assert_eq!((state, signed), (LicenseStatus::Valid, claims.iat));
    // A second one in the same list needs no signature: the list is as it was.
    town.pass(120);
    let other = town.enroll(&town.add_license(), &key(1)).await;
    assert_eq!(other.credential.claims().iat, signed);
    assert_ne!(other.credential.claims().status.idx, claims.status.idx);

    // A suspended driver's credential never comes before its suspension.
    let added = town.add_license();
    town.authority()
        .set_status(&added.license_id, LicenseStatus::Suspended, town.now())
        .unwrap();
    let suspended = town.enroll(&added, &key(2)).await.credential;
    let claims = suspended.claims();
    let (state, signed) = published(town.home(), &town.issuer, &claims.status);
    assert_eq!((state, signed), (LicenseStatus::Suspended, claims.iat));
    assert!(claims.iat > other.credential.claims().iat);
}

#[tokio::test]
async fn a_credential_never_outlives_the_license() {
    let town = Town::new().await;
    let mut file = driver_json();
    file["expiry_date"] = json!("2027-01-20");
    let added = town
        .authority()
        .add_license(&read(&file), &portrait(150, 200), town.now())
        .unwrap();
    let tokens = town.redeem(&added).await;
    let key = holder(Algorithm::Ed25519);
    let reply = town.credential(&tokens.text("access_token"), &key).await;
    let credential = town.credential_in(&reply);
    assert_eq!(credential.claims().exp.to_rfc3339(), "2027-01-21T00:00:00Z");
    town.pass(6 * 86_400);
    let tokens = town.refresh(&tokens.text("refresh_token")).await;
    let reply = town.credential(&tokens.text("access_token"), &key).await;
    assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
}

#[tokio::test]
async fn a_suspended_license_is_renewed_and_a_revoked_or_superseded_one_is_not() {
    let town = Town::new().await;
    let authority = town.authority();
    let key = holder(Algorithm::Ed25519);
    for (state, issued) in [
        (LicenseStatus::Suspended, true),
        (LicenseStatus::Superseded, false),
        (LicenseStatus::Revoked, false),
    ] {
        let added = town.add_license();
        let access = town.redeem(&added).await.text("access_token");
        authority
            .set_status(&added.license_id, state, town.now())
            .unwrap();
        let reply = town.credential(&access, &key).await;
        assert_eq!(reply.status == 200, issued, "{state:?}");
    }
}

#[tokio::test]
async fn the_token_endpoint_refuses_with_the_codes_of_oauth() {
    let town = Town::new().await;
    let added = town.add_license();
    let (code, tx) = (code_of(&added), added.tx_code.as_str());
    let wrong = if tx == "000000" { "000001" } else { "000000" };
    let grant = ("grant_type", PRE_AUTHORIZED);
    let code = ("pre-authorized_code", code.as_str());
    let cases: [(&[(&str, &str)], &str); 12] = [
        (&[], "invalid_request"),
        (&[code, ("tx_code", tx)], "invalid_request"),
        (&[("grant_type", ""), code], "invalid_request"),
        (
            &[("grant_type", "authorization_code"), ("code", "x")],
            "unsupported_grant_type",
        ),
        (&[grant, ("tx_code", tx)], "invalid_request"),
        (&[grant, code], "invalid_request"),
        (&[grant, code, ("tx_code", "")], "invalid_request"),
        (&[grant, code, code, ("tx_code", tx)], "invalid_request"),
        (
            &[grant, ("pre-authorized_code", "unknown"), ("tx_code", tx)],
            "invalid_grant",
        ),
        (&[grant, code, ("tx_code", wrong)], "invalid_grant"),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", "unknown"),
            ],
            "invalid_grant",
        ),
    ];
    for (form, error) in cases {
        assert_eq!(
            town.form(form).await.refusal(),
            refused(400, error),
            "{error}: {form:?}"
        );
    }
    // Unknown parameters are ignored, and `resource` may come twice.
    let resource = ("resource", town.issuer.as_str());
    let good = [
        grant,
        code,
        ("tx_code", tx),
        ("user_pin", tx),
        resource,
        resource,
        ("client_id", "x"),
    ];
    assert_eq!(town.form(&good).await.status, 200);
}

#[tokio::test]
async fn five_wrong_transaction_codes_end_an_offer_and_so_does_time() {
    let town = Town::new().await;
    let added = town.add_license();
    let code = code_of(&added);
    let wrong = if added.tx_code == "000000" {
        "000001"
    } else {
        "000000"
    };
    let guess = [
        ("grant_type", PRE_AUTHORIZED),
        ("pre-authorized_code", code.as_str()),
        ("tx_code", wrong),
    ];
    for _ in 0..4 {
        assert_eq!(
            town.form(&guess).await.refusal(),
            refused(400, "invalid_grant")
        );
    }
    let other = town.add_license();
    assert_eq!(
        town.form(&guess).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.redeem(&added).await.refusal(),
        refused(400, "invalid_grant")
    );
    town.pass(900);
    assert_eq!(
        town.redeem(&other).await.status,
        200,
        "the last second counts"
    );
    let late = town.add_license();
    town.pass(901);
    assert_eq!(
        town.redeem(&late).await.refusal(),
        refused(400, "invalid_grant")
    );
}

#[tokio::test]
async fn four_wrong_transaction_codes_leave_an_offer_good() {
    let town = Town::new().await;
    let added = town.add_license();
    let code = code_of(&added);
    for wrong in ["", "x", "12345", "1234567", "aaaaaa"] {
        town.form(&[
            ("grant_type", PRE_AUTHORIZED),
            ("pre-authorized_code", &code),
            ("tx_code", wrong),
        ])
        .await;
    }
    assert_eq!(town.redeem(&added).await.status, 200);
}

#[tokio::test]
async fn tokens_end() {
    let town = Town::new().await;
    let key = holder(Algorithm::Ed25519);
    let (access, refresh) = enrolled(&town).await;
    town.pass(601);
    assert_eq!(
        town.credential(&access, &key).await.refusal(),
        refused(401, "invalid_token")
    );
    town.pass(90 * 86_400);
    assert_eq!(
        town.refresh(&refresh).await.refusal(),
        refused(400, "invalid_grant")
    );
}

#[tokio::test]
async fn without_a_good_token_the_answer_is_401_with_a_challenge() {
    let town = Town::new().await;
    for path in ["/credential", "/notification"] {
        for headers in [
            &[][..],
            &[("Authorization", "Basic eDp5")],
            &[("Authorization", "DPoP x")],
        ] {
            let reply = town.send("POST", path, headers, b"{}").await;
            assert_eq!(
                (
                    reply.status,
                    reply.header("www-authenticate"),
                    reply.body.len()
                ),
                (401, Some("Bearer, DPoP algs=\"ES256 EdDSA Ed25519\""), 0)
            );
        }
        let reply = town.post_json(path, "unknown", &json!({})).await;
        assert_eq!(
            reply.header("www-authenticate"),
            Some("Bearer error=\"invalid_token\"")
        );
        assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    }
}

#[tokio::test]
async fn the_scheme_of_a_bearer_token_is_read_in_any_case() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let bearer = format!("bearer {access}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json; charset=utf-8"),
    ];
    assert_eq!(
        town.send("POST", "/credential", &headers, b"{}")
            .await
            .refusal(),
        refused(400, "invalid_credential_request")
    );
}

#[tokio::test]
async fn wrong_methods_types_and_sizes_have_their_own_answers() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let bearer = format!("Bearer {access}");
    for (path, good) in [
        ("/token", "POST"),
        ("/nonce", "POST"),
        ("/credential", "POST"),
        ("/notification", "POST"),
    ] {
        let reply = town.get(path).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, Some(good)),
            "{path}"
        );
    }
    for path in [
        "/trust",
        "/s/0/0",
        "/.well-known/openid-credential-issuer",
        "/offers/x",
    ] {
        assert_eq!(
            town.send("POST", path, &[], b"").await.status,
            405,
            "{path}"
        );
    }
    let big = vec![b' '; 200_000];
    for (path, media_type, wrong) in [
        (
            "/token",
            "application/x-www-form-urlencoded",
            "application/json",
        ),
        ("/credential", "application/json", "application/jwt"),
        ("/notification", "application/json", "text/plain"),
    ] {
        let send = |media_type, body| {
            let headers = [
                ("Authorization", bearer.clone()),
                ("Content-Type", media_type),
            ];
            let town = &town;
            async move {
                let headers: Vec<(&str, &str)> = headers
                    .iter()
                    .map(|(name, value): &(&str, String)| (*name, value.as_str()))
                    .collect();
                town.send("POST", path, &headers, body).await
            }
        };
        assert_eq!(
            send(wrong.to_owned(), b"{}").await.refusal(),
            refused(415, "invalid_request"),
            "{path}"
        );
        assert_eq!(
            send(media_type.to_owned(), &big).await.status,
            413,
            "{path}"
        );
    }
}

#[tokio::test]
async fn credential_requests_are_refused_with_the_codes_of_the_specification() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let key = holder(Algorithm::Ed25519);
    let proof = Proof::new(&town, &key, &town.nonce().await).sign(&key);
    let with = |name: &str, value: Value| {
        let mut request = request_with(&proof);
        request[name] = value;
        request
    };
    let without = |name: &str| {
        let mut request = request_with(&proof);
        request.as_object_mut().unwrap().remove(name);
        request
    };
    let mut draft = without("proofs");
    draft["proof"] = json!({ "proof_type": "jwt", "jwt": proof });
    for (request, error) in [
        (json!([]), "invalid_credential_request"),
        (
            without("credential_configuration_id"),
            "invalid_credential_request",
        ),
        (
            with("credential_configuration_id", json!(7)),
            "invalid_credential_request",
        ),
        (
            with("credential_configuration_id", json!("mdl")),
            "unknown_credential_configuration",
        ),
        (
            with("credential_identifier", json!("dl")),
            "invalid_credential_request",
        ),
        (
            json!({ "credential_identifier": "x" }),
            "unknown_credential_identifier",
        ),
        (
            with("format", json!("dc+sd-cwt")),
            "invalid_credential_request",
        ),
        (
            with("credential_response_encryption", json!({})),
            "invalid_encryption_parameters",
        ),
        (draft, "invalid_proof"),
        (without("proofs"), "invalid_proof"),
        (with("proofs", json!({})), "invalid_proof"),
        (with("proofs", json!({ "jwt": [] })), "invalid_proof"),
        (
            with("proofs", json!({ "jwt": [proof, proof] })),
            "invalid_proof",
        ),
        (with("proofs", json!({ "jwt": [7] })), "invalid_proof"),
        (
            with("proofs", json!({ "jwt": [proof], "di_vp": [] })),
            "invalid_proof",
        ),
        (
            with("proofs", json!({ "attestation": ["x"] })),
            "invalid_proof",
        ),
    ] {
        assert_eq!(
            town.post_json("/credential", &access, &request)
                .await
                .refusal(),
            refused(400, error),
            "{request}"
        );
    }
    assert_eq!(
        town.post_json("/credential", &access, &request_with(&proof))
            .await
            .status,
        200,
        "the nonce was not spent"
    );
    let again = town
        .post_json("/credential", &access, &request_with(&proof))
        .await;
    assert_eq!(again.refusal(), refused(400, "invalid_nonce"));
}

/// A change of one thing in a proof.
type Change = fn(&mut Proof);

#[tokio::test]
async fn a_proof_with_any_fault_is_invalid() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let key = holder(Algorithm::Ed25519);
    let changes: [(&str, Change); 25] = [
        ("typ", |proof| proof.header["typ"] = json!("jwt")),
        ("no typ", |proof| {
            drop(proof.header.as_object_mut().unwrap().remove("typ"))
        }),
        ("alg none", |proof| proof.header["alg"] = json!("none")),
        ("alg ES384", |proof| proof.header["alg"] = json!("ES384")),
        ("alg of another key", |proof| {
            proof.header["alg"] = json!("ES256")
        }),
        ("no jwk", |proof| {
            drop(proof.header.as_object_mut().unwrap().remove("jwk"))
        }),
        ("kid beside jwk", |proof| {
            proof.header["kid"] = json!("did:key:z")
        }),
        ("x5c", |proof| proof.header["x5c"] = json!([])),
        ("crit", |proof| proof.header["crit"] = json!(["x"])),
        ("private member", |proof| {
            proof.header["jwk"]["d"] = json!("AAAA")
        }),
        ("symmetric member", |proof| {
            proof.header["jwk"]["k"] = json!("AAAA")
        }),
        ("short x", |proof| proof.header["jwk"]["x"] = json!("AAAA")),
        ("small-order x", |proof| {
            proof.header["jwk"]["x"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        }),
        ("other curve", |proof| {
            proof.header["jwk"]["crv"] = json!("X25519")
        }),
        ("other aud", |proof| {
            proof.claims["aud"] = json!("https://other.example")
        }),
        ("array aud", |proof| {
            proof.claims["aud"] = json!([proof.claims["aud"]])
        }),
        ("no aud", |proof| {
            drop(proof.claims.as_object_mut().unwrap().remove("aud"))
        }),
        ("no iat", |proof| {
            drop(proof.claims.as_object_mut().unwrap().remove("iat"))
        }),
        ("text iat", |proof| {
            proof.claims["iat"] = json!("1800000000")
        }),
        ("old iat", |proof| {
            proof.claims["iat"] = json!(proof.claims["iat"].as_u64().unwrap() - 3_601)
        }),
        ("future iat", |proof| {
            proof.claims["iat"] = json!(proof.claims["iat"].as_u64().unwrap() + 3_601)
        }),
        ("expired", |proof| {
            proof.claims["exp"] = json!(proof.claims["iat"].as_u64().unwrap() - 1)
        }),
        ("no nonce", |proof| {
            drop(proof.claims.as_object_mut().unwrap().remove("nonce"))
        }),
        ("null nonce", |proof| proof.claims["nonce"] = Value::Null),
        ("another's key", |proof| {
            proof.header["jwk"] =
                jwk_of(&SigningKey::from_secret(Algorithm::Ed25519, &[9; 32]).unwrap())
        }),
    ];
    let nonce = town.nonce().await;
    for (name, change) in changes {
        let mut proof = Proof::new(&town, &key, &nonce);
        change(&mut proof);
        let reply = town
            .post_json("/credential", &access, &request_with(&proof.sign(&key)))
            .await;
        assert_eq!(reply.refusal(), refused(400, "invalid_proof"), "{name}");
    }
    for text in [
        "",
        "a.b",
        "a.b.c",
        "e30.e30.",
        "\u{e9}.e30.e30",
        "e30.e30.AAAA",
    ] {
        let reply = town
            .post_json("/credential", &access, &request_with(text))
            .await;
        assert_eq!(reply.refusal(), refused(400, "invalid_proof"), "{text}");
    }
    // A phone whose clock is an hour off has a good proof all the same.
    let mut good = Proof::new(&town, &key, &nonce);
    good.header["alg"] = json!("Ed25519");
    good.claims["iss"] = json!("a client that names itself");
    let now = u32::try_from(town.now().seconds()).unwrap();
    good.claims["iat"] = json!(f64::from(now) - 3_599.5);
    good.claims["exp"] = json!(now - 3_000);
    assert_eq!(
        town.post_json("/credential", &access, &request_with(&good.sign(&key)))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_nonce_that_is_not_ours_or_has_ended_is_invalid() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let key = holder(Algorithm::Esp256);
    let old = town.nonce().await;
    town.pass(301);
    for nonce in [old.as_str(), "", "made-up", "AAAA"] {
        let proof = Proof::new(&town, &key, nonce).sign(&key);
        let reply = town
            .post_json("/credential", &access, &request_with(&proof))
            .await;
        assert_eq!(reply.refusal(), refused(400, "invalid_nonce"), "{nonce}");
    }
}

#[tokio::test]
async fn a_notification_is_taken_as_often_as_it_comes() {
    let town = Town::new().await;
    let (access, refresh) = enrolled(&town).await;
    let reply = town.credential(&access, &holder(Algorithm::Ed25519)).await;
    let told =
        json!({ "notification_id": reply.text("notification_id"), "event": "credential_accepted" });
    for _ in 0..2 {
        let reply = town.post_json("/notification", &access, &told).await;
        assert_eq!((reply.status, reply.body.len()), (204, 0));
    }
    let later = town.refresh(&refresh).await.text("access_token");
    assert_eq!(
        town.post_json("/notification", &later, &told).await.status,
        204,
        "with a renewed token too"
    );
    let (stranger, _) = enrolled(&town).await;
    town.credential(&stranger, &key(1)).await;
    assert_eq!(
        town.post_json("/notification", &stranger, &told)
            .await
            .refusal(),
        refused(400, "invalid_notification_id")
    );
    let unknown = json!({ "notification_id": "x", "event": "credential_failure" });
    assert_eq!(
        town.post_json("/notification", &access, &unknown)
            .await
            .refusal(),
        refused(400, "invalid_notification_id")
    );
    for request in [
        json!({}),
        json!([]),
        json!({ "notification_id": "x" }),
        json!({ "notification_id": "x", "event": "credential_lost" }),
    ] {
        assert_eq!(
            town.post_json("/notification", &access, &request)
                .await
                .refusal(),
            refused(400, "invalid_notification_request")
        );
    }
}

#[tokio::test]
async fn keys_rotated_by_another_process_sign_the_next_credential() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let key = holder(Algorithm::Ed25519);
    let kid = |reply: &Reply| {
        let bytes = decode(
            reply.json()["credentials"][0]["credential"]
                .as_str()
                .unwrap(),
        );
        UnverifiedCredential::parse(&bytes).unwrap().kid()
    };
    let first = kid(&town.credential(&access, &key).await);
    let now = Rotation {
        at_once: true,
        ..Rotation::default()
    };
    town.authority().rotate_keys(&now, town.now()).unwrap();
    // The same issuance once more, by the new key, and never before that key's time.
    let reply = town.credential(&access, &key).await;
    let credential = town.credential_in(&reply);
    assert_ne!(kid(&reply), first);
    let trust = trust_of(town.home());
    assert!(trust.find(first).is_some());
    assert!(credential.claims().iat >= trust.find(kid(&reply)).unwrap().not_before);
    assert_eq!(count(town.home(), LIVE), 1);
}

#[tokio::test]
async fn nonces_are_good_at_every_server_of_the_authority_and_once_at_all_of_them() {
    let town = Town::new().await;
    let (access, _) = enrolled(&town).await;
    let nonces = [town.nonce().await, town.nonce().await];
    let address = town.address.to_string();
    let issuer = town.issuer.clone();
    let town = Town::on(town.stop().await, &address, START).await;
    assert_eq!(town.issuer, issuer);
    let proof = Proof::new(&town, &key(0), &nonces[0]).sign(&key(0));
    let request = request_with(&proof);
    let reply = town.post_json("/credential", &access, &request).await;
    assert_eq!(reply.status, 200, "made before the restart");
    let town = Town::on(town.stop().await, &address, START).await;
    let again = town.post_json("/credential", &access, &request).await;
    assert_eq!(
        again.refusal(),
        refused(400, "invalid_nonce"),
        "used before the restart"
    );
    let proof = Proof::new(&town, &key(0), &nonces[1]).sign(&key(0));
    let reply = town
        .post_json("/credential", &access, &request_with(&proof))
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn while_the_clock_is_in_doubt_nothing_is_issued_and_all_is_served() {
    let town = Town::new().await;
    let added = town.add_license();
    let (access, refresh) = enrolled(&town).await;
    town.credential(&access, &key(0)).await;
    let nonce = town.nonce().await;
    // The machine was started again, with a clock that is an hour behind.
    let hour_ago = Moment::new(at(START - 3_600), None);
    let home = town.stop().await;
    let town = Town::with_moment(home, hour_ago).await;
    for reply in [town.redeem(&added).await, town.refresh(&refresh).await] {
        assert_eq!(reply.refusal(), refused(503, "temporarily_unavailable"));
        assert!(reply.header("retry-after").is_some());
    }
    let proof = Proof::new(&town, &key(0), &nonce).sign(&key(0));
    let reply = town
        .post_json("/credential", &access, &request_with(&proof))
        .await;
    assert_eq!(reply.refusal(), refused(503, "temporarily_unavailable"));
    assert_eq!(town.get("/trust").await.status, 200);
    assert_eq!(town.get("/s/0/0").await.status, 200);
    let decided =
        town.authority()
            .set_status(&added.license_id, LicenseStatus::Suspended, hour_ago);
    assert_eq!(decided, Ok(()), "no one has a credential of it yet");
    let found = town
        .authority()
        .find_license(&added.license_id, town.now())
        .unwrap();
    assert_eq!(found.row.status, LicenseStatus::Suspended);
}
