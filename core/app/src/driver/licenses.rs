//! The licenses: which is in front, and when the authority is asked.

use super::pages::Page;
use super::transition::Transition;
use crate::effect::Task;
use crate::event::{Overview, Refreshed, Scope};
use crate::trouble::Failure;
use vidimus_wallet::Error;
use vidimus_wallet::error::StorageError;
use vidimus_wallet::refresh::LONGEST_SLEEP;

impl Transition {
    pub(super) fn has_licenses(&self) -> bool {
        let open = self.state.open.as_ref();
        open.is_some_and(|open| open.has_licenses())
    }

    /// Brings another license to the front.
    pub(super) fn select(&mut self, index: u32) {
        let Some(open) = &mut self.state.open else {
            return;
        };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        if let Page::License = self.state.page
            && let Some(held) = open.overview.licenses.get(index)
        {
            let id = held.id.clone();
            open.bring(&id);
        }
    }

    /// Reads the licenses again, in the background.
    pub(super) fn read_again(&mut self) {
        if self.state.open.is_some() && self.state.opening.is_none() {
            self.start_apart(Task::Reread);
        }
    }

    /// Takes over what was read again. Where reading failed, what was read before stays.
    pub(super) fn reread(&mut self, result: Result<Overview, Failure>) {
        let now = self.now;
        let Some(open) = &mut self.state.open else {
            return;
        };
        let was_signing_in = open.overview.is_signing_in();
        let mut received = None;
        match result {
            Ok(overview) => {
                received = overview.received_since(&open.overview);
                open.take(overview, now);
            }
            Err(failure) => open.note(failure),
        }
        self.follow_licenses();
        self.follow_applications(was_signing_in, received.as_deref());
    }

    /// Asks the authority for the newest status, for a tap. A second tap does nothing.
    pub(super) fn refresh(&mut self) {
        let Some(open) = &mut self.state.open else {
            return;
        };
        let running = open.schedule.running;
        if self.state.opening.is_some() || running.is_some_and(|(_, scope)| scope == Scope::Now) {
            return;
        }
        // A refresh of everything replaces one of what is due.
        if let Some((id, _)) = running {
            self.abandon(id);
        }
        self.ask_authority(Scope::Now);
    }

    /// Asks for a newer status while a license is shown. The showing does not wait for it: the next
    /// code has what has come by then. A refresh of what is due gives way to it.
    pub(super) fn refresh_beside_showing(&mut self) {
        let Some(open) = &self.state.open else {
            return;
        };
        if !self.state.seen || self.state.opening.is_some() {
            return;
        }
        match open.schedule.running {
            Some((id, Scope::Due)) => self.abandon(id),
            Some((_, Scope::Opened | Scope::Now)) => return,
            None => {}
        }
        self.ask_authority(Scope::Opened);
    }

    fn ask_authority(&mut self, scope: Scope) {
        let id = self.start_apart(Task::Refresh { scope });
        if let Some(open) = &mut self.state.open {
            open.schedule.running = Some((id, scope));
        }
    }

    /// Refreshes what is due while the app is on the screen.
    pub(super) fn keep_fresh(&mut self) {
        let Some(open) = &self.state.open else {
            return;
        };
        let is_due = open.schedule.due.is_some_and(|due| due <= self.now.boot);
        let is_free = open.schedule.running.is_none() && self.state.opening.is_none();
        if is_due && is_free && self.state.seen {
            self.ask_authority(open.schedule.scope);
        }
    }

    pub(super) fn refreshed(
        &mut self,
        id: u64,
        result: Result<Refreshed, Failure>,
        licenses: Result<Overview, Failure>,
    ) {
        let now = self.now;
        let Some(open) = &mut self.state.open else {
            return;
        };
        let Some((_, scope)) = open.schedule.running.take_if(|running| running.0 == id) else {
            // Another wallet has been opened since.
            return;
        };
        let mut pause = LONGEST_SLEEP;
        match result {
            Ok(refreshed) => {
                open.learn(refreshed.requests, refreshed.failures);
                open.schedule.scope = Scope::Due;
                pause = pause.min(refreshed.next_in);
                open.schedule.next = Some(now.boot.saturating_add(refreshed.next_in));
            }
            // The next refresh continues where this one stopped.
            Err(Failure::Wallet(Error::Cancelled)) => {}
            // Another process has the wallet; it refreshes, too.
            Err(Failure::Wallet(Error::Storage(StorageError::Busy))) if scope != Scope::Now => {}
            Err(failure) => open.note(failure),
        }
        if open.schedule.due.is_some() {
            open.schedule.due = Some(now.boot.saturating_add(pause));
        }
        self.reread(licenses);
    }

    /// Adapts the page to the licenses that are there now.
    fn follow_licenses(&mut self) {
        let Some(open) = &self.state.open else {
            return;
        };
        if let Page::Settings(settings) = &mut self.state.page
            && settings.asked.as_ref().is_some_and(|id| !open.holds(id))
        {
            settings.asked = None;
            let unlocking = settings.unlocking.take();
            if let Some(unlocking) = unlocking {
                self.abandon(unlocking);
            }
        }
    }
}
