use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, load_from_memory};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;

/// A picture whose four corners differ, with a head in its upper half and some noise, as a camera
/// has.
fn drawing(width: u32, height: u32) -> RgbImage {
    let mut noise = 0x2545_f491_u32;
    RgbImage::from_fn(width, height, |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let (u, v) = (x * 100 / width, y * 100 / height);
        let head = (i64::from(u) - 50).pow(2) + (i64::from(v) - 40).pow(2) < 24 * 24;
        let base: [u32; 3] = match (head, u < 50, v < 50) {
            (true, _, _) => [190, 140, 110],
            (_, true, true) => [220, 40, 40],
            (_, false, true) => [40, 200, 40],
            (_, true, false) => [40, 60, 220],
            (_, false, false) => [220, 220, 60],
        };
        Rgb(base.map(|part| u8::try_from((part + noise % 12).min(255)).unwrap()))
    })
}

fn encoded(picture: &RgbImage, change: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 85);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    change(&mut encoder);
    let (width, height) = (picture.width(), picture.height());
    let side = |side: u32| u16::try_from(side).unwrap();
    encoder
        .encode(picture.as_raw(), side(width), side(height), ColorType::Rgb)
        .unwrap();
    file
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let quality = if width * height > 500_000 { 5 } else { 85 };
    encoded(&drawing(width, height), |encoder| {
        encoder.set_quality(quality);
    })
}

fn seen(roadside: &Roadside) -> RgbImage {
    assert!(roadside.jpeg.len() <= MAX_ROADSIDE);
    let picture = load_from_memory(&roadside.jpeg).unwrap();
    assert!(picture.width() >= MIN_WIDTH && picture.height() >= MIN_HEIGHT);
    assert_eq!(picture.width() * 4, picture.height() * 3);
    picture.to_rgb8()
}

/// The name of a corner's color.
fn corner(picture: &RgbImage, right: bool, below: bool) -> &'static str {
    let at = |far, side: u32| if far { side - 5 } else { 4 };
    let Rgb([red, green, blue]) =
        *picture.get_pixel(at(right, picture.width()), at(below, picture.height()));
    match (red > 128, green > 128, blue > 128) {
        (true, false, false) => "red",
        (false, true, false) => "green",
        (false, false, true) => "blue",
        (true, true, false) => "yellow",
        _ => "none of them",
    }
}

fn corners(picture: &RgbImage) -> [&'static str; 4] {
    [(false, false), (true, false), (false, true), (true, true)]
        .map(|(right, below)| corner(picture, right, below))
}

/// A JPEG with an EXIF block of one entry in front.
fn with_exif(file: &[u8], orientation: u16, little: bool) -> Vec<u8> {
    let two = |value: u16| {
        if little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let four = |value: u32| {
        if little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let mut tiff = if little {
        b"II".to_vec()
    } else {
        b"MM".to_vec()
    };
    tiff.extend(two(42));
    tiff.extend(four(8));
    tiff.extend(two(1));
    tiff.extend(two(0x0112));
    tiff.extend(two(3));
    tiff.extend(four(1));
    tiff.extend(two(orientation));
    tiff.extend(two(0));
    tiff.extend(four(0));
    tiff.extend(b"GPS 52.5200 N 13.4050 E");
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes();
    [
        &file[..2],
        b"\xff\xe1",
        &length,
        b"Exif\0\0",
        &tiff,
        &file[2..],
    ]
    .concat()
}

#[test]
fn the_result_is_small_stands_upright_and_is_the_same_each_time() {
    let file = jpeg(300, 400);
    let first = roadside(&file).unwrap();
    assert_eq!(first.notes, []);
    assert_eq!(corners(&seen(&first)), ["red", "green", "blue", "yellow"]);
    assert_eq!(roadside(&file).unwrap(), first);
    // The very bytes: an encoder or scaler that changes must be noticed, for a portrait that is
    // made again has another digest, and the wallets then fetch it anew.
    assert!(
        first.jpeg.len() > MAX_ROADSIDE - 200,
        "{}",
        first.jpeg.len()
    );
}

#[test]
fn every_way_of_holding_the_camera_ends_upright() {
    // What each orientation's file shows, so that turned upright it is red, green, blue, yellow.
    let upright = DynamicImage::ImageRgb8(drawing(150, 200));
    let held = [
        (1, upright.clone()),
        (2, upright.fliph()),
        (3, upright.rotate180()),
        (4, upright.flipv()),
        (5, upright.rotate90().fliph()),
        (6, upright.rotate270()),
        (7, upright.rotate270().fliph()),
        (8, upright.rotate90()),
    ];
    for (orientation, picture) in held {
        let file = encoded(&picture.to_rgb8(), |_| {});
        for little in [false, true] {
            let made = roadside(&with_exif(&file, orientation, little)).unwrap();
            assert_eq!(
                corners(&seen(&made)),
                ["red", "green", "blue", "yellow"],
                "{orientation}"
            );
            let notes: &[_] = if orientation == 1 {
                &[]
            } else {
                &[PortraitNote::Turned]
            };
            assert_eq!(made.notes, notes);
        }
    }
}

#[test]
fn an_orientation_that_is_none_turns_nothing() {
    let plain = roadside(&jpeg(150, 200)).unwrap();
    for orientation in [0, 9, 256, u16::MAX] {
        let file = with_exif(&jpeg(150, 200), orientation, false);
        assert_eq!(roadside(&file).unwrap(), plain);
    }
    // An EXIF block that breaks off at every byte.
    let file = with_exif(&jpeg(150, 200), 3, true);
    let whole = file[5];
    for length in 8..whole {
        let mut short = file.clone();
        short[5] = length;
        short.drain(4 + usize::from(length)..4 + usize::from(whole));
        let made = roadside(&short).unwrap();
        assert!(
            made.jpeg == plain.jpeg || made.notes.first() == Some(&PortraitNote::Turned),
            "{length}"
        );
    }
}

#[test]
fn metadata_and_what_trails_stay_out() {
    let file = jpeg(150, 200);
    let plain = roadside(&file).unwrap();
    let mut dressed = with_exif(&file, 1, false);
    let comment = [b"\xff\xfe\x00\x10".as_slice(), b"call 555-0100."].concat();
    dressed.splice(2..2, comment);
    dressed.extend(b"<script>trailing</script>");
    assert_eq!(roadside(&dressed).unwrap(), plain);
    let zeros = [file.as_slice(), &[0; 1000]].concat();
    assert_eq!(roadside(&zeros).unwrap(), plain);
    // Only what a picture needs: start, JFIF, tables, frame, scans, end.
    let mut rest = &plain.jpeg[2..];
    while let [0xff, marker, high, low, ..] = *rest {
        assert!(
            matches!(marker, 0xe0 | 0xdb | 0xc2 | 0xc4 | 0xda),
            "{marker:x}"
        );
        if marker == 0xda {
            break;
        }
        rest = &rest[2 + usize::from(u16::from_be_bytes([high, low]))..];
    }
    assert!(plain.jpeg.ends_with(b"\xff\xd9"));
}

#[test]
fn grey_stays_grey_and_progressive_and_unended_files_are_taken() {
    let grey = GrayImage::from_fn(150, 200, |x, y| {
        Luma([u8::try_from((x + y) % 256).unwrap()])
    });
    let mut file = Vec::new();
    Encoder::new(&mut file, 85)
        .encode(grey.as_raw(), 150, 200, ColorType::Luma)
        .unwrap();
    let made = roadside(&file).unwrap();
    assert!(matches!(
        load_from_memory(&made.jpeg).unwrap(),
        DynamicImage::ImageLuma8(_)
    ));
    let progressive = encoded(&drawing(150, 200), |encoder| encoder.set_progressive(true));
    assert_eq!(
        corners(&seen(&roadside(&progressive).unwrap())),
        ["red", "green", "blue", "yellow"]
    );
    let unended = jpeg(150, 200);
    assert_eq!(
        roadside(&unended[..unended.len() - 2]),
        roadside(&unended),
        "the end marker alone is missing"
    );
}

#[test]
fn the_colors_of_print_are_converted_where_the_file_says_which_way_round_they_are() {
    // No black ink is used here.
    let inks: Vec<u8> = drawing(150, 200)
        .pixels()
        .flat_map(|Rgb([red, green, blue])| [255 - red, 255 - green, 255 - blue, 0])
        .collect();
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let file = |sampling| {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 85);
            encoder.set_sampling_factor(sampling);
            encoder.encode(&inks, 150, 200, kind).unwrap();
            file
        };
        let mut even = file(SamplingFactor::R_4_4_4);
        let made = roadside(&even).unwrap();
        assert_eq!(made.notes, [PortraitNote::Converted]);
        assert_eq!(corners(&seen(&made)), ["red", "green", "blue", "yellow"]);
        // Inks that are not sampled alike would be drawn in stripes.
        let uneven = file(SamplingFactor::R_4_2_0);
        assert_eq!(roadside(&uneven), Err(PortraitFault::PrintColors));
        // Without Adobe's marker no one knows.
        let marker = even.windows(5).position(|five| five == b"Adobe").unwrap();
        even.drain(marker - 4..marker + 12);
        assert_eq!(roadside(&even), Err(PortraitFault::PrintColors));
    }
}

#[test]
fn color_is_read_as_often_as_cameras_sample_it_and_else_refused() {
    for (sampling, usual) in [
        (SamplingFactor::R_4_4_4, true),
        (SamplingFactor::R_4_2_2, true),
        (SamplingFactor::R_4_4_0, true),
        (SamplingFactor::R_4_2_0, true),
        (SamplingFactor::R_4_1_1, false),
        (SamplingFactor::R_4_1_0, false),
    ] {
        let file = encoded(&drawing(150, 200), |encoder| {
            encoder.set_sampling_factor(sampling);
        });
        match roadside(&file) {
            Ok(made) => {
                assert!(usual, "{sampling:?}");
                assert_eq!(corners(&seen(&made)), ["red", "green", "blue", "yellow"]);
            }
            Err(fault) => assert_eq!((usual, fault), (false, PortraitFault::Unusual)),
        }
    }
}

#[test]
fn what_is_not_three_by_four_is_cut_and_said_and_a_wide_one_is_refused() {
    for (width, height, cut) in [
        (300, 400, None),
        (301, 400, None),
        (150, 200, None),
        (240, 300, Some((225, 300))),
        (400, 400, Some((300, 400))),
        (413, 531, Some((398, 531))),
        (450, 800, Some((450, 600))),
        (1000, 1000, Some((750, 1000))),
    ] {
        let made = roadside(&jpeg(width, height)).unwrap();
        seen(&made);
        let notes = cut.map(|(width, height)| PortraitNote::Cut { width, height });
        assert_eq!(made.notes, Vec::from_iter(notes), "{width} x {height}");
    }
    for (width, height) in [(401, 400), (1600, 1200), (450, 801), (8, 2000)] {
        assert_eq!(
            roadside(&jpeg(width, height)),
            Err(PortraitFault::Shape { width, height })
        );
    }
    // The face of a high one is looked for in its upper half.
    let high = seen(&roadside(&jpeg(450, 800)).unwrap());
    assert_eq!(corners(&high), ["red", "green", "blue", "yellow"]);
    let Rgb([red, green, _]) = *high.get_pixel(high.width() / 2, high.height() * 2 / 5);
    assert!(red > 150 && green > 100 && green < 180, "the head");
}

#[test]
fn what_is_too_small_is_refused_with_the_pixels_that_it_has() {
    for ((width, height), (least_width, least_height)) in [
        ((1, 1), (0, 1)),
        ((149, 200), (149, 199)),
        ((150, 199), (149, 199)),
        ((199, 199), (149, 199)),
        ((60, 80), (60, 80)),
    ] {
        assert_eq!(
            roadside(&jpeg(width, height)),
            Err(PortraitFault::TooSmall {
                width: least_width,
                height: least_height
            }),
            "{width} x {height}"
        );
    }
    for (width, height) in [(2049, 200), (200, 2049)] {
        assert_eq!(
            roadside(&jpeg(width, height)),
            Err(PortraitFault::TooManyPixels)
        );
    }
}

#[test]
fn a_plain_picture_is_larger_and_noise_is_said_to_be_poor() {
    let plain = RgbImage::from_fn(480, 640, |x, y| {
        Rgb([
            u8::try_from(x / 3).unwrap(),
            u8::try_from(y / 4).unwrap(),
            120,
        ])
    });
    let made = roadside(&encoded(&plain, |_| {})).unwrap();
    assert_eq!(seen(&made).dimensions(), (240, 320));
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(150, 200, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        Rgb([a, b, c])
    });
    let made = roadside(&encoded(&noise, |_| {})).unwrap();
    assert_eq!(seen(&made).dimensions(), (150, 200));
    assert!(
        matches!(made.notes[..], [PortraitNote::LowQuality(quality)] if quality < 40),
        "{:?}",
        made.notes
    );
}

#[test]
fn other_formats_are_refused_by_name() {
    for (begin, name) in [
        (b"\x89PNG\r\n\x1a\n".as_slice(), "PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"GIF89a", "GIF"),
        (b"BM\0\0\0\0", "BMP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"\0\0\0\x1cftypavif", "AVIF"),
        (b"%PDF-1.7", "PDF, and no"),
    ] {
        let fault = roadside(begin).err().unwrap();
        assert_eq!(fault, PortraitFault::OtherFormat(name));
        assert!(fault.to_string().contains(name));
    }
    // Also where it is too large, which a PNG soon is.
    let large = [b"\x89PNG".as_slice(), &[0; 70_000]].concat();
    assert_eq!(roadside(&large), Err(PortraitFault::OtherFormat("PNG")));
    for no_picture in [b"".as_slice(), b"\xff", b"hello", &[0; 100]] {
        assert_eq!(roadside(no_picture), Err(PortraitFault::NotAJpeg));
    }
    let large = [jpeg(150, 200), vec![0; MAX_PORTRAIT]].concat();
    assert_eq!(roadside(&large), Err(PortraitFault::TooLarge));
}

#[test]
fn a_file_that_breaks_off_anywhere_is_refused_or_shows_the_whole_picture() {
    let file = jpeg(150, 200);
    let whole = roadside(&file).unwrap();
    for length in (2..file.len() - 2).step_by(37) {
        match roadside(&file[..length]) {
            Err(fault) => assert_eq!(fault, PortraitFault::NotWhole, "{length}"),
            Ok(made) => assert_eq!(made, whole, "{length}"),
        }
    }
    assert_eq!(
        roadside(&file[..file.len() / 2]),
        Err(PortraitFault::NotWhole)
    );
}

#[test]
fn a_scan_for_each_component_is_refused_for_it_would_be_drawn_wrongly() {
    let split = encoded(&drawing(150, 200), |encoder| {
        encoder.set_optimized_huffman_tables(true);
    });
    assert_eq!(roadside(&split), Err(PortraitFault::Unusual));
}

#[test]
fn what_the_result_says_of_itself_holds_no_picture() {
    let made = roadside(&jpeg(240, 300)).unwrap();
    assert_eq!(
        format!("{made:?}"),
        "Roadside { notes: [Cut { width: 225, height: 300 }], .. }"
    );
}
