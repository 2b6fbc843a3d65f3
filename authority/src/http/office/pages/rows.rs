//! What the pages say of licenses, decisions, phones and events, in words.

use std::collections::BTreeMap;

use vidimus_credential::meaning::{Standing, Tone};
use vidimus_credential::{Day, UnixTime};

use super::frame::when;
use crate::authority::Authority;
use crate::error::Error;
use crate::register::office::EventRow;
use crate::register::{DecisionRow, DeviceRow, LicenseRow, Review, ReviewReason, ReviewState};
use crate::store::settings::Settings;

/// What pages need to know to say things: the seat's time, and who users are.
pub(super) struct Words {
    pub(super) east: i16,
    pub(super) country: String,
    users: BTreeMap<i64, String>,
}

impl Words {
    pub(super) fn read(authority: &Authority) -> Result<Self, Error> {
        let settings = authority.store.read(Settings::read)?;
        let users = authority.users()?.into_iter();
        Ok(Self {
            east: settings.utc_offset,
            country: settings.country.as_str().to_owned(),
            users: users.map(|user| (user.id, user.name)).collect(),
        })
    }

    pub(super) fn when(&self, time: UnixTime) -> String {
        when(time, self.east)
    }

    pub(super) fn when_or_none(&self, time: Option<UnixTime>) -> String {
        time.map_or_else(|| "–".to_owned(), |time| self.when(time))
    }

    pub(super) fn user(&self, id: i64) -> String {
        let name = self.users.get(&id).cloned();
        name.unwrap_or_else(|| format!("u{id}"))
    }

    /// Who did something, by how events say it.
    pub(super) fn who(&self, by: &str) -> String {
        let one = |part: &str| match part.strip_prefix('u').and_then(|id| id.parse().ok()) {
            Some(id) => self.user(id),
            None => match part {
                "machine" => "on the machine".to_owned(),
                "server" => "by the server".to_owned(),
                other => other.to_owned(),
            },
        };
        by.split('+').map(one).collect::<Vec<_>>().join(" and ")
    }

    /// The first second of a day at the seat, as it was chosen in a form; `None` where none was.
    pub(super) fn day(&self, text: &str) -> Option<UnixTime> {
        let day = Day::parse_iso(text).ok()?;
        let seconds = i64::from(day.days()) * 86_400 - i64::from(self.east) * 60;
        UnixTime::new(u64::try_from(seconds).ok()?).ok()
    }
}

/// A license in a list.
pub(super) struct LicenseLine {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) standing: String,
    pub(super) tone: &'static str,
}

impl LicenseLine {
    pub(super) fn of(row: &LicenseRow, now: UnixTime) -> Self {
        let stands = super::super::api::standing(row, now);
        let (standing, tone) = match row.end() {
            Some(_) => ("ended".to_owned(), ""),
            None => (said(stands), tone(stands)),
        };
        let deleted = || "deleted after the retention".to_owned();
        let license = row.license();
        Self {
            id: row.id.clone(),
            number: license.map_or_else(
                || row.id.clone(),
                |license| license.license_number().to_owned(),
            ),
            name: license.map_or_else(deleted, |license| {
                let name = format!("{} {}", license.given_names(), license.family_name());
                name.trim().to_owned()
            }),
            born: license.map_or_else(String::new, |license| license.birth_date().to_string()),
            standing,
            tone,
        }
    }
}

fn said(standing: Standing) -> String {
    standing.name().replace('_', " ")
}

const fn tone(standing: Standing) -> &'static str {
    match standing.tone() {
        Tone::Good => "good",
        Tone::Bad => "bad",
        _ => "",
    }
}

/// A decision in a table.
pub(super) struct DecisionLine {
    pub(super) event: String,
    pub(super) state: String,
    pub(super) at: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) in_force: bool,
}

impl DecisionLine {
    pub(super) fn of(row: &DecisionRow, words: &Words) -> Self {
        let lifted = row.lifted.map(|at| format!(" (lifted {})", words.when(at)));
        Self {
            event: row.event.clone(),
            state: row.state.name().replace('_', " "),
            at: words.when(row.made),
            from: words.when(row.from),
            until: words.when_or_none(row.until) + &lifted.unwrap_or_default(),
            reason: row.reason.clone().unwrap_or_default(),
            by: words.who(&row.by),
            in_force: row.in_force && row.state != vidimus_credential::LicenseStatus::Valid,
        }
    }
}

/// A phone in a table.
pub(super) struct DeviceLine {
    pub(super) id: i64,
    pub(super) since: String,
    pub(super) words: String,
    /// Whether it can be ended, or ended for a worse reason.
    pub(super) can_end: bool,
    pub(super) live: bool,
}

impl DeviceLine {
    pub(super) fn of(row: &DeviceRow, words: &Words) -> Self {
        let reason = row.end_reason.as_deref().unwrap_or("ended");
        let said = match (row.ended, row.expires) {
            (Some(at), _) => format!("ended {} ({reason})", words.when(at)),
            (None, Some(expires)) => {
                let not = if row.acknowledged {
                    ""
                } else {
                    "; it has not said that it has the license"
                };
                format!("good until {}{not}", words.when(expires))
            }
            (None, None) => "has no license yet".to_owned(),
        };
        Self {
            id: row.id,
            since: words.when(row.added),
            words: said,
            can_end: row.ended.is_none() || reason == "replaced",
            live: row.ended.is_none(),
        }
    }
}

/// A review of a license, in one sentence.
pub(super) struct ReviewLine {
    pub(super) id: i64,
    pub(super) words: String,
    pub(super) waits: bool,
}

impl ReviewLine {
    /// What is still of interest: a review that waits, or was refused last.
    pub(super) fn of(row: &Review, words: &Words) -> Option<Self> {
        let what = match row.kind {
            crate::register::ReviewKind::Photo => "The photo",
            crate::register::ReviewKind::Papers => "The papers",
        };
        let said = match &row.state {
            ReviewState::Waiting => {
                format!("{what} waits for a clerk since {}.", words.when(row.made))
            }
            ReviewState::Refused {
                reason,
                words: more,
            } => {
                let more = more.as_deref().map(|more| format!(" “{more}”"));
                format!(
                    "{what} was refused: {}.{}",
                    reason_words(*reason),
                    more.unwrap_or_default()
                )
            }
            _ => return None,
        };
        Some(Self {
            id: row.id,
            words: said,
            waits: row.state == ReviewState::Waiting,
        })
    }
}

/// Why a photo or papers are refused.
pub(super) const fn reason_words(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::PhotoUnclear => "the face is not clear",
        ReviewReason::PhotoNotRecent => "the photo is too old",
        ReviewReason::PhotoOtherPerson => "the photo is of somebody else",
        ReviewReason::PapersMissing => "papers are missing",
        ReviewReason::Other => "something else",
    }
}

/// An event in a timeline.
pub(super) struct EventLine {
    pub(super) at: String,
    pub(super) words: String,
    pub(super) by: String,
}

impl EventLine {
    pub(super) fn of(row: &EventRow, words: &Words) -> Self {
        Self {
            at: words.when(row.at),
            words: event_words(&row.kind, row.device, row.detail.as_deref()),
            by: words.who(&row.by),
        }
    }
}

/// What an event says, as far as its code has words.
pub(super) fn event_words(kind: &str, device: Option<i64>, detail: Option<&str>) -> String {
    let detail = detail.unwrap_or_default();
    let phone = device.map_or_else(String::new, |device| format!(" {device}"));
    match kind {
        "added" => "Registered".to_owned(),
        "edited" if detail == "takes_away" => "Edited; something was taken away".to_owned(),
        "edited" => "Edited".to_owned(),
        "offered" => format!("Offered to a phone ({detail})"),
        "redeemed" if detail == "sign_in" => "The driver signed in and agreed".to_owned(),
        "redeemed" => "The driver took up the offer".to_owned(),
        "device_added" => format!("Phone{phone} came to it"),
        "acknowledged" => format!("Phone{phone} has stored it"),
        "letter_made" => "A letter with a code was made".to_owned(),
        "account_made" => "The driver set up an account".to_owned(),
        "account_renewed" => "The driver set up the account anew".to_owned(),
        "issued" => format!("Phone{phone} has the license"),
        "device_ended" => format!("Phone{phone} ended ({detail})"),
        "decided" => format!("Decided: {}", detail.replace('_', " ")),
        "ended" => format!("Ended ({detail})"),
        "proposed" => format!("Proposed ({detail})"),
        "approved" => format!("Proposal approved ({detail})"),
        "review_asked" => "A clerk is to look at it".to_owned(),
        "review_accepted" => "Looked at, and accepted".to_owned(),
        "review_refused" => "Looked at, and refused".to_owned(),
        "denied" => format!("Denied: {detail}"),
        _ => {
            let said = kind.replace('_', " ");
            match detail {
                "" => said,
                detail => format!("{said}: {detail}"),
            }
        }
    }
}
