//! Opening a wallet and making a frame through Kotlin and through Swift, beside Rust in the same
//! run.
//!
//! Rust makes the wallet and leaves it to the others. Each prints lines such as
//! `bench: frame 120.5`, medians in microseconds.

use super::Numbers;
use crate::bindings::{self, Flavor};
use crate::folders::{root, target};
use crate::kotlin::{self, Maven};
use crate::shell::{cargo, say, stream};
use crate::swift::Swift;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

/// What Kotlin may take to compile, in seconds.
const COMPILE_LIMIT: f64 = 90.0;

/// What one language measured, by name: medians in microseconds.
type Medians = BTreeMap<String, f64>;

/// Measures the named languages.
///
/// # Errors
/// What is missing or failed.
pub(super) fn measure(languages: &[&str]) -> Result<Vec<Numbers>, String> {
    bindings::make(Flavor::Ship)?;
    say("bench of Rust, for the languages beside it");
    let bench = "bench --locked --package=vidimus-tests --bench=beside_languages";
    let rust = medians(&mut cargo(bench), "Rust")?;
    let mut numbers = Vec::new();
    for language in languages {
        say(&format!("bench of {language}"));
        let theirs = match *language {
            "kotlin" => {
                let maven = Maven::find_or_install()?;
                numbers.push(compile_time(&maven)?);
                medians(
                    &mut in_kotlin(&maven, &["-Pbench", "-DskipTests", "verify"]),
                    "Kotlin",
                )?
            }
            _ => medians(&mut in_swift(&Swift::find_or_install()?), "Swift")?,
        };
        for what in ["open", "frame"] {
            let name = format!("{what}_{language}");
            let (Some(&ours), Some(&limit)) = (theirs.get(what), rust.get(what)) else {
                return Err(format!("no median for {name}"));
            };
            numbers.push(Numbers {
                name,
                ours,
                limit,
                unit: "us".to_owned(),
            });
        }
    }
    Ok(numbers)
}

/// How long Maven takes to compile the generated and the hand-written Kotlin, from nothing.
fn compile_time(maven: &Maven) -> Result<Numbers, String> {
    let begun = Instant::now();
    if !stream(&mut in_kotlin(maven, &["clean", "compile"]), |_| ()) {
        return Err("the Kotlin does not compile".to_owned());
    }
    let ours = begun.elapsed().as_secs_f64();
    let name = "compile_kotlin".to_owned();
    Ok(Numbers {
        name,
        ours,
        limit: COMPILE_LIMIT,
        unit: "s".to_owned(),
    })
}

fn in_kotlin(maven: &Maven, goals: &[&str]) -> Command {
    let mut command = maven.command(&kotlin::folder(), goals);
    command.args(kotlin::with_library(Flavor::Ship));
    command
}

fn in_swift(swift: &Swift) -> Command {
    let library = Flavor::Ship.library_folder().display().to_string();
    let build = target().join("swift/bench").display().to_string();
    let linker = format!("-L{library}");
    let mut words = vec!["swift", "run", "-c", "release", "--scratch-path", &build];
    words.extend(["-Xlinker", &linker, "vidimus-bench"]);
    let environment = [
        ("VIDIMUS_FLAVOUR", Flavor::Ship.name().to_owned()),
        ("VIDIMUS_BENCH_WALLET", wallet()),
        ("LD_LIBRARY_PATH", library.clone()),
    ];
    swift.command(&root().join("bindings/swift"), &words, &environment)
}

fn medians(command: &mut Command, language: &str) -> Result<Medians, String> {
    let mut medians = Medians::default();
    command.env("VIDIMUS_BENCH_WALLET", wallet());
    if stream(command, |line| medians.extend(median(line))) {
        Ok(medians)
    } else {
        Err(format!("the bench of {language} failed"))
    }
}

fn wallet() -> String {
    target().join("bench-wallet").display().to_string()
}

/// The name and the number of a line such as `bench: frame 120.5`.
fn median(line: &str) -> Option<(String, f64)> {
    // Maven puts the terminal's colors before the first line.
    let (_, line) = line.split_once("bench: ")?;
    let (what, median) = line.trim().split_once(' ')?;
    Some((what.to_owned(), median.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_bench_are_read_and_others_are_not() {
        let lines = [
            "Build complete!",
            "\u{1b}[0mbench: open 3012.4",
            "bench: frame",
            "bench: frame 120.5",
            "frame 7",
        ];
        let medians: Medians = lines.into_iter().filter_map(median).collect();
        let read = [("open".to_owned(), 3012.4), ("frame".to_owned(), 120.5)];
        assert_eq!(medians, Medians::from(read));
    }
}
