//! The words of the apps: one table for both systems, from which their Kotlin and Swift are made,
//! and a module with types for pages.

mod authority;
mod check;
mod kotlin;
mod languages;
mod names;
mod swift;
mod table;
mod typescript;

use crate::files::{self, At};
use crate::folders::{self, root};
use crate::notices;
use crate::shell::said;
use std::fs;
use std::path::Path;
use table::Table;

/// The table, from the workspace.
const TABLE: &str = "texts/texts.tsv";
/// The words of the authority whose app it is, where it has its own.
const AUTHORITY: &str = "texts/authority.tsv";
const KOTLIN: &str = "android/shell/generated/org/vidimus/shell/Word.kt";
const SWIFT: &str = "ios/Sources/VidimusShell/Generated/Word.swift";
/// What pages take, from cargo's target folder.
const PAGES: &str = "texts";

/// `cargo xtask texts`.
pub(crate) fn command() -> bool {
    said(make()).is_some()
}

/// Makes the Kotlin, the Swift and the pages' module of the table, and of that of notices what
/// the phones need. Where an authority has its
/// own words, they take the place of those of the table. A file that would be the
/// same stays untouched.
///
/// # Errors
/// What is wrong with a table, a line for each fault with its row's key; or the file that could
/// not be read or written.
pub(crate) fn make() -> Result<(), String> {
    let file = root().join(TABLE);
    let text = fs::read_to_string(&file).at(&file)?;
    let own = root().join(AUTHORITY);
    let own = own
        .exists()
        .then(|| fs::read_to_string(&own).at(&own))
        .transpose()?;
    let table = checked(&text, own.as_deref())?;
    write(&root().join(KOTLIN), &kotlin::source(&table))?;
    write(&root().join(SWIFT), &swift::source(&table))?;
    let pages = folders::target().join(PAGES);
    write(&pages.join("words.mjs"), &typescript::module(&table))?;
    write(&pages.join("words.d.mts"), &typescript::types(&table))?;
    notices::make_lists()
}

/// The table with an authority's own words in it, in which nothing is wrong.
fn checked(text: &str, own: Option<&str>) -> Result<Table, String> {
    let (mut table, mut faults) = Table::read(text);
    faults.extend(check::faults(&table));
    let mut faults = told(TABLE, faults);
    if faults.is_empty()
        && let Some(own) = own
    {
        let mut found = authority::apply(&mut table, own);
        found.extend(check::faults(&table));
        faults = told(AUTHORITY, found);
    }
    if faults.is_empty() {
        Ok(table)
    } else {
        Err(faults.join("\n"))
    }
}

fn told(file: &str, faults: Vec<String>) -> Vec<String> {
    let faults = faults.into_iter();
    faults.map(|fault| format!("{file}: {fault}")).collect()
}

fn write(file: &Path, source: &str) -> Result<(), String> {
    files::write(file, source.as_bytes()).at(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_the_table_of_this_workspace_nor_the_example_for_authorities_has_a_fault() {
        let text = fs::read_to_string(root().join(TABLE)).unwrap();
        assert_eq!(checked(&text, None).map(|_| ()), Ok(()));
        let example = fs::read_to_string(root().join("texts/authority.example.tsv")).unwrap();
        let table = checked(&text, Some(&example)).unwrap();
        let valid = table.rows.iter().find(|row| row.key == "state.valid");
        assert_eq!(valid.unwrap().texts[4], "Vigente");
    }

    #[test]
    fn an_authoritys_words_are_looked_at_like_those_of_the_table() {
        let text = "key\ten\tzh\tar\tbn\tes\tmax\tcontext\na.b\tx {0}\t{0}\t{0}\t{0}\t{0}\t5\n";
        let why = checked(text, Some("key\tes\na.b\tse acabó\n")).unwrap_err();
        assert_eq!(
            why,
            "texts/authority.tsv: a.b: es is 8 wide, and has room for 5\n\
             texts/authority.tsv: a.b: es has other placeholders than the English text"
        );
    }

    #[test]
    fn every_fault_is_told_with_the_table_and_the_row() {
        let text =
            "key\ten\tzh\tar\tbn\tes\tmax\tcontext\na.b\tx\t\tx\tx\tx\nc.d\tx\tx\tx\tx\tx \n";
        let why = checked(text, None).unwrap_err();
        assert_eq!(
            why,
            "texts/texts.tsv: a.b: zh is empty\ntexts/texts.tsv: c.d: es begins or ends with a space"
        );
    }
}
