//! What is said on standard error without being asked: errors of `serve`, and remarks to what a
//! command did; at most once a minute each.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::output;

/// What goes wrong at one place of the program is said again after this long.
const QUIET: Duration = Duration::from_secs(60);

/// Writes errors to standard error.
#[derive(Default)]
pub(crate) struct ErrorLog {
    told: Mutex<HashMap<Identifier, LastReport>>,
}

/// When something was told last, and how often it came again since.
struct LastReport {
    at: Instant,
    more: u64,
}

impl LastReport {
    /// Whether it is told at `now`, and how often it was not before. `None` is never.
    fn due(told: &mut Option<Self>, now: Instant) -> Option<u64> {
        match told {
            Some(before) if now.saturating_duration_since(before.at) < QUIET => {
                before.more = before.more.saturating_add(1);
                None
            }
            _ => {
                let more = told.as_ref().map_or(0, |before| before.more);
                *told = Some(Self { at: now, more: 0 });
                Some(more)
            }
        }
    }
}

impl<S: Subscriber> Layer<S> for ErrorLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        let place = event.metadata().callsite();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = told.remove(&place);
        let due = LastReport::due(&mut before, Instant::now());
        if let Some(before) = before {
            told.insert(place, before);
        }
        drop(told);
        if let Some(more) = due {
            let mut words = Words::default();
            event.record(&mut words);
            output::note(&words.line(more));
        }
    }
}

/// An event in words.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn line(&self, more: u64) -> String {
        let again = match more {
            0 => String::new(),
            more => format!(" (and {more} more since it was said last)"),
        };
        format!("vidimus: {}{}{again}", self.message, self.fields)
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            "error" => write!(self.fields, ": {value:?}"),
            name => write!(self.fields, " ({name}: {value:?})"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_goes_on_is_said_once_a_minute() {
        let begin = Instant::now();
        let mut told = None;
        let mut said = Vec::new();
        for second in (0..=180).step_by(5) {
            let now = begin + Duration::from_secs(second);
            if let Some(more) = LastReport::due(&mut told, now) {
                said.push((second, more));
            }
        }
        assert_eq!(said, [(0, 0), (60, 11), (120, 11), (180, 11)]);
    }

    #[test]
    fn a_line_says_what_failed_and_how_often() {
        let words = Words {
            message: "signing and upkeep wait".to_owned(),
            fields: ": the disk is full".to_owned(),
        };
        let first = "vidimus: signing and upkeep wait: the disk is full";
        assert_eq!(words.line(0), first);
        let later = format!("{first} (and 11 more since it was said last)");
        assert_eq!(words.line(11), later);
    }
}
