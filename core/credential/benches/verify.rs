//! A verifier's check of a stapled one-way token, beside the signature checks in it that no one can
//! leave out (`docs/performance.md`).
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]

mod alternately;
#[allow(dead_code)]
mod fixture;

use criterion::{Criterion, criterion_group, criterion_main};
use fixture::{World, at};
use std::hint::black_box;
use vidimus_credential::verify::Outcome;
use vidimus_credential::{Algorithm, Signer, SigningKey};

/// What `verify_strict` of dalek or ring's ECDSA check is given.
struct Raw {
    message: Vec<u8>,
    signature: [u8; 64],
    key: [u8; 32],
}

impl Raw {
    fn new(key: &SigningKey, message: Vec<u8>) -> Self {
        let (x, _) = key.verifying_key().coordinates();
        Self {
            signature: key.sign(&message).unwrap(),
            message,
            key: x,
        }
    }

    /// The key is parsed already: the limit is the check alone.
    fn ed25519(&self) -> impl Fn() + '_ {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.key).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature);
        move || {
            let message = black_box(&self.message[..]);
            key.verify_strict(message, &signature).unwrap();
        }
    }
}

/// The three signed messages of a token, by their lengths.
fn raw(world: &World) -> [Raw; 3] {
    let draft = world.draft(at(4_000));
    [
        // Each as long as its Sig_structure: a dozen bytes of frame, header and payload.
        Raw::new(
            &world.credential_key,
            world.credential[..world.credential.len() - 66].to_vec(),
        ),
        Raw::new(
            &world.status_key,
            world.staple[..world.staple.len() - 66].to_vec(),
        ),
        Raw::new(&world.holder, draft.to_be_signed().to_vec()),
    ]
}

fn measure(criterion: &mut Criterion, name: &str, world: &World, limit: impl Fn()) {
    // Each is accepted each time: a reader that remembers one token has forgotten it when its turn
    // comes.
    let texts = [world.text(at(4_000)), world.text(at(4_001))];
    let mut verifier = world.verifier(1);
    let mut turns = texts.iter().cycle();
    let mut ours = || {
        let text = turns.next().unwrap();
        verifier.check(black_box(text), at(4_005))
    };
    for _ in 0..4 {
        let verdict = ours();
        assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", verdict.reasons);
    }
    let mut group = criterion.benchmark_group(name);
    group.bench_function("ours", |b| b.iter(&mut ours));
    group.bench_function("limit", |b| b.iter(&limit));
    group.finish();
    alternately::side_by_side(name, 10_000, || drop(ours()), limit);
}

fn ed25519(criterion: &mut Criterion) {
    let world = World::new(Algorithm::Ed25519);
    let raw = raw(&world);
    let checks = [raw[0].ed25519(), raw[1].ed25519(), raw[2].ed25519()];
    measure(criterion, "verify_ed25519", &world, || {
        checks.iter().for_each(|check| check());
    });
}

fn p256(criterion: &mut Criterion) {
    use p256::ecdsa::signature::Verifier as _;
    let world = World::new(Algorithm::Esp256);
    let raw = raw(&world);
    let checks = [raw[0].ed25519(), raw[1].ed25519()];
    let (x, y) = world.holder.verifying_key().coordinates();
    let point = [&[4][..], &x, &y.unwrap()].concat();

    let with_ring = || {
        let scheme = &ring::signature::ECDSA_P256_SHA256_FIXED;
        let key = ring::signature::UnparsedPublicKey::new(scheme, &point);
        key.verify(black_box(&raw[2].message), &raw[2].signature)
            .unwrap();
    };
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&raw[2].signature).unwrap();
    let with_p256 = || key.verify(black_box(&raw[2].message), &signature).unwrap();

    let mut group = criterion.benchmark_group("p256");
    group.bench_function("ring", |b| b.iter(with_ring));
    group.bench_function("p256", |b| b.iter(with_p256));
    group.finish();
    measure(criterion, "verify_p256", &world, || {
        checks.iter().for_each(|check| check());
        with_ring();
    });
}

criterion_group!(benches, ed25519, p256);
criterion_main!(benches);
