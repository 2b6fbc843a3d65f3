//! The commands that the README names, and how each is tried.

/// How a command of the README is tried from a clean clone.
pub(super) enum Tried {
    /// Typed exactly as the README has it.
    AsItStands,
    /// In another form: a part of it, or without a window that asks for somebody.
    As(&'static str),
    /// On a screen without a monitor, until it has drawn its window.
    InAWindow,
    /// A server: until it has answered.
    Served,
    /// Not by this check, for the reason given.
    Elsewhere(&'static str),
}

/// Each command that starts with `cargo`, in the order in which it is tried. The sections "By hand"
/// and "Checking a license" are tried as a whole.
pub(super) const COMMANDS: [(&str, Tried); 17] = [
    ("cargo xtask app", Tried::InAWindow),
    // Without the Rust library, which `cargo xtask phones` links beside other work.
    ("cargo xtask apk", Tried::AsItStands),
    (
        "cargo xtask bench",
        Tried::Elsewhere("it measures for many minutes, on a quiet machine"),
    ),
    ("cargo xtask bindings", Tried::AsItStands),
    ("cargo xtask texts", Tried::AsItStands),
    ("cargo xtask notices", Tried::AsItStands),
    ("cargo run --release -p vidimus -- demo", Tried::AsItStands),
    (
        "cargo run --release -p vidimus -- authority serve --demo",
        Tried::Served,
    ),
    (
        "cargo doc --open -p vidimus-credential -p vidimus-wallet",
        Tried::As("cargo doc --no-deps -p vidimus-credential -p vidimus-wallet"),
    ),
    (
        "cargo xtask test",
        Tried::Elsewhere("a separate command; lint and size are parts of it"),
    ),
    ("cargo xtask phones", Tried::Elsewhere("a separate command")),
    (
        "cargo xtask test rust",
        Tried::Elsewhere("a part of cargo xtask test"),
    ),
    (
        "cargo xtask test authority",
        Tried::Elsewhere("a part of cargo xtask test"),
    ),
    (
        "cargo xtask size",
        Tried::Elsewhere("a part of cargo xtask test"),
    ),
    ("cargo xtask fresh", Tried::Elsewhere("this command")),
    (
        "cargo xtask torture",
        Tried::Elsewhere("a separate command, and a long one"),
    ),
    (
        "cargo deny check advisories",
        Tried::Elsewhere("it needs its database of advisories"),
    ),
];

/// The indented lines of a section, without what is behind a `#`.
pub(super) fn lines<'text>(readme: &'text str, section: &str) -> Vec<&'text str> {
    let heading = format!("## {section}");
    readme
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("    "))
        .map(|line| {
            line.split("  #")
                .next()
                .unwrap_or(line)
                .split(" # ")
                .next()
                .unwrap_or(line)
                .trim()
        })
        .collect()
}

/// The subcommands of `vidimus authority` that the table of "By hand" names, such as `license add`,
/// without their options.
pub(super) fn subcommands(readme: &str) -> Vec<&str> {
    readme
        .lines()
        .skip_while(|line| !line.contains("`vidimus authority --home DIR` |"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|row| row.split('|').nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|command| !command.starts_with('-') && !command.starts_with("vidimus"))
        .map(|command| command.split(" -").next().unwrap_or(command))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folders::root;
    use std::collections::BTreeSet;
    use std::fs;

    fn readme() -> String {
        fs::read_to_string(root().join("README.md")).unwrap()
    }

    /// Every command with `cargo` at its start: indented lines, and spans of code.
    fn named(readme: &str) -> BTreeSet<&str> {
        let indented = readme.lines().filter_map(|line| line.strip_prefix("    "));
        let spans = readme
            .lines()
            .flat_map(|line| line.split('`').skip(1).step_by(2));
        indented
            .chain(spans)
            .filter(|line| line.starts_with("cargo "))
            .map(str::trim)
            .collect()
    }

    #[test]
    fn every_command_of_the_readme_has_its_trial_and_no_other_has() {
        let readme = readme();
        let mut named = named(&readme);
        // Tried with the lines around it.
        named.remove(
            "cargo build --release -p vidimus && export PATH=\"$PWD/target/release:$PATH\"",
        );
        let mut known: BTreeSet<&str> = COMMANDS.iter().map(|(command, _)| *command).collect();
        // The table of folders names xtask's commands without their first two words.
        for short in ["app", "apk", "bindings", "texts", "notices", "bench"] {
            assert!(readme.contains(&format!("`{short}`")), "{short}");
            let whole = format!("cargo xtask {short}");
            if !named.contains(whole.as_str()) {
                assert!(known.remove(whole.as_str()), "{whole}");
            }
        }
        assert_eq!(named, known);
    }

    #[test]
    fn the_lines_of_a_section_are_read_without_their_comments() {
        let text = "## A\n    one\n## B\nwords\n    two 'x' --y 1   # why\n    three # why\n\n    four\n## C\n    five\n";
        assert_eq!(lines(text, "B"), ["two 'x' --y 1", "three", "four"]);
        assert_eq!(lines(&readme(), "By hand").len(), 13);
    }

    #[test]
    fn the_subcommands_of_the_table_are_read() {
        let readme = readme();
        let commands = subcommands(&readme);
        assert!(
            commands.contains(&"license add") && commands.contains(&"reader revoke"),
            "{commands:?}"
        );
        assert!(
            !commands.iter().any(|command| command.contains(" -")),
            "{commands:?}"
        );
        assert!(commands.len() > 15, "{commands:?}");
    }
}
