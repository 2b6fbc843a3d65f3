//! Personal data of licenses that ended: how long it is kept, and its deletion.

use std::fs;

use vidimus_credential::UnixTime;

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::{Forgot, Register as _, ToForget};
use crate::rules::retention::{Retention, effective_from};
use crate::store::{events, settings, vacuum};

/// Licenses whose data is deleted in one transaction.
const BATCH: u32 = 256;
/// A rewriting of the database file that did not come to its end is tried again after this many
/// seconds: a day.
const REWRITE_AGAIN: u64 = 86_400;

/// What a deletion of personal data did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// The retention that is set.
    pub retention: Retention,
    /// The ids of the licenses whose data was deleted.
    pub licenses: Vec<String>,
    /// Whether the database file was written anew, so that it holds no copy of what was deleted.
    /// Where it was not, someone reads the database for long: the next call tries again.
    pub rewritten: bool,
}

impl Authority {
    /// How long the personal data of a license that ended is kept.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn retention(&self) -> Result<Retention, Error> {
        self.store.read(settings::retention)
    }

    /// Sets how long it is kept. Where that is shorter than before, nothing is deleted in the first
    /// hour, so that a slip can be taken back.
    ///
    /// # Errors
    /// Why the database cannot be written.
    pub fn set_retention(&self, retention: Retention, now: impl Into<Moment>) -> Result<(), Error> {
        let now = self.believed(now.into())?;
        self.store.write(|transaction| {
            let former = settings::retention(transaction)?;
            let from = effective_from(former, retention, now);
            settings::set_retention(transaction, retention, from)?;
            let days = retention
                .days()
                .map_or("forever".to_owned(), |days| days.to_string());
            events::append_other(transaction, "retention_set", &days, now)
        })?;
        self.store.checkpoint()
    }

    /// What [`forget`](Self::forget) would delete now.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], or why the database cannot be read.
    pub fn to_forget(&self, now: impl Into<Moment>) -> Result<ToForget, Error> {
        self.register().to_forget(u32::MAX, now.into())
    }

    /// Deletes the personal data of licenses that ended longer ago than the retention, once none of
    /// their credentials can be good any more: name, number, dates, categories, portraits, offers,
    /// the keys of their phones, and the reasons of decisions. Id, end, events and decisions stay,
    /// and the status of each index. What still counts against a number goes on counting; what is
    /// kept for it is deleted once it does not. Then the database file is written anew.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`] and [`Error::DeletionWaits`], with which nothing was deleted;
    /// [`Error::Busy`] where the file could not be written anew, or why the database cannot be
    /// used: what was deleted stays so, and the next call goes on.
    pub fn forget(&self, now: impl Into<Moment>) -> Result<Forgotten, Error> {
        let now = now.into();
        let mut licenses = Vec::new();
        loop {
            match self.register().forget(BATCH, now)? {
                Forgot::Waits { until } => return Err(Error::DeletionWaits { until }),
                Forgot::Done {
                    licenses: batch,
                    more,
                } => {
                    licenses.extend(batch);
                    if !more {
                        break;
                    }
                }
            }
        }
        self.settle(&[], now)?;
        let rewritten = match self.store.read(settings::rewrite_at)? {
            Some(_) => self.rewrite(now.wall())?,
            None => true,
        };
        Ok(Forgotten {
            retention: self.retention()?,
            licenses,
            rewritten,
        })
    }

    /// The timer's part of it: one batch, and the file once a day. A large file is left to
    /// [`forget`](Self::forget), which is called at an hour that a clerk chooses.
    ///
    /// # Errors
    /// Those of [`forget`](Self::forget), but for the wait after the clock has moved.
    pub(crate) fn forget_some(&self, now: Moment) -> Result<(), Error> {
        let done = self.register().forget(BATCH, now)?;
        let Some(at) = self.store.read(settings::rewrite_at)? else {
            return Ok(());
        };
        let at = u64::try_from(at).unwrap_or(0);
        let wall = now.wall();
        // A clock that was set back must not put it off for long.
        let is_due = at <= wall.seconds() || at > wall.saturating_add(REWRITE_AGAIN).seconds();
        if is_due && !matches!(done, Forgot::Waits { .. }) && self.size()? <= vacuum::SMALL {
            self.rewrite(wall)?;
        }
        Ok(())
    }

    /// Writes the database file anew, and notes that it is done.
    fn rewrite(&self, now: UnixTime) -> Result<bool, Error> {
        // Where it fails, or this process dies, it is not tried again with each round.
        let again = now.saturating_add(REWRITE_AGAIN);
        self.store
            .write(|transaction| settings::set_rewrite_at(transaction, Some(again)))?;
        let done = vacuum::rewrite(&self.home.database(), self.size()?)?;
        if done {
            self.store
                .write(|transaction| settings::set_rewrite_at(transaction, None))?;
        }
        self.store.checkpoint()?;
        Ok(done)
    }

    fn size(&self) -> Result<u64, Error> {
        let file = fs::metadata(self.home.database());
        Ok(file
            .map_err(Error::io("look at the database's file"))?
            .len())
    }
}
