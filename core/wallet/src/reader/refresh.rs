//! Keeping a reader's trust lists and bundles fresh, by the rules of a wallet: within a budget,
//! never back to an older one, with random pauses that grow after failures, and each stored as soon
//! as it is verified.

use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::Error as CredentialError;
use vidimus_credential::all_variants;
use vidimus_credential::bundle::{Bundle, MAX_INFLATED, UnverifiedBundle};
use vidimus_credential::key::KeyId;
use vidimus_credential::time::UnixTime;

use super::AuthorityId;
use super::records::{BundleRecord, length};
use crate::cancel::CancelToken;
use crate::context::{Context, Learned};
use crate::error::Error;
use crate::network::address;
use crate::network::lock::NetworkLock;
use crate::network::requests::{Requests, Resource};
use crate::network::schedule::{self, Schedule};
use crate::timekeeper::Evidence;
use crate::trust_store;
use crate::vault::{Table, Tx, Weight};

/// Seconds between two requests for a bundle: an authority signs a new one each hour.
const INTERVAL: u64 = 3_600;

/// Largest bundle that is read, in bytes.
const MAX_BYTES: usize = 32 << 20;

const MEDIA_TYPE: &str = "application/cwt";

/// Which lists and bundles a refresh fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// Those that are due.
    Due,
    /// All of them now, even if they were fetched a moment ago: for a person who asks for it.
    Now,
}

all_variants! {
    /// Every kind of refresh.
    When { Due, Now }
}

/// The result of a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What is new, in order of arrival.
    pub changed: Vec<Change>,
    /// What could not be fetched, each with its error. A later refresh tries again.
    pub failures: Vec<Failure>,
    /// Number of HTTP requests that were sent.
    pub requests: u32,
    /// When to call again, at least a second from now. Nothing is due before that.
    pub next_in: Duration,
}

/// A newer list or bundle that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change(pub Subject);

/// A list or bundle that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The list or bundle.
    pub subject: Subject,
    /// Why it could not be fetched.
    pub error: Error,
}

/// A list or bundle that a refresh fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// The trust list of an authority.
    TrustList(AuthorityId),
    /// A bundle of an authority, by its address.
    Bundle(AuthorityId, String),
}

/// An authority with the data that a refresh needs.
pub(super) struct KeptAuthority {
    pub(super) id: AuthorityId,
    pub(super) context: Arc<Context>,
    pub(super) bundles: Vec<String>,
}

/// Refreshes one authority after the other. A slow one delays the others only once: its pause skips
/// it the next time.
///
/// # Errors
/// Those of the book, and where another process uses the network for the whole budget.
pub(super) async fn refresh(
    authorities: Vec<KeptAuthority>,
    what: When,
    budget: Duration,
    cancel: &CancelToken,
) -> Result<Report, Error> {
    let mut report = Report {
        changed: Vec::new(),
        failures: Vec::new(),
        requests: 0,
        next_in: Duration::from_secs(trust_store::INTERVAL),
    };
    let mut left = budget;
    let mut network_lock = None;
    for authority in &authorities {
        let context = &*authority.context;
        let requests = Requests::new(context, cancel, left);
        if network_lock.is_none() {
            network_lock = Some(NetworkLock::take(&context.directory, &requests).await?);
        }
        let mut run = Run {
            authority,
            what,
            requests,
            report: &mut report,
            cancelled: false,
        };
        run.refresh().await?;
        let (cancelled, requests) = (run.cancelled, run.requests.sent());
        left = run.requests.remaining();
        report.requests += requests;
        if cancelled {
            break;
        }
    }
    for authority in &authorities {
        report.next_in = report.next_in.min(next_in(authority)?);
    }
    Ok(report)
}

/// One authority's part of a refresh.
struct Run<'r, 'e> {
    authority: &'r KeptAuthority,
    what: When,
    requests: Requests<'e>,
    report: &'r mut Report,
    cancelled: bool,
}

impl Run<'_, '_> {
    async fn refresh(&mut self) -> Result<(), Error> {
        let context = &*self.authority.context;
        if self.is_due(trust_store::due(context, context.now()?)?)? {
            self.fetch_list().await?;
        }
        for address in &self.authority.bundles {
            if !self.is_due(bundle_due(context, address, context.now()?)?)? {
                continue;
            }
            let subject = Subject::Bundle(self.authority.id.clone(), address.clone());
            match self.fetch_bundle(address).await {
                Ok(true) => self.report.changed.push(Change(subject)),
                Ok(false) => {}
                Err(error) => {
                    let (row, wish) = (bundle_row(context, address), self.requests.retry_after());
                    Schedule::note_failure(context, &row, error, wish).await?;
                    self.fail(subject, error)?;
                }
            }
        }
        Ok(())
    }

    /// Whether to fetch what is due at `due`: it is due, time is left, and the caller has not
    /// cancelled.
    fn is_due(&self, due: UnixTime) -> Result<bool, Error> {
        let goes_on = !self.cancelled && !self.requests.remaining().is_zero();
        Ok(goes_on && (self.what == When::Now || self.authority.context.now()? >= due))
    }

    async fn fetch_list(&mut self) -> Result<(), Error> {
        let subject = Subject::TrustList(self.authority.id.clone());
        match trust_store::fetch(&self.authority.context, &mut self.requests).await {
            Ok(true) => self.report.changed.push(Change(subject)),
            Ok(false) => {}
            Err(error) => self.fail(subject, error)?,
        }
        Ok(())
    }

    /// Puts a failure into the report. An error of the book is returned, which ends the refresh.
    fn fail(&mut self, subject: Subject, error: Error) -> Result<(), Error> {
        match error {
            Error::Storage(_) | Error::NoRandomness => return Err(error),
            Error::Cancelled => self.cancelled = true,
            _ => tracing::info!(%error, "a part of the reader's refresh failed"),
        }
        self.report.failures.push(Failure { subject, error });
        Ok(())
    }

    /// Fetches a bundle unless it is unchanged, verifies it, and stores it where it is not older
    /// than the held one. Returns whether a newer one was stored.
    async fn fetch_bundle(&mut self, address: &str) -> Result<bool, Error> {
        let context = &*self.authority.context;
        let row = bundle_row(context, address);
        let held = held(context, address)?;
        let mut schedule = Schedule::read(context, &row)?;
        let etag = schedule.etag.take();
        let etag = etag.filter(|_| held.as_ref().is_some_and(|held| held.is_current));
        let resource = self
            .requests
            .get_if_new(address, MEDIA_TYPE, etag.as_deref(), MAX_BYTES)
            .await?;
        // The time of another server than the authority's proves nothing.
        let is_its = address::is_same_server(&context.authority, address);
        let server_date = self.requests.take_date().filter(|_| is_its);
        let (etag, body) = match resource {
            Resource::New { etag, body } => (etag, body),
            Resource::Unchanged => {
                schedule.succeed(context.now()?, etag);
                let learned = Learned {
                    server_date,
                    ..Learned::default()
                };
                let keep = move |tx: &mut Tx<'_>| tx.put(&row, &schedule);
                context.write(Weight::Light, learned, keep).await?;
                return Ok(false);
            }
        };
        let (bundle, kid) = self.verify(&body).await?;
        if let Some(Held { bundle: held, .. }) = &held {
            if (held.issuer(), held.prefix()) != (bundle.issuer(), bundle.prefix()) {
                return Err(CredentialError::OtherList.into());
            }
            if bundle.issued_at() < held.issued_at() {
                return Err(CredentialError::OlderThanHeld.into());
            }
        }
        schedule.succeed(context.now()?, etag);
        let learned = Learned {
            server_date,
            signed: Some((bundle.issued_at(), Evidence::Signed(kid))),
            ..Learned::default()
        };
        let record = BundleRecord {
            inflated: length(bundle.inflated_length()),
            bytes: body,
        };
        let is_new = held.is_none_or(|held| !held.is_current || held.bytes != record.bytes);
        let weight = if is_new {
            Weight::Anchored
        } else {
            Weight::Light
        };
        context
            .write(weight, learned, move |tx| {
                tx.put(&row, &schedule)?;
                if is_new {
                    check_room(tx, &row, record.inflated)?;
                    tx.put(&row, &record)?;
                }
                Ok(())
            })
            .await?;
        Ok(is_new)
    }

    /// Verifies a bundle. Where its key is unknown or its time is far ahead, the held trust list
    /// may be too old, so a newer one is fetched, once.
    async fn verify(&mut self, body: &[u8]) -> Result<(Bundle, KeyId), Error> {
        let check = |context: &Context| {
            let trust = trust_store::held(context)?.ok_or(Error::TrustListMissing)?;
            let offered = UnverifiedBundle::parse(body)?;
            let kid = offered.kid();
            let bundle = offered.authenticate(&trust)?;
            context.check_time(bundle.issued_at(), Evidence::Signed(kid))?;
            Ok((bundle, kid))
        };
        match check(&self.authority.context) {
            Err(Error::Credential(CredentialError::UnknownKey) | Error::ServerTimeWrong { .. }) => {
                if trust_store::fetch(&self.authority.context, &mut self.requests).await? {
                    let subject = Subject::TrustList(self.authority.id.clone());
                    self.report.changed.push(Change(subject));
                }
                check(&self.authority.context)
            }
            checked => checked,
        }
    }
}

/// A held bundle whose key the trust list accepts.
struct Held {
    bundle: Bundle,
    bytes: Vec<u8>,
    /// False where an older copy of the book was put in place.
    is_current: bool,
}

fn held(context: &Context, address: &str) -> Result<Option<Held>, Error> {
    let Some(trust) = trust_store::held(context)? else {
        return Ok(None);
    };
    let row = bundle_row(context, address);
    let (record, is_current) = context.vault.read(|view| {
        let is_current = view.is_current(Table::Bundle, &row);
        match view.get::<BundleRecord>(&row) {
            Ok(record) => Ok((record, is_current)),
            Err(Error::VaultDamaged { .. }) => Ok((None, false)),
            Err(error) => Err(error),
        }
    })?;
    Ok(record.and_then(|BundleRecord { bytes, .. }| {
        let bundle = Bundle::verify(&bytes, &trust).ok()?;
        Some(Held {
            bundle,
            bytes,
            is_current,
        })
    }))
}

/// Checks that all bundles of the book fit into one verifier's memory.
fn check_room(tx: &Tx<'_>, row: &str, inflated: u64) -> Result<(), Error> {
    let mut taken = inflated;
    for (other, record) in tx.list::<BundleRecord>() {
        if other != row {
            taken = taken.saturating_add(record.map_or(0, |record| record.inflated));
        }
    }
    if taken <= MAX_INFLATED {
        Ok(())
    } else {
        Err(CredentialError::TooManyBundles.into())
    }
}

/// When to fetch a bundle again.
fn bundle_due(context: &Context, address: &str, now: UnixTime) -> Result<UnixTime, Error> {
    let schedule = Schedule::read(context, &bundle_row(context, address))?;
    Ok(match held(context, address)? {
        Some(_) => schedule.due(INTERVAL, now),
        None => schedule.pause(now),
    })
}

fn next_in(authority: &KeptAuthority) -> Result<Duration, Error> {
    let context = &*authority.context;
    let now = context.now()?;
    let mut next = trust_store::due(context, now)?;
    for address in &authority.bundles {
        next = next.min(bundle_due(context, address, now)?);
    }
    let seconds = next.seconds().saturating_sub(now.seconds()).max(1);
    Ok(Duration::from_secs(seconds))
}

/// The row id of a bundle and of its schedule.
pub(super) fn bundle_row(context: &Context, address: &str) -> String {
    context.row(&schedule::of_bundle(address))
}
