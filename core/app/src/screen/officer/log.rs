//! The checks of before.

use crate::tone::{Note, Sign};
use crate::words::{Value, Words};

/// The checks of before, the newest first.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CheckLogScreen {
    /// Someone else has changed the log.
    pub broken: Option<Note>,
    /// After how many days a check is deleted.
    pub kept: Words,
    /// The checks, the newest first.
    pub rows: Vec<CheckRow>,
    /// Whether the log may be handed over now.
    pub may_export: bool,
    /// The last file could not be written.
    pub failed: Option<Note>,
}

/// A row of the log: one license was checked.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// The day of the check. It stands as a heading over the first row of each day.
    pub day: Value,
    /// The moment of the check.
    pub at: Value,
    /// The word of its verdict.
    pub word: Words,
    /// The tone of the verdict and its shape.
    pub sign: Sign,
    /// Why the verdict was what it was.
    pub reasons: Vec<Words>,
    /// The number of the license, in an officer's log.
    pub number: Option<String>,
}
