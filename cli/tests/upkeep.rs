//! What keeps an authority sound: its keys, its clock, its readers.

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::json;
use support::{World, line, run};

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn today() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let time = vidimus_credential::UnixTime::new(seconds).unwrap();
    time.to_rfc3339()[..10].to_owned()
}

#[test]
fn keys_are_rotated_when_the_next_ones_are_known_or_dropped_at_once() {
    let world = World::start();
    let refused = world.authority("rotate-keys");
    assert!(refused.refused(1).contains("rotate-keys --now"));
    world.authority("rotate-keys --now").done();
    let dropped = world
        .authority("rotate-keys --compromised status --json")
        .done();
    assert_eq!(dropped.json(), json!({ "rotated": true }));
    world
        .authority("rotate-keys --compromised credential --compromised status --next-is-safe")
        .done();
    world.authority("rotate-keys --next-is-safe").refused(64);
    world
        .authority("rotate-keys --compromised root")
        .refused(64);
    world.authority("publish --json").done();
    let secrets = fs::read_dir(world.path("authority/keys"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "key"));
    assert_eq!(secrets.count(), 5, "the root, and two for each use");
}

#[test]
fn a_clock_that_is_believed_needs_no_command() {
    let world = World::start();
    let state = world.authority("clock show --json").done().json();
    assert_eq!(state["in_doubt"], json!(false));
    assert!(state["last_signed"].as_u64().unwrap() <= state["clock"].as_u64().unwrap() - 149);
    let shown = world.authority("clock show").done().stdout;
    assert!(shown.contains("Believed."), "{shown}");
    let accepted = world.authority(&format!("clock accept --today {}", today()));
    assert!(accepted.done().stdout.contains("not in doubt"));
    let repaired = world.authority(&format!("clock repair --today {}", today()));
    assert!(repaired.refused(1).contains("nothing is to be repaired"));
    world
        .authority("clock repair --today 2001-02-03")
        .refused(65);
    world.authority("clock repair").refused(64);
    world.authority("clock repair --today soon").refused(64);
}

#[test]
fn a_server_that_does_not_sign_says_so_on_standard_error_without_being_asked() {
    let mut world = World::start();
    world.stop();
    let home = world.path("authority");
    let database = rusqlite::Connection::open(home.join("authority.sqlite")).unwrap();
    database
        .execute("UPDATE clock SET wall = wall + 100000", [])
        .unwrap();
    drop(database);
    let listen = world.issuer.strip_prefix("http://").unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_vidimus"))
        .env_remove("VIDIMUS_LOG")
        .args(["authority", "--json", "serve", "--listen", listen, "--home"])
        .arg(&home)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with('{'), "{first}");
    let mut errors = BufReader::new(server.stderr.take().unwrap());
    let mut told = String::new();
    errors.read_line(&mut told).unwrap();
    assert!(
        told.starts_with("vidimus: signing and upkeep wait: "),
        "{told}"
    );
    assert!(told.contains("clock accept"), "{told}");
    // The next round, 5 seconds later, says nothing more.
    std::thread::sleep(std::time::Duration::from_secs(6));
    server.kill().unwrap();
    server.wait().unwrap();
    let mut more = String::new();
    errors.read_to_string(&mut more).unwrap();
    assert_eq!(more, "");
}

#[test]
fn a_reader_with_a_key_asks_and_the_driver_reads_that_it_is_proven() {
    let world = World::start();
    world.enroll("w");
    let file = world.path("patrol.key");
    let file = file.to_str().unwrap();
    let added = world
        .authority(&format!("reader add Patrol-7 --out {file} --json"))
        .done()
        .json();
    assert_eq!(
        (&added["name"], &added["key"]),
        (&json!("Patrol-7"), &json!(file))
    );
    assert_eq!(
        fs::metadata(file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Neither the name nor the file is taken twice, and a refused name leaves no file.
    let other = world.path("other.key");
    let again = format!("reader add Patrol-7 --out {}", other.display());
    world.authority(&again).refused(65);
    assert!(!other.exists());
    world
        .authority(&format!("reader add Patrol-8 --out {file}"))
        .refused(1);
    world.authority("reader add Patrol-8").refused(64);
    let home = world.path("authority");
    let blank = [
        "authority",
        "--home",
        home.to_str().unwrap(),
        "reader",
        "add",
        "\u{200b}",
        "--out",
    ];
    run(blank.into_iter().chain([other.to_str().unwrap()])).refused(65);
    assert!(!other.exists());
    run(["challenge", "--reader", "\u{3164}"]).refused(64);

    let listed = world.authority("reader list --json").done().json();
    assert_eq!(listed[0]["kid"], added["kid"]);
    world.wallet("w", "refresh --force").done();
    let asked = line(&format!("challenge --reader-key {file} --json"))
        .done()
        .json();
    assert_eq!(asked["reader"], json!("Patrol-7"));
    let text = asked["text"].as_str().unwrap();
    let home = world.path("w");
    let show = |text: &str| {
        run([
            "wallet",
            "--home",
            home.to_str().unwrap(),
            "show",
            "--once",
            "--text",
            "--challenge",
            text,
        ])
    };
    let shown = show(text);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stderr.contains("proven by the trust list"),
        "{}",
        shown.stderr
    );
    let answer = shown.stdout.trim_end();
    let judged = world.verify(&[
        "--json",
        "--challenge",
        asked["cnonce"].as_str().unwrap(),
        "--reader",
        "Patrol-7",
        answer,
    ]);
    assert_eq!(judged.code, 0, "{}", judged.stdout);

    world
        .authority(&format!("reader revoke {}", added["kid"].as_str().unwrap()))
        .done();
    world.authority("reader revoke Patrol-7").refused(65);
    world.wallet("w", "refresh --force").done();
    let asked = line(&format!("challenge --reader-key {file} --json"))
        .done()
        .json();
    let shown = show(asked["text"].as_str().unwrap());
    assert!(
        !shown.stderr.contains("proven by the trust list"),
        "{}",
        shown.stderr
    );
    line(&format!("challenge --reader-key {file} --reader x")).refused(64);
    line("challenge --reader-key /no/such").refused(65);
}

#[test]
fn the_seats_offset_is_told_at_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let init = |name: &str, offset: &str| {
        let home = folder.path().join(name);
        line(&format!(
            "authority init --home {} --utc-offset {offset}",
            home.display()
        ))
    };
    init("a", "+08:00").done();
    init("b", "-03:30").done();
    assert!(init("c", "+14:30").refused(65).contains("+14:00"));
    init("d", "8").refused(64);
    assert!(!folder.path().join("c").exists());
}
