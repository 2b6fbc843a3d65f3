//! Each effect has a scenario for an answer that comes late, twice, never, and after the app was in
//! the background.

use std::path::{Path, PathBuf};

use super::names::{ASKS, TASKS};
use super::{Scenario, all, begun, events};

/// What may become of an answer.
const FATES: [&str; 4] = ["late", "twice", "never", "after background"];

/// The runner alone asks for it, so it is played on the real one.
const SAVE: &str = "Save";
const SAVED_BY_THE_RUNNER: &str =
    "fn what_is_kept_is_asked_for_late_twice_never_and_after_background(";

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn each_effect_has_a_row_for_each_fate_of_its_answer() {
    let scenarios = all(&here("tests/scenarios"));
    let effects = ASKS.iter().chain(TASKS).filter(|name| **name != SAVE);
    let mut rows = 0;
    for effect in effects {
        for fate in FATES {
            let title = format!("{effect}: {fate}");
            let mut found = scenarios.iter().filter(|one| one.title == title);
            let row = found.next().unwrap_or_else(|| panic!("no row: {title}"));
            assert!(found.next().is_none(), "twice: {title}");
            is_row_of(row, effect, fate);
            rows += 1;
        }
    }
    let written = scenarios
        .iter()
        .filter(|one| ["asks", "tasks"].contains(&one.file.as_str()));
    assert_eq!(written.count(), rows, "each row is that of an effect");
}

/// Whether a scenario plays what its title says.
fn is_row_of(row: &Scenario, effect: &str, fate: &str) {
    let name = row.name();
    let effects = begun(row);
    let (id, _) = effects
        .iter()
        .find(|(_, begun)| *begun == effect)
        .unwrap_or_else(|| panic!("{name}: it is not begun"));
    let happens = events(row);
    let at = |wanted: &dyn Fn(&str) -> bool| {
        let places = happens.iter().enumerate();
        let places = places.filter(|(_, event)| wanted(event));
        places.map(|(place, _)| place).collect::<Vec<_>>()
    };
    // `#3 ` and not `#30 `; the answer of another effect that has this id is none.
    let answers = at(&|event| event.starts_with(&format!("#{id} ")));
    let leaves = at(&|event| ["back", "settings", "left", "history"].contains(&event));
    match fate {
        "late" => assert!(
            leaves.first() < answers.first() && !leaves.is_empty(),
            "{name}: its page is not left first"
        ),
        "twice" => assert!(answers.len() >= 2, "{name}: it is not answered twice"),
        "never" => {
            assert!(answers.is_empty(), "{name}: it is answered");
            assert!(
                !at(&|event| event.starts_with("wait ")).is_empty(),
                "{name}: no time passes"
            );
            assert!(!leaves.is_empty(), "{name}: its page is not left");
        }
        _ => {
            let (left, seen) = (at(&|event| event == "left"), at(&|event| event == "seen"));
            let answered = answers
                .last()
                .unwrap_or_else(|| panic!("{name}: it is not answered"));
            assert!(
                left.first() < seen.last() && seen.last() < Some(answered),
                "{name}: the app was not away"
            );
            assert!(!left.is_empty(), "{name}: the app was not left");
        }
    }
}

#[test]
fn what_the_runner_asks_for_is_played_on_the_real_one() {
    let tests = std::fs::read_to_string(here("../../tests/tests/drivers_app.rs")).unwrap();
    assert!(ASKS.contains(&SAVE) && tests.contains(SAVED_BY_THE_RUNNER));
}
