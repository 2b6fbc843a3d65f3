//! Leaves a picture of each trouble in a folder, to be looked at.
#![allow(
    clippy::unwrap_used,
    reason = "a picture to be looked at, made by hand"
)]

use std::path::Path;
use vidimus_legibility::camera::{Camera, Scene, Trouble, picture};
use vidimus_legibility::glass::Phone;
use vidimus_legibility::tokens::{Press, Shape};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let shape = Shape::named("23-M");
    let shown = Press::new(&[shape]).shown(shape, 1);
    for trouble in Trouble::ALL {
        let [.., phone] = Phone::ALL;
        let [.., camera] = Camera::ALL;
        let scene = Scene {
            phone,
            camera,
            distance_mm: 200.0,
            trouble,
        };
        let seen = picture(&scene, &shown, phone.module_mm(shape), 5);
        let size = [seen.width, seen.height].map(|side| u32::try_from(side).unwrap());
        let [width, height] = size;
        let image = image::GrayImage::from_raw(width, height, seen.pixels).unwrap();
        image
            .save(Path::new(&folder).join(format!("{}.png", trouble.name())))
            .unwrap();
    }
}
