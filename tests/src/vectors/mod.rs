//! The shared vectors of `tests/vectors/`, made of nothing but labels: every object of the profile,
//! good and broken, and the verdict on each token. `tests/tests/vectors.rs` compares them with the
//! committed files and holds the product against them.
//!
//! The bytes come of a writer of their own ([`cbor`], [`zlib`], [`objects`]), which can also write
//! what the product refuses to. Of the product it uses only signatures and Base45, which public
//! vectors hold.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a generator of test data: a fault in it must stop it"
)]

pub mod case;
mod cases;
pub mod cbor;
mod faces;
pub mod keys;
pub mod objects;
pub mod parts;
pub mod zlib;

use case::{Case, World};
use objects::Keys;
use parts::Part;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vidimus_credential::Algorithm;

/// All vectors, before they are files.
pub struct Vectors {
    /// What they are made of.
    pub world: World,
    /// Objects that are judged by themselves, without a token.
    pub parts: Vec<Part>,
    /// Tokens and their verdicts.
    pub cases: Vec<Case>,
}

impl Vectors {
    /// Makes every vector again, from fixed keys and times.
    pub fn make() -> Self {
        let world = World { keys: Keys::new() };
        Self {
            parts: parts::parts(&world),
            cases: cases::all(&world),
            world,
        }
    }

    /// Every file's path below `tests/vectors/`, and its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut put = |path: String, bytes: &[u8]| {
            let before = files.insert(path.clone(), bytes.to_vec());
            assert!(before.is_none(), "two vectors are called {path}");
        };
        put("root.cose".to_owned(), &self.world.keys.root.cose_key());
        put(faces::PICTURE.to_owned(), &objects::jpeg());
        for part in &self.parts {
            put(part_path(part), &part.bytes);
        }
        for case in &self.cases {
            put(format!("tokens/{}.txt", case.name), case.text.as_bytes());
            for (folder, bytes) in [
                ("trust/before", &case.first_trust),
                ("bundles/before", &case.first_bundle),
                ("trust/for", &case.trust),
                ("bundles/for", &case.bundle),
                ("status/for", &case.online),
            ] {
                if let Some(bytes) = bytes {
                    put(format!("{folder}-{}.cbor", case.name), bytes);
                }
            }
        }
        put("index.json".to_owned(), self.index().as_bytes());
        files
    }

    /// The index: valid JSON, one vector a line.
    fn index(&self) -> String {
        let keys = self.world.keys.all().into_iter().map(|key| {
            let algorithm = match key.algorithm {
                Algorithm::Ed25519 => "Ed25519",
                Algorithm::Esp256 => "ESP256",
            };
            json!({
                "label": key.label, "algorithm": algorithm, "secret": hex(&key.secret()),
                "cose_key": hex(&key.cose_key()), "kid": hex(&key.kid()),
            })
        });
        let objects = self.parts.iter().map(|part| {
            json!({
                "name": format!("{}/{}", part.kind, part.name), "why": part.why,
                "file": part_path(part), "holds": part.holds,
            })
        });
        let sections = [
            ("keys", keys.collect::<Vec<_>>()),
            ("licenses", licenses(&self.world)),
            ("objects", objects.collect()),
            ("verdicts", self.cases.iter().map(case_entry).collect()),
        ];
        let sections = sections.map(|(name, entries)| {
            let lines: Vec<_> = entries.iter().map(|entry| format!("    {entry}")).collect();
            format!("  \"{name}\": [\n{}\n  ]", lines.join(",\n"))
        });
        format!("{{\n{}\n}}\n", sections.join(",\n"))
    }
}

fn part_path(part: &Part) -> String {
    let ending = match part.kind {
        "challenges" | "faces" => "txt",
        _ => "cbor",
    };
    format!("{}/{}.{ending}", part.kind, part.name)
}

fn case_entry(case: &Case) -> Value {
    let file = |folder: &str, there: bool| there.then(|| format!("{folder}-{}.cbor", case.name));
    let trust = file("trust/for", case.trust.is_some());
    let challenge = case
        .challenge
        .as_ref()
        .map(|(cnonce, reader)| json!({ "cnonce": hex(cnonce), "reader": reader, "asked_ago_s": case.asked_ago_s }));
    json!({
        "name": case.name, "why": case.why, "now": case.now,
        "text": format!("tokens/{}.txt", case.name),
        "first_trust": file("trust/before", case.first_trust.is_some()),
        "first_bundle": file("bundles/before", case.first_bundle.is_some()),
        "trust": trust.unwrap_or_else(|| "trust/current.cbor".to_owned()),
        "bundle": file("bundles/for", case.bundle.is_some()),
        "online": file("status/for", case.online.is_some()),
        "challenge": challenge, "category": case.category, "seen_before": case.seen_before,
        "expect": case.verdict(),
    })
}

/// The licenses that the vectors show, with the keys of `driver.json`.
fn licenses(world: &World) -> Vec<Value> {
    let usual = json!({
        "family_name": "Lindqvist-Okafor", "given_names": "Amara Josefina", "birth_date": "1991-02-28",
        "license_number": "ZZ-100200300", "issue_date": "2020-06-01", "expiry_date": "2035-05-31",
        "issuing_country": "ZZ",
        "categories": [
            { "code": "AM", "from": "2010-01-01", "until": null },
            { "code": "B", "from": "2010-01-01", "until": "2035-05-31" },
            { "code": "C1", "from": "2022-01-08", "until": "2031-11-17", "restrictions": ["01.06", "70.ZZ"] },
            { "code": "BE", "from": null, "until": null },
        ],
    });
    let with = |name: &str, changes: Value| {
        let mut fields = usual.clone();
        for (key, value) in changes.as_object().unwrap() {
            fields[key] = value.clone();
        }
        json!({ "name": name, "fields": fields })
    };
    let categories: Vec<_> = cases::filled(world, 672)
        .0
        .chunks(5)
        .map(|codes| json!({ "code": "B", "from": "2010-01-01", "until": "2035-05-31", "restrictions": codes }))
        .collect();
    vec![
        with("four-categories", json!({})),
        with("ended-yesterday", json!({ "expiry_date": "2026-11-17" })),
        with("from-tomorrow", json!({ "issue_date": "2026-11-19" })),
        with(
            "scripts",
            json!({
                "family_name": "欧阳 مُحَمَّد", "given_names": "ক্ষমা நா 👩\u{200d}⚕\u{fe0f}", "license_number": "粤-4401",
            }),
        ),
        with(
            "one-name",
            json!({ "given_names": "", "categories": [{ "code": "ก", "from": null, "until": null }] }),
        ),
        with("longest", json!({ "categories": categories })),
    ]
    .into_iter()
    .chain(of_revision_2(with))
    .collect()
}

/// Licenses with a place, a birth or an end that is not a day, and rows of several codes.
fn of_revision_2(with: impl Fn(&str, Value) -> Value) -> Vec<Value> {
    let plain = |code: &str, from: Option<&str>, until: Option<&str>| json!({ "code": code, "from": from, "until": until });
    let truck = |code: &str| json!({ "code": code, "from": "2022-01-08", "until": "2031-11-17", "restrictions": ["01.06", "70.ZZ"] });
    let since = Some("2010-01-01");
    let every: Vec<_> = cases::codes(24)
        .iter()
        .map(|code| plain(code, None, None))
        .collect();
    let tomorrow = Some("2026-11-19");
    let yesterday = Some("2026-11-17");
    vec![
        with("born-in-1991", json!({ "birth_date": "1991" })),
        with("born-in-february", json!({ "birth_date": "1991-02" })),
        with("born-in-june-2020", json!({ "birth_date": "2020-06" })),
        with("without-end", json!({ "expiry_date": null })),
        with(
            "shared-rows",
            json!({ "categories": [
                plain("AM", since, None), plain("B", since, None), plain("L", since, None),
                truck("C1"), truck("C1E"), plain("BE", None, None),
            ] }),
        ),
        with(
            "two-rows-of-b",
            json!({ "categories": [
                plain("B", since, Some("2026-11-16")),
                plain("A", Some("2026-11-09"), None), plain("B", Some("2026-11-09"), None),
            ] }),
        ),
        with("24-codes", json!({ "categories": every })),
        with("long-name", json!({ "family_name": cases::longest_name() })),
        with(
            "later-tables",
            json!({ "family_name": "王\u{323b0}e\u{378}\u{301}" }),
        ),
        with(
            "issued-in-auckland",
            json!({
                "issue_date": "2026-11-19", "utc_offset": "+12:00",
                "categories": [plain("B", tomorrow, None), plain("L", tomorrow, None)],
            }),
        ),
        with(
            "ended-in-los-angeles",
            json!({
                "expiry_date": "2026-11-17", "utc_offset": "-08:00",
                "categories": [plain("B", None, yesterday), plain("L", None, yesterday)],
            }),
        ),
        with(
            "furthest-east",
            json!({ "expiry_date": "2026-11-18", "utc_offset": "+14:00" }),
        ),
        with(
            "furthest-west",
            json!({ "expiry_date": "2026-11-17", "utc_offset": "-12:00" }),
        ),
    ]
}

/// Bytes in lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
