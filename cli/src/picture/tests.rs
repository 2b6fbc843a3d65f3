//! Pictures drawn here: what is found in them, and what they may cost.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA, Rgb};

use super::load::load;
use super::search::search;
use super::*;

const POSTER: &[u8] = b"https://example.org/parking";

fn qr(text: &[u8], scale: u32, quiet: u32) -> GrayImage {
    let code = qrcodegen::QrCode::encode_binary(text, qrcodegen::QrCodeEcc::Medium).unwrap();
    let modules = u32::try_from(code.size()).unwrap();
    let place = |pixel: u32| i32::try_from(pixel / scale).unwrap() - i32::try_from(quiet).unwrap();
    let side = (modules + 2 * quiet) * scale;
    GrayImage::from_fn(side, side, |x, y| {
        Luma([if code.get_module(place(x), place(y)) {
            0
        } else {
            255
        }])
    })
}

/// As many characters as a token has; not one that a verifier could read.
fn text(seed: u8) -> Vec<u8> {
    let mut state = u32::from(seed) + 1;
    let bytes: Vec<u8> = (0..750)
        .map(|_| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            state.to_be_bytes()[1]
        })
        .collect();
    vidimus_credential::qr::token_text(&bytes).into_bytes()
}

fn license(seed: u8, scale: u32) -> GrayImage {
    let text = String::from_utf8(text(seed)).unwrap();
    let segment = [qrcodegen::QrSegment::make_alphanumeric(&text)];
    let code = qrcodegen::QrCode::encode_segments(&segment, qrcodegen::QrCodeEcc::Medium).unwrap();
    let modules = u32::try_from(code.size()).unwrap();
    let side = (modules + 8) * scale;
    let place = |pixel: u32| i32::try_from(pixel / scale).unwrap() - 4;
    GrayImage::from_fn(side, side, |x, y| {
        Luma([if code.get_module(place(x), place(y)) {
            0
        } else {
            255
        }])
    })
}

fn desk(width: u32, height: u32) -> GrayImage {
    GrayImage::from_pixel(width, height, Luma([231]))
}

fn put(on: &mut GrayImage, picture: &GrayImage, x: u32, y: u32) {
    imageops::replace(on, picture, i64::from(x), i64::from(y));
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

fn jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(picture)
        .unwrap();
    file
}

/// Everything that the looks find, without a limit of time, each text once.
fn found(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    search(file, |seen| {
        if let Seen::Text { content, .. } = seen
            && !found.contains(&content)
        {
            found.push(content);
        }
    })
    .unwrap();
    found
}

fn inverted(mut picture: GrayImage) -> GrayImage {
    imageops::invert(&mut picture);
    picture
}

#[test]
fn a_license_is_found_beside_a_poster_that_is_easier_to_see() {
    let poster = qr(POSTER, 16, 4);
    let mut photo = desk(4000, 3000);
    put(&mut photo, &qr(POSTER, 18, 4), 60, 60);
    let small = imageops::resize(&license(1, 8), 600, 600, FilterType::Triangle);
    put(&mut photo, &small, 2000, 1500);
    let mut dark = desk(1600, 1100);
    put(&mut dark, &poster, 60, 60);
    put(&mut dark, &inverted(license(1, 6)), 800, 200);
    let mut screen = desk(1400, 900);
    put(&mut screen, &poster, 60, 60);
    let little = imageops::resize(&license(1, 8), 260, 260, FilterType::CatmullRom);
    put(&mut screen, &little, 900, 300);
    for (name, picture) in [("photo", photo), ("dark", dark), ("screen", screen)] {
        let found = found(&png(&picture));
        assert!(found.contains(&text(1)), "{name}");
    }
}

/// Only this program's own finder reads it, and each poster has three squares that are easier to
/// see.
#[test]
fn a_small_license_is_found_among_many_posters() {
    let little = imageops::resize(&license(1, 8), 300, 300, FilterType::CatmullRom);
    let noise = |x: u32, y: u32| (x.wrapping_mul(7_919) ^ y.wrapping_mul(104_729)) % 41;
    for posters in [4, 12, 24] {
        let mut wall = desk(1500, 1300);
        for number in 0..posters {
            let poster = qr(format!("https://example.org/{number}").as_bytes(), 5, 4);
            put(
                &mut wall,
                &poster,
                20 + number % 8 * 180,
                20 + number / 8 * 180,
            );
        }
        put(&mut wall, &little, 850, 800);
        let grain = GrayImage::from_fn(1500, 1300, |x, y| {
            let value = wall.get_pixel(x, y).0[0];
            Luma([u8::try_from((u32::from(value) * 3 + 40 + noise(x, y)) / 4).unwrap()])
        });
        for (name, picture) in [("jpeg", &wall), ("grain", &grain)] {
            let found = found(&jpeg(picture, 30));
            assert!(found.contains(&text(1)), "{posters} posters, {name}");
        }
    }
}

#[test]
fn a_license_is_found_below_what_looks_like_squares_again_and_again() {
    let mut gravel = desk(1500, 1500);
    for number in 0..700 {
        let (x, y) = (10 + number % 50 * 29, 10 + number / 50 * 29);
        let square = GrayImage::from_fn(21, 21, |x, y| {
            let ring = (x / 3).abs_diff(3).max((y / 3).abs_diff(3));
            // Two corners are missing: along one slope it is no square.
            let missing = x + y < 9 || x + y > 31;
            Luma([if ring == 2 || missing { 231 } else { 60 }])
        });
        put(&mut gravel, &square, x, y);
    }
    let little = imageops::resize(&license(1, 8), 300, 300, FilterType::CatmullRom);
    put(&mut gravel, &little, 700, 900);
    let seen = load(&jpeg(&gravel, 30)).unwrap();
    assert!(finder::find(&seen).contains(&Seen::text(text(1), 22)));
}

#[test]
fn both_of_two_licenses_are_found_also_where_one_is_dark() {
    let mut both = desk(1960, 1030);
    put(&mut both, &license(1, 8), 20, 20);
    put(&mut both, &license(2, 7), 1000, 60);
    let mut one_dark = desk(1960, 1030);
    put(&mut one_dark, &license(1, 8), 20, 20);
    put(&mut one_dark, &inverted(license(2, 7)), 1000, 60);
    for picture in [both, one_dark] {
        let mut texts = found(&png(&picture));
        texts.sort();
        let mut wanted = vec![text(1), text(2)];
        wanted.sort();
        assert_eq!(texts, wanted);
    }
}

/// The first look finds the one, and one of the last the other.
#[test]
fn a_second_license_that_is_hard_to_see_is_looked_for() {
    let salt = |x: u32, y: u32| (x.wrapping_mul(7_919) ^ y.wrapping_mul(104_729)) % 16;
    let hard = license(2, 6);
    let hard = GrayImage::from_fn(hard.width(), hard.height(), |x, y| match salt(x, y) {
        0 => Luma([255]),
        1 => Luma([0]),
        _ => *hard.get_pixel(x, y),
    });
    let mut both = desk(1360, 760);
    put(&mut both, &license(1, 5), 20, 20);
    put(&mut both, &hard, 630, 40);
    let mut texts = found(&png(&both));
    texts.sort();
    let mut wanted = vec![text(1), text(2)];
    wanted.sort();
    assert_eq!(texts, wanted);
}

#[test]
fn small_dark_and_badly_compressed_pictures_are_read() {
    let whole = license(1, 8);
    for dark in [false, true] {
        let whole = match dark {
            false => whole.clone(),
            true => inverted(whole.clone()),
        };
        let at = |side, filter| imageops::resize(&whole, side, side, filter);
        for (name, file) in [
            ("300 px, nearest", png(&at(300, FilterType::Nearest))),
            ("300 px, smooth", png(&at(300, FilterType::Triangle))),
            ("300 px, sharp", png(&at(300, FilterType::Lanczos3))),
            ("600 px at 30", jpeg(&at(600, FilterType::Triangle), 30)),
            ("900 px at 30", jpeg(&at(900, FilterType::Triangle), 30)),
            ("as it is at 30", jpeg(&whole, 30)),
        ] {
            assert_eq!(found(&file), [text(1)], "{name}, dark: {dark}");
        }
    }
}

#[test]
fn only_when_every_look_is_spent_may_a_foreign_text_be_judged() {
    let settled = |texts: &[&[u8]], spent| {
        let mut found = Found::default();
        for text in texts {
            found.add(Seen::text(text.to_vec(), 3));
        }
        found.settle(None, PictureError::NoQr, spent)
    };
    assert_eq!(settled(&[], true), Err(PictureError::NoQr));
    assert_eq!(settled(&[POSTER], false), Err(PictureError::NoQr));
    assert_eq!(settled(&[POSTER], true).as_deref(), Ok(POSTER));
    // What begins as a license and is none is worth a verdict before a poster.
    let broken: &[u8] = b"DL1:BROKEN";
    assert_eq!(settled(&[POSTER, broken], true).as_deref(), Ok(broken));
    assert_eq!(settled(&[broken, POSTER], true).as_deref(), Ok(broken));
}

#[test]
fn a_poster_is_not_judged_in_place_of_a_license_that_cannot_be_read() {
    // The processor's time is that of all tests of this process, so it stands still here.
    let read = |file| read_within(file, None, || Duration::ZERO);
    let mut hidden = license(1, 4);
    let side = hidden.width();
    // A thumb is in front of it.
    put(&mut hidden, &desk(side / 2, side / 2), side / 4, side / 4);
    assert_eq!(read(png(&hidden)), Err(PictureError::NoQr));
    let mut wall = desk(1100, 600);
    put(&mut wall, &hidden, 10, 10);
    put(&mut wall, &qr(POSTER, 5, 4), 600, 20);
    assert_eq!(read(png(&wall)), Err(PictureError::Unread));
    // A code as large that is read is what was shown, though some looks could not read it.
    put(&mut wall, &qr(&[b'x'; 500], 4, 4), 10, 10);
    assert!(read(png(&wall)).is_ok());
}

#[test]
fn a_poster_alone_is_read_and_a_picture_of_nothing_is_not() {
    let read = |file| read_within(file, None, || Duration::ZERO);
    assert_eq!(read(png(&qr(POSTER, 5, 4))).as_deref(), Ok(POSTER));
    assert_eq!(read(png(&desk(60, 60))), Err(PictureError::NoQr));
    for broken in [&b"DL1:"[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""] {
        let read = read(broken.to_vec());
        assert_eq!(read, Err(PictureError::NotAPicture), "{broken:?}");
    }
}

#[test]
fn a_picture_is_given_up_when_the_time_is_over() {
    let noise = GrayImage::from_fn(2800, 2000, |x, y| {
        Luma([u8::try_from((x * x * 31 + y * y * 17 + x * y) / 7 % 256).unwrap()])
    });
    let turn = std::cell::Cell::new(0);
    let clock = || {
        turn.set(turn.get() + 1);
        Duration::from_secs(turn.get())
    };
    let given_up = read_within(png(&noise), None, clock);
    assert_eq!(given_up, Err(PictureError::TooSlow));
    assert!(turn.get() < 5, "at the first look at the clock");
}

#[test]
fn a_picture_is_grey_by_what_is_seen_of_it() {
    let grey = |picture: DynamicImage| {
        let mut file = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png).unwrap();
        load(&file.into_inner()).unwrap().get_pixel(0, 0).0[0]
    };
    let clear = image::GrayAlphaImage::from_pixel(3, 3, LumaA([0, 0]));
    assert_eq!(grey(DynamicImage::ImageLumaA8(clear)), 255);
    let green = image::RgbImage::from_pixel(3, 3, Rgb([0, 255, 0]));
    assert_eq!(grey(DynamicImage::ImageRgb8(green)), 182);
    let deep = image::ImageBuffer::from_pixel(3, 3, Luma([0x8000_u16]));
    assert_eq!(grey(DynamicImage::ImageLuma16(deep)), 0x80);
}

#[test]
fn an_interlaced_picture_is_the_same_picture() {
    // 9 x 5, so that some passes have a single pixel and one has none in places.
    let value = |x: u32, y: u32| u8::try_from(x * 20 + y * 3).unwrap();
    let mut raw = Vec::new();
    for [x, step, first, down] in [
        [0, 8, 0, 8],
        [4, 8, 0, 8],
        [0, 4, 4, 8],
        [2, 4, 0, 4],
        [0, 2, 2, 4],
        [1, 2, 0, 2],
        [0, 1, 1, 2],
    ] {
        let every = |from: u32, to: u32, step: u32| {
            (from..to).filter(move |place| (place - from).is_multiple_of(step))
        };
        for y in every(first, 5, down) {
            raw.push(0);
            raw.extend(every(x, 9, step).map(|x| value(x, y)));
        }
    }
    let loaded = load(&hand_made_png(9, 5, 1, &raw)).unwrap();
    assert_eq!(loaded.dimensions(), (9, 5));
    for (x, y, pixel) in loaded.enumerate_pixels() {
        assert_eq!(pixel.0[0], value(x, y), "{x} {y}");
    }
}

/// A grey PNG of 8 bits from its filtered rows, not compressed.
fn hand_made_png(width: u32, height: u32, interlace: u8, raw: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], data: &[u8]| {
        let body = [kind, data].concat();
        let crc = !body.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        });
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(body);
        file.extend(crc.to_be_bytes());
    };
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(b"IHDR", &[&size[..], &[8, 0, 0, 0, interlace]].concat());
    let length = u16::try_from(raw.len()).unwrap();
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let stored = [
        &[0x78, 0x01, 1][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        raw,
        &(b << 16 | a).to_be_bytes(),
    ];
    chunk(b"IDAT", &stored.concat());
    chunk(b"IEND", &[]);
    file
}

#[test]
fn a_large_picture_is_divided_while_it_is_read() {
    let mut picture = GrayImage::from_pixel(9001, 30, Luma([100]));
    (0..30).for_each(|y| picture.put_pixel(9000, y, Luma([10])));
    for file in [png(&picture), jpeg(&picture, 95)] {
        let loaded = load(&file).unwrap();
        assert_eq!(loaded.dimensions(), (3001, 10));
        assert!(loaded.get_pixel(0, 0).0[0].abs_diff(100) < 4);
        // The last column stands for one pixel alone.
        assert!(loaded.get_pixel(3000, 5).0[0] < 40);
    }
}

#[test]
fn sizes_over_the_bounds_are_refused_before_anything_is_unpacked() {
    for (width, height) in [(20_001, 1), (1, 20_001), (8_001, 8_001), (u32::MAX, 1)] {
        let file = hand_made_png(width, height, 0, &[0; 4]);
        let refused = load(&file).unwrap_err();
        let known = [PictureError::TooLarge, PictureError::NotAPicture];
        assert!(known.contains(&refused), "{width} x {height}");
    }
    assert_eq!(
        load(&hand_made_png(8_001, 8_001, 0, &[0; 4])).unwrap_err(),
        PictureError::TooLarge
    );
}
