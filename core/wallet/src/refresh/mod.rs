//! Keeping what the wallet holds true: the trust list, each license's status, and the license itself.
//!
//! One [`refresh`] is what a phone's scheduler calls: it asks for what is due, within a budget, keeps
//! only what is verified and not older than before, and says when to call again. Each thing is kept by
//! itself as soon as it is there, so a call that dies half-way loses nothing, and a thing that cannot
//! be had does not hold up the others: it is tried again after a pause that grows.
//!
//! The order is: the trust list, which may withdraw what is held; each status; the licenses, where their status or the
//! trust list calls for it, or their time has come; the first status of what was renewed; and last what the issuer is
//! still to be told.

#[cfg(test)]
mod certificates;
mod held;
#[cfg(all(test, unix))]
mod read_only;
mod renewal;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::status::LicenseStatus;

use self::held::{Held, List};
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::{Error, StorageError};
use crate::licenses::LicenseId;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::trust_store;

/// How long one round of a loop that refreshes may take: a phone gives an app in the background some 30 s.
pub const ROUND_BUDGET: Duration = Duration::from_secs(25);

/// How long such a loop sleeps at most: its timer may stand still while the phone sleeps, and the clock may be set.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// What is due.
    Due,
    /// What is due, and a license whose key was withdrawn without waiting for its turn: the first thing to ask for when
    /// a driver opens the app.
    Opened,
    /// Trust list and status now, whenever they were last asked for, and what an issuer was not told yet; a renewal only
    /// when due, or where the key of a license was withdrawn.
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
    /// A license was renewed: it is shown with its new credential from now on.
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
    async fn renew(&self, license: &str, requests: &mut Requests<'_>) -> Result<(), Error>;

    /// Tells issuers what they have not heard yet of the credentials that were stored.
    async fn acknowledge(&self, what: Refresh, requests: &mut Requests<'_>) -> Result<(), Error>;
}

/// Asks for what is due, or for all, and keeps what is verified.
///
/// # Errors
/// Only where the vault cannot be read or written, or another process uses the network for the whole
/// budget. What a server did wrong stands in the report.
pub(crate) async fn refresh(
    context: &Context,
    renewer: &dyn Renew,
    what: Refresh,
    budget: Duration,
    cancel: &CancelToken,
) -> Result<RefreshReport, Error> {
    let requests = Requests::new(context, cancel, budget);
    let _network_lock = NetworkLock::take(&context.directory, &requests).await?;
    let mut run = Run {
        context,
        what,
        requests,
        changed: Vec::new(),
        failures: Vec::new(),
        cancelled: false,
        list_came_late: false,
        held: None,
    };
    run.refresh_trust_list().await?;
    run.refresh_statuses().await?;
    run.spread_new_keys().await?;
    run.renew_licenses(renewer).await?;
    run.promote().await?;
    if run.goes_on() {
        run.out_of_date();
        renewer.acknowledge(what, &mut run.requests).await?;
    }
    Ok(RefreshReport {
        next_in: run.held()?.next_in(context.now()?),
        requests: run.requests.sent(),
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
    context: &Context,
    renewer: &dyn Renew,
    cancel: &CancelToken,
    mut notice: impl FnMut(&RefreshReport) + Send,
) -> Result<(), Error> {
    let mut what = Refresh::Opened;
    while !cancel.is_cancelled() {
        let mut pause = LONGEST_SLEEP;
        match refresh(context, renewer, what, ROUND_BUDGET, cancel).await {
            Ok(report) => {
                what = Refresh::Due;
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

/// One refresh under way.
struct Run<'r, 'e> {
    context: &'r Context,
    what: Refresh,
    requests: Requests<'e>,
    changed: Vec<Change>,
    failures: Vec<Failure>,
    cancelled: bool,
    /// A newer trust list came while the statuses were asked for: it may have withdrawn some.
    list_came_late: bool,
    /// What the wallet holds, as it was read last; `None` before the first reading and after a step has written.
    held: Option<Arc<Held>>,
}

impl Run<'_, '_> {
    /// Whether there is time left and nobody cancelled. What is not begun stays due.
    fn goes_on(&self) -> bool {
        !self.cancelled && !self.requests.remaining().is_zero()
    }

    /// What the wallet holds: read once, and again only after a step has written.
    fn held(&mut self) -> Result<Arc<Held>, Error> {
        if let Some(held) = &self.held {
            return Ok(Arc::clone(held));
        }
        let held = Arc::new(Held::read(self.context, self.context.now()?)?);
        self.held = Some(Arc::clone(&held));
        Ok(held)
    }

    /// Notes that a step writes, or lets another write: the next one reads again.
    fn out_of_date(&mut self) {
        self.held = None;
    }

    /// Puts a failure into the report; an error of the vault ends the refresh instead. A holder key that is gone is a
    /// failure of its own license, and no other's.
    fn report(&mut self, subject: Subject, error: Error) -> Result<(), Error> {
        match error {
            Error::Storage(_) | Error::NoRandomness => return Err(error),
            Error::Cancelled => self.cancelled = true,
            _ => tracing::info!(%error, "a part of the refresh failed"),
        }
        self.failures.push(Failure { subject, error });
        Ok(())
    }

    async fn refresh_trust_list(&mut self) -> Result<(), Error> {
        let now = self.context.now()?;
        if !self.goes_on() || (self.what != Refresh::Now && now < self.held()?.trust_list_due) {
            return Ok(());
        }
        self.out_of_date();
        match trust_store::fetch(self.context, &mut self.requests).await {
            Ok(true) => self.changed.push(Change::TrustList),
            Ok(false) => {}
            Err(error) => self.report(Subject::TrustList, error)?,
        }
        Ok(())
    }

    /// Each status that is due, and once more those that a trust list withdrew that came in between.
    async fn refresh_statuses(&mut self) -> Result<(), Error> {
        for list in &self.held()?.lists {
            let now = self.context.now()?;
            if self.what == Refresh::Now || now >= list.due(now) {
                self.refresh_status(list).await?;
            }
        }
        if std::mem::take(&mut self.list_came_late) {
            for list in &self.held()?.lists {
                let now = self.context.now()?;
                if now >= list.due(now) {
                    self.refresh_status(list).await?;
                }
            }
        }
        Ok(())
    }

    async fn refresh_status(&mut self, list: &List) -> Result<(), Error> {
        if !self.goes_on() {
            return Ok(());
        }
        let outcome = self.fetch_status(list).await;
        self.out_of_date();
        let Err(error) = outcome else {
            return Ok(());
        };
        let row = schedule::of_list(&list.uri);
        Schedule::note_failure(self.context, &row, error, self.requests.retry_after()).await?;
        let mut told: Vec<&LicenseId> = Vec::new();
        for member in &list.members {
            // Once a license, though two of its credentials may stand in one list.
            if !told.contains(&&member.license) {
                told.push(&member.license);
                self.report(Subject::Status(member.license.clone()), error)?;
            }
        }
        Ok(())
    }
}
