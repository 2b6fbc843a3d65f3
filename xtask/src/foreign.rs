//! Node's packages and Debian's browser, which the authority is tried against.

use crate::apt;
use crate::files::At;
use crate::folders::{cache, root};
use crate::fonts;
use crate::shell::{output, program, say, succeeds};
use std::fs;
use std::path::{Path, PathBuf};

/// The oldest Node that runs the suites: its own test runner writes JUnit's form.
const NODE: u32 = 20;

/// A file that tells whether Debian's package is here, and the package.
const BROWSER: [(&str, &str); 1] = [("/usr/bin/chromium", "chromium")];

/// What `npm ci` fetches; measured with an empty cache.
const DOWNLOAD: &str = "some 8 MB";

/// What says which packages are wanted, exactly.
const WANTED: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The folder of the suites.
pub(crate) fn folder() -> PathBuf {
    root().join("tests/foreign")
}

/// Installs what lacks: the packages of the lock file into the cache, the browser and its fonts.
///
/// # Errors
/// What to install, in a line.
pub(crate) fn install_what_lacks() -> Result<(), String> {
    node_is_here()?;
    apt::install_what_lacks(&BROWSER, "a browser")?;
    fonts::install_what_lacks()?;
    packages()
}

fn node_is_here() -> Result<(), String> {
    let what = format!("Node {NODE} or newer with npm");
    let version = output(program("node").arg("--version")).unwrap_or_default();
    if !is_new_enough(&version) {
        return Err(format!(
            "{what} is not here; install it, so that node --version says v{NODE} or more"
        ));
    }
    let npm = output(program("npm").arg("--version"));
    npm.map(drop)
        .ok_or_else(|| format!("{what} is not here: node is, npm is not; install npm"))
}

/// Whether this is what a Node that is new enough says of its version.
fn is_new_enough(version: &str) -> bool {
    let major = version.trim().strip_prefix('v');
    let major = major.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= NODE)
}

/// Fetches the packages where the cache holds others than the lock file names, and links them to
/// where Node looks.
fn packages() -> Result<(), String> {
    let kept = cache().join("foreign");
    if !holds_what_is_wanted(&kept) {
        say(&format!(
            "the foreign parts: installing tests/foreign/package-lock.json with npm, {DOWNLOAD}"
        ));
        fs::create_dir_all(&kept).at(&kept)?;
        let lock = kept.join("package-lock.json");
        for name in WANTED {
            fs::copy(folder().join(name), kept.join(name)).at(&kept)?;
        }
        let mut install = program("npm");
        install.args(["ci", "--ignore-scripts", "--loglevel=error"]);
        if !succeeds(install.current_dir(&kept)) {
            // What is half there must not pass for what is wanted.
            let _ = fs::remove_file(&lock);
            return Err(format!(
                "npm ci fails in {}; with the network there, try again",
                kept.display()
            ));
        }
    }
    link(&kept.join("node_modules"), &folder().join("node_modules"))
}

fn holds_what_is_wanted(kept: &Path) -> bool {
    let same = |name: &&str| {
        let wanted = fs::read(folder().join(name)).ok();
        wanted.is_some() && fs::read(kept.join(name)).ok() == wanted
    };
    WANTED.iter().all(same) && kept.join("node_modules/.package-lock.json").exists()
}

/// Lets `link` lead to `to`. A folder that somebody's own `npm ci` has made stays.
fn link(to: &Path, link: &Path) -> Result<(), String> {
    if fs::read_link(link).is_ok_and(|old| old == to) || link.is_dir() && !link.is_symlink() {
        return Ok(());
    }
    if link.is_symlink() {
        fs::remove_file(link).at(link)?;
    }
    std::os::unix::fs::symlink(to, link).at(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_too_old_or_absent_is_told_from_one_that_will_do() {
        assert!(is_new_enough("v20.20.2\n") && is_new_enough("v24.0.0"));
        assert!(!is_new_enough("v18.19.0") && !is_new_enough("") && !is_new_enough("20"));
    }

    #[test]
    fn the_lock_file_names_no_host_to_download_from() {
        for name in WANTED {
            let text = fs::read_to_string(folder().join(name)).unwrap();
            assert!(!text.contains("\"resolved\""), "{name}");
            assert!(!text.contains("registry="), "{name}");
        }
    }

    #[test]
    fn a_link_is_made_anew_and_a_folder_stays() {
        let there = std::env::temp_dir().join(format!("vidimus-link-{}", std::process::id()));
        let folders = ["a", "b", "own"].map(|name| there.join(name));
        for folder in &folders {
            fs::create_dir_all(folder).unwrap();
        }
        let name = there.join("node_modules");
        for to in &folders[..2] {
            link(to, &name).unwrap();
            assert_eq!(fs::read_link(&name).unwrap(), *to);
        }
        link(&folders[0], &folders[2]).unwrap();
        assert!(!folders[2].is_symlink());
        fs::remove_dir_all(there).unwrap();
    }
}
