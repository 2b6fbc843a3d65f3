//! What is written is read back the same, and no bytes make a reader panic.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{ISS, NOW, READER, World, at, key, p256, portrait};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use vidimus_credential::birth_date::{BirthDate, Year, YearMonth};
use vidimus_credential::bundle::{self, Bundle};
use vidimus_credential::challenge::{self, Challenge, Proof, Request};
use vidimus_credential::face::FaceCollector;
use vidimus_credential::presentation::{Draft, PresentationClaims, UnverifiedToken};
use vidimus_credential::sd_cwt::{
    self, CredentialClaims, Portrait, StatusRef, UnverifiedCredential,
};
use vidimus_credential::status_list::{self, Bits, UnverifiedStatusToken};
use vidimus_credential::text::{check_text, is_visible};
use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Category, Country, Day, Error, License, LicenseFields, LicenseStatus, Outcome, Policy,
    Question, Signer as _, UnixTime, UtcOffset, Verifier, VerifyingKey, qr,
};

/// Gives a `Debug` to personal data, which has none, because proptest needs one.
#[derive(Clone)]
struct Quiet<T>(T);

impl<T> std::fmt::Debug for Quiet<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quiet(..)")
    }
}

/// A text of any script that the profile takes.
fn text(max: usize) -> impl Strategy<Value = String> {
    "[\\PC]{1,24}|[a-z]{1,8}|[一-鿿]{1,5}|[ء-ي ]{2,9}|[ক-হ]{1,6}|[𐒰-𐓓👩‍]{1,3}|[王\u{323b0}\u{378}\u{11db0}é]{1,6}"
        .prop_map(|text| text.nfc().collect::<String>())
        .prop_map(move |text| {
            let cut = (0..=max).rev().find(|at| text.is_char_boundary(*at));
            text[..cut.unwrap().min(text.len())].to_owned()
        })
        .prop_filter("the profile refuses it", move |text| {
            check_text(text, max, false).is_ok()
        })
}

fn time() -> impl Strategy<Value = UnixTime> {
    (0..UnixTime::MAX.seconds()).prop_map(at)
}

fn day() -> impl Strategy<Value = Day> {
    (-62_091_i64..=84_005).prop_map(|days| Day::new(days).unwrap())
}

fn birth_date() -> impl Strategy<Value = BirthDate> {
    let year = || (1800_i64..=2199).prop_map(|year| Year::new(year).unwrap());
    prop_oneof![
        day().prop_map(BirthDate::Day),
        year().prop_map(BirthDate::Year),
        (year(), 1_i64..=12)
            .prop_map(|(year, month)| BirthDate::YearMonth(YearMonth::new(year, month).unwrap())),
    ]
}

fn offset() -> impl Strategy<Value = UtcOffset> {
    prop_oneof![Just(0_i64), -720_i64..=840].prop_map(|minutes| UtcOffset::new(minutes).unwrap())
}

fn country() -> impl Strategy<Value = Country> {
    "[A-Z]{2}".prop_map(|code| Country::parse(&code).unwrap())
}

/// 32 bytes of 255 are no scalar of P-256: they lie above its order.
fn public_key() -> impl Strategy<Value = VerifyingKey> {
    (any::<bool>(), 1_u8..=254).prop_map(|(hardware, secret)| {
        let key = if hardware { p256(secret) } else { key(secret) };
        key.verifying_key().clone()
    })
}

fn category() -> impl Strategy<Value = Quiet<Category>> {
    let dates = (option::of(day()), option::of(day()));
    let codes = prop::collection::hash_set(text(8), 1..6);
    (codes, dates, vec(text(16), 0..3)).prop_map(|(codes, (from, until), restrictions)| {
        let (from, until) = match (from, until) {
            (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
            other => other,
        };
        let codes = codes.into_iter().collect();
        Quiet(Category::of_codes(codes, from, until, restrictions).unwrap())
    })
}

fn license() -> impl Strategy<Value = License> {
    let names = (text(40), option::of(text(40)), text(32));
    let dates = (birth_date(), day(), option::of(day())).prop_map(|(birth, issue, expiry)| {
        let issue = issue.max(birth.first_day());
        (birth, issue, expiry.map(|expiry| expiry.max(issue)))
    });
    (names, vec(category(), 1..4), dates, (country(), offset())).prop_map(
        |(names, categories, (birth_date, issue_date, expiry_date), (country, utc_offset))| {
            let (family_name, given, license_number) = names;
            License::new(LicenseFields {
                family_name,
                given_names: given.unwrap_or_default(),
                birth_date,
                license_number,
                categories: categories.into_iter().map(|category| category.0).collect(),
                issue_date,
                expiry_date,
                issuing_country: country,
                utc_offset,
            })
            .unwrap()
        },
    )
}

fn order(a: UnixTime, b: UnixTime) -> (UnixTime, UnixTime) {
    let (iat, exp) = (a.min(b), a.max(b));
    (
        iat.min(UnixTime::MAX.saturating_sub(1)),
        exp.max(iat.saturating_add(1)),
    )
}

fn claims() -> impl Strategy<Value = Quiet<CredentialClaims>> {
    let status = (any::<u8>(), text(64)).prop_map(|(idx, uri)| StatusRef { idx, uri });
    (
        text(60),
        any::<[u8; 16]>(),
        time(),
        time(),
        public_key(),
        license(),
        status,
    )
        .prop_map(|(iss, sub, a, b, holder_key, license, status)| {
            let (iat, exp) = order(a, b);
            Quiet(CredentialClaims {
                iss,
                sub,
                exp,
                iat,
                holder_key,
                license,
                status,
            })
        })
}

fn bits() -> impl Strategy<Value = Bits> {
    prop::sample::select(vec![Bits::One, Bits::Two, Bits::Four, Bits::Eight])
}

fn trust_of(entries: &[TrustEntry]) -> TrustList {
    let root = key(1);
    let list = trust::build(ISS, UnixTime::EPOCH, UnixTime::MAX, 0, entries, &root).unwrap();
    TrustList::verify(&list, root.verifying_key()).unwrap()
}

fn entry(secret: u8, purpose: Purpose, name: &str, country: Country) -> TrustEntry {
    TrustEntry {
        key: key(secret).verifying_key().clone(),
        purposes: vec![purpose],
        not_before: UnixTime::EPOCH,
        expires: UnixTime::MAX,
        name: name.to_owned(),
        country,
        display_name: "An authority".to_owned(),
        signed_until: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_key_is_read_back(key in public_key()) {
        prop_assert!(VerifyingKey::from_cose_key(&key.to_cose_key()).unwrap() == key);
    }

    #[test]
    fn a_credential_is_read_back_with_its_portrait(
        claims in claims(), salt: [u8; 16], jpeg in vec(any::<u8>(), 0..400),
    ) {
        let (claims, portrait) = (claims.0, Portrait::new(salt, &jpeg));
        let issued = match sd_cwt::issue(&claims, &portrait, &key(2)) {
            Err(Error::TooLong { at_most: 672 }) => return Ok(()),
            issued => issued.unwrap(),
        };
        let country = claims.license.issuing_country();
        let trust = trust_of(&[entry(2, Purpose::Credential, &claims.iss, country)]);
        let read = UnverifiedCredential::parse(&issued).unwrap().authenticate(&trust).unwrap();
        prop_assert!(*read.claims() == claims);
        prop_assert_eq!(read.portrait().unwrap().jpeg(), jpeg);
        let bare = read.bytes_without_disclosure();
        prop_assert!(bare.len() <= sd_cwt::MAX_BYTES);
        prop_assert_eq!(bare.len(), sd_cwt::measure(&claims).bytes());
        let again = UnverifiedCredential::parse(bare).unwrap().authenticate(&trust).unwrap();
        prop_assert!(*again.claims() == claims && again.portrait().is_none());
    }

    #[test]
    fn grouping_changes_no_answer_and_makes_nothing_longer(
        claims in claims(), moments in vec(0..UnixTime::MAX.seconds() / 36, 0..12),
    ) {
        let mut claims = claims.0;
        let before = claims.license.clone();
        let whole = sd_cwt::measure(&claims).bytes();
        let categories = Category::group(before.categories());
        claims.license = License::new(LicenseFields { categories, ..before.fields().clone() }).unwrap();
        prop_assert!(sd_cwt::measure(&claims).bytes() <= whole);
        for (code, _) in before.codes() {
            for moment in &moments {
                let held = |license: &License| license.holds(code, at(*moment), 30);
                prop_assert_eq!(held(&before), held(&claims.license));
            }
        }
    }

    #[test]
    fn a_trust_list_is_read_back(
        names in vec((text(64), text(64), time(), time(), country()), 0..6),
        retired in vec(option::of(time()), 6), iat in time(), exp in time(), serial in any::<u64>(),
    ) {
        let entries: Vec<_> = (10..).zip(names).zip(retired).map(|((secret, named), signed_until)| {
            let (name, display_name, a, b, country) = named;
            let (not_before, expires) = order(a, b);
            let known = entry(secret, Purpose::Status, &name, country);
            TrustEntry { display_name, not_before, expires, signed_until, ..known }
        }).collect();
        let root = key(1);
        let list = trust::build(ISS, iat, exp, serial, &entries, &root).unwrap();
        let read = TrustList::verify(&list, root.verifying_key()).unwrap();
        prop_assert_eq!((read.issued_at(), read.expires(), read.issuer()), (iat, exp, ISS));
        prop_assert_eq!(read.serial(), serial);
        prop_assert_eq!(read.entries().len(), entries.len());
        for entry in &entries {
            prop_assert!(read.find(entry.key.kid()) == Some(entry));
        }
    }

    #[test]
    fn a_status_token_is_read_back(
        uri in text(64), values in vec(any::<u8>(), 0..400), bits in bits(), a in time(), b in time(), ttl: u64,
    ) {
        let (iat, exp) = order(a, b);
        let mask = u8::try_from((1_u16 << bits.number()) - 1).unwrap();
        let values: Vec<_> = values.into_iter().map(|value| value & mask).collect();
        let bytes = status_list::issue(&uri, &values, bits, iat, exp, ttl, &key(3)).unwrap();
        let trust = trust_of(&[entry(3, Purpose::Status, ISS, Country::parse("ZZ").unwrap())]);
        let read = UnverifiedStatusToken::parse(&bytes).unwrap().authenticate(&trust, ISS).unwrap();
        prop_assert_eq!((read.uri(), read.issued_at(), read.expires(), read.ttl()), (&uri[..], iat, exp, ttl));
        for (index, value) in values.iter().enumerate() {
            prop_assert_eq!(read.raw_value(index), Ok(*value));
        }
        prop_assert!(read.raw_value(values.len() + 8).is_err());
    }

    #[test]
    fn a_bundle_is_read_back(
        values in vec(any::<u8>(), 0..1500), prefix in text(40), bits in bits(), a in time(), b in time(),
    ) {
        let (iat, exp, prefix) = (order(a, b).0, order(a, b).1, format!("{prefix}/"));
        let mask = u8::try_from((1_u16 << bits.number()) - 1).unwrap();
        let values: Vec<_> = values.into_iter().map(|value| value & mask).collect();
        let bytes = bundle::issue(ISS, &prefix, &values, bits, iat, exp, &key(3)).unwrap();
        let trust = trust_of(&[entry(3, Purpose::Status, ISS, Country::parse("ZZ").unwrap())]);
        let read = Bundle::verify(&bytes, &trust).unwrap();
        prop_assert_eq!((read.issuer(), read.issued_at(), read.expires()), (ISS, iat, exp));
        for index in 0..=values.len() {
            let status = StatusRef {
                idx: u8::try_from(index % 256).unwrap(),
                uri: format!("{prefix}{}", index / 256),
            };
            let expected = values.get(index).map(|value| LicenseStatus::from_value(*value));
            prop_assert_eq!(read.status(ISS, &status), expected);
        }
    }

    #[test]
    fn a_token_is_read_back(
        aud in text(64), cnonce in option::of(any::<[u8; 16]>()), staple in option::of(vec(any::<u8>(), 0..400)),
        iat in time(), exp in time(),
    ) {
        let world = World::new();
        let cnonce = cnonce.map(|cnonce| cnonce.to_vec());
        let claims = PresentationClaims { aud, exp, iat, cnonce, staple };
        for holder in [key(5), p256(5)] {
            let public = holder.verifying_key();
            let draft = Draft::new(&world.bare(&holder), public.algorithm(), &claims).unwrap();
            let bytes = draft.sign(&holder).unwrap();
            let read = UnverifiedToken::parse(&bytes).unwrap();
            prop_assert!(*read.envelope.claims() == claims);
            prop_assert_eq!(read.envelope.verify(public), Ok(()));
        }
    }

    #[test]
    fn a_challenge_is_read_back_signed_or_not(
        reader in text(64), cnonce: [u8; 16], iat in time(), wants_face: bool,
    ) {
        prop_assume!(!reader.starts_with("dl1:") && is_visible(&reader));
        let signer = p256(4);
        let known = TrustEntry {
            key: signer.verifying_key().clone(),
            ..entry(4, Purpose::Reader, &reader, Country::parse("ZZ").unwrap())
        };
        let trust = trust_of(&[known]);
        let request = Request { reader: &reader, cnonce, iat, wants_face };
        let (signed, unsigned) = (request.signed(&signer).unwrap(), request.unsigned().unwrap());
        if !wants_face {
            let built = challenge::build_unsigned(&reader, &cnonce, iat).unwrap();
            prop_assert!(built == unsigned);
        }
        for (text, proven) in [(signed, true), (unsigned, false)] {
            let read = Challenge::parse(&text).unwrap();
            prop_assert_eq!((read.reader(), read.cnonce(), read.issued_at()), (&reader[..], &cnonce[..], Some(iat)));
            prop_assert_eq!(read.wants_face(), wants_face);
            let proof = read.prove(&trust, None).unwrap();
            prop_assert_eq!(proof != Proof::Unproven, proven);
        }
    }

    #[test]
    fn no_bytes_and_no_text_make_a_reader_panic(bytes in vec(any::<u8>(), 0..300), text: String) {
        read_everything(&bytes);
        drop(Challenge::parse(&text));
        drop(Challenge::parse(&format!("DLQ1:{text}")));
        let mut verifier = World::new().verifier();
        for text in [text.clone(), format!("DL1:{text}")] {
            prop_assert_eq!(verifier.check(&text, at(NOW)).outcome, Outcome::Refuse);
        }
    }

    #[test]
    fn no_mutation_of_an_object_makes_a_reader_panic(
        which in 0_usize..5, changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(), extra in vec(any::<u8>(), 0..4),
    ) {
        let world = World::new();
        let challenge = challenge::build_signed(READER, &[7; 16], at(NOW), &world.reader).unwrap();
        let mut bytes = match which {
            0 => world.trust_list(),
            1 => world.issued(&world.holder),
            2 => world.staple(LicenseStatus::Valid, 60),
            3 => world.token(&world.holder),
            _ => qr::base45::decode(&challenge[5..]).unwrap(),
        };
        for (index, value) in &changes {
            let at = index.index(bytes.len());
            bytes[at] = *value;
        }
        read_everything(&bytes);
        bytes.truncate(cut.index(bytes.len() + 1));
        bytes.extend(extra);
        read_everything(&bytes);
    }
}

/// Every reader there is, on the same bytes.
fn read_everything(bytes: &[u8]) {
    let world = World::new();
    let root = world.root.verifying_key();
    let trust = TrustList::verify(&world.trust_list(), root).unwrap();
    drop(VerifyingKey::from_cose_key(bytes));
    drop(TrustList::verify(bytes, root));
    if let Ok(credential) = UnverifiedCredential::parse(bytes) {
        drop(credential.authenticate(&trust));
    }
    drop(Portrait::parse(bytes));
    let _ = FaceCollector::new().take(&qr::encode_text("DLF1:", bytes));
    if let Ok(status) = UnverifiedStatusToken::parse(bytes) {
        drop(status.authenticate(&trust, ISS));
    }
    drop(Bundle::verify(bytes, &trust));
    drop(Challenge::parse(&qr::encode_text("DLQ1:", bytes)));
    let mut verifier = Verifier::new(root.clone(), Policy::default());
    let _ = verifier.set_trust_list(bytes);
    let _ = verifier.set_trust_list(&world.trust_list());
    let _ = verifier.set_bundle(bytes);
    let question = Question {
        online: Some(bytes),
        ..Question::default()
    };
    verifier.check_with(&qr::token_text(bytes), question, at(NOW));
    let claims = world.claims_of_token(Some(bytes.to_vec()));
    verifier.check(&world.text(&claims), at(NOW));
}

#[test]
fn a_length_beyond_the_input_is_refused_at_once_in_every_place() {
    // Nothing is set aside for what is not there: 2^64 - 1 bytes, items or entries would abort.
    for head in [0x5b_u8, 0x7b, 0x9b, 0xbb] {
        let hostile = [&[head][..], &[0xff; 8]].concat();
        let inside = [&[0xd2, 0x84][..], &hostile].concat();
        let in_header = [&[0xd2, 0x84, 0x49][..], &hostile, &[0xa0, 0x41, 0x00, 0x40]].concat();
        for bytes in [hostile, inside, in_header] {
            read_everything(&bytes);
            assert!(UnverifiedToken::parse(&bytes).is_err());
        }
    }
    assert_eq!(
        Portrait::parse(portrait().disclosure()).unwrap(),
        portrait()
    );
}
