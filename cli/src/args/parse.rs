//! clap's errors as one line. clap knows what is wrong; it says so over several lines, and ours
//! is one, with where to read on.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What was wrong with the command line, in one line.
pub(crate) fn one_line_of(error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let words = rendered
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" tip: ", "; ");
    let words = words.strip_prefix("error: ").unwrap_or(&words);
    format!(
        "{words}; `{} --help` shows how it is written",
        command_of(error)
    )
}

/// The command that the error speaks of, out of clap's usage line: the words before the options.
fn command_of(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip_while(|word| *word != "vidimus")
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .take_while(|word| !word.starts_with('-'))
        .collect();
    if words.is_empty() {
        "vidimus".to_owned()
    } else {
        words.join(" ")
    }
}

/// Whether clap stopped in order to print help or the version, which is no error.
pub(crate) fn is_answer(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    )
}

/// Whether clap shows help because nothing was asked for.
pub(crate) fn is_silence(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Arguments;

    fn complaint(line: &str) -> String {
        one_line_of(&Arguments::try_parse_from(line.split(' ')).unwrap_err())
    }

    #[test]
    fn a_mistyped_option_is_one_line_that_names_it_and_where_to_read_on() {
        let text = complaint("vidimus verify --rooot a --trust b c");
        assert!(
            text.contains("unexpected argument '--rooot' found"),
            "{text}"
        );
        assert!(text.contains("--root"), "{text}");
        assert!(
            text.ends_with("`vidimus verify --help` shows how it is written"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn missing_options_are_named_on_the_same_line() {
        let text = complaint("vidimus wallet init --home h");
        assert!(
            text.contains("--root <FILE>") && text.contains("--authority <URL>"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1);
    }
}
