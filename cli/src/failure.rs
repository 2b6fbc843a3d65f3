//! How a command ends when it does not succeed: one exit code, one line.

use std::fmt::{self, Display};
use std::io;
use std::path::Path;

/// What kind of failure this is; each has its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The input was fine, the thing asked for was not done: 1.
    NotDone,
    /// The command line itself is wrong: 64, `EX_USAGE` of sysexits.
    Usage,
    /// A file or text that was given cannot be used: 65, `EX_DATAERR`.
    BadInput,
}

/// A failure with the one line that says what was wrong and what to do.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
}

/// What every command returns.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// The request could not be carried out.
    pub(crate) fn not_done(message: impl Display) -> Self {
        Self::new(Kind::NotDone, message)
    }

    /// The command line is wrong in a way that clap does not see.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A file or a text cannot be used.
    pub(crate) fn bad_input(message: impl Display) -> Self {
        Self::new(Kind::BadInput, message)
    }

    /// A file could not be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::bad_input(format!("cannot read {}: {}", path.display(), reason(error)))
    }

    /// A file could not be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::not_done(format!(
            "cannot write {}: {}",
            path.display(),
            reason(error)
        ))
    }

    /// The process's exit code.
    pub(crate) const fn code(&self) -> u8 {
        match self.kind {
            Kind::NotDone => 1,
            Kind::Usage => 64,
            Kind::BadInput => 65,
        }
    }

    fn new(kind: Kind, message: impl Display) -> Self {
        Self {
            kind,
            message: one_line(&message.to_string()),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// The operating system's words without Rust's "(os error 2)".
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// One line without control characters: names of files and texts of others may hold anything, and
/// an escape sequence in an error must not reach the terminal.
fn one_line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined
        .chars()
        .map(|character| match character {
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_without_escape_sequences() {
        let failure = Failure::bad_input("first\nsecond \u{1b}[31mred\u{202e}");
        assert_eq!(failure.to_string(), "first second \u{fffd}[31mred\u{fffd}");
        assert_eq!(failure.code(), 65);
    }

    #[test]
    fn a_missing_file_is_named_without_the_number_of_the_error() {
        let error = io::Error::from_raw_os_error(2);
        let text = Failure::unreadable(Path::new("root.cose"), &error).to_string();
        assert_eq!(text, "cannot read root.cose: no such file or directory");
    }
}
