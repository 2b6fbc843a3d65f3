//! Runs the benches and holds each measure against its limit, both from the same run.
//!
//! A measure comes from a criterion group with the functions `ours` and `limit`, or, where it is no
//! time or needs separate processes, from a line `measure: NAME | OURS | LIMIT | UNIT` that a
//! bench prints.

mod languages;
pub(crate) mod legibility;
mod screens;

use crate::folders::{root, target};
use crate::measures::{LANGUAGES, Measure, SCREENS, measures};
use crate::shell::{cargo, said, say, stream};
use std::fs;
use std::path::Path;

/// The crates with benches: folder and package.
const CRATES: [(&str, &str); 5] = [
    ("core/credential", "vidimus-credential"),
    ("core/wallet", "vidimus-wallet"),
    ("core/app", "vidimus-app"),
    ("authority", "vidimus-authority"),
    ("cli", "vidimus"),
];

/// What was measured of one measure, both numbers in one unit.
#[derive(Debug, PartialEq)]
struct Numbers {
    name: String,
    ours: f64,
    limit: f64,
    unit: String,
}

/// `cargo xtask bench [NAME]`.
pub(crate) fn run(filter: &str) -> bool {
    let results = target().join("measures");
    // Numbers of an earlier run must not stand beside those of this one.
    if results.exists() && fs::remove_dir_all(&results).is_err() {
        say("the results of the last run in the target folder cannot be removed");
        return false;
    }
    let measures = measures();
    let mut measured = Vec::new();
    let mut ran = true;
    let wanted = |language: Option<&str>| {
        let mut of_it = measures
            .iter()
            .filter(|measure| measure.language() == language);
        of_it.any(|measure| measure.name.contains(filter))
    };
    let crates = if wanted(None) { &CRATES[..] } else { &[] };
    for (folder, package) in crates {
        for bench in benches(&root().join(folder).join("benches")) {
            say(&format!("bench {bench} of {package}"));
            let mut command = cargo("bench --locked --all-features");
            command.args(["--package", package, "--bench", &bench, "--"]);
            if !filter.is_empty() {
                command.arg(filter);
            }
            command.env("CRITERION_HOME", &results);
            ran &= stream(&mut command, |line| measured.extend(Numbers::of_line(line)));
        }
    }
    let languages: Vec<&str> = LANGUAGES
        .into_iter()
        .filter(|it| wanted(Some(it)))
        .collect();
    let mut apart = Vec::new();
    if !languages.is_empty() {
        apart.push(languages::measure(&languages));
    }
    if wanted(Some(SCREENS)) {
        apart.push(screens::measure());
    }
    for numbers in apart {
        match said(numbers) {
            Some(numbers) => measured.extend(numbers),
            None => ran = false,
        }
    }
    measured.extend(
        measures
            .iter()
            .filter_map(|m| Numbers::of_group(&results, m.name)),
    );

    println!();
    let mut all = ran;
    for measure in measures.iter().filter(|m| m.name.contains(filter)) {
        let numbers = measured.iter().find(|numbers| numbers.name == measure.name);
        println!("{}", report(measure, numbers));
        all &= numbers.is_some();
    }
    all
}

/// The benches in a folder, by name.
fn benches(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

impl Numbers {
    fn of_line(line: &str) -> Option<Self> {
        let mut parts = line.strip_prefix("measure: ")?.split(" | ");
        Some(Self {
            name: parts.next()?.trim().to_owned(),
            ours: parts.next()?.trim().parse().ok()?,
            limit: parts.next()?.trim().parse().ok()?,
            unit: parts.next()?.trim().to_owned(),
        })
    }

    fn of_group(results: &Path, name: &str) -> Option<Self> {
        let median = |function: &str| {
            let estimates = results.join(name).join(function).join("new/estimates.json");
            median(&fs::read_to_string(estimates).ok()?)
        };
        Some(Self {
            name: name.to_owned(),
            ours: median("ours")? / 1000.0,
            limit: median("limit")? / 1000.0,
            unit: "us".to_owned(),
        })
    }
}

/// The median in nanoseconds out of criterion's `estimates.json`.
fn median(json: &str) -> Option<f64> {
    let estimates: serde_json::Value = serde_json::from_str(json).ok()?;
    estimates.pointer("/median/point_estimate")?.as_f64()
}

fn report(measure: &Measure, numbers: Option<&Numbers>) -> String {
    let Measure {
        ours: what,
        limit: against,
        at_most,
        ..
    } = measure;
    let Some(Numbers {
        ours, limit, unit, ..
    }) = numbers
    else {
        return format!("NOT MEASURED  {what}");
    };
    let ratio = ours / limit;
    let verdict = if ratio <= *at_most {
        "met   "
    } else {
        "MISSED"
    };
    format!(
        "{verdict}  {ratio:5.2} of at most {at_most:.2}  {what}: {ours:.1} {unit}; {against}: {limit:.1} {unit}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure {
        name: "frame",
        ours: "a frame",
        limit: "its parts",
        at_most: 1.5,
    };

    fn numbers(ours: f64) -> Numbers {
        Numbers {
            name: "frame".into(),
            ours,
            limit: 100.0,
            unit: "us".into(),
        }
    }

    #[test]
    fn the_median_is_read_out_of_the_estimates() {
        let json = r#"{"mean":{"confidence_interval":{"lower_bound":1.0},"point_estimate":2.0,"standard_error":0.1},
            "median":{"confidence_interval":{"lower_bound":1.5},"point_estimate":77381.25,"standard_error":0.1},
            "slope":null}"#;
        assert_eq!(median(json), Some(77381.25));
        assert_eq!(median("{}"), None);
    }

    #[test]
    fn a_printed_measure_is_read() {
        let read = Numbers::of_line("measure: refresh_http | 380 | 400 | bytes").unwrap();
        assert_eq!(
            (read.name.as_str(), read.ours, read.limit),
            ("refresh_http", 380.0, 400.0)
        );
        assert_eq!(Numbers::of_line("time: [1 us 2 us 3 us]"), None);
    }

    #[test]
    fn a_measure_over_its_ratio_is_called_missed() {
        assert!(report(&MEASURE, Some(&numbers(150.0))).starts_with("met"));
        assert!(report(&MEASURE, Some(&numbers(151.0))).starts_with("MISSED"));
        assert!(report(&MEASURE, None).starts_with("NOT MEASURED"));
    }
}
