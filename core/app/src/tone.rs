//! Tones on a screen: how good or bad something is, told by word, shape and color.

use vidimus_credential::meaning;

use crate::words::Words;

/// How good or bad something is. Closed: a screen must show each of the four.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Everything is in order.
    Good,
    /// A person must look at it.
    Caution,
    /// It must not be used.
    Bad,
    /// It is not known, so it is neither good nor bad.
    Unknown,
}

/// The shape that goes with a tone, for people who do not see its color.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
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

/// A tone and its shape: never one without the other.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sign {
    /// How good or bad it is.
    pub tone: Tone,
    /// The shape of the tone.
    pub mark: Mark,
}

impl From<meaning::Tone> for Sign {
    fn from(tone: meaning::Tone) -> Self {
        let mark = match tone.mark() {
            meaning::Mark::Disc => Mark::Disc,
            meaning::Mark::Triangle => Mark::Triangle,
            meaning::Mark::Octagon => Mark::Octagon,
            meaning::Mark::Diamond => Mark::Diamond,
        };
        let tone = match tone {
            meaning::Tone::Good => Tone::Good,
            meaning::Tone::Caution => Tone::Caution,
            meaning::Tone::Bad => Tone::Bad,
            meaning::Tone::Unknown => Tone::Unknown,
        };
        Self { tone, mark }
    }
}

/// A sentence with its sign, for a notice on a screen.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// The tone and its shape.
    pub sign: Sign,
    /// The sentence to show.
    pub words: Words,
}

impl Note {
    pub(crate) fn new(tone: meaning::Tone, key: &str) -> Self {
        Self {
            sign: tone.into(),
            words: Words::of(key),
        }
    }
}
