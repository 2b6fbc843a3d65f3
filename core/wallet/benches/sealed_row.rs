//! Write and commit of one sealed row, beside the same on plain SQLite.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../../credential/benches/alternately/mod.rs"]
mod alternately;
#[path = "../tests/scene/mod.rs"]
mod scene;

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use scene::{Authority, LICENSE};
use vidimus_credential::Algorithm;
use vidimus_wallet::ports::SystemRandom;
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::records::LicenseRecord;
use vidimus_wallet::testing::vault::Weight;

fn sealed_row(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom)));
    let authority = Authority::new();
    let vault = runtime.block_on(authority.enroll(folder.path(), keys, Algorithm::Ed25519));
    let record: LicenseRecord = vault.get(LICENSE).unwrap().unwrap();
    let held = record.sd_cwt().unwrap();
    let (credential, holder_key) = (held.credential.clone(), held.holder_key.clone());

    let ours = || {
        let record = LicenseRecord::of_sd_cwt(credential.clone(), holder_key.clone());
        let write = vault.write(Weight::Light, move |tx| tx.put(LICENSE, &record));
        runtime.block_on(write).unwrap();
    };

    let plain = rusqlite::Connection::open(folder.path().join("plain.sqlite")).unwrap();
    plain
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256; \
             CREATE TABLE license (id TEXT PRIMARY KEY, credential BLOB, holder_key TEXT)",
        )
        .unwrap();
    let mut changing = credential.clone();
    let mut limit = || {
        // SQLite writes nothing where nothing changes; a seal always does.
        changing.rotate_left(1);
        plain
            .prepare_cached(
                "INSERT INTO license VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE \
                 SET credential = excluded.credential, holder_key = excluded.holder_key",
            )
            .unwrap()
            .execute((LICENSE, &changing, &holder_key))
            .unwrap();
    };

    let mut group = criterion.benchmark_group("sealed_row");
    group.sample_size(20);
    group.bench_function("ours", |bencher| bencher.iter(ours));
    group.bench_function("limit", |bencher| bencher.iter(&mut limit));
    group.finish();
    alternately::side_by_side("sealed_row", 1_000, ours, limit);
}

criterion_group!(benches, sealed_row);
criterion_main!(benches);
