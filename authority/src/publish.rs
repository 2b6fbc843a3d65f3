//! Signing what anyone may fetch: the trust list, the status lists, the bundle.
//!
//! A change and its signature are two transactions. The first one stores the new content with an
//! `iat` that no content had before; the second signs whatever is not written yet, and writes the
//! files while it holds the database, so that no process puts an older file over a newer one. A
//! process that dies in between leaves work that the next one finds.

use rusqlite::{OptionalExtension as _, Transaction};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::{Signer, UnixTime, bundle, trust};

use crate::error::Error;
use crate::home::Home;
use crate::issuer::IssuerUrl;
use crate::keys::{KeyRing, STATUS_LIFE, Use, trust_entries};
use crate::settings::Settings;
use crate::store::{Store, from_sql, later_than, to_sql};

/// How long a wallet may go without asking for its list again, in seconds.
pub const STATUS_TTL: u64 = 3_600;
/// Lists and bundle are signed again at this age, in seconds, well before the `ttl` has passed.
const STATUS_REISSUE: u64 = 3_000;
const DAY: u64 = 86_400;
/// How long a trust list is good, in seconds: 90 days.
pub const TRUST_LIFE: u64 = 90 * DAY;
/// The trust list is signed again at this age, in seconds.
const TRUST_REISSUE: u64 = 7 * DAY;
/// Lists signed in one transaction: other processes wait no longer than for these.
const BATCH: i64 = 256;

/// Signs one micro-list of 256 states (one byte each), as the authority publishes it.
///
/// # Errors
/// Where `uri`, a state or a time breaks the profile, or the signer does not sign.
pub fn sign_list(
    uri: &str,
    states: &[u8],
    issued: UnixTime,
    signer: &dyn Signer,
) -> Result<Vec<u8>, vidimus_credential::Error> {
    status_list::issue(
        uri,
        states,
        Bits::Four,
        issued,
        issued.saturating_add(STATUS_LIFE),
        STATUS_TTL,
        signer,
    )
}

/// Where and with what is signed.
#[derive(Clone, Copy)]
pub(crate) struct Publisher<'a> {
    pub(crate) home: &'a Home,
    pub(crate) store: &'a Store,
    pub(crate) keys: &'a KeyRing,
}

impl Publisher<'_> {
    /// Signs and writes all that changed. Without an issuer URL nothing can be signed yet.
    pub(crate) fn publish(self) -> Result<(), Error> {
        loop {
            let more = self.store.write(|transaction| {
                let settings = Settings::read(transaction)?;
                let Some(issuer) = &settings.issuer else {
                    return Ok(false);
                };
                self.trust_list(transaction, &settings, issuer)?;
                if self.lists(transaction, issuer)? {
                    return Ok(true);
                }
                self.bundle(transaction, issuer)?;
                Ok(false)
            })?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Makes everything that has become old due, and publishes it.
    pub(crate) fn refresh(self, now: UnixTime) -> Result<(), Error> {
        self.store.write(|transaction| {
            let old = to_sql(now.saturating_sub(STATUS_REISSUE));
            transaction.execute(
                "UPDATE lists SET issued = max(issued + 1, ?) WHERE issued <= ?",
                [to_sql(now), old],
            )?;
            touch_if_old(transaction, "bundle", STATUS_REISSUE, now)?;
            touch_if_old(transaction, "trust", TRUST_REISSUE, now)
        })?;
        self.publish()
    }

    /// Writes every file again, with the `iat` that it has: power may have failed, files may be lost.
    pub(crate) fn rewrite(self) -> Result<(), Error> {
        self.store.write(|transaction| {
            transaction.execute("UPDATE lists SET written = 0", [])?;
            transaction.execute("UPDATE documents SET written = 0", [])?;
            Ok(())
        })?;
        self.publish()
    }

    fn trust_list(
        self,
        transaction: &Transaction<'_>,
        settings: &Settings,
        issuer: &IssuerUrl,
    ) -> Result<(), Error> {
        let Some(issued) = due(transaction, "trust")? else {
            return Ok(());
        };
        let expires = issued.saturating_add(TRUST_LIFE);
        let entries = trust_entries(
            transaction,
            issued,
            expires,
            issuer.as_str(),
            settings.country,
            &settings.name,
        )?;
        let root = self.home.read_key(settings.root)?;
        let bytes = trust::build(issuer.as_str(), issued, expires, 0, &entries, &root)
            .map_err(Error::Signing)?;
        Home::publish(&self.home.trust_list(), &bytes)?;
        written(transaction, "trust")
    }

    /// Signs one batch of lists; says whether there may be more.
    fn lists(self, transaction: &Transaction<'_>, issuer: &IssuerUrl) -> Result<bool, Error> {
        let query = "SELECT number, states, issued FROM lists WHERE issued <> written ORDER BY number LIMIT ?";
        let mut statement = transaction.prepare_cached(query)?;
        let rows =
            statement.query_map([BATCH], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let lists: Vec<(u32, Vec<u8>, i64)> = rows.collect::<Result<_, _>>()?;
        if lists.is_empty() {
            return Ok(false);
        }
        let (signer, _) = self.keys.current(transaction, Use::Status)?;
        let mut done =
            transaction.prepare_cached("UPDATE lists SET written = issued WHERE number = ?")?;
        for (number, states, issued) in lists {
            let token = sign_list(
                &issuer.status_uri(number),
                &states,
                from_sql(issued)?,
                &*signer,
            )
            .map_err(Error::Signing)?;
            Home::publish(&self.home.status_list(number), &token)?;
            done.execute([number])?;
        }
        Ok(true)
    }

    fn bundle(self, transaction: &Transaction<'_>, issuer: &IssuerUrl) -> Result<(), Error> {
        let Some(issued) = due(transaction, "bundle")? else {
            return Ok(());
        };
        let mut states = Vec::new();
        let mut statement = transaction.prepare("SELECT states FROM lists ORDER BY number")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            states.extend_from_slice(row.get_ref(0)?.as_blob().map_err(crate::error::damaged)?);
        }
        let (signer, _) = self.keys.current(transaction, Use::Status)?;
        let expires = issued.saturating_add(STATUS_LIFE);
        let bytes = bundle::issue(
            issuer.as_str(),
            &issuer.status_prefix(),
            &states,
            Bits::Four,
            issued,
            expires,
            &*signer,
        )
        .map_err(Error::Signing)?;
        Home::publish(&self.home.bundle(), &bytes)?;
        written(transaction, "bundle")
    }
}

/// Makes every published object due with a later `iat`: the keys have changed.
pub(crate) fn touch_all(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    transaction.execute(
        "UPDATE lists SET issued = max(issued + 1, ?)",
        [to_sql(now)],
    )?;
    transaction.execute(
        "UPDATE documents SET issued = max(issued + 1, ?)",
        [to_sql(now)],
    )?;
    Ok(())
}

/// The `iat` to sign a document with, where it is not written yet.
fn due(transaction: &Transaction<'_>, name: &str) -> Result<Option<UnixTime>, Error> {
    let mut statement = transaction
        .prepare_cached("SELECT issued FROM documents WHERE name = ? AND issued <> written")?;
    let issued: Option<i64> = statement.query_row([name], |row| row.get(0)).optional()?;
    issued.map(from_sql).transpose()
}

fn written(transaction: &Transaction<'_>, name: &str) -> Result<(), Error> {
    transaction.execute(
        "UPDATE documents SET written = issued WHERE name = ?",
        [name],
    )?;
    Ok(())
}

fn touch_if_old(
    transaction: &Transaction<'_>,
    name: &str,
    age: u64,
    now: UnixTime,
) -> Result<(), Error> {
    let issued: i64 = transaction.query_row(
        "SELECT issued FROM documents WHERE name = ?",
        [name],
        |row| row.get(0),
    )?;
    if issued <= to_sql(now.saturating_sub(age)) {
        transaction.execute(
            "UPDATE documents SET issued = ? WHERE name = ?",
            rusqlite::params![later_than(issued, now), name],
        )?;
    }
    Ok(())
}
