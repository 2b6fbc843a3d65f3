//! The logic of the app that checks licenses, as pure functions.
//!
//! [`officer_update`] takes a state, an event and the clocks, and gives the next state and the
//! effects. [`officer_screen`] gives what is on the screen. An officer uses it, or anyone else: the
//! log of the latter holds nothing personal.
//!
//! Nothing personal outlasts its page: a verdict goes when the officer leaves it or the app, and by
//! itself after two minutes. Nothing is kept for the case that the system ends the app.

mod actions;
mod book;
mod doubt;
pub mod effect;
pub mod event;
mod looking;
mod pages;
mod transition;
pub(crate) mod verdict;
mod view;

pub use view::screen as officer_screen;

use std::time::Duration;

use vidimus_wallet::ports::Reading;

use self::book::OpenBook;
use self::effect::{OfficerAsk, OfficerEffect, OfficerShellEffect};
use self::event::OfficerEvent;
use self::pages::Page;
use self::transition::Transition;

/// After how long without news a verdict is taken off the screen.
pub const VERDICT_LIFE: Duration = Duration::from_secs(120);

/// The state of the app. It holds a license while one is on the screen: no `Debug`.
pub struct OfficerState {
    page: Page,
    seen: bool,
    closed: bool,
    /// The effects that have begun and are not done.
    pending: Vec<Pending>,
    last_id: u64,
    /// The number of the newest typing.
    edit: u64,
    /// How many verdicts were announced.
    announced: u64,
    /// After how many days a check is deleted from the log.
    log_days: u16,
    /// The effect that reads the log for its page.
    log_reading: Option<u64>,
    book: Option<OpenBook>,
}

/// An effect that is not done.
#[derive(Clone, Copy)]
struct Pending {
    id: u64,
    /// What the shell does; none where Rust does it.
    ask: Option<OfficerAsk>,
}

impl OfficerState {
    /// The state before the app starts. A check is deleted from the log after `log_days` days.
    #[must_use]
    pub const fn new(log_days: u16) -> Self {
        Self {
            page: Page::Opening,
            seen: false,
            closed: false,
            pending: Vec::new(),
            last_id: 0,
            edit: 0,
            announced: 0,
            log_days,
            log_reading: None,
            book: None,
        }
    }

    /// What the shell must do now. Each is in every update until the shell has answered.
    #[must_use]
    pub fn shell_effects(&self) -> Vec<OfficerShellEffect> {
        let asked = self.pending.iter().filter_map(|pending| {
            Some(OfficerShellEffect {
                id: pending.id,
                ask: pending.ask?,
            })
        });
        asked.collect()
    }

    /// Whether what belongs to a look, to a question or to a file of the log may still be used. The
    /// runner keeps it until then, and no longer: it is personal.
    #[must_use]
    pub fn needs(&self, id: u64) -> bool {
        match &self.page {
            Page::Look(look) => {
                let question = look.answers.as_ref().map(|doubt| doubt.question.id);
                look.look == id || question == Some(id)
            }
            Page::Doubt(doubt) => doubt.question.as_ref().is_some_and(|asked| asked.id == id),
            Page::Log(log) => log.sharing.is_some_and(|(written, _)| written == id),
            Page::Opening | Page::Blocked(_) | Page::Start => false,
        }
    }

    /// Whether the picture of this id is on the screen, or may be again.
    #[must_use]
    pub fn needs_picture(&self, id: &str) -> bool {
        let has =
            |shown: &pages::Shown| matches!(&shown.judged.face, event::Face::Here(it) if it == id);
        match &self.page {
            Page::Look(look) => {
                let first = look.answers.as_ref().map(|doubt| &doubt.first);
                look.shown.as_ref().into_iter().chain(first).any(has)
            }
            Page::Doubt(doubt) => has(&doubt.first),
            Page::Opening | Page::Blocked(_) | Page::Start | Page::Log(_) => false,
        }
    }

    /// After how long something changes by itself, so that [`OfficerEvent::Tick`] is due; none
    /// where nothing does.
    #[must_use]
    pub fn wakes_in(&self, now: Reading) -> Option<Duration> {
        if !self.seen || self.closed {
            return None;
        }
        let page = match &self.page {
            Page::Look(look) => looking::look_changes_in(look, now),
            Page::Doubt(doubt) => Some(doubt::doubt_changes_in(doubt, now)),
            Page::Opening | Page::Blocked(_) | Page::Start | Page::Log(_) => None,
        };
        let is_start = matches!(self.page, Page::Start);
        let book = self.book.as_ref();
        let book = book.and_then(|book| book.changes_in(now, is_start));
        page.into_iter().chain(book).min()
    }
}

/// What follows from an event: the next state, and what is to be done.
#[must_use]
pub fn officer_update(
    state: OfficerState,
    event: OfficerEvent,
    now: Reading,
) -> (OfficerState, Vec<OfficerEffect>) {
    if state.closed {
        return (state, Vec::new());
    }
    let mut transition = Transition::new(state, now);
    match event {
        OfficerEvent::Start => transition.begin(),
        OfficerEvent::Action(action) => transition.act_on(action),
        OfficerEvent::Done { id, outcome } => transition.done(id, outcome),
        OfficerEvent::Tick => {}
        OfficerEvent::Close => {
            transition.stop_all();
            transition.state.page = Page::Opening;
            transition.state.closed = true;
            return transition.end();
        }
    }
    transition.settle();
    transition.end()
}
