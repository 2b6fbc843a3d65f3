//! The English words that the apps have too, out of the same table.

/// A row for each text: its key, then English, then the other languages.
const TABLE: &str = include_str!("../../texts/texts.tsv");

/// The English text of a key; the key itself where the table lacks it.
pub(crate) fn english(key: &'static str) -> &'static str {
    find(key).unwrap_or(key)
}

/// The English text of a key, where the table has it.
pub(crate) fn find(key: &str) -> Option<&'static str> {
    let row = |line: &'static str| line.strip_prefix(key)?.strip_prefix('\t');
    TABLE.lines().find_map(row)?.split('\t').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_looked_up_whole() {
        assert_eq!(english("category.eu.b"), "Cars and vans up to 3.5 t");
        assert_eq!(english("restriction.01"), "Sight correction or protection");
        assert_eq!(english("restriction.01.0"), "restriction.01.0");
    }
}
