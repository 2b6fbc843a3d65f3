//! What an officer photographs and pastes, and what is asked beside it.
#![allow(clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment};
use serde_json::{Value, json};
use support::{Run, World};

/// A license on the glass, and when.
struct Shown {
    text: String,
    now: String,
}

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn shown(world: &World, wallet: &str) -> Shown {
    let frame = world.wallet(wallet, "show --once --json").done().json();
    Shown {
        text: frame["text"].as_str().unwrap().to_owned(),
        now: frame["issued_at"].to_string(),
    }
}

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn qr(text: &str, scale: u32) -> GrayImage {
    let segments = QrSegment::make_segments(text);
    let code = QrCode::encode_segments(&segments, QrCodeEcc::Medium).unwrap();
    let side = (u32::try_from(code.size()).unwrap() + 8) * scale;
    let place = |pixel: u32| i32::try_from(pixel / scale).unwrap() - 4;
    GrayImage::from_fn(side, side, |x, y| {
        Luma([if code.get_module(place(x), place(y)) {
            0
        } else {
            255
        }])
    })
}

fn desk(width: u32, height: u32, put: &[(&GrayImage, i64, i64)]) -> GrayImage {
    let mut desk = GrayImage::from_pixel(width, height, Luma([231]));
    for (picture, x, y) in put {
        imageops::replace(&mut desk, *picture, *x, *y);
    }
    desk
}

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn judge(world: &World, picture: &GrayImage, now: &str) -> Run {
    let file = world.path("picture.png");
    picture.save(&file).unwrap();
    judge_file(world, &file, now)
}

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn judge_file(world: &World, file: &Path, now: &str) -> Run {
    let path = file.to_str().unwrap();
    world.verify(&["--json", "--now", now, "--image", path])
}

#[test]
fn a_license_in_a_picture_gets_its_own_verdict_whatever_else_is_in_it() {
    let world = World::start();
    world.enroll("w");
    let license = shown(&world, "w");
    let poster = qr("https://example.org/parking", 18);
    let large = qr(&license.text, 6);
    let mut dark = large.clone();
    imageops::invert(&mut dark);
    let small = imageops::resize(&large, 600, 600, FilterType::Triangle);
    for (name, width, height, license_at) in [
        ("photo", 4000, 3000, (&small, 2000, 1500)),
        ("dark", 1600, 1100, (&dark, 850, 200)),
        ("screen", 1600, 1100, (&large, 850, 200)),
    ] {
        let alone = desk(width, height, &[license_at]);
        let beside = desk(width, height, &[(&poster, 60, 60), license_at]);
        for picture in [alone, beside] {
            let run = judge(&world, &picture, &license.now);
            assert_eq!(run.code, 0, "{name}: {} {}", run.stdout, run.stderr);
            assert_eq!(run.json()["verdict"], "accept", "{name}");
        }
    }
    // Where there is no license, the poster is what was shown.
    let run = judge(&world, &desk(900, 700, &[(&poster, 60, 60)]), &license.now);
    assert_eq!(
        (run.code, &run.json()["reasons"]),
        (1, &json!(["not_a_token"]))
    );

    // Small, and badly compressed.
    for (side, filter) in [(300, FilterType::Nearest), (300, FilterType::Lanczos3)] {
        let picture = imageops::resize(&large, side, side, filter);
        assert_eq!(judge(&world, &picture, &license.now).code, 0, "{filter:?}");
    }
    let jpeg = world.path("picture.jpg");
    let file = fs::File::create(&jpeg).unwrap();
    JpegEncoder::new_with_quality(file, 30)
        .encode_image(&desk(1200, 900, &[(&large, 100, 80)]))
        .unwrap();
    assert_eq!(judge_file(&world, &jpeg, &license.now).code, 0);
}

#[test]
fn of_two_licenses_in_one_picture_none_is_judged() {
    let world = World::start();
    world.enroll("a");
    world.enroll_another("b");
    let (a, b) = (shown(&world, "a"), shown(&world, "b"));
    let (left, right) = (qr(&a.text, 7), qr(&b.text, 6));
    let shift = i64::from(left.width()) + 60;
    for (first, second) in [(&left, &right), (&right, &left)] {
        let picture = desk(1956, 1024, &[(first, 10, 60), (second, shift, 60)]);
        let run = judge(&world, &picture, &a.now);
        assert!(run.refused(65).contains("two licenses"), "{}", run.stderr);
    }
    // The same one twice is one.
    let picture = desk(1956, 1024, &[(&left, 10, 60), (&left, shift, 60)]);
    assert_eq!(judge(&world, &picture, &a.now).code, 0);
}

#[test]
fn one_license_in_two_codes_is_one_license_and_the_newer_code_is_judged() {
    let world = World::start();
    world.enroll("w");
    let old = shown(&world, "w");
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let new = shown(&world, "w");
    let challenge = ["show", "--once", "--json", "--challenge", "40718293"];
    let answer = world.wallet("w", &challenge.join(" ")).json();
    let answer = answer["text"].as_str().unwrap();
    let beside = |one: &str, other: &str| {
        let (left, right) = (qr(one, 7), qr(other, 6));
        let shift = i64::from(left.width()) + 60;
        let picture = desk(1956, 1024, &[(&left, 10, 60), (&right, shift, 60)]);
        let file = world.path("two-codes.png");
        picture.save(&file).unwrap();
        file.to_str().unwrap().to_owned()
    };
    // In this second the older code is past its end, and the newer one is not.
    let late = (old.now.parse::<u64>().unwrap() + 61).to_string();
    for file in [beside(&old.text, &new.text), beside(&new.text, &old.text)] {
        let run = world.verify(&["--json", "--now", &late, "--image", &file]);
        assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    }
    // A code that was asked for is the one that is meant, and only then.
    let asked = ["--challenge", "3430373138323933", "--reader", "dl1:code"];
    for file in [beside(answer, &new.text), beside(&new.text, answer)] {
        let words = ["--json", "--now", &new.now, "--image", &file];
        let unasked = world.verify(&words).json();
        assert_eq!(unasked["token"]["challenged"], false, "{unasked}");
        let answered = world.verify(&[&words[..], &asked[..]].concat()).json();
        assert_eq!(answered["verdict"], "accept", "{answered}");
        assert_eq!(answered["token"]["challenged"], true, "{answered}");
    }
}

#[test]
fn two_people_are_two_licenses_though_both_codes_claim_one_number() {
    let world = World::start();
    world.enroll("w");
    let one = shown(&world, "w");
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/driver.json");
    let other = fs::read_to_string(driver).unwrap();
    let file = world.path("renamed.json");
    fs::write(&file, other.replace("Adaeze", "Ngozi")).unwrap();
    let edit = format!("license edit ZZ-2091-7734 --file {}", file.display());
    world.authority(&edit).done();
    world.wallet("w", "refresh --force").done();
    let other = shown(&world, "w");
    let (left, right) = (qr(&one.text, 7), qr(&other.text, 6));
    let shift = i64::from(left.width()) + 60;
    for pair in [[&left, &right], [&right, &left]] {
        let picture = desk(1956, 1024, &[(pair[0], 10, 60), (pair[1], shift, 60)]);
        let run = judge(&world, &picture, &other.now);
        assert!(run.refused(65).contains("two licenses"), "{}", run.stderr);
    }
}

/// Runs `verify --image` with two seconds of the processor and 400 MB of addresses, of which the
/// program itself and the stacks of its threads take a part.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn judge_within_bounds(world: &World, file: &Path) -> (Option<i32>, String) {
    let words = "ulimit -t 2; ulimit -v 400000; exec \"$0\" verify --root \"$1\" --trust \"$2\" --image \"$3\"";
    let output = Command::new("sh")
        .args(["-c", words, env!("CARGO_BIN_EXE_vidimus")])
        .args([&world.path("authority/root.cose"), &world.fetch("/trust")])
        .arg(file)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn a_small_file_of_a_huge_picture_ends_within_two_seconds_of_the_processor() {
    let world = World::start();
    // The three squares of a QR, again and again: each might be the corner of one.
    let square = |x: u32, y: u32| {
        let (x, y) = (x % 9, y % 9);
        x < 7 && y < 7 && x.abs_diff(3).max(y.abs_diff(3)) != 2
    };
    let files: Vec<PathBuf> = ["white.png", "squares.png", "many.png", "deep.png"]
        .map(|name| world.path(name))
        .to_vec();
    let squares = |side, scale| {
        GrayImage::from_fn(side, side, |x, y| {
            Luma([if square(x / scale, y / scale) { 0 } else { 255 }])
        })
    };
    GrayImage::from_pixel(8000, 8000, Luma([255]))
        .save(&files[0])
        .unwrap();
    squares(7900, 100).save(&files[1]).unwrap();
    squares(1600, 3).save(&files[2]).unwrap();
    image::ImageBuffer::from_pixel(5000, 5000, image::Rgba([60_000_u16; 4]))
        .save(&files[3])
        .unwrap();
    for file in files {
        let (code, said) = judge_within_bounds(&world, &file);
        assert_eq!(code, Some(65), "{} {said}", file.display());
        assert!(said.starts_with("vidimus: "), "{said}");
    }
}

#[test]
fn a_text_that_was_wrapped_on_its_way_is_read() {
    let world = World::start();
    world.enroll("w");
    let license = shown(&world, "w");
    let lines = |between: &str| {
        let parts: Vec<_> = license.text.as_bytes().chunks(76).collect();
        String::from_utf8(parts.join(between.as_bytes())).unwrap()
    };
    for text in [
        lines("\n"),
        lines("\r\n"),
        format!("  {}\n\n", lines("\n")),
        format!("\u{feff}{}\t", license.text),
        license.text.replace(' ', "\n"),
    ] {
        let run = world.verify_with(&["--json", "--now", &license.now, "-"], text.as_bytes());
        assert_eq!(run.code, 0, "{text:?}");
        assert_eq!(world.verify(&["--now", &license.now, &text]).code, 0);
    }
}

#[test]
fn a_category_that_is_not_held_is_refused_with_the_words_for_it() {
    let world = World::start();
    world.enroll("w");
    let license = shown(&world, "w");
    let ask = |code: &str| {
        let words = [
            "--json",
            "--now",
            &license.now,
            "--category",
            code,
            &license.text,
        ];
        world.verify(&words)
    };
    assert_eq!(ask("B").code, 0);
    let slip = ask("b");
    assert_eq!(slip.code, 1, "upper and lower case are different codes");
    assert!(slip.stdout.contains("did you mean B?"), "{}", slip.stdout);
    let missing = ask("D1E");
    assert_eq!(missing.code, 1);
    let verdict = missing.json();
    assert_eq!(verdict["reasons"], json!(["category_not_held"]));
    assert_eq!(verdict["notes"][0]["problem"], "not_held");
    let human = world.verify(&["--now", &license.now, "--category", "D1E", &license.text]);
    assert!(human.stdout.contains("category D1E is not held; held: "));

    for bad in ["", "NINE CHARS", "A B"] {
        world
            .verify(&["--category", bad, &license.text])
            .refused(64);
    }
}

#[test]
fn the_status_is_asked_of_the_authority_that_the_trust_list_names() {
    let mut world = World::start();
    let added = world.enroll("w");
    let license = shown(&world, "w");
    let online = ["--json", "--online", license.text.as_str()];
    let asked = world.verify(&online);
    assert_eq!(
        (asked.code, asked.json()["verdict"].as_str()),
        (0, Some("accept"))
    );
    assert_eq!(asked.json()["status"]["source"], "staple");
    assert_eq!(asked.json()["notes"][0]["problem"], "nothing_newer");

    let id = added["license_id"].as_str().unwrap();
    world
        .authority(&format!("status set {id} suspended"))
        .done();
    world.authority("publish").done();
    let offline = world.verify(&["--json", &license.text]);
    assert_eq!(offline.code, 0, "the phone's own status is of before");
    let asked = world.verify(&online);
    let verdict = asked.json();
    assert_eq!(
        (asked.code, &verdict["reasons"]),
        (1, &json!(["suspended"]))
    );
    assert_eq!(verdict["status"]["source"], "online");
    assert!(verdict.get("notes").is_none(), "{verdict}");

    // No one is asked for a text that no authority of the list has signed.
    let foreign = world.verify(&["--json", "--online", "DL1:NONSENSE"]);
    assert!(foreign.json().get("notes").is_none());

    let trust = world.fetch("/trust");
    world.stop();
    let root = world.path("authority/root.cose");
    let gone = support::run([
        "verify",
        "--json",
        "--root",
        root.to_str().unwrap(),
        "--trust",
        trust.to_str().unwrap(),
        "--online",
        &license.text,
    ]);
    let verdict = gone.json();
    assert_eq!(
        (gone.code, &verdict["reasons"]),
        (0, &json!(["status_unusable"]))
    );
    assert_eq!(verdict["notes"][0]["problem"], "unreachable");
    assert_eq!(verdict["status"]["source"], "staple");
}

#[test]
fn several_bundles_are_taken_and_one_that_cannot_be_used_is_named() {
    let world = World::start();
    let added = world.enroll("w");
    let license = shown(&world, "w");
    let older = world.path("older");
    fs::rename(world.fetch("/status/bundle"), &older).unwrap();
    let id = added["license_id"].as_str().unwrap();
    world
        .authority(&format!("status set {id} suspended"))
        .done();
    world.authority("publish").done();
    let newer = world.fetch("/status/bundle");
    let junk = world.path("junk");
    fs::write(&junk, "junk").unwrap();
    let [older, newer, junk] = [&older, &newer, &junk].map(|path| path.to_str().unwrap());
    for bundles in [[older, newer], [newer, older]] {
        let [first, second] = bundles;
        let words = [
            "--json",
            "--bundle",
            first,
            "--bundle",
            second,
            &license.text,
        ];
        let verdict = world.verify(&words).json();
        assert_eq!(verdict["reasons"], json!(["suspended"]));
        assert_eq!(verdict.get("notes"), None);
    }
    let words = ["--json", "--bundle", junk, "--bundle", newer, &license.text];
    let verdict = world.verify(&words).json();
    assert_eq!(verdict["reasons"], json!(["suspended"]));
    assert_eq!(verdict["notes"][0]["about"], "bundle");
    assert!(
        verdict["notes"][0]["say"]
            .as_str()
            .unwrap()
            .contains("junk")
    );
}

#[test]
fn a_batch_gives_each_line_its_verdict_and_a_bad_line_its_own_error() {
    let world = World::start();
    world.enroll("w");
    let license = shown(&world, "w");
    let (text, now) = (&license.text, license.now.parse::<u64>().unwrap());
    let lines = [
        json!(text).to_string(),
        json!({ "text": text, "id": "again" }).to_string(),
        "no JSON at all".to_owned(),
        String::new(),
        json!({ "text": 5, "id": "five" }).to_string(),
        json!({ "text": "hello", "id": 6 }).to_string(),
        json!({ "text": text, "now": now + 61, "id": null }).to_string(),
        json!({ "text": text, "category": "D1E" }).to_string(),
    ];
    let run = world.verify_with(
        &["--batch", "--now", &license.now],
        lines.join("\n").as_bytes(),
    );
    assert_eq!((run.code, run.stderr.as_str()), (65, ""));
    let answers: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = answers
        .iter()
        .map(|answer| {
            (
                answer["line"].as_u64().unwrap(),
                answer["id"].clone(),
                answer["reasons"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, Value::Null, json!([])),
            (2, json!("again"), json!(["replayed"])),
            (3, Value::Null, Value::Null),
            (5, json!("five"), Value::Null),
            (6, json!(6), json!(["not_a_token"])),
            (7, Value::Null, json!(["expired"])),
            (8, Value::Null, json!(["replayed", "category_not_held"])),
        ]
    );
    assert!(answers[2]["error"].is_string() && answers[3]["error"].is_string());
    assert!(answers[2].get("verdict").is_none());

    let good = world.verify_with(&["--batch"], b"\"hello\"\n");
    assert_eq!(good.code, 0, "a verdict, whichever");
    assert_eq!(world.verify_with(&["--batch"], b"").done().stdout, "");
}

#[test]
fn each_trouble_with_a_trust_list_has_its_own_words() {
    let world = World::start();
    world.enroll("w");
    let license = shown(&world, "w");
    let root = world.path("authority/root.cose");
    let good = world.fetch("/trust");
    let other = tempfile::tempdir().unwrap();
    let home = other.path().join("a");
    support::line(&format!(
        "authority --home {} init --issuer https://b.example",
        home.display()
    ))
    .done();
    let other_root = home.join("root.cose");
    let file = |name: &str, bytes: &[u8]| {
        let path = world.path(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let (empty, junk) = (file("empty", b""), file("junk", b"junk"));
    let later = |days: u64| {
        let now: u64 = license.now.parse().unwrap();
        (now + days * 86_400).to_string()
    };
    let ask = |root: &Path, trust: &Path, now: &str| {
        support::run([
            "verify",
            "--json",
            "--root",
            root.to_str().unwrap(),
            "--trust",
            trust.to_str().unwrap(),
            "--now",
            now,
            &license.text,
        ])
    };
    let mut all = Vec::new();
    for (root, trust, now, reason, problem) in [
        (&root, &empty, later(0), "trust_list_unusable", "empty_file"),
        (&root, &junk, later(0), "trust_list_unusable", "damaged"),
        (
            &other_root,
            &good,
            later(0),
            "trust_list_unusable",
            "other_root",
        ),
        (&root, &good, later(8), "expired", "old"),
        (&root, &good, later(33), "trust_list_expired", "past_end"),
        (&root, &good, later(61), "trust_list_unusable", "ended"),
    ] {
        let run = ask(root, trust, &now);
        let verdict = run.json();
        assert_eq!(run.code, 1, "{problem}");
        assert!(verdict["reasons"].to_string().contains(reason), "{verdict}");
        assert_eq!(verdict["notes"][0]["about"], "trust_list", "{verdict}");
        assert_eq!(verdict["notes"][0]["problem"], problem, "{verdict}");
        all.push(verdict["notes"][0]["say"].clone());
    }
    // A list of another authority does not know the key: by its age that is no proof of a forgery.
    let publish = format!("authority --home {} publish", home.display());
    support::line(&publish).done();
    let foreign = home.join("public/trust");
    for (now, problem) in [
        (later(0), None),
        (later(8), Some("old")),
        (later(33), Some("past_end")),
    ] {
        let verdict = ask(&other_root, &foreign, &now).json();
        assert_eq!(verdict["reasons"][0], "unknown_key", "{verdict}");
        assert_eq!(verdict["notes"][0]["problem"].as_str(), problem);
        let Some(say) = verdict["notes"][0]["say"].as_str() else {
            continue;
        };
        for words in [
            "does not know the key",
            "no proof of a forgery",
            "fetch it anew",
        ] {
            assert!(say.contains(words), "{say}");
        }
        all.push(verdict["notes"][0]["say"].clone());
    }
    let words: std::collections::BTreeSet<_> = all.iter().map(Value::to_string).collect();
    assert_eq!(words.len(), all.len(), "each its own");
    assert!(ask(&root, &good, &later(0)).json().get("notes").is_none());
}
