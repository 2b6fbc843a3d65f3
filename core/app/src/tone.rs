//! How something on a screen is to be taken: by word, shape and color.

use vidimus_credential::meaning;

use crate::words::Words;

/// How something is to be taken.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// All is well.
    Good,
    /// A person must look at it.
    Caution,
    /// Not to be used.
    Bad,
    /// Nobody knows.
    Unknown,
}

/// The shape that goes with a tone, for people who do not see its color.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A disc with a tick.
    Disc,
    /// A triangle.
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
    /// The tone.
    pub tone: Tone,
    /// Its shape.
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
    /// How it is to be taken.
    pub sign: Sign,
    /// What it says.
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
