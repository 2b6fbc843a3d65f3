//! The trust list that the wallet holds: fetched, verified by the pinned root, never one that comes before the one held.
//!
//! Lists are ordered by serial, then `iat`. What was signed by a key that a newer list withdraws is not held any more:
//! its status is deleted, and what it proved of the time with it.

use vidimus_credential::Error as CredentialError;
use vidimus_credential::key::KeyId;
use vidimus_credential::time::{SKEW_S, UnixTime};
use vidimus_credential::trust::{MAX_BYTES, Purpose, TrustList};
use zeroize::Zeroizing;

use crate::context::{Context, Learned, TakenList};
use crate::error::Error;
use crate::network::address;
use crate::network::requests::{Requests, Resource};
use crate::network::schedule::{self, Schedule};
use crate::timekeeper::Evidence;
use crate::vault::records::{ONLY, Settings, StatusRecord, TrustListRecord};
use crate::vault::{Record, Table, Tx, View, Weight};

/// How often the list is asked for, in seconds.
pub(crate) const INTERVAL: u64 = 86_400;

const MEDIA_TYPE: &str = "application/cwt";
const ADDRESS_ROW: &str = "trust_list_uri";

/// Where the issuer of the license that was stored last publishes its trust list.
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
pub(crate) fn held(context: &Context) -> Result<Option<TrustList>, Error> {
    match context.vault.get::<TrustListRecord>(&context.row(ONLY)) {
        Ok(Some(record)) => Ok(TrustList::verify(&record.0, &context.root).ok()),
        Ok(None) | Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The list that is held, as far as a snapshot of the vault has one.
pub(crate) fn held_in(view: &View<'_>) -> Option<TrustList> {
    let settings: Settings = view.get(ONLY).ok()??;
    let record: TrustListRecord = view.get(ONLY).ok()??;
    TrustList::verify(&record.0, &settings.root).ok()
}

/// Whether a list lets this key sign something of this time, for the purpose and the name that it gives the key. A
/// signature that was verified by an earlier list still counts only then.
pub(crate) fn stands_by(list: &TrustList, kid: KeyId, signed_at: UnixTime) -> bool {
    list.find(kid).is_some_and(|entry| {
        let purpose = entry.purposes.first();
        purpose.is_some_and(|purpose| list.key_for(kid, *purpose, &entry.name, signed_at).is_ok())
    })
}

/// Whether a list names any key that may sign licenses at this time.
pub(crate) fn signs_licenses(list: &TrustList, now: UnixTime) -> bool {
    list.entries().any(|entry| {
        entry.purposes.contains(&Purpose::Credential) && entry.is_in_force(now, SKEW_S)
    })
}

/// When the list is to be asked for again.
pub(crate) fn due(context: &Context, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(context, &context.row(schedule::TRUST_LIST))?;
    Ok(match held(context)? {
        Some(_) => schedule.due(INTERVAL, now),
        None => schedule.pause(now),
    })
}

/// Where the list is asked for: as the issuer said whose license is here, else under the authority.
fn home(context: &Context) -> Result<String, Error> {
    match context.vault.get::<TrustListAddress>(ADDRESS_ROW) {
        Ok(Some(address)) => Ok(address.0),
        Ok(None) | Err(Error::VaultDamaged { .. }) => {
            Ok(address::under(&context.authority, "trust"))
        }
        Err(error) => Err(error),
    }
}

/// Whether the list would be asked for elsewhere than at `address`.
pub(crate) fn is_elsewhere(context: &Context, address: &str) -> Result<bool, Error> {
    Ok(home(context)? != address)
}

/// Asks for the list at `address`, where it was just had, from now on. Only an issuer whose license was verified may say so:
/// else any offer could send the wallet to a place that never tells of a withdrawn key.
pub(crate) fn move_to(tx: &mut Tx<'_>, address: &str, now: UnixTime) -> Result<(), Error> {
    let mut schedule = Schedule::default();
    schedule.succeed(now, None);
    tx.put(ADDRESS_ROW, &TrustListAddress(address.to_owned()))?;
    tx.put(schedule::TRUST_LIST, &schedule)
}

/// Asks for the list where it is at home. Returns whether a newer one came.
///
/// # Errors
/// As [`fetch_from`].
pub(crate) async fn fetch(context: &Context, requests: &mut Requests<'_>) -> Result<bool, Error> {
    fetch_from(context, requests, &home(context)?).await
}

/// Asks for the list at `address`, verifies it and keeps it. Returns whether a newer one came. What is
/// asked for elsewhere than at home leaves the schedule as it is.
///
/// # Errors
/// Those of the exchange; [`Error::Credential`] where the root did not sign it or it comes before the
/// one held; [`Error::ServerTimeWrong`]. The one held stays.
pub(crate) async fn fetch_from(
    context: &Context,
    requests: &mut Requests<'_>,
    address: &str,
) -> Result<bool, Error> {
    let at_home = !is_elsewhere(context, address)?;
    let outcome = ask(context, requests, address, at_home).await;
    if let Err(error) = outcome
        && at_home
    {
        let row = context.row(schedule::TRUST_LIST);
        Schedule::note_failure(context, &row, error, requests.retry_after()).await?;
    }
    outcome
}

async fn ask(
    context: &Context,
    requests: &mut Requests<'_>,
    address: &str,
    at_home: bool,
) -> Result<bool, Error> {
    let held = held(context)?;
    let (list_row, row) = (context.row(ONLY), context.row(schedule::TRUST_LIST));
    let mut schedule = Schedule::read(context, &row)?;
    // A tag speaks of one address, and only of a copy that is still there.
    let tag = schedule.etag.take();
    let etag = tag.filter(|_| at_home && held.is_some());
    let resource = requests
        .get_if_new(address, MEDIA_TYPE, etag.as_deref(), MAX_BYTES)
        .await?;
    let (fresh, etag) = match resource {
        Resource::Unchanged => (None, etag),
        Resource::New { etag, body } => {
            let list = TrustList::verify(&body, &context.root)?;
            if held.as_ref().is_some_and(|held| held.is_newer_than(&list)) {
                return Err(CredentialError::OlderThanHeld.into());
            }
            context.check_time(list.issued_at(), Evidence::List)?;
            (Some(list), etag)
        }
    };
    // Anybody may copy a public list to another place, and tell any time there.
    let told = requests.take_date().filter(|_| at_home);
    let news = match (&fresh, &held) {
        (Some(fresh), Some(held)) => fresh.bytes() != held.bytes(),
        (fresh, _) => fresh.is_some(),
    };
    let learned = Learned {
        told,
        list: fresh.clone().map(|list| TakenList {
            begins_anew: held.is_some_and(|held| list.serial() > held.serial()),
            list,
        }),
        ..Learned::default()
    };
    // By the time that is known once the list was taken: it may have set the clock back.
    schedule.succeed(context.time_after(&learned)?.now, etag);
    context
        .write(
            if news {
                Weight::Anchored
            } else {
                Weight::Light
            },
            learned,
            move |tx| {
                if let Some(list) = fresh {
                    tx.put(&list_row, &TrustListRecord(list.bytes().to_vec()))?;
                    forget_what_it_withdraws(tx, &list)?;
                }
                if at_home {
                    tx.put(&row, &schedule)?;
                }
                Ok(())
            },
        )
        .await?;
    Ok(news)
}

/// Deletes each status that a key signed which the list no longer names, or not for that time. It is asked for again in
/// the same refresh.
fn forget_what_it_withdraws(tx: &mut Tx<'_>, list: &TrustList) -> Result<(), Error> {
    for uri in tx.ids(Table::Status) {
        let Ok(Some(record)) = tx.get::<StatusRecord>(&uri) else {
            continue;
        };
        let stands = record
            .kid()
            .is_ok_and(|kid| stands_by(list, kid, record.issued_at));
        if !stands {
            tx.delete::<StatusRecord>(&uri)?;
        }
    }
    Ok(())
}
