//! Many pictures, each shown to each reader.

use std::io;
use std::sync::Mutex;
use std::thread;

use crate::camera::{Camera, Scene, Trouble, picture};
use crate::glass::Phone;
use crate::readers::{Zxing, rqrr};
use crate::tokens::{Press, Shape};

/// The distances that are measured, in millimeters.
pub const DISTANCES: [f64; 3] = [200.0, 300.0, 450.0];

/// One picture that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The shape of the QR in it.
    pub shape: Shape,
    /// Who looks at it, from where.
    pub scene: Scene,
    /// Its number among those of the same shape and scene.
    pub number: u64,
}

impl Case {
    /// The pixels of the camera that a module is wide.
    #[must_use]
    pub fn pixels(&self) -> f64 {
        let module = self.scene.phone.module_mm(self.shape);
        self.scene.camera.pixels(module, self.scene.distance_mm)
    }

    /// Other for each case, and the same in each run.
    fn seed(&self) -> u64 {
        let Scene {
            phone,
            camera,
            distance_mm,
            trouble,
        } = self.scene;
        let parts = [
            u64::from(self.shape.version),
            self.shape.level as u64,
            u64::from(phone.dp),
            u64::from(camera.columns),
            distance_mm.to_bits(),
            trouble as u64,
            self.number,
        ];
        parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| {
            (hash ^ part)
                .wrapping_mul(0x0000_0100_0000_01b3)
                .rotate_left(23)
        })
    }
}

/// Who has read it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// What was shown, and how.
    pub case: Case,
    /// Whether `rqrr` read the token's text.
    pub rqrr: bool,
    /// Whether ZXing did, by each of its ways; none where it was not asked.
    pub zxing: Option<[bool; 2]>,
}

/// Below so many pixels a module no reader has read anything.
pub const LEAST_PIXELS: f64 = 0.9;

/// Every shape on every phone, by every camera from every distance, with every trouble.
#[must_use]
pub fn whole(pictures: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for shape in Shape::all() {
        for phone in Phone::ALL {
            for camera in Camera::ALL {
                for distance_mm in DISTANCES {
                    for trouble in Trouble::ALL {
                        let scene = Scene {
                            phone,
                            camera,
                            distance_mm,
                            trouble,
                        };
                        let case = |number| Case {
                            shape,
                            scene,
                            number,
                        };
                        cases.extend((0..pictures).map(case));
                    }
                }
            }
        }
    }
    cases.retain(|case| case.pixels() >= LEAST_PIXELS);
    cases
}

/// The short run: one shape on one phone before one camera, from where a module has so many of its
/// pixels, with every trouble.
#[must_use]
pub fn short(pictures: u64) -> Vec<(f64, Vec<Case>)> {
    let (shape, phone, camera) = (Shape::named("23-M"), Phone::ALL[1], Camera::ALL[2]);
    let module = phone.module_mm(shape);
    let pixels = [2.0, 3.0, 4.0, 5.0];
    let from = |pixels: f64| {
        let distance_mm = camera.focal_pixels() * module / pixels;
        let scene = |trouble| Scene {
            phone,
            camera,
            distance_mm,
            trouble,
        };
        let cases = Trouble::ALL.into_iter().flat_map(|trouble| {
            let scene = scene(trouble);
            (0..pictures).map(move |number| Case {
                shape,
                scene,
                number,
            })
        });
        (pixels, cases.collect())
    };
    pixels.map(from).into()
}

/// Makes the pictures and shows each to `rqrr`, and to ZXing where there is a command for it. It
/// takes a thread for each processor.
///
/// # Errors
/// Where ZXing cannot be started or breaks down.
pub fn run(cases: &[Case], zxing: Option<&str>) -> io::Result<Vec<Outcome>> {
    let mut shapes: Vec<Shape> = cases.iter().map(|case| case.shape).collect();
    shapes.sort();
    shapes.dedup();
    let press = Press::new(&shapes);
    let next = Mutex::new(cases.iter());
    let worker = || -> io::Result<Vec<Outcome>> {
        let mut zxing = zxing.map(Zxing::start).transpose()?;
        let mut outcomes = Vec::new();
        // The lock is given back before the picture is made.
        while let Some(case) = { next.lock().unwrap().next() } {
            outcomes.push(look(&press, case, zxing.as_mut())?);
        }
        Ok(outcomes)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let all = workers.into_iter().map(|worker| worker.join().unwrap());
        Ok(all.collect::<io::Result<Vec<_>>>()?.concat())
    })
}

fn look(press: &Press, case: &Case, zxing: Option<&mut Zxing>) -> io::Result<Outcome> {
    let seed = case.seed();
    let shown = press.shown(case.shape, seed % 1_000_000);
    let seen = picture(
        &case.scene,
        &shown,
        case.scene.phone.module_mm(case.shape),
        seed,
    );
    let zxing = zxing.map(|zxing| zxing.read(&seen)).transpose()?;
    Ok(Outcome {
        case: *case,
        rqrr: rqrr(&seen).contains(&shown.text),
        zxing: zxing.map(|texts| texts.map(|text| text == shown.text)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_cases_have_one_seed() {
        let mut seeds: Vec<u64> = whole(2).iter().map(Case::seed).collect();
        let cases = seeds.len();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), cases);
    }
}
