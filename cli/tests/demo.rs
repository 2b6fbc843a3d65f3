//! The demo's steps, told to a program.

mod support;

use serde_json::Value;
use support::line;

#[test]
fn the_story_is_one_object_a_step_and_ends_as_it_must() {
    let told = line("demo --json").done();
    let steps: Vec<Value> = told
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<_> = steps
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "authority",
            "register",
            "enroll",
            "refresh",
            "show",
            "rotate",
            "replay",
            "screenshot",
            "forge",
            "copy",
            "lost",
            "offer",
            "another",
            "suspend",
            "bundle",
            "refuse"
        ]
    );
    let step = |name: &str| steps.iter().find(|step| step["name"] == name).unwrap();
    let reasons = |name: &str| {
        let step = step(name);
        let first = step["verdict"]["reasons"]
            .get(0)
            .and_then(Value::as_str)
            .unwrap_or("");
        (
            step["verdict"]["verdict"].as_str().unwrap().to_owned(),
            first.to_owned(),
        )
    };
    let verdict = |outcome: &str, reason: &str| (outcome.to_owned(), reason.to_owned());
    for (name, expected) in [
        ("show", verdict("accept", "")),
        ("rotate", verdict("accept", "")),
        ("replay", verdict("refuse", "replayed")),
        ("screenshot", verdict("refuse", "expired")),
        ("forge", verdict("refuse", "bad_signature")),
        ("lost", verdict("refuse", "revoked")),
        ("another", verdict("accept", "")),
        ("suspend", verdict("accept", "")),
        ("bundle", verdict("refuse", "suspended")),
        ("refuse", verdict("refuse", "suspended")),
    ] {
        assert_eq!(reasons(name), expected, "{name}");
    }
    assert_ne!(step("show")["qr"]["text"], step("rotate")["qr"]["text"]);
    assert!(
        step("screenshot")["what"]
            .as_str()
            .unwrap()
            .contains("clock is set ahead")
    );
    assert!(
        step("copy")["refused"]
            .as_str()
            .unwrap()
            .contains("another device")
    );
    for step in &steps {
        assert!(
            !step["what"].as_str().unwrap().is_empty() && !step["why"].as_str().unwrap().is_empty()
        );
    }
}
