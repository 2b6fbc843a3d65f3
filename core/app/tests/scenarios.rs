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

use vidimus_app::trouble::{Refusal, Trouble};

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
    for refusal in Refusal::ALL {
        keys.insert((refusal.note().words.key, 0));
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
    assert!(keys.len() > 150, "{} words", keys.len());
    for (key, places) in keys {
        assert_eq!(texts.get(&key), Some(&places), "{key}");
    }
}
