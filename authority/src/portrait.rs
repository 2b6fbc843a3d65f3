//! The portrait: is the submitted file a whole picture, and the small one that is shown at the
//! roadside.
//!
//! What a clerk submits is kept as it is. The credential's disclosure is of the *roadside portrait*
//! that [`roadside`] makes: upright, RGB or grey, 3 wide by 4 high, nothing but the picture in the
//! file, and small enough to travel in a few QR codes (profile, "The face, by camera").

mod crop;
mod fit;
mod read;

use std::fmt;

pub use fit::{MAX_ROADSIDE, MIN_HEIGHT, MIN_WIDTH};
pub use read::MAX_PORTRAIT;
use read::MAX_SIDE;

/// Below this JPEG quality (of 1 to 100) the clerk is told: blocks begin to show on skin.
const LOW_QUALITY: u8 = 40;

/// Why a file is refused as portrait. Each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortraitFault {
    /// The file has more than 64 KiB.
    #[error("is larger than 64 KiB: save it smaller or with a lower JPEG quality")]
    TooLarge,
    /// A picture of another kind, which the text names.
    #[error("is a {0} picture, and its name says otherwise: save it as JPEG (.jpg)")]
    OtherFormat(&'static str),
    /// The file is not a JPEG, or not a whole one.
    #[error("is not a whole JPEG picture: save it anew as .jpg")]
    NotAJpeg,
    /// A JPEG that breaks off, or is damaged.
    #[error("is a JPEG picture that breaks off or is damaged: copy or save it anew")]
    NotWhole,
    /// A JPEG of a kind that programs read differently.
    #[error("is a JPEG picture of an unusual kind: open it and save it anew as .jpg")]
    Unusual,
    /// Cyan, magenta, yellow and black, and nothing says which way round.
    #[error("is in the colors of a printing press (CMYK): save it as RGB or grey")]
    PrintColors,
    /// More than 2048 pixels wide or high.
    #[error("is more than {MAX_SIDE} pixels wide or high: scale it down")]
    TooManyPixels,
    /// Wider than high, or much higher than wide.
    #[error(
        "is {width} x {height} pixels when it is upright: crop it to the face, 3 wide by 4 high"
    )]
    Shape {
        /// Width once it is upright, in pixels.
        width: u32,
        /// Height once it is upright, in pixels.
        height: u32,
    },
    /// Smaller than the roadside portrait once it is cropped.
    #[error(
        "has {width} x {height} pixels at 3 wide by 4 high, and {MIN_WIDTH} x {MIN_HEIGHT} is the least: take a larger picture"
    )]
    TooSmall {
        /// Width of its 3:4 part, in pixels.
        width: u32,
        /// Height of its 3:4 part, in pixels.
        height: u32,
    },
    /// The part to cut out lies outside the picture.
    #[error("is smaller than the part to cut out of it: choose a part that lies in it")]
    OutsidePicture,
    /// So full of detail that it does not fit at any quality.
    #[error(
        "does not fit {MAX_ROADSIDE} bytes at any quality: take it before a plain background, in good light"
    )]
    TooBusy,
}

/// What was done to the picture, for the clerk to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortraitNote {
    /// Turned or mirrored, as the camera had noted.
    #[error("the portrait was turned upright, as its camera had noted")]
    Turned,
    /// The picture was cut at its sides to 3 wide by 4 high.
    #[error(
        "the portrait was cut to 3 wide by 4 high ({width} x {height} of its pixels): see that the whole face is in it"
    )]
    Cut {
        /// Width of what was kept, in pixels.
        width: u32,
        /// Height of what was kept, in pixels.
        height: u32,
    },
    /// Converted from the colors of print, without their profile.
    #[error(
        "the portrait was in the colors of a printing press (CMYK) and was converted: compare the colors"
    )]
    Converted,
    /// The best quality that fits is low.
    #[error("the portrait fits only at quality {0} of 100: a plain background makes it clearer")]
    LowQuality(u8),
}

/// The picture that is shown at the roadside.
#[derive(Clone, PartialEq, Eq)]
pub struct Roadside {
    /// A JPEG of at most [`MAX_ROADSIDE`] bytes: upright, RGB or grey, 3 wide by 4 high, without
    /// metadata. Personal data.
    pub jpeg: Vec<u8>,
    /// What was changed, in the order in which it was done.
    pub notes: Vec<PortraitNote>,
}

impl fmt::Debug for Roadside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roadside")
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

/// Makes the roadside portrait of a submitted JPEG file (profile, section "The face, by camera").
///
/// The same file always gives the same bytes. Color profiles are not applied. Keep the submitted
/// bytes beside the result: they are the picture for other documents.
///
/// # Errors
/// Says what is wrong with the file and what to do; no input makes it panic, or take more memory
/// than the largest picture (2048 x 2048 pixels).
pub fn roadside(submitted: &[u8]) -> Result<Roadside, PortraitFault> {
    make(submitted, None)
}

/// The part of a picture to cut out, in pixels of the picture once it is upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Its left edge, from the left.
    pub left: u32,
    /// Its upper edge, from above.
    pub top: u32,
    /// How wide it is.
    pub width: u32,
    /// How high it is.
    pub height: u32,
}

/// Makes the roadside portrait of a part of a submitted JPEG file. The part is cut to 3 wide by 4
/// high where it is not.
///
/// # Errors
/// As [`roadside`], and [`PortraitFault::OutsidePicture`].
pub fn roadside_of(submitted: &[u8], part: Crop) -> Result<Roadside, PortraitFault> {
    make(submitted, Some(part))
}

/// How wide and how high a submitted JPEG file is once it is upright, in pixels.
///
/// # Errors
/// As [`roadside`].
pub(crate) fn size_of(submitted: &[u8]) -> Result<(u32, u32), PortraitFault> {
    let picture = read::decode(submitted)?;
    let upright = crop::upright(picture.pixels, picture.orientation);
    Ok((upright.width(), upright.height()))
}

fn make(submitted: &[u8], part: Option<Crop>) -> Result<Roadside, PortraitFault> {
    let picture = read::decode(submitted)?;
    let mut notes = Vec::new();
    if picture.converted {
        notes.push(PortraitNote::Converted);
    }
    if crop::is_turned(picture.orientation) {
        notes.push(PortraitNote::Turned);
    }
    let mut upright = crop::upright(picture.pixels, picture.orientation);
    if let Some(part) = part {
        upright = crop::part(&upright, part)?;
    }
    let (face, cut) = crop::crop(upright)?;
    if cut {
        notes.push(PortraitNote::Cut {
            width: face.width(),
            height: face.height(),
        });
    }
    let (jpeg, quality) = fit::encode(&face)?;
    if quality < LOW_QUALITY {
        notes.push(PortraitNote::LowQuality(quality));
    }
    Ok(Roadside { jpeg, notes })
}

#[cfg(test)]
mod tests;
