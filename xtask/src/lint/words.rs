//! Comments and Markdown: line length, phrases to avoid, and doc comments that say nothing.
//!
//! CONTRIBUTING.md has the rules. `cargo xtask words [FOLDER...]` lists the faults below some
//! folders; `cargo xtask lint` checks the whole tree.

use crate::files::At;
use crate::folders::root;
use crate::shell::{output, program};
use std::fs;
use std::path::Path;

/// The longest line of a comment or of Markdown, in characters.
const COLUMNS: usize = 100;

/// Phrases with a plainer form.
const PHRASES: [&str; 8] = [
    "whoever",
    "whatever",
    "nobody",
    "stands in",
    "of its own",
    "be had",
    "sees to",
    "as they are",
];

/// How many of [`PHRASES`] 10,000 lines of comments and Markdown may have.
const AT_MOST: usize = 3;

/// Where phrases and short doc comments are looked for.
const READ_CLOSELY: [&str; 8] = [
    "core/",
    "bindings/ffi/src/",
    "authority/src/",
    "cli/src/",
    "docs/",
    "xtask/",
    "tests/",
    "README.md",
];

/// A doc comment with no more words than these is a fault.
const FEW_WORDS: usize = 3;

/// Every fault below one of the folders, or in the whole tree where none is named.
///
/// # Errors
/// Returns a line that names the file that could not be read.
pub(crate) fn faults(folders: &[&str]) -> Result<Vec<String>, String> {
    let listed = output(program("git").args(["ls-files", "-z"])).ok_or("git ls-files fails")?;
    let wanted = |path: &&str| {
        (path.ends_with(".rs") || path.ends_with(".md"))
            && (folders.is_empty() || folders.iter().any(|folder| path.starts_with(folder)))
    };
    let mut faults = Vec::new();
    let mut phrases = Vec::new();
    let mut lines = 0;
    for path in listed.split('\0').filter(wanted) {
        // A file may be removed and not yet committed.
        if !root().join(path).exists() {
            continue;
        }
        let text = fs::read_to_string(root().join(path)).at(path)?;
        let prose = prose(path, &text);
        faults.extend(long_lines(path, &prose));
        if READ_CLOSELY.iter().any(|folder| path.starts_with(folder)) {
            lines += prose.len();
            phrases.extend(phrases_in(path, &prose));
            faults.extend(short_docs(path, &text));
        }
    }
    if phrases.len() * 10_000 > AT_MOST * lines {
        faults.append(&mut phrases);
    }
    Ok(faults)
}

/// The lines of Markdown, or those of Rust that are comments, with their numbers.
fn prose<'text>(path: &str, text: &'text str) -> Vec<(usize, &'text str)> {
    let is_rust = Path::new(path).extension().is_some_and(|it| it == "rs");
    let lines = text.lines().zip(1..).map(|(line, number)| (number, line));
    lines
        .filter(|(_, line)| !is_rust || line.trim_start().starts_with("//"))
        .collect()
}

/// Lines over the limit. Tables, headings, code and what has no blank to break at may be longer.
fn long_lines(path: &str, prose: &[(usize, &str)]) -> Vec<String> {
    let mut fenced = false;
    let mut faults = Vec::new();
    for (number, line) in prose {
        let text = line
            .trim_start()
            .trim_start_matches(['/', '!'])
            .trim_start();
        fenced ^= text.starts_with("```");
        let is_code = fenced || line.starts_with("    ") && path.ends_with(".md");
        // A span of code stays in one line, as an address does.
        let loose: String = text.split('`').step_by(2).collect();
        let cannot_break = loose
            .trim_start_matches(['-', ' '])
            .split_whitespace()
            .count()
            <= 1;
        let is_apart = ["|", "![", "<", "#"]
            .iter()
            .any(|start| text.starts_with(start) || line.trim_start().starts_with(start));
        let length = line.chars().count();
        if length > COLUMNS && !is_code && !is_apart && !cannot_break {
            faults.push(format!(
                "{path}:{number}: {length} columns, of at most {COLUMNS}"
            ));
        }
    }
    faults
}

fn phrases_in(path: &str, prose: &[(usize, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in prose {
        // What is in a span of code is a name, of a test for example.
        let line: Vec<&str> = line.split('`').step_by(2).collect();
        let line = line.join("`").to_lowercase();
        for phrase in PHRASES {
            let whole = |at: usize| {
                let before = line[..at].chars().next_back();
                let after = line[at + phrase.len()..].chars().next();
                !before.is_some_and(char::is_alphanumeric)
                    && !after.is_some_and(char::is_alphanumeric)
            };
            if line.match_indices(phrase).any(|(at, _)| whole(at)) {
                faults.push(format!("{path}:{number}: \"{phrase}\" has a plainer form"));
            }
        }
    }
    faults
}

/// Doc comments whose whole text is a few words, none of them a name in a span of code.
fn short_docs(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    for (line, number) in text.lines().chain([""]).zip(1..) {
        if let Some(doc) = line.trim_start().strip_prefix("///") {
            block.push(doc.trim());
            continue;
        }
        let said = block.join(" ");
        let is_short = said.split_whitespace().count() <= FEW_WORDS && !said.contains('`');
        if !block.is_empty() && is_short {
            let first = number - block.len();
            faults.push(format!(
                "{path}:{first}: \"{said}\" says too little: write a sentence, or drop it"
            ));
        }
        block.clear();
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_comment_is_a_fault_and_long_code_a_table_and_an_address_are_none() {
        let long = "word ".repeat(25);
        let rust = format!(
            "/// {long}\nlet a = \"{long}\";\n// https://{}\n",
            "x".repeat(100)
        );
        assert_eq!(
            long_lines("a.rs", &prose("a.rs", &rust)),
            ["a.rs:1: 129 columns, of at most 100"]
        );
        let markdown = format!("| {long} |\n    {long}\n```\n{long}\n```\n{long}\n");
        let faults = long_lines("a.md", &prose("a.md", &markdown));
        assert_eq!(faults, ["a.md:6: 125 columns, of at most 100"]);
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_alone() {
        let text = "// Nobody knows.\n// Of its owner, `nobody asked`.\nlet nobody = 1;\n";
        assert_eq!(
            phrases_in("a.rs", &prose("a.rs", text)),
            ["a.rs:1: \"nobody\" has a plainer form"]
        );
    }

    #[test]
    fn a_doc_comment_of_three_words_is_a_fault_and_one_of_four_is_none() {
        let text = "/// See `B`.\n/// \nstruct Z;\n/// What it is.\nstruct A;\n/// The\n/// number of bytes.\nstruct B;\n";
        assert_eq!(
            short_docs("a.rs", text),
            ["a.rs:4: \"What it is.\" says too little: write a sentence, or drop it"]
        );
    }
}
