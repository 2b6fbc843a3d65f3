//! The keys that sign, and the readers' keys that the trust list names.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use vidimus_credential::{KeyId, SigningKey, UnixTime, VerifyingKey};

use super::{clock, from_sql, to_sql};
use crate::clock::Moment;
use crate::error::{Error, damaged};
use crate::key_use::KeyUse;
use crate::rules::rotation::End;

/// What a key does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is in the trust list and will sign after the next rotation.
    Next,
    Current,
    /// It signs no more; what it signed counts.
    Retired,
    /// It signs no more, and nothing that it signed counts.
    Dropped,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
            Self::Dropped => "dropped",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Next, Self::Current, Self::Retired, Self::Dropped]
            .into_iter()
            .find(|role| role.name() == text)
    }
}

/// One key of the authority.
pub(crate) struct KeyRow {
    pub(crate) kid: KeyId,
    pub(crate) use_: KeyUse,
    pub(crate) public: VerifyingKey,
    pub(crate) role: Role,
    /// The `iat` of the first trust list that named it.
    pub(crate) not_before: UnixTime,
    /// When that list was made; the epoch where none was yet.
    pub(crate) announced: UnixTime,
    /// The greatest `iat` that it signed; the epoch where it signed nothing.
    pub(crate) last_iat: UnixTime,
    /// Once retired: the last second at which it signed, and when the last such object ends.
    pub(crate) ended: Option<(UnixTime, UnixTime)>,
}

const COLUMNS: &str =
    "kid, purpose, public, role, not_before, announced, last_iat, signed_until, expires";

/// Gives the keys that sign. Their secrets are in files, and not in the database.
pub(crate) trait Signers: Sync {
    /// The key that signs now, as the database says (another process may have rotated it), and the
    /// time before which it must not sign. Who signs with it calls [`note_signed`] in the same
    /// transaction.
    fn current(
        &self,
        transaction: &Transaction<'_>,
        use_: KeyUse,
    ) -> Result<(Arc<SigningKey>, UnixTime), Error>;
}

/// A row as SQLite gives it, before it is read.
type Raw = (
    [u8; 8],
    i64,
    Vec<u8>,
    String,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

impl KeyRow {
    fn read(raw: Raw) -> Result<Self, Error> {
        let (kid, purpose, public, role, not_before, announced, last_iat, signed_until, expires) =
            raw;
        let ended = match (signed_until, expires) {
            (Some(signed_until), Some(expires)) => {
                Some((from_sql(signed_until)?, from_sql(expires)?))
            }
            _ => None,
        };
        Ok(Self {
            kid: KeyId::new(kid),
            use_: KeyUse::from_number(purpose).ok_or_else(|| damaged(()))?,
            public: VerifyingKey::from_cose_key(&public).map_err(damaged)?,
            role: Role::parse(&role).ok_or_else(|| damaged(()))?,
            not_before: from_sql(not_before)?,
            announced: from_sql(announced)?,
            last_iat: from_sql(last_iat)?,
            ended,
        })
    }
}

/// The key of this use and role, of which there is at most one.
pub(crate) fn of_role(
    transaction: &Transaction<'_>,
    use_: KeyUse,
    role: Role,
) -> Result<Option<KeyRow>, Error> {
    let query = format!("SELECT {COLUMNS} FROM signing_keys WHERE purpose = ? AND role = ?");
    let row = transaction
        .prepare_cached(&query)?
        .query_row(params![use_.number(), role.name()], raw)
        .optional()?;
    row.map(KeyRow::read).transpose()
}

/// The key that signs now, and the time before which it must not sign; `None` where no trust list
/// has named it yet.
pub(crate) fn current(
    transaction: &Transaction<'_>,
    use_: KeyUse,
) -> Result<Option<(KeyId, UnixTime)>, Error> {
    let query = "SELECT kid, not_before FROM signing_keys
        WHERE purpose = ? AND role = 'current' AND announced > 0";
    let row: Option<([u8; 8], i64)> = transaction
        .prepare_cached(query)?
        .query_row([use_.number()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(kid, not_before)| Ok((KeyId::new(kid), from_sql(not_before)?)))
        .transpose()
}

/// All keys but the dropped ones, in the order in which the trust list names them.
pub(crate) fn listed(transaction: &Transaction<'_>) -> Result<Vec<KeyRow>, Error> {
    let query = format!(
        "SELECT {COLUMNS} FROM signing_keys WHERE role <> 'dropped' ORDER BY purpose, not_before, kid"
    );
    let mut statement = transaction.prepare_cached(&query)?;
    statement
        .query_map([], raw)?
        .map(|row| KeyRow::read(row?))
        .collect()
}

/// The keys whose secrets are to be gone.
pub(crate) fn finished(transaction: &Transaction<'_>) -> Result<Vec<KeyId>, Error> {
    let query = "SELECT kid FROM signing_keys WHERE role IN ('retired', 'dropped')";
    let mut statement = transaction.prepare_cached(query)?;
    let kids = statement
        .query_map([], |row| Ok(KeyId::new(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    Ok(kids)
}

/// Whether this is a key of the authority, in use or not.
pub(crate) fn is_known(transaction: &Transaction<'_>, kid: KeyId) -> Result<bool, Error> {
    Ok(transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE kid = ?)",
        [kid.as_bytes()],
        |row| row.get(0),
    )?)
}

/// Adds a key that no trust list names yet.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    use_: KeyUse,
    public: &VerifyingKey,
    role: Role,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO signing_keys (kid, purpose, public, role) VALUES (?, ?, ?, ?)",
        params![
            public.kid().as_bytes(),
            use_.number(),
            public.to_cose_key(),
            role.name()
        ],
    )?;
    Ok(())
}

/// Every key of a use, with what it does.
pub(crate) fn roles(
    transaction: &Transaction<'_>,
    use_: KeyUse,
) -> Result<Vec<(KeyId, Role)>, Error> {
    let mut statement =
        transaction.prepare_cached("SELECT kid, role FROM signing_keys WHERE purpose = ?")?;
    let rows = statement.query_map([use_.number()], |row| {
        Ok((KeyId::new(row.get(0)?), row.get::<_, String>(1)?))
    })?;
    rows.map(|row| {
        let (kid, role) = row?;
        Ok((kid, Role::parse(&role).ok_or_else(|| damaged(()))?))
    })
    .collect()
}

/// Adds a key that a trust list names and this register does not know; it does nothing yet.
pub(crate) fn adopt(
    transaction: &Transaction<'_>,
    use_: KeyUse,
    public: &VerifyingKey,
    not_before: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO signing_keys (kid, purpose, public, role, not_before, announced)
         VALUES (?1, ?2, ?3, 'dropped', ?4, ?4)
         ON CONFLICT (kid) DO UPDATE SET not_before = excluded.not_before,
             announced = CASE WHEN announced = 0 THEN excluded.announced ELSE announced END",
        params![
            public.kid().as_bytes(),
            use_.number(),
            public.to_cose_key(),
            to_sql(not_before)
        ],
    )?;
    Ok(())
}

/// Drops every key of a use, until it is said anew what each one does.
pub(crate) fn stand_down(transaction: &Transaction<'_>, use_: KeyUse) -> Result<(), Error> {
    transaction.execute(
        "UPDATE signing_keys SET role = 'dropped', signed_until = NULL, expires = NULL
         WHERE purpose = ?",
        [use_.number()],
    )?;
    Ok(())
}

/// Lets a key sign, or follow the one that signs.
pub(crate) fn appoint(transaction: &Transaction<'_>, kid: KeyId, role: Role) -> Result<(), Error> {
    transaction.execute(
        "UPDATE signing_keys SET role = ?, signed_until = NULL, expires = NULL WHERE kid = ?",
        params![role.name(), kid.as_bytes()],
    )?;
    Ok(())
}

/// Keys that sign may have signed up to this time: when one is retired, that is not before it.
pub(crate) fn signed_up_to(transaction: &Transaction<'_>, iat: UnixTime) -> Result<(), Error> {
    transaction.execute(
        "UPDATE signing_keys SET last_iat = max(last_iat, ?) WHERE role = 'current'",
        [to_sql(iat)],
    )?;
    Ok(())
}

/// Makes the next key the one that signs.
pub(crate) fn promote(transaction: &Transaction<'_>, kid: KeyId) -> Result<(), Error> {
    transaction.execute(
        "UPDATE signing_keys SET role = 'current' WHERE kid = ? AND role = 'next'",
        [kid.as_bytes()],
    )?;
    Ok(())
}

pub(crate) fn end(transaction: &Transaction<'_>, kid: KeyId, end: End) -> Result<(), Error> {
    let (role, signed_until, expires) = match end {
        End::Retired {
            signed_until,
            expires,
        } => (
            Role::Retired,
            Some(to_sql(signed_until)),
            Some(to_sql(expires)),
        ),
        End::Dropped => (Role::Dropped, None, None),
    };
    transaction.execute(
        "UPDATE signing_keys SET role = ?, signed_until = ?, expires = ? WHERE kid = ?",
        params![role.name(), signed_until, expires, kid.as_bytes()],
    )?;
    Ok(())
}

/// Notes a trust list of this `iat`: the keys that it is the first to name may sign from then on.
pub(crate) fn announce(
    transaction: &Transaction<'_>,
    iat: UnixTime,
    now: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE signing_keys SET not_before = ?, announced = ? WHERE announced = 0",
        params![to_sql(iat), to_sql(now)],
    )?;
    Ok(())
}

/// Notes that this key signed something of this `iat`: a key's time ends with the last of them. To
/// be called in the transaction that reads the key's role.
pub(crate) fn note_signed(
    transaction: &Transaction<'_>,
    kid: KeyId,
    iat: UnixTime,
    now: Moment,
) -> Result<(), Error> {
    transaction
        .prepare_cached("UPDATE signing_keys SET last_iat = max(last_iat, ?) WHERE kid = ?")?
        .execute(params![to_sql(iat), kid.as_bytes()])?;
    clock::note(transaction, iat, now)
}
