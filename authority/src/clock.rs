//! The clocks of the machine, and whether they are believed.
//!
//! An authority that signs by a wrong clock harms every driver: what is dated in the future is
//! refused until that time has come, and phones that saw it believe no earlier time. So each
//! signature notes what the clocks said, and before the next one they are judged by it. A clock in
//! doubt stops signing and nothing else: decisions are stored, and what is published stays
//! published.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vidimus_credential::UnixTime;

/// Names one start of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootId(u128);

impl BootId {
    /// A name that no other start of any machine has, drawn at random at each start.
    #[must_use]
    pub const fn new(id: u128) -> Self {
        Self(id)
    }

    /// Reads the form of the database, 32 hexadecimal digits; hyphens are skipped.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits: String = text
            .trim()
            .chars()
            .filter(|letter| *letter != '-')
            .collect();
        u128::from_str_radix(&digits, 16).ok().map(Self)
    }

    /// The form of the database.
    pub(crate) fn to_text(self) -> String {
        format!("{:032x}", self.0)
    }
}

/// A clock that runs evenly from the machine's start and that no one sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boot {
    /// The start of the machine from which `since` counts.
    pub id: BootId,
    /// Time since that start, sleep included.
    pub since: Duration,
}

/// What the machine's clocks say at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    wall: UnixTime,
    boot: Option<Boot>,
}

impl Moment {
    /// A reading of both clocks; `None` where the machine has no boot clock.
    #[must_use]
    pub const fn new(wall: UnixTime, boot: Option<Boot>) -> Self {
        Self { wall, boot }
    }

    /// Reads this machine's clocks. Linux has both (`CLOCK_BOOTTIME` and the boot id of the
    /// kernel); elsewhere there is the wall clock alone.
    #[must_use]
    pub fn of_system() -> Self {
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        Self {
            wall: UnixTime::new(seconds).unwrap_or(UnixTime::MAX),
            boot: boot(),
        }
    }

    /// The time of the wall clock, which may be wrong.
    #[must_use]
    pub const fn wall(self) -> UnixTime {
        self.wall
    }

    pub(crate) const fn boot(self) -> Option<Boot> {
        self.boot
    }

    /// This moment and a time later, which the caller has measured by waiting.
    #[must_use]
    pub fn after(self, passed: Duration) -> Self {
        Self {
            wall: self.wall.saturating_add(passed.as_secs()),
            boot: self.boot.map(|boot| Boot {
                since: boot.since.saturating_add(passed),
                ..boot
            }),
        }
    }

    /// How many seconds have passed by the boot clock since another reading, which may be a later
    /// one: commands wait for one another. `None` after another start or without such a clock.
    pub(crate) fn since_same_boot(self, other: Self) -> Option<i64> {
        match (self.boot, other.boot) {
            (Some(now), Some(other)) if now.id == other.id => {
                let seconds = |since: Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
                Some(seconds(now.since).saturating_sub(seconds(other.since)))
            }
            _ => None,
        }
    }
}

/// A time by a clock that is its own boot clock, and so is never in doubt after another such time:
/// for simulations and tests. A program that serves people takes [`Moment::of_system`].
impl From<UnixTime> for Moment {
    fn from(wall: UnixTime) -> Self {
        let boot = Boot {
            id: BootId::new(0),
            since: Duration::from_secs(wall.seconds()),
        };
        Self::new(wall, Some(boot))
    }
}

#[cfg(target_os = "linux")]
fn boot() -> Option<Boot> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Some(Boot {
        id: BootId::parse(&id)?,
        since: Duration::try_from(since).ok()?,
    })
}

#[cfg(not(target_os = "linux"))]
const fn boot() -> Option<Boot> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boot_id_survives_the_database_and_the_kernels_form_is_read() {
        let id = BootId::parse("0f5ad02c-7eec-4a33-9f18-02fe2acba8b1\n").unwrap();
        assert_eq!(BootId::parse(&id.to_text()), Some(id));
        assert_eq!(BootId::parse("x"), None);
    }

    #[test]
    fn this_machines_clocks_run_on() {
        let first = Moment::of_system();
        let second = Moment::of_system();
        assert!(second.wall() >= first.wall());
        if cfg!(target_os = "linux") {
            assert!(second.since_same_boot(first) >= Some(0));
        }
    }
}
