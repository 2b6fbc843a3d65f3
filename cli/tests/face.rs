//! The driver's face on the command line: shown where it was asked for, and read back.
#![allow(clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::World;
use vidimus_credential::challenge::Request;
use vidimus_credential::face::FaceCollector;
use vidimus_credential::verify::{Outcome, Policy, Verdict, Verifier};
use vidimus_credential::{UnixTime, VerifyingKey};

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn verdict(world: &World, shown: &Value) -> Verdict {
    let root = fs::read(world.path("authority/root.cose")).unwrap();
    let mut verifier = Verifier::new(
        VerifyingKey::from_cose_key(&root).unwrap(),
        Policy::default(),
    );
    let trust = fs::read(world.fetch("/trust")).unwrap();
    verifier.set_trust_list(&trust).unwrap();
    let now = UnixTime::new(shown["issued_at"].as_u64().unwrap()).unwrap();
    verifier.check(shown["text"].as_str().unwrap(), now)
}

/// The text of the QR in a picture.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn read(picture: &Path) -> String {
    let picture = image::open(picture).unwrap().to_luma8();
    let (width, height) = picture.dimensions();
    let size = |side: u32| usize::try_from(side).unwrap();
    let pixel = |at: usize| u32::try_from(at).unwrap();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(size(width), size(height), |x, y| {
            picture.get_pixel(pixel(x), pixel(y)).0[0]
        });
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

/// What the newest entry of the log says was shown.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn logged(world: &World) -> String {
    let log = world.wallet("w", "log --json").done().json();
    log[0]["fields"].as_str().unwrap().to_owned()
}

#[test]
fn the_face_beside_a_token_is_the_one_that_the_authority_signed() {
    let world = World::start();
    world.enroll("w");
    let alone = world.wallet("w", "show --once --json").done().json();
    assert!(alone.get("face").is_none(), "nobody asked for it");
    assert_eq!(logged(&world), "all_but_portrait");

    let file = world.path("qr.png");
    let words = format!("show --once --json --face --png {}", file.display());
    let shown = world.wallet("w", &words).done().json();
    let texts: Vec<&str> = shown["face"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut collector = FaceCollector::new();
    for (number, text) in (1..).zip(&texts) {
        assert_eq!(read(&world.path(&format!("qr-face-{number}.png"))), *text);
        collector.take(text).unwrap();
    }
    assert_eq!(read(&file), shown["text"].as_str().unwrap());
    let verdict = verdict(&world, &shown);
    assert_eq!(verdict.outcome, Outcome::Accept);
    let face = collector.join(&verdict).unwrap();
    assert!(image::load_from_memory(face.jpeg()).is_ok());
    assert_eq!(logged(&world), "all");

    let lines = world.wallet("w", "show --once --text --face").done().stdout;
    assert_eq!(lines.lines().count(), 1 + texts.len());
    assert!(lines.lines().skip(1).eq(texts.iter().copied()));
}

#[test]
fn a_reader_that_wants_the_face_is_named_and_gets_it_only_with_the_option() {
    let world = World::start();
    world.enroll("w");
    for wants_face in [false, true] {
        let asked = Request {
            reader: "Unit 7",
            cnonce: [7; 16],
            iat: UnixTime::new(1_780_000_000).unwrap(),
            wants_face,
        };
        let text = asked.unsigned().unwrap();
        let home = world.path("w");
        let show = |more: &[&str]| {
            let before = ["wallet", "--home", home.to_str().unwrap(), "show"];
            let once = ["--once", "--json", "--challenge", &text];
            support::run(before.iter().chain(&once).chain(more))
        };
        let without = show(&[]);
        assert_eq!(without.stderr.contains("--face"), wants_face);
        assert_eq!(without.code, 0);
        assert!(without.json().get("face").is_none());
        assert_eq!(logged(&world), "all_but_portrait");
        let with = show(&["--face"]);
        assert!(!with.stderr.contains("--face"), "{}", with.stderr);
        assert_eq!(with.code, 0);
        assert!(with.json().get("face").is_some());
        assert_eq!(logged(&world), "all");
    }
}

#[test]
fn one_picture_cannot_carry_a_face() {
    let world = World::start();
    world.enroll("w");
    world.wallet("w", "show --once --face").refused(64);
    world.wallet("w", "show --face").refused(64);
    let log = world.wallet("w", "log --json").done().json();
    let shown = log.as_array().unwrap().iter();
    assert_eq!(shown.filter(|entry| entry["event"] == "shown").count(), 0);
}

/// The pictures of a token and its face in a folder, and when they were shown.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn pictures(world: &World, home: &str) -> (std::path::PathBuf, String) {
    let folder = world.path(&format!("{home}-pictures"));
    fs::create_dir(&folder).unwrap();
    let words = format!(
        "show --once --json --face --png {}",
        folder.join("qr.png").display()
    );
    let shown = world.wallet(home, &words).done().json();
    (folder, shown["issued_at"].to_string())
}

#[test]
fn pictures_of_one_phone_give_the_verdict_and_the_face_that_is_written_once() {
    let world = World::start();
    world.enroll("w");
    let (folder, now) = pictures(&world, "w");
    let (photos, face) = (folder.to_str().unwrap(), world.path("face.jpg"));
    let to = face.to_str().unwrap();
    let words = ["--json", "--now", &now, "--image", photos, "--face", to];
    let report = world.verify(&words).done().json();
    assert_eq!(report["verdict"], "accept");
    assert_eq!(report["face"]["read"], report["face"]["count"]);
    assert_eq!(report["face"]["file"], to);
    assert!(image::load_from_memory(&fs::read(&face).unwrap()).is_ok());

    // What is there is not replaced, and nothing is judged before that is said.
    fs::write(&face, "another picture").unwrap();
    let again = world.verify(&words);
    assert!(again.refused(1).contains("is there already"));
    assert_eq!(fs::read(&face).unwrap(), b"another picture");

    // With a frame missing nothing is written, and how many were read is said.
    fs::remove_file(folder.join("qr-face-1.png")).unwrap();
    fs::remove_file(&face).unwrap();
    let part = world.verify(&words);
    assert_eq!(part.code, 0);
    assert!(
        part.stderr.contains("frames of the face were read") || part.stderr.contains("no frame")
    );
    assert!(!face.exists());
    let token = folder.join("qr.png");
    let alone = ["--now", &now, "--image", token.to_str().unwrap()];
    let alone = world.verify(&alone);
    assert_eq!(alone.code, 0);
    assert!(!alone.stdout.contains("face"));
}

#[test]
fn pictures_of_two_licenses_are_not_judged_and_a_face_alone_is_nothing() {
    let world = World::start();
    world.enroll("w");
    let (folder, now) = pictures(&world, "w");
    let frame = folder.join("qr-face-1.png");
    let token = folder.join("qr.png");
    let run = |images: &[&Path]| {
        let mut words = vec!["--json", "--now", &now];
        for image in images {
            words.extend(["--image", image.to_str().unwrap()]);
        }
        world.verify(&words)
    };
    assert!(run(&[&frame]).refused(65).contains("no license"));
    let both = run(&[&frame, &token]).done().json();
    assert_eq!(both["face"]["read"], 1);
    world.enroll_another("v");
    let (other, _) = pictures(&world, "v");
    let two = run(&[&token, &other.join("qr.png")]);
    assert!(two.refused(65).contains("two licenses"));
    // The other's face is joined to nothing.
    let foreign = run(&[&token, &other.join("qr-face-1.png")]).done().json();
    assert!(foreign.get("face").is_none());
    let empty = world.path("empty");
    fs::create_dir(&empty).unwrap();
    run(&[&empty]).refused(65);
}

#[test]
fn a_token_is_replayed_behind_a_saved_memory_and_a_broken_one_is_said() {
    let world = World::start();
    world.enroll("w");
    let shown = world.wallet("w", "show --once --json").done().json();
    let (now, text) = (
        shown["issued_at"].to_string(),
        shown["text"].as_str().unwrap(),
    );
    let memory = world.path("seen");
    let to = memory.to_str().unwrap();
    let words = ["--json", "--now", &now, "--replay-memory", to, text];
    assert_eq!(world.verify(&words).done().json()["verdict"], "accept");
    let again = world.verify(&words);
    assert_eq!(
        (again.code, again.json()["reasons"][0].as_str()),
        (1, Some("replayed"))
    );
    fs::write(&memory, "holiday").unwrap();
    let report = world.verify(&words).done().json();
    assert_eq!(report["notes"][0]["about"], "replay_memory");
    assert_eq!(world.verify(&words).code, 1);
}
