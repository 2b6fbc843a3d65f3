//! The logic of the driver's app, as pure functions.
//!
//! [`update`] takes a state, an event and the clocks, and gives the next state and the effects.
//! [`screen`] gives what is on the screen. Nothing here waits, and nothing here is a text for
//! people.

mod actions;
mod answer;
mod digits;
mod face;
mod history;
mod licenses;
mod links;
mod offer;
mod opening;
mod pages;
mod settings;
mod show;
mod sign_in;
mod sign_in_view;
mod snapshot;
mod transition;
mod view;
mod wallet;

pub use snapshot::{SNAPSHOT_LIFE, Snapshot, SnapshotPage};
pub use view::screen;
pub(crate) use view::{reader_name, status};

use std::time::Duration;

use vidimus_wallet::ports::Reading;

use self::pages::{Page, ShowStep};
use self::transition::Transition;
use self::wallet::OpenWallet;
use crate::effect::{Ask, Effect, End, ShellEffect, Task};
use crate::event::Event;

/// The state of the app. It holds what the driver typed: no `Debug`.
pub struct State {
    page: Page,
    /// Whether the phone has a screen lock, as far as is known.
    has_lock: bool,
    /// Whether the app is on the screen.
    seen: bool,
    closed: bool,
    /// The effects that have begun and are not done.
    pending: Vec<Pending>,
    last_id: u64,
    /// The number of the newest typing.
    edit: u64,
    /// The effect that opens the wallet.
    opening: Option<u64>,
    open: Option<OpenWallet>,
    /// Where the authority sends the browser back to; none where this app has no sign-in.
    sign_in_redirect: Option<String>,
    /// The effect that began the sign-in whose address the browser may still open.
    sign_in: Option<u64>,
    /// The text of a link that waits because the driver must not be disturbed.
    link: Option<String>,
    /// Whether the history was asked for on this page, and is being read.
    history: HistoryRequest,
    /// The effect that asks the lock for a trouble of the license in front.
    unlocking: Option<u64>,
    /// The snapshot from before the app was ended, until the wallet is open.
    kept: Option<Snapshot>,
}

/// An effect that is not done.
struct Pending {
    id: u64,
    /// What the shell does; none where Rust does it.
    ask: Option<Ask>,
    end: End,
    /// It belongs to the page that is on.
    bound: bool,
    keeps_awake: bool,
    ends_showing: bool,
    touches: Touches,
}

/// What an effect does with the licenses in the wallet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touches {
    Nothing,
    /// It only reads them.
    Reads,
    /// It adds or removes a license or an application.
    Changes,
}

impl Touches {
    const fn of(task: &Task) -> Self {
        match task {
            Task::Reread => Self::Reads,
            Task::Enroll { .. }
            | Task::Apply
            | Task::Resume { .. }
            | Task::Abandon
            | Task::Dismiss { .. }
            | Task::Remove { .. } => Self::Changes,
            Task::Open
            | Task::BeginAnew
            | Task::ReadOffer { .. }
            | Task::Refresh { .. }
            | Task::Present { .. }
            | Task::ReadQuestion { .. }
            | Task::Answer { .. }
            | Task::NextFrame { .. }
            | Task::EndShowing { .. }
            | Task::ReadHistory => Self::Nothing,
        }
    }
}

/// Whether the history was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HistoryRequest {
    None,
    /// It is read once the entry of the last showing is written.
    Waiting,
    /// It is read by this effect.
    Reading(u64),
}

impl State {
    /// The state before the app starts, with the snapshot from before it was ended.
    #[must_use]
    pub fn new(has_lock: bool, kept: Option<Snapshot>) -> Self {
        Self {
            page: Page::Opening,
            has_lock,
            seen: false,
            closed: false,
            pending: Vec::new(),
            last_id: 0,
            edit: 0,
            opening: None,
            open: None,
            sign_in_redirect: None,
            sign_in: None,
            link: None,
            history: HistoryRequest::None,
            unlocking: None,
            kept,
        }
    }

    /// The same state of an app that the authority sends the browser back to, at this address.
    #[must_use]
    pub fn with_sign_in(self, redirect: Option<String>) -> Self {
        Self {
            sign_in_redirect: redirect,
            ..self
        }
    }

    /// The effect that began the sign-in that is under way: the runner must keep its address.
    #[must_use]
    pub const fn sign_in(&self) -> Option<u64> {
        self.sign_in
    }

    /// What the shell must do now. Each is in every update until the shell has answered.
    #[must_use]
    pub fn shell_effects(&self) -> Vec<ShellEffect> {
        let asked = self.pending.iter().filter_map(|pending| {
            let ask = pending.ask?;
            Some(ShellEffect {
                id: pending.id,
                ask,
            })
        });
        let awake = self.pending.iter().find(|pending| pending.keeps_awake);
        let awake = awake.map(|pending| ShellEffect {
            id: pending.id,
            ask: Ask::StayAwake,
        });
        asked.chain(awake).collect()
    }

    /// After how long the authority must be asked again, by the last refresh: for a phone that
    /// plans a refresh in the background. None before the first.
    #[must_use]
    pub fn refresh_due_in(&self, now: Reading) -> Option<Duration> {
        let next = self.open.as_ref()?.schedule.next?;
        Some(next.saturating_sub(now.boot))
    }

    /// Whether what an effect has read may still be used. The runner must keep it until then.
    #[must_use]
    pub fn needs(&self, id: u64) -> bool {
        let asked = |page: &pages::AnswerPage| page.question.as_ref().is_some_and(|q| q.id == id);
        match &self.page {
            Page::Offer(offer) => offer.id == id,
            Page::Answer(answer) => asked(answer),
            Page::Scan(scan) => match &scan.origin {
                pages::ScanOrigin::Answer(answer) => asked(answer),
                pages::ScanOrigin::Welcome(_) => false,
            },
            Page::Show(show) => show.question.as_ref().is_some_and(|q| q.id == id),
            Page::Opening
            | Page::Blocked(_)
            | Page::Welcome(_)
            | Page::SignIn(_)
            | Page::License
            | Page::History(_)
            | Page::Settings(_) => false,
        }
    }

    /// After how long something changes by itself, so that [`Event::Tick`] is due; none where
    /// nothing does.
    #[must_use]
    pub fn wakes_in(&self, now: Reading) -> Option<Duration> {
        let code = match &self.page {
            Page::Offer(offer) => offer.code.as_ref().map(|code| snapshot::left(code.at, now)),
            _ => None,
        };
        let code = code.filter(|left| !left.is_zero());
        let showing = match &self.page {
            Page::Show(show) => match &show.step {
                ShowStep::On(showing) => show::changes_in(showing, now),
                _ => None,
            },
            _ => None,
        };
        let seen = self.open.as_ref().filter(|_| self.seen && !self.closed);
        let wallet = seen.and_then(|open| open.changes_in(now));
        [code, showing, wallet].into_iter().flatten().min()
    }
}

/// What follows from an event: the next state, and what is to be done.
#[must_use]
pub fn update(state: State, event: Event, now: Reading) -> (State, Vec<Effect>) {
    if state.closed {
        return (state, Vec::new());
    }
    let mut transition = Transition::new(state, now);
    match event {
        Event::Start => transition.begin(),
        Event::Action(action) => transition.act_on(action),
        Event::Done { id, outcome } => transition.done(id, outcome),
        Event::Tick => {}
        Event::Close => {
            transition.leave_show();
            transition.stop_all();
            transition.state.closed = true;
            return transition.end();
        }
    }
    transition.settle();
    transition.end()
}
