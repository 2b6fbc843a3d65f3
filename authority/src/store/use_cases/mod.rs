//! The use cases of the register on SQLite. Each reads rows, asks the rules, and writes rows.

mod add;
mod change;
mod decide;
mod find;
mod forget;
mod issue;
mod reconcile;
mod tokens;
mod upkeep;

pub(crate) use reconcile::{mend, reconcile};

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::keys::Signers;
use super::{Store, devices, grants, nonces, settings};
use crate::clock::Moment;
use crate::error::Error;
use crate::register::{
    CredentialRequest, Decided, Decision, DeviceEnd, Due, Edit, Edited, EndReason, Ended, Forgot,
    Found, LicenseRow, MadeOffer, NewLicense, OfferKind, Register, Step, Ticked, ToForget,
    TokenFault, TokenPair, Waiting,
};
use crate::rules::standing::Standing;

/// A secret for nonces is replaced after this many seconds, a day, and is good for one day more.
const NONCE_SECRET_LIFE: u64 = 86_400;

/// The register in one SQLite file.
#[derive(Clone, Copy)]
pub(crate) struct Sqlite<'a> {
    pub(crate) store: &'a Store,
    pub(crate) keys: &'a dyn Signers,
}

impl Register for Sqlite<'_> {
    fn add(&self, new: &NewLicense<'_>, now: UnixTime) -> Result<(MadeOffer, Due), Error> {
        self.store
            .write(|transaction| add::add(transaction, new, now))
    }

    fn add_all(&self, new: &[NewLicense<'_>], now: UnixTime) -> Result<(Vec<String>, Due), Error> {
        self.store
            .write(|transaction| add::add_all(transaction, new, now))
    }

    fn edit(&self, of: &str, edit: &Edit<'_>, now: UnixTime) -> Result<(Edited, Due), Error> {
        self.store
            .write(|transaction| change::edit(transaction, of, edit, now))
    }

    fn end(&self, of: &str, reason: EndReason, now: UnixTime) -> Result<(Ended, Due), Error> {
        self.store
            .write(|transaction| change::end(transaction, of, reason.name(), now))
    }

    fn offer(&self, of: &str, kind: OfferKind, now: UnixTime) -> Result<MadeOffer, Error> {
        self.store
            .write(|transaction| add::offer(transaction, of, kind, now))
    }

    fn find(&self, of: &str, now: UnixTime) -> Result<Found, Error> {
        self.store
            .read(|transaction| find::find(transaction, of, now))
    }

    fn page(
        &self,
        after: Option<&str>,
        limit: u32,
        now: UnixTime,
    ) -> Result<Vec<LicenseRow>, Error> {
        self.store
            .read(|transaction| find::page(transaction, after, limit, now))
    }

    fn decide(
        &self,
        decisions: &[Decision],
        by: &str,
        now: UnixTime,
    ) -> Result<(Decided, Due), Error> {
        self.store
            .write(|transaction| decide::decide(transaction, decisions, by, now))
    }

    fn end_device(
        &self,
        device: i64,
        reason: DeviceEnd,
        now: UnixTime,
    ) -> Result<(Ended, Due), Error> {
        self.store
            .write(|transaction| change::end_device(transaction, device, reason, now))
    }

    fn offer_by_reference(
        &self,
        reference: &str,
        now: UnixTime,
    ) -> Result<Option<Zeroizing<String>>, Error> {
        self.store
            .read(|transaction| tokens::offer_by_reference(transaction, reference, now))
    }

    fn redeem(
        &self,
        code: &str,
        tx_code: Option<&str>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error> {
        self.store
            .write(|transaction| tokens::redeem(transaction, code, tx_code, now))
    }

    fn rotate(&self, refresh: &str, now: Moment) -> Result<Result<TokenPair, TokenFault>, Error> {
        self.store
            .write(|transaction| tokens::rotate(transaction, refresh, now))
    }

    fn is_good(&self, access: &str, now: UnixTime) -> Result<bool, Error> {
        self.store
            .read(|transaction| Ok(tokens::good_access(transaction, access, now)?.is_some()))
    }

    fn nonce_secrets(&self, now: UnixTime) -> Result<Vec<nonces::Secret>, Error> {
        self.store
            .write(|transaction| nonces::secrets(transaction, NONCE_SECRET_LIFE, now))
    }

    fn issue(&self, wanted: &CredentialRequest<'_>, now: Moment) -> Result<Step, Error> {
        self.store
            .write(|transaction| issue::issue(transaction, self.keys, wanted, now))
    }

    fn complete(&self, waiting: &Waiting, now: Moment) -> Result<Step, Error> {
        self.store
            .write(|transaction| issue::complete(transaction, self.keys, waiting, now))
    }

    fn notify(
        &self,
        access: &str,
        notification_id: &str,
        event: &'static str,
        now: UnixTime,
    ) -> Result<Option<bool>, Error> {
        self.store
            .write(|transaction| issue::notify(transaction, access, notification_id, event, now))
    }

    fn tick(&self, now: Moment) -> Result<Ticked, Error> {
        self.store
            .write(|transaction| upkeep::tick(transaction, now))
    }

    fn to_forget(&self, limit: u32, now: Moment) -> Result<ToForget, Error> {
        self.store.read(|transaction| {
            let from = forget::deletes_from(transaction, now)?;
            Ok(ToForget {
                retention: settings::retention(transaction)?,
                licenses: forget::due(transaction, now.wall(), limit)?,
                waits_until: Some(from).filter(|from| *from > now.wall()),
            })
        })
    }

    fn forget(&self, limit: u32, now: Moment) -> Result<Forgot, Error> {
        self.store
            .write(|transaction| forget::forget(transaction, now, limit))
    }
}

/// Ends a device and what it was granted.
fn end_device_and_grant(
    transaction: &Transaction<'_>,
    device: i64,
    state: Standing,
    reason: &str,
    now: UnixTime,
) -> Result<(), Error> {
    let device = devices::by_id(transaction, device)?.ok_or(Error::UnknownDevice)?;
    devices::end(transaction, device.id, state, reason, now)?;
    grants::void(transaction, device.grant)
}

/// How many live devices a license may have.
fn device_limit(transaction: &Transaction<'_>) -> Result<usize, Error> {
    settings::devices(transaction)
}
