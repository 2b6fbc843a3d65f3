//! From modules to pixels.

use std::ops::Sub;

/// A place, in pixels or in modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Place {
    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

impl Sub for Place {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            x: self.x - other.x,
            y: self.y - other.y,
        }
    }
}

/// Where the modules of a code are in a picture: a perspective, and small shifts that it does not
/// explain.
pub(super) struct Plane {
    /// The centers of the three squares and a fourth place, in modules and in pixels.
    known: [(Place, Place); 4],
    /// x = (a u + b v + c) / (g u + h v + 1), y = (d u + e v + f) / (the same).
    terms: [f64; 8],
    shifts: Vec<(Place, Place)>,
}

impl Plane {
    /// The flat plane through the centers of the squares of a code of `size` modules a side.
    pub(super) fn of_corners(size: f64, corner: Place, right: Place, below: Place) -> Self {
        let (near, far) = (3.5, size - 3.5);
        let place = |x, y| Place { x, y };
        let fourth = place(right.x + below.x - corner.x, right.y + below.y - corner.y);
        let known = [
            (place(near, near), corner),
            (place(far, near), right),
            (place(near, far), below),
            (place(far, far), fourth),
        ];
        Self {
            terms: solved(&known).unwrap_or_default(),
            known,
            shifts: Vec::new(),
        }
    }

    /// Takes what was found as the fourth place.
    pub(super) fn set_far_corner(&mut self, module: Place, pixel: Place) {
        let [.., last] = &mut self.known;
        *last = (module, pixel);
        if let Some(terms) = solved(&self.known) {
            self.terms = terms;
        }
    }

    /// Takes shifts that were measured at some modules; the squares have none.
    pub(super) fn bend(&mut self, mut shifts: Vec<(Place, Place)>) {
        let still = Place { x: 0.0, y: 0.0 };
        let [squares @ .., _] = &self.known;
        shifts.extend(squares.iter().map(|(module, _)| (*module, still)));
        self.shifts = shifts;
    }

    /// The pixel of a place in modules.
    pub(super) fn at(&self, place: Place) -> Place {
        let [a, b, c, d, e, f, g, h] = self.terms;
        let Place { x: u, y: v } = place;
        let depth = g * u + h * v + 1.0;
        let (mut x, mut y) = ((a * u + b * v + c) / depth, (d * u + e * v + f) / depth);
        // The nearer a measured place is, the more its shift counts.
        let (mut weight, mut across, mut down) = (0.0, 0.0, 0.0);
        for (known, shift) in &self.shifts {
            let distance = (known.x - u).powi(2) + (known.y - v).powi(2);
            let share = 1.0 / (distance * distance + 1.0);
            weight += share;
            across += share * shift.x;
            down += share * shift.y;
        }
        if weight > 0.0 {
            x += across / weight;
            y += down / weight;
        }
        Place { x, y }
    }
}

/// The terms of the perspective through four places: eight equations, by elimination.
fn solved(known: &[(Place, Place); 4]) -> Option<[f64; 8]> {
    let mut rows = known
        .iter()
        .flat_map(|(from, to)| {
            let (u, v, x, y) = (from.x, from.y, to.x, to.y);
            [
                vec![u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x],
                vec![0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y],
            ]
        })
        .collect::<Vec<_>>();
    let mut done: Vec<Vec<f64>> = Vec::new();
    for column in 0..8 {
        let value = |row: &Vec<f64>| row.get(column).copied().unwrap_or(0.0);
        let (place, _) = rows
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| value(one).abs().total_cmp(&value(other).abs()))?;
        let mut pivot = rows.swap_remove(place);
        let head = value(&pivot);
        if head.abs() < 1e-9 {
            return None;
        }
        pivot.iter_mut().for_each(|term| *term /= head);
        for row in rows.iter_mut().chain(&mut done) {
            let times = row.get(column).copied().unwrap_or(0.0);
            for (term, of_pivot) in row.iter_mut().zip(&pivot) {
                *term -= times * of_pivot;
            }
        }
        done.push(pivot);
    }
    let terms: Vec<f64> = done.iter().filter_map(|row| row.last().copied()).collect();
    terms.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_goes_through_the_places_that_are_known() {
        let place = |x, y| Place { x, y };
        let (corner, right, below) = (place(10.0, 12.0), place(200.0, 20.0), place(5.0, 190.0));
        let mut plane = Plane::of_corners(105.0, corner, right, below);
        plane.set_far_corner(place(98.5, 98.5), place(170.0, 175.0));
        for (module, pixel) in [
            (place(3.5, 3.5), corner),
            (place(101.5, 3.5), right),
            (place(3.5, 101.5), below),
            (place(98.5, 98.5), place(170.0, 175.0)),
        ] {
            assert!((plane.at(module) - pixel).length() < 1e-6);
        }
        plane.bend(vec![(place(50.5, 50.5), place(2.0, 0.0))]);
        assert!((plane.at(place(3.5, 3.5)) - corner).length() < 0.01);
    }
}
