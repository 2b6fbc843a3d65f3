//! A symbol that changes in place: over the whole window, or within what was printed so far.

use std::io;

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use super::{Canvas, Drawing, half_blocks};
use crate::failure::Outcome;
use crate::output;

/// Begin and end of one update: a terminal that knows it shows all of it at once.
const BEGIN: &str = "\u{1b}[?2026h";
const END: &str = "\u{1b}[?2026l";

/// The whole window, given back as it was when this is dropped.
pub(crate) struct Screen {
    modes: Option<Termios>,
}

impl Screen {
    /// Takes the window: another page, no cursor, no wrapping, keys are not echoed.
    pub(crate) fn take() -> Outcome<Self> {
        let modes = tcgetattr(io::stdin()).ok();
        if let Some(modes) = &modes {
            let mut silent = modes.clone();
            silent.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON);
            // Stopped in the middle, the window would stay taken.
            if let Some(suspend) = special_code(&mut silent) {
                *suspend = 0;
            }
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
        }
        let screen = Self { modes };
        output::write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l")?;
        Ok(screen)
    }

    /// Draws everything: the symbol at the top, the words below it, or beside it where only that
    /// fits.
    pub(crate) fn draw(
        &self,
        canvas: &Canvas,
        drawing: Drawing,
        words: &[String],
        beside: bool,
    ) -> Outcome {
        let mut out = format!("{BEGIN}\u{1b}[0m\u{1b}[2J\u{1b}[H");
        match drawing {
            Drawing::Blocks => {
                for (row, line) in (1_u16..).zip(half_blocks(canvas)) {
                    out.push_str(&format!("\u{1b}[{row};1H{line}"));
                }
            }
            Drawing::File => {}
        }
        out.push_str(&place(canvas, drawing, words, beside));
        out.push_str(END);
        output::write(&out)
    }

    /// Draws the words alone, over those that are there.
    pub(crate) fn words(
        &self,
        canvas: &Canvas,
        drawing: Drawing,
        words: &[String],
        beside: bool,
    ) -> Outcome {
        let placed = place(canvas, drawing, words, beside);
        output::write(&format!("{BEGIN}{placed}{END}"))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = output::write("\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l");
        if let Some(modes) = &self.modes {
            let _ = tcsetattr(io::stdin(), OptionalActions::Flush, modes);
        }
    }
}

/// The character that stops a process, on systems that have it.
fn special_code(modes: &mut Termios) -> Option<&mut u8> {
    #[allow(clippy::indexing_slicing, reason = "an index by name, not by number")]
    Some(&mut modes.special_codes[SpecialCodeIndex::VSUSP])
}

/// The words below the drawing, or in the column right of it.
fn place(canvas: &Canvas, drawing: Drawing, words: &[String], beside: bool) -> String {
    let (top, left) = match drawing {
        Drawing::Blocks if beside => (2, canvas.columns().saturating_add(2)),
        Drawing::Blocks => (canvas.rows().saturating_add(1), 1),
        Drawing::File => (1, 1),
    };
    (top..)
        .zip(words)
        .map(|(row, line)| format!("\u{1b}[{row};{left}H\u{1b}[K{line}"))
        .collect()
}

/// A symbol that is printed among other lines and changes there.
pub(crate) struct Inline {
    drawing: Drawing,
    drawn: bool,
}

impl Inline {
    /// Nothing is printed yet.
    pub(crate) const fn new(drawing: Drawing) -> Self {
        Self {
            drawing,
            drawn: false,
        }
    }

    /// How it is drawn.
    pub(crate) const fn drawing(&self) -> Drawing {
        self.drawing
    }

    /// Prints the symbol, or prints it over the last one; the cursor ends in the line below. The
    /// line below is the caller's, one line long.
    pub(crate) fn draw(&mut self, canvas: &Canvas) -> Outcome {
        if self.drawing == Drawing::File {
            return Ok(());
        }
        let rows = canvas.rows();
        let mut out = String::new();
        // In a file or a pipe one is printed below the other.
        let again = self.drawn && output::is_terminal();
        if again {
            out.push_str(BEGIN);
            out.push_str(&format!("\r\u{1b}[2K\u{1b}[{rows}A"));
        }
        for line in half_blocks(canvas) {
            out.push_str(&line);
            out.push('\n');
        }
        if again {
            out.push_str(END);
        }
        self.drawn = true;
        output::write(&out)
    }
}
