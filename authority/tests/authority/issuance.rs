//! Issuance over HTTP: the way that works, and each refusal of the specification.

use serde_json::{Value, json};
use vidimus_authority::{Authority, CREDENTIAL_LIFE};
use vidimus_credential::sd_cwt::{Credential, UnverifiedCredential};
use vidimus_credential::{Algorithm, LicenseStatus, Signer as _, SigningKey};

use crate::common::{
    PRE_AUTHORIZED, Proof, Reply, Town, at, code_of, decode, driver_json, holder, jwk_of, license,
    portrait, refused, request_with, trust_of,
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

fn credential_in(town: &Town, reply: &Reply) -> Credential {
    let answer = reply.json();
    let credentials = answer["credentials"].as_array().unwrap();
    assert_eq!(credentials.len(), 1);
    let bytes = decode(credentials[0]["credential"].as_str().unwrap());
    UnverifiedCredential::parse(&bytes)
        .unwrap()
        .authenticate(&trust_of(town.home()))
        .unwrap()
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
        let first = credential_in(&town, &reply);
        assert!(
            first.claims().license == license()
                && first.claims().holder_key == *key.verifying_key()
        );
        assert_eq!(first.claims().iss, town.issuer);
        assert_eq!(
            first.claims().exp,
            town.now().saturating_add(CREDENTIAL_LIFE)
        );
        assert_eq!(first.portrait().unwrap().jpeg(), portrait(48, 64));
        let renewed = town.refresh(&refresh).await;
        let second = credential_in(
            &town,
            &town.credential(&renewed.text("access_token"), &key).await,
        );
        assert!(
            second.claims().status == first.claims().status,
            "the same license keeps its place"
        );
        assert_ne!(second.claims().sub, first.claims().sub);
    }
}

#[tokio::test]
async fn a_credential_never_outlives_the_license() {
    let town = Town::new().await;
    let mut file = driver_json();
    file["expiry_date"] = json!("2027-01-20");
    let license = vidimus_authority::driver::parse(file.to_string().as_bytes()).unwrap();
    let added = Authority::open(town.home())
        .unwrap()
        .add_license(&license, &portrait(8, 8), town.now())
        .unwrap();
    let tokens = town.redeem(&added).await;
    let key = holder(Algorithm::Ed25519);
    let credential = credential_in(
        &town,
        &town.credential(&tokens.text("access_token"), &key).await,
    );
    assert_eq!(credential.claims().exp.to_rfc3339(), "2027-01-21T00:00:00Z");
    town.pass(6 * 86_400);
    let tokens = town.refresh(&tokens.text("refresh_token")).await;
    let reply = town.credential(&tokens.text("access_token"), &key).await;
    assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
}

#[tokio::test]
async fn a_suspended_license_is_renewed_and_a_revoked_or_superseded_one_is_not() {
    let town = Town::new().await;
    let authority = Authority::open(town.home()).unwrap();
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
    assert_eq!(
        town.form(&good).await.refusal(),
        refused(400, "invalid_grant"),
        "a code is spent once"
    );
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
async fn a_lost_answer_is_recovered_and_a_reused_refresh_token_voids_the_family() {
    let town = Town::new().await;
    let key = holder(Algorithm::Ed25519);
    let (_, first) = enrolled(&town).await;
    // The answer was lost: the old token is good again, until the new one's access token is used.
    let lost = town.refresh(&first).await;
    let second = town.refresh(&first).await;
    assert_eq!((lost.status, second.status), (200, 200));
    assert_eq!(
        town.credential(&second.text("access_token"), &key)
            .await
            .status,
        200
    );
    let third = town.refresh(&second.text("refresh_token")).await;
    assert_eq!(third.status, 200);
    // The sibling that lost is no longer good, and trying its refresh token voids all.
    assert_eq!(
        town.credential(&lost.text("access_token"), &key)
            .await
            .refusal(),
        refused(401, "invalid_token")
    );
    assert_eq!(
        town.refresh(&lost.text("refresh_token")).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        town.credential(&third.text("access_token"), &key)
            .await
            .refusal(),
        refused(401, "invalid_token")
    );
    assert_eq!(
        town.refresh(&third.text("refresh_token")).await.refusal(),
        refused(400, "invalid_grant")
    );
}

#[tokio::test]
async fn the_parent_is_spent_by_the_first_use_of_the_childs_refresh_token_too() {
    let town = Town::new().await;
    let (_, first) = enrolled(&town).await;
    let second = town.refresh(&first).await.text("refresh_token");
    let third = town.refresh(&second).await.text("refresh_token");
    assert_eq!(
        town.refresh(&first).await.refusal(),
        refused(400, "invalid_grant")
    );
    for token in [&second, &third] {
        assert_eq!(
            town.refresh(token).await.refusal(),
            refused(400, "invalid_grant"),
            "the family is void"
        );
    }
}

#[tokio::test]
async fn an_endlessly_repeated_refresh_keeps_only_the_last_few_answers_good() {
    let town = Town::new().await;
    let (_, first) = enrolled(&town).await;
    let mut children = Vec::new();
    for _ in 0..6 {
        children.push(town.refresh(&first).await.text("refresh_token"));
    }
    assert_eq!(
        town.refresh(&children[0]).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(town.refresh(&children[5]).await.status, 200);
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
    town.pass(91 * 86_400);
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
                (401, Some("Bearer"), 0)
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
        "/status/0",
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
            proof.claims["iat"] = json!(proof.claims["iat"].as_u64().unwrap() - 301)
        }),
        ("future iat", |proof| {
            proof.claims["iat"] = json!(proof.claims["iat"].as_u64().unwrap() + 301)
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
    let mut good = Proof::new(&town, &key, &nonce);
    good.header["alg"] = json!("Ed25519");
    good.claims["iss"] = json!("a client that names itself");
    let now = u32::try_from(town.now().seconds()).unwrap();
    good.claims["iat"] = json!(f64::from(now) + 0.5);
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
    Authority::open(town.home())
        .unwrap()
        .rotate_keys(at(town.now().seconds() + 1))
        .unwrap();
    let reply = town.credential(&access, &key).await;
    credential_in(&town, &reply);
    assert_ne!(kid(&reply), first);
    assert!(trust_of(town.home()).find(first).is_some());
}
