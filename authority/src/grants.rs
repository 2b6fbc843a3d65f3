//! Grants: the tokens that follow from a redeemed offer, and the rules by which they rotate.
//!
//! Each answer of the token endpoint is a *pair*: an access token and a refresh token. A refresh
//! makes a child pair. A wallet may die between receiving a pair and storing it, so the parent's
//! refresh token stays good until either token of a child has been used. From then on using the
//! parent's, or another child's, means that two hold the family's tokens: it is voided whole.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::secret::{Label, digest, token};
use crate::store::{from_sql, to_sql};

/// How long an access token is good, in seconds: 10 minutes.
pub(crate) const ACCESS_LIFE: u64 = 600;
/// How long an unused refresh token is good, in seconds: 90 days, three times a credential's life.
pub(crate) const REFRESH_LIFE: u64 = 90 * 86_400;
/// Unused children that one parent may have; older ones are forgotten.
const MAX_CHILDREN: i64 = 4;

/// Why the token endpoint refuses (RFC 6749, section 5.2), with a description in ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// `invalid_request`
    Request(&'static str),
    /// `invalid_grant`
    Grant(&'static str),
    /// `unsupported_grant_type`
    GrantType,
}

/// An access token and its refresh token.
pub(crate) struct Pair {
    pub(crate) access: Zeroizing<String>,
    pub(crate) refresh: Zeroizing<String>,
}

/// What an access token allows.
pub(crate) struct Access {
    pub(crate) grant: i64,
    /// The id of the license that may be issued.
    pub(crate) license: String,
}

/// A pair as the database knows it.
struct Held {
    id: i64,
    grant: i64,
    license: String,
    expires: i64,
    /// The family was voided.
    void: bool,
    /// Another child of the same parent was used: this one lost.
    lost: bool,
    /// A child of this one was used: this one's refresh token is spent.
    spent: bool,
}

impl Held {
    const BY_ACCESS: &'static str = "SELECT p.id, p.grant_id, g.license, p.access_expires, g.void,
        EXISTS (SELECT 1 FROM pairs s WHERE s.parent = p.parent AND s.id <> p.id AND s.used = 1),
        EXISTS (SELECT 1 FROM pairs c WHERE c.parent = p.id AND c.used = 1)
        FROM pairs p JOIN grants g ON g.id = p.grant_id WHERE p.access = ?";
    const BY_REFRESH: &'static str =
        "SELECT p.id, p.grant_id, g.license, p.refresh_expires, g.void,
        EXISTS (SELECT 1 FROM pairs s WHERE s.parent = p.parent AND s.id <> p.id AND s.used = 1),
        EXISTS (SELECT 1 FROM pairs c WHERE c.parent = p.id AND c.used = 1)
        FROM pairs p JOIN grants g ON g.id = p.grant_id WHERE p.refresh = ?";

    fn find(
        transaction: &Transaction<'_>,
        query: &str,
        digest: [u8; 32],
    ) -> Result<Option<Self>, Error> {
        let read = |row: &Row<'_>| {
            Ok(Self {
                id: row.get(0)?,
                grant: row.get(1)?,
                license: row.get(2)?,
                expires: row.get(3)?,
                void: row.get(4)?,
                lost: row.get(5)?,
                spent: row.get(6)?,
            })
        };
        Ok(transaction
            .prepare_cached(query)?
            .query_row([digest], read)
            .optional()?)
    }

    fn mark_used(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        transaction.execute(
            "UPDATE pairs SET used = 1 WHERE id = ? AND used = 0",
            [self.id],
        )?;
        Ok(())
    }
}

/// Begins a family.
pub(crate) fn create(
    transaction: &Transaction<'_>,
    license: &str,
    now: UnixTime,
) -> Result<Pair, Error> {
    transaction.execute("INSERT INTO grants (license) VALUES (?)", [license])?;
    new_pair(transaction, transaction.last_insert_rowid(), None, now)
}

/// Exchanges a refresh token for a new pair.
pub(crate) fn refresh(
    transaction: &Transaction<'_>,
    refresh: &str,
    now: UnixTime,
) -> Result<Result<Pair, TokenFault>, Error> {
    const GONE: TokenFault = TokenFault::Grant("the refresh token is unknown, used or expired");
    let held = Held::find(
        transaction,
        Held::BY_REFRESH,
        digest(Label::Refresh, &[refresh]),
    )?;
    let Some(held) = held.filter(|held| !held.void) else {
        return Ok(Err(GONE));
    };
    if held.lost || held.spent {
        transaction.execute("UPDATE grants SET void = 1 WHERE id = ?", [held.grant])?;
        return Ok(Err(GONE));
    }
    if now > from_sql(held.expires)? {
        return Ok(Err(GONE));
    }
    held.mark_used(transaction)?;
    transaction.execute(
        "DELETE FROM pairs WHERE parent = ?1 AND used = 0 AND id NOT IN
            (SELECT id FROM pairs WHERE parent = ?1 ORDER BY id DESC LIMIT ?2)",
        params![held.id, MAX_CHILDREN - 1],
    )?;
    new_pair(transaction, held.grant, Some(held.id), now).map(Ok)
}

/// What an access token allows, if it is good; using it spends the parent's refresh token.
pub(crate) fn authenticate(
    transaction: &Transaction<'_>,
    access: &str,
    now: UnixTime,
) -> Result<Option<Access>, Error> {
    let held = Held::find(
        transaction,
        Held::BY_ACCESS,
        digest(Label::Access, &[access]),
    )?;
    let Some(held) = held.filter(|held| !held.void && !held.lost) else {
        return Ok(None);
    };
    if now > from_sql(held.expires)? {
        return Ok(None);
    }
    held.mark_used(transaction)?;
    Ok(Some(Access {
        grant: held.grant,
        license: held.license,
    }))
}

fn new_pair(
    transaction: &Transaction<'_>,
    grant: i64,
    parent: Option<i64>,
    now: UnixTime,
) -> Result<Pair, Error> {
    let pair = Pair {
        access: token()?,
        refresh: token()?,
    };
    transaction.execute(
        "INSERT INTO pairs (grant_id, parent, access, access_expires, refresh, refresh_expires) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            grant,
            parent,
            digest(Label::Access, &[&pair.access]),
            to_sql(now.saturating_add(ACCESS_LIFE)),
            digest(Label::Refresh, &[&pair.refresh]),
            to_sql(now.saturating_add(REFRESH_LIFE))
        ],
    )?;
    Ok(pair)
}

/// What a wallet may report of a credential (OpenID4VCI 1.0, section 11.1).
const EVENTS: [&str; 3] = [
    "credential_accepted",
    "credential_failure",
    "credential_deleted",
];

/// The event's name, if the specification has it.
pub(crate) fn known_event(event: &str) -> Option<&'static str> {
    EVENTS.into_iter().find(|known| *known == event)
}

/// Makes a notification id for a credential that this grant received.
pub(crate) fn new_notification(
    transaction: &Transaction<'_>,
    grant: i64,
) -> Result<Zeroizing<String>, Error> {
    let id = token()?;
    transaction.execute(
        "INSERT INTO notifications (id, grant_id) VALUES (?, ?)",
        params![digest(Label::Notification, &[&id]), grant],
    )?;
    Ok(id)
}

/// Notes what a wallet reports; `false` where the id is not this grant's.
pub(crate) fn notify(
    transaction: &Transaction<'_>,
    grant: i64,
    id: &str,
    event: &'static str,
) -> Result<bool, Error> {
    let key = digest(Label::Notification, &[id]);
    let changed = transaction.execute(
        "UPDATE notifications SET event = ? WHERE id = ? AND grant_id = ?",
        params![event, key, grant],
    )?;
    Ok(changed == 1)
}

/// Forgets pairs that have ended, and grants that have none left.
pub(crate) fn purge(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    if transaction.execute("DELETE FROM pairs WHERE refresh_expires < ?", [to_sql(now)])? > 0 {
        transaction.execute(
            "DELETE FROM grants WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE grant_id = grants.id)",
            [],
        )?;
    }
    Ok(())
}
