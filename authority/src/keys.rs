//! The keys that sign: one for credentials, one for status, and the root that vouches for both.
//!
//! A retired key's secret is removed at once. Its public half stays in the trust list until the
//! last thing that it can have signed has ended.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Transaction, params};
use vidimus_credential::trust::{Purpose, TrustEntry};
use vidimus_credential::{Country, KeyId, Signer as _, SigningKey, UnixTime, VerifyingKey};

use crate::error::{Error, damaged};
use crate::home::Home;
use crate::store::{from_sql, to_sql};

const DAY: u64 = 86_400;
/// How long a credential lives, in seconds: 30 days.
pub const CREDENTIAL_LIFE: u64 = 30 * DAY;
/// How long a status token or bundle lives, in seconds: 7 days.
pub const STATUS_LIFE: u64 = 7 * DAY;
/// Beyond a retired key's last signature: a process may be signing while another retires its key.
const MARGIN: u64 = 3_600;

/// What an authority's key may be for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Credential,
    Status,
}

impl Use {
    const ALL: [Self; 2] = [Self::Credential, Self::Status];

    const fn number(self) -> i64 {
        match self {
            Self::Credential => 1,
            Self::Status => 2,
        }
    }

    const fn purpose(self) -> Purpose {
        match self {
            Self::Credential => Purpose::Credential,
            Self::Status => Purpose::Status,
        }
    }

    /// How long what such a key signs can last.
    const fn life(self) -> u64 {
        match self {
            Self::Credential => CREDENTIAL_LIFE,
            Self::Status => STATUS_LIFE,
        }
    }
}

/// The keys in use, read from their files once.
pub(crate) struct KeyRing {
    home: Home,
    held: Mutex<Vec<(KeyId, Arc<SigningKey>)>>,
}

impl KeyRing {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            held: Mutex::new(Vec::new()),
        }
    }

    /// The key that signs now, as the database says (another process may have rotated it), and the
    /// time before which it must not sign.
    pub(crate) fn current(
        &self,
        transaction: &Transaction<'_>,
        use_: Use,
    ) -> Result<(Arc<SigningKey>, UnixTime), Error> {
        let query =
            "SELECT kid, not_before FROM signing_keys WHERE purpose = ? AND retired IS NULL";
        let (kid, not_before): ([u8; 8], i64) = transaction
            .prepare_cached(query)?
            .query_row([use_.number()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((self.held(KeyId::new(kid))?, from_sql(not_before)?))
    }

    fn held(&self, kid: KeyId) -> Result<Arc<SigningKey>, Error> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = held.iter().find(|(held, _)| *held == kid) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.home.read_key(kid)?);
        // Two are in use at a time; a retired one is wiped when its last user is done.
        if held.len() >= Use::ALL.len() {
            held.remove(0);
        }
        held.push((kid, Arc::clone(&key)));
        Ok(key)
    }

    /// Makes a new credential key and a new status key and retires the present ones, if any.
    /// Returns the retired keys, whose files are to be removed once the transaction is committed.
    pub(crate) fn rotate(
        &self,
        transaction: &Transaction<'_>,
        now: UnixTime,
    ) -> Result<Vec<KeyId>, Error> {
        let mut statement =
            transaction.prepare("SELECT kid FROM signing_keys WHERE retired IS NULL")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        let retired: Vec<KeyId> = rows
            .map(|kid| kid.map(KeyId::new))
            .collect::<Result<_, _>>()?;
        transaction.execute(
            "UPDATE signing_keys SET retired = ? WHERE retired IS NULL",
            [to_sql(now)],
        )?;
        for use_ in Use::ALL {
            let public = self.home.create_key()?.verifying_key().clone();
            transaction.execute(
                "INSERT INTO signing_keys (kid, purpose, public, not_before) VALUES (?, ?, ?, ?)",
                params![
                    public.kid().as_bytes(),
                    use_.number(),
                    public.to_cose_key(),
                    to_sql(now)
                ],
            )?;
        }
        Ok(retired)
    }
}

/// The trust list's entries: every key of which something signed may still be good.
///
/// A key in use is good for as long as a reader may hold the list, and what it signs until then.
pub(crate) fn trust_entries(
    transaction: &Transaction<'_>,
    issued: UnixTime,
    list_expires: UnixTime,
    issuer: &str,
    country: Country,
    name: &str,
) -> Result<Vec<TrustEntry>, Error> {
    let mut entries = Vec::new();
    for use_ in Use::ALL {
        let mut statement =
            transaction.prepare_cached("SELECT public, not_before, retired FROM signing_keys WHERE purpose = ? ORDER BY not_before, kid")?;
        let mut rows = statement.query([use_.number()])?;
        while let Some(row) = rows.next()? {
            let public: Vec<u8> = row.get(0)?;
            let retired: Option<i64> = row.get(2)?;
            let expires = match retired {
                None => list_expires.saturating_add(use_.life()),
                Some(retired) => from_sql(retired)?.saturating_add(use_.life() + MARGIN),
            };
            if expires < issued {
                continue;
            }
            entries.push(TrustEntry {
                key: VerifyingKey::from_cose_key(&public).map_err(damaged)?,
                purposes: vec![use_.purpose()],
                not_before: from_sql(row.get(1)?)?,
                expires,
                name: issuer.to_owned(),
                country,
                display_name: name.to_owned(),
                signed_until: None,
            });
        }
    }
    Ok(entries)
}
