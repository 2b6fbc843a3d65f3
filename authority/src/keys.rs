//! The keys that sign: one for credentials, one for status, and the root that vouches for both.
//!
//! Each use has a *current* key, which signs, and a *next* one, which the trust list names from the
//! start: when it takes over, readers with a list of a week ago know it. A *retired* key stays in
//! the list until the last thing that it signed has ended, with the last second at which it signed;
//! a *dropped* one was in wrong hands, and nothing that it signed counts. The secret of a key that
//! signs no more is removed at once, or at the next start where this process died before.

mod restored;

use std::sync::{Arc, Mutex, PoisonError};

use vidimus_credential::trust::{Purpose, TrustEntry, TrustList};
use vidimus_credential::{KeyId, Signer as _, SigningKey, UnixTime};

use crate::error::{Error, damaged};
use crate::home::{Home, read_published};
use crate::issuer::IssuerUrl;
use crate::key_use::KeyUse;
use crate::rules::rotation::{self, End};
use crate::secret::hex;
use crate::store::keys::{self as rows, KeyRow, Role, Signers};
use crate::store::settings::Settings;
use crate::store::{Store, Transaction, documents, lists, readers};

/// How keys are rotated.
#[derive(Debug, Clone, Default)]
pub struct Rotation {
    /// Takes the next keys also where they were announced less than 7 days ago: readers whose trust
    /// list is older refuse what they sign.
    pub at_once: bool,
    /// The uses whose keys are in wrong hands. Nothing that a key of this use signed counts any
    /// more, that of keys which were retired before included. Empty: a plain rotation of both uses,
    /// in which what the retired keys signed goes on counting.
    pub compromised: Vec<KeyUse>,
    /// With `compromised`: the next key is safe, for its secret was kept elsewhere, and takes over.
    pub next_is_safe: bool,
}

/// What a rotation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotated {
    /// The keys were rotated.
    Anew,
    /// An earlier rotation was stored, and its publication had failed: that is finished now, and
    /// nothing was rotated again.
    Finished,
}

/// The keys in use, read from their files once.
pub(crate) struct KeyRing {
    home: Home,
    held: Mutex<Vec<(KeyId, Arc<SigningKey>)>>,
}

impl Signers for KeyRing {
    fn current(
        &self,
        transaction: &Transaction<'_>,
        use_: KeyUse,
    ) -> Result<(Arc<SigningKey>, UnixTime), Error> {
        // After a rotation it waits for a moment for the trust list that names it.
        let (kid, not_before) = rows::current(transaction, use_)?.ok_or(Error::Busy)?;
        Ok((self.held(kid)?, not_before))
    }
}

impl KeyRing {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            held: Mutex::new(Vec::new()),
        }
    }

    fn held(&self, kid: KeyId) -> Result<Arc<SigningKey>, Error> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = held.iter().find(|(held, _)| *held == kid) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.home.read_key(kid)?);
        // Two are in use at a time; a retired one is wiped when its last user is done.
        if held.len() >= KeyUse::ALL.len() {
            held.remove(0);
        }
        held.push((kid, Arc::clone(&key)));
        Ok(key)
    }

    /// Makes the keys of a new authority: for each use one that signs and the next one.
    pub(crate) fn create(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        for use_ in KeyUse::ALL {
            self.make(transaction, use_, Role::Current)?;
            self.make(transaction, use_, Role::Next)?;
        }
        Ok(())
    }

    fn make(&self, transaction: &Transaction<'_>, use_: KeyUse, role: Role) -> Result<(), Error> {
        let public = self.home.create_key()?.verifying_key().clone();
        rows::insert(transaction, use_, &public, role)
    }

    /// Rotates, as it is asked. The trust list is due then. Returns whether the status key was
    /// replaced, so that lists and bundles are to be signed anew. The caller removes the secrets of
    /// ended keys once the transaction is committed.
    pub(crate) fn rotate(
        &self,
        transaction: &Transaction<'_>,
        asked: &Rotation,
        now: UnixTime,
    ) -> Result<bool, Error> {
        if asked.compromised.is_empty() {
            if asked.next_is_safe {
                return Err(Error::RotationOptions);
            }
            for use_ in KeyUse::ALL {
                self.take_next(transaction, use_, asked.at_once, now)?;
            }
        } else {
            for use_ in KeyUse::ALL {
                if asked.compromised.contains(&use_) {
                    self.replace_compromised(transaction, use_, asked.next_is_safe)?;
                }
            }
            // Wallets and readers forget what they learned by the stolen key, times included.
            documents::raise_serial(transaction)?;
        }
        documents::touch_trust(transaction)?;
        Ok(asked.compromised.is_empty() || asked.compromised.contains(&KeyUse::Status))
    }

    /// Whether an earlier rotation is all that was asked for, and was not published to its end. One
    /// whose lists are to be signed anew is finished by signing them.
    pub(crate) fn is_unfinished(
        &self,
        transaction: &Transaction<'_>,
        asked: &Rotation,
    ) -> Result<bool, Error> {
        if Settings::read(transaction)?.issuer.is_none() {
            return Ok(false);
        }
        if asked.compromised.is_empty() {
            for use_ in KeyUse::ALL {
                if stand(transaction, use_)?.await_their_list() {
                    return Ok(!asked.next_is_safe);
                }
            }
            let status = required(transaction, KeyUse::Status, Role::Current)?;
            return Ok(!asked.next_is_safe && lists::any_by_another(transaction, status.kid)?);
        }
        // The serial rises with each drop.
        let root = self.home.read_key(Settings::read(transaction)?.root)?;
        // What cannot be read does not hinder a drop.
        let published = read_published(&self.home.trust_list())
            .unwrap_or_default()
            .and_then(|bytes| TrustList::verify(&bytes, root.verifying_key()).ok())
            .map_or(0, |list| list.serial());
        if published >= documents::trust(transaction)?.serial {
            return Ok(false);
        }
        for use_ in &asked.compromised {
            if !stand(transaction, *use_)?.are_dropped(asked.next_is_safe) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The next key takes over, and another next one is made.
    fn take_next(
        &self,
        transaction: &Transaction<'_>,
        use_: KeyUse,
        at_once: bool,
        now: UnixTime,
    ) -> Result<(), Error> {
        let next = required(transaction, use_, Role::Next)?;
        if !at_once {
            match rotation::ready_at(next.announced) {
                None => return Err(Error::NextKeyUnannounced),
                Some(ready) if now < ready => return Err(Error::NextKeyTooNew { ready }),
                Some(_) => {}
            }
        }
        self.ensure_secret(&next)?;
        let current = required(transaction, use_, Role::Current)?;
        let end = rotation::retire(current.not_before, current.last_iat, use_.life());
        rows::end(transaction, current.kid, end)?;
        rows::promote(transaction, next.kid)?;
        self.make(transaction, use_, Role::Next)
    }

    /// Drops every key of this use that has signed, for no one can say when it was stolen, and the
    /// next one unless that is safe.
    fn replace_compromised(
        &self,
        transaction: &Transaction<'_>,
        use_: KeyUse,
        next_is_safe: bool,
    ) -> Result<(), Error> {
        let of_use = rows::listed(transaction)?;
        for key in of_use.iter().filter(|key| key.use_ == use_) {
            if key.role != Role::Next || !next_is_safe {
                rows::end(transaction, key.kid, End::Dropped)?;
            }
        }
        let next = rows::of_role(transaction, use_, Role::Next)?;
        match next {
            Some(next) => {
                self.ensure_secret(&next)?;
                rows::promote(transaction, next.kid)?;
            }
            None => self.make(transaction, use_, Role::Current)?,
        }
        self.make(transaction, use_, Role::Next)
    }

    /// Replaces keys that signed by a wrong clock: what they dated ahead of it never counts. A next
    /// key that was announced by the right clock takes over, so that readers with a list of
    /// yesterday know it.
    pub(crate) fn repair(&self, transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
        let known = rows::listed(transaction)?;
        for key in &known {
            match key.role {
                Role::Current => {
                    let end = rotation::retire_repaired(
                        key.not_before,
                        key.last_iat,
                        key.use_.life(),
                        now,
                    );
                    rows::end(transaction, key.kid, end)?;
                }
                Role::Retired => {
                    let good = rotation::last_good(now);
                    let Some((signed_until, _)) = key.ended.filter(|(until, _)| *until > good)
                    else {
                        continue;
                    };
                    let end = rotation::retire_repaired(
                        key.not_before,
                        signed_until,
                        key.use_.life(),
                        now,
                    );
                    rows::end(transaction, key.kid, end)?;
                }
                Role::Next | Role::Dropped => {}
            }
        }
        for next in known.iter().filter(|key| key.role == Role::Next) {
            let announced = next.announced > UnixTime::EPOCH && next.announced <= now;
            if announced && next.not_before <= now && self.has_secret(next.kid)? {
                rows::promote(transaction, next.kid)?;
            } else {
                rows::end(transaction, next.kid, End::Dropped)?;
                self.make(transaction, next.use_, Role::Current)?;
            }
            self.make(transaction, next.use_, Role::Next)?;
        }
        Ok(())
    }

    /// Says which secrets are missing that the register needs: the root's, those that sign, and the
    /// next ones.
    ///
    /// # Errors
    /// [`Error::KeysMissing`], and why a file cannot be read.
    pub(crate) fn ensure_all(&self, store: &Store) -> Result<(), Error> {
        let needed = store.read(|transaction| {
            let root = Settings::read(transaction)?.root;
            let mut needed = vec![(root, "the root".to_owned())];
            for use_ in KeyUse::ALL {
                for role in [Role::Current, Role::Next] {
                    let key = rows::of_role(transaction, use_, role)?;
                    needed.extend(key.map(|key| (key.kid, key.part())));
                }
            }
            Ok(needed)
        })?;
        let mut missing = Vec::new();
        for (kid, part) in needed {
            if !self.has_secret(kid)? {
                missing.push(part);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        Err(Error::KeysMissing { missing })
    }

    /// A key without its secret must not be the one that signs.
    fn ensure_secret(&self, key: &KeyRow) -> Result<(), Error> {
        if self.has_secret(key.kid)? {
            return Ok(());
        }
        let missing = key.part();
        Err(Error::KeysMissing { missing })
    }

    /// Whether a key's secret is in its file.
    fn has_secret(&self, kid: KeyId) -> Result<bool, Error> {
        match self.home.read_key(kid) {
            Ok(_) => Ok(true),
            Err(Error::KeyFile) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes the secrets of keys that sign no more. To be called without a transaction: a secret
    /// that is gone stays gone, also where a transaction is not committed.
    pub(crate) fn remove_finished(&self, finished: &[KeyId]) -> Result<(), Error> {
        finished
            .iter()
            .try_for_each(|kid| self.home.remove_key(*kid))
    }
}

impl KeyRow {
    /// What it is, for those who have to put it back.
    fn part(&self) -> String {
        let which = match self.role {
            Role::Next => "next ",
            _ => "",
        };
        format!(
            "the {which}{} key ({})",
            self.use_.name(),
            hex(self.kid.as_bytes())
        )
    }
}

/// Which keys of a use sign, and which were announced.
fn stand(transaction: &Transaction<'_>, use_: KeyUse) -> Result<rotation::Keys, Error> {
    let next = required(transaction, use_, Role::Next)?;
    let current = required(transaction, use_, Role::Current)?;
    let roles = rows::roles(transaction, use_)?;
    let has = |role| roles.iter().any(|(_, held)| *held == role);
    Ok(rotation::Keys {
        next_announced: next.announced,
        current_announced: current.announced,
        current_signed: current.last_iat > UnixTime::EPOCH,
        has_retired: has(Role::Retired),
        has_ended: has(Role::Retired) || has(Role::Dropped),
    })
}

fn required(transaction: &Transaction<'_>, use_: KeyUse, role: Role) -> Result<KeyRow, Error> {
    rows::of_role(transaction, use_, role)?.ok_or_else(|| damaged(()))
}

/// The trust list's entries: every key of which something signed may still be good, and the
/// readers'.
///
/// A key in use is good for as long as a reader may hold the list, and what it signs until then.
pub(crate) fn trust_entries(
    transaction: &Transaction<'_>,
    settings: &Settings,
    issuer: &IssuerUrl,
    issued: UnixTime,
    list_expires: UnixTime,
) -> Result<Vec<TrustEntry>, Error> {
    let mut entries = Vec::new();
    for key in rows::listed(transaction)? {
        let expires = key.ended.map_or_else(
            || list_expires.saturating_add(key.use_.life()),
            |(_, expires)| expires,
        );
        if expires < issued {
            continue;
        }
        entries.push(TrustEntry {
            key: key.public,
            purposes: vec![key.use_.purpose()],
            not_before: key.not_before,
            expires,
            name: issuer.as_str().to_owned(),
            country: settings.country,
            display_name: settings.name.clone(),
            signed_until: key.ended.map(|(signed_until, _)| signed_until),
        });
    }
    for reader in readers::listed(transaction)? {
        if reader.expires < issued {
            continue;
        }
        entries.push(TrustEntry {
            key: reader.key,
            purposes: vec![Purpose::Reader],
            not_before: reader.not_before,
            expires: reader.expires,
            name: reader.name.clone(),
            country: settings.country,
            display_name: reader.name,
            signed_until: None,
        });
    }
    Ok(entries)
}
