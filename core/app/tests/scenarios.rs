//! Plays the scenarios of `tests/scenarios`, and looks after what is written about them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod scenario;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use vidimus_app::screen::officer::OfficerScreen;
use vidimus_app::trouble::{OfferTrouble, Trouble};
use vidimus_credential::meaning::Reason;
use vidimus_wallet::ReviewReason;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn every_scenario_goes_as_it_is_written() {
    let scenarios = scenario::all(&here("tests/scenarios"));
    let failed: Vec<String> = scenarios
        .iter()
        .filter_map(|one| {
            let why = scenario::play(one).0.err()?;
            Some(format!("{}\n{why}", one.name()))
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} failed:\n{}",
        failed.len(),
        scenarios.len(),
        failed.join("\n")
    );
    assert!(scenarios.len() > 100, "{} scenarios", scenarios.len());
}

#[test]
fn every_scenario_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for one in scenario::all(&here("tests/scenarios")) {
        assert!(seen.insert(one.name()), "{} is there twice", one.name());
    }
}

/// The keys of the table of texts, each with the number of its places.
fn texts() -> BTreeMap<String, usize> {
    let table = std::fs::read_to_string(here("../../texts/texts.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let mut cells = line.split('\t');
        let (key, english) = (cells.next().unwrap(), cells.next().unwrap());
        let places = (0..10).filter(|place| english.contains(&format!("{{{place}}}")));
        (key.to_owned(), places.count())
    });
    rows.collect()
}

#[test]
fn every_word_is_in_the_table_of_texts_with_as_many_places_as_are_filled() {
    let texts = texts();
    let mut keys = BTreeSet::new();
    for one in scenario::all(&here("tests/scenarios")) {
        keys.extend(scenario::play(&one).1);
    }
    for refusal in OfferTrouble::ALL {
        keys.insert((refusal.note().words.key, 0));
        keys.insert((refusal.sign_in_note().words.key, 0));
    }
    for trouble in Trouble::ALL {
        let story = trouble.story();
        let parts = [
            story.title,
            story.happened,
            story.holds,
            story.to_do,
            story.button,
        ];
        keys.extend(parts.map(|words| (words.key, words.values.len())));
    }
    for reason in ReviewReason::ALL {
        let key = format!("application.reason.{}", reason.name());
        keys.extend(["why", "do"].map(|part| (format!("{key}.{part}"), 0)));
    }
    for reason in Reason::ALL {
        let key = format!("reason.{}", reason.code());
        keys.extend([(format!("{key}.do"), 0), (key, 0)]);
    }
    assert!(keys.len() > 250, "{} words", keys.len());
    for (key, places) in keys {
        assert_eq!(texts.get(&key), Some(&places), "{key}");
    }
}

#[test]
fn each_test_of_the_two_apps_has_its_scenario_or_the_reason_for_its_end() {
    let scenarios: BTreeSet<String> = scenario::all(&here("tests/scenarios"))
        .iter()
        .map(scenario::Scenario::name)
        .collect();
    let table = std::fs::read_to_string(here("tests/old_tests.tsv")).unwrap();
    let mut seen = BTreeSet::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [suite, test, now, target] = cells[..] else {
            panic!("not four cells: {line}");
        };
        assert!(
            suite.ends_with(".kt") || suite.ends_with(".swift"),
            "{line}"
        );
        assert!(seen.insert((suite, test)), "twice: {line}");
        match now {
            "scenario" => {
                for name in target.split(" | ") {
                    assert!(scenarios.contains(name), "no such scenario: {name}");
                }
            }
            "test" => target.split(" | ").for_each(is_test),
            // It moves with the code that it is about, or there is nothing left to test: in a
            // sentence.
            "stays" | "ends" => assert!(target.split(' ').count() > 5, "why? {line}"),
            other => panic!("{other} is nothing: {line}"),
        }
    }
    assert_eq!(seen.len(), 182, "84 of the one app, 98 of the other");
}

/// Whether there is a test of this name in this file.
fn is_test(place: &str) {
    let (file, name) = place.split_once(": ").unwrap();
    let source = std::fs::read_to_string(here("../..").join(file)).unwrap();
    let before = source.split(&format!("fn {name}(")).next().unwrap();
    assert!(before.len() < source.len(), "no such test: {place}");
    let before = before.trim_end().trim_end_matches("async").trim_end();
    let attribute = before.rsplit('\n').find(|line| !line.is_empty());
    assert!(
        attribute.is_some_and(|line| line.contains("test")),
        "no test: {place}"
    );
}

#[test]
fn the_system_may_keep_a_picture_of_three_screens_alone() {
    let mut kept = BTreeSet::new();
    let mut personal = BTreeSet::new();
    for one in scenario::all(&here("tests/scenarios")) {
        for shown in scenario::screens(&one) {
            let set = if shown.is_personal() {
                &mut personal
            } else {
                &mut kept
            };
            set.insert(shown.code());
        }
    }
    // A welcome is personal once an offer is typed.
    assert_eq!(kept, BTreeSet::from(["blocked", "opening", "welcome"]));
    let expected = "answer history license offer scan settings show sign_in welcome";
    assert_eq!(personal, expected.split(' ').collect());
}

#[test]
fn the_system_may_keep_a_picture_of_an_officers_first_page_and_of_no_license() {
    let (mut kept, mut personal) = (BTreeSet::new(), BTreeSet::new());
    for one in scenario::all(&here("tests/scenarios")) {
        for shown in scenario::officers_screens(&one) {
            let set = if shown.is_personal() {
                &mut personal
            } else {
                &mut kept
            };
            set.insert(shown.code());
        }
    }
    assert_eq!(kept, BTreeSet::from(["blocked", "opening", "start"]));
    assert_eq!(
        personal,
        BTreeSet::from(["doubt", "log", "look", "two", "verdict"])
    );
}

#[test]
fn each_word_of_a_verdict_has_another_mark_so_that_gray_tells_them_apart() {
    let mut told = BTreeSet::new();
    for one in scenario::all(&here("tests/scenarios")) {
        for shown in scenario::officers_screens(&one) {
            if let OfficerScreen::Verdict(verdict) = shown {
                told.insert((format!("{:?}", verdict.sign.mark), verdict.word.key));
            }
        }
    }
    let told: Vec<_> = told.iter().map(|(mark, word)| (&**mark, &**word)).collect();
    assert_eq!(
        told,
        [
            ("Disc", "officer.accept"),
            ("Octagon", "officer.refuse"),
            ("Triangle", "officer.caution"),
        ]
    );
}

#[test]
fn what_is_heard_is_a_sentence_of_who_which_state_and_how_old() {
    let mut heard = BTreeSet::new();
    for one in scenario::all(&here("tests/scenarios")) {
        heard.extend(scenario::screens(&one).iter().filter_map(scenario::heard));
    }
    for sentence in [
        "license.spoken(\"Zoë one\", state.valid, confirmed 12 min ago)",
        "license.spoken(\"Zoë one\", state.unknown, never confirmed)",
        "license.spoken(\"Zoë one\", trouble.license_expired.title, confirmed 13 min ago)",
        "license.spoken(common.unknown, trouble.damaged.title, license.damaged)",
        "show.spoken(\"Zoë one\", state.valid, confirmed 3 min ago, seconds 1)",
        "show.spoken(\"Zoë one\", state.suspended, confirmed 12 min ago, seconds 10)",
    ] {
        assert!(heard.contains(sentence), "{sentence} in {heard:#?}");
    }
}
