//! The library for phones, as far as a machine without Android's NDK and without Xcode can tell: it
//! compiles, it links, and what it asks of a phone is there.

mod android;
mod cargo;
mod elf;
mod ios;
mod macho;
mod symbols;
mod targets;
mod toolchain;

use crate::bindings::size;
use crate::shell::{said, say, succeeds};
use cargo::Effort;
pub(crate) use targets::{ONE_OF_EACH, Target};
use toolchain::{Clang, Rust};

/// What was looked at, and whether it is well.
pub(crate) type Step = (String, bool);

/// Whether these are options of [`command`].
pub(crate) fn knows(options: &[&str]) -> bool {
    let known = ["--all", "--link", "--record"];
    options.iter().all(|option| known.contains(option))
}

/// `cargo xtask cross-check [--all] [--link] [--record]`.
pub(crate) fn command(options: &[&str]) -> bool {
    let has = |option: &str| options.contains(&option);
    let done = if has("--record") {
        record()
    } else if has("--link") {
        phones(has("--all"))
    } else if has("--all") {
        check(&ONE_OF_EACH).and_then(|mut steps| {
            steps.extend(check(&targets::OTHERS)?);
            Ok(steps)
        })
    } else {
        check(&ONE_OF_EACH)
    };
    said(done).is_some_and(|steps| {
        for (name, good) in &steps {
            println!("{}  {name}", if *good { "good  " } else { "FAILED" });
        }
        steps.iter().all(|(_, good)| *good)
    })
}

/// Compiles the library for targets as far as a check does: a step for each.
///
/// # Errors
/// What this machine lacks, in a line.
pub(crate) fn check(targets: &[&Target]) -> Result<Vec<Step>, String> {
    let rust = Rust::find_or_install()?;
    let check = |target: &&Target| {
        say(&format!("checking the library for {}", target.triple));
        let good = succeeds(&mut cargo::check(&rust, target));
        (format!("{} compiles", target.triple), good)
    };
    Ok(targets.iter().map(check).collect())
}

/// Links what ships for the common Android phone, or for all three Android targets, looks at it,
/// and makes and looks at the framework for iOS: a step for each finding. Only with `all` the
/// framework is optimized as it ships. Its functions are the same without, and no size of it is
/// recorded.
///
/// # Errors
/// What this machine lacks, in a line.
pub(crate) fn phones(all: bool) -> Result<Vec<Step>, String> {
    let rust = Rust::find_or_install()?;
    let clang = Clang::find_or_install(&rust)?;
    let (mut steps, linked) = androids(&rust, &clang, all);
    if all && linked.len() == targets::ANDROIDS.len() {
        steps.push(android::idle(&linked)?);
    }
    let effort = if all { Effort::Shipped } else { Effort::Hasty };
    match ios::framework(&rust, &clang, effort) {
        Ok(of_ios) => steps.extend(of_ios),
        Err(why) => {
            say(&why);
            steps.push(("the framework for iOS".to_owned(), false));
        }
    }
    Ok(steps)
}

/// Links all three Android libraries and writes their sizes into the record.
fn record() -> Result<Vec<Step>, String> {
    let rust = Rust::find_or_install()?;
    let clang = Clang::find_or_install(&rust)?;
    for target in targets::ANDROIDS {
        let linked = android::link(&rust, &clang, target)?;
        size::record_for_phone(target.triple, &linked.library)?;
    }
    Ok(vec![("the sizes are recorded".to_owned(), true)])
}

fn androids(rust: &Rust, clang: &Clang, all: bool) -> (Vec<Step>, Vec<android::Linked>) {
    let (mut steps, mut linked) = (Vec::new(), Vec::new());
    let targets = targets::ANDROIDS.iter();
    for target in targets.take(if all { usize::MAX } else { 1 }) {
        match android::link(rust, clang, target) {
            Ok(mut one) => {
                steps.append(&mut one.steps);
                linked.push(one);
            }
            Err(why) => {
                say(&why);
                steps.push((format!("{} links", target.triple), false));
            }
        }
    }
    (steps, linked)
}
