//! A license on the screen: the QR, new every ten seconds in place, a countdown, and the state with
//! its age. Beside it the wallet refreshes what is due, and the next QR carries the newer status.
//! Where the driver shows the face too, its QRs come in turn with the token's.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use vidimus_credential::Standing;
use vidimus_wallet::present::{Frame, Presentation, Turn};
use vidimus_wallet::{CancelToken, Error, Wallet};

use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::terminal::{self, Canvas, Drawing, Screen, Window};
use crate::wallet_failure::{failure, not_logged};
use crate::{files, report};

/// Columns that words need beside a QR.
const BESIDE: u16 = 36;

/// How a presentation on the screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Its five minutes are over.
    TimeUp,
    /// It answered a question, whose time is over.
    AskAgain,
    /// Ctrl-C, or the terminal went away.
    Stopped,
}

/// The words beside the QR that do not change.
pub(crate) struct Caption<'a> {
    /// The driver's name, or the reader's.
    pub(crate) title: &'a str,
    /// Where the PNG goes when the window is too small; it is removed at the end.
    pub(crate) png: &'a Path,
    /// Whether someone else put the PNG there and wants it.
    pub(crate) keep_png: bool,
}

/// Shows `presentation` until its end or Ctrl-C; `seen` gets every frame. The log entry is written
/// however it ends.
pub(crate) async fn show(
    wallet: &Wallet,
    mut presentation: Presentation,
    caption: &Caption<'_>,
    seen: impl FnMut(&Frame) -> Outcome,
) -> Outcome<End> {
    let mut signals = Signals::new()?;
    let refreshing = Refreshing::start(wallet);
    let end = frames(wallet, &mut presentation, caption, &mut signals, seen).await;
    if !caption.keep_png {
        let _ = std::fs::remove_file(caption.png);
    }
    let logged = presentation.end().await;
    refreshing.stop().await;
    let end = end?;
    logged.map_err(|error| not_logged(&error))?;
    Ok(end)
}

/// One frame after another, on a screen that is given back at the end.
async fn frames(
    wallet: &Wallet,
    presentation: &mut Presentation,
    caption: &Caption<'_>,
    signals: &mut Signals,
    mut seen: impl FnMut(&Frame) -> Outcome,
) -> Outcome<End> {
    let mut painter = Painter::new(caption)?;
    let begun = Instant::now();
    loop {
        let frame = match presentation.frame(wallet.reading()).await {
            Ok(frame) => frame,
            Err(Error::PresentationEnded) => return Ok(End::TimeUp),
            Err(Error::ChallengeOver) => return Ok(End::AskAgain),
            Err(error) => return Err(failure(&error)),
        };
        let rotates = Instant::now() + rotation(&frame);
        seen(&frame)?;
        let on = OnGlass {
            frame: &frame,
            rotates,
            begun,
        };
        let remaining = || presentation.remaining(wallet.reading());
        if !on.wait(&mut painter, signals, remaining).await? {
            return Ok(End::Stopped);
        }
    }
}

/// How long a frame stays.
pub(crate) fn rotation(frame: &Frame) -> Duration {
    let seconds = frame.rotates_at.signed_since(frame.issued_at);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1))
}

/// A frame that is on the screen, and when the next one comes.
struct OnGlass<'a> {
    frame: &'a Frame,
    rotates: Instant,
    /// When the first turn of token and face began; a new token does not begin them anew.
    begun: Instant,
}

impl OnGlass<'_> {
    /// Draws token and face in turn, and counts down to the next token; `false` where someone asked
    /// to stop.
    async fn wait(
        &self,
        painter: &mut Painter<'_>,
        signals: &mut Signals,
        remaining: impl Fn() -> Duration,
    ) -> Outcome<bool> {
        let mut drawn = None;
        while let Some(left) = self.rotates.checked_duration_since(Instant::now()) {
            let (turn, turn_left) = self.frame.turns().at(self.begun.elapsed());
            if drawn == Some(turn) {
                painter.words(self, remaining())?;
            } else {
                painter.draw(self, turn, remaining())?;
                drawn = Some(turn);
            }
            // Until the number of whole seconds changes, or the turn.
            let tick = Duration::from_nanos(u64::from(left.subsec_nanos()) + 1_000_000);
            tokio::select! {
                () = tokio::time::sleep(tick.min(turn_left)) => {}
                stop = signals.next() => match stop {
                    Asked::Stop => return Ok(false),
                    Asked::Redraw => drawn = None,
                },
            }
        }
        Ok(true)
    }
}

/// The refresh of what is due, beside a presentation.
pub(crate) struct Refreshing {
    cancel: CancelToken,
    task: JoinHandle<Result<(), Error>>,
}

impl Refreshing {
    /// Begins. A failure changes nothing but the status's age; the wallet tries again by itself.
    pub(crate) fn start(wallet: &Wallet) -> Self {
        let cancel = CancelToken::new();
        let (wallet, token) = (wallet.clone(), cancel.clone());
        let task = tokio::spawn(async move { wallet.keep_fresh(&token, |_| {}).await });
        Self { cancel, task }
    }

    /// Ends, without waiting for a slow network: death at any instant loses nothing.
    pub(crate) async fn stop(self) {
        self.cancel.cancel();
        let _ = tokio::time::timeout(Duration::from_secs(1), self.task).await;
    }
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Stop,
    Redraw,
}

/// Ctrl-C, a polite kill, a terminal that goes away, and one that changes its size.
pub(crate) struct Signals {
    stops: [Signal; 3],
    resized: Signal,
}

impl Signals {
    /// Begins to listen; from now on Ctrl-C does not end the process by itself.
    pub(crate) fn new() -> Outcome<Self> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::not_done(format!("cannot wait for signals: {error}")))
        };
        Ok(Self {
            stops: [
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
            ],
            resized: listen(SignalKind::window_change())?,
        })
    }

    /// Waits until `end`; `true` where someone asked to stop before.
    pub(crate) async fn within(&mut self, end: Instant) -> bool {
        let sleep = tokio::time::sleep_until(end.into());
        tokio::pin!(sleep);
        loop {
            tokio::select! {
                () = &mut sleep => return false,
                asked = self.next() => if asked == Asked::Stop {
                    return true;
                },
            }
        }
    }

    async fn next(&mut self) -> Asked {
        let [interrupt, terminate, hangup] = &mut self.stops;
        tokio::select! {
            _ = interrupt.recv() => Asked::Stop,
            _ = terminate.recv() => Asked::Stop,
            _ = hangup.recv() => Asked::Stop,
            _ = self.resized.recv() => Asked::Redraw,
        }
    }
}

/// Puts frames into the window as it is now.
struct Painter<'a> {
    screen: Screen,
    caption: &'a Caption<'a>,
    style: Style,
    layout: Option<Layout>,
}

/// How the window is shared by QR and words.
struct Layout {
    canvas: Canvas,
    drawing: Drawing,
    rows: u16,
    beside: bool,
    too_small: Option<String>,
}

impl<'a> Painter<'a> {
    fn new(caption: &'a Caption<'a>) -> Outcome<Self> {
        Ok(Self {
            screen: Screen::take()?,
            caption,
            style: Style::detect(),
            layout: None,
        })
    }

    fn draw(&mut self, on: &OnGlass<'_>, turn: Turn, remaining: Duration) -> Outcome {
        let layout = Self::lay_out(Canvas::new(on.frame.symbol_at(turn)));
        if layout.drawing == Drawing::File {
            files::replace(self.caption.png, &layout.canvas.to_png(8))?;
        }
        let words = self.compose(&layout, on, remaining);
        self.screen
            .draw(&layout.canvas, layout.drawing, &words, layout.beside)?;
        self.layout = Some(layout);
        Ok(())
    }

    fn words(&self, on: &OnGlass<'_>, remaining: Duration) -> Outcome {
        let Some(layout) = &self.layout else {
            return Ok(());
        };
        let words = self.compose(layout, on, remaining);
        self.screen
            .words(&layout.canvas, layout.drawing, &words, layout.beside)
    }

    fn lay_out(canvas: Canvas) -> Layout {
        let window = Window::measure();
        for rows in [2, 1, 0] {
            let drawing = Drawing::choose(&canvas, window, rows);
            if drawing == Drawing::Blocks {
                let wide = canvas.columns().saturating_add(BESIDE);
                let beside = rows < 2 && window.is_some_and(|window| window.columns >= wide);
                return Layout {
                    canvas,
                    drawing,
                    rows,
                    beside,
                    too_small: None,
                };
            }
        }
        let too_small = Some(terminal::too_small(&canvas, window, 1));
        Layout {
            canvas,
            drawing: Drawing::File,
            rows: 2,
            beside: false,
            too_small,
        }
    }

    fn compose(&self, layout: &Layout, on: &OnGlass<'_>, remaining: Duration) -> Vec<String> {
        let frame = on.frame;
        let left = on.rotates.saturating_duration_since(Instant::now());
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let state = state_words(frame.standing, frame.age_s, self.style);
        let countdown = format!("new QR in {seconds:>2} s {}", bar(left, rotation(frame)));
        let title = self.style.bold(self.caption.title);
        if let Some(too_small) = &layout.too_small {
            let place = format!("The QR is in {}", self.caption.png.display());
            let hint = "Open it with a viewer that notices changes, or make this window larger."
                .to_owned();
            return vec![
                title,
                state,
                countdown,
                String::new(),
                too_small.clone(),
                place,
                hint,
            ];
        }
        if layout.beside {
            return vec![
                title,
                state,
                String::new(),
                countdown,
                String::new(),
                self.style.dim("Ctrl-C ends"),
            ];
        }
        match layout.rows {
            0 => Vec::new(),
            1 => vec![format!("{state} · {countdown}")],
            _ => {
                let minutes = remaining.as_secs() / 60;
                let end = format!(
                    "Ctrl-C ends; by itself in {minutes}:{:02}",
                    remaining.as_secs() % 60
                );
                vec![
                    format!("{title} · {state}"),
                    format!("{countdown}  {}", self.style.dim(&end)),
                ]
            }
        }
    }
}

/// How the license stands and how old its status is, in words and, where there are colors, in one.
pub(crate) fn state_words(standing: Standing, age_s: Option<u64>, style: Style) -> String {
    let words = report::standing_words(standing, style);
    match age_s {
        Some(age) => format!("{words}, status {} old", report::duration_words(age)),
        None => format!("{words}, no status yet"),
    }
}

/// What is left, as ten cells.
pub(crate) fn bar(left: Duration, whole: Duration) -> String {
    let tenths = left.as_millis() * 10 / whole.as_millis().max(1);
    let full = usize::try_from(tenths).unwrap_or(10).min(10);
    format!("{}{}", "━".repeat(full), "·".repeat(10 - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_runs_from_full_to_empty() {
        let whole = Duration::from_secs(10);
        assert_eq!(bar(whole, whole), "━━━━━━━━━━");
        assert_eq!(bar(Duration::from_secs(3), whole), "━━━·······");
        assert_eq!(bar(Duration::ZERO, whole), "··········");
    }
}
