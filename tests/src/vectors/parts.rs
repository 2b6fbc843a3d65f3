//! Objects by themselves: what they hold, or that they are refused.

use super::case::World;
use super::cbor::{Map, NULL, TRUE, array, bytes, int, text};
use super::keys::Key;
use super::objects::{
    HOUR, IDX, NOW, READER, URI, bundle, category, challenge, challenge_claims, cnonce, credential,
    disclosure, license, list, qr_text, status, status_list, trust,
};
use super::zlib::deflate;
use serde_json::{Value, json};

/// An object and what it holds; nothing where it is refused.
#[derive(Clone)]
pub struct Part {
    /// Names the object and its file.
    pub name: &'static str,
    /// The object's kind, and the folder of its file.
    pub kind: &'static str,
    /// What the object shows, in one sentence.
    pub why: &'static str,
    /// Its bytes, or its text for a challenge.
    pub bytes: Vec<u8>,
    /// What a reader reads out of it, where it is good.
    pub holds: Option<Value>,
}

/// All objects that are not tokens.
pub fn parts(world: &World) -> Vec<Part> {
    [
        keys(world),
        credentials(world),
        lists(world),
        challenges(world),
        super::faces::faces(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn part(
    kind: &'static str,
    name: &'static str,
    why: &'static str,
    bytes: Vec<u8>,
    holds: Option<Value>,
) -> Part {
    Part {
        name,
        kind,
        why,
        bytes,
        holds,
    }
}

fn keys(world: &World) -> Vec<Part> {
    let keys = &world.keys;
    let good = |name, key: &Key| {
        let holds = json!({ "algorithm": key.algorithm.cose_id() });
        part(
            "keys",
            name,
            "a deterministic COSE_Key",
            key.cose_key(),
            Some(holds),
        )
    };
    let bad = |name, why, map: Map| part("keys", name, why, map.encode(), None);
    let p256 = || keys.holder_p256.cose_map();
    let ed25519 = || keys.root.cose_map();
    let mut no_point = [0; 32];
    no_point[31] = 1;
    vec![
        good("root", &keys.root),
        good("holder-p256", &keys.holder_p256),
        bad("p256-y-missing", "y is missing", p256().without(-3)),
        bad(
            "p256-off-curve",
            "x = 1 is on no point of P-256",
            p256().at(-2, bytes(&no_point)),
        ),
        bad(
            "p256-x-over-p",
            "x is not below p",
            p256().at(-2, bytes(&[0xff; 32])),
        ),
        bad(
            "p256-x-of-31-bytes",
            "x is 32 bytes",
            p256().at(-2, bytes(&[1; 31])),
        ),
        bad(
            "ed25519-with-y",
            "OKP has no y",
            ed25519().at(-3, vec![0xf5]),
        ),
        bad(
            "ed25519-with-alg",
            "kty, crv and x only",
            ed25519().at(3, int(-19)),
        ),
        bad(
            "ed25519-secret",
            "a secret key",
            ed25519().at(-4, bytes(&[1; 32])),
        ),
        bad(
            "ed25519-identity",
            "of order 1",
            ed25519().at(-2, bytes(&[&[1][..], &[0; 31]].concat())),
        ),
        bad("x25519", "another curve", ed25519().at(-1, int(4))),
        part(
            "keys",
            "unsorted",
            "-2 before -1",
            ed25519().encode_backwards(),
            None,
        ),
    ]
}

fn credentials(world: &World) -> Vec<Part> {
    let keys = &world.keys;
    let holds = |portrait: bool, license: &str, algorithm: i64| {
        Some(
            json!({ "license": license, "portrait": portrait, "holder": algorithm, "idx": IDX, "uri": URI }),
        )
    };
    let with = |map: Map| world.credential().claim(-70_001, map.encode()).encode();
    let portrait = world
        .credential()
        .beside(17, array(&[bytes(&disclosure())]));
    let other = array(&[bytes(&[7; 16]), bytes(b"another picture"), int(9)]);
    let scripts = license()
        .at(1, text("欧阳 مُحَمَّد"))
        .at(2, text("ক্ষমা நா 👩\u{200d}⚕\u{fe0f}"))
        .at(4, text("粤-4401"));
    let one_name = license()
        .at(2, text(""))
        .at(5, array(&[category("ก", None, None)]));
    vec![
        part(
            "credentials",
            "without-portrait",
            "as a token carries it",
            world.credential().encode(),
            holds(false, "four-categories", -19),
        ),
        part(
            "credentials",
            "with-portrait",
            "as it is issued",
            portrait.encode(),
            holds(true, "four-categories", -19),
        ),
        part(
            "credentials",
            "p256",
            "for a phone's hardware key",
            credential(keys, &keys.holder_p256).encode(),
            holds(false, "four-categories", -9),
        ),
        part(
            "credentials",
            "scripts",
            "names of several scripts",
            with(scripts),
            holds(false, "scripts", -19),
        ),
        part(
            "credentials",
            "one-name",
            "a person of one name",
            with(one_name),
            holds(false, "one-name", -19),
        ),
        part(
            "credentials",
            "born-in-a-year",
            "the year alone is known",
            with(super::cases::changed(3, array(&[int(1991)]))),
            holds(false, "born-in-1991", -19),
        ),
        part(
            "credentials",
            "without-end",
            "no last day",
            with(super::cases::changed(7, vec![NULL])),
            holds(false, "without-end", -19),
        ),
        part(
            "credentials",
            "shared-rows",
            "rows of several codes",
            with(super::cases::shared_rows()),
            holds(false, "shared-rows", -19),
        ),
        part(
            "credentials",
            "of-a-place",
            "days of New Zealand",
            with(super::cases::issued_in_auckland()),
            holds(false, "issued-in-auckland", -19),
        ),
        part(
            "credentials",
            "longest",
            "672 bytes",
            super::cases::of_length(world, 672),
            holds(false, "longest", -19),
        ),
        part(
            "credentials",
            "foreign-portrait",
            "a disclosure of another",
            world
                .credential()
                .beside(17, array(&[bytes(&other)]))
                .encode(),
            None,
        ),
        part(
            "credentials",
            "forged",
            "another signs",
            world.credential().forged_by(&keys.stranger).encode(),
            None,
        ),
        part(
            "credentials",
            "unknown-key",
            "a kid that no list names",
            world.credential().by(&keys.stranger).encode(),
            None,
        ),
        part(
            "credentials",
            "of-673-bytes",
            "a byte too long",
            super::cases::of_length(world, 673),
            None,
        ),
    ]
}

fn lists(world: &World) -> Vec<Part> {
    let keys = &world.keys;
    let wide = |bits: u8, value: u8| {
        let list = status_list(bits, &deflate(&list(value, bits))).encode();
        status(keys, 0, HOUR).claim(65_533, list).encode()
    };
    let holds = |value: u8| {
        Some(
            json!({ "uri": URI, "values": [[0, 0], [IDX, value], [255, 0]], "end": 256, "ttl": HOUR }),
        )
    };
    let bundled = Some(json!({ "uri": URI, "states": [[0, "valid"], [IDX, "suspended"]] }));
    let entries = super::objects::entries(keys);
    let mut retired = entries.clone();
    retired[0] = retired[0].clone().at(8, int(NOW)).at(32, int(1));
    vec![
        part("status", "bits-1", "a list of 1 bit", wide(1, 1), holds(1)),
        part("status", "bits-2", "a list of 2 bits", wide(2, 3), holds(3)),
        part(
            "status",
            "bits-4",
            "a list of 4 bits",
            wide(4, 14),
            holds(14),
        ),
        part(
            "status",
            "bits-8",
            "a list of 8 bits",
            wide(8, 0x81),
            holds(0x81),
        ),
        part(
            "status",
            "forged",
            "another signs",
            status(keys, 0, HOUR).forged_by(&keys.stranger).encode(),
            None,
        ),
        part(
            "bundles",
            "suspended",
            "18 micro-lists",
            bundle(keys, 2, HOUR).encode(),
            bundled,
        ),
        part(
            "bundles",
            "forged",
            "another signs",
            bundle(keys, 2, HOUR).forged_by(&keys.stranger).encode(),
            None,
        ),
        part(
            "trust",
            "current",
            "the list of nearly every vector",
            trust(keys, &entries).encode(),
            Some(json!({ "keys": 4, "serial": 0, "retired": 0 })),
        ),
        part(
            "trust",
            "empty",
            "no key is trusted",
            trust(keys, &[]).encode(),
            Some(json!({ "keys": 0, "serial": 0, "retired": 0 })),
        ),
        part(
            "trust",
            "serial-7",
            "a list that was reset, with a retired key and keys for later versions",
            trust(keys, &retired)
                .claim(-70_022, int(7))
                .claim(200, text("later"))
                .encode(),
            Some(json!({ "keys": 4, "serial": 7, "retired": 1 })),
        ),
        part(
            "trust",
            "serial-0",
            "0 is not written",
            trust(keys, &entries).claim(-70_022, int(0)).encode(),
            None,
        ),
    ]
}

fn challenges(world: &World) -> Vec<Part> {
    let keys = &world.keys;
    let asks = |reader: &str, by: Option<&str>, face: bool| {
        let cnonce: String = cnonce().iter().map(|byte| format!("{byte:02x}")).collect();
        Some(
            json!({ "reader": reader, "cnonce": cnonce, "iat": NOW - 10, "proven": by, "face": face }),
        )
    };
    let holds = |reader: &str, by: Option<&str>| asks(reader, by, false);
    let police = Some("Road Police of Zedland");
    let text_of = |object: &[u8]| qr_text("DLQ1:", object).into_bytes();
    let signed = |name, why, key: &Key, holds| {
        part(
            "challenges",
            name,
            why,
            text_of(&challenge(key).encode()),
            holds,
        )
    };
    let bare =
        |name, why, map: Map, holds| part("challenges", name, why, text_of(&map.encode()), holds);
    let base = || challenge_claims("A reader");
    vec![
        signed(
            "signed",
            "by the reader's key",
            &keys.reader,
            holds(READER, police),
        ),
        signed(
            "signed-p256",
            "by the reader's hardware key",
            &keys.reader_p256,
            holds(READER, police),
        ),
        signed(
            "signed-by-a-stranger",
            "read, and not proven",
            &keys.stranger,
            holds(READER, None),
        ),
        signed(
            "signed-by-an-authority",
            "not a reader's key: not proven",
            &keys.status,
            holds(READER, None),
        ),
        part(
            "challenges",
            "signed-for-another-name",
            "the key's name is not the reader's: not proven",
            text_of(&challenge(&keys.reader).claim(3, text("A reader")).encode()),
            holds("A reader", None),
        ),
        bare(
            "unsigned",
            "anyone may ask",
            base(),
            holds("A reader", None),
        ),
        part(
            "challenges",
            "with-line-end",
            "one final CRLF is dropped",
            [text_of(&base().encode()), b"\r\n".to_vec()].concat(),
            holds("A reader", None),
        ),
        part(
            "challenges",
            "forged",
            "a reader's key is named and did not sign",
            text_of(&challenge(&keys.reader).forged_by(&keys.stranger).encode()),
            None,
        ),
        part(
            "challenges",
            "recorded",
            "signed, and 61 seconds old",
            text_of(&challenge(&keys.reader).claim(6, int(NOW - 61)).encode()),
            None,
        ),
        bare(
            "reserved-reader",
            "a reader that begins with dl1:",
            base().at(3, text("dl1:any")),
            None,
        ),
        bare(
            "reader-of-65-bytes",
            "64 at most",
            base().at(3, text(&"x".repeat(65))),
            None,
        ),
        bare(
            "reader-empty",
            "a name that is none",
            base().at(3, text("")),
            None,
        ),
        bare(
            "cnonce-of-8-bytes",
            "16 bytes",
            base().at(39, bytes(b"20461377")),
            None,
        ),
        bare(
            "unknown-claim",
            "maps are closed",
            base().at(5, int(1)),
            None,
        ),
        bare("no-iat", "a claim is missing", base().without(6), None),
        part(
            "challenges",
            "for-a-face",
            "the reader asks for the face too",
            text_of(&challenge(&keys.reader).claim(-70_040, int(1)).encode()),
            asks(READER, police, true),
        ),
        bare(
            "unsigned-for-a-face",
            "anyone may ask for the face",
            base().at(-70_040, int(1)),
            asks("A reader", None, true),
        ),
        bare(
            "face-0",
            "0 is not written",
            base().at(-70_040, int(0)),
            None,
        ),
        bare("face-2", "no other value", base().at(-70_040, int(2)), None),
        bare(
            "face-true",
            "a number",
            base().at(-70_040, vec![TRUE]),
            None,
        ),
        part(
            "challenges",
            "token-prefix",
            "DL1: begins a token",
            qr_text("DL1:", &base().encode()).into_bytes(),
            None,
        ),
        part(
            "challenges",
            "unsorted",
            "its keys backwards",
            text_of(&base().encode_backwards()),
            None,
        ),
        part(
            "challenges",
            "trailing",
            "a byte follows",
            text_of(&[base().encode(), vec![0]].concat()),
            None,
        ),
    ]
}
