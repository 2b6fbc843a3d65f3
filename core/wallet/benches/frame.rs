//! A frame, from `frame(now)` to modules, beside one raw signature and one QR with its mask given.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../../credential/benches/alternately/mod.rs"]
mod alternately;
#[path = "../tests/scene/mod.rs"]
mod scene;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::Signer;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use scene::{Authority, LICENSE, noon};
use vidimus_credential::Algorithm;
use vidimus_wallet::ports::{Clock, SystemRandom};
use vidimus_wallet::present::Presentation;
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;

fn frame(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom)));
    let authority = Authority::new();
    let enrolled = authority.enroll(folder.path(), keys.clone(), Algorithm::Ed25519);
    let vault = runtime.block_on(enrolled);
    let clock = TestClock::at(noon());
    let mut presentation = Presentation::start(&vault, keys, LICENSE, None, clock.read()).unwrap();
    let first = runtime.block_on(presentation.frame(clock.read())).unwrap();

    let mut ours = || {
        let frame = runtime.block_on(presentation.frame(clock.read())).unwrap();
        black_box(frame.symbol.rows().len());
    };

    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let message = vec![0x5a; first.text.len() * 2 / 3];
    let version = Version::new(first.symbol.version());
    let mask = Some(Mask::new(first.symbol.mask()));
    let ecc = QrCodeEcc::Medium;
    let limit = || {
        black_box(key.sign(black_box(&message)));
        let segment = [QrSegment::make_alphanumeric(black_box(&first.text))];
        let code = QrCode::encode_segments_advanced(&segment, ecc, version, version, mask, false);
        black_box(code.unwrap().get_module(3, 3));
    };

    let mut group = criterion.benchmark_group("frame");
    group.bench_function("ours", |bencher| bencher.iter(&mut ours));
    group.bench_function("limit", |bencher| bencher.iter(limit));
    group.finish();
    alternately::side_by_side("frame", 5_000, ours, limit);
    runtime.block_on(presentation.end()).unwrap();
}

criterion_group!(benches, frame);
criterion_main!(benches);
