//! The licenses on a phone, as cards and as rows of the settings.

use super::{ApplicationCard, Note, Story, Value, Words};
use crate::place::Place;
use crate::tone::Sign;
use crate::words::CalendarDay;

/// The licenses on this phone, one of them in front.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct LicenseScreen {
    /// What it is called.
    pub title: Words,
    /// The license in front.
    pub card: LicenseCard,
    /// The way to the others; none where there is one license alone.
    pub pager: Option<Pager>,
    /// Whether the driver waits for the authority's answer.
    pub refreshing: bool,
    /// What was applied for and has not come.
    pub applications: Vec<ApplicationCard>,
    /// What is wrong with the license in front or with the wallet, the worst first.
    pub troubles: Vec<Story>,
    /// Whether it may be shown, and an officer be answered with it.
    pub may_show: bool,
}

/// The way from one license to the others.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Pager {
    /// Which of how many is in front.
    pub place: Words,
    /// The index of the one before.
    pub previous: Option<u32>,
    /// The index of the next one.
    pub next: Option<u32>,
}

/// A license as a card.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct LicenseCard {
    /// Its id in the wallet, which is not shown.
    pub id: String,
    /// What the license says; none where its place in the vault is damaged.
    pub holder: Option<Holder>,
    /// How the license stands.
    pub status: CardStatus,
    /// The id of its portrait; none where there is none.
    pub portrait: Option<String>,
    /// A note where its record in the vault is damaged.
    pub damaged: Option<Note>,
    /// The card in one sentence, for a driver who hears the screen.
    pub spoken: Words,
}

/// How a license stands, when its status was signed, and how old that is.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CardStatus {
    /// What it is called.
    pub state: Words,
    /// How it is to be taken.
    pub sign: Sign,
    /// How old the status is, or that none came; none where it does not count.
    pub age: Option<Value>,
    /// When it was signed.
    pub as_of: Option<Words>,
}

/// Whose license it is and what may be driven.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// The family name; may be empty.
    pub family_name: String,
    /// The given names; may be empty.
    pub given_names: String,
    /// Both, the given names first.
    pub name: String,
    /// When the holder was born, as exactly as it is known.
    pub born: Value,
    /// The number of the license.
    pub number: String,
    /// The country that issued it, two capital letters.
    pub country: String,
    /// The license's first day.
    pub issued: CalendarDay,
    /// The license's last day, or that it has none.
    pub expires: Value,
    /// What may be driven.
    pub categories: Vec<CategoryRow>,
}

/// What may be driven, and when.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// The category's code, such as B.
    pub code: String,
    /// What may be driven with it; none where the code is not known for this country.
    pub meaning: Option<Words>,
    /// The category's first day, where it has one.
    pub from: Option<Words>,
    /// The category's last day, where it has one.
    pub until: Option<Words>,
    /// The restrictions of the category.
    pub conditions: Vec<Condition>,
}

/// A restriction of a category.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Condition {
    /// The restriction's code, such as 01.06.
    pub code: String,
    /// What it demands; none where the code is not known for this country.
    pub meaning: Option<Words>,
}

/// What is stored, and how to remove it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsScreen {
    /// What may be removed.
    pub licenses: Vec<RemovableLicense>,
    /// The address of the authority.
    pub authority: String,
    /// The ways from here to the system's settings and to the authority.
    pub links: Vec<SettingsLink>,
}

/// A way from the settings to a place outside of the app.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsLink {
    /// The place; the action `Open` leads there.
    pub place: Place,
    /// What stands on it.
    pub words: Words,
}

/// A license that may be removed.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct RemovableLicense {
    /// Its id in the wallet, which is not shown.
    pub id: String,
    /// The name of the holder.
    pub name: Value,
    /// The number of the license; none where it cannot be read.
    pub number: Option<String>,
    /// Whether its removal is asked about.
    pub asked: bool,
    /// Whether it is being removed: then neither answer to the question does anything.
    pub removing: bool,
}
