//! When an offer can be redeemed, and by how many devices a license may be held.

use crate::error::Error;

/// Wrong transaction codes that end an offer.
pub(crate) const MAX_WRONG: i64 = 5;
/// A redeemed code may be redeemed again for this long, in seconds: a day.
pub(crate) const AGAIN: i64 = 86_400;

/// What an offer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The license has no live device.
    First,
    /// The new device takes the place of one, or of all.
    Replace,
    /// The new device comes beside the others.
    Beside,
}

impl Mode {
    /// The word that the database holds.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Replace => "replace",
            Self::Beside => "beside",
        }
    }

    /// The reverse of [`name`](Self::name).
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::First, Self::Replace, Self::Beside]
            .into_iter()
            .find(|mode| mode.name() == name)
    }
}

/// An offer, as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) expires: i64,
    pub(crate) wrong: i64,
    /// When it was redeemed first.
    pub(crate) redeemed: Option<i64>,
    /// A later offer or the license's end voided it.
    pub(crate) void: bool,
    /// A credential was issued on it.
    pub(crate) issued: bool,
}

impl Offer {
    /// Whether it can be redeemed at `now`, and is handed out by reference: until its end, and once
    /// redeemed for a day from then, also past its end, until a credential was issued.
    pub(crate) fn is_open(&self, now: i64) -> bool {
        !self.void
            && !self.issued
            && self.wrong < MAX_WRONG
            && match self.redeemed {
                None => now <= self.expires,
                Some(redeemed) => now <= redeemed.saturating_add(AGAIN),
            }
    }
}

/// Which devices end when a new one comes by this mode. `named`: the one that the offer named.
///
/// # Errors
/// [`Error::HasDevices`] where none was to be there, [`Error::TooManyDevices`] where the new one
/// would be one too many; [`Error::TooManyStay`] where it would be so in the place of another one
/// too.
pub(crate) fn make_room(
    mode: Mode,
    live: &[i64],
    named: Option<i64>,
    limit: usize,
) -> Result<Vec<i64>, Error> {
    let ended: Vec<i64> = match mode {
        Mode::First if !live.is_empty() => return Err(Error::HasDevices),
        Mode::First | Mode::Beside => Vec::new(),
        Mode::Replace => live
            .iter()
            .copied()
            .filter(|device| named.is_none_or(|named| named == *device))
            .collect(),
    };
    if live.len().saturating_sub(ended.len()) >= limit {
        return Err(match mode {
            Mode::Replace => Error::TooManyStay { limit },
            Mode::First | Mode::Beside => Error::TooManyDevices { limit },
        });
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: Offer = Offer {
        expires: 1_000,
        wrong: 0,
        redeemed: None,
        void: false,
        issued: false,
    };

    #[test]
    fn an_offer_is_open_until_its_end_and_a_day_from_its_first_redemption() {
        assert!(OFFER.is_open(1_000) && !OFFER.is_open(1_001));
        let redeemed = Offer {
            redeemed: Some(990),
            ..OFFER
        };
        assert!(redeemed.is_open(990 + AGAIN) && !redeemed.is_open(991 + AGAIN));
    }

    #[test]
    fn a_credential_five_wrong_codes_and_a_newer_offer_close_it() {
        for redeemed in [None, Some(990)] {
            let open = Offer { redeemed, ..OFFER };
            assert!(Offer { wrong: 4, ..open }.is_open(995));
            assert!(!Offer { wrong: 5, ..open }.is_open(995));
            assert!(!Offer { void: true, ..open }.is_open(995));
            assert!(
                !Offer {
                    issued: true,
                    ..open
                }
                .is_open(995)
            );
        }
    }

    #[test]
    fn a_first_device_finds_none_and_one_beside_stays_within_the_limit() {
        assert_eq!(make_room(Mode::First, &[], None, 2), Ok(vec![]));
        assert_eq!(
            make_room(Mode::First, &[1], None, 2),
            Err(Error::HasDevices)
        );
        assert_eq!(make_room(Mode::Beside, &[1], None, 2), Ok(vec![]));
        assert_eq!(
            make_room(Mode::Beside, &[1, 2], None, 2),
            Err(Error::TooManyDevices { limit: 2 })
        );
    }

    #[test]
    fn a_replacement_ends_the_device_that_was_named_or_all() {
        assert_eq!(make_room(Mode::Replace, &[1, 2], Some(2), 2), Ok(vec![2]));
        assert_eq!(make_room(Mode::Replace, &[1, 2], None, 2), Ok(vec![1, 2]));
        assert_eq!(
            make_room(Mode::Replace, &[1], Some(9), 2),
            Ok(vec![]),
            "it ended before"
        );
    }

    #[test]
    fn a_replacement_of_what_ended_before_stays_within_the_limit() {
        let full = Err(Error::TooManyStay { limit: 1 });
        assert_eq!(make_room(Mode::Replace, &[2], Some(1), 1), full);
        assert_eq!(make_room(Mode::Replace, &[2], Some(2), 1), Ok(vec![2]));
        assert_eq!(make_room(Mode::Replace, &[2, 3], Some(2), 1), full);
        assert_eq!(make_room(Mode::Replace, &[2, 3], None, 1), Ok(vec![2, 3]));
    }
}
