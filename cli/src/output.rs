//! Standard output and standard error. A reader that went away (`| head -1`) is no fault: writing
//! to it ends quietly, and the command keeps its exit code.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::failure::{Failure, Outcome};

/// Set once no one reads standard output any more.
static GONE: AtomicBool = AtomicBool::new(false);

/// Whether no one reads standard output any more: what only writes on and on may then end.
pub(crate) fn reader_is_gone() -> bool {
    GONE.load(Ordering::Relaxed)
}

/// Writes text as it is and flushes it.
pub(crate) fn write(text: &str) -> Outcome {
    write_bytes(text.as_bytes())
}

/// Writes bytes unchanged and flushes them.
pub(crate) fn write_bytes(bytes: &[u8]) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(error) => Err(Failure::not_done(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}

/// Writes one line to standard output.
pub(crate) fn line(text: &str) -> Outcome {
    write(&format!("{text}\n"))
}

/// Writes one JSON value on one line.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Outcome {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => Err(Failure::not_done(format!("cannot write JSON: {error}"))),
    }
}

/// Writes one line to standard error, where notes and errors go.
pub(crate) fn note(text: &str) {
    // There is nowhere left to say that standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A text that someone typed, for a terminal: what would steer it or turn its lines around is
/// written as `[U+001B]`.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            )
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .map(|c| match steers(c) {
            true => format!("[U+{:04X}]", u32::from(c)),
            false => c.to_string(),
        })
        .collect()
}

/// Whether standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// The colours of words, off where standard output is no terminal or `NO_COLOR` is set. Nothing is
/// said by colour alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    on: bool,
}

impl Style {
    /// What standard output and the environment allow.
    pub(crate) fn detect() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            on: is_terminal() && !refused,
        }
    }

    /// Heavier than the rest.
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Lighter than the rest.
    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// For what is good.
    pub(crate) fn green(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// For what asks for a closer look.
    pub(crate) fn amber(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// For what is refused.
    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_and_not_sent() {
        assert_eq!(plain("Amtsgericht Köln"), "Amtsgericht Köln");
        assert_eq!(
            plain("a\u{1b}[2J\n\u{202e}b\u{9b}"),
            "a[U+001B][2J[U+000A][U+202E]b[U+009B]"
        );
    }
}
