//! How a credential request is answered: which key must sign its proof, when it repeats an earlier
//! request, and which `iat` the credential gets.

use crate::rules::offers::Mode;

/// Issuances of one grant in [`DAY`] seconds; repetitions do not count.
pub(crate) const MAX_A_DAY: u32 = 12;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// For how many seconds an unacknowledged issuance is repeated. After that a request is a renewal.
pub(crate) const REPEAT: i64 = DAY;

/// A request whose key proof and access token are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    /// The id of its access token's pair.
    pub(crate) pair: i64,
    /// When its nonce was handed out.
    pub(crate) asked: i64,
}

/// The parts of a license that the rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct License {
    /// Whether its row was ended, it is past its last day, or its standing is final.
    pub(crate) over: bool,
    /// The version of the license's content; an edit raises it.
    pub(crate) version: i64,
}

/// What was issued to the grant so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) mode: Mode,
    /// The device that its first issuance made.
    pub(crate) device: Option<Device>,
    /// Issuances of the last day, repetitions apart.
    pub(crate) today: u32,
    /// When the first of them was made.
    pub(crate) first_today: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Device {
    /// Whether its holder key signed the proof.
    pub(crate) same_key: bool,
    /// Until when another key may take its place: the end of the first access token.
    pub(crate) replaceable_until: i64,
    /// Whether its wallet has acknowledged any issuance.
    pub(crate) acknowledged: bool,
    pub(crate) latest: Issuance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Issuance {
    pub(crate) id: i64,
    pub(crate) pair: i64,
    pub(crate) version: i64,
    pub(crate) made: i64,
    /// When the nonce of its request was handed out.
    pub(crate) asked: i64,
    pub(crate) acknowledged: bool,
}

/// The answer to a credential request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A first credential: the proof's key becomes the grant's.
    First,
    /// The same issuance again.
    Repeat(i64),
    /// A further credential for the same device.
    Renewal,
    /// A first credential for another key, which takes the device's place.
    Replace,
    /// The license is over.
    Over,
    /// Another key than the grant's signed the proof.
    OtherKey,
    /// Too many issuances today; the wallet may ask again after this many seconds.
    SlowDown(i64),
}

/// Judges a credential request.
///
/// A request with the same key is a *repetition* in two cases: the wallet has not acknowledged the
/// last issuance yet, or the request arrives late, that is with the same access token and a nonce
/// that is not newer than the last one's. Until an issuance was acknowledged, and while the first
/// access token lives, another key replaces the first: wallets of other makers make a new key for
/// each try.
pub(crate) fn judge(request: &Request, license: &License, grant: &Grant, now: i64) -> Answer {
    if license.over {
        return Answer::Over;
    }
    let next = match &grant.device {
        None => Answer::First,
        Some(device) if device.same_key => {
            let latest = &device.latest;
            let late = request.pair == latest.pair && request.asked <= latest.asked;
            let unconfirmed = !latest.acknowledged && now <= latest.made.saturating_add(REPEAT);
            if latest.version == license.version && (late || unconfirmed) {
                return Answer::Repeat(latest.id);
            }
            Answer::Renewal
        }
        Some(device)
            if !device.acknowledged
                && now <= device.replaceable_until
                && request.asked >= device.latest.asked =>
        {
            Answer::Replace
        }
        Some(_) => return Answer::OtherKey,
    };
    if grant.today >= MAX_A_DAY {
        let again = grant.first_today.saturating_add(DAY);
        return Answer::SlowDown(again.saturating_sub(now).max(1));
    }
    next
}

/// The published signature of a status list: the parts that decide a credential's `iat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Published {
    /// Its `iat`; 0 where the list was never signed.
    pub(crate) iat: i64,
    /// Whether the credential's slot has the driver's current state in it.
    pub(crate) reads_state: bool,
}

/// The `iat` of a credential: that of its list, where the published list already has the driver's
/// state. It is never before the key's time, nor before an earlier credential of the same device,
/// since a wallet keeps the newer one. `None` where the list must be signed first.
pub(crate) const fn issued_at(list: Published, not_before: i64, earlier: i64) -> Option<i64> {
    if list.reads_state && list.iat > 0 && list.iat >= not_before && list.iat >= earlier {
        Some(list.iat)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LICENSE: License = License {
        over: false,
        version: 1,
    };
    const REQUEST: Request = Request {
        pair: 5,
        asked: 1_000,
    };
    const LATEST: Issuance = Issuance {
        id: 7,
        pair: 5,
        version: 1,
        made: 900,
        asked: 890,
        acknowledged: false,
    };
    const DEVICE: Device = Device {
        same_key: true,
        replaceable_until: 1_500,
        acknowledged: false,
        latest: LATEST,
    };

    fn grant(device: Option<Device>) -> Grant {
        Grant {
            mode: Mode::First,
            device,
            today: 1,
            first_today: 900,
        }
    }

    fn answer(device: Device, request: Request, now: i64) -> Answer {
        judge(&request, &LICENSE, &grant(Some(device)), now)
    }

    #[test]
    fn the_first_request_fixes_the_key() {
        assert_eq!(
            judge(&REQUEST, &LICENSE, &grant(None), 1_000),
            Answer::First
        );
    }

    #[test]
    fn the_same_key_gets_the_same_issuance_until_it_acknowledged_it_or_a_day_is_over() {
        assert_eq!(answer(DEVICE, REQUEST, 1_000), Answer::Repeat(7));
        let other_pair = Request { pair: 6, ..REQUEST };
        assert_eq!(answer(DEVICE, other_pair, 900 + DAY), Answer::Repeat(7));
        assert_eq!(answer(DEVICE, other_pair, 901 + DAY), Answer::Renewal);
        let heard = Device {
            acknowledged: true,
            latest: Issuance {
                acknowledged: true,
                ..LATEST
            },
            ..DEVICE
        };
        assert_eq!(answer(heard, REQUEST, 1_000), Answer::Renewal);
        assert_eq!(answer(heard, other_pair, 1_000), Answer::Renewal);
    }

    #[test]
    fn a_request_that_comes_late_gets_what_the_later_one_got() {
        let heard = Device {
            acknowledged: true,
            latest: Issuance {
                acknowledged: true,
                ..LATEST
            },
            ..DEVICE
        };
        let late = Request {
            asked: 890,
            ..REQUEST
        };
        assert_eq!(answer(heard, late, 1_000), Answer::Repeat(7));
        let other_pair = Request { pair: 6, ..late };
        assert_eq!(answer(heard, other_pair, 1_000), Answer::Renewal);
    }

    #[test]
    fn changed_content_is_a_new_issuance() {
        let edited = License {
            version: 2,
            ..LICENSE
        };
        let grant = grant(Some(DEVICE));
        assert_eq!(judge(&REQUEST, &edited, &grant, 1_000), Answer::Renewal);
    }

    #[test]
    fn another_key_replaces_the_first_until_it_was_acknowledged_or_its_token_ended() {
        let other = Device {
            same_key: false,
            ..DEVICE
        };
        assert_eq!(answer(other, REQUEST, 1_500), Answer::Replace);
        assert_eq!(answer(other, REQUEST, 1_501), Answer::OtherKey);
        let heard = Device {
            acknowledged: true,
            ..other
        };
        assert_eq!(answer(heard, REQUEST, 1_000), Answer::OtherKey);
        let late = Request {
            asked: 889,
            ..REQUEST
        };
        assert_eq!(
            answer(other, late, 1_000),
            Answer::OtherKey,
            "it was sent before"
        );
    }

    #[test]
    fn a_license_that_is_over_is_not_issued_not_even_again() {
        let over = License {
            over: true,
            ..LICENSE
        };
        for device in [None, Some(DEVICE)] {
            assert_eq!(judge(&REQUEST, &over, &grant(device), 1_000), Answer::Over);
        }
    }

    #[test]
    fn the_thirteenth_of_a_day_waits_and_repetitions_do_not_count() {
        let full = |device| Grant {
            today: MAX_A_DAY,
            first_today: 500,
            ..grant(device)
        };
        assert_eq!(
            judge(&REQUEST, &LICENSE, &full(Some(DEVICE)), 1_000),
            Answer::Repeat(7)
        );
        let other = Device {
            same_key: false,
            ..DEVICE
        };
        assert_eq!(
            judge(&REQUEST, &LICENSE, &full(Some(other)), 1_000),
            Answer::SlowDown(500 + DAY - 1_000)
        );
        let almost = Grant {
            today: MAX_A_DAY - 1,
            ..full(Some(other))
        };
        assert_eq!(judge(&REQUEST, &LICENSE, &almost, 1_000), Answer::Replace);
    }

    #[test]
    fn a_credential_takes_the_time_of_a_list_in_which_its_state_stands() {
        let list = Published {
            iat: 100,
            reads_state: true,
        };
        assert_eq!(issued_at(list, 100, 100), Some(100));
        assert_eq!(issued_at(list, 101, 0), None, "the key is younger");
        assert_eq!(
            issued_at(list, 0, 101),
            None,
            "the wallet holds a newer one"
        );
        let other = Published {
            reads_state: false,
            ..list
        };
        assert_eq!(issued_at(other, 0, 0), None);
        assert_eq!(issued_at(Published { iat: 0, ..list }, 0, 0), None);
    }
}
