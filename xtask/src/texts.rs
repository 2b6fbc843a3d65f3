//! The words of the apps: one table for both systems, from which their Kotlin and Swift are made.

mod check;
mod kotlin;
mod languages;
mod names;
mod swift;
mod table;

use crate::files::{self, At};
use crate::folders::root;
use crate::notices;
use crate::shell::said;
use std::fs;
use std::path::Path;
use table::Table;

/// The table, from the workspace.
const TABLE: &str = "texts/texts.tsv";
const KOTLIN: &str = "android/shell/generated/org/vidimus/shell/Word.kt";
const SWIFT: &str = "ios/Sources/VidimusShell/Generated/Word.swift";

/// `cargo xtask texts`.
pub(crate) fn command() -> bool {
    said(make()).is_some()
}

/// Makes the Kotlin and the Swift of the table, and of that of notices. A file that would be the
/// same stays untouched.
///
/// # Errors
/// What is wrong with a table, a line for each fault with its row's key; or the file that could
/// not be read or written.
pub(crate) fn make() -> Result<(), String> {
    let file = root().join(TABLE);
    let text = fs::read_to_string(&file).at(&file)?;
    let table = checked(&text)?;
    write(&root().join(KOTLIN), &kotlin::source(&table))?;
    write(&root().join(SWIFT), &swift::source(&table))?;
    notices::make_lists()
}

/// The table, in which nothing is wrong.
fn checked(text: &str) -> Result<Table, String> {
    let (table, mut faults) = Table::read(text);
    faults.extend(check::faults(&table));
    if faults.is_empty() {
        Ok(table)
    } else {
        let faults: Vec<String> = faults
            .iter()
            .map(|fault| format!("{TABLE}: {fault}"))
            .collect();
        Err(faults.join("\n"))
    }
}

fn write(file: &Path, source: &str) -> Result<(), String> {
    files::write(file, source.as_bytes()).at(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_this_workspace_has_no_fault() {
        let text = fs::read_to_string(root().join(TABLE)).unwrap();
        assert_eq!(checked(&text).map(|_| ()), Ok(()));
    }

    #[test]
    fn every_fault_is_told_with_the_table_and_the_row() {
        let text = "key\ten\tzh\tar\tbn\tes\na.b\tx\t\tx\tx\tx\nc.d\tx\tx\tx\tx\tx \n";
        let why = checked(text).unwrap_err();
        assert_eq!(
            why,
            "texts/texts.tsv: a.b: zh is empty\ntexts/texts.tsv: c.d: es begins or ends with a space"
        );
    }
}
