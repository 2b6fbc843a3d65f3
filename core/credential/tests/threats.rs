//! The rows of `docs/threat-model.md`, "At the roadside", each by its name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{IDX, ISS, NOW, PREFIX, READER, URI, World, at, p256};
use vidimus_credential::bundle;
use vidimus_credential::challenge::{self, Asked, Challenge, Proof};
use vidimus_credential::presentation::PresentationClaims;
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Error, LicenseStatus, Outcome, Policy, Question, Reason, SigningKey, StatusSource, Verdict,
    Verifier, qr,
};

fn refused(verdict: &Verdict, reasons: &[Reason]) {
    assert_eq!(verdict.outcome, Outcome::Refuse);
    assert_eq!(verdict.reasons, reasons);
}

fn asked_claims(world: &World) -> PresentationClaims {
    PresentationClaims {
        aud: READER.to_owned(),
        cnonce: Some(vec![7; 16]),
        ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 3600)))
    }
}

#[test]
fn a_screenshot_is_refused_after_its_time_and_a_token_seen_twice_is_replayed() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let mut verifier = world.verifier();
    assert_eq!(verifier.check(&text, at(NOW)).outcome, Outcome::Accept);
    refused(&verifier.check(&text, at(NOW + 55)), &[Reason::Replayed]);
    let late = verifier.check(&text, at(NOW + 56));
    refused(&late, &[Reason::Expired]);
    assert!(late.offer_challenge && late.clock_difference_s == Some(-61));
    let long = PresentationClaims {
        exp: at(NOW + 26),
        ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 3600)))
    };
    refused(
        &world.verifier().check(&world.text(&long), at(NOW)),
        &[Reason::LifeTooLong],
    );
}

#[test]
fn a_signature_varied_by_its_holder_is_the_same_token() {
    let world = World::new();
    let phone = p256(7);
    let token = world.token(&phone);
    let mut verifier = world.verifier();
    let first = verifier.check(&qr::token_text(&token), at(NOW));
    assert_eq!(first.outcome, Outcome::Accept);
    // n - s is a signature as good as s.
    let (body, s) = token.split_at(token.len() - 32);
    let order = p256::ecdsa::Signature::from_slice(&token[token.len() - 64..]).unwrap();
    let (r, scalar) = order.split_scalars();
    let turned = p256::ecdsa::Signature::from_scalars(*r, -*scalar).unwrap();
    let varied = [body, &turned.to_bytes()[32..]].concat();
    assert_ne!(varied[body.len()..], *s);
    let second = verifier.check(&qr::token_text(&varied), at(NOW));
    refused(&second, &[Reason::Replayed]);
}

#[test]
fn a_token_for_tomorrow_is_refused_and_its_staple_ages() {
    let world = World::new();
    let tomorrow = NOW + 86_400;
    let claims = PresentationClaims {
        iat: at(tomorrow),
        exp: at(tomorrow + 30),
        ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 3600)))
    };
    let text = world.text(&claims);
    let early = world.verifier().check(&text, at(NOW));
    refused(&early, &[Reason::NotYetValid]);
    let then = world.verifier().check(&text, at(tomorrow));
    assert_eq!((then.outcome, then.age_s), (Outcome::Caution, Some(90_000)));
    let mut asked = Asked::qr(READER, [7; 16]).unwrap();
    let question = Question {
        challenge: Some(&mut asked),
        ..Question::default()
    };
    let answer = world.verifier().check_with(&text, question, at(tomorrow));
    assert_eq!(answer.outcome, Outcome::Refuse);
    assert_eq!(
        answer.reasons[..2],
        [Reason::WrongChallenge, Reason::WrongReader]
    );
}

#[test]
fn another_phones_key_is_not_bound_to_device() {
    let world = World::new();
    for stranger in [&world.stranger, &p256(8)] {
        let claims = world.claims_of_token(None);
        let algorithm = vidimus_credential::Signer::verifying_key(stranger).algorithm();
        let credential = world.bare(&world.holder);
        let draft =
            vidimus_credential::presentation::Draft::new(&credential, algorithm, &claims).unwrap();
        let text = qr::token_text(&draft.sign(stranger).unwrap());
        let verdict = world.verifier().check(&text, at(NOW));
        assert_eq!(verdict.outcome, Outcome::Refuse);
        assert!(verdict.reasons.contains(&Reason::NotBoundToDevice));
    }
}

#[test]
fn every_single_bit_flip_of_a_token_is_refused() {
    let world = World::new();
    for holder in [&world.holder, &p256(7)] {
        let token = world.token(holder);
        let mut verifier = world.verifier();
        for bit in 0..token.len() * 8 {
            let mut flipped = token.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let verdict = verifier.check(&qr::token_text(&flipped), at(NOW));
            assert_eq!(verdict.outcome, Outcome::Refuse, "bit {bit}");
        }
        let whole = verifier.check(&qr::token_text(&token), at(NOW));
        assert_eq!(whole.outcome, Outcome::Accept);
    }
}

#[test]
fn every_single_bit_flip_of_a_tokens_text_is_refused() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder)).into_bytes();
    let mut verifier = world.verifier();
    for bit in 0..text.len() * 8 {
        let mut flipped = text.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // A bit 7 leaves no UTF-8, and so no text.
        if let Ok(flipped) = String::from_utf8(flipped) {
            let verdict = verifier.check(&flipped, at(NOW));
            assert_eq!(verdict.outcome, Outcome::Refuse, "bit {bit}");
        }
    }
}

#[test]
fn a_license_forged_by_a_key_that_may_not_sign_it_is_refused_with_its_own_reason() {
    type Change = fn(&World, &mut Vec<TrustEntry>);
    let cases: [(Change, Reason); 5] = [
        (|_, entries| drop(entries.remove(0)), Reason::UnknownKey),
        (
            |_, entries| entries[0].purposes = vec![Purpose::Status],
            Reason::WrongKeyPurpose,
        ),
        (
            |_, entries| entries[0].name = "https://dl.elsewhere.example".to_owned(),
            Reason::WrongIssuer,
        ),
        (
            |_, entries| entries[0].expires = at(NOW - 31),
            Reason::KeyNotInForce,
        ),
        (
            |world, entries| {
                let expires = entries[0].not_before;
                let not_before = at(NOW - 3600);
                entries[0] = world.entry(&world.credential, Purpose::Credential, ISS);
                (entries[0].not_before, entries[0].expires) = (not_before, expires);
            },
            Reason::KeyNotInForce,
        ),
    ];
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    for (change, reason) in cases {
        let mut entries = world.entries();
        change(&world, &mut entries);
        let (iat, exp) = (at(NOW - 86_400), at(NOW + 86_400));
        let list = trust::build(ISS, iat, exp, 0, &entries, &world.root).unwrap();
        let root = vidimus_credential::Signer::verifying_key(&world.root).clone();
        let mut verifier = Verifier::new(root, Policy::default());
        verifier.set_trust_list(&list).unwrap();
        refused(&verifier.check(&text, at(NOW)), &[reason]);
    }
}

#[test]
fn a_trust_list_over_1_mib_is_refused() {
    let root = World::new().root;
    let bytes = vec![0; trust::MAX_BYTES + 1];
    let root = vidimus_credential::Signer::verifying_key(&root);
    assert_eq!(
        TrustList::verify(&bytes, root).err(),
        Some(Error::TooLong { at_most: 1 << 20 })
    );
    assert_eq!(
        TrustList::verify(&bytes[1..], root).err(),
        Some(Error::Cbor)
    );
}

#[test]
fn an_old_staple_after_suspension_shows_its_age_and_a_newer_source_wins() {
    let mut world = World::new();
    world.issued_at = NOW - 20 * 86_400;
    let shown = |age: u64, online: Option<&[u8]>| {
        let staple = world.staple(LicenseStatus::Valid, age);
        let text = world.text(&world.claims_of_token(Some(staple)));
        let question = Question {
            online,
            ..Question::default()
        };
        world.verifier().check_with(&text, question, at(NOW))
    };
    let hour = shown(3600, None);
    assert_eq!((hour.outcome, hour.age_s), (Outcome::Accept, Some(3600)));
    let stale = shown(86_401, None);
    assert_eq!(
        (stale.outcome, stale.age_s),
        (Outcome::Caution, Some(86_401))
    );
    assert_eq!(stale.reasons, [Reason::StatusStale]);
    let old = shown(7 * 86_400 + 1, None);
    assert_eq!(
        (old.outcome, old.status.state),
        (Outcome::Caution, LicenseStatus::Unknown)
    );
    let online = world.staple(LicenseStatus::Suspended, 60);
    let suspended = shown(3600, Some(&online));
    refused(&suspended, &[Reason::Suspended]);
    assert_eq!(suspended.status.source, StatusSource::Online);
}

#[test]
fn a_status_of_another_list_or_key_and_an_index_out_of_range_are_never_valid() {
    let world = World::new();
    let (iat, exp) = (at(NOW - 3600), at(NOW + 86_400));
    let issue = |uri: &str, values: &[u8], signer: &SigningKey| {
        status_list::issue(uri, values, Bits::Four, iat, exp, 3600, signer).unwrap()
    };
    let bad = [
        issue(&format!("{PREFIX}18"), &[0; 256], &world.status),
        issue(URI, &vec![0; usize::from(IDX)], &world.status),
        issue(URI, &[0; 256], &world.stranger),
        issue(URI, &[0; 256], &world.credential),
        Vec::new(),
    ];
    for staple in bad {
        let text = world.text(&world.claims_of_token(Some(staple)));
        let verdict = world.verifier().check(&text, at(NOW));
        assert_eq!(verdict.outcome, Outcome::Caution);
        assert_eq!(verdict.reasons, [Reason::StatusUnusable]);
        assert_eq!(verdict.status.state, LicenseStatus::Unknown);
    }
}

#[test]
fn a_foreign_or_broken_bundle_is_ignored_with_the_reason() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let (iat, exp) = (at(NOW - 60), at(NOW + 86_400));
    let prefix = "https://dl.example/status/lists-b/";
    let foreign = bundle::issue(ISS, prefix, &[1; 512], Bits::Four, iat, exp, &world.status);
    for (bytes, reason) in [
        (foreign.unwrap(), Reason::BundleIgnored),
        (vec![0xff], Reason::BundleUnusable),
    ] {
        let mut verifier = world.verifier();
        let _ = verifier.set_bundle(&bytes);
        let verdict = verifier.check(&text, at(NOW));
        assert_eq!(
            (verdict.outcome, &verdict.reasons[..]),
            (Outcome::Accept, &[reason][..])
        );
    }
}

#[test]
fn a_wrong_clock_is_refused_one_way_and_in_doubt_when_challenged() {
    let world = World::new();
    let text = world.text(&asked_claims(&world));
    let one_way = qr::token_text(&world.token(&world.holder));
    for (now, reason, difference) in [
        (NOW + 600, Reason::Expired, -605),
        (NOW - 600, Reason::NotYetValid, 595),
    ] {
        let verdict = world.verifier().check(&one_way, at(now));
        refused(&verdict, &[reason]);
        assert!(verdict.offer_challenge && verdict.clock_difference_s == Some(difference));
        let mut asked = Asked::qr(READER, [7; 16]).unwrap();
        let question = Question {
            challenge: Some(&mut asked),
            ..Question::default()
        };
        let verdict = world.verifier().check_with(&text, question, at(now));
        assert_eq!(verdict.outcome, Outcome::Caution);
        assert_eq!(verdict.reasons, [Reason::ClockInDoubt]);
    }
}

#[test]
fn an_expired_or_future_trust_list_is_at_best_caution() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    for (iat, exp, reason) in [
        (NOW - 86_400, NOW - 31, Reason::TrustListExpired),
        (NOW + 31, NOW + 86_400, Reason::ClockInDoubt),
    ] {
        let list = trust::build(ISS, at(iat), at(exp), 0, &world.entries(), &world.root).unwrap();
        let root = vidimus_credential::Signer::verifying_key(&world.root).clone();
        let mut verifier = Verifier::new(root, Policy::default());
        verifier.set_trust_list(&list).unwrap();
        let verdict = verifier.check(&text, at(NOW));
        assert_eq!(
            (verdict.outcome, &verdict.reasons[..]),
            (Outcome::Caution, &[reason][..])
        );
    }
}

#[test]
fn a_replayed_answer_and_one_for_another_reader_are_refused() {
    let world = World::new();
    let text = world.text(&asked_claims(&world));
    let mut verifier = world.verifier();
    let mut asked = Asked::qr(READER, [7; 16]).unwrap();
    let mut ask = |asked: &mut Asked, text: &str| {
        let question = Question {
            challenge: Some(asked),
            ..Question::default()
        };
        verifier.check_with(text, question, at(NOW))
    };
    assert_eq!(ask(&mut asked, &text).outcome, Outcome::Accept);
    refused(&ask(&mut asked, &text), &[Reason::Replayed]);
    let mut other = Asked::qr("Road Police, Unit 8", [7; 16]).unwrap();
    let reasons = ask(&mut other, &text).reasons;
    assert!(reasons.contains(&Reason::WrongReader), "{reasons:?}");
}

#[test]
fn eight_digits_allow_three_attempts() {
    let world = World::new();
    let answer = |digits: &[u8]| {
        let claims = PresentationClaims {
            aud: "dl1:code".to_owned(),
            cnonce: Some(digits.to_vec()),
            ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 3600)))
        };
        world.text(&claims)
    };
    let mut asked = Asked::digits("20461377").unwrap();
    let mut verifier = world.verifier();
    let mut try_it = |digits: &[u8]| {
        let question = Question {
            challenge: Some(&mut asked),
            ..Question::default()
        };
        verifier.check_with(&answer(digits), question, at(NOW))
    };
    for wrong in [b"00000000", b"00000001", b"00000002"] {
        refused(&try_it(wrong), &[Reason::WrongChallenge]);
    }
    refused(&try_it(b"20461377"), &[Reason::WrongChallenge]);
}

#[test]
fn a_recorded_challenge_and_a_reserved_reader_are_refused_by_the_wallet() {
    let world = World::new();
    let root = vidimus_credential::Signer::verifying_key(&world.root);
    let trust = TrustList::verify(&world.trust_list(), root).unwrap();
    let text = challenge::build_signed(READER, &[7; 16], at(NOW), &world.reader).unwrap();
    let read = Challenge::parse(&text).unwrap();
    assert!(matches!(
        read.prove(&trust, Some(at(NOW + 60))),
        Ok(Proof::Proven { .. })
    ));
    let late = read.prove(&trust, Some(at(NOW + 61)));
    assert_eq!(late, Err(Error::ChallengeNotRecent));
    for reserved in ["dl1:any", "dl1:code", "dl1:"] {
        let built = challenge::build_unsigned(reserved, &[7; 16], at(NOW));
        assert_eq!(built, Err(Error::ReservedReader));
    }
}

/// A reader with a list of these entries, a minute old.
fn reader_with(world: &World, serial: u64, entries: &[TrustEntry]) -> Verifier {
    let (iat, exp) = (at(NOW - 60), at(NOW + 30 * 86_400));
    let list = trust::build(ISS, iat, exp, serial, entries, &world.root).unwrap();
    let mut verifier = world.new_verifier();
    verifier.set_trust_list(&list).unwrap();
    verifier
}

#[test]
fn a_license_that_a_stolen_key_signs_after_its_retirement_is_refused() {
    let mut world = World::new();
    let retired_at = NOW - 2 * 3600;
    let mut entries = world.entries();
    entries[0].signed_until = Some(at(retired_at));
    entries.push(world.entry(&world.stranger, Purpose::Credential, ISS));

    let forged = qr::token_text(&world.token(&world.holder));
    let verdict = reader_with(&world, 0, &entries).check(&forged, at(NOW));
    refused(&verdict, &[Reason::KeyNotInForce]);
    assert!(verdict.license.is_none());

    // A thief can still write an earlier date, until the key's end. Only a list without the key
    // stops that.
    world.issued_at = retired_at;
    let back_dated = qr::token_text(&world.token(&world.holder));
    let verdict = reader_with(&world, 0, &entries).check(&back_dated, at(NOW));
    assert_eq!(verdict.outcome, Outcome::Accept);
    entries.remove(0);
    let verdict = reader_with(&world, 0, &entries).check(&back_dated, at(NOW));
    refused(&verdict, &[Reason::UnknownKey]);
}

#[test]
fn a_status_that_a_stolen_key_signs_after_its_retirement_beats_no_bundle_and_refuses_nobody() {
    let mut world = World::new();
    world.issued_at = NOW - 20 * 86_400;
    let mut entries = world.entries();
    entries[1].signed_until = Some(at(NOW - 2 * 3600));
    entries.push(world.entry(&world.stranger, Purpose::Status, ISS));
    let forged = |state| world.text(&world.claims_of_token(Some(world.staple(state, 60))));

    for state in [LicenseStatus::Valid, LicenseStatus::Revoked] {
        let verdict = reader_with(&world, 0, &entries).check(&forged(state), at(NOW));
        assert_eq!(verdict.outcome, Outcome::Caution);
        assert_eq!(verdict.reasons, [Reason::StatusUnusable]);
    }

    let bundle = world.bundle(LicenseStatus::Suspended, 3600, &world.stranger);
    let mut verifier = reader_with(&world, 0, &entries);
    verifier.set_bundle(&bundle).unwrap();
    let verdict = verifier.check(&forged(LicenseStatus::Valid), at(NOW));
    refused(&verdict, &[Reason::Suspended, Reason::StatusUnusable]);

    // What the key signed in its time still counts.
    let honest = world.text(&world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 7200))));
    let verdict = reader_with(&world, 0, &entries).check(&honest, at(NOW));
    assert_eq!(verdict.outcome, Outcome::Accept);
}

#[test]
fn a_challenge_that_a_retired_readers_key_signs_later_proves_nothing() {
    let world = World::new();
    let mut entries = world.entries();
    entries[2].signed_until = Some(at(NOW - 1));
    let verifier = reader_with(&world, 0, &entries);
    for (iat, proven) in [(NOW - 1, true), (NOW, false)] {
        let text = challenge::build_signed(READER, &[7; 16], at(iat), &world.reader).unwrap();
        let challenge = Challenge::parse(&text).unwrap();
        let proof = challenge.prove(verifier.trust_list().unwrap(), Some(at(NOW)));
        assert_eq!(proof.unwrap() != Proof::Unproven, proven);
    }
}

#[test]
fn a_license_renewed_after_its_suspension_is_never_accepted_by_an_older_source() {
    let mut world = World::new();
    // The index of the renewed credential was another driver's an hour before, or was free.
    for before in LicenseStatus::ALL {
        if before == LicenseStatus::Unknown {
            continue;
        }
        world.issued_at = NOW - 3600;
        let staple = world.staple(before, 3601);
        for staple in [None, Some(staple)] {
            let missing = staple.is_none();
            let text = world.text(&world.claims_of_token(staple.clone()));
            let mut verifier = world.verifier();
            let bundle = world.bundle(before, 7200, &world.status);
            verifier.set_bundle(&bundle).unwrap();
            let question = Question {
                online: staple.as_deref(),
                ..Question::default()
            };
            let verdict = verifier.check_with(&text, question, at(NOW));
            assert_eq!(verdict.outcome, Outcome::Caution);
            assert_eq!(verdict.status.state, LicenseStatus::Unknown);
            let reason = if missing {
                Reason::StatusMissing
            } else {
                Reason::StatusUnusable
            };
            assert_eq!(verdict.reasons, [reason, Reason::BundleIgnored]);
        }
    }
    // A source of the credential's very second speaks.
    let bundle = world.bundle(LicenseStatus::Suspended, 3600, &world.status);
    let mut verifier = world.verifier();
    verifier.set_bundle(&bundle).unwrap();
    let text = world.text(&world.claims_of_token(None));
    refused(&verifier.check(&text, at(NOW)), &[Reason::Suspended]);
}

#[test]
fn a_reader_that_was_told_of_next_year_is_mended_by_a_list_of_a_higher_serial() {
    let world = World::new();
    let year = 365 * 86_400;
    let list = |serial, iat, entries: &[TrustEntry]| {
        let exp = at(iat + 30 * 86_400);
        trust::build(ISS, at(iat), exp, serial, entries, &world.root).unwrap()
    };
    let mut verifier = world.new_verifier();
    verifier
        .set_trust_list(&list(0, NOW + year, &world.entries()))
        .unwrap();
    let (iat, exp) = (at(NOW + year), at(NOW + year + 7 * 86_400));
    let ahead = bundle::issue(
        ISS,
        PREFIX,
        &[0; 20 * 256],
        Bits::Four,
        iat,
        exp,
        &world.status,
    );
    verifier.set_bundle(&ahead.unwrap()).unwrap();

    // The authority's clock is right again. Its honest list is older than the one that the reader
    // holds.
    let late = verifier.set_trust_list(&list(0, NOW - 60, &world.entries()));
    assert_eq!(late, Err(Error::OlderThanHeld));
    let mut entries = world.entries();
    entries[0].signed_until = Some(at(NOW - 86_400));
    entries[1].signed_until = Some(at(NOW - 86_400));
    entries.push(world.entry(&world.stranger, Purpose::Status, ISS));
    verifier
        .set_trust_list(&list(1, NOW - 60, &entries))
        .unwrap();
    let bundle = world.bundle(LicenseStatus::Valid, 60, &world.stranger);
    verifier.set_bundle(&bundle).unwrap();

    let mut driver = World::new();
    driver.issued_at = NOW - 20 * 86_400;
    let text = driver.text(&driver.claims_of_token(None));
    let verdict = verifier.check(&text, at(NOW));
    assert_eq!(
        (verdict.outcome, &verdict.reasons[..]),
        (Outcome::Accept, &[][..])
    );
    assert_eq!(verdict.status.source, StatusSource::Bundle);
    // A list that was replaced is refused, with any date.
    let back = verifier.set_trust_list(&list(0, NOW + year, &world.entries()));
    assert_eq!(back, Err(Error::OlderThanHeld));
}

#[test]
fn an_unknown_key_of_a_list_over_7_days_old_asks_for_a_newer_list() {
    let world = World::new();
    let entries = &world.entries()[1..];
    let text = qr::token_text(&world.token(&world.holder));
    for (age, reasons) in [
        (7 * 86_400, &[Reason::UnknownKey][..]),
        (7 * 86_400 + 1, &[Reason::UnknownKey, Reason::TrustListOld]),
    ] {
        let (iat, exp) = (at(NOW - age), at(NOW + 86_400));
        let list = trust::build(ISS, iat, exp, 0, entries, &world.root).unwrap();
        let mut verifier = world.new_verifier();
        verifier.set_trust_list(&list).unwrap();
        refused(&verifier.check(&text, at(NOW)), reasons);
    }
}

#[test]
fn a_trust_list_over_30_days_past_its_end_names_no_key() {
    let world = World::new();
    let text = qr::token_text(&world.token(&world.holder));
    let month = 30 * 86_400;
    for (past, outcome) in [
        (month + 30, Outcome::Caution),
        (month + 31, Outcome::Refuse),
    ] {
        let (iat, exp) = (at(NOW - 2 * month), at(NOW - past));
        let list = trust::build(ISS, iat, exp, 0, &world.entries(), &world.root).unwrap();
        let mut verifier = world.new_verifier();
        verifier.set_trust_list(&list).unwrap();
        let verdict = verifier.check(&text, at(NOW));
        assert_eq!(verdict.outcome, outcome);
        assert!(verdict.reasons.contains(&Reason::TrustListExpired));
        let unusable = outcome == Outcome::Refuse;
        assert_eq!(verdict.license.is_none(), unusable);
        assert_eq!(
            verdict.reasons.contains(&Reason::TrustListUnusable),
            unusable
        );
    }
}

#[test]
fn an_answer_that_comes_too_late_is_refused_and_spends_no_attempt() {
    let world = World::new();
    let claims = |digits: &[u8]| PresentationClaims {
        aud: "dl1:code".to_owned(),
        cnonce: Some(digits.to_vec()),
        ..world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 3600)))
    };
    let (right, wrong) = (claims(b"20461377"), claims(b"00000000"));
    let mut asked = Asked::digits("20461377").unwrap().at(500);
    let mut verifier = world.verifier();
    let mut ask = |claims: &PresentationClaims, clock_s| {
        let question = Question {
            challenge: Some(&mut asked),
            clock_s: Some(clock_s),
            ..Question::default()
        };
        verifier.check_with(&world.text(claims), question, at(NOW))
    };
    for _ in 0..4 {
        refused(&ask(&right, 621), &[Reason::WrongChallenge]);
        refused(&ask(&wrong, 621), &[Reason::WrongChallenge]);
    }
    assert_eq!(ask(&right, 620).outcome, Outcome::Accept);
}

#[test]
fn a_challenge_ends_by_the_clock_that_was_read_when_it_was_asked() {
    let world = World::new();
    let text = world.text(&asked_claims(&world));
    let judged = |asked: Asked, clock_s: Option<u64>| {
        let mut asked = asked;
        let question = Question {
            challenge: Some(&mut asked),
            clock_s,
            ..Question::default()
        };
        world
            .verifier()
            .check_with(&text, question, at(NOW))
            .outcome
    };
    let asked = Asked::qr(READER, [7; 16]).unwrap();
    // Without another clock, by the wall clock.
    assert_eq!(judged(asked.clone().at(NOW - 120), None), Outcome::Accept);
    assert_eq!(judged(asked.clone().at(NOW - 121), None), Outcome::Refuse);
    // A wall clock that was set back cannot tell how long ago that was.
    assert_eq!(judged(asked.clone().at(NOW + 121), None), Outcome::Refuse);
    // The two clocks are never mixed up for the good.
    assert_eq!(judged(asked.clone().at(500), None), Outcome::Refuse);
    assert_eq!(judged(asked.clone().at(NOW), Some(500)), Outcome::Refuse);
    // Without a time it has no end.
    assert_eq!(judged(asked, Some(1 << 40)), Outcome::Accept);
}

#[test]
fn a_reader_holds_64_bundles_and_picks_the_one_of_the_licenses_list() {
    let world = World::new();
    let mut verifier = world.verifier();
    let (iat, exp) = (at(NOW - 60), at(NOW + 86_400));
    let pack = |number: usize, value: u8| {
        let prefix = format!("https://dl.example/s/{number}/");
        bundle::issue(
            ISS,
            &prefix,
            &[value; 256],
            Bits::Four,
            iat,
            exp,
            &world.status,
        )
        .unwrap()
    };
    for number in 0..63 {
        verifier.set_bundle(&pack(number, 1)).unwrap();
    }
    let suspended = world.bundle(LicenseStatus::Suspended, 60, &world.status);
    verifier.set_bundle(&suspended).unwrap();
    assert_eq!(
        verifier.set_bundle(&pack(63, 1)),
        Err(Error::TooManyBundles)
    );
    // One that is held can still be replaced.
    verifier.set_bundle(&pack(7, 0)).unwrap();
    let text = world.text(&world.claims_of_token(None));
    refused(&verifier.check(&text, at(NOW)), &[Reason::Suspended]);
    verifier.forget_bundles();
    verifier.set_bundle(&pack(63, 1)).unwrap();
    let text = world.text(&world.claims_of_token(Some(world.staple(LicenseStatus::Valid, 60))));
    let verdict = verifier.check(&text, at(NOW));
    assert_eq!(verdict.reasons, [Reason::BundleIgnored]);
}
