//! Nothing about a license is decided in Kotlin or Swift: the shells draw what `core/app` says (ADR
//! 0015).
//!
//! It reads the hand-written sources of both phones and names each line with a type or a call that
//! a decision usually needs: how a license stands, why a reader refused it, or which of two moments
//! comes first. It cannot see every comparison.

use crate::files::{At, below};
use crate::folders::root;
use std::ffi::OsStr;
use std::fs;

/// Folders whose sources are looked at.
const FOLDERS: [&str; 10] = [
    "android/app/src/main",
    "android/desktop/src/main",
    "android/officer/src/main",
    "android/reader/src/main",
    "android/screens/src/main",
    "android/shell/src/main",
    "android/wallet/src/main",
    "ios/App",
    "ios/Officer",
    "ios/Sources",
];

/// Names that such a decision usually needs.
const WORDS: [&str; 12] = [
    "LicenseStatus",
    "LicenseStanding",
    "StandingKind",
    "StatusReport",
    "Reason",
    "HeldLicense",
    "isBefore",
    "isAfter",
    "Clock.System",
    "Instant.now",
    "Date.now",
    "timeIntervalSinceNow",
];

/// Each line that decides something: its file, its number and the word.
///
/// # Errors
/// What cannot be read.
pub(super) fn faults() -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for folder in FOLDERS {
        let path = root().join(folder);
        let files = below(&path).at(folder)?;
        let sources = files.iter().filter(|file| {
            let is_source = matches!(
                file.extension().and_then(OsStr::to_str),
                Some("kt" | "swift")
            );
            is_source
                && !file
                    .components()
                    .any(|part| part.as_os_str() == "Generated")
        });
        for file in sources {
            let place = format!("{folder}/{}", file.display());
            let text = fs::read_to_string(path.join(file)).at(&place)?;
            faults.extend(faults_of(&place, &text));
        }
    }
    Ok(faults)
}

fn faults_of(place: &str, text: &str) -> Vec<String> {
    let lines = text.lines().zip(1..);
    let found = lines.filter_map(|(line, number)| {
        let is_comment = ["//", "*", "/*"]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
        let word = WORDS
            .into_iter()
            .find(|word| !is_comment && has(line, word))?;
        Some(format!("{place}:{number}: `{word}` is decided in core/app"))
    });
    found.collect()
}

/// Whether a line has a word by itself, and not as a part of a longer name.
fn has(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let is_name = |character: Option<char>| {
            character.is_some_and(|character| character.is_alphanumeric() || character == '_')
        };
        !is_name(before) && !is_name(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_decides_is_named_and_a_longer_name_or_a_comment_is_none() {
        let text = "import org.vidimus.LicenseStatus\n// LicenseStatus\nval UnlockReason = 1\nif (day.isBefore(other)) return\n";
        assert_eq!(
            faults_of("A.kt", text),
            [
                "A.kt:1: `LicenseStatus` is decided in core/app",
                "A.kt:4: `isBefore` is decided in core/app"
            ]
        );
    }
}
