//! The best known time, from a wall clock that anybody may set.
//!
//! Two kinds of evidence are kept with the boot clock, which nobody can set: the present time as a TLS server
//! told it, and signed times, which are past by then. Both are sealed in the vault, so a clock that was set
//! back is noticed across restarts of the app and of the phone.

use std::time::Duration;

use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::codec::{Reader, Writer};
use crate::error::{Damage, Error};
use crate::ports::Reading;
use crate::vault::{Record, Table};

/// A wall clock this close to the truth is left as it is: seconds.
const TOLERANCE_S: u64 = 30;

/// A quartz goes wrong by less than one part in this many, 100 ppm.
const DRIFT: u64 = 10_000;

/// Where an authenticated time came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The `iat` of a signed object: the time is at least this.
    Signed,
    /// The `Date` of an answer over TLS: the time is this.
    Server,
}

/// How sure the wallet is of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sureness {
    /// A server told the time since the device was started.
    Sure,
    /// The wall clock, as far as nothing contradicts it.
    Unsure,
}

/// What the time is, as far as the wallet can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The best guess: what a presentation is dated with.
    pub now: UnixTime,
    /// The latest time that this wallet has seen or can prove: what expiry is judged by, so that setting
    /// the clock back keeps nothing alive. At least `now`.
    pub latest: UnixTime,
    /// How sure `now` is.
    pub sureness: Sureness,
    /// The wall clock shows a time that is past already.
    pub set_back: bool,
}

/// An authenticated time and the boot clock at that moment.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    time: UnixTime,
    boot: Duration,
    boot_id: Option<[u8; 16]>,
}

/// The evidence so far. A record of the vault, under [`ONLY`](crate::records::ONLY).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Timekeeper {
    /// The present time, when a server last told it.
    told: Option<Mark>,
    /// The strongest proof that some time has passed.
    proven: Option<Mark>,
    /// The latest time that was ever shown by the wall clock and not found wrong by a server.
    seen: Option<UnixTime>,
}

impl Timekeeper {
    /// The best known time at a reading of the clocks.
    pub fn best(&self, reading: Reading) -> Estimate {
        let proven = self.proven.map(|mark| mark.at_least(reading));
        let floor = proven.unwrap_or(UnixTime::EPOCH);
        // A server told the time since this start: the boot clock carries it on, the wall clock is only let off
        // where both agree.
        let told = self.told.and_then(|mark| mark.exactly(reading));
        let now = match told {
            Some((exact, drift)) if apart(exact, reading.wall) > drift => exact,
            _ => reading.wall,
        };
        let now = now.max(floor);
        let seen = self.seen.unwrap_or(UnixTime::EPOCH);
        // Having been told the time, the wallet has no need to believe an earlier wall clock.
        let latest = if told.is_some() { now } else { now.max(seen) };
        Estimate {
            now,
            latest,
            sureness: match told {
                Some(_) => Sureness::Sure,
                None => Sureness::Unsure,
            },
            set_back: reading.wall.saturating_add(TOLERANCE_S) < latest,
        }
    }

    /// Takes an authenticated time into account.
    pub fn learn(&mut self, reading: Reading, time: UnixTime, evidence: Evidence) {
        let mark = Mark {
            time,
            boot: reading.boot,
            boot_id: reading.boot_id,
        };
        let proven = self.proven.map(|mark| mark.at_least(reading));
        if evidence == Evidence::Server {
            // A server whose clock is behind what an authority signed is wrong.
            if proven.is_some_and(|proven| time.saturating_add(TOLERANCE_S) < proven) {
                return;
            }
            self.told = Some(mark);
            // Now it is known whether an earlier wall clock was ahead.
            self.seen = Some(time);
        }
        if proven.is_none_or(|proven| time > proven) {
            self.proven = Some(mark);
        }
    }

    /// Remembers the time that is shown now, so that setting it back is noticed later. Returns whether there is
    /// anything new to keep: a minute more than before.
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
    /// The time now and by how many seconds it may be wrong, where the device was not restarted since.
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

    /// A time that has certainly passed. After a restart all of the boot clock was spent since; where it is not
    /// known whether there was one, only what the clock has gained.
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

fn apart(one: UnixTime, other: UnixTime) -> u64 {
    one.signed_since(other).unsigned_abs()
}

impl Record for Timekeeper {
    const TABLE: Table = Table::Time;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = Writer::array(3, 96);
        for mark in [self.told, self.proven] {
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
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let whole = || {
            let mut reader = Reader::array(bytes, 3)?;
            let keeper = Self {
                told: reader.optional(mark)?,
                proven: reader.optional(mark)?,
                seen: reader.optional(|reader| UnixTime::new(reader.number()?).ok())?,
            };
            reader.end()?;
            Some(keeper)
        };
        whole().ok_or(Error::VaultDamaged {
            what: Damage::Row(Self::TABLE),
        })
    }
}

fn mark(reader: &mut Reader<'_>) -> Option<Mark> {
    (reader.nested()? == 3).then_some(())?;
    Some(Mark {
        time: UnixTime::new(reader.number()?).ok()?,
        boot: Duration::from_millis(reader.number()?),
        boot_id: reader.optional(Reader::fixed)?,
    })
}
