//! The use cases of the register on SQLite. Each reads rows, asks the rules, and writes rows.

pub(crate) mod accounts;
mod add;
mod change;
mod decide;
mod deferred;
mod find;
mod forget;
mod issue;
mod office;
mod reconcile;
mod reviews;
mod sign_in;
mod tokens;
mod upkeep;

pub(crate) use reconcile::{mend, reconcile};

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::keys::Signers;
use super::{Store, blobs, devices, grants, licenses, nonces, reviews as reviews_store, settings};
use crate::clock::Moment;
use crate::dpop::Proof;
use crate::error::Error;
use crate::register::{
    Access, AccessFault, ClientApp, CodeRequest, CredentialRequest, Decided, Decision, DeviceEnd,
    Due, Edit, Edited, EndReason, Ended, Forgot, Found, LicenseRow, MadeOffer, NewLicense,
    OfferKind, PushFault, PushRequest, Register, Review, ReviewReason, Reviews, SignIn, Step,
    Ticked, ToForget, TokenFault, TokenPair, Waiting,
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
        proof: Option<&Proof>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error> {
        self.store
            .write(|transaction| tokens::redeem(transaction, code, tx_code, proof, now))
    }

    fn rotate(
        &self,
        refresh: &str,
        proof: Option<&Proof>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error> {
        self.store
            .write(|transaction| tokens::rotate(transaction, refresh, proof, now))
    }

    fn check_access(
        &self,
        access: Access<'_>,
        now: UnixTime,
    ) -> Result<Result<(), AccessFault>, Error> {
        self.store
            .read(|transaction| Ok(tokens::good_access(transaction, access, now)?.map(|_| ())))
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
        access: Access<'_>,
        notification_id: &str,
        event: &'static str,
        now: UnixTime,
    ) -> Result<Result<bool, AccessFault>, Error> {
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

impl SignIn for Sqlite<'_> {
    fn push(
        &self,
        pushed: &PushRequest<'_>,
        now: UnixTime,
    ) -> Result<Result<Zeroizing<String>, PushFault>, Error> {
        self.store
            .write(|transaction| sign_in::push(transaction, pushed, now))
    }

    fn redeem_code(
        &self,
        asked: &CodeRequest<'_>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error> {
        self.store
            .write(|transaction| tokens::redeem_code(transaction, asked, now))
    }

    fn put_client(&self, app: &ClientApp, now: UnixTime) -> Result<(), Error> {
        self.store
            .write(|transaction| sign_in::put_client(transaction, app, now))
    }

    fn remove_client(&self, id: &str) -> Result<bool, Error> {
        self.store
            .write(|transaction| sign_in::remove_client(transaction, id))
    }

    fn clients(&self) -> Result<Vec<ClientApp>, Error> {
        self.store.read(sign_in::all_clients)
    }
}

impl Reviews for Sqlite<'_> {
    fn reviews_waiting(&self, after: Option<i64>, limit: u32) -> Result<Vec<Review>, Error> {
        self.store
            .read(|transaction| reviews_store::waiting(transaction, after, limit))
    }

    fn reviews_of(&self, license: &str) -> Result<Vec<Review>, Error> {
        self.store.read(|transaction| {
            let license = licenses::resolve(transaction, license)?;
            reviews_store::of_license(transaction, &license)
        })
    }

    fn review(&self, id: i64) -> Result<Review, Error> {
        self.store
            .read(|transaction| reviews_store::by_id(transaction, id))?
            .ok_or(Error::UnknownReview)
    }

    fn review_picture(&self, id: i64) -> Result<Vec<u8>, Error> {
        self.store.read(|transaction| {
            let pictures = reviews_store::pictures(transaction, id)?;
            let (_, submitted) = pictures.ok_or(Error::UnknownReview)?;
            blobs::get(transaction, &submitted)
        })
    }

    fn accept(
        &self,
        id: i64,
        by: &str,
        roadside: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<(Review, Due), Error> {
        self.store
            .write(|transaction| reviews::accept(transaction, id, by, roadside, now))
    }

    fn refuse(
        &self,
        id: i64,
        reason: ReviewReason,
        words: Option<&str>,
        by: &str,
        now: UnixTime,
    ) -> Result<Review, Error> {
        self.store
            .write(|transaction| reviews::refuse(transaction, id, reason, words, by, now))
    }

    fn issue_deferred(
        &self,
        access: Access<'_>,
        transaction_id: &str,
        now: Moment,
    ) -> Result<Step, Error> {
        self.store.write(|transaction| {
            deferred::issue(transaction, self.keys, access, transaction_id, now)
        })
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
