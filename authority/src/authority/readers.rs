//! Readers whose challenges prove who asks.

use vidimus_credential::{KeyId, UnixTime, VerifyingKey};

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::rules::reader::check_name;
use crate::secret::{hex, unhex};
use crate::store::settings::Settings;
use crate::store::{documents, events, keys, readers};

const DAY: u64 = 86_400;

/// A reader's key that the trust list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The key's id, 16 hexadecimal digits.
    pub kid: String,
    /// The name that drivers read.
    pub name: String,
    /// When it was added.
    pub added: UnixTime,
    /// From when on its challenges are shown as not proven.
    pub expires: UnixTime,
}

impl Authority {
    /// Names a reader's key in the trust list for so many days: its signed challenges are then
    /// shown to drivers as proven. Only the public key is needed here. Returns its id.
    ///
    /// # Errors
    /// [`Error::ReaderName`], [`Error::ReaderDays`], [`Error::ReaderExists`],
    /// [`Error::ReaderKeyKnown`], [`Error::ReaderKeyOwn`], [`Error::TooManyReaders`], or why it
    /// cannot be stored; [`Error::ClockInDoubt`] (it is stored, and listed later).
    pub fn add_reader(
        &self,
        name: &str,
        key: &VerifyingKey,
        days: u32,
        now: impl Into<Moment>,
    ) -> Result<String, Error> {
        let now = now.into();
        check_name(name)?;
        if days == 0 || days > 3_660 {
            return Err(Error::ReaderDays { days });
        }
        let at = self.believed(now)?;
        let expires = at.saturating_add(u64::from(days) * DAY);
        self.store.write(|transaction| {
            let settings = Settings::read(transaction)?;
            if key.kid() == settings.root || keys::is_known(transaction, key.kid())? {
                return Err(Error::ReaderKeyOwn);
            }
            if readers::is_named(transaction, name, at)? {
                return Err(Error::ReaderExists);
            }
            if readers::is_known(transaction, key.kid())? {
                return Err(Error::ReaderKeyKnown);
            }
            readers::insert(transaction, key, name, at, expires)?;
            let kid = hex(key.kid().as_bytes());
            events::append_other(transaction, "reader_added", &kid, at)?;
            // One row that no list can name would stop all signing, so none is stored.
            self.publisher().try_trust_list(transaction, now)?;
            documents::touch_trust(transaction)
        })?;
        self.sign_trust_list(now)?;
        Ok(hex(key.kid().as_bytes()))
    }

    /// The readers' keys that are not revoked, in the order in which they were added; past their
    /// end too.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn readers(&self) -> Result<Vec<Reader>, Error> {
        let rows = self.store.read(readers::listed)?;
        Ok(rows
            .into_iter()
            .map(|row| Reader {
                kid: hex(row.key.kid().as_bytes()),
                name: row.name,
                added: row.added,
                expires: row.expires,
            })
            .collect())
    }

    /// Takes a reader's key out of the trust list, by its name or its id. Wallets with the new list
    /// show its challenges as not proven.
    ///
    /// # Errors
    /// [`Error::UnknownReader`], [`Error::ClockInDoubt`] (it is stored, and the list follows), or
    /// why it cannot be stored.
    pub fn revoke_reader(&self, reader: &str, now: impl Into<Moment>) -> Result<(), Error> {
        let now = now.into();
        let kid = unhex(reader)
            .and_then(|bytes| bytes.try_into().ok())
            .map(KeyId::new);
        let at = self.believed(now)?;
        self.store.write(|transaction| {
            let before = readers::listed(transaction)?;
            if readers::revoke(transaction, reader, kid, at)? == 0 {
                return Err(Error::UnknownReader);
            }
            let left = readers::listed(transaction)?;
            for row in before {
                let kid = row.key.kid();
                if left.iter().all(|left| left.key.kid() != kid) {
                    let kid = hex(kid.as_bytes());
                    events::append_other(transaction, "reader_revoked", &kid, at)?;
                }
            }
            documents::touch_trust(transaction)
        })?;
        self.sign_trust_list(now)
    }

    /// What is stored reaches the main database file also where the list has to wait.
    fn sign_trust_list(&self, now: Moment) -> Result<(), Error> {
        let signed = self.publisher().trust_list(now);
        signed.and(self.store.checkpoint())
    }
}
