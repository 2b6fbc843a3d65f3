//! Decisions about drivers, and what time makes of them.

use vidimus_credential::LicenseStatus;

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::{Decided, Decision, Due, Register as _};
use crate::secret::{hex, random};

impl Authority {
    /// Makes decisions, all of them or none, in one transaction and one signing pass. When this
    /// returns, the list of each device's present credential says so; lists of older credentials
    /// follow within a minute or so of [`serve`](crate::serve). The bundle says so within 10
    /// minutes, or once [`publish`](Self::publish) was called. A decision that was made before,
    /// under the same event, is not made again.
    ///
    /// `by` says who decides: a name of the office, 1 to 64 bytes, not of a person.
    ///
    /// # Errors
    /// [`Error::Office`]. [`Error::UnknownLicense`], [`Error::StatusNotSettable`],
    /// [`Error::Revoked`], [`Error::Superseded`], [`Error::EventReused`], and the others about a
    /// decision's words and times, each inside [`Error::InBatch`] where there are several; with
    /// these nothing was done. [`Error::ClockInDoubt`], [`Error::SigningWaits`] and
    /// [`Error::StoredUnsigned`]: it is stored, and will be signed later.
    pub fn decide(
        &self,
        decisions: &[Decision],
        by: &str,
        now: impl Into<Moment>,
    ) -> Result<Decided, Error> {
        let now = now.into();
        let (decided, due) = self.register().decide(decisions, by, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(Decided {
            lists: due.len(),
            ..decided
        })
    }

    /// Makes one decision from now on and without end, under an event that is drawn for it: a
    /// clerk's short way. Valid lifts what is in force.
    ///
    /// # Errors
    /// Those of [`decide`](Self::decide).
    pub fn set_status(
        &self,
        of: &str,
        status: LicenseStatus,
        now: impl Into<Moment>,
    ) -> Result<(), Error> {
        let decision = Decision {
            event: Self::new_event()?,
            license: of.to_owned(),
            state: status,
            reason: None,
            from: None,
            until: None,
            lifts: None,
        };
        self.decide(&[decision], "clerk", now).map(drop)
    }

    /// An event name that is not used yet.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn new_event() -> Result<String, Error> {
        Ok(hex(&random::<8>()?))
    }

    /// Does what time brings: decisions that begin or end, credentials that are superseded, places
    /// in lists that are free again, and what is forgotten. In the hour after a jump of the clock,
    /// only what begins and is superseded.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`] and [`Error::SigningWaits`]: it is stored, and will be signed later;
    /// or why the database cannot be used.
    pub(crate) fn tick(&self, now: Moment) -> Result<(), Error> {
        self.finish_repair(now)?;
        let mut due = Due::new();
        loop {
            let ticked = self.register().tick(now)?;
            due.extend(ticked.due);
            if !ticked.more {
                break;
            }
        }
        due.sort_unstable();
        due.dedup();
        self.publisher().sign_lists(&due, now)
    }
}
