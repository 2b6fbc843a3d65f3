//! How long a face takes by camera. `docs/legibility.md` has the table, and this test holds it to
//! it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;
use vidimus_credential::face::{FaceCollector, FaceFrames};
use vidimus_credential::sd_cwt::Portrait;
use vidimus_wallet::present::{FACE_TURN, TOKEN_TURN, Turn, Turns};

const SHOWINGS: usize = 500;

/// Each version that a face's frames may have, and of a hundred looks at 1080 rows those that read
/// nothing from 20 and from 30 cm, by the last whole run: ZXing, all troubles together.
const LOST: [(u8, [u64; 2]); 9] = [
    (17, [27, 60]),
    (18, [23, 43]),
    (19, [27, 67]),
    (20, [27, 70]),
    (21, [43, 93]),
    (22, [40, 83]),
    (23, [33, 73]),
    (24, [50, 97]),
    (25, [57, 100]),
];

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

/// What is on the screen so long after a turn of the token began, and for how much longer.
type Schedule<'turns> = &'turns dyn Fn(Duration) -> (Turn, Duration);

/// How long it takes from the first frame of the face until the last that was missing is read, the
/// token's turns in between.
fn time(frames: &FaceFrames, schedule: Schedule<'_>, lost: u64, luck: &mut Luck) -> f64 {
    let mut missing: BTreeSet<usize> = (0..frames.texts().len()).collect();
    let mut now = TOKEN_TURN;
    while !missing.is_empty() {
        let (turn, left) = schedule(now);
        now += left;
        if let Turn::Face(index) = turn
            && luck.percent() >= lost
        {
            missing.remove(&index);
        }
    }
    (now - TOKEN_TURN).as_secs_f64()
}

/// The middle one of all showings, and the slowest of the fastest 95 in 100, in seconds.
fn times(frames: &FaceFrames, schedule: Schedule<'_>, lost: u64) -> (f64, f64) {
    let mut luck = Luck(0x1234_5678_9abc_def1);
    let mut all: Vec<f64> = (0..SHOWINGS)
        .map(|_| time(frames, schedule, lost, &mut luck))
        .collect();
    all.sort_by(f64::total_cmp);
    (all[SHOWINGS / 2], all[SHOWINGS * 95 / 100])
}

/// The frames a single time between two turns of the token.
fn one_pass(frames: u32) -> impl Fn(Duration) -> (Turn, Duration) {
    move |now| {
        let round = TOKEN_TURN + FACE_TURN * frames;
        let within = Duration::from_nanos((now.as_nanos() % round.as_nanos()).try_into().unwrap());
        match within.checked_sub(TOKEN_TURN) {
            None => (Turn::Token, TOKEN_TURN - within),
            Some(since) => {
                let index = since.as_nanos() / FACE_TURN.as_nanos();
                (Turn::Face(index.try_into().unwrap()), FACE_TURN)
            }
        }
    }
}

fn row(
    version: u8,
    passes: &str,
    frames: &FaceFrames,
    schedule: Schedule<'_>,
    measured: [u64; 2],
) -> String {
    let said = |lost| {
        if lost == 100 {
            return "never".to_owned();
        }
        let (middle, slow) = times(frames, schedule, lost);
        format!("{middle:.1} / {slow:.1}")
    };
    let [none, tenth, third] = [0, 10, 30].map(said);
    let [near, far] = measured.map(|lost| format!("{lost} %: {}", said(lost)));
    let count = frames.texts().len();
    format!("| {version}-M | {count} | {passes} | {none} | {tenth} | {third} | {near} | {far} |")
}

#[test]
fn the_page_says_how_long_a_face_takes() {
    let portrait = portrait(4096);
    let mut rows = Vec::new();
    for (version, lost) in LOST {
        let frames = FaceFrames::new(&portrait, version).unwrap();
        assert_eq!(frames.version(), version);
        let turns = Turns::new(frames.texts().len());
        rows.push(row(version, "2", &frames, &|now| turns.at(now), lost));
        if version == 23 {
            let once = one_pass(frames.texts().len().try_into().unwrap());
            rows.push(row(version, "1", &frames, &once, lost));
        }
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/legibility.md");
    let page = fs::read_to_string(page).unwrap_or_default();
    let missing = rows.iter().any(|row| !page.contains(row));
    assert!(!missing, "the page lacks:\n{}", rows.join("\n"));
}

#[test]
fn a_usual_face_is_whole_in_five_seconds_where_a_tenth_of_its_frames_is_lost() {
    let frames = FaceFrames::new(&portrait(4096), 23).unwrap();
    let turns = Turns::new(frames.texts().len());
    let (_, slow) = times(&frames, &|now| turns.at(now), 10);
    assert!(slow < 5.0, "{slow}");
}

#[test]
fn a_face_is_whole_with_the_last_of_its_frames_and_not_before() {
    for (version, _) in LOST {
        let frames = FaceFrames::new(&portrait(4096), version).unwrap();
        let mut collector = FaceCollector::new();
        let (last, others) = frames.texts().split_last().unwrap();
        for text in others.iter().rev().chain(others) {
            assert!(!collector.take(text).unwrap().is_whole());
        }
        assert!(collector.take(last).unwrap().is_whole());
    }
}
