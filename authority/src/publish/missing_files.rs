//! Files that went missing: written again as they were.
//!
//! Published files are not forced to the disk one by one, so a power failure may take the newest,
//! and people delete things. Ed25519 signs the same content the same way, so a list whose key still
//! signs comes back byte for byte; what cannot is signed anew. Nothing new is stated, so no clock
//! is asked.

use std::fs;
use std::path::Path;

use vidimus_credential::bundle::UnverifiedBundle;
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::trust::TrustList;
use vidimus_credential::{KeyId, Signer as _, UnixTime};

use super::{Publisher, sign_list};
use crate::error::Error;
use crate::home::Home;
use crate::key_use::KeyUse;
use crate::store::documents;
use crate::store::keys::Signers as _;
use crate::store::lists::{self, Published};
use crate::store::settings::Settings;

/// Lists looked at between two transactions.
const BATCH: u32 = 1_024;

impl Publisher<'_> {
    /// Removes what a process that died left behind: half-written files, and secrets of keys that
    /// sign no more. No other process writes while the transaction lasts.
    pub(crate) fn tidy(self) -> Result<(), Error> {
        self.store.write(|_| self.home.remove_temporary())?;
        let finished = self.store.read(crate::store::keys::finished)?;
        self.keys.remove_finished(&finished)
    }

    /// Looks at every published file and brings back what is lost or older than the database says.
    pub(crate) fn restore(self) -> Result<(), Error> {
        let count = self.store.read(lists::count)?;
        for first in (0..count).step_by(usize::try_from(BATCH).unwrap_or(1)) {
            let known = self
                .store
                .read(|transaction| lists::published_from(transaction, first, BATCH))?;
            for (number, published) in known {
                if !self.is_there(number, published) {
                    self.restore_list(number)?;
                }
            }
        }
        self.restore_bundles()?;
        self.restore_trust_list()
    }

    /// Whether a list's file is the one that the database knows, or a newer one.
    fn is_there(self, number: u32, published: Published) -> bool {
        let Some((iat, kid)) = published.signature else {
            return true;
        };
        read_list(&self.home.status_list(number))
            .is_some_and(|found| found.0 > iat || found == (iat, kid))
    }

    /// Writes a list's file again, where it was signed before. Returns whether there is such a
    /// list.
    pub(crate) fn restore_list(self, number: u32) -> Result<bool, Error> {
        self.store.write(|transaction| {
            let settings = Settings::read(transaction)?;
            let Some(issuer) = &settings.issuer else {
                return Ok(false);
            };
            if number >= lists::count(transaction)? {
                return Ok(false);
            }
            let published = lists::published(transaction, number)?;
            let Some((iat, kid)) = published.signature else {
                return Ok(false);
            };
            let (signer, _) = self.keys.current(transaction, KeyUse::Status)?;
            if published.dirty || signer.verifying_key().kid() != kid {
                lists::touch(transaction, number)?;
                return Ok(true);
            }
            let states = lists::states(transaction, number)?;
            let token = sign_list(&issuer.status_uri(number), &states, iat, &*signer)
                .map_err(Error::Signing)?;
            Home::publish(&self.home.status_list(number), &token)?;
            tracing::info!(number, "a published list was missing and is written again");
            Ok(true)
        })
    }

    fn restore_bundles(self) -> Result<(), Error> {
        let known = self.store.read(documents::bundle_iats)?;
        for (pack, iat) in known.into_iter().filter(|(_, iat)| *iat > UnixTime::EPOCH) {
            let there = fs::read(self.home.bundle(pack)).is_ok_and(|bytes| {
                UnverifiedBundle::parse(&bytes).is_ok_and(|found| found.issued_at() >= iat)
            });
            if !there {
                self.store
                    .write(|transaction| documents::touch_bundle(transaction, pack))?;
            }
        }
        Ok(())
    }

    fn restore_trust_list(self) -> Result<(), Error> {
        self.store.write(|transaction| {
            let row = documents::trust(transaction)?;
            let root = self.home.read_key(Settings::read(transaction)?.root)?;
            let there = row.iat == UnixTime::EPOCH
                || fs::read(self.home.trust_list()).is_ok_and(|bytes| {
                    TrustList::verify(&bytes, root.verifying_key()).is_ok_and(|found| {
                        (found.serial(), found.issued_at()) >= (row.serial, row.iat)
                    })
                });
            if there {
                Ok(())
            } else {
                documents::touch_trust(transaction)
            }
        })
    }
}

/// The `iat` and key of a published list, where it is one.
pub(crate) fn read_list(path: &Path) -> Option<(UnixTime, KeyId)> {
    let bytes = fs::read(path).ok()?;
    let token = UnverifiedStatusToken::parse(&bytes).ok()?;
    Some((token.issued_at(), token.kid()))
}
