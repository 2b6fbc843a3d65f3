//! The register's port, at the level of use cases.
//!
//! Each method is one transaction, and safe to repeat: a second call gets the answer of the first.
//! The rules are plain functions in [`crate::rules`], so an implementation only keeps rows. The one
//! for SQLite is [`crate::store`].
//!
//! A change of status is stored here and signed afterwards: methods return the lists that must be
//! signed at once. If the process dies in between, the lists stay due, and the timer signs them.

pub(crate) mod accounts;
mod decision;
mod ends;
pub(crate) mod office;
mod reviews;
mod row;
mod sign_in;

use vidimus_credential::{License, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use crate::clock::Moment;
use crate::dpop::Proof;
use crate::error::Error;
use crate::portrait::PortraitNote;
use crate::rules::retention::Retention;

pub use accounts::MadeLetter;
pub use decision::{Decided, Decision, DecisionRow};
pub use ends::{DeviceEnd, EndReason, Ended};
pub(crate) use reviews::{Held, Reviews};
pub use reviews::{Review, ReviewKind, ReviewReason, ReviewState};
pub use row::{LicenseEnd, LicenseRow, LicenseStage};
pub use sign_in::ClientApp;
pub(crate) use sign_in::{
    Access, AccessFault, CodeRequest, ProofFault, PushFault, PushRequest, SignIn,
};

/// Lists that are to be signed before the caller returns.
pub(crate) type Due = Vec<u32>;

/// A license to be added. Personal data.
pub(crate) struct NewLicense<'a> {
    pub(crate) license: &'a License,
    /// The portrait that credentials carry.
    pub(crate) roadside: &'a [u8],
    /// The portrait as it was handed in.
    pub(crate) submitted: &'a [u8],
    /// The name of the revocation's event, where this license is given after its term.
    pub(crate) after_revocation: Option<&'a str>,
    /// No term ends before this time, because the clock has jumped: a license that was given cannot
    /// be taken back.
    pub(crate) terms_wait_until: UnixTime,
    /// What a clerk has to look at before a phone gets it.
    pub(crate) review: Option<ReviewKind>,
}

/// The changes of an edit; `None` leaves a part unchanged. Personal data.
#[derive(Default)]
pub(crate) struct Edit<'a> {
    pub(crate) license: Option<&'a License>,
    /// The portrait that credentials carry, and the one that was handed in.
    pub(crate) portrait: Option<(&'a [u8], &'a [u8])>,
    /// What a clerk has to look at before another phone gets it. A portrait counts once it was
    /// accepted.
    pub(crate) review: Option<ReviewKind>,
}

/// Which device an offer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// For a license that no device holds.
    First,
    /// The new device takes the place of the one with this id, or with `None` of the only one.
    Replace(Option<i64>),
    /// The new device is added to the others.
    Beside,
}

/// A device that holds a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// What `device end` calls it.
    pub id: i64,
    /// When its first credential was issued.
    pub added: UnixTime,
    /// When it ended; `None` while it may still show the license.
    pub ended: Option<UnixTime>,
    /// Why it ended, one word.
    pub end_reason: Option<String>,
    /// When its latest credential was issued.
    pub issued: Option<UnixTime>,
    /// The end of its latest credential.
    pub expires: Option<UnixTime>,
    /// Whether its wallet said that it stored the latest credential.
    pub acknowledged: bool,
}

/// A license with its decisions, devices and open offer.
pub struct Found {
    /// The license as a page of the register shows it.
    pub row: LicenseRow,
    /// Decisions about it, the oldest first.
    pub decisions: Vec<DecisionRow>,
    /// Devices that hold or held it, the oldest first.
    pub devices: Vec<DeviceRow>,
    /// When the open offer expires; `None` without one.
    pub offer_until: Option<UnixTime>,
    /// What clerks have to look at, or looked at, the oldest first.
    pub reviews: Vec<Review>,
}

/// An offer that was just made. Only this value has its secrets.
pub(crate) struct MadeOffer {
    /// The id of the license's row.
    pub(crate) license: String,
    pub(crate) secrets: crate::secret::OfferSecrets,
    pub(crate) expires: UnixTime,
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The id of the license's row.
    pub license_id: String,
    /// Whether the edit changed what the license says. A photo that a clerk has to look at changes
    /// it once it was accepted.
    pub changed: bool,
    /// Whether something was taken from the driver: the old credentials are superseded in a day.
    pub takes_away: bool,
    /// Devices whose wallets now fetch the new credential.
    pub devices: usize,
    /// What was done to the portrait that came with it, for the clerk to know.
    pub portrait_notes: Vec<PortraitNote>,
    /// The review that was asked for by it, or that its portrait waits for.
    pub review: Option<i64>,
}

/// Why the token endpoint refuses (RFC 6749, section 5.2), with a description in ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// The error `invalid_request`.
    Request(&'static str),
    /// The error `invalid_grant`.
    Grant(&'static str),
    /// The error `unsupported_grant_type`.
    GrantType,
    /// The error `invalid_dpop_proof`.
    Proof(&'static str),
    /// The errors `use_dpop_nonce` and `invalid_dpop_proof`.
    Shown(ProofFault),
}

/// An access token and its refresh token.
pub(crate) struct TokenPair {
    pub(crate) access: Zeroizing<String>,
    /// For how many seconds the access token is good.
    pub(crate) expires_in: i64,
    pub(crate) refresh: Zeroizing<String>,
    /// Whether both are bound to a key.
    pub(crate) bound: bool,
    /// Whether the answer names the credential, for it was asked by `authorization_details`.
    pub(crate) details: bool,
}

/// A credential request whose proof holds, apart from its nonce.
pub(crate) struct CredentialRequest<'a> {
    pub(crate) access: Access<'a>,
    /// The key that signed the proof.
    pub(crate) key: VerifyingKey,
    pub(crate) nonce: &'a str,
}

/// A credential that was issued.
pub(crate) struct Issued {
    pub(crate) credential: Vec<u8>,
    pub(crate) notification_id: Zeroizing<String>,
    /// The line that must be in `issued.log` before the answer is sent.
    pub(crate) record: IssuedRecord,
}

/// One line about an issuance, without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IssuedRecord {
    /// The register's epoch once this is committed.
    pub(crate) epoch: u64,
    pub(crate) license: String,
    pub(crate) device: i64,
    pub(crate) list: u32,
    pub(crate) idx: u8,
    pub(crate) exp: UnixTime,
    /// Whether an earlier answer had a credential for the same place in the status list.
    pub(crate) repeated: bool,
}

/// An issuance that waits until its status list is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) issuance: i64,
    pub(crate) list: u32,
    /// The list's `iat` when the state was written; 0 where it was never signed. A signature with a
    /// later `iat` has the state in it.
    pub(crate) after: i64,
    /// The state that the signed list must have for this credential.
    pub(crate) state: u8,
    pub(crate) repeated: bool,
}

/// How far a credential request has come.
pub(crate) enum Step {
    /// Issued. The caller must sign these lists.
    Done(Issued, Due),
    /// The caller must sign these lists, and then call [`Register::complete`].
    Sign(Waiting, Due),
    Refused(IssueFault),
    /// A clerk has to look first, or has refused.
    Held(Held),
}

/// The answer to a credential request that was not refused at once.
pub(crate) enum Answered {
    Issued(Issued),
    Held(Held),
}

/// Why the credential endpoint refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssueFault {
    /// The access token, or the proof sent with it, is not good.
    Access(AccessFault),
    /// No license of this grant waits by this transaction id.
    Transaction,
    /// The nonce is unknown, used or expired.
    Nonce,
    /// Another key signed the proof than the one that the license was issued to.
    OtherKey,
    /// No credential is issued for this license any more.
    Over,
    /// Another device holds the license.
    HasDevices,
    /// The license is on as many devices as are allowed.
    TooManyDevices,
    /// Too many requests; the wallet may ask again after this many seconds.
    SlowDown(i64),
}

/// What the timer did.
#[derive(Debug, Default)]
pub(crate) struct Ticked {
    pub(crate) due: Due,
    /// Whether there is more to do: call it again.
    pub(crate) more: bool,
}

/// What is due to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToForget {
    /// The retention period that has passed for them.
    pub retention: Retention,
    /// The ids of the licenses, and when they ended.
    pub licenses: Vec<(String, UnixTime)>,
    /// Nothing is deleted before this time: the clock has moved, or the retention was made shorter
    /// an hour ago or less. `None` where nothing waits.
    pub waits_until: Option<UnixTime>,
}

/// The result of a round of deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Forgot {
    /// Nothing is deleted before this time: the clock has jumped, or the retention is new and
    /// shorter.
    Waits { until: UnixTime },
    /// The data of these licenses is deleted.
    Done {
        licenses: Vec<String>,
        /// Whether there may be more to do: call it again.
        more: bool,
    },
}

/// The register of driver's licenses. Each method is one transaction.
pub(crate) trait Register {
    /// Adds a license and makes its first offer. A live number is not added twice.
    fn add(&self, new: &NewLicense<'_>, now: UnixTime) -> Result<(MadeOffer, Due), Error>;

    /// Adds all of these licenses or none, without an offer; returns their ids in the same order.
    fn add_all(&self, new: &[NewLicense<'_>], now: UnixTime) -> Result<(Vec<String>, Due), Error>;

    /// Changes what a license says. Repeating it changes nothing.
    fn edit(&self, of: &str, edit: &Edit<'_>, now: UnixTime) -> Result<(Edited, Due), Error>;

    /// Ends a license: its number is free, its devices and offers are void.
    fn end(&self, of: &str, reason: EndReason, now: UnixTime) -> Result<(Ended, Due), Error>;

    /// Makes an offer for a further device; voids those from which nothing was issued.
    fn offer(&self, of: &str, kind: OfferKind, now: UnixTime) -> Result<MadeOffer, Error>;

    /// A license by its number or id, with its decisions, devices and open offer.
    fn find(&self, of: &str, now: UnixTime) -> Result<Found, Error>;

    /// At most `limit` licenses in the order of registration, after the one of this id.
    fn page(
        &self,
        after: Option<&str>,
        limit: u32,
        now: UnixTime,
    ) -> Result<Vec<LicenseRow>, Error>;

    /// Makes decisions, all or none. Each one is made once, by its event's name.
    fn decide(
        &self,
        decisions: &[Decision],
        by: &str,
        now: UnixTime,
    ) -> Result<(Decided, Due), Error>;

    /// Ends a device with its index and its grant. The driver's other devices are not changed.
    fn end_device(
        &self,
        device: i64,
        reason: DeviceEnd,
        now: UnixTime,
    ) -> Result<(Ended, Due), Error>;

    /// The pre-authorized code behind a reference, while it can be redeemed.
    fn offer_by_reference(
        &self,
        reference: &str,
        now: UnixTime,
    ) -> Result<Option<Zeroizing<String>>, Error>;

    /// Redeems a pre-authorized code. It can be redeemed again until a credential was issued. Its
    /// tokens are bound to the key of the first one's proof, if that one has one.
    fn redeem(
        &self,
        code: &str,
        tx_code: Option<&str>,
        proof: Option<&Proof>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error>;

    /// Exchanges a refresh token. One that is bound needs a proof by its key.
    fn rotate(
        &self,
        refresh: &str,
        proof: Option<&Proof>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error>;

    /// Whether an access token is good. The nonce of its proof is not checked.
    fn check_access(
        &self,
        access: Access<'_>,
        now: UnixTime,
    ) -> Result<Result<(), AccessFault>, Error>;

    /// The secrets that nonces are made with, the newest first.
    fn nonce_secrets(&self, now: UnixTime) -> Result<Vec<Zeroizing<[u8; 32]>>, Error>;

    /// Answers a credential request, and spends its nonce in the same transaction.
    fn issue(&self, wanted: &CredentialRequest<'_>, now: Moment) -> Result<Step, Error>;

    /// Continues an issuance after its list was signed.
    fn complete(&self, waiting: &Waiting, now: Moment) -> Result<Step, Error>;

    /// Stores a wallet's notification about a credential; `false` where the notification id does
    /// not belong to the grant of its access token.
    fn notify(
        &self,
        access: Access<'_>,
        notification_id: &str,
        event: &'static str,
        now: UnixTime,
    ) -> Result<Result<bool, AccessFault>, Error>;

    /// Does what is due by now, a part in each call: begins and ends decisions, supersedes
    /// credentials, releases places, and deletes what is to be forgotten. After a jump of the clock
    /// it only begins decisions.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], or why the database cannot be used.
    fn tick(&self, now: Moment) -> Result<Ticked, Error>;

    /// At most `limit` licenses whose personal data is due to be deleted, and until when that
    /// waits.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], or why the database cannot be used.
    fn to_forget(&self, limit: u32, now: Moment) -> Result<ToForget, Error>;

    /// Deletes the personal data of at most `limit` licenses that ended longer ago than the
    /// retention period, and what was kept of others because it still counted. It deletes nothing
    /// in the three days after a jump of the clock, nor in the hour after the period was made
    /// shorter.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], or why the database cannot be used.
    fn forget(&self, limit: u32, now: Moment) -> Result<Forgot, Error>;
}
