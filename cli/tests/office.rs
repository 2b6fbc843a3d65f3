//! The office on the command line: its users, its server's client, and the audit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::{Run, World, run};

/// Writes a token into a file that its owner alone may read.
fn write_token(file: &Path, token: &str) {
    fs::write(file, token).unwrap();
    fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
}

/// A served authority with an office, whose users have tokens in files.
struct House {
    world: World,
    url: String,
}

impl House {
    fn start() -> Self {
        let world = World::start_with("--office 127.0.0.1:0");
        let url = world.office.clone().unwrap();
        Self { world, url }
    }

    /// Adds a user on the machine; the file with the token.
    fn user(&self, name: &str, roles: &str) -> PathBuf {
        let added = self
            .world
            .authority(&format!("user add {name} {roles} --json"));
        let added = added.done().json();
        assert_eq!(added["set_up_code"].as_str().unwrap().len(), 24);
        let made = self.world.authority(&format!("user token {name} --json"));
        let file = self.world.path(&format!("{name}.token"));
        write_token(&file, made.done().json()["token"].as_str().unwrap());
        file
    }

    /// A command at the server, by the holder of a token.
    fn at(&self, token: &Path, words: &str) -> Run {
        let mut all = vec![
            "authority".to_owned(),
            "--server".to_owned(),
            self.url.clone(),
        ];
        all.push("--token-file".to_owned());
        all.push(token.display().to_string());
        all.extend(words.split_whitespace().map(str::to_owned));
        run(all)
    }
}

#[test]
fn commands_that_name_a_server_do_there_what_their_user_may() {
    let house = House::start();
    let clerk = house.user("clerk-1", "--role clerk");
    let judge = house.user("judge-1", "--role judge");
    let (one, two) = (
        house.user("chief-1", "--role chief"),
        house.user("chief-2", "--role chief"),
    );
    let files = house.world.driver_files();
    let add = format!("license add {files} --json");
    let added = house.at(&clerk, &add).done().json();
    let id = added["license_id"].as_str().unwrap().to_owned();
    assert!(
        added["offer"]
            .as_str()
            .unwrap()
            .starts_with("openid-credential-offer://")
    );
    // Again: the number is taken, and the answer names the license.
    assert!(house.at(&clerk, &add).refused(65).contains(&id));
    let found = house
        .at(&judge, &format!("license find {id} --json"))
        .done()
        .json();
    assert_eq!(found["license_id"], json!(id));
    let listed = house.at(&judge, "license list --limit 1").done().stdout;
    assert!(listed.starts_with(&id), "{listed}");
    let suspend = format!("status set {id} suspended --reason speeding --json");
    assert!(house.at(&clerk, &suspend).refused(1).contains("judge"));
    let decided = house.at(&judge, &suspend).done().json();
    assert_eq!(decided["status"], "suspended");
    let edited = house.at(
        &clerk,
        &format!("license edit {id} --expiry-date 2039-02-28"),
    );
    assert!(edited.done().stdout.contains("changed"));
    let revoke = format!("status set {id} revoked --reason court");
    let proposed = house.at(&one, &revoke).done().stdout;
    assert!(proposed.contains("waits for another chief"), "{proposed}");
    let state = house
        .world
        .authority(&format!("license find {id} --json"))
        .done()
        .json();
    assert_eq!(state["status"], "suspended");
    // In the office no chief makes another one.
    let made = house
        .at(&two, "user add chief-3 --role chief")
        .refused(1)
        .to_owned();
    assert!(made.contains("machine"), "{made}");
    let users = house.at(&two, "user list").done().stdout;
    assert!(
        users.contains("judge-1") && !users.contains("chief-3"),
        "{users}"
    );
    let key = house.world.path("reader.key");
    let reader = format!("reader add Patrol --out {} --json", key.display());
    house.at(&one, &reader).done();
    assert!(
        house
            .at(&clerk, "reader list")
            .done()
            .stdout
            .contains("Patrol")
    );
    house.at(&clerk, "rotate-keys").refused(64);
    // Not to be sent in the clear, and not without a token.
    let plain = [
        "authority",
        "--server",
        "http://office.example",
        "license",
        "list",
    ];
    run(plain).refused(64);
    let without = ["authority", "--server", &house.url, "license", "list"];
    run(without).refused(64);
    let wrong = house.world.path("wrong.token");
    write_token(&wrong, "vdo_guess\n");
    assert!(
        house
            .at(&wrong, "license list")
            .refused(1)
            .contains("unknown or revoked")
    );
}

#[test]
fn an_audit_is_exported_and_what_was_changed_in_it_is_found() {
    let mut house = House::start();
    let auditor = house.user("auditor-1", "--role auditor");
    let chief = house.user("chief-1", "--role chief");
    let key = house.world.authority("audit key --json").done().json();
    let key = key["key"].as_str().unwrap().to_owned();
    // The server chains what happened within a second or two.
    let export = || house.at(&auditor, "audit export").done().stdout;
    let mut exported = export();
    while exported.contains("{\"unsealed\":") {
        std::thread::sleep(std::time::Duration::from_millis(200));
        exported = export();
    }
    let file = house.world.path("audit.ndjson");
    let verify = |text: &str, more: &[&str]| {
        fs::write(&file, text).unwrap();
        let mut words = vec![
            "authority",
            "audit",
            "verify",
            file.to_str().unwrap(),
            "--key",
            &key,
        ];
        words.extend(more);
        run(words)
    };
    let good: Value = verify(&exported, &["--json"]).done().json();
    assert_eq!(good["first"], 1);
    assert!(
        verify(&exported, &[])
            .done()
            .stdout
            .starts_with("The audit holds: events 1 to")
    );
    for (from, to) in [("auditor", "someone"), ("\"n\":2,", "\"n\":3,")] {
        let told = verify(&exported.replacen(from, to, 1), &[]);
        assert!(told.refused(1).contains("line "), "{}", told.stderr);
    }
    let cut: Vec<_> = exported.lines().collect();
    let cut = cut[..cut.len() - 1].join("\n");
    assert!(verify(&cut, &[]).refused(1).contains("missing"));
    assert!(
        house
            .at(&chief, "license list")
            .done()
            .stdout
            .contains("No licenses yet")
    );
    house.world.stop();
    // Where no server runs, the command chains what happened.
    house.world.authority("user disable chief-1").done();
    let from = good["last"].as_i64().unwrap() + 1;
    let later = house
        .world
        .authority(&format!("audit export --from {from}"))
        .done()
        .stdout;
    let later: Value = verify(&later, &["--json"]).done().json();
    assert_eq!(
        (&later["before"], &later["unsealed"]),
        (&good["chain"], &Value::Null)
    );
}

#[test]
fn an_office_in_the_clear_beyond_this_machine_is_refused_at_the_start() {
    let mut world = World::start();
    world.stop();
    let told = world.authority("serve --listen 127.0.0.1:0 --office 0.0.0.0:0");
    assert!(told.refused(65).contains("--tls-cert"), "{}", told.stderr);
    world
        .authority("serve --office 127.0.0.1:0 --tls-cert x.pem")
        .refused(64);
    world.authority("user add Clerk --role clerk").refused(65);
    world.authority("user add clerk --role king").refused(64);
    world.authority("user token no-one").refused(65);
}
