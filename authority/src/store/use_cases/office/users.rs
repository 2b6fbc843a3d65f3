//! Users of the office are added and changed.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::named;
use crate::error::{Error, damaged};
use crate::office::{By, OfficeFault, Role, Roles};
use crate::register::office::{UserChange, UserRow};
use crate::store::{events, office_sessions, users};

/// Adds a user. A chief is made on the machine alone: who could make one could approve with it
/// what they proposed.
pub(super) fn add(
    transaction: &Transaction<'_>,
    by: By,
    name: &str,
    roles: Roles,
    now: UnixTime,
) -> Result<UserRow, Error> {
    if !is_name(name) {
        return Err(OfficeFault::UserName.into());
    }
    if roles.is_empty() {
        return Err(OfficeFault::NoRole.into());
    }
    if by.user().is_some() && roles.has(Role::Chief) {
        return Err(OfficeFault::ChiefOnMachine.into());
    }
    if users::by_name(transaction, name)?.is_some() {
        return Err(OfficeFault::UserExists.into());
    }
    let id = users::insert(transaction, name, roles, now)?;
    note(transaction, "user_added", id, &codes(roles), now)?;
    found(transaction, id)
}

pub(super) fn change(
    transaction: &Transaction<'_>,
    by: By,
    name: &str,
    change: UserChange,
    now: UnixTime,
) -> Result<UserRow, Error> {
    let user = named(transaction, name)?;
    let roles = change.roles.unwrap_or(user.roles);
    if roles.is_empty() {
        return Err(OfficeFault::NoRole.into());
    }
    check_other(by, &user)?;
    if by.user().is_some() && roles.has(Role::Chief) {
        return Err(OfficeFault::ChiefOnMachine.into());
    }
    if roles != user.roles {
        users::set_roles(transaction, user.id, roles)?;
        note(transaction, "user_roles", user.id, &codes(roles), now)?;
    }
    if let Some(disabled) = change.disabled
        && disabled != user.disabled.is_some()
    {
        users::set_disabled(transaction, user.id, disabled.then_some(now))?;
        // Who is enabled again signs in again.
        office_sessions::remove_all(transaction, user.id)?;
        let kind = match disabled {
            true => "user_disabled",
            false => "user_enabled",
        };
        note(transaction, kind, user.id, "", now)?;
    }
    if let Some(certificate) = change.certificate {
        let other = certificate
            .map(|digest| users::by_certificate(transaction, &digest))
            .transpose()?
            .flatten();
        if other.is_some_and(|other| other.id != user.id) {
            return Err(OfficeFault::CertificateTaken.into());
        }
        users::set_certificate(transaction, user.id, certificate)?;
        office_sessions::remove_all(transaction, user.id)?;
        note(transaction, "user_certificate", user.id, "", now)?;
    }
    found(transaction, user.id)
}

pub(super) fn allow_set_up(
    transaction: &Transaction<'_>,
    by: By,
    name: &str,
    code: &[u8; 32],
    (ends, now): (UnixTime, UnixTime),
) -> Result<UserRow, Error> {
    let user = named(transaction, name)?;
    check_other(by, &user)?;
    if user.disabled.is_some() {
        return Err(OfficeFault::NoLonger.into());
    }
    users::set_set_up(transaction, user.id, code, ends)?;
    note(transaction, "user_set_up_allowed", user.id, "", now)?;
    Ok(user)
}

pub(super) fn add_token(
    transaction: &Transaction<'_>,
    by: By,
    name: &str,
    label: &str,
    digest: &[u8; 32],
    now: UnixTime,
) -> Result<i64, Error> {
    let user = named(transaction, name)?;
    check_other(by, &user)?;
    if user.disabled.is_some() {
        return Err(OfficeFault::NoLonger.into());
    }
    let token = users::insert_token(transaction, user.id, label, digest, now)?;
    note(
        transaction,
        "user_token_added",
        user.id,
        &format!("t{token}"),
        now,
    )?;
    Ok(token)
}

/// Revoking takes something away, so a chief's tokens can be revoked by any chief, and one's own.
pub(super) fn revoke_token(
    transaction: &Transaction<'_>,
    _by: By,
    name: &str,
    token: i64,
    now: UnixTime,
) -> Result<(), Error> {
    let user = named(transaction, name)?;
    if !users::revoke_token(transaction, user.id, token, now)? {
        return Err(OfficeFault::UnknownToken.into());
    }
    note(
        transaction,
        "user_token_revoked",
        user.id,
        &format!("t{token}"),
        now,
    )
}

/// No user changes what they may do themselves, nor what another chief may: else one person could
/// be two chiefs.
fn check_other(by: By, user: &UserRow) -> Result<(), Error> {
    match by.user() {
        None => Ok(()),
        Some(id) if id == user.id => Err(OfficeFault::Own.into()),
        Some(_) if user.roles.has(Role::Chief) => Err(OfficeFault::ChiefOnMachine.into()),
        Some(_) => Ok(()),
    }
}

fn found(transaction: &Transaction<'_>, id: i64) -> Result<UserRow, Error> {
    users::by_id(transaction, id)?.ok_or_else(|| damaged(()))
}

fn note(
    transaction: &Transaction<'_>,
    kind: &'static str,
    user: i64,
    more: &str,
    now: UnixTime,
) -> Result<(), Error> {
    let detail = format!("u{user} {more}");
    events::append_other(transaction, kind, detail.trim_end(), now)
}

fn codes(roles: Roles) -> String {
    let names: Vec<_> = roles.iter().map(Role::name).collect();
    names.join(" ")
}

/// Small letters, digits, and marks in between: it is typed, and printed in rows.
fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_name_is_short_and_plain() {
        for good in ["a", "a.okonkwo", "clerk-7", "x_1"] {
            assert!(is_name(good), "{good}");
        }
        let long = "a".repeat(33);
        for wrong in ["", "A", "7a", "a.", "a b", "ä", "a/b", ".a", &long] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
