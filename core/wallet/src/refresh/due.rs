//! What the wallet holds, as far as a refresh looks at it, and when each thing is due.

use std::time::Duration;

use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::time::UnixTime;

use crate::error::Error;
use crate::licenses::LicenseId;
use crate::parts::Parts;
use crate::records::{LicenseRecord, StatusRecord};
use crate::schedule::{self, Schedule};
use crate::trust_store;
use crate::vault::Table;

/// Bounds of the time after which a status is asked for again, whatever its `ttl` says, in seconds.
const SHORTEST_TTL: u64 = 60;
const LONGEST_TTL: u64 = 86_400;

/// A license, as far as a refresh looks at it.
pub(super) struct Holding {
    pub(super) license: LicenseId,
    pub(super) credential: UnverifiedCredential,
}

impl Holding {
    /// A third of its life before its end.
    pub(super) fn renewal_due(&self) -> UnixTime {
        let claims = self.credential.claims();
        let life = claims.exp.seconds().saturating_sub(claims.iat.seconds());
        claims.exp.saturating_sub(life / 3)
    }
}

/// A status list, and those whom it speaks of.
pub(super) struct List {
    pub(super) uri: String,
    pub(super) issuer: String,
    pub(super) members: Vec<(LicenseId, u8)>,
}

/// The licenses that can be read; a damaged one is the vault's to report.
pub(super) fn holdings(parts: &Parts) -> Result<Vec<Holding>, Error> {
    let rows = parts.vault.list::<LicenseRecord>()?;
    let read = |(license, record): (String, Result<LicenseRecord, Error>)| {
        let credential = record.and_then(|record| record.parse()).ok()?;
        Some(Holding {
            license: LicenseId::new(license),
            credential,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Each list once, though several licenses may stand in it.
pub(super) fn lists(parts: &Parts) -> Result<Vec<List>, Error> {
    let mut lists: Vec<List> = Vec::new();
    for Holding {
        license,
        credential,
    } in holdings(parts)?
    {
        let claims = credential.claims();
        let (uri, issuer) = (&claims.status.uri, &claims.iss);
        let member = (license, claims.status.idx);
        match lists
            .iter_mut()
            .find(|list| list.uri == *uri && list.issuer == *issuer)
        {
            Some(list) => list.members.push(member),
            None => {
                lists.push(List {
                    uri: uri.clone(),
                    issuer: issuer.clone(),
                    members: vec![member],
                });
            }
        }
    }
    Ok(lists)
}

/// When a list is to be asked for.
pub(super) fn status_due(parts: &Parts, uri: &str, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(parts, &schedule::of_list(uri))?;
    Ok(match held_status(parts, uri)? {
        Some(held) => schedule.due(held.ttl.clamp(SHORTEST_TTL, LONGEST_TTL), now),
        None => schedule.pause(now),
    })
}

/// The status that is held of a list; none where it is damaged or was rolled back, which a fetch mends.
pub(super) fn held_status(parts: &Parts, uri: &str) -> Result<Option<StatusRecord>, Error> {
    parts.vault.read(|view| match view.get(uri) {
        Ok(held) => Ok(held.filter(|_| view.is_current(Table::Status, uri))),
        Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    })
}

pub(super) fn renewal_due(
    parts: &Parts,
    holding: &Holding,
    now: UnixTime,
) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(parts, &schedule::of_renewal(holding.license.as_str()))?;
    Ok(holding.renewal_due().max(schedule.pause(now)))
}

pub(super) fn next_in(parts: &Parts, now: UnixTime) -> Result<Duration, Error> {
    let mut next = trust_store::due(parts, now)?;
    for list in lists(parts)? {
        next = next.min(status_due(parts, &list.uri, now)?);
    }
    for holding in holdings(parts)? {
        next = next.min(renewal_due(parts, &holding, now)?);
    }
    Ok(Duration::from_secs(
        next.seconds().saturating_sub(now.seconds()).max(1),
    ))
}
