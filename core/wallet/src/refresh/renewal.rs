//! Renewals: which are due, and the first status of each new credential.

use super::snapshot::{Holding, List};
use super::{Change, Refresh, Renew, Run, Subject};
use crate::error::Error;
use crate::licenses::LicenseId;
use crate::network::answer::RetryAfter;
use crate::network::schedule::{self, Schedule};
use crate::ports::KeyStoreError;
use crate::succession;
use crate::vault::{Tx, Weight};

/// The pause after an issuer has refused a renewal, in seconds.
const DENIED_PAUSE: u64 = 86_400;

/// The pause after a renewal that a locked phone did not let begin, in seconds. A driver who opens
/// the app does not wait for its end.
const LOCKED_PAUSE: u64 = 3_600;

/// Renewals because of a withdrawn key are spread at random over this time, in seconds.
const NEW_KEY_WITHIN: u64 = 86_400;

impl Run<'_, '_> {
    /// Draws the time at which to renew each license whose key was withdrawn. Without it all
    /// wallets of a nation would ask at once.
    pub(super) async fn spread_new_keys(&mut self) -> Result<(), Error> {
        let (snapshot, now) = (self.snapshot()?, self.context.now()?);
        let waiting = snapshot.licenses.iter();
        let waiting = waiting.filter(|license| license.key_withdrawn && license.new_key.is_none());
        let drawn = |holding: &Holding| {
            let mut schedule = Schedule::default();
            schedule.put_off(now, self.context.within(NEW_KEY_WITHIN));
            (schedule::of_new_key(holding.license.as_str()), schedule)
        };
        let drawn: Vec<_> = waiting.map(drawn).collect();
        if drawn.is_empty() {
            return Ok(());
        }
        self.drop_snapshot();
        let keep = move |tx: &mut Tx<'_>| {
            let mut drawn = drawn.iter();
            drawn.try_for_each(|(row, schedule)| tx.put(row, schedule))
        };
        self.context.vault.write(Weight::Light, keep).await
    }

    /// Renews what is due, and fetches at once the status of each new credential.
    pub(super) async fn renew_licenses(&mut self, renewer: &dyn Renew) -> Result<(), Error> {
        let mut renewed = Vec::new();
        for holding in &self.snapshot()?.licenses {
            if self.renew(renewer, holding).await? {
                renewed.push(holding.license.clone());
            }
        }
        if renewed.is_empty() {
            return Ok(());
        }
        let lists = self.snapshot()?;
        for List { uri, issuer, .. } in &lists.lists {
            let newest = self.snapshot()?;
            let Some(list) = newest.list(uri, issuer) else {
                continue;
            };
            let mut members = list.members.iter();
            let concerned = members.any(|member| renewed.contains(&member.license));
            if concerned && !list.covers_every_member() {
                self.refresh_status(list).await?;
            }
        }
        Ok(())
    }

    /// Shows each renewed credential that can be shown by now.
    pub(super) async fn promote(&mut self) -> Result<(), Error> {
        for promoted in succession::promote(self.context).await? {
            self.drop_snapshot();
            let license = LicenseId::new(promoted.license);
            self.changed.push(Change::Renewed {
                license: license.clone(),
            });
            let (from, to) = (promoted.from, promoted.to);
            if from != to {
                self.changed.push(Change::Status { license, from, to });
            }
        }
        Ok(())
    }

    /// Renews a license where that is due. Returns whether a newer credential is stored.
    async fn renew(&mut self, renewer: &dyn Renew, holding: &Holding) -> Result<bool, Error> {
        let now = self.context.now()?;
        let due = match self.what {
            Refresh::Opened if holding.key_withdrawn => holding.pause_of_failures(now),
            Refresh::Opened => holding.due_once_unlocked(now),
            Refresh::Due => holding.due(now),
            Refresh::Now if holding.is_behind || holding.key_withdrawn => now,
            Refresh::Now => holding.ordinary_renewal(),
        };
        if !self.may_continue() || now < due {
            return Ok(false);
        }
        let row = schedule::of_renewal(holding.license.as_str());
        let drawn = schedule::of_new_key(holding.license.as_str());
        self.drop_snapshot();
        match renewer
            .renew(holding.license.as_str(), &mut self.requests)
            .await
        {
            Ok(Some(seconds)) => {
                // The issuer will issue it later: the held license stays, and nothing has failed.
                let mut schedule = Schedule::read(self.context, &row)?;
                schedule.failures = 0;
                schedule.put_off(self.context.now()?, seconds);
                let keep = move |tx: &mut Tx<'_>| tx.put(&row, &schedule);
                self.context.vault.write(Weight::Light, keep).await?;
                Ok(false)
            }
            Ok(None) => {
                let forget = move |tx: &mut Tx<'_>| {
                    tx.delete::<Schedule>(&drawn)?;
                    tx.delete::<Schedule>(&row)
                };
                self.context.vault.write(Weight::Light, forget).await?;
                Ok(true)
            }
            Err(Error::KeyStore(KeyStoreError::Locked)) => {
                // A phone that lies locked has not failed, and neither has the issuer.
                let mut schedule = Schedule::read(self.context, &row)?;
                schedule.put_off(self.context.now()?, LOCKED_PAUSE);
                let keep = move |tx: &mut Tx<'_>| tx.put(&row, &schedule);
                self.context.vault.write(Weight::Light, keep).await?;
                Ok(false)
            }
            Err(error) => {
                // The authority may have no newer credential: that is an answer, not a failure.
                let denied = error == Error::NotRenewable;
                let refused = denied || matches!(error, Error::Refused(_));
                let wish = if refused {
                    Some(RetryAfter::In(DENIED_PAUSE))
                } else {
                    self.requests.retry_after()
                };
                Schedule::note_failure(self.context, &row, error, wish).await?;
                if !denied {
                    self.report(Subject::Renewal(holding.license.clone()), error)?;
                }
                Ok(false)
            }
        }
    }
}
