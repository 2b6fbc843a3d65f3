//! What a minute of showing costs, and how long the first code takes behind a finger: the screens
//! measure themselves.

use super::Numbers;
use crate::bindings::{self, Flavor};
use crate::folders::root;
use crate::fonts;
use crate::kotlin::{Maven, with_library};
use crate::shell::{say, stream};
use crate::test::environment::variables;
use crate::texts;

/// Draws a minute of showing on the real core and authority.
///
/// # Errors
/// What is missing or failed.
pub(super) fn measure() -> Result<Vec<Numbers>, String> {
    texts::make()?;
    fonts::install_what_lacks()?;
    bindings::make(Flavor::Contract)?;
    let maven = Maven::find_or_install()?;
    say("bench of the screens");
    let words = ["--also-make", "--projects=:vidimus-screens", "-Pbench"];
    let mut bench = maven.command(&root().join("android"), &words);
    // The tests' code is compiled, for the bench stands among it, and none of them is run.
    bench.args(["-DskipTests", "-Dmaven.antrun.skip", "verify"]);
    bench.args(with_library(Flavor::Contract));
    bench.envs(variables(Flavor::Contract));
    bench.env("VIDIMUS_LIBRARY_DIR", Flavor::Contract.library_folder());
    let mut numbers = Vec::new();
    // Maven puts the terminal's colors before the first line.
    let mut read = |line: &str| {
        let line = line.find("measure: ").and_then(|start| line.get(start..));
        numbers.extend(line.and_then(Numbers::of_line));
    };
    if stream(&mut bench, &mut read) {
        Ok(numbers)
    } else {
        Err("the bench of the screens failed".to_owned())
    }
}
