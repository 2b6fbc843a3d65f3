//! Why a license or a device ends, and what the register has of it.

/// Why a driver's license ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// The driver has died.
    Death,
    /// The driver has given it up.
    Surrendered,
    /// Another authority has taken it over.
    Moved,
    /// It should not have been registered.
    Mistake,
}

impl EndReason {
    /// All reasons, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Death, Self::Surrendered, Self::Moved, Self::Mistake];

    /// The word for it in the database and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Death => "death",
            Self::Surrendered => "surrendered",
            Self::Moved => "moved",
            Self::Mistake => "mistake",
        }
    }

    /// The reason of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Why a device ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceEnd {
    /// Its driver does not have it any more: its index reads Revoked.
    Lost,
    /// Someone else has it: its index reads Revoked.
    Stolen,
    /// Another device has taken its place: its index reads Superseded.
    Replaced,
}

impl DeviceEnd {
    /// All reasons, in the order in which help lists them.
    pub const ALL: [Self; 3] = [Self::Lost, Self::Stolen, Self::Replaced];

    /// The word for it in the database and at the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Replaced => "replaced",
        }
    }

    /// The reason of this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A license or a device that has ended, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The id of the license's row.
    pub license_id: String,
    /// Why it ended, one word: an earlier reason where it had ended before and that end stays.
    pub reason: String,
    /// Whether anything is different now. Where not, it had ended before.
    pub changed: bool,
}
