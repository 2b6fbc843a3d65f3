//! Draws people who do not exist, makes their roadside portraits, and lays both side by side.
//!
//! `cargo run --release -p vidimus-authority --example portraits -- FOLDER` writes into the folder:
//! `portrait.jpg`, the demo's own (`cli/assets/portrait.jpg`), and `portraits.png`, the contact
//! sheet of `docs/legibility.md`: each person as submitted, at the roadside, and the roadside face
//! enlarged. With `--crowd` behind the folder it writes `00.jpg` to `23.jpg` instead: the drivers
//! of `authority serve --demo` (`cli/assets/crowd`).
#![allow(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a drawing, run by hand: what is wrong with it may fail loudly"
)]

use std::path::Path;

use image::codecs::png::{CompressionType, FilterType::Adaptive, PngEncoder};
use image::imageops::{FilterType, crop_imm, overlay, resize};
use image::{Rgb, RgbImage, load_from_memory};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use vidimus_authority::portrait::roadside;

const WIDTH: u32 = 360;
const HEIGHT: u32 = 480;

type Color = [f32; 3];
type Point = (f32, f32);

/// What tells one person from another.
struct Person {
    skin: Color,
    hair: Color,
    clothes: Color,
    behind: Color,
    eyes: Color,
    style: Style,
    /// Width of the face to that of the first one.
    width: f32,
    /// How far the corners of the mouth stand up.
    smile: f32,
    glasses: bool,
    beard: bool,
    /// How much a poor camera adds.
    noise: f32,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Bun,
    Short,
    Long,
    Scarf,
}

const PEOPLE: [Person; 4] = [
    Person {
        skin: [0.56, 0.37, 0.26],
        hair: [0.09, 0.07, 0.07],
        clothes: [0.13, 0.30, 0.45],
        behind: [0.74, 0.80, 0.85],
        eyes: [0.20, 0.12, 0.07],
        style: Style::Bun,
        width: 1.0,
        smile: 7.0,
        glasses: false,
        beard: false,
        noise: 0.016,
    },
    Person {
        skin: [0.90, 0.73, 0.62],
        hair: [0.45, 0.32, 0.20],
        clothes: [0.25, 0.27, 0.30],
        behind: [0.84, 0.84, 0.82],
        eyes: [0.30, 0.42, 0.45],
        style: Style::Short,
        width: 1.04,
        smile: 3.0,
        glasses: true,
        beard: true,
        noise: 0.016,
    },
    Person {
        skin: [0.87, 0.68, 0.52],
        hair: [0.06, 0.06, 0.08],
        clothes: [0.50, 0.16, 0.22],
        behind: [0.78, 0.84, 0.78],
        eyes: [0.13, 0.08, 0.06],
        style: Style::Long,
        width: 0.96,
        smile: 5.0,
        glasses: false,
        beard: false,
        noise: 0.045,
    },
    Person {
        skin: [0.74, 0.54, 0.40],
        hair: [0.35, 0.42, 0.52],
        clothes: [0.30, 0.36, 0.46],
        behind: [0.88, 0.86, 0.83],
        eyes: [0.22, 0.15, 0.09],
        style: Style::Scarf,
        width: 0.98,
        smile: 6.0,
        glasses: true,
        beard: false,
        noise: 0.016,
    },
];

/// How many people `--crowd` draws.
const CROWD: usize = 24;

/// One person of the crowd. Each trait has a number of values that shares no factor with most
/// others, so that no two people look the same.
fn of_the_crowd(number: usize) -> Person {
    const SKINS: [Color; 5] = [
        [0.56, 0.37, 0.26],
        [0.90, 0.73, 0.62],
        [0.74, 0.54, 0.40],
        [0.42, 0.28, 0.20],
        [0.87, 0.68, 0.52],
    ];
    const HAIRS: [Color; 7] = [
        [0.09, 0.07, 0.07],
        [0.45, 0.32, 0.20],
        [0.06, 0.06, 0.08],
        [0.62, 0.60, 0.58],
        [0.32, 0.18, 0.10],
        [0.70, 0.56, 0.34],
        [0.20, 0.14, 0.11],
    ];
    const SCARVES: [Color; 3] = [[0.35, 0.42, 0.52], [0.52, 0.30, 0.34], [0.30, 0.44, 0.36]];
    const CLOTHES: [Color; 6] = [
        [0.13, 0.30, 0.45],
        [0.25, 0.27, 0.30],
        [0.50, 0.16, 0.22],
        [0.30, 0.36, 0.46],
        [0.18, 0.38, 0.28],
        [0.46, 0.40, 0.30],
    ];
    let style = [
        Style::Short,
        Style::Long,
        Style::Bun,
        Style::Short,
        Style::Scarf,
        Style::Long,
        Style::Short,
        Style::Bun,
    ][number % 8];
    let hair = match style {
        Style::Scarf => SCARVES[number % 3],
        _ => HAIRS[number % 7],
    };
    Person {
        skin: SKINS[number % 5],
        hair,
        clothes: CLOTHES[number % 6],
        behind: [0.80, 0.84, 0.86],
        eyes: [[0.20, 0.12, 0.07], [0.30, 0.42, 0.45], [0.13, 0.08, 0.06]][number % 3],
        style,
        width: 0.94 + 0.02 * (number % 6) as f32,
        smile: 2.0 + (number * 3 % 7) as f32,
        glasses: number % 4 == 1,
        beard: style == Style::Short && number.is_multiple_of(3),
        noise: 0.012,
    }
}

struct Canvas(Vec<Color>);

impl Canvas {
    /// Colors every pixel by how far inside the shape it is: `distance` is negative inside, in
    /// pixels.
    fn fill(&mut self, soft: f32, distance: impl Fn(Point) -> f32, color: impl Fn(Point) -> Color) {
        for (index, pixel) in self.0.iter_mut().enumerate() {
            let at = (
                (index as u32 % WIDTH) as f32 + 0.5,
                (index as u32 / WIDTH) as f32 + 0.5,
            );
            let cover = (0.5 - distance(at) / soft).clamp(0.0, 1.0);
            if cover > 0.0 {
                *pixel = mix(*pixel, color(at), cover);
            }
        }
    }

    fn ellipse(&mut self, center: Point, radii: Point, color: Color) {
        self.fill(1.2, |at| ellipse(at, center, radii), |_| color);
    }

    /// A blurred ellipse: light and shadow. `strength` 0 to 1.
    fn glow(&mut self, center: Point, radii: Point, color: Color, strength: f32) {
        for (index, pixel) in self.0.iter_mut().enumerate() {
            let (x, y) = ((index as u32 % WIDTH) as f32, (index as u32 / WIDTH) as f32);
            let (u, v) = ((x - center.0) / radii.0, (y - center.1) / radii.1);
            let far = (u * u + v * v).min(1.0);
            *pixel = mix(*pixel, color, strength * (1.0 - far) * (1.0 - far));
        }
    }

    /// A line through three points, thicker in its middle.
    fn stroke(&mut self, [a, b, c]: [Point; 3], thick: f32, color: Color) {
        let distance = |at: Point| {
            (0..=24)
                .map(|step| {
                    let t = step as f32 / 24.0;
                    let on = |a: f32, b: f32, c: f32| {
                        a * (1.0 - t) * (1.0 - t) + 2.0 * b * t * (1.0 - t) + c * t * t
                    };
                    let (x, y) = (on(a.0, b.0, c.0), on(a.1, b.1, c.1));
                    let half = thick * (0.35 + 2.6 * t * (1.0 - t)) / 2.0;
                    (x - at.0).hypot(y - at.1) - half
                })
                .fold(f32::MAX, f32::min)
        };
        self.fill(1.2, distance, |_| color);
    }
}

fn mix(a: Color, b: Color, part: f32) -> Color {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * part)
}

fn shade(color: Color, by: f32) -> Color {
    color.map(|part| (part * by).min(1.0))
}

fn ellipse((x, y): Point, center: Point, radii: Point) -> f32 {
    let (u, v) = ((x - center.0) / radii.0, (y - center.1) / radii.1);
    (u.hypot(v) - 1.0) * radii.0.min(radii.1)
}

fn draw(person: &Person) -> RgbImage {
    let (middle, level) = (WIDTH as f32 / 2.0, 205.0);
    let wide = 82.0 * person.width;
    let skin = person.skin;
    let dark = shade(skin, 0.68);
    let mut canvas = Canvas(vec![person.behind; (WIDTH * HEIGHT) as usize]);
    canvas.glow((90.0, 60.0), (330.0, 420.0), [1.0, 1.0, 1.0], 0.35);
    canvas.glow((330.0, 470.0), (300.0, 380.0), [0.25, 0.28, 0.32], 0.28);

    // Behind the face.
    match person.style {
        Style::Bun => {
            canvas.ellipse((middle, 92.0), (42.0, 36.0), shade(person.hair, 1.2));
            canvas.ellipse((middle, 180.0), (wide + 14.0, 112.0), person.hair);
        }
        Style::Short => canvas.ellipse((middle, 172.0), (wide + 8.0, 96.0), person.hair),
        Style::Long => {
            canvas.ellipse((middle, 190.0), (wide + 24.0, 118.0), person.hair);
            canvas.ellipse((middle, 300.0), (wide + 30.0, 130.0), person.hair);
        }
        Style::Scarf => canvas.ellipse((middle, 228.0), (wide + 30.0, 152.0), person.hair),
    }
    // Neck, shoulders, collar.
    canvas.ellipse((middle, 330.0), (44.0, 84.0), dark);
    let cloth = person.clothes;
    canvas.fill(
        1.2,
        |at| ellipse(at, (middle, 520.0), (188.0, 150.0)),
        |(x, y)| shade(cloth, 1.16 - 0.0013 * (x - 60.0) - 0.0006 * (y - 380.0)),
    );
    if person.style == Style::Scarf {
        canvas.ellipse((middle, 392.0), (92.0, 64.0), shade(person.hair, 0.92));
        canvas.stroke(
            [
                (middle - 70.0, 350.0),
                (middle - 10.0, 420.0),
                (middle + 60.0, 360.0),
            ],
            5.0,
            shade(person.hair, 0.75),
        );
    } else {
        canvas.ellipse((middle, 366.0), (48.0, 34.0), dark);
        canvas.ellipse((middle, 352.0), (44.0, 34.0), shade(skin, 0.86));
        for side in [-1.0, 1.0] {
            canvas.stroke(
                [
                    (middle + side * 56.0, 360.0),
                    (middle + side * 34.0, 404.0),
                    (middle + side * 6.0, 424.0),
                ],
                20.0,
                [0.93, 0.93, 0.92],
            );
        }
    }
    // Ears, face and its light.
    if matches!(person.style, Style::Bun | Style::Short) {
        for side in [-1.0, 1.0] {
            canvas.ellipse(
                (middle + side * (wide + 2.0), level + 20.0),
                (13.0, 24.0),
                shade(skin, 0.88),
            );
        }
    }
    let face = |at: Point| {
        let above = ellipse(at, (middle, level), (wide, 104.0));
        let jaw = ellipse(at, (middle, level + 34.0), (wide * 0.9, 92.0));
        above.min(jaw)
    };
    canvas.fill(1.2, face, |(x, y)| {
        let (u, v) = ((x - middle + 26.0) / 130.0, (y - level + 40.0) / 190.0);
        shade(skin, 1.1 - 0.38 * (u * u + v * v))
    });
    for side in [-1.0, 1.0] {
        let cheek = mix(skin, [0.80, 0.32, 0.30], 0.5);
        canvas.glow(
            (middle + side * 44.0, level + 48.0),
            (36.0, 28.0),
            cheek,
            0.30,
        );
    }
    canvas.glow(
        (middle - 20.0, level - 58.0),
        (70.0, 44.0),
        [1.0, 0.97, 0.92],
        0.20,
    );
    if person.beard {
        let beard = mix(skin, person.hair, 0.72);
        canvas.fill(
            16.0,
            |at| {
                let outer = face(at) + 2.0;
                let cheeks = -ellipse(at, (middle, level + 22.0), (wide * 0.78, 66.0));
                outer.max(cheeks)
            },
            |_| beard,
        );
    }
    features(&mut canvas, person, (middle, level));

    // Before the face.
    match person.style {
        Style::Scarf => {
            let edge = |at: Point| {
                let outer = ellipse(at, (middle, 222.0), (wide + 28.0, 150.0));
                let opening = -ellipse(at, (middle, level + 24.0), (wide - 2.0, 112.0));
                outer.max(opening)
            };
            let cloth = person.hair;
            canvas.fill(1.4, edge, |(x, y)| {
                shade(
                    cloth,
                    1.12 - 0.0012 * (x - 80.0) + 0.05 * (y / 9.0 + x / 31.0).sin(),
                )
            });
        }
        _ => {
            let parting = if person.style == Style::Long {
                0.0
            } else {
                13.0
            };
            let hair = person.hair;
            let fringe = |at: Point| {
                let cap = ellipse(at, (middle, level - 26.0), (wide + 9.0, 90.0));
                let brow = -ellipse(at, (middle + parting, level + 34.0), (wide * 1.06, 106.0));
                cap.max(brow)
            };
            canvas.fill(1.4, fringe, |(x, y)| {
                shade(hair, 1.25 + 0.35 * ((x - y * 0.4) / 5.0).sin() * 0.5)
            });
        }
    }
    developed(&canvas, person.noise)
}

/// Brows, eyes, nose, mouth, glasses.
fn features(canvas: &mut Canvas, person: &Person, (middle, level): Point) {
    let dark = shade(person.skin, 0.62);
    let brow = mix(shade(person.hair, 0.8), dark, 0.25);
    let brow = if person.style == Style::Scarf {
        [0.14, 0.10, 0.08]
    } else {
        brow
    };
    for side in [-1.0, 1.0] {
        let x = middle + side * 35.0;
        canvas.glow((x, level + 2.0), (30.0, 20.0), dark, 0.35);
        canvas.ellipse((x, level + 4.0), (17.0, 9.0), [0.95, 0.94, 0.92]);
        canvas.ellipse((x, level + 4.0), (8.4, 8.6), person.eyes);
        canvas.ellipse((x, level + 4.0), (4.0, 4.2), [0.03, 0.03, 0.03]);
        canvas.ellipse((x - 3.0, level + 1.0), (2.0, 2.0), [1.0, 1.0, 1.0]);
        let lid = [
            (x - 19.0, level + 6.0),
            (x - side, level - 14.0),
            (x + 19.0, level + 6.0),
        ];
        canvas.stroke(lid, 3.6, [0.10, 0.07, 0.06]);
        let arch = [
            (x - 22.0, level - 17.0 + side * 2.0),
            (x, level - 31.0),
            (x + 22.0, level - 17.0 - side * 2.0),
        ];
        canvas.stroke(arch, 7.0, brow);
        canvas.ellipse((middle + side * 9.0, level + 54.0), (4.6, 3.0), dark);
    }
    canvas.glow((middle + 10.0, level + 32.0), (16.0, 36.0), dark, 0.45);
    canvas.glow(
        (middle - 2.0, level + 38.0),
        (9.0, 16.0),
        [1.0, 0.96, 0.9],
        0.25,
    );
    canvas.stroke(
        [
            (middle - 15.0, level + 52.0),
            (middle, level + 62.0),
            (middle + 15.0, level + 52.0),
        ],
        3.0,
        dark,
    );
    let lips = mix(person.skin, [0.62, 0.16, 0.18], 0.55);
    let corner = level + 84.0 - person.smile * 0.5;
    let (left, right) = ((middle - 30.0, corner), (middle + 30.0, corner));
    canvas.stroke(
        [left, (middle, level + 80.0 + person.smile), right],
        11.0,
        lips,
    );
    canvas.stroke(
        [left, (middle, level + 94.0 + person.smile), right],
        11.0,
        shade(lips, 1.12),
    );
    canvas.stroke(
        [left, (middle, level + 86.0 + person.smile), right],
        2.6,
        shade(lips, 0.5),
    );
    canvas.glow((middle, level + 112.0), (26.0, 12.0), dark, 0.3);
    if person.glasses {
        for side in [-1.0, 1.0] {
            let center = (middle + side * 36.0, level + 6.0);
            let frame = |at: Point| ellipse(at, center, (30.0, 25.0)).abs() - 1.6;
            canvas.fill(1.2, frame, |_| [0.12, 0.12, 0.14]);
        }
        canvas.stroke(
            [
                (middle - 7.0, level + 2.0),
                (middle, level - 5.0),
                (middle + 7.0, level + 2.0),
            ],
            3.6,
            [0.12, 0.12, 0.14],
        );
    }
}

/// As a camera sees it: with noise.
fn developed(canvas: &Canvas, noise: f32) -> RgbImage {
    let mut state = 0x9e37_79b9_u32;
    let mut random = || {
        let sum: f32 = (0..4)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .sum();
        sum / 2.0
    };
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let bright = random() * noise;
        let pixel = canvas.0[(y * WIDTH + x) as usize];
        Rgb(pixel.map(|part| {
            let seen = part + bright + random() * noise * 0.5;
            (seen.clamp(0.0, 1.0) * 255.0).round() as u8
        }))
    })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    let side = |side: u32| u16::try_from(side).unwrap();
    let (width, height) = (side(picture.width()), side(picture.height()));
    encoder
        .encode(picture.as_raw(), width, height, ColorType::Rgb)
        .unwrap();
    file
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    if std::env::args()
        .nth(2)
        .is_some_and(|asked| asked == "--crowd")
    {
        for number in 0..CROWD {
            let large = draw(&of_the_crowd(number));
            let small = resize(
                &large,
                WIDTH * 2 / 3,
                HEIGHT * 2 / 3,
                FilterType::CatmullRom,
            );
            let file = folder.join(format!("{number:02}.jpg"));
            std::fs::write(file, jpeg(&small, 82)).unwrap();
        }
        return;
    }
    // Each person takes half a row: as submitted, at the roadside, and the face of that one
    // enlarged.
    let (wide, high, gap) = (150, 200, 8);
    let half = 3 * (wide + gap) + gap;
    let rows = (PEOPLE.len() as u32).div_ceil(2);
    let mut sheet = RgbImage::from_pixel(2 * half, rows * (high + gap) + gap, Rgb([255; 3]));
    for (row, person) in PEOPLE.iter().enumerate() {
        let submitted = jpeg(&draw(person), 88);
        if row == 0 {
            std::fs::write(folder.join("portrait.jpg"), &submitted).unwrap();
        }
        let made = roadside(&submitted).unwrap();
        let seen = load_from_memory(&made.jpeg).unwrap().to_rgb8();
        println!(
            "{row}: {} bytes, {} x {} in {} bytes {:?}",
            submitted.len(),
            seen.width(),
            seen.height(),
            made.jpeg.len(),
            made.notes
        );
        let before = load_from_memory(&submitted).unwrap().to_rgb8();
        let (width, height) = seen.dimensions();
        let face = crop_imm(&seen, width / 4, height / 5, width / 2, height / 2).to_image();
        for (column, picture) in [&before, &seen, &face].into_iter().enumerate() {
            let scaled = resize(picture, wide, high, FilterType::CatmullRom);
            let left = row as u32 % 2 * half + column as u32 * (wide + gap) + gap;
            let top = row as u32 / 2 * (high + gap) + gap;
            overlay(&mut sheet, &scaled, left.into(), top.into());
        }
    }
    // No one sees the last two bits of the noise, and they are most of the file.
    sheet
        .iter_mut()
        .for_each(|part| *part = *part & 0xfc | *part >> 6);
    let file = std::fs::File::create(folder.join("portraits.png")).unwrap();
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, Adaptive);
    sheet.write_with_encoder(encoder).unwrap();
}
