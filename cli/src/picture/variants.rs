//! The several ways in which one picture is looked at, made one after the other as they are asked for.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};

/// Longest side of a first look: enough for a large symbol in the middle of a photo.
const USUAL_SIDE: u32 = 1600;

/// Longest side of an enlarged picture.
const LARGE_SIDE: u32 = 2800;

type Look = fn(&GrayImage) -> Option<GrayImage>;

/// The looks, the likely ones first.
const LOOKS: [Look; 12] = [
    |picture| Some(at_most(picture, USUAL_SIDE)),
    |picture| (longest(picture) > USUAL_SIDE).then(|| at_most(picture, LARGE_SIDE)),
    |picture| enlarged(picture, 2),
    |picture| Some(one_threshold(&at_most(picture, USUAL_SIDE))),
    |picture| Some(imageops::blur(&at_most(picture, USUAL_SIDE), 0.9)),
    |picture| enlarged(picture, 3).map(|large| imageops::blur(&large, 1.0)),
    |picture| enlarged(picture, 2).map(|large| one_threshold(&large)),
    |picture| (longest(picture) > 1100).then(|| at_most(picture, 1000)),
    |picture| {
        (longest(picture) > USUAL_SIDE).then(|| imageops::blur(&at_most(picture, LARGE_SIDE), 1.5))
    },
    |picture| Some(imageops::unsharpen(&at_most(picture, USUAL_SIDE), 2.0, 0)),
    |picture| (longest(picture) > 760).then(|| at_most(picture, 700)),
    |picture| {
        let mut light_on_dark = at_most(picture, USUAL_SIDE);
        imageops::invert(&mut light_on_dark);
        Some(light_on_dark)
    },
];

/// All looks at `picture` that make sense for its size.
pub(super) fn variants(picture: &GrayImage) -> impl Iterator<Item = GrayImage> + '_ {
    // Without a quiet zone of its own a tightly cropped symbol is not found.
    let framed = framed(picture);
    LOOKS.into_iter().filter_map(move |look| look(&framed))
}

fn longest(picture: &GrayImage) -> u32 {
    picture.width().max(picture.height())
}

fn at_most(picture: &GrayImage, side: u32) -> GrayImage {
    if longest(picture) <= side {
        return picture.clone();
    }
    let scaled = |length: u32| {
        let value = u64::from(length) * u64::from(side) / u64::from(longest(picture).max(1));
        u32::try_from(value).unwrap_or(side).max(1)
    };
    imageops::resize(
        picture,
        scaled(picture.width()),
        scaled(picture.height()),
        FilterType::Triangle,
    )
}

fn enlarged(picture: &GrayImage, times: u32) -> Option<GrayImage> {
    let (width, height) = (
        picture.width().checked_mul(times)?,
        picture.height().checked_mul(times)?,
    );
    (width.max(height) <= LARGE_SIDE)
        .then(|| imageops::resize(picture, width, height, FilterType::CatmullRom))
}

/// White around the picture, a fiftieth of its longer side.
fn framed(picture: &GrayImage) -> GrayImage {
    let margin = longest(picture) / 50 + 8;
    let (width, height) = (picture.width() + 2 * margin, picture.height() + 2 * margin);
    let mut framed = GrayImage::from_pixel(width, height, Luma([255]));
    imageops::replace(&mut framed, picture, i64::from(margin), i64::from(margin));
    framed
}

/// Black and white by the one threshold that parts the brightnesses best (Otsu).
fn one_threshold(picture: &GrayImage) -> GrayImage {
    let threshold = otsu(picture);
    let mut parted = picture.clone();
    for pixel in parted.pixels_mut() {
        *pixel = Luma([if pixel.0[0] > threshold { 255 } else { 0 }]);
    }
    parted
}

fn otsu(picture: &GrayImage) -> u8 {
    let mut histogram = [0_u64; 256];
    for pixel in picture.pixels() {
        if let Some(count) = histogram.get_mut(usize::from(pixel.0[0])) {
            *count += 1;
        }
    }
    let weighted = |(value, count): (u64, &u64)| value * count;
    let total: u64 = histogram.iter().sum();
    let sum: u64 = (0..).zip(&histogram).map(weighted).sum();
    let (mut best, mut best_spread) = (127, 0);
    let (mut dark, mut dark_sum) = (0_u64, 0_u64);
    for (value, count) in (0_u8..=255).zip(&histogram) {
        dark += count;
        dark_sum += u64::from(value) * count;
        let light = total - dark;
        if dark == 0 || light == 0 {
            continue;
        }
        // The variance between the two sides, in whole numbers: means times sixteen.
        let difference = (dark_sum * 16 / dark).abs_diff((sum - dark_sum) * 16 / light);
        let spread =
            u128::from(dark) * u128::from(light) * u128::from(difference) * u128::from(difference);
        if spread > best_spread {
            (best, best_spread) = (value, spread);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_threshold_lies_between_ink_and_paper() {
        let picture = GrayImage::from_fn(20, 20, |x, _| Luma([if x < 10 { 60 } else { 140 }]));
        let threshold = otsu(&picture);
        assert!((60..140).contains(&threshold), "{threshold}");
    }

    #[test]
    fn no_look_is_larger_than_its_bound_and_an_empty_picture_is_no_trouble() {
        for (width, height) in [(1, 1), (1, 3000), (900, 500), (5000, 20)] {
            for look in variants(&GrayImage::new(width, height)) {
                assert!(longest(&look) <= LARGE_SIDE.max(USUAL_SIDE));
            }
        }
    }
}
