//! One snapshot of what the wallet holds: everything that a refresh needs to decide what to fetch,
//! and when each object is due.

use std::time::Duration;

use vidimus_credential::LicenseStatus;
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::TrustList;

use crate::context::Context;
use crate::error::Error;
use crate::licenses::LicenseId;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::trust_store;
use crate::vault::records::{LicenseRecord, NextLicenseRecord, StatusRecord, status_record_of};
use crate::vault::{Table, View};

/// A status is fetched again after its `ttl`, within these bounds, in seconds.
const SHORTEST_TTL: u64 = 60;
const LONGEST_TTL: u64 = 86_400;

/// The snapshot. It is out of date once a step of the refresh has written.
pub(super) struct Snapshot {
    /// When the trust list is to be fetched.
    pub(super) trust_list_due: UnixTime,
    /// Each status list once, though several credentials may be in it.
    pub(super) lists: Vec<List>,
    /// The licenses that can be read. The vault itself reports damaged ones.
    pub(super) licenses: Vec<Holding>,
    /// When the first unanswered notification is to be sent again, and the first application to be
    /// gone on with; the end of time where there is none.
    waiting_due: UnixTime,
}

/// A held license: its newest credential, and the reasons to fetch another.
pub(super) struct Holding {
    pub(super) license: LicenseId,
    credential: UnverifiedCredential,
    /// Whether its status says that the issuer has a newer credential, which was not fetched yet.
    pub(super) is_behind: bool,
    /// Whether the current trust list does not accept the signature of its key.
    pub(super) key_withdrawn: bool,
    /// The pause after a renewal that failed.
    renewal: Schedule,
    /// When to renew because of the withdrawn key; `None` until a time was drawn.
    pub(super) new_key: Option<Schedule>,
}

/// A status list, and the credentials in it.
pub(super) struct List {
    pub(super) uri: String,
    pub(super) issuer: String,
    pub(super) members: Vec<Member>,
    /// The held status; `None` where its row is damaged or was rolled back. A fetch repairs both.
    pub(super) held: Option<StatusRecord>,
    /// When the newest status that this wallet has seen was signed, even where a rollback makes it
    /// doubtful.
    pub(super) newest_known: Option<UnixTime>,
    /// When it was last fetched, under which tag, and the pause after failures.
    pub(super) schedule: Schedule,
}

/// One credential in a status list.
pub(super) struct Member {
    pub(super) license: LicenseId,
    pub(super) idx: u8,
    /// When the credential was signed. An older status says nothing about it.
    pub(super) issued_at: UnixTime,
    /// Whether it waits for this status before it is shown. Its status is then not reported as a
    /// change.
    pub(super) waits: bool,
}

impl Snapshot {
    /// Reads the snapshot. `now` is the best known time.
    ///
    /// # Errors
    /// Those of the vault. A damaged row is left out, or counts as missing where a fetch brings it
    /// back.
    pub(super) fn read(context: &Context, now: UnixTime) -> Result<Self, Error> {
        context.vault.read(|view| {
            let trust = trust_store::find(view, context)?;
            Ok(Self {
                trust_list_due: trust_store::due_in(view, context, trust.as_ref(), now)?,
                lists: lists(view)?,
                licenses: licenses(view, trust.as_ref())?,
                waiting_due: waiting_due(view, now)?,
            })
        })
    }

    /// The list of this address and issuer, where a credential is still in it.
    pub(super) fn list(&self, uri: &str, issuer: &str) -> Option<&List> {
        let mut lists = self.lists.iter();
        lists.find(|list| list.uri == uri && list.issuer == issuer)
    }

    /// In how much time the next thing is due; at least a second.
    pub(super) fn next_in(&self, now: UnixTime) -> Duration {
        let lists = self.lists.iter().map(|list| list.due(now));
        let licenses = self.licenses.iter().map(|holding| holding.due(now));
        let first = self.trust_list_due.min(self.waiting_due);
        let next = lists.chain(licenses).fold(first, UnixTime::min);
        Duration::from_secs(next.seconds().saturating_sub(now.seconds()).max(1))
    }
}

impl Holding {
    /// The time of an ordinary renewal: half of the credential's life before its end. A phone that
    /// renews only while it is unlocked then has weeks to find a moment with a network.
    pub(super) fn ordinary_renewal(&self) -> UnixTime {
        let claims = self.credential.claims();
        let life = claims.exp.seconds().saturating_sub(claims.iat.seconds());
        claims.exp.saturating_sub(life / 2)
    }

    /// The end of the pause after a renewal that failed; the past where there is none, or where a
    /// locked phone alone was in the way.
    pub(super) fn pause_of_failures(&self, now: UnixTime) -> UnixTime {
        if self.renewal.failures == 0 {
            return UnixTime::EPOCH;
        }
        self.renewal.pause(now)
    }

    /// When to renew it: at its ordinary time; at once where its status asks for it; at the time
    /// drawn where its key was withdrawn. Never during the pause after a failure.
    pub(super) fn due(&self, now: UnixTime) -> UnixTime {
        self.called_for(now).max(self.renewal.pause(now))
    }

    /// As [`due`](Self::due), for a driver who has just unlocked the phone.
    pub(super) fn due_once_unlocked(&self, now: UnixTime) -> UnixTime {
        self.called_for(now).max(self.pause_of_failures(now))
    }

    /// When its age, its status or the trust list calls for a renewal.
    fn called_for(&self, now: UnixTime) -> UnixTime {
        let mut due = self.ordinary_renewal();
        if self.key_withdrawn {
            let drawn = self.new_key.as_ref();
            due = due.min(drawn.map_or(UnixTime::EPOCH, |drawn| drawn.pause(now)));
        }
        if self.is_behind {
            due = UnixTime::EPOCH;
        }
        due
    }
}

impl List {
    /// Whether the held status is at least as new as each credential in the list.
    pub(super) fn covers_every_member(&self) -> bool {
        let mut members = self.members.iter();
        let held = self.held.as_ref();
        held.is_some_and(|held| members.all(|member| held.issued_at >= member.issued_at))
    }

    /// When to fetch it. A status that is older than a credential says nothing about it, and is
    /// fetched again a minute after the last time, even if its `ttl` is longer.
    pub(super) fn due(&self, now: UnixTime) -> UnixTime {
        let Some(held) = &self.held else {
            return self.schedule.pause(now);
        };
        let ttl = if self.covers_every_member() {
            held.ttl.clamp(SHORTEST_TTL, LONGEST_TTL)
        } else {
            SHORTEST_TTL
        };
        self.schedule.due(ttl, now)
    }

    /// When to fetch it for a driver who looks at the license: a minute after the last time, even
    /// if its `ttl` is longer.
    pub(super) fn due_when_seen(&self, now: UnixTime) -> UnixTime {
        self.due(now).min(self.schedule.due(SHORTEST_TTL, now))
    }
}

/// Whether this state means that the issuer has a newer credential, which is to be fetched at once.
pub(super) const fn has_newer_credential(state: LicenseStatus) -> bool {
    matches!(
        state,
        LicenseStatus::UpdateWaiting | LicenseStatus::Superseded
    )
}

fn licenses(view: &View<'_>, trust: Option<&TrustList>) -> Result<Vec<Holding>, Error> {
    let (waiting, schedules) = (view.ids(Table::NextLicense), view.ids(Table::Refresh));
    let mut found = Vec::new();
    for license in view.ids(Table::License) {
        let Ok(Some(credential)) = succession::newest(view, &license) else {
            continue;
        };
        let claims = credential.claims();
        let status = status_record_of(view, claims);
        let state = status.and_then(|record| record.state(claims.status.idx));
        let drawn = schedule::of_new_key(&license);
        found.push(Holding {
            is_behind: !waiting.contains(&license) && state.is_some_and(has_newer_credential),
            key_withdrawn: trust.is_some_and(|trust| !succession::stands_by(trust, &credential)),
            renewal: Schedule::find(view, &schedule::of_renewal(&license))?,
            new_key: if schedules.contains(&drawn) {
                Some(Schedule::find(view, &drawn)?)
            } else {
                None
            },
            license: LicenseId::new(license),
            credential,
        });
    }
    Ok(found)
}

fn lists(view: &View<'_>) -> Result<Vec<List>, Error> {
    let held = view.list::<LicenseRecord>().into_iter();
    let held = held.filter_map(|(license, record)| Some((license, record.ok()?, false)));
    let next = view.list::<NextLicenseRecord>().into_iter();
    let next = next.filter_map(|(license, record)| Some((license, record.ok()?.license, true)));
    let mut lists: Vec<List> = Vec::new();
    for (license, record, waits) in held.chain(next) {
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
        let mut known = lists.iter_mut();
        match known.find(|list| list.uri == *uri && list.issuer == *issuer) {
            Some(list) => list.members.push(member),
            None => lists.push(list(view, uri, issuer, member)?),
        }
    }
    Ok(lists)
}

fn list(view: &View<'_>, uri: &str, issuer: &str, member: Member) -> Result<List, Error> {
    let stored = match view.get::<StatusRecord>(uri) {
        Ok(stored) => stored,
        Err(Error::VaultDamaged { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(List {
        uri: uri.to_owned(),
        issuer: issuer.to_owned(),
        members: vec![member],
        newest_known: stored.as_ref().map(|stored| stored.issued_at),
        held: stored.filter(|_| view.is_current(Table::Status, uri)),
        schedule: Schedule::find(view, &schedule::of_list(uri))?,
    })
}

fn waiting_due(view: &View<'_>, now: UnixTime) -> Result<UnixTime, Error> {
    let mut next = UnixTime::MAX;
    for row in view.ids(Table::Refresh) {
        if row.starts_with(schedule::NOTICE) || row.starts_with(schedule::APPLICATION) {
            next = next.min(Schedule::find(view, &row)?.pause(now));
        }
    }
    Ok(next)
}
