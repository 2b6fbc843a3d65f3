//! What the calls of the API take and give. The OpenAPI document is made from these types, and a
//! test holds the answers against it.

mod desk;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use vidimus_credential::UnixTime;

use crate::application_form;
use crate::offers::AddedLicense;
use crate::register::office::{EventRow, ProposalRow};
use crate::register::{DecisionRow, DeviceRow, Ended, Found, LicenseRow, Review, ReviewState};
use crate::rules::standing::{advice, standing_of};
use vidimus_credential::meaning::Standing;

pub(crate) use desk::{
    AddReader, AddToken, AddUser, AddedReader, ChangeSettings, ChangeUser, ClientPage, ClientView,
    NewTokenView, ReaderPage, ReaderView, SetUpView, SettingsView, UserPage, UserView,
};

/// A driver and the license, as `driver.json` has them. Personal data.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by its own rules, and described here")]
pub(crate) struct Driver {
    /// 1 to 64 bytes; may be empty where there is none
    family_name: String,
    given_names: String,
    /// YYYY-MM-DD, or a part of it where no more is known
    birth_date: String,
    license_number: String,
    issue_date: String,
    /// null where the license has no end
    expiry_date: Option<String>,
    /// Two letters (ISO 3166-1 alpha-2)
    issuing_country: String,
    categories: Vec<Category>,
    /// Standard time at the seat, such as +08:00; left out where it is UTC
    #[schema(required = false)]
    utc_offset: Option<String>,
}

/// A category of vehicles.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read by its own rules, and described here")]
pub(crate) struct Category {
    code: String,
    from: Option<String>,
    until: Option<String>,
    #[schema(required = false)]
    restrictions: Option<Vec<Value>>,
}

fn seconds(time: Option<UnixTime>) -> Option<u64> {
    time.map(UnixTime::seconds)
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    pub(super) user: String,
    pub(super) id: i64,
    pub(super) roles: Vec<&'static str>,
}

/// A license of the register. Times are seconds since 1970.
#[derive(Serialize, ToSchema)]
pub(crate) struct LicenseView {
    pub(super) license_id: String,
    /// null once the personal data was deleted
    #[schema(value_type = Option<Driver>)]
    pub(super) license: Option<Value>,
    /// What the decisions make of it
    pub(super) status: String,
    /// Decisions and days together
    pub(super) standing: String,
    pub(super) added_at: u64,
    pub(super) ended_at: Option<u64>,
    pub(super) end_reason: Option<String>,
}

/// How a license stands today.
pub(crate) fn standing(row: &LicenseRow, now: UnixTime) -> Standing {
    match row.license() {
        Some(license) => standing_of(license, row.status, now),
        None => Standing::of_status(row.status),
    }
}

impl LicenseView {
    pub(super) fn of(row: &LicenseRow, now: UnixTime) -> Self {
        Self {
            license_id: row.id.clone(),
            license: row.license().map(application_form::to_json),
            status: row.status.name().to_owned(),
            standing: standing(row, now).name().to_owned(),
            added_at: row.added_at.seconds(),
            ended_at: row.end().map(|end| end.at.seconds()),
            end_reason: row.end().map(|end| end.reason.clone()),
        }
    }
}

/// A page of licenses.
#[derive(Serialize, ToSchema)]
pub(crate) struct LicensePage {
    pub(super) licenses: Vec<LicenseView>,
    /// Where the next page begins: its `after`. null on the last one
    pub(super) next: Option<String>,
}

/// A license with all that is known of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LicenseDetail {
    pub(super) license_id: String,
    #[schema(value_type = Option<Driver>)]
    pub(super) license: Option<Value>,
    pub(super) status: String,
    pub(super) standing: String,
    pub(super) added_at: u64,
    pub(super) ended_at: Option<u64>,
    pub(super) end_reason: Option<String>,
    /// What its driver is to do, in words
    pub(super) what_to_do: String,
    pub(super) decisions: Vec<DecisionView>,
    pub(super) devices: Vec<DeviceView>,
    /// When the open offer ends
    pub(super) offer_until: Option<u64>,
    pub(super) reviews: Vec<ReviewView>,
}

impl LicenseDetail {
    pub(super) fn of(found: &Found, reviews: &[Review], now: UnixTime) -> Self {
        let view = LicenseView::of(&found.row, now);
        Self {
            license_id: view.license_id,
            license: view.license,
            status: view.status,
            standing: view.standing,
            added_at: view.added_at,
            ended_at: view.ended_at,
            end_reason: view.end_reason,
            what_to_do: advice(standing(&found.row, now)).to_owned(),
            decisions: found.decisions.iter().map(DecisionView::of).collect(),
            devices: found.devices.iter().map(DeviceView::of).collect(),
            offer_until: seconds(found.offer_until),
            reviews: reviews.iter().map(ReviewView::of).collect(),
        }
    }
}

/// A decision about a license.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionView {
    pub(super) event: String,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) from: u64,
    pub(super) until: Option<u64>,
    /// An office, `system`, or the ids of users such as `u3`, or `u3+u5` for four eyes
    pub(super) by: String,
    pub(super) decided_at: u64,
    pub(super) lifted_at: Option<u64>,
    pub(super) in_force: bool,
}

impl DecisionView {
    fn of(row: &DecisionRow) -> Self {
        Self {
            event: row.event.clone(),
            state: row.state.name().to_owned(),
            reason: row.reason.clone(),
            from: row.from.seconds(),
            until: seconds(row.until),
            by: row.by.clone(),
            decided_at: row.made.seconds(),
            lifted_at: seconds(row.lifted),
            in_force: row.in_force,
        }
    }
}

/// A phone that holds a license or held it.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceView {
    pub(super) device_id: i64,
    pub(super) added_at: u64,
    pub(super) issued_at: Option<u64>,
    pub(super) expires: Option<u64>,
    pub(super) acknowledged: bool,
    pub(super) ended_at: Option<u64>,
    pub(super) end_reason: Option<String>,
}

impl DeviceView {
    fn of(row: &DeviceRow) -> Self {
        Self {
            device_id: row.id,
            added_at: row.added.seconds(),
            issued_at: seconds(row.issued),
            expires: seconds(row.expires),
            acknowledged: row.acknowledged,
            ended_at: seconds(row.ended),
            end_reason: row.end_reason.clone(),
        }
    }
}

/// Something that happened to a license.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Its number in the audit
    pub(super) n: i64,
    pub(super) at: u64,
    pub(super) kind: String,
    pub(super) device: Option<i64>,
    pub(super) detail: Option<String>,
    /// `machine`, `server`, or `u` and the id of a user
    pub(super) by: String,
}

impl EventView {
    pub(super) fn of(row: &EventRow) -> Self {
        Self {
            n: row.id,
            at: row.at.seconds(),
            kind: row.kind.clone(),
            device: row.device,
            detail: row.detail.clone(),
            by: row.by.clone(),
        }
    }
}

/// What happened to a license, the oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    pub(super) events: Vec<EventView>,
    /// The `after` of the next page; null on the last one
    pub(super) next: Option<i64>,
}

/// A driver to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddLicense {
    #[schema(value_type = Driver)]
    pub(super) license: Value,
    /// The picture: a JPEG of at most 64 KiB, in base64
    pub(super) portrait: String,
    /// The number was revoked, and the term is over: the revocation's event
    #[serde(default)]
    pub(super) after_revocation: Option<String>,
    /// `photo` or `papers`: a clerk looks at it before a phone gets the license
    #[serde(default)]
    pub(super) review: Option<String>,
}

/// What changes of a license; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditLicense {
    #[serde(default)]
    #[schema(value_type = Option<Driver>)]
    pub(super) license: Option<Value>,
    /// Another picture: a JPEG of at most 64 KiB, in base64
    #[serde(default)]
    pub(super) portrait: Option<String>,
    /// `photo` or `papers`: a clerk looks at it before another phone gets the license
    #[serde(default)]
    pub(super) review: Option<String>,
}

/// An offer for a driver's phone. Who has it and the code gets the license.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferView {
    pub(super) license_id: String,
    pub(super) offer: String,
    pub(super) offer_by_reference: String,
    /// Told to the driver by another way than the offer
    pub(super) tx_code: String,
    pub(super) expires: u64,
    /// What was changed in what came with it
    pub(super) notes: Vec<String>,
}

impl OfferView {
    pub(super) fn of(added: &AddedLicense, notes: Vec<String>) -> Self {
        Self {
            license_id: added.license_id.clone(),
            offer: added.offer.clone(),
            offer_by_reference: added.offer_by_reference.clone(),
            tx_code: added.tx_code.clone(),
            expires: added.expires.seconds(),
            notes,
        }
    }
}

/// What an edit did.
#[derive(Serialize, ToSchema)]
pub(crate) struct EditedView {
    pub(super) license_id: String,
    pub(super) changed: bool,
    /// Something was taken from the driver
    pub(super) takes_away: bool,
    /// Phones that fetch the new license
    pub(super) devices: usize,
    /// The review that a clerk has to decide, where there is one
    pub(super) review: Option<i64>,
    pub(super) notes: Vec<String>,
}

/// Which phone an offer is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeOffer {
    /// The old phone ends as soon as the new one has the license
    #[serde(default)]
    pub(super) replace: bool,
    /// Both phones hold the license
    #[serde(default)]
    pub(super) beside: bool,
    /// Which phone to replace, where there are several
    #[serde(default)]
    pub(super) device: Option<i64>,
}

/// A call that takes nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// The letter with which a driver opens an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterView {
    pub(super) license_id: String,
    /// The code that is printed in it, told once
    pub(super) code: String,
    pub(super) expires: u64,
    /// Whether an earlier letter could still be used, which it voids
    pub(super) replaced: bool,
    /// Whether the driver has an account, which gets a new passphrase by it
    pub(super) renews: bool,
}

/// Why a license or a phone ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    /// A license: death, surrendered, moved, mistake. A phone: lost, stolen, replaced
    pub(super) reason: String,
}

/// A license or a phone that has ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct EndedView {
    pub(super) license_id: String,
    /// Why it ended: an earlier reason where that one stays
    pub(super) ended: String,
    pub(super) changed: bool,
}

impl EndedView {
    pub(super) fn of(ended: &Ended) -> Self {
        Self {
            license_id: ended.license_id.clone(),
            ended: ended.reason.clone(),
            changed: ended.changed,
        }
    }
}

/// A decision that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    /// unresolved, suspended, points_limit, lapsed, valid; revoked and superseded are proposed
    pub(super) state: String,
    /// On what ground, at most 256 bytes
    #[serde(default)]
    pub(super) reason: Option<String>,
    /// Seconds since 1970; left out: from now on
    #[serde(default)]
    pub(super) from: Option<u64>,
    /// Seconds since 1970; for a revocation: before when no new license may be given
    #[serde(default)]
    pub(super) until: Option<u64>,
    /// Your own name for it: given again, it is not made again
    #[serde(default)]
    pub(super) event: Option<String>,
    /// With `valid`: the event of the one decision that is lifted
    #[serde(default)]
    pub(super) lifts: Option<String>,
}

/// A decision that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecidedView {
    pub(super) license_id: String,
    /// What the decisions make of the license now
    pub(super) status: String,
    pub(super) event: String,
    pub(super) repeated: bool,
    pub(super) lifted_nothing: bool,
    pub(super) lists_signed: usize,
}

/// A decision that waits for another chief, or waited.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposalView {
    pub(super) proposal_id: i64,
    pub(super) license_id: String,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    pub(super) from: Option<u64>,
    pub(super) until: Option<u64>,
    /// The id of the user who proposed it
    pub(super) by: i64,
    pub(super) made: u64,
    /// approved, refused or withdrawn; null while it waits
    pub(super) outcome: Option<String>,
    pub(super) closed_at: Option<u64>,
    pub(super) closed_by: Option<i64>,
}

impl ProposalView {
    pub(super) fn of(row: &ProposalRow) -> Self {
        let closed = row.closed.as_ref();
        Self {
            proposal_id: row.id,
            license_id: row.license.clone(),
            state: row.state.name().to_owned(),
            reason: row.reason.clone(),
            from: seconds(row.from),
            until: seconds(row.until),
            by: row.by,
            made: row.made.seconds(),
            outcome: closed.map(|closed| closed.outcome.clone()),
            closed_at: closed.map(|closed| closed.at.seconds()),
            closed_by: closed.map(|closed| closed.by),
        }
    }
}

/// Proposals, the latest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposalPage {
    pub(super) proposals: Vec<ProposalView>,
}

/// A photo or papers that a clerk looks at.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewView {
    pub(super) review_id: i64,
    pub(super) license_id: String,
    /// What is looked at: photo or papers
    pub(super) kind: &'static str,
    pub(super) made: u64,
    /// waiting, accepted, refused or closed
    pub(super) state: &'static str,
    pub(super) reason: Option<&'static str>,
    pub(super) words: Option<String>,
    pub(super) by: Option<String>,
    pub(super) decided_at: Option<u64>,
}

impl ReviewView {
    pub(super) fn of(row: &Review) -> Self {
        let (reason, words) = match &row.state {
            ReviewState::Refused { reason, words } => (Some(reason.name()), words.clone()),
            _ => (None, None),
        };
        Self {
            review_id: row.id,
            license_id: row.license.clone(),
            kind: row.kind.name(),
            made: row.made.seconds(),
            state: row.state.name(),
            reason,
            words,
            by: row.by.clone(),
            decided_at: seconds(row.decided),
        }
    }
}

/// Reviews that wait, the oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewPage {
    pub(super) reviews: Vec<ReviewView>,
    /// The `after` of the next page; null on the last one
    pub(super) next: Option<i64>,
}

/// How a photo is accepted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// The part of the picture to keep; left out: the program's own choice
    #[serde(default)]
    pub(super) crop: Option<CropArea>,
}

/// A part of a picture, in pixels of the picture once it is upright.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CropArea {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Why a photo or papers are refused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refuse {
    /// photo_unclear, photo_not_recent, photo_other_person, papers_missing or other
    pub(super) reason: String,
    /// Further words for the driver, at most 256 bytes
    #[serde(default)]
    pub(super) words: Option<String>,
}

/// Something is done, and there is nothing to say.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {
    pub(super) done: bool,
}

impl Done {
    pub(super) const YES: Self = Self { done: true };
}
