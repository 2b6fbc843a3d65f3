//! How large a phone shows a QR.

use crate::tokens::Shape;

/// Light modules around the symbol.
pub const QUIET: usize = 4;

/// A screen, as wide as the app's window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phone {
    /// Its width in dp.
    pub dp: u32,
    /// Its pixels a dp.
    pub density: f64,
}

/// A dp is a 160th of an inch. Phones differ from it by a tenth, mostly to the larger side.
const MM_PER_DP: f64 = 25.4 / 160.0;

impl Phone {
    /// The three that are measured.
    pub const ALL: [Self; 3] = [
        Self {
            dp: 320,
            density: 2.0,
        },
        Self {
            dp: 360,
            density: 3.0,
        },
        Self {
            dp: 412,
            density: 2.625,
        },
    ];

    /// The side of a pixel of the screen, in millimeters.
    #[must_use]
    pub fn pixel_mm(self) -> f64 {
        MM_PER_DP / self.density
    }

    /// The side of the white square that holds the QR, as wide as the screen, in millimeters.
    #[must_use]
    pub fn side_mm(self) -> f64 {
        f64::from(self.dp) * MM_PER_DP
    }

    /// The side of a module in pixels: as many whole ones as have room, as the app draws it.
    #[must_use]
    pub fn module_pixels(self, shape: Shape) -> u32 {
        let room = (f64::from(self.dp) * self.density).round() as u32;
        (room / (shape.modules() + 2 * QUIET) as u32).max(1)
    }

    /// The side of a module in millimeters.
    #[must_use]
    pub fn module_mm(self, shape: Shape) -> f64 {
        f64::from(self.module_pixels(shape)) * self.pixel_mm()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_a_whole_number_of_pixels_and_the_symbol_fits() {
        for phone in Phone::ALL {
            for shape in Shape::all() {
                let modules = (shape.modules() + 2 * QUIET) as f64;
                let drawn = modules * phone.module_mm(shape);
                assert!(drawn <= phone.side_mm() + phone.pixel_mm());
                assert!(drawn > phone.side_mm() * 0.8, "{phone:?} {}", shape.name());
            }
        }
    }

    #[test]
    fn a_phone_of_360_dp_shows_a_usual_token_in_modules_of_nine_pixels() {
        let shape = Shape::named("23-M");
        let phone = Phone::ALL[1];
        assert_eq!(phone.module_pixels(shape), 9);
        assert!((phone.module_mm(shape) - 0.476).abs() < 0.001);
    }
}
