//! The office's part of the port: users, their sign-in, proposals, and the audit.
//!
//! As in [`Register`](super::Register), each method is one transaction. Who asks is known to the
//! implementation ([`By`]), and it refuses a user who is disabled or lacks the role.

use vidimus_credential::{LicenseStatus, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::office::{AuditEvent, Call, Chain, Roles};
use crate::register::{Decided, Decision, Due};

/// A user of the office.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// What events name the user by.
    pub id: i64,
    /// What people call the user by. Personal data.
    pub name: String,
    /// What the user may do.
    pub roles: Roles,
    /// When the user was added.
    pub added: UnixTime,
    /// Since when the user can do nothing; `None` while they can.
    pub disabled: Option<UnixTime>,
    /// Whether passphrase and one-time codes were set up.
    pub can_sign_in: bool,
    /// SHA-256 of the client certificate, in hexadecimal digits.
    pub certificate: Option<String>,
    /// The bearer tokens that are not revoked.
    pub tokens: Vec<TokenRow>,
}

/// Leaves out the name.
impl std::fmt::Debug for UserRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// A bearer token of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// What `user token revoke` calls it.
    pub id: i64,
    /// What its user calls it.
    pub label: String,
    /// When it was made.
    pub made: UnixTime,
}

/// What a change of a user changes; `None` leaves a part unchanged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UserChange {
    pub(crate) roles: Option<Roles>,
    pub(crate) disabled: Option<bool>,
    /// SHA-256 of a client certificate; `Some(None)` takes it away.
    pub(crate) certificate: Option<Option<[u8; 32]>>,
}

/// What a sign-in is checked by. It has neither `Debug` nor `Clone`.
pub(crate) struct SignInCheck {
    pub(crate) user: i64,
    pub(crate) passphrase: Zeroizing<String>,
    pub(crate) totp: Zeroizing<Vec<u8>>,
    /// The step of the last code that was taken.
    pub(crate) last_step: i64,
}

/// Whether a sign-in may be tried.
pub(crate) enum Try {
    /// Too many were wrong; after so many seconds it may be tried again.
    SlowDown(i64),
    /// It counts as wrong until it turned out to be right. `None`: no such user can sign in.
    Counted(Option<SignInCheck>),
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionRow {
    pub(crate) user: UserRow,
    pub(crate) ends: UnixTime,
    /// When passphrase and code were given last.
    pub(crate) confirmed: UnixTime,
}

/// A browser that sets up a user's sign-in.
pub(crate) struct SetUpRow {
    pub(crate) user: i64,
    pub(crate) name: String,
    pub(crate) totp: Zeroizing<Vec<u8>>,
}

/// A decision that waits for a second user, or waited.
#[derive(Clone, PartialEq, Eq)]
pub struct ProposalRow {
    /// What it is called by.
    pub id: i64,
    /// The id of the license's row.
    pub license: String,
    /// Which state is proposed.
    pub state: LicenseStatus,
    /// On what ground. Personal data.
    pub reason: Option<String>,
    /// From when on; `None`: from the approval.
    pub from: Option<UnixTime>,
    /// For a revocation: before when no new license may be given.
    pub until: Option<UnixTime>,
    /// The id of the user who proposed it.
    pub by: i64,
    /// When it was proposed.
    pub made: UnixTime,
    /// How and when it ended, and by which user; `None` while it waits.
    pub closed: Option<Closed>,
}

/// Leaves out the reason.
impl std::fmt::Debug for ProposalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProposalRow")
            .field("id", &self.id)
            .field("license", &self.license)
            .field("state", &self.state)
            .field("by", &self.by)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// How a proposal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// approved, refused or withdrawn
    pub outcome: String,
    /// When it was closed.
    pub at: UnixTime,
    /// The id of the user who closed it.
    pub by: i64,
}

/// Something that happened to a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its number in the audit.
    pub id: i64,
    /// The time at which it happened.
    pub at: UnixTime,
    /// What happened, one word.
    pub kind: String,
    /// The phone that it is about.
    pub device: Option<i64>,
    /// A code or an id.
    pub detail: Option<String>,
    /// Who did it: `machine`, `server`, or `u` and the id of a user.
    pub by: String,
}

/// A part of the audit.
pub(crate) struct AuditPart {
    /// Number, line and chain of each sealed event.
    pub(crate) lines: Vec<(i64, String, Chain)>,
    /// Whether there are more sealed ones.
    pub(crate) more: bool,
    /// Events that are not sealed yet.
    pub(crate) unsealed: Vec<AuditEvent>,
}

/// The office's part of the register.
pub(crate) trait Office {
    /// Adds a user, whose name no other has had.
    fn add_user(&self, name: &str, roles: Roles, now: UnixTime) -> Result<UserRow, Error>;

    /// All users, in the order of their names.
    fn users(&self) -> Result<Vec<UserRow>, Error>;

    /// Changes a user. Who is disabled is signed out at once.
    fn change_user(&self, name: &str, change: UserChange, now: UnixTime) -> Result<UserRow, Error>;

    /// Lets a user set up sign-in with this code once, until `ends`. What was set up before stays
    /// until that is done.
    fn allow_set_up(
        &self,
        name: &str,
        code: &[u8; 32],
        ends: UnixTime,
        now: UnixTime,
    ) -> Result<UserRow, Error>;

    /// Keeps a bearer token of a user; gives its number.
    fn add_token(
        &self,
        name: &str,
        label: &str,
        digest: &[u8; 32],
        now: UnixTime,
    ) -> Result<i64, Error>;

    /// Ends a bearer token.
    fn revoke_token(&self, name: &str, token: i64, now: UnixTime) -> Result<(), Error>;

    /// The user of a bearer token, who is not disabled.
    fn user_of_token(&self, digest: &[u8; 32]) -> Result<Option<UserRow>, Error>;

    /// The user of a client certificate, who is not disabled.
    fn user_of_certificate(&self, certificate: &[u8; 32]) -> Result<Option<UserRow>, Error>;

    /// Counts a sign-in as wrong, and gives what it is checked by. `from` tells apart
    /// where it comes from.
    fn try_sign_in(&self, name: &str, from: &str, now: UnixTime) -> Result<Try, Error>;

    /// The sign-in was right: takes the code's step, and keeps the browser's session. `false` where
    /// the code was used meanwhile or the user was disabled.
    fn sign_in(
        &self,
        check: &SignInCheck,
        step: i64,
        from: &str,
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<bool, Error>;

    /// A certificate was shown: keeps the browser's session.
    fn sign_in_by_certificate(
        &self,
        certificate: &[u8; 32],
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<Option<UserRow>, Error>;

    /// Passphrase and code were given again in a session. `false` where the code was used.
    fn confirm(
        &self,
        check: &SignInCheck,
        step: i64,
        from: &str,
        session: &[u8; 32],
        now: UnixTime,
    ) -> Result<bool, Error>;

    /// The session of a browser, while it lasts.
    fn session(&self, session: &[u8; 32], now: UnixTime) -> Result<Option<SessionRow>, Error>;

    /// Signs a browser out.
    fn sign_out(&self, session: &[u8; 32], now: UnixTime) -> Result<(), Error>;

    /// Begins to set up sign-in: the code is right. `false` where not.
    fn begin_set_up(
        &self,
        name: &str,
        code: &[u8; 32],
        set_up: &[u8; 32],
        totp: &[u8],
        now: UnixTime,
    ) -> Result<bool, Error>;

    /// What a browser sets up.
    fn set_up(&self, set_up: &[u8; 32], now: UnixTime) -> Result<Option<SetUpRow>, Error>;

    /// Ends it: the user can sign in. Their sessions end.
    fn finish_set_up(
        &self,
        set_up: &[u8; 32],
        passphrase: &str,
        step: i64,
        now: UnixTime,
    ) -> Result<Option<UserRow>, Error>;

    /// Proposes a decision that is final.
    fn propose(&self, decision: &Decision, now: UnixTime) -> Result<ProposalRow, Error>;

    /// Proposals, the latest first: those that wait, or all.
    fn proposals(&self, waiting: bool, limit: u32) -> Result<Vec<ProposalRow>, Error>;

    /// Approves a proposal: it is decided in the same transaction. Repeated by the same user it
    /// gives the lists that are still to be signed.
    fn approve(&self, proposal: i64, now: UnixTime) -> Result<(ProposalRow, Decided, Due), Error>;

    /// Refuses a proposal, or withdraws one's own.
    fn refuse(&self, proposal: i64, now: UnixTime) -> Result<ProposalRow, Error>;

    /// What happened to a license.
    fn events(&self, of: &str, after: i64, limit: u32) -> Result<Vec<EventRow>, Error>;

    /// The picture of a license: as it was submitted, or as phones show it.
    fn picture(&self, of: &str, roadside: bool) -> Result<Vec<u8>, Error>;

    /// Whether the user who asks added or edited this license.
    fn is_own_edit(&self, license: &str) -> Result<bool, Error>;

    /// Notes that a user asked for what they may not do.
    fn deny(&self, user: i64, call: Call, now: UnixTime) -> Result<(), Error>;

    /// Seals at most `limit` events; whether there are more.
    fn seal(&self, limit: u32) -> Result<bool, Error>;

    /// At most `limit` sealed lines from this number on, and what is not sealed.
    fn audit(&self, from: i64, limit: u32) -> Result<AuditPart, Error>;

    /// The chain of the last line before this number.
    fn chain_before(&self, from: i64) -> Result<Chain, Error>;

    /// The key that signs exports; `None` where there is none yet.
    fn audit_key(&self) -> Result<Option<VerifyingKey>, Error>;

    /// Notes another key, unless there is one that `instead_of` is not.
    fn set_audit_key(
        &self,
        key: &VerifyingKey,
        instead_of: Option<&VerifyingKey>,
        now: UnixTime,
    ) -> Result<VerifyingKey, Error>;
}
