//! Every word of a screen, to be looked up in the table of texts.

use vidimus_app::screen::{ApplicationCard, Asker, CardStatus, Holder, Screen, ShowPhase};
use vidimus_app::tone::Note;
use vidimus_app::trouble::Story;
use vidimus_app::words::{Value, Words};

/// The keys of a screen's words, each with how many values go into it.
pub(super) fn of(screen: &Screen) -> Vec<(String, usize)> {
    let mut keys = Keys(Vec::new());
    keys.screen(screen);
    keys.0
}

#[derive(Default)]
pub(super) struct Keys(pub(super) Vec<(String, usize)>);

impl Keys {
    fn screen(&mut self, screen: &Screen) {
        match screen {
            Screen::Opening => {}
            Screen::Blocked(blocked) => self.story(&blocked.story),
            Screen::Welcome(welcome) => {
                self.words(&welcome.title);
                self.words(&welcome.body);
                self.applications(&welcome.applications);
                self.notes(welcome.refusal.iter());
                welcome.troubles.iter().for_each(|story| self.story(story));
            }
            Screen::Scan(scan) => {
                self.words(&scan.title);
                scan.hint.iter().for_each(|words| self.words(words));
                self.notes(scan.refused.iter());
            }
            Screen::Offer(offer) => {
                self.notes(offer.refusal.iter().chain([&offer.proof]));
                if let Some(code) = &offer.code {
                    self.words(&code.hint);
                    let length = code.length.iter();
                    length
                        .flat_map(|length| &length.words)
                        .for_each(|words| self.words(words));
                }
            }
            Screen::SignIn(page) => {
                let told = page.told.iter().chain(&page.until).chain(&page.button);
                told.for_each(|words| self.words(words));
                self.notes(page.refusal.iter());
            }
            Screen::License(license) => {
                self.applications(&license.applications);
                self.words(&license.title);
                license
                    .pager
                    .iter()
                    .for_each(|pager| self.words(&pager.place));
                license.troubles.iter().for_each(|story| self.story(story));
                let card = &license.card;
                card.holder.iter().for_each(|holder| self.holder(holder));
                self.status(&card.status);
                self.notes(card.damaged.iter());
                self.words(&card.spoken);
            }
            Screen::Show(show) => {
                show.button
                    .iter()
                    .for_each(|button| self.words(&button.words));
                self.phase(&show.phase);
            }
            Screen::Answer(answer) => {
                self.notes(answer.problem.iter());
                answer.asker.iter().for_each(|asker| self.asker(asker));
                let told = answer.license.iter().chain(&answer.shares);
                told.for_each(|words| self.words(words));
            }
            Screen::History(history) => {
                self.notes(history.broken.iter());
                for row in &history.rows {
                    self.words(&row.headline);
                    row.status
                        .iter()
                        .chain(&row.details)
                        .for_each(|words| self.words(words));
                    self.value(&row.day);
                    self.value(&row.at);
                }
            }
            Screen::Settings(settings) => {
                settings
                    .licenses
                    .iter()
                    .for_each(|license| self.value(&license.name));
                let links = settings.links.iter();
                links.for_each(|link| self.words(&link.words));
            }
        }
    }

    fn applications(&mut self, cards: &[ApplicationCard]) {
        for card in cards {
            self.words(&card.stage.words);
            card.told.iter().for_each(|words| self.words(words));
            card.button
                .iter()
                .for_each(|button| self.words(&button.words));
        }
    }

    fn phase(&mut self, phase: &ShowPhase) {
        match phase {
            ShowPhase::Unlocking { words } | ShowPhase::Starting { words } => self.words(words),
            ShowPhase::Locked { note } => self.notes([note].into_iter()),
            ShowPhase::Over { words } => words.iter().for_each(|words| self.words(words)),
            ShowPhase::Failed { story } => self.story(story),
            ShowPhase::Live { code } => {
                self.status(&code.status);
                for words in [&code.next, &code.ends, &code.spoken] {
                    self.words(words);
                }
                code.audience.iter().for_each(|asker| self.asker(asker));
                self.notes(code.status_left_out.iter());
            }
        }
    }

    pub(super) fn holder(&mut self, holder: &Holder) {
        self.value(&holder.born);
        self.value(&holder.expires);
        for row in &holder.categories {
            let parts = [&row.from, &row.until, &row.meaning];
            parts
                .into_iter()
                .flatten()
                .for_each(|words| self.words(words));
            let meanings = row.conditions.iter().filter_map(|one| one.meaning.as_ref());
            meanings.for_each(|words| self.words(words));
        }
    }

    fn asker(&mut self, asker: &Asker) {
        self.value(&asker.name);
        self.words(&asker.proof.words);
    }

    pub(super) fn status(&mut self, status: &CardStatus) {
        self.words(&status.state);
        status.age.iter().for_each(|value| self.value(value));
        status.as_of.iter().for_each(|words| self.words(words));
    }

    fn story(&mut self, story: &Story) {
        let parts = [
            &story.title,
            &story.happened,
            &story.holds,
            &story.to_do,
            &story.button,
        ];
        for words in parts {
            self.words(words);
        }
    }

    pub(super) fn notes<'n>(&mut self, notes: impl Iterator<Item = &'n Note>) {
        notes.for_each(|note| self.words(&note.words));
    }

    pub(super) fn words(&mut self, words: &Words) {
        self.0.push((words.key.clone(), words.values.len()));
        words.values.iter().for_each(|value| self.value(value));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Word { key } => self.0.push((key.clone(), 0)),
            Value::Count { key, .. } => self.0.push((format!("{key}.other"), 1)),
            Value::Text { .. }
            | Value::Number { .. }
            | Value::Day { .. }
            | Value::Month { .. }
            | Value::Year { .. }
            | Value::Moment { .. }
            | Value::Clock { .. }
            | Value::DayOf { .. }
            | Value::Age { .. }
            | Value::Confirmed { .. }
            | Value::Countdown { .. }
            | Value::Several { .. } => {}
        }
    }
}
