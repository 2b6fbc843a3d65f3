//! The choice of a mask by penalty (ISO/IEC 18004, section 7.8.3), on whole rows at a time.

use super::Symbol;
use crate::Error;

/// The symbol with the lowest penalty of the eight that `masked` makes; of equal ones the first.
pub(super) fn best(masked: impl Fn(u8) -> Result<Symbol, Error>) -> Result<Symbol, Error> {
    let mut best = masked(0)?;
    let mut least = penalty(best.rows());
    for mask in 1..8 {
        let symbol = masked(mask)?;
        let penalty = penalty(symbol.rows());
        if penalty < least {
            (best, least) = (symbol, penalty);
        }
    }
    Ok(best)
}

/// The penalty of a square symbol of at most 120 modules a side, by all four rules.
pub(super) fn penalty(rows: &[u128]) -> u32 {
    let size = rows.len();
    let inside = ones(size);
    let columns = transposed(rows);
    let lines: u32 = rows
        .iter()
        .chain(&columns)
        .map(|&line| runs(line, size) + finders(line, size))
        .sum();
    lines + blocks(rows, inside) + balance(rows)
}

/// A number whose lowest `count` bits are set; `count` is below 128.
fn ones(count: usize) -> u128 {
    (1 << count) - 1
}

/// Rule 1: five modules of a color in a line cost 3, each further one 1.
fn runs(line: u128, size: usize) -> u32 {
    // Bit x: the modules x and x + 1 are alike.
    let alike = !(line ^ line >> 1) & ones(size - 1);
    // Bit x: a run of five begins here. A run of n modules has n - 4 of these, side by side.
    let fives = alike & alike >> 1 & alike >> 2 & alike >> 3;
    let starts = fives & !(fives << 1);
    fives.count_ones() + 2 * starts.count_ones()
}

/// Rule 3: what looks like a finder pattern, with four light modules before or behind it, costs 40
/// for each of the two. The quiet zone is light.
fn finders(line: u128, size: usize) -> u32 {
    // Four modules of quiet zone to the left; those to the right are zeros already.
    let dark = line << 4;
    let light = !dark;
    let core = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6;
    let four = light & light >> 1 & light >> 2 & light >> 3;
    let places = ones(size) << 4;
    let before = core & four << 4 & places;
    let behind = core & four >> 7 & places;
    40 * (before.count_ones() + behind.count_ones())
}

/// Rule 2: each block of two by two of one color costs 3.
fn blocks(rows: &[u128], inside: u128) -> u32 {
    let pairs = rows.iter().zip(rows.iter().skip(1));
    3 * pairs
        .map(|(&upper, &lower)| {
            let upright = !(upper ^ lower);
            let level = !(upper ^ upper >> 1);
            (upright & upright >> 1 & level & inside >> 1).count_ones()
        })
        .sum::<u32>()
}

/// Rule 4: each full 5 % by which the share of dark modules is off one half costs 10.
fn balance(rows: &[u128]) -> u32 {
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let side = u32::try_from(rows.len()).unwrap_or(0);
    let all = (side * side).max(1);
    (dark * 20).abs_diff(all * 10) / all * 10
}

/// The columns of a square, written as rows.
fn transposed(rows: &[u128]) -> Vec<u128> {
    (0..rows.len())
        .map(|x| {
            rows.iter()
                .rev()
                .fold(0, |column, row| column << 1 | (row >> x & 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The four rules by the letter, module by module.
    fn by_the_letter(rows: &[u128]) -> u32 {
        let size = rows.len();
        let at = |x: usize, y: usize| rows[y] >> x & 1 == 1;
        let mut penalty = 0;
        for transposed in [false, true] {
            for a in 0..size {
                let line: Vec<bool> = (0..size)
                    .map(|b| if transposed { at(a, b) } else { at(b, a) })
                    .collect();
                for run in line.chunk_by(|a, b| a == b) {
                    if run.len() >= 5 {
                        penalty += u32::try_from(run.len()).unwrap() - 2;
                    }
                }
                let quiet = [false; 4];
                let line = [&quiet[..], &line, &quiet].concat();
                for window in line.windows(11) {
                    let text: String = window.iter().map(|&d| if d { '1' } else { '0' }).collect();
                    if text == "00001011101" || text == "10111010000" {
                        penalty += 40;
                    }
                }
            }
        }
        for y in 1..size {
            for x in 1..size {
                let dark = [at(x, y), at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)];
                if dark == [true; 4] || dark == [false; 4] {
                    penalty += 3;
                }
            }
        }
        let dark = (0..size * size).filter(|i| at(i % size, i / size)).count();
        let all = size * size;
        let off = |steps: &usize| dark.abs_diff(all - dark) * 50 >= steps * 5 * all;
        penalty + 10 * u32::try_from((1..=10).take_while(off).count()).unwrap()
    }

    proptest! {
        #[test]
        fn the_penalty_is_that_of_the_standard_module_by_module(
            size in 21_usize..=117, seed: [u128; 13], sparse: bool
        ) {
            let rows: Vec<u128> = (0..size)
                .map(|y| {
                    let row = seed[y % 13].rotate_left(u32::try_from(y).unwrap());
                    let row = if sparse { row & seed[(y + 5) % 13] } else { row };
                    row & ones(size)
                })
                .collect();
            prop_assert_eq!(penalty(&rows), by_the_letter(&rows));
        }

        #[test]
        fn finders_at_both_edges_count_with_the_quiet_zone(size in 21_usize..=117) {
            let mut rows = vec![0; size];
            rows[3] = 0b101_1101 | 0b101_1101 << (size - 7);
            prop_assert_eq!(penalty(&rows), by_the_letter(&rows));
        }
    }

    #[test]
    fn a_symbol_of_one_color_has_the_penalty_one_can_count() {
        let side = 21;
        // 42 lines with a run of 21, 20 by 20 blocks, and a share that is off by ten times 5 %.
        assert_eq!(penalty(&vec![0; side]), 42 * 19 + 400 * 3 + 100);
    }
}
