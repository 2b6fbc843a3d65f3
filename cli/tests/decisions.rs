//! Decisions: what the commands say of them, and that they say no more than is so.

mod support;

use std::fs;

use serde_json::json;
use support::{Run, World, run};

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn decide(world: &World, text: &[u8], by: &str) -> Run {
    let file = world.path("decisions");
    fs::write(&file, text).unwrap();
    let home = world.path("authority");
    let words = ["authority", "--home", home.to_str().unwrap(), "decide"];
    let asked = ["--file", file.to_str().unwrap(), "--by", by];
    run(words.into_iter().chain(asked))
}

#[test]
fn a_file_of_decisions_is_read_strictly_and_its_faults_are_named_by_line() {
    let world = World::start();
    let id = world.add()["license_id"].as_str().unwrap().to_owned();
    let line = |event: &str, more: &str| {
        format!(r#"{{"event":"{event}","license":"{id}","state":"unresolved"{more}}}"#)
    };
    let good = format!("\u{feff}{}\r\n\r\n{}\r\n", line("a", ""), line("b", ""));
    let made = decide(&world, good.as_bytes(), "court").done().stdout;
    assert_eq!(
        made,
        "2 decisions made, 0 repeated: nothing changed by those; no status list changes by it now.\n"
    );
    let again = decide(&world, good.as_bytes(), "court").done().stdout;
    assert!(again.starts_with("0 decisions made, 2 repeated"), "{again}");

    let twice = format!("\n{}\n", line("c", r#","state":"valid""#));
    let refused = decide(&world, twice.as_bytes(), "court");
    let said = refused.refused(65);
    assert!(said.contains("line 2: `state` is there twice"), "{said}");
    let other = format!(
        "{}\n\n\n{}\n",
        line("d", ""),
        line("a", r#","until":"2099-01-01""#)
    );
    let refused = decide(&world, other.as_bytes(), "court");
    let said = refused.refused(65);
    assert!(said.contains("line 4: the event a was used"), "{said}");
    assert!(said.contains("Nothing of the file was done"), "{said}");
    for by in ["", "two\nlines", "\u{1b}[2J", "cour\u{200b}t"] {
        let refused = decide(&world, line("e", "").as_bytes(), by);
        assert!(refused.refused(65).contains("--by names the office"));
    }
    let found = world.authority(&format!("license find {id} --json"));
    let found = found.done().json();
    assert_eq!(found["decisions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_decision_is_called_made_repeated_or_signed_only_where_it_is() {
    let mut world = World::start();
    let id = world.add()["license_id"].as_str().unwrap().to_owned();
    let set = |world: &World, words: &str| world.authority(&format!("status set {id} {words}"));
    let planned = set(&world, "suspended --event P --from 2099-05-01").done();
    assert!(planned.stdout.contains("is suspended from 2099-05-01T"));
    let already = set(&world, "valid").done().stdout;
    assert!(
        already.contains("was valid already: nothing was lifted"),
        "{already}"
    );
    assert!(already.contains("(event P)"), "{already}");
    // Another decision under the same name is no repetition.
    set(&world, "suspended --event P").refused(65);
    let again = set(&world, "suspended --event P --from 2099-05-01").done();
    assert!(again.stdout.starts_with("Repeated: nothing changed."));
    let passed = set(&world, "suspended --until 2020-01-01");
    assert!(passed.refused(65).contains("--until is in the past"));

    // The clock of the last signature lies eight days back.
    world.stop();
    rusqlite::Connection::open(world.path("authority/authority.sqlite"))
        .unwrap()
        .execute("UPDATE clock SET wall = wall - 86400 * 8", [])
        .unwrap();
    let doubtful = set(&world, "lapsed --event Q");
    assert_eq!(doubtful.code, 0, "{}", doubtful.stderr);
    assert!(
        doubtful
            .stderr
            .contains("the clock of this machine is in doubt")
    );
    assert!(!doubtful.stdout.contains("signed"), "{}", doubtful.stdout);
    assert!(
        doubtful.stdout.contains("is lapsed from now on"),
        "{}",
        doubtful.stdout
    );
    let repeated = set(&world, "lapsed --event Q --json").json();
    assert_eq!(
        (&repeated["repeated"], &repeated["lists_signed"]),
        (&json!(true), &json!(0))
    );
}

#[test]
fn a_command_whose_change_waits_for_a_reader_of_the_database_is_done_and_warns() {
    let world = World::start();
    let added = world.enroll("wallet");
    let id = added["license_id"].as_str().unwrap();
    let database = world.path("authority/authority.sqlite");
    let reader = rusqlite::Connection::open(database).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM events;")
        .unwrap();
    let command = format!("status set {id} suspended --json");
    let run = world.authority(&command);
    let told = run.json();
    assert_eq!(
        (run.code, &told["status"], &told["lists_signed"]),
        (0, &json!("suspended"), &json!(1))
    );
    let warned = run.stderr;
    assert!(
        warned.contains("not in authority.sqlite yet") && warned.lines().count() == 1,
        "{warned}"
    );
    reader.execute_batch("COMMIT;").unwrap();
    let run = world.authority("settings --devices 3").done();
    assert_eq!(run.stderr, "");
}

#[test]
fn a_term_that_comes_after_a_revocation_without_one_is_said_to_mean_nothing() {
    let world = World::start();
    let id = world.add()["license_id"].as_str().unwrap().to_owned();
    let set = |more: &str| {
        let command = format!("status set {id} revoked {more}");
        world.authority(&command).done().stdout
    };
    assert!(set("--event a").contains("revoked from now on, for good"));
    let told = set("--event b --until 2099-01-01");
    assert!(
        told.contains("the revocation of event a has no term, so none is given ever"),
        "{told}"
    );
}
