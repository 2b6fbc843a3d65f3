//! Every row of `docs/threat-model.md` names tests, and they exist and run. The last table names
//! none: it says what no test can show.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::Path;

/// What marks a function as a test, in the three languages.
const MARKS: [&str; 6] = [
    "#[test]",
    "#[tokio::test",
    "@Test",
    "@TestFactory",
    "@ParameterizedTest",
    "proptest!",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn page() -> String {
    fs::read_to_string(root().join("docs/threat-model.md")).unwrap()
}

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
            into.push_str("\n\n");
        }
    }
}

/// A row of a table: what stands at the head of that table's columns, and its own three cells.
struct Row<'p> {
    head: Vec<&'p str>,
    cells: Vec<&'p str>,
}

fn cells(line: &str) -> Vec<&str> {
    let inside = line.strip_prefix("| ").unwrap().strip_suffix(" |");
    inside
        .unwrap_or_else(|| panic!("{line}"))
        .split(" | ")
        .collect()
}

/// A table begins with its head and a line of dashes, and ends with the first line that is none of
/// it.
fn rows(page: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut head = Vec::new();
    for line in page.lines() {
        match line {
            _ if line.starts_with("|---") => {}
            _ if !line.starts_with('|') => head.clear(),
            _ if head.is_empty() => head = cells(line),
            _ => rows.push(Row {
                head: head.clone(),
                cells: cells(line),
            }),
        }
    }
    rows
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The names of the scenarios of the driver's app, each of which a test plays.
fn scenarios() -> Vec<String> {
    let mut names = Vec::new();
    for file in fs::read_dir(root().join("core/app/tests/scenarios")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let heads = text.lines().filter_map(|line| line.strip_prefix("== "));
        names.extend(heads.map(str::to_owned));
    }
    names
}

/// Whether one of the definitions of this name is a test that is not left out.
fn is_a_test(name: &str, code: &str) -> bool {
    let as_written = [
        format!("fn {name}()"),
        format!("func {name}("),
        format!("fun `{name}`("),
    ];
    as_written.iter().any(|definition| {
        code.match_indices(definition.as_str()).any(|(place, _)| {
            // Its attributes: up to the empty line, or the end of what stands before it.
            let before = &code[..place];
            let start = before.rfind("\n\n").into_iter().chain(before.rfind("}\n"));
            let attributes = &before[start.max().unwrap_or(0)..];
            MARKS.iter().any(|mark| attributes.contains(mark))
                && !["#[ignore", "@Disabled", ".disabled("]
                    .iter()
                    .any(|mark| attributes.contains(mark))
        })
    })
}

#[test]
fn each_row_of_the_threat_model_names_tests_that_exist() {
    let mut code = String::new();
    for folder in [
        "core",
        "bindings",
        "authority",
        "cli",
        "tests",
        "android",
        "ios",
        "xtask",
    ] {
        sources(&root().join(folder), &mut code);
    }
    let scenarios = scenarios();
    let page = page();
    let (mut with_tests, mut without) = (0, 0);
    for row in rows(&page) {
        assert_eq!(row.cells.len(), 3, "{:?}", row.cells);
        if row.head == ["what", "what is done", "what is not"] {
            assert!(row.cells.iter().all(|cell| cell.len() > 3));
            without += 1;
            continue;
        }
        let kinds = [
            ["attack", "must happen", "test"],
            ["attack or fault", "must happen", "test"],
        ];
        assert!(kinds.iter().any(|kind| row.head == kind), "{:?}", row.head);
        let names: Vec<&str> = in_backticks(row.cells[2]).collect();
        assert!(!names.is_empty(), "{:?}", row.cells);
        for name in names {
            assert!(
                is_a_test(name, &code) || scenarios.iter().any(|scenario| scenario == name),
                "{name} is named by the threat model, and is no test that runs"
            );
        }
        with_tests += 1;
    }
    // Counted, so that none is lost from the page or passed over here.
    assert_eq!((with_tests, without), (WITH_TESTS, WITHOUT));
}

/// Rows of the page's tables.
const WITH_TESTS: usize = 21 + 12 + 18 + 20 + 21 + 9 + 27 + 11 + 9 + 13;
const WITHOUT: usize = 9;

#[test]
fn each_path_that_the_threat_model_names_is_there() {
    let page = page();
    let prose = page.lines().filter(|line| !line.starts_with('|'));
    for path in prose
        .flat_map(in_backticks)
        .filter(|text| text.contains('/'))
    {
        // `android/*/src/test` stands for each module that has one.
        let fixed = path.split('*').next().unwrap();
        assert!(root().join(fixed).exists(), "{path}");
    }
}

#[test]
fn a_name_that_is_no_test_is_noticed() {
    let code = "#[test]\nfn one() {}\n\n#[test]\n#[ignore]\nfn two() {}\n\nfn three() {}\n\n    @Test\n    fun `four`() =\n";
    let is = |name| is_a_test(name, code);
    assert!(is("one") && is("four"));
    assert!(!is("two") && !is("three") && !is("five"));
}
