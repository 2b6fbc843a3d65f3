//! Drawing a QR where a person can scan it: as half blocks where the window is large enough, as a
//! picture by the terminal's own protocol where it has one, else as a PNG file that is named. Never
//! a QR that wraps, and always black on white, in every theme.

mod blocks;
mod canvas;
mod probe;
mod protocol;
mod screen;
mod window;

pub(crate) use blocks::half_blocks;
pub(crate) use canvas::Canvas;
pub(crate) use probe::{Capabilities, probe};
pub(crate) use protocol::{Protocol, picture};
pub(crate) use screen::{Inline, Screen};
pub(crate) use window::Window;

/// How one symbol is to be drawn in one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// Two modules a character cell, one above the other.
    Blocks,
    /// The terminal's own pictures.
    Picture {
        /// How the terminal takes them.
        protocol: Protocol,
        /// The side of a module in pixels.
        scale: u32,
        /// Character rows that the picture covers.
        rows: u16,
    },
    /// Not here: a PNG file.
    File,
}

impl Drawing {
    /// Chooses how to draw `canvas` with `text_rows` rows left for words. The terminal is asked
    /// what it can do (`capabilities`) only where half blocks do not fit.
    pub(crate) fn choose(
        canvas: &Canvas,
        window: Option<Window>,
        text_rows: u16,
        capabilities: impl FnOnce() -> Capabilities,
    ) -> Self {
        // A pipe or a file has no edge at which a line could wrap.
        let Some(window) = window else {
            return Self::Blocks;
        };
        if window.columns >= canvas.columns()
            && window.rows >= canvas.rows().saturating_add(text_rows)
        {
            return Self::Blocks;
        }
        let capabilities = capabilities();
        let Some(protocol) = capabilities.protocol else {
            return Self::File;
        };
        let window = Window {
            pixels: window.pixels.or(capabilities.pixels),
            ..window
        };
        match window.picture_fit(canvas.columns(), text_rows) {
            Some((scale, rows)) => Self::Picture {
                protocol,
                scale,
                rows,
            },
            None => Self::File,
        }
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
        Some(Window {
            columns,
            rows,
            pixels: None,
        })
    }

    fn nothing() -> Capabilities {
        Capabilities::default()
    }

    #[test]
    fn a_version_23_symbol_needs_117_columns_and_59_rows() {
        let canvas = version_23();
        assert_eq!((canvas.columns(), canvas.rows()), (117, 59));
        assert_eq!(
            Drawing::choose(&canvas, window(117, 59), 0, nothing),
            Drawing::Blocks
        );
        assert_eq!(
            Drawing::choose(&canvas, window(116, 59), 0, nothing),
            Drawing::File
        );
        assert_eq!(
            Drawing::choose(&canvas, window(117, 58), 0, nothing),
            Drawing::File
        );
        assert_eq!(
            Drawing::choose(&canvas, window(117, 59), 1, nothing),
            Drawing::File
        );
    }

    #[test]
    fn a_small_window_takes_a_picture_where_the_terminal_has_them() {
        let capabilities = || Capabilities {
            protocol: Some(Protocol::Kitty),
            pixels: Some((640, 408)),
        };
        let drawing = Drawing::choose(&version_23(), window(80, 24), 2, capabilities);
        let expected = Drawing::Picture {
            protocol: Protocol::Kitty,
            scale: 3,
            rows: 21,
        };
        assert_eq!(drawing, expected);
    }

    #[test]
    fn a_pipe_is_never_too_small_and_the_terminal_is_not_asked() {
        let drawing = Drawing::choose(&version_23(), None, 2, || unreachable!());
        assert_eq!(drawing, Drawing::Blocks);
    }
}
