//! The authority against foreign clients, foreign servers and a browser, by Node's test runner.

use super::counts::Counts;
use super::memory::Temporary;
use super::report::Report;
use crate::folders::target;
use crate::foreign;
use crate::shell::{cargo, program, say, succeeds};
use std::fs;
use std::path::PathBuf;

/// The command line, built as `cargo test` builds it, so that no dependency is built twice.
const BUILD: &str =
    "build --quiet --workspace --all-features --locked --bin=vidimus --test=import_order";

/// Every suite, or that alone whose file begins with a name.
pub(crate) fn run(name: &str) -> Report {
    let mut report = Report::new("authority");
    if let Err(why) = foreign::install_what_lacks() {
        report.missing([why]);
        return report;
    }
    say("building the command line");
    if succeeds(&mut cargo(BUILD)) {
        suites(&mut report, name);
    } else {
        report.step("the command line does not build", false);
    }
    report
}

fn suites(report: &mut Report, name: &str) {
    say("the authority against foreign parts and a browser");
    let results = target().join("foreign");
    let junit = results.join("TEST-authority.xml");
    let _ = fs::remove_file(&junit);
    let files = files(name);
    let temporary = Temporary::make();
    let mut node = program("node");
    // Each file starts servers and a browser; two at once is what two cores bear.
    node.args(["--test", "--test-concurrency=2", "--test-timeout=300000"])
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=junit")
        .arg(format!("--test-reporter-destination={}", junit.display()))
        .args(files)
        .current_dir(foreign::folder())
        .envs(temporary.variables())
        .env("VIDIMUS_CLI", target().join("debug/vidimus"))
        .env("VIDIMUS_RESULTS", &results);
    let succeeded = fs::create_dir_all(&results).is_ok() && succeeds(&mut node);
    report.tests("node --test", Counts::of_reports(&[junit]), succeeded);
}

/// The files of the suites, in order.
fn files(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(foreign::folder())
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|file| {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(name) && file.ends_with(".test.mjs")
        })
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_are_found_by_the_start_of_their_names() {
        let all = files("");
        assert!(all.len() > 3, "{all:?}");
        let one = files("preauthorized");
        assert_eq!(one.len(), 1, "{one:?}");
        assert!(files("no such suite").is_empty());
    }
}
