//! Every row of `docs/threat-model.md` names tests, and they exist.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;
use std::path::Path;

/// All sources below a folder, one after another, but those that a build made.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !["target", "generated", "Generated", ".build"].contains(&name) {
                sources(&path, into);
            }
        } else if [".rs", ".kt", ".swift"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn each_row_of_the_threat_model_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut code = String::new();
    for folder in [
        "core",
        "bindings",
        "authority",
        "cli",
        "tests",
        "android",
        "ios",
    ] {
        sources(&root.join(folder), &mut code);
    }
    let page = fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| attack"))
        .map(|line| line.trim_matches('|').split(" | ").collect())
        .collect();
    assert_eq!(rows.len(), 13 + 9 + 9 + 9 + 11, "rows of the five tables");
    for row in rows {
        assert_eq!(row.len(), 3, "{row:?}");
        let names: Vec<&str> = row[2].split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row:?}");
        for name in names {
            let as_written = [
                format!("fn {name}()"),
                format!("func {name}("),
                format!("fun `{name}`("),
            ];
            let defined = as_written.iter().any(|one| code.contains(one));
            assert!(
                defined,
                "{name} is named by the threat model and does not exist"
            );
        }
    }
}
