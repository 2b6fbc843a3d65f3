//! What a reader held before: which trust list takes the place of which, and several bundles.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, int, text};
use crate::vectors::objects::{
    DAY, HOUR, ISS, NOW, PREFIX, bundle, bundle_content, entries, entry, trust,
};

const AHEAD: i64 = 365 * DAY;

/// What a reader held before.
pub(super) fn held(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let good = || world.token().qr();
    let bare = |name, why| Case::new(name, why, world.bare().qr());
    let by_stranger = world
        .around(world.credential().by(&keys.stranger).encode())
        .qr();
    let numbered =
        |serial: i64, iat: i64| world.trust().claim(-70_022, int(serial)).claim(6, int(iat));
    let with_stranger = || {
        let stranger = entry(&keys.stranger, &[1], ISS);
        trust(keys, &[entries(keys), vec![stranger]].concat())
    };
    let elsewhere = |value: u8, age: i64| {
        let content = bundle_content(value).at(1, text("https://dl.example/status/lists-b/"));
        bundle(keys, value, age)
            .claim(-70_030, content.encode())
            .encode()
    };
    // The status key is retired, and another signs.
    let repaired = {
        let mut all: Vec<Map> = entries(keys);
        all[1] = all[1].clone().at(8, int(NOW - 2 * HOUR));
        all.push(entry(&keys.stranger, &[2], ISS));
        trust(keys, &all).claim(-70_022, int(1)).encode()
    };
    vec![
        Case::new(
            "higher-serial-older-iat",
            "a list of a wrong clock is replaced by one of a higher serial",
            good(),
        )
        .first_trust(world.trust().claim(6, int(NOW + AHEAD)).encode())
        .trust(numbered(1, NOW - DAY).encode()),
        Case::new(
            "lower-serial-newer-iat",
            "a list of a lower serial takes nothing back",
            by_stranger.clone(),
        )
        .first_trust(numbered(2, NOW - 2 * DAY).encode())
        .trust(with_stranger().claim(-70_022, int(1)).encode())
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "no-serial-newer-iat",
            "nor does one without: that is 0",
            by_stranger.clone(),
        )
        .first_trust(numbered(1, NOW - 2 * DAY).encode())
        .trust(with_stranger().encode())
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "same-serial-older-iat",
            "on equal serials the iat decides",
            by_stranger.clone(),
        )
        .first_trust(numbered(3, NOW - HOUR).encode())
        .trust(with_stranger().claim(-70_022, int(3)).encode())
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "same-serial-newer-iat",
            "a newer list of the same serial is taken",
            by_stranger,
        )
        .first_trust(numbered(3, NOW - 2 * DAY).encode())
        .trust(with_stranger().claim(-70_022, int(3)).encode()),
        bare("two-bundles", "the second one speaks for the license")
            .first_trust(world.trust().encode())
            .first_bundle(elsewhere(0, HOUR))
            .bundle(bundle(keys, 2, HOUR).encode())
            .state("suspended", NOW - HOUR, "bundle")
            .refuse(&["suspended"]),
        bare(
            "two-bundles-the-first-speaks",
            "one of other lists does not take its place",
        )
        .first_trust(world.trust().encode())
        .first_bundle(bundle(keys, 2, HOUR).encode())
        .bundle(elsewhere(0, 60))
        .state("suspended", NOW - HOUR, "bundle")
        .refuse(&["suspended"]),
        bare("two-bundles-of-other-lists", "neither speaks")
            .first_trust(world.trust().encode())
            .first_bundle(elsewhere(0, HOUR))
            .bundle({
                let content = bundle_content(2).at(1, text(&format!("{PREFIX}more/")));
                bundle(keys, 2, HOUR)
                    .claim(-70_030, content.encode())
                    .encode()
            })
            .no_state()
            .caution(&["status_missing", "bundle_ignored"]),
        bare("bundle-newer-than-held", "it takes the other's place")
            .first_trust(world.trust().encode())
            .first_bundle(bundle(keys, 0, HOUR).encode())
            .bundle(bundle(keys, 2, 60).encode())
            .state("suspended", NOW - 60, "bundle")
            .refuse(&["suspended"]),
        bare("bundle-older-than-held", "the one held stays")
            .first_trust(world.trust().encode())
            .first_bundle(bundle(keys, 2, 60).encode())
            .bundle(bundle(keys, 0, HOUR).encode())
            .state("suspended", NOW - 60, "bundle")
            .refuse(&["suspended"]),
        bare("bundle-broken-after-a-good-one", "the one held stays")
            .first_trust(world.trust().encode())
            .first_bundle(bundle(keys, 2, HOUR).encode())
            .bundle(vec![0xff])
            .state("suspended", NOW - HOUR, "bundle")
            .refuse(&["suspended"]),
        bare(
            "bundle-after-a-clock-was-repaired",
            "one dated a year ahead by a key retired since does not stand in the way",
        )
        .first_trust(world.trust().claim(6, int(NOW + AHEAD)).encode())
        .first_bundle(bundle(keys, 0, -AHEAD).encode())
        .trust(repaired.clone())
        .bundle(bundle(keys, 2, HOUR).by(&keys.stranger).encode())
        .state("suspended", NOW - HOUR, "bundle")
        .refuse(&["suspended"]),
        bare(
            "bundle-no-longer-vouched-for",
            "until another comes, the one dated ahead says nothing",
        )
        .first_trust(world.trust().claim(6, int(NOW + AHEAD)).encode())
        .first_bundle(bundle(keys, 0, -AHEAD).encode())
        .trust(repaired)
        .no_state()
        .caution(&["status_missing", "bundle_unusable"]),
    ]
}
