//! Whether a machine's clock can be believed, by what it said at the last signature.

use vidimus_credential::UnixTime;

use crate::clock::Moment;

/// Within one start of the machine, wall clock and boot clock agree within this many seconds. After
/// another start, the wall clock may be this far behind the last signature.
pub(crate) const AGREE: u64 = 300;
/// After another start, the wall clock may be this many seconds ahead of the last signature: 7
/// days.
pub(crate) const MAX_OFF: u64 = 7 * 86_400;

/// A clock jumps where it moves on by more than this many seconds and no boot clock confirms it: a
/// day.
pub(crate) const JUMP: u64 = 86_400;

/// By how many seconds a clock has jumped since the last signature, to either side; `None` where it
/// has not. In one start of the machine the boot clock confirms the wall clock; that a person
/// `accepted` the clock does not.
pub(crate) fn jump(last: Moment, now: Moment, accepted: bool) -> Option<i64> {
    let confirmed = !accepted && now.since_same_boot(last).is_some();
    let moved = to_signed(now.wall().seconds()).saturating_sub(to_signed(last.wall().seconds()));
    (!confirmed && moved.unsigned_abs() > JUMP).then_some(moved)
}

/// The clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The time it should be: exact where the boot clock has run on, else the last signature's.
    pub(crate) expected: UnixTime,
}

/// Judges a reading by the one of the last signature.
pub(crate) fn judge(last: Moment, now: Moment) -> Result<(), Doubt> {
    let expected = expected(last, now);
    let (behind, ahead) = match now.since_same_boot(last) {
        // A boot clock never goes back. A little is a command that waited for another one.
        Some(passed) if passed < -to_signed(AGREE) => return Err(Doubt { expected }),
        Some(_) => (AGREE, AGREE),
        None => (AGREE, MAX_OFF),
    };
    let good = expected.saturating_sub(behind) <= now.wall()
        && now.wall() <= expected.saturating_add(ahead);
    if good {
        Ok(())
    } else {
        Err(Doubt { expected })
    }
}

/// What the wall clock should say: what it said at the last signature, and what the boot clock
/// adds.
pub(crate) fn expected(last: Moment, now: Moment) -> UnixTime {
    let passed = now.since_same_boot(last).unwrap_or(0);
    if passed < 0 {
        last.wall().saturating_sub(passed.unsigned_abs())
    } else {
        last.wall().saturating_add(passed.unsigned_abs())
    }
}

const fn to_signed(seconds: u64) -> i64 {
    seconds.cast_signed()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{Boot, BootId};

    const NOW: u64 = 1_800_000_000;

    fn moment(wall: u64, boot: Option<(u128, u64)>) -> Moment {
        let boot = boot.map(|(id, since)| Boot {
            id: BootId::new(id),
            since: Duration::from_secs(since),
        });
        Moment::new(UnixTime::new(wall).unwrap(), boot)
    }

    fn believed(last: Option<(u128, u64)>, now: Option<(u128, u64)>, wall: u64) -> bool {
        judge(moment(NOW, last), moment(wall, now)).is_ok()
    }

    #[test]
    fn in_one_start_wall_and_boot_clock_agree_within_five_minutes() {
        let (last, later) = (Some((1, 50)), Some((1, 3_650)));
        for (wall, good) in [
            (NOW + 3_600, true),
            (NOW + 3_600 - AGREE, true),
            (NOW + 3_600 - AGREE - 1, false),
            (NOW + 3_600 + AGREE, true),
            (NOW + 3_600 + AGREE + 1, false),
            (NOW, false),
            (NOW + 365 * 86_400, false),
        ] {
            assert_eq!(believed(last, later, wall), good, "{wall}");
        }
    }

    #[test]
    fn a_machine_that_slept_or_stood_for_a_year_is_believed_while_its_boot_clock_ran() {
        let year = 365 * 86_400;
        assert!(believed(Some((1, 50)), Some((1, 50 + year)), NOW + year));
    }

    #[test]
    fn after_another_start_at_most_five_minutes_behind_and_seven_days_ahead() {
        for now in [Some((2, 10)), None] {
            for (wall, good) in [
                (NOW - AGREE, true),
                (NOW - AGREE - 1, false),
                (NOW + MAX_OFF, true),
                (NOW + MAX_OFF + 1, false),
            ] {
                assert_eq!(believed(Some((1, 50)), now, wall), good, "{wall}");
                assert_eq!(believed(None, now, wall), good, "{wall}");
            }
        }
    }

    #[test]
    fn a_command_that_waited_for_another_one_is_believed_and_a_boot_clock_that_goes_back_is_not() {
        assert!(believed(Some((1, 500)), Some((1, 480)), NOW - 20));
        assert!(believed(Some((1, 500)), Some((1, 200)), NOW - 300));
        assert!(!believed(Some((1, 500)), Some((1, 199)), NOW - 301));
        assert!(!believed(Some((1, 4_000)), Some((1, 400)), NOW));
    }

    #[test]
    fn a_clock_jumps_by_more_than_a_day_that_no_boot_clock_confirms() {
        let (last, ahead) = (moment(NOW, Some((1, 0))), NOW + JUMP + 1);
        let jumped = Some(to_signed(JUMP + 1));
        assert_eq!(jump(last, moment(ahead, Some((2, 0))), false), jumped);
        assert_eq!(jump(last, moment(ahead - 1, Some((2, 0))), false), None);
        assert_eq!(jump(last, moment(ahead, Some((1, JUMP))), false), None);
        assert_eq!(jump(last, moment(ahead, Some((1, JUMP))), true), jumped);
        assert_eq!(jump(moment(NOW, None), moment(ahead, None), false), jumped);
        let back = moment(NOW - JUMP - 1, Some((1, 0)));
        assert_eq!(jump(last, back, true), jumped.map(|moved| -moved));
    }

    #[test]
    fn the_doubt_says_what_time_it_should_be() {
        let doubt = judge(moment(NOW, Some((1, 0))), moment(NOW, Some((1, 3_600))));
        assert_eq!(doubt.unwrap_err().expected.seconds(), NOW + 3_600);
        let doubt = judge(moment(NOW, None), moment(NOW - 4_000, None));
        assert_eq!(doubt.unwrap_err().expected.seconds(), NOW);
    }
}
