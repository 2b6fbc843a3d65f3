//! Drawing a QR where a person can scan it: as half blocks where the window is large enough, else
//! as a PNG file that is named (ADR 0016). Never a QR that wraps, and always black on white, in
//! every theme.

mod blocks;
mod canvas;
mod screen;
mod window;

pub(crate) use blocks::half_blocks;
pub(crate) use canvas::Canvas;
pub(crate) use screen::{Inline, Screen};
pub(crate) use window::Window;

/// How one symbol is to be drawn in one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// Two modules a character cell, one above the other.
    Blocks,
    /// Not here: a PNG file.
    File,
}

impl Drawing {
    /// Chooses how to draw `canvas` with `text_rows` rows left for words. A pipe or a file (`None`)
    /// has no edge at which a line could wrap.
    pub(crate) fn choose(canvas: &Canvas, window: Option<Window>, text_rows: u16) -> Self {
        let fits = window.is_none_or(|window| {
            window.columns >= canvas.columns()
                && window.rows >= canvas.rows().saturating_add(text_rows)
        });
        if fits { Self::Blocks } else { Self::File }
    }
}

/// The sentence for a window that is too small.
pub(crate) fn too_small(canvas: &Canvas, window: Option<Window>, text_rows: u16) -> String {
    let wanted = format!(
        "{} columns and {} rows",
        canvas.columns(),
        canvas.rows().saturating_add(text_rows)
    );
    match window {
        Some(window) => format!(
            "This window has {} columns and {} rows; the QR needs {wanted}.",
            window.columns, window.rows
        ),
        None => format!("The QR needs {wanted}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version_23() -> Canvas {
        Canvas::from_fn(109, |x, y| (x + y) % 3 == 0)
    }

    fn window(columns: u16, rows: u16) -> Option<Window> {
        Some(Window { columns, rows })
    }

    #[test]
    fn a_version_23_symbol_needs_117_columns_and_59_rows() {
        let canvas = version_23();
        assert_eq!((canvas.columns(), canvas.rows()), (117, 59));
        assert_eq!(
            Drawing::choose(&canvas, window(117, 59), 0),
            Drawing::Blocks
        );
        assert_eq!(Drawing::choose(&canvas, window(116, 59), 0), Drawing::File);
        assert_eq!(Drawing::choose(&canvas, window(117, 58), 0), Drawing::File);
        assert_eq!(Drawing::choose(&canvas, window(117, 59), 1), Drawing::File);
    }

    #[test]
    fn a_pipe_is_never_too_small() {
        let drawing = Drawing::choose(&version_23(), None, 2);
        assert_eq!(drawing, Drawing::Blocks);
    }
}
