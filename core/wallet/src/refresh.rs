//! Keeping what the wallet holds true: the trust list, each license's status, and the license itself.
//!
//! One [`refresh`] is what a phone's scheduler calls: it asks for what is due, within a budget, keeps
//! only what is verified and not older than before, and says when to call again. Each thing is kept by
//! itself as soon as it is there, so a call that dies half-way loses nothing, and a thing that cannot
//! be had does not hold up the others: it is tried again after a pause that grows.

use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::Error as CredentialError;
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::status::LicenseStatus;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::time::UnixTime;

use crate::activity_log::{ActivityEntry, Event};
use crate::cancel::CancelToken;
use crate::error::{Error, StorageError};
use crate::exchange::{Exchange, Resource};
use crate::licenses::LicenseId;
use crate::parts::{Learned, Parts};
use crate::records::{LicenseRecord, StatusRecord};
use crate::schedule::{self, Schedule};
use crate::trust_store;
use crate::turn::Turn;
use crate::vault::{Table, Weight};

/// Largest status token that is read, in bytes; its list alone inflates to at most 64 KiB.
const MAX_STATUS: usize = 96 * 1024;

const MEDIA_TYPE: &str = "application/statuslist+cwt";

/// Bounds of the time after which a status is asked for again, whatever its `ttl` says, in seconds.
const SHORTEST_TTL: u64 = 60;
const LONGEST_TTL: u64 = 86_400;

/// How long to leave alone an issuer that will not renew, in seconds.
const DENIED_PAUSE: u64 = 86_400;

/// How long one round of the foreground's loop may take.
const ROUND_BUDGET: Duration = Duration::from_secs(60);

/// How long the loop sleeps at most: its timer may stand still while the phone sleeps.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// What is due.
    Due,
    /// Trust list and status now, whenever they were last asked for; a renewal still only when due.
    Now,
}

/// What a refresh did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshReport {
    /// What is new, in the order in which it came.
    pub changed: Vec<Change>,
    /// What was asked for and could not be had, each with its reason; it will be asked for again.
    pub failures: Vec<Failure>,
    /// HTTP requests that were sent.
    pub requests: u32,
    /// After how long to call again; at least a second. Nothing is due before.
    pub next_in: Duration,
}

/// Something that is new since a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A newer trust list.
    TrustList,
    /// A newer status of a license; `to` may be the same state as `from`, with a younger age.
    Status {
        /// Whose.
        license: LicenseId,
        /// The state in the status held before; Unknown without one.
        from: LicenseStatus,
        /// The state in the newer one.
        to: LicenseStatus,
    },
    /// A license was renewed.
    Renewed {
        /// Whose.
        license: LicenseId,
    },
}

/// Something that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What.
    pub subject: Subject,
    /// Why.
    pub error: Error,
}

/// What a refresh asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The trust list.
    TrustList,
    /// The status of a license.
    Status(LicenseId),
    /// A newer credential for a license.
    Renewal(LicenseId),
}

/// Who renews a license: issuance, which this module does not know.
#[async_trait]
pub(crate) trait Renew: Send + Sync {
    /// Fetches and stores a newer credential for a license.
    async fn renew(&self, license: &str, exchange: &mut Exchange<'_>) -> Result<(), Error>;
}

/// Asks for what is due, or for all, and keeps what is verified.
///
/// # Errors
/// Only where the vault cannot be read or written, or another process uses the network for the whole
/// budget. What a server did wrong stands in the report.
pub(crate) async fn refresh(
    parts: &Parts,
    renewer: &dyn Renew,
    what: Refresh,
    budget: Duration,
    cancel: &CancelToken,
) -> Result<RefreshReport, Error> {
    let exchange = Exchange::new(&*parts.transport, cancel, budget);
    let _turn = Turn::take(&parts.directory, &exchange).await?;
    let mut run = Run {
        parts,
        what,
        exchange,
        changed: Vec::new(),
        failures: Vec::new(),
        cancelled: false,
    };
    run.refresh_trust_list().await?;
    for list in lists(parts)? {
        run.refresh_status(&list).await?;
    }
    for holding in holdings(parts)? {
        run.renew(renewer, &holding).await?;
    }
    Ok(RefreshReport {
        next_in: next_in(parts, parts.now()?)?,
        requests: run.exchange.requests(),
        changed: run.changed,
        failures: run.failures,
    })
}

/// Refreshes what is due, again and again, until cancelled: for an app in the foreground. `notice` hears
/// of each round that asked for something.
///
/// # Errors
/// As [`refresh`], whereupon it ends; [`Error::Storage`] with `Busy` is waited out.
pub(crate) async fn keep_fresh(
    parts: &Parts,
    renewer: &dyn Renew,
    cancel: &CancelToken,
    mut notice: impl FnMut(&RefreshReport) + Send,
) -> Result<(), Error> {
    while !cancel.is_cancelled() {
        let mut pause = LONGEST_SLEEP;
        match refresh(parts, renewer, Refresh::Due, ROUND_BUDGET, cancel).await {
            Ok(report) => {
                pause = pause.min(report.next_in);
                if report.requests > 0 {
                    notice(&report);
                }
            }
            Err(Error::Cancelled) => break,
            Err(Error::Storage(StorageError::Busy)) => {}
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = cancel.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    Ok(())
}

/// A license, as far as a refresh looks at it.
struct Holding {
    license: LicenseId,
    credential: UnverifiedCredential,
}

impl Holding {
    /// A third of its life before its end.
    fn renewal_due(&self) -> UnixTime {
        let claims = self.credential.claims();
        let life = claims.exp.seconds().saturating_sub(claims.iat.seconds());
        claims.exp.saturating_sub(life / 3)
    }
}

/// A status list, and those whom it speaks of.
struct List {
    uri: String,
    issuer: String,
    members: Vec<(LicenseId, u8)>,
}

/// The licenses that can be read; a damaged one is the vault's to report.
fn holdings(parts: &Parts) -> Result<Vec<Holding>, Error> {
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
fn lists(parts: &Parts) -> Result<Vec<List>, Error> {
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
fn status_due(parts: &Parts, uri: &str, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(parts, &schedule::of_list(uri))?;
    Ok(match held_status(parts, uri)? {
        Some(held) => schedule.due(held.ttl.clamp(SHORTEST_TTL, LONGEST_TTL), now),
        None => schedule.pause(now),
    })
}

/// The status that is held of a list; none where it is damaged or was rolled back, which a fetch mends.
fn held_status(parts: &Parts, uri: &str) -> Result<Option<StatusRecord>, Error> {
    parts.vault.read(|view| match view.get(uri) {
        Ok(held) => Ok(held.filter(|_| view.is_current(Table::Status, uri))),
        Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    })
}

fn renewal_due(parts: &Parts, holding: &Holding, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(parts, &schedule::of_renewal(holding.license.as_str()))?;
    Ok(holding.renewal_due().max(schedule.pause(now)))
}

fn next_in(parts: &Parts, now: UnixTime) -> Result<Duration, Error> {
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

/// One refresh under way.
struct Run<'r, 'e> {
    parts: &'r Parts,
    what: Refresh,
    exchange: Exchange<'e>,
    changed: Vec<Change>,
    failures: Vec<Failure>,
    cancelled: bool,
}

impl Run<'_, '_> {
    /// Whether there is time left and nobody cancelled. What is not begun stays due.
    fn goes_on(&self) -> bool {
        !self.cancelled && !self.exchange.remaining().is_zero()
    }

    /// Puts a failure into the report; an error of the vault ends the refresh instead.
    fn report(&mut self, subject: Subject, error: Error) -> Result<(), Error> {
        match error {
            Error::Storage(_) | Error::KeyInvalidated | Error::NoRandomness => return Err(error),
            Error::Cancelled => self.cancelled = true,
            _ => tracing::info!(%error, "a part of the refresh failed"),
        }
        self.failures.push(Failure { subject, error });
        Ok(())
    }

    async fn refresh_trust_list(&mut self) -> Result<(), Error> {
        let now = self.parts.now()?;
        if !self.goes_on()
            || (self.what == Refresh::Due && now < trust_store::due(self.parts, now)?)
        {
            return Ok(());
        }
        match trust_store::fetch(self.parts, &mut self.exchange).await {
            Ok(true) => self.changed.push(Change::TrustList),
            Ok(false) => {}
            Err(error) => self.report(Subject::TrustList, error)?,
        }
        Ok(())
    }

    async fn refresh_status(&mut self, list: &List) -> Result<(), Error> {
        let now = self.parts.now()?;
        if !self.goes_on()
            || (self.what == Refresh::Due && now < status_due(self.parts, &list.uri, now)?)
        {
            return Ok(());
        }
        let Err(error) = self.fetch_status(list).await else {
            return Ok(());
        };
        let row = schedule::of_list(&list.uri);
        Schedule::note_failure(self.parts, &row, error, self.exchange.patience()).await?;
        for (license, _) in &list.members {
            self.report(Subject::Status(license.clone()), error)?;
        }
        Ok(())
    }

    async fn fetch_status(&mut self, list: &List) -> Result<(), Error> {
        let row = schedule::of_list(&list.uri);
        let held = held_status(self.parts, &list.uri)?;
        let mut schedule = Schedule::read(self.parts, &row)?;
        let etag = schedule.etag.take().filter(|_| held.is_some());
        let resource = self
            .exchange
            .get_if_new(&list.uri, MEDIA_TYPE, etag.as_deref(), MAX_STATUS)
            .await?;
        let told = self.exchange.take_date();
        let (etag, body) = match resource {
            Resource::New { etag, body } => (etag, body),
            Resource::Unchanged => {
                schedule.succeed(self.parts.now()?, etag);
                let learned = Learned { told, signed: None };
                return self
                    .parts
                    .write(Weight::Light, learned, move |tx| tx.put(&row, &schedule))
                    .await;
            }
        };
        let token = self.verify_status(list, &body).await?;
        if self
            .newest_known(&list.uri)?
            .is_some_and(|newest| token.issued_at() < newest)
        {
            return Err(CredentialError::OlderThanHeld.into());
        }
        schedule.succeed(self.parts.now()?, etag);
        self.store_status(list, held, &token, &body, (row, schedule), told)
            .await?;
        let reaches = |(_, idx): &(LicenseId, u8)| token.status(*idx).is_ok();
        if list.members.iter().all(reaches) {
            Ok(())
        } else {
            Err(Error::StatusUnusable(CredentialError::IndexOutOfRange))
        }
    }

    /// When the newest status that this wallet has seen was signed, also where a rollback makes it doubtful.
    fn newest_known(&self, uri: &str) -> Result<Option<UnixTime>, Error> {
        match self.parts.vault.get::<StatusRecord>(uri) {
            Ok(held) => Ok(held.map(|held| held.issued_at)),
            Err(Error::VaultDamaged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Verifies a status token of this list; where its key is unknown the trust list may be older than
    /// the key, and is asked for once.
    async fn verify_status(&mut self, list: &List, body: &[u8]) -> Result<StatusToken, Error> {
        let check = |parts: &Parts| {
            let trust = trust_store::held(parts)?.ok_or(Error::TrustListMissing)?;
            let token = UnverifiedStatusToken::parse(body)
                .and_then(|token| token.authenticate(&trust, &list.issuer))
                .map_err(Error::StatusUnusable)?;
            if token.uri() == list.uri {
                Ok(token)
            } else {
                Err(Error::StatusUnusable(CredentialError::OtherList))
            }
        };
        match check(self.parts) {
            Err(Error::StatusUnusable(CredentialError::UnknownKey)) => {
                if trust_store::fetch(self.parts, &mut self.exchange).await? {
                    self.changed.push(Change::TrustList);
                }
                check(self.parts)
            }
            checked => checked,
        }
    }

    /// The token, when it was had, and what it changed for whom, in one transaction.
    async fn store_status(
        &mut self,
        list: &List,
        held: Option<StatusRecord>,
        token: &StatusToken,
        body: &[u8],
        (row, schedule): (String, Schedule),
        told: Option<UnixTime>,
    ) -> Result<(), Error> {
        let record = StatusRecord::new(token, body);
        let newer = held.as_ref().is_none_or(|held| held.token != record.token);
        let mut changes = Vec::new();
        for (license, idx) in list.members.iter().filter(|_| newer) {
            let state = |record: Option<&StatusRecord>| {
                record
                    .and_then(|record| record.state(*idx))
                    .unwrap_or(LicenseStatus::Unknown)
            };
            let (from, to) = (state(held.as_ref()), state(Some(&record)));
            changes.push(Change::Status {
                license: license.clone(),
                from,
                to,
            });
        }
        let learned = Learned {
            told,
            signed: Some(token.issued_at()),
        };
        let (at, uri, logged) = (
            self.parts.now()?.max(token.issued_at()),
            list.uri.clone(),
            changes.clone(),
        );
        let weight = if newer {
            Weight::Anchored
        } else {
            Weight::Light
        };
        self.parts
            .write(weight, learned, move |tx| {
                tx.put(&row, &schedule)?;
                if newer {
                    tx.put(&uri, &record)?;
                }
                for change in logged {
                    match change {
                        Change::Status { license, from, to } if from != to => {
                            let license = license.into();
                            tx.log(&ActivityEntry {
                                at,
                                license,
                                event: Event::StatusChanged { from, to },
                            })?;
                        }
                        _ => {}
                    }
                }
                Ok(())
            })
            .await?;
        self.changed.extend(changes);
        Ok(())
    }

    async fn renew(&mut self, renewer: &dyn Renew, holding: &Holding) -> Result<(), Error> {
        let now = self.parts.now()?;
        let due = match self.what {
            Refresh::Due => renewal_due(self.parts, holding, now)?,
            Refresh::Now => holding.renewal_due(),
        };
        if !self.goes_on() || now < due {
            return Ok(());
        }
        let row = schedule::of_renewal(holding.license.as_str());
        match renewer
            .renew(holding.license.as_str(), &mut self.exchange)
            .await
        {
            Ok(()) => {
                self.changed.push(Change::Renewed {
                    license: holding.license.clone(),
                });
                self.parts
                    .vault
                    .write(Weight::Light, move |tx| tx.delete::<Schedule>(&row))
                    .await
            }
            Err(error) => {
                // The authority may have no newer credential to give: that is an answer, and no failure.
                let denied = error == Error::NotRenewable;
                let refused = denied || matches!(error, Error::Refused(_));
                let wish = if refused {
                    Some(DENIED_PAUSE)
                } else {
                    self.exchange.patience()
                };
                Schedule::note_failure(self.parts, &row, error, wish).await?;
                if denied {
                    Ok(())
                } else {
                    self.report(Subject::Renewal(holding.license.clone()), error)
                }
            }
        }
    }
}
