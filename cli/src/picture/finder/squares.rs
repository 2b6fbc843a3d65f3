//! The squares in three corners of a code, by their proportions along a line: dark and light as
//! 1:1:3:1:1.

use image::GrayImage;

use super::plane::Place;
use crate::picture::resize::{real, whole};

/// The most squares that are told apart; noise has many.
const MAX_TOLD_APART: usize = 400;

/// How many of the surest stay where there are more.
const STAY: usize = 200;

/// A square that was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) at: Place,
    /// The width of a module, in pixels.
    pub(super) module: f64,
    /// In how many rows it was seen.
    rows: f64,
    /// In how many of the two slanted lines through its middle it was seen, 0 to 1.
    slopes: f64,
}

/// The squares of a picture, the surest first.
pub(super) fn squares(picture: &GrayImage) -> Vec<Square> {
    let dark = Dark::new(picture);
    let mut found: Vec<Square> = Vec::new();
    for y in 0..dark.rows {
        for (end, runs) in dark.fives(y) {
            let Some(seen) = dark.square(y, end, runs) else {
                continue;
            };
            let same = found.iter().position(|known| {
                (known.at - seen.at).length() < 1.5 * known.module.max(seen.module)
                    && (known.module / seen.module).max(seen.module / known.module) < 1.6
            });
            if let Some(known) = same.and_then(|index| found.get_mut(index)) {
                known.join(seen);
            } else {
                // Those at the top of a picture must not keep out those below.
                if found.len() >= MAX_TOLD_APART {
                    surest_first(&mut found);
                    found.truncate(STAY);
                }
                found.push(seen);
            }
        }
    }
    // A square is seen in the rows of its middle, three modules high.
    found.retain(|square| square.rows >= 2.0 || square.module < 2.0);
    surest_first(&mut found);
    found
}

fn surest_first(squares: &mut [Square]) {
    squares.sort_by(|one, other| other.share().total_cmp(&one.share()));
}

impl Square {
    fn join(&mut self, other: Self) {
        let mean = |one: f64, other: f64| (one * self.rows + other) / (self.rows + 1.0);
        let at = Place {
            x: mean(self.at.x, other.at.x),
            y: mean(self.at.y, other.at.y),
        };
        let module = mean(self.module, other.module);
        *self = Self {
            at,
            module,
            rows: self.rows + 1.0,
            slopes: mean(self.slopes, other.slopes),
        };
    }

    /// How sure it is: of the lines in which a square of this size would be seen, how many saw it.
    fn share(&self) -> f64 {
        (self.rows / (3.0 * self.module)).min(1.0) + 2.0 * self.slopes
    }
}

/// Which pixels are darker than their neighborhood.
struct Dark {
    bits: Vec<bool>,
    columns: usize,
    rows: usize,
}

impl Dark {
    fn new(picture: &GrayImage) -> Self {
        let size = |length: u32| usize::try_from(length).unwrap_or(0);
        let (columns, rows) = (size(picture.width()), size(picture.height()));
        // Sums over the rectangle from the first pixel on, one wider and higher.
        let side = columns + 1;
        let mut sums = vec![0_u32; side];
        sums.reserve(side * rows);
        for (y, row) in picture.as_raw().chunks_exact(columns.max(1)).enumerate() {
            let mut sum = 0_u32;
            sums.push(0);
            for (x, pixel) in row.iter().enumerate() {
                sum += u32::from(*pixel);
                let above = sums.get(y * side + x + 1).copied().unwrap_or(0);
                sums.push(above.wrapping_add(sum));
            }
        }
        let around = (columns.max(rows) / 24).max(8);
        let mut bits = Vec::with_capacity(columns * rows);
        for (y, row) in picture.as_raw().chunks_exact(columns.max(1)).enumerate() {
            let (top, bottom) = (y.saturating_sub(around), (y + around + 1).min(rows));
            let line = |y: usize| sums.get(y * side..(y + 1) * side).unwrap_or_default();
            let (upper, lower) = (line(top), line(bottom));
            let at = |line: &[u32], x: usize| line.get(x).copied().unwrap_or(0);
            for (x, pixel) in row.iter().enumerate() {
                let (left, right) = (x.saturating_sub(around), (x + around + 1).min(columns));
                let sum = at(lower, right)
                    .wrapping_sub(at(lower, left))
                    .wrapping_sub(at(upper, right))
                    .wrapping_add(at(upper, left));
                let count = u64::try_from((right - left) * (bottom - top)).unwrap_or(1);
                bits.push(u64::from(*pixel) * count * 100 < u64::from(sum) * 97);
            }
        }
        Self {
            bits,
            columns,
            rows,
        }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.columns
            && self
                .bits
                .get(y * self.columns + x)
                .copied()
                .unwrap_or(false)
    }

    /// Where five runs of a row have the proportions of a square: the pixel behind them, and the
    /// runs.
    fn fives(&self, y: usize) -> Vec<(usize, [usize; 5])> {
        let row = self
            .bits
            .get(y * self.columns..(y + 1) * self.columns)
            .unwrap_or_default();
        let mut found = Vec::new();
        let (mut runs, mut known, mut length, mut dark) = ([0; 5], 0, 0, false);
        for (x, pixel) in row.iter().copied().chain([false]).enumerate() {
            // A light pixel behind the row ends a square at the edge.
            if pixel == dark && x < self.columns {
                length += 1;
                continue;
            }
            let [_, b, c, d, e] = runs;
            runs = [b, c, d, e, length];
            known += 1;
            // The first run of a row is of light, so an even number of them ends in dark.
            if dark && known >= 5 && module_of(runs).is_some() {
                found.push((x, runs));
            }
            (dark, length) = (pixel, 1);
        }
        found
    }

    /// The square whose middle a row crosses, where its column and its row agree.
    fn square(&self, y: usize, end: usize, [_, _, c, d, e]: [usize; 5]) -> Option<Square> {
        let middle = whole(real(end) - real(d + e) - real(c) / 2.0);
        let (shift, down) = self.across(middle, y, (0, 1))?;
        let center_y = real(y) + 0.5 + shift;
        let row = whole(center_y);
        let (shift, across) = self.across(middle, row, (1, 0))?;
        let center_x = real(middle) + 0.5 + shift;
        if down.max(across) > 1.5 * down.min(across) {
            return None;
        }
        // A line through the middle of a square has the same proportions however it is turned; what
        // only looks like one along rows and columns has not.
        let column = whole(center_x);
        let slopes = [(1, 1), (1, -1)];
        let slopes = slopes
            .into_iter()
            .filter(|way| self.across(column, row, *way).is_some())
            .count();
        (slopes > 0).then_some(Square {
            at: Place {
                x: center_x,
                y: center_y,
            },
            module: (down + across) / 2.0,
            rows: 1.0,
            slopes: real(slopes) / 2.0,
        })
    }

    /// How far the middle of a square is from a pixel along a line, and the width of its modules
    /// there, both in steps.
    fn across(&self, x: usize, y: usize, (right, down): (isize, isize)) -> Option<(f64, f64)> {
        if !self.is_dark(x, y) {
            return None;
        }
        let after = self.runs(x, y, (right, down));
        let before = self.runs(x, y, (-right, -down));
        let ([core_after, light_after, ring_after], [core_before, light_before, ring_before]) =
            (after, before);
        let core = core_before + core_after + 1;
        let module = module_of([ring_before, light_before, core, light_after, ring_after])?;
        let whole_of = |runs: [usize; 3]| real(runs.iter().sum());
        // The mean of the middles of the whole and of its core.
        let of_whole = (whole_of(after) - whole_of(before)) / 2.0;
        let of_core = (real(core_after) - real(core_before)) / 2.0;
        Some((f64::midpoint(of_whole, of_core), module))
    }

    /// How many pixels of dark, light and dark follow one another from a dark pixel on, without
    /// that one.
    fn runs(&self, x: usize, y: usize, (right, down): (isize, isize)) -> [usize; 3] {
        let mut place = (x, y);
        let mut step = || {
            let next = (
                place.0.checked_add_signed(right)?,
                place.1.checked_add_signed(down)?,
            );
            place = next;
            (next.0 < self.columns && next.1 < self.rows).then(|| self.is_dark(next.0, next.1))
        };
        let mut counts = [0; 3];
        let mut pixel = step();
        for (count, wanted) in counts.iter_mut().zip([true, false, true]) {
            while pixel == Some(wanted) {
                *count += 1;
                pixel = step();
            }
        }
        counts
    }
}

/// The width of a module, where five runs are as 1:1:3:1:1.
fn module_of(runs: [usize; 5]) -> Option<f64> {
    let module = real(runs.iter().sum()) / 7.0;
    if module < 1.0 || runs.contains(&0) {
        return None;
    }
    let slack = (module / 2.0).max(0.8);
    let near = |run: usize, modules: f64| {
        (real(run) - modules * module).abs() <= slack * if modules > 1.0 { 1.5 } else { 1.0 }
    };
    let [a, b, c, d, e] = runs;
    (near(a, 1.0) && near(b, 1.0) && near(c, 3.0) && near(d, 1.0) && near(e, 1.0)).then_some(module)
}
