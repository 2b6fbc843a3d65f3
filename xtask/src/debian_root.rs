//! Swift 6 in a Debian 13 root that is kept in the cache, for a Debian system without it.

use crate::apt;
use crate::folders::{cache, root, target};
use crate::shell::{program, succeeds};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes the root where it is not there. The script says what it downloads.
///
/// # Errors
/// Returns what to install, or where the log of the failed attempt is.
pub(crate) fn find_or_make() -> Result<PathBuf, String> {
    if !apt::available() {
        let where_from = "https://www.swift.org/install";
        return Err(format!(
            "Swift 6.0 or newer is not on the PATH; install it from {where_from}, or run this as root on Debian"
        ));
    }
    let root = cache().join("debian13");
    if succeeds(program(script()).arg("create").arg(&root)) {
        Ok(root)
    } else {
        let log = root.with_extension("log");
        Err(format!(
            "no Debian 13 root with Swift could be made; see above and {}",
            log.display()
        ))
    }
}

/// A program inside the root. It sees the workspace, cargo's target folder and cargo's downloads
/// at the same paths as outside.
pub(crate) fn command(root: &Path, name: &str, environment: &[(&str, String)]) -> Command {
    let mut command = program(script());
    command.arg("run").arg(root).args(["--", "env"]);
    let variables = environment
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    command
        .args(variables)
        .arg(name)
        .env("VIDIMUS_BIND", shown());
    command
}

fn script() -> PathBuf {
    root().join("xtask/debian13-root.sh")
}

/// The folders that a command in the root needs at the same paths.
fn shown() -> String {
    let target = target();
    let _ = std::fs::create_dir_all(&target);
    format!("{} {}", root().display(), target.display())
}
