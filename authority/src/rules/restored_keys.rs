//! Which keys sign after an older register was put back, by the trust list that was published after
//! it.

use vidimus_credential::{KeyId, UnixTime};

use super::rotation::End;

/// A key of one use in the published trust list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) kid: KeyId,
    pub(crate) not_before: UnixTime,
    pub(crate) expires: UnixTime,
    /// Set where it is retired.
    pub(crate) signed_until: Option<UnixTime>,
    /// Whether its secret is here.
    pub(crate) has_secret: bool,
    /// Whether the older register lets it sign.
    pub(crate) was_current: bool,
}

/// What the keys of one use do from now on. What it does not name, and the older register knows, is
/// dropped: the published list names it no more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The key that signs; `None`: a new one is to be made.
    pub(crate) current: Option<KeyId>,
    /// The key that follows it; `None`: a new one is to be made.
    pub(crate) next: Option<KeyId>,
    /// Keys that sign no more, and what they signed counts.
    pub(crate) retired: Vec<(KeyId, End)>,
}

/// Decides it. `signer` is the key of the newest thing that was published, where one is known. A
/// key whose secret is lost may have signed up to `now`, and what it signs lives for `life`
/// seconds.
pub(crate) fn plan(listed: &[Listed], signer: Option<KeyId>, now: UnixTime, life: u64) -> Plan {
    let mut usable: Vec<&Listed> = listed
        .iter()
        .filter(|key| key.signed_until.is_none() && key.has_secret)
        .collect();
    // The one that signs was announced before the one that follows it.
    usable.sort_by_key(|key| {
        let is_signer = signer == Some(key.kid);
        (!is_signer, !key.was_current, key.not_before, key.kid)
    });
    let mut roles = usable.into_iter().map(|key| key.kid);
    let (current, next) = (roles.next(), roles.next());
    let retired = listed
        .iter()
        .filter(|key| ![current, next].contains(&Some(key.kid)))
        .map(|key| {
            let end = match key.signed_until {
                Some(signed_until) => End::Retired {
                    signed_until,
                    expires: key.expires,
                },
                None => End::Retired {
                    signed_until: now.max(key.not_before),
                    expires: now.max(key.not_before).saturating_add(life),
                },
            };
            (key.kid, end)
        })
        .collect();
    Plan {
        current,
        next,
        retired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: u64 = 1_000;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    fn kid(name: u8) -> KeyId {
        KeyId::new([name; 8])
    }

    fn key(name: u8, not_before: u64) -> Listed {
        Listed {
            kid: kid(name),
            not_before: at(not_before),
            expires: at(9_000),
            signed_until: None,
            has_secret: true,
            was_current: false,
        }
    }

    fn retired(name: u8, signed_until: u64, expires: u64) -> (KeyId, End) {
        let end = End::Retired {
            signed_until: at(signed_until),
            expires: at(expires),
        };
        (kid(name), end)
    }

    fn planned(listed: &[Listed], signer: Option<u8>) -> Plan {
        plan(listed, signer.map(kid), at(5_000), LIFE)
    }

    #[test]
    fn where_nothing_was_rotated_everything_stays() {
        let current = Listed {
            was_current: true,
            ..key(9, 10)
        };
        let plan = planned(&[key(2, 10), current], None);
        assert_eq!((plan.current, plan.next), (Some(kid(9)), Some(kid(2))));
        assert_eq!(plan.retired, []);
    }

    #[test]
    fn a_key_that_was_retired_since_signs_no_more_although_its_secret_came_back() {
        let old = Listed {
            signed_until: Some(at(700)),
            was_current: true,
            ..key(1, 10)
        };
        let plan = planned(&[old, key(3, 700), key(2, 10)], None);
        assert_eq!((plan.current, plan.next), (Some(kid(2)), Some(kid(3))));
        assert_eq!(plan.retired, [retired(1, 700, 9_000)]);
    }

    #[test]
    fn the_key_of_what_was_published_last_is_the_one_that_signs() {
        let plan = planned(&[key(1, 10), key(2, 10)], Some(2));
        assert_eq!((plan.current, plan.next), (Some(kid(2)), Some(kid(1))));
    }

    #[test]
    fn a_key_whose_secret_is_lost_is_retired_and_another_one_is_made() {
        let lost = Listed {
            has_secret: false,
            ..key(1, 10)
        };
        let plan = planned(&[lost, key(2, 10)], Some(1));
        assert_eq!((plan.current, plan.next), (Some(kid(2)), None));
        assert_eq!(plan.retired, [retired(1, 5_000, 6_000)]);
        let plan = planned(&[lost], None);
        assert_eq!((plan.current, plan.next), (None, None));
    }
}
