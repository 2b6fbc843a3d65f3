//! Which token pair a code or a refresh token is exchanged for.
//!
//! A pair is *used* once a credential was issued with its access token. A used pair, or the code,
//! has *children*: the pairs that it was exchanged for, at most [`MAX_CHILDREN`]. The first child
//! that is used wins, and the others are deleted. After the last child, another exchange gives that
//! one again. The refresh token of an unused pair gives the same pair again. So lost answers and a
//! thief's requests never make the owner's newest tokens invalid.

/// How long an access token is good, in seconds: 10 minutes.
pub(crate) const ACCESS_LIFE: i64 = 600;
/// How long an unused refresh token is good, in seconds: 90 days, three times a credential's life.
pub(crate) const REFRESH_LIFE: i64 = 90 * 86_400;
/// The most unused pairs that one used pair, or a code, is exchanged for.
pub(crate) const MAX_CHILDREN: u32 = 4;

/// Which pair the answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// A new one, the `n`th child, from 0.
    Child(u32),
    /// The child that was made last, again.
    Again(u32),
    /// The same pair whose refresh token was sent.
    Itself,
}

/// The parts that the rules need of a pair whose refresh token was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Whether a credential was issued with its access token.
    pub(crate) used: bool,
    /// Whether a credential was issued with a child's access token.
    pub(crate) spent: bool,
    /// Whether its grant is void.
    pub(crate) void: bool,
    pub(crate) expires: i64,
    /// How many children it has.
    pub(crate) children: u32,
}

impl Shown {
    /// Which pair to answer with; `None` where the refresh token is no longer good.
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
