//! The driver's face as QRs, for the screen of a showing.

use std::sync::Arc;

use vidimus_credential::face::{FaceFrames, MAX_DISCLOSURE};
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_credential::sd_cwt::Portrait;

use super::Turns;
use crate::error::Error;

/// The face that goes with a token, cut and drawn: level M and the version of the token's QR, so
/// that the picture on the glass keeps its size. It is personal data and has no `Debug`.
///
/// An officer's device shows the face only beside a verdict on a license whose signed digest it
/// has, so it may be shown to anyone who may see the token.
#[derive(Clone)]
pub struct Face {
    drawn: Arc<Drawn>,
}

/// The frames, and from what they were cut.
struct Drawn {
    digest: [u8; 32],
    /// The version that was asked for. A small one may have been raised.
    version: u8,
    frames: Vec<(String, Symbol)>,
}

impl Face {
    /// Cuts and draws a portrait for tokens of a QR version.
    ///
    /// # Errors
    /// [`Error::Credential`] where the portrait is longer than a roadside portrait.
    pub(super) fn draw(portrait: &Portrait, version: u8) -> Result<Self, Error> {
        let cut = FaceFrames::new(portrait, version)?;
        let options = SymbolOptions {
            min_version: cut.version(),
            mask: None,
        };
        let draw = |text: &String| Ok((text.clone(), Symbol::encode(text, options)?));
        let frames = cut.texts().iter().map(draw).collect::<Result<_, Error>>()?;
        Ok(Self {
            drawn: Arc::new(Drawn {
                digest: portrait.digest(),
                version,
                frames,
            }),
        })
    }

    /// Whether these frames were cut from this portrait for this version.
    pub(super) fn is_of(&self, portrait: &Portrait, version: u8) -> bool {
        self.drawn.version == version && self.drawn.digest == portrait.digest()
    }

    /// How many frames it has: 1 to 16.
    #[must_use]
    pub fn count(&self) -> usize {
        self.drawn.frames.len()
    }

    /// The modules of a frame's QR, without quiet zone, counted from 0. The screen must add one of
    /// 4 modules, as it does for the token.
    #[must_use]
    pub fn symbol(&self, index: usize) -> Option<&Symbol> {
        self.drawn.frames.get(index).map(|(_, symbol)| symbol)
    }

    /// The texts of all frames, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let frames = self.drawn.frames.iter();
        frames.map(|(text, _)| text.as_str()).collect()
    }

    /// The symbols of all frames, in order.
    pub fn symbols(&self) -> impl ExactSizeIterator<Item = &Symbol> {
        self.drawn.frames.iter().map(|(_, symbol)| symbol)
    }

    /// The turns of the token and these frames on the screen.
    #[must_use]
    pub fn turns(&self) -> Turns {
        Turns::new(self.count())
    }
}

/// Whether a portrait can be shown as frames. A longer one is for other channels.
pub(super) fn is_roadside(portrait: &Portrait) -> bool {
    portrait.disclosure().len() <= MAX_DISCLOSURE
}
