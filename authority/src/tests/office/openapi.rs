//! The description of the API and the API are the same, both ways.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::roles::{request_of, verb};
use super::{House, Reply};
use crate::office::TABLE;

/// Whether a value is what a schema says; where it is not.
fn fits(value: &Value, schema: &Value, document: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let place = document.pointer(&reference[1..]);
        return fits(value, place.ok_or(reference.to_owned())?, document);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[several].as_array() {
            let any = choices.iter().any(|one| fits(value, one, document).is_ok());
            return any
                .then_some(())
                .ok_or(format!("{value} is none of {schema}"));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let may = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(|known| known == kind),
        known => known == kind,
    };
    if !may {
        return Err(format!("{value} is no {}", schema["type"]));
    }
    match value {
        Value::Array(values) => values
            .iter()
            .try_for_each(|value| fits(value, &schema["items"], document)),
        Value::Object(values) => {
            let Some(known) = schema["properties"].as_object() else {
                return Ok(());
            };
            for name in schema["required"].as_array().into_iter().flatten() {
                if !values.contains_key(name.as_str().unwrap()) {
                    return Err(format!("{name} is missing"));
                }
            }
            for (name, value) in values {
                let schema = known.get(name).ok_or(format!("{name} is not described"))?;
                fits(value, schema, document).map_err(|fault| format!("{name}: {fault}"))?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Holds an answer against the document.
fn check(document: &Value, method: &str, path: &str, reply: &Reply) {
    let operation = &document["paths"][path][method.to_lowercase()];
    let responses = &operation["responses"];
    let status = reply.status.to_string();
    let response = match responses[&status] {
        Value::Null => &responses["default"],
        _ => &responses[&status],
    };
    let kind = reply.header("content-type").unwrap();
    let schema = &response["content"][kind]["schema"];
    assert!(!schema.is_null(), "{method} {path} {status} {kind}");
    if kind.ends_with("json") && !kind.ends_with("ndjson") {
        let fit = fits(&reply.json(), schema, document);
        assert_eq!(fit, Ok(()), "{method} {path}: {}", reply.text());
    }
}

async fn document(house: &House) -> Value {
    let reply = house.send("GET", "/v1/openapi.json", &[], b"").await;
    assert_eq!(reply.status, 200);
    reply.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_route_is_described_and_each_description_has_its_route() {
    let house = House::new().await;
    let document = document(&house).await;
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (path.clone(), method.to_uppercase()))
        })
        .collect();
    let table: BTreeSet<(String, String)> = TABLE
        .iter()
        .map(|row| (row.path.to_owned(), verb(row.method).to_owned()))
        .collect();
    assert_eq!(described, table);
    // The router itself knows these, and no other method at their addresses.
    let chief = house.tokens["auditor"].clone();
    let license = house.add("ZZ-0").await;
    for row in &TABLE {
        let (path, _) = request_of(row.call, &license);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let reply = house.call(&chief, method, &path, &json!({})).await;
            let is_described = described.contains(&(row.path.to_owned(), method.to_owned()));
            assert_eq!(
                reply.status != 405,
                is_described,
                "{method} {path} {}",
                reply.status
            );
        }
    }
    let nothing = house.call(&chief, "GET", "/v1/nothing", &json!({})).await;
    assert_eq!((nothing.status, &*nothing.code()), (404, "not_found"));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_calls_take_and_give_is_what_the_document_says() {
    let house = House::new().await;
    let document = document(&house).await;
    let license = house.add("ZZ-0").await;
    let key = crate::tests::new_key();
    let key = {
        use base64::Engine as _;
        use vidimus_credential::Signer as _;
        base64::engine::general_purpose::STANDARD.encode(key.verifying_key().to_cose_key())
    };
    let mut with_review = super::driver("ZZ-2");
    with_review["review"] = json!("photo");
    let at = |path: &str| path.replace("{license}", &license);
    let good: &[(&str, &str, &str, Value)] = &[
        ("clerk", "GET", "/v1/me", json!({})),
        ("clerk", "POST", "/v1/licenses", super::driver("ZZ-1")),
        ("clerk", "POST", "/v1/licenses", with_review),
        ("clerk", "GET", "/v1/licenses", json!({})),
        ("clerk", "GET", "/v1/licenses/{license}", json!({})),
        ("clerk", "GET", "/v1/licenses/{license}/picture", json!({})),
        ("clerk", "PATCH", "/v1/licenses/{license}", json!({})),
        ("clerk", "POST", "/v1/licenses/{license}/offers", json!({})),
        (
            "officer",
            "POST",
            "/v1/licenses/{license}/decisions",
            json!({ "state": "unresolved" }),
        ),
        (
            "judge",
            "POST",
            "/v1/licenses/{license}/decisions",
            json!({ "state": "valid" }),
        ),
        (
            "chief",
            "POST",
            "/v1/licenses/{license}/decisions",
            json!({ "state": "revoked", "reason": "x" }),
        ),
        ("chief", "GET", "/v1/proposals", json!({})),
        ("clerk", "GET", "/v1/reviews", json!({})),
        ("auditor", "GET", "/v1/licenses/{license}/events", json!({})),
        (
            "clerk",
            "POST",
            "/v1/licenses/{license}/end",
            json!({ "reason": "mistake" }),
        ),
        (
            "chief",
            "POST",
            "/v1/readers",
            json!({ "name": "Patrol 7", "key": key }),
        ),
        ("clerk", "GET", "/v1/readers", json!({})),
        (
            "chief",
            "POST",
            "/v1/clients",
            json!({ "client_id": "app", "redirects": ["https://app.example/x"] }),
        ),
        ("chief", "GET", "/v1/clients", json!({})),
        (
            "chief",
            "PATCH",
            "/v1/settings",
            json!({ "devices": 3, "retention_days": 400 }),
        ),
        ("clerk", "GET", "/v1/settings", json!({})),
        (
            "chief",
            "POST",
            "/v1/users",
            json!({ "user": "new-one", "roles": ["clerk", "judge"] }),
        ),
        ("chief", "GET", "/v1/users", json!({})),
        ("auditor", "GET", "/v1/audit", json!({})),
    ];
    for (role, method, path, body) in good {
        let reply = house.by(role, method, &at(path), body).await;
        assert!(reply.status < 300, "{method} {path}: {}", reply.text());
        check(&document, method, path, &reply);
        // What was sent is described too.
        let operation = &document["paths"][*path][method.to_lowercase()];
        let takes = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !takes.is_null() {
            assert_eq!(fits(body, takes, &document), Ok(()), "{method} {path}");
        }
    }
    for (method, path, body, user) in [
        (
            "POST",
            "/v1/users/{user}/tokens",
            json!({ "label": "x" }),
            "new-one",
        ),
        ("POST", "/v1/users/{user}/set-up", json!({}), "new-one"),
        (
            "PATCH",
            "/v1/users/{user}",
            json!({ "disabled": true }),
            "new-one",
        ),
    ] {
        let reply = house
            .by("chief", method, &path.replace("{user}", user), &body)
            .await;
        assert!(reply.status < 300, "{method} {path}: {}", reply.text());
        check(&document, method, path, &reply);
    }
    // What is refused is described as well, and a field that is not is refused.
    for row in &TABLE {
        let (path, _) = request_of(row.call, "no-such");
        let roles: Vec<_> = row.roles.iter().collect();
        let body = json!({ "no_such_field": 1 });
        let reply = house
            .by(roles[0].name(), verb(row.method), &path, &body)
            .await;
        check(&document, verb(row.method), row.path, &reply);
        let takes =
            document["paths"][row.path][verb(row.method).to_lowercase()]["requestBody"].is_object();
        if takes {
            assert_eq!(
                (reply.status, &*reply.code()),
                (400, "request"),
                "{}",
                row.name
            );
        }
    }
    house.stop().await;
}
