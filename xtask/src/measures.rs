//! What is measured, and how near to its physical limit it must come.

/// A number that must stay near its limit.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The criterion group with the functions `ours` and `limit`, or the name in a `measure:` line.
    pub(crate) name: &'static str,
    /// What is measured of ours.
    pub(crate) ours: &'static str,
    /// What it is held against.
    pub(crate) limit: &'static str,
    /// The largest ratio of ours to the limit.
    pub(crate) at_most: f64,
}

/// The measures of `docs/performance.md`, in its order: `xtask/measures.tsv`.
pub(crate) fn measures() -> Vec<Measure> {
    let rows = include_str!("../measures.tsv").lines().skip(1);
    rows.filter_map(Measure::of_row).collect()
}

/// What the screens measure of themselves.
pub(crate) const SCREENS: &str = "screens";

/// The languages that measure themselves beside Rust.
pub(crate) const LANGUAGES: [&str; 2] = ["kotlin", "swift"];

impl Measure {
    fn of_row(row: &'static str) -> Option<Self> {
        let mut cells = row.split('\t');
        Some(Self {
            name: cells.next()?,
            ours: cells.next()?,
            limit: cells.next()?,
            at_most: cells.next()?.parse().ok()?,
        })
    }

    /// The language that it is taken in, or the screens, where that is not Rust.
    pub(crate) fn language(&self) -> Option<&'static str> {
        LANGUAGES
            .into_iter()
            .chain([SCREENS])
            .find(|language| self.name.ends_with(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_table_is_a_measure() {
        let rows = include_str!("../measures.tsv").lines().count() - 1;
        assert_eq!(measures().len(), rows);
    }
}
