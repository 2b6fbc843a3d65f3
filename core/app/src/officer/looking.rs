//! A look at the codes of a license: the verdict and the face.

use std::collections::VecDeque;
use std::time::Duration;

use vidimus_credential::meaning::Reason;
use vidimus_credential::qr::FACE_PREFIX;
use vidimus_wallet::ports::Reading;
use vidimus_wallet::reader::ReaderError;

use super::VERDICT_LIFE;
use super::effect::{OfficerAsk, OfficerTask};
use super::event::{BookFailure, Face, Judged, Sighting};
use super::pages::{Doubt, LookPage, Miss, Page, Problem, Question, Shown};
use super::transition::Transition;
use crate::effect::Place;
use crate::time::{left, to_next_minute};

/// Pictures that wait while one is read; the oldest is dropped first.
const WAITING: usize = 8;

/// After how long the screen of a look changes by itself.
pub(super) fn look_changes_in(look: &LookPage, now: Reading) -> Option<Duration> {
    let Some(shown) = &look.shown else {
        let question = look.answers.as_ref().map(|doubt| &doubt.question);
        return question.map(|asked| left(asked.ends, now));
    };
    let ends = left(shown.changed.saturating_add(VERDICT_LIFE), now);
    let age = age(shown, now).map(to_next_minute);
    Some(age.map_or(ends, |age| age.min(ends)))
}

/// How old the status is by now.
pub(super) fn age(shown: &Shown, now: Reading) -> Option<Duration> {
    let since = now.boot.saturating_sub(shown.judged_at);
    Some(shown.judged.age?.saturating_add(since))
}

impl Transition {
    /// Looks for a code, also for the next one after a verdict.
    pub(super) fn check(&mut self) {
        let may = match &self.state.page {
            Page::Start => true,
            // A look that goes on is not begun again.
            Page::Look(look) => look.shown.is_some(),
            _ => false,
        };
        let book = self.state.book.as_ref();
        if may && book.is_some_and(|book| book.may_check()) {
            self.forget_log_reading();
            self.look(None);
        }
    }

    /// Begins a new look: for anyone's code, or for an answer.
    pub(super) fn look(&mut self, answers: Option<Doubt>) {
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
            shown: None,
            answers,
        }));
        self.look_again();
    }

    /// Opens the camera of a look, in place of the field.
    pub(super) fn look_again(&mut self) {
        if !matches!(self.state.page, Page::Look(_)) {
            return;
        }
        let camera = self.ask(OfficerAsk::Camera);
        if let Page::Look(look) = &mut self.state.page {
            (look.camera, look.typing) = (Some(camera), None);
        }
    }

    pub(super) fn camera_refused(&mut self) {
        if let Page::Look(look) = &mut self.state.page {
            look.camera = None;
        }
        self.torch(false);
    }

    /// Leads to the system's settings, where the camera can be allowed.
    pub(super) fn allow_camera(&mut self) {
        if let Page::Look(look) = &self.state.page
            && look.camera.is_none()
            && look.typing.is_none()
            && look.shown.is_none()
        {
            self.leave_for(Place::App);
        }
    }

    pub(super) fn torch(&mut self, on: bool) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        match look.torch {
            Some(torch) if !on => {
                look.torch = None;
                self.abandon(torch);
            }
            None if on && look.camera.is_some() => {
                let torch = self.ask(OfficerAsk::Torch);
                if let Page::Look(look) = &mut self.state.page {
                    look.torch = Some(torch);
                }
            }
            _ => {}
        }
    }

    pub(super) fn type_instead(&mut self) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        if look.typing.is_none() && look.shown.is_none() {
            look.typing = Some(String::new());
            self.end_camera();
        }
    }

    fn end_camera(&mut self) {
        self.torch(false);
        if let Page::Look(look) = &mut self.state.page
            && let Some(camera) = look.camera.take()
        {
            self.abandon(camera);
        }
    }

    pub(super) fn type_text(&mut self, text: String, edit: u64) {
        // An older one that comes late must change nothing.
        if edit < self.state.edit {
            return;
        }
        self.state.edit = edit;
        if let Page::Look(look) = &mut self.state.page
            && let Some(typing) = &mut look.typing
            && *typing != text
        {
            *typing = text;
            look.miss = None;
        }
    }

    pub(super) fn read_text(&mut self) {
        if let Page::Look(look) = &self.state.page
            && let Some(typing) = &look.typing
            && !typing.trim().is_empty()
        {
            let texts = vec![typing.trim().to_owned()];
            self.picture(texts);
        }
    }

    /// Takes the codes of a picture, after those that came before.
    pub(super) fn picture(&mut self, texts: Vec<String>) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        // An answer counts once. After it only the face is missing.
        let is_answered = look.shown.as_ref().is_some_and(|shown| shown.is_answer);
        let wanted = texts
            .into_iter()
            .filter(|text| !is_answered || text.starts_with(FACE_PREFIX));
        let texts: Vec<String> = wanted.collect();
        if texts.is_empty() {
            return;
        }
        look.waiting.push_back(texts);
        if look.waiting.len() > WAITING {
            look.waiting.pop_front();
        }
        self.take_next();
    }

    fn take_next(&mut self) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        if look.taking.is_some() {
            return;
        }
        let Some(texts) = look.waiting.pop_front() else {
            return;
        };
        let answers = look.answers.as_ref().map(|doubt| doubt.question.id);
        let look = look.look;
        let taking = self.start(OfficerTask::Take {
            look,
            answers,
            texts,
        });
        if let Page::Look(look) = &mut self.state.page {
            look.taking = Some(taking);
        }
    }

    pub(super) fn taken(&mut self, id: u64, result: Result<Vec<Sighting>, BookFailure>) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        if look.taking.take_if(|taking| *taking == id).is_none() {
            return;
        }
        match result {
            Ok(sightings) => sightings.into_iter().for_each(|one| self.sighted(one)),
            Err(failure) => self.not_taken(failure),
        }
        self.take_next();
    }

    fn not_taken(&mut self, failure: BookFailure) {
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        match (look.answers.take(), failure) {
            // It was asked too long ago, by another start of the app, or too many came after it.
            (Some(doubt), BookFailure::Reader(ReaderError::NoSuchChallenge)) => {
                self.back_to_question(doubt, Some(Problem::Over));
            }
            (_, failure) => {
                self.home();
                if let Some(book) = &mut self.state.book {
                    book.trouble = Some(super::verdict::trouble_of(failure));
                }
            }
        }
    }

    fn sighted(&mut self, sighting: Sighting) {
        let now = self.now.boot;
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        look.miss = None;
        let was_two = std::mem::take(&mut look.two);
        match sighting {
            Sighting::Unreadable => (look.miss, look.two) = (Some(Miss::NoLicense), was_two),
            Sighting::NotAnAnswer => look.miss = Some(Miss::NoAnswerYet),
            // It is not known whose the last verdict is.
            Sighting::TwoLicenses => (look.two, look.shown) = (true, None),
            Sighting::Same => {}
            Sighting::Face { read, count } => {
                if let Some(shown) = look.shown.as_mut().filter(|shown| !shown.has_face()) {
                    shown.ring = Some((read, count));
                    shown.changed = now;
                }
            }
            Sighting::Portrait { id } => {
                if let Some(shown) = &mut look.shown {
                    shown.judged.face = Face::Here(id);
                    shown.ring = None;
                    shown.changed = now;
                    self.end_camera();
                }
            }
            Sighting::Verdict { judged, announce } => self.judged(*judged, announce),
        }
    }

    fn judged(&mut self, judged: Judged, announce: bool) {
        let now = self.now.boot;
        let Page::Look(look) = &mut self.state.page else {
            return;
        };
        if judged.reasons.contains(&Reason::NotAToken) {
            look.miss = Some(Miss::NoLicense);
            return;
        }
        let is_no_answer =
            |reason: &Reason| matches!(reason, Reason::WrongChallenge | Reason::WrongReader);
        if judged.reasons.iter().any(is_no_answer)
            && let Some(doubt) = look.answers.take()
        {
            let is_over = left(doubt.question.ends, self.now).is_zero();
            let problem = if is_over {
                Problem::Over
            } else {
                Problem::NoAnswer
            };
            return self.back_to_question(doubt, Some(problem));
        }
        let number = |judged: &Judged| judged.holder.as_ref().map(|it| it.number.clone());
        let first = look
            .answers
            .as_ref()
            .map(|doubt| number(&doubt.first.judged));
        let is_another = match (first.flatten(), number(&judged)) {
            (Some(first), Some(this)) => first != this,
            _ => false,
        };
        let has_face = matches!(judged.face, Face::Here(_));
        let is_typed = look.typing.take().is_some();
        self.state.announced = self.state.announced.saturating_add(u64::from(announce));
        look.shown = Some(Shown {
            announced: self.state.announced,
            judged,
            judged_at: now,
            changed: now,
            ring: None,
            is_answer: look.answers.is_some(),
            is_another,
        });
        if has_face || is_typed {
            self.end_camera();
        }
    }

    /// Takes a verdict off the screen that no one looks at, and a question whose time is over.
    pub(super) fn time_passes(&mut self) {
        let now = self.now;
        let is_over = |since: Duration| left(since.saturating_add(VERDICT_LIFE), now).is_zero();
        let has_ended = |question: &Question| left(question.ends, now).is_zero();
        match &mut self.state.page {
            Page::Look(look) => match (&look.shown, &look.answers) {
                (Some(shown), _) if is_over(shown.changed) => self.home(),
                (None, Some(doubt)) if has_ended(&doubt.question) => {
                    let doubt = doubt.clone();
                    self.back_to_question(doubt, Some(Problem::Over));
                }
                _ => {}
            },
            Page::Doubt(doubt) => {
                if doubt.question.as_ref().is_some_and(has_ended) {
                    doubt.question = None;
                    doubt.problem = Some(Problem::Over);
                    doubt.first.changed = now.boot;
                }
                if doubt.question.is_none() && is_over(doubt.first.changed) {
                    self.home();
                }
            }
            Page::Opening | Page::Blocked(_) | Page::Start | Page::Log(_) => {}
        }
    }
}
