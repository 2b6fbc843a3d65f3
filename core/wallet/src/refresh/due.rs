//! What the wallet holds, as far as a refresh looks at it, and when each thing is due.

use std::time::Duration;

use vidimus_credential::LicenseStatus;
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::time::UnixTime;

use crate::context::Context;
use crate::error::Error;
use crate::licenses::LicenseId;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::trust_store;
use crate::vault::records::{LicenseRecord, NextLicenseRecord, StatusRecord, status_record_of};
use crate::vault::{Table, View};

/// Bounds of the time after which a status is asked for again, whatever its `ttl` says, in seconds.
const SHORTEST_TTL: u64 = 60;
const LONGEST_TTL: u64 = 86_400;

/// A renewal because of a withdrawn key comes at random within this time: seconds.
pub(super) const NEW_KEY_WITHIN: u64 = 86_400;

/// A license, as far as a refresh looks at it: its newest credential, and what calls for another.
pub(super) struct Holding {
    pub(super) license: LicenseId,
    credential: UnverifiedCredential,
    /// Its status says that a newer credential is there to be fetched, and none was.
    pub(super) is_behind: bool,
    /// The trust list in force does not let its key have signed it.
    pub(super) key_withdrawn: bool,
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
    pub(super) members: Vec<Member>,
}

impl List {
    /// Whether this status says something of each credential in the list.
    pub(super) fn is_served_by(&self, held: &StatusRecord) -> bool {
        let mut members = self.members.iter();
        members.all(|member| held.issued_at >= member.issued_at)
    }
}

/// One credential in a status list.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) license: LicenseId,
    pub(super) idx: u8,
    /// When the credential was signed: an older status says nothing of it.
    pub(super) issued_at: UnixTime,
    /// It waits for this status to be shown; its license's news are those of the one that is shown.
    pub(super) waits: bool,
}

/// The licenses that can be read; a damaged one is the vault's to report.
pub(super) fn holdings(context: &Context) -> Result<Vec<Holding>, Error> {
    context.vault.read(|view| {
        let trust = trust_store::held_in(view);
        let holding = |license: String| {
            let credential = succession::newest(view, &license).ok()??;
            let trust = trust.as_ref();
            Some(Holding {
                is_behind: is_behind(view, &license, &credential),
                key_withdrawn: trust
                    .is_some_and(|trust| !succession::stands_by(trust, &credential)),
                license: LicenseId::new(license),
                credential,
            })
        };
        let licenses = view.ids(Table::License);
        Ok(licenses.into_iter().filter_map(holding).collect())
    })
}

/// Whether the newest credential's own status says that there is a newer one.
fn is_behind(view: &View<'_>, license: &str, newest: &UnverifiedCredential) -> bool {
    let claims = newest.claims();
    let state = status_record_of(view, claims).and_then(|record| record.state(claims.status.idx));
    let waits = view.ids(Table::NextLicense).iter().any(|id| id == license);
    !waits && state.is_some_and(calls_for_a_newer_one)
}

/// Whether a credential in this state has a newer one, which is to be fetched as soon as that is seen.
pub(super) const fn calls_for_a_newer_one(state: LicenseStatus) -> bool {
    matches!(
        state,
        LicenseStatus::UpdateWaiting | LicenseStatus::Superseded
    )
}

/// Each list once, though several credentials may stand in it.
pub(super) fn lists(context: &Context) -> Result<Vec<List>, Error> {
    let credentials = context.vault.read(|view| {
        let held = view.list::<LicenseRecord>().into_iter();
        let held = held.filter_map(|(license, record)| Some((license, record.ok()?, false)));
        let next = view.list::<NextLicenseRecord>().into_iter();
        let next = next.filter_map(|(license, record)| Some((license, record.ok()?.license, true)));
        Ok(held.chain(next).collect::<Vec<_>>())
    })?;
    let mut lists: Vec<List> = Vec::new();
    for (license, record, waits) in credentials {
        let Ok(credential) = record.parse() else {
            continue;
        };
        let claims = credential.claims();
        let (uri, issuer) = (&claims.status.uri, &claims.iss);
        let member = Member {
            license: LicenseId::new(license),
            idx: claims.status.idx,
            issued_at: claims.iat,
            waits,
        };
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

/// When a list is to be asked for. A status that is older than a credential says nothing of it: then a minute after it
/// was last asked for, whatever its `ttl` says.
pub(super) fn status_due(context: &Context, list: &List, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(context, &schedule::of_list(&list.uri))?;
    let Some(held) = held_status(context, &list.uri)? else {
        return Ok(schedule.pause(now));
    };
    let ttl = if list.is_served_by(&held) {
        held.ttl.clamp(SHORTEST_TTL, LONGEST_TTL)
    } else {
        SHORTEST_TTL
    };
    Ok(schedule.due(ttl, now))
}

/// The status that is held of a list; none where it is damaged or was rolled back, which a fetch mends.
pub(super) fn held_status(context: &Context, uri: &str) -> Result<Option<StatusRecord>, Error> {
    context.vault.read(|view| match view.get(uri) {
        Ok(held) => Ok(held.filter(|_| view.is_current(Table::Status, uri))),
        Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    })
}

/// When a license is to be renewed: a third of its life before its end; as soon as its status calls for it; where its key
/// was withdrawn when this wallet's turn comes, which `draw_turns` has drawn. Not while the issuer is to be left alone.
pub(super) fn renewal_due(
    context: &Context,
    holding: &Holding,
    now: UnixTime,
) -> Result<UnixTime, Error> {
    let license = holding.license.as_str();
    let mut due = holding.renewal_due();
    if holding.key_withdrawn {
        let turn = Schedule::read(context, &schedule::of_new_key(license))?;
        due = due.min(turn.pause(now));
    }
    if holding.is_behind {
        due = UnixTime::EPOCH;
    }
    let schedule = Schedule::read(context, &schedule::of_renewal(license))?;
    Ok(due.max(schedule.pause(now)))
}

/// When what an issuer did not answer is to be told again; the end of time where there is nothing.
fn notices_due(context: &Context, now: UnixTime) -> Result<UnixTime, Error> {
    let rows = context.vault.read(|view| Ok(view.ids(Table::Refresh)))?;
    let mut next = UnixTime::MAX;
    for row in rows {
        if row.starts_with(schedule::NOTICE) {
            next = next.min(Schedule::read(context, &row)?.pause(now));
        }
    }
    Ok(next)
}

pub(super) fn next_in(context: &Context, now: UnixTime) -> Result<Duration, Error> {
    let mut next = trust_store::due(context, now)?.min(notices_due(context, now)?);
    for list in lists(context)? {
        next = next.min(status_due(context, &list, now)?);
    }
    for holding in holdings(context)? {
        next = next.min(renewal_due(context, &holding, now)?);
    }
    Ok(Duration::from_secs(
        next.seconds().saturating_sub(now.seconds()).max(1),
    ))
}
