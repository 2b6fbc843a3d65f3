//! The wallet's trust list: fetched, verified by the pinned root, and never replaced by an older
//! one.
//!
//! Lists are ordered by serial, then `iat`. When a newer list withdraws a key, the statuses that
//! the key signed are deleted, and its evidence for the time is dropped.

use vidimus_credential::Error as CredentialError;
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

/// Seconds between two requests for the list.
pub(crate) const INTERVAL: u64 = 86_400;

const MEDIA_TYPE: &str = "application/cwt";
const ADDRESS_ROW: &str = "trust_list_uri";

/// The trust list's address of the issuer whose license was stored last.
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

/// The held list; `None` before the first, and where its row is damaged, which the next fetch
/// repairs.
pub(crate) fn held(context: &Context) -> Result<Option<TrustList>, Error> {
    context.vault.read(|view| find(view, context))
}

/// As [`held`], in a snapshot of the vault.
pub(crate) fn find(view: &View<'_>, context: &Context) -> Result<Option<TrustList>, Error> {
    match view.get::<TrustListRecord>(&context.row(ONLY)) {
        Ok(Some(record)) => Ok(TrustList::verify(&record.0, &context.root).ok()),
        Ok(None) | Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The held list in a snapshot of the vault; `None` where there is none or it is damaged.
pub(crate) fn held_in(view: &View<'_>) -> Option<TrustList> {
    let settings: Settings = view.get(ONLY).ok()??;
    let record: TrustListRecord = view.get(ONLY).ok()??;
    TrustList::verify(&record.0, &settings.root).ok()
}

/// Whether a list has any key that may sign licenses at this time.
pub(crate) fn signs_licenses(list: &TrustList, now: UnixTime) -> bool {
    list.entries().any(|entry| {
        entry.purposes.contains(&Purpose::Credential) && entry.is_in_force(now, SKEW_S)
    })
}

/// When to fetch the list again.
pub(crate) fn due(context: &Context, now: UnixTime) -> Result<UnixTime, Error> {
    context.vault.read(|view| {
        let held = find(view, context)?;
        due_in(view, context, held.as_ref(), now)
    })
}

/// As [`due`], in a snapshot of the vault that holds this list.
pub(crate) fn due_in(
    view: &View<'_>,
    context: &Context,
    held: Option<&TrustList>,
    now: UnixTime,
) -> Result<UnixTime, Error> {
    let schedule = Schedule::find(view, &context.row(schedule::TRUST_LIST))?;
    Ok(match held {
        Some(_) => schedule.due(INTERVAL, now),
        None => schedule.pause(now),
    })
}

/// The list's address: that of the issuer whose license is held, or else `/trust` under the
/// authority.
fn list_address(context: &Context) -> Result<String, Error> {
    match context.vault.get::<TrustListAddress>(ADDRESS_ROW) {
        Ok(Some(address)) => Ok(address.0),
        Ok(None) | Err(Error::VaultDamaged { .. }) => {
            Ok(address::under(&context.authority, "trust"))
        }
        Err(error) => Err(error),
    }
}

/// Whether the list is fetched from another address than `address`.
pub(crate) fn is_elsewhere(context: &Context, address: &str) -> Result<bool, Error> {
    Ok(list_address(context)? != address)
}

/// Fetches the list from `address` from now on. The caller must have verified a license of that
/// issuer: otherwise any offer could redirect the wallet to an address that never publishes a
/// withdrawal.
pub(crate) fn move_address(tx: &mut Tx<'_>, address: &str, now: UnixTime) -> Result<(), Error> {
    let mut schedule = Schedule::default();
    schedule.succeed(now, None);
    tx.put(ADDRESS_ROW, &TrustListAddress(address.to_owned()))?;
    tx.put(schedule::TRUST_LIST, &schedule)
}

/// Fetches the list from its address. Returns whether a newer one was stored.
///
/// # Errors
/// Those of [`fetch_from`].
pub(crate) async fn fetch(context: &Context, requests: &mut Requests<'_>) -> Result<bool, Error> {
    fetch_from(context, requests, &list_address(context)?).await
}

/// Fetches the list from `address`, verifies it and stores it. Returns whether a newer one was
/// stored. A fetch from another address than the list's own does not change the schedule.
///
/// # Errors
/// Those of the requests; [`Error::Credential`] where the root did not sign it or it is older than
/// the held one; [`Error::ServerTimeWrong`]. The held list stays then.
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
    // An `ETag` is valid for one address, and only while its copy is held.
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
    // Anyone can serve a copy of the public list from another address, with any `Date`.
    let server_date = requests.take_date().filter(|_| at_home);
    let news = match (&fresh, &held) {
        (Some(fresh), Some(held)) => fresh.bytes() != held.bytes(),
        (fresh, _) => fresh.is_some(),
    };
    let learned = Learned {
        server_date,
        list: fresh.clone().map(|list| TakenList {
            begins_anew: held.is_some_and(|held| list.serial() > held.serial()),
            list,
        }),
        ..Learned::default()
    };
    // With the time after learning from the list, which may have set the clock back.
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
                    delete_withdrawn_statuses(tx, &list)?;
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

/// Deletes each status whose key the list no longer accepts for its time. The same refresh fetches
/// it again.
fn delete_withdrawn_statuses(tx: &mut Tx<'_>, list: &TrustList) -> Result<(), Error> {
    for uri in tx.ids(Table::Status) {
        let Ok(Some(record)) = tx.get::<StatusRecord>(&uri) else {
            continue;
        };
        let stands = record
            .kid()
            .is_ok_and(|kid| list.stands_by(kid, record.issued_at));
        if !stands {
            tx.delete::<StatusRecord>(&uri)?;
        }
    }
    Ok(())
}
