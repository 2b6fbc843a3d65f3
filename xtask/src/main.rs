//! The one door to checking, testing and measuring Vidimus. `cargo xtask help` says what there is.

mod bench;
mod lint;
mod measures;
mod shell;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  test [rust]  lint, then every test of the workspace; ends with the counts in one line
  lint         format, clippy, cargo-deny, cargo-shear and the import order
  bench [NAME] the measures of docs/performance.md, each beside its physical limit of the same run;
               with NAME those alone whose name contains it

What a command lacks it installs into .cache/ (Python's venv as well with apt, when it runs as root), and
says so. With CI set in the environment a check that could not run fails.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments {
        ["test"] | ["test", "rust"] => test::run(),
        ["lint"] => lint::command(),
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
