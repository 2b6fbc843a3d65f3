//! The languages of the table, in the order of its columns.

/// A language that the apps speak.
#[derive(Debug)]
pub(crate) struct Language {
    /// The head of its column: the primary subtag of BCP 47.
    pub(crate) tag: &'static str,
    /// Its name in code.
    pub(crate) name: &'static str,
    /// Whether its lines run from right to left.
    pub(crate) right_to_left: bool,
}

/// How many there are.
pub(crate) const COUNT: usize = 5;

/// The first is the one that everything is written in at first, and that an unknown language gets.
pub(crate) const LANGUAGES: [Language; COUNT] = [
    left_to_right("en", "english"),
    left_to_right("zh", "chinese"),
    Language {
        tag: "ar",
        name: "arabic",
        right_to_left: true,
    },
    left_to_right("bn", "bengali"),
    left_to_right("es", "spanish"),
];

const fn left_to_right(tag: &'static str, name: &'static str) -> Language {
    Language {
        tag,
        name,
        right_to_left: false,
    }
}
