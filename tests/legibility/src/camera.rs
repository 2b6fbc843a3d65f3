//! A camera before a phone: where each of its pixels looks, what the lens and the glass do to the
//! light, and what the sensor makes of it.
//!
//! A picture is cut to the QR and a margin around it. Whether a program finds a QR among other
//! things in a room is not measured here.

use crate::damage::Cracks;
use crate::glass::{Phone, QUIET};
use crate::luck::Luck;
use crate::plane::Plane;
use crate::tokens::Shown;
use crate::view::View;

/// How wide every camera sees along the longer side of its picture, in degrees: what phones'
/// main cameras have when they film, 65 to 70.
pub const FIELD_OF_VIEW: f64 = 66.0;

/// What the lens lets in, in millimeters across: f/1.8 at 4.3 mm.
const APERTURE_MM: f64 = 2.4;

/// How much further away than the glass the lens is focused, where it is out of focus.
const FOCUS_BEHIND: f64 = 1.1;

/// How fast two hands move against each other, in millimeters a second, and how long the shutter is
/// open.
const HAND_MM_S: f64 = 20.0;
const SHUTTER_S: f64 = 1.0 / 60.0;

/// How sharp a good lens and the steps behind the sensor are, as a deviation in pixels.
const SHARPNESS: f64 = 0.5;

/// Points of the glass that are looked at for each pixel, in each direction.
const POINTS: usize = 3;

/// The pixels of a camera's picture along its longer side, and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Camera {
    /// 640, 1280 or 1920.
    pub columns: u32,
    /// 480, 720 or 1080.
    pub rows: u32,
}

impl Camera {
    /// The three that are measured.
    pub const ALL: [Self; 3] = [
        Self {
            columns: 640,
            rows: 480,
        },
        Self {
            columns: 1280,
            rows: 720,
        },
        Self {
            columns: 1920,
            rows: 1080,
        },
    ];

    /// How far the lens is from the sensor, in pixels.
    #[must_use]
    pub fn focal_pixels(self) -> f64 {
        f64::from(self.columns) / 2.0 / (FIELD_OF_VIEW / 2.0).to_radians().tan()
    }

    /// How many pixels it has for something of this size at this distance, both in millimeters.
    #[must_use]
    pub fn pixels(self, mm: f64, distance_mm: f64) -> f64 {
        self.focal_pixels() * mm / distance_mm
    }
}

/// What stands between a QR and a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Nothing but a hand that does not hold quite straight.
    None,
    /// Held 30 degrees askew.
    Tilt,
    /// Focused a tenth too far away.
    Focus,
    /// Two hands that move against each other by 2 cm a second, at a sixtieth of a second.
    Motion,
    /// Little light in the camera: noise of 8 % of white.
    Noise,
    /// A lamp that the glass reflects.
    Glare,
    /// The pixels of screen and sensor beat against each other.
    Moire,
    /// A blow has broken the glass.
    Cracks,
    /// A screen at a fifth of its light on a bright day: black is 40 % of white.
    Dim,
    /// Half of tilt, focus, motion and noise at once, and some light on the glass.
    All,
}

impl Trouble {
    /// Each of them, in the order of the tables.
    pub const ALL: [Self; 10] = [
        Self::None,
        Self::Tilt,
        Self::Focus,
        Self::Motion,
        Self::Noise,
        Self::Glare,
        Self::Moire,
        Self::Cracks,
        Self::Dim,
        Self::All,
    ];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Tilt => "tilt",
            Self::Focus => "focus",
            Self::Motion => "motion",
            Self::Noise => "noise",
            Self::Glare => "glare",
            Self::Moire => "moiré",
            Self::Cracks => "cracks",
            Self::Dim => "dim",
            Self::All => "several",
        }
    }

    /// The trouble itself, or the half of it among several.
    fn of(self, one: Self) -> f64 {
        match self {
            Self::All => 0.5,
            it if it == one => 1.0,
            _ => 0.0,
        }
    }
}

/// Who looks at what, from where.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// The phone that shows the QR.
    pub phone: Phone,
    /// The camera before it.
    pub camera: Camera,
    /// From the camera to the glass.
    pub distance_mm: f64,
    /// What stands between them.
    pub trouble: Trouble,
}

/// A gray picture, cut to what is looked for.
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// How many rows it has.
    pub height: usize,
    /// Row by row, black is 0.
    pub pixels: Vec<u8>,
}

/// What the glass does with the light of a place.
struct Glass<'shown> {
    shown: &'shown Shown,
    module_mm: f64,
    side_mm: f64,
    /// What is around the white square on the same screen.
    page: f32,
    white: f32,
    black: f32,
    lamp: Option<[f64; 3]>,
    veil: f32,
    cracks: Option<Cracks>,
}

/// How bright a lamp's reflection is where it is brightest; a white page is 1.
const LAMP: f32 = 3.0;

impl<'shown> Glass<'shown> {
    fn new(scene: &Scene, shown: &'shown Shown, module_mm: f64, luck: &mut Luck) -> Self {
        let side = scene.phone.side_mm();
        let (white, black) = match scene.trouble {
            Trouble::Dim => (0.32, 0.128),
            _ => (0.86, 0.02),
        };
        let dark = luck.part() < 0.5;
        let lamp = [luck.between(-0.5, 0.5), luck.between(-0.5, 0.5), 0.06].map(|it| it * side);
        Self {
            shown,
            module_mm,
            side_mm: side,
            page: if dark { black + 0.04 } else { white * 0.93 },
            white,
            black,
            lamp: (scene.trouble == Trouble::Glare).then_some(lamp),
            veil: match scene.trouble {
                Trouble::Glare => 0.06,
                Trouble::All => 0.12,
                _ => 0.0,
            },
            cracks: (scene.trouble == Trouble::Cracks).then(|| Cracks::new(side, luck)),
        }
    }

    /// The light of a place, in millimeters from the middle of the QR.
    fn light(&self, x: f64, y: f64) -> f32 {
        let half = self.side_mm / 2.0;
        let across = x.abs();
        // The phone's edge and the room behind it.
        if across > half + 3.0 {
            return 0.3;
        }
        if across > half {
            return 0.02 + self.veil;
        }
        let mut light = if y.abs() > half {
            self.page
        } else {
            let side = self.shown.side() as f64 / 2.0;
            let column = (x / self.module_mm + side).floor() as i64;
            let row = (y / self.module_mm + side).floor() as i64;
            if self.shown.is_dark(column, row) {
                self.black
            } else {
                self.white
            }
        };
        if let Some(scattered) = self.cracks.as_ref().and_then(|cracks| cracks.at(x, y)) {
            light = light * 0.2 + scattered * self.white * 0.8;
        }
        if let Some([at, down, wide]) = self.lamp {
            let far = ((x - at) / wide).powi(2) + ((y - down) / wide).powi(2);
            light += LAMP * (-far / 2.0).exp() as f32;
        }
        light + self.veil
    }
}

/// How much of the light the gaps between a screen's pixels take where the sensor sees them best.
const GAPS: f64 = 0.35;

/// What a camera sees of a QR. The seed says how the phone is held, and all other chance.
#[must_use]
pub fn picture(scene: &Scene, shown: &Shown, module_mm: f64, seed: u64) -> Picture {
    let mut luck = Luck::new(seed);
    let trouble = scene.trouble;
    let tilt = luck.between(0.0, 6.0) + 28.0 * trouble.of(Trouble::Tilt);
    let focal = scene.camera.focal_pixels();
    let view = View::new(focal, scene.distance_mm, tilt, &mut luck);
    let glass = Glass::new(scene, shown, module_mm, &mut luck);

    // The square with its quiet zone, and a tenth around it.
    let half = (shown.side() + 2 * QUIET) as f64 * module_mm / 2.0 * 1.1 + 1.0;
    let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
    let corners = corners.map(|(x, y)| view.picture_of(x, y));
    let span = |at: usize| {
        let all = corners.map(|corner| corner[at]);
        let first = all.into_iter().fold(f64::MAX, f64::min).floor();
        (
            first,
            (all.into_iter().fold(f64::MIN, f64::max).ceil() - first) as usize,
        )
    };
    let ((left, width), (top, height)) = (span(0), span(1));

    let mut fine = Plane::new(width * POINTS, height * POINTS);
    let step = 1.0 / POINTS as f64;
    fine.fill(|column, row| {
        let x = left + (column as f64 + 0.5) * step;
        let y = top + (row as f64 + 0.5) * step;
        let [x, y] = view.glass_at(x, y);
        glass.light(x, y)
    });
    let hand = trouble.of(Trouble::Motion) * HAND_MM_S * SHUTTER_S;
    if hand > 0.0 {
        let long = scene.camera.pixels(hand, scene.distance_mm) * POINTS as f64;
        let heading = luck.between(0.0, std::f64::consts::TAU);
        fine = fine.moved(long * heading.cos(), long * heading.sin());
    }
    // The circle that a point becomes where the lens is focused behind it; a Gaussian of a quarter
    // of its diameter is as wide.
    let far = scene.distance_mm;
    let circle = focal * APERTURE_MM * (1.0 / far - 1.0 / (far * FOCUS_BEHIND));
    let circle = circle * trouble.of(Trouble::Focus) / 4.0;
    fine = fine.blurred(SHARPNESS.hypot(circle) * POINTS as f64);

    let noise = (0.015_f64).hypot(0.08 * trouble.of(Trouble::Noise)) as f32;
    let gaps = trouble.of(Trouble::Moire) * f64::from(u8::from(trouble == Trouble::Moire)) * GAPS;
    let pitch = scene.phone.pixel_mm();
    let mut pixels = Vec::with_capacity(width * height);
    for row in 0..height {
        for column in 0..width {
            let mut light = fine.mean(column * POINTS, row * POINTS, POINTS);
            if gaps > 0.0 {
                // One point of the glass for each pixel: as if the sensor's were that small.
                let at = view.glass_at(left + column as f64 + 0.5, top + row as f64 + 0.5);
                let [x, y] = at.map(|mm| (mm / pitch * std::f64::consts::TAU).cos());
                light *= (1.0 - gaps * (2.0 - x - y) / 4.0) as f32;
            }
            let seen = light.clamp(0.0, 1.0).powf(1.0 / 2.2) + noise * luck.normal();
            pixels.push((seen.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
    Picture {
        width,
        height,
        pixels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{Press, Shape};

    fn scene(trouble: Trouble, distance_mm: f64) -> Scene {
        let (phone, camera) = (Phone::ALL[1], Camera::ALL[2]);
        Scene {
            phone,
            camera,
            distance_mm,
            trouble,
        }
    }

    #[test]
    fn a_module_is_as_large_in_the_picture_as_it_is_said() {
        let shape = Shape::named("17-M");
        let press = Press::new(&[shape]);
        let shown = press.shown(shape, 1);
        let scene = scene(Trouble::None, 200.0);
        let module = scene.phone.module_mm(shape);
        let seen = picture(&scene, &shown, module, 4);
        let pixels = scene.camera.pixels(module, 200.0);
        let least = (shown.side() + 2 * QUIET) as f64 * pixels * 1.1;
        assert!(seen.width as f64 >= least && (seen.width as f64) < least * 1.35);
        assert_eq!(seen.pixels.len(), seen.width * seen.height);
    }

    #[test]
    fn each_trouble_changes_the_picture_and_one_seed_gives_one_picture() {
        let shape = Shape::named("17-M");
        let shown = Press::new(&[shape]).shown(shape, 1);
        let module = Phone::ALL[1].module_mm(shape);
        let seen = |trouble| picture(&scene(trouble, 450.0), &shown, module, 4).pixels;
        let clear = seen(Trouble::None);
        assert_eq!(clear, seen(Trouble::None));
        for trouble in Trouble::ALL.into_iter().skip(1) {
            assert_ne!(clear, seen(trouble), "{trouble:?}");
        }
    }
}
