//! From tokens to a stored license: what enrollment and renewal have in common.

use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::Algorithm;
use vidimus_credential::sd_cwt::Credential;

use super::credential::{CredentialAnswer, accept};
use super::enrollment::{Enrollment, Tokens};
use super::jose::JwsAlgorithm;
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
use super::refusal::Refusal;
use super::session::Session;
use super::token::refresh_form;
use crate::activity_log::{ActivityEntry, Event};
use crate::error::Error;
use crate::keys::HolderKey;
use crate::parts::{Learned, Parts};
use crate::records::{LicenseRecord, PortraitRecord};
use crate::trust_store;
use crate::vault::{Tx, Weight};

/// One way from tokens to a license.
pub(super) struct Way<'w> {
    pub(super) parts: &'w Parts,
    pub(super) issuer: &'w IssuerMetadata,
    pub(super) configuration: &'w Configuration,
    pub(super) server: ServerMetadata,
    pub(super) id: &'w str,
    /// What goes into the log at its end.
    pub(super) event: Event,
    /// The issuer's trust list was fetched on the way here.
    pub(super) has_trust_list: bool,
}

impl Way<'_> {
    /// Sees to it that there is a place for what will come, and a key for it: a full disk or a phone without a lock
    /// must be found out before a code is spent.
    pub(super) async fn prepare(&self, enrollment: &Enrollment) -> Result<(), Error> {
        self.keep(enrollment).await?;
        self.holder_key(&enrollment.key).await.map(drop)
    }

    /// Walks it. The caller holds the turn.
    pub(super) async fn go(
        &self,
        session: &mut Session<'_, '_>,
        mut enrollment: Enrollment,
    ) -> Result<(), Error> {
        self.keep(&enrollment).await?;
        let holder = self.holder_key(&enrollment.key).await?;
        let mut rotated = false;
        let answer = loop {
            if enrollment.tokens.usable_access(session.now).is_none() {
                self.rotate(session, &mut enrollment).await?;
                rotated = true;
            }
            let Some(access) = &enrollment.tokens.access else {
                return Err(Error::NotRenewable);
            };
            let keys = &*self.parts.keys;
            let asked = session
                .credential(self.issuer, self.configuration, access, &holder, keys)
                .await;
            match asked {
                Err(Error::Refused(Refusal::InvalidToken)) => {
                    // It will never be good again; with it an enrollment has nothing left to go on from.
                    enrollment.tokens.access = None;
                    self.keep(&enrollment).await?;
                    if rotated || enrollment.tokens.refresh.is_none() {
                        return Err(Error::Refused(Refusal::InvalidToken));
                    }
                }
                asked => break asked?,
            }
        };
        let mut has_trust_list = self.has_trust_list;
        let accepted = self
            .accept(session, &answer, &holder, &mut has_trust_list)
            .await;
        // Used up: what follows is told to the issuer with it, and then it is gone.
        let access = enrollment.tokens.access.take();
        let stored = match accepted {
            Ok(credential) => {
                self.store(session, enrollment, credential, has_trust_list)
                    .await
            }
            Err(error) => Err(error),
        };
        if let Some(access) = access {
            let id = answer.notification_id.as_deref();
            session
                .notify(self.issuer, &access, id, stored.is_ok())
                .await;
        }
        stored
    }

    /// Spends the refresh token. What came for it is stored before anything else happens: dying
    /// before that leaves the old token, which the authority still takes; dying after, the new ones.
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
            .token(&self.server, &form, &self.configuration.id)
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

    async fn keep(&self, enrollment: &Enrollment) -> Result<(), Error> {
        let (id, enrollment) = (self.id.to_owned(), enrollment.clone());
        self.parts
            .vault
            .write(Weight::Anchored, move |tx| tx.put(&id, &enrollment))
            .await
    }

    /// The key of this enrollment, made now if it is not there yet.
    async fn holder_key(&self, key: &str) -> Result<HolderKey, Error> {
        if let Some(holder) = self.parts.vault.get::<HolderKey>(key)? {
            return Ok(holder);
        }
        let keys = &*self.parts.keys;
        let algorithm = choose_kind(
            &self.configuration.proof_algorithms,
            keys.holder_algorithm(),
        )?;
        // A wallet that died between making the key and noting it left one of this name.
        keys.delete_holder_key(key).await?;
        let holder = HolderKey::create(key, algorithm, keys, &*self.parts.random).await?;
        let id = key.to_owned();
        let kept = self.parts.vault.write(Weight::Anchored, move |tx| {
            tx.put(&id, &holder)?;
            Ok(holder)
        });
        kept.await
    }

    /// Verifies what arrived; where its key is unknown the trust list may be older than the key.
    async fn accept(
        &self,
        session: &mut Session<'_, '_>,
        answer: &CredentialAnswer,
        holder: &HolderKey,
        has_trust_list: &mut bool,
    ) -> Result<Credential, Error> {
        let check = |now| {
            let trust = trust_store::held(self.parts)?.ok_or(Error::TrustListMissing)?;
            accept(&answer.credential, &trust, holder.verifying_key(), now)
        };
        match check(self.parts.latest()?) {
            Err(Error::Credential(CredentialError::UnknownKey)) => {
                trust_store::fetch_from(self.parts, session.exchange, &self.issuer.trust_list_uri)
                    .await?;
                *has_trust_list = true;
                check(self.parts.latest()?)
            }
            checked => checked,
        }
    }

    /// The license, its portrait, its tokens and the log entry, all in one transaction.
    async fn store(
        &self,
        session: &mut Session<'_, '_>,
        enrollment: Enrollment,
        credential: Credential,
        has_trust_list: bool,
    ) -> Result<(), Error> {
        let trust_list = &self.issuer.trust_list_uri;
        let new_home = if has_trust_list && trust_store::is_elsewhere(self.parts, trust_list)? {
            Some(trust_list.clone())
        } else {
            None
        };
        let learned = Learned {
            told: session.exchange.take_date(),
            signed: Some(credential.claims().iat),
        };
        let (id, at, event) = (self.id.to_owned(), session.now, self.event.clone());
        let change = move |tx: &mut Tx<'_>| {
            match tx.get::<LicenseRecord>(&id) {
                Ok(Some(held)) if credential.claims().iat < held.parse()?.claims().iat => {
                    return Err(CredentialError::OlderThanHeld.into());
                }
                // Its user removed it while it was renewed.
                Ok(None) if tx.get::<Enrollment>(&id)?.is_none() => {
                    return Err(Error::NoSuchLicense);
                }
                _ => {}
            }
            let record = LicenseRecord {
                credential: credential.bytes_without_disclosure().to_vec(),
                holder_key: enrollment.key.clone(),
            };
            tx.put(&id, &record)?;
            match credential.portrait() {
                Some(portrait) => tx.put(&id, &PortraitRecord(portrait.clone()))?,
                // An older portrait need not fit the new credential's digest.
                None => tx.delete::<PortraitRecord>(&id)?,
            }
            tx.put(&id, &enrollment)?;
            if let Some(address) = new_home {
                trust_store::move_to(tx, &address, at)?;
            }
            tx.log(&ActivityEntry {
                at,
                license: id,
                event,
            })
        };
        self.parts.write(Weight::Anchored, learned, change).await
    }
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
