//! What an enrollment keeps of an application: the sign-in that is under way, the transaction of a
//! license that is issued later, and a refusal.

use serde::Deserialize;
use vidimus_credential::all_variants;
use vidimus_credential::text::check_text;
use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use super::enrollment::{Enrollment, owned};
use crate::network::json;
use crate::network::schedule::Schedule;
use crate::ports::HttpResponse;
use crate::vault::codec::{RowReader, RowWriter};

/// Seconds between two requests for a deferred license, where the issuer named none.
const DEFAULT_INTERVAL: u64 = 300;

/// The bounds of an interval that an issuer names, in seconds.
const SHORTEST_INTERVAL: u64 = 5;
const LONGEST_INTERVAL: u64 = 86_400;

/// Longest words of a clerk that are kept, in bytes.
const MAX_WORDS: usize = 256;

/// Why the authority refused an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewReason {
    /// The photo is not clear enough.
    PhotoUnclear,
    /// The photo is too old.
    PhotoNotRecent,
    /// The photo shows another person.
    PhotoOtherPerson,
    /// Papers that the authority needs are missing.
    PapersMissing,
    /// Any other reason, and one that this version does not know.
    Other,
}

all_variants! {
    /// Every reason that this version knows.
    ReviewReason { PhotoUnclear, PhotoNotRecent, PhotoOtherPerson, PapersMissing, Other }
}

impl ReviewReason {
    /// The name of the reason on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PhotoUnclear => "photo_unclear",
            Self::PhotoNotRecent => "photo_not_recent",
            Self::PhotoOtherPerson => "photo_other_person",
            Self::PapersMissing => "papers_missing",
            Self::Other => "other",
        }
    }

    /// The reason of a name. One that is not known is [`Other`](Self::Other).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|reason| reason.name() == name);
        known.unwrap_or(Self::Other)
    }
}

/// A sign-in that is under way, until its code has brought tokens. It holds secrets.
#[derive(Clone)]
pub(crate) struct PendingSignIn {
    /// Where the browser comes back to.
    pub(crate) redirect_uri: String,
    /// The PKCE verifier (RFC 7636).
    pub(crate) verifier: Zeroizing<String>,
    /// Until when the browser may come back, by the wallet's best time.
    pub(crate) expires: UnixTime,
    /// Whether the server promised to name itself in its answer (RFC 9207).
    pub(crate) names_issuer: bool,
    /// The code that the browser brought.
    pub(crate) code: Option<Zeroizing<String>>,
}

impl PendingSignIn {
    /// Whether the browser comes too late. A time further ahead than any sign-in lasts was written
    /// under another clock.
    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        let longest = now.saturating_add(super::sign_in::SIGN_IN_LIFE);
        now >= self.expires || self.expires > longest
    }

    /// An upper bound of what [`write`](Self::write) writes, in bytes.
    pub(super) fn capacity(&self) -> usize {
        let code = self.code.as_ref().map_or(0, |code| code.len());
        self.redirect_uri.len() + self.verifier.len() + code + 48
    }

    pub(super) fn write(writer: &mut RowWriter, pending: &Self) {
        writer
            .nested(5)
            .text(&pending.redirect_uri)
            .text(&pending.verifier)
            .number(pending.expires.seconds())
            .flag(pending.names_issuer);
        writer.optional(pending.code.as_ref(), |writer, code| {
            writer.text(code);
        });
    }

    pub(super) fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 5).then_some(())?;
        Some(Self {
            redirect_uri: owned(reader)?,
            verifier: Zeroizing::new(owned(reader)?),
            expires: UnixTime::new(reader.number()?).ok()?,
            names_issuer: reader.flag()?,
            code: reader.optional(|reader| owned(reader).map(Zeroizing::new))?,
        })
    }
}

/// A license that the issuer will issue later (OpenID4VCI 1.0, section 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deferral {
    /// The issuer's id of the transaction; `None` where it gave none.
    pub(crate) transaction: Option<String>,
    /// The least seconds between an answer and the next request.
    pub(crate) interval: u64,
    /// When the issuer last answered, by the wallet's best time.
    pub(crate) asked: UnixTime,
}

impl Deferral {
    /// No request before this time. A last answer in the future was dated by another clock.
    pub(crate) fn not_before(&self, now: UnixTime) -> UnixTime {
        if self.asked > now {
            return UnixTime::EPOCH;
        }
        self.asked.saturating_add(self.interval)
    }

    /// An upper bound of what [`write`](Self::write) writes, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.transaction.as_ref().map_or(0, String::len) + 32
    }

    pub(super) fn write(writer: &mut RowWriter, deferral: &Self) {
        writer.nested(3);
        writer.optional(deferral.transaction.as_deref(), |writer, id| {
            writer.text(id);
        });
        writer
            .number(deferral.interval)
            .number(deferral.asked.seconds());
    }

    pub(super) fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 3).then_some(())?;
        Some(Self {
            transaction: reader.optional(owned)?,
            interval: reader.number()?,
            asked: UnixTime::new(reader.number()?).ok()?,
        })
    }
}

/// The issuer's answer that the license comes later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Later {
    /// The id of the transaction, where the answer names one.
    pub(crate) transaction: Option<String>,
    /// The least seconds until the next request.
    pub(crate) interval: u64,
}

impl Later {
    /// The answer of these members. An interval is kept within 5 seconds and a day.
    pub(super) fn of(transaction: Option<String>, interval: Option<u64>) -> Self {
        let interval = interval.unwrap_or(DEFAULT_INTERVAL);
        Self {
            transaction: transaction.filter(|id| !id.is_empty()),
            interval: interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL),
        }
    }
}

/// A refusal of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denial {
    /// Why it was refused.
    pub(crate) reason: ReviewReason,
    /// The clerk's words, which are fit to be shown.
    pub(crate) words: Option<String>,
}

impl Denial {
    /// A refusal without a reason.
    pub(crate) const UNSAID: Self = Self {
        reason: ReviewReason::Other,
        words: None,
    };

    /// The refusal in an answer. Words that are not fit to be shown are left out.
    pub(super) fn of(response: &HttpResponse) -> Self {
        let wire: Option<WireDenial> = json::read(&response.body);
        let Some(reason) = wire.and_then(|wire| wire.reason) else {
            return Self::UNSAID;
        };
        let fit = |words: &String| check_text(words, MAX_WORDS, false).is_ok();
        Self {
            reason: reason
                .code
                .as_deref()
                .map_or(ReviewReason::Other, ReviewReason::from_name),
            words: reason.text.filter(fit),
        }
    }

    /// An upper bound of what [`write`](Self::write) writes, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.words.as_ref().map_or(0, String::len) + 32
    }

    pub(super) fn write(writer: &mut RowWriter, denial: &Self) {
        writer.nested(2).text(denial.reason.name());
        writer.optional(denial.words.as_deref(), |writer, words| {
            writer.text(words);
        });
    }

    pub(super) fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 2).then_some(())?;
        Some(Self {
            reason: ReviewReason::from_name(reader.text()?),
            words: reader.optional(owned)?,
        })
    }
}

impl Enrollment {
    /// Whether this is an application: begun by a sign-in, or with a license to come later.
    pub(crate) fn is_application(&self) -> bool {
        self.client.is_some() || self.deferral.is_some() || self.refused.is_some()
    }

    /// Whether the browser has still to come back.
    pub(crate) fn is_signing_in(&self) -> bool {
        let without_code = |pending: &PendingSignIn| pending.code.is_none();
        self.sign_in.as_ref().is_some_and(without_code)
    }

    /// Whether a refresh can go on with it.
    pub(crate) fn goes_on(&self) -> bool {
        self.is_application() && self.refused.is_none() && !self.is_signing_in()
    }

    /// When a refresh goes on with it. `heeds_pauses` is false for a driver who asks: then only the
    /// issuer's interval counts.
    pub(crate) fn due(&self, schedule: &Schedule, heeds_pauses: bool, now: UnixTime) -> UnixTime {
        let pause = if heeds_pauses {
            schedule.pause(now)
        } else {
            UnixTime::EPOCH
        };
        let allowed = self.deferral.as_ref().map_or(UnixTime::EPOCH, |deferral| {
            // The last request, too, whose answer was lost.
            let sent = schedule.asked.filter(|asked| *asked <= now);
            let sent = sent.map_or(UnixTime::EPOCH, |sent| {
                sent.saturating_add(deferral.interval)
            });
            deferral.not_before(now).max(sent)
        });
        pause.max(allowed)
    }
}

#[derive(Deserialize)]
struct WireDenial {
    reason: Option<WireReason>,
}

#[derive(Deserialize)]
struct WireReason {
    code: Option<String>,
    text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(body: &str) -> Denial {
        Denial::of(&HttpResponse {
            status: 400,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn a_refusal_has_its_reason_and_only_words_that_are_fit_to_be_shown() {
        let said = denied(r#"{"reason":{"code":"photo_unclear","text":"Das Bild ist unscharf."}}"#);
        assert_eq!(said.reason, ReviewReason::PhotoUnclear);
        assert_eq!(said.words.as_deref(), Some("Das Bild ist unscharf."));
        let long = format!(
            r#"{{"reason":{{"code":"other","text":"{}"}}}}"#,
            "x".repeat(257)
        );
        for unfit in [
            "{}",
            "",
            r#"{"reason":{"code":"of_the_future"}}"#,
            r#"{"reason":{"code":"other","text":"a\u202eb"}}"#,
            r#"{"reason":{"code":"other","text":"a\nb"}}"#,
            &long,
        ] {
            assert_eq!(denied(unfit), Denial::UNSAID, "{unfit}");
        }
    }

    #[test]
    fn each_reason_is_found_by_its_name() {
        for reason in ReviewReason::ALL {
            assert_eq!(ReviewReason::from_name(reason.name()), reason);
        }
    }

    #[test]
    fn an_interval_is_kept_within_five_seconds_and_a_day() {
        for (named, kept) in [
            (None, 300),
            (Some(0), 5),
            (Some(30), 30),
            (Some(u64::MAX), 86_400),
        ] {
            assert_eq!(Later::of(None, named).interval, kept);
        }
    }
}
