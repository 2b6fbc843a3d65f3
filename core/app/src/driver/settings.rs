//! What is stored, and how to remove it: the app asks first, and then the phone's lock is asked.

use vidimus_wallet::Error;

use super::pages::{Page, SettingsPage};
use super::transition::Transition;
use crate::effect::{Ask, Place, Task, UnlockReason};
use crate::event::{LockOutcome, Overview};
use crate::trouble::Failure;

/// The places that the settings lead to, and the words on each button.
pub(super) const LINKS: [(Place, &str); 3] = [
    (Place::Language, "settings.language"),
    (Place::Notifications, "settings.notifications"),
    (Place::Authority, "settings.help"),
];

impl Transition {
    /// Opens a place that the settings lead to.
    pub(super) fn open_place(&mut self, place: Place) {
        let is_link = LINKS.iter().any(|(link, _)| *link == place);
        if matches!(self.state.page, Page::Settings(_)) && is_link {
            self.leave_for(place);
        }
    }

    /// Opens the part of the app that checks licenses of others.
    pub(super) fn check_others(&mut self) {
        if self.is_home() {
            self.leave_for(Place::Check);
        }
    }

    pub(super) fn settings(&mut self) {
        if self.is_home() {
            self.go(Page::Settings(SettingsPage::default()));
        }
    }

    pub(super) fn ask_to_remove(&mut self, license: String) {
        let open = self.state.open.as_ref();
        let is_held = open.is_some_and(|open| open.holds(&license));
        if let Page::Settings(settings) = &mut self.state.page
            && !settings.is_busy()
            && is_held
        {
            settings.asked = Some(license);
        }
    }

    pub(super) fn keep_license(&mut self) {
        if let Page::Settings(settings) = &mut self.state.page
            && !settings.is_busy()
        {
            settings.asked = None;
        }
    }

    /// Asks the lock before the license that was asked about is removed.
    pub(super) fn remove(&mut self) {
        match &self.state.page {
            Page::Settings(settings) if settings.asked.is_some() && !settings.is_busy() => {}
            _ => return,
        }
        let reason = UnlockReason::Removing;
        let id = self.ask(Ask::Unlock { reason });
        if let Page::Settings(settings) = &mut self.state.page {
            settings.unlocking = Some(id);
        }
    }

    /// A phone without a lock cannot ask. Where the lock does not open, the license and the
    /// question stay.
    pub(super) fn unlocked_for_removal(&mut self, id: u64, outcome: LockOutcome) {
        let Page::Settings(settings) = &mut self.state.page else {
            return;
        };
        if settings.unlocking.take_if(|asked| *asked == id).is_none() {
            return;
        }
        let goes_on = matches!(outcome, LockOutcome::Opened | LockOutcome::NoLock);
        if goes_on && let Some(license) = settings.asked.clone() {
            let id = self.start(Task::Remove { license });
            if let Page::Settings(settings) = &mut self.state.page {
                settings.removing = Some(id);
            }
        }
    }

    /// The license was removed. One that another process removed counts as removed too.
    pub(super) fn removed(
        &mut self,
        id: u64,
        result: Result<(), Failure>,
        licenses: Result<Overview, Failure>,
    ) {
        let is_here = match &mut self.state.page {
            Page::Settings(settings) if settings.removing == Some(id) => {
                settings.removing = None;
                settings.asked = None;
                true
            }
            _ => false,
        };
        self.forget_readings();
        self.reread(licenses);
        match result {
            Ok(()) | Err(Failure::Wallet(Error::NoSuchLicense)) => {
                if is_here && !self.has_licenses() {
                    self.home();
                }
            }
            Err(failure) => {
                self.note(failure);
                if is_here {
                    self.home();
                }
            }
        }
    }
}
