//! The actions of the driver, and the answers of the shell.

use super::pages::{Page, ScanOrigin, ShowStep, Welcome};
use super::transition::Transition;
use crate::effect::Ask;
use crate::event::{Action, Answer, LockOutcome};

impl Transition {
    pub(super) fn act_on(&mut self, action: Action) {
        match action {
            Action::Seen { has_lock } => self.app_seen(has_lock),
            Action::Left => self.app_left(),
            Action::Back => self.back(),
            Action::AddLicense => {
                if matches!(self.state.page, Page::License) {
                    self.go(Page::Welcome(Welcome::default()));
                }
            }
            Action::TypeOffer { text, edit } => self.type_offer(text, edit),
            Action::ReadOffer => self.read_typed_offer(),
            Action::TypeInstead => self.type_instead(),
            Action::Scan => self.scan(),
            Action::AllowCamera => self.allow_camera(),
            Action::Link { text } => self.receive_text(text),
            Action::TypeCode { text, edit } => self.type_code(&text, edit),
            Action::TakeOffer => self.take_offer(),
            Action::SignIn => self.sign_in(),
            Action::CancelSignIn => self.cancel_sign_in(),
            Action::Dismiss { application } => self.dismiss(application),
            Action::Select { index } => self.select(index),
            Action::Refresh => {
                if matches!(self.state.page, Page::License) || self.awaits_application() {
                    self.refresh();
                }
            }
            Action::Show => self.show(),
            Action::ShowFace { on } => self.show_face(on),
            Action::EndShow => self.leave_show(),
            Action::Answer => self.answer(),
            Action::TypeAnswer { text, edit } => self.type_answer(&text, edit),
            Action::ReadAnswer => self.read_typed_answer(),
            Action::AnswerNow => self.answer_now(),
            Action::History => self.want_history(),
            Action::Settings => self.settings(),
            Action::Open { place } => self.open_place(place),
            Action::Check => self.check_others(),
            Action::AskToRemove { license } => self.ask_to_remove(license),
            Action::Keep => self.keep_license(),
            Action::Remove => self.remove(),
            Action::Act { action } => self.act(action),
            Action::Done { id, answer } => self.shell_done(id, answer),
        }
    }

    /// Notes the number of a typing. `false` for an older one that comes late, which must change
    /// nothing.
    pub(super) fn is_newest_typing(&mut self, edit: u64) -> bool {
        let is_news = edit >= self.state.edit;
        self.state.edit = self.state.edit.max(edit);
        is_news
    }

    /// Takes the shell's answer. One that is not waited for, or does not fit what was asked, does
    /// nothing.
    fn shell_done(&mut self, id: u64, answer: Answer) {
        match (self.asked(id), answer) {
            (Some(Ask::Unlock { .. }), Answer::Lock { outcome }) => {
                self.finish(id);
                self.lock_answered(id, outcome);
            }
            (Some(Ask::Camera), Answer::Seen { text }) => {
                self.finish(id);
                self.seen_by_camera(id, text);
            }
            (Some(Ask::Camera), Answer::CameraRefused) => {
                self.finish(id);
                self.camera_refused(id);
            }
            (Some(Ask::Leave { .. }), Answer::Left) => {
                self.finish(id);
            }
            (Some(Ask::OpenBrowser), Answer::Left) => {
                self.finish(id);
                self.browser_answered(id, true);
            }
            (Some(Ask::OpenBrowser), Answer::NoBrowser) => {
                self.finish(id);
                self.browser_answered(id, false);
            }
            _ => {}
        }
    }

    /// The lock was asked for one purpose, and its answer counts for that one alone.
    fn lock_answered(&mut self, id: u64, outcome: LockOutcome) {
        match outcome {
            LockOutcome::Opened => self.state.has_lock = true,
            LockOutcome::NoLock => self.state.has_lock = false,
            LockOutcome::Cancelled | LockOutcome::Failed => {}
        }
        match &self.state.page {
            Page::Show(_) => self.unlocked_for_showing(id, outcome),
            Page::Settings(_) => self.unlocked_for_removal(id, outcome),
            Page::Blocked(_) | Page::License | Page::Welcome(_) => {
                self.unlocked_for_trouble(id, outcome);
            }
            Page::Opening
            | Page::Scan(_)
            | Page::Offer(_)
            | Page::SignIn(_)
            | Page::Answer(_)
            | Page::History(_) => {}
        }
    }

    /// Goes to the previous screen; what is under way ends first.
    fn back(&mut self) {
        match &mut self.state.page {
            Page::Welcome(welcome) => {
                if let Some(reading) = welcome.reading.take() {
                    self.abandon(reading);
                } else if self.has_licenses() {
                    self.home();
                }
            }
            Page::Offer(offer) => match &mut offer.enrolling {
                // It ends as soon as it can and gives its outcome. A driver who does not wait goes
                // back again.
                Some(enrolling) if !enrolling.stops => {
                    enrolling.stops = true;
                    let id = enrolling.id;
                    self.request_stop(id);
                }
                _ => self.go(Page::Welcome(Welcome::default())),
            },
            Page::SignIn(_) => self.leave_sign_in(),
            Page::Scan(_) => {
                let Page::Scan(scan) = self.take_page() else {
                    return;
                };
                self.go(match scan.origin {
                    ScanOrigin::Welcome(welcome) => Page::Welcome(welcome),
                    ScanOrigin::Answer(answer) => Page::Answer(answer),
                });
            }
            Page::Show(_) | Page::Answer(_) | Page::History(_) | Page::Settings(_) => self.home(),
            Page::Opening | Page::Blocked(_) | Page::License => {}
        }
    }

    /// The app is on the screen.
    fn app_seen(&mut self, has_lock: bool) {
        self.state.has_lock = has_lock;
        if self.state.seen {
            // It was on the screen already, as after a look at the notifications. What is stored
            // may have changed since.
            self.read_again();
            return;
        }
        self.state.seen = true;
        // The driver comes back from the settings that may have solved the trouble.
        let cured = match &self.state.page {
            Page::Blocked(blocked) => blocked.trouble.action().is_cured_outside(),
            _ => false,
        };
        if cured {
            self.open_again();
        }
        // The camera may be allowed by now.
        if matches!(&self.state.page, Page::Scan(scan) if scan.camera.is_none()) {
            self.start_camera();
        }
        self.read_again();
        let now = self.now;
        if let Some(open) = &mut self.state.open {
            open.schedule.begin(now);
        }
    }

    /// The app is not on the screen any more: a showing ends, an answer of the lock is ignored, and
    /// nothing is refreshed.
    fn app_left(&mut self) {
        self.state.seen = false;
        self.leave_show();
        let mut asked: Vec<u64> = self.state.unlocking.take().into_iter().collect();
        match &mut self.state.page {
            Page::Settings(settings) => asked.extend(settings.unlocking.take()),
            Page::Blocked(blocked) => asked.extend(blocked.unlocking.take()),
            _ => {}
        }
        asked.extend(
            self.state
                .open
                .as_mut()
                .and_then(|open| open.schedule.stop()),
        );
        // A driver who has left the app needs no other app opened.
        asked.extend(self.state.pending.iter().filter_map(|pending| {
            let leaves = matches!(pending.ask, Some(Ask::Leave { .. }));
            leaves.then_some(pending.id)
        }));
        for id in asked {
            self.abandon(id);
        }
    }

    /// Whether the answer that is shown came too late.
    pub(super) fn is_too_late(&self) -> bool {
        match &self.state.page {
            Page::Show(show) => matches!(show.step, ShowStep::TooLate),
            _ => false,
        }
    }
}
