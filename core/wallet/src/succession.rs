//! Which credential of a license is shown while a renewed one waits for its first status.
//!
//! A renewed credential has a new index in a status list, and no status yet. So it is stored beside
//! the old one, which is shown until a status of the new one is held, or until the old one is of no
//! more use. After a crash the wallet has both.

use vidimus_credential::sd_cwt::{CredentialClaims, Portrait, UnverifiedCredential};
use vidimus_credential::time::SKEW_S;
use vidimus_credential::trust::TrustList;
use vidimus_credential::{LicenseStatus, UnixTime};

use crate::context::Context;
use crate::error::Error;
use crate::network::schedule::{self, Schedule};
use crate::trust_store;
use crate::vault::activity_log::{ActivityEntry, Event};
use crate::vault::records::{
    LicenseRecord, NextLicenseRecord, PortraitRecord, StatusRecord, status_record_of,
};
use crate::vault::{Table, Tx, View, Weight};

/// The facts that decide which of two credentials is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    /// Whether a status of the new credential is held.
    next_has_status: bool,
    /// Whether the current trust list accepts the new credential's signature.
    next_is_signed: bool,
    /// Whether the old credential has expired, is superseded, or has a signature that the current
    /// trust list no longer accepts.
    old_is_over: bool,
}

impl Choice {
    /// Whether the new credential is shown: it has a status, or the old one is of no more use. A
    /// new credential with an untrusted signature is never shown.
    const fn shows_next(self) -> bool {
        self.next_is_signed && (self.next_has_status || self.old_is_over)
    }
}

/// The record to show at `now`, the latest known time; `None` where there is no such license.
///
/// # Errors
/// [`Error::VaultDamaged`] where its row is damaged and there is no newer record.
pub(crate) fn shown(view: &View<'_>, license: &str, now: UnixTime) -> Result<Option<Shown>, Error> {
    let held = view.get::<LicenseRecord>(license);
    if matches!(held, Ok(None)) {
        return Ok(None);
    }
    if let Ok(Some(next)) = view.get::<NextLicenseRecord>(license)
        && let Ok(claims) = next.license.parse()
        && choose(
            view,
            held.as_ref().ok().and_then(Option::as_ref),
            &claims,
            now,
        )
        .shows_next()
    {
        return Ok(Some(Shown::Next(next)));
    }
    Ok(held?.map(Shown::Held))
}

/// The record to show.
pub(crate) enum Shown {
    /// The record that was shown before.
    Held(LicenseRecord),
    /// The renewed record, which takes its place.
    Next(NextLicenseRecord),
}

impl Shown {
    /// The portrait of the record; `None` where the authority sent none.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where its row is damaged.
    pub(crate) fn portrait(
        &self,
        view: &View<'_>,
        license: &str,
    ) -> Result<Option<Portrait>, Error> {
        match self {
            Self::Held(_) => held_portrait(view, license),
            Self::Next(next) => Ok(next.portrait.clone()),
        }
    }

    /// The record without its portrait.
    pub(crate) fn into_record(self) -> LicenseRecord {
        match self {
            Self::Held(record) => record,
            Self::Next(next) => next.license,
        }
    }
}

/// The portrait of the record that was shown before.
///
/// # Errors
/// [`Error::VaultDamaged`] where its row is damaged.
pub(crate) fn held_portrait(view: &View<'_>, license: &str) -> Result<Option<Portrait>, Error> {
    let record = view.get::<PortraitRecord>(license)?;
    Ok(record.map(|record| record.0))
}

/// The newest credential of a license: the waiting one, or else the shown one. It decides when a
/// renewal is due.
///
/// # Errors
/// [`Error::VaultDamaged`], and [`Error::Credential`] where an older version accepted what this one
/// does not.
pub(crate) fn newest(
    view: &View<'_>,
    license: &str,
) -> Result<Option<UnverifiedCredential>, Error> {
    if let Ok(Some(next)) = view.get::<NextLicenseRecord>(license)
        && let Ok(parsed) = next.license.parse()
    {
        return Ok(Some(parsed));
    }
    let record = view.get::<LicenseRecord>(license)?;
    record.map(|record| record.parse()).transpose()
}

/// A promoted credential, for the report of a refresh.
pub(crate) struct Promoted {
    /// The id of the license.
    pub(crate) license: String,
    /// The state of the old credential.
    pub(crate) from: LicenseStatus,
    /// The state of the new credential.
    pub(crate) to: LicenseStatus,
}

/// Replaces old credentials by the renewed ones that are to be shown now.
///
/// # Errors
/// Those of the vault.
pub(crate) async fn promote(context: &Context) -> Result<Vec<Promoted>, Error> {
    let (now, at) = (context.latest()?, context.now()?);
    let ready = context.vault.read(|view| Ok(ready(view, now)))?;
    if ready.is_empty() {
        return Ok(Vec::new());
    }
    context
        .vault
        .write(Weight::Anchored, move |tx| {
            let mut promoted = Vec::new();
            for license in ready {
                if let Ok(Some(Shown::Next(next))) = shown(tx, &license, now) {
                    promoted.push(take_place(tx, license, &next, at)?);
                }
            }
            Ok(promoted)
        })
        .await
}

fn ready(view: &View<'_>, now: UnixTime) -> Vec<String> {
    let mut waiting = view.ids(Table::NextLicense);
    waiting.retain(|license| matches!(shown(view, license, now), Ok(Some(Shown::Next(_)))));
    waiting
}

fn take_place(
    tx: &mut Tx<'_>,
    license: String,
    next: &NextLicenseRecord,
    at: UnixTime,
) -> Result<Promoted, Error> {
    let state = |tx: &Tx<'_>, claims: &CredentialClaims| {
        status_record_of(tx, claims)
            .and_then(|record| record.state(claims.status.idx))
            .unwrap_or(LicenseStatus::Unknown)
    };
    let held = tx.get::<LicenseRecord>(&license).ok().flatten();
    let held = held.and_then(|held| held.parse().ok());
    let renewed = next.license.parse()?;
    let from = held
        .as_ref()
        .map_or(LicenseStatus::Unknown, |held| state(tx, held.claims()));
    let to = state(tx, renewed.claims());
    tx.put(&license, &next.license)?;
    match &next.portrait {
        Some(portrait) => tx.put(&license, &PortraitRecord(portrait.clone()))?,
        // The old portrait may not match the new credential's digest.
        None => tx.delete::<PortraitRecord>(&license)?,
    }
    tx.delete::<NextLicenseRecord>(&license)?;
    if let Some(held) = held {
        forget_list(tx, &held.claims().status.uri)?;
    }
    tx.log(&ActivityEntry {
        at,
        license: license.clone(),
        event: Event::Renewed,
    })?;
    if from != to {
        tx.log(&ActivityEntry {
            at,
            license: license.clone(),
            event: Event::StatusChanged { from, to },
        })?;
    }
    Ok(Promoted { license, from, to })
}

/// Deletes the status of a list that no credential in the vault points to any more.
///
/// # Errors
/// Those of the vault.
pub(crate) fn forget_list(tx: &mut Tx<'_>, uri: &str) -> Result<(), Error> {
    if uris(tx).iter().any(|used| used == uri) {
        return Ok(());
    }
    tx.delete::<StatusRecord>(uri)?;
    tx.delete::<Schedule>(&schedule::of_list(uri))
}

/// The status lists of all credentials in the vault, including waiting ones.
pub(crate) fn uris(view: &View<'_>) -> Vec<String> {
    let held = view.list::<LicenseRecord>().into_iter();
    let held = held.filter_map(|(_, record)| record.ok());
    let next = view.list::<NextLicenseRecord>().into_iter();
    let next = next.filter_map(|(_, record)| Some(record.ok()?.license));
    held.chain(next)
        .filter_map(|record| Some(record.parse().ok()?.claims().status.uri.clone()))
        .collect()
}

fn choose(
    view: &View<'_>,
    held: Option<&LicenseRecord>,
    next: &UnverifiedCredential,
    now: UnixTime,
) -> Choice {
    let trust = trust_store::held_in(view);
    let is_signed = |credential: &UnverifiedCredential| {
        let trust = trust.as_ref();
        // Without a trust list nothing speaks against it.
        trust.is_none_or(|trust| stands_by(trust, credential))
    };
    let is_over = |held: &UnverifiedCredential| {
        let claims = held.claims();
        let superseded = status_record_of(view, claims)
            .and_then(|record| record.state(claims.status.idx))
            == Some(LicenseStatus::Superseded);
        superseded || claims.exp.is_over(now, SKEW_S) || !is_signed(held)
    };
    let held = held.and_then(|held| held.parse().ok());
    Choice {
        next_has_status: status_record_of(view, next.claims()).is_some(),
        next_is_signed: is_signed(next),
        old_is_over: held.is_none_or(|held| is_over(&held)),
    }
}

/// Whether a trust list accepts this credential's key at the credential's time.
pub(crate) fn stands_by(trust: &TrustList, credential: &UnverifiedCredential) -> bool {
    trust.stands_by(credential.kid(), credential.claims().iat)
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[test]
    fn the_old_credential_is_shown_until_the_new_one_has_a_status_or_the_old_one_is_of_no_use() {
        for (next_has_status, next_is_signed, old_is_over, shows_next) in [
            (false, true, false, false),
            (true, true, false, true),
            (false, true, true, true),
            (true, true, true, true),
            // A credential whose key was withdrawn is never shown.
            (true, false, false, false),
            (true, false, true, false),
        ] {
            let choice = Choice {
                next_has_status,
                next_is_signed,
                old_is_over,
            };
            assert_eq!(choice.shows_next(), shows_next, "{choice:?}");
        }
    }
}
