//! Texts and objects that are no tokens of the profile.

use super::accepted::digits;
use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{FALSE, Map, array, bytes, head, int, nested, redacted_keys, tag, text};
use crate::vectors::objects::{
    Object, PREFIX, URI, category, disclosure, jpeg, license, no_point, qr_text, sign1, status_ref,
};

/// Texts and objects that are no tokens of the profile.
pub(super) fn malformed(world: &World) -> Vec<Case> {
    let good = world.token();
    let encoded = good.encode();
    let (header, claims) = (good.header.encode(), good.claims.encode());
    let raw = |header: &[u8], unprotected: &[u8], payload: &[u8]| {
        qr_text(
            "DL1:",
            &sign1(18, header, unprotected, payload, &world.keys.holder),
        )
    };
    let with_license = |change: Map| {
        world
            .around(world.credential().claim(-70_001, change.encode()).encode())
            .qr()
    };
    let with_claim = |key, value| {
        world
            .around(world.credential().claim(key, value).encode())
            .qr()
    };
    let twice = Map([&good.claims.0[..], &good.claims.0[..1]].concat());
    let empty = Map::default().encode();
    let portrait = bytes(&disclosure());
    let disclosed = |disclosures: &[Vec<u8>]| {
        world
            .around(world.credential().beside(17, array(disclosures)).encode())
            .qr()
    };
    let no_portrait = array(&[bytes(&[7; 16]), bytes(&jpeg()), int(8)]);
    let its_digest = license().with(redacted_keys(), array(&[bytes(&sha256(&no_portrait))]));
    let off_curve = Map::default()
        .at(1, int(1))
        .at(-1, int(6))
        .at(-2, bytes(&no_point()));
    let small_order = off_curve.clone().at(-2, bytes(&[0; 32]));
    let confirm = |key: Map| Map::default().at(1, key.encode()).encode();
    let y_as_bytes = world.keys.holder_p256.cose_map().at(-3, bytes(&[3; 32]));
    let long = |key, length: usize| with_license(license().at(key, text(&"x".repeat(length))));
    let many = array(&vec![category("B", None, None); 25]);
    let cut = &encoded[..encoded.len() - 1];
    let huge = [&[0xd2, 0x84, 0x5b][..], &[0xff; 8]].concat();
    let bare_text = good.qr();
    let texts = vec![
        (
            "lower-case-prefix",
            "the prefix is upper case",
            bare_text.replacen("DL1:", "dl1:", 1),
        ),
        (
            "challenge-as-token",
            "DLQ1: begins a challenge",
            qr_text("DLQ1:", &encoded),
        ),
        ("empty-text", "nothing at all", String::new()),
        (
            "lower-case-base45",
            "Base45 is upper case",
            bare_text[..4].to_owned() + &bare_text[4..].to_lowercase(),
        ),
        (
            "dangling-character",
            "Base45 with a single character left over",
            dangling(&bare_text),
        ),
        (
            "triple-over-65535",
            "Base45 beyond two bytes",
            "DL1:GGW".to_owned(),
        ),
        (
            "too-long-text",
            "65,537 characters",
            format!("DL1:{}", "0".repeat(65_533)),
        ),
        ("prefix-alone", "no bytes", "DL1:".to_owned()),
        (
            "not-cbor",
            "a break without a beginning",
            qr_text("DL1:", &[0xff]),
        ),
        ("cut-short", "one byte is missing", qr_text("DL1:", cut)),
        (
            "trailing-byte",
            "a byte follows the object",
            qr_text("DL1:", &[&encoded[..], &[0]].concat()),
        ),
        (
            "length-2-64-1",
            "a length that no input has",
            qr_text("DL1:", &huge),
        ),
        (
            "tag-61",
            "a CWT tag before the COSE tag",
            qr_text("DL1:", &tag(61, &encoded)),
        ),
        (
            "no-tag",
            "the array without its tag",
            qr_text("DL1:", &encoded[1..]),
        ),
        (
            "tag-98",
            "COSE_Sign is not COSE_Sign1",
            qr_text("DL1:", &good.encode_with(98, &empty)),
        ),
        (
            "indefinite-array",
            "an array of indefinite length",
            qr_text("DL1:", &[&[0xd2, 0x9f], &encoded[2..], &[0xff]].concat()),
        ),
        (
            "long-integer",
            "the key 3 in two bytes",
            raw(
                &header,
                &empty,
                &[&claims[..1], &[0x18, 0x03], &claims[2..]].concat(),
            ),
        ),
        (
            "duplicate-key",
            "aud twice",
            raw(&header, &empty, &twice.encode()),
        ),
        (
            "unsorted-keys",
            "the claims backwards",
            raw(&header, &empty, &good.claims.encode_backwards()),
        ),
        (
            "float",
            "iat as a floating point number",
            good.clone()
                .claim(6, vec![0xfb, 0x41, 0xda, 0xbf, 0x3f, 0x00, 0, 0, 0])
                .qr(),
        ),
        (
            "depth-17",
            "arrays deeper than 16",
            good.clone().claim(99, nested(17)).qr(),
        ),
        (
            "unknown-claim",
            "maps are closed",
            good.clone().claim(99, int(1)).qr(),
        ),
        (
            "no-aud",
            "a claim is missing",
            good.clone().no_claim(3).qr(),
        ),
        ("no-typ", "typ is missing", good.clone().no_head(16).qr()),
        (
            "wrong-typ",
            "typ of a credential",
            good.clone().head(16, int(293)).qr(),
        ),
        (
            "typ-as-text",
            "typ 294 written out",
            good.clone().head(16, text("application/kb+cwt")).qr(),
        ),
        (
            "crit",
            "a critical header parameter",
            good.clone().head(2, array(&[int(16)])).qr(),
        ),
        (
            "kid-in-token",
            "a header parameter that a token has not",
            good.clone().head(4, bytes(&[1; 8])).qr(),
        ),
        (
            "unprotected-extra",
            "the unprotected header is empty",
            good.clone().beside(4, bytes(b"11")).qr(),
        ),
        (
            "disclosure-in-token",
            "sd_claims belong to the credential",
            good.clone().beside(17, array(&[])).qr(),
        ),
        (
            "nil-payload",
            "a detached payload",
            qr_text("DL1:", &detached(&good)),
        ),
        (
            "short-signature",
            "63 bytes",
            qr_text("DL1:", &short_signature(&good)),
        ),
        (
            "time-past-9999",
            "an exp of the year 10000",
            good.clone().claim(4, int(253_402_300_800)).qr(),
        ),
        (
            "negative-time",
            "an iat before 1970",
            good.clone().claim(6, int(-1)).qr(),
        ),
        (
            "cnonce-of-15-bytes",
            "16 bytes everywhere but for digits",
            good.clone().claim(39, bytes(&[1; 15])).qr(),
        ),
        (
            "cnonce-of-7-digits",
            "8 digits for dl1:code",
            digits(world).claim(39, bytes(b"2046137")).qr(),
        ),
        (
            "staple-as-array",
            "a staple is a byte string",
            good.clone().claim(-70_010, array(&[])).qr(),
        ),
        (
            "aud-of-65-bytes",
            "an aud is at most 64",
            good.clone().claim(3, text(&"x".repeat(65))).qr(),
        ),
        (
            "wrong-vct",
            "another kind of credential",
            with_claim(11, text("urn:vidimus:dl:2")),
        ),
        (
            "credential-wrong-typ",
            "typ of a token",
            world
                .around(world.credential().head(16, int(294)).encode())
                .qr(),
        ),
        (
            "credential-of-673-bytes",
            "a credential is at most 672",
            world.around(of_length(world, 673)).qr(),
        ),
        (
            "idx-256",
            "a micro-list has 256 entries",
            with_claim(65_535, status_ref(256, URI)),
        ),
        (
            "uri-of-65-bytes",
            "a uri is at most 64",
            with_claim(
                65_535,
                status_ref(1, &format!("{PREFIX}{}", "1".repeat(65 - PREFIX.len()))),
            ),
        ),
        (
            "sub-of-15-bytes",
            "sub is 16 bytes",
            with_claim(2, bytes(&[1; 15])),
        ),
        (
            "holder-off-curve",
            "a holder key that is no point",
            with_claim(8, confirm(off_curve)),
        ),
        (
            "holder-small-order",
            "a holder key of order 4",
            with_claim(8, confirm(small_order)),
        ),
        (
            "holder-y-as-bytes",
            "P-256 points are compressed",
            with_claim(8, confirm(y_as_bytes)),
        ),
        (
            "holder-key-with-kid",
            "kty, crv, x and y only",
            with_claim(8, confirm(world.keys.holder.cose_map().at(2, bytes(b"1")))),
        ),
        (
            "number-of-33-bytes",
            "a license number is at most 32",
            long(4, 33),
        ),
        ("number-empty", "only a name may be empty", long(4, 0)),
        (
            "both-names-empty",
            "one name at least",
            with_license(license().at(1, text("")).at(2, text(""))),
        ),
        (
            "name-not-nfc",
            "e and an accent that combines",
            with_license(license().at(1, text("Rene\u{301}"))),
        ),
        (
            "name-with-override",
            "a right-to-left override",
            with_license(license().at(1, text("a\u{202e}b"))),
        ),
        (
            "name-with-line-end",
            "a control",
            with_license(license().at(1, text("a\nb"))),
        ),
        (
            "no-category",
            "one category at least",
            with_license(license().at(5, array(&[]))),
        ),
        (
            "categories-25",
            "24 categories at most",
            with_license(license().at(5, many)),
        ),
        (
            "empty-restrictions",
            "absent, or one at least",
            with_license(license().at(5, array(&[restricted(0)]))),
        ),
        (
            "restrictions-9",
            "8 at most",
            with_license(license().at(5, array(&[restricted(9)]))),
        ),
        (
            "category-ends-before-it-begins",
            "from <= until",
            with_license(license().at(5, array(&[category("B", Some(2), Some(1))]))),
        ),
        (
            "born-after-issue",
            "birth <= issue",
            with_license(license().at(3, int(18_415))),
        ),
        (
            "expiry-before-issue",
            "issue <= expiry",
            with_license(license().at(7, int(18_413))),
        ),
        (
            "date-before-1800",
            "1799-12-31",
            with_license(license().at(3, int(-62_092))),
        ),
        (
            "country-lower-case",
            "two of A-Z",
            with_license(license().at(8, text("zz"))),
        ),
        (
            "country-of-three",
            "two of A-Z",
            with_license(license().at(8, text("ZZZ"))),
        ),
        (
            "no-digest",
            "exactly one digest",
            with_license(license().with(redacted_keys(), array(&[]))),
        ),
        (
            "unknown-license-item",
            "maps are closed",
            with_license(license().at(9, bytes(&jpeg()))),
        ),
        (
            "boolean-for-number",
            "idx as false",
            with_claim(65_535, status_ref_false()),
        ),
        ("empty-disclosures", "absent, or one", disclosed(&[])),
        (
            "disclosure-twice",
            "one at most",
            disclosed(&[portrait.clone(), portrait]),
        ),
        (
            "disclosure-no-portrait",
            "it matches, and is no portrait",
            world
                .around(
                    world
                        .credential()
                        .claim(-70_001, its_digest.encode())
                        .beside(17, array(&[bytes(&no_portrait)]))
                        .encode(),
                )
                .qr(),
        ),
    ];
    texts
        .into_iter()
        .map(|(name, why, text)| {
            let code = if text.starts_with("DL1:") {
                "malformed"
            } else {
                "not_a_token"
            };
            Case::new(name, why, text).unread().refuse(&[code])
        })
        .collect()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).to_vec()
}

/// One character more than whole triples and pairs make.
fn dangling(text: &str) -> String {
    let whole = 4 + (text.len() - 4) / 3 * 3;
    text[..whole].to_owned() + "0"
}

fn restricted(count: usize) -> Vec<u8> {
    array(&[text("B"), int(1), int(2), array(&vec![text("70"); count])])
}

fn status_ref_false() -> Vec<u8> {
    let list = Map::default()
        .with(text("idx"), vec![FALSE])
        .with(text("uri"), text(URI));
    Map::default()
        .with(text("status_list"), list.encode())
        .encode()
}

fn detached(object: &Object) -> Vec<u8> {
    let parts = [
        bytes(&object.header.encode()),
        head(5, 0),
        vec![0xf6],
        bytes(&[1; 64]),
    ];
    tag(18, &array(&parts))
}

fn short_signature(object: &Object) -> Vec<u8> {
    let parts = [
        bytes(&object.header.encode()),
        head(5, 0),
        bytes(&object.claims.encode()),
        bytes(&[1; 63]),
    ];
    tag(18, &array(&parts))
}

/// A credential of just this many bytes.
pub(in crate::vectors) fn of_length(world: &World, length: usize) -> Vec<u8> {
    filled(world, length).1
}

/// The restriction codes of a credential of just this many bytes, 5 a category, and the credential.
pub(in crate::vectors) fn filled(world: &World, length: usize) -> (Vec<String>, Vec<u8>) {
    let credential = |codes: &[String]| {
        let categories = codes.chunks(5).map(|codes| {
            let codes: Vec<_> = codes.iter().map(|code| text(code)).collect();
            array(&[text("B"), int(14_610), int(23_891), array(&codes)])
        });
        let license = license().at(5, array(&categories.collect::<Vec<_>>()));
        world.credential().claim(-70_001, license.encode()).encode()
    };
    (0..24)
        .flat_map(|full| (1..=16).flat_map(move |last| [(full, 16, last), (full, 15, last)]))
        .map(|(full, middle, last)| {
            let [middle, last] = [middle, last].map(|length| "r".repeat(length));
            [vec!["r".repeat(16); full], vec![middle, last]].concat()
        })
        .map(|codes| (codes.clone(), credential(&codes)))
        .find(|(_, credential)| credential.len() == length)
        .unwrap()
}
