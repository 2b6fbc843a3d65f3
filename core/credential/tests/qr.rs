//! The symbol against a second encoder, and the sizes that the profile names.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use vidimus_credential::Error;
use vidimus_credential::qr::{EccLevel, Symbol, SymbolOptions, token_text};

/// The alphanumeric capacity of versions 1 to 25 at level M (ISO/IEC 18004, table 7).
const CAPACITY_M: [usize; 25] = [
    20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970,
    1035, 1134, 1248, 1326, 1451,
];

fn symbol(characters: usize, min_version: u8, mask: Option<u8>) -> Result<Symbol, Error> {
    let options = SymbolOptions { min_version, mask };
    Symbol::encode(&"A".repeat(characters), options)
}

#[test]
fn the_smallest_version_that_holds_the_text_at_level_m_is_taken() {
    for (version, capacity) in (1..).zip(CAPACITY_M) {
        let full = symbol(capacity, 1, Some(0)).unwrap();
        assert_eq!((full.version(), full.ecc()), (version, EccLevel::Medium));
        assert_eq!(full.size(), 17 + 4 * usize::from(version));
    }
    for (version, capacity) in (2..).zip(&CAPACITY_M[..24]) {
        assert_eq!(symbol(capacity + 1, 1, Some(0)).unwrap().version(), version);
    }
}

#[test]
fn past_1451_characters_level_l_is_taken_and_past_1853_none() {
    let long = symbol(1452, 1, Some(0)).unwrap();
    assert_eq!((long.version(), long.ecc()), (22, EccLevel::Low));
    let longest = symbol(1853, 1, Some(0)).unwrap();
    assert_eq!((longest.version(), longest.ecc()), (25, EccLevel::Low));
    assert_eq!(
        symbol(1854, 1, Some(0)),
        Err(Error::TooLong { at_most: 1853 })
    );
    assert_eq!(symbol(1854, 1, None), Err(Error::TooLong { at_most: 1853 }));
    assert_eq!(
        symbol(70_000, 1, None),
        Err(Error::TooLong { at_most: 1853 })
    );
}

#[test]
fn the_version_never_falls_below_the_one_asked_for() {
    assert_eq!(symbol(10, 23, Some(0)).unwrap().version(), 23);
    assert_eq!(symbol(1300, 23, Some(0)).unwrap().version(), 24);
    assert_eq!(symbol(1500, 25, Some(0)).unwrap().version(), 25);
    assert_eq!(symbol(10, 0, Some(0)).unwrap().version(), 1);
    assert_eq!(symbol(10, 200, Some(0)).unwrap().version(), 25);
}

#[test]
fn text_that_alphanumeric_mode_does_not_have_is_refused() {
    for text in ["dl1:", "DL1:_", "DL1:\n", "\u{c4}"] {
        let refused = Symbol::encode(text, SymbolOptions::default());
        assert_eq!(refused, Err(Error::Base45), "{text:?}");
    }
}

#[test]
fn all_outside_the_symbol_is_light_and_three_corners_are_dark() {
    let symbol = symbol(100, 1, Some(3)).unwrap();
    let side = symbol.size();
    assert_eq!(symbol.rows().len(), side);
    for (x, y) in [(0, 0), (side - 1, 0), (0, side - 1)] {
        assert!(symbol.module(x, y));
    }
    let far = usize::MAX;
    for (x, y) in [
        (7, 7),
        (side, 0),
        (0, side),
        (127, 0),
        (128, 0),
        (far, 0),
        (0, far),
    ] {
        assert!(!symbol.module(x, y), "{x} {y}");
    }
}

#[test]
fn the_sizes_that_the_profile_names_are_those_of_its_tokens() {
    assert_eq!(token_text(&[0xa5; 745]).len(), 1122);
    assert_eq!(token_text(&[0xa5; 755]).len(), 1137);
    for (bytes, version) in [(745, 22), (755, 23), (775, 23), (915, 25)] {
        let text = token_text(&vec![0xa5; bytes]);
        let symbol = Symbol::encode(&text, SymbolOptions::default()).unwrap();
        assert_eq!(
            (symbol.version(), symbol.ecc()),
            (version, EccLevel::Medium)
        );
    }
}

fn by_fast_qr(text: &str, version: u8, ecc: EccLevel, mask: u8) -> Vec<u128> {
    use fast_qr::Mask::{
        Checkerboard, DiagonalLines, Diamonds, Fields, HorizontalLines, LargeCheckerboard, Meadow,
        VerticalLines,
    };
    use fast_qr::Version as V;
    let versions = [
        V::V01,
        V::V02,
        V::V03,
        V::V04,
        V::V05,
        V::V06,
        V::V07,
        V::V08,
        V::V09,
        V::V10,
        V::V11,
        V::V12,
        V::V13,
        V::V14,
        V::V15,
        V::V16,
        V::V17,
        V::V18,
        V::V19,
        V::V20,
        V::V21,
        V::V22,
        V::V23,
        V::V24,
        V::V25,
    ];
    let masks = [
        Checkerboard,
        HorizontalLines,
        VerticalLines,
        DiagonalLines,
        LargeCheckerboard,
        Fields,
        Diamonds,
        Meadow,
    ];
    let level = match ecc {
        EccLevel::Low => fast_qr::ECL::L,
        EccLevel::Medium => fast_qr::ECL::M,
    };
    let code = fast_qr::QRBuilder::new(text)
        .mode(fast_qr::Mode::Alphanumeric)
        .ecl(level)
        .version(versions[usize::from(version) - 1])
        .mask(masks[usize::from(mask)])
        .build()
        .unwrap();
    (0..code.size)
        .map(|y| {
            let bits = code[y].iter().rev();
            bits.fold(0, |row, module| row << 1 | u128::from(module.value()))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_encoders_agree_on_every_module(
        bytes in prop::collection::vec(any::<u8>(), 0..1230),
        min_version in 1_u8..=25,
        mask in 0_u8..8,
    ) {
        let text = token_text(&bytes);
        let symbol = Symbol::encode(&text, SymbolOptions { min_version, mask: Some(mask) }).unwrap();
        prop_assert_eq!(symbol.mask(), mask);
        let other = by_fast_qr(&text, symbol.version(), symbol.ecc(), mask);
        prop_assert_eq!(symbol.rows(), other);
    }

    #[test]
    fn a_mask_that_was_tried_out_gives_the_same_symbol_when_it_is_given(
        bytes in prop::collection::vec(any::<u8>(), 0..400)
    ) {
        let text = token_text(&bytes);
        let tried = Symbol::encode(&text, SymbolOptions::default()).unwrap();
        let given = SymbolOptions { min_version: 1, mask: Some(tried.mask()) };
        prop_assert_eq!(Symbol::encode(&text, given).unwrap(), tried);
    }
}

#[cfg(feature = "picture")]
mod picture {
    use super::*;

    #[test]
    fn a_png_shows_each_module_and_a_quiet_zone_of_four() {
        let symbol = symbol(1137, 1, Some(5)).unwrap();
        for scale in [1, 3, 8] {
            let file = symbol.to_png(scale);
            let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
                .read_info()
                .unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert_eq!(info.bit_depth, png::BitDepth::One);
            let side = (u32::try_from(symbol.size()).unwrap() + 8) * scale;
            assert_eq!((info.width, info.height), (side, side));
            let [side, scale] = [side, scale].map(|n| usize::try_from(n).unwrap());
            for y in 0..side {
                for x in 0..side {
                    let white = pixels[y * info.line_size + x / 8] >> (7 - x % 8) & 1 == 1;
                    let module = |pixel: usize| (pixel / scale).checked_sub(4);
                    let dark = module(x)
                        .zip(module(y))
                        .is_some_and(|(x, y)| symbol.module(x, y));
                    assert_eq!(white, !dark, "{x} {y}");
                }
            }
        }
    }

    #[test]
    fn the_scale_of_a_png_is_kept_within_bounds() {
        let symbol = symbol(1853, 1, Some(5)).unwrap();
        assert_eq!(symbol.to_png(0), symbol.to_png(1));
        assert_eq!(symbol.to_png(u32::MAX), symbol.to_png(32));
        assert!(symbol.to_png(32).len() < 200_000);
    }

    #[test]
    fn an_svg_covers_as_many_units_as_there_are_dark_modules() {
        let symbol = symbol(300, 1, Some(1)).unwrap();
        let svg = symbol.to_svg();
        let side = symbol.size() + 8;
        assert!(svg.contains(&format!(r#"viewBox="0 0 {side} {side}""#)));
        let path = svg.rsplit_once(r#"<path d=""#).unwrap().1;
        let covered: u32 = path
            .split("v1h-")
            .skip(1)
            .map(|rest| rest.split('z').next().unwrap().parse::<u32>().unwrap())
            .sum();
        let dark: u32 = symbol.rows().iter().map(|row| row.count_ones()).sum();
        assert_eq!(covered, dark);
    }
}
