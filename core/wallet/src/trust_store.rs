//! The trust list that the wallet holds: fetched, verified by the pinned root, never older than before.

use vidimus_credential::Error as CredentialError;
use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::{MAX_BYTES, TrustList};
use zeroize::Zeroizing;

use crate::address;
use crate::error::Error;
use crate::exchange::{Exchange, Resource};
use crate::parts::{Learned, Parts};
use crate::records::{ONLY, TrustListRecord};
use crate::schedule::{self, Schedule};
use crate::vault::{Record, Table, Weight};

/// How often the list is asked for, in seconds.
pub(crate) const INTERVAL: u64 = 86_400;

const MEDIA_TYPE: &str = "application/cwt";
const ADDRESS_ROW: &str = "trust_list_uri";

/// Where the issuer that was enrolled with last publishes its trust list.
struct TrustListAddress(String);

impl Record for TrustListAddress {
    const TABLE: Table = Table::Settings;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone().into_bytes())
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// The list that is held; `None` before the first, and where its row is damaged, which a fetch mends.
pub(crate) fn held(parts: &Parts) -> Result<Option<TrustList>, Error> {
    match parts.vault.get::<TrustListRecord>(ONLY) {
        Ok(Some(record)) => Ok(TrustList::verify(&record.0, &parts.root).ok()),
        Ok(None) | Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// When the list is to be asked for again.
pub(crate) fn due(parts: &Parts, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(parts, schedule::TRUST_LIST)?;
    Ok(match held(parts)? {
        Some(_) => schedule.due(INTERVAL, now),
        None => schedule.pause(now),
    })
}

/// Asks for the list at the address that was used last. Returns whether a newer one came.
///
/// # Errors
/// As [`fetch_from`].
pub(crate) async fn fetch(parts: &Parts, exchange: &mut Exchange<'_>) -> Result<bool, Error> {
    let address = match parts.vault.get::<TrustListAddress>(ADDRESS_ROW) {
        Ok(Some(address)) => address.0,
        Ok(None) | Err(Error::VaultDamaged { .. }) => address::under(&parts.authority, "trust"),
        Err(error) => return Err(error),
    };
    fetch_from(parts, exchange, &address).await
}

/// Asks for the list at `address`, verifies it and keeps it. Returns whether a newer one came.
///
/// # Errors
/// Those of the exchange; [`Error::Credential`] where the root did not sign it or it is older than the
/// one held. The one held stays.
pub(crate) async fn fetch_from(
    parts: &Parts,
    exchange: &mut Exchange<'_>,
    address: &str,
) -> Result<bool, Error> {
    let outcome = ask(parts, exchange, address).await;
    if let Err(error) = outcome {
        Schedule::note_failure(parts, schedule::TRUST_LIST, error, exchange.patience()).await?;
    }
    outcome
}

async fn ask(parts: &Parts, exchange: &mut Exchange<'_>, address: &str) -> Result<bool, Error> {
    let held = held(parts)?;
    let mut schedule = Schedule::read(parts, schedule::TRUST_LIST)?;
    // A tag speaks of one address, and only of a copy that is still there.
    let same = parts
        .vault
        .get::<TrustListAddress>(ADDRESS_ROW)
        .ok()
        .flatten();
    let etag = schedule
        .etag
        .take()
        .filter(|_| held.is_some() && same.is_some_and(|same| same.0 == address));
    let resource = exchange
        .get_if_new(address, MEDIA_TYPE, etag.as_deref(), MAX_BYTES)
        .await?;
    let (fresh, etag) = match resource {
        Resource::Unchanged => (None, etag),
        Resource::New { etag, body } => {
            let list = TrustList::verify(&body, &parts.root)?;
            if held
                .as_ref()
                .is_some_and(|held| list.issued_at() < held.issued_at())
            {
                return Err(CredentialError::OlderThanHeld.into());
            }
            (Some(list), etag)
        }
    };
    let learned = Learned {
        told: exchange.take_date(),
        signed: fresh.as_ref().map(TrustList::issued_at),
    };
    let news = match (&fresh, &held) {
        (Some(fresh), Some(held)) => fresh.bytes() != held.bytes(),
        (fresh, _) => fresh.is_some(),
    };
    schedule.succeed(parts.now()?, etag);
    let address = TrustListAddress(address.to_owned());
    parts
        .write(
            if news {
                Weight::Anchored
            } else {
                Weight::Light
            },
            learned,
            move |tx| {
                if let Some(list) = fresh {
                    tx.put(ONLY, &TrustListRecord(list.bytes().to_vec()))?;
                    tx.put(ADDRESS_ROW, &address)?;
                }
                tx.put(schedule::TRUST_LIST, &schedule)
            },
        )
        .await?;
    Ok(news)
}
