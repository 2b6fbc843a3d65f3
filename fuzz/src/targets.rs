//! What each fuzzing target does with its bytes. The ordinary tests replay the corpora through the
//! same functions.
//!
//! A signature stops nearly every mutation, so each target takes its bytes twice: as the whole
//! object, and as the payload of one that is well signed.

#[allow(dead_code)]
#[path = "../../core/credential/benches/fixture/mod.rs"]
mod fixture;

pub use fixture::{ISSUER, READER, URI, World, at};

use std::sync::LazyLock;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::challenge::{Asked, Challenge};
use vidimus_credential::face::{FaceCollector, FaceFrames};
use vidimus_credential::qr::{self, base45};
use vidimus_credential::sd_cwt::{Portrait, StatusRef, UnverifiedCredential};
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::trust::TrustList;
use vidimus_credential::verify::{Outcome, Question, Reason, Verdict};
use vidimus_credential::{Algorithm, Signer, SigningKey, UnixTime};

/// What a target does with its bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: [(&str, Target); 8] = [
    ("base45", base45),
    ("bundle", bundle),
    ("challenge", challenge),
    ("credential", credential),
    ("face", face),
    ("status_token", status_token),
    ("token", token),
    ("trust_list", trust_list),
];

static WORLD: LazyLock<World> = LazyLock::new(|| World::new(Algorithm::Ed25519));
static TRUST: LazyLock<TrustList> = LazyLock::new(|| {
    let root = WORLD.root.verifying_key();
    TrustList::verify(&WORLD.trust_list, root).expect("the fixture's trust list is good")
});

pub fn base45(data: &[u8]) {
    assert_eq!(base45::decode(&base45::encode(data)).as_deref(), Ok(data));
    if let Ok(text) = str::from_utf8(data)
        && let Ok(bytes) = base45::decode(text)
    {
        assert_eq!(base45::encode(&bytes), text);
    }
}

pub fn token(data: &[u8]) {
    let alone = &[0x10, 0x19, 0x01, 0x26][..];
    let around = [&[0xa3, 0x01, 0x32, 0x0d][..], &WORLD.credential, alone].concat();
    let signed = sign1(&around, data, &WORLD.holder);
    let mut texts = vec![qr::token_text(data), qr::token_text(&signed)];
    texts.extend(str::from_utf8(data).map(str::to_owned));
    for text in texts {
        judged(&WORLD.verifier(1).check(&text, at(4_005)));
        let mut asked = Asked::digits("12345678").expect("eight digits");
        let question = Question {
            challenge: Some(&mut asked),
            online: Some(data),
            category: Some("B"),
            ..Question::default()
        };
        judged(&WORLD.verifier(0).check_with(&text, question, at(4_005)));
    }
}

/// The outcome is that of the gravest reason; an unusable status may stand beside any, where
/// another source was good.
fn judged(verdict: &Verdict) {
    let has = |outcome| {
        let mut grave = verdict
            .reasons
            .iter()
            .filter(|&reason| *reason != Reason::StatusUnusable);
        grave.any(|reason| reason.outcome() == Some(outcome))
    };
    let fits = match verdict.outcome {
        Outcome::Refuse => has(Outcome::Refuse),
        Outcome::Caution => !has(Outcome::Refuse),
        Outcome::Accept => !has(Outcome::Refuse) && !has(Outcome::Caution),
    };
    assert!(fits, "{:?}", verdict.reasons);
}

pub fn credential(data: &[u8]) {
    let header = header(&WORLD.credential_key, &[0x19, 0x01, 0x25]);
    for bytes in [data, &sign1(&header, data, &WORLD.credential_key)] {
        if let Ok(parsed) = UnverifiedCredential::parse(bytes)
            && let Ok(credential) = parsed.authenticate(&TRUST)
        {
            let alone = credential.bytes_without_disclosure();
            assert!(UnverifiedCredential::parse(alone).is_ok());
        }
    }
}

pub fn status_token(data: &[u8]) {
    let header = header(&WORLD.status_key, &text("application/statuslist+cwt"));
    for bytes in [data, &sign1(&header, data, &WORLD.status_key)] {
        if let Ok(parsed) = UnverifiedStatusToken::parse(bytes)
            && let Ok(token) = parsed.authenticate(&TRUST, ISSUER)
        {
            for idx in 0..=255 {
                assert_eq!(
                    token.status(idx).is_ok(),
                    token.raw_value(idx.into()).is_ok()
                );
            }
            assert!(token.raw_value(usize::MAX).is_err());
        }
    }
}

pub fn trust_list(data: &[u8]) {
    let header = header(&WORLD.root, &text("application/dl1-trust+cwt"));
    for bytes in [data, &sign1(&header, data, &WORLD.root)] {
        if let Ok(list) = TrustList::verify(bytes, WORLD.root.verifying_key()) {
            assert!(!list.is_newer_than(&list));
            for entry in list.entries() {
                let kid = entry.key.kid();
                assert!(list.find(kid).is_some());
                if let (Some(last), Some(purpose)) = (entry.signed_until, entry.purposes.first()) {
                    let later = list.key_for(kid, *purpose, &entry.name, last.saturating_add(1));
                    assert!(later.is_err() || last == UnixTime::MAX);
                }
            }
        }
    }
}

pub fn bundle(data: &[u8]) {
    let header = header(&WORLD.status_key, &text("application/dl1-bundle+cwt"));
    for bytes in [data, &sign1(&header, data, &WORLD.status_key)] {
        if let Ok(bundle) = Bundle::verify(bytes, &TRUST) {
            for idx in [0, 255] {
                let uri = URI.to_owned();
                let _ = bundle.status(bundle.issuer(), &StatusRef { idx, uri });
            }
        }
    }
}

pub fn challenge(data: &[u8]) {
    let header = header(&WORLD.reader_key, &text("application/dl1-challenge+cwt"));
    let signed = sign1(&header, data, &WORLD.reader_key);
    let mut texts = [data, &signed]
        .map(|b| qr::encode_text(qr::CHALLENGE_PREFIX, b))
        .to_vec();
    texts.extend(str::from_utf8(data).map(str::to_owned));
    for text in texts {
        if let Ok(challenge) = Challenge::parse(&text) {
            assert_eq!(challenge.cnonce().len(), 16);
            assert!(!challenge.reader().starts_with("dl1:"));
            let _ = challenge.prove(&TRUST, Some(at(4_000)));
        }
    }
}

/// The bytes as one frame, as texts one a line, and as a portrait that is cut and put together
/// again.
pub fn face(data: &[u8]) {
    let mut collector = FaceCollector::new();
    let _ = collector.take(&qr::encode_text(qr::FACE_PREFIX, data));
    for text in str::from_utf8(data).unwrap_or_default().lines() {
        if let Ok(progress) = collector.take(text) {
            assert!((1..=progress.count).contains(&progress.read) && progress.count <= 16);
        }
    }
    let version = data.first().copied().unwrap_or_default();
    if let Ok(frames) = FaceFrames::new(&Portrait::new([0; 16], data), version) {
        let last = frames
            .texts()
            .iter()
            .map(|text| collector.take(text))
            .last();
        let progress = last
            .expect("a face has a frame")
            .expect("its frames are good");
        assert!(progress.is_whole() && progress.count == frames.texts().len());
    }
}

/// A COSE_Sign1 around any payload, well signed.
pub fn sign1(header: &[u8], payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let [header, payload] = [header, payload].map(|content| head(2, content));
    let frame = b"\x84\x6aSignature1";
    let message = [&frame[..], &header, &[0x40], &payload].concat();
    let signature = key.sign(&message).expect("a key in memory signs");
    [
        &[0xd2, 0x84][..],
        &header,
        &[0xa0],
        &payload,
        &[0x58, 0x40],
        &signature,
    ]
    .concat()
}

/// The protected header of what an authority or a reader signs; `typ` is encoded.
pub fn header(key: &SigningKey, typ: &[u8]) -> Vec<u8> {
    let kid = key.verifying_key().kid();
    [
        &[0xa3, 0x01, 0x32, 0x04, 0x48][..],
        kid.as_bytes(),
        &[0x10],
        typ,
    ]
    .concat()
}

/// A text as CBOR.
pub fn text(content: &str) -> Vec<u8> {
    head(3, content.as_bytes())
}

/// A byte or text string in shortest form.
fn head(major: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len())
        .expect("a fuzzer's input is short")
        .to_be_bytes();
    let head = match length {
        [0, 0, 0, short @ 0..=23] => vec![major << 5 | short],
        [0, 0, 0, byte] => vec![major << 5 | 24, byte],
        [0, 0, high, low] => vec![major << 5 | 25, high, low],
        [a, b, c, d] => vec![major << 5 | 26, a, b, c, d],
    };
    [&head[..], content].concat()
}
