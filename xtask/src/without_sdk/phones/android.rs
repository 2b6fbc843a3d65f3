//! Android: the shell, the adapters and the screens, by Maven.

use super::{jdk, versions};
use crate::bindings::Flavor;
use crate::folders::root;
use crate::fonts;
use crate::kotlin::{Maven, with_library};
use crate::shell::{say, succeeds};
use crate::test::counts::Counts;
use crate::test::environment::variables;
use crate::test::kotlin::{all_reports, forget_reports};
use crate::test::memory::Temporary;
use crate::test::report::Report;
use std::path::PathBuf;

/// The Maven project of the app.
fn folder() -> PathBuf {
    root().join("android")
}

/// Shell, adapters and screens: format, tests, and every screen drawn.
pub(super) fn tests(report: &mut Report, maven: &Maven) {
    let jdk = match jdk::find() {
        Ok(jdk) => jdk,
        Err(why) => {
            report.missing([why]);
            return;
        }
    };
    if let Err(why) = fonts::install_what_lacks() {
        report.missing([why]);
        return;
    }
    say("Android: ktlint and the tests of the shell, the adapters and the screens");
    let flavor = Flavor::Contract;
    forget_reports(&folder(), flavor);
    let mut verify = maven.command(&folder(), &["--fail-at-end", "verify"]);
    verify.args(with_library(flavor));
    // A test that fails is counted; the modules behind it are tested all the same.
    verify.arg("-Dmaven.test.failure.ignore=true");
    verify.arg(format!("-Djdk25.home={}", jdk.display()));
    verify.envs(variables(flavor));
    verify.env("VIDIMUS_LIBRARY_DIR", flavor.library_folder());
    let temporary = Temporary::make();
    verify
        .args(temporary.for_maven())
        .envs(temporary.variables());
    let succeeded = succeeds(&mut verify);
    let counts = Counts::of_reports(&all_reports(&folder(), flavor));
    report.tests("mvn verify in android", counts, succeeded);
    // Gradle is not here to refuse what does not fit.
    if let Err(why) = versions::check() {
        say(&why);
        report.step("the versions of Gradle's catalog", false);
    }
}
