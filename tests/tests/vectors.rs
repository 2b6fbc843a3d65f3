//! The shared vectors: they can be made again byte for byte, and the product gives every verdict.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use vidimus_credential::bundle::Bundle;
use vidimus_credential::challenge::{Asked, Challenge, Proof};
use vidimus_credential::face::FaceCollector;
use vidimus_credential::qr::base45;
use vidimus_credential::sd_cwt::{StatusRef, UnverifiedCredential};
use vidimus_credential::status_list::{self, Bits, UnverifiedStatusToken};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{
    Algorithm, Category, Day, Error, License, Policy, Question, Reason, Signer as _, SigningKey,
    UnixTime, UtcOffset, Verdict, Verifier, VerifyingKey,
};
use vidimus_tests::vectors::{Vectors, hex};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn index() -> Value {
    serde_json::from_slice(&read("index.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn unhex(value: &Value) -> Vec<u8> {
    let digits = text(value);
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn time(value: &Value) -> UnixTime {
    UnixTime::new(value.as_u64().unwrap()).unwrap()
}

fn root() -> VerifyingKey {
    VerifyingKey::from_cose_key(&read("root.cose")).unwrap()
}

/// `VIDIMUS_UPDATE_VECTORS=1 cargo test -p vidimus-tests --test vectors` writes them anew.
#[test]
fn the_committed_vectors_are_those_that_their_labels_make() {
    let made = Vectors::make().files();
    if std::env::var_os("VIDIMUS_UPDATE_VECTORS").is_some() {
        for (path, bytes) in &made {
            let path = folder().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    for (path, bytes) in &made {
        assert!(read(path) == *bytes, "{path} differs");
    }
    let known: BTreeSet<_> = made.into_keys().collect();
    let strangers: Vec<_> = files_below(&folder())
        .into_iter()
        .filter(|path| {
            !known.contains(path) && path != "README.md" && path != "external/public.json"
        })
        .collect();
    assert_eq!(strangers, [""; 0]);
}

fn files_below(start: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![start.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(
                    path.strip_prefix(start)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    found
}

/// With the keys of `driver.json`.
fn license_json(license: &License) -> Value {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let category = |(code, category): (&str, &Category)| {
        let mut value =
            json!({ "code": code, "from": day(category.from()), "until": day(category.until()) });
        if !category.restrictions().is_empty() {
            value["restrictions"] = json!(category.restrictions());
        }
        value
    };
    let mut value = json!({
        "family_name": license.family_name(), "given_names": license.given_names(),
        "birth_date": license.birth_date().to_string(), "license_number": license.license_number(),
        "issue_date": license.issue_date().to_string(), "expiry_date": day(license.expiry_date()),
        "issuing_country": license.issuing_country().as_str(),
        "categories": license.codes().map(category).collect::<Vec<_>>(),
    });
    if license.utc_offset() != UtcOffset::UTC {
        value["utc_offset"] = json!(license.utc_offset().to_string());
    }
    value
}

fn licenses(index: &Value) -> BTreeMap<String, Value> {
    let named = |entry: &Value| (text(&entry["name"]).to_owned(), entry["fields"].clone());
    index["licenses"]
        .as_array()
        .unwrap()
        .iter()
        .map(named)
        .collect()
}

fn verdict_json(verdict: &Verdict) -> Value {
    let status = &verdict.status;
    json!({
        "verdict": verdict.outcome.name(),
        "reasons": verdict.reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        "license": verdict.license.as_ref().map(license_json),
        "status": {
            "state": status.state.name(), "as_of": status.as_of.map(UnixTime::seconds),
            "age_s": verdict.age_s, "source": status.source.name(),
        },
        "token": verdict.token.map(|token| json!({
            "iat": token.iat.seconds(), "exp": token.exp.seconds(), "challenged": token.challenged,
        })),
    })
}

/// A verifier with the usual trust list.
fn verifier() -> Verifier {
    let mut verifier = Verifier::new(root(), Policy::default());
    verifier
        .set_trust_list(&read("trust/current.cbor"))
        .unwrap();
    verifier
}

/// A reading of a reader's clock that no one can set.
const ASKED_AT_S: u64 = 1_000;

fn judge(case: &Value) -> Verdict {
    let mut verifier = Verifier::new(root(), Policy::default());
    if let Some(trust) = case["first_trust"].as_str() {
        let _ = verifier.set_trust_list(&read(trust));
    }
    if let Some(bundle) = case["first_bundle"].as_str() {
        let _ = verifier.set_bundle(&read(bundle));
    }
    let _ = verifier.set_trust_list(&read(text(&case["trust"])));
    if let Some(bundle) = case["bundle"].as_str() {
        let _ = verifier.set_bundle(&read(bundle));
    }
    let online = case["online"].as_str().map(read);
    let mut asked = case["challenge"].as_object().map(|challenge| {
        let cnonce = unhex(&challenge["cnonce"]);
        match (
            text(&challenge["reader"]),
            <[u8; 16]>::try_from(&cnonce[..]),
        ) {
            (reader, Ok(cnonce)) => Asked::qr(reader, cnonce).unwrap(),
            ("dl1:code", Err(_)) => Asked::digits(str::from_utf8(&cnonce).unwrap()).unwrap(),
            _ => panic!("no such challenge"),
        }
        .at(ASKED_AT_S)
    });
    let ago = &case["challenge"]["asked_ago_s"];
    let shown = String::from_utf8(read(text(&case["text"]))).unwrap();
    let mut check = || {
        let question = Question {
            challenge: asked.as_mut(),
            online: online.as_deref(),
            category: case["category"].as_str(),
            clock_s: ago.as_u64().map(|ago| ASKED_AT_S + ago),
            passed: None,
        };
        verifier.check_with(&shown, question, time(&case["now"]))
    };
    if case["seen_before"] == true {
        check();
    }
    check()
}

#[test]
fn every_verdict_is_the_one_of_the_index() {
    let index = index();
    let licenses = licenses(&index);
    let mut wrong = Vec::new();
    for case in index["verdicts"].as_array().unwrap() {
        let mut expected = case["expect"].clone();
        if let Some(name) = expected["license"].as_str() {
            expected["license"] = licenses[name].clone();
        }
        let found = verdict_json(&judge(case));
        if found != expected {
            wrong.push(format!(
                "{}:\n  expected {expected}\n  found    {found}",
                case["name"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_reason_and_every_verdict_has_a_vector() {
    let index = index();
    let mut seen = BTreeSet::new();
    for case in index["verdicts"].as_array().unwrap() {
        seen.insert(text(&case["expect"]["verdict"]).to_owned());
        for reason in case["expect"]["reasons"].as_array().unwrap() {
            seen.insert(text(reason).to_owned());
        }
    }
    for reason in Reason::ALL {
        assert!(seen.contains(reason.code()), "{}", reason.code());
    }
    for verdict in ["accept", "caution", "refuse"] {
        assert!(seen.contains(verdict));
    }
}

#[test]
fn every_object_holds_what_the_index_says_or_is_refused() {
    let index = index();
    let licenses = licenses(&index);
    for object in index["objects"].as_array().unwrap() {
        let name = text(&object["name"]);
        let bytes = read(text(&object["file"]));
        let kind = name.split('/').next().unwrap();
        let mut expected = object["holds"].clone();
        if let Some(license) = expected["license"].as_str() {
            expected["license"] = licenses[license].clone();
        }
        let found = held(kind, &bytes, &expected).unwrap_or(Value::Null);
        assert_eq!(found, expected, "{name}");
    }
}

/// What an object holds, in the shape of what is expected; nothing where it is refused.
fn held(kind: &str, bytes: &[u8], expected: &Value) -> Option<Value> {
    let trust = TrustList::verify(&read("trust/current.cbor"), &root()).unwrap();
    let index = |pair: &Value| pair[0].as_u64().unwrap();
    match kind {
        "keys" => {
            let key = VerifyingKey::from_cose_key(bytes).ok()?;
            assert_eq!(key.to_cose_key(), bytes);
            Some(json!({ "algorithm": key.algorithm().cose_id() }))
        }
        "trust" => {
            let list = TrustList::verify(bytes, &root()).ok()?;
            let retired = list.entries().filter(|entry| entry.signed_until.is_some());
            let holds = json!({ "keys": list.entries().len(), "serial": list.serial(), "retired": retired.count() });
            Some(holds)
        }
        "credentials" => {
            let read = UnverifiedCredential::parse(bytes).ok()?;
            let credential = read.authenticate(&trust).ok()?;
            if credential.has_foreign_disclosure() {
                return None;
            }
            let claims = credential.claims();
            Some(json!({
                "license": license_json(&claims.license), "portrait": credential.portrait().is_some(),
                "holder": claims.holder_key.algorithm().cose_id(),
                "idx": claims.status.idx, "uri": claims.status.uri,
            }))
        }
        "status" => {
            let token = UnverifiedStatusToken::parse(bytes).ok()?;
            let token = token.authenticate(&trust, "https://dl.example").ok()?;
            let values = expected["values"].as_array()?;
            let value = |pair| {
                json!([
                    index(pair),
                    token.raw_value(index(pair).try_into().unwrap()).unwrap()
                ])
            };
            let end = (0..).find(|index| token.raw_value(*index).is_err())?;
            Some(
                json!({ "uri": token.uri(), "values": values.iter().map(value).collect::<Vec<_>>(), "end": end, "ttl": token.ttl() }),
            )
        }
        "bundles" => {
            let bundle = Bundle::verify(bytes, &trust).ok()?;
            let uri = text(&expected["uri"]);
            let state = |pair: &Value| {
                let idx = index(pair).try_into().unwrap();
                let status = StatusRef {
                    idx,
                    uri: uri.to_owned(),
                };
                json!([idx, bundle.status("https://dl.example", &status)?.name()]).into()
            };
            let states: Option<Vec<Value>> =
                expected["states"].as_array()?.iter().map(state).collect();
            Some(json!({ "uri": uri, "states": states? }))
        }
        "challenges" => {
            let challenge = Challenge::parse(str::from_utf8(bytes).ok()?).ok()?;
            let now = UnixTime::new(1_795_000_000).unwrap();
            let proven = match challenge.prove(&trust, Some(now)).ok()? {
                Proof::Proven { display_name } => Some(display_name),
                Proof::Unproven => None,
            };
            Some(json!({
                "reader": challenge.reader(), "cnonce": hex(challenge.cnonce()),
                "iat": challenge.issued_at()?.seconds(), "proven": proven,
                "face": challenge.wants_face(),
            }))
        }
        "faces" => {
            let usual = read("tokens/one-way-ed25519.txt");
            let now = UnixTime::new(1_795_000_000).unwrap();
            let verdict = verifier().check(str::from_utf8(&usual).unwrap(), now);
            let mut collector = FaceCollector::new();
            for text in str::from_utf8(bytes).unwrap().split('\n') {
                let _ = collector.take(text);
            }
            let portrait = collector.join(&verdict)?;
            let frames = collector.progress(&verdict)?.count;
            let picture = "faces/usual.jpg";
            assert_eq!(portrait.jpeg(), read(picture));
            Some(json!({ "frames": frames, "jpeg": picture }))
        }
        _ => panic!("{kind}"),
    }
}

#[test]
fn a_p_256_root_signs_no_trust_list() {
    let world = Vectors::make().world;
    let root = &world.keys.holder_p256;
    let list = world.trust().by(root).encode();
    let root = VerifyingKey::from_cose_key(&root.cose_key()).unwrap();
    assert_eq!(TrustList::verify(&list, &root).err(), Some(Error::Key));
}

fn public() -> Value {
    serde_json::from_slice(&read("external/public.json")).unwrap()
}

#[test]
fn the_ed25519_signatures_of_rfc_8032_are_made_and_verified() {
    let public = public();
    let tests = public["rfc8032"]["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 4);
    for test in tests {
        let secret = unhex(&test["secret"]).try_into().unwrap();
        let key = SigningKey::from_secret(Algorithm::Ed25519, &secret).unwrap();
        assert_eq!(
            key.verifying_key().coordinates().0[..],
            unhex(&test["public"])
        );
        let (message, signature) = (unhex(&test["message"]), unhex(&test["signature"]));
        let signature = signature.try_into().unwrap();
        assert_eq!(key.sign(&message).unwrap(), signature, "{}", test["name"]);
        key.verifying_key().verify(&message, &signature).unwrap();
    }
}

#[test]
fn the_base45_examples_of_rfc_9285_hold_both_ways() {
    for test in public()["rfc9285"]["tests"].as_array().unwrap() {
        assert_eq!(base45::encode(&unhex(&test["bytes"])), text(&test["text"]));
        assert_eq!(
            base45::decode(text(&test["text"])).unwrap(),
            unhex(&test["bytes"])
        );
    }
}

#[test]
fn the_lists_of_the_token_status_list_draft_read_and_pack_as_it_says() {
    for test in public()["status_list"]["tests"].as_array().unwrap() {
        let bits = Bits::from_number(test["bits"].as_u64().unwrap()).unwrap();
        let (list, values) = (unhex(&test["list"]), test["values"].as_array().unwrap());
        let values: Vec<_> = values
            .iter()
            .map(|value| u8::try_from(value.as_u64().unwrap()).unwrap())
            .collect();
        assert_eq!(status_list::pack(&values, bits).unwrap(), list);
        for (index, value) in values.iter().enumerate() {
            assert_eq!(status_list::unpack(&list, bits, index), Some(*value));
        }
        assert_eq!(status_list::unpack(&list, bits, values.len()), None);
    }
}

#[test]
fn the_p_256_signatures_of_the_cose_examples_verify_and_a_changed_one_does_not() {
    for test in public()["cose"]["tests"].as_array().unwrap() {
        let point = [vec![4], unhex(&test["x"]), unhex(&test["y"])].concat();
        let key = VerifyingKey::from_p256_sec1(&point).unwrap();
        let signature = unhex(&test["signature"]).try_into().unwrap();
        let verified = key.verify(&unhex(&test["signed"]), &signature);
        assert_eq!(verified.is_ok(), test["good"] == true, "{}", test["name"]);
    }
}
