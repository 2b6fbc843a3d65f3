//! What a clerk looks at before a phone gets a license, and the apps in which drivers sign in.

mod support;

use serde_json::{Value, json};
use support::World;

#[test]
fn a_clerk_looks_at_a_photo_refuses_it_and_accepts_the_next() {
    let mut world = World::start();
    let id = world.add()["license_id"].as_str().unwrap().to_owned();
    world.stop();
    let none = world.authority("review list").done().stdout;
    assert_eq!(none, "No review waits.\n");
    let asked = format!("license edit {id} --review photo --json");
    let edited = world.authority(&asked).done().json();
    assert_eq!(
        (&edited["changed"], &edited["review"]),
        (&json!(false), &json!(1))
    );
    let waiting = world.authority("review list --json").done().json();
    assert_eq!(waiting[0]["license_id"], json!(id));
    assert_eq!(
        (&waiting[0]["kind"], &waiting[0]["state"]),
        (&json!("photo"), &json!("waiting"))
    );
    let file = world.path("picture.jpg");
    let write = format!("review picture 1 --out {}", file.display());
    world.authority(&write).done();
    assert!(std::fs::read(&file).unwrap().starts_with(b"\xff\xd8"));
    world.authority(&write).refused(1);
    let refuse = "review refuse 1 --reason photo_unclear --by office-7 --json";
    let refused = world.authority(refuse).done().json();
    assert_eq!(refused["reason"], "photo_unclear");
    world.authority("review accept 1").refused(1);
    world.authority("review refuse 1 --reason ugly").refused(64);
    world.authority("review accept 1 --crop 1,2,3").refused(64);
    world.authority("review accept 9").refused(65);
    world.authority(&asked).done();
    world
        .authority("review accept 2 --crop 9000,0,3,4")
        .refused(65);
    let accepted = world.authority("review accept 2").done().stdout;
    assert!(accepted.starts_with(&format!("Review 2 of {id}: accepted")));
    let found = world.authority(&format!("license find {id}")).done().stdout;
    assert!(
        found.contains("Review   1  photo  refused since"),
        "{found}"
    );
    assert!(found.contains(", photo_unclear; by office-7"), "{found}");
    let found = world.authority(&format!("license find {id} --json"));
    let found: Value = found.done().json();
    assert_eq!(found["reviews"][1]["state"], "accepted");
}

#[test]
fn apps_are_registered_by_addresses_that_are_theirs() {
    let mut world = World::start();
    world.stop();
    let listed = world.authority("client list").done().stdout;
    assert_eq!(
        listed,
        "vidimus-cli  http://127.0.0.1/callback http://[::1]/callback\n"
    );
    let private = "client add vidimus-app --redirect vidimus:/signed-in";
    assert!(
        world
            .authority(private)
            .refused(65)
            .contains("--allow-private-scheme")
    );
    world
        .authority(&format!("{private} --allow-private-scheme"))
        .done();
    for wrong in [
        "client add app",
        "client add app --redirect https://a.example/ --android org.vidimus.app",
    ] {
        world.authority(wrong).refused(64);
    }
    for wrong in [
        "client add a/b --redirect https://a.example/x",
        "client add vidimus-cli --redirect https://a.example/x",
        "client add app --redirect http://a.example/x",
        "client add app --redirect https://a.example/x --apple vidimus",
        "client add app --redirect https://a.example/x --android org.vidimus.app=AB",
        "client remove app",
        "client remove vidimus-cli",
    ] {
        world.authority(wrong).refused(65);
    }
    let added = world.authority(&format!(
        "client add app --redirect https://a.example/x --apple ABCDE12345.org.vidimus \
         --android org.vidimus.app={} --json",
        "ab".repeat(32)
    ));
    assert_eq!(added.done().json()["client"], "app");
    let listed = world.authority("client list --json").done().json();
    assert_eq!(listed.as_array().unwrap().len(), 3);
    assert_eq!(listed[1]["android"][0]["sha256"], ["AB"; 32].join(":"));
    world.authority("client remove app").done();
    let listed = world.authority("client list --json").done().json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
}
