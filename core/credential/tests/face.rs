//! Faces by camera: what a phone shows is what a reader puts together, and only for a license that
//! signed it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{NOW, World, at};
use proptest::collection::vec;
use proptest::prelude::*;
use vidimus_credential::face::{
    FaceCollector, FaceFrames, MAX_CHUNK, MAX_DISCLOSURE, MAX_FRAMES, MIN_CHUNK, Progress,
};
use vidimus_credential::presentation::Draft;
use vidimus_credential::qr::{self, EccLevel, Symbol, SymbolOptions, base45};
use vidimus_credential::sd_cwt::{self, Portrait, UnverifiedCredential};
use vidimus_credential::trust::TrustList;
use vidimus_credential::verify::Verdict;
use vidimus_credential::{Algorithm, Error, Field, Signer as _};

/// A portrait of so many bytes that no two chunks of it are alike.
fn portrait(bytes: usize) -> Portrait {
    let mut state = 1_u32;
    let jpeg: Vec<u8> = (0..bytes)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    Portrait::new([8; 16], &jpeg)
}

/// The verdict on a license with this portrait.
fn verdict(portrait: &Portrait) -> Verdict {
    let world = World::new();
    let issued = sd_cwt::issue(&world.claims(&world.holder), portrait, &world.credential).unwrap();
    let trust = TrustList::verify(&world.trust_list(), world.root.verifying_key()).unwrap();
    let credential = UnverifiedCredential::parse(&issued).unwrap();
    let credential = credential.authenticate(&trust).unwrap();
    let claims = world.claims_of_token(None);
    let bytes = credential.bytes_without_disclosure();
    let draft = Draft::new(bytes, Algorithm::Ed25519, &claims).unwrap();
    let text = qr::token_text(&draft.sign(&world.holder).unwrap());
    world.verifier().check(&text, at(NOW))
}

fn frames(portrait: &Portrait, version: u8) -> Vec<String> {
    FaceFrames::new(portrait, version).unwrap().texts().to_vec()
}

/// A frame of any content.
fn frame(digest: &[u8], index: u8, count: u8, chunk: &[u8]) -> String {
    let length = u16::try_from(chunk.len()).unwrap().to_be_bytes();
    let head = match chunk.len() {
        0..24 => vec![0x40 | length[1]],
        24..256 => vec![0x58, length[1]],
        _ => vec![0x59, length[0], length[1]],
    };
    let digest = [&[0x40 | u8::try_from(digest.len()).unwrap()], digest].concat();
    let bytes = [&[0x84][..], &digest, &[index, count], &head, chunk].concat();
    qr::encode_text("DLF1:", &bytes)
}

fn short(portrait: &Portrait) -> Vec<u8> {
    portrait.digest()[..8].to_vec()
}

#[test]
fn each_frame_fits_the_version_at_level_m_and_as_few_as_can_be_are_made() {
    for (jpeg, version, expected) in [
        (4096, 25, 5),
        (4096, 24, 5),
        (4096, 23, 6),
        (4096, 22, 6),
        (4096, 20, 7),
        (4096, 12, 16),
        (2048, 22, 3),
        (700, 22, 1),
        (1, 22, 1),
    ] {
        let portrait = portrait(jpeg);
        let frames = FaceFrames::new(&portrait, version).unwrap();
        assert_eq!(frames.texts().len(), expected, "{jpeg} bytes, V{version}");
        assert_eq!(frames.version(), version);
        for text in frames.texts() {
            let options = SymbolOptions {
                min_version: version,
                mask: Some(0),
            };
            let symbol = Symbol::encode(text, options).unwrap();
            assert_eq!(
                (symbol.version(), symbol.ecc()),
                (version, EccLevel::Medium)
            );
        }
    }
}

#[test]
fn a_version_that_would_need_more_than_16_frames_is_raised() {
    let frames = FaceFrames::new(&portrait(4096), 5).unwrap();
    assert_eq!((frames.version(), frames.texts().len()), (12, 16));
    assert_eq!(FaceFrames::new(&portrait(40), 0).unwrap().version(), 6);
    assert_eq!(FaceFrames::new(&portrait(40), 99).unwrap().version(), 25);
}

#[test]
fn the_table_of_capacities_is_that_of_the_symbols() {
    for version in 6..=25 {
        // The longest face of one frame: one byte more takes two, or a larger version.
        let longest = (1..=1200)
            .rev()
            .map(portrait)
            .find(|portrait| {
                FaceFrames::new(portrait, version)
                    .is_ok_and(|frames| frames.texts().len() == 1 && frames.version() == version)
            })
            .unwrap();
        let text = frames(&longest, version).remove(0);
        let at_version = |text: &str| {
            let options = SymbolOptions {
                min_version: version,
                mask: Some(0),
            };
            let symbol = Symbol::encode(text, options).unwrap();
            symbol.version() == version && symbol.ecc() == EccLevel::Medium
        };
        assert!(at_version(&text));
        let full = longest.disclosure().len() == MAX_CHUNK;
        assert!(full || !at_version(&(text + "000")), "version {version}");
    }
}

#[test]
fn a_disclosure_of_4161_bytes_is_not_cut() {
    let fits = portrait(MAX_DISCLOSURE - 22);
    assert_eq!(fits.disclosure().len(), MAX_DISCLOSURE);
    assert!(FaceFrames::new(&fits, 22).is_ok());
    let error = FaceFrames::new(&portrait(MAX_DISCLOSURE - 21), 22).err();
    assert_eq!(error, Some(Error::TooLong { at_most: 4_160 }));
}

#[test]
fn a_face_joins_the_verdict_of_its_license_and_no_other() {
    let (own, other) = (portrait(4000), portrait(3999));
    let mut collector = FaceCollector::new();
    for (read, text) in (1..).zip(frames(&own, 22)) {
        assert_eq!(
            collector.progress(&verdict(&own)).map_or(0, |it| it.read),
            read - 1
        );
        assert!(collector.join(&verdict(&own)).is_none());
        let progress = collector.take(&text).unwrap();
        assert_eq!(progress, Progress { read, count: 6 });
    }
    assert!(collector.join(&verdict(&own)).unwrap() == own);
    assert!(collector.join(&verdict(&other)).is_none());
    assert!(collector.progress(&verdict(&other)).is_none());
    let world = World::new();
    let unread = world.verifier().check("DL1:", at(NOW));
    assert!(collector.join(&unread).is_none() && unread.portrait_digest.is_none());
}

#[test]
fn a_face_of_the_same_first_eight_bytes_joins_nothing() {
    // No one can make such a face, so the digest of the verdict is changed in its last byte
    // instead.
    let own = portrait(500);
    let mut verdict = verdict(&own);
    let mut collector = FaceCollector::new();
    for text in frames(&own, 22) {
        collector.take(&text).unwrap();
    }
    assert!(collector.join(&verdict).is_some());
    verdict.portrait_digest.as_mut().unwrap()[31] ^= 1;
    assert!(collector.join(&verdict).is_none());
    assert!(collector.progress(&verdict).unwrap().is_whole());
}

#[test]
fn a_frame_that_contradicts_what_was_read_drops_it() {
    let own = portrait(4000);
    let texts = frames(&own, 22);
    let mut collector = FaceCollector::new();
    for text in &texts[..5] {
        collector.take(text).unwrap();
    }
    let first = base45::decode(&texts[0][5..]).unwrap();
    let chunk = vec![0; first.len() - 15];
    let hostile = frame(&short(&own), 0, 6, &chunk);
    assert_eq!(
        collector.take(&hostile).unwrap(),
        Progress { read: 1, count: 6 }
    );
    assert!(collector.take(&texts[5]).unwrap().read == 2);
    assert!(collector.join(&verdict(&own)).is_none());
    // The next pass of the honest frames is still joined.
    for text in &texts {
        collector.take(text).unwrap();
    }
    assert!(collector.join(&verdict(&own)).is_some());
}

#[test]
fn a_whole_that_is_not_its_digest_or_no_portrait_is_dropped() {
    let own = portrait(100);
    let disclosure = own.disclosure();
    let mut changed = disclosure.to_vec();
    changed[60] ^= 1;
    for (digest, whole) in [
        (short(&own), changed),
        (
            sha(b"no disclosure at all, and long enough to be one"),
            b"no disclosure at all, and long enough to be one".to_vec(),
        ),
    ] {
        let mut collector = FaceCollector::new();
        let taken = collector.take(&frame(&digest, 0, 1, &whole));
        assert_eq!(taken, Err(Error::DisclosureMismatch));
        assert!(collector.progress(&verdict(&own)).is_none());
        for text in frames(&own, 22) {
            collector.take(&text).unwrap();
        }
        assert!(collector.join(&verdict(&own)).is_some());
    }
}

fn sha(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes)[..8].to_vec()
}

#[test]
fn the_fifth_face_takes_the_place_of_the_oldest() {
    let own = portrait(4000);
    let texts = frames(&own, 22);
    let mut collector = FaceCollector::new();
    collector.take(&texts[0]).unwrap();
    for stranger in 0..3 {
        collector
            .take(&frame(&[stranger; 8], 0, 6, &[0; 700]))
            .unwrap();
    }
    assert_eq!(collector.take(&texts[1]).unwrap().read, 2);
    collector.take(&frame(&[9; 8], 0, 6, &[0; 700])).unwrap();
    assert!(collector.progress(&verdict(&own)).is_none());
    assert_eq!(collector.take(&texts[2]).unwrap().read, 1);
}

#[test]
fn other_counts_and_chunk_lengths_are_other_faces() {
    let own = portrait(4000);
    let mut collector = FaceCollector::new();
    let (small, large) = (frames(&own, 20), frames(&own, 25));
    for text in small.iter().take(6).chain(&large) {
        collector.take(text).unwrap();
    }
    assert!(collector.join(&verdict(&own)).is_some());
    let chunk = [5; 700];
    let mut collector = FaceCollector::new();
    for (index, length, read) in [
        (0, 600, 1),
        (1, 700, 1),
        (1, 600, 2),
        (5, 601, 2),
        (5, 600, 3),
    ] {
        let taken = collector.take(&frame(&[1; 8], index, 6, &chunk[..length]));
        assert_eq!(taken.unwrap().read, read, "{index} of {length}");
    }
}

#[test]
fn what_is_no_frame_of_the_profile_is_refused() {
    let digest = [1; 8];
    for (name, text, error) in [
        ("another prefix", "DL1:AB".to_owned(), Error::WrongPrefix),
        (
            "lower case",
            frame(&digest, 0, 2, &[0; 64]).to_lowercase(),
            Error::WrongPrefix,
        ),
        (
            "too long",
            format!("DLF1:{}", "0".repeat(1849)),
            Error::TooLong { at_most: 1_853 },
        ),
        ("no Base45", "DLF1:A".to_owned(), Error::Base45),
        ("no CBOR", "DLF1:".to_owned(), Error::Cbor),
        (
            "a byte too many",
            qr::encode_text("DLF1:", &[0x80, 0]),
            Error::Cbor,
        ),
        (
            "an empty array",
            qr::encode_text("DLF1:", &[0x80]),
            Error::Layout(Field::FaceFrame),
        ),
        (
            "7 bytes of digest",
            frame(&[1; 7], 0, 2, &[0; 64]),
            Error::Layout(Field::FaceFrame),
        ),
        (
            "9 bytes of digest",
            frame(&[1; 9], 0, 2, &[0; 64]),
            Error::Layout(Field::FaceFrame),
        ),
        (
            "no frames",
            frame(&digest, 0, 0, &[0; 64]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "17 frames",
            frame(&digest, 0, 17, &[0; 64]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "index of count",
            frame(&digest, 2, 2, &[0; 64]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "63 bytes",
            frame(&digest, 0, 2, &[0; 63]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "1,201 bytes",
            frame(&digest, 0, 2, &[0; 1201]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "1,201 bytes at the end",
            frame(&digest, 0, 1, &[0; 1201]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "nothing",
            frame(&digest, 0, 1, &[]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "4,161 bytes",
            frame(&digest, 0, 5, &[0; 1041]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "5 times 833",
            frame(&digest, 4, 5, &[0; 833]),
            Error::OutOfBounds(Field::FaceFrame),
        ),
        (
            "a negative index",
            frame(&digest, 0x20, 2, &[0; 64]),
            Error::Layout(Field::FaceFrame),
        ),
    ] {
        assert_eq!(FaceCollector::new().take(&text), Err(error), "{name}");
    }
    for (index, count) in [
        (0, u64::MAX),
        (u64::MAX, 0),
        (u64::MAX, 16),
        (u64::MAX, u64::MAX),
    ] {
        let head = [&[0x84, 0x48][..], &digest].concat();
        let number = |number: u64| match u8::try_from(number) {
            Ok(small) => vec![small],
            Err(_) => [&[0x1b][..], &number.to_be_bytes()].concat(),
        };
        let bytes = [head, number(index), number(count), vec![0x41, 0]].concat();
        let taken = FaceCollector::new().take(&qr::encode_text("DLF1:", &bytes));
        assert_eq!(
            taken,
            Err(Error::OutOfBounds(Field::FaceFrame)),
            "{index} of {count}"
        );
    }
    for text in [
        frame(&digest, 0, 2, &[0; 64]),
        frame(&digest, 15, 16, &[0]),
        frame(&digest, 0, 5, &[0; 1039]),
        frame(&digest, 4, 5, &[0; 832]),
        frame(&digest, 0, 2, &[0; MAX_CHUNK]) + "\r\n",
    ] {
        assert_eq!(FaceCollector::new().take(&text).map(|it| it.read), Ok(1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn frames_in_any_order_repeated_and_among_others_give_the_picture(
        bytes in 0..=4138_usize, version in 1..=25_u8, order in vec(any::<prop::sample::Index>(), 0..60),
        noise in vec(".{0,40}", 0..8),
    ) {
        let portrait = portrait(bytes);
        let frames = FaceFrames::new(&portrait, version).unwrap();
        let texts = frames.texts();
        prop_assert!((1..=MAX_FRAMES).contains(&texts.len()) && frames.version() >= version);
        let mut collector = FaceCollector::new();
        for index in &order {
            collector.take(&texts[index.index(texts.len())]).unwrap();
        }
        for text in noise {
            prop_assert!(collector.take(&text).is_err());
        }
        let mut last = None;
        for text in texts.iter().rev() {
            last = Some(collector.take(text).unwrap());
        }
        prop_assert!(last.unwrap().is_whole());
        let chunks: Vec<_> = texts.iter().map(|text| base45::decode(&text[5..]).unwrap().len()).collect();
        prop_assert!(chunks.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert!(texts.len() == 1 || chunks[0] > MIN_CHUNK);
        prop_assert!(collector.join(&verdict(&portrait)).unwrap() == portrait);
    }

    #[test]
    fn no_text_makes_a_collector_panic(
        frames in vec((0..3_u8, 0..18_u8, 0..18_u8, 0..1300_usize), 0..40), text: String,
    ) {
        let mut collector = FaceCollector::new();
        for (digest, index, count, length) in frames {
            let _ = collector.take(&frame(&[digest; 8], index, count, &vec![digest; length]));
        }
        let _ = collector.take(&text);
        let _ = collector.take(&format!("DLF1:{text}"));
    }
}
