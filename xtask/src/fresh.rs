//! Every command that the README names, from a clone without anything that was made before.
//!
//! The clone holds what is committed, and has a target folder of its own: cargo tells two trees that share one apart by
//! the times of their files alone, and would take what one has built for the other's. The cache of tools is shared.
//! Between two commands all that git does not keep is removed, but for that folder, so that no command lives on what
//! another has made in the tree.

mod by_hand;
mod readme;
mod window;

use crate::folders::{cache, root, target};
use crate::shell::{output, program, say, succeeds};
use crate::trial::Trial;
use readme::{COMMANDS, Tried};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// `cargo xtask fresh`.
pub(crate) fn command() -> bool {
    match Clone::make().and_then(|clone| clone.try_all()) {
        Ok(trials) => told(&trials),
        Err(why) => {
            say(&why);
            false
        }
    }
}

/// Says each command with its time, and those that are tried elsewhere; whether all went well.
fn told(trials: &[Trial]) -> bool {
    for (command, tried) in COMMANDS {
        if let Tried::Elsewhere(why) = tried {
            say(&format!("not tried here: {command}: {why}"));
        }
    }
    Trial::print(trials, "fresh")
}

/// A clone of what is committed, with what cargo builds of it.
struct Clone {
    folder: PathBuf,
}

impl Clone {
    fn make() -> Result<Self, String> {
        if output(program("git").args(["status", "--porcelain"]))
            .is_none_or(|changes| !changes.is_empty())
        {
            say("what is not committed is not in the clone");
        }
        let folder = target().join("fresh/clone");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let mut clone = program("git");
        clone
            .args(["clone", "--quiet", "--no-hardlinks"])
            .arg(root())
            .arg(&folder);
        if !succeeds(&mut clone) {
            return Err("git cannot clone this tree".to_owned());
        }
        Ok(Self { folder })
    }

    fn try_all(&self) -> Result<Vec<Trial>, String> {
        let mut steps = Vec::new();
        for (command, tried) in COMMANDS {
            let step = match tried {
                Tried::AsItStands => self.step(command, |clone| clone.bash(command)),
                Tried::As(other) => self.step(other, |clone| clone.bash(other)),
                Tried::InAWindow => self.step(command, window::look),
                Tried::Elsewhere(_) => continue,
            };
            steps.push(step);
            self.clean()?;
        }
        let text = fs::read_to_string(self.folder.join("README.md"))
            .map_err(|error| format!("README.md: {error}"))?;
        steps.push(self.step(
            "what \"By hand\" and \"Checking a license\" say, line by line",
            |clone| by_hand::run(clone, &text),
        ));
        self.clean()?;
        Ok(steps)
    }

    fn step(&self, command: &str, run: impl FnOnce(&Self) -> Result<(), String>) -> Trial {
        Trial::of(&format!("from a clean clone: {command}"), || run(self))
    }

    /// Removes all that git does not keep.
    fn clean(&self) -> Result<(), String> {
        let mut clean = program("git");
        clean
            .args(["clean", "--quiet", "-xdff", "--exclude=/target"])
            .current_dir(&self.folder);
        if succeeds(&mut clean) {
            Ok(())
        } else {
            Err("git cannot clean the clone".to_owned())
        }
    }

    /// A line of the shell, as somebody types it in the clone's folder.
    fn line(&self, line: &str) -> Command {
        let mut bash = program("bash");
        bash.args(["-c", line]).current_dir(&self.folder);
        bash.env("VIDIMUS_CACHE", cache());
        // What cargo says to this program is no business of the clone's.
        for (name, _) in std::env::vars_os() {
            let is_cargos = name.to_string_lossy();
            if is_cargos.starts_with("CARGO_") && is_cargos != "CARGO_HOME" {
                bash.env_remove(&name);
            }
        }
        bash
    }

    fn bash(&self, line: &str) -> Result<(), String> {
        if succeeds(&mut self.line(line)) {
            Ok(())
        } else {
            Err("it failed; what it said stands above".to_owned())
        }
    }
}
