//! Commands that are tried one after the other, each with its time.

use crate::shell::say;
use std::time::{Duration, Instant};

/// A command that was tried, and how it went.
pub(crate) struct Trial {
    command: String,
    took: Duration,
    failed: Option<String>,
}

impl Trial {
    /// Says what is tried, and runs it.
    pub(crate) fn of(command: &str, run: impl FnOnce() -> Result<(), String>) -> Self {
        say(command);
        let start = Instant::now();
        let failed = run().err();
        if let Some(why) = &failed {
            say(why);
        }
        Self {
            command: command.to_owned(),
            took: start.elapsed(),
            failed,
        }
    }

    /// Prints each with its time; whether all went well.
    pub(crate) fn print(trials: &[Self], what: &str) -> bool {
        println!();
        for trial in trials {
            println!("{}", trial.line());
        }
        let failed = trials.iter().filter(|trial| trial.failed.is_some()).count();
        println!("{what}: {} tried, {failed} failed", trials.len());
        failed == 0
    }

    fn line(&self) -> String {
        let seconds = self.took.as_secs_f64();
        match &self.failed {
            None => format!("{seconds:>6.0} s  {}", self.command),
            Some(why) => format!("{seconds:>6.0} s  FAILED  {}: {why}", self.command),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fails_is_named_and_makes_the_whole_fail() {
        let good = Trial::of("this", || Ok(()));
        assert!(good.line().ends_with(" s  this"));
        assert!(Trial::print(&[good], "test"));
        let bad = Trial::of("that", || Err("no".to_owned()));
        assert!(bad.line().ends_with("FAILED  that: no"));
        assert!(!Trial::print(&[Trial::of("this", || Ok(())), bad], "test"));
    }
}
