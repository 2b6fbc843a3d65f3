//! A showing: the phone's lock, the codes one after another, and its end.

use std::time::Duration;

use vidimus_wallet::Error;
use vidimus_wallet::ports::Reading;

use super::pages::{Page, Question, ShowPage, ShowStep, Showing, ShownCode};
use super::transition::Transition;
use crate::effect::{Ask, Task, UnlockReason};
use crate::event::{Framed, LockOutcome};
use crate::time::{left, to_whole};
use crate::trouble::{Failure, trouble_of};

/// After how long the screen of a showing changes.
pub(super) fn changes_in(showing: &Showing, now: Reading) -> Option<Duration> {
    let ends = left(showing.ends, now);
    let Some(code) = &showing.code else {
        return Some(ends);
    };
    let next = left(code.next, now);
    // While the next code is signed the last second stays on the screen.
    let next = (!next.is_zero()).then(|| to_whole(next));
    let turn = showing.turn(now).map(|(_, left)| left);
    [next, turn, Some(to_whole(ends))]
        .into_iter()
        .flatten()
        .min()
}

impl Transition {
    /// Shows the license in front, or shows it again. The lock is asked each time; a second tap
    /// does not ask again.
    pub(super) fn show(&mut self) {
        match &self.state.page {
            Page::License => self.show_to(None, false),
            Page::Show(show) if !show.step.is_under_way() && !self.is_too_late() => self.ask_lock(),
            _ => {}
        }
    }

    /// Answers the reader who asks, after the lock.
    pub(super) fn answer_now(&mut self) {
        if let Page::Answer(answer) = &self.state.page
            && let Some(question) = answer.question.clone()
        {
            let face = answer.face;
            self.show_to(Some(question), face);
        }
    }

    fn show_to(&mut self, question: Option<Question>, face: bool) {
        let Some(held) = self.state.open.as_ref().and_then(|open| open.shown()) else {
            return;
        };
        let Some(holder) = held.holder.clone() else {
            return;
        };
        self.go(Page::Show(ShowPage {
            license: held.id.clone(),
            holder,
            portrait: held.portrait.clone(),
            question,
            face,
            step: ShowStep::Locked(LockOutcome::Cancelled),
        }));
        self.ask_lock();
    }

    fn ask_lock(&mut self) {
        if let Page::Show(show) = &mut self.state.page
            && show.question.is_none()
        {
            // The face is off in each showing until the driver turns it on.
            show.face = false;
        }
        let reason = UnlockReason::Showing;
        let id = self.ask(Ask::Unlock { reason });
        self.set_step(ShowStep::Unlocking(id));
        self.refresh_beside_showing();
    }

    fn set_step(&mut self, step: ShowStep) {
        if let Page::Show(show) = &mut self.state.page {
            show.step = step;
        }
    }

    pub(super) fn unlocked_for_showing(&mut self, id: u64, outcome: LockOutcome) {
        let Page::Show(show) = &self.state.page else {
            return;
        };
        if !matches!(show.step, ShowStep::Unlocking(asked) if asked == id) {
            return;
        }
        if outcome != LockOutcome::Opened {
            return self.set_step(ShowStep::Locked(outcome));
        }
        let license = show.license.clone();
        let task = match &show.question {
            Some(question) => Task::Answer {
                question: question.id,
                license,
            },
            None => Task::Present { license },
        };
        let id = self.start(task);
        self.set_step(ShowStep::Beginning(id));
    }

    /// A showing has begun. One that is not waited for any more is ended, and is not logged as
    /// shown.
    pub(super) fn began(&mut self, id: u64, result: Result<Duration, Failure>) {
        let is_here = match &self.state.page {
            Page::Show(show) => matches!(show.step, ShowStep::Beginning(begun) if begun == id),
            _ => false,
        };
        match result {
            Ok(lasts) if is_here => {
                self.set_step(ShowStep::On(Showing {
                    id,
                    ends: self.now.boot.saturating_add(lasts),
                    code: None,
                    signing: None,
                    turns_since: None,
                }));
                self.sign_next();
            }
            Ok(_) => {
                self.start_apart(Task::EndShowing { showing: id });
                self.read_again();
            }
            Err(failure) if is_here => {
                let step = self.ended_by(failure);
                self.set_step(step);
            }
            Err(_) => {}
        }
    }

    pub(super) fn framed(&mut self, id: u64, result: Result<Framed, Failure>) {
        let now = self.now;
        let Page::Show(ShowPage {
            step: ShowStep::On(showing),
            ..
        }) = &mut self.state.page
        else {
            return;
        };
        if showing.signing != Some(id) {
            return;
        }
        showing.signing = None;
        match result {
            Ok(framed) => {
                showing.code = Some(ShownCode {
                    number: framed.number,
                    lasts: framed.lasts,
                    next: now.boot.saturating_add(framed.lasts),
                    signed_at: framed.signed_at,
                    standing: framed.standing,
                    as_of: framed.as_of,
                    age: framed.age,
                    status_left_out: framed.status_left_out,
                    face: framed.face,
                });
                self.take_turns();
            }
            Err(failure) => {
                let step = self.ended_by(failure);
                self.end_showing(step);
            }
        }
    }

    /// The step of a showing that ends by a failure.
    fn ended_by(&self, failure: Failure) -> ShowStep {
        match failure {
            Failure::Wallet(Error::PresentationEnded) => self.over_by_itself(),
            Failure::Wallet(Error::ChallengeOver) => ShowStep::TooLate,
            other => ShowStep::Failed(trouble_of(other, self.state.has_lock)),
        }
    }

    /// An answer has less time than a showing to anyone, so its end is one that came too late.
    fn over_by_itself(&self) -> ShowStep {
        match &self.state.page {
            Page::Show(show) if show.question.is_some() => ShowStep::TooLate,
            _ => ShowStep::Over { by_itself: true },
        }
    }

    /// Signs the next code when it is due, and ends a showing whose time is over.
    pub(super) fn time_passes(&mut self) {
        let now = self.now;
        let Page::Show(ShowPage {
            step: ShowStep::On(showing),
            ..
        }) = &self.state.page
        else {
            return;
        };
        if left(showing.ends, now).is_zero() {
            let step = self.over_by_itself();
            return self.end_showing(step);
        }
        let code = showing.code.as_ref();
        if code.is_some_and(|code| left(code.next, now).is_zero()) {
            self.sign_next();
        }
    }

    /// Signs the next code, unless one is being signed.
    pub(super) fn sign_next(&mut self) {
        let Page::Show(show) = &self.state.page else {
            return;
        };
        let ShowStep::On(on) = &show.step else {
            return;
        };
        if on.signing.is_some() {
            return;
        }
        let (showing, face) = (on.id, show.face);
        let signing = self.start(Task::NextFrame { showing, face });
        if let Page::Show(show) = &mut self.state.page
            && let ShowStep::On(on) = &mut show.step
        {
            on.signing = Some(signing);
        }
    }

    /// Takes the code off the screen, or gives up asking the lock. The page stays, and says so.
    pub(super) fn leave_show(&mut self) {
        let Page::Show(show) = &self.state.page else {
            return;
        };
        match show.step {
            ShowStep::Unlocking(id) => {
                self.abandon(id);
                self.set_step(ShowStep::Locked(LockOutcome::Cancelled));
            }
            // It still begins, and is ended then.
            ShowStep::Beginning(_) => self.set_step(ShowStep::Over { by_itself: false }),
            ShowStep::On(_) => self.end_showing(ShowStep::Over { by_itself: false }),
            ShowStep::Locked(_)
            | ShowStep::Over { .. }
            | ShowStep::TooLate
            | ShowStep::Failed(_) => {}
        }
    }

    /// Ends the showing that is on, and has its entry written.
    fn end_showing(&mut self, step: ShowStep) {
        let Page::Show(ShowPage {
            step: ShowStep::On(showing),
            ..
        }) = &self.state.page
        else {
            return;
        };
        let (id, signing) = (showing.id, showing.signing);
        if let Some(signing) = signing {
            self.abandon(signing);
        }
        self.start_apart(Task::EndShowing { showing: id });
        self.set_step(step);
    }
}
