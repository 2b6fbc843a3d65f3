//! The token's times, and the challenge that it answers.

use super::accepted::{answer, digits, old_license_token};
use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{bytes, int, text};
use crate::vectors::objects::{
    DAY, HOUR, NOW, Object, READER, TODAY, cnonce, entries, license, status, token, trust,
};

/// The token's times, and the challenge that it answers.
pub(super) fn times(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let token_of = |iat: i64, exp: i64| world.token().claim(6, int(iat)).claim(4, int(exp)).qr();
    let good = world.token();
    let from = |credential: Object| world.around(credential.encode()).qr();
    let asked = |case: Case| case.asked(&cnonce(), READER);
    let late = answer(world)
        .claim(6, int(NOW - 600))
        .claim(4, int(NOW - 570))
        .qr();
    let early = answer(world)
        .claim(6, int(NOW + 600))
        .claim(4, int(NOW + 630))
        .qr();
    vec![
        Case::new(
            "expired",
            "a screenshot a second past exp + skew",
            good.qr(),
        )
        .now(NOW + 56)
        .refuse(&["expired"]),
        Case::new(
            "for-tomorrow",
            "iat ahead by more than the skew",
            token_of(NOW + 31, NOW + 61),
        )
        .times(NOW + 31, NOW + 61)
        .refuse(&["not_yet_valid"]),
        Case::new(
            "life-of-31",
            "a second more than the policy's",
            token_of(NOW - 5, NOW + 26),
        )
        .times(NOW - 5, NOW + 26)
        .refuse(&["life_too_long"]),
        Case::new(
            "life-of-a-year",
            "signed to last",
            token_of(NOW - 5, NOW + 365 * DAY),
        )
        .times(NOW - 5, NOW + 365 * DAY)
        .refuse(&["life_too_long", "times_inconsistent"]),
        Case::new("no-life", "exp = iat", token_of(NOW, NOW))
            .times(NOW, NOW)
            .refuse(&["times_inconsistent"]),
        Case::new(
            "iat-before-credential",
            "a token older than its credential",
            {
                let credential = world.credential().claim(6, int(NOW - 4)).encode();
                let staple = status(keys, 0, 4).encode();
                token(&keys.holder, credential, Some(staple)).qr()
            },
        )
        .state("valid", NOW - 4, "staple")
        .refuse(&["times_inconsistent"]),
        Case::new(
            "iat-before-staple",
            "a token older than its staple",
            world.stapled(status(keys, 0, 4).encode()).qr(),
        )
        .state("valid", NOW - 4, "staple")
        .refuse(&["times_inconsistent"]),
        Case::new(
            "iat-before-unusable-staple",
            "a broken staple has no iat to compare",
            world
                .stapled(status(keys, 0, 4).forged_by(&keys.stranger).encode())
                .qr(),
        )
        .no_state()
        .caution(&["status_unusable"]),
        Case::new(
            "exp-after-credential",
            "a token that outlives its credential",
            from(world.credential().claim(4, int(NOW + 24))),
        )
        .refuse(&["times_inconsistent"]),
        Case::new(
            "credential-exp-before-iat",
            "a credential that ends before it begins",
            {
                let credential = world.credential().claim(6, int(NOW - 5));
                let credential = credential.claim(4, int(NOW - 6)).encode();
                let staple = status(keys, 0, 5).encode();
                token(&keys.holder, credential, Some(staple)).qr()
            },
        )
        .state("valid", NOW - 5, "staple")
        .refuse(&["times_inconsistent"]),
        Case::new(
            "credential-expired",
            "a second past the credential's exp + skew",
            {
                let credential = world.credential().claim(4, int(NOW - 31)).encode();
                world
                    .around(credential)
                    .claim(6, int(NOW - 61))
                    .claim(4, int(NOW - 31))
                    .qr()
            },
        )
        .times(NOW - 61, NOW - 31)
        .refuse(&["credential_expired", "expired"]),
        asked(Case::new(
            "challenged-credential-expired",
            "a fresh answer with an expired credential",
            {
                let credential = world.credential().claim(4, int(NOW - 31)).encode();
                world
                    .around(credential)
                    .claim(3, text(READER))
                    .claim(39, bytes(&cnonce()))
                    .claim(6, int(NOW - 61))
                    .claim(4, int(NOW - 31))
                    .qr()
            },
        ))
        .challenged()
        .times(NOW - 61, NOW - 31)
        .refuse(&["credential_expired", "clock_in_doubt"]),
        Case::new(
            "license-expired",
            "a second past 24:00 of its last day + skew",
            old_license_token(world),
        )
        .now(TODAY * DAY + 31)
        .times(TODAY * DAY + 25, TODAY * DAY + 55)
        .license("ended-yesterday")
        .state("valid", TODAY * DAY - HOUR, "staple")
        .refuse(&["license_expired"]),
        Case::new(
            "license-from-tomorrow",
            "before its first day",
            from(
                world
                    .credential()
                    .claim(-70_001, license().at(6, int(TODAY + 1)).encode()),
            ),
        )
        .license("from-tomorrow")
        .refuse(&["license_not_yet_valid"]),
        Case::new("category-missing", "D is not held", good.qr())
            .category("D")
            .refuse(&["category_not_held"]),
        Case::new(
            "category-ended",
            "C1 ended on 2031-11-17",
            later_than_c1(world),
        )
        .now(22_601 * DAY + 31)
        .times(22_601 * DAY + 30, 22_601 * DAY + 60)
        .trust(long_lived(world))
        .category("C1")
        .state("valid", 22_601 * DAY - HOUR, "staple")
        .refuse(&["category_not_held"]),
        Case::new(
            "unasked-cnonce",
            "an answer where nothing was asked",
            world.token().claim(39, bytes(&cnonce())).qr(),
        )
        .challenged()
        .refuse(&["wrong_challenge"]),
        Case::new(
            "unasked-reader",
            "a token for another, without a cnonce",
            world.token().claim(3, text(READER)).qr(),
        )
        .refuse(&["wrong_reader"]),
        asked(Case::new(
            "challenged-other-cnonce",
            "an answer to another question",
            answer(world).claim(39, bytes(&[9; 16])).qr(),
        ))
        .challenged()
        .refuse(&["wrong_challenge"]),
        asked(Case::new(
            "challenged-one-way-token",
            "no answer at all",
            good.qr(),
        ))
        .refuse(&["wrong_challenge", "wrong_reader"]),
        asked(Case::new(
            "challenged-other-reader",
            "answered for another reader",
            answer(world).claim(3, text("Road Police, Unit 8")).qr(),
        ))
        .challenged()
        .refuse(&["wrong_reader"]),
        Case::new(
            "challenged-other-digits",
            "other digits",
            digits(world).claim(39, bytes(b"20461378")).qr(),
        )
        .asked(b"20461377", "dl1:code")
        .challenged()
        .refuse(&["wrong_challenge"]),
        asked(Case::new(
            "challenged-replay",
            "the same answer again",
            answer(world).qr(),
        ))
        .challenged()
        .seen_before()
        .refuse(&["replayed"]),
        Case::new(
            "replayed",
            "a photograph of a token that was shown here",
            good.qr(),
        )
        .seen_before()
        .refuse(&["replayed"]),
        asked(Case::new(
            "challenged-clock-behind",
            "the right cnonce, ten minutes old",
            late,
        ))
        .challenged()
        .times(NOW - 600, NOW - 570)
        .caution(&["clock_in_doubt"]),
        asked(Case::new(
            "challenged-clock-ahead",
            "the right cnonce, from the future",
            early,
        ))
        .challenged()
        .times(NOW + 600, NOW + 630)
        .caution(&["clock_in_doubt"]),
        asked(Case::new(
            "challenged-in-its-last-second",
            "120 seconds after it was asked",
            answer(world).qr(),
        ))
        .asked_ago(120)
        .challenged(),
        asked(Case::new(
            "challenged-too-late",
            "a second later",
            answer(world).qr(),
        ))
        .asked_ago(121)
        .challenged()
        .refuse(&["wrong_challenge"]),
        Case::new(
            "challenged-digits-too-late",
            "digits have the same end",
            digits(world).qr(),
        )
        .asked(b"20461377", "dl1:code")
        .asked_ago(121)
        .challenged()
        .refuse(&["wrong_challenge"]),
        asked(Case::new(
            "challenged-no-life",
            "faults between signed times are refused there too",
            answer(world).claim(4, int(NOW - 5)).qr(),
        ))
        .challenged()
        .times(NOW - 5, NOW - 5)
        .refuse(&["times_inconsistent"]),
    ]
}

/// Shown after the last day of category C1, of a credential of that time.
fn later_than_c1(world: &World) -> String {
    let midnight = 22_601 * DAY;
    let credential = world
        .credential()
        .claim(6, int(midnight - DAY))
        .claim(4, int(midnight + DAY))
        .encode();
    let staple = status(&world.keys, 0, NOW - midnight + HOUR).encode();
    token(&world.keys.holder, credential, Some(staple))
        .claim(6, int(midnight + 30))
        .claim(4, int(midnight + 60))
        .qr()
}

/// A trust list that lasts, with keys that last.
fn long_lived(world: &World) -> Vec<u8> {
    let end = int(NOW + 3650 * DAY);
    let entries: Vec<_> = entries(&world.keys)
        .into_iter()
        .map(|entry| entry.at(4, end.clone()))
        .collect();
    trust(&world.keys, &entries).claim(4, end).encode()
}
