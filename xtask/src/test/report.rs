//! What is said in the end: a line for each language, the sum, and what could not run.

use super::counts::Counts;
use crate::lint::strict;

/// How one language's tests and checks went.
#[derive(Debug)]
pub(crate) struct Report {
    language: &'static str,
    counts: Counts,
    /// Checks beside those tests that were well.
    checks: usize,
    /// What failed beside tests that are counted, by name.
    failed: Vec<String>,
    /// Why some could not run and what to install, a line each.
    missing: Vec<String>,
}

impl Report {
    pub(crate) fn new(language: &'static str) -> Self {
        Self {
            language,
            counts: Counts::default(),
            checks: 0,
            failed: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Adds the tests of one step. A step that failed although no test did failed by itself.
    pub(crate) fn tests(&mut self, step: &str, counts: Counts, succeeded: bool) {
        self.counts += counts;
        if !succeeded && counts.failed == 0 {
            self.failed.push(step.to_owned());
        } else if counts == Counts::default() {
            self.failed.push(format!("{step} ran no test"));
        }
    }

    /// Adds a step without tests.
    pub(crate) fn step(&mut self, step: &str, succeeded: bool) {
        if succeeded {
            self.checks += 1;
        } else {
            self.failed.push(step.to_owned());
        }
    }

    /// Adds what this machine lacks.
    pub(crate) fn missing(&mut self, why: impl IntoIterator<Item = String>) {
        self.missing.extend(why);
    }

    fn good(&self) -> bool {
        self.counts.failed == 0 && self.failed.is_empty() && (self.missing.is_empty() || !strict())
    }

    fn line(&self) -> String {
        let mut line = format!("{}: {}", self.language, self.counts.summary());
        if self.checks > 0 {
            line = format!("{line}; {} other checks well", self.checks);
        }
        if !self.failed.is_empty() {
            line = format!("{line}; failed: {}", self.failed.join(", "));
        }
        if !self.missing.is_empty() {
            line.push_str("; NOT ALL COULD RUN");
        }
        line
    }
}

/// Prints all of it and says whether all is well.
pub(crate) fn finish(reports: &[Report]) -> bool {
    println!();
    let mut sum = Counts::default();
    for report in reports {
        println!("{}", report.line());
        sum += report.counts;
    }
    if reports.len() > 1 {
        println!("all: {}", sum.summary());
    }
    let mut missing = reports.iter().flat_map(|report| &report.missing).peekable();
    let lacking = missing.peek().is_some();
    for why in missing {
        eprintln!("\nxtask: NOT CHECKED: {why}");
    }
    if lacking && strict() {
        eprintln!("xtask: CI is set, so what cannot run has failed");
    }
    reports.iter().all(Report::good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_ran_no_test_has_failed() {
        let mut report = Report::new("swift");
        report.tests("contract", Counts::of_junit("<testcase/>"), true);
        assert!(report.good());
        report.tests("ship", Counts::default(), true);
        assert_eq!(
            report.line(),
            "swift: 1 passed, 0 failed; failed: ship ran no test"
        );
        assert!(!report.good());
    }

    #[test]
    fn a_step_that_ended_badly_is_named_where_no_test_says_why() {
        let mut report = Report::new("kotlin");
        report.tests(
            "contract",
            Counts::of_junit("<testcase><failure/></testcase>"),
            false,
        );
        assert_eq!(report.line(), "kotlin: 0 passed, 1 failed");
        report.tests("ship", Counts::of_junit("<testcase/>"), false);
        assert_eq!(report.line(), "kotlin: 1 passed, 1 failed; failed: ship");
    }

    #[test]
    fn checks_that_are_no_tests_are_counted_apart() {
        let mut report = Report::new("cross");
        report.step("links", true);
        report.step("is small", true);
        report.step("is aligned", false);
        assert_eq!(
            report.line(),
            "cross: 0 passed, 0 failed; 2 other checks well; failed: is aligned"
        );
        assert!(!report.good());
    }

    #[test]
    fn what_is_missing_stands_in_the_line_too() {
        let mut report = Report::new("swift");
        report.missing(["no Swift".to_owned()]);
        assert_eq!(
            report.line(),
            "swift: 0 passed, 0 failed; NOT ALL COULD RUN"
        );
    }
}
