//! `authority backup|restore|reconcile` as an operator runs them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::fs;

use serde_json::json;
use support::World;

#[test]
fn an_old_backup_is_refused_by_every_command_until_it_is_reconciled() {
    let mut world = World::start();
    let added = world.enroll("wallet");
    let license = added["license_id"].as_str().unwrap();
    let backup = world.path("backup");
    let backup = backup.to_str().unwrap();
    // Also while `serve` runs.
    let made = world
        .authority(&format!("backup {backup} --json"))
        .done()
        .json();
    assert_eq!(made["keys"], 5);
    world
        .authority(&format!("status set {license} revoked"))
        .done();
    world.authority(&format!("restore {backup}")).refused(1);
    world.stop();

    let restored = world
        .authority(&format!("restore {backup} --json"))
        .done()
        .json();
    assert_eq!(
        (&restored["issued_log"], &restored["published"]),
        (&json!(true), &json!(true))
    );
    let aside = restored["set_aside"].as_str().unwrap();
    assert!(world.path("authority").join(aside).exists());
    let id = format!("license find {license}");
    for command in [
        "license list",
        "serve --listen 127.0.0.1:0",
        "publish",
        id.as_str(),
    ] {
        let run = world.authority(command);
        assert!(run.refused(1).contains("authority reconcile"), "{command}");
    }
    let told = world.authority("reconcile --json").done().json();
    let decided = json!([{ "license_id": license, "status": "revoked" }]);
    assert_eq!(
        (&told["decided"], &told["signed"]),
        (&decided, &json!(true))
    );
    let found = world
        .authority(&format!("license find {license} --json"))
        .done()
        .json();
    assert_eq!(found["status"], "revoked");
    let again = world.authority("reconcile").done();
    assert!(again.stdout.contains("nothing was changed"));
}

#[test]
fn a_backup_without_keys_says_what_it_needs_and_publish_names_the_keys_that_are_missing() {
    let mut world = World::start();
    world.enroll("wallet");
    let backup = world.path("backup");
    world
        .authority(&format!("backup {} --without-keys", backup.display()))
        .done();
    world.stop();
    let home = world.path("authority");
    let keys: Vec<_> = fs::read_dir(home.join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "key"))
        .collect();
    let saved: Vec<_> = keys.iter().map(|path| fs::read(path).unwrap()).collect();
    for path in &keys {
        fs::remove_file(path).unwrap();
    }
    let run = world.authority("publish");
    let said = run.refused(1);
    assert!(
        said.contains("the root") && said.contains("the next status key"),
        "{said}"
    );
    let restored = world
        .authority(&format!("restore {}", backup.display()))
        .done();
    assert!(
        restored.stdout.contains("`reconcile` needs root.cose"),
        "{}",
        restored.stdout
    );
    let run = world.authority("reconcile");
    let said = run.refused(1);
    assert!(
        said.contains("root.cose") && said.contains("keys/*.key"),
        "{said}"
    );
    for (path, secret) in keys.iter().zip(&saved) {
        fs::write(path, secret).unwrap();
    }
    world.authority("reconcile").done();
    world.authority("publish").done();
}

#[test]
fn a_lost_database_is_not_an_empty_register() {
    let mut world = World::start();
    world.enroll("wallet");
    world.stop();
    let database = world.path("authority").join("authority.sqlite");
    for lost in ["missing", "empty"] {
        if lost == "missing" {
            fs::remove_file(&database).unwrap();
        } else {
            fs::write(&database, b"").unwrap();
        }
        for command in ["license list", "serve --listen 127.0.0.1:0", "init"] {
            let run = world.authority(command);
            assert!(
                run.refused(1).contains("not an empty register"),
                "{command}"
            );
        }
    }
}

#[test]
fn a_mirror_that_serves_on_helps_a_home_that_lost_everything() {
    let mut world = World::start();
    let added = world.enroll("wallet");
    let license = added["license_id"].as_str().unwrap();
    let backup = world.path("backup");
    world
        .authority(&format!("backup {}", backup.display()))
        .done();
    world
        .authority(&format!("status set {license} suspended"))
        .done();
    world.authority("publish").done();
    // A mirror: another server with the same files.
    let mirror = support::Files::serve(&world.path("authority/public"));
    world.stop();
    fs::rename(world.path("authority"), world.path("lost")).unwrap();

    let restored = world
        .authority(&format!("restore {}", backup.display()))
        .done();
    assert!(
        restored.stdout.contains("There is no issued.log"),
        "{}",
        restored.stdout
    );
    assert!(
        world
            .authority("reconcile")
            .refused(65)
            .contains("--head URL")
    );
    let log = world.path("lost/issued.log");
    fs::copy(log, world.path("authority/issued.log")).unwrap();
    let url = mirror.url("/head");
    let told = world
        .authority(&format!("reconcile --head {url} --json"))
        .done()
        .json();
    assert_eq!(
        told["decided"],
        json!([{ "license_id": license, "status": "suspended" }])
    );
    let words = world.authority(&format!("reconcile --head {url}")).done();
    assert!(
        words.stdout.contains("nothing was changed"),
        "{}",
        words.stdout
    );
    assert!(
        world
            .authority(&format!("reconcile --head {}", mirror.url("/trust")))
            .refused(64)
            .contains("/head")
    );
}

#[test]
fn a_license_that_came_after_the_backup_is_named_and_can_be_refused() {
    let mut world = World::start();
    let backup = world.path("backup");
    world
        .authority(&format!("backup {}", backup.display()))
        .done();
    let added = world.enroll("wallet");
    let license = added["license_id"].as_str().unwrap();
    world.stop();
    world
        .authority(&format!("restore {}", backup.display()))
        .done();
    let told = world.authority("reconcile").done();
    assert!(
        told.stdout
            .contains(&format!("reconcile --refuse {license}")),
        "{}",
        told.stdout
    );
    let refused = world
        .authority(&format!("reconcile --refuse {license} --json"))
        .done();
    assert_eq!(refused.json()["credentials"], 1);
    world
        .authority("reconcile --refuse 0011223344556677")
        .refused(65);
}
