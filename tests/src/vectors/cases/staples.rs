//! States, widths, ages and layouts of a staple.

use super::malformed::of_length;
use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, bytes, int, nested, text};
use crate::vectors::objects::{
    DAY, HOUR, NOW, Object, READER, cnonce, list, sign1, status, status_list, token,
};
use crate::vectors::zlib::{deflate, store};

/// States, widths, ages and layouts of a staple.
pub(super) fn staples(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let says = |name, why, value| Case::new(name, why, world.stapled(world.staple(value)).qr());
    let at = |state| (state, NOW - HOUR, "staple");
    let is = |case: Case, (state, as_of, source): (_, _, _)| case.state(state, as_of, source);
    let wide = |name, why, bits: u8, value: u8| {
        let list = status_list(bits, &deflate(&list(value, bits))).encode();
        Case::new(
            name,
            why,
            world
                .stapled(status(keys, 0, HOUR).claim(65_533, list).encode())
                .qr(),
        )
    };
    let aged = |name, why, value: u8, age: i64| {
        Case::new(
            name,
            why,
            world
                .long_held(Some(status(keys, value, age).encode()))
                .qr(),
        )
    };
    let any_order = |name, why, list: &Map| {
        let status = status(keys, 0, HOUR).claim(65_533, list.encode_backwards());
        let (header, payload) = (
            status.header.encode_backwards(),
            status.claims.encode_backwards(),
        );
        let signed = sign1(
            18,
            &header,
            &Map::default().encode(),
            &payload,
            &keys.status,
        );
        Case::new(name, why, world.stapled(signed).qr())
    };
    let four = || status_list(4, &deflate(&list(0, 4)));
    let short_lived = status(keys, 0, HOUR).claim(4, int(NOW - 31)).encode();
    let short_revoked = status(keys, 1, HOUR).claim(4, int(NOW - 31)).encode();
    let last_second = status(keys, 0, HOUR).claim(4, int(NOW - 30)).encode();
    let stored = status(keys, 0, HOUR)
        .claim(65_533, status_list(4, &store(&list(0, 4))).encode())
        .encode();
    let long = status(keys, 0, HOUR)
        .claim(65_533, status_list(8, &deflate(&[0; 65_536])).encode())
        .encode();
    let short = status(keys, 0, HOUR)
        .claim(65_533, status_list(4, &deflate(&[0; 22])).encode())
        .encode();
    let longest = of_length(world, 672);
    let uri = |object: Object| object.encode();
    vec![
        is(says("revoked", "0x01", 1), at("revoked")).refuse(&["revoked"]),
        is(says("suspended", "0x02", 2), at("suspended")).refuse(&["suspended"]),
        is(says("lapsed", "0x03", 3), at("lapsed")).refuse(&["lapsed"]),
        is(says("points-limit", "0x0C", 12), at("points_limit")).refuse(&["points_limit"]),
        is(says("unresolved", "0x0D", 13), at("unresolved")).caution(&["unresolved"]),
        is(says("superseded", "0x0E", 14), at("superseded")).refuse(&["superseded"]),
        is(
            says("unlisted-value", "0x04 means nothing", 4),
            at("unknown"),
        )
        .caution(&["status_unknown"]),
        is(says("update-waiting", "0x0F", 15), at("update_waiting")),
        wide("bits-1-valid", "a list of 1 bit", 1, 0),
        is(
            wide("bits-1-revoked", "a list of 1 bit", 1, 1),
            at("revoked"),
        )
        .refuse(&["revoked"]),
        is(
            wide("bits-2-lapsed", "a list of 2 bits", 2, 3),
            at("lapsed"),
        )
        .refuse(&["lapsed"]),
        is(
            wide("bits-8-unresolved", "a list of 8 bits", 8, 13),
            at("unresolved"),
        )
        .caution(&["unresolved"]),
        is(
            wide("bits-8-unlisted", "0x81 is not 0x01", 8, 0x81),
            at("unknown"),
        )
        .caution(&["status_unknown"]),
        any_order(
            "any-order",
            "the maps of a status token may stand in any order",
            &four(),
        ),
        any_order(
            "aggregation-uri",
            "it is not used",
            &four().with(text("aggregation_uri"), text("https://dl.example/all")),
        ),
        any_order(
            "aggregation-uri-odd",
            "whatever its value",
            &four().with(text("aggregation_uri"), nested(10)),
        ),
        Case::new(
            "stored-blocks",
            "zlib need not compress",
            world.stapled(stored).qr(),
        ),
        Case::new(
            "list-of-64-kib",
            "a list may be longer than 256",
            world.stapled(long).qr(),
        ),
        Case::new(
            "list-of-44",
            "and shorter, where it reaches the index",
            world.stapled(short).qr(),
        ),
        is(
            aged("fresh-to-the-second", "24 hours old", 0, DAY),
            ("valid", NOW - DAY, "staple"),
        ),
        is(
            aged(
                "stale-by-a-second",
                "a second over 24 hours; ages know no skew",
                0,
                DAY + 1,
            ),
            ("valid", NOW - DAY - 1, "staple"),
        )
        .caution(&["status_stale"]),
        is(
            aged("stale-to-the-second", "7 days old", 0, 7 * DAY),
            ("valid", NOW - 7 * DAY, "staple"),
        )
        .caution(&["status_stale"]),
        is(
            aged("too-old-valid", "a second over 7 days", 0, 7 * DAY + 1),
            ("unknown", NOW - 7 * DAY - 1, "staple"),
        )
        .caution(&["status_unknown"]),
        is(
            aged(
                "too-old-suspended",
                "what is not final is unknown",
                2,
                7 * DAY + 1,
            ),
            ("unknown", NOW - 7 * DAY - 1, "staple"),
        )
        .caution(&["status_unknown"]),
        is(
            aged("stale-update-waiting", "stale like Valid", 15, DAY + 1),
            ("update_waiting", NOW - DAY - 1, "staple"),
        )
        .caution(&["status_stale"]),
        is(
            aged("too-old-update-waiting", "unknown like Valid", 15, 8 * DAY),
            ("unknown", NOW - 8 * DAY, "staple"),
        )
        .caution(&["status_unknown"]),
        is(
            aged("too-old-revoked", "what is final stays", 1, 8 * DAY),
            ("revoked", NOW - 8 * DAY, "staple"),
        )
        .refuse(&["revoked"]),
        is(
            aged("too-old-superseded", "what is final stays", 14, 8 * DAY),
            ("superseded", NOW - 8 * DAY, "staple"),
        )
        .refuse(&["superseded"]),
        is(
            aged(
                "old-suspended",
                "after the suspension, 3 days old",
                2,
                3 * DAY,
            ),
            ("suspended", NOW - 3 * DAY, "staple"),
        )
        .refuse(&["suspended"]),
        is(
            aged("old-unresolved", "no staleness beside it", 13, 3 * DAY),
            ("unresolved", NOW - 3 * DAY, "staple"),
        )
        .caution(&["unresolved"]),
        is(
            Case::new(
                "past-exp-valid",
                "an hour old, and past its exp + skew",
                world.stapled(short_lived).qr(),
            ),
            at("unknown"),
        )
        .caution(&["status_unknown"]),
        is(
            Case::new(
                "past-exp-revoked",
                "past its exp, and final",
                world.stapled(short_revoked).qr(),
            ),
            at("revoked"),
        )
        .refuse(&["revoked"]),
        Case::new(
            "status-in-its-last-second",
            "now = exp + skew",
            world.stapled(last_second).qr(),
        ),
        Case::new("no-staple", "no status at all", world.bare().qr())
            .no_state()
            .caution(&["status_missing"]),
        is(
            Case::new(
                "challenged-suspended",
                "a fresh answer changes no status",
                {
                    world
                        .stapled(world.staple(2))
                        .claim(3, text(READER))
                        .claim(39, bytes(&cnonce()))
                        .qr()
                },
            )
            .asked(&cnonce(), READER)
            .challenged(),
            at("suspended"),
        )
        .refuse(&["suspended"]),
        Case::new(
            "credential-of-672-bytes",
            "the longest credential",
            token(&keys.holder, longest, Some(uri(status(keys, 0, HOUR)))).qr(),
        )
        .license("longest"),
    ]
}
