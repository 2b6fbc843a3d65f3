//! Exports of the audit, and the key that signs them.

use rusqlite::Transaction;
use vidimus_credential::{UnixTime, VerifyingKey};

use crate::error::Error;
use crate::register::office::AuditPart;
use crate::secret::hex;
use crate::store::{audit, events};

/// A part of the lines; with the last of them what is not sealed yet, in the same state.
pub(super) fn part(
    transaction: &Transaction<'_>,
    from: i64,
    limit: u32,
) -> Result<AuditPart, Error> {
    let lines = audit::lines(transaction, from, limit)?;
    let more = u32::try_from(lines.len()).is_ok_and(|count| count >= limit);
    let unsealed = match more {
        true => Vec::new(),
        false => audit::unsealed(transaction, audit::last(transaction)?.0, limit)?,
    };
    Ok(AuditPart {
        lines,
        more,
        unsealed,
    })
}

/// Notes the key. Where another process noted one first, that one stays.
pub(super) fn set_key(
    transaction: &Transaction<'_>,
    key: &VerifyingKey,
    instead_of: Option<&VerifyingKey>,
    now: UnixTime,
) -> Result<VerifyingKey, Error> {
    let present = audit::key(transaction)?;
    if let Some(present) = present
        && Some(&present) != instead_of
    {
        return Ok(present);
    }
    audit::insert_key(transaction, key, now)?;
    events::append_other(transaction, "audit_key", &hex(key.kid().as_bytes()), now)?;
    Ok(key.clone())
}
