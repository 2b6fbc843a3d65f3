//! What all pages share: language, name, heading, the token of their forms, and what was wrong.

use super::language::Language;
use super::style;
use super::texts::{filled, text};
use crate::rules::account_steps::FormFault;

/// How far the driver has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    None,
    Step(u8, u8),
    Last,
}

/// The frame of a page.
pub(super) struct Frame {
    pub(super) language: Language,
    /// The name of the authority, as its trust list has it.
    pub(super) authority: String,
    /// The issuer's path, which all addresses begin with.
    pub(super) base: String,
    /// The key of the heading's text.
    pub(super) heading: &'static str,
    pub(super) progress: Progress,
    /// What a form carries against forgery; `None` where there is no sign-in.
    pub(super) form: Option<String>,
    pub(super) fault: Option<FormFault>,
}

impl Frame {
    /// A text in the language of the page.
    pub(super) fn t(&self, key: &str) -> &'static str {
        text(self.language, key)
    }

    /// A text whose one place is filled.
    pub(super) fn t1(&self, key: &str, value: &(impl ToString + ?Sized)) -> String {
        filled(self.t(key), &[&self.isolated(value)])
    }

    /// A text whose two places are filled.
    pub(super) fn t2(
        &self,
        key: &str,
        one: &(impl ToString + ?Sized),
        two: &(impl ToString + ?Sized),
    ) -> String {
        filled(self.t(key), &[&self.isolated(one), &self.isolated(two)])
    }

    /// A value that is written in its own direction within a text from right to left (Unicode
    /// Standard Annex 9): otherwise `2027-01-03` is shown as `03-01-2027`.
    fn isolated(&self, value: &(impl ToString + ?Sized)) -> String {
        let value = value.to_string();
        match self.language.direction() {
            "rtl" => format!("\u{2068}{value}\u{2069}"),
            _ => value,
        }
    }

    pub(super) fn heading(&self) -> &'static str {
        self.t(self.heading)
    }

    /// The page's title: what was wrong comes first, for who hears it.
    pub(super) fn title(&self) -> String {
        let title = self.t2("title.page", self.heading(), &self.authority);
        match self.fault {
            Some(_) => self.t1("title.error", &title),
            None => title,
        }
    }

    pub(super) fn progress(&self) -> Option<String> {
        match self.progress {
            Progress::None => None,
            Progress::Step(step, of) => Some(self.t2("step", &step, &of)),
            Progress::Last => Some(self.t("step.last").to_owned()),
        }
    }

    /// What was wrong with the last form, in words.
    pub(super) fn fault(&self) -> Option<String> {
        let fault = self.fault?;
        let words = self.t(&format!("fault.{}", fault.name()));
        Some(match fault {
            FormFault::Slow(seconds) => filled(words, &[&seconds.div_ceil(60).to_string()]),
            _ => words.to_owned(),
        })
    }

    pub(super) fn is_live(&self) -> bool {
        self.form.is_some()
    }

    pub(super) fn token(&self) -> &str {
        self.form.as_deref().unwrap_or_default()
    }

    pub(super) fn style(&self) -> &'static str {
        style::sheet()
    }

    pub(super) fn languages(&self) -> [Language; 5] {
        Language::ALL
    }

    pub(super) fn is_present(&self, other: &Language) -> bool {
        self.language == *other
    }
}
