//! The short run: `docs/legibility.md` has its table, and this test holds it to it.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};
use vidimus_legibility::{chart, measure, report};

/// Pictures of each trouble at each distance.
const PICTURES: u64 = 4;

#[test]
fn the_page_says_from_how_many_pixels_a_module_a_token_is_read() {
    let rows = measure::short(PICTURES).into_iter().map(|(pixels, cases)| {
        let outcomes = measure::run(&cases, None).unwrap();
        assert_eq!(outcomes.len(), cases.len());
        report::short_rows(pixels, &outcomes)
    });
    let rows: Vec<String> = rows.collect();
    let page = fs::read_to_string(docs().join("legibility.md")).unwrap();
    let missing = rows.iter().any(|row| !page.contains(row));
    assert!(!missing, "the page lacks:\n{}", rows.join("\n"));
}

#[test]
fn the_curves_are_those_of_the_pages_table() {
    let page = fs::read_to_string(docs().join("legibility.md")).unwrap();
    let drawn = image::load_from_memory(&chart::png(&page)).unwrap();
    let kept = image::open(docs().join("legibility.png")).unwrap();
    assert!(
        drawn == kept,
        "type: cargo run -p vidimus-legibility -- draw docs"
    );
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}
