//! How the demo is printed: for people with pauses, for programs as one object a step.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vidimus_credential::Verdict;
use vidimus_wallet::present::Frame;

use crate::failure::Outcome;
use crate::live::{self, bar};
use crate::output::Style;
use crate::terminal::{self, Canvas, Drawing, Inline, Window};
use crate::{files, output, report};

/// Left of what a step says.
const INDENT: &str = "     ";

/// The widest line that reads well.
const WIDEST: usize = 96;

/// Time to read a step.
const BREATH: Duration = Duration::from_millis(800);

/// Pixels a module of the picture that the reader looks at.
const PICTURE_SCALE: u32 = 4;

/// Pixels a module of the file that a person looks at.
const PNG_SCALE: u32 = 8;

/// Where and how the steps are printed.
pub(super) struct Narrator {
    json: bool,
    style: Style,
    step: u32,
    width: usize,
    png: PathBuf,
    inline: Option<Inline>,
    begun: Instant,
}

impl Narrator {
    /// An empty narrator; `png` is where a QR goes that the window has no room for.
    pub(super) fn new(json: bool, png: PathBuf) -> Self {
        let columns = Window::measure().map_or(WIDEST, |window| usize::from(window.columns));
        Self {
            json,
            style: Style::detect(),
            step: 0,
            width: columns.clamp(40, WIDEST + INDENT.len()) - INDENT.len() - 1,
            png,
            inline: None,
            begun: Instant::now(),
        }
    }

    /// Whether a program reads the output.
    pub(super) const fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the title of the demo.
    pub(super) fn open(&self, title: &str, subtitle: &str) -> Outcome {
        if self.json {
            return Ok(());
        }
        output::line(&format!(
            "\n  {}\n  {}",
            self.style.bold(title),
            self.style.dim(subtitle)
        ))
    }

    /// Prints the last line of the demo.
    pub(super) fn close(&self, words: &str) -> Outcome {
        if self.json {
            return Ok(());
        }
        let seconds = self.begun.elapsed().as_secs();
        output::line(&format!(
            "\n  {}\n",
            self.style
                .dim(&format!("{words} It took {seconds} seconds."))
        ))
    }

    /// A step without a verdict.
    pub(super) fn step(&mut self, name: &str, what: &str, why: &str) -> Outcome {
        self.tell(name, what, why, json!({}))
    }

    /// A step that ends in a verdict.
    pub(super) fn judged(
        &mut self,
        name: &str,
        what: &str,
        why: &str,
        verdict: &Verdict,
    ) -> Outcome {
        self.tell(
            name,
            what,
            why,
            json!({ "verdict": report::verdict_json(verdict, &[]) }),
        )?;
        if self.json {
            return Ok(());
        }
        self.print_verdict(verdict)
    }

    /// A step that ends in a refusal of something else than a token.
    pub(super) fn refused(&mut self, name: &str, what: &str, why: &str, error: &str) -> Outcome {
        self.tell(name, what, why, json!({ "refused": error }))?;
        if self.json {
            return Ok(());
        }
        output::line(&format!("{INDENT}{}  {error}", self.style.red("✘ REFUSED")))
    }

    /// The first QR of a presentation: drawn, judged by `look` from its picture, and counted down
    /// until the next is due.
    pub(super) async fn first_qr(
        &mut self,
        words: (&str, &str, &str),
        frame: &Frame,
        verdict: &Verdict,
        rotates: Instant,
    ) -> Outcome {
        let (name, what, why) = words;
        self.tell(name, what, why, frame_and_verdict(frame, verdict))?;
        if self.json {
            tokio::time::sleep_until(rotates.into()).await;
            return Ok(());
        }
        self.print_verdict(verdict)?;
        self.draw(frame)?;
        let whole = live::rotation(frame);
        while let Some(left) = rotates.checked_duration_since(Instant::now()) {
            if !output::is_terminal() {
                tokio::time::sleep(left).await;
                continue;
            }
            let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
            output::write(&format!(
                "\r\u{1b}[2K{INDENT}new QR in {seconds:>2} s {}",
                bar(left, whole)
            ))?;
            tokio::time::sleep(left.min(Duration::from_millis(200))).await;
        }
        if output::is_terminal() {
            output::write("\r\u{1b}[2K")?;
        }
        Ok(())
    }

    /// The next QR, in the place of the first.
    pub(super) fn next_qr(
        &mut self,
        words: (&str, &str, &str),
        frame: &Frame,
        verdict: &Verdict,
    ) -> Outcome {
        let (name, what, why) = words;
        if !self.json {
            self.draw(frame)?;
        }
        self.tell(name, what, why, frame_and_verdict(frame, verdict))?;
        if self.json {
            return Ok(());
        }
        self.print_verdict(verdict)
    }

    /// One frame for a program, or a line that names its picture.
    pub(super) fn frame(&self, frame: &Frame) -> Outcome {
        if self.json {
            let mut value = report::frame_json(frame);
            if let Value::Object(value) = &mut value {
                value.insert("name".to_owned(), json!("frame"));
            }
            return output::json(&value);
        }
        let until = frame.expires_at.to_rfc3339();
        output::line(&format!(
            "{INDENT}a new QR, good until {until}, is in {}",
            self.png.display()
        ))
    }

    /// The picture of a frame as a camera would see it.
    pub(super) fn picture(frame: &Frame) -> Vec<u8> {
        Canvas::new(&frame.symbol).to_png(PICTURE_SCALE)
    }

    /// Time to read; a program needs none.
    pub(super) async fn breathe(&self) {
        self.pause(BREATH).await;
    }

    /// Waits, unless a program reads the output.
    pub(super) async fn pause(&self, time: Duration) {
        if !self.json {
            tokio::time::sleep(time).await;
        }
    }

    fn tell(&mut self, name: &str, what: &str, why: &str, more: Value) -> Outcome {
        self.step += 1;
        if self.json {
            let mut step = json!({ "step": self.step, "name": name, "what": what, "why": why });
            if let (Value::Object(step), Value::Object(more)) = (&mut step, more) {
                step.extend(more);
            }
            return output::json(&step);
        }
        let number = self.style.bold(&format!("{:>3}  ", self.step));
        let mut text = String::from("\n");
        for (index, line) in wrap(what, self.width).iter().enumerate() {
            let left = if index == 0 { number.as_str() } else { INDENT };
            text.push_str(&format!("{left}{}\n", self.style.bold(line)));
        }
        for line in wrap(why, self.width) {
            text.push_str(&format!("{INDENT}{line}\n"));
        }
        output::write(&text)
    }

    /// Draws a QR, the second one in the place of the first. Where there is no room the picture is
    /// named once, and the second one takes its place in the file.
    fn draw(&mut self, frame: &Frame) -> Outcome {
        let canvas = Canvas::new(&frame.symbol);
        if let Some(inline) = &mut self.inline {
            if inline.drawing() == Drawing::File {
                return files::replace(&self.png, &canvas.to_png(PNG_SCALE));
            }
            return inline.draw(&canvas);
        }
        let window = Window::measure();
        // One line below it, for the countdown.
        let mut inline = Inline::new(Drawing::choose(&canvas, window, 1));
        if inline.drawing() == Drawing::File {
            files::replace(&self.png, &canvas.to_png(PNG_SCALE))?;
            let why = terminal::too_small(&canvas, window, 1);
            for line in wrap(
                &format!("{why} It is in {}", self.png.display()),
                self.width,
            ) {
                output::line(&format!("{INDENT}{}", self.style.dim(&line)))?;
            }
        } else {
            inline.draw(&canvas)?;
        }
        self.inline = Some(inline);
        Ok(())
    }

    /// `✔ ACCEPT  Adaeze Okonkwo`, the first reason, and below it the status with its age.
    fn print_verdict(&self, verdict: &Verdict) -> Outcome {
        let word = report::verdict_word(verdict.outcome, self.style);
        let mut words = Vec::new();
        if let Some(license) = &verdict.license {
            words.push(format!(
                "{} {}",
                license.given_names(),
                license.family_name()
            ));
        }
        if let Some(first) = verdict.reasons.first() {
            words.push(format!(
                "{}: {}",
                first.code(),
                report::explain(first.code())
            ));
        }
        output::line(&format!("{INDENT}{word}  {}", words.join(" · ")))?;
        if verdict.license.is_none() {
            return Ok(());
        }
        let status = report::status_words(&verdict.status, verdict.age_s);
        output::line(&format!(
            "{INDENT}{}",
            self.style.dim(&format!("status {status}"))
        ))
    }
}

fn frame_and_verdict(frame: &Frame, verdict: &Verdict) -> Value {
    json!({ "qr": report::frame_json(frame), "verdict": report::verdict_json(verdict, &[]) })
}

/// Breaks text into lines of at most `width` characters, between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_a_long_word_stays_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a verylongword b", 5), ["a", "verylongword", "b"]);
    }
}
