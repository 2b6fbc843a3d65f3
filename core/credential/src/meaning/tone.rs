//! Tones: how good or bad something is, told by word, shape and color, never by color alone.

use crate::all_variants;

/// How good or bad something is. Each tone has its own [`Mark`].
///
/// It is not `#[non_exhaustive]`: every screen must decide how it shows each of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Everything is in order.
    Good,
    /// A person must look at it.
    Caution,
    /// It must not be used or accepted.
    Bad,
    /// It is not known, so it is neither good nor bad.
    Unknown,
}

all_variants! {
    /// Every tone, from good to unknown.
    Tone {
        Good,
        Caution,
        Bad,
        Unknown,
    }
}

impl Tone {
    /// The stable name, as JSON writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }

    /// The shape that goes with this tone.
    #[must_use]
    pub const fn mark(self) -> Mark {
        match self {
            Self::Good => Mark::Disc,
            Self::Caution => Mark::Triangle,
            Self::Bad => Mark::Octagon,
            Self::Unknown => Mark::Diamond,
        }
    }
}

/// A shape that tells a tone to people who do not see its color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A disc with a tick.
    Disc,
    /// A triangle, for a caution.
    Triangle,
    /// An octagon with a bar.
    Octagon,
    /// A diamond with a question mark.
    Diamond,
}

impl Mark {
    /// The character that a terminal writes for this shape.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Disc => '✔',
            Self::Triangle => '▲',
            Self::Octagon => '✘',
            Self::Diamond => '?',
        }
    }
}
