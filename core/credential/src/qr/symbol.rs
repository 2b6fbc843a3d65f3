//! A QR symbol (ISO/IEC 18004, model 2) of alphanumeric text.

use super::{base45, mask};
use crate::Error;
use crate::discreet::debug_name_alone;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The largest version that a profile's QR may have: 117 modules a side.
pub const MAX_VERSION: u8 = 25;

/// The most characters that a symbol holds: those of version 25 at error correction level L.
pub const MAX_CHARACTERS: usize = 1853;

/// How [`Symbol::encode`] chooses the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SymbolOptions {
    /// The smallest version to take, clamped to 1 to 25.
    pub min_version: u8,
    /// The mask, 0 to 7; only the lowest three bits count. `None` tries all eight and takes the
    /// best, which costs about eight times as much. Do so for the first frame and keep its mask.
    pub mask: Option<u8>,
}

impl Default for SymbolOptions {
    fn default() -> Self {
        Self {
            min_version: 1,
            mask: None,
        }
    }
}

/// How much damage a symbol survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EccLevel {
    /// About 7 % of the codewords.
    Low,
    /// About 15 % of the codewords.
    Medium,
}

/// A QR symbol without its quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    version: u8,
    mask: u8,
    ecc: EccLevel,
    /// One number a row from the top; bit x is column x from the left, set where it is dark. The
    /// largest symbol is 117 wide, so a row fits.
    rows: Vec<u128>,
}

debug_name_alone!(Symbol);

impl Symbol {
    /// Encodes text in alphanumeric mode: the smallest version up to 25 that holds it at level M
    /// (1,451 characters), or else at level L (1,853 characters).
    ///
    /// # Errors
    /// [`Error::TooLong`] past 1,853 characters; [`Error::Base45`] for a character outside the
    /// alphabet of Base45, which is that of alphanumeric mode.
    pub fn encode(text: &str, options: SymbolOptions) -> Result<Self, Error> {
        if text.len() > MAX_CHARACTERS {
            return Err(Error::too_long(MAX_CHARACTERS));
        }
        // The encoder panics on other characters.
        if !base45::is_alphabet(text) {
            return Err(Error::Base45);
        }
        let segment = [QrSegment::make_alphanumeric(text)];
        match options.mask {
            Some(mask) => Self::masked(&segment, options.min_version, mask & 7),
            None => mask::best(|mask| Self::masked(&segment, options.min_version, mask)),
        }
    }

    fn masked(segment: &[QrSegment], min_version: u8, mask: u8) -> Result<Self, Error> {
        let smallest = Version::new(min_version.clamp(1, MAX_VERSION));
        let largest = Version::new(MAX_VERSION);
        let at = |level| {
            let mask = Some(Mask::new(mask));
            QrCode::encode_segments_advanced(segment, level, smallest, largest, mask, false)
        };
        let code = at(QrCodeEcc::Medium)
            .or_else(|_| at(QrCodeEcc::Low))
            .map_err(|_| Error::too_long(MAX_CHARACTERS))?;
        Ok(Self {
            version: code.version().value(),
            mask,
            ecc: match code.error_correction_level() {
                QrCodeEcc::Low => EccLevel::Low,
                _ => EccLevel::Medium,
            },
            rows: (0..code.size())
                .map(|y| {
                    // From the right, so that the leftmost module ends in bit 0.
                    (0..code.size())
                        .rev()
                        .fold(0, |row, x| row << 1 | u128::from(code.get_module(x, y)))
                })
                .collect(),
        })
    }

    /// The version, 1 to 25.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// The mask, 0 to 7.
    #[must_use]
    pub fn mask(&self) -> u8 {
        self.mask
    }

    /// The level of error correction.
    #[must_use]
    pub fn ecc(&self) -> EccLevel {
        self.ecc
    }

    /// The side in modules, 21 to 117.
    #[must_use]
    pub fn size(&self) -> usize {
        self.rows.len()
    }

    /// Whether the module in column `x` and row `y` is dark. Outside the symbol all is light.
    #[must_use]
    pub fn module(&self, x: usize, y: usize) -> bool {
        self.rows
            .get(y)
            .is_some_and(|row| x < self.size() && row >> x & 1 == 1)
    }

    /// The rows from the top; bit x is column x from the left, set where the module is dark.
    #[must_use]
    pub fn rows(&self) -> &[u128] {
        &self.rows
    }
}
