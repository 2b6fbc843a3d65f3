//! The curves of `docs/legibility.png`, drawn from the table of `docs/legibility.md`, so that they
//! cannot say something else.

use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

use crate::letters::{HIGH, WIDE, dots};
use crate::report::{KINDS, Reader};
use crate::tokens::Level;

const WIDTH: u32 = 760;
const HEIGHT: u32 = 420;
/// Around the curves: left, top, right, bottom.
const EDGES: [u32; 4] = [64, 16, 16, 56];
/// The first and last pixels a module that are drawn.
const FROM: f64 = 1.0;
const TO: f64 = 5.0;

const INK: Rgb<u8> = Rgb([40, 44, 52]);
const LINES: Rgb<u8> = Rgb([222, 226, 232]);

/// The color of a reader, lighter for level L.
const fn color(reader: Reader, level: Level) -> Rgb<u8> {
    match (reader, level) {
        (Reader::Rqrr, Level::Medium) => Rgb([176, 80, 0]),
        (Reader::Rqrr, Level::Low) => Rgb([244, 166, 96]),
        (Reader::One, Level::Medium) => Rgb([110, 110, 118]),
        (Reader::One, Level::Low) => Rgb([180, 180, 188]),
        (Reader::Several, Level::Medium) => Rgb([0, 84, 166]),
        (Reader::Several, Level::Low) => Rgb([112, 176, 240]),
    }
}

/// The rows of the page's table: the middle of a step of pixels a module, and for each reader and
/// level the part that was read.
fn points(page: &str) -> Vec<(f64, Vec<f64>)> {
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (from, to) = cells.next()?.split_once(" to ")?;
        let (from, to) = (from.parse::<f64>().ok()?, to.parse::<f64>().ok()?);
        let parts = cells.map(|cell| Some(cell.parse::<f64>().ok()? / 100.0));
        let parts: Option<Vec<f64>> = parts.collect();
        Some(((from + to) / 2.0, parts?))
    });
    rows.filter(|(_, parts)| parts.len() == KINDS.len())
        .collect()
}

/// Success by camera pixels a module, a curve for each reader and level, as a PNG: what the page's
/// table says.
#[must_use]
pub fn png(page: &str) -> Vec<u8> {
    let points = points(page);
    let mut sheet = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([255; 3]));
    let [left, top, right, bottom] = EDGES.map(f64::from);
    let across = f64::from(WIDTH) - left - right;
    let down = f64::from(HEIGHT) - top - bottom;
    let x = |pixels: f64| left + (pixels - FROM) / (TO - FROM) * across;
    let y = |part: f64| top + (1.0 - part) * down;
    for tenth in 0..=10 {
        let part = f64::from(tenth) / 10.0;
        line(&mut sheet, [x(FROM), y(part)], [x(TO), y(part)], 1, LINES);
        if tenth % 2 == 0 {
            let said = format!("{}%", tenth * 10);
            let wide = said.len() as u32 * WIDE * 2;
            write(
                &mut sheet,
                left as u32 - wide - 6,
                y(part) as u32 - HIGH,
                &said,
                INK,
            );
        }
    }
    for half in 2..=10 {
        let pixels = f64::from(half) / 2.0;
        line(
            &mut sheet,
            [x(pixels), y(0.0)],
            [x(pixels), y(1.0)],
            1,
            LINES,
        );
        let said = format!("{pixels}");
        let wide = said.len() as u32 * WIDE;
        write(
            &mut sheet,
            x(pixels) as u32 - wide,
            y(0.0) as u32 + 8,
            &said,
            INK,
        );
    }
    let said = "camera pixels a module";
    write(&mut sheet, WIDTH / 2 - 120, HEIGHT - 22, said, INK);
    let mut legend = top as u32 + 16;
    for (number, (reader, level)) in KINDS.into_iter().enumerate() {
        let color = color(reader, level);
        for pair in points.windows(2) {
            let [from, to] = [&pair[0], &pair[1]].map(|(pixels, all)| [x(*pixels), y(all[number])]);
            line(&mut sheet, from, to, 3, color);
        }
        let letter = if level == Level::Low { 'L' } else { 'M' };
        let at = left as u32 + 60;
        let middle = f64::from(legend + HIGH);
        let [from, to] = [at - 34, at - 10].map(|x| [f64::from(x), middle]);
        line(&mut sheet, from, to, 4, color);
        write(
            &mut sheet,
            at,
            legend,
            &format!("{} {letter}", reader.name()),
            INK,
        );
        legend += 22;
    }
    let mut file = Cursor::new(Vec::new());
    sheet.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

fn line(sheet: &mut RgbImage, from: [f64; 2], to: [f64; 2], thick: i64, color: Rgb<u8>) {
    let steps = (to[0] - from[0])
        .abs()
        .max((to[1] - from[1]).abs())
        .ceil()
        .max(1.0);
    for step in 0..=steps as u32 {
        let part = f64::from(step) / steps;
        let [x, y] = [0, 1].map(|at| (from[at] + (to[at] - from[at]) * part).round() as i64);
        for (dx, dy) in (0..thick).flat_map(|dx| (0..thick).map(move |dy| (dx, dy))) {
            dot(sheet, x + dx - thick / 2, y + dy - thick / 2, color);
        }
    }
}

/// In letters of twice the size.
fn write(sheet: &mut RgbImage, left: u32, top: u32, text: &str, color: Rgb<u8>) {
    for (x, y) in dots(text) {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let at = [left + 2 * x + dx, top + 2 * y + dy].map(i64::from);
            dot(sheet, at[0], at[1], color);
        }
    }
}

fn dot(sheet: &mut RgbImage, x: i64, y: i64, color: Rgb<u8>) {
    if (0..i64::from(WIDTH)).contains(&x) && (0..i64::from(HEIGHT)).contains(&y) {
        sheet.put_pixel(x as u32, y as u32, color);
    }
}
