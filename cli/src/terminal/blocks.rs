//! Half blocks: a character cell is about twice as high as wide, so two modules fill one.

use super::canvas::Canvas;

/// Black on white by numbers of the 256-colour cube, which no theme changes.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
const RESET: &str = "\u{1b}[0m";

/// The lines of a symbol with its quiet zone, each `canvas.columns()` cells wide with its own
/// colours, so that what is left or right of it does not matter.
pub(crate) fn half_blocks(canvas: &Canvas) -> Vec<String> {
    (0..canvas.rows())
        .map(|row| {
            let (upper, lower) = (
                row.saturating_mul(2),
                row.saturating_mul(2).saturating_add(1),
            );
            let cells = (0..canvas.columns()).map(|x| {
                match (canvas.is_dark(x, upper), canvas.is_dark(x, lower)) {
                    (true, true) => '\u{2588}',
                    (true, false) => '\u{2580}',
                    (false, true) => '\u{2584}',
                    (false, false) => ' ',
                }
            });
            let mut line = String::from(BLACK_ON_WHITE);
            line.extend(cells);
            line.push_str(RESET);
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_modules_a_cell_and_a_quiet_zone_of_four_on_each_side() {
        let lines = half_blocks(&Canvas::from_fn(2, |x, y| x == y));
        let cells: Vec<&str> = lines
            .iter()
            .map(|line| {
                line.strip_prefix(BLACK_ON_WHITE)
                    .unwrap()
                    .strip_suffix(RESET)
                    .unwrap()
            })
            .collect();
        assert_eq!(
            cells,
            [
                "          ",
                "          ",
                "    ▀▄    ",
                "          ",
                "          "
            ]
        );
    }
}
