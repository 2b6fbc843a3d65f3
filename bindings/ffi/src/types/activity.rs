//! The activity log.

use vidimus_wallet::activity_log;

use super::macros::discreet;
use super::standing::LicenseStanding;
use super::status::LicenseStatus;
use crate::units::Instant;

discreet!(Audience);

/// The wallet's log of what happened. Personal data.
#[derive(uniffi::Record)]
pub struct Activity {
    /// The entries, the newest first.
    pub entries: Vec<ActivityEntry>,
    /// False where the log was changed by someone else; entries before that place are missing.
    pub intact: bool,
}

/// One thing that happened to a license. Personal data.
#[derive(uniffi::Record)]
pub struct ActivityEntry {
    /// When it happened, by the wallet's best time.
    pub at: Instant,
    /// The id that the license had in the wallet.
    pub license: String,
    /// Which thing happened, and what belongs to it.
    pub event: ActivityEvent,
}

/// What happened to a license.
#[derive(uniffi::Enum)]
pub enum ActivityEvent {
    /// The license was shown.
    Shown {
        /// Who could see it.
        audience: Audience,
        /// Whether the portrait was shown too.
        portrait: bool,
        /// The status shown with it.
        status: ShownStatus,
    },
    /// It was issued to this wallet.
    Enrolled,
    /// Its credential was renewed.
    Renewed,
    /// A refresh brought another status.
    StatusChanged {
        /// The state that was held until then.
        from: LicenseStatus,
        /// The state from then on.
        to: LicenseStatus,
    },
    /// Its holder removed it.
    Removed,
}

/// The status that was shown with a license.
#[derive(uniffi::Record)]
pub struct ShownStatus {
    /// The state that the code on the screen carried.
    pub state: LicenseStatus,
    /// When the authority had signed it; none where there was no status.
    pub as_of: Option<Instant>,
    /// How the license stood then.
    pub standing: LicenseStanding,
}

/// To whom a license was shown.
#[derive(uniffi::Enum)]
#[uniffi::export(Display)]
pub enum Audience {
    /// To anyone who saw the screen.
    Anyone,
    /// To a reader that asked.
    Reader {
        /// The name it gave; `dl1:code` for digits that were read out.
        name: String,
        /// Whether the trust list proved the name.
        proven: bool,
    },
}

impl From<activity_log::Activity> for Activity {
    fn from(activity: activity_log::Activity) -> Self {
        Self {
            entries: activity.entries.into_iter().map(Into::into).collect(),
            intact: activity.intact,
        }
    }
}

impl From<activity_log::ActivityEntry> for ActivityEntry {
    fn from(entry: activity_log::ActivityEntry) -> Self {
        Self {
            at: entry.at.into(),
            license: entry.license,
            event: entry.event.into(),
        }
    }
}

impl From<activity_log::Event> for ActivityEvent {
    fn from(event: activity_log::Event) -> Self {
        match event {
            activity_log::Event::Shown {
                audience,
                fields,
                status,
                as_of,
                standing,
            } => Self::Shown {
                audience: match audience {
                    activity_log::Audience::Anyone => Audience::Anyone,
                    activity_log::Audience::Reader { name, proven } => {
                        Audience::Reader { name, proven }
                    }
                },
                portrait: fields.has_portrait(),
                status: ShownStatus {
                    state: status.into(),
                    as_of: as_of.map(Instant::from),
                    standing: standing.into(),
                },
            },
            activity_log::Event::Enrolled => Self::Enrolled,
            activity_log::Event::Renewed => Self::Renewed,
            activity_log::Event::StatusChanged { from, to } => Self::StatusChanged {
                from: from.into(),
                to: to.into(),
            },
            activity_log::Event::Removed => Self::Removed,
        }
    }
}
