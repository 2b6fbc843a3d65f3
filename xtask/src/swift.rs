//! Swift 6: the one on the PATH, or one in a Debian 13 root that is kept in the cache.

use crate::debian_root;
use crate::shell::{output, program, say};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Swift that runs here.
#[derive(Debug)]
pub(crate) enum Swift {
    /// The one on the PATH.
    Here,
    /// In a Debian 13 root, this folder.
    Root(PathBuf),
}

impl Swift {
    /// # Errors
    /// What to install, in a line.
    pub(crate) fn find_or_install() -> Result<Self, String> {
        if output(program("swift").arg("--version")).is_some_and(|text| is_new_enough(&text)) {
            return Ok(Self::Here);
        }
        debian_root::find_or_make().map(Self::Root)
    }

    /// A command of Swift's tools in a folder of the workspace. Inside the root it sees the
    /// workspace, cargo's target folder and its downloads where they are outside.
    pub(crate) fn command(
        &self,
        folder: &Path,
        words: &[&str],
        environment: &[(&str, String)],
    ) -> Command {
        let (name, arguments) = words.split_first().unwrap_or((&"swift", &[]));
        let mut command = match self {
            Self::Here => {
                let mut command = program(name);
                command.envs(environment.iter().map(|(key, value)| (key, value)));
                command
            }
            Self::Root(root) => debian_root::command(root, name, environment),
        };
        command.args(arguments).current_dir(folder);
        command
    }

    /// Says which Swift it is.
    pub(crate) fn introduce(&self) {
        match self {
            Self::Here => say("Swift is the one on the PATH"),
            Self::Root(root) => say(&format!(
                "Swift is that of the Debian 13 root {}",
                root.display()
            )),
        }
    }
}

/// Whether `swift --version` says 6.0 or newer, with any text around it.
fn is_new_enough(answer: &str) -> bool {
    let version = answer
        .split_once("Swift version ")
        .map_or("", |(_, version)| version);
    let major = version.split('.').next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swift_6_is_new_enough_and_swift_5_is_not() {
        assert!(is_new_enough(
            "Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x86_64-pc-linux-gnu"
        ));
        assert!(is_new_enough(
            "swift-driver version: 1.115 Apple Swift version 6.1 (swiftlang-6.1.0)"
        ));
        assert!(!is_new_enough(
            "Swift version 5.10.1 (swift-5.10.1-RELEASE)"
        ));
        assert!(!is_new_enough(""));
    }
}
