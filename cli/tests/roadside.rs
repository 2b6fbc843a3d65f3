//! From the offer to the verdict: each command's exit code and JSON, with a real authority.

mod support;

use std::fs;
use std::os::unix::ffi::OsStringExt;

use serde_json::{Value, json};
use support::{World, in_window, run};

const STATUS_KEYS: [&str; 4] = ["age_s", "as_of", "source", "state"];

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_license_is_enrolled_listed_shown_verified_and_removed() {
    let world = World::start();
    let added = world.add();
    assert_eq!(
        keys(&added),
        [
            "expires",
            "license_id",
            "notes",
            "offer",
            "offer_by_reference",
            "tx_code"
        ]
    );
    world.init("w").done();

    let offer = added["offer_by_reference"].as_str().unwrap();
    world.wallet("w", &format!("enroll {offer}")).refused(64);
    world
        .wallet("w", &format!("enroll {offer} --tx-code 12"))
        .refused(65);
    let wrong = if added["tx_code"] == "000000" {
        "000001"
    } else {
        "000000"
    };
    world
        .wallet("w", &format!("enroll {offer} --tx-code {wrong}"))
        .refused(1);
    let code = added["tx_code"].as_str().unwrap();
    let enrolled = world
        .wallet("w", &format!("enroll {offer} --tx-code {code} --json"))
        .done()
        .json();
    assert_eq!(
        keys(&enrolled),
        ["id", "license", "standing", "status", "tone"]
    );
    assert_eq!(enrolled["status"]["state"], "valid");
    let by_value = added["offer"].as_str().unwrap();
    let again = world.wallet("w", &format!("enroll {by_value} --tx-code {code}"));
    let said = again.refused(1).to_owned();
    assert!(said.contains("taken up before"), "{said}");

    let list = world.wallet("w", "list --json").done().json();
    assert_eq!(list[0]["id"], enrolled["id"]);
    let driver: Value = serde_json::from_str(include_str!("../assets/driver.json")).unwrap();
    assert_eq!(list[0]["license"], driver);
    assert_eq!(keys(&list[0]["status"]), STATUS_KEYS);

    let shown = world.wallet("w", "--json show --once").done().json();
    assert_eq!(
        keys(&shown),
        [
            "expires_at",
            "issued_at",
            "rotates_at",
            "standing",
            "status",
            "text",
            "tone"
        ]
    );
    let (issued, rotates) = (
        shown["issued_at"].as_u64().unwrap(),
        shown["rotates_at"].as_u64().unwrap(),
    );
    assert_eq!(
        (
            rotates - issued,
            shown["expires_at"].as_u64().unwrap() - issued
        ),
        (10, 30)
    );

    let text = world.wallet("w", "show --once --text").done().stdout;
    assert_eq!(text.lines().count(), 1);
    let verdict = world.verify(&["--json", text.trim_end()]).done().json();
    assert_eq!(
        keys(&verdict),
        ["license", "reasons", "status", "token", "verdict"]
    );
    assert_eq!(
        (&verdict["verdict"], &verdict["reasons"]),
        (&json!("accept"), &json!([]))
    );
    assert_eq!(verdict["license"], driver);
    assert_eq!(
        (
            &verdict["status"]["source"],
            &verdict["token"]["challenged"]
        ),
        (&json!("staple"), &json!(false))
    );
    for input in [text.clone(), text.replace('\n', "\r\n")] {
        assert_eq!(world.verify_with(&["-"], input.as_bytes()).code, 0);
    }
    let human = world.verify(&[text.trim_end()]).done().stdout;
    assert!(human.contains("ACCEPT") && human.contains("Okonkwo"));

    world.wallet("w", "refresh").done();
    let forced = world.wallet("w", "refresh --force --json").done().json();
    assert_eq!(keys(&forced), ["changed", "failures", "next", "requests"]);
    let status = world.wallet("w", "status --json").done().json();
    assert_eq!(
        (&status["rolled_back"], &status["damaged"]),
        (&json!(false), &json!([]))
    );
    let log = world.wallet("w", "log --json").done().json();
    let events: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    assert_eq!(events.iter().filter(|event| **event == "shown").count(), 2);
    assert_eq!(events.last(), Some(&"enrolled"));

    let id = enrolled["id"].as_str().unwrap();
    world
        .wallet("w", &format!("show {id} --once --text"))
        .done();
    world.wallet("w", &format!("remove {id}")).done();
    assert_eq!(world.wallet("w", "list --json").done().json(), json!([]));
}

#[test]
fn a_picture_is_read_and_one_without_a_qr_is_65() {
    let world = World::start();
    world.enroll("w");
    let png = world.path("qr.png");
    world
        .wallet("w", &format!("show --once --png {}", png.display()))
        .done();
    let path = png.to_str().unwrap();
    assert_eq!(world.verify(&["--image", path]).code, 0);

    // A photo of it: turned, smaller, grey, compressed.
    let picture = image::open(&png).unwrap().to_luma8();
    let small = image::imageops::resize(&picture, 470, 470, image::imageops::FilterType::Triangle);
    let mut photo = image::GrayImage::from_pixel(640, 480, image::Luma([90]));
    image::imageops::replace(&mut photo, &image::imageops::rotate90(&small), 85, 5);
    for pixel in photo.pixels_mut() {
        pixel.0[0] = 30 + pixel.0[0] / 2;
    }
    let jpeg = world.path("photo.jpg");
    photo.save(&jpeg).unwrap();
    assert_eq!(world.verify(&["--image", jpeg.to_str().unwrap()]).code, 0);

    let empty = world.path("empty.png");
    image::GrayImage::from_pixel(60, 60, image::Luma([200]))
        .save(&empty)
        .unwrap();
    world
        .verify(&["--image", empty.to_str().unwrap()])
        .refused(65);
    let cut = world.path("cut.png");
    fs::write(&cut, &fs::read(&png).unwrap()[..300]).unwrap();
    world
        .verify(&["--json", "--image", cut.to_str().unwrap()])
        .refused(65);
    world
        .verify(&[
            "--image",
            world.path("authority/root.cose").to_str().unwrap(),
        ])
        .refused(65);
    world.verify(&["--image", "/no/such.png"]).refused(65);
}

#[test]
fn every_text_gets_a_verdict_however_broken() {
    let world = World::start();
    for (text, reason) in [
        ("", "not_a_token"),
        ("hello", "not_a_token"),
        ("DL1:", "malformed"),
        ("DL1:é", "malformed"),
    ] {
        let run = world.verify(&["--json", text]);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""));
        let verdict = run.json();
        assert_eq!(verdict["reasons"], json!([reason]), "{text}");
        assert_eq!(
            (&verdict["license"], &verdict["token"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(
            verdict["status"],
            json!({"state": "unknown", "as_of": null, "age_s": null, "source": "none"})
        );
    }
    let bytes = [b"DL1:".as_slice(), &[0xff; 20]].concat();
    assert_eq!(
        world.verify_with(&["--json", "-"], &bytes).json()["reasons"],
        json!(["malformed"])
    );
    for nothing in [&b""[..], b" \r\n"] {
        world.verify_with(&["--json", "-"], nothing).refused(65);
    }
    let long = [b"DL1:".as_slice(), &[b'A'; 400_000]].concat();
    assert_eq!(
        world.verify_with(&["--json", "-"], &long).json()["reasons"],
        json!(["malformed"])
    );
    let root = world.path("authority/root.cose");
    let trust = world.fetch("/trust");
    let words: Vec<std::ffi::OsString> = vec![
        "verify".into(),
        "--json".into(),
        "--root".into(),
        root.into(),
        "--trust".into(),
        trust.into(),
        std::ffi::OsString::from_vec(bytes),
    ];
    assert_eq!(run(words).json()["reasons"], json!(["malformed"]));
}

#[test]
fn a_trust_list_or_bundle_that_can_be_read_is_judged() {
    let world = World::start();
    let added = world.enroll("w");
    let text = world.wallet("w", "show --once --text").done().stdout;
    let text = text.trim_end();
    let junk = world.path("junk");
    fs::write(&junk, "junk").unwrap();
    let junk = junk.to_str().unwrap();

    let root = world.path("authority/root.cose");
    let judged = run([
        "verify",
        "--json",
        "--root",
        root.to_str().unwrap(),
        "--trust",
        junk,
        text,
    ]);
    assert_eq!(
        (judged.code, &judged.json()["reasons"]),
        (1, &json!(["trust_list_unusable"]))
    );

    let ignored = world.verify(&["--json", "--bundle", junk, text]);
    assert_eq!(
        (ignored.code, &ignored.json()["reasons"]),
        (0, &json!(["bundle_unusable"]))
    );
    world.verify(&["--bundle", "/no/such", text]).refused(65);

    let id = added["license_id"].as_str().unwrap();
    world
        .authority(&format!("status set {id} suspended"))
        .done();
    world.authority("publish").done();
    let bundle = world.fetch("/status/bundle");
    let refused = world.verify(&["--json", "--bundle", bundle.to_str().unwrap(), text]);
    assert_eq!(
        (refused.code, &refused.json()["reasons"]),
        (1, &json!(["suspended"]))
    );
    assert_eq!(refused.json()["status"]["source"], "bundle");

    world.wallet("w", "refresh --force").done();
    let text = world.wallet("w", "show --once --text").done().stdout;
    assert_eq!(
        world.verify(&["--json", text.trim_end()]).json()["reasons"],
        json!(["suspended"])
    );
    let listed = world.authority("license list --json").done().json();
    assert_eq!(
        (&listed[0]["license_id"], &listed[0]["status"]),
        (&json!(id), &json!("suspended"))
    );
    let set = world
        .authority(&format!("--json status set {id} unresolved"))
        .done()
        .json();
    assert_eq!(set["license_id"], id);
}

#[test]
fn a_clock_that_is_wrong_is_refused_one_way_and_a_caution_when_challenged() {
    let world = World::start();
    world.enroll("w");
    let one_way = world.wallet("w", "show --once --json").done().json();
    let text = one_way["text"].as_str().unwrap();
    let later = (one_way["issued_at"].as_u64().unwrap() + 65).to_string();
    let refused = world.verify(&["--json", "--now", &later, text]);
    assert_eq!(
        (refused.code, &refused.json()["reasons"]),
        (1, &json!(["expired"]))
    );

    let asked = run(["challenge", "--reader", "Patrol 7", "--json"])
        .done()
        .json();
    let (cnonce, question) = (
        asked["cnonce"].as_str().unwrap(),
        asked["text"].as_str().unwrap(),
    );
    let home = world.path("w");
    let show = [
        "wallet",
        "--home",
        home.to_str().unwrap(),
        "show",
        "--once",
        "--text",
        "--challenge",
    ];
    let answer = run(show.iter().chain(&[question]));
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let answer = answer.stdout.trim_end();
    let with = [
        "--json",
        "--challenge",
        cnonce,
        "--reader",
        "Patrol 7",
        answer,
    ];
    let accepted = world.verify(&with);
    assert_eq!(
        (accepted.code, &accepted.json()["token"]["challenged"]),
        (0, &json!(true))
    );
    let caution = world.verify(&[&["--now", &later], with.as_slice()].concat());
    assert_eq!(
        (caution.code, &caution.json()["reasons"]),
        (2, &json!(["clock_in_doubt"]))
    );
    let asked_at = asked["asked_at"].as_u64().unwrap();
    for (now, code, reasons) in [
        (asked_at + 120, 2, json!(["clock_in_doubt"])),
        (asked_at + 121, 1, json!(["expired", "wrong_challenge"])),
    ] {
        let (now, at) = (now.to_string(), asked_at.to_string());
        let timed = ["--now", &now, "--asked-at", &at];
        let judged = world.verify(&[&timed[..], with.as_slice()].concat());
        assert_eq!((judged.code, &judged.json()["reasons"]), (code, &reasons));
    }
    let other = world.verify(&[
        "--json",
        "--challenge",
        &"0".repeat(32),
        "--reader",
        "Patrol 7",
        answer,
    ]);
    assert_eq!(
        (other.code, &other.json()["reasons"]),
        (1, &json!(["wrong_challenge"]))
    );

    let answer = run(show.iter().chain(&["12345678"])).stdout;
    let with = [
        "--challenge",
        "3132333435363738",
        "--reader",
        "dl1:code",
        answer.trim_end(),
    ];
    assert_eq!(world.verify(&with).code, 0);
    run(show.iter().chain(&["1234567"])).refused(65);
    run(show.iter().chain(&["DLQ1:nonsense"])).refused(65);
}

#[test]
fn a_qr_that_fits_is_drawn_and_one_that_does_not_is_a_file_with_a_name() {
    let world = World::start();
    world.enroll("w");
    let home = world.path("w");
    let show = ["wallet", "--home", home.to_str().unwrap(), "show", "--once"];

    let drawn = in_window(125, 66, show).done().stdout;
    let rows: Vec<_> = drawn
        .lines()
        .filter(|line| line.starts_with("\u{1b}[38;5;16;48;5;231m"))
        .collect();
    let widths: Vec<_> = rows
        .iter()
        .map(|row| {
            row.replace("\u{1b}[38;5;16;48;5;231m", "")
                .replace("\u{1b}[0m", "")
                .chars()
                .count()
        })
        .collect();
    assert!(
        widths
            .iter()
            .all(|width| *width == widths[0] && *width <= 125)
    );
    assert_eq!(rows.len(), widths[0].div_ceil(2));

    let small = in_window(80, 24, show).done().stdout;
    assert!(!small.contains('\u{2580}'), "half a QR would wrap");
    assert!(small.contains(&format!("{} columns", widths[0])), "{small}");
    let file = home.join("qr.png");
    assert!(small.contains(file.to_str().unwrap()), "{small}");
    assert_eq!(world.verify(&["--image", file.to_str().unwrap()]).code, 0);
}

#[test]
fn another_port_is_refused_once_the_issuer_is_fixed() {
    let world = World::start();
    let said = world.authority("serve --listen 127.0.0.1:1 --json");
    assert_eq!(said.code, 1);
    let said = world.authority("serve --listen 127.0.0.1:0 --json");
    assert!(said.refused(1).contains(&world.issuer));
    assert_eq!(
        world.authority("rotate-keys --now --json").done().json(),
        json!({ "rotated": true })
    );
}

/// Takes up an offer of the driver's license that ends the phones which hold it.
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests"
)]
fn replaced(world: &World, name: &str) {
    let offer = "license offer ZZ-2091-7734 --replace --json";
    let offer = world.authority(offer).done().json();
    let words = format!(
        "enroll {} --tx-code {} --json",
        offer["offer"].as_str().unwrap(),
        offer["tx_code"].as_str().unwrap()
    );
    world.wallet(name, &words).done();
}

#[test]
fn a_copy_that_another_has_replaced_is_not_shown_in_its_place() {
    let world = World::start();
    let first = world.enroll("w");
    replaced(&world, "w");
    world.wallet("w", "refresh --force");
    let listed = world.wallet("w", "list --json").done().json();
    let rows = listed.as_array().unwrap();
    assert_eq!(rows.len(), 2, "{listed}");
    let current = rows.iter().find(|row| row["id"] != first["id"]).unwrap();
    let shown = world.wallet("w", "show --once --json").done().json();
    assert_eq!(shown["standing"], "valid", "{shown}");
    let beginning = &current["id"].as_str().unwrap()[..12];
    world
        .wallet("w", &format!("show {beginning} --once --json"))
        .done();
    // What cannot be taken back asks for the whole id.
    let removed = world.wallet("w", &format!("remove {beginning}"));
    assert!(
        removed.refused(65).contains("no such license"),
        "{}",
        removed.stderr
    );
    world.wallet("w", "remove").refused(64);
}

#[test]
fn a_phone_that_was_replaced_is_told_so_and_not_about_a_code() {
    let world = World::start();
    world.enroll("lost");
    world.init("w").done();
    replaced(&world, "w");
    let refreshed = world.wallet("lost", "refresh --force");
    let said = format!("{}{}", refreshed.stdout, refreshed.stderr);
    assert!(said.contains("is not renewed any more"), "{said}");
    assert!(!said.contains("check the code"), "{said}");
}
