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
    /// How wide a text may be on the screen, where there is a limit.
    pub(crate) max: Option<usize>,
}

impl Row {
    /// A row, which may end after its texts. The last column, for translators, is not kept.
    fn read(line: &str) -> Result<Self, String> {
        let mut cells = line.split('\t');
        let key = cells.next().unwrap_or_default().to_owned();
        let texts: Vec<String> = cells.by_ref().take(COUNT).map(str::to_owned).collect();
        let count = texts.len();
        let texts = texts
            .try_into()
            .map_err(|_| format!("{key}: {COUNT} texts are wanted, it has {count}"))?;
        let max = match cells.next().unwrap_or_default() {
            "" => None,
            limit => Some(
                limit
                    .parse()
                    .map_err(|_| format!("{key}: {limit:?} is no limit of width"))?,
            ),
        };
        let rest = cells.skip(1).count();
        if rest > 0 {
            return Err(format!("{key}: {rest} columns too many"));
        }
        Ok(Self { key, texts, max })
    }

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
            match Row::read(line) {
                Ok(row) => table.rows.push(row),
                Err(fault) => faults.push(fault),
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
    format!("key\t{}\tmax\tcontext", tags.join("\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "key\ten\tzh\tar\tbn\tes\tmax\tcontext";

    #[test]
    fn a_row_with_too_few_texts_or_too_many_columns_is_a_fault() {
        let rows = "a\t1\t2\t3\t4\t5\nb\t1\t2\nc\t1\t2\t3\t4\t5\t9\tfor whom\tx";
        let (table, faults) = Table::read(&format!("{HEAD}\n{rows}\n"));
        assert_eq!(table.rows.len(), 1);
        assert_eq!(
            faults,
            ["b: 5 texts are wanted, it has 2", "c: 1 columns too many"]
        );
        let (_, faults) = Table::read("key\ten\n\n");
        assert_eq!(
            faults,
            [
                format!("the first line is not {HEAD:?}"),
                ": 5 texts are wanted, it has 0".to_owned()
            ]
        );
    }

    #[test]
    fn a_row_may_have_a_limit_and_a_word_for_translators() {
        let rows = "a\t1\t2\t3\t4\t5\t12\tA button.\nb\t1\t2\t3\t4\t5\t\tA title.\n\
                    c\t1\t2\t3\t4\t5\tx";
        let (table, faults) = Table::read(&format!("{HEAD}\n{rows}\n"));
        let limits: Vec<Option<usize>> = table.rows.iter().map(|row| row.max).collect();
        assert_eq!(limits, [Some(12), None]);
        assert_eq!(faults, ["c: \"x\" is no limit of width"]);
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
