//! Signing micro-lists, beside the zlib and the raw signature that no signer can do without, and
//! what that means for a nation of 500 million.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::Signer as _;
use flate2::{Compression, write::ZlibEncoder};
use vidimus_authority::sign_list;
use vidimus_credential::{Algorithm, SigningKey, UnixTime};

/// Lists that differ, so that no cache or branch learns one of them by heart.
const LISTS: usize = 1_024;
const LICENSES: u32 = 256;
/// Licenses of the nation, in lists of 256.
const NATION: f64 = 500e6 / 256.0;
const SECRET: [u8; 32] = [7; 32];
const URI: &str = "https://license.example/status/1234567";
const NOW: u64 = 1_800_000_000;

/// Three in a hundred licenses are not Valid, each in its own state.
fn states(list: usize) -> Vec<u8> {
    let mut seed = u32::try_from(list)
        .unwrap()
        .wrapping_mul(2_654_435_761)
        .wrapping_add(1);
    let mut draw = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed
    };
    let other = [1, 2, 2, 2, 3, 0xc, 0xd, 0xe];
    (0..LICENSES)
        .map(|_| {
            if draw() % 100 < 3 {
                other[usize::try_from(draw() % 8).unwrap()]
            } else {
                0
            }
        })
        .collect()
}

/// Four bits a license, before they are compressed.
fn packed(states: &[u8]) -> Vec<u8> {
    states
        .chunks(2)
        .map(|pair| pair[0] | pair[1] << 4)
        .collect()
}

fn zlib_and_signature(
    packed: &[u8],
    message: &[u8],
    key: &ed25519_dalek::SigningKey,
) -> (Vec<u8>, [u8; 64]) {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(256), Compression::best());
    encoder.write_all(packed).unwrap();
    (encoder.finish().unwrap(), key.sign(message).to_bytes())
}

fn micro_list(criterion: &mut Criterion) {
    let key = SigningKey::from_secret(Algorithm::Ed25519, &SECRET).unwrap();
    let raw = ed25519_dalek::SigningKey::from_bytes(&SECRET);
    let now = UnixTime::new(NOW).unwrap();
    let lists: Vec<Vec<u8>> = (0..LISTS).map(states).collect();
    let packed: Vec<Vec<u8>> = lists.iter().map(|states| packed(states)).collect();
    // What is signed is a little shorter than the token that it ends in.
    let message = sign_list(URI, &lists[0], now, &key).unwrap();

    let mut group = criterion.benchmark_group("micro_list");
    let mut turn = (0..LISTS).cycle();
    group.bench_function("limit", |bencher| {
        bencher.iter(|| {
            zlib_and_signature(
                black_box(&packed[turn.next().unwrap()]),
                black_box(&message),
                &raw,
            )
        });
    });
    group.bench_function("ours", |bencher| {
        bencher
            .iter(|| sign_list(URI, black_box(&lists[turn.next().unwrap()]), now, &key).unwrap());
    });
    group.finish();

    let begun = Instant::now();
    for states in lists.iter().cycle().take(16 * LISTS) {
        black_box(sign_list(URI, black_box(states), now, &key).unwrap());
    }
    let each = begun.elapsed().as_secs_f64() / f64::from(u32::try_from(16 * LISTS).unwrap());
    println!(
        "extrapolated from {:.1} us a list: 500 million licenses in {NATION:.0} lists, {:.0} core-seconds (files not written)",
        each * 1e6,
        each * NATION
    );
}

criterion_group!(benches, micro_list);
criterion_main!(benches);
