//! Keys that were retired: what they signed until then is good, what is dated later is not.

use super::accepted::with_first;
use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, int};
use crate::vectors::objects::{DAY, HOUR, ISS, NOW, bundle, entries, entry, status, trust};

/// Keys that were retired.
pub(super) fn retired(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let good = || world.token().qr();
    let credential_key = |until: i64| {
        let entries = with_first(world, |entry| entry.at(8, int(until)));
        trust(keys, &entries).encode()
    };
    let status_key = |until: i64| {
        let mut entries = entries(keys);
        entries[1] = entries[1].clone().at(8, int(until));
        entries
    };
    let retired_status = |until: i64| trust(keys, &status_key(until)).encode();
    // The key that signs statuses now.
    let with_another = |entries: Vec<Map>| {
        let other = entry(&keys.stranger, &[2], ISS);
        trust(keys, &[entries, vec![other]].concat()).encode()
    };
    vec![
        Case::new(
            "retired-key-in-its-last-second",
            "signed_until = the credential's iat",
            good(),
        )
        .trust(credential_key(NOW - HOUR)),
        Case::new(
            "retired-key-dated-after",
            "a second after signed_until, with no skew: two signed times",
            good(),
        )
        .trust(credential_key(NOW - HOUR - 1))
        .forged()
        .refuse(&["key_not_in_force"]),
        Case::new(
            "retired-key-dated-before",
            "until the key's exp a back-dated credential is good: only leaving the key out helps",
            world
                .around(world.credential().claim(6, int(NOW - 20 * DAY)).encode())
                .qr(),
        )
        .trust(credential_key(NOW - 10 * DAY)),
        Case::new(
            "retired-before-it-began",
            "signed_until before nbf: never good",
            good(),
        )
        .trust({
            let entries = with_first(world, |entry| {
                entry.at(3, int(NOW - HOUR)).at(8, int(NOW - HOUR - 1))
            });
            trust(keys, &entries).encode()
        })
        .forged()
        .refuse(&["key_not_in_force"]),
        Case::new(
            "retired-key-in-the-future",
            "a signed_until ahead of the clock says nothing yet",
            good(),
        )
        .trust(credential_key(NOW + DAY)),
        Case::new(
            "staple-of-a-retired-key",
            "a status dated after the key was retired: no refusal, and no status",
            world.stapled(world.staple(0)).qr(),
        )
        .trust(retired_status(NOW - HOUR - 1))
        .no_state()
        .caution(&["status_unusable"]),
        Case::new(
            "staple-of-a-retired-key-before",
            "a status of the key's last second",
            world.stapled(world.staple(0)).qr(),
        )
        .trust(retired_status(NOW - HOUR)),
        Case::new(
            "staple-of-a-thief-and-a-bundle",
            "a status by the retired key does not beat the bundle",
            world.stapled(status(keys, 0, 60).encode()).qr(),
        )
        .trust(with_another(status_key(NOW - 2 * HOUR)))
        .bundle(bundle(keys, 2, HOUR).by(&keys.stranger).encode())
        .state("suspended", NOW - HOUR, "bundle")
        .refuse(&["suspended", "status_unusable"]),
        Case::new(
            "online-of-a-retired-key",
            "the same, fetched",
            world.bare().qr(),
        )
        .trust(retired_status(NOW - HOUR - 1))
        .online(world.staple(0))
        .no_state()
        .caution(&["status_unusable"]),
        Case::new(
            "bundle-of-a-retired-key",
            "a bundle dated after the key was retired",
            world.bare().qr(),
        )
        .trust(retired_status(NOW - HOUR - 1))
        .bundle(bundle(keys, 0, HOUR).encode())
        .no_state()
        .caution(&["status_missing", "bundle_unusable"]),
    ]
}
