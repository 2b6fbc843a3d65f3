//! Personal data of licenses that ended: what the commands say of it, and what `serve` does by
//! itself.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{World, line};

/// Lets a license have ended 400 days ago.
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests"
)]
fn ended_long_ago(world: &World) -> String {
    let id = world.add()["license_id"].as_str().unwrap().to_owned();
    world
        .authority(&format!("license end {id} --reason death"))
        .done();
    let file = world.path("authority/authority.sqlite");
    let database = rusqlite::Connection::open(file).unwrap();
    database.busy_timeout(Duration::from_secs(10)).unwrap();
    let past =
        "UPDATE licenses SET ended = ended - 34560000, added = added - 34560000 WHERE id = ?";
    database.execute(past, [&id]).unwrap();
    id
}

#[test]
fn the_setting_is_shown_and_changed_and_0_is_neither_at_once_nor_never() {
    let mut world = World::start();
    world.stop();
    let shown = world.authority("settings").done().stdout;
    assert!(
        shown.contains("Personal data is deleted 365 days after the end of its license."),
        "{shown}"
    );
    for refused in ["0", "36501", "never", "-1", "1.5", ""] {
        let words = ["settings".to_owned(), format!("--retention={refused}")].join(" ");
        let run = world.authority(&words);
        let said = run.refused(64);
        assert!(said.contains("forever"), "{refused}: {said}");
    }
    let kept = world.authority("settings --retention forever").done();
    assert!(kept.stdout.contains("Personal data is kept forever"));
    let set = world.authority("settings --retention 30 --json").done();
    assert_eq!(set.json(), json!({ "devices": 2, "retention_days": 30 }));
    let home = world.path("other");
    let home = home.display();
    line(&format!("authority --home {home} init --retention forever")).done();
    let shown = line(&format!("authority --home {home} settings --json")).done();
    assert_eq!(shown.json()["retention_days"], Value::Null);
}

#[test]
fn a_license_that_ended_long_ago_is_forgotten_by_the_command_and_by_serve() {
    let mut world = World::start();
    // By the server, in one of its next rounds.
    let first = ended_long_ago(&world);
    let begun = Instant::now();
    let found = |world: &World, id: &str| {
        let command = format!("license find {id} --json");
        world.authority(&command).done().json()
    };
    while found(&world, &first)["license"] != Value::Null {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(200));
    }
    world.stop();

    let second = ended_long_ago(&world);
    let ended = found(&world, &second)["ended_at"].clone();
    let dry = world.authority("forget --dry-run --json").done().json();
    assert_eq!(
        dry,
        json!({
            "retention_days": 365,
            "to_forget": [{ "license_id": second, "ended_at": ended }],
            "waits_until": null,
        })
    );
    let dry = world.authority("forget --dry-run").done().stdout;
    assert!(
        dry.contains(&second) && dry.ends_with("would be deleted. Nothing was.\n"),
        "{dry}"
    );
    assert_ne!(found(&world, &second)["license"], Value::Null);
    let done = world.authority("forget --json").done().json();
    assert_eq!(
        done,
        json!({ "retention_days": 365, "forgotten": [second], "rewritten": true })
    );
    let nothing = world.authority("forget").done().stdout;
    assert!(nothing.ends_with("Nothing was to be deleted now.\n"));

    let shown = world.authority(&format!("license find {second}")).done();
    let shown = shown.stdout;
    assert!(
        shown.starts_with(&format!("License  {second}\nDriver   deleted")),
        "{shown}"
    );
    assert!(shown.contains("Ended    20") && shown.contains("(death)"));
    let list = world.authority("license list").done().stdout;
    assert_eq!(list.lines().count(), 2);
    for (line, id) in list.lines().zip([&first, &second]) {
        assert!(line.ends_with("its data is deleted"), "{line}");
        assert!(list.contains(id.as_str()));
    }
    let edit = format!("license edit {second} --expiry-date 2040-01-01");
    let refused = world.authority(&edit);
    assert!(refused.refused(1).contains("this license has ended"));
}
