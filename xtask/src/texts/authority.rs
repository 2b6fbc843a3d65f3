//! An authority's own words, which take the place of those of the table.

use super::languages::LANGUAGES;
use super::table::Table;

/// Puts an authority's words into the table. Its head is `key` and the tags of the languages that
/// it has words of, in any order; an empty cell leaves the word of the table.
///
/// # Errors
/// A line for each word that has no place in the table.
pub(crate) fn apply(table: &mut Table, text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut tags = lines.next().unwrap_or_default().split('\t');
    if tags.next() != Some("key") {
        return vec!["the first line does not begin with \"key\"".to_owned()];
    }
    let columns: Result<Vec<usize>, String> = tags.map(column).collect();
    let columns = match columns {
        Ok(columns) => columns,
        Err(fault) => return vec![fault],
    };
    lines
        .filter_map(|line| put(table, &columns, line).err())
        .collect()
}

/// Which language of the table a tag is.
fn column(tag: &str) -> Result<usize, String> {
    let found = LANGUAGES.iter().position(|language| language.tag == tag);
    found.ok_or_else(|| format!("{tag:?} is no language of the apps"))
}

fn put(table: &mut Table, columns: &[usize], line: &str) -> Result<(), String> {
    let mut cells = line.split('\t');
    let key = cells.next().unwrap_or_default();
    let row = table.rows.iter_mut().find(|row| row.key == key);
    let row = row.ok_or_else(|| format!("{key}: is not in the table"))?;
    let words: Vec<&str> = cells.collect();
    if words.len() > columns.len() {
        return Err(format!("{key}: has more columns than the head"));
    }
    for (column, words) in columns.iter().zip(words) {
        if !words.is_empty()
            && let Some(text) = row.texts.get_mut(*column)
        {
            words.clone_into(text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let head = "key\ten\tzh\tar\tbn\tes\tmax\tcontext";
        let rows = "state.valid\tMay drive\tz\ta\tb\te\t12\na.b\tFrom {0}\t{0}\t{0}\t{0}\t{0}";
        Table::read(&format!("{head}\n{rows}\n")).0
    }

    #[test]
    fn an_authority_says_what_a_state_is_called_in_the_languages_that_it_chooses() {
        let mut table = table();
        let faults = apply(
            &mut table,
            "key\tes\ten\nstate.valid\tVigente\na.b\t\tBy {0}\n",
        );
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(table.rows[0].texts, ["May drive", "z", "a", "b", "Vigente"]);
        assert_eq!(table.rows[1].texts[0], "By {0}");
    }

    #[test]
    fn a_word_without_a_place_in_the_table_is_a_fault() {
        let mut table = table();
        assert_eq!(
            apply(&mut table, "key\tes\nno.such\tx\na.b\tx\ty"),
            [
                "no.such: is not in the table",
                "a.b: has more columns than the head"
            ]
        );
        assert_eq!(
            apply(&mut table, "key\tfr\n"),
            ["\"fr\" is no language of the apps"]
        );
        assert_eq!(
            apply(&mut table, ""),
            ["the first line does not begin with \"key\""]
        );
    }
}
