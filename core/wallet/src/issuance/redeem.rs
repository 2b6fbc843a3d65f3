//! From tokens to a stored license: the steps that enrollment and renewal share.

use std::sync::Arc;

use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::{Algorithm, KeyId};
use vidimus_credential::sd_cwt::Credential;
use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use super::acknowledge::forget_notice;
use super::credential::{Answer, CredentialAnswer, accept, check_in_force};
use super::enrollment::{AccessToken, Enrollment, Tokens};
use super::jose::JwsAlgorithm;
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
use super::notice::{Notice, NoticeEvent, NoticeOutcome};
use super::progress::{Progress, Purpose};
use super::reserve::Reserve;
use super::session::Session;
use super::token::{TokenAnswer, refresh_form};
use crate::context::{Context, Learned};
use crate::error::OAuthError;
use crate::error::{Error, Unsupported};
use crate::keys::HolderKey;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::timekeeper::Evidence;
use crate::trust_store;
use crate::vault::activity_log::ActivityEntry;
use crate::vault::records::{LicenseRecord, NextLicenseRecord, PortraitRecord};
use crate::vault::{Tx, View, Weight};

/// The steps from tokens to a stored license.
pub(super) struct Redemption<'w> {
    pub(super) context: &'w Context,
    pub(super) issuer: &'w IssuerMetadata,
    pub(super) configuration: &'w Configuration,
    pub(super) server: &'w ServerMetadata,
    pub(super) id: &'w str,
    pub(super) purpose: Purpose,
    /// Whether the issuer's trust list was fetched in this call.
    pub(super) has_trust_list: bool,
    /// Reserved storage for the tokens and the license.
    pub(super) reserve: Reserve,
}

impl Redemption<'_> {
    /// Reserves storage and creates the holder key. Call it before the code is spent: a full disk
    /// or a phone without a lock must show before that. The key of an earlier try is used again.
    pub(super) async fn prepare(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.keep(enrollment).await?;
        self.reserve
            .take(&self.context.directory, &*self.context.random)?;
        self.holder_key(&enrollment.key).await.map(drop)
    }

    /// Runs the remaining steps. The caller must hold the network lock.
    pub(super) async fn run(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<Progress, Error> {
        // Nothing is new before a license that was deferred is asked for again, and the issuer
        // repeats its answer where it cannot be stored.
        if enrollment.deferral.is_none() {
            self.keep(enrollment).await?;
            if self.purpose != Purpose::Renewal {
                // A renewal also gets new tokens only once. Without reserved storage it continues
                // all the same.
                let _ = self
                    .reserve
                    .take(&self.context.directory, &*self.context.random);
            }
        }
        let holder = self.holder_key(&enrollment.key).await?;
        let answer = match self.credential(session, enrollment, &holder).await? {
            Answer::Issued(answer) => answer,
            Answer::Later(later) => return self.defer(session, enrollment, later).await,
            Answer::Denied(denial) => return self.deny(enrollment, denial).await,
        };
        let mut has_trust_list = self.has_trust_list;
        let accepted = self
            .accept(session, &answer, &holder, &mut has_trust_list)
            .await;
        // The access token is used up for requests; the notification still needs it.
        let notice = self.notice(&answer, enrollment.tokens.access.take());
        let accepted = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if let Some(notice) = notice
                    && is_the_issuers_fault(error)
                {
                    session.notify(&notice, NoticeEvent::Failure).await;
                }
                return Err(error);
            }
        };
        enrollment.notice = notice;
        enrollment.code = None;
        enrollment.deferral = None;
        self.store(session, enrollment.clone(), accepted, has_trust_list)
            .await?;
        // The license is stored. If the issuer does not answer, the notification is sent again
        // later.
        if let Err(error) = self.acknowledge(session, enrollment).await {
            tracing::info!(%error, "the issuer was not notified yet that the license was stored");
        }
        Ok(Progress::Stored)
    }

    /// Requests the credential, with new tokens where the held ones have expired.
    async fn credential(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
        holder: &HolderKey,
    ) -> Result<Answer, Error> {
        let mut rotated = false;
        loop {
            if enrollment.tokens.usable_access(session.now).is_none() {
                self.rotate(session, enrollment).await?;
                rotated = true;
            }
            let Some(access) = &enrollment.tokens.access else {
                return Err(Error::NotRenewable);
            };
            let endpoint = self.issuer.deferred_credential_endpoint.as_deref();
            let deferral = enrollment.deferral.as_ref();
            let transaction = deferral.and_then(|deferral| deferral.transaction.as_deref());
            let asked = match (transaction, endpoint) {
                (Some(transaction), Some(endpoint)) => {
                    session.deferred(endpoint, access, transaction).await
                }
                _ => {
                    let keys = &*self.context.keys;
                    let (issuer, configuration) = (self.issuer, self.configuration);
                    session
                        .credential(issuer, configuration, access, holder, keys)
                        .await
                }
            };
            match asked {
                Err(Error::Refused(OAuthError::InvalidToken)) => {
                    // A refused token never becomes good again.
                    enrollment.tokens.access = None;
                    self.keep(enrollment).await?;
                    if rotated || enrollment.tokens.refresh.is_none() {
                        return Err(Error::Refused(OAuthError::InvalidToken));
                    }
                }
                // The issuer knows no such transaction, so the credential is asked for anew.
                Err(Error::Refused(OAuthError::InvalidTransactionId))
                    if enrollment.deferral.is_some() =>
                {
                    enrollment.deferral = None;
                }
                asked => return asked,
            }
        }
    }

    /// The notification to send, where the issuer asked for one.
    fn notice(&self, answer: &CredentialAnswer, access: Option<AccessToken>) -> Option<Notice> {
        Some(Notice {
            id: answer.notification_id.clone()?,
            endpoint: self.issuer.notification_endpoint.clone()?,
            access: access?,
        })
    }

    /// Notifies the issuer once that its credential was stored. Without an answer a later refresh
    /// tries again.
    async fn acknowledge(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &Enrollment,
    ) -> Result<(), Error> {
        let Some(notice) = &enrollment.notice else {
            return Ok(());
        };
        match session.notify(notice, NoticeEvent::Accepted).await {
            NoticeOutcome::Delivered => {
                forget_notice(self.context, self.id, notice.id.clone()).await
            }
            NoticeOutcome::TokenExpired => Ok(()),
            NoticeOutcome::Unknown(error) => {
                let (row, wait) = (schedule::of_notice(self.id), session.requests.retry_after());
                Schedule::note_failure(self.context, &row, error, wait).await
            }
        }
    }

    /// An access token of this grant, fetched with the refresh token where none is held.
    pub(super) async fn fresh_access(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<AccessToken, Error> {
        if enrollment.tokens.usable_access(session.now).is_none() {
            self.rotate(session, enrollment).await?;
        }
        let access = enrollment.tokens.access.clone();
        access.ok_or(Error::Refused(OAuthError::InvalidToken))
    }

    /// Sends the refresh token and stores the new tokens before anything else. After a crash before
    /// that, the old token is still here, which the authority accepts until a credential was issued
    /// with the new ones.
    async fn rotate(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<(), Error> {
        let refresh = enrollment
            .tokens
            .refresh
            .as_ref()
            .ok_or(Error::Refused(OAuthError::InvalidToken))?;
        let form = refresh_form(refresh, enrollment.client.as_deref());
        let granted = self.tokens(session, enrollment, &form).await;
        if granted.as_ref().err() == Some(&Error::Refused(OAuthError::InvalidGrant))
            && self.purpose == Purpose::Offer
        {
            // No token is left; the next try begins with the code again, and with the same key.
            enrollment.tokens = Tokens {
                dpop: enrollment.tokens.dpop.take(),
                ..Tokens::default()
            };
            self.keep(enrollment).await?;
        }
        let answer = granted?;
        enrollment.tokens.renew(answer, session.now);
        self.keep(enrollment).await
    }

    /// Requests tokens. A key that the server demands only now is stored before it is proven: the
    /// server binds the grant to it, also where its answer is lost.
    pub(super) async fn tokens(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
        form: &Zeroizing<Vec<u8>>,
    ) -> Result<TokenAnswer, Error> {
        let (server, configuration) = (self.server, self.configuration.id.as_str());
        if let Some(answer) = session.token(server, form, configuration).await? {
            return Ok(answer);
        }
        let secret = session.new_dpop_secret()?;
        enrollment.tokens.dpop = Some(secret.clone());
        self.keep(enrollment).await?;
        session.bind(&secret)?;
        let answer = session.token(server, form, configuration).await?;
        answer.ok_or(Error::Refused(OAuthError::InvalidDpopProof))
    }

    /// Stores the progress of the enrollment. A failed write is made again in the reserved storage.
    /// Tokens that still cannot be written stay in memory, and this process continues with them.
    pub(super) async fn keep(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.keep_with(enrollment, None).await
    }

    /// [`keep`](Self::keep), and for a license to come when to go on.
    pub(super) async fn keep_with(
        &self,
        enrollment: &Enrollment,
        schedule: Option<Schedule>,
    ) -> Result<(), Error> {
        let write = || {
            let (id, enrollment) = (self.id.to_owned(), enrollment.clone());
            let (schedule, purpose) = (schedule.clone(), self.purpose);
            let change = move |tx: &mut Tx<'_>| {
                // The driver removed the license during its renewal, or dismissed the application.
                let must_exist = purpose != Purpose::Offer;
                if must_exist && matches!(tx.get::<Enrollment>(&id), Ok(None)) {
                    return Err(Error::NoSuchLicense);
                }
                let row = schedule::of_application(&id);
                match schedule {
                    Some(schedule) if purpose != Purpose::Renewal => tx.put(&row, &schedule)?,
                    None if enrollment.refused.is_some() => tx.delete::<Schedule>(&row)?,
                    _ => {}
                }
                tx.put(&id, &enrollment)
            };
            self.context.vault.write(Weight::Anchored, change)
        };
        let mut kept = write().await;
        if matches!(kept, Err(Error::Storage(_))) {
            self.reserve.give_back();
            kept = write().await;
        }
        match kept {
            Ok(()) => self.context.forget_unwritten(self.id),
            Err(Error::Storage(_)) if enrollment.tokens.hold_any_secret() => {
                self.context.keep_unwritten(self.id, enrollment);
            }
            Err(_) => {}
        }
        kept
    }

    /// The holder key of this enrollment, made now if it does not exist.
    async fn holder_key(&self, key: &str) -> Result<HolderKey, Error> {
        if let Some(holder) = self.context.vault.get::<HolderKey>(key)? {
            return Ok(holder);
        }
        let keys = &*self.context.keys;
        let algorithm = choose_kind(
            &self.configuration.proof_algorithms,
            keys.holder_algorithm(),
        )?;
        // A crash between making the key and recording it left a key of this name.
        keys.delete_holder_key(key).await?;
        let holder = HolderKey::create(key, algorithm, keys, &*self.context.random).await?;
        let id = key.to_owned();
        let kept = self.context.vault.write(Weight::Anchored, move |tx| {
            tx.put(&id, &holder)?;
            Ok(holder)
        });
        kept.await
    }

    /// Verifies the credential. Where its key is unknown or its time is far ahead, the held trust
    /// list may be too old, so a newer one is fetched.
    async fn accept(
        &self,
        session: &mut Session<'_, '_>,
        answer: &CredentialAnswer,
        holder: &HolderKey,
        has_trust_list: &mut bool,
    ) -> Result<(Credential, KeyId), Error> {
        let check = || {
            let trust = trust_store::held(self.context)?.ok_or(Error::TrustListMissing)?;
            let accepted = accept(&answer.credential, &trust, holder.verifying_key())?;
            let (credential, kid) = &accepted;
            let signed = (credential.claims().iat, Evidence::Issued(*kid));
            self.context.check_time(signed.0, signed.1)?;
            // It was signed just now, so it can show that a clock was ahead before.
            let learned = Learned {
                signed: Some(signed),
                ..Learned::default()
            };
            check_in_force(credential, self.context.time_after(&learned)?.latest)?;
            Ok(accepted)
        };
        match check() {
            Err(Error::Credential(CredentialError::UnknownKey) | Error::ServerTimeWrong { .. }) => {
                trust_store::fetch_from(
                    self.context,
                    session.requests,
                    &self.issuer.trust_list_uri,
                )
                .await?;
                *has_trust_list = true;
                check()
            }
            checked => checked,
        }
    }

    /// Stores the license, its portrait, its tokens and the log entry in one transaction. A renewed
    /// license is kept beside the held one until it can be shown, and is logged then.
    async fn store(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: Enrollment,
        (credential, kid): (Credential, KeyId),
        has_trust_list: bool,
    ) -> Result<(), Error> {
        let trust_list = &self.issuer.trust_list_uri;
        let new_home = if has_trust_list && trust_store::is_elsewhere(self.context, trust_list)? {
            Some(trust_list.clone())
        } else {
            None
        };
        let learned = Learned {
            server_date: session.requests.take_date(),
            signed: Some((credential.claims().iat, Evidence::Issued(kid))),
            ..Learned::default()
        };
        let stored = Arc::new((enrollment, credential, new_home));
        let write = || {
            let change = self.change(Arc::clone(&stored), session.now);
            self.context
                .write(Weight::Anchored, learned.clone(), change)
        };
        let mut done = write().await;
        if matches!(done, Err(Error::Storage(_))) {
            self.reserve.give_back();
            done = write().await;
        }
        if done.is_ok() {
            self.context.forget_unwritten(self.id);
        }
        done
    }

    /// The writes of [`store`](Self::store).
    fn change(
        &self,
        stored: Arc<(Enrollment, Credential, Option<String>)>,
        at: UnixTime,
    ) -> impl FnOnce(&mut Tx<'_>) -> Result<(), Error> + Send + 'static {
        let (id, purpose) = (self.id.to_owned(), self.purpose);
        move |tx: &mut Tx<'_>| {
            let (enrollment, credential, new_home) = &*stored;
            let held = tx.get::<LicenseRecord>(&id);
            // The driver removed the license during its renewal, or dismissed the application.
            if matches!(held, Ok(None)) && tx.get::<Enrollment>(&id)?.is_none() {
                return Err(Error::NoSuchLicense);
            }
            check_newer(tx, &id, credential)?;
            let license = LicenseRecord::of_sd_cwt(
                credential.bytes_without_disclosure().to_vec(),
                enrollment.key.clone(),
            );
            let portrait = credential.portrait().cloned();
            tx.put(&id, enrollment)?;
            if let Some(address) = new_home {
                trust_store::move_address(tx, address, at)?;
            }
            tx.delete::<Schedule>(&schedule::of_application(&id))?;
            if purpose == Purpose::Renewal && matches!(held, Ok(Some(_))) {
                return tx.put(&id, &NextLicenseRecord { license, portrait });
            }
            tx.delete::<NextLicenseRecord>(&id)?;
            tx.put(&id, &license)?;
            match portrait {
                Some(portrait) => tx.put(&id, &PortraitRecord(portrait))?,
                // The old portrait may not match the new credential's digest.
                None => tx.delete::<PortraitRecord>(&id)?,
            }
            tx.log(&ActivityEntry {
                at,
                license: id,
                event: purpose.event(),
            })
        }
    }
}

/// Refuses a credential that is older than the newest one here. A held credential whose key the
/// current trust list no longer accepts does not count: it may be dated in the future.
fn check_newer(view: &View<'_>, id: &str, credential: &Credential) -> Result<(), Error> {
    let trust = trust_store::held_in(view);
    let Ok(Some(newest)) = succession::newest(view, id) else {
        return Ok(());
    };
    let stands = trust.is_some_and(|trust| succession::stands_by(&trust, &newest));
    if stands && credential.claims().iat < newest.claims().iat {
        return Err(CredentialError::OlderThanHeld.into());
    }
    Ok(())
}

/// Whether the credential can never be accepted, even if this phone's clock, disk or network
/// changes.
const fn is_the_issuers_fault(error: Error) -> bool {
    matches!(error, Error::Credential(_) | Error::CredentialForAnotherKey)
}

/// The kind of the holder key: hardware P-256 first, then Ed25519, then P-256 in the vault.
pub(super) fn choose_kind(
    listed: &[String],
    hardware: Option<Algorithm>,
) -> Result<Algorithm, Error> {
    let takes = |kind| JwsAlgorithm::listed(listed, kind).is_some();
    let order = [hardware, Some(Algorithm::Ed25519), Some(Algorithm::Esp256)];
    order
        .into_iter()
        .flatten()
        .find(|kind| takes(*kind))
        .ok_or(Unsupported::Proof.into())
}
