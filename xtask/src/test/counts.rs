//! How many tests there were, in the words of each tool.

use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Out of a line of cargo's such as `test result: ok. 8 passed; 0 failed; 0 ignored; …`; others
    /// count nothing.
    pub(crate) fn of_cargo(line: &str) -> Self {
        let mut counts = Self::default();
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return counts;
        };
        let parts = result.split_once(". ").map_or("", |(_, parts)| parts);
        for part in parts.split("; ") {
            let (number, what) = part.split_once(' ').unwrap_or_default();
            let number: u64 = number.parse().unwrap_or(0);
            match what {
                "passed" => counts.passed = number,
                "failed" => counts.failed = number,
                "ignored" => counts.skipped = number,
                _ => {}
            }
        }
        counts
    }

    /// Out of a report in JUnit's form. Its test cases are counted, not its own sums: Swift Testing
    /// writes the number of issues there, and leaves skipped tests out.
    pub(crate) fn of_junit(report: &str) -> Self {
        let report = without_printed_text(report);
        let mut counts = Self::default();
        for case in report.split("<testcase").skip(1) {
            let inside = case.split("</testcase>").next().unwrap_or(case);
            if inside.contains("<failure") || inside.contains("<error") {
                counts.failed += 1;
            } else if inside.contains("<skipped") {
                counts.skipped += 1;
            } else {
                counts.passed += 1;
            }
        }
        counts
    }

    /// Out of all reports that are there; one that is not counts nothing.
    pub(crate) fn of_reports(files: &[PathBuf]) -> Self {
        let mut counts = Self::default();
        for report in files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
        {
            counts += Self::of_junit(&report);
        }
        counts
    }

    /// Whether it is some tests, all of which passed.
    pub(crate) fn all_passed(self) -> bool {
        self.passed > 0 && self.failed == 0 && self.skipped == 0
    }

    /// In words; skipped tests are named where there are any.
    pub(crate) fn summary(self) -> String {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        match skipped {
            0 => format!("{passed} passed, {failed} failed"),
            _ => format!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The reports of JUnit's form, `TEST-….xml`, right in a folder.
pub(crate) fn reports(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|file| is_report(file))
        .collect();
    files.sort();
    files
}

fn is_report(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("TEST-") && name.ends_with(".xml")
}

/// A report without its CDATA, where what a test printed may look like anything.
fn without_printed_text(report: &str) -> String {
    let mut kept = String::new();
    for part in report.split("<![CDATA[") {
        // The first part has no such end unless it stands outside of any CDATA, where it means
        // nothing.
        kept.push_str(if kept.is_empty() {
            part
        } else {
            part.split_once("]]>").map_or("", |(_, rest)| rest)
        });
    }
    kept
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
            counts += Counts::of_cargo(line);
        }
        assert_eq!(counts.summary(), "19 passed, 3 failed, 3 skipped");
        assert_eq!(Counts::default().summary(), "0 passed, 0 failed");
    }

    #[test]
    fn a_test_case_of_swift_testing_with_two_issues_is_one_failure() {
        let report = r#"<testsuites><testsuite name="TestResults" errors="0" tests="3" failures="2" skipped="1">
            <testcase classname="T.Life" name="a()" time="0.1" />
            <testcase classname="T.Life" name="b()"><skipped /></testcase>
            <testcase classname="T.Life" name="c()"><failure message="x" /><failure message="y" /></testcase>
            </testsuite></testsuites>"#;
        assert_eq!(
            Counts::of_junit(report).summary(),
            "1 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn what_a_test_printed_is_no_test_case() {
        let report = r#"<testsuite tests="2">
            <testcase name="a"><system-out><![CDATA[<testcase><failure]]></system-out></testcase>
            <testcase name="b"><error type="java.lang.Error"><![CDATA[at x]]></error></testcase></testsuite>"#;
        assert_eq!(Counts::of_junit(report).summary(), "1 passed, 1 failed");
    }

    #[test]
    fn no_tests_at_all_are_no_success() {
        assert!(!Counts::of_junit("<testsuites></testsuites>").all_passed());
        assert!(Counts::of_junit(r#"<testcase name="a"/>"#).all_passed());
    }
}
