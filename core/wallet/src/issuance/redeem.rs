//! From tokens to a stored license: what enrollment and renewal have in common.

use std::sync::Arc;

use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::{Algorithm, KeyId};
use vidimus_credential::sd_cwt::Credential;
use vidimus_credential::time::UnixTime;

use super::acknowledge::forget_notice;
use super::credential::{CredentialAnswer, accept, check_in_force};
use super::enrollment::{AccessToken, Enrollment, Tokens};
use super::jose::JwsAlgorithm;
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
use super::notice::{Heard, Notice, NoticeEvent};
use super::refusal::Refusal;
use super::reserve::Reserve;
use super::session::Session;
use super::token::refresh_form;
use crate::context::{Context, Learned};
use crate::error::Error;
use crate::keys::HolderKey;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::timekeeper::Evidence;
use crate::trust_store;
use crate::vault::activity_log::{ActivityEntry, Event};
use crate::vault::records::{LicenseRecord, NextLicenseRecord, PortraitRecord};
use crate::vault::{Tx, View, Weight};

/// One way from tokens to a license.
pub(super) struct Redemption<'w> {
    pub(super) context: &'w Context,
    pub(super) issuer: &'w IssuerMetadata,
    pub(super) configuration: &'w Configuration,
    pub(super) server: &'w ServerMetadata,
    pub(super) id: &'w str,
    /// What goes into the log at its end.
    pub(super) event: Event,
    /// The issuer's trust list was fetched on the way here.
    pub(super) has_trust_list: bool,
    /// Room for what the code brings.
    pub(super) reserve: Reserve,
}

impl Redemption<'_> {
    /// Reserves storage and creates the holder key before the code is spent: a full disk or a phone without a lock must be
    /// found out before. Where an earlier try did so, its key stays.
    pub(super) async fn prepare(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.keep(enrollment).await?;
        self.reserve
            .take(&self.context.directory, &*self.context.random)?;
        self.holder_key(&enrollment.key).await.map(drop)
    }

    /// Runs the remaining steps. The caller holds the network lock.
    pub(super) async fn run(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<(), Error> {
        self.keep(enrollment).await?;
        if self.event == Event::Enrolled {
            // One that goes on by a refresh token gets new tokens once, too. It goes on without the room as well.
            let _ = self
                .reserve
                .take(&self.context.directory, &*self.context.random);
        }
        let holder = self.holder_key(&enrollment.key).await?;
        let answer = self.credential(session, enrollment, &holder).await?;
        let mut has_trust_list = self.has_trust_list;
        let accepted = self
            .accept(session, &answer, &holder, &mut has_trust_list)
            .await;
        // Used up, unless it is to be asked with again: what follows is told to the issuer with it.
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
        self.store(session, enrollment.clone(), accepted, has_trust_list)
            .await?;
        // It is stored: that the issuer does not answer changes nothing, and it is told again later.
        if let Err(error) = self.acknowledge(session, enrollment).await {
            tracing::info!(%error, "the issuer is still to be told that the license was stored");
        }
        Ok(())
    }

    /// Asks for the credential, with new tokens where those that are held are over.
    async fn credential(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
        holder: &HolderKey,
    ) -> Result<CredentialAnswer, Error> {
        let mut rotated = false;
        loop {
            if enrollment.tokens.usable_access(session.now).is_none() {
                self.rotate(session, enrollment).await?;
                rotated = true;
            }
            let Some(access) = &enrollment.tokens.access else {
                return Err(Error::NotRenewable);
            };
            let keys = &*self.context.keys;
            let asked = session
                .credential(self.issuer, self.configuration, access, holder, keys)
                .await;
            match asked {
                Err(Error::Refused(Refusal::InvalidToken)) => {
                    // It will never be good again.
                    enrollment.tokens.access = None;
                    self.keep(enrollment).await?;
                    if rotated || enrollment.tokens.refresh.is_none() {
                        return Err(Error::Refused(Refusal::InvalidToken));
                    }
                }
                asked => return asked,
            }
        }
    }

    /// What the issuer is to be told, where it wants to hear it.
    fn notice(&self, answer: &CredentialAnswer, access: Option<AccessToken>) -> Option<Notice> {
        Some(Notice {
            id: answer.notification_id.clone()?,
            endpoint: self.issuer.notification_endpoint.clone()?,
            access: access?,
        })
    }

    /// Tells the issuer once that its credential was stored; what it does not answer is told again at a later refresh.
    async fn acknowledge(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &Enrollment,
    ) -> Result<(), Error> {
        let Some(notice) = &enrollment.notice else {
            return Ok(());
        };
        match session.notify(notice, NoticeEvent::Accepted).await {
            Heard::Yes => forget_notice(self.context, self.id, notice.id.clone()).await,
            Heard::TokenOver => Ok(()),
            Heard::Unknown(error) => {
                let (row, wish) = (schedule::of_notice(self.id), session.requests.retry_after());
                Schedule::note_failure(self.context, &row, error, wish).await
            }
        }
    }

    /// An access token of this grant, got with the refresh token where none is held.
    pub(super) async fn fresh_access(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<AccessToken, Error> {
        if enrollment.tokens.usable_access(session.now).is_none() {
            self.rotate(session, enrollment).await?;
        }
        let access = enrollment.tokens.access.clone();
        access.ok_or(Error::Refused(Refusal::InvalidToken))
    }

    /// Sends the refresh token. What came for it is stored before anything else happens: dying before that leaves the old
    /// token, which the authority takes until a credential was issued on a new pair; dying after, the new ones.
    async fn rotate(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: &mut Enrollment,
    ) -> Result<(), Error> {
        let refresh = enrollment
            .tokens
            .refresh
            .as_ref()
            .ok_or(Error::Refused(Refusal::InvalidToken))?;
        let form = refresh_form(refresh);
        let granted = session
            .token(self.server, &form, &self.configuration.id)
            .await;
        if granted.as_ref().err() == Some(&Error::Refused(Refusal::InvalidGrant))
            && self.event == Event::Enrolled
        {
            // Nothing is left to go on from; the next try begins with the code again.
            enrollment.tokens = Tokens::default();
            self.keep(enrollment).await?;
        }
        let answer = granted?;
        enrollment.tokens.renew(answer, session.now);
        enrollment.tokens.dpop = session.dpop_secret();
        self.keep(enrollment).await
    }

    /// Writes down how far the enrollment has come. A write that fails is made once more, in the room that was reserved;
    /// tokens that still cannot be written stay in memory, and this process goes on with them.
    async fn keep(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let write = || {
            let (id, enrollment) = (self.id.to_owned(), enrollment.clone());
            let renews = self.event == Event::Renewed;
            let change = move |tx: &mut Tx<'_>| {
                // Its user removed it while it was renewed.
                if renews && matches!(tx.get::<Enrollment>(&id), Ok(None)) {
                    return Err(Error::NoSuchLicense);
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
            Err(Error::Storage(_)) if enrollment.tokens.hold_something() => {
                self.context.keep_unwritten(self.id, enrollment);
            }
            Err(_) => {}
        }
        kept
    }

    /// The key of this enrollment, made now if it is not there yet.
    async fn holder_key(&self, key: &str) -> Result<HolderKey, Error> {
        if let Some(holder) = self.context.vault.get::<HolderKey>(key)? {
            return Ok(holder);
        }
        let keys = &*self.context.keys;
        let algorithm = choose_kind(
            &self.configuration.proof_algorithms,
            keys.holder_algorithm(),
        )?;
        // A wallet that died between making the key and noting it left one of this name.
        keys.delete_holder_key(key).await?;
        let holder = HolderKey::create(key, algorithm, keys, &*self.context.random).await?;
        let id = key.to_owned();
        let kept = self.context.vault.write(Weight::Anchored, move |tx| {
            tx.put(&id, &holder)?;
            Ok(holder)
        });
        kept.await
    }

    /// Verifies what arrived. Where its key is unknown the trust list may be older than the key; where its time is far
    /// ahead, a newer list may say what time it is.
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
            // It was signed just now, so it may say that a clock was ahead before.
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

    /// The license, its portrait, its tokens and the log entry, all in one transaction. A renewed one stands beside the
    /// one that is held until its turn has come, which the log says then.
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
            told: session.requests.take_date(),
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

    /// What [`store`](Self::store) writes.
    fn change(
        &self,
        stored: Arc<(Enrollment, Credential, Option<String>)>,
        at: UnixTime,
    ) -> impl FnOnce(&mut Tx<'_>) -> Result<(), Error> + Send + 'static {
        let (id, event) = (self.id.to_owned(), self.event.clone());
        move |tx: &mut Tx<'_>| {
            let (enrollment, credential, new_home) = &*stored;
            let held = tx.get::<LicenseRecord>(&id);
            // Its user removed it while it was renewed.
            if matches!(held, Ok(None)) && tx.get::<Enrollment>(&id)?.is_none() {
                return Err(Error::NoSuchLicense);
            }
            check_newer(tx, &id, credential)?;
            let license = LicenseRecord {
                credential: credential.bytes_without_disclosure().to_vec(),
                holder_key: enrollment.key.clone(),
            };
            let portrait = credential.portrait().cloned();
            tx.put(&id, enrollment)?;
            if let Some(address) = new_home {
                trust_store::move_to(tx, address, at)?;
            }
            if event == Event::Renewed && matches!(held, Ok(Some(_))) {
                return tx.put(&id, &NextLicenseRecord { license, portrait });
            }
            tx.delete::<NextLicenseRecord>(&id)?;
            tx.put(&id, &license)?;
            match portrait {
                Some(portrait) => tx.put(&id, &PortraitRecord(portrait))?,
                // An older portrait need not fit the new credential's digest.
                None => tx.delete::<PortraitRecord>(&id)?,
            }
            tx.log(&ActivityEntry {
                at,
                license: id,
                event,
            })
        }
    }
}

/// Refuses a credential that is older than the newest one here. One that the trust list in force does not stand by any
/// more is no measure: it may be dated in the future.
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

/// Whether what came can never be kept, whatever this phone's clock, disk or network do later.
const fn is_the_issuers_fault(error: Error) -> bool {
    matches!(error, Error::Credential(_) | Error::CredentialForAnotherKey)
}

/// Which kind of key to prove: the device's P-256, then Ed25519, then P-256 in the vault.
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
        .ok_or(Error::OfferUnsupported)
}
