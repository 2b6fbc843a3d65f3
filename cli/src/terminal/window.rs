//! How large the window is.

use std::io;

use crate::output;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
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
            return Some(Self {
                columns: size.ws_col,
                rows: size.ws_row,
            });
        }
        match (from_environment("COLUMNS"), from_environment("LINES")) {
            (Some(columns), Some(rows)) => Some(Self { columns, rows }),
            // A terminal that will not be measured is taken for the smallest common one.
            _ if output::is_terminal() => Some(Self {
                columns: 80,
                rows: 24,
            }),
            _ => None,
        }
    }
}

fn from_environment(name: &str) -> Option<u16> {
    std::env::var(name)
        .ok()?
        .parse()
        .ok()
        .filter(|count| *count > 0)
}
