//! Brightness between the pixels, and patterns that are known.

use image::GrayImage;

use super::plane::{Place, Plane};
use crate::picture::resize::{real, whole};

/// Of a module's neighborhood, how many modules to each side.
const AROUND: usize = 5;

/// Looks up brightness in a picture.
pub(super) struct Sampler<'p> {
    pixels: &'p [u8],
    columns: usize,
    rows: usize,
}

impl<'p> Sampler<'p> {
    pub(super) fn new(picture: &'p GrayImage) -> Self {
        Self {
            pixels: picture.as_raw(),
            columns: usize::try_from(picture.width()).unwrap_or(0),
            rows: usize::try_from(picture.height()).unwrap_or(0),
        }
    }

    /// The brightness at a place, from the four pixels around it.
    fn at(&self, place: Place) -> f64 {
        let x = (place.x - 0.5).clamp(0.0, real(self.columns.saturating_sub(1)));
        let y = (place.y - 0.5).clamp(0.0, real(self.rows.saturating_sub(1)));
        let (left, top) = (whole(x), whole(y));
        let pixel = |x: usize, y: usize| {
            let (x, y) = (x.min(self.columns - 1), y.min(self.rows - 1));
            let pixel = self.pixels.get(y * self.columns + x).copied();
            f64::from(pixel.unwrap_or(u8::MAX))
        };
        let (across, down) = (x - real(left), y - real(top));
        let upper = pixel(left, top) * (1.0 - across) + pixel(left + 1, top) * across;
        let lower = pixel(left, top + 1) * (1.0 - across) + pixel(left + 1, top + 1) * across;
        upper * (1.0 - down) + lower * down
    }

    /// How well the timing patterns of a code of `size` modules are where the plane has them: 1
    /// where light and dark alternate as they should, however pale or blurred they are, and near 0
    /// where no code is.
    pub(super) fn timing(&self, plane: &Plane, size: u32) -> f64 {
        let along = |place: fn(f64) -> Place| {
            let values = (8..size - 8).map(|module| {
                // Even modules are dark.
                let sign = if module % 2 == 0 { -1.0 } else { 1.0 };
                (sign, self.at(plane.at(place(f64::from(module) + 0.5))))
            });
            alternation(&values.collect::<Vec<_>>())
        };
        let row = along(|x| Place { x, y: 6.5 });
        let column = along(|y| Place { x: 6.5, y });
        f64::midpoint(row, column)
    }

    /// Where the alignment pattern is that the plane has at `center`, within `reach` modules; none
    /// where nothing looks like one.
    pub(super) fn alignment(
        &self,
        plane: &Plane,
        center: Place,
        reach: f64,
        step: f64,
    ) -> Option<Place> {
        let (rough, _) = self.best_alignment(plane, center, reach, step)?;
        let (fine, contrast) = self.best_alignment(plane, rough, 0.5_f64.max(step), step / 4.0)?;
        (contrast > 0.25).then(|| plane.at(fine))
    }

    /// The best place around `center`, in modules, and its contrast: 1 for a perfect pattern. Where
    /// the picture is sharp, many places are as good, and their middle is meant.
    fn best_alignment(
        &self,
        plane: &Plane,
        center: Place,
        reach: f64,
        step: f64,
    ) -> Option<(Place, f64)> {
        let steps = i32::try_from(whole(reach / step)).unwrap_or(0);
        let mut tried = Vec::new();
        for down in -steps..=steps {
            for across in -steps..=steps {
                let place = Place {
                    x: center.x + f64::from(across) * step,
                    y: center.y + f64::from(down) * step,
                };
                tried.push((place, self.alignment_contrast(plane, place)));
            }
        }
        let best = tried
            .iter()
            .map(|(_, contrast)| *contrast)
            .reduce(f64::max)?;
        tried.retain(|(place, contrast)| *contrast > best - 0.02 && place.x.is_finite());
        // Two patterns within reach have no middle.
        let first = tried.first()?.0;
        tried.retain(|(place, _)| (*place - first).length() < 2.0);
        let count = real(tried.len());
        let sum = |part: fn(&Place) -> f64| tried.iter().map(|(place, _)| part(place)).sum::<f64>();
        let middle = Place {
            x: sum(|place| place.x) / count,
            y: sum(|place| place.y) / count,
        };
        Some((middle, best))
    }

    /// Dark in the middle, light around it, dark around that.
    fn alignment_contrast(&self, plane: &Plane, center: Place) -> f64 {
        let (mut sum, mut squares, mut match_sum, mut weights) = (0.0, 0.0, 0.0, 0.0);
        for y in -2_i8..=2 {
            for x in -2_i8..=2 {
                let value = self.at(plane.at(Place {
                    x: center.x + f64::from(x),
                    y: center.y + f64::from(y),
                }));
                // 8 light modules against 17 dark ones.
                let weight = match x.abs().max(y.abs()) {
                    1 => 17.0,
                    _ => -8.0,
                };
                sum += value;
                squares += value * value;
                match_sum += weight * value;
                weights += weight * weight;
            }
        }
        let variance = squares - sum * sum / 25.0;
        if variance < 1.0 {
            return 0.0;
        }
        match_sum / (variance * weights).sqrt()
    }

    /// The brightness of each module.
    pub(super) fn modules(&self, plane: &Plane, size: u32) -> Modules {
        let offsets = [
            (0.0, 0.0),
            (0.25, 0.25),
            (0.25, -0.25),
            (-0.25, 0.25),
            (-0.25, -0.25),
        ];
        let mut values = Vec::new();
        for y in 0..size {
            for x in 0..size {
                let sum: f64 = offsets
                    .iter()
                    .map(|(across, down)| {
                        self.at(plane.at(Place {
                            x: f64::from(x) + 0.5 + across,
                            y: f64::from(y) + 0.5 + down,
                        }))
                    })
                    .sum();
                values.push(sum / 5.0);
            }
        }
        Modules {
            values,
            size: usize::try_from(size).unwrap_or(0),
        }
    }
}

/// The correlation of values with their signs.
fn alternation(signed: &[(f64, f64)]) -> f64 {
    let count = real(signed.len());
    let sum = |part: &dyn Fn(f64, f64) -> f64| -> f64 {
        signed.iter().map(|(sign, value)| part(*sign, *value)).sum()
    };
    let (signs, values) = (sum(&|sign, _| sign), sum(&|_, value| value));
    let common = sum(&|sign, value| sign * value) - signs * values / count;
    let spread = sum(&|_, value| value * value) - values * values / count;
    // A plain line has no pattern.
    if spread < count {
        return 0.0;
    }
    common / (spread * (count - signs * signs / count)).sqrt()
}

/// The brightness of each module of a code, row by row.
pub(super) struct Modules {
    values: Vec<f64>,
    size: usize,
}

impl Modules {
    /// Which modules are dark: darker than their neighborhood, of which half is dark. Where light
    /// was spread by the optics, `sharpness` of the difference to the four neighbors is added.
    pub(super) fn bits(&self, sharpness: f64) -> Vec<bool> {
        let value = |x: usize, y: usize| {
            let (x, y) = (x.min(self.size - 1), y.min(self.size - 1));
            self.values.get(y * self.size + x).copied().unwrap_or(0.0)
        };
        // Sums over the rectangle from the first module on, one wider and higher.
        let side = self.size + 1;
        let mut sums = vec![0.0; side * side];
        for y in 0..self.size {
            let mut row = 0.0;
            for x in 0..self.size {
                row += value(x, y);
                let above = sums.get(y * side + x + 1).copied().unwrap_or(0.0);
                if let Some(sum) = sums.get_mut((y + 1) * side + x + 1) {
                    *sum = above + row;
                }
            }
        }
        let sum = |x: usize, y: usize| sums.get(y * side + x).copied().unwrap_or(0.0);
        let mut bits = Vec::with_capacity(self.values.len());
        for y in 0..self.size {
            for x in 0..self.size {
                let (left, top) = (x.saturating_sub(AROUND), y.saturating_sub(AROUND));
                let (right, bottom) = (
                    (x + AROUND + 1).min(self.size),
                    (y + AROUND + 1).min(self.size),
                );
                let total =
                    sum(right, bottom) - sum(left, bottom) - sum(right, top) + sum(left, top);
                let mean = total / real((right - left) * (bottom - top));
                let around = value(x.saturating_sub(1), y)
                    + value(x + 1, y)
                    + value(x, y.saturating_sub(1))
                    + value(x, y + 1);
                let own = value(x, y);
                bits.push(own + sharpness * (own - around / 4.0) < mean);
            }
        }
        bits
    }
}
