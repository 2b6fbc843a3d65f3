//! `vidimus challenge`: what an officer asks, for a driver's camera or read out loud.

use serde_json::json;
use vidimus_credential::presentation::CODE;
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_credential::{SigningKey, challenge};

use crate::args::ChallengeArguments;
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::reader_key::ReaderKey;
use crate::terminal::{self, Canvas, Drawing, Inline, Window};
use crate::{files, output, runtime, verify};

/// Lines printed beside the QR.
const WORDS: u16 = 5;

/// Makes a challenge and prints it.
pub(crate) fn run(asked: ChallengeArguments, json: bool) -> Outcome {
    if let Some(path) = asked.reader_key {
        let reader = ReaderKey::read(&path)?;
        return by_qr(&reader.name, Some(&reader.key), json);
    }
    match asked.reader {
        Some(reader) => by_qr(&reader, None, json),
        None => by_digits(json),
    }
}

fn by_digits(json: bool) -> Outcome {
    let digits = random_digits()?;
    let asked_at = runtime::now().seconds();
    let cnonce = runtime::hex(digits.as_bytes());
    if json {
        return output::json(
            &json!({ "text": null, "cnonce": cnonce, "reader": CODE, "asked_at": asked_at }),
        );
    }
    let style = Style::detect();
    let (front, back) = digits.split_at_checked(4).unwrap_or((&digits, ""));
    output::line(&format!(
        "Read out to the driver:  {}\n\n\
         The driver: vidimus wallet … show --challenge {digits}\n\
         Then you:   vidimus verify … --challenge {cnonce} --reader {CODE} --asked-at {asked_at} --image PHOTO",
        style.bold(&format!("{front} {back}"))
    ))
}

fn by_qr(reader: &str, key: Option<&SigningKey>, json: bool) -> Outcome {
    if reader == CODE {
        return by_digits(json);
    }
    let cnonce = runtime::random::<16>()?;
    let now = runtime::now();
    let text = match key {
        Some(key) => challenge::build_signed(reader, &cnonce, now, key),
        None => challenge::build_unsigned(reader, &cnonce, now),
    };
    let text = text.map_err(verify::reader_fault)?;
    let asked_at = now.seconds();
    let cnonce = runtime::hex(&cnonce);
    if json {
        return output::json(
            &json!({ "text": text, "cnonce": cnonce, "reader": reader, "asked_at": asked_at }),
        );
    }
    let symbol = Symbol::encode(&text, SymbolOptions::default())
        .map_err(|error| Failure::not_done(format!("cannot draw the challenge: {error}")))?;
    draw(&Canvas::new(&symbol))?;
    output::line(&format!(
        "As text: {text}\n\
         The driver: vidimus wallet … show --challenge {}\n\
         Then you:   vidimus verify … --challenge {cnonce} --reader {} --asked-at {asked_at} --image PHOTO",
        quoted(&text),
        quoted(reader)
    ))
}

/// Draws a symbol that does not change, or writes it to a temporary file and names that.
fn draw(canvas: &Canvas) -> Outcome {
    let window = Window::measure();
    let drawing = Drawing::choose(canvas, window, WORDS);
    if drawing != Drawing::File {
        return Inline::new(drawing).draw(canvas);
    }
    let path = std::env::temp_dir().join(format!(
        "vidimus-challenge-{}.png",
        runtime::hex(&runtime::random::<4>()?)
    ));
    files::replace(&path, &canvas.to_png(8))?;
    output::line(&format!(
        "{} It is in {}",
        terminal::too_small(canvas, window, WORDS),
        path.display()
    ))
}

/// A word as a shell takes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// 8 digits, each of the hundred million as likely as another.
fn random_digits() -> Outcome<String> {
    const CODES: u32 = 100_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let number = u32::from_be_bytes(runtime::random()?);
        if number < FAIR {
            return Ok(format!("{:08}", number % CODES));
        }
    }
}
