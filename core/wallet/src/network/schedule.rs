//! When a resource was last fetched, how often that failed, and when to fetch it again.

use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::{Damage, Error};
use crate::network::answer::{MAX_RETRY_AFTER, MAX_SPREAD, RetryAfter, spread};
use crate::ports::KeyStoreError;
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table, View, Weight};

/// First pause after a failure, in seconds; each further failure doubles it.
const FIRST_PAUSE: u64 = 30;

/// Longest pause after a failure, in seconds.
const LONGEST_PAUSE: u64 = 6 * 3600;

/// The row id of the trust list. [`of_list`], [`of_bundle`], [`of_renewal`], [`of_notice`],
/// [`of_application`] and [`of_new_key`] give the others.
pub(crate) const TRUST_LIST: &str = "trust";

/// The row id of a status list, by its address.
pub(crate) fn of_list(uri: &str) -> String {
    format!("status {uri}")
}

/// The row id of a bundle, by its address.
pub(crate) fn of_bundle(address: &str) -> String {
    format!("bundle {address}")
}

/// The row id of a license's renewal.
pub(crate) fn of_renewal(license: &str) -> String {
    format!("renew {license}")
}

/// The row id of a license's notification to its issuer.
pub(crate) fn of_notice(license: &str) -> String {
    format!("{NOTICE}{license}")
}

/// The prefix of the row ids of [`of_notice`].
pub(crate) const NOTICE: &str = "notice ";

/// The row id of an application that a refresh goes on with.
pub(crate) fn of_application(license: &str) -> String {
    format!("{APPLICATION}{license}")
}

/// The prefix of the row ids of [`of_application`].
pub(crate) const APPLICATION: &str = "application ";

/// The row id of a renewal because of a withdrawn key. Its pause spreads the wallets over time.
pub(crate) fn of_new_key(license: &str) -> String {
    format!("new key {license}")
}

/// The state of one resource that the wallet fetches again and again.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// When the server last answered successfully, by the wallet's best time.
    pub(crate) asked: Option<UnixTime>,
    /// The `ETag` of the held copy.
    pub(crate) etag: Option<String>,
    /// Failures since the last success.
    pub(crate) failures: u64,
    /// No request before this time, because of the failures.
    pub(crate) pause_until: Option<UnixTime>,
}

impl Schedule {
    /// Reads the row of this id. A missing or damaged one gives a fresh state, since one request
    /// too many does no harm.
    pub(crate) fn read(context: &Context, row: &str) -> Result<Self, Error> {
        context.vault.read(|view| Self::find(view, row))
    }

    /// As [`read`](Self::read), in a snapshot of the vault.
    pub(crate) fn find(view: &View<'_>, row: &str) -> Result<Self, Error> {
        match view.get(row) {
            Ok(schedule) => Ok(schedule.unwrap_or_default()),
            Err(Error::VaultDamaged { .. }) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Records a failure. A cancelled call is not one. A locked device says nothing about the
    /// server: the pause does not grow by it, since the driver may unlock at any moment.
    pub(crate) async fn note_failure(
        context: &Context,
        row: &str,
        error: Error,
        retry_after: Option<RetryAfter>,
    ) -> Result<(), Error> {
        if error == Error::Cancelled {
            return Ok(());
        }
        let mut schedule = Self::read(context, row)?;
        let (now, jitter) = (context.now()?, context.jitter());
        if error == Error::KeyStore(KeyStoreError::Locked) {
            schedule.wait(now, jitter);
        } else {
            schedule.fail(
                now,
                retry_after.map(|retry_after| retry_after.seconds(now)),
                jitter,
            );
        }
        let row = row.to_owned();
        context
            .vault
            .write(Weight::Light, move |tx| tx.put(&row, &schedule))
            .await
    }

    /// When to fetch again what is fetched every `interval` seconds.
    ///
    /// A stored time that is further ahead than any interval was written under a wrong clock and is
    /// ignored.
    pub(crate) fn due(&self, interval: u64, now: UnixTime) -> UnixTime {
        let regular = match self.asked {
            Some(asked) if asked <= now => asked.saturating_add(interval),
            _ => UnixTime::EPOCH,
        };
        regular.max(self.pause(now))
    }

    /// The end of the pause after failures; a past time where there is no pause.
    pub(crate) fn pause(&self, now: UnixTime) -> UnixTime {
        self.pause_until
            .filter(|until| *until <= now.saturating_add(MAX_RETRY_AFTER + MAX_SPREAD))
            .unwrap_or(UnixTime::EPOCH)
    }

    /// Records a success: the failures and the pause end.
    pub(crate) fn succeed(&mut self, now: UnixTime, etag: Option<String>) {
        *self = Self {
            asked: Some(now),
            etag,
            failures: 0,
            pause_until: None,
        };
    }

    /// Records a failure. `jitter` must be random, so that a nation of wallets does not come back
    /// at once. A server's `Retry-After`, in seconds, is obeyed where it is longer, with a random
    /// part.
    pub(crate) fn fail(&mut self, now: UnixTime, retry_after: Option<u64>, jitter: u16) {
        let retry_after = retry_after.map_or(0, |retry_after| spread(retry_after, jitter));
        let pause = pause(self.failures, jitter).max(retry_after);
        self.failures = self.failures.saturating_add(1);
        self.pause_until = Some(now.saturating_add(pause));
    }

    /// Sets the pause to a number of seconds, without a failure.
    pub(crate) fn put_off(&mut self, now: UnixTime, seconds: u64) {
        self.pause_until = Some(now.saturating_add(seconds));
    }

    /// Sets the shortest pause, without a failure: the request could not be made now.
    pub(crate) fn wait(&mut self, now: UnixTime, jitter: u16) {
        self.pause_until = Some(now.saturating_add(pause(0, jitter)));
    }
}

/// Seconds to pause after this many failures: between half of the full pause and all of it.
fn pause(failures: u64, jitter: u16) -> u64 {
    let full = FIRST_PAUSE
        .saturating_mul(1 << failures.min(16))
        .min(LONGEST_PAUSE);
    full / 2 + full.saturating_mul(u64::from(jitter)) / (2 * 65_536)
}

impl Record for Schedule {
    const TABLE: Table = Table::Refresh;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(4, 128);
        let time = |writer: &mut RowWriter, time: UnixTime| {
            writer.number(time.seconds());
        };
        writer.optional(self.asked, time);
        writer.optional(self.etag.as_deref(), |writer, etag| {
            writer.text(etag);
        });
        writer.number(self.failures);
        writer.optional(self.pause_until, time);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let read = || {
            let mut reader = RowReader::array(bytes, 4)?;
            let time = |reader: &mut RowReader<'_>| UnixTime::new(reader.number()?).ok();
            let schedule = Self {
                asked: reader.optional(time)?,
                etag: reader.optional(|reader| reader.text().map(str::to_owned))?,
                failures: reader.number()?,
                pause_until: reader.optional(time)?,
            };
            reader.end()?;
            Some(schedule)
        };
        read().ok_or(Error::VaultDamaged {
            what: Damage::Row(Table::Refresh),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn what_was_never_asked_is_due_and_what_was_asked_is_due_after_its_interval() {
        let mut schedule = Schedule::default();
        assert!(schedule.due(60, time(1000)) <= time(1000));
        schedule.succeed(time(1000), Some("\"tag\"".to_owned()));
        assert_eq!(schedule.due(60, time(1000)), time(1060));
    }

    #[test]
    fn a_pause_doubles_within_its_bounds_and_no_two_wallets_need_share_it() {
        let pause_after = |failures: u64, jitter| {
            let mut schedule = Schedule {
                failures,
                ..Schedule::default()
            };
            schedule.fail(time(0), None, jitter);
            schedule.pause(time(0)).seconds()
        };
        assert_eq!((pause_after(0, 0), pause_after(0, u16::MAX)), (15, 29));
        assert_eq!((pause_after(1, 0), pause_after(1, u16::MAX)), (30, 59));
        assert_eq!(pause_after(u64::MAX, 0), LONGEST_PAUSE / 2);
        assert!(pause_after(u64::MAX, u16::MAX) <= LONGEST_PAUSE);
    }

    #[test]
    fn a_retry_after_sends_no_two_wallets_back_in_the_same_second() {
        let pause_after = |retry_after, jitter| {
            let mut schedule = Schedule::default();
            schedule.fail(time(0), Some(retry_after), jitter);
            schedule.pause(time(0)).seconds()
        };
        assert_eq!(
            (pause_after(600, 0), pause_after(600, u16::MAX)),
            (600, 899)
        );
        let longest = pause_after(u64::MAX, u16::MAX);
        assert_eq!(longest, MAX_RETRY_AFTER + MAX_SPREAD - 1);
    }

    #[test]
    fn a_locked_phone_makes_no_pause_longer() {
        let mut schedule = Schedule::default();
        schedule.fail(time(0), None, 0);
        for _ in 0..9 {
            schedule.wait(time(1000), u16::MAX);
        }
        assert_eq!(schedule.pause(time(1000)), time(1029));
        assert_eq!(schedule.failures, 1);
    }

    #[test]
    fn times_from_under_a_wrong_clock_do_not_count() {
        let mut schedule = Schedule::default();
        schedule.succeed(time(1_000_000), None);
        assert!(schedule.due(3600, time(5000)) <= time(5000));
        schedule.fail(time(1_000_000), None, 0);
        assert!(schedule.due(3600, time(5000)) <= time(5000));
    }

    #[test]
    fn a_schedule_reads_back_as_it_was_written_and_nothing_else_does() {
        let mut schedule = Schedule::default();
        for _ in 0..2 {
            assert_eq!(Schedule::decode(&schedule.encode()).unwrap(), schedule);
            schedule.succeed(time(7), Some("\"x\"".to_owned()));
            schedule.fail(time(9), Some(100), 1);
        }
        let encoded = schedule.encode();
        for length in 0..encoded.len() {
            assert!(Schedule::decode(&encoded[..length]).is_err());
        }
    }
}
