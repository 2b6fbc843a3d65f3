//! The best known time, beside a wall clock that anyone may set.
//!
//! Two kinds of evidence are kept with the boot clock, which cannot be set: the present time, as
//! the authority's server sent it over TLS, and signed times, which are past when they arrive. Both
//! are sealed in the vault, so a clock that was set back is noticed across restarts of the app and
//! of the phone. A signed time stays evidence while the current trust list names its key. A
//! server's time lasts until a server sends another, since its clock may be wrong for an hour. A
//! time more than a day ahead of all that is known here is not believed ([`Timekeeper::check`]),
//! since the authority's clock may be wrong by a year.

use std::time::Duration;

use vidimus_credential::key::KeyId;
use vidimus_credential::{UnixTime, all_variants};
use zeroize::Zeroizing;

use crate::error::{Damage, Error};
use crate::ports::Reading;
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table};

/// Seconds by which a wall clock may differ from the truth without being corrected.
const TOLERANCE_S: u64 = 30;

/// A quartz drifts by less than one part in this many (100 ppm).
const DRIFT: u64 = 10_000;

/// Seconds by which a believed time may be ahead of all that is known here.
const AHEAD_S: u64 = 86_400;

/// Seconds by which a wall clock may be behind a proof and still be evidence. The authority allows
/// as much between its own clocks.
const SLOW_S: u64 = 300;

/// Where an authenticated time came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The `iat` of a trust list, which the root signed: the time is at least this.
    List,
    /// The `iat` of an object that a key of the trust list signed, under this `kid`: the time is at
    /// least this.
    Signed(KeyId),
    /// The same for a credential that was issued for a proof made just now. It is not an older
    /// copy, so this time is recent.
    Issued(KeyId),
    /// The `Date` of an answer over TLS: it is the present time.
    Server,
}

/// How sure the wallet is of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sureness {
    /// A server sent the time since the device was started.
    Sure,
    /// Only the wall clock, which nothing contradicts.
    Unsure,
}

all_variants! {
    /// Every degree of certainty.
    Sureness { Sure, Unsure }
}

/// The time, as far as the wallet knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The best estimate. Presentations are dated with it.
    pub now: UnixTime,
    /// A time that has certainly passed, by signed times and the boot clock alone.
    pub proven: UnixTime,
    /// The latest time that this wallet has seen or can prove; at least `now`. Judge expiry by it,
    /// so that setting the clock back keeps nothing valid.
    pub latest: UnixTime,
    /// How certain `now` is.
    pub sureness: Sureness,
    /// Whether the wall clock shows a time that has certainly passed. Tell the driver to set the
    /// clock.
    pub set_back: bool,
}

/// An authenticated time and the boot clock at that moment.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    time: UnixTime,
    boot: Duration,
    boot_id: Option<[u8; 16]>,
}

/// The evidence so far: a record of the vault, under the id [`ONLY`](crate::vault::records::ONLY).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Timekeeper {
    /// The last time from a server.
    server: Option<Mark>,
    /// The strongest proof that a time has passed: something was signed then.
    proven: Option<Mark>,
    /// The key that signed that proof, and the proof's `iat`; `None` for a trust list.
    signed_by: Option<(KeyId, UnixTime)>,
    /// The latest time that the wall clock has shown and that neither a server nor a signed time of
    /// the wall clock's present day has disproved.
    seen: Option<UnixTime>,
}

impl Timekeeper {
    /// The best known time at a reading of the clocks.
    pub fn best(&self, reading: Reading) -> Estimate {
        let proven = at_least(self.proven, reading);
        let floor = proven.max(at_least(self.server, reading));
        // A server sent the time since this start, and the boot clock has counted on. The wall
        // clock is used only where both agree.
        let server = self.server.and_then(|mark| mark.exactly(reading));
        let now = match server {
            Some((exact, drift)) if apart(exact, reading.wall) > drift => exact,
            _ => reading.wall,
        };
        let now = now.max(floor);
        let seen = self.seen.unwrap_or(UnixTime::EPOCH);
        // With a server's time, the latest wall clock does not count.
        let latest = if server.is_some() { now } else { now.max(seen) };
        Estimate {
            now,
            proven,
            latest,
            sureness: match server {
                Some(_) => Sureness::Sure,
                None => Sureness::Unsure,
            },
            set_back: reading.wall.saturating_add(TOLERANCE_S) < latest,
        }
    }

    /// Checks that a claimed time can be true: at most 24 h ahead of the wall clock, or of earlier
    /// evidence plus the boot clock since. `built` is when the app was built, where that is known.
    ///
    /// A wall clock that is behind a proof or behind the app's build is not evidence. Then any time
    /// of a trust list is believed, and of other objects times up to 48 h past what is proven: a
    /// list is signed each day, so an object can be signed nearly a day after the newest list.
    ///
    /// # Errors
    /// [`Error::ServerTimeWrong`] with both times. The caller must neither store an object with
    /// such a time nor [learn](Self::learn) from it.
    pub fn check(
        &self,
        reading: Reading,
        built: Option<UnixTime>,
        time: UnixTime,
        evidence: Evidence,
    ) -> Result<(), Error> {
        let proven = at_least(self.proven, reading);
        let carried = proven.max(at_least(self.server, reading));
        let floor = proven.max(built.unwrap_or(UnixTime::EPOCH));
        let limit = if reading.wall.saturating_add(SLOW_S) >= floor {
            carried.max(reading.wall).saturating_add(AHEAD_S)
        } else if evidence == Evidence::List {
            UnixTime::MAX
        } else {
            carried.max(floor).saturating_add(2 * AHEAD_S)
        };
        if time <= limit {
            Ok(())
        } else {
            Err(Error::ServerTimeWrong {
                server: time,
                device: self.best(reading).now,
            })
        }
    }

    /// Begins anew with a trust list of a higher serial: its `iat` is the new proof; times of
    /// servers and of the wall clock are forgotten.
    pub fn begin_anew(&mut self, reading: Reading, time: UnixTime) {
        *self = Self::default();
        self.learn(reading, time, Evidence::List);
    }

    /// Drops a proof that the current trust list no longer supports: `stands` says whether the list
    /// lets this key sign something of this time. The latest wall clock is dropped too, since it
    /// may come from that proof.
    pub fn judge(&mut self, stands: impl FnOnce(KeyId, UnixTime) -> bool) {
        if self.signed_by.is_some_and(|(by, time)| !stands(by, time)) {
            self.proven = None;
            self.signed_by = None;
            self.seen = None;
        }
    }

    /// Learns from an authenticated time. The caller must have [checked](Self::check) it first.
    pub fn learn(&mut self, reading: Reading, time: UnixTime, evidence: Evidence) {
        let mark = Mark {
            time,
            boot: reading.boot,
            boot_id: reading.boot_id,
        };
        let proven = self.proven.map(|mark| mark.at_least(reading));
        let is_news = matches!(evidence, Evidence::Issued(_))
            || self.proven.is_none_or(|older| time > older.time);
        if evidence == Evidence::Server {
            // A server's clock that is behind a signed time is wrong.
            if proven.is_some_and(|proven| time.saturating_add(TOLERANCE_S) < proven) {
                return;
            }
            self.server = Some(mark);
            // A server's time shows whether the wall clock was ahead before.
            self.seen = Some(time);
            return;
        }
        match (self.proven, proven) {
            // The older proof plus the boot clock since reaches further. It is stored as of now,
            // since a later reading may credit the boot clock with less. It still rests on the
            // older proof.
            (Some(older), Some(proven)) if proven >= time => {
                if time > older.time {
                    self.proven = Some(Mark {
                        time: proven,
                        ..mark
                    });
                }
            }
            _ => {
                self.proven = Some(mark);
                self.signed_by = match evidence {
                    Evidence::Signed(by) | Evidence::Issued(by) => Some((by, time)),
                    Evidence::List | Evidence::Server => None,
                };
            }
        }
        // The wall clock shows the day on which this was signed, so a wall clock that was ahead of
        // it was wrong. A copy of known evidence beside a clock that was set back does not show
        // that.
        let floor = at_least(self.proven, reading);
        let is_today = reading.wall.saturating_add(SLOW_S) >= floor
            && reading.wall <= time.max(floor).saturating_add(AHEAD_S);
        if is_news && is_today {
            self.seen = None;
        }
    }

    /// Remembers the wall clock's time, so that setting it back is noticed later. Returns whether
    /// the caller must store the record: the time is over a minute later than before.
    pub fn note(&mut self, reading: Reading) -> bool {
        let now = self.best(reading).now;
        let news = self.seen.is_none_or(|seen| now >= seen.saturating_add(60));
        if news {
            self.seen = Some(now);
        }
        news
    }
}

impl Mark {
    /// The present time and its possible error in seconds, where the device was not restarted
    /// since.
    fn exactly(self, reading: Reading) -> Option<(UnixTime, u64)> {
        let same = self.boot_id.is_some() && self.boot_id == reading.boot_id;
        let elapsed = reading.boot.checked_sub(self.boot)?.as_secs();
        same.then(|| {
            (
                self.time.saturating_add(elapsed),
                TOLERANCE_S.saturating_add(elapsed / DRIFT),
            )
        })
    }

    /// A time that has certainly passed. After a restart the whole boot clock counts; where a
    /// restart is not known, only what the boot clock has gained.
    fn at_least(self, reading: Reading) -> UnixTime {
        let restarted = match (self.boot_id, reading.boot_id) {
            (Some(then), Some(now)) => then != now,
            _ => reading.boot < self.boot,
        };
        let elapsed = if restarted {
            reading.boot
        } else {
            reading.boot.saturating_sub(self.boot)
        };
        let elapsed = elapsed.as_secs();
        self.time.saturating_add(elapsed - elapsed / DRIFT)
    }
}

/// A time that has certainly passed; the epoch without a mark.
fn at_least(mark: Option<Mark>, reading: Reading) -> UnixTime {
    mark.map_or(UnixTime::EPOCH, |mark| mark.at_least(reading))
}

fn apart(one: UnixTime, other: UnixTime) -> u64 {
    one.signed_since(other).unsigned_abs()
}

impl Record for Timekeeper {
    const TABLE: Table = Table::Time;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(4, 128);
        for mark in [self.server, self.proven] {
            writer.optional(mark, |writer, mark| {
                writer
                    .nested(3)
                    .number(mark.time.seconds())
                    .number(u64::try_from(mark.boot.as_millis()).unwrap_or(u64::MAX))
                    .optional(mark.boot_id, |writer, id| {
                        writer.bytes(&id);
                    });
            });
        }
        writer.optional(self.seen, |writer, seen| {
            writer.number(seen.seconds());
        });
        writer.optional(self.signed_by, |writer, (by, time)| {
            writer.nested(2).bytes(by.as_bytes()).number(time.seconds());
        });
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let whole = || {
            // Schema 1 of the vault did not name the signer of the proof.
            let older = RowReader::array(bytes, 3);
            let is_older = older.is_some();
            let mut reader = older.or_else(|| RowReader::array(bytes, 4))?;
            let keeper = Self {
                server: reader.optional(mark)?,
                proven: reader.optional(mark)?,
                seen: reader.optional(|reader| UnixTime::new(reader.number()?).ok())?,
                signed_by: if is_older {
                    None
                } else {
                    reader.optional(signed_by)?
                },
            };
            reader.end()?;
            Some(keeper)
        };
        whole().ok_or(Error::VaultDamaged {
            what: Damage::Row(Self::TABLE),
        })
    }
}

fn mark(reader: &mut RowReader<'_>) -> Option<Mark> {
    (reader.nested()? == 3).then_some(())?;
    Some(Mark {
        time: UnixTime::new(reader.number()?).ok()?,
        boot: Duration::from_millis(reader.number()?),
        boot_id: reader.optional(RowReader::fixed)?,
    })
}

fn signed_by(reader: &mut RowReader<'_>) -> Option<(KeyId, UnixTime)> {
    (reader.nested()? == 2).then_some(())?;
    Some((
        KeyId::new(reader.fixed()?),
        UnixTime::new(reader.number()?).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Sureness, Timekeeper};
    use crate::ports::{Clock, Reading};
    use crate::testing::TestClock;
    use crate::vault::Record;
    use proptest::prelude::*;
    use std::time::Duration;
    use vidimus_credential::UnixTime;
    use vidimus_credential::key::KeyId;

    use crate::error::Error;

    const DAY: u64 = 86_400;

    fn time(seconds: u64) -> UnixTime {
        UnixTime::new(1_772_366_400 + seconds).unwrap()
    }

    fn days(days: u64) -> Duration {
        Duration::from_secs(days * DAY)
    }

    const KEY: Evidence = Evidence::Signed(KeyId::new([3; 8]));

    fn with_server_time(clock: &TestClock) -> Timekeeper {
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(0), Evidence::Server);
        keeper
    }

    /// The timekeeper as the next process reads it from the vault.
    fn restarted(keeper: &Timekeeper) -> Timekeeper {
        Timekeeper::decode(&keeper.encode()).unwrap()
    }

    #[test]
    fn without_evidence_the_wall_clock_is_believed_and_nothing_is_sure() {
        let clock = TestClock::at(time(5));
        let best = Timekeeper::default().best(clock.read());
        assert_eq!((best.now, best.latest), (time(5), time(5)));
        assert_eq!((best.sureness, best.set_back), (Sureness::Unsure, false));
    }

    #[test]
    fn a_wrong_wall_clock_is_corrected_once_a_server_told_the_time() {
        for wrong in [time(0).saturating_sub(DAY - 60), time(9 * DAY)] {
            let clock = TestClock::at(wrong);
            let keeper = with_server_time(&clock);
            clock.advance(days(1));
            let best = restarted(&keeper).best(clock.read());
            assert_eq!((best.now, best.latest), (time(DAY), time(DAY)));
            assert_eq!(best.sureness, Sureness::Sure);
            assert_eq!(best.set_back, wrong < time(0));
        }
    }

    #[test]
    fn a_wall_clock_that_agrees_within_the_drift_is_left_as_it_is() {
        let clock = TestClock::at(time(20));
        assert_eq!(with_server_time(&clock).best(clock.read()).now, time(20));
    }

    #[test]
    fn a_wall_clock_set_back_is_noticed_across_restarts_of_app_and_phone() {
        // The license expires on day 10. A server last answered on day 0, and the app was last used
        // on day 12.
        let clock = TestClock::at(time(0));
        let mut keeper = with_server_time(&clock);
        clock.advance(days(12));
        assert!(keeper.note(clock.read()));
        for restart in [false, true] {
            if restart {
                clock.restart(Duration::from_secs(60));
            }
            clock.set_wall(time(DAY));
            let best = restarted(&keeper).best(clock.read());
            assert!(best.set_back);
            assert!(
                best.latest >= time(12 * DAY),
                "expiry is judged by the best known time"
            );
        }
    }

    #[test]
    fn after_a_restart_the_time_is_at_least_the_last_proof_and_all_of_the_boot_clock() {
        let clock = TestClock::at(time(0));
        let keeper = with_server_time(&clock);
        clock.restart(Duration::from_secs(60));
        clock.advance(days(3));
        clock.set_wall(time(0).saturating_sub(400 * DAY));
        let best = keeper.best(clock.read());
        assert!(best.now >= time(3 * DAY - 60) && best.now <= time(3 * DAY + 60));
        assert_eq!((best.sureness, best.set_back), (Sureness::Unsure, true));
    }

    #[test]
    fn a_signed_time_lifts_a_clock_that_is_behind_and_says_nothing_of_one_ahead() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(500), Evidence::List);
        assert_eq!(keeper.best(clock.read()).now, time(500));
        assert_eq!(keeper.best(clock.read()).sureness, Sureness::Unsure);
        clock.set_wall(time(9 * DAY));
        assert_eq!(keeper.best(clock.read()).now, time(9 * DAY));
        keeper.learn(clock.read(), time(400), Evidence::List);
        clock.set_wall(time(0));
        assert!(
            keeper.best(clock.read()).now >= time(500),
            "an older signature takes nothing back"
        );
    }

    #[test]
    fn a_wall_clock_that_was_ahead_by_mistake_is_forgiven_when_a_server_told_the_time() {
        let clock = TestClock::at(time(400 * DAY));
        let mut keeper = Timekeeper::default();
        keeper.note(clock.read());
        clock.set_wall(time(0));
        assert!(
            keeper.best(clock.read()).set_back,
            "until then nobody knows which was right"
        );
        keeper.learn(clock.read(), time(0), Evidence::Server);
        let best = keeper.best(clock.read());
        assert_eq!((best.latest, best.set_back), (time(0), false));
        clock.restart(Duration::ZERO);
        assert!(!keeper.best(clock.read()).set_back);
    }

    #[test]
    fn a_wall_clock_that_was_ahead_is_forgiven_by_what_is_signed_on_the_day_that_it_shows_now() {
        for evidence in [Evidence::List, KEY, Evidence::Issued(KeyId::new([3; 8]))] {
            let clock = TestClock::at(time(31 * DAY));
            let mut keeper = Timekeeper::default();
            // A signature of the right time proves nothing while the clock is wrong.
            keeper.learn(clock.read(), time(0), Evidence::List);
            keeper.note(clock.read());
            clock.set_wall(time(60));
            assert!(keeper.best(clock.read()).set_back);
            keeper.learn(clock.read(), time(30), evidence);
            let best = restarted(&keeper).best(clock.read());
            assert_eq!(
                (best.latest, best.set_back),
                (time(60), false),
                "{evidence:?}"
            );
        }
    }

    #[test]
    fn a_copy_of_what_is_known_does_not_forgive_a_clock_that_was_set_back() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(0), Evidence::List);
        clock.restart(Duration::ZERO);
        clock.set_wall(time(12 * DAY));
        keeper.note(clock.read());
        clock.set_wall(time(DAY));
        keeper.learn(clock.read(), time(0), Evidence::List);
        assert_eq!(keeper.best(clock.read()).latest, time(12 * DAY));
        // Nor does a signature of another day than the clock shows.
        keeper.learn(clock.read(), time(10 * DAY), Evidence::List);
        assert_eq!(keeper.best(clock.read()).latest, time(12 * DAY));
    }

    #[test]
    fn a_server_behind_what_an_authority_signed_is_not_believed() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(0), Evidence::List);
        keeper.learn(clock.read(), time(0).saturating_sub(DAY), Evidence::Server);
        assert_eq!(keeper.best(clock.read()).sureness, Sureness::Unsure);
        assert_eq!(keeper.best(clock.read()).now, time(0));
    }

    #[test]
    fn a_server_whose_clock_is_a_day_ahead_is_forgotten_with_the_next_that_is_right() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(0), Evidence::List);
        keeper.learn(clock.read(), time(DAY), Evidence::Server);
        keeper.note(clock.read());
        clock.restart(Duration::from_secs(60));
        assert!(keeper.best(clock.read()).now >= time(DAY));
        clock.set_wall(time(3600));
        keeper.learn(clock.read(), time(3600), Evidence::Server);
        let best = restarted(&keeper).best(clock.read());
        assert_eq!((best.now, best.latest), (time(3600), time(3600)));
        assert!(best.proven >= time(0) && best.proven <= time(3600));
    }

    /// Whether a time that is claimed now would be believed.
    fn believes(keeper: &Timekeeper, clock: &TestClock, time: UnixTime, kind: Evidence) -> bool {
        keeper.check(clock.read(), None, time, kind).is_ok()
    }

    #[test]
    fn a_time_over_a_day_ahead_of_the_wall_clock_is_never_believed() {
        let clock = TestClock::at(time(0));
        let keeper = Timekeeper::default();
        for kind in [Evidence::List, KEY, Evidence::Server] {
            assert!(believes(&keeper, &clock, time(DAY), kind));
            let (server, device) = (time(DAY + 1), time(0));
            assert_eq!(
                keeper.check(clock.read(), None, server, kind),
                Err(Error::ServerTimeWrong { server, device })
            );
        }
    }

    #[test]
    fn what_the_boot_clock_carries_on_counts_as_much_as_the_wall_clock() {
        let clock = TestClock::at(time(0));
        let keeper = with_server_time(&clock);
        clock.advance(days(9));
        // The user sets the clock back; the boot clock still counts.
        clock.set_wall(time(0));
        // Less the drift of a quartz in nine days.
        assert!(believes(&keeper, &clock, time(10 * DAY - 80), KEY));
        assert!(!believes(&keeper, &clock, time(10 * DAY + 1), KEY));
    }

    #[test]
    fn a_wall_clock_behind_a_proof_or_the_apps_build_is_no_evidence_against_a_trust_list() {
        let clock = TestClock::at(time(0).saturating_sub(400 * DAY));
        let mut keeper = Timekeeper::default();
        assert!(!believes(&keeper, &clock, time(0), Evidence::List));
        let check = |keeper: &Timekeeper, time, kind| {
            let built = self::time(0).saturating_sub(100 * DAY);
            keeper.check(clock.read(), Some(built), time, kind)
        };
        assert_eq!(check(&keeper, time(0), Evidence::List), Ok(()));
        assert!(check(&keeper, time(0), KEY).is_err(), "only a list");
        keeper.learn(clock.read(), time(0), Evidence::List);
        assert_eq!(check(&keeper, time(2 * DAY), KEY), Ok(()));
        assert!(check(&keeper, time(2 * DAY + 1), KEY).is_err());
        // From now on the proof shows it, also without a build time.
        assert!(believes(&keeper, &clock, time(90 * DAY), Evidence::List));
    }

    #[test]
    fn a_wall_clock_that_is_some_minutes_slow_is_still_evidence() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(300), Evidence::List);
        assert!(!believes(&keeper, &clock, time(365 * DAY), Evidence::List));
        keeper.learn(clock.read(), time(301), Evidence::List);
        assert!(believes(&keeper, &clock, time(365 * DAY), Evidence::List));
    }

    #[test]
    fn a_list_of_a_higher_serial_takes_back_what_was_proven_told_and_seen() {
        let clock = TestClock::at(time(365 * DAY));
        let mut keeper = with_server_time(&clock);
        keeper.learn(clock.read(), time(365 * DAY), Evidence::List);
        keeper.learn(clock.read(), time(365 * DAY), Evidence::Server);
        keeper.note(clock.read());
        clock.set_wall(time(60));
        assert!(keeper.best(clock.read()).set_back);
        keeper.begin_anew(clock.read(), time(0));
        let best = restarted(&keeper).best(clock.read());
        assert_eq!((best.now, best.latest), (time(60), time(60)));
        assert_eq!((best.proven, best.set_back), (time(0), false));
    }

    #[test]
    fn a_proof_whose_key_was_withdrawn_proves_nothing_and_any_other_stays() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        keeper.learn(clock.read(), time(0), Evidence::List);
        keeper.learn(clock.read(), time(DAY), KEY);
        keeper.note(clock.read());
        keeper = restarted(&keeper);
        keeper.judge(|by, signed_at| (by, signed_at) == (KeyId::new([3; 8]), time(DAY)));
        assert_eq!(keeper.best(clock.read()).now, time(DAY), "it stands");
        keeper.judge(|_, _| false);
        assert_eq!(keeper.best(clock.read()).latest, time(0));
        keeper.learn(clock.read(), time(50), Evidence::List);
        keeper.judge(|_, _| false);
        assert_eq!(keeper.best(clock.read()).now, time(50), "the root's own");
    }

    #[test]
    fn what_the_first_schema_wrote_is_still_read() {
        let mut older = Timekeeper::default().encode().to_vec();
        assert_eq!(older, [0x84, 0xf6, 0xf6, 0xf6, 0xf6]);
        older = vec![0x83, 0xf6, 0xf6, 0xf6];
        assert!(Timekeeper::decode(&older).unwrap() == Timekeeper::default());
    }

    #[test]
    fn a_minute_more_is_worth_keeping_and_a_second_is_not() {
        let clock = TestClock::at(time(0));
        let mut keeper = Timekeeper::default();
        assert!(keeper.note(clock.read()));
        clock.advance(Duration::from_secs(59));
        assert!(!keeper.note(clock.read()));
        clock.advance(Duration::from_secs(1));
        assert!(keeper.note(clock.read()));
    }

    fn reading() -> impl Strategy<Value = Reading> {
        (
            0..=UnixTime::MAX.seconds(),
            any::<u32>(),
            any::<Option<bool>>(),
        )
            .prop_map(|(wall, boot, id)| Reading {
                wall: UnixTime::new(wall).unwrap(),
                boot: Duration::from_secs(boot.into()),
                boot_id: id.map(|id| [u8::from(id); 16]),
            })
    }

    proptest! {
        #[test]
        fn no_history_of_clocks_panics_or_takes_back_what_was_proven(
            steps in proptest::collection::vec((reading(), 0..=UnixTime::MAX.seconds(), 0..4), 0..20),
            last in reading(),
        ) {
            let mut keeper = Timekeeper::default();
            let mut signed = UnixTime::EPOCH;
            for (reading, time, kind) in steps {
                let time = UnixTime::new(time).unwrap();
                match kind {
                    0 => { keeper.note(reading); }
                    1 => keeper.learn(reading, time, Evidence::Server),
                    _ => {
                        keeper.learn(reading, time, if kind == 2 { KEY } else { Evidence::List });
                        signed = signed.max(time);
                    }
                }
                prop_assert!(restarted(&keeper) == keeper);
            }
            let best = keeper.best(last);
            prop_assert!(best.now >= signed && best.latest >= best.now);
        }
    }
}
