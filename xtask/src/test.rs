//! Every test, in the three languages, and the authority against foreign parts.

mod authority;
pub(crate) mod counts;
pub(crate) mod environment;
pub(crate) mod kotlin;
pub(crate) mod memory;
pub(crate) mod report;
mod rust;
pub(crate) mod swift;

use crate::bindings::{self, Flavor};
use crate::kotlin::Maven;
use crate::shell::{said, say};
use crate::swift::Swift;
use report::Report;
use std::thread;

/// `cargo xtask test`.
pub(crate) fn all() -> bool {
    let mut rust = rust::run();
    let mut packages = packages(true, true);
    let comments = bindings::comments_are_good(Flavor::Contract);
    rust.step("the comments of what is exported", comments);
    rust.step("size", bindings::size::check_what_ships());
    packages.insert(0, rust);
    packages.push(authority::run(""));
    report::finish(&packages)
}

/// `cargo xtask test rust`.
pub(crate) fn rust() -> bool {
    report::finish(&[rust::run()])
}

/// `cargo xtask test authority [NAME]`: every suite, or those whose file begins with the name.
pub(crate) fn authority(name: &str) -> bool {
    report::finish(&[authority::run(name)])
}

/// `cargo xtask test kotlin`.
pub(crate) fn kotlin() -> bool {
    report::finish(&packages(true, false))
}

/// `cargo xtask test swift`.
pub(crate) fn swift() -> bool {
    report::finish(&packages(false, true))
}

/// `cargo xtask test kotlin NAME`: the tests of one class, or one of its methods.
pub(crate) fn kotlin_one(name: &str) -> bool {
    let maven = Maven::find_or_install().and_then(|maven| ready().map(|()| maven));
    said(maven).is_some_and(|maven| kotlin::one(&maven, name))
}

/// `cargo xtask test swift NAME`: the tests of one suite, or one of its functions.
pub(crate) fn swift_one(name: &str) -> bool {
    let swift = Swift::find_or_install().and_then(|swift| ready().map(|()| swift));
    said(swift).is_some_and(|swift| {
        let mut report = Report::new("swift");
        swift::one(&mut report, &swift, name);
        report::finish(&[report])
    })
}

/// The packages, one or both. Where both can run, each reads the other's picture: Swift's is made
/// first, Kotlin reads it and makes one, and Swift looks once more.
fn packages(kotlin: bool, swift: bool) -> Vec<Report> {
    let (mut of_kotlin, mut of_swift) = (Report::new("kotlin"), Report::new("swift"));
    let maven = kotlin
        .then(|| found(Maven::find_or_install(), &mut of_kotlin))
        .flatten();
    let compiler = swift
        .then(|| found(Swift::find_or_install(), &mut of_swift))
        .flatten();
    if let Some(compiler) = &compiler {
        compiler.introduce();
    }

    let ready = ready();
    if maven.is_none() && compiler.is_none() {
        // Nothing can use a library; that it builds is the workspace's test.
    } else if let Err(why) = ready {
        say(&why);
        of_kotlin.step("cargo xtask bindings contract", !kotlin);
        of_swift.step("cargo xtask bindings contract", !swift);
    } else {
        // Linking what ships keeps one core busy for minutes; the tests mostly wait.
        let shipped = thread::scope(|scope| {
            let ship = scope.spawn(|| bindings::make(Flavor::Ship));
            if let Some(compiler) = &compiler {
                swift::contract(&mut of_swift, compiler, maven.is_some());
            }
            if let Some(maven) = &maven {
                kotlin::contract(&mut of_kotlin, maven, compiler.is_some());
            }
            ship.join()
                .unwrap_or_else(|_| Err("the build of what ships broke off".to_owned()))
        });
        if let (Some(compiler), Some(_)) = (&compiler, &maven) {
            swift::picture_of_kotlin(&mut of_swift, compiler);
        }
        match shipped {
            Ok(()) => {
                if let Some(compiler) = &compiler {
                    swift::ship(&mut of_swift, compiler);
                }
                if let Some(maven) = &maven {
                    kotlin::ship(&mut of_kotlin, maven);
                }
            }
            Err(why) => {
                say(&why);
                of_kotlin.step("cargo xtask bindings ship", !kotlin);
                of_swift.step("cargo xtask bindings ship", !swift);
            }
        }
    }
    let wanted = [(kotlin, of_kotlin), (swift, of_swift)];
    wanted
        .into_iter()
        .filter_map(|(wanted, report)| wanted.then_some(report))
        .collect()
}

/// Makes what the packages' tests need.
fn ready() -> Result<(), String> {
    environment::forget_pictures().and_then(|()| bindings::make(Flavor::Contract))
}

/// What is here, or a word in the report about what is not.
fn found<T>(tool: Result<T, String>, report: &mut Report) -> Option<T> {
    tool.map_err(|why| report.missing([why])).ok()
}
