//! How a family of token pairs grows.
//!
//! A pair is *used* once a credential was issued on its access token. What comes from a used pair,
//! or from the code, are its *children*: at most [`MAX_CHILDREN`], of which the first one used wins
//! and the others are forgotten. Asking once more gives the last one again, and an unused pair's
//! own refresh token gives that pair again. So however often an answer is lost, and however often a
//! thief asks, nothing that the owner holds stops being good.

/// How long an access token is good, in seconds: 10 minutes.
pub(crate) const ACCESS_LIFE: i64 = 600;
/// How long an unused refresh token is good, in seconds: 90 days, three times a credential's life.
pub(crate) const REFRESH_LIFE: i64 = 90 * 86_400;
/// Unused pairs that come from one used pair, or from a code.
pub(crate) const MAX_CHILDREN: u32 = 4;

/// Which pair an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// A new one, the `n`th child, from 0.
    Child(u32),
    /// The child that was made last, once more.
    Again(u32),
    /// The very pair whose refresh token was shown.
    Itself,
}

/// A pair whose refresh token was shown, as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// A credential was issued on it.
    pub(crate) used: bool,
    /// A credential was issued on what came from it.
    pub(crate) spent: bool,
    /// The grant was voided.
    pub(crate) void: bool,
    pub(crate) expires: i64,
    /// How many children it has.
    pub(crate) children: u32,
}

impl Shown {
    /// What the answer is; `None` where the token is not good any more.
    pub(crate) fn answer(&self, now: i64) -> Option<Next> {
        if self.void || self.spent || now > self.expires {
            return None;
        }
        if !self.used {
            return Some(Next::Itself);
        }
        Some(child(self.children))
    }
}

/// The next child of a used pair, or of a code, that has this many.
pub(crate) const fn child(children: u32) -> Next {
    if children < MAX_CHILDREN {
        Next::Child(children)
    } else {
        Next::Again(MAX_CHILDREN - 1)
    }
}

/// Whether a pair that is given again keeps its access token: while half of its life is left.
pub(crate) const fn keeps_access(expires: i64, now: i64) -> bool {
    expires - now >= ACCESS_LIFE / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Shown = Shown {
        used: true,
        spent: false,
        void: false,
        expires: 1_000,
        children: 0,
    };

    #[test]
    fn a_used_pair_has_four_children_and_then_gives_the_last_again() {
        let answers: Vec<_> = (0..=5)
            .map(|children| Shown { children, ..SHOWN }.answer(0).unwrap())
            .collect();
        assert_eq!(
            answers,
            [
                Next::Child(0),
                Next::Child(1),
                Next::Child(2),
                Next::Child(3),
                Next::Again(3),
                Next::Again(3)
            ]
        );
    }

    #[test]
    fn an_unused_pair_gives_itself_and_a_spent_void_or_expired_one_nothing() {
        assert_eq!(
            Shown {
                used: false,
                ..SHOWN
            }
            .answer(0),
            Some(Next::Itself)
        );
        assert_eq!(SHOWN.answer(1_000), Some(Next::Child(0)));
        assert_eq!(SHOWN.answer(1_001), None);
        for used in [true, false] {
            assert_eq!(
                Shown {
                    used,
                    spent: true,
                    ..SHOWN
                }
                .answer(0),
                None
            );
            assert_eq!(
                Shown {
                    used,
                    void: true,
                    ..SHOWN
                }
                .answer(0),
                None
            );
        }
    }

    #[test]
    fn an_access_token_is_given_again_while_half_of_its_life_is_left() {
        assert!(keeps_access(600, 0) && keeps_access(600, 300));
        assert!(!keeps_access(600, 301) && !keeps_access(600, 700));
    }
}
