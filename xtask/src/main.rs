//! The one door to checking, testing and measuring Vidimus. `cargo xtask help` says what there is.

mod app;
mod apt;
mod bench;
mod bindings;
mod files;
mod folders;
mod fonts;
mod fresh;
mod kotlin;
mod lint;
mod measures;
mod notices;
mod phones;
mod shell;
mod swift;
mod test;
mod texts;
mod tools;
mod torture;
mod trial;
mod without_sdk;
mod workspace;

use bindings::Flavour;
use std::process::ExitCode;
use without_sdk::{apk, cross};

const HELP: &str = "\
cargo xtask COMMAND

  test [rust|kotlin|swift]
               lint and every test, of one language or of all three; ends with a line of counts for each
  test kotlin|swift NAME
               the tests of that package whose class or suite has the name; one of Rust: see CONTRIBUTING.md
  phones [--all]
               what the phones are made of: shells, adapters and screens of Android and iOS, the library linked for
               aarch64 (with --all for each processor), the XCFramework
  lint         format, clippy, cargo-deny, cargo-shear, the import order, and that the phones decide nothing
  words [FOLDER...]
               the lines of comments and Markdown that are too long or could be plainer
  bindings [ship|wallet|contract]
               the library for the other languages and the Kotlin and Swift made from it: what ships, the same without
               the driver's app, or what tests take; without a word the first and the last
  bindings swift LIBRARY
               the Swift sources of a library that is built: a Mac makes them so
  texts        the Kotlin and Swift of the apps' texts, made from texts/texts.tsv, and of the list of what is inside
  notices      phones/notices.tsv, that list: the crates in the library that ships, with versions and licences
  app [--home DIR]
               the driver's app in a window, on the real core and an authority of its own; with --home what happens
               there is kept in DIR
  apk          the driver's app as a signed Android package, looked at and never run
  fresh [--here]
               every command that the README names, from a clean clone of what is committed, each with its time;
               with --here in this tree itself, where nothing was made in it yet
  torture      the tests that provoke faults, in their long form: kills, failing file calls, cut connections
  size [--record]
               the bytes of the library that ships, of that without the driver's app, and of that without HTTP, against limits and
               bindings/size.json; fails where it grew by more than 3 %; --record writes that file
  cross-check [--link] [--all] [--record]
               compiles the library for the common Android phone and for iPhones; with --all for all five targets;
               with --link links what ships and makes the XCFramework instead, as `phones` does, and looks at both;
               --record writes the Android sizes into bindings/size.json
  bench [NAME] the measures of docs/performance.md, each beside its physical limit of the same run;
               with NAME those alone whose name contains it

What a command lacks it installs into .cache/, or into the folder that VIDIMUS_CACHE names; as root on Debian
also with apt: Python's venv, a JDK, Maven, debootstrap. It says what, and how much that downloads. What cannot
run is named last; with CI set in the environment that is a failure.
";

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
        ["lint"] => lint::command(),
        ["words", ref folders @ ..] => lint::words(folders),
        ["bindings"] => bindings::command(&Flavour::OURS),
        ["bindings", "ship"] => bindings::command(&[Flavour::Ship]),
        ["bindings", "wallet"] => bindings::command(&[Flavour::Wallet]),
        ["bindings", "swift", library] => bindings::swift_of(library),
        ["bindings", "contract"] => bindings::command(&[Flavour::Contract]),
        ["texts"] => texts::command(),
        ["notices"] => notices::command(),
        ["app"] => app::command(None),
        ["app", "--home", home] => app::command(Some(home)),
        ["apk"] => apk::command(),
        ["fresh"] => fresh::command(false),
        ["fresh", "--here"] => fresh::command(true),
        ["torture"] => torture::command(),
        ["phones"] => phones::command(false),
        ["phones", "--all"] => phones::command(true),
        ["size"] => bindings::size::command(false),
        ["size", "--record"] => bindings::size::command(true),
        ["cross-check", ref options @ ..] if cross::knows(options) => cross::command(options),
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
