//! Places in status lists: how long one rests before it is given to another credential, and when
//! the older places of a license are signed.

use vidimus_credential::status_list::LIST_LENGTH;
use vidimus_credential::time::SKEW_S;

use crate::key_use::STATUS_LIFE;

/// A place in the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) list: u32,
    pub(crate) idx: u8,
}

/// The states of one list, a byte each.
pub(crate) type States = [u8; LIST_LENGTH];

/// A place is released this long after its credential's end, in seconds: what clocks may differ by.
pub(crate) const AFTER_EXPIRY: i64 = SKEW_S.cast_signed();
/// A released place rests this long after its list was signed without its state, in seconds: the
/// life of a status token, and five minutes.
pub(crate) const REST: i64 = STATUS_LIFE.cast_signed() + 300;
/// A list that holds an older place of a license is signed at most this long after the change, in
/// seconds, so that a bystander does not link the two.
pub(crate) const LATEST: i64 = 60;

/// When a released place is free, where its list was signed at `signed`, after the release.
pub(crate) const fn free_from(signed: i64) -> i64 {
    signed.saturating_add(REST)
}

/// When the next older list is to be signed: 1 to 60 seconds after `now`, drawn from a random byte.
pub(crate) fn sign_after(now: i64, draw: u8) -> i64 {
    now.saturating_add(1 + i64::from(draw) % LATEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_lists_are_signed_one_to_sixty_seconds_later() {
        let times: Vec<i64> = (0..=u8::MAX).map(|draw| sign_after(1_000, draw)).collect();
        assert_eq!(times.iter().min(), Some(&1_001));
        assert_eq!(times.iter().max(), Some(&1_060));
    }

    #[test]
    fn a_place_rests_longer_than_any_status_token_that_named_it_lives() {
        assert_eq!(free_from(1_000), 1_000 + 604_800 + 300);
    }
}
