//! A decision about a driver's license: as it is asked for, and as the register holds it.

use std::fmt;

use vidimus_credential::{LicenseStatus, UnixTime};

/// One decision about a driver's license, as it is asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// The caller's own name for this decision, at most 64 bytes. The same decision under the same
    /// name is made once, however often it comes; the same name for anything else is refused.
    pub event: String,
    /// The license: its number or its id. A number is personal data.
    pub license: String,
    /// What is decided. Valid lifts what is in force, as far as it is not final.
    pub state: LicenseStatus,
    /// On what ground, at most 256 bytes: for the driver and the clerk, never published. Personal
    /// data.
    pub reason: Option<String>,
    /// From when on it holds. `None`: from now on.
    pub from: Option<UnixTime>,
    /// When it ends by itself. For a revocation, which never ends: before when no new license may
    /// be given. `None`: without end.
    pub until: Option<UnixTime>,
    /// With Valid: the event of the one decision that is lifted. `None`: all.
    pub lifts: Option<String>,
}

/// Leaves out the license and the reason.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("event", &self.event)
            .field("state", &self.state)
            .field("from", &self.from)
            .field("until", &self.until)
            .field("lifts", &self.lifts)
            .finish_non_exhaustive()
    }
}

/// A decision as the register holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// The caller's name for it; `until:` and another event's name where it ended by itself.
    pub event: String,
    /// The state that was decided.
    pub state: LicenseStatus,
    /// The ground of the decision, as the office wrote it. Personal data.
    pub reason: Option<String>,
    /// From when on it holds.
    pub from: UnixTime,
    /// When it ends by itself.
    pub until: Option<UnixTime>,
    /// Who decided; `system` where a term ended.
    pub by: String,
    /// When it was decided.
    pub made: UnixTime,
    /// When another decision ended it.
    pub lifted: Option<UnixTime>,
    /// Whether it holds now.
    pub in_force: bool,
}

/// Leaves out the reason.
impl fmt::Debug for DecisionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecisionRow")
            .field("event", &self.event)
            .field("state", &self.state)
            .field("from", &self.from)
            .field("until", &self.until)
            .field("by", &self.by)
            .field("made", &self.made)
            .field("lifted", &self.lifted)
            .field("in_force", &self.in_force)
            .finish_non_exhaustive()
    }
}

/// What a batch of decisions did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// Decisions that were made.
    pub made: usize,
    /// Decisions that had been made before, under the same name: nothing changed by them.
    pub repeated: usize,
    /// Of those that were made: how many said Valid and lifted nothing, for nothing is in force at
    /// their time.
    pub lifted_nothing: usize,
    /// Lists that were signed for them. None, where no credential of these licenses reads something
    /// else now.
    pub lists: usize,
}
