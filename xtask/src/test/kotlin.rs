//! The Kotlin package: checked and tested on the contract flavor, packaged with what ships, and
//! its README's example run against the packages.

use super::counts::{Counts, reports};
use super::environment::{expecting_picture_of, variables};
use super::memory::Temporary;
use super::report::Report;
use crate::bindings::Flavor;
use crate::kotlin::{Maven, folder, with_library};
use crate::shell::{say, succeeds};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The class that reads Swift's picture.
const READS_SWIFT: &str = "PictureFromSwiftTest";

/// Everything but what is packaged. `picture` says that Swift has left one.
pub(crate) fn contract(report: &mut Report, maven: &Maven, picture: bool) {
    say("Kotlin: ktlint, and the tests");
    run(report, maven, Flavor::Contract, picture);
    if picture {
        let read = all_reports(&folder(), Flavor::Contract);
        let read: Vec<PathBuf> = read
            .into_iter()
            .filter(|file| is_of(file, READS_SWIFT))
            .collect();
        report.step(
            "a picture of Swift's was not read",
            Counts::of_reports(&read).all_passed(),
        );
    }
}

/// The jar with the library inside, its pages, and the README's example.
pub(crate) fn ship(report: &mut Report, maven: &Maven) {
    say("Kotlin: the packages, their pages, and the README's example against them");
    run(report, maven, Flavor::Ship, false);
}

fn run(report: &mut Report, maven: &Maven, flavor: Flavor, picture: bool) {
    forget_reports(&folder(), flavor);
    let temporary = Temporary::make();
    let mut verify = verify(maven, flavor, &temporary);
    if picture {
        let (key, value) = expecting_picture_of("swift");
        verify.env(key, value);
    }
    let succeeded = succeeds(&mut verify);
    let step = format!("mvn verify of {}", flavor.name());
    report.tests(
        &step,
        Counts::of_reports(&all_reports(&folder(), flavor)),
        succeeded,
    );
}

/// Runs the tests whose class, or `Class#method`, has a name. Maven says how they went.
pub(super) fn one(maven: &Maven, name: &str) -> bool {
    let temporary = Temporary::make();
    let mut verify = verify(maven, Flavor::Contract, &temporary);
    verify.arg(format!("-Dtest={name}"));
    verify.args(["-Dsurefire.failIfNoSpecifiedTests=false", "-DskipITs"]);
    succeeds(&mut verify)
}

/// `mvn verify`, with what its tests are told.
fn verify(maven: &Maven, flavor: Flavor, temporary: &Temporary) -> Command {
    let mut verify = maven.command(&folder(), &["verify"]);
    verify.args(with_library(flavor));
    verify.args(temporary.for_maven());
    verify.envs(variables(flavor)).envs(temporary.variables());
    if flavor == Flavor::Contract {
        // What ships brings its library in the jar.
        verify.env("VIDIMUS_LIBRARY_DIR", flavor.library_folder());
    }
    verify
}

/// Takes away the reports of an earlier run: they must not pass for this one's.
pub(crate) fn forget_reports(project: &Path, flavor: Flavor) {
    for old in all_reports(project, flavor) {
        let _ = fs::remove_file(old);
    }
}

/// The reports of all modules of a project.
pub(crate) fn all_reports(project: &Path, flavor: Flavor) -> Vec<PathBuf> {
    let modules = fs::read_dir(project).into_iter().flatten().flatten();
    let builds = modules.map(|module| module.path().join("target").join(flavor.name()));
    let folders = builds
        .flat_map(|build| ["surefire-reports", "failsafe-reports"].map(|name| build.join(name)));
    folders.flat_map(|folder| reports(&folder)).collect()
}

fn is_of(report: &Path, class: &str) -> bool {
    let name = report.file_stem().unwrap_or_default().to_string_lossy();
    name.rsplit('.').next() == Some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_known_by_its_class() {
        let report = Path::new("/r/TEST-org.vidimus.PictureFromSwiftTest.xml");
        assert!(is_of(report, READS_SWIFT));
        assert!(!is_of(report, "SwiftTest"));
    }
}
