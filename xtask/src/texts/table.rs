//! The table as it is written: a head, then a row for each text.

use super::languages::{COUNT, LANGUAGES};

/// The forms of a number that CLDR knows, in its order. A row whose key ends so is one form of a
/// plural.
pub(crate) const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A text in every language.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) key: String,
    /// In the order of the languages.
    pub(crate) texts: [String; COUNT],
}

impl Row {
    /// The plural that it is a form of, and which form.
    pub(crate) fn plural(&self) -> Option<(&str, &str)> {
        let (group, form) = self.key.rsplit_once('.')?;
        CATEGORIES.contains(&form).then_some((group, form))
    }

    /// The texts, each with its language's tag.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let tags = LANGUAGES.iter().map(|language| language.tag);
        tags.zip(self.texts.iter().map(String::as_str))
    }
}

/// All rows, in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// What can be read of a table, and what could not.
    pub(crate) fn read(text: &str) -> (Self, Vec<String>) {
        let mut table = Self::default();
        let mut faults = Vec::new();
        let mut lines = text.lines();
        let head = head();
        if lines.next() != Some(&head) {
            faults.push(format!("the first line is not {head:?}"));
        }
        for line in lines {
            let mut cells = line.split('\t').map(str::to_owned);
            let key = cells.next().unwrap_or_default();
            let texts: Vec<String> = cells.collect();
            let count = texts.len();
            match texts.try_into() {
                Ok(texts) => table.rows.push(Row { key, texts }),
                Err(_) => faults.push(format!("{key}: {COUNT} texts are wanted, it has {count}")),
            }
        }
        (table, faults)
    }

    /// The rows that are no forms of a plural.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.plural().is_none())
    }

    /// The plurals, each once, in the order of the table.
    pub(crate) fn plurals(&self) -> Vec<&str> {
        let mut groups = Vec::new();
        for (group, _) in self.rows.iter().filter_map(Row::plural) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    /// The forms of a plural that there are, in CLDR's order.
    pub(crate) fn forms(&self, group: &str) -> Vec<&Row> {
        let form = |category: &&str| {
            self.rows
                .iter()
                .find(|row| row.plural() == Some((group, *category)))
        };
        CATEGORIES.iter().filter_map(form).collect()
    }
}

/// The first line that a table must have.
fn head() -> String {
    let tags: Vec<&str> = LANGUAGES.iter().map(|language| language.tag).collect();
    format!("key\t{}", tags.join("\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_other_columns_than_the_head_is_a_fault() {
        let (table, faults) = Table::read("key\ten\tzh\tar\tbn\tes\na\t1\t2\t3\t4\t5\nb\t1\t2\n");
        assert_eq!(table.rows.len(), 1);
        assert_eq!(faults, ["b: 5 texts are wanted, it has 2"]);
        let (_, faults) = Table::read("key\ten\na\t1\t2\t3\t4\t5\t6\n\n");
        assert_eq!(
            faults,
            [
                "the first line is not \"key\\ten\\tzh\\tar\\tbn\\tes\"",
                "a: 5 texts are wanted, it has 6",
                ": 5 texts are wanted, it has 0"
            ]
        );
    }

    #[test]
    fn forms_of_a_plural_are_no_words() {
        let (table, _) =
            Table::read("\nday.other\ta\ta\ta\ta\ta\nday.one\tb\tb\tb\tb\tb\nx\tc\tc\tc\tc\tc\n");
        assert_eq!(table.plurals(), ["day"]);
        let forms: Vec<&str> = table
            .forms("day")
            .iter()
            .map(|row| row.key.as_str())
            .collect();
        assert_eq!(forms, ["day.one", "day.other"]);
        assert_eq!(table.words().count(), 1);
    }
}
