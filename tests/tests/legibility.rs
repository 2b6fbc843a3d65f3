//! How long a face takes by camera. `docs/legibility.md` has the table, and this test holds it to
//! it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use vidimus_credential::face::{FaceCollector, FaceFrames};
use vidimus_credential::sd_cwt::Portrait;

/// Frames that a phone shows each second.
const RATE: f64 = 5.0;
/// Seconds of the token between two passes of the frames.
const TOKEN_S: f64 = 2.0;
const SHOWINGS: usize = 500;

/// A generator whose numbers are the same everywhere (xorshift64*).
struct Luck(u64);

impl Luck {
    fn percent(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % 100
    }
}

/// Bytes like those of a JPEG's coded part, which nothing makes smaller.
fn portrait(bytes: usize) -> Portrait {
    let mut luck = Luck(7);
    let noise: Vec<u8> = (0..bytes)
        .map(|_| u8::try_from(luck.percent()).unwrap())
        .collect();
    Portrait::new([8; 16], &noise)
}

/// Seconds from the first frame shown until the last that was missing is read, the token's turns
/// among them.
fn seconds(frames: &FaceFrames, passes: usize, lost_percent: u64, luck: &mut Luck) -> f64 {
    let mut collector = FaceCollector::new();
    let mut elapsed = 0.0;
    loop {
        let shown = frames.texts().iter().cycle();
        for text in shown.take(passes * frames.texts().len()) {
            elapsed += 1.0 / RATE;
            if luck.percent() >= lost_percent && collector.take(text).unwrap().is_whole() {
                return elapsed;
            }
        }
        elapsed += TOKEN_S;
    }
}

/// The middle one of all showings, and the slowest of the fastest 95 in 100.
fn measured(frames: &FaceFrames, passes: usize, lost_percent: u64) -> String {
    let mut luck = Luck(0x1234_5678_9abc_def1);
    let mut all: Vec<f64> = (0..SHOWINGS)
        .map(|_| seconds(frames, passes, lost_percent, &mut luck))
        .collect();
    all.sort_by(f64::total_cmp);
    let (middle, slow) = (all[SHOWINGS / 2], all[SHOWINGS * 95 / 100]);
    format!("{middle:.1} / {slow:.1}")
}

#[test]
fn the_page_says_how_long_a_face_takes() {
    let portrait = portrait(4096);
    let mut lines = Vec::new();
    for (versions, version, passes) in [
        ("20-M", 20, 1),
        ("22-M, 23-M", 22, 1),
        ("24-M, 25-M", 24, 1),
        ("22-M, 23-M", 22, 2),
    ] {
        let frames = FaceFrames::new(&portrait, version).unwrap();
        let count = frames.texts().len();
        let columns = [0, 10, 30].map(|lost| measured(&frames, passes, lost));
        let columns = columns.join(" | ");
        lines.push(format!("| {versions} | {count} | {passes} | {columns} |"));
    }
    for (one, other) in [(22, 23), (24, 25)] {
        let frames = [one, other].map(|version| FaceFrames::new(&portrait, version).unwrap());
        assert_eq!(frames[0].texts().len(), frames[1].texts().len());
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/legibility.md");
    let page = fs::read_to_string(page).unwrap_or_default();
    let missing = lines.iter().any(|line| !page.contains(line));
    assert!(!missing, "the page lacks:\n{}", lines.join("\n"));
}
