//! The two QR encoders on the frame's symbol: 1,132 alphanumeric characters in V22-M
//! (`docs/adr/0001-qr-encoder.md`).
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vidimus_credential::qr::{Symbol, SymbolOptions, token_text};

const CHARACTERS: usize = 1132;

fn text() -> String {
    let bytes: Vec<u8> = (0_u32..752)
        .map(|i| u8::try_from(i.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0))
        .collect();
    let text = token_text(&bytes);
    assert_eq!(text.len(), CHARACTERS);
    text
}

fn qrcodegen(text: &str, mask: Option<u8>) -> qrcodegen::QrCode {
    use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
    QrCode::encode_segments_advanced(
        &[QrSegment::make_alphanumeric(text)],
        QrCodeEcc::Medium,
        Version::new(1),
        Version::new(25),
        mask.map(Mask::new),
        false,
    )
    .unwrap()
}

fn fast_qr(text: &str, mask: Option<fast_qr::Mask>) -> fast_qr::QRCode {
    let mut builder = fast_qr::QRBuilder::new(text);
    builder
        .mode(fast_qr::Mode::Alphanumeric)
        .ecl(fast_qr::ECL::M);
    if let Some(mask) = mask {
        builder.mask(mask);
    }
    builder.build().unwrap()
}

fn encoders(criterion: &mut Criterion) {
    let text = text();
    assert_eq!(qrcodegen(&text, Some(2)).version().value(), 22);
    let mut group = criterion.benchmark_group("qr");
    group.bench_function("qrcodegen, mask given", |b| {
        b.iter(|| qrcodegen(black_box(&text), Some(2)));
    });
    group.bench_function("fast_qr, mask given", |b| {
        b.iter(|| fast_qr(black_box(&text), Some(fast_qr::Mask::VerticalLines)));
    });
    group.bench_function("qrcodegen, best of eight", |b| {
        b.iter(|| qrcodegen(black_box(&text), None));
    });
    group.bench_function("fast_qr, best of eight", |b| {
        b.iter(|| fast_qr(black_box(&text), None));
    });
    group.bench_function("Symbol, mask given", |b| {
        b.iter(|| {
            Symbol::encode(
                black_box(&text),
                SymbolOptions {
                    mask: Some(2),
                    ..Default::default()
                },
            )
        });
    });
    group.bench_function("Symbol, best of eight", |b| {
        b.iter(|| Symbol::encode(black_box(&text), Default::default()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = encoders
}
criterion_main!(benches);
