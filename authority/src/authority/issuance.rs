//! The requests of wallets that need more than the register: offers, nonces and credentials.

use serde_json::Value;
use vidimus_credential::UnixTime;

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::issued_log::Entry;
use crate::issuer::IssuerUrl;
use crate::nonces::{self, NonceUse};
use crate::offers;
use crate::register::{
    Access, Answered, CredentialRequest, Due, IssueFault, Issued, Register as _, Reviews as _, Step,
};

/// How often at most a credential request has its list signed. Another change of the same list may
/// come before its second transaction, which then needs another signature.
const TRIES: usize = 5;
/// A nonce's secret is read again after this many seconds.
const SECRET_AGE: u64 = 60;

impl Authority {
    /// The offer behind a reference; `None` once it can no longer be redeemed.
    pub(crate) fn offer_document(
        &self,
        issuer: &IssuerUrl,
        reference: &str,
        now: UnixTime,
    ) -> Result<Option<Value>, Error> {
        let code = self.register().offer_by_reference(reference, now)?;
        Ok(code.map(|code| offers::document(issuer, &code)))
    }

    /// A fresh nonce. The secret behind it is read from the register once a minute.
    pub(crate) fn new_nonce(&self, of: NonceUse, now: UnixTime) -> Result<String, Error> {
        let mut held = self.nonce_secret();
        let young = |read: UnixTime| read <= now && now < read.saturating_add(SECRET_AGE);
        if let Some((_, secret)) = held.as_ref().filter(|(read, _)| young(*read)) {
            return nonces::make(secret, of, now);
        }
        let secrets = self.register().nonce_secrets(now)?;
        let secret = secrets.into_iter().next().ok_or(Error::Random)?;
        let nonce = nonces::make(&secret, of, now);
        *held = Some((now, secret));
        nonce
    }

    /// Issues a credential, or says why not. Where its list must be signed first, that is done
    /// between two transactions. If the process dies in between, the wallet's next request
    /// continues with the same issuance.
    pub(crate) fn issue(
        &self,
        wanted: &CredentialRequest<'_>,
        now: Moment,
    ) -> Result<Result<Answered, IssueFault>, Error> {
        let step = self.register().issue(wanted, now)?;
        self.go_on(step, now)
    }

    /// Answers a wallet that asks again for a license that waited for a clerk.
    pub(crate) fn issue_deferred(
        &self,
        access: Access<'_>,
        transaction_id: &str,
        now: Moment,
    ) -> Result<Result<Answered, IssueFault>, Error> {
        let step = self
            .register()
            .issue_deferred(access, transaction_id, now)?;
        self.go_on(step, now)
    }

    fn go_on(&self, step: Step, now: Moment) -> Result<Result<Answered, IssueFault>, Error> {
        let register = self.register();
        let mut step = step;
        for _ in 0..TRIES {
            match step {
                Step::Refused(fault) => return Ok(Err(fault)),
                Step::Held(held) => return Ok(Ok(Answered::Held(held))),
                Step::Done(issued, due) => {
                    self.committed(&issued, &due, now)?;
                    return Ok(Ok(Answered::Issued(issued)));
                }
                Step::Sign(waiting, mut due) => {
                    due.push(waiting.list);
                    self.publisher().sign_lists(&due, now)?;
                    step = register.complete(&waiting, now)?;
                }
            }
        }
        Err(Error::Busy)
    }

    /// Called for every issuance after its commit and before its answer is sent: appends it to
    /// `issued.log` and signs the lists that are due.
    fn committed(&self, issued: &Issued, due: &Due, now: Moment) -> Result<(), Error> {
        let record = &issued.record;
        tracing::info!(
            license = record.license,
            list = record.list,
            repeated = record.repeated,
            "a credential was issued"
        );
        self.issued.append(&Entry {
            epoch: record.epoch,
            list: record.list,
            idx: record.idx,
            license: record.license.clone(),
            device: record.device,
            exp: record.exp,
        })?;
        self.publisher().sign_lists(due, now)
    }
}
