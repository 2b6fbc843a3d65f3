//! The clock: looked at, accepted, and repaired.

use vidimus_credential::{Day, UnixTime};

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::rules::{self, signing_time};
use crate::store::settings::Settings;
use crate::store::{self, clock};

/// Licenses settled in one transaction.
const SETTLED: u32 = 256;

/// What the clock says, and what it should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockState {
    /// What the wall clock says.
    pub clock: UnixTime,
    /// What it should say: by the last signature, and by the boot clock where the machine was not
    /// started anew since. `None` where nothing was signed yet.
    pub expected: Option<UnixTime>,
    /// The latest time that anything signed states. `None` where nothing was signed yet.
    pub last_signed: Option<UnixTime>,
    /// Whether nothing is signed until [`Authority::accept_clock`] or [`Authority::repair_clock`]
    /// was called.
    pub in_doubt: bool,
    /// The clock has jumped: until then no term ends, no place is released and nothing is
    /// forgotten. Decisions begin all the same. `None` where nothing waits.
    pub ends_wait_until: Option<UnixTime>,
    /// How many decisions have ended by the clock, and are still in force in what is signed.
    pub ends_waiting: u64,
}

impl Authority {
    /// What the clock says, and whether it is believed.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn clock(&self, now: impl Into<Moment>) -> Result<ClockState, Error> {
        let now = now.into();
        self.store.read(|transaction| {
            let last = clock::last(transaction)?;
            let expected = last
                .as_ref()
                .map(|last| rules::clock::expected(last.moment, now));
            let in_doubt = match clock::check(transaction, now) {
                Ok(()) => false,
                Err(Error::ClockInDoubt { .. }) => true,
                Err(error) => return Err(error),
            };
            let steady = clock::steady_from(transaction, now)?;
            let ends_wait_until = Some(steady).filter(|steady| !in_doubt && *steady > now.wall());
            let ends_waiting = match ends_wait_until {
                Some(_) => store::decisions::ends_waiting(transaction, now.wall())?,
                None => 0,
            };
            Ok(ClockState {
                clock: now.wall(),
                expected,
                last_signed: last.map(|last| last.iat),
                in_doubt,
                ends_wait_until,
                ends_waiting,
            })
        })
    }

    /// Believes the clock from now on, and signs what has waited. Where the clock has moved by more
    /// than a day, ends of terms wait for another hour: [`clock`](Self::clock) says until when.
    /// `today` is the date that a person read elsewhere: by UTC, or by the authority's seat.
    ///
    /// # Errors
    /// [`Error::NotToday`]; [`Error::SignedAhead`] where something is signed for a time that is
    /// still to come by this clock: it is wrong, or that signature was; why the database cannot be
    /// used.
    pub fn accept_clock(&self, today: Day, now: impl Into<Moment>) -> Result<(), Error> {
        let now = now.into();
        self.store.write(|transaction| {
            ensure_today(&Settings::read(transaction)?, today, now.wall())?;
            let Some(last) = clock::last(transaction)? else {
                return Ok(());
            };
            if signing_time::wait(last.iat, now.wall()) > 0 {
                return Err(Error::SignedAhead { signed: last.iat });
            }
            clock::accept(transaction, last.iat, now)
        })?;
        self.publish(now)
    }

    /// Takes back what was signed by a clock that ran ahead. Both keys are retired with the present
    /// time as the last at which they signed; new ones take over; a trust list with the next serial
    /// is signed, and everything else under the same `uri`. Wallets and readers that take that list
    /// forget what was dated ahead. Credentials that were dated ahead count no more, and wallets
    /// renew them. What the register did by that clock is taken back as well: decisions that had
    /// begun or ended, places that were released. `today` as with
    /// [`accept_clock`](Self::accept_clock).
    ///
    /// A repair that was cut off goes on with the next call, and with each round of
    /// [`serve`](crate::serve) and [`publish`](Self::publish).
    ///
    /// # Errors
    /// [`Error::NotToday`]; [`Error::NothingToRepair`] where nothing is signed for a time to come;
    /// why the database, keys or files cannot be used.
    pub fn repair_clock(&self, today: Day, now: impl Into<Moment>) -> Result<(), Error> {
        let now = now.into();
        self.store.write(|transaction| {
            ensure_today(&Settings::read(transaction)?, today, now.wall())?;
            let ahead = clock::last(transaction)?.is_some_and(|last| last.iat > now.wall());
            if !ahead {
                return match store::repair::is_unfinished(transaction)? {
                    true => Ok(()),
                    false => Err(Error::NothingToRepair),
                };
            }
            self.keys.repair(transaction, now.wall())?;
            store::documents::raise_serial(transaction)?;
            store::repair::take_back(transaction, now)
        })?;
        self.finish_repair(now)?;
        self.publish(now)
    }

    /// Goes on with a repair that was begun.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], or why the database cannot be used.
    pub(super) fn finish_repair(&self, now: Moment) -> Result<(), Error> {
        if !self.store.read(store::repair::is_unfinished)? {
            return Ok(());
        }
        while self.store.write(|transaction| {
            clock::check(transaction, now)?;
            store::repair::settle_some(transaction, SETTLED, now.wall())
        })? {}
        Ok(())
    }

    /// The time by which a clerk's command is dated.
    pub(super) fn believed(&self, now: Moment) -> Result<UnixTime, Error> {
        self.store
            .read(|transaction| clock::believed(transaction, now))
    }
}

/// Asks for the date of now, by UTC or at the authority's seat.
fn ensure_today(settings: &Settings, today: Day, now: UnixTime) -> Result<(), Error> {
    let minutes = u64::from(settings.utc_offset.unsigned_abs());
    let seat = if settings.utc_offset < 0 {
        now.saturating_sub(minutes * 60)
    } else {
        now.saturating_add(minutes * 60)
    };
    if today == now.day() || today == seat.day() {
        Ok(())
    } else {
        Err(Error::NotToday { clock: now })
    }
}
