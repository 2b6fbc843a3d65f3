//! What an attacker's text may cost a reader: memory in proportion to its length, with any lengths
//! that it claims.
//!
//! Alone in its file, for the limit is that of the whole process, and an allocation that is refused
//! ends it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use vidimus_credential::qr::base45;
use vidimus_credential::{Policy, UnixTime, Verifier, VerifyingKey};

/// What this process may still ask for while it is limited: room for the allocator's habits, and
/// far below the smallest of the lies.
const ROOM: u64 = 32 << 20;

/// The memory that this process has asked for so far, touched or not: bytes.
fn size() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmSize"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// From now on no more than this may be asked for. Who asks for more is ended.
fn limit(bytes: Option<u64>) {
    let limits = Rlimit {
        current: bytes,
        ..getrlimit(Resource::As)
    };
    setrlimit(Resource::As, limits).unwrap();
}

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Heads of byte strings, texts, arrays and maps that claim from 2^28 to 2^64 - 1 items.
fn lies() -> impl Iterator<Item = Vec<u8>> {
    [0x40_u8, 0x60, 0x80, 0xa0].into_iter().flat_map(|major| {
        let small =
            [24_u32, 28, 31].map(|bit| [&[major | 26][..], &(1_u32 << bit).to_be_bytes()].concat());
        let large = [1_u64 << 32, 1 << 40, 1 << 62, u64::MAX]
            .map(|length| [&[major | 27][..], &length.to_be_bytes()].concat());
        small.into_iter().chain(large)
    })
}

/// The content of all files of one folder of the vectors.
fn folder(name: &str) -> Vec<Vec<u8>> {
    fs::read_dir(vectors().join(name))
        .unwrap()
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn a_length_that_lies_takes_no_memory() {
    let root = fs::read(vectors().join("root.cose")).unwrap();
    let root = VerifyingKey::from_cose_key(&root).unwrap();
    let trust = fs::read(vectors().join("trust/current.cbor")).unwrap();
    let now = UnixTime::new(1_795_000_000).unwrap();
    let mut verifier = Verifier::new(root, Policy::default());
    verifier.set_trust_list(&trust).unwrap();

    let mut texts = folder("tokens");
    // A length that lies at each third place of a good token.
    let good = fs::read_to_string(vectors().join("tokens/one-way-ed25519.txt")).unwrap();
    let token = base45::decode(good.strip_prefix("DL1:").unwrap()).unwrap();
    for place in (0..token.len()).step_by(3) {
        for lie in lies() {
            let bytes = [&token[..place], &lie[..], &token[place..]].concat();
            texts.push(format!("DL1:{}", base45::encode(&bytes)).into_bytes());
        }
    }
    let (bundles, lists) = (folder("bundles"), folder("trust"));

    verifier.check(&good, now);
    limit(Some(size() + ROOM));
    let mut believed = Vec::<u8>::new();
    assert!(
        believed.try_reserve_exact(1 << 28).is_err(),
        "the limit does nothing"
    );
    for text in &texts {
        verifier.check(&String::from_utf8_lossy(text), now);
    }
    for object in bundles.iter().chain(&lists).chain(&texts) {
        // Most are refused, and a list that is taken makes no room for lies.
        let _ = verifier.set_bundle(object);
        let _ = verifier.set_trust_list(object);
    }
    limit(None);
}
