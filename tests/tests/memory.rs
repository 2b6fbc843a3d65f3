//! What an attacker's text may cost a reader: memory in proportion to its length, whatever lengths it claims.
//!
//! Alone in its file, for the peak is that of the whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

use vidimus_credential::qr::base45;
use vidimus_credential::{Policy, UnixTime, Verifier, VerifyingKey};

/// Room for the allocator's habits, and far below what the smallest of the lies would take.
const ALLOWED: usize = 4 << 20;

/// The most memory that this process has asked for so far, touched or not: bytes.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmPeak"))
        .unwrap();
    let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Heads of byte strings, texts, arrays and maps that claim from 2^24 to 2^64 - 1 items.
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
fn no_text_takes_memory_beyond_its_own_size() {
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

    // What a good one takes is taken before.
    verifier.check(&good, now);
    let before = peak();
    for text in &texts {
        verifier.check(&String::from_utf8_lossy(text), now);
    }
    for object in bundles.iter().chain(&lists).chain(&texts) {
        // Most are refused, and a list that is taken makes no room for lies.
        let _ = verifier.set_bundle(object);
        let _ = verifier.set_trust_list(object);
    }
    let grown = peak() - before;
    assert!(grown < ALLOWED, "{grown} bytes more than before");
    // Whoever believed the smallest of the lies would have been seen.
    drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 24)));
    assert!(peak() - before > ALLOWED, "the measure sees nothing");
}
