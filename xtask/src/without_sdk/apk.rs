//! The driver's app and the officer's, each as a signed APK for one processor, without Gradle and
//! without an Android SDK. They are looked at and never run: no NDK is here, so their Rust library,
//! where there is one, is linked against libraries without content.

mod archive;
mod facts;
mod tools;

use crate::bindings::{self, Flavor, size};
use crate::files::At;
use crate::folders::{root, target};
use crate::kotlin::{Maven, built, maven_package};
use crate::shell::{said, say};
use archive::Archive;
use facts::Facts;
use std::fs;
use std::path::{Path, PathBuf};
use tools::Tools;

/// The processor of nearly all phones.
const ABI: &str = "arm64-v8a";

/// What a package with one ABI may have.
const AT_MOST: u64 = 6_000_000;

/// An app that is packed.
struct App {
    /// Its module below `android`, and what its jar is called.
    module: &'static str,
    /// What its package is called, before the processor.
    package: &'static str,
    /// What its sizes are called.
    measured: &'static str,
    facts: Facts,
}

/// The apps that there are.
const APPS: [App; 2] = [
    App {
        module: "app",
        package: "vidimus",
        measured: "apk",
        facts: facts::DRIVER,
    },
    App {
        module: "officer",
        package: "vidimus-officer",
        measured: "officer apk",
        facts: facts::OFFICER,
    },
];

/// `cargo xtask apk [--record]`.
pub(crate) fn command(record: bool) -> bool {
    let packages = said(build(record));
    for package in packages.iter().flatten() {
        say(&format!("a package is {}", package.display()));
    }
    packages.is_some()
}

/// Builds the packages, looks at them, and says how large their parts are. Their sizes are held
/// against `bindings/size.json`, or recorded there.
///
/// # Errors
/// Which step failed, or which fact about a package is not as it must be.
pub(crate) fn build(record: bool) -> Result<Vec<PathBuf>, String> {
    let maven = Maven::find_or_install()?;
    bindings::make(Flavor::Ship)?;
    say("compiling the apps against Android's classes; the first time Maven fetches some 350 MB");
    maven_package(&maven, &APPS.map(|app| app.module).join(","))?;
    let tools = Tools::find_or_install()?;
    APPS.iter()
        .map(|app| build_one(&tools, app, record))
        .collect()
}

fn build_one(tools: &Tools, app: &App, record: bool) -> Result<PathBuf, String> {
    let built = built(app.module);
    let place = target().join("apk");
    let stage = place.join("stage");
    fresh(&stage)?;
    say(&format!("making dex of {} with R8", app.package));
    tools.dex(&built.join(format!("{}.jar", app.module)), &stage)?;
    no_tests(&stage)?;
    let has_library = native_libraries(&stage)?;
    let package = place.join(format!("{}-{ABI}.apk", app.package));
    pack(tools, &built, &stage, &package)?;
    look(tools, &app.facts, &package)?;
    print_sizes(app, &package, has_library)?;
    match (has_library, record) {
        (true, true) => size::record_package(&package)?,
        (true, false) => size::check_package(&package)?,
        // Without the library it says nothing of the whole.
        (false, _) => {}
    }
    Ok(package)
}

/// Puts manifest, resources, dex and libraries into one archive, aligned and signed.
fn pack(tools: &Tools, built: &Path, stage: &Path, package: &Path) -> Result<(), String> {
    let bare = stage.with_file_name("bare.apk");
    copy(&built.join("base.apk"), &bare)?;
    tools.add(&bare, stage)?;
    let bytes = fs::read(&bare).at(&bare)?;
    let aligned = Archive::read(&bytes)?.aligned()?;
    fs::write(package, aligned).at(package)?;
    tools.sign(package)
}

/// What must be true of a package before anybody gets it.
fn look(tools: &Tools, facts: &Facts, package: &Path) -> Result<(), String> {
    tools.verify(package)?;
    facts.check(&tools.manifest(package)?)?;
    let bytes = fs::read(package).at(package)?;
    Archive::read(&bytes)?.check_alignment()
}

/// The libraries for the phone's processor; whether the Rust one is among them.
fn native_libraries(stage: &Path) -> Result<bool, String> {
    let to = stage.join("lib").join(ABI);
    fs::create_dir_all(&to).at(&to)?;
    let jna = built("androidx/app").join(format!("unpacked/jna/jni/{ABI}/libjnidispatch.so"));
    copy(&jna, &to.join("libjnidispatch.so"))?;
    let linked = target().join(format!("cross/libvidimus_ffi-{ABI}.so"));
    if linked.exists() {
        copy(&linked, &to.join("libvidimus_ffi.so"))?;
        say(
            "the Rust library in the package is linked against stubs, to weigh it: no phone has loaded it, nor is sure to",
        );
        return Ok(true);
    }
    say("the package has no Rust library, since none was linked: cargo xtask cross-check --link");
    Ok(false)
}

/// No class of a test framework ships.
fn no_tests(stage: &Path) -> Result<(), String> {
    for name in ["classes.dex", "classes2.dex"] {
        let dex = fs::read(stage.join(name)).unwrap_or_default();
        for package in [
            "Lorg/junit/",
            "Lorg/robolectric/",
            "Landroidx/test/",
            "Lkotlin/test/",
        ] {
            if dex
                .windows(package.len())
                .any(|bytes| bytes == package.as_bytes())
            {
                return Err(format!("{name} has classes of {package}"));
            }
        }
    }
    Ok(())
}

fn print_sizes(app: &App, package: &Path, has_library: bool) -> Result<(), String> {
    let name = app.measured;
    let bytes = fs::read(package).at(package)?;
    let archive = Archive::read(&bytes)?;
    let whole = u64::try_from(bytes.len()).map_err(|error| error.to_string())?;
    let dex = archive.size_of(|name| name.ends_with(".dex"));
    let resources = archive.size_of(|name| {
        name.starts_with("res/") || name == "resources.arsc" || name == "AndroidManifest.xml"
    });
    let jna = archive.size_of(|name| name.ends_with("/libjnidispatch.so"));
    let rust = archive.size_of(|name| name.ends_with("/libvidimus_ffi.so"));
    let rest = whole.saturating_sub(dex + resources + jna + rust);
    println!(
        "{name} {ABI}: {} in all; dex {}, resources {}, JNA {}, Rust library {}, signature and directory {}",
        megabytes(whole),
        megabytes(dex),
        megabytes(resources),
        megabytes(jna),
        if has_library {
            megabytes(rust)
        } else {
            "not in it".to_owned()
        },
        megabytes(rest)
    );
    let verdict = if whole <= AT_MOST { "kept" } else { "MISSED" };
    println!(
        "{name} {ABI}: at most {} with one ABI: {verdict}",
        megabytes(AT_MOST)
    );
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000)
}

fn fresh(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).at(folder)?;
    }
    fs::create_dir_all(folder).at(folder)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| {
        format!(
            "{}: {error}",
            from.strip_prefix(root()).unwrap_or(from).display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_decimal_megabytes() {
        assert_eq!(megabytes(6_000_000), "6.00 MB");
        assert_eq!(megabytes(71_165), "0.07 MB");
    }
}
