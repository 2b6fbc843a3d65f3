//! What the terminal can draw: asked of the terminal itself, with a short wait, and of the
//! environment where a terminal is known not to say.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::protocol::Protocol;
use crate::output;

/// What a terminal can draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// How it takes pictures, if it does.
    pub(crate) protocol: Option<Protocol>,
    /// Its text area in pixels, width then height, if it says so.
    pub(crate) pixels: Option<(u16, u16)>,
}

/// How long an answer may take; over a slow line half blocks or a file are the better answer.
const PATIENCE: Duration = Duration::from_millis(300);

/// kitty's own question (is this one-pixel picture good?), the text area in pixels, and last the
/// primary device attributes, which every terminal answers: after that nothing more will come.
const QUESTION: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[14t\x1b[c";

/// Asks the terminal behind standard output. Anything that goes wrong means: no pictures.
pub(crate) fn probe() -> Capabilities {
    if !output::is_terminal() {
        return Capabilities::default();
    }
    let answer = ask().unwrap_or_default();
    let mut capabilities = understand(&answer);
    if capabilities.protocol.is_none() || capabilities.protocol == Some(Protocol::Sixel) {
        // iTerm2 is not to be asked; its own protocol is the better of its two.
        if let Some(protocol) = from_environment(|name| std::env::var(name).ok()) {
            capabilities.protocol = Some(protocol);
        }
    }
    capabilities
}

/// Restores the terminal's modes when dropped.
struct Quiet {
    terminal: File,
    modes: Termios,
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.modes);
    }
}

fn ask() -> Option<Vec<u8>> {
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .ok()?;
    let modes = tcgetattr(&terminal).ok()?;
    let mut raw = modes.clone();
    raw.make_raw();
    tcsetattr(&terminal, OptionalActions::Now, &raw).ok()?;
    let mut quiet = Quiet { terminal, modes };
    quiet.terminal.write_all(QUESTION).ok()?;

    let end = Instant::now() + PATIENCE;
    let mut answer = Vec::new();
    while !is_complete(&answer) && answer.len() < 1024 {
        let left = end.checked_duration_since(Instant::now())?;
        let wait = Timespec::try_from(left).ok()?;
        let ready = poll(
            &mut [PollFd::new(&quiet.terminal, PollFlags::IN)],
            Some(&wait),
        )
        .ok()?;
        if ready == 0 {
            return None;
        }
        let mut buffer = [0; 256];
        let count = quiet.terminal.read(&mut buffer).ok()?;
        answer.extend(buffer.iter().take(count));
    }
    Some(answer)
}

/// The answer to the last question is there: `ESC [ ? … c`.
fn is_complete(answer: &[u8]) -> bool {
    attributes(&String::from_utf8_lossy(answer)).is_some()
}

fn understand(answer: &[u8]) -> Capabilities {
    let text = String::from_utf8_lossy(answer);
    let kitty = text.contains("\u{1b}_Gi=31;OK");
    let sixel =
        attributes(&text).is_some_and(|list| list.split(';').skip(1).any(|number| number == "4"));
    let protocol = match (kitty, sixel) {
        (true, _) => Some(Protocol::Kitty),
        (false, true) => Some(Protocol::Sixel),
        (false, false) => None,
    };
    Capabilities {
        protocol,
        pixels: text_area(&text),
    }
}

/// The numbers of the primary device attributes.
fn attributes(text: &str) -> Option<&str> {
    let start = text.rfind("\u{1b}[?")?;
    let numbers = text.get(start.saturating_add(3)..)?;
    let (numbers, _) = numbers.split_once('c')?;
    numbers
        .chars()
        .all(|c| c.is_ascii_digit() || c == ';')
        .then_some(numbers)
}

/// `ESC [ 4 ; height ; width t`.
fn text_area(text: &str) -> Option<(u16, u16)> {
    let (_, after) = text.split_once("\u{1b}[4;")?;
    let (numbers, _) = after.split_once('t')?;
    let (height, width) = numbers.split_once(';')?;
    match (width.parse().ok()?, height.parse().ok()?) {
        (0, _) | (_, 0) => None,
        pixels => Some(pixels),
    }
}

/// Terminals known by name. Inside tmux or screen the names are those of the terminal outside,
/// which does not get the picture: there only the answer counts.
fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Protocol> {
    if variable("TMUX").is_some() || variable("STY").is_some() {
        return None;
    }
    let is = |name: &str, wanted: &str| variable(name).is_some_and(|value| value == wanted);
    if is("TERM", "xterm-kitty")
        || is("TERM", "xterm-ghostty")
        || variable("KITTY_WINDOW_ID").is_some()
    {
        return Some(Protocol::Kitty);
    }
    let iterm = is("TERM_PROGRAM", "iTerm.app")
        || is("LC_TERMINAL", "iTerm2")
        || is("TERM_PROGRAM", "WezTerm")
        || is("TERM_PROGRAM", "mintty");
    iterm.then_some(Protocol::Iterm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_believed_when_it_says_what_it_can_draw() {
        let kitty = understand(b"\x1b_Gi=31;OK\x1b\\\x1b[4;480;800t\x1b[?62;c");
        assert_eq!(
            kitty,
            Capabilities {
                protocol: Some(Protocol::Kitty),
                pixels: Some((800, 480))
            }
        );
        let sixel = understand(b"\x1b[?62;4;22c");
        assert_eq!(
            sixel,
            Capabilities {
                protocol: Some(Protocol::Sixel),
                pixels: None
            }
        );
        assert_eq!(understand(b"\x1b[?4;22c"), Capabilities::default());
        assert_eq!(
            understand(b"\x1b_Gi=31;ENOENT\x1b\\\x1b[?64;1;2c"),
            Capabilities::default()
        );
        assert_eq!(understand(b"\xff\xfe garbage"), Capabilities::default());
    }

    #[test]
    fn the_answer_is_complete_with_the_device_attributes() {
        assert!(!is_complete(b"\x1b_Gi=31;OK\x1b\\"));
        assert!(!is_complete(b"\x1b[?62;4"));
        assert!(is_complete(b"\x1b[?62;4c"));
    }

    #[test]
    fn names_count_only_outside_a_multiplexer() {
        let named = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            }
        };
        assert_eq!(
            from_environment(named(&[("TERM_PROGRAM", "iTerm.app")])),
            Some(Protocol::Iterm)
        );
        assert_eq!(
            from_environment(named(&[("TERM", "xterm-kitty")])),
            Some(Protocol::Kitty)
        );
        assert_eq!(
            from_environment(named(&[("TERM", "xterm-kitty"), ("TMUX", "/s")])),
            None
        );
        assert_eq!(from_environment(named(&[("TERM", "xterm-256color")])), None);
    }
}
