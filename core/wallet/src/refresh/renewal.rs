//! Renewals: which are due, and the first status of what came.

use super::due::{Holding, NEW_KEY_WITHIN, holdings, lists, renewal_due};
use super::{Change, Refresh, Renew, Run, Subject};
use crate::error::Error;
use crate::licenses::LicenseId;
use crate::network::answer::RetryAfter;
use crate::network::schedule::{self, Schedule};
use crate::succession;
use crate::vault::{Table, Tx, Weight};

/// How long to leave alone an issuer that will not renew, in seconds.
const DENIED_PAUSE: u64 = 86_400;

impl Run<'_, '_> {
    /// Draws when this wallet's turn comes to renew a license whose key was withdrawn: a nation of wallets would come at
    /// once otherwise.
    pub(super) async fn draw_turns(&mut self) -> Result<(), Error> {
        let drawn = self
            .context
            .vault
            .read(|view| Ok(view.ids(Table::Refresh)))?;
        for holding in holdings(self.context)? {
            let row = schedule::of_new_key(holding.license.as_str());
            if !holding.key_withdrawn || drawn.contains(&row) {
                continue;
            }
            let mut turn = Schedule::default();
            turn.put_off(self.context.now()?, self.context.within(NEW_KEY_WITHIN));
            self.context
                .vault
                .write(Weight::Light, move |tx| tx.put(&row, &turn))
                .await?;
        }
        Ok(())
    }

    /// Renews what is due, and asks at once for the status of what came.
    pub(super) async fn renew_licenses(&mut self, renewer: &dyn Renew) -> Result<(), Error> {
        let mut renewed = Vec::new();
        for holding in holdings(self.context)? {
            if self.renew(renewer, &holding).await? {
                renewed.push(holding.license);
            }
        }
        if renewed.is_empty() {
            return Ok(());
        }
        for list in lists(self.context)? {
            let mut members = list.members.iter();
            let concerned = members.any(|member| renewed.contains(&member.license));
            let held = super::due::held_status(self.context, &list.uri)?;
            let is_served = held.is_some_and(|held| list.is_served_by(&held));
            if concerned && !is_served {
                self.refresh_status(&list).await?;
            }
        }
        Ok(())
    }

    /// Shows the renewed credentials whose turn has come.
    pub(super) async fn promote(&mut self) -> Result<(), Error> {
        for promoted in succession::promote(self.context).await? {
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
            Refresh::Due => renewal_due(self.context, holding, now)?,
            Refresh::Opened if holding.key_withdrawn => {
                let row = schedule::of_renewal(holding.license.as_str());
                Schedule::read(self.context, &row)?.pause(now)
            }
            Refresh::Opened => renewal_due(self.context, holding, now)?,
            Refresh::Now if holding.is_behind || holding.key_withdrawn => now,
            Refresh::Now => holding.renewal_due(),
        };
        if !self.goes_on() || now < due {
            return Ok(false);
        }
        let row = schedule::of_renewal(holding.license.as_str());
        let turn = schedule::of_new_key(holding.license.as_str());
        match renewer
            .renew(holding.license.as_str(), &mut self.requests)
            .await
        {
            Ok(()) => {
                let forget = move |tx: &mut Tx<'_>| {
                    tx.delete::<Schedule>(&turn)?;
                    tx.delete::<Schedule>(&row)
                };
                self.context.vault.write(Weight::Light, forget).await?;
                Ok(true)
            }
            Err(error) => {
                // The authority may have no newer credential to give: that is an answer, and no failure.
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
