//! The several ways in which one picture is looked at.

use image::imageops;
use image::{GrayImage, Luma};

use super::resize::{at_most, longest, times};

/// Longest side of a first look: enough for a large symbol in the middle of a photo.
const USUAL: u32 = 1600;

/// Longest side of the largest attempt.
const LARGE: u32 = 2800;

/// One way to attempt.
pub(super) struct Attempt {
    pub(super) finder: Finder,
    scale: Scale,
    filter: Filter,
    /// Light modules on dark ground, as a screen in its dark theme shows them.
    light_on_dark: bool,
}

/// Which of the two finders is used.
#[derive(Clone, Copy)]
pub(super) enum Finder {
    /// This program's own, by the proportions of the three squares.
    Squares,
    /// `rqrr`, by regions of one color.
    Regions,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// The longer side is at most this; a smaller picture stays as it is.
    AtMost(u32),
    /// The same, for a picture that is larger than the next number.
    Only(u32, u32),
    /// So many times as large, up to [`LARGE`].
    Times(u32),
}

#[derive(Clone, Copy)]
enum Filter {
    None,
    /// Black and white by one threshold.
    Threshold,
    /// Smoothed by this many pixels.
    Blur(f32),
    Sharpen,
}

const fn attempt(finder: Finder, scale: Scale, filter: Filter, light_on_dark: bool) -> Attempt {
    Attempt {
        finder,
        scale,
        filter,
        light_on_dark,
    }
}

/// The looks, the likely ones first.
pub(super) const ATTEMPTS: [Attempt; 18] = {
    use Filter::{Blur, None, Sharpen, Threshold};
    use Finder::{Regions, Squares};
    use Scale::{AtMost, Only, Times};
    [
        attempt(Squares, AtMost(LARGE), None, false),
        attempt(Squares, AtMost(LARGE), None, true),
        attempt(Squares, Only(1000, USUAL), None, false),
        attempt(Squares, Only(1000, USUAL), None, true),
        attempt(Regions, AtMost(USUAL), None, false),
        attempt(Regions, AtMost(USUAL), None, true),
        attempt(Regions, AtMost(USUAL), Blur(0.9), false),
        attempt(Regions, Only(LARGE, USUAL), None, false),
        attempt(Regions, Times(2), None, false),
        attempt(Regions, AtMost(USUAL), Blur(0.9), true),
        attempt(Regions, Times(2), None, true),
        attempt(Squares, Times(2), Blur(1.0), false),
        attempt(Squares, Times(2), Blur(1.0), true),
        attempt(Regions, Times(3), Blur(1.0), false),
        attempt(Regions, AtMost(USUAL), Threshold, false),
        attempt(Regions, Only(1000, 1100), None, false),
        attempt(Regions, AtMost(USUAL), Sharpen, false),
        attempt(Regions, Only(700, 760), None, false),
    ]
};

/// A picture, and its sizes that were made so far.
pub(super) struct Scales {
    picture: GrayImage,
    made: Vec<(Scale, GrayImage)>,
}

impl Scales {
    pub(super) const fn new(picture: GrayImage) -> Self {
        Self {
            picture,
            made: Vec::new(),
        }
    }

    /// The picture as `look` wants it; none where it makes no sense for its size.
    pub(super) fn take(&mut self, attempt: &Attempt) -> Option<GrayImage> {
        let mut seen = self.scaled(attempt.scale)?;
        if attempt.light_on_dark {
            imageops::invert(&mut seen);
        }
        // Without a quiet zone a tightly cropped symbol is not found.
        let seen = framed(&seen);
        Some(match attempt.filter {
            Filter::None => seen,
            Filter::Threshold => one_threshold(seen),
            Filter::Blur(sigma) => imageops::blur(&seen, sigma),
            Filter::Sharpen => imageops::unsharpen(&seen, 2.0, 0),
        })
    }

    fn scaled(&mut self, scale: Scale) -> Option<GrayImage> {
        let longest = longest(&self.picture);
        let applies = match scale {
            Scale::AtMost(_) => true,
            Scale::Only(_, over) => longest > over,
            Scale::Times(times) => longest.checked_mul(times).is_some_and(|side| side <= LARGE),
        };
        if !applies {
            return None;
        }
        if let Some((_, made)) = self.made.iter().find(|(made, _)| *made == scale) {
            return Some(made.clone());
        }
        let made = match scale {
            Scale::AtMost(side) | Scale::Only(side, _) => at_most(&self.picture, side),
            Scale::Times(factor) => times(&self.picture, factor),
        };
        self.made.push((scale, made.clone()));
        Some(made)
    }
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
fn one_threshold(mut picture: GrayImage) -> GrayImage {
    let threshold = otsu(&picture);
    for pixel in picture.pixels_mut() {
        *pixel = Luma([if pixel.0[0] > threshold { 255 } else { 0 }]);
    }
    picture
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
            let mut scales = Scales::new(GrayImage::new(width, height));
            for picture in ATTEMPTS.iter().filter_map(|attempt| scales.take(attempt)) {
                assert!(longest(&picture) <= LARGE + LARGE / 25 + 16);
            }
        }
    }
}
