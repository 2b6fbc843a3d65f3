//! Taking back what was noted and done by a clock that ran ahead.
//!
//! One transaction brings the times back, gives places back to the credentials that are still good,
//! and names the licenses whose decisions are to be looked at anew. That is done in batches, each
//! in its own transaction. A process that dies in between leaves the rest of the names, and the
//! next tick or repair goes on with them.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::UnixTime;

use super::{clock, decisions, documents, licenses, lists, to_sql};
use crate::clock::Moment;
use crate::error::Error;
use crate::key_use::CREDENTIAL_LIFE;
use crate::rules::rotation::last_good;
use crate::rules::signing_time::dated;
use crate::rules::slots::AFTER_EXPIRY;
use crate::rules::standing::Standing;
use crate::store::indexes::settle;

/// Each brings one kind of time that lies ahead of the clock (`?1`) back to it. A decision that
/// began when it was made, and one that ended then, did so at once: now. A phone that was idle by
/// the wrong clock, and holds a credential that is still good, is not.
const REGISTER: [&str; 34] = [
    "UPDATE decisions SET lifted = ?1 WHERE lifted > ?1 AND EXISTS (SELECT 1 FROM decisions d
         WHERE d.license = decisions.license AND d.begins = decisions.lifted AND d.made = d.begins)",
    "UPDATE decisions SET begins = ?1 WHERE begins > ?1 AND begins = made",
    "UPDATE decisions SET made = ?1 WHERE made > ?1",
    // A term that has not ended is in force again at once, and not only when its license is
    // settled.
    "UPDATE decisions SET next = min(coalesce(ends, lifted), coalesce(lifted, ends))
         WHERE next IS NULL AND begins <= ?1 AND state NOT IN (1, 14)
             AND min(coalesce(ends, lifted), coalesce(lifted, ends)) > ?1",
    "UPDATE licenses SET added = ?1 WHERE added > ?1",
    "UPDATE licenses SET ended = ?1 WHERE ended > ?1",
    "UPDATE authority SET retention_from = ?1 + 3600 WHERE retention_from > ?1 + 3600",
    "UPDATE licenses SET look_again = ?1 WHERE look_again > ?1 + 2592000",
    "UPDATE offers SET expires = ?1 + 900 WHERE expires > ?1 + 900 AND redeemed IS NULL",
    "UPDATE offers SET redeemed = ?1 WHERE redeemed > ?1",
    "UPDATE grants SET made = ?1 WHERE made > ?1",
    "UPDATE pairs SET access_expires = ?1 + 600 WHERE access_expires > ?1 + 600",
    "UPDATE pairs SET refresh_expires = ?1 + 7776000 WHERE refresh_expires > ?1 + 7776000",
    "UPDATE devices SET replaceable_until = ?1 + 600 WHERE replaceable_until > ?1 + 600",
    "UPDATE devices SET added = ?1 WHERE added > ?1",
    "UPDATE devices SET ended = NULL, end_reason = NULL WHERE ended > ?1 AND end_reason = 'idle'
         AND EXISTS (SELECT 1 FROM issuances i WHERE i.device = devices.id AND i.exp >= ?1)",
    "UPDATE devices SET ended = ?1 WHERE ended > ?1",
    "UPDATE issuances SET made = min(made, ?1), asked = min(asked, ?1), acknowledged = min(acknowledged, ?1)
         WHERE made > ?1 OR asked > ?1 OR acknowledged > ?1",
    "UPDATE issuances SET supersede_at = ?1 + 86400 WHERE supersede_at > ?1 + 86400",
    "UPDATE issuances SET released = ?1 WHERE released > ?1",
    "UPDATE slots SET released = ?1 WHERE released > ?1",
    "UPDATE slots SET free_from = ?1 + 605100 WHERE free_from > ?1 + 605100",
    // Held longer by the wrong clock's jump: 38 days outlive every credential.
    "UPDATE held SET until = ?1 + 3283200 WHERE until > ?1 + 3283200",
    "UPDATE nonce_secrets SET made = ?1 WHERE made > ?1",
    "UPDATE requests SET expires = ?1 + 60 WHERE expires > ?1 + 60",
    "UPDATE requests SET made = min(made, ?1), opened = min(opened, ?1), ended = min(ended, ?1)
         WHERE made > ?1 OR opened > ?1 OR ended > ?1",
    "UPDATE codes SET expires = ?1 + 60 WHERE expires > ?1 + 60",
    "UPDATE codes SET made = min(made, ?1), redeemed = min(redeemed, ?1)
         WHERE made > ?1 OR redeemed > ?1",
    "UPDATE reviews SET made = min(made, ?1), decided = min(decided, ?1)
         WHERE made > ?1 OR decided > ?1",
    "UPDATE deferrals SET made = ?1 WHERE made > ?1",
    "UPDATE clients SET added = ?1 WHERE added > ?1",
    "UPDATE used_jti SET expires = ?1 + 300 WHERE expires > ?1 + 300",
    "UPDATE reader_keys SET expires = expires - (added - ?1), added = ?1 WHERE added > ?1",
    "UPDATE reader_keys SET revoked = ?1 WHERE revoked > ?1",
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

/// Is there only while a repair runs.
const UNSETTLED: &str =
    "CREATE TABLE IF NOT EXISTS unsettled (license TEXT PRIMARY KEY) STRICT, WITHOUT ROWID";

/// Forgets every time that lies ahead of the clock, makes everything due to be signed, and names
/// the licenses that [`settle_some`] has to go through. The keys that signed such times have ended
/// in this transaction.
pub(crate) fn take_back(transaction: &Transaction<'_>, now: Moment) -> Result<(), Error> {
    let wall = to_sql(now.wall());
    transaction.execute(UNSETTLED, [])?;
    forget_false_ends(transaction, now.wall())?;
    give_places_back(transaction, now.wall())?;
    supersede_later(transaction, now.wall())?;
    transaction.execute(
        "INSERT OR IGNORE INTO unsettled SELECT DISTINCT license FROM decisions",
        [],
    )?;
    for statement in REGISTER.into_iter().chain(SIGNED) {
        transaction.execute(statement, [wall])?;
    }
    // Credentials that were dated ahead count no more, so their places are free when an honest
    // one's are.
    let life = i64::try_from(CREDENTIAL_LIFE).unwrap_or(i64::MAX);
    transaction.execute(
        "UPDATE issuances SET exp = min(exp, ?1 + ?2), iat = ?3 WHERE iat > ?4",
        params![
            wall,
            life,
            to_sql(dated(now.wall())),
            to_sql(last_good(now.wall()))
        ],
    )?;
    lists::touch_all(transaction)?;
    documents::touch_bundles(transaction)?;
    clock::accept(transaction, UnixTime::EPOCH, now)
}

/// Removes the ends of terms that the wrong clock has noted, and that are still to come. What
/// happened stays on record, and gives its key to the true end.
fn forget_false_ends(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    let ends = "by = 'system' AND event LIKE 'until:%' AND begins > ?1";
    let statements = [
        format!(
            "UPDATE events SET key = NULL, detail = key
             WHERE key IN (SELECT event FROM decisions WHERE {ends})"
        ),
        format!(
            "INSERT INTO events (at, license, kind, detail)
             SELECT ?1, license, 'return_undone', event FROM decisions WHERE {ends} ORDER BY id"
        ),
        format!("DELETE FROM decisions WHERE {ends}"),
    ];
    statements
        .iter()
        .try_for_each(|statement| Ok(transaction.execute(statement, [to_sql(now)]).map(drop)?))
}

/// Gives back the places that the wrong clock released although their credentials are still good:
/// else one that is revoked reads Valid until it ends. The latest come first.
fn give_places_back(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    let good = to_sql(last_good(now));
    let mut statement = transaction.prepare_cached(
        "SELECT id FROM issuances WHERE released > 0 AND exp >= ? AND iat > 0 AND iat <= ?
         ORDER BY id DESC",
    )?;
    let ended = to_sql(now).saturating_sub(AFTER_EXPIRY);
    let ids: Vec<i64> = statement
        .query_map([ended, good], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    ids.into_iter()
        .try_for_each(|id| give_place_back(transaction, id, good, now))
}

/// Gives one back. Where another credential was given the place, that one was dated ahead and
/// counts no more; its phone fetches one with another place. An honest one keeps the place that it
/// has.
fn give_place_back(
    transaction: &Transaction<'_>,
    id: i64,
    good: i64,
    now: UnixTime,
) -> Result<(), Error> {
    let query = "SELECT i.license, i.list, i.idx, s.list IS NOT NULL, s.issuance FROM issuances i
         LEFT JOIN slots s ON s.list = i.list AND s.idx = i.idx
         LEFT JOIN issuances o ON o.id = s.issuance
         WHERE i.id = ?1 AND (o.id IS NULL OR o.iat = 0 OR o.iat > ?2)
             AND NOT EXISTS (SELECT 1 FROM held h WHERE h.list = i.list AND h.idx = i.idx)";
    let found: Option<(String, u32, u8, bool, Option<i64>)> = transaction
        .prepare_cached(query)?
        .query_row([id, good], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let Some((license, list, idx, is_taken, other)) = found else {
        return Ok(());
    };
    if let Some(other) = other {
        // It is acknowledged and older than any request: no answer repeats it.
        transaction
            .prepare_cached(
                "UPDATE issuances SET released = ?1, asked = 0,
                     acknowledged = coalesce(acknowledged, ?1) WHERE id = ?2",
            )?
            .execute([to_sql(now), other])?;
    }
    if !is_taken {
        transaction
            .prepare_cached("UPDATE lists SET taken = taken + 1 WHERE number = ?")?
            .execute([list])?;
    }
    transaction
        .prepare_cached("INSERT OR REPLACE INTO slots (list, idx, issuance) VALUES (?, ?, ?)")?
        .execute(params![list, idx, id])?;
    transaction
        .prepare_cached("UPDATE issuances SET released = 0 WHERE id = ?")?
        .execute([id])?;
    transaction
        .prepare_cached("INSERT OR IGNORE INTO unsettled (license) VALUES (?)")?
        .execute([license])?;
    Ok(())
}

/// Credentials that were superseded before their time, by the wrong clock alone, are so later.
fn supersede_later(transaction: &Transaction<'_>, now: UnixTime) -> Result<(), Error> {
    let (wall, superseded) = (to_sql(now), Standing::Superseded.value());
    let early = "own_state = ?1 AND supersede_at > ?2";
    transaction.execute(
        &format!("INSERT OR IGNORE INTO unsettled SELECT license FROM issuances WHERE {early}"),
        params![superseded, wall],
    )?;
    transaction.execute(
        &format!("UPDATE issuances SET own_state = NULL WHERE {early}"),
        params![superseded, wall],
    )?;
    Ok(())
}

/// Whether a repair was begun and not finished.
pub(crate) fn is_unfinished(transaction: &Transaction<'_>) -> Result<bool, Error> {
    let query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'unsettled'";
    let found: Option<i64> = transaction
        .prepare_cached(query)?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// Lets the present row of an ended one's number take over what the wrong clock had ended, and so
/// let nothing count against it when the number was registered again.
fn hand_on(
    transaction: &Transaction<'_>,
    ended: &licenses::Registered,
    now: UnixTime,
) -> Result<(), Error> {
    let rows = licenses::of_same_number(transaction, &ended.id)?;
    for live in rows.into_iter().filter(|row| !row.has_ended) {
        let left = decisions::not_handed_on(transaction, &ended.id)?;
        decisions::inherit(transaction, &left, &live.id, now)?;
        if let Some(license) = licenses::by_id(transaction, &live.id)? {
            settle(transaction, &license, now)?;
        }
    }
    Ok(())
}

/// Says anew when each decision of at most `limit` licenses begins or ends next, and writes what
/// they mean into the indexes: terms that had ended by the wrong clock have not. Returns whether
/// there may be more; the last call finishes the repair.
pub(crate) fn settle_some(
    transaction: &Transaction<'_>,
    limit: u32,
    now: UnixTime,
) -> Result<bool, Error> {
    if !is_unfinished(transaction)? {
        return Ok(false);
    }
    let mut statement =
        transaction.prepare_cached("SELECT license FROM unsettled ORDER BY license LIMIT ?")?;
    let ids: Vec<String> = statement
        .query_map([limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    drop(statement);
    if ids.is_empty() {
        transaction.execute("DROP TABLE unsettled", [])?;
        return Ok(false);
    }
    for id in &ids {
        for made in decisions::of_license(transaction, id)? {
            let next = made.decision.next_change(to_sql(now));
            decisions::set_next(transaction, made.id, next)?;
        }
        if let Some(license) = licenses::by_id(transaction, id)? {
            settle(transaction, &license, now)?;
            if license.live().is_none() {
                hand_on(transaction, &license, now)?;
            }
        }
        transaction
            .prepare_cached("DELETE FROM unsettled WHERE license = ?")?
            .execute([id])?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::OFFER_LIFE;
    use crate::rules::edit::AFTER_TAKING_AWAY;
    use crate::rules::slots::REST;
    use crate::rules::token_pairs::{ACCESS_LIFE, REFRESH_LIFE};

    #[test]
    fn times_are_brought_back_by_the_lengths_of_the_rules() {
        for (column, length) in [
            ("free_from", REST),
            ("supersede_at", AFTER_TAKING_AWAY),
            ("access_expires", ACCESS_LIFE),
            ("refresh_expires", REFRESH_LIFE),
            ("expires", OFFER_LIFE.cast_signed()),
        ] {
            let words = format!("SET {column} = ?1 + {length} WHERE {column} > ?1 + {length}");
            let stands = REGISTER.iter().any(|statement| statement.contains(&words));
            assert!(stands, "{words}");
        }
    }
}
