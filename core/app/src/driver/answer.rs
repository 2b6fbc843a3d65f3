//! An officer's question: how it is read, and who asks.

use super::digits;
use super::pages::{AnswerPage, Page, Question};
use super::transition::Transition;
use crate::effect::Task;
use crate::event::QuestionRead;
use crate::trouble::{Failure, answer_trouble_of};

impl Transition {
    /// Begins to answer an officer with the license in front, also a second time where an answer
    /// came too late.
    pub(super) fn answer(&mut self) {
        let is_place = matches!(self.state.page, Page::License) || self.is_too_late();
        if is_place && self.may_answer() {
            self.go(Page::Answer(AnswerPage::default()));
        }
    }

    /// Whether there is a license to answer with.
    pub(super) fn may_answer(&self) -> bool {
        let open = self.state.open.as_ref();
        open.is_some_and(|open| open.shown().is_some())
    }

    /// Changes the digits, which makes them another question.
    pub(super) fn type_answer(&mut self, text: &str, edit: u64) {
        if !self.is_newest_typing(edit) {
            return;
        }
        let digits = digits::digits(text, digits::ANSWER);
        if let Page::Answer(answer) = &self.state.page
            && answer.text != digits
        {
            self.forget_question(digits);
        }
    }

    pub(super) fn read_typed_answer(&mut self) {
        if let Page::Answer(answer) = &self.state.page
            && !answer.text.is_empty()
        {
            let text = answer.text.clone();
            self.read_question(&text);
        }
    }

    /// Reads a question for the answer page. One that is being read is given up.
    pub(super) fn read_question(&mut self, text: &str) {
        let Page::Answer(answer) = &self.state.page else {
            return;
        };
        let typed = answer.text.clone();
        self.forget_question(typed);
        let text = text.trim().to_owned();
        let reading = self.start(Task::ReadQuestion { text });
        if let Page::Answer(answer) = &mut self.state.page {
            answer.reading = Some(reading);
        }
    }

    fn forget_question(&mut self, text: String) {
        let Page::Answer(answer) = &mut self.state.page else {
            return;
        };
        let reading = answer.reading;
        *answer = AnswerPage {
            text,
            ..AnswerPage::default()
        };
        if let Some(reading) = reading {
            self.abandon(reading);
        }
    }

    pub(super) fn question_read(&mut self, id: u64, result: Result<QuestionRead, Failure>) {
        let Page::Answer(answer) = &mut self.state.page else {
            return;
        };
        if answer.reading.take_if(|reading| *reading == id).is_none() {
            return;
        }
        match result {
            Ok(read) => answer.question = Some(Question { id, read }),
            Err(failure) => match answer_trouble_of(failure) {
                Some(trouble) => answer.trouble = Some(trouble),
                // The question is not the cause: a note beside the license, which can still be
                // shown.
                None => {
                    self.note(failure);
                    self.home();
                }
            },
        }
    }

    /// Notes a failure that has no separate page.
    pub(super) fn note(&mut self, failure: Failure) {
        if let Some(open) = &mut self.state.open {
            open.note(failure);
        }
    }
}
