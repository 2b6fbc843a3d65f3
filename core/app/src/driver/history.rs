//! The request for the history page.

use vidimus_wallet::activity_log::Activity;

use super::pages::Page;
use super::transition::Transition;
use super::{HistoryRequest, Pending};
use crate::effect::Task;
use crate::trouble::Failure;

impl Transition {
    /// Whether the driver is on a page that leads to history and settings.
    pub(super) fn is_home(&self) -> bool {
        match &self.state.page {
            Page::License => true,
            // Not while an offer is read: leaving would lose it.
            Page::Welcome(welcome) => {
                welcome.reading.is_none() && !self.has_licenses() && self.state.open.is_some()
            }
            _ => false,
        }
    }

    /// Asks for the history. The page opens once it was read: an empty one would say that nothing
    /// happened.
    pub(super) fn want_history(&mut self) {
        if self.is_home() && self.state.history == HistoryRequest::None {
            self.state.history = HistoryRequest::Waiting;
        }
    }

    /// Reads it once the entry of what was shown is written.
    pub(super) fn read_wanted_history(&mut self) {
        let is_writing = |pending: &Pending| pending.ends_showing;
        if self.state.history == HistoryRequest::Waiting
            && !self.state.pending.iter().any(is_writing)
        {
            self.state.history = HistoryRequest::Reading(self.start(Task::ReadHistory));
        }
    }

    pub(super) fn history_read(&mut self, id: u64, result: Result<Activity, Failure>) {
        if self.state.history != HistoryRequest::Reading(id) {
            return;
        }
        self.state.history = HistoryRequest::None;
        match result {
            Ok(activity) => self.go(Page::History(activity)),
            // A note beside the license, which can still be shown.
            Err(failure) => self.note(failure),
        }
    }
}
