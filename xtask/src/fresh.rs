//! Every command that the README names, in a tree without anything that was made before.
//!
//! The tree is a clone of what is committed, with its own target folder: cargo tells two trees
//! that share one apart by the times of their files alone, and would take what one has built for
//! the other's. A tree that is such a clone already, as in CI, is tried itself (`--here`), so that
//! all that is built serves the tests behind it too. The cache of tools is shared. Between two
//! commands all that came into the tree is removed, but for the target folder, so that no command
//! lives on what another has made.

mod by_hand;
mod made;
mod readme;
mod served;
mod window;

use crate::files::At;
use crate::folders::{cache, root, target};
use crate::shell::{output, program, said, say, succeeds};
use crate::trial::Trial;
use made::Snapshot;
use readme::{COMMANDS, Tried};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// `cargo xtask fresh [--here]`.
pub(crate) fn command(here: bool) -> bool {
    let tree = if here { Tree::here() } else { Tree::clone() };
    said(tree.and_then(|tree| tree.try_all())).is_some_and(|trials| told(&trials))
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

/// What is committed and nothing else, but for what cargo builds of it.
struct Tree {
    folder: PathBuf,
    committed: Snapshot,
}

impl Tree {
    /// A clone of what is committed here.
    fn clone() -> Result<Self, String> {
        if output(program("git").args(["status", "--porcelain"]))
            .is_none_or(|changes| !changes.is_empty())
        {
            say("what is not committed is not in the clone");
        }
        let folder = target().join("fresh/clone");
        if folder.exists() {
            fs::remove_dir_all(&folder).at(&folder)?;
        }
        let mut clone = program("git");
        clone
            .args(["clone", "--quiet", "--no-hardlinks"])
            .arg(root())
            .arg(&folder);
        if !succeeds(&mut clone) {
            return Err("git cannot clone this tree".to_owned());
        }
        Self::of(folder)
    }

    /// This tree, where nothing was made in it before, else a clone. Files that git neither keeps
    /// nor ignores do not count: no command makes such.
    fn here() -> Result<Self, String> {
        let status = output(program("git").args(["status", "--porcelain", "--ignored"]));
        let made = |line: &&str| {
            line.strip_prefix("!! ")
                .is_some_and(|path| !["target/", ".cache/"].contains(&path))
        };
        match status.unwrap_or_default().lines().find(made) {
            None => Self::of(root()),
            Some(line) => {
                say(&format!(
                    "this tree is not as it was cloned ({line}): another clone is tried"
                ));
                Self::clone()
            }
        }
    }

    fn of(folder: PathBuf) -> Result<Self, String> {
        let committed = Snapshot::take(&folder).map_err(|error| error.to_string())?;
        Ok(Self { folder, committed })
    }

    fn try_all(&self) -> Result<Vec<Trial>, String> {
        let mut steps = Vec::new();
        for (command, tried) in COMMANDS {
            let step = match tried {
                Tried::AsItStands => self.step(command, |tree| tree.bash(command)),
                Tried::As(other) => self.step(other, |tree| tree.bash(other)),
                Tried::InAWindow => self.step(command, window::look),
                Tried::Served => self.step(command, |tree| served::look(tree, command)),
                Tried::Elsewhere(_) => continue,
            };
            steps.push(step);
            self.clean()?;
        }
        let text = fs::read_to_string(self.folder.join("README.md"))
            .map_err(|error| format!("README.md: {error}"))?;
        steps.push(self.step(
            "what \"By hand\" and \"Checking a license\" say, line by line",
            |tree| by_hand::run(tree, &text),
        ));
        self.clean()?;
        Ok(steps)
    }

    fn step(&self, command: &str, run: impl FnOnce(&Self) -> Result<(), String>) -> Trial {
        Trial::of(&format!("from a clean tree: {command}"), || run(self))
    }

    /// Removes all that a command has made.
    fn clean(&self) -> Result<(), String> {
        self.committed
            .remove_what_came_since()
            .map_err(|error| format!("what was made cannot be removed: {error}"))
    }

    /// A line of the shell, as somebody types it in the tree's folder.
    fn line(&self, line: &str) -> Command {
        let mut bash = program("bash");
        bash.args(["-c", line]).current_dir(&self.folder);
        bash.env("VIDIMUS_CACHE", cache());
        if self.folder != root() {
            bash.env_remove("CARGO_TARGET_DIR");
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
