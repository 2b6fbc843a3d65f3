//! A second finder, for modules of two or three pixels and for noise.
//!
//! `rqrr` joins pixels to regions and takes whole pixels for corners, so one wrong pixel costs it a
//! code. Here the three squares are found by their proportions, to a part of a pixel; the size of
//! the code by its timing pattern; its bend by its alignment patterns (ISO/IEC 18004, section 6.3).
//! Each module is then held against its neighborhood. The decoding stays `rqrr`'s.

mod plane;
mod sampler;
mod squares;

use image::GrayImage;

use plane::{Place, Plane};
use sampler::Sampler;
use squares::{Square, squares};

/// The largest version of the profile; posters of others are `rqrr`'s.
const MAX_VERSION: u32 = 25;

/// The most squares that are looked at, the surest first: those of some thirty codes.
const MAX_SQUARES: usize = 100;

/// The most triples that are tried of those with one square in the corner, the best fitting first.
const MAX_FITS: usize = 6;

/// A license has at least this version: credential, proof and signatures do not fit a smaller one.
const MIN_LICENSE: u32 = 12;

/// Timing patterns this good are those of a code; by chance they are half as good at most.
const SURE_TIMING: f64 = 0.6;

/// The most codes of either kind, as large as a license's or smaller, that are sampled in full.
const MAX_CODES: usize = 12;

/// What is in a picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// The content of a code.
    Text {
        content: Vec<u8>,
        /// Whether the code is as large as a license's.
        is_large: bool,
    },
    /// There is a code as large as a license's, and it cannot be read.
    Unread,
}

impl Seen {
    pub(super) fn text(content: Vec<u8>, version: usize) -> Self {
        let is_large = u32::try_from(version).is_ok_and(|version| version >= MIN_LICENSE);
        Self::Text { content, is_large }
    }
}

/// The codes in a picture, dark on light. It looks for a license first, even where other codes are
/// easier to see.
pub(super) fn find(picture: &GrayImage) -> Vec<Seen> {
    let mut squares = squares(picture);
    squares.truncate(MAX_SQUARES);
    let sampler = Sampler::new(picture);
    let (mut large, mut small): (Vec<_>, Vec<_>) = triples(&squares)
        .into_iter()
        .filter_map(|triple| sized(&sampler, triple))
        .partition(|sized| sized.version >= MIN_LICENSE);
    let mut found = Vec::new();
    for sized in [&mut large, &mut small] {
        sized.sort_by(|one, other| other.timing.total_cmp(&one.timing));
        for code in sized.iter().take(MAX_CODES) {
            let unread = code.version >= MIN_LICENSE && code.timing > SURE_TIMING;
            let seen = read(&sampler, code).or_else(|| unread.then_some(Seen::Unread));
            found.extend(seen.filter(|seen| !found.contains(seen)));
        }
    }
    found
}

/// Three squares that may be those of one code: the one in the corner, the one to its right, the
/// one below.
type Triple = [Square; 3];

fn triples(squares: &[Square]) -> Vec<Triple> {
    let mut found = Vec::new();
    for (place, corner) in squares.iter().enumerate() {
        let others = || {
            squares
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place)
        };
        let near = |other: &Square| are_alike(corner, other);
        let mut fits = Vec::new();
        for (index, one) in others().filter(|(_, one)| near(one)) {
            for (_, other) in others().skip_while(|(other, _)| *other <= index) {
                fits.extend(fit(corner, one, other));
            }
        }
        fits.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        found.extend(fits.into_iter().map(|(_, triple)| triple).take(MAX_FITS));
    }
    found
}

/// Whether two squares are of nearly the same size.
fn are_alike(one: &Square, other: &Square) -> bool {
    one.module.max(other.module) <= 1.5 * one.module.min(other.module)
}

/// How badly three squares fit a code, and which of two is to the right; none where they do not.
fn fit(corner: &Square, one: &Square, other: &Square) -> Option<(f64, Triple)> {
    let sizes = [corner.module, one.module, other.module];
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let smallest = sizes.iter().copied().fold(f64::MAX, f64::min);
    let (u, v) = (one.at - corner.at, other.at - corner.at);
    let (long, short) = (u.length().max(v.length()), u.length().min(v.length()));
    if largest > 1.5 * smallest || short < 10.0 * smallest || long > 1.4 * short {
        return None;
    }
    let cosine = (u.x * v.x + u.y * v.y) / (long * short);
    if cosine.abs() > 0.35 {
        return None;
    }
    let misfit = (long / short - 1.0) + cosine.abs() + (largest / smallest - 1.0);
    // The picture's y runs down, so a code that is not mirrored turns to the right.
    let clockwise = u.x * v.y - u.y * v.x > 0.0;
    Some(match clockwise {
        true => (misfit, [*corner, *one, *other]),
        false => (misfit, [*corner, *other, *one]),
    })
}

/// Three squares with the version that their distances and the timing patterns between them speak
/// for.
struct Sized {
    squares: Triple,
    version: u32,
    /// How well the timing patterns fit it: 1 at best.
    timing: f64,
}

fn sized(sampler: &Sampler<'_>, squares: Triple) -> Option<Sized> {
    let [corner, right, below] = &squares;
    let module = (corner.module + right.module + below.module) / 3.0;
    let across = (right.at - corner.at).length();
    let down = (below.at - corner.at).length();
    let guess = ((across + down) / 2.0 / module + 7.0 - 17.0) / 4.0;
    let versions = (1..=MAX_VERSION).filter(|version| (f64::from(*version) - guess).abs() < 3.5);
    let tried = versions.map(|version| Sized {
        squares,
        version,
        timing: sampler.timing(&flat(&squares, version), 17 + 4 * version),
    });
    // A short pattern fits by chance more easily than a long one.
    let weight = |it: &Sized| it.timing * f64::from(1 + 4 * it.version).sqrt();
    tried.max_by(|one, other| weight(one).total_cmp(&weight(other)))
}

fn flat([corner, right, below]: &Triple, version: u32) -> Plane {
    Plane::of_corners(f64::from(17 + 4 * version), corner.at, right.at, below.at)
}

fn read(sampler: &Sampler<'_>, sized: &Sized) -> Option<Seen> {
    let size = 17 + 4 * sized.version;
    let plane = bent(sampler, flat(&sized.squares, sized.version), sized.version);
    let modules = sampler.modules(&plane, size);
    [0.0, 0.5].into_iter().find_map(|sharpness| {
        let bits = modules.bits(sharpness);
        let columns = usize::try_from(size).ok()?;
        let dark = |x: usize, y: usize| bits.get(y * columns + x).copied().unwrap_or(false);
        let grid = rqrr::Grid::new(rqrr::SimpleGrid::from_func(columns, dark));
        let mut content = Vec::new();
        let about = grid.decode_to(&mut content).ok()?;
        Some(Seen::text(content, about.version.0))
    })
}

/// The plane through the last alignment pattern, and then through all that are found.
fn bent(sampler: &Sampler<'_>, mut plane: Plane, version: u32) -> Plane {
    let centers = alignment_centers(version);
    let Some(last) = centers.last() else {
        return plane;
    };
    let size = f64::from(17 + 4 * version);
    let reach = 2.0 + size * 0.06;
    if let Some(at) = sampler.alignment(&plane, *last, reach, 0.5) {
        plane.set_far_corner(*last, at);
    }
    let mut shifts = Vec::new();
    for center in &centers {
        if let Some(at) = sampler.alignment(&plane, *center, 1.5, 0.25) {
            shifts.push((*center, at - plane.at(*center)));
        }
    }
    plane.bend(shifts);
    plane
}

/// The centers of the alignment patterns, in modules, the last one in the corner without a square.
fn alignment_centers(version: u32) -> Vec<Place> {
    if version < 2 {
        return Vec::new();
    }
    let size = 17 + 4 * version;
    let count = version / 7 + 2;
    let step = (size - 13).div_ceil(2 * count - 2) * 2;
    let mut places: Vec<u32> = (0..count - 1)
        .map(|index| size - 7 - index * step)
        .collect();
    places.push(6);
    places.reverse();
    let in_square =
        |x: u32, y: u32| (x == 6 && (y == 6 || y == size - 7)) || (x == size - 7 && y == 6);
    let mut centers = Vec::new();
    for y in &places {
        for x in places.iter().filter(|x| !in_square(**x, *y)) {
            centers.push(Place {
                x: f64::from(*x) + 0.5,
                y: f64::from(*y) + 0.5,
            });
        }
    }
    centers
}
