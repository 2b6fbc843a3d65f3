//! The activity log: when, which mode, to which reader, which fields, which status.
//!
//! What is written here is personal data of the driver; it stays sealed in the vault, whose chain
//! ([`crate::vault`]) notices every change, and is shown to nobody else.

use vidimus_credential::{LicenseStatus, UnixTime};
use zeroize::Zeroizing;

use crate::codec::{Reader, Writer};

/// What was read of the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Activity {
    /// The entries, newest first. Personal data.
    pub entries: Vec<ActivityEntry>,
    /// False where the log was changed: entries behind that place are not shown.
    pub intact: bool,
}

/// One thing that happened to a license. Personal data; no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    /// When, by the wallet's best time.
    pub at: UnixTime,
    /// The license's id in this wallet.
    pub license: String,
    /// What happened.
    pub event: Event,
}

/// What happened to a license. Personal data; no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// It was shown.
    Shown {
        /// To whom, if that was said.
        audience: Audience,
        /// What was disclosed.
        fields: Fields,
        /// The status that was shown with it.
        status: LicenseStatus,
        /// When the authority signed that status.
        as_of: Option<UnixTime>,
    },
    /// It was issued to this wallet.
    Enrolled,
    /// Its credential was renewed.
    Renewed,
    /// Its status is another one than before.
    StatusChanged {
        /// Before.
        from: LicenseStatus,
        /// Now.
        to: LicenseStatus,
    },
    /// Its user removed it.
    Removed,
}

/// To whom a license was shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Audience {
    /// One-way: to whoever saw the screen.
    Anyone,
    /// The answer to a challenge.
    Reader {
        /// The name that the challenge gave; `dl1:code` for digits that were read out.
        name: String,
        /// Whether the trust list proved the name.
        proven: bool,
    },
}

/// What was disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// All of the license but its portrait: what a QR carries.
    AllButPortrait,
    /// All of it.
    All,
}

impl ActivityEntry {
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = Writer::array(4, 192);
        writer.number(self.at.seconds()).text(&self.license);
        match &self.event {
            Event::Shown {
                audience,
                fields,
                status,
                as_of,
            } => {
                writer.number(1).nested(4);
                let reader = match audience {
                    Audience::Anyone => None,
                    Audience::Reader { name, proven } => Some((name, *proven)),
                };
                writer
                    .optional(reader, |writer, (name, proven)| {
                        writer.nested(2).text(name).flag(proven);
                    })
                    .flag(*fields == Fields::All)
                    .text(status.name())
                    .optional(*as_of, |writer, time| {
                        writer.number(time.seconds());
                    });
            }
            Event::Enrolled => {
                writer.number(2).nested(0);
            }
            Event::Renewed => {
                writer.number(3).nested(0);
            }
            Event::StatusChanged { from, to } => {
                writer.number(4).nested(2).text(from.name()).text(to.name());
            }
            Event::Removed => {
                writer.number(5).nested(0);
            }
        }
        writer.finish()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::array(bytes, 4)?;
        let at = time(&mut reader)?;
        let license = reader.text()?.to_owned();
        let event = match (reader.number()?, reader.nested()?) {
            (1, 4) => Event::Shown {
                audience: reader
                    .optional(|reader| {
                        (reader.nested()? == 2).then_some(())?;
                        Some(Audience::Reader {
                            name: reader.text()?.to_owned(),
                            proven: reader.flag()?,
                        })
                    })?
                    .unwrap_or(Audience::Anyone),
                fields: if reader.flag()? {
                    Fields::All
                } else {
                    Fields::AllButPortrait
                },
                status: status(&mut reader)?,
                as_of: reader.optional(time)?,
            },
            (2, 0) => Event::Enrolled,
            (3, 0) => Event::Renewed,
            (4, 2) => Event::StatusChanged {
                from: status(&mut reader)?,
                to: status(&mut reader)?,
            },
            (5, 0) => Event::Removed,
            _ => return None,
        };
        reader.end()?;
        Some(Self { at, license, event })
    }
}

fn time(reader: &mut Reader<'_>) -> Option<UnixTime> {
    UnixTime::new(reader.number()?).ok()
}

fn status(reader: &mut Reader<'_>) -> Option<LicenseStatus> {
    LicenseStatus::from_name(reader.text()?)
}
