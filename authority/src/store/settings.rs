//! The one row that says who the authority is.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::{Country, KeyId};

use crate::error::{Error, damaged};
use crate::issuer::IssuerUrl;

/// Who the authority is.
pub(crate) struct Settings {
    /// The issuer's URL, once it is fixed.
    pub(crate) issuer: Option<IssuerUrl>,
    pub(crate) country: Country,
    /// The display name that stands in the trust list and the metadata.
    pub(crate) name: String,
    /// The root key.
    pub(crate) root: KeyId,
    /// Standard time at the authority's seat, in minutes east of UTC.
    pub(crate) utc_offset: i16,
}

impl Settings {
    /// Reads the row; [`Error::NotInitialised`] where `init` never came to its end.
    pub(crate) fn read(transaction: &Transaction<'_>) -> Result<Self, Error> {
        let query = "SELECT issuer, country, name, root, utc_offset FROM authority";
        let row: Option<(Option<String>, String, String, [u8; 8], i16)> = transaction
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

    /// Writes the row of a new authority.
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
