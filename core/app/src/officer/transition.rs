//! The transition from one state to the next by one event: which effects begin and stop, and which
//! page follows.

use vidimus_wallet::ports::Reading;

use super::book::OpenBook;
use super::effect::{OfficerAsk, OfficerEffect, OfficerTask};
use super::event::{Authority, BookFailure, Fetched, OfficerOutcome};
use super::pages::{Blocked, Page};
use super::verdict::trouble_of;
use super::{OfficerState, Pending};
use crate::effect::Effect;

/// A state while it is changed, and what is to be done because of it.
pub(super) struct Transition {
    pub(super) state: OfficerState,
    pub(super) now: Reading,
    effects: Vec<OfficerEffect>,
}

impl Transition {
    pub(super) const fn new(state: OfficerState, now: Reading) -> Self {
        Self {
            state,
            now,
            effects: Vec::new(),
        }
    }

    pub(super) fn end(self) -> (OfficerState, Vec<OfficerEffect>) {
        (self.state, self.effects)
    }

    /// Begins something that Rust does.
    pub(super) fn start(&mut self, task: OfficerTask) -> u64 {
        let id = self.next_id();
        self.state.pending.push(Pending { id, ask: None });
        self.effects.push(Effect::Do { id, task });
        id
    }

    /// Asks the shell for something.
    pub(super) fn ask(&mut self, ask: OfficerAsk) -> u64 {
        let id = self.next_id();
        let asked = Some(ask);
        self.state.pending.push(Pending { id, ask: asked });
        self.effects.push(Effect::Ask { id, ask });
        id
    }

    pub(super) const fn next_id(&mut self) -> u64 {
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
    pub(super) fn asked(&self, id: u64) -> Option<OfficerAsk> {
        let mut pending = self.state.pending.iter();
        pending.find(|pending| pending.id == id)?.ask
    }

    /// Gives an effect up: it is stopped, and its answer is ignored.
    pub(super) fn abandon(&mut self, id: u64) {
        if self.finish(id) {
            self.effects.push(Effect::Stop { id });
        }
    }

    /// Stops all effects that are under way.
    pub(super) fn stop_all(&mut self) {
        let pending: Vec<u64> = self.state.pending.iter().map(|it| it.id).collect();
        pending.into_iter().for_each(|id| self.abandon(id));
    }

    /// Goes to another page. What was under way for this one is stopped.
    pub(super) fn go(&mut self, page: Page) {
        let left = std::mem::replace(&mut self.state.page, page);
        let under_way: Vec<Option<u64>> = match left {
            Page::Look(look) => vec![look.camera, look.torch, look.taking],
            Page::Doubt(doubt) => vec![doubt.asking],
            Page::Log(log) => vec![log.exporting, log.sharing.map(|(_, shares)| shares)],
            Page::Opening | Page::Blocked(_) | Page::Start => Vec::new(),
        };
        for id in under_way.into_iter().flatten() {
            self.abandon(id);
        }
    }

    /// Goes to the first page. Without an open book it does nothing.
    pub(super) fn home(&mut self) {
        if self.state.book.is_some() {
            self.go(Page::Start);
        }
    }

    pub(super) fn begin(&mut self) {
        self.start(OfficerTask::Open);
    }

    /// Takes the outcome of a task. One that is not waited for does nothing.
    pub(super) fn done(&mut self, id: u64, outcome: OfficerOutcome) {
        if self.asked(id).is_some() || !self.finish(id) {
            return;
        }
        match outcome {
            OfficerOutcome::Opened(result) => self.opened(result),
            OfficerOutcome::Refreshed(result, after) => self.refreshed(id, &result, after),
            OfficerOutcome::Taken(result) => self.taken(id, result),
            OfficerOutcome::Asked(result) => self.question_made(id, result),
            OfficerOutcome::LogRead(result) => self.log_read(result),
            OfficerOutcome::Exported(result) => self.exported(id, result),
        }
    }

    fn opened(&mut self, result: Result<Vec<Authority>, BookFailure>) {
        match result {
            Ok(authorities) => {
                let mut book = OpenBook::new(authorities, self.now);
                if self.state.seen {
                    book.wake(self.now);
                }
                self.state.book = Some(book);
                self.go(Page::Start);
            }
            Err(failure) => self.go(Page::Blocked(Blocked {
                trouble: trouble_of(failure),
                working: false,
            })),
        }
    }

    fn refreshed(
        &mut self,
        id: u64,
        result: &Result<Fetched, BookFailure>,
        after: Result<Vec<Authority>, BookFailure>,
    ) {
        let now = self.now;
        let Some(book) = self
            .state
            .book
            .as_mut()
            .filter(|it| it.refreshing == Some(id))
        else {
            return;
        };
        (book.refreshing, book.is_awaited) = (None, false);
        match result {
            Ok(fetched) => book.fetched(fetched, now),
            Err(failure) => book.put_off(trouble_of(*failure), now),
        }
        match after {
            Ok(authorities) => book.take(authorities, now),
            Err(failure) => book.trouble = Some(trouble_of(failure)),
        }
    }

    /// Fetches what is due, or all that there is.
    pub(super) fn refresh(&mut self, all: bool) {
        let Some(book) = &mut self.state.book else {
            return;
        };
        if let Some(running) = book.refreshing {
            // A tap does not wait behind a refresh that fetches only a part.
            if !all || book.is_awaited {
                return;
            }
            self.abandon(running);
        }
        let id = self.start(OfficerTask::Refresh { all });
        if let Some(book) = &mut self.state.book {
            (book.refreshing, book.is_awaited) = (Some(id), all);
        }
    }

    /// Does what follows without an event: from time that passed, and from the page that is on.
    pub(super) fn settle(&mut self) {
        self.time_passes();
        let now = self.now;
        let is_due = |book: &OpenBook| book.is_due(now);
        if self.state.seen && self.state.book.as_ref().is_some_and(is_due) {
            self.refresh(false);
        }
    }
}
