//! The few letters of a chart.

/// Rows of a letter, five pixels each from the highest of five bits.
const LETTERS: [(char, [u8; 7]); 32] = [
    ('0', [14, 17, 19, 21, 25, 17, 14]),
    ('1', [4, 12, 4, 4, 4, 4, 14]),
    ('2', [14, 17, 1, 2, 4, 8, 31]),
    ('3', [31, 2, 4, 2, 1, 17, 14]),
    ('4', [2, 6, 10, 18, 31, 2, 2]),
    ('5', [31, 16, 30, 1, 1, 17, 14]),
    ('6', [6, 8, 16, 30, 17, 17, 14]),
    ('7', [31, 1, 2, 4, 8, 8, 8]),
    ('8', [14, 17, 17, 14, 17, 17, 14]),
    ('9', [14, 17, 17, 15, 1, 2, 12]),
    ('.', [0, 0, 0, 0, 0, 12, 12]),
    ('%', [24, 25, 2, 4, 8, 19, 3]),
    ('a', [0, 0, 14, 1, 15, 17, 15]),
    ('c', [0, 0, 14, 16, 16, 17, 14]),
    ('d', [1, 1, 13, 19, 17, 17, 15]),
    ('e', [0, 0, 14, 17, 31, 16, 14]),
    ('i', [4, 0, 12, 4, 4, 4, 14]),
    ('l', [12, 4, 4, 4, 4, 4, 14]),
    ('m', [0, 0, 26, 21, 21, 17, 17]),
    ('n', [0, 0, 22, 25, 17, 17, 17]),
    ('o', [0, 0, 14, 17, 17, 17, 14]),
    ('p', [0, 0, 30, 17, 30, 16, 16]),
    ('q', [0, 0, 13, 19, 15, 1, 1]),
    ('r', [0, 0, 22, 25, 16, 16, 16]),
    ('s', [0, 0, 14, 16, 14, 1, 30]),
    ('u', [0, 0, 17, 17, 17, 19, 13]),
    ('v', [0, 0, 17, 17, 17, 10, 4]),
    ('x', [0, 0, 17, 10, 4, 10, 17]),
    ('g', [0, 0, 15, 17, 15, 1, 14]),
    ('z', [0, 0, 31, 2, 4, 8, 31]),
    ('L', [16, 16, 16, 16, 16, 16, 31]),
    ('M', [17, 27, 21, 21, 17, 17, 17]),
];

/// The width of a letter with the gap behind it.
pub(crate) const WIDE: u32 = 6;
/// The height of a letter.
pub(crate) const HIGH: u32 = 7;

/// The dark pixels of a text from its upper left corner. Of a letter that is not here nothing is
/// drawn.
pub(crate) fn dots(text: &str) -> Vec<(u32, u32)> {
    let mut dots = Vec::new();
    for (number, letter) in (0..).zip(text.chars()) {
        let Some((_, rows)) = LETTERS.iter().find(|(known, _)| *known == letter) else {
            continue;
        };
        for (y, row) in (0..).zip(rows) {
            let across = (0..5).filter(|x| row >> (4 - x) & 1 == 1);
            dots.extend(across.map(|x| (number * WIDE + x, y)));
        }
    }
    dots
}
