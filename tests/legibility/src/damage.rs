//! Cracks in the glass above a QR.

use crate::luck::Luck;

/// Places a millimeter in which a crack is kept.
const FINE: f64 = 20.0;

/// What a cracked glass does to the light, place by place.
pub(crate) struct Cracks {
    side: usize,
    half_mm: f64,
    /// 0 where the glass is whole, else the light that is scattered there, in 255ths.
    light: Vec<u8>,
}

impl Cracks {
    /// A blow somewhere on a square of this side, in millimeters: cracks run away from it, and two
    /// rings of cracks join them.
    pub(crate) fn new(side_mm: f64, luck: &mut Luck) -> Self {
        let side = (side_mm * FINE) as usize + 1;
        let mut cracks = Self {
            side,
            half_mm: side_mm / 2.0,
            light: vec![0; side * side],
        };
        let blow = [luck.between(-0.5, 0.5), luck.between(-0.5, 0.5)].map(|at| at * side_mm);
        let rays = 6;
        let turned = luck.between(0.0, 1.0);
        let mut rings = [Vec::new(), Vec::new()];
        for ray in 0..rays {
            let mut heading = (f64::from(ray) + turned) / f64::from(rays) * std::f64::consts::TAU;
            let mut at = blow;
            for step in 0..24 {
                heading += luck.between(-0.25, 0.25);
                let long = side_mm * 0.06;
                let next = [at[0] + heading.cos() * long, at[1] + heading.sin() * long];
                cracks.line(at, next, luck);
                at = next;
                if step == 2 {
                    rings[0].push(at);
                } else if step == 5 {
                    rings[1].push(at);
                }
            }
        }
        for ring in rings {
            for (index, &corner) in ring.iter().enumerate() {
                cracks.line(corner, ring[(index + 1) % ring.len()], luck);
            }
        }
        cracks
    }

    fn line(&mut self, [x, y]: [f64; 2], [to_x, to_y]: [f64; 2], luck: &mut Luck) {
        let half = luck.between(0.06, 0.17);
        let light = luck.between(30.0, 230.0) as u8;
        let steps = ((to_x - x).hypot(to_y - y) * FINE).ceil().max(1.0);
        for step in 0..=steps as usize {
            let part = step as f64 / steps;
            let middle = [x + (to_x - x) * part, y + (to_y - y) * part];
            let reach = (half * FINE).ceil() as i64;
            let [column, row] = middle.map(|at| ((at + self.half_mm) * FINE).round() as i64);
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let far = (dx as f64).hypot(dy as f64) / FINE;
                    let (column, row) = (column + dx, row + dy);
                    let inside = 0..self.side as i64;
                    if far <= half && inside.contains(&column) && inside.contains(&row) {
                        self.light[row as usize * self.side + column as usize] = light;
                    }
                }
            }
        }
    }

    /// The light that a crack at this place, in millimeters from the middle, scatters into the
    /// camera; none where the glass is whole.
    pub(crate) fn at(&self, x: f64, y: f64) -> Option<f32> {
        let [column, row] = [x, y].map(|at| ((at + self.half_mm) * FINE).round());
        let inside = 0.0..self.side as f64;
        if !inside.contains(&column) || !inside.contains(&row) {
            return None;
        }
        let light = self.light[row as usize * self.side + column as usize];
        (light > 0).then(|| f32::from(light) / 255.0)
    }

    /// Which part of the square is cracked.
    #[cfg(test)]
    pub(crate) fn share(&self) -> f64 {
        let cracked = self.light.iter().filter(|light| **light > 0).count();
        cracked as f64 / self.light.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cracks_take_some_hundredths_of_the_glass() {
        for seed in 0..20 {
            let share = Cracks::new(60.0, &mut Luck::new(seed)).share();
            assert!((0.005..0.06).contains(&share), "{seed}: {share}");
        }
    }
}
