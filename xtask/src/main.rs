//! The one door to checking, testing and measuring Vidimus. `cargo xtask help` says what there is.

mod app;
mod apt;
mod bench;
mod bindings;
mod debian_root;
mod files;
mod folders;
mod fonts;
mod foreign;
mod fresh;
mod kotlin;
mod lint;
mod measures;
mod notices;
mod shell;
mod swift;
mod test;
mod texts;
mod tools;
mod torture;
mod trial;
mod without_sdk;
mod workspace;

use bindings::Flavor;
use std::process::ExitCode;
use without_sdk::{apk, cross, phones};

const HELP: &str = include_str!("../help.txt");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments {
        ["test"] => test::all(),
        ["test", "rust"] => test::rust(),
        ["test", "kotlin"] => test::kotlin(),
        ["test", "kotlin", name] => test::kotlin_one(name),
        ["test", "swift", name] => test::swift_one(name),
        ["test", "swift"] => test::swift(),
        ["test", "authority"] => test::authority(""),
        ["test", "authority", name] => test::authority(name),
        ["lint"] => lint::command(),
        ["words", ref folders @ ..] => lint::words(folders),
        ["bindings"] => bindings::command(&Flavor::OURS),
        ["bindings", "ship"] => bindings::command(&[Flavor::Ship]),
        ["bindings", "wallet"] => bindings::command(&[Flavor::Wallet]),
        ["bindings", "swift", library] => bindings::swift_of(library),
        ["bindings", "contract"] => bindings::command(&[Flavor::Contract]),
        ["texts"] => texts::command(),
        ["notices"] => notices::command(),
        ["app"] => app::command(None),
        ["app", "--home", home] => app::command(Some(home)),
        ["apk"] => apk::command(false),
        ["apk", "--record"] => apk::command(true),
        ["fresh"] => fresh::command(false),
        ["fresh", "--here"] => fresh::command(true),
        ["torture"] => torture::command(),
        ["phones"] => phones::command(false),
        ["phones", "--all"] => phones::command(true),
        ["size"] => bindings::size::command(false),
        ["size", "--record"] => bindings::size::command(true),
        ["cross-check", ref options @ ..] if cross::knows(options) => cross::command(options),
        ["bench", "legibility"] => bench::legibility::command(),
        ["bench"] => bench::run(""),
        ["bench", name] => bench::run(name),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            true
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(64);
        }
    };
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
