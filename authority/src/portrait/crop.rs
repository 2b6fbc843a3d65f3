//! Upright, and 3 wide by 4 high.

use image::DynamicImage;
use image::metadata::Orientation;

use super::fit::{MIN_HEIGHT, MIN_WIDTH};
use super::{Crop, PortraitFault};

/// Whether the camera was held another way than upright.
pub(super) fn is_turned(orientation: Orientation) -> bool {
    orientation != Orientation::NoTransforms
}

/// Turns or mirrors the picture as its camera noted (Exif 2.32, tag 0x0112).
pub(super) fn upright(mut pixels: DynamicImage, orientation: Orientation) -> DynamicImage {
    pixels.apply_orientation(orientation);
    pixels
}

/// Cuts out the part that a clerk chose.
pub(super) fn part(pixels: &DynamicImage, part: Crop) -> Result<DynamicImage, PortraitFault> {
    let lies_in = |from: u32, length: u32, whole: u32| {
        length > 0 && from.checked_add(length).is_some_and(|end| end <= whole)
    };
    if !lies_in(part.left, part.width, pixels.width())
        || !lies_in(part.top, part.height, pixels.height())
    {
        return Err(PortraitFault::OutsidePicture);
    }
    Ok(pixels.crop_imm(part.left, part.top, part.width, part.height))
}

/// Cuts the picture to 3:4, and says whether more than a hundredth of it was cut off.
///
/// Between square and 9:16 no more than a quarter of it falls away: from both sides alike, or, for
/// a high one, a third of it above and two thirds below, for faces are in the upper half.
pub(super) fn crop(pixels: DynamicImage) -> Result<(DynamicImage, bool), PortraitFault> {
    let (width, height) = (pixels.width(), pixels.height());
    if width > height || height > width * 16 / 9 {
        return Err(PortraitFault::Shape { width, height });
    }
    let (new_width, new_height) = if width * 4 > height * 3 {
        (height * 3 / 4, height)
    } else {
        (width, (width * 4).div_ceil(3).min(height))
    };
    if new_width < MIN_WIDTH || new_height < MIN_HEIGHT {
        return Err(PortraitFault::TooSmall {
            width: new_width,
            height: new_height,
        });
    }
    if (new_width, new_height) == (width, height) {
        return Ok((pixels, false));
    }
    let (left, above) = ((width - new_width) / 2, (height - new_height) / 3);
    let worth_saying = (width - new_width) * 100 > width || (height - new_height) * 100 > height;
    Ok((
        pixels.crop_imm(left, above, new_width, new_height),
        worth_saying,
    ))
}
