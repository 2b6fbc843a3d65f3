//! The one row that says who the authority is.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use vidimus_credential::{Country, KeyId, UnixTime};
use zeroize::Zeroizing;

use crate::error::{Error, damaged};
use crate::issuer::IssuerUrl;
use crate::rules::retention::Retention;
use crate::secret::random;
use crate::store::nonces::Secret;

/// Who the authority is.
pub(crate) struct Settings {
    /// The issuer's URL, once it is fixed.
    pub(crate) issuer: Option<IssuerUrl>,
    pub(crate) country: Country,
    /// The display name that is in the trust list and the metadata.
    pub(crate) name: String,
    /// The id of the root key.
    pub(crate) root: KeyId,
    /// Standard time at the authority's seat, in minutes east of UTC.
    pub(crate) utc_offset: i16,
}

/// Issuer, country, name, root and offset, as SQLite gives them.
type Row = (Option<String>, String, String, [u8; 8], i16);

impl Settings {
    /// Reads the row; [`Error::NotInitialised`] where `init` never came to its end.
    pub(crate) fn read(transaction: &Transaction<'_>) -> Result<Self, Error> {
        let query = "SELECT issuer, country, name, root, utc_offset FROM authority";
        let row: Option<Row> = transaction
            .query_row(query, [], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })
            .optional()?;
        let (issuer, country, name, root, utc_offset) = row.ok_or(Error::NotInitialised)?;
        Ok(Self {
            issuer: issuer
                .map(|text| IssuerUrl::parse(&text))
                .transpose()
                .map_err(damaged)?,
            country: Country::parse(&country).map_err(damaged)?,
            name,
            root: KeyId::new(root),
            utc_offset,
        })
    }

    /// Whether `init` has run.
    pub(crate) fn exist(transaction: &Transaction<'_>) -> Result<bool, Error> {
        Ok(
            transaction.query_row("SELECT count(*) FROM authority", [], |row| {
                row.get::<_, i64>(0)
            })? > 0,
        )
    }

    /// Writes the row of a new authority. [`make_number_secret`] and [`set_retention`] follow.
    pub(crate) fn insert(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let issuer = self.issuer.as_ref().map(IssuerUrl::as_str);
        transaction.execute(
            "INSERT INTO authority (only_one, issuer, country, name, root, utc_offset) VALUES (1, ?, ?, ?, ?, ?)",
            params![
                issuer,
                self.country.as_str(),
                self.name,
                self.root.as_bytes(),
                self.utc_offset
            ],
        )?;
        Ok(())
    }

    /// Fixes the issuer's URL for good.
    pub(crate) fn fix_issuer(
        transaction: &Transaction<'_>,
        issuer: &IssuerUrl,
    ) -> Result<(), Error> {
        transaction.execute(
            "UPDATE authority SET issuer = ? WHERE issuer IS NULL",
            [issuer.as_str()],
        )?;
        Ok(())
    }
}

/// How many live devices a license may have.
pub(crate) fn devices(transaction: &Transaction<'_>) -> Result<usize, Error> {
    let devices: i64 = transaction
        .prepare_cached("SELECT devices FROM authority")?
        .query_row([], |row| row.get(0))?;
    usize::try_from(devices).map_err(damaged)
}

/// Sets how many live devices a license may have.
pub(crate) fn set_devices(transaction: &Transaction<'_>, devices: u8) -> Result<(), Error> {
    transaction.execute("UPDATE authority SET devices = ?", [devices])?;
    Ok(())
}

/// How long the personal data of a license that ended is kept.
pub(crate) fn retention(transaction: &Transaction<'_>) -> Result<Retention, Error> {
    let days: Option<u16> = transaction
        .prepare_cached("SELECT retention FROM authority")?
        .query_row([], |row| row.get(0))?;
    days.map_or(Ok(Retention::FOREVER), |days| {
        Retention::of_days(days).map_err(damaged)
    })
}

/// Sets how long it is kept, and from when on data is deleted by it.
pub(crate) fn set_retention(
    transaction: &Transaction<'_>,
    retention: Retention,
    from: UnixTime,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE authority SET retention = ?, retention_from = max(retention_from, ?)",
        params![retention.days(), super::to_sql(from)],
    )?;
    Ok(())
}

/// From when on data is deleted by the present retention.
pub(crate) fn retention_from(transaction: &Transaction<'_>) -> Result<UnixTime, Error> {
    let from: i64 = transaction
        .prepare_cached("SELECT retention_from FROM authority")?
        .query_row([], |row| row.get(0))?;
    super::from_sql(from)
}

/// Whether the authority has no secret yet by which numbers are keyed: its home is of before, or
/// new.
pub(crate) fn lack_number_secret(connection: &Connection) -> Result<bool, Error> {
    Ok(connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM authority WHERE number_secret IS NULL)",
        [],
        |row| row.get(0),
    )?)
}

/// Makes that secret, unless there is one.
pub(crate) fn make_number_secret(transaction: &Transaction<'_>) -> Result<(), Error> {
    let secret: Secret = Zeroizing::new(random()?);
    transaction.execute(
        "UPDATE authority SET number_secret = ? WHERE number_secret IS NULL",
        [*secret],
    )?;
    Ok(())
}

/// The secret by which numbers are keyed.
pub(crate) fn number_secret(transaction: &Transaction<'_>) -> Result<Secret, Error> {
    let secret: Option<[u8; 32]> = transaction
        .prepare_cached("SELECT number_secret FROM authority")?
        .query_row([], |row| row.get(0))?;
    secret.map(Zeroizing::new).ok_or_else(|| damaged(()))
}

/// By when the database file is to be written anew, for something was deleted; `None`: nothing was.
pub(crate) fn rewrite_at(transaction: &Transaction<'_>) -> Result<Option<i64>, Error> {
    Ok(transaction
        .prepare_cached("SELECT rewrite_at FROM authority")?
        .query_row([], |row| row.get(0))?)
}

/// Says by when it is to be written anew; `None`: it was.
pub(crate) fn set_rewrite_at(
    transaction: &Transaction<'_>,
    at: Option<UnixTime>,
) -> Result<(), Error> {
    transaction.execute(
        "UPDATE authority SET rewrite_at = ?",
        [at.map(super::to_sql)],
    )?;
    Ok(())
}
