//! `vidimus wallet show`: one QR, or a new one every ten seconds.

use std::path::{Path, PathBuf};
use std::time::Instant;

use vidimus_credential::License;
use vidimus_wallet::present::{Face, Frame, Presentation, ReaderRequest};
use vidimus_wallet::{Error, Wallet};

use super::{OLDER_COPY, failure, open, pick_to_show};
use crate::args::ShowArguments;
use crate::failure::{Failure, Outcome};
use crate::live::{self, Caption, End, state_words};
use crate::output::Style;
use crate::terminal::{self, Canvas, Drawing, Inline, Window};
use crate::wallet_failure::not_logged;
use crate::{files, output, report};

/// What to do where an answer's time is over.
const ASK_AGAIN: &str = "The officer's question is too old by now: an answer counts for two minutes. Have the officer ask again.";

/// What the driver may do where a reader asks for the face.
const WANTS_FACE: &str =
    "vidimus: the officer asks for your face too; it is not shown. Show it with --face.";

/// What is shown where there is no face.
const NO_FACE: &str = "vidimus: this license has no picture of you; the QR is shown alone.";

/// The line under a single QR, and the one for the prompt.
const WORDS: u16 = 2;

/// Pixels a module of a PNG.
const PNG_SCALE: u32 = 8;

/// Shows a license as asked.
pub(super) async fn run(home: &Path, asked: ShowArguments, json: bool) -> Outcome {
    if asked.text && json {
        return Err(Failure::usage(
            "--text and --json both want standard output alone; choose one",
        ));
    }
    let is_drawn_once = asked.once || !output::is_terminal();
    if asked.face && is_drawn_once && !asked.text && !json && asked.png.is_none() {
        return Err(Failure::usage(
            "a face takes several QRs in turn; add --png FILE, --text or --json, or show it in a terminal without --once",
        ));
    }
    let wallet = open(home).await?;
    let held = pick_to_show(&wallet, asked.license)?;
    if wallet
        .health()
        .map_err(|error| failure(&error))?
        .rolled_back
    {
        output::note(&format!("vidimus: {OLDER_COPY}"));
    }
    let request = match asked.challenge.as_deref() {
        Some(text) => Some(read_challenge(&wallet, text)?),
        None => None,
    };
    let who = request.as_ref().map(who_asks);
    if request.as_ref().is_some_and(ReaderRequest::wants_face) && !asked.face {
        output::note(WANTS_FACE);
    }
    let mut presentation = match request {
        Some(request) => wallet.answer(&held.id, request),
        None => wallet.present(&held.id),
    }
    .map_err(|error| failure(&error))?;
    if asked.face && !presentation.has_face() {
        output::note(NO_FACE);
    }
    presentation.show_face(asked.face);

    let sink = Sink {
        text: asked.text,
        json,
        png: asked.png,
        fallback: std::path::absolute(home)
            .unwrap_or_else(|_| home.to_owned())
            .join("qr.png"),
    };
    if asked.once {
        if let Some(who) = &who {
            output::note(who);
        }
        return once(&wallet, presentation, &sink).await;
    }
    if sink.is_plain() && output::is_terminal() {
        let with_face = asked.face && presentation.has_face();
        let title = title(held.license.as_ref(), who.as_deref(), with_face);
        return on_the_screen(&wallet, presentation, &title, &sink).await;
    }
    if sink.is_plain() && sink.png.is_none() {
        output::note("vidimus: standard output is no terminal: one QR, as with --once");
        return once(&wallet, presentation, &sink).await;
    }
    stream(&wallet, presentation, &sink).await
}

/// What is written for each QR.
struct Sink {
    text: bool,
    json: bool,
    png: Option<PathBuf>,
    /// Where the PNG goes when the terminal is too small and none was asked for.
    fallback: PathBuf,
}

impl Sink {
    /// Neither text nor JSON wants standard output.
    const fn is_plain(&self) -> bool {
        !self.text && !self.json
    }

    /// Writes what was asked for; `false` where nothing but a drawing was.
    fn write(&self, frame: &Frame) -> Outcome<bool> {
        if let Some(path) = &self.png {
            self.write_pictures(path, frame)?;
        }
        if self.text {
            output::line(&frame.text)?;
            let mut face = frame.face.iter().flat_map(Face::texts);
            face.try_for_each(output::line)?;
        } else if self.json {
            output::json(&report::frame_json(frame))?;
        }
        Ok(self.text || self.json)
    }

    /// Writes the token's QR to the file that was asked for, and the face's QRs to files of the
    /// same name with numbers.
    fn write_pictures(&self, path: &Path, frame: &Frame) -> Outcome {
        files::replace(path, &Canvas::new(&frame.symbol).to_png(PNG_SCALE))?;
        let face = frame.face.iter().flat_map(Face::symbols);
        for (number, symbol) in (1..).zip(face) {
            let picture = Canvas::new(symbol).to_png(PNG_SCALE);
            files::replace(&face_file(path, number), &picture)?;
        }
        Ok(())
    }
}

/// The file of a frame of the face, counted from 1: `qr-face-1.png` beside `qr.png`.
fn face_file(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-face-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

async fn once(wallet: &Wallet, mut presentation: Presentation, sink: &Sink) -> Outcome {
    let frame = presentation
        .frame(wallet.reading())
        .await
        .map_err(|error| failure(&error))?;
    let written = sink.write(&frame);
    // Even where the picture failed, the log entry says that the license was shown.
    let logged = presentation.end().await.map_err(|error| not_logged(&error));
    if !written? {
        draw(&frame, sink)?;
    }
    logged
}

/// Draws one QR and says how it stands; a PNG instead where there is no room. A single picture is
/// the token's: a face takes several.
fn draw(frame: &Frame, sink: &Sink) -> Outcome {
    let canvas = Canvas::new(&frame.symbol);
    let window = Window::measure();
    let state = state_words(frame.standing, frame.age_s, Style::detect());
    let good_until = format!("good until {}", frame.expires_at.to_rfc3339());
    if let Some(path) = &sink.png {
        let face = match &frame.face {
            Some(face) => {
                let last = face_file(path, face.count());
                format!(", your face beside it up to {}", last.display())
            }
            None => String::new(),
        };
        return output::line(&format!(
            "{state}; {good_until}. The QR is in {}{face}",
            path.display()
        ));
    }
    let drawing = Drawing::choose(&canvas, window, 0);
    if drawing == Drawing::File {
        files::replace(&sink.fallback, &canvas.to_png(PNG_SCALE))?;
        let too_small = terminal::too_small(&canvas, window, 0);
        let path = sink.fallback.display();
        return output::line(&format!(
            "{too_small}\nThe QR is in {path}\n{state}; {good_until}"
        ));
    }
    // Where the window is just large enough, the words scroll away and not the QR.
    let tight = window.is_some_and(|window| window.rows < canvas.rows().saturating_add(WORDS));
    let words = format!("{state}; {good_until}");
    if tight {
        output::line(&words)?;
        return Inline::new(drawing).draw(&canvas);
    }
    Inline::new(drawing).draw(&canvas)?;
    output::line(&words)
}

/// One QR after another for a program: a line of text or JSON each, or the PNG anew. The log entry
/// is written however the showing ends.
async fn stream(wallet: &Wallet, mut presentation: Presentation, sink: &Sink) -> Outcome {
    let mut stop = live::Signals::new()?;
    let refreshing = live::Refreshing::start(wallet);
    let written = frames(wallet, &mut presentation, sink, &mut stop).await;
    refreshing.stop().await;
    let logged = presentation.end().await;
    written?;
    logged.map_err(|error| not_logged(&error))
}

async fn frames(
    wallet: &Wallet,
    presentation: &mut Presentation,
    sink: &Sink,
    stop: &mut live::Signals,
) -> Outcome {
    loop {
        let frame = match presentation.frame(wallet.reading()).await {
            Ok(frame) => frame,
            Err(Error::PresentationEnded) => return Ok(()),
            Err(Error::ChallengeOver) => {
                output::note(ASK_AGAIN);
                return Ok(());
            }
            Err(error) => return Err(failure(&error)),
        };
        let rotates = Instant::now() + live::rotation(&frame);
        sink.write(&frame)?;
        if output::reader_is_gone() || stop.within(rotates).await {
            return Ok(());
        }
    }
}

async fn on_the_screen(
    wallet: &Wallet,
    presentation: Presentation,
    title: &str,
    sink: &Sink,
) -> Outcome {
    let caption = Caption {
        title,
        png: &sink.fallback,
        keep_png: false,
    };
    let seen = |frame: &Frame| sink.write(frame).map(|_| ());
    match live::show(wallet, presentation, &caption, seen).await? {
        End::TimeUp => output::line(
            "The presentation ended by itself after five minutes; `show` starts a new one.",
        ),
        End::AskAgain => output::line(ASK_AGAIN),
        End::Stopped => Ok(()),
    }
}

fn read_challenge(wallet: &Wallet, text: &str) -> Outcome<ReaderRequest> {
    // Digits are printed and read out in two groups of four.
    let grouped = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ');
    let text = &if grouped {
        text.replace(' ', "")
    } else {
        text.to_owned()
    };
    wallet.read_challenge(text).map_err(|error| match error {
        Error::Credential(_) => Failure::bad_input(format!(
            "--challenge cannot be answered: {error}; give the DLQ1: text of the officer's QR, or the 8 digits"
        )),
        error => failure(&error),
    })
}

fn who_asks(request: &ReaderRequest) -> String {
    match request.proven_name() {
        Some(name) => format!("Asked by {name}, proven by the trust list."),
        None if request.reader() == vidimus_credential::presentation::CODE => {
            "Answering the 8 digits.".to_owned()
        }
        None => format!("Asked by \"{}\", which nothing proves.", request.reader()),
    }
}

fn title(license: Option<&License>, who: Option<&str>, with_face: bool) -> String {
    let name = license.map_or_else(String::new, |license| {
        format!("{} {}", license.given_names(), license.family_name())
            .trim()
            .to_owned()
    });
    let face = with_face.then_some("with your face");
    let mut title = name;
    for words in [who, face].into_iter().flatten() {
        title.push_str(" · ");
        title.push_str(words);
    }
    title
}
