//! Where each point of a picture looks.

use crate::luck::Luck;

/// Where a point of the picture lies on the glass: the inverse of what the lens does.
pub(crate) struct View {
    /// The plane's two directions and the way to its middle, as the camera sees them.
    to_picture: [[f64; 3]; 3],
    to_glass: [[f64; 3]; 3],
}

impl View {
    pub(crate) fn new(focal: f64, distance: f64, tilt: f64, luck: &mut Luck) -> Self {
        // Around which direction of the glass it is tilted, and how the camera is turned.
        let axis = luck.between(0.0, std::f64::consts::TAU);
        let roll = luck.between(-10.0, 10.0).to_radians();
        let (sin, cos) = tilt.to_radians().sin_cos();
        let (axis_sin, axis_cos) = axis.sin_cos();
        let tilted = |x: f64, y: f64| {
            // Rodrigues' formula for an axis in the plane.
            let along = (x * axis_cos + y * axis_sin) * (1.0 - cos);
            let across = (axis_cos * y - axis_sin * x) * sin;
            [
                x * cos + axis_cos * along,
                y * cos + axis_sin * along,
                across,
            ]
        };
        let rolled = |[x, y, z]: [f64; 3]| {
            let (sin, cos) = roll.sin_cos();
            [x * cos - y * sin, x * sin + y * cos, z]
        };
        let ([a, d, g], [b, e, h]) = (rolled(tilted(1.0, 0.0)), rolled(tilted(0.0, 1.0)));
        // The middle of the QR falls anywhere inside of a pixel.
        let (u, v) = (luck.part(), luck.part());
        let row = |x: f64, y: f64, middle: f64, z: [f64; 3]| {
            [0, 1, 2].map(|at| focal * [x, y, 0.0][at] + middle * z[at])
        };
        let depth = [g, h, distance];
        let to_picture = [row(a, b, u, depth), row(d, e, v, depth), depth];
        Self {
            to_glass: inverse(&to_picture),
            to_picture,
        }
    }

    pub(crate) fn picture_of(&self, x: f64, y: f64) -> [f64; 2] {
        through(&self.to_picture, x, y)
    }

    pub(crate) fn glass_at(&self, x: f64, y: f64) -> [f64; 2] {
        through(&self.to_glass, x, y)
    }
}

fn through(matrix: &[[f64; 3]; 3], x: f64, y: f64) -> [f64; 2] {
    let [u, v, w] = [0, 1, 2].map(|row| {
        let [a, b, c] = matrix[row];
        a * x + b * y + c
    });
    [u / w, v / w]
}

/// The inverse up to a factor, which a projection does not see.
fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let minor = |row: usize, column: usize| {
        let (r, s) = ((row + 1) % 3, (row + 2) % 3);
        let (c, d) = ((column + 1) % 3, (column + 2) % 3);
        m[r][c] * m[s][d] - m[r][d] * m[s][c]
    };
    [0, 1, 2].map(|row| [0, 1, 2].map(|column| minor(column, row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_lens_does_is_undone() {
        let view = View::new(1478.0, 300.0, 30.0, &mut Luck::new(9));
        for (x, y) in [(0.0, 0.0), (20.0, -3.0), (-7.5, 25.0)] {
            let [u, v] = view.picture_of(x, y);
            let back = view.glass_at(u, v);
            assert!((back[0] - x).abs() < 1e-6 && (back[1] - y).abs() < 1e-6);
        }
        // 20 mm in front of the camera are as many pixels as its focal length says, tilt apart.
        let straight = View::new(1478.0, 300.0, 0.0, &mut Luck::new(9));
        let ([a, b], [c, d]) = (
            straight.picture_of(-10.0, 0.0),
            straight.picture_of(10.0, 0.0),
        );
        assert!(((a - c).hypot(b - d) - 1478.0 * 20.0 / 300.0).abs() < 1e-6);
    }
}
