//! A symbol as a picture in the words of the terminal: kitty's graphics protocol, iTerm2's inline
//! images, or sixel.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::canvas::Canvas;

/// How a terminal takes pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// kitty, Ghostty, Konsole, WezTerm.
    Kitty,
    /// iTerm2, WezTerm, mintty.
    Iterm,
    /// foot, xterm -ti vt340, mlterm, Windows Terminal, tmux 3.4.
    Sixel,
}

/// kitty replaces the picture of the same number, so that a rotation leaves no old ones behind.
const KITTY_NUMBER: u32 = 0x0044_4c31;

/// Most base64 characters in one kitty command.
const KITTY_CHUNK: usize = 4096;

/// The escape sequence that draws `canvas` at the cursor with `scale` pixels a module, over `rows`
/// character rows. Where the cursor stands afterwards differs: save it before and restore it after.
pub(crate) fn picture(protocol: Protocol, canvas: &Canvas, scale: u32, rows: u16) -> String {
    match protocol {
        Protocol::Kitty => kitty(&canvas.to_png(scale)),
        Protocol::Iterm => iterm(&canvas.to_png(scale), rows),
        Protocol::Sixel => sixel(canvas, scale),
    }
}

fn kitty(png: &[u8]) -> String {
    let text = STANDARD.encode(png);
    let mut out = String::with_capacity(text.len() + 512);
    let mut rest = text.as_str();
    let mut first = true;
    loop {
        let (chunk, after) = rest.split_at_checked(KITTY_CHUNK).unwrap_or((rest, ""));
        let more = u8::from(!after.is_empty());
        out.push_str("\u{1b}_G");
        if first {
            // a=T: transmit and show; f=100: PNG; C=1: leave the cursor; q=2: answer nothing.
            let _ = write!(out, "a=T,f=100,i={KITTY_NUMBER},p=1,C=1,q=2,");
        }
        let _ = write!(out, "m={more};{chunk}\u{1b}\\");
        first = false;
        if after.is_empty() {
            return out;
        }
        rest = after;
    }
}

fn iterm(png: &[u8], rows: u16) -> String {
    let text = STANDARD.encode(png);
    let size = png.len();
    format!(
        "\u{1b}]1337;File=inline=1;size={size};height={rows};preserveAspectRatio=1;doNotMoveCursor=1:{text}\u{7}"
    )
}

/// Sixel: bands of six pixel rows; each band once for white, once for black.
fn sixel(canvas: &Canvas, scale: u32) -> String {
    let side = u32::from(canvas.side()) * scale;
    let mut out = format!("\u{1b}P0;1q\"1;1;{side};{side}#0;2;0;0;0#1;2;100;100;100");
    let dark_at =
        |x: u16, y: u32| u16::try_from(y / scale.max(1)).is_ok_and(|y| canvas.is_dark(x, y));
    for band in 0..side.div_ceil(6) {
        for (colour, wanted) in [(1, false), (0, true)] {
            let _ = write!(out, "#{colour}");
            for x in 0..canvas.side() {
                let bits = (0..6)
                    .filter(|row| band * 6 + row < side && dark_at(x, band * 6 + row) == wanted)
                    .fold(0_u8, |bits, row| bits | 1 << row);
                let _ = write!(out, "!{scale}{}", char::from(b'?' + bits));
            }
            out.push(if wanted { '-' } else { '$' });
        }
    }
    out.push_str("\u{1b}\\");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kitty_chunks_are_at_most_4096_and_only_the_last_says_so() {
        let out = kitty(&[0; 7000]);
        let commands: Vec<&str> = out.split_terminator("\u{1b}\\").collect();
        assert_eq!(commands.len(), 3);
        assert!(commands[0].starts_with("\u{1b}_Ga=T,f=100,"));
        for (index, command) in commands.iter().enumerate() {
            let (keys, payload) = command.split_once(';').unwrap();
            assert!(payload.len() <= KITTY_CHUNK);
            assert_eq!(keys.ends_with("m=0"), index == 2);
        }
    }

    #[test]
    fn sixel_pixels_are_the_modules() {
        let canvas = Canvas::from_fn(4, |x, y| (x * 3 + y) % 2 == 0);
        let side = usize::from(canvas.side()) * 3;
        let out = sixel(&canvas, 3);
        let pixels = decode(&out, side);
        for (y, row) in pixels.iter().enumerate() {
            for (x, pixel) in row.iter().enumerate() {
                let at = |pixel: usize| u16::try_from(pixel / 3).unwrap();
                assert_eq!(*pixel, Some(canvas.is_dark(at(x), at(y))), "{x} {y}");
            }
        }
    }

    /// A small independent reader: `Some(true)` is black, `Some(false)` white.
    fn decode(text: &str, side: usize) -> Vec<Vec<Option<bool>>> {
        let body = text.split_once("#1;2;100;100;100").unwrap().1;
        let mut pixels = vec![vec![None; side]; side];
        let (mut x, mut band, mut black) = (0, 0, false);
        let mut characters = body.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '#' => black = characters.next().unwrap() == '0',
                '$' => x = 0,
                '-' => {
                    x = 0;
                    band += 1;
                }
                '!' => {
                    let mut count = 0;
                    while let Some(digit) = characters.peek().and_then(|c| c.to_digit(10)) {
                        count = count * 10 + digit;
                        characters.next();
                    }
                    let bits = u32::from(characters.next().unwrap()) - 63;
                    for _ in 0..count {
                        for row in (0..6).filter(|row| bits >> row & 1 == 1) {
                            pixels[band * 6 + row][x] = Some(black);
                        }
                        x += 1;
                    }
                }
                '\u{1b}' => break,
                other => panic!("{other}"),
            }
        }
        pixels
    }
}
