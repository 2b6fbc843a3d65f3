//! `vidimus authority status set`, a process for each change, in a register of 100,000 licenses.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../../authority/benches/register/mod.rs"]
mod register;

use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use register::{ENROLLED, Register, number};

/// Each change touches another driver, and the next one another list.
const STRIDE: u32 = 7_919;
const COMMANDS: u32 = 100;
const CLERKS: u32 = 3;
/// The agreed 10 commands a second, in milliseconds a command.
const LIMIT_MS: f64 = 100.0;

fn main() {
    // `cargo bench` adds its own options; a name is a filter.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"status_commands".contains(&filter)) {
        return;
    }
    let register = Register::new("https://license.example", 0);
    let suspend = |turn: u32| {
        let status = Command::new(env!("CARGO_BIN_EXE_vidimus"))
            .args(["authority", "--home"])
            .arg(&register.home)
            .args(["status", "set"])
            .arg(number(turn * STRIDE % ENROLLED))
            .arg("suspended")
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    };
    let begun = Instant::now();
    (0..COMMANDS).for_each(suspend);
    let each = begun.elapsed().as_secs_f64() * 1e3 / f64::from(COMMANDS);

    let begun = Instant::now();
    thread::scope(|scope| {
        for clerk in 1..=CLERKS {
            scope.spawn(move || (clerk * COMMANDS..(clerk + 1) * COMMANDS).for_each(suspend));
        }
    });
    let together = f64::from(CLERKS * COMMANDS) / begun.elapsed().as_secs_f64();
    println!(
        "{:.0} commands a second by one clerk, {together:.0} by {CLERKS} at once",
        1e3 / each
    );
    println!("measure: status_commands | {each:.2} | {LIMIT_MS:.1} | ms");
}
