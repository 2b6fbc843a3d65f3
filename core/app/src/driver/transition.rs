//! The transition from one state to the next by one event: which effects begin and stop, and which
//! page follows.

use vidimus_wallet::ports::Reading;

use super::pages::{Blocked, Page, Welcome};
use super::{HistoryRequest, Pending, State, Touches};
use crate::effect::{Ask, Effect, End, Task};
use crate::event::Outcome;
use crate::trouble::Trouble;

/// A state while it is changed, and what is to be done because of it.
pub(super) struct Transition {
    pub(super) state: State,
    pub(super) now: Reading,
    effects: Vec<Effect>,
}

impl Transition {
    pub(super) fn new(state: State, now: Reading) -> Self {
        Self {
            state,
            now,
            effects: Vec::new(),
        }
    }

    pub(super) fn end(self) -> (State, Vec<Effect>) {
        (self.state, self.effects)
    }

    /// Begins something that belongs to the page that is on.
    pub(super) fn start(&mut self, task: Task) -> u64 {
        self.begin_task(task, true)
    }

    /// Begins something that belongs to no page.
    pub(super) fn start_apart(&mut self, task: Task) -> u64 {
        self.begin_task(task, false)
    }

    fn begin_task(&mut self, task: Task, bound: bool) -> u64 {
        let id = self.next_id();
        self.state.pending.push(Pending {
            id,
            ask: None,
            end: task.end(),
            bound,
            keeps_awake: task.keeps_awake(),
            ends_showing: matches!(task, Task::EndShowing { .. }),
            touches: Touches::of(&task),
        });
        self.effects.push(Effect::Do { id, task });
        id
    }

    /// Asks the shell for something, for as long as this page is on.
    pub(super) fn ask(&mut self, ask: Ask) -> u64 {
        let id = self.next_id();
        self.state.pending.push(Pending {
            id,
            ask: Some(ask),
            end: End::Abandoned,
            bound: true,
            keeps_awake: false,
            ends_showing: false,
            touches: Touches::Nothing,
        });
        self.effects.push(Effect::Ask { id, ask });
        id
    }

    fn next_id(&mut self) -> u64 {
        self.state.last_id = self.state.last_id.saturating_add(1);
        self.state.last_id
    }

    /// Takes an effect off the list of pending ones. `false` where it is not in the list: then its
    /// answer is ignored.
    pub(super) fn finish(&mut self, id: u64) -> bool {
        let before = self.state.pending.len();
        self.state.pending.retain(|pending| pending.id != id);
        self.state.pending.len() < before
    }

    /// What the shell was asked to do by an effect that is not done.
    pub(super) fn asked(&self, id: u64) -> Option<Ask> {
        let mut pending = self.state.pending.iter();
        pending.find(|pending| pending.id == id)?.ask
    }

    /// Gives an effect up: it is stopped, and its answer is ignored.
    pub(super) fn abandon(&mut self, id: u64) {
        if self.finish(id) {
            self.effects.push(Effect::Stop { id });
        }
    }

    /// Asks an effect to end. Its answer still counts.
    pub(super) fn request_stop(&mut self, id: u64) {
        self.effects.push(Effect::Stop { id });
    }

    /// Stops everything that need not be completed. An enrollment is completed as soon as it can
    /// be.
    pub(super) fn stop_all(&mut self) {
        self.stop_changes_early();
        self.leave_pending(|_| true);
    }

    /// Whether a license is being added or removed.
    pub(super) fn is_changing(&self) -> bool {
        let mut pending = self.state.pending.iter();
        pending.any(|pending| pending.touches == Touches::Changes)
    }

    /// Asks the tasks that change the wallet to end early. Their outcomes still count.
    pub(super) fn stop_changes_early(&mut self) {
        let pending = self.state.pending.iter();
        let changing = pending.filter(|pending| pending.touches == Touches::Changes);
        let stops = changing.map(|pending| Effect::Stop { id: pending.id });
        self.effects.extend(stops);
    }

    /// Gives up readings of the licenses that began before the last change.
    pub(super) fn forget_readings(&mut self) {
        self.leave_pending(|pending| pending.touches == Touches::Reads);
    }

    fn leave_pending(&mut self, concerned: impl Fn(&Pending) -> bool) {
        let mut stopped = Vec::new();
        self.state.pending.retain(|pending| {
            if !concerned(pending) {
                return true;
            }
            let goes_on = pending.end == End::ToItsEnd;
            if !goes_on {
                stopped.push(pending.id);
            }
            goes_on
        });
        let stops = stopped.into_iter().map(|id| Effect::Stop { id });
        self.effects.extend(stops);
    }

    /// Goes to another page. What was under way for this one is stopped, or is completed without
    /// it.
    pub(super) fn go(&mut self, page: Page) {
        self.leave_show();
        self.leave_pending(|pending| pending.bound);
        self.state.history = HistoryRequest::None;
        self.state.unlocking = None;
        self.state.page = page;
    }

    /// Takes the page, so that its parts can be moved into another one.
    pub(super) fn take_page(&mut self) -> Page {
        std::mem::replace(&mut self.state.page, Page::Opening)
    }

    /// Goes to the licenses, or where there is none to the page that says how to get one. Without
    /// an open wallet it does nothing.
    pub(super) fn home(&mut self) {
        match &self.state.open {
            Some(open) if open.has_licenses() => self.go(Page::License),
            Some(_) => self.go(Page::Welcome(Welcome::default())),
            None => {}
        }
    }

    pub(super) fn block(&mut self, trouble: Trouble) {
        self.go(Page::Blocked(Blocked {
            trouble,
            unlocking: None,
            waits: false,
        }));
    }

    /// Takes the outcome of a task. One that is not waited for does nothing.
    pub(super) fn done(&mut self, id: u64, outcome: Outcome) {
        if self.asked(id).is_some() || !self.finish(id) {
            return;
        }
        match outcome {
            Outcome::Opened(result) => self.opened(id, result),
            Outcome::NotSetAside(failure) => self.not_set_aside(id, failure),
            Outcome::OfferRead(result) => self.offer_read(id, result),
            Outcome::Enrolled(result, licenses) => self.enrolled(id, &result, licenses),
            Outcome::SignInBegan(result, after) => self.sign_in_began(id, result, after),
            Outcome::Resumed(result, after) => self.resumed(id, &result, after),
            Outcome::Abandoned(result, after) | Outcome::Dismissed(result, after) => {
                self.given_up(result, after);
            }
            Outcome::Removed(result, licenses) => self.removed(id, result, licenses),
            Outcome::Refreshed(result, licenses) => self.refreshed(id, result, licenses),
            Outcome::Reread(result) => self.reread(result),
            Outcome::Began(result) => self.began(id, result),
            Outcome::Framed(result) => self.framed(id, result),
            Outcome::Ended => {}
            Outcome::QuestionRead(result) => self.question_read(id, result),
            Outcome::History(result) => self.history_read(id, result),
        }
    }

    /// Does what follows without an event: from time that passed, and from the page that is on.
    pub(super) fn settle(&mut self) {
        self.time_passes();
        let is_bare = !self
            .state
            .open
            .as_ref()
            .is_some_and(|open| open.has_licenses());
        if is_bare && matches!(self.state.page, Page::License) {
            self.home();
        }
        self.continue_setting_aside();
        self.read_waiting_link();
        self.read_wanted_history();
        self.keep_fresh();
    }
}
