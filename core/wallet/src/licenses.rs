//! The licenses in the wallet: listing them, and removing one.

use std::collections::BTreeSet;
use std::fmt;

use vidimus_credential::license::License;
use vidimus_credential::meaning::{Grounds, Span, Standing, Standings, Statement};
use vidimus_credential::sd_cwt::{CredentialClaims, Portrait};
use vidimus_credential::status::StatusReport;
use vidimus_credential::time::UnixTime;

use crate::context::Context;
use crate::error::Error;
use crate::issuance::Enrollment;
use crate::keys::HolderKey;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::vault::activity_log::{ActivityEntry, Event};
use crate::vault::records::{
    LicenseRecord, NextLicenseRecord, PortraitRecord, report_of, statement_of,
};
use crate::vault::{Table, Tx, View, Weight};

/// A license's id in this wallet. It is random, so it is no personal data and may be logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseId(String);

impl LicenseId {
    /// An id from its text. Using it fails where the wallet has no such license.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text: 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LicenseId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<LicenseId> for String {
    fn from(id: LicenseId) -> Self {
        id.0
    }
}

/// A license in the wallet. It holds personal data and has no `Debug`.
pub struct HeldLicense {
    /// The license's id in this wallet.
    pub id: LicenseId,
    /// The license's data; `None` where the vault's row is damaged.
    pub license: Option<License>,
    /// The driver's portrait; `None` where the authority sent none or its row is damaged.
    pub portrait: Option<Portrait>,
    /// The held status, judged by the latest known time. It does not decide whether the driver may
    /// drive: use `outlook`, which includes the license's dates.
    pub status: StatusReport,
    /// The standing by the latest known time, and later ones if no newer status arrives. The first
    /// span is the present one; there is always one.
    pub outlook: Vec<Span>,
    /// When the credential was signed.
    pub issued_at: Option<UnixTime>,
    /// When the credential ends, unless it is renewed; not the license's own expiry date.
    pub expires: Option<UnixTime>,
    /// The damage of its row; `None` where it is sound. A damaged license can be issued anew.
    pub problem: Option<Error>,
}

impl HeldLicense {
    /// The present standing: the worst of its status, its dates, those of its categories, and its
    /// credential's end.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let now = self.outlook.first();
        now.map_or(Standing::Unknown, |span| span.standings.worst())
    }
}

/// All licenses, in the order of their ids.
pub(crate) fn list(context: &Context) -> Result<Vec<HeldLicense>, Error> {
    let now = context.latest()?;
    context.vault.read(|view| Ok(held_in(view, now)))
}

/// The same, in a snapshot of the vault.
pub(crate) fn held_in(view: &View<'_>, now: UnixTime) -> Vec<HeldLicense> {
    let ids = view.ids(Table::License).into_iter();
    ids.filter_map(|id| held(view, id, now)).collect()
}

fn held(view: &View<'_>, id: String, now: UnixTime) -> Option<HeldLicense> {
    let (record, portrait) = match succession::shown(view, &id, now).transpose()? {
        Ok(shown) => {
            let portrait = shown.portrait(view, &id);
            (Ok(shown.into_record()), portrait)
        }
        Err(error) => (Err(error), succession::held_portrait(view, &id)),
    };
    let key = record.as_ref().ok().and_then(|record| {
        let mut held = record.credentials().iter();
        held.find_map(|held| view.get::<HolderKey>(&held.holder_key).err())
    });
    let credential = record.and_then(|record| record.parse());
    let claims = credential
        .as_ref()
        .ok()
        .map(|credential| credential.claims());
    let statement = claims.and_then(|claims| statement_of(view, claims));
    let unknown = || {
        vec![Span {
            from: now,
            standings: Standings::UNKNOWN,
        }]
    };
    Some(HeldLicense {
        id: LicenseId(id),
        license: claims.map(|claims| claims.license.clone()),
        status: report_of(statement, now),
        outlook: claims.map_or_else(unknown, |claims| grounds(claims, statement).outlook(now)),
        issued_at: claims.map(|claims| claims.iat),
        expires: claims.map(|claims| claims.exp),
        problem: credential
            .as_ref()
            .err()
            .copied()
            .or(key)
            .or(portrait.as_ref().err().copied()),
        portrait: portrait.ok().flatten(),
    })
}

fn grounds(claims: &CredentialClaims, status: Option<Statement>) -> Grounds<'_> {
    Grounds {
        license: &claims.license,
        credential_ends: claims.exp,
        status,
    }
}

/// Removes a license, its key, its tokens, and its status where no other license needs it.
///
/// The device's key is deleted first, so that an interrupted removal can be repeated. On a disk
/// that cannot be written it is not deleted: the license would stay and could no longer be shown.
pub(crate) async fn remove(context: &Context, id: &LicenseId) -> Result<(), Error> {
    let (known, keys) = context.vault.read(|view| {
        let mut keys = BTreeSet::new();
        if let Ok(Some(license)) = view.get::<LicenseRecord>(id.as_str()) {
            let credentials = license.credentials().iter();
            keys.extend(credentials.map(|held| held.holder_key.clone()));
        }
        if let Ok(Some(enrollment)) = view.get::<Enrollment>(id.as_str()) {
            keys.insert(enrollment.key.clone());
        }
        Ok((view.ids(Table::License).contains(&id.0), keys))
    })?;
    if !known {
        return Err(Error::NoSuchLicense);
    }
    if !keys.is_empty() && context.keys.holder_algorithm().is_some() {
        context.vault.confirm().await?;
    }
    for key in &keys {
        context.keys.delete_holder_key(key).await?;
    }
    context.forget_unwritten(&id.0);
    let (id, at) = (id.0.clone(), context.now()?);
    let forget = move |tx: &mut Tx<'_>| {
        let before = succession::uris(tx);
        tx.delete::<LicenseRecord>(&id)?;
        tx.delete::<NextLicenseRecord>(&id)?;
        tx.delete::<PortraitRecord>(&id)?;
        tx.delete::<Enrollment>(&id)?;
        for row in [
            schedule::of_renewal(&id),
            schedule::of_new_key(&id),
            schedule::of_notice(&id),
        ] {
            tx.delete::<Schedule>(&row)?;
        }
        for key in keys {
            tx.delete::<HolderKey>(&key)?;
        }
        for list in before {
            succession::forget_list(tx, &list)?;
        }
        tx.log(&ActivityEntry {
            at,
            license: id,
            event: Event::Removed,
        })
    };
    context.vault.write(Weight::Anchored, forget).await
}

#[cfg(test)]
mod tests;
