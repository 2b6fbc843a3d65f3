//! The checks, then every test.

use crate::lint;
use crate::shell::{cargo, say, stream};

/// What the test programs said of themselves.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds a line such as `test result: ok. 8 passed; 0 failed; 0 ignored; …`; others count nothing.
    fn add(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let counts = result.split_once(". ").map_or("", |(_, counts)| counts);
        for part in counts.split("; ") {
            let (number, what) = part.split_once(' ').unwrap_or_default();
            let number: u64 = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    fn summary(&self) -> String {
        let Self {
            passed,
            failed,
            ignored,
        } = self;
        match ignored {
            0 => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {ignored} skipped"),
        }
    }
}

/// `cargo xtask test`.
pub(crate) fn run() -> bool {
    let checks = lint::run();
    say("tests");
    let mut counts = Counts::default();
    let arguments = [
        "test",
        "--workspace",
        "--all-features",
        "--locked",
        "--no-fail-fast",
    ];
    let tests = stream(&mut cargo(&arguments), |line| counts.add(line));
    let mut summary = counts.summary();
    if !tests && counts.failed == 0 {
        summary.push_str("; a test program did not build or did not end by itself");
    }
    if let Some(failures) = checks.failures() {
        summary = format!("{summary}; {failures}");
    }
    println!("{summary}");
    checks.name_missing();
    tests && checks.good()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_all_test_programs_are_added_up() {
        let mut counts = Counts::default();
        for line in [
            "running 2 tests",
            "test a_test ... ok",
            "test result: ok. 8 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.74s",
            "test result: FAILED. 11 passed; 2 failed; 3 ignored; 0 measured; 0 filtered out",
            "test result: a line that a test printed",
        ] {
            counts.add(line);
        }
        assert_eq!(counts.summary(), "19 passed, 3 failed, 3 skipped");
        assert_eq!(Counts::default().summary(), "0 passed, 0 failed");
    }
}
