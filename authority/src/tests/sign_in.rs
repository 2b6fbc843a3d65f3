//! Sign-in by the authorization code flow, with two servers that take each step in turn.

use super::town::{App, CLIENT, REDIRECT, Tokens, Town, code_in, encode, refused};
use super::*;
use crate::rules::offers::Mode;
use crate::store::requests::{self, RequestFault};

#[tokio::test]
async fn a_driver_who_signs_in_gets_the_license_and_renews_it_whichever_server_answers() {
    let town = Town::new().await;
    let added = town.add(None);
    let app = App::new(&town);
    let request_uri = app.push().await;
    let request = town.browse(CLIENT, &request_uri).unwrap();
    let address = town.agree(request, &added.license_id, Mode::First);
    let url = url::Url::parse(&address).unwrap();
    assert!(address.starts_with(&format!("{REDIRECT}?code=")));
    let told: Vec<_> = url.query_pairs().skip(1).collect();
    assert_eq!(
        told,
        [
            ("state".into(), "a state &?".into()),
            ("iss".into(), ISSUER.into())
        ]
    );
    let reply = app.redeem(&code_in(&address)).await;
    assert_eq!(reply.json()["token_type"], "DPoP");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let tokens = Tokens::of(&reply);
    let issued = app.credential(&tokens.access).await;
    let credential = app.credential_in(&issued);
    assert_eq!(credential.claims().license.license_number(), "ZZ-1");
    app.acknowledge(&tokens.access, &issued).await;
    town.pass(30 * HOUR);
    let renewed = Tokens::of(&app.refresh(&tokens.refresh).await);
    app.credential_in(&app.credential(&renewed.access).await);
    assert_eq!(town.count("SELECT count(*) FROM devices"), 1);
}

#[tokio::test]
async fn every_answer_may_be_lost_and_one_license_and_one_live_issuance_are_left() {
    let town = Town::new().await;
    let added = town.add(None);
    let app = App::new(&town);
    let lost = app.push().await;
    let request_uri = app.push().await;
    assert_ne!(lost, request_uri);
    let request = town.browse(CLIENT, &request_uri).unwrap();
    let address = town.agree(request, &added.license_id, Mode::First);
    town.pass(50);
    // The browser died and the driver answers once more.
    assert_eq!(town.agree(request, &added.license_id, Mode::First), address);
    town.pass(50);
    let code = code_in(&address);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(Tokens::of(&app.redeem(&code).await));
    }
    town.pass(700);
    all.push(Tokens::of(&app.redeem(&code).await));
    let last = Tokens::of(&app.refresh(&all[0].refresh).await);
    let first = app.credential(&last.access).await;
    let again = app.credential(&last.access).await;
    assert_eq!(first.text("notification_id"), again.text("notification_id"));
    app.acknowledge(&last.access, &again).await;
    app.acknowledge(&last.access, &again).await;
    assert_eq!(
        app.redeem(&code).await.refusal(),
        refused(400, "invalid_grant")
    );
    for table in ["devices", "issuances", "codes"] {
        let query = format!("SELECT count(*) FROM {table}");
        assert_eq!(town.count(&query), 1, "{table}");
    }
    // The owner's own late request has ended nothing.
    app.credential_in(&app.credential(&last.access).await);
}

#[tokio::test]
async fn a_code_is_good_for_a_minute_and_then_for_a_day_from_its_first_redemption() {
    let town = Town::new().await;
    let app = App::new(&town);
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    town.pass(61);
    assert_eq!(
        app.redeem(&code).await.refusal(),
        refused(400, "invalid_grant")
    );
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    town.pass(60);
    Tokens::of(&app.redeem(&code).await);
    town.pass(DAY);
    Tokens::of(&app.redeem(&code).await);
    town.pass(1);
    assert_eq!(
        app.redeem(&code).await.refusal(),
        refused(400, "invalid_grant")
    );
}

#[tokio::test]
async fn who_has_caught_a_code_gets_nothing_and_locks_no_driver_out_before_it_was_redeemed() {
    let town = Town::new().await;
    let app = App::new(&town);
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    let thief = App::new(&town);
    assert_eq!(
        thief.redeem(&code).await.refusal(),
        refused(400, "invalid_grant")
    );
    // With the verifier too, and without the key.
    let knowing = App {
        verifier: app.verifier.clone(),
        ..App::new(&town)
    };
    assert_eq!(
        knowing.redeem(&code).await.refusal(),
        refused(400, "invalid_grant")
    );
    // A code that is injected into another driver's sign-in fails by that one's verifier.
    let mut form = app.code_form(&code);
    form.retain(|(name, _)| *name != "code_verifier");
    form.push(("code_verifier", thief.verifier.clone()));
    assert_eq!(
        app.token(&form).await.refusal(),
        refused(400, "invalid_grant")
    );
    Tokens::of(&app.redeem(&code).await);
}

#[tokio::test]
async fn a_second_use_of_a_code_by_another_key_or_verifier_ends_it_and_its_tokens() {
    for by_key in [true, false] {
        let town = Town::new().await;
        let app = App::new(&town);
        let code = app.code(&town.add(None).license_id, Mode::First).await;
        let tokens = Tokens::of(&app.redeem(&code).await);
        let thief = App::new(&town);
        let reply = if by_key {
            App {
                verifier: app.verifier.clone(),
                ..thief
            }
            .redeem(&code)
            .await
        } else {
            let mut form = app.code_form(&code);
            form.retain(|(name, _)| *name != "code_verifier");
            form.push(("code_verifier", thief.verifier.clone()));
            app.token(&form).await
        };
        let gone = refused(400, "invalid_grant");
        assert_eq!(reply.refusal(), gone);
        assert_eq!(app.redeem(&code).await.refusal(), gone);
        assert_eq!(app.refresh(&tokens.refresh).await.refusal(), gone);
        assert_eq!(
            app.credential(&tokens.access).await.refusal(),
            refused(401, "invalid_token")
        );
        assert_eq!(town.count("SELECT count(*) FROM devices"), 0);
    }
}

#[tokio::test]
async fn pkce_is_by_sha_256_and_nothing_less() {
    let town = Town::new().await;
    let app = App::new(&town);
    for (name, value) in [
        ("code_challenge_method", Some("plain")),
        ("code_challenge_method", Some("s256")),
        ("code_challenge_method", None),
        ("code_challenge", None),
        ("code_challenge", Some("short")),
        ("code_challenge", Some(&*"A".repeat(44))),
    ] {
        let reply = app.push_with(name, value).await;
        assert_eq!(reply.refusal(), refused(400, "invalid_request"), "{name}");
    }
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    let mut form = app.code_form(&code);
    form.retain(|(name, _)| *name != "code_verifier");
    assert_eq!(
        app.token(&form).await.refusal(),
        refused(400, "invalid_request")
    );
    // The challenge itself is no verifier, as it would be by `plain`.
    form.push(("code_verifier", app.challenge()));
    assert_eq!(
        app.token(&form).await.refusal(),
        refused(400, "invalid_grant")
    );
}

#[tokio::test]
async fn a_request_is_pushed_whole_and_by_a_client_that_is_known() {
    let town = Town::new().await;
    let app = App::new(&town);
    let long = "x".repeat(513);
    for (name, value, status, error) in [
        ("client_id", None, 400, "invalid_request"),
        ("client_id", Some("unknown"), 401, "invalid_client"),
        ("response_type", None, 400, "invalid_request"),
        (
            "response_type",
            Some("token"),
            400,
            "unsupported_response_type",
        ),
        ("response_mode", Some("fragment"), 400, "invalid_request"),
        ("request_uri", Some("urn:x"), 400, "invalid_request"),
        ("request", Some("x.y.z"), 400, "invalid_request"),
        ("scope", None, 400, "invalid_scope"),
        ("scope", Some("dl openid"), 400, "invalid_scope"),
        ("state", Some(&*long), 400, "invalid_request"),
        ("dpop_jkt", Some("x"), 400, "invalid_request"),
        (
            "authorization_details",
            Some(r#"[{"type":"openid_credential","credential_configuration_id":"x"}]"#),
            400,
            "invalid_authorization_details",
        ),
    ] {
        let reply = app.push_with(name, value).await;
        assert_eq!(reply.refusal(), refused(status, error), "{name}");
    }
    for (name, value) in [
        ("state", None),
        ("ui_locales", Some("de<script>")),
        ("response_mode", Some("query")),
    ] {
        assert_eq!(app.push_with(name, value).await.status, 201, "{name}");
    }
    let twice = format!("{}&scope=dl", encode(&app.request()));
    let form = "application/x-www-form-urlencoded";
    let reply = app.post("/par", form, None, &twice).await;
    assert_eq!(reply.refusal(), refused(400, "invalid_request"));
    let headers = [("Content-Type", form)];
    let reply = town.send("POST", "/par", &headers, twice.as_bytes()).await;
    assert_eq!(reply.refusal(), refused(400, "invalid_dpop_proof"));
}

#[tokio::test]
async fn a_browser_is_sent_to_no_address_but_the_clients_own() {
    let town = Town::new().await;
    town.put_client("app", "https://license.example/signed-in");
    let app = App::new(&town);
    for wrong in [
        "http://127.0.0.1:4711/other",
        "http://localhost:4711/callback",
        "https://127.0.0.1:4711/callback",
        "http://127.0.0.1:4711@evil.example/callback",
        "https://license.example/signed-in",
        "https://evil.example/",
    ] {
        let reply = app.push_with("redirect_uri", Some(wrong)).await;
        assert_eq!(reply.refusal(), refused(400, "invalid_request"), "{wrong}");
    }
    for right in ["http://127.0.0.1:1/callback", "http://[::1]:65535/callback"] {
        let reply = app.push_with("redirect_uri", Some(right)).await;
        assert_eq!(reply.status, 201, "{right}");
    }
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    for (name, value) in [
        ("redirect_uri", "http://127.0.0.1:4712/callback"),
        ("client_id", "app"),
    ] {
        let mut form = app.code_form(&code);
        form.retain(|(known, _)| *known != name);
        form.push((name, value.to_owned()));
        assert_eq!(
            app.token(&form).await.refusal(),
            refused(400, "invalid_grant")
        );
    }
    Tokens::of(&app.redeem(&code).await);
}

#[tokio::test]
async fn a_pushed_request_is_opened_once_in_a_minute_by_its_own_client() {
    let town = Town::new().await;
    town.put_client("app", "https://license.example/signed-in");
    let app = App::new(&town);
    let request_uri = app.push().await;
    assert_eq!(
        town.browse("app", &request_uri),
        Err(RequestFault::OtherClient)
    );
    let unknown = town.browse(CLIENT, "urn:ietf:params:oauth:request_uri:x");
    assert_eq!(unknown, Err(RequestFault::Unknown));
    town.pass(60);
    let request = town.browse(CLIENT, &request_uri).unwrap();
    assert_eq!(town.browse(CLIENT, &request_uri), Err(RequestFault::Used));
    let late = app.push().await;
    town.pass(61);
    assert_eq!(town.browse(CLIENT, &late), Err(RequestFault::Expired));
    // By its address the request is found again, for the browser that opened it.
    let found = town.open().store.read(|transaction| {
        let id = requests::id_of(transaction, &request_uri)?;
        Ok((id, requests::by_id(transaction, request)?))
    });
    let (id, held) = found.unwrap();
    assert_eq!(id, Some(request));
    let held = held.unwrap();
    assert_eq!((held.client.as_str(), held.ended), (CLIENT, false));
    assert_eq!(held.locales.as_deref(), Some("de en"));
    assert_eq!(held.state.as_deref(), Some("a state &?"));
}

#[tokio::test]
async fn an_address_that_was_taken_out_is_not_opened_any_more() {
    let town = Town::new().await;
    town.put_client("app", "https://license.example/signed-in");
    let app = App::new(&town);
    let mut form = app.request();
    form.retain(|(name, _)| !["client_id", "redirect_uri"].contains(name));
    form.push(("client_id", "app".to_owned()));
    form.push((
        "redirect_uri",
        "https://license.example/signed-in".to_owned(),
    ));
    let media = "application/x-www-form-urlencoded";
    let reply = app.post("/par", media, None, &encode(&form)).await;
    let request_uri = reply.text("request_uri");
    town.open().remove_client("app").unwrap();
    assert_eq!(town.browse("app", &request_uri), Err(RequestFault::Unknown));
    assert_eq!(town.open().remove_client("app"), Err(Error::UnknownClient));
}

#[tokio::test]
async fn what_a_driver_answered_first_stands() {
    let town = Town::new().await;
    let app = App::new(&town);
    let license = town.add(None).license_id;
    let refuse = |request| {
        town.open().store.write(|transaction| {
            requests::refuse(transaction, request, "access_denied", town.now())
        })
    };
    let request = town.browse(CLIENT, &app.push().await).unwrap();
    let address = refuse(request).unwrap();
    let expected = format!("{REDIRECT}?error=access_denied&state=a+state+%26%3F&iss=");
    assert!(address.starts_with(&expected), "{address}");
    assert_eq!(*town.agree(request, &license, Mode::First), address);
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
    let request = town.browse(CLIENT, &app.push().await).unwrap();
    let agreed = town.agree(request, &license, Mode::First);
    assert_eq!(refuse(request).unwrap(), *agreed);
    assert_eq!(refuse(request + 1), Err(Error::SignInOver));
}

#[tokio::test]
async fn a_counters_offer_and_the_end_of_a_license_void_its_codes() {
    for ends in [true, false] {
        let town = Town::new().await;
        let license = town.add(None).license_id;
        let (early, late) = (App::new(&town), App::new(&town));
        let code = early.code(&license, Mode::First).await;
        let tokens = Tokens::of(&early.redeem(&code).await);
        let waiting = late.code(&license, Mode::First).await;
        let authority = town.open();
        if ends {
            let reason = crate::register::EndReason::Mistake;
            authority.end_license(&license, reason, town.now()).unwrap();
        } else {
            let kind = crate::register::OfferKind::First;
            authority.offer(&license, kind, town.now()).unwrap();
        }
        let gone = refused(400, "invalid_grant");
        assert_eq!(late.redeem(&waiting).await.refusal(), gone);
        assert_eq!(early.redeem(&code).await.refusal(), gone);
        assert_eq!(early.refresh(&tokens.refresh).await.refusal(), gone);
    }
}

#[tokio::test]
async fn two_sign_ins_at_a_time_give_one_license() {
    let town = Town::new().await;
    let license = town.add(None).license_id;
    let (one, other) = (App::new(&town), App::new(&town));
    let late = other.code(&license, Mode::First).await;
    one.license(&license, Mode::First).await;
    let tokens = Tokens::of(&other.redeem(&late).await);
    assert_eq!(
        other.credential(&tokens.access).await.refusal(),
        refused(400, "credential_request_denied")
    );
    // The driver signs in once more and says that the old phone is to be replaced.
    other.license(&license, Mode::Replace).await;
    assert_eq!(
        town.count("SELECT count(*) FROM devices WHERE ended IS NULL"),
        1
    );
}

#[tokio::test]
async fn who_asks_by_authorization_details_is_told_the_credential_and_asks_for_it_by_that() {
    let town = Town::new().await;
    let app = App::new(&town);
    let mut form = app.request();
    form.retain(|(name, _)| *name != "scope");
    let details = r#"[{"type":"openid_credential","credential_configuration_id":"dl"}]"#;
    form.push(("authorization_details", details.to_owned()));
    let media = "application/x-www-form-urlencoded";
    let reply = app.post("/par", media, None, &encode(&form)).await;
    let request = town.browse(CLIENT, &reply.text("request_uri")).unwrap();
    let address = town.agree(request, &town.add(None).license_id, Mode::First);
    let reply = app.redeem(&code_in(&address)).await;
    let named = json!([{
        "type": "openid_credential", "credential_configuration_id": "dl",
        "credential_identifiers": ["dl"],
    }]);
    assert_eq!(reply.json()["authorization_details"], named);
    let tokens = Tokens::of(&reply);
    let again = app.refresh(&tokens.refresh).await;
    assert_eq!(again.json()["authorization_details"], named);
    let body = app.wanted().await;
    let body = body.replace("credential_configuration_id", "credential_identifier");
    let access = tokens.access;
    let reply = app
        .post("/credential", "application/json", Some(&access), &body)
        .await;
    app.credential_in(&reply);
}

#[tokio::test]
async fn the_metadata_lists_sign_in_where_it_is_on_and_else_nothing_of_it_answers() {
    let on = Town::new().await;
    let told = on
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert_eq!(
        told["authorization_endpoint"],
        format!("{ISSUER}/authorize")
    );
    assert_eq!(
        told["pushed_authorization_request_endpoint"],
        format!("{ISSUER}/par")
    );
    for claim in [
        "require_pushed_authorization_requests",
        "authorization_response_iss_parameter_supported",
    ] {
        assert_eq!(told[claim], true, "{claim}");
    }
    assert_eq!(told["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(told["response_types_supported"], json!(["code"]));
    assert_eq!(told["grant_types_supported"][0], "authorization_code");
    on.put_client("app", "https://license.example/signed-in");
    let links = on.get("/.well-known/assetlinks.json").await.json();
    assert_eq!(links[0]["target"]["package_name"], "org.vidimus.app");
    let apple = on.get("/.well-known/apple-app-site-association").await;
    let details = &apple.json()["applinks"]["details"][0];
    assert_eq!(details["components"], json!([{ "/": "/signed-in" }]));
    let off = Town::with(false).await;
    let told = off
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert_eq!(told["authorization_endpoint"], Value::Null);
    // Tokens of an offer are bound too.
    assert_eq!(told["dpop_signing_alg_values_supported"][0], "ES256");
    let app = App::new(&off);
    assert_eq!(app.push_with("resource", None).await.status, 404);
    assert_eq!(
        app.redeem("x").await.refusal(),
        refused(400, "unsupported_grant_type")
    );
    assert_eq!(off.get("/.well-known/assetlinks.json").await.status, 404);
}

#[tokio::test]
async fn requests_that_nobody_opens_and_old_ones_are_forgotten() {
    let town = Town::new().await;
    let app = App::new(&town);
    app.push().await;
    let code = app.code(&town.add(None).license_id, Mode::First).await;
    Tokens::of(&app.redeem(&code).await);
    let tick = || {
        let authority = town.open();
        while authority.register().tick(town.now().into()).unwrap().more {}
    };
    town.pass(61);
    tick();
    assert_eq!(town.count("SELECT count(*) FROM requests"), 1);
    // By steps, for nothing is deleted after a jump of the clock.
    for _ in 0..6 {
        town.pass(HOUR * 12);
        town.open().publish(town.now()).unwrap();
        tick();
    }
    for table in ["requests", "codes", "used_jti"] {
        let query = format!("SELECT count(*) FROM {table}");
        assert_eq!(town.count(&query), 0, "{table}");
    }
}
