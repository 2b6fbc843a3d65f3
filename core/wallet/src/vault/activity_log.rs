//! The activity log: when a license was shown, in which mode, to which reader, with which fields
//! and status.
//!
//! The entries are personal data of the driver. They are sealed in the vault, whose chain detects
//! every change. Show them to the driver alone.

use vidimus_credential::{LicenseStatus, Standing, UnixTime};
use zeroize::Zeroizing;

use crate::vault::codec::{RowReader, RowWriter};

/// Entries of the activity log.
#[derive(Clone, PartialEq, Eq)]
pub struct Activity {
    /// The entries, newest first. They are personal data.
    pub entries: Vec<ActivityEntry>,
    /// False where the log was changed; entries older than the change are not in the list.
    pub intact: bool,
}

/// One entry: what happened to a license, and when. It is personal data and has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    /// The time of the event, by the wallet's best time.
    pub at: UnixTime,
    /// The license's id in this wallet.
    pub license: String,
    /// The event that is logged.
    pub event: Event,
}

/// An event in the life of a license. It is personal data and has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Event {
    /// The license was shown.
    Shown {
        /// The reader, if it named itself.
        audience: Audience,
        /// The fields that were disclosed.
        fields: Fields,
        /// The status that was shown with it.
        status: LicenseStatus,
        /// When the authority signed that status.
        as_of: Option<UnixTime>,
        /// The standing of the license at that time.
        standing: Standing,
    },
    /// The license was issued to this wallet.
    Enrolled,
    /// The license's credential was renewed.
    Renewed,
    /// The license's status changed.
    StatusChanged {
        /// The status before the change.
        from: LicenseStatus,
        /// The status after the change.
        to: LicenseStatus,
    },
    /// The driver removed the license.
    Removed,
}

/// To whom a license was shown.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Audience {
    /// Anyone who saw the screen: a showing without a challenge.
    Anyone,
    /// The reader whose challenge was answered.
    Reader {
        /// The name in the challenge; `dl1:code` for digits that were read out.
        name: String,
        /// Whether the trust list proved the name.
        proven: bool,
    },
}

/// The names of the disclosed fields, in order. A newer version may have written names that this
/// one does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<String>);

/// The name of all fields but the portrait in the log.
const LICENSE: &str = "license";
/// The name of the portrait in the log.
const PORTRAIT: &str = "portrait";

impl Fields {
    /// All fields but the portrait: those in a QR.
    #[must_use]
    pub fn all_but_portrait() -> Self {
        Self(vec![LICENSE.to_owned()])
    }

    /// All fields, including the portrait.
    #[must_use]
    pub fn all() -> Self {
        Self(vec![LICENSE.to_owned(), PORTRAIT.to_owned()])
    }

    /// The names: `license` for all fields but the portrait, `portrait` for the portrait.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the portrait was disclosed.
    #[must_use]
    pub fn has_portrait(&self) -> bool {
        self.names().any(|name| name == PORTRAIT)
    }
}

/// The tag of a showing in the log.
const SHOWN: u64 = 6;
const SHOWN_BEFORE: u64 = 1;

impl ActivityEntry {
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(4, 192);
        writer.number(self.at.seconds()).text(&self.license);
        match &self.event {
            Event::Shown {
                audience,
                fields,
                status,
                as_of,
                standing,
            } => {
                writer.number(SHOWN).nested(5);
                let reader = match audience {
                    Audience::Anyone => None,
                    Audience::Reader { name, proven } => Some((name, *proven)),
                };
                writer
                    .optional(reader, |writer, (name, proven)| {
                        writer.nested(2).text(name).flag(proven);
                    })
                    .list(&fields.0, |writer, name| {
                        writer.text(name);
                    })
                    .text(status.name())
                    .optional(*as_of, |writer, time| {
                        writer.number(time.seconds());
                    })
                    .text(standing.name());
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
        let mut reader = RowReader::array(bytes, 4)?;
        let at = time(&mut reader)?;
        let license = reader.text()?.to_owned();
        let event = match (reader.number()?, reader.nested()?) {
            (SHOWN, 5) => shown(&mut reader, 3)?,
            (SHOWN_BEFORE, 4) => shown(&mut reader, 1)?,
            (SHOWN_BEFORE, 5) => shown(&mut reader, 2)?,
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

/// Reads a showing of an older or the present schema. The first schema had no standing, which
/// follows from the status; the first two had a flag for the portrait.
fn shown(reader: &mut RowReader<'_>, schema: u8) -> Option<Event> {
    let audience = reader.optional(|reader| {
        (reader.nested()? == 2).then_some(())?;
        Some(Audience::Reader {
            name: reader.text()?.to_owned(),
            proven: reader.flag()?,
        })
    })?;
    let fields = if schema > 2 {
        Fields(reader.list(|reader| reader.text().map(str::to_owned))?)
    } else if reader.flag()? {
        Fields::all()
    } else {
        Fields::all_but_portrait()
    };
    let status = status(reader)?;
    let as_of = reader.optional(time)?;
    let standing = if schema > 1 {
        Standing::from_name(reader.text()?)?
    } else {
        Standing::of_status(status)
    };
    Some(Event::Shown {
        audience: audience.unwrap_or(Audience::Anyone),
        fields,
        status,
        as_of,
        standing,
    })
}

fn time(reader: &mut RowReader<'_>) -> Option<UnixTime> {
    UnixTime::new(reader.number()?).ok()
}

fn status(reader: &mut RowReader<'_>) -> Option<LicenseStatus> {
    LicenseStatus::from_name(reader.text()?)
}

#[cfg(test)]
mod tests {
    use super::{ActivityEntry, Audience, Event, Fields};
    use crate::vault::codec::RowWriter;
    use proptest::prelude::*;
    use vidimus_credential::{LicenseStatus, Standing, UnixTime};

    fn time() -> impl Strategy<Value = UnixTime> {
        (0..=UnixTime::MAX.seconds()).prop_map(|seconds| UnixTime::new(seconds).unwrap())
    }

    fn status() -> impl Strategy<Value = LicenseStatus> {
        proptest::sample::select(LicenseStatus::ALL.to_vec())
    }

    fn event() -> impl Strategy<Value = Event> {
        let audience = prop_oneof![
            Just(Audience::Anyone),
            (".{0,64}", any::<bool>()).prop_map(|(name, proven)| Audience::Reader { name, proven }),
        ];
        let fields = prop_oneof![
            Just(Fields::all()),
            Just(Fields::all_but_portrait()),
            proptest::collection::vec("[a-z_.]{1,20}", 0..5).prop_map(Fields),
        ];
        let as_of = proptest::option::of(time());
        let standing = proptest::sample::select(Standing::ALL.to_vec());
        prop_oneof![
            (audience, fields, status(), as_of, standing).prop_map(
                |(audience, fields, status, as_of, standing)| Event::Shown {
                    audience,
                    fields,
                    status,
                    as_of,
                    standing,
                }
            ),
            Just(Event::Enrolled),
            Just(Event::Renewed),
            (status(), status()).prop_map(|(from, to)| Event::StatusChanged { from, to }),
            Just(Event::Removed),
        ]
    }

    #[test]
    fn an_entry_of_a_wallet_without_a_list_of_fields_says_whether_the_portrait_was_shown() {
        for portrait in [false, true] {
            let mut writer = RowWriter::array(4, 64);
            writer
                .number(7)
                .text("one")
                .number(1)
                .nested(5)
                .optional(None::<()>, |_, ()| {})
                .flag(portrait)
                .text("valid")
                .optional(None::<()>, |_, ()| {})
                .text("points_limit");
            let entry = ActivityEntry::decode(&writer.finish());
            let Some(Event::Shown { fields, .. }) = entry.map(|entry| entry.event) else {
                unreachable!("it is an entry of a showing")
            };
            assert_eq!(fields.has_portrait(), portrait);
            assert_eq!(fields.names().next(), Some("license"));
        }
    }

    #[test]
    fn an_entry_of_an_older_wallet_stood_as_its_status_said() {
        let mut writer = RowWriter::array(4, 64);
        writer
            .number(7)
            .text("one")
            .number(1)
            .nested(4)
            .optional(None::<()>, |_, ()| {})
            .flag(false)
            .text("suspended")
            .optional(None::<()>, |_, ()| {});
        let entry = ActivityEntry::decode(&writer.finish());
        let Some(Event::Shown { standing, .. }) = entry.map(|entry| entry.event) else {
            unreachable!("it is an entry of a showing")
        };
        assert_eq!(standing, Standing::Suspended);
    }

    proptest! {
        #[test]
        fn every_entry_survives_its_bytes(at in time(), license in ".{0,40}", event in event()) {
            let entry = ActivityEntry { at, license, event };
            let bytes = entry.encode();
            prop_assert!(ActivityEntry::decode(&bytes) == Some(entry));
            for length in 0..bytes.len() {
                prop_assert!(ActivityEntry::decode(&bytes[..length]).is_none());
            }
        }

        #[test]
        fn no_bytes_make_reading_an_entry_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            ActivityEntry::decode(&bytes);
        }
    }
}
