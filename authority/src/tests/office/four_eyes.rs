//! Two named users for what is final: no one approves their own work, or grants themselves a role.

use serde_json::json;

use super::House;
use crate::office::Role;

async fn propose(house: &House, token: &str, license: &str, event: &str) -> super::Reply {
    let body = json!({ "state": "revoked", "reason": "court 4711", "event": event });
    let path = format!("/v1/licenses/{license}/decisions");
    house.call(token, "POST", &path, &body).await
}

async fn status(house: &House, license: &str) -> String {
    let found = house
        .get("auditor", &format!("/v1/licenses/{license}"))
        .await;
    found.json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_takes_two_chiefs_and_is_in_the_name_of_both() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    let chief = house.tokens["chief"].clone();
    let second = house.user("second", &[Role::Chief]);
    let proposed = propose(&house, &chief, &license, "p1").await;
    assert_eq!(proposed.status, 202, "{}", proposed.text());
    let id = proposed.json()["proposal_id"].as_i64().unwrap();
    // A lost answer: the same proposal.
    let again = propose(&house, &chief, &license, "p1").await;
    assert_eq!((again.status, &again.json()), (202, &proposed.json()));
    assert_eq!(status(&house, &license).await, "valid");
    let other = propose(&house, &second, &license, "p2").await;
    assert_eq!((other.status, &*other.code()), (409, "proposal_waits"));

    let approve = format!("/v1/proposals/{id}/approve");
    let own = house.call(&chief, "POST", &approve, &json!({})).await;
    assert_eq!((own.status, &*own.code()), (403, "own_proposal"));
    assert_eq!(status(&house, &license).await, "valid");
    let done = house.call(&second, "POST", &approve, &json!({})).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(done.json()["outcome"], "approved");
    assert_eq!(status(&house, &license).await, "revoked");
    // Repeated by the same user after a lost answer, nothing is done twice.
    let again = house.call(&second, "POST", &approve, &json!({})).await;
    assert_eq!(again.status, 200);
    let found = house
        .get("auditor", &format!("/v1/licenses/{license}"))
        .await;
    let decisions = found.json()["decisions"].as_array().unwrap().clone();
    assert_eq!(decisions.len(), 1);
    let by: Vec<_> = decisions[0]["by"].as_str().unwrap().split('+').collect();
    assert!(by.len() == 2 && by[0] != by[1], "{by:?}");
    let refuse = format!("/v1/proposals/{id}/refuse");
    let late = house.call(&chief, "POST", &refuse, &json!({})).await;
    assert_eq!((late.status, &*late.code()), (409, "proposal_closed"));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_edited_a_license_or_was_disabled_or_lost_the_role_approves_nothing_about_it() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    let chief = house.tokens["chief"].clone();
    let editor = house.user("editor", &[Role::Chief, Role::Clerk]);
    let edit = house
        .call(
            &editor,
            "PATCH",
            &format!("/v1/licenses/{license}"),
            &json!({ "license": super::driver("ZZ-1")["license"]
                .as_object().unwrap().clone().into_iter()
                .map(|(name, value)| match name.as_str() {
                    "given_names" => (name, json!("Ada")),
                    _ => (name, value),
                })
                .collect::<serde_json::Map<_, _>>() }),
        )
        .await;
    assert_eq!(edit.status, 200, "{}", edit.text());
    let proposed = propose(&house, &chief, &license, "p1").await;
    let id = proposed.json()["proposal_id"].as_i64().unwrap();
    let approve = format!("/v1/proposals/{id}/approve");
    let by_editor = house.call(&editor, "POST", &approve, &json!({})).await;
    assert_eq!((by_editor.status, &*by_editor.code()), (403, "own_edit"));

    let disabled = house.user("disabled", &[Role::Chief]);
    house
        .authority()
        .disable_user("disabled", true, house.now())
        .unwrap();
    let refused = house.call(&disabled, "POST", &approve, &json!({})).await;
    assert_eq!((refused.status, &*refused.code()), (401, "token"));

    let demoted = house.user("demoted", &[Role::Chief]);
    house
        .authority()
        .set_user_roles(
            "demoted",
            crate::office::Roles::of(&[Role::Judge]),
            house.now(),
        )
        .unwrap();
    let refused = house.call(&demoted, "POST", &approve, &json!({})).await;
    assert_eq!((refused.status, &*refused.code()), (403, "not_allowed"));
    assert_eq!(status(&house, &license).await, "valid");

    // Who proposed it takes it back, and it can be proposed anew.
    let refuse = format!("/v1/proposals/{id}/refuse");
    let withdrawn = house.call(&chief, "POST", &refuse, &json!({})).await;
    assert_eq!(withdrawn.json()["outcome"], "withdrawn");
    assert_eq!(propose(&house, &chief, &license, "p2").await.status, 202);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_chief_cannot_become_two() {
    let house = House::new().await;
    let chief = house.tokens["chief"].clone();
    house.user("second", &[Role::Chief]);
    house.user("helper", &[Role::Clerk]);
    let call = |method: &'static str, path: &'static str, body| {
        let (house, chief) = (&house, &chief);
        async move {
            let reply = house.call(chief, method, path, &body).await;
            (reply.status, reply.code())
        }
    };
    let own = (403, "own".to_owned());
    let machine = (403, "chief_on_machine".to_owned());
    // Not one's own role, sign-in or token.
    let roles = json!({ "roles": ["chief", "judge"] });
    assert_eq!(call("PATCH", "/v1/users/chief", roles).await, own);
    assert_eq!(call("POST", "/v1/users/chief/set-up", json!({})).await, own);
    let label = json!({ "label": "x" });
    assert_eq!(
        call("POST", "/v1/users/chief/tokens", label.clone()).await,
        own
    );
    // No new chief, and none of the others under one's own hand.
    let puppet = json!({ "user": "puppet", "roles": ["chief"] });
    assert_eq!(call("POST", "/v1/users", puppet).await, machine);
    let roles = json!({ "roles": ["chief"] });
    assert_eq!(call("PATCH", "/v1/users/helper", roles).await, machine);
    for (method, path, body) in [
        ("PATCH", "/v1/users/second", json!({ "disabled": true })),
        ("POST", "/v1/users/second/set-up", json!({})),
        ("POST", "/v1/users/second/tokens", label),
        (
            "PATCH",
            "/v1/users/second",
            json!({ "certificate": "ab".repeat(32) }),
        ),
    ] {
        assert_eq!(call(method, path, body).await, machine, "{path}");
    }
    // A judge is a chief's to make.
    let judge = json!({ "user": "judge-2", "roles": ["judge"] });
    let made = house.call(&chief, "POST", "/v1/users", &judge).await;
    assert_eq!(made.status, 201, "{}", made.text());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_does_not_accept_the_photo_that_they_handed_in() {
    let house = House::new().await;
    let mut body = super::driver("ZZ-1");
    body["review"] = json!("photo");
    let added = house.by("clerk", "POST", "/v1/licenses", &body).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let waiting = house.get("clerk", "/v1/reviews").await.json();
    let id = waiting["reviews"][0]["review_id"].as_i64().unwrap();
    let accept = format!("/v1/reviews/{id}/accept");
    let own = house.by("clerk", "POST", &accept, &json!({})).await;
    assert_eq!((own.status, &*own.code()), (403, "own_edit"));
    let other = house.user("clerk-2", &[Role::Clerk]);
    let done = house.call(&other, "POST", &accept, &json!({})).await;
    assert_eq!(
        (done.status, done.json()["state"].as_str()),
        (200, Some("accepted"))
    );
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_revoked_and_a_disabled_user_are_refused_at_once() {
    let house = House::new().await;
    let token = house.user("clerk-2", &[Role::Clerk]);
    assert_eq!(
        house.call(&token, "GET", "/v1/me", &json!({})).await.status,
        200
    );
    let users = house.get("chief", "/v1/users").await.json();
    let of = |users: &serde_json::Value| {
        let users = users["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["user"] == "clerk-2").unwrap();
        user["tokens"].as_array().unwrap().clone()
    };
    let id = of(&users)[0]["token_id"].as_i64().unwrap();
    let path = format!("/v1/users/clerk-2/tokens/{id}");
    assert_eq!(
        house.by("chief", "DELETE", &path, &json!({})).await.status,
        200
    );
    let gone = house.call(&token, "GET", "/v1/me", &json!({})).await;
    assert_eq!((gone.status, &*gone.code()), (401, "token"));
    assert_eq!(of(&house.get("chief", "/v1/users").await.json()).len(), 0);
    let again = house.by("chief", "DELETE", &path, &json!({})).await;
    assert_eq!((again.status, &*again.code()), (404, "unknown_token"));

    let other = house.tokens["clerk"].clone();
    let disable = json!({ "disabled": true });
    let done = house
        .by("chief", "PATCH", "/v1/users/clerk", &disable)
        .await;
    assert_eq!(done.status, 200);
    let gone = house.call(&other, "GET", "/v1/me", &json!({})).await;
    assert_eq!((gone.status, &*gone.code()), (401, "token"));
    house.stop().await;
}
