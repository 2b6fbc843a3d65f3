//! Rotation of the keys, and publication of what they sign.

use super::Authority;
use crate::clock::Moment;
use crate::epoch;
use crate::error::Error;
use crate::home::Durability;
use crate::keys::{Rotated, Rotation};
use crate::store::settings::Settings;
use crate::store::{clock, documents, lists};

impl Authority {
    /// Does at once what the timer of [`serve`](crate::serve) does: what time brings to decisions
    /// and credentials, and signs what waits, lists and bundles that have changed or become old,
    /// and the trust list.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], [`Error::SigningWaits`]; [`Error::KeysMissing`] where a key is
    /// missing, also where nothing was to be signed by it: what other keys sign is signed; or why
    /// keys, files or the database cannot be used.
    pub fn publish(&self, now: impl Into<Moment>) -> Result<(), Error> {
        let now = now.into();
        let signed = self
            .tick(now)
            .and_then(|()| self.publisher().refresh(now))
            .and_then(|()| self.publisher().bundles_now(now));
        let merged = self.store.checkpoint();
        self.keys.ensure_all(&self.store)?;
        signed.and(merged)
    }

    /// Signs what a command has changed, says how far the register has come, and brings it into the
    /// main database file.
    pub(crate) fn settle(&self, due: &[u32], now: Moment) -> Result<(), Error> {
        let signed = self
            .publisher()
            .sign_lists(due, now)
            .map_err(Error::of_stored);
        // Who signed has said how far the register had come by then.
        if due.is_empty() || signed.is_err() {
            epoch::note(&self.home, &self.store, Durability::Derived, now.wall())?;
        }
        let merged = self.store.checkpoint();
        signed.and(merged)
    }

    /// Rotates the keys, and signs the trust list and everything by a replaced status key anew. The
    /// next keys take over; retired ones stay in the trust list for what they signed, compromised
    /// ones do not. One whose publication failed is finished by the next call, which rotates
    /// nothing then. A plain rotation does not stop a thief who dates back what he signs: until the
    /// retired key has ended, only `compromised` does.
    ///
    /// # Errors
    /// [`Error::NextKeyTooNew`], [`Error::NextKeyUnannounced`], [`Error::KeysMissing`],
    /// [`Error::RotationOptions`] and [`Error::ClockInDoubt`], with which nothing was changed; or
    /// why keys or signed objects cannot be written: call it again then.
    pub fn rotate_keys(&self, asked: &Rotation, now: impl Into<Moment>) -> Result<Rotated, Error> {
        let now = now.into();
        let rotated = self.store.write(|transaction| {
            Settings::read(transaction)?;
            clock::check(transaction, now)?;
            if self.keys.is_unfinished(transaction, asked)? {
                return Ok(Rotated::Finished);
            }
            if self.keys.rotate(transaction, asked, now.wall())? {
                lists::touch_all(transaction)?;
                documents::touch_bundles(transaction)?;
            }
            Ok(Rotated::Anew)
        })?;
        self.publish(now)?;
        Ok(rotated)
    }
}
