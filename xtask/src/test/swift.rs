//! The Swift package: checked and tested on the contract flavor, again under two sanitizers, and
//! what ships with a smoke test.

use super::counts::Counts;
use super::environment::{expecting_picture_of, variables};
use super::report::Report;
use crate::bindings::Flavor;
use crate::folders::{root, target};
use crate::shell::{say, succeeds};
use crate::swift::Swift;
use std::fs;
use std::path::{Path, PathBuf};

/// The suite that reads Kotlin's picture.
const READS_KOTLIN: &str = "PictureFromKotlin";
/// Suites whose name ends so mean something under a sanitizer.
const UNDER_SANITIZERS: &str = "Sanitized";
/// Suites that need nothing but what ships.
const ON_WHAT_SHIPS: &str = "Smoke";

/// Everything but what ships. `kotlin_follows` says that there will be a picture of Kotlin's to
/// read, in a separate step; otherwise that test is counted as skipped.
pub(crate) fn contract(report: &mut Report, swift: &Swift, kotlin_follows: bool) {
    say("Swift: format");
    let lint = "swift format lint --strict --parallel --recursive Package.swift Sources Tests";
    let lint: Vec<&str> = lint.split(' ').collect();
    let mut lint = swift.command(&folder(), &lint, &[]);
    report.step("swift format lint", succeeds(&mut lint));

    say("Swift: the tests");
    let mut step = Step::new("tests", Flavor::Contract);
    if kotlin_follows {
        step.arguments = vec![format!("--skip={READS_KOTLIN}")];
    }
    run(report, swift, &step);
    for sanitizer in ["address", "thread"] {
        say(&format!("Swift: the tests under the {sanitizer} sanitizer"));
        let mut step = Step::new(sanitizer, Flavor::Contract);
        step.arguments = vec![format!("--sanitize={sanitizer}")];
        step.filter = UNDER_SANITIZERS.to_owned();
        step.environment = vec![("VIDIMUS_SANITIZER", sanitizer.to_owned())];
        run(report, swift, &step);
    }
}

/// Tests the library that ships.
pub(crate) fn ship(report: &mut Report, swift: &Swift) {
    say("Swift: a smoke test of what ships");
    let mut step = Step::new("ship", Flavor::Ship);
    step.filter = ON_WHAT_SHIPS.to_owned();
    run(report, swift, &step);

    say("Swift: the comments of what is public");
    let build = text(target().join("swift").join("docs"));
    let mut check = swift.command(&folder(), &["./check-docs", &build], &environment_of(&step));
    report.step("bindings/swift/check-docs", succeeds(&mut check));
}

/// Runs the tests whose suite or function has a name.
pub(super) fn one(report: &mut Report, swift: &Swift, name: &str) {
    let mut step = Step::new("tests", Flavor::Contract);
    step.filter = name.to_owned();
    run(report, swift, &step);
}

/// The suite that reads Kotlin's picture, which must be there.
pub(crate) fn picture_of_kotlin(report: &mut Report, swift: &Swift) {
    say("Swift: a picture of Kotlin's");
    let mut step = Step::new("tests", Flavor::Contract);
    step.filter = READS_KOTLIN.to_owned();
    step.environment = vec![expecting_picture_of("kotlin")];
    let counts = run(report, swift, &step);
    report.step("a picture of Kotlin's was not read", counts.all_passed());
}

/// One call of `swift test`.
pub(crate) struct Step {
    /// Its name, also that of the folder that it builds in.
    name: &'static str,
    flavor: Flavor,
    arguments: Vec<String>,
    /// What the suites' names contain; all where it is empty.
    filter: String,
    environment: Vec<(&'static str, String)>,
}

impl Step {
    pub(crate) fn new(name: &'static str, flavor: Flavor) -> Self {
        Self {
            name,
            flavor,
            arguments: Vec::new(),
            filter: String::new(),
            environment: Vec::new(),
        }
    }
}

fn run(report: &mut Report, swift: &Swift, step: &Step) -> Counts {
    run_in(report, swift, &folder(), step)
}

/// Runs the tests of a package.
pub(crate) fn run_in(report: &mut Report, swift: &Swift, package: &Path, step: &Step) -> Counts {
    let build = target().join("swift").join(step.name);
    let results = build.join("tests.xml");
    // Swift Testing adds to the name. (It writes nothing where XCTest is switched off, in Swift
    // 6.0.)
    let written = [results.clone(), build.join("tests-swift-testing.xml")];
    for old in &written {
        let _ = fs::remove_file(old);
    }
    let library = text(step.flavor.library_folder());
    let (build, results) = (text(build), text(results));
    let linker = format!("-L{library}");
    // Some tests look at the whole process: its memory, its handles, the time that it takes.
    let mut words = vec!["swift", "test", "--no-parallel", "-Xlinker", &linker];
    words.extend(["--scratch-path", &build, "--xunit-output", &results]);
    words.extend(step.arguments.iter().map(String::as_str));
    if !step.filter.is_empty() {
        words.extend(["--filter", &step.filter]);
    }
    let succeeded = succeeds(&mut swift.command(package, &words, &environment_of(step)));
    let counts = Counts::of_reports(&written);
    report.tests(&format!("swift test ({})", step.name), counts, succeeded);
    counts
}

fn environment_of(step: &Step) -> Vec<(&'static str, String)> {
    let library = text(step.flavor.library_folder());
    let mut environment = variables(step.flavor);
    environment.push(("LD_LIBRARY_PATH", library.clone()));
    environment.push(("VIDIMUS_LIBRARY_DIR", library));
    environment.extend(step.environment.iter().cloned());
    environment
}

fn folder() -> PathBuf {
    root().join("bindings/swift")
}

fn text(path: PathBuf) -> String {
    path.into_os_string().to_string_lossy().into_owned()
}
