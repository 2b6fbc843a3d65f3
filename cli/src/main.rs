//! `vidimus`: an electronic driver's license on the command line.
//!
//! Every command returns an exit code or a [`failure::Failure`], which is one line and one code;
//! this file alone turns them into the end of the process.

mod args;
mod authority;
mod challenge;
mod demo;
mod error_log;
mod failure;
mod files;
mod limits;
mod live;
mod output;
mod picture;
mod reader_key;
mod report;
mod runtime;
mod terminal;
mod verify;
mod wallet;
mod wallet_failure;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use args::{Arguments, Command};
use error_log::ErrorLog;
use failure::{Failure, Outcome};

/// Wrong usage, `EX_USAGE` of sysexits: clap's own 2 means Caution here.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    if !limits::enough_memory() {
        output::note(limits::NO_MEMORY);
        return ExitCode::FAILURE;
    }
    // A fault of this program is one line like any other; where it happened is for `-v`.
    std::panic::set_hook(Box::new(|fault| tracing::error!("{fault}")));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(answer(&error)),
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let serves = authority::serves(&arguments.command);
        start_log(arguments.verbose, serves)?;
        limits::check()?;
        run(arguments)
    }));
    let code = match outcome {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => fail(&failure),
        Err(_) => {
            output::note("vidimus: internal fault; run it again with -v and report what it says");
            1
        }
    };
    ExitCode::from(code)
}

/// Says what failed, and with which code the process ends.
fn fail(failure: &Failure) -> u8 {
    output::note(&format!("vidimus: {failure}"));
    failure.code()
}

/// Help and version are answers; everything else of clap's is wrong usage, in one line.
fn answer(error: &clap::Error) -> u8 {
    if args::is_answer(error) {
        let text = if output::is_terminal() {
            error.render().ansi().to_string()
        } else {
            error.render().to_string()
        };
        return match output::write(&text) {
            Ok(()) => 0,
            Err(failure) => fail(&failure),
        };
    }
    if args::is_silence(error) {
        output::note(&error.render().to_string());
    } else {
        output::note(&format!("vidimus: {}", args::one_line_of(error)));
    }
    USAGE
}

fn run(arguments: Arguments) -> Outcome<u8> {
    let json = arguments.json;
    match arguments.command {
        Command::Demo(asked) => demo::run(&asked, json).map(|()| 0),
        Command::Wallet(asked) => wallet::run(asked, json).map(|()| 0),
        Command::Verify(asked) => verify::run(&asked, json),
        Command::Challenge(asked) => challenge::run(asked, json).map(|()| 0),
        Command::Authority(asked) => authority::run(asked, json).map(|()| 0),
    }
}

/// Logs go to standard error, and only where they were asked for. A server's errors do in any case:
/// no one waits for its exit code. So does what a command did with a remark to it.
fn start_log(verbose: u8, serves: bool) -> Outcome {
    let asked = std::env::var("VIDIMUS_LOG")
        .ok()
        .filter(|filter| !filter.is_empty());
    let filter = match (asked, verbose) {
        (Some(filter), _) => filter,
        (None, 0) => {
            let level = LevelFilter::ERROR;
            let heard = if serves {
                Targets::new().with_default(level)
            } else {
                Targets::new().with_target("vidimus_authority::told", level)
            };
            tracing_subscriber::registry()
                .with(heard)
                .with(ErrorLog::default())
                .init();
            return Ok(());
        }
        (None, 1) => "info".to_owned(),
        (None, _) => "debug".to_owned(),
    };
    let filter: Targets = filter
        .parse()
        .map_err(|_| Failure::usage("VIDIMUS_LOG holds no filter; try VIDIMUS_LOG=debug"))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
    Ok(())
}
