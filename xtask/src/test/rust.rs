//! The checks of the sources, then every test of the workspace.

use super::counts::Counts;
use super::memory::Temporary;
use super::report::Report;
use crate::lint;
use crate::shell::{cargo, say, stream};

pub(crate) fn run() -> Report {
    let mut report = Report::new("rust");
    let checks = lint::run();
    say("tests of the workspace");
    let mut counts = Counts::default();
    let temporary = Temporary::make();
    let mut tests = cargo("test --workspace --all-features --locked --no-fail-fast");
    tests.envs(temporary.variables());
    let succeeded = stream(&mut tests, |line| counts += Counts::of_cargo(line));
    report.tests(
        "a test program did not build or did not end by itself",
        counts,
        succeeded,
    );
    report.step(
        &checks.failures().unwrap_or_default(),
        checks.failures().is_none(),
    );
    report.missing(checks.into_missing());
    report
}
