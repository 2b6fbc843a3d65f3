//! The fuzzers' corpora, replayed, and the seeds among them, made again.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use targets::{ISSUER, READER, TARGETS, URI, World, at};
use vidimus_credential::bundle;
use vidimus_credential::challenge;
use vidimus_credential::face::FaceFrames;
use vidimus_credential::presentation::{CODE, Draft, PresentationClaims};
use vidimus_credential::qr;
use vidimus_credential::sd_cwt::{self, Portrait, UnverifiedCredential};
use vidimus_credential::status_list::Bits;
use vidimus_credential::trust::{self, TrustList};
use vidimus_credential::verify::Outcome;
use vidimus_credential::{
    Algorithm, BirthDate, Category, License, LicenseFields, Signer as _, UtcOffset,
};

#[test]
fn every_file_of_every_corpus_is_read_without_a_panic() {
    for (name, target) in TARGETS {
        let folder = corpus().join(name);
        let files: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|f| f.unwrap().path())
            .collect();
        assert!(files.len() >= 3, "{name} has too few seeds");
        for file in files {
            target(&fs::read(&file).unwrap());
        }
    }
}

/// Set `VIDIMUS_WRITE_SEEDS` to write them anew. A newer zlib may make other bytes: old ones are
/// good seeds too.
#[test]
fn every_seed_that_can_be_made_is_there() {
    let write = std::env::var_os("VIDIMUS_WRITE_SEEDS").is_some();
    for (target, name, bytes) in seeds() {
        let folder = corpus().join(target);
        if write {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), &bytes).unwrap();
        }
        assert!(
            folder.join(name).exists(),
            "{target}/{name} is missing: set VIDIMUS_WRITE_SEEDS=1 and run again"
        );
    }
}

#[test]
fn the_seed_of_a_good_token_is_accepted_so_that_fuzzing_starts_behind_every_check() {
    for (name, algorithm) in [("ed25519", Algorithm::Ed25519), ("p256", Algorithm::Esp256)] {
        let world = World::new(algorithm);
        let seed = fs::read(corpus().join("token").join(name)).unwrap();
        let verdict = world.verifier(1).check(&qr::token_text(&seed), at(4_005));
        assert_eq!(verdict.outcome, Outcome::Accept, "{:?}", verdict.reasons);
    }
    let world = World::new(Algorithm::Ed25519);
    // The fuzzer's own signer makes the same object from header and payload.
    let draft = world.draft(at(4_000));
    let [header, payload] = parts(draft.to_be_signed());
    let signed = targets::sign1(&header, &payload, &world.holder);
    assert_eq!(qr::token_text(&signed), world.text(at(4_000)));
}

type Seed = (&'static str, &'static str, Vec<u8>);

fn seeds() -> Vec<Seed> {
    let world = World::new(Algorithm::Ed25519);
    let phone = World::new(Algorithm::Esp256);
    let sign = |world: &World| world.draft(at(4_000)).sign(&world.holder).unwrap();
    let challenged = PresentationClaims {
        aud: CODE.into(),
        exp: at(4_030),
        iat: at(4_000),
        cnonce: Some(b"12345678".to_vec()),
        staple: Some(world.staple.clone()),
    };
    let answer = Draft::new(&world.credential, Algorithm::Ed25519, &challenged).unwrap();
    let bundle = bundle::issue(
        ISSUER,
        &URI[..URI.len() - 5],
        &[0; 1024],
        Bits::Four,
        at(3_600),
        at(90_000),
        &world.status_key,
    );
    let bundle = bundle.unwrap();
    let mut entries: Vec<_> = {
        let root = world.root.verifying_key();
        let list = TrustList::verify(&world.trust_list, root).unwrap();
        list.entries().cloned().collect()
    };
    entries[0].signed_until = Some(at(5_000));
    let (iat, exp) = (at(4_000), at(90_000));
    let reset = trust::build(ISSUER, iat, exp, 3, &entries, &world.root).unwrap();
    // With claims and keys that this version skips.
    let later = fs::read(vectors().join("trust/serial-7.cbor")).unwrap();
    let unsigned = challenge::build_unsigned(READER, &[6; 16], at(4_000)).unwrap();
    let signed = challenge::build_signed(READER, &[6; 16], at(4_000), &world.reader_key).unwrap();
    let request = challenge::Request {
        reader: READER,
        cnonce: [6; 16],
        iat: at(4_000),
        wants_face: true,
    };
    let for_a_face = request.unsigned().unwrap();
    let frames = FaceFrames::new(&Portrait::new([7; 16], &[9; 600]), 12).unwrap();
    let first_frame = qr::base45::decode(&frames.texts()[0][5..]).unwrap();
    let of_a_place = of_a_place(&world);
    let token = sign(&world);
    let mut cut = token.clone();
    cut.truncate(cut.len() - 70);
    let deep = [&[0x81; 17][..], &[0]].concat();
    let endless = vec![0x5f, 0x41, 0x00, 0xff];
    let huge = vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut seeds = vec![
        ("base45", "rfc-9285", b"%69 VD92EX0".to_vec()),
        ("base45", "over-65535", b"GGW".to_vec()),
        ("base45", "dangling", b"BB8A".to_vec()),
        ("token", "text", world.text(at(4_000)).into_bytes()),
        ("token", "cut", cut),
        (
            "token",
            "ed25519-payload",
            payload(world.draft(at(4_000)).to_be_signed()),
        ),
        (
            "token",
            "challenged-payload",
            payload(answer.to_be_signed()),
        ),
        ("token", "challenged", answer.sign(&world.holder).unwrap()),
        ("token", "p256", sign(&phone)),
        ("token", "ed25519", token),
        ("credential", "ed25519", world.credential.clone()),
        ("credential", "ed25519-payload", third(&world.credential)),
        ("credential", "p256", phone.credential.clone()),
        ("credential", "with-portrait", world.issued.clone()),
        ("status_token", "4-bit-payload", third(&world.staple)),
        ("status_token", "4-bit", world.staple.clone()),
        ("trust_list", "three-keys-payload", third(&world.trust_list)),
        ("trust_list", "three-keys", world.trust_list.clone()),
        ("trust_list", "reset-payload", third(&reset)),
        ("trust_list", "reset", reset),
        ("trust_list", "later-keys-payload", third(&later)),
        ("bundle", "four-lists-payload", third(&bundle)),
        ("bundle", "four-lists", bundle),
        ("challenge", "unsigned", unsigned.into_bytes()),
        ("challenge", "signed", signed.into_bytes()),
        ("challenge", "for-a-face", for_a_face.into_bytes()),
        ("credential", "a-place-payload", third(&of_a_place)),
        ("credential", "a-place", of_a_place),
        ("face", "frames", frames.texts().join("\n").into_bytes()),
        ("face", "frame", first_frame),
    ];
    for (target, _) in &TARGETS[1..] {
        seeds.push((target, "depth-17", deep.clone()));
        seeds.push((target, "indefinite-length", endless.clone()));
        seeds.push((target, "huge-length", huge.clone()));
    }
    seeds
}

/// The fixture's credential, with a place, a birth and an end that are no days, and rows of several
/// codes.
fn of_a_place(world: &World) -> Vec<u8> {
    let credential = UnverifiedCredential::parse(&world.credential).unwrap();
    let mut claims = credential.claims().clone();
    let codes = ["AM", "B"].map(str::to_owned).to_vec();
    claims.license = License::new(LicenseFields {
        birth_date: BirthDate::parse_iso("1991-02").unwrap(),
        categories: vec![Category::of_codes(codes, None, None, Vec::new()).unwrap()],
        expiry_date: None,
        utc_offset: UtcOffset::parse("+12:00").unwrap(),
        ..claims.license.fields().clone()
    })
    .unwrap();
    let portrait = Portrait::new([7; 16], &[9; 600]);
    sd_cwt::issue(&claims, &portrait, &world.credential_key).unwrap()
}

/// Protected header and payload of a Sig_structure.
fn parts(to_be_signed: &[u8]) -> [Vec<u8>; 2] {
    let mut decoder = minicbor::Decoder::new(to_be_signed);
    decoder.array().unwrap();
    decoder.skip().unwrap();
    let header = decoder.bytes().unwrap().to_vec();
    decoder.skip().unwrap();
    [header, decoder.bytes().unwrap().to_vec()]
}

fn payload(to_be_signed: &[u8]) -> Vec<u8> {
    let [_, payload] = parts(to_be_signed);
    payload
}

/// The payload of a COSE_Sign1.
fn third(sign1: &[u8]) -> Vec<u8> {
    let mut decoder = minicbor::Decoder::new(sign1);
    decoder.tag().unwrap();
    decoder.array().unwrap();
    decoder.skip().unwrap();
    decoder.skip().unwrap();
    decoder.bytes().unwrap().to_vec()
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("fuzz")
        .join("corpus")
}
