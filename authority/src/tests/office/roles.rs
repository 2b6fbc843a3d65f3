//! Every role tries every call.

use serde_json::{Value, json};

use super::{House, driver};
use crate::office::{Call, Method, Role, TABLE};

/// A request for a call, which its handler takes as far as its role is concerned.
pub(super) fn request_of(call: Call, license: &str) -> (String, Value) {
    let path = call.row().unwrap().path;
    let path = path
        .replace("{license}", license)
        .replace("{user}", "nobody-7")
        .replace("{reader}", "no-reader")
        .replace("{client}", "no-client");
    // What is named by a number is not there.
    let numbers = ["{device}", "{proposal}", "{review}", "{token}"];
    let path = numbers
        .iter()
        .fold(path, |path, part| path.replace(part, "999999"));
    let state = |state: &str| json!({ "state": state, "reason": "test", "event": call.name() });
    let body = match call {
        Call::AddLicense => driver("ZZ-1"),
        Call::EndLicense => json!({ "reason": "mistake" }),
        Call::EndDevice => json!({ "reason": "lost" }),
        Call::DecideUnresolved => state("unresolved"),
        Call::DecideSuspension => state("suspended"),
        Call::Lift => state("valid"),
        Call::ProposeRevocation => state("revoked"),
        Call::RefuseReview => json!({ "reason": "other" }),
        Call::AddReader => json!({ "name": "Patrol", "key": "" }),
        Call::AddClient => json!({ "client_id": "app", "redirects": ["https://app.example/x"] }),
        Call::AddUser => json!({ "user": "Nobody", "roles": ["clerk"] }),
        Call::AddToken => json!({ "label": "x" }),
        _ => json!({}),
    };
    (path, body)
}

pub(super) const fn verb(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_may_make_the_calls_of_the_table_and_no_other_and_what_is_denied_is_noted() {
    let house = House::new().await;
    let license = house.add("ZZ-0").await;
    let denied = || house.count("SELECT count(*) FROM events WHERE kind = 'denied'");
    for row in &TABLE {
        for role in Role::ALL {
            let (path, body) = request_of(row.call, &license);
            let before = denied();
            let reply = house.by(role.name(), verb(row.method), &path, &body).await;
            let case = format!("{} by {}: {}", row.name, role.name(), reply.status);
            if row.roles.has(role) {
                // It may fail by what is asked; not for want of a role.
                let told = reply.header("content-type") == Some("application/problem+json");
                assert!(!told || reply.code() != "not_allowed", "{case}");
                assert!(reply.status < 500, "{case} {}", reply.text());
                assert_eq!(denied(), before, "{case}");
                // What another role tries next begins with the same license.
                continue;
            }
            assert_eq!(
                (reply.status, &*reply.code()),
                (403, "not_allowed"),
                "{case}"
            );
            let words = reply.json()["detail"].as_str().unwrap().to_owned();
            assert!(words.contains(&row.roles.to_string()), "{words}");
            assert_eq!(denied(), before + 1, "{case}");
            let noted = house.count(&format!(
                "SELECT count(*) FROM events WHERE kind = 'denied' AND detail = '{}'
                 AND by = (SELECT 'u' || id FROM users WHERE name = '{}')",
                row.name,
                role.name()
            ));
            assert_eq!(noted, 1, "{case}");
        }
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_good_token_nothing_is_told() {
    let house = House::new().await;
    let license = house.add("ZZ-0").await;
    for row in &TABLE {
        let (path, body) = request_of(row.call, &license);
        let body = body.to_string();
        for (headers, code) in [
            (&[][..], "no_token"),
            (&[("Authorization", "Bearer vdo_guess")], "token"),
            (&[("Authorization", "Basic YTpi")], "no_token"),
        ] {
            let mut headers = headers.to_vec();
            headers.push(("Content-Type", "application/json"));
            let reply = house
                .send(verb(row.method), &path, &headers, body.as_bytes())
                .await;
            assert_eq!((reply.status, &*reply.code()), (401, code), "{}", row.name);
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
    }
    house.stop().await;
}
