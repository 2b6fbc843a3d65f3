//! Other sizes of a picture, in whole numbers: the general resizer of `image` takes a second for a
//! photo.

use image::GrayImage;

/// Weights are in units of 1/4096.
const UNIT_BITS: u32 = 12;

/// The longer side of a picture, in pixels.
pub(super) fn longest(picture: &GrayImage) -> u32 {
    picture.width().max(picture.height())
}

/// The picture with no side longer than `side`.
pub(super) fn at_most(picture: &GrayImage, side: u32) -> GrayImage {
    if longest(picture) <= side {
        return picture.clone();
    }
    let scaled = |length: u32| {
        let value = u64::from(length) * u64::from(side) / u64::from(longest(picture).max(1));
        u32::try_from(value).unwrap_or(side).max(1)
    };
    resize(
        picture,
        scaled(picture.width()),
        scaled(picture.height()),
        triangle,
        1.0,
    )
}

/// The picture `factor` times as large.
pub(super) fn times(picture: &GrayImage, factor: u32) -> GrayImage {
    resize(
        picture,
        picture.width().saturating_mul(factor),
        picture.height().saturating_mul(factor),
        catmull_rom,
        2.0,
    )
}

fn triangle(distance: f64) -> f64 {
    (1.0 - distance.abs()).max(0.0)
}

/// The cubic that goes through the pixels and keeps edges sharp.
fn catmull_rom(distance: f64) -> f64 {
    match distance.abs() {
        near if near < 1.0 => (1.5 * near - 2.5) * near * near + 1.0,
        far if far < 2.0 => ((-0.5 * far + 2.5) * far - 4.0) * far + 2.0,
        _ => 0.0,
    }
}

/// The pixels of the source that make one of the target, from the first on, with their weights.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

/// The taps of each pixel of a line. A smaller line takes as many pixels more as it is smaller.
fn taps(from: usize, to: usize, kernel: fn(f64) -> f64, reach: f64) -> Vec<Taps> {
    let ratio = real(from) / real(to.max(1));
    let stretch = ratio.max(1.0);
    let unit = f64::from(1_u32 << UNIT_BITS);
    (0..to)
        .map(|target| {
            let center = (real(target) + 0.5) * ratio - 0.5;
            let first = (center - reach * stretch).ceil().max(0.0);
            let last = (center + reach * stretch).floor().min(real(from) - 1.0);
            let (first, last) = (whole(first), whole(last).min(from.saturating_sub(1)));
            let first = first.min(last);
            let shares: Vec<f64> = (first..=last)
                .map(|source| kernel((real(source) - center) / stretch))
                .collect();
            let sum: f64 = shares.iter().sum();
            let weights = shares.iter().map(|share| share / sum * unit);
            Taps {
                first,
                weights: weights.map(rounded).collect(),
            }
        })
        .collect()
}

/// Across first, then down; both by weights that are made once for each column and row.
fn resize(
    picture: &GrayImage,
    width: u32,
    height: u32,
    kernel: fn(f64) -> f64,
    reach: f64,
) -> GrayImage {
    let size = |length: u32| usize::try_from(length).unwrap_or(0);
    let (columns, rows) = (size(picture.width()), size(picture.height()));
    let across = taps(columns, size(width), kernel, reach);
    let down = taps(rows, size(height), kernel, reach);
    let mut narrowed = Vec::with_capacity(rows * size(width));
    for row in picture.as_raw().chunks_exact(columns.max(1)) {
        for taps in &across {
            let pixels = row.get(taps.first..).unwrap_or_default();
            let sum = pixels
                .iter()
                .zip(&taps.weights)
                .map(|(pixel, weight)| i32::from(*pixel) * weight)
                .sum();
            narrowed.push(pixel(sum));
        }
    }
    let mut made = Vec::with_capacity(size(width) * size(height));
    let mut sums = vec![0_i32; size(width)];
    for taps in &down {
        sums.fill(0);
        let lines = narrowed
            .chunks_exact(size(width).max(1))
            .skip(taps.first)
            .zip(&taps.weights);
        for (line, weight) in lines {
            for (sum, pixel) in sums.iter_mut().zip(line) {
                *sum += i32::from(*pixel) * weight;
            }
        }
        made.extend(sums.iter().copied().map(pixel));
    }
    GrayImage::from_raw(width, height, made).unwrap_or_default()
}

fn pixel(sum: i32) -> u8 {
    let value = (sum + (1 << (UNIT_BITS - 1))) >> UNIT_BITS;
    u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
}

/// A length as a real number; no picture is longer than 20,000 pixels.
pub(super) fn real(length: usize) -> f64 {
    u32::try_from(length).map_or(f64::MAX, f64::from)
}

#[expect(
    clippy::as_conversions,
    reason = "a place in a line: not negative, and at most 20,000"
)]
pub(super) fn whole(place: f64) -> usize {
    place as usize
}

#[expect(clippy::as_conversions, reason = "a weight: between -4096 and 8192")]
fn rounded(weight: f64) -> i32 {
    weight.round() as i32
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn a_plain_picture_stays_plain_at_any_size() {
        let picture = GrayImage::from_pixel(301, 77, Luma([200]));
        let near = |picture: &GrayImage| picture.pixels().all(|pixel| pixel.0[0].abs_diff(200) < 2);
        assert!(near(&at_most(&picture, 100)) && near(&times(&picture, 3)));
        assert_eq!(at_most(&picture, 100).dimensions(), (100, 25));
        assert_eq!(times(&picture, 3).dimensions(), (903, 231));
        assert_eq!(at_most(&picture, 301), picture);
    }

    #[test]
    fn an_edge_stays_where_it_is() {
        let picture = GrayImage::from_fn(400, 4, |x, _| Luma([if x < 200 { 0 } else { 255 }]));
        for (made, edge) in [(at_most(&picture, 100), 50), (times(&picture, 2), 400)] {
            assert!(made.get_pixel(edge - 2, 0).0[0] < 40);
            assert!(made.get_pixel(edge + 2, 0).0[0] > 215);
        }
    }

    #[test]
    fn lines_of_one_pixel_are_no_trouble() {
        for (width, height) in [(1, 1), (1, 3000), (20_000, 1)] {
            let made = at_most(&GrayImage::new(width, height), 1600);
            assert!(longest(&made) <= 1600 && made.width() > 0 && made.height() > 0);
        }
    }
}
