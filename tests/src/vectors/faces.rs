//! Face frames, one text a line: what a collector that reads all of them can give to the usual
//! license.

use super::cbor::{array, bytes, head, int, text};
use super::objects::{disclosure, jpeg, qr_text};
use super::parts::Part;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The file of the picture that the usual license's face gives.
pub(super) const PICTURE: &str = "faces/usual.jpg";

/// The face frames of the vectors.
pub(super) fn faces() -> Vec<Part> {
    [good(), bad()].concat()
}

fn part(name: &'static str, why: &'static str, texts: &[String], holds: Option<Value>) -> Part {
    Part {
        name,
        kind: "faces",
        why,
        bytes: texts.join("\n").into_bytes(),
        holds,
    }
}

fn digest(whole: &[u8]) -> Vec<u8> {
    Sha256::digest(whole)[..8].to_vec()
}

fn frame(digest: &[u8], index: i64, count: i64, chunk: &[u8]) -> String {
    let parts = [bytes(digest), int(index), int(count), bytes(chunk)];
    qr_text("DLF1:", &array(&parts))
}

/// The frames of a whole, cut at so many bytes.
fn cut(whole: &[u8], chunk: usize) -> Vec<String> {
    let chunks: Vec<_> = whole.chunks(chunk).collect();
    (0..)
        .zip(&chunks)
        .map(|(index, piece)| frame(&digest(whole), index, chunks.len() as i64, piece))
        .collect()
}

/// The usual disclosure: 284 bytes.
fn usual(chunk: usize) -> Vec<String> {
    cut(&disclosure(), chunk)
}

fn good() -> Vec<Part> {
    let holds = |frames: usize| Some(json!({ "frames": frames, "jpeg": PICTURE }));
    let five = usual(64);
    let backwards: Vec<_> = five.iter().rev().cloned().collect();
    let repeated = [&five[1..3], &five[..], &five[..1]].concat();
    let others = [five.clone(), usual(70), usual(280)].concat();
    let mut stranger = disclosure();
    stranger[3] ^= 1;
    let mixed: Vec<_> = five
        .iter()
        .zip(cut(&stranger, 64))
        .flat_map(|(own, other)| [other, own.clone()])
        .collect();
    let contradicted = [
        &five[..4],
        &[frame(&digest(&disclosure()), 0, 5, &[7; 64])],
        &five[..],
    ]
    .concat();
    vec![
        part(
            "five-frames",
            "64 bytes a chunk, the last of 28",
            &five,
            holds(5),
        ),
        part("backwards", "any order", &backwards, holds(5)),
        part("repeated", "some frames twice", &repeated, holds(5)),
        part(
            "one-frame",
            "a chunk that is the last",
            &usual(284),
            holds(1),
        ),
        part(
            "three-cuts",
            "other chunk lengths are other sets",
            &others,
            holds(5),
        ),
        part("two-faces", "two phones in turn", &mixed, holds(5)),
        part(
            "contradicted-and-again",
            "a frame that contradicts drops the set; the next pass is whole",
            &contradicted,
            holds(5),
        ),
    ]
}

fn bad() -> Vec<Part> {
    let five = usual(64);
    let none = |name, why, texts: &[String]| part(name, why, texts, None);
    let own = digest(&disclosure());
    let mut changed = disclosure();
    changed[100] ^= 1;
    let forged: Vec<_> = (0..)
        .zip(changed.chunks(64))
        .map(|(index, chunk)| frame(&own, index, 5, chunk))
        .collect();
    let no_portrait = array(&[bytes(&[7; 16]), bytes(&jpeg()), int(8)]);
    let contradicted = [&five[..4], &[frame(&own, 3, 5, &[7; 64])], &five[4..]].concat();
    let strangers = (1..5).map(|number| frame(&[number; 8], 0, 2, &[0; 64]));
    let pushed_out: Vec<_> = five[..4]
        .iter()
        .cloned()
        .chain(strangers)
        .chain(five[4..].iter().cloned())
        .collect();
    let whole = disclosure();
    let one = |digest: &[u8], index, count, chunk: &[u8]| vec![frame(digest, index, count, chunk)];
    let object = |object: &[u8]| vec![qr_text("DLF1:", object)];
    let parts = [bytes(&own), int(0), int(1), bytes(&whole)];
    let long = [&[0x58, 8][..], &own].concat();
    vec![
        none("one-is-missing", "four of five frames", &five[..4]),
        none(
            "another-face",
            "a portrait of another license",
            &cut(&changed, 64),
        ),
        none(
            "forged",
            "the digest of the license, and other bytes",
            &forged,
        ),
        none("no-portrait", "the key 8", &cut(&no_portrait, 64)),
        none(
            "contradicted",
            "two frames of one index, the first falls",
            &contradicted,
        ),
        none("pushed-out", "four other faces came between", &pushed_out),
        none(
            "token-prefix",
            "DL1: begins a token",
            &[qr_text("DL1:", &array(&parts))],
        ),
        none(
            "lower-case",
            "the prefix is upper case",
            &[five[0].to_lowercase()],
        ),
        none(
            "digest-of-7-bytes",
            "8 bytes",
            &one(&own[..7], 0, 1, &whole),
        ),
        none(
            "digest-of-9-bytes",
            "8 bytes",
            &one(&[&own[..], &[0]].concat(), 0, 1, &whole),
        ),
        none("no-frames", "a count of 0", &one(&own, 0, 0, &whole)),
        none(
            "index-of-count",
            "an index is below the count",
            &one(&own, 1, 1, &whole),
        ),
        none(
            "count-17",
            "16 frames at most",
            &(0..17)
                .map(|index| frame(&own, index, 17, &whole[..64]))
                .collect::<Vec<_>>(),
        ),
        none(
            "chunks-of-63",
            "64 bytes at least, but for the last",
            &usual(63),
        ),
        none(
            "negative-index",
            "an index from 0",
            &one(&own, -1, 1, &whole),
        ),
        none(
            "count-2-64-1",
            "a count as large as can be written",
            &object(&array(&[
                bytes(&own),
                int(0),
                vec![0x1b, 255, 255, 255, 255, 255, 255, 255, 255],
                bytes(&whole),
            ])),
        ),
        none("three-parts", "four parts", &object(&array(&parts[..3]))),
        none(
            "five-parts",
            "four parts",
            &object(&array(&[&parts[..], &[int(0)]].concat())),
        ),
        none(
            "trailing",
            "a byte follows",
            &object(&[array(&parts), vec![0]].concat()),
        ),
        none(
            "long-length",
            "the length 8 in two bytes",
            &object(&[head(4, 4), long, int(0), int(1), bytes(&whole)].concat()),
        ),
        none(
            "chunk-as-text",
            "a chunk is a byte string",
            &object(&array(&[bytes(&own), int(0), int(1), text("a")])),
        ),
        none("empty-chunk", "a byte at least", &one(&own, 0, 1, &[])),
        none("nothing", "no text at all", &[String::new()]),
    ]
}
