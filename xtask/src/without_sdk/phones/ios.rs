//! iOS: the tests of shell and keys on Linux, and every Swift file parsed and type-checked.

use crate::apt;
use crate::bindings::Flavor;
use crate::folders::{root, target};
use crate::shell::{say, succeeds};
use crate::swift::Swift;
use crate::test::report::Report;
use crate::test::swift::{Step, run_in};
use std::path::PathBuf;

/// What `swift format` reads, by the folder that its settings stand in.
const SOURCES: [&str; 6] = [
    "Package.swift",
    "App",
    "Officer",
    "Sources",
    "Tests",
    "typecheck/standins",
];

/// Debian's package that gives the tests' authority a wrong clock, and a file of it.
const CLOCK: [(&str, &str); 1] = [("/usr/bin/faketime", "faketime")];

/// The name of the tests' build folder.
const BUILD: &str = "ios";

pub(super) fn run(report: &mut Report, swift: &Swift) {
    // The Debian root has it already.
    if matches!(swift, Swift::Here)
        && let Err(why) = apt::install_what_lacks(&CLOCK, "clocks that are wrong")
    {
        report.missing([why]);
    }
    swift.introduce();
    say("iOS: format");
    let lint = "swift format lint --strict --parallel --recursive";
    let lint: Vec<&str> = lint.split(' ').chain(SOURCES).collect();
    report.step(
        "swift format lint in ios",
        succeeds(&mut swift.command(&folder(), &lint, &[])),
    );
    report.step(
        "bindings/swift/Package.swift says what to build where the core is not there",
        says_what_is_missing(swift),
    );
    say("iOS: the tests of shell and keys");
    run_in(
        report,
        swift,
        &folder(),
        &Step::new(BUILD, Flavor::Contract),
    );
    say("iOS: every file parsed, and checked against stand-ins for Apple's frameworks");
    let build = |name: &str| target().join("swift").join(name).display().to_string();
    let (scratch, built) = (build("ios-typecheck"), build(BUILD));
    let check = ["./typecheck/check", &scratch, &built];
    report.step(
        "ios/typecheck/check",
        succeeds(&mut swift.command(&folder(), &check, &[])),
    );
}

/// Whether the manifest of the Swift package names the way to what it lacks. A Mac before its first
/// build is in the same case.
fn says_what_is_missing(swift: &Swift) -> bool {
    let flavor = [("VIDIMUS_FLAVOUR", "of-nobody".to_owned())];
    let package = root().join("bindings/swift");
    let mut dump = swift.command(&package, &["swift", "package", "dump-package"], &flavor);
    let needed = "Generated/of-nobody/VidimusCore is not there yet; type: cargo xtask bindings";
    let told = dump
        .output()
        .map(|output| output.stderr)
        .unwrap_or_default();
    String::from_utf8_lossy(&told).contains(needed)
}

/// The SwiftPM package of the app.
fn folder() -> PathBuf {
    root().join("ios")
}
