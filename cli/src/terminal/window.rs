//! How large the window is.

use std::io;

use crate::output;

/// Fewer pixels a module than this, and a camera sees grey.
const LEAST_SCALE: u32 = 2;

/// More than this only fills the window.
const MOST_SCALE: u32 = 12;

/// What a cell measures where the terminal does not say: small, so that a picture rather stays too
/// small than runs over the edge.
const ASSUMED_CELL: (u32, u32) = (7, 14);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    /// The text area in pixels, width then height, where the terminal says so.
    pub(crate) pixels: Option<(u16, u16)>,
}

impl Window {
    /// Measures the window behind standard output. Where that is no terminal, `COLUMNS` and `LINES`
    /// count if both are set; `None` says that there is no edge.
    pub(crate) fn measure() -> Option<Self> {
        let measured = output::is_terminal()
            .then(|| rustix::termios::tcgetwinsize(io::stdout()).ok())
            .flatten()
            .filter(|size| size.ws_col > 0 && size.ws_row > 0);
        if let Some(size) = measured {
            let pixels = (size.ws_xpixel > 0 && size.ws_ypixel > 0)
                .then_some((size.ws_xpixel, size.ws_ypixel));
            return Some(Self {
                columns: size.ws_col,
                rows: size.ws_row,
                pixels,
            });
        }
        match (from_environment("COLUMNS"), from_environment("LINES")) {
            (Some(columns), Some(rows)) => Some(Self {
                columns,
                rows,
                pixels: None,
            }),
            // A terminal that will not be measured is taken for the smallest common one.
            _ if output::is_terminal() => Some(Self {
                columns: 80,
                rows: 24,
                pixels: None,
            }),
            _ => None,
        }
    }

    /// The pixels a module, and the character rows covered, of the largest picture of `side`
    /// modules that leaves `text_rows` rows; `None` where a module would get too few pixels to be
    /// scanned.
    pub(crate) fn picture_fit(self, side: u16, text_rows: u16) -> Option<(u32, u16)> {
        let (columns, rows) = (u32::from(self.columns), u32::from(self.rows));
        let (cell_width, cell_height) = match self.pixels {
            Some((width, height)) => (
                u32::from(width) / columns.max(1),
                u32::from(height) / rows.max(1),
            ),
            None => ASSUMED_CELL,
        };
        let free_rows = u32::from(self.rows.saturating_sub(text_rows));
        let side = u32::from(side.max(1));
        let scale = (columns * cell_width / side)
            .min(free_rows * cell_height / side)
            .min(MOST_SCALE);
        if scale < LEAST_SCALE || cell_height == 0 {
            return None;
        }
        let covered = u16::try_from((scale * side).div_ceil(cell_height)).ok()?;
        Some((scale, covered))
    }
}

fn from_environment(name: &str) -> Option<u16> {
    std::env::var(name)
        .ok()?
        .parse()
        .ok()
        .filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fills_what_the_words_leave_and_never_more() {
        let window = Window {
            columns: 80,
            rows: 24,
            pixels: Some((800, 480)),
        };
        assert_eq!(window.picture_fit(117, 2), Some((3, 18)));
        let (scale, rows) = window.picture_fit(117, 0).unwrap();
        assert!(scale * 117 <= 480 && rows <= 24);
    }

    #[test]
    fn a_window_with_too_few_pixels_has_no_picture() {
        let window = Window {
            columns: 20,
            rows: 10,
            pixels: Some((160, 160)),
        };
        assert_eq!(window.picture_fit(117, 2), None);
        let silent = Window {
            columns: 80,
            rows: 24,
            pixels: None,
        };
        assert_eq!(silent.picture_fit(117, 2), Some((2, 17)));
    }
}
