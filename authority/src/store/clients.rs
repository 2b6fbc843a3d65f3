//! Apps in which drivers may sign in, with the addresses to which they are sent back.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::to_sql;
use crate::error::Error;
use crate::rules::clients::matches;

/// The command line's own client, which is always there.
pub(crate) const BUILT_IN: &str = "vidimus-cli";
/// Its addresses, each with any port.
pub(crate) const BUILT_IN_REDIRECTS: [&str; 2] =
    ["http://127.0.0.1/callback", "http://[::1]/callback"];

/// Whether an app of this name is registered.
pub(crate) fn is_known(transaction: &Transaction<'_>, id: &str) -> Result<bool, Error> {
    Ok(id == BUILT_IN
        || transaction
            .prepare_cached("SELECT 1 FROM clients WHERE id = ?")?
            .query_row([id], |_| Ok(()))
            .optional()?
            .is_some())
}

/// The registered addresses of an app; none where the app is not registered.
pub(crate) fn redirects(transaction: &Transaction<'_>, id: &str) -> Result<Vec<String>, Error> {
    if id == BUILT_IN {
        return Ok(BUILT_IN_REDIRECTS.map(str::to_owned).to_vec());
    }
    let mut statement = transaction
        .prepare_cached("SELECT uri FROM client_redirects WHERE client = ? ORDER BY uri")?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a driver of this app may be sent to this address.
pub(crate) fn may_redirect(
    transaction: &Transaction<'_>,
    id: &str,
    redirect_uri: &str,
) -> Result<bool, Error> {
    let registered = redirects(transaction, id)?;
    Ok(registered.iter().any(|known| matches(known, redirect_uri)))
}

/// A link between an app on a phone and this authority's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// `android` or `apple`.
    pub(crate) platform: String,
    /// The package, or `TEAM.BUNDLE`.
    pub(crate) app: String,
    /// SHA-256 of the package's certificate, in hexadecimal with colons; empty for Apple.
    pub(crate) digest: String,
}

/// The links of an app.
pub(crate) fn links(transaction: &Transaction<'_>, id: &str) -> Result<Vec<Link>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT platform, app, digest FROM client_links WHERE client = ?
         ORDER BY platform, app, digest",
    )?;
    let rows = statement.query_map([id], |row| {
        Ok(Link {
            platform: row.get(0)?,
            app: row.get(1)?,
            digest: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The names of the apps that are registered, in order; the built-in one is not among them.
pub(crate) fn all(transaction: &Transaction<'_>) -> Result<Vec<String>, Error> {
    let mut statement = transaction.prepare_cached("SELECT id FROM clients ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Registers an app in the place of the one of this name, if there is one.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    id: &str,
    redirects: &[String],
    links: &[Link],
    now: UnixTime,
) -> Result<(), Error> {
    remove(transaction, id)?;
    transaction
        .prepare_cached("INSERT INTO clients (id, added) VALUES (?, ?)")?
        .execute(params![id, to_sql(now)])?;
    for uri in redirects {
        transaction
            .prepare_cached(
                "INSERT INTO client_redirects (client, uri) VALUES (?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute([id, uri])?;
    }
    for link in links {
        transaction
            .prepare_cached(
                "INSERT INTO client_links (client, platform, app, digest) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO NOTHING",
            )?
            .execute([id, &link.platform, &link.app, &link.digest])?;
    }
    Ok(())
}

/// Removes an app; `false` where there is none of this name.
pub(crate) fn remove(transaction: &Transaction<'_>, id: &str) -> Result<bool, Error> {
    let removed = transaction
        .prepare_cached("DELETE FROM clients WHERE id = ?")?
        .execute([id])?;
    Ok(removed > 0)
}
