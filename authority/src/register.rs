//! The register of licenses: who holds one, and where in which status list it stands.

use rusqlite::{OptionalExtension as _, Transaction, params};
use vidimus_credential::{License, LicenseStatus, UnixTime};

use crate::driver;
use crate::error::{Error, damaged};
use crate::secret::{hex, random};
use crate::store::{from_sql, lists, to_sql};

/// Licenses of one status list.
pub(crate) const LIST_LENGTH: usize = 256;

/// One license of the register.
pub struct LicenseRow {
    /// What `status set` calls it: 16 hexadecimal digits, random.
    pub id: String,
    /// Personal data: the license as it was registered.
    pub license: License,
    /// What the authority says of it now.
    pub status: LicenseStatus,
    /// When it was registered.
    pub added_at: UnixTime,
}

/// A license's place: list number and index.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) list: u32,
    pub(crate) idx: u8,
}

/// What a credential is made of.
pub(crate) struct Registered {
    pub(crate) license: License,
    pub(crate) portrait: Vec<u8>,
    pub(crate) place: Place,
    pub(crate) status: LicenseStatus,
}

/// Registers a license at a random free place; returns its id.
///
/// The place is random, so that neither number says when or beside whom it was given. A free place
/// already reads Valid: a new license changes no published list.
pub(crate) fn add(
    transaction: &Transaction<'_>,
    license: &License,
    portrait: &[u8],
    now: UnixTime,
) -> Result<String, Error> {
    let place = free_place(transaction)?;
    let id = hex(&random::<8>()?);
    transaction.execute(
        "INSERT INTO licenses (id, added, list, idx, driver, portrait) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            id,
            to_sql(now),
            place.list,
            place.idx,
            driver::to_json(license).to_string(),
            portrait
        ],
    )?;
    transaction.execute(
        "UPDATE lists SET taken = taken + 1 WHERE number = ?",
        [place.list],
    )?;
    Ok(id)
}

fn free_place(transaction: &Transaction<'_>) -> Result<Place, Error> {
    let room = "SELECT number FROM lists WHERE taken < 256 ORDER BY number LIMIT 1";
    let list: Option<u32> = transaction
        .query_row(room, [], |row| row.get(0))
        .optional()?;
    let Some(list) = list else {
        let list = lists::create(transaction)?;
        return Ok(Place {
            list,
            idx: u8::from_be_bytes(random()?),
        });
    };
    let mut taken = [false; LIST_LENGTH];
    let mut statement = transaction.prepare("SELECT idx FROM licenses WHERE list = ?")?;
    for idx in statement.query_map([list], |row| row.get::<_, u8>(0))? {
        if let Some(place) = taken.get_mut(usize::from(idx?)) {
            *place = true;
        }
    }
    if taken.iter().all(|taken| *taken) {
        return Err(damaged(()));
    }
    loop {
        for idx in random::<64>()? {
            if taken.get(usize::from(idx)) == Some(&false) {
                return Ok(Place { list, idx });
            }
        }
    }
}

/// Changes a license's status in its list. Returns the lists that changed.
pub(crate) fn set_status(
    transaction: &Transaction<'_>,
    id: &str,
    status: LicenseStatus,
) -> Result<Vec<u32>, Error> {
    let value = status.value().ok_or(Error::StatusNotSettable)?;
    let place = place(transaction, id)?.ok_or(Error::UnknownLicense)?;
    let index = usize::from(place.idx);
    let states = lists::states(transaction, place.list)?;
    let held = states.get(index).copied().map(LicenseStatus::from_value);
    if held == Some(LicenseStatus::Revoked) && status != LicenseStatus::Revoked {
        return Err(Error::Revoked);
    }
    let set = |states: &mut lists::States| {
        if let Some(state) = states.get_mut(index) {
            *state = value;
        }
    };
    let changed = lists::change(transaction, place.list, set, None)?;
    Ok(if changed {
        vec![place.list]
    } else {
        Vec::new()
    })
}

fn place(transaction: &Transaction<'_>, id: &str) -> Result<Option<Place>, Error> {
    let query = "SELECT list, idx FROM licenses WHERE id = ?";
    Ok(transaction
        .query_row(query, [id], |row| {
            Ok(Place {
                list: row.get(0)?,
                idx: row.get(1)?,
            })
        })
        .optional()?)
}

/// What a credential for this license is made of.
pub(crate) fn find(transaction: &Transaction<'_>, id: &str) -> Result<Registered, Error> {
    let query = "SELECT driver, portrait, list, idx, substr(states, idx + 1, 1) FROM licenses JOIN lists ON number = list WHERE id = ?";
    let row = transaction
        .query_row(query, [id], |row| {
            let place = Place {
                list: row.get(2)?,
                idx: row.get(3)?,
            };
            Ok((
                row.get::<_, String>(0)?,
                row.get(1)?,
                place,
                row.get::<_, [u8; 1]>(4)?,
            ))
        })
        .optional()?;
    let (json, portrait, place, [state]) = row.ok_or(Error::UnknownLicense)?;
    let license = driver::parse(json.as_bytes()).map_err(damaged)?;
    Ok(Registered {
        license,
        portrait,
        place,
        status: LicenseStatus::from_value(state),
    })
}

/// Every license, in the order of registration.
pub(crate) fn all(transaction: &Transaction<'_>) -> Result<Vec<LicenseRow>, Error> {
    let mut statement = transaction.prepare(
        "SELECT id, driver, added, substr(states, idx + 1, 1) FROM licenses JOIN lists ON number = list ORDER BY added, licenses.rowid",
    )?;
    let mut rows = statement.query([])?;
    let mut licenses = Vec::new();
    while let Some(row) = rows.next()? {
        let json: String = row.get(1)?;
        let [state]: [u8; 1] = row.get(3)?;
        licenses.push(LicenseRow {
            id: row.get(0)?,
            license: driver::parse(json.as_bytes()).map_err(damaged)?,
            status: LicenseStatus::from_value(state),
            added_at: from_sql(row.get(2)?)?,
        });
    }
    Ok(licenses)
}
