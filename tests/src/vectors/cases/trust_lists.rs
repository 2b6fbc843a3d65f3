//! The trust list itself, and what it says of the clock.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, array, bytes, head, int, nested, text};
use crate::vectors::objects::{
    DAY, HOUR, ISS, NOW, Object, READER, URI, bundle, entries, entry, no_point, sign1, status,
    trust,
};

/// The trust list itself, and what it says of the clock.
pub(super) fn trust_lists(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let good = || world.trust();
    let text_of = || world.token().qr();
    let by_stranger = world
        .around(world.credential().by(&keys.stranger).encode())
        .qr();
    let refused = |name, why, list: Vec<u8>| {
        Case::new(name, why, text_of())
            .trust(list)
            .forged()
            .refuse(&["trust_list_unusable"])
    };
    let with = |change: Map| {
        let mut all = entries(keys);
        all.push(change);
        trust(keys, &all).encode()
    };
    let extra = || entry(&keys.stranger, &[1], ISS);
    let future = |name, why, text: String| Case::new(name, why, text).caution(&["clock_in_doubt"]);
    let off_curve = Map::default()
        .at(1, int(1))
        .at(-1, int(6))
        .at(-2, bytes(&no_point()))
        .encode();
    let small_order = Map::default()
        .at(1, int(1))
        .at(-1, int(6))
        .at(-2, bytes(&[0; 32]))
        .encode();
    let mut not_canonical = [0xff; 32];
    (not_canonical[0], not_canonical[31]) = (0xf0, 0x7f);
    let not_canonical = Map::default()
        .at(1, int(1))
        .at(-1, int(6))
        .at(-2, bytes(&not_canonical))
        .encode();
    let unsorted = |object: Object| {
        sign1(
            18,
            &object.header.encode(),
            &Map::default().encode(),
            &object.claims.encode_backwards(),
            &keys.root,
        )
    };
    vec![
        refused(
            "trust-other-root",
            "signed by another root",
            good().by(&keys.stranger).encode(),
        ),
        refused(
            "trust-forged",
            "not the root's signature",
            good().forged_by(&keys.stranger).encode(),
        ),
        refused("trust-empty-file", "no bytes", Vec::new()),
        refused(
            "trust-wrong-typ",
            "typ of a bundle",
            good().head(16, text("application/dl1-bundle+cwt")).encode(),
        ),
        refused("trust-unsorted", "the claims backwards", unsorted(good())),
        refused(
            "trust-unknown-claim",
            "maps are closed",
            good().claim(5, int(1)).encode(),
        ),
        refused(
            "trust-claim-31",
            "claims for later begin at 32",
            good().claim(31, int(1)).encode(),
        ),
        refused(
            "trust-claim-256",
            "and end at 255",
            good().claim(256, int(1)).encode(),
        ),
        refused(
            "trust-claim-unnamed",
            "no number for private use but those that are named",
            good().claim(-70_023, int(1)).encode(),
        ),
        refused(
            "trust-later-claim-with-a-float",
            "what is skipped is deterministic CBOR too",
            good().claim(32, vec![0xf9, 0x3c, 0]).encode(),
        ),
        refused(
            "trust-later-claim-unsorted",
            "its map's keys backwards",
            good()
                .claim(
                    32,
                    Map::default()
                        .at(1, int(1))
                        .at(2, int(2))
                        .encode_backwards(),
                )
                .encode(),
        ),
        refused(
            "trust-successors-with-a-float",
            "the reserved claim is deterministic CBOR too",
            good().claim(-70_021, vec![0xf9, 0x3c, 0]).encode(),
        ),
        Case::new(
            "trust-later-claims",
            "32 and 255 are for later versions: skipped, whatever they hold",
            text_of(),
        )
        .trust(
            good()
                .claim(32, array(&[text("later"), nested(3)]))
                .claim(255, bytes(&[1]))
                .encode(),
        ),
        Case::new(
            "trust-successors",
            "the claim for successors of the root is reserved: skipped unread",
            text_of(),
        )
        .trust(
            good()
                .claim(-70_021, array(&[keys.stranger.cose_key()]))
                .encode(),
        ),
        Case::new(
            "trust-successors-of-another-shape",
            "unread, whatever its type",
            text_of(),
        )
        .trust(good().claim(-70_021, int(-1)).encode()),
        refused(
            "trust-serial-0",
            "0 is not written",
            good().claim(-70_022, int(0)).encode(),
        ),
        refused(
            "trust-serial-negative",
            "a uint",
            good().claim(-70_022, int(-1)).encode(),
        ),
        refused(
            "trust-serial-text",
            "a uint",
            good().claim(-70_022, text("1")).encode(),
        ),
        Case::new("trust-serial-largest", "64 bits", text_of())
            .trust(good().claim(-70_022, head(0, u64::MAX)).encode()),
        refused(
            "trust-kid-twice",
            "two entries with the same key",
            with(entry(&keys.credential, &[1], ISS)),
        ),
        refused(
            "trust-purpose-twice",
            "a purpose is named once",
            with(entry(&keys.stranger, &[1, 1], ISS)),
        ),
        refused(
            "trust-no-purpose",
            "one purpose at least",
            with(entry(&keys.stranger, &[], ISS)),
        ),
        refused(
            "trust-p256-credential-key",
            "authorities sign with Ed25519",
            with(entry(&keys.stranger_p256, &[1], ISS)),
        ),
        refused(
            "trust-p256-status-and-reader",
            "authorities sign with Ed25519",
            with(entry(&keys.stranger_p256, &[2, 3], READER)),
        ),
        refused(
            "trust-key-off-curve",
            "a key that is no point",
            with(extra().at(1, off_curve.clone())),
        ),
        refused(
            "trust-key-small-order",
            "a key of order 4",
            with(extra().at(1, small_order)),
        ),
        refused(
            "trust-key-not-canonical",
            "y = p + 3",
            with(extra().at(1, not_canonical)),
        ),
        refused(
            "trust-entry-without-name",
            "an entry in part",
            with(extra().without(5)),
        ),
        refused(
            "trust-entry-unknown-key",
            "maps are closed",
            with(extra().at(9, int(1))),
        ),
        refused(
            "trust-entry-key-31",
            "keys for later begin at 32",
            with(extra().at(31, int(1))),
        ),
        refused(
            "trust-entry-key-256",
            "and end at 255",
            with(extra().at(256, int(1))),
        ),
        refused(
            "trust-entry-later-key-with-a-float",
            "what is skipped is deterministic CBOR too",
            with(extra().at(32, vec![0xf9, 0x3c, 0])),
        ),
        Case::new(
            "trust-entry-later-keys",
            "32 and 255 are skipped, and the entry holds",
            text_of(),
        )
        .trust({
            let mut all = entries(keys);
            all[0] = all[0].clone().at(32, nested(3)).at(255, text("later"));
            trust(keys, &all).encode()
        }),
        refused(
            "trust-signed-until-negative",
            "a uint",
            with(extra().at(8, int(-1))),
        ),
        refused(
            "trust-signed-until-past-9999",
            "a time",
            with(extra().at(8, int(253_402_300_800))),
        ),
        refused(
            "trust-unknown-purpose-bad-signed-until",
            "an entry that is skipped is laid out well",
            with(entry(&keys.stranger, &[77], ISS).at(8, text("soon"))),
        ),
        refused(
            "trust-unknown-purpose-bad-layout",
            "an entry that is skipped is laid out well",
            with(entry(&keys.stranger, &[77], ISS).without(7)),
        ),
        refused(
            "trust-country-lower-case",
            "two of A-Z",
            with(extra().at(6, text("zz"))),
        ),
        Case::new(
            "trust-unknown-purpose-bad-key",
            "its key is not read",
            text_of(),
        )
        .trust(with(entry(&keys.stranger, &[77], ISS).at(1, off_curve))),
        Case::new(
            "trust-entry-times-out-of-order",
            "no fault: such an entry is never good",
            text_of(),
        )
        .trust(with(extra().at(3, int(NOW)).at(4, int(NOW - DAY)))),
        Case::new("trust-in-its-last-second", "now = exp + skew", text_of())
            .trust(good().claim(4, int(NOW - 30)).encode()),
        Case::new("trust-expired", "a second past exp + skew", text_of())
            .trust(good().claim(4, int(NOW - 31)).encode())
            .caution(&["trust_list_expired"]),
        Case::new(
            "trust-expired-for-30-days",
            "now = exp + 30 days + skew: it still names keys",
            text_of(),
        )
        .trust(good().claim(4, int(NOW - 30 * DAY - 30)).encode())
        .caution(&["trust_list_expired"]),
        Case::new(
            "trust-expired-for-longer",
            "a second more: it names none",
            text_of(),
        )
        .trust(good().claim(4, int(NOW - 30 * DAY - 31)).encode())
        .forged()
        .refuse(&["trust_list_unusable", "trust_list_expired"]),
        Case::new(
            "unknown-key-of-an-old-list",
            "a second over 7 days: a newer list may name it",
            by_stranger.clone(),
        )
        .trust(good().claim(6, int(NOW - 7 * DAY - 1)).encode())
        .forged()
        .refuse(&["unknown_key", "trust_list_old"]),
        Case::new(
            "unknown-key-of-a-list-of-7-days",
            "7 days old: not yet old",
            by_stranger.clone(),
        )
        .trust(good().claim(6, int(NOW - 7 * DAY)).encode())
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "old-list-names-the-key",
            "a list may be old where it names what is needed",
            text_of(),
        )
        .trust(good().claim(6, int(NOW - 20 * DAY)).encode()),
        Case::new(
            "trust-from-the-future-within-skew",
            "30 seconds ahead",
            text_of(),
        )
        .trust(good().claim(6, int(NOW + 30)).encode()),
        future(
            "trust-from-the-future",
            "31 seconds ahead: the reader's clock is behind",
            text_of(),
        )
        .trust(good().claim(6, int(NOW + 31)).encode()),
        future(
            "bundle-from-the-future",
            "a bundle that speaks for this license",
            text_of(),
        )
        .bundle(bundle(keys, 0, -31).encode())
        .state("valid", NOW + 31, "bundle"),
        future(
            "online-from-the-future",
            "a status token of the future",
            text_of(),
        )
        .online(status(keys, 0, -31).encode())
        .state("valid", NOW + 31, "online"),
        Case::new(
            "expired-list-and-suspended",
            "the verdict's own class first",
            world.stapled(world.staple(2)).qr(),
        )
        .trust(good().claim(4, int(NOW - 31)).encode())
        .state("suspended", NOW - HOUR, "staple")
        .refuse(&["suspended", "trust_list_expired"]),
        Case::new(
            "everything-at-once",
            "all that is wrong is named, in the order of the checks",
            world
                .stapled(Vec::new())
                .forged_by(&keys.stranger)
                .claim(39, bytes(&[1; 16]))
                .qr(),
        )
        .now(NOW + 56)
        .challenged()
        .trust(good().claim(4, int(NOW - 31)).encode())
        .bundle(vec![0xff])
        .category("D")
        .no_state()
        .refuse(&[
            "not_bound_to_device",
            "expired",
            "wrong_challenge",
            "category_not_held",
            "trust_list_expired",
            "status_unusable",
            "bundle_unusable",
        ]),
        Case::new(
            "no-staple-uri",
            "a staple whose uri merely begins like the credential's",
            world
                .stapled(
                    status(keys, 1, HOUR)
                        .claim(2, text(&URI[..URI.len() - 1]))
                        .encode(),
                )
                .qr(),
        )
        .no_state()
        .caution(&["status_unusable"]),
    ]
}
