//! Cargo for a phone: with a compiler that has no library built for it, and so builds that too.

use super::targets::{System, Target};
use super::toolchain::{Clang, Rust};
use crate::bindings::library::flags_to_ship;
use crate::folders::{root, target};
use crate::shell::cargo;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rust's library, built with what we build.
const STD: &str = "-Zbuild-std=std,panic_unwind,panic_abort";

/// A separate target folder, so that no other build is made anew after one for a phone.
pub(super) fn folder() -> PathBuf {
    target().join("cross")
}

/// `cargo check` of the library for a target.
pub(super) fn check(rust: &Rust, target: &Target) -> Command {
    let mut check = start(rust, target, "check");
    // Nothing of it ever runs but macros and build scripts: optimizing those takes longer than all
    // they do.
    check.args(["--config", "profile.dev.package.\"*\".opt-level=0"]);
    let name = target.triple.replace('-', "_");
    check.env(format!("CC_{name}"), &rust.stand_in);
    check.env(format!("AR_{name}"), "true");
    check
}

/// How much is done to make a library fast and small.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// All that is done for what ships.
    Shipped,
    /// Nothing: it is looked at and not used, and takes half of the time.
    Hasty,
}

impl Effort {
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Shipped => &[],
            Self::Hasty => &[
                "--config",
                "profile.ffi.opt-level=0",
                "--config",
                "profile.ffi.lto=\"off\"",
                "--config",
                "profile.ffi.codegen-units=16",
            ],
        }
    }
}

/// `cargo rustc` of the library for a target, in profile `ffi`, its C compiled by clang.
pub(super) fn build(
    rust: &Rust,
    clang: &Clang,
    target: &Target,
    kind: &str,
    effort: Effort,
) -> Command {
    let mut build = start(rust, target, "rustc");
    build.args(["--profile=ffi", "--crate-type", kind]);
    build.args(effort.options());
    let name = target.triple.replace('-', "_");
    build.env(format!("CC_{name}"), clang.tool("clang"));
    build.env(format!("AR_{name}"), clang.tool("llvm-ar"));
    build.env(format!("CFLAGS_{name}"), c_flags(clang, target));
    let linker = format!("CARGO_TARGET_{}_LINKER", name.to_uppercase());
    build.env(linker, clang.tool("clang"));
    build.env(
        "CARGO_ENCODED_RUSTFLAGS",
        flags_to_ship(&[(&rust.sources, "rust")]),
    );
    build
}

fn start(rust: &Rust, target: &Target, word: &str) -> Command {
    let mut command = cargo(&format!(
        "{word} --quiet --locked --package=vidimus-ffi {STD}"
    ));
    command.arg("--target").arg(target.triple);
    command.env("RUSTC", &rust.rustc);
    // The standard library is built by the compiler that it belongs to, as its own packages build
    // it.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_DIR", folder());
    // There is no xcrun to ask. Nothing is read there: the headers are named one by one.
    command.env("SDKROOT", folder());
    command.env("IPHONEOS_DEPLOYMENT_TARGET", "17.0");
    command
}

/// The headers are those of the target alone. As on Linux no tables to unwind C: no panic passes
/// through it.
fn c_flags(clang: &Clang, target: &Target) -> String {
    let headers: Vec<&str> = match &target.system {
        System::Android { headers, .. } => {
            let [musl, kernel] = *headers;
            vec![musl, "generic-musl", kernel, "any-linux-any"]
        }
        System::Ios { .. } => vec!["any-darwin-any"],
    };
    let mut flags = format!(
        "--target={} -fno-asynchronous-unwind-tables -nostdinc",
        target.clang
    );
    if matches!(target.system, System::Android { .. }) {
        // The headers are musl's; Android's C library has the same function by another name.
        flags.push_str(" -D__errno_location=__errno");
    }
    let mut add = |folder: &Path| flags.push_str(&format!(" -isystem {}", folder.display()));
    if matches!(target.system, System::Android { .. }) {
        add(&root().join("xtask/cross/include"));
    }
    add(&clang.own_headers);
    for folder in headers {
        add(&clang.headers(folder));
    }
    flags
}
