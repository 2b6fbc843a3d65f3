//! Keeping what the wallet holds true: the trust list, each license's status, and the license itself.
//!
//! One [`refresh`] is what a phone's scheduler calls: it asks for what is due, within a budget, keeps
//! only what is verified and not older than before, and says when to call again. Each thing is kept by
//! itself as soon as it is there, so a call that dies half-way loses nothing, and a thing that cannot
//! be had does not hold up the others: it is tried again after a pause that grows.

#[cfg(test)]
mod certificates;
mod due;
#[cfg(all(test, unix))]
mod read_only;
mod status;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::status::LicenseStatus;

use self::due::{Holding, List, holdings, lists, next_in, renewal_due, status_due};
use crate::cancel::CancelToken;
use crate::error::{Error, StorageError};
use crate::exchange::Exchange;
use crate::licenses::LicenseId;
use crate::parts::Parts;
use crate::schedule::{self, Schedule};
use crate::trust_store;
use crate::turn::Turn;
use crate::vault::Weight;

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
