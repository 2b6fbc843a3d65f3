//! What commands print of the register: made from its rows, or read from an office's answer. The
//! names of the fields are those of `--json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vidimus_authority::application_form;
use vidimus_authority::{
    AddedLicense, ClientApp, DecisionRow, DeviceRow, Edited, Ended, Found, LicenseRow, Reader,
    Review, ReviewState, UserRow, advice,
};
use vidimus_credential::UnixTime;
use vidimus_credential::meaning::Standing;

/// A second since 1970 as people read it.
pub(crate) fn time(seconds: u64) -> String {
    UnixTime::new(seconds).unwrap_or(UnixTime::MAX).to_rfc3339()
}

fn seconds(time: Option<UnixTime>) -> Option<u64> {
    time.map(UnixTime::seconds)
}

/// A license in a list. It has no `Debug`: it is personal data.
#[derive(Serialize, Deserialize)]
pub(crate) struct LicenseView {
    pub(crate) license_id: String,
    /// As `driver.json` has it; `None` once it is deleted.
    pub(crate) license: Option<Value>,
    pub(crate) status: String,
    /// Decisions and days together.
    pub(crate) standing: String,
    pub(crate) added_at: u64,
    pub(crate) ended_at: Option<u64>,
    pub(crate) end_reason: Option<String>,
}

/// How a license stands today: its state in the register and its days together.
fn standing(row: &LicenseRow, now: UnixTime) -> Standing {
    match row.license() {
        Some(license) => vidimus_authority::standing_of(license, row.status, now),
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

    /// A text of the license; empty where it has none.
    pub(crate) fn text(&self, field: &str) -> &str {
        let license = self.license.as_ref();
        let text = license.and_then(|license| license.get(field)?.as_str());
        text.unwrap_or_default()
    }
}

/// A page of licenses.
#[derive(Deserialize)]
pub(crate) struct LicensePage {
    pub(crate) licenses: Vec<LicenseView>,
    /// The id after which the next page begins; `None` on the last one.
    pub(crate) next: Option<String>,
}

/// A license with all that is known of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct LicenseDetail {
    #[serde(flatten)]
    pub(crate) row: LicenseView,
    /// What its driver is to do, in words.
    pub(crate) what_to_do: String,
    pub(crate) decisions: Vec<DecisionView>,
    pub(crate) devices: Vec<DeviceView>,
    pub(crate) offer_until: Option<u64>,
    pub(crate) reviews: Vec<ReviewView>,
}

impl LicenseDetail {
    pub(super) fn of(found: &Found, now: UnixTime) -> Self {
        Self {
            row: LicenseView::of(&found.row, now),
            what_to_do: advice(standing(&found.row, now)).to_owned(),
            decisions: found.decisions.iter().map(DecisionView::of).collect(),
            devices: found.devices.iter().map(DeviceView::of).collect(),
            offer_until: seconds(found.offer_until),
            reviews: found.reviews.iter().map(ReviewView::of).collect(),
        }
    }
}

/// A decision about a license.
#[derive(Serialize, Deserialize)]
pub(crate) struct DecisionView {
    pub(crate) event: String,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) from: u64,
    pub(crate) until: Option<u64>,
    pub(crate) by: String,
    pub(crate) decided_at: u64,
    pub(crate) lifted_at: Option<u64>,
    pub(crate) in_force: bool,
}

impl DecisionView {
    pub(super) fn of(row: &DecisionRow) -> Self {
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
#[derive(Serialize, Deserialize)]
pub(crate) struct DeviceView {
    pub(crate) device_id: i64,
    pub(crate) added_at: u64,
    pub(crate) issued_at: Option<u64>,
    pub(crate) expires: Option<u64>,
    pub(crate) acknowledged: bool,
    pub(crate) ended_at: Option<u64>,
    pub(crate) end_reason: Option<String>,
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

/// An offer for a driver's phone. It has no `Debug`: whoever has it and the code gets the license.
#[derive(Serialize, Deserialize)]
pub(crate) struct OfferView {
    pub(crate) license_id: String,
    pub(crate) offer: String,
    pub(crate) offer_by_reference: String,
    pub(crate) tx_code: String,
    pub(crate) expires: u64,
    pub(crate) notes: Vec<String>,
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
#[derive(Serialize, Deserialize)]
pub(crate) struct EditedView {
    pub(crate) license_id: String,
    pub(crate) changed: bool,
    pub(crate) takes_away: bool,
    pub(crate) devices: usize,
    /// The review that a clerk has to decide.
    pub(crate) review: Option<i64>,
    pub(crate) notes: Vec<String>,
}

impl EditedView {
    pub(super) fn of(edited: Edited, notes: Vec<String>) -> Self {
        Self {
            license_id: edited.license_id,
            changed: edited.changed,
            takes_away: edited.takes_away,
            devices: edited.devices,
            review: edited.review,
            notes,
        }
    }
}

/// A license or a phone that has ended.
#[derive(Serialize, Deserialize)]
pub(crate) struct EndedView {
    pub(crate) license_id: String,
    /// Why it ended: an earlier reason where that one stays.
    pub(crate) ended: String,
    pub(crate) changed: bool,
}

impl EndedView {
    pub(super) fn of(ended: Ended) -> Self {
        Self {
            license_id: ended.license_id,
            ended: ended.reason,
            changed: ended.changed,
        }
    }
}

/// A decision that was made.
#[derive(Deserialize)]
pub(crate) struct DecidedView {
    pub(crate) license_id: String,
    /// What the decisions make of the license now.
    pub(crate) status: String,
    pub(crate) repeated: bool,
    pub(crate) lifted_nothing: bool,
    pub(crate) lists_signed: usize,
}

/// A decision that waits for a second chief, or waited.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProposalView {
    pub(crate) proposal_id: i64,
    pub(crate) license_id: String,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) from: Option<u64>,
    pub(crate) until: Option<u64>,
    /// The id of the user who proposed it.
    pub(crate) by: i64,
    pub(crate) made: u64,
    /// approved, refused or withdrawn; `None` while it waits.
    pub(crate) outcome: Option<String>,
    pub(crate) closed_at: Option<u64>,
    pub(crate) closed_by: Option<i64>,
}

/// A photo or papers that a clerk looks at. An office's answer names two fields otherwise.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReviewView {
    #[serde(rename(deserialize = "review_id"))]
    pub(crate) review: i64,
    pub(crate) license_id: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    #[serde(rename(deserialize = "made"))]
    pub(crate) asked_at: u64,
    pub(crate) reason: Option<String>,
    pub(crate) words: Option<String>,
    pub(crate) by: Option<String>,
    pub(crate) decided_at: Option<u64>,
}

impl ReviewView {
    pub(super) fn of(row: &Review) -> Self {
        let (reason, words) = match &row.state {
            ReviewState::Refused { reason, words } => {
                (Some(reason.name().to_owned()), words.clone())
            }
            _ => (None, None),
        };
        Self {
            review: row.id,
            license_id: row.license.clone(),
            kind: row.kind.name().to_owned(),
            state: row.state.name().to_owned(),
            asked_at: row.made.seconds(),
            reason,
            words,
            by: row.by.clone(),
            decided_at: seconds(row.decided),
        }
    }
}

/// An app in which drivers may sign in. An office's answer names two fields otherwise.
#[derive(Serialize, Deserialize)]
pub(crate) struct ClientView {
    #[serde(rename(deserialize = "client_id"))]
    pub(crate) client: String,
    pub(crate) redirects: Vec<String>,
    pub(crate) android: Vec<AndroidView>,
    pub(crate) apple: Vec<String>,
}

/// An Android app that opens the authority's addresses.
#[derive(Serialize, Deserialize)]
pub(crate) struct AndroidView {
    pub(crate) package: String,
    #[serde(rename(deserialize = "certificate"))]
    pub(crate) sha256: String,
}

impl ClientView {
    pub(crate) fn of(app: &ClientApp) -> Self {
        let android = app.android.iter().map(|(package, sha256)| AndroidView {
            package: package.clone(),
            sha256: sha256.clone(),
        });
        Self {
            client: app.id.clone(),
            redirects: app.redirects.clone(),
            android: android.collect(),
            apple: app.apple.clone(),
        }
    }
}

/// The letter with which a driver opens an account. It has no `Debug`: its code is a secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct LetterView {
    pub(crate) license_id: String,
    pub(crate) code: String,
    pub(crate) expires: u64,
    pub(crate) replaced: bool,
    pub(crate) renews: bool,
}

/// A reader's key in the trust list.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReaderView {
    pub(crate) kid: String,
    pub(crate) name: String,
    pub(crate) added_at: u64,
    #[serde(rename(serialize = "expires_at"))]
    pub(crate) expires: u64,
}

impl ReaderView {
    pub(super) fn of(reader: Reader) -> Self {
        Self {
            kid: reader.kid,
            name: reader.name,
            added_at: reader.added.seconds(),
            expires: reader.expires.seconds(),
        }
    }
}

/// The settings of the authority.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettingsView {
    pub(crate) devices: usize,
    /// `None`: for good.
    pub(crate) retention_days: Option<u16>,
}

/// A user of the office.
#[derive(Serialize, Deserialize)]
pub(crate) struct UserView {
    pub(crate) user: String,
    pub(crate) id: i64,
    pub(crate) roles: Vec<String>,
    pub(crate) added_at: u64,
    pub(crate) disabled_at: Option<u64>,
    pub(crate) can_sign_in: bool,
    pub(crate) certificate: Option<String>,
    pub(crate) tokens: Vec<TokenView>,
}

/// A bearer token that is not revoked.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenView {
    pub(crate) token_id: i64,
    pub(crate) label: String,
    pub(crate) made: u64,
}

impl UserView {
    pub(super) fn of(row: &UserRow) -> Self {
        let tokens = row.tokens.iter().map(|token| TokenView {
            token_id: token.id,
            label: token.label.clone(),
            made: token.made.seconds(),
        });
        Self {
            user: row.name.clone(),
            id: row.id,
            roles: row
                .roles
                .iter()
                .map(|role| role.name().to_owned())
                .collect(),
            added_at: row.added.seconds(),
            disabled_at: seconds(row.disabled),
            can_sign_in: row.can_sign_in,
            certificate: row.certificate.clone(),
            tokens: tokens.collect(),
        }
    }
}

/// A code with which a user sets up sign-in, once.
#[derive(Serialize, Deserialize)]
pub(crate) struct SetUpView {
    pub(crate) user: String,
    pub(crate) code: String,
    pub(crate) expires: u64,
}
