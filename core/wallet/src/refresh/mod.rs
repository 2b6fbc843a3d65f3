//! Keeping the trust list, each license's status, and the licenses fresh.
//!
//! A phone's scheduler calls [`refresh`]. It fetches what is due, within a budget, stores only what
//! is verified and not older than before, and says when to call again. Each object is stored as
//! soon as it is verified, so a crash loses nothing. An object that cannot be fetched does not
//! delay the others: it is tried again after a growing pause.
//!
//! The order is: the trust list, which may withdraw keys; applications; each status; renewals that
//! a status, the trust list or the time calls for; the first status of renewed licenses; and last
//! the notifications to issuers.

#[cfg(test)]
mod certificates;
#[cfg(all(test, unix))]
mod read_only;
mod renewal;
mod snapshot;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::status::LicenseStatus;

use self::snapshot::{List, Snapshot};
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::{Error, StorageError};
use crate::licenses::LicenseId;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::trust_store;

/// Time limit for one round of a loop that refreshes: a phone gives an app in the background about
/// 30 s.
pub const ROUND_BUDGET: Duration = Duration::from_secs(25);

/// The longest sleep of such a loop: its timer may stop while the phone sleeps, and the clock may
/// be set.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Which objects a refresh fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Those that are due: for a scheduler.
    Due,
    /// Those that are due, each status that was last asked for over a minute ago, and at once a
    /// license whose key was withdrawn: for the moment when a driver opens the app or shows a
    /// license. A decision of the authority is then seen at once, not within the hour.
    Opened,
    /// Trust list and status now, even if they were fetched a moment ago, and unanswered
    /// notifications; a renewal only when it is due or the license's key was withdrawn. For a
    /// driver who asks for it.
    Now,
}

/// The result of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshReport {
    /// What is new, in order of arrival.
    pub changed: Vec<Change>,
    /// What could not be fetched, each with its error. A later refresh tries again.
    pub failures: Vec<Failure>,
    /// Number of HTTP requests that were sent.
    pub requests: u32,
    /// When to call again, at least a second from now. Nothing is due before that.
    pub next_in: Duration,
}

/// A newer object that a refresh stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A newer trust list.
    TrustList,
    /// A newer status of a license. `to` may be the same state as `from`, signed later.
    Status {
        /// The license that it belongs to.
        license: LicenseId,
        /// The state in the old status; Unknown without one.
        from: LicenseStatus,
        /// The state in the newer status.
        to: LicenseStatus,
    },
    /// A license that an application was for was issued, and is in the wallet.
    Received {
        /// The id of the new license.
        license: LicenseId,
    },
    /// The authority refused an application; [`Wallet::applications`](crate::Wallet::applications)
    /// says why.
    ApplicationRefused {
        /// The id of the application.
        application: LicenseId,
    },
    /// A license was renewed, and is shown with its new credential from now on.
    Renewed {
        /// The license that it belongs to.
        license: LicenseId,
    },
}

/// An object that could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The object that is missing.
    pub subject: Subject,
    /// Why it could not be fetched.
    pub error: Error,
}

/// An object that a refresh fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The authority's trust list.
    TrustList,
    /// The status of a license.
    Status(LicenseId),
    /// A newer credential for a license.
    Renewal(LicenseId),
    /// The license of an application.
    Application(LicenseId),
}

/// What became of an application.
pub(crate) enum Progress {
    /// Its license is stored.
    Received,
    /// The authority refused it.
    Refused,
    /// It could not be asked for.
    Failed(Error),
}

/// Renews licenses and goes on with applications. Issuance implements it, so that this module does
/// not depend on it.
#[async_trait]
pub(crate) trait Renew: Send + Sync {
    /// Goes on with each application that is due, and says what became of it.
    async fn go_on(
        &self,
        what: Refresh,
        requests: &mut Requests<'_>,
    ) -> Result<Vec<(String, Progress)>, Error>;

    /// Fetches and stores a newer credential for a license. Returns the seconds to wait where the
    /// issuer will issue it later.
    async fn renew(&self, license: &str, requests: &mut Requests<'_>)
    -> Result<Option<u64>, Error>;

    /// Sends the notifications that issuers have not answered yet.
    async fn acknowledge(&self, what: Refresh, requests: &mut Requests<'_>) -> Result<(), Error>;
}

/// Fetches what is due, or everything, and stores what is verified.
///
/// # Errors
/// Only where the vault cannot be read or written, or another process uses the network for the
/// whole budget. Errors of servers are in the report.
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
        snapshot: None,
    };
    run.refresh_trust_list().await?;
    run.go_on_with_applications(renewer).await?;
    run.refresh_statuses().await?;
    run.spread_new_keys().await?;
    run.renew_licenses(renewer).await?;
    run.promote().await?;
    if run.may_continue() {
        run.drop_snapshot();
        renewer.acknowledge(what, &mut run.requests).await?;
    }
    Ok(RefreshReport {
        next_in: run.snapshot()?.next_in(context.now()?),
        requests: run.requests.sent(),
        changed: run.changed,
        failures: run.failures,
    })
}

/// Refreshes what is due, again and again, until cancelled: for an app in the foreground. Each
/// round that sent a request passes its report to `on_report`.
///
/// # Errors
/// Those of [`refresh`], which end the loop. After [`Error::Storage`] with `Busy` it tries again.
pub(crate) async fn keep_fresh(
    context: &Context,
    renewer: &dyn Renew,
    cancel: &CancelToken,
    mut on_report: impl FnMut(&RefreshReport) + Send,
) -> Result<(), Error> {
    let mut what = Refresh::Opened;
    while !cancel.is_cancelled() {
        let mut pause = LONGEST_SLEEP;
        match refresh(context, renewer, what, ROUND_BUDGET, cancel).await {
            Ok(report) => {
                what = Refresh::Due;
                pause = pause.min(report.next_in);
                if report.requests > 0 {
                    on_report(&report);
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

/// The state of one running refresh.
struct Run<'r, 'e> {
    context: &'r Context,
    what: Refresh,
    requests: Requests<'e>,
    changed: Vec<Change>,
    failures: Vec<Failure>,
    cancelled: bool,
    /// Whether a newer trust list was stored while statuses were fetched: it may have withdrawn
    /// some of them.
    list_came_late: bool,
    /// The last snapshot; `None` before the first one and after a step has written.
    snapshot: Option<Arc<Snapshot>>,
}

impl Run<'_, '_> {
    /// Whether time is left and the caller has not cancelled. A step that was not begun stays due.
    fn may_continue(&self) -> bool {
        !self.cancelled && !self.requests.remaining().is_zero()
    }

    /// The snapshot of what the wallet holds. It is read once, and again only after a step has
    /// written.
    fn snapshot(&mut self) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = &self.snapshot {
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Arc::new(Snapshot::read(self.context, self.context.now()?)?);
        self.snapshot = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Drops the snapshot. Each step that writes, or during which another process may write, must
    /// call it.
    fn drop_snapshot(&mut self) {
        self.snapshot = None;
    }

    /// Puts a failure into the report. An error of the vault is returned, which ends the refresh. A
    /// missing holder key is a failure of its license alone.
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
        if !self.may_continue()
            || (self.what != Refresh::Now && now < self.snapshot()?.trust_list_due)
        {
            return Ok(());
        }
        self.drop_snapshot();
        match trust_store::fetch(self.context, &mut self.requests).await {
            Ok(true) => self.changed.push(Change::TrustList),
            Ok(false) => {}
            Err(error) => self.report(Subject::TrustList, error)?,
        }
        Ok(())
    }

    /// Asks for the licenses that were applied for. The first status of a new one comes next.
    async fn go_on_with_applications(&mut self, renewer: &dyn Renew) -> Result<(), Error> {
        if !self.may_continue() {
            return Ok(());
        }
        let sent = self.requests.sent();
        let outcomes = renewer.go_on(self.what, &mut self.requests).await?;
        if !outcomes.is_empty() || self.requests.sent() > sent {
            self.drop_snapshot();
        }
        for (id, progress) in outcomes {
            let id = LicenseId::new(id);
            match progress {
                Progress::Received => self.changed.push(Change::Received { license: id }),
                Progress::Refused => {
                    self.changed
                        .push(Change::ApplicationRefused { application: id });
                }
                Progress::Failed(error) => self.report(Subject::Application(id), error)?,
            }
        }
        Ok(())
    }

    /// Fetches each status that is due, and again those that a trust list withdrew in the meantime.
    async fn refresh_statuses(&mut self) -> Result<(), Error> {
        self.refresh_lists(self.what).await?;
        if std::mem::take(&mut self.list_came_late) {
            self.refresh_lists(Refresh::Due).await?;
        }
        Ok(())
    }

    /// Fetches each status that is to be fetched by now.
    async fn refresh_lists(&mut self, what: Refresh) -> Result<(), Error> {
        let lists = self.snapshot()?;
        for List { uri, issuer, .. } in &lists.lists {
            // Read again after each fetch: with another list a trust list may have come that
            // withdrew the held status of this one.
            let (newest, now) = (self.snapshot()?, self.context.now()?);
            let Some(list) = newest.list(uri, issuer) else {
                continue;
            };
            let due = match what {
                Refresh::Due => list.due(now),
                Refresh::Opened => list.due_when_seen(now),
                Refresh::Now => now,
            };
            if now >= due {
                self.refresh_status(list).await?;
            }
        }
        Ok(())
    }

    async fn refresh_status(&mut self, list: &List) -> Result<(), Error> {
        if !self.may_continue() {
            return Ok(());
        }
        let outcome = self.fetch_status(list).await;
        self.drop_snapshot();
        let Err(error) = outcome else {
            return Ok(());
        };
        let row = schedule::of_list(&list.uri);
        Schedule::note_failure(self.context, &row, error, self.requests.retry_after()).await?;
        let mut reported: Vec<&LicenseId> = Vec::new();
        for member in &list.members {
            // Each license is reported once, even where two of its credentials are in one list.
            if !reported.contains(&&member.license) {
                reported.push(&member.license);
                self.report(Subject::Status(member.license.clone()), error)?;
            }
        }
        Ok(())
    }
}
