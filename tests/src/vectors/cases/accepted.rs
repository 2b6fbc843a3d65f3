//! Tokens that are good, and those at the edge of it.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, array, bytes, int, text};
use crate::vectors::objects::{
    DAY, HOUR, NOW, Object, READER, TODAY, cnonce, credential, disclosure, entries, license,
    status, token, trust,
};

/// Tokens that are good, and those at the edge of it.
pub(super) fn accepted(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let good = || world.token();
    let p256 = token(
        &keys.holder_p256,
        credential(keys, &keys.holder_p256).encode(),
        Some(world.staple(0)),
    );
    let portrait = world
        .credential()
        .beside(17, array(&[bytes(&disclosure())]));
    let ends_with = |exp: i64| {
        let credential = world.credential().claim(4, int(exp)).encode();
        world.around(credential)
    };
    let old_token = |now: i64| good().claim(6, int(now - 5)).claim(4, int(now + 25)).qr();
    vec![
        Case::new(
            "one-way-ed25519",
            "a fresh token of a key in the vault",
            good().qr(),
        ),
        Case::new(
            "one-way-p256",
            "a fresh token of a phone's hardware key",
            p256.qr(),
        ),
        Case::new("line-feed", "a final LF is dropped", good().qr() + "\n"),
        Case::new("two-line-feeds", "so are two of them", good().qr() + "\n\n"),
        Case::new(
            "final-carriage-return",
            "so is a CR alone",
            good().qr() + "\r",
        ),
        Case::new(
            "blanks-at-both-ends",
            "blanks, tabs and a byte order mark at the ends are dropped",
            format!("\u{feff} \t{} \n ", good().qr()),
        ),
        Case::new(
            "wrapped-at-76",
            "line breaks inside are dropped, and the blanks of the Base45 stay",
            lines(&good().qr(), "\n"),
        ),
        Case::new(
            "wrapped-and-indented",
            "where that says nothing, blanks beside the line breaks are dropped too",
            lines(&good().qr(), "\r\n    "),
        ),
        Case::new(
            "wrapped-at-blanks",
            "and then each line break is the blank that it took the place of",
            good().qr().replace(' ', "\n"),
        ),
        Case::new(
            "carriage-return-line-feed",
            "a final CRLF is dropped",
            good().qr() + "\r\n",
        ),
        Case::new(
            "with-portrait",
            "the portrait is disclosed and matches",
            world.around(portrait.encode()).qr(),
        ),
        Case::new("last-second", "now = exp + skew", good().qr()).now(NOW + 55),
        Case::new("first-second", "now = iat - skew", good().qr()).now(NOW - 35),
        Case::new("longest-life", "30 seconds are the policy's", good().qr()),
        Case::new(
            "credential-ends-with-token",
            "the token's exp is the credential's",
            ends_with(NOW + 25).qr(),
        ),
        Case::new(
            "key-in-its-last-second",
            "now = the credential key's exp + skew",
            good().qr(),
        )
        .trust(trust(keys, &with_first(world, |entry| entry.at(4, int(NOW - 30)))).encode()),
        Case::new(
            "key-in-its-first-second",
            "nbf = the credential's iat",
            good().qr(),
        )
        .trust(
            trust(
                keys,
                &with_first(world, |entry| entry.at(3, int(NOW - HOUR))),
            )
            .encode(),
        ),
        Case::new(
            "license-in-its-last-second",
            "24:00 of its last day + skew",
            old_license_token(world),
        )
        .now(TODAY * DAY + 30)
        .times(TODAY * DAY + 25, TODAY * DAY + 55)
        .license("ended-yesterday")
        .state("valid", TODAY * DAY - HOUR, "staple"),
        Case::new("category-held", "B has no gap today", good().qr()).category("B"),
        Case::new(
            "challenged-ed25519",
            "answers 16 bytes of a named reader",
            answer(world).qr(),
        )
        .asked(&cnonce(), READER)
        .challenged(),
        Case::new(
            "challenged-digits",
            "answers 8 digits that were read out",
            digits(world).qr(),
        )
        .asked(b"20461377", "dl1:code")
        .challenged(),
        Case::new(
            "seen-once-elsewhere",
            "a staple of the second of iat",
            world.stapled(status(keys, 0, 5).encode()).qr(),
        )
        .state("valid", NOW - 5, "staple"),
        Case::new(
            "later-day",
            "the same license, a week on, with its own staple",
            later(world),
        )
        .now(NOW + 7 * DAY)
        .times(NOW + 7 * DAY - 5, NOW + 7 * DAY + 25)
        .state("valid", NOW + 7 * DAY - HOUR, "staple"),
        Case::new(
            "credential-in-its-last-second",
            "now = the credential's exp + skew",
            ends_with(NOW + 25).qr(),
        )
        .now(NOW + 55),
        Case::new(
            "clock-behind-within-skew",
            "the reader's clock is 25 s slow",
            old_token(NOW + 30),
        )
        .now(NOW)
        .times(NOW + 25, NOW + 55),
    ]
}

pub(super) fn with_first(world: &World, change: impl FnOnce(Map) -> Map) -> Vec<Map> {
    let mut entries = entries(&world.keys);
    entries[0] = change(entries[0].clone());
    entries
}

/// A license whose last day was yesterday, shown 25 seconds past midnight.
pub(super) fn old_license_token(world: &World) -> String {
    let midnight = TODAY * DAY;
    let ended = license().at(7, int(TODAY - 1)).encode();
    let staple = status(&world.keys, 0, NOW - midnight + HOUR).encode();
    token(
        &world.keys.holder,
        world
            .credential()
            .claim(-70_001, ended)
            .claim(6, int(midnight - DAY))
            .encode(),
        Some(staple),
    )
    .claim(6, int(midnight + 25))
    .claim(4, int(midnight + 55))
    .qr()
}

fn later(world: &World) -> String {
    let now = NOW + 7 * DAY;
    let staple = status(&world.keys, 0, HOUR - 7 * DAY).encode();
    world
        .stapled(staple)
        .claim(6, int(now - 5))
        .claim(4, int(now + 25))
        .qr()
}

pub(super) fn answer(world: &World) -> Object {
    world
        .token()
        .claim(3, text(READER))
        .claim(39, bytes(&cnonce()))
}

pub(super) fn digits(world: &World) -> Object {
    world
        .token()
        .claim(3, text("dl1:code"))
        .claim(39, bytes(b"20461377"))
}

/// The text in lines of 76 characters, as mail programs wrap it.
fn lines(text: &str, between: &str) -> String {
    let mut lines = String::new();
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % 76 == 0 {
            lines.push_str(between);
        }
        lines.push(character);
    }
    lines
}
