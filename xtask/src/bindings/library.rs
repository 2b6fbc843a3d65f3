//! Builds the library with cargo and places it where the packages look for it.

use super::Flavor;
use crate::files::At;
use crate::folders::{root, target};
use crate::shell::{cargo, program, say, succeeds};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library's file, as cargo and the linkers call it.
pub(crate) const FILE: &str = "libvidimus_ffi.so";

/// The flags under which cargo builds no dependency a second time for the workspace's tests: all
/// features, and, for the sake of those that only tests switch on, one test, the smallest. They
/// build the command line too, which the tests of both languages start.
const AS_FOR_TESTS: &str =
    "build --quiet --workspace --all-features --locked --lib --bins --test import_order";

/// What leaves the driver's app out.
pub(crate) const WITHOUT_APP: [&str; 2] = ["--no-default-features", "--features=http"];

/// Where cargo leaves a flavor, with the metadata that bindgen reads.
pub(crate) fn built(flavor: Flavor) -> PathBuf {
    let profile = match flavor {
        Flavor::Contract => "debug",
        Flavor::Ship | Flavor::Wallet => "ffi",
    };
    target().join(profile).join(FILE)
}

/// Builds one flavor: the file that [`built`] names.
///
/// # Errors
/// What failed.
pub(crate) fn build(flavor: Flavor) -> Result<PathBuf, String> {
    match flavor {
        Flavor::Contract => {
            say("building the library for tests, and the command line");
            finish(&mut cargo(AS_FOR_TESTS), flavor)
        }
        Flavor::Ship => {
            say("building the library that ships");
            build_to_ship(&[])
        }
        Flavor::Wallet => {
            say("building the library that ships, without the driver's app");
            build_to_ship(&WITHOUT_APP)
        }
    }
}

/// Builds what ships: with HTTP in Rust, or as `features` say.
///
/// # Errors
/// What failed.
pub(crate) fn build_to_ship(features: &[&str]) -> Result<PathBuf, String> {
    let mut build = cargo("rustc --quiet --locked --package=vidimus-ffi --profile=ffi");
    // The static library beside it is for Apple's linker and would be written in vain here.
    build.arg("--crate-type=cdylib").args(features);
    // Functions with the same instructions become one.
    build.args(["--", "-Clink-arg=-Wl,--icf=all"]);
    let linker = root().join("xtask/link-to-ship.sh");
    build.arg(format!("-Clinker={}", linker.display()));
    // No panic passes through SQLite or ring's C, so they need no tables to unwind them.
    build.env("CFLAGS", "-fno-asynchronous-unwind-tables");
    build.env("CARGO_ENCODED_RUSTFLAGS", flags_to_ship(&[]));
    finish(&mut build, Flavor::Ship)
}

/// The library that ships, beside one that was built to ship: without what bindgen alone reads.
pub(crate) fn to_ship(built: &Path) -> PathBuf {
    built.with_file_name("deps").join(format!("{FILE}.ship"))
}

/// Portable code alone for what a wallet does a little of. Code for AVX2 beside it is of no use to
/// a phone, and optimized for size it is slower: its intrinsics become calls.
const PORTABLE: [&str; 4] = [
    "--cfg=curve25519_dalek_backend=\"serial\"",
    "--cfg=sha2_backend_soft=\"compact\"",
    "--cfg=chacha20_backend=\"soft\"",
    "--cfg=poly1305_backend=\"soft\"",
];

/// Flags for rustc, as `CARGO_ENCODED_RUSTFLAGS` has them: [`PORTABLE`], and no name of a folder in
/// which a library was built. `more` are further folders, each with the name that it gets.
pub(crate) fn flags_to_ship(more: &[(&Path, &str)]) -> String {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = cargo_home.unwrap_or_default().join("registry/src");
    let workspace = root();
    // Each registry has a folder with a long name there.
    let registries = fs::read_dir(&sources).into_iter().flatten().flatten();
    let registries: Vec<PathBuf> = registries.map(|entry| entry.path()).collect();
    let mut folders: Vec<(&Path, &str)> = vec![(&sources, "crates")];
    folders.extend(registries.iter().map(|folder| (folder.as_path(), "crates")));
    folders.push((&workspace, "vidimus"));
    folders.extend(more);
    let remap =
        |(folder, name): (&Path, &str)| format!("--remap-path-prefix={}={name}", folder.display());
    let portable = PORTABLE.into_iter().map(str::to_owned);
    // The last that fits counts, and the cache may be in the workspace.
    let flags: Vec<String> = portable.chain(folders.into_iter().map(remap)).collect();
    flags.join("\u{1f}")
}

fn finish(build: &mut Command, flavor: Flavor) -> Result<PathBuf, String> {
    let library = built(flavor);
    if !succeeds(build) {
        return Err("the library does not build".to_owned());
    }
    if library.exists() {
        Ok(library)
    } else {
        Err(format!("cargo left no {}", library.display()))
    }
}

/// Puts a built library into its flavor's folder, stripped where it ships.
///
/// # Errors
/// What failed, or what is missing.
pub(crate) fn place(flavor: Flavor, built: &Path) -> Result<(), String> {
    let folder = flavor.library_folder();
    fs::create_dir_all(&folder).at(&folder)?;
    let library = folder.join(FILE);
    match flavor {
        Flavor::Ship | Flavor::Wallet => strip(&to_ship(built), &library),
        Flavor::Contract => fs::copy(built, &library).map(drop).at(&library),
    }
}

/// Writes `library` without symbols that the loader does not need to `to`.
///
/// # Errors
/// What to install where no `strip` is here.
pub(crate) fn strip(library: &Path, to: &Path) -> Result<(), String> {
    let done = ["strip", "llvm-strip"].iter().any(|name| {
        succeeds(
            program(name)
                .arg("--strip-all")
                .arg("-o")
                .arg(to)
                .arg(library),
        )
    });
    if done {
        Ok(())
    } else {
        Err(
            "the library could not be stripped; type: sudo apt-get install --yes binutils"
                .to_owned(),
        )
    }
}
