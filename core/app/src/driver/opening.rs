//! Opening the wallet, the troubles that prevent it, and the actions that a trouble offers.

use super::State;
use super::pages::{Blocked, Page, ShowStep, Welcome};
use super::transition::Transition;
use super::wallet::OpenWallet;
use crate::effect::{Ask, Place, Task, UnlockReason};
use crate::event::{LockOutcome, Opened};
use crate::trouble::{Failure, Trouble, TroubleAction, trouble_of};

impl State {
    /// Whether a trouble that blocks the app is being worked on.
    pub(super) fn is_working(&self, blocked: &Blocked) -> bool {
        self.opening.is_some() || blocked.unlocking.is_some() || blocked.waits
    }
}

impl Transition {
    /// Starts the app. It does nothing a second time.
    pub(super) fn begin(&mut self) {
        if matches!(self.state.page, Page::Opening) && self.state.opening.is_none() {
            self.open();
        }
    }

    fn open(&mut self) {
        self.state.opening = Some(self.start_apart(Task::Open));
    }

    /// Opens the wallet again, where it is not being opened. The screen stays as it was meanwhile.
    pub(super) fn open_again(&mut self) {
        if self.state.opening.is_none() {
            self.stop_refresh();
            self.open();
        }
    }

    /// Stops a refresh of a wallet that is about to be closed.
    fn stop_refresh(&mut self) {
        let running = self
            .state
            .open
            .as_mut()
            .and_then(|open| open.schedule.stop());
        if let Some(running) = running {
            self.abandon(running);
        }
    }

    pub(super) fn opened(&mut self, id: u64, result: Result<Opened, Failure>) {
        if self.state.opening != Some(id) {
            return;
        }
        self.state.opening = None;
        match result {
            Ok(opened) => {
                let mut open = OpenWallet::new(opened, self.now);
                if self.state.seen {
                    open.schedule.begin(self.now);
                }
                self.state.open = Some(open);
                self.home();
                self.restore();
            }
            Err(failure) => {
                self.state.open = None;
                let trouble = self.found(failure);
                self.block(trouble);
            }
        }
    }

    /// The files could not be moved aside, so the wallet did not change.
    pub(super) fn not_set_aside(&mut self, id: u64, failure: Failure) {
        if self.state.opening == Some(id) {
            self.state.opening = None;
            self.block(trouble_of(failure, self.state.has_lock));
        }
    }

    /// The trouble that prevents the wallet from being opened.
    fn found(&self, failure: Failure) -> Trouble {
        let found = trouble_of(failure, self.state.has_lock);
        let was_lock = match &self.state.page {
            Page::Blocked(blocked) => blocked.trouble == Trouble::PasscodeRemoved,
            _ => false,
        };
        // There is a lock again, so this is the same phone, and its keys are gone.
        if was_lock && found == Trouble::OtherDevice {
            Trouble::KeyInvalidated
        } else {
            found
        }
    }

    /// Does the action that a trouble on the screen offers.
    pub(super) fn act(&mut self, action: TroubleAction) {
        if !self.offers(action) {
            return;
        }
        match action {
            TroubleAction::Retry | TroubleAction::Refresh => self.try_again(),
            // Once there is a lock, the same is tried again.
            TroubleAction::SetLock if self.state.has_lock => self.try_again(),
            TroubleAction::Unlock => self.unlock(),
            TroubleAction::BeginAnew => self.begin_anew(),
            TroubleAction::SetLock => self.leave_for(Place::Lock),
            TroubleAction::SetClock => self.leave_for(Place::Clock),
            TroubleAction::FreeStorage => self.leave_for(Place::Storage),
            TroubleAction::UpdateApp => self.leave_for(Place::Store),
            TroubleAction::AskAuthority => self.leave_for(Place::Authority),
        }
    }

    /// Whether it belongs to a trouble that is on the screen.
    fn offers(&self, action: TroubleAction) -> bool {
        match &self.state.page {
            Page::Blocked(blocked) => {
                !self.state.is_working(blocked) && blocked.trouble.action() == action
            }
            Page::Welcome(_) if action == TroubleAction::SetLock && !self.state.has_lock => true,
            // Where there is a license, its troubles are shown beside it.
            Page::Welcome(_) if self.has_licenses() => false,
            Page::License | Page::Welcome(_) => {
                let troubles = self.troubles();
                troubles.iter().any(|trouble| trouble.action() == action)
            }
            Page::Show(show) => match show.step {
                ShowStep::Failed(trouble) => trouble.action() == action,
                ShowStep::Locked(LockOutcome::NoLock) => action == TroubleAction::SetLock,
                _ => false,
            },
            Page::Offer(offer) => offer.wants_lock() && action == TroubleAction::SetLock,
            Page::SignIn(page) => page.wants_lock() && action == TroubleAction::SetLock,
            Page::Opening
            | Page::Scan(_)
            | Page::Answer(_)
            | Page::History(_)
            | Page::Settings(_) => false,
        }
    }

    fn troubles(&self) -> Vec<Trouble> {
        let open = self.state.open.as_ref();
        open.map_or_else(Vec::new, |open| {
            open.troubles(self.now, self.state.has_lock)
        })
    }

    fn try_again(&mut self) {
        match &self.state.page {
            Page::Blocked(_) => self.open_again(),
            Page::License | Page::Welcome(_) => self.refresh(),
            Page::Show(_) => self.show(),
            Page::Offer(_) => self.take_offer(),
            Page::SignIn(_) => self.sign_in(),
            Page::Opening
            | Page::Scan(_)
            | Page::Answer(_)
            | Page::History(_)
            | Page::Settings(_) => {}
        }
    }

    /// Asks the shell to open a place outside of the app, once at a time.
    pub(super) fn leave_for(&mut self, to: Place) {
        let ask = Ask::Leave { to };
        let is_asked = |pending: &super::Pending| pending.ask == Some(ask);
        if !self.state.pending.iter().any(is_asked) {
            self.ask(ask);
        }
    }

    fn unlock(&mut self) {
        // A showing asks the lock itself.
        if matches!(self.state.page, Page::Show(_)) {
            return self.show();
        }
        if self.state.unlocking.is_some() {
            return;
        }
        let reason = UnlockReason::Showing;
        let id = self.ask(Ask::Unlock { reason });
        match &mut self.state.page {
            Page::Blocked(blocked) => blocked.unlocking = Some(id),
            _ => self.state.unlocking = Some(id),
        }
    }

    pub(super) fn unlocked_for_trouble(&mut self, id: u64, outcome: LockOutcome) {
        let asked = match &mut self.state.page {
            Page::Blocked(blocked) => &mut blocked.unlocking,
            _ => &mut self.state.unlocking,
        };
        if *asked == Some(id) {
            *asked = None;
            if outcome == LockOutcome::Opened {
                self.try_again();
            }
        }
    }

    /// Replaces a wallet that cannot be used any more. Where one is open that can show a license,
    /// it is not set aside: only one license's key may be gone, and that license is issued again
    /// beside the others.
    fn begin_anew(&mut self) {
        let open = self.state.open.as_ref();
        let may_show = open.is_some_and(OpenWallet::may_show_any);
        match &self.state.page {
            // An open wallet may not be the cause: it is set aside only if it does not open again.
            Page::Blocked(_) if open.is_some() => self.open_again(),
            Page::Blocked(_) => self.set_aside(),
            _ if may_show => self.go(Page::Welcome(Welcome::default())),
            _ => {
                let Some(trouble) = self.trouble_to_begin_anew() else {
                    return;
                };
                self.block(trouble);
                self.set_aside();
            }
        }
    }

    /// Sets the wallet aside, once nothing is being written to it.
    fn set_aside(&mut self) {
        if self.state.opening.is_some() {
            return;
        }
        let is_changing = self.is_changing();
        if let Page::Blocked(blocked) = &mut self.state.page {
            blocked.waits = is_changing;
        }
        if is_changing {
            self.stop_changes_early();
            return;
        }
        self.stop_refresh();
        self.forget_readings();
        self.state.opening = Some(self.start_apart(Task::BeginAnew));
    }

    /// Sets the wallet aside where that waited. It is not needed where a license has come meanwhile
    /// that can be shown.
    pub(super) fn continue_setting_aside(&mut self) {
        let waits = matches!(&self.state.page, Page::Blocked(blocked) if blocked.waits);
        if !waits || self.is_changing() {
            return;
        }
        let open = self.state.open.as_ref();
        if open.is_some_and(OpenWallet::may_show_any) {
            self.home();
        } else {
            self.set_aside();
        }
    }

    /// The trouble on the screen that needs a new wallet.
    fn trouble_to_begin_anew(&self) -> Option<Trouble> {
        let wants = |trouble: &Trouble| trouble.action() == TroubleAction::BeginAnew;
        match &self.state.page {
            Page::Show(show) => match show.step {
                ShowStep::Failed(trouble) => Some(trouble).filter(wants),
                _ => None,
            },
            _ => self.troubles().into_iter().find(wants),
        }
    }
}
