//! Taking back what was noted by a clock that ran ahead.

use rusqlite::{Transaction, params};
use vidimus_credential::UnixTime;

use super::{clock, documents, licenses, lists, to_sql};
use crate::clock::Moment;
use crate::error::Error;
use crate::keys::CREDENTIAL_LIFE;
use crate::rules::dating::dated;
use crate::store::indexes::settle;

/// Each brings one kind of time that lies ahead of the clock (`?1`) back to it. A decision that began
/// when it was made, and one that ended then, did so at once: now.
const REGISTER: [&str; 17] = [
    "UPDATE decisions SET lifted = ?1, next = ?1 WHERE lifted > ?1 AND EXISTS (SELECT 1 FROM decisions d
         WHERE d.license = decisions.license AND d.begins = decisions.lifted AND d.made = d.begins)",
    "UPDATE decisions SET begins = ?1, next = ?1 WHERE begins > ?1 AND begins = made",
    "UPDATE decisions SET made = ?1 WHERE made > ?1",
    "UPDATE licenses SET added = ?1 WHERE added > ?1",
    "UPDATE offers SET expires = ?1 + 900 WHERE expires > ?1 + 900 AND redeemed IS NULL",
    "UPDATE offers SET redeemed = ?1 WHERE redeemed > ?1",
    "UPDATE grants SET made = ?1 WHERE made > ?1",
    "UPDATE pairs SET access_expires = ?1 + 600 WHERE access_expires > ?1 + 600",
    "UPDATE pairs SET refresh_expires = ?1 + 7776000 WHERE refresh_expires > ?1 + 7776000",
    "UPDATE devices SET replaceable_until = ?1 + 600 WHERE replaceable_until > ?1 + 600",
    "UPDATE devices SET ended = ?1 WHERE ended > ?1",
    "UPDATE issuances SET made = min(made, ?1), asked = min(asked, ?1), acknowledged = min(acknowledged, ?1)
         WHERE made > ?1 OR asked > ?1 OR acknowledged > ?1",
    "UPDATE issuances SET supersede_at = ?1 + 86400 WHERE supersede_at > ?1 + 86400",
    "UPDATE slots SET released = ?1 WHERE released > ?1",
    "UPDATE slots SET free_from = ?1 + 605100 WHERE free_from > ?1 + 605100",
    "UPDATE nonce_secrets SET made = ?1 WHERE made > ?1",
    "UPDATE reader_keys SET added = ?1 WHERE added > ?1",
];

/// The same for what is signed: the next signature does not follow such a time.
const SIGNED: [&str; 7] = [
    "UPDATE trust_list SET iat = 0 WHERE iat > ?1",
    "UPDATE lists SET iat = 0, kid = NULL WHERE iat > ?1",
    "UPDATE lists SET floor = 0 WHERE floor > ?1",
    "UPDATE lists SET sign_after = 0 WHERE sign_after > ?1",
    "UPDATE bundles SET iat = 0 WHERE iat > ?1",
    "UPDATE bundles SET reserved = 0 WHERE reserved > ?1",
    "UPDATE reader_keys SET not_before = 0 WHERE not_before > ?1",
];

/// Forgets every time that lies ahead of the clock, and makes everything due to be signed. The keys that
/// signed such times have ended in this transaction.
pub(crate) fn take_back(transaction: &Transaction<'_>, now: Moment) -> Result<(), Error> {
    let wall = to_sql(now.wall());
    for statement in REGISTER.into_iter().chain(SIGNED) {
        transaction.execute(statement, [wall])?;
    }
    // Credentials that were dated ahead count no more, so their places are free when an honest one's are.
    let life = i64::try_from(CREDENTIAL_LIFE).unwrap_or(i64::MAX);
    transaction.execute(
        "UPDATE issuances SET exp = min(exp, ?1 + ?2), iat = ?3 WHERE iat > ?1",
        params![wall, life, to_sql(dated(now.wall()))],
    )?;
    lists::touch_all(transaction)?;
    documents::touch_bundles(transaction)?;
    clock::accept(transaction, UnixTime::EPOCH, now)
}

/// Writes anew what decisions mean for the indexes of at most `limit` licenses, after the one of this id:
/// terms that had ended by the wrong clock have not. Returns the last id, where there may be more.
pub(crate) fn settle_after(
    transaction: &Transaction<'_>,
    after: &str,
    limit: u32,
    now: UnixTime,
) -> Result<Option<String>, Error> {
    let mut statement = transaction.prepare_cached(
        "SELECT DISTINCT license FROM decisions WHERE license > ? ORDER BY license LIMIT ?",
    )?;
    let ids: Vec<String> = statement
        .query_map(params![after, limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        if let Some(license) = licenses::by_id(transaction, id)? {
            settle(transaction, &license, now)?;
        }
    }
    Ok(ids.into_iter().next_back())
}
