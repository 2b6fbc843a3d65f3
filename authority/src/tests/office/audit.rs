//! The audit: sealed by one of several servers, exported with a signature, and held against it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::House;
use crate::office::{AuditFault, check_audit};

/// Waits until the sealer has come by.
async fn sealed(house: &House) {
    for _ in 0..100 {
        let left = house.count(
            "SELECT (SELECT max(id) FROM events) - coalesce((SELECT max(event) FROM audit), 0)",
        );
        if left == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing is sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_is_in_the_export_in_the_name_of_who_did_it_and_holds() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    let suspend = json!({ "state": "suspended", "reason": "a named person did it" });
    let path = format!("/v1/licenses/{license}/decisions");
    assert_eq!(house.by("judge", "POST", &path, &suspend).await.status, 200);
    assert_eq!(house.by("clerk", "POST", &path, &suspend).await.status, 403);
    sealed(&house).await;
    let export = house.get("auditor", "/v1/audit").await;
    assert_eq!(export.status, 200, "{}", export.text());
    let text = export.text();
    let key = house.authority().audit_key(house.now()).unwrap();
    let checked = check_audit(&text, &key).unwrap();
    let events = house.count("SELECT max(id) FROM events");
    assert_eq!(checked.sealed.unwrap().0, 1);
    assert!(checked.sealed.unwrap().1 <= events && checked.sealed.unwrap().1 > 5);
    let line = |words: &[&str]| {
        let found = text
            .lines()
            .find(|line| words.iter().all(|word| line.contains(word)));
        found.unwrap_or_else(|| panic!("{words:?} in {text}"))
    };
    let id = |role: &str| {
        let id = house.count(&format!("SELECT id FROM users WHERE name = '{role}'"));
        format!("\"by\":\"u{id}\"")
    };
    line(&["\"added\"", &license, &id("clerk")]);
    line(&["\"decided\"", "suspended", &id("judge")]);
    line(&["\"denied\"", "decisions.suspend", &id("clerk")]);
    line(&["\"user_added\"", "\"by\":\"machine\""]);
    // Ids and codes, no names.
    for name in ["Okonkwo", "Adaeze", "ZZ-1", "named person", "clerk-"] {
        assert!(!text.contains(name), "{name}");
    }
    // A later part continues where the earlier one ended.
    house.add("ZZ-2").await;
    sealed(&house).await;
    let next = checked.sealed.unwrap().1 + 1;
    let part = house
        .get("auditor", &format!("/v1/audit?from={next}"))
        .await
        .text();
    let part = check_audit(&part, &key).unwrap();
    assert_eq!(part.before, checked.chain);
    let few = house.get("auditor", "/v1/audit?limit=3").await.text();
    assert_eq!(check_audit(&few, &key).unwrap().sealed, Some((1, 3)));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_are_changed_in_the_database_break_the_chain() {
    let house = House::new().await;
    house.add("ZZ-1").await;
    sealed(&house).await;
    let authority = house.authority();
    let key = authority.audit_key(house.now()).unwrap();
    let export = || {
        let mut text = String::new();
        let now = house.now();
        authority
            .export_audit(1, None, now, &mut |line| {
                text.push_str(line);
                text.push('\n');
                Ok(())
            })
            .unwrap();
        text
    };
    assert!(check_audit(&export(), &key).is_ok());
    let database = crate::store::test_database(&house.home());
    let change = "UPDATE audit SET line = replace(line, 'machine', 'u999') WHERE event = 2";
    assert!(database.execute(change, []).is_err(), "lines are kept");
    database
        .execute_batch("DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept;")
        .unwrap();
    database.execute(change, []).unwrap();
    let told = check_audit(&export(), &key).unwrap_err();
    assert_eq!(told, AuditFault::Chain { line: 3, number: 2 });
    database
        .execute("DELETE FROM audit WHERE event = 2", [])
        .unwrap();
    let told = check_audit(&export(), &key).unwrap_err();
    assert_eq!(told, AuditFault::Chain { line: 3, number: 3 });
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_seal_one_chain_and_know_each_others_users() {
    let one = House::new().await;
    let mut two = House::on(
        Arc::clone(&one.folder),
        Arc::clone(&one.clock),
        "127.0.0.1:0",
    )
    .await;
    two.tokens.clone_from(&one.tokens);
    // One server fixed its address, and the other serves the same issuer.
    let license = one.add("ZZ-1").await;
    for (place, state) in ["unresolved", "suspended", "valid"].iter().enumerate() {
        let house = if place % 2 == 0 { &two } else { &one };
        let path = format!("/v1/licenses/{license}/decisions");
        let done = house
            .by("judge", "POST", &path, &json!({ "state": state }))
            .await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
    let proposal = json!({ "state": "revoked", "reason": "x" });
    let path = format!("/v1/licenses/{license}/decisions");
    let proposed = one.by("chief", "POST", &path, &proposal).await;
    assert_eq!(proposed.status, 202, "{}", proposed.text());
    let id = proposed.json()["proposal_id"].as_i64().unwrap();
    let second = one.user("second", &[crate::office::Role::Chief]);
    let approve = format!("/v1/proposals/{id}/approve");
    let done = two.call(&second, "POST", &approve, &json!({})).await;
    assert_eq!(done.status, 200, "{}", done.text());
    sealed(&one).await;
    let key = one.authority().audit_key(one.now()).unwrap();
    for house in [&one, &two] {
        let text = house.get("auditor", "/v1/audit").await.text();
        check_audit(&text, &key).unwrap();
    }
    one.stop().await;
    two.stop().await;
}
