//! The keys after an older register was put back.
//!
//! Its keys may have been rotated meanwhile: one that it lets sign may be retired or in wrong
//! hands, and another one, which it does not know, signs. The trust list that was published last
//! says so.

use vidimus_credential::trust::{Purpose, TrustList};
use vidimus_credential::{KeyId, UnixTime};

use super::KeyRing;
use crate::error::Error;
use crate::key_use::KeyUse;
use crate::rules::restored_keys::{Listed, Plan, plan};
use crate::rules::signing_time;
use crate::store::keys::{self as rows, Role};
use crate::store::{Transaction, documents, readers};

impl KeyRing {
    /// Takes over what a newer trust list says of the keys, and makes those that are missing.
    /// `signer` is the key of the newest status list that was published. Returns how many keys of
    /// the register changed their part. The caller removes the secrets of ended keys once this is
    /// committed.
    pub(crate) fn take_over(
        &self,
        transaction: &Transaction<'_>,
        published: &TrustList,
        signer: Option<KeyId>,
        now: UnixTime,
    ) -> Result<usize, Error> {
        let mut changed = 0;
        for use_ in KeyUse::ALL {
            changed += self.take_over_use(transaction, use_, published, signer, now)?;
        }
        take_over_readers(transaction, published, now)?;
        documents::raise_serial_to(transaction, published.serial())?;
        Ok(changed)
    }

    fn take_over_use(
        &self,
        transaction: &Transaction<'_>,
        use_: KeyUse,
        published: &TrustList,
        signer: Option<KeyId>,
        now: UnixTime,
    ) -> Result<usize, Error> {
        let before = rows::roles(transaction, use_)?;
        let mut listed = Vec::new();
        for entry in published.entries() {
            let of_use = entry.purposes.contains(&use_.purpose());
            if !of_use || entry.name != published.issuer() {
                continue;
            }
            let kid = entry.key.kid();
            rows::adopt(transaction, use_, &entry.key, entry.not_before)?;
            listed.push(Listed {
                kid,
                not_before: entry.not_before,
                expires: entry.expires,
                signed_until: entry.signed_until,
                has_secret: self.has_secret(kid)?,
                was_current: before.contains(&(kid, Role::Current)),
            });
        }
        let signer = signer.filter(|_| use_ == KeyUse::Status);
        let Plan {
            current,
            next,
            retired,
        } = plan(&listed, signer, signing_time::dated(now), use_.life());
        rows::stand_down(transaction, use_)?;
        for (kid, end) in retired {
            rows::end(transaction, kid, end)?;
        }
        for (kid, role) in [(current, Role::Current), (next, Role::Next)] {
            match kid {
                Some(kid) => rows::appoint(transaction, kid, role)?,
                None => self.make(transaction, use_, role)?,
            }
        }
        let after = rows::roles(transaction, use_)?;
        Ok(after.iter().filter(|row| !before.contains(row)).count())
    }
}

/// Readers' keys that were added or revoked since.
fn take_over_readers(
    transaction: &Transaction<'_>,
    published: &TrustList,
    now: UnixTime,
) -> Result<(), Error> {
    let listed: Vec<_> = published
        .entries()
        .filter(|entry| entry.purposes.contains(&Purpose::Reader))
        .collect();
    for reader in readers::listed(transaction)? {
        let kid = reader.key.kid();
        let was_named = reader.not_before > UnixTime::EPOCH && reader.expires > now;
        if was_named && !listed.iter().any(|entry| entry.key.kid() == kid) {
            readers::revoke(transaction, "", Some(kid), now)?;
        }
    }
    for entry in listed {
        readers::adopt(transaction, entry, now)?;
    }
    Ok(())
}
