//! The actions of the officer, and the answers of the shell.

use vidimus_wallet::reader::CheckLog;

use super::effect::{OfficerAsk, OfficerTask};
use super::event::{BookFailure, OfficerAction, OfficerAnswer};
use super::pages::{LogPage, Page};
use super::transition::Transition;
use crate::effect::Place;
use crate::trouble::TroubleAction;

impl Transition {
    pub(super) fn act_on(&mut self, action: OfficerAction) {
        match action {
            OfficerAction::Seen => self.app_seen(),
            OfficerAction::Left => self.app_left(),
            OfficerAction::Back => self.back(),
            OfficerAction::Refresh => {
                if matches!(self.state.page, Page::Start) {
                    self.refresh(true);
                }
            }
            OfficerAction::Check => self.check(),
            OfficerAction::Torch { on } => self.torch(on),
            OfficerAction::TypeInstead => self.type_instead(),
            OfficerAction::TypeText { text, edit } => self.type_text(text, edit),
            OfficerAction::ReadText => self.read_text(),
            OfficerAction::AllowCamera => self.allow_camera(),
            OfficerAction::Ask => self.ask_driver(false),
            OfficerAction::AskByDigits => self.ask_driver(true),
            OfficerAction::LookForAnswer => self.look_for_answer(),
            OfficerAction::Log => {
                if matches!(self.state.page, Page::Start) && !self.is_reading_log() {
                    let id = self.start(OfficerTask::ReadLog);
                    self.state.log_reading = Some(id);
                }
            }
            OfficerAction::Export => self.export(),
            OfficerAction::Act { action } => self.act(action),
            OfficerAction::Done { id, answer } => self.shell_done(id, answer),
        }
    }

    fn app_seen(&mut self) {
        if self.state.seen {
            return;
        }
        self.state.seen = true;
        let now = self.now;
        if let Some(book) = &mut self.state.book {
            book.wake(now);
        }
        // The officer comes back from the settings that may have solved the trouble.
        let cured = match &self.state.page {
            Page::Blocked(blocked) => blocked.trouble.action().is_cured_outside(),
            _ => false,
        };
        if cured {
            self.open_again(OfficerTask::Open);
        }
    }

    /// The app is not on the screen any more: what is personal goes, and nothing is fetched.
    fn app_left(&mut self) {
        self.state.seen = false;
        self.home();
        self.forget_log_reading();
        if let Some(book) = &mut self.state.book {
            book.is_awaited = false;
            if let Some(refreshing) = book.refreshing.take() {
                self.abandon(refreshing);
            }
        }
        // An officer who has left the app needs no other app opened.
        let leaving = self.state.pending.iter().filter_map(|pending| {
            let leaves = matches!(pending.ask, Some(OfficerAsk::Leave { .. }));
            leaves.then_some(pending.id)
        });
        let leaving: Vec<u64> = leaving.collect();
        leaving.into_iter().for_each(|id| self.abandon(id));
    }

    fn back(&mut self) {
        match &mut self.state.page {
            Page::Look(look) if look.typing.is_some() => self.look_again(),
            Page::Look(look) if look.shown.is_some() => self.home(),
            Page::Look(look) => match look.answers.take() {
                Some(doubt) => self.back_to_question(doubt, None),
                None => self.home(),
            },
            Page::Doubt(doubt) => {
                let first = doubt.first.clone();
                self.show_again(first);
            }
            Page::Log(_) => self.home(),
            Page::Opening | Page::Blocked(_) | Page::Start => {}
        }
    }

    fn is_reading_log(&self) -> bool {
        self.state.log_reading.is_some()
    }

    pub(super) fn forget_log_reading(&mut self) {
        if let Some(id) = self.state.log_reading.take() {
            self.abandon(id);
        }
    }

    /// The page opens once the log was read: an empty one would say that nothing was checked.
    pub(super) fn log_read(&mut self, result: Result<CheckLog, BookFailure>) {
        self.state.log_reading = None;
        match result {
            Ok(log) if matches!(self.state.page, Page::Start) => {
                self.go(Page::Log(LogPage {
                    log,
                    exporting: None,
                    sharing: None,
                    failed: false,
                }));
            }
            Ok(_) => {}
            Err(failure) => {
                if let Some(book) = &mut self.state.book {
                    book.trouble = Some(super::verdict::trouble_of(failure));
                }
            }
        }
    }

    fn export(&mut self) {
        let Page::Log(log) = &self.state.page else {
            return;
        };
        if log.exporting.is_some() || log.sharing.is_some() || log.log.entries.is_empty() {
            return;
        }
        let id = self.start(OfficerTask::Export);
        if let Page::Log(log) = &mut self.state.page {
            (log.exporting, log.failed) = (Some(id), false);
        }
    }

    pub(super) fn exported(&mut self, id: u64, result: Result<(), BookFailure>) {
        let Page::Log(log) = &mut self.state.page else {
            return;
        };
        log.exporting = None;
        log.failed = result.is_err();
        if result.is_ok() {
            let shares = self.ask(OfficerAsk::Share);
            if let Page::Log(log) = &mut self.state.page {
                log.sharing = Some((id, shares));
            }
        }
    }

    fn open_again(&mut self, task: OfficerTask) {
        if let Page::Blocked(blocked) = &mut self.state.page
            && !blocked.working
        {
            blocked.working = true;
            self.start(task);
        }
    }

    /// Does what the trouble of a book that cannot be opened offers.
    fn act(&mut self, action: TroubleAction) {
        let Page::Blocked(blocked) = &self.state.page else {
            return;
        };
        if blocked.trouble.action() != action || blocked.working {
            return;
        }
        match action {
            TroubleAction::BeginAnew => self.open_again(OfficerTask::BeginAnew),
            TroubleAction::UpdateApp => self.leave_for(Place::Store),
            TroubleAction::FreeStorage => self.leave_for(Place::Storage),
            TroubleAction::SetClock => self.leave_for(Place::Clock),
            TroubleAction::SetLock => self.leave_for(Place::Lock),
            TroubleAction::AskAuthority => self.leave_for(Place::Authority),
            // The phone is unlocked: someone sees this button.
            TroubleAction::Retry | TroubleAction::Refresh | TroubleAction::Unlock => {
                self.open_again(OfficerTask::Open);
            }
        }
    }

    /// Leads out of the app, once at a time.
    pub(super) fn leave_for(&mut self, to: Place) {
        let ask = OfficerAsk::Leave { to };
        if !self.state.pending.iter().any(|it| it.ask == Some(ask)) {
            self.ask(ask);
        }
    }

    /// Takes the shell's answer. One that is not waited for, or does not fit what was asked, does
    /// nothing.
    fn shell_done(&mut self, id: u64, answer: OfficerAnswer) {
        match (self.asked(id), answer) {
            // The camera goes on.
            (Some(OfficerAsk::Camera), OfficerAnswer::Texts { texts }) => self.picture(texts),
            (Some(OfficerAsk::Camera), OfficerAnswer::CameraRefused) => {
                self.finish(id);
                self.camera_refused();
            }
            (Some(OfficerAsk::Leave { .. }), OfficerAnswer::Left) => {
                self.finish(id);
            }
            (Some(OfficerAsk::Share), OfficerAnswer::Shared) => {
                self.finish(id);
                if let Page::Log(log) = &mut self.state.page {
                    log.sharing = None;
                }
            }
            _ => {}
        }
    }
}
