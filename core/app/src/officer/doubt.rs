//! A doubt, and the question by which the driver's phone settles it.

use std::collections::VecDeque;
use std::time::Duration;

use vidimus_wallet::ports::Reading;

use super::VERDICT_LIFE;
use super::effect::OfficerTask;
use super::event::{BookFailure, Challenged};
use super::pages::{Doubt, DoubtPage, LookPage, Page, Problem, Question, Shown};
use super::transition::Transition;
use crate::time::{left, to_whole};

/// After how long the screen of a question changes by itself.
pub(super) fn doubt_changes_in(doubt: &DoubtPage, now: Reading) -> Duration {
    match &doubt.question {
        Some(question) => to_whole(left(question.ends, now)),
        None => left(doubt.first.changed.saturating_add(VERDICT_LIFE), now),
    }
}

impl Transition {
    /// Shows a verdict that was given before, without a look.
    pub(super) fn show_again(&mut self, shown: Shown) {
        let look = self.next_id();
        self.go(Page::Look(LookPage {
            look,
            camera: None,
            torch: None,
            typing: None,
            taking: None,
            waiting: VecDeque::new(),
            miss: None,
            two: false,
            shown: Some(shown),
            answers: None,
        }));
    }

    /// Asks the driver's phone, or asks it once more.
    pub(super) fn ask_driver(&mut self, by_digits: bool) {
        let first = match &self.state.page {
            Page::Look(look) => look.shown.clone(),
            Page::Doubt(doubt) if doubt.asking.is_none() => Some(doubt.first.clone()),
            _ => None,
        };
        let Some(mut first) = first else {
            return;
        };
        first.changed = self.now.boot;
        self.go(Page::Doubt(DoubtPage {
            first,
            by_digits,
            asking: None,
            question: None,
            problem: None,
        }));
        let asking = self.start(OfficerTask::Ask { digits: by_digits });
        if let Page::Doubt(doubt) = &mut self.state.page {
            doubt.asking = Some(asking);
        }
    }

    pub(super) fn question_made(&mut self, id: u64, result: Result<Challenged, BookFailure>) {
        let now = self.now.boot;
        let Page::Doubt(doubt) = &mut self.state.page else {
            return;
        };
        if doubt.asking.take_if(|asking| *asking == id).is_none() {
            return;
        }
        match result {
            Ok(made) => doubt.question = Some(Question::new(id, made, now)),
            Err(_) => doubt.problem = Some(Problem::NotMade),
        }
    }

    pub(super) fn look_for_answer(&mut self) {
        if let Page::Doubt(doubt) = &self.state.page
            && let Some(question) = doubt.question.clone()
        {
            let first = doubt.first.clone();
            self.look(Some(Doubt { first, question }));
        }
    }

    /// Shows the question again, where its time is not over.
    pub(super) fn back_to_question(&mut self, doubt: Doubt, problem: Option<Problem>) {
        let Doubt {
            mut first,
            question,
        } = doubt;
        first.changed = self.now.boot;
        let by_digits = question.digits.is_some();
        let question = Some(question).filter(|_| problem != Some(Problem::Over));
        self.go(Page::Doubt(DoubtPage {
            first,
            by_digits,
            asking: None,
            question,
            problem,
        }));
    }
}
