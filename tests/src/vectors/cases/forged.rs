//! Keys, signatures, disclosures: who said it.

use super::accepted::with_first;
use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, array, bytes, int, text};
use crate::vectors::objects::{
    HOUR, ISS, NOW, credential, entries, entry, license, status, token, trust,
};

/// Keys, signatures, disclosures: who said it.
pub(super) fn forged(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let good = world.token().qr();
    let listed = |change: Vec<Map>| trust(keys, &change).encode();
    let with = |change: Map| {
        let mut all = entries(keys);
        all.push(change);
        listed(all)
    };
    let by_stranger = world
        .around(world.credential().by(&keys.stranger).encode())
        .qr();
    let first = |change: fn(Map) -> Map| listed(with_first(world, change));
    let twisted = with_first(world, |entry| {
        entry.at(3, int(NOW - HOUR)).at(4, int(NOW - HOUR - 20))
    });
    let foreign = array(&[bytes(&[7; 16]), bytes(b"another picture"), int(9)]);
    let other_iss = world
        .credential()
        .claim(1, text("https://dl.elsewhere.example"));
    let other_country = world
        .credential()
        .claim(-70_001, license().at(8, text("ZX")).encode());
    vec![
        Case::new(
            "unknown-key",
            "a kid that no list names",
            by_stranger.clone(),
        )
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "unknown-purpose-skipped",
            "its key's only purpose is unknown",
            by_stranger.clone(),
        )
        .trust(with(entry(&keys.stranger, &[77], ISS)))
        .forged()
        .refuse(&["unknown_key"]),
        Case::new(
            "wrong-purpose",
            "a status key signs a credential",
            world
                .around(world.credential().by(&keys.status).encode())
                .qr(),
        )
        .forged()
        .refuse(&["wrong_key_purpose"]),
        Case::new(
            "wrong-purpose-reader",
            "a reader's key signs a credential",
            world
                .around(world.credential().by(&keys.reader).encode())
                .qr(),
        )
        .forged()
        .refuse(&["wrong_key_purpose"]),
        Case::new(
            "wrong-issuer",
            "an iss that is not the key's",
            world.around(other_iss.encode()).qr(),
        )
        .forged()
        .refuse(&["wrong_issuer"]),
        Case::new(
            "wrong-issuer-of-entry",
            "another authority's key signs",
            by_stranger.clone(),
        )
        .trust(with(entry(
            &keys.stranger,
            &[1],
            "https://dl.elsewhere.example",
        )))
        .forged()
        .refuse(&["wrong_issuer"]),
        Case::new(
            "wrong-country",
            "a country that is not the key's",
            world.around(other_country.encode()).qr(),
        )
        .forged()
        .refuse(&["wrong_issuer"]),
        Case::new(
            "key-expired",
            "a second past the key's exp + skew",
            good.clone(),
        )
        .trust(first(|entry| entry.at(4, int(NOW - 31))))
        .refuse(&["key_not_in_force"]),
        Case::new(
            "key-not-begun",
            "signed a second before the key's nbf",
            good.clone(),
        )
        .trust(first(|entry| entry.at(3, int(NOW - HOUR + 1))))
        .forged()
        .refuse(&["key_not_in_force"]),
        Case::new(
            "key-times-out-of-order",
            "exp before nbf: never good, though skew would bridge it",
            {
                let credential = world.credential().claim(6, int(NOW - HOUR)).encode();
                let staple = status(keys, 0, HOUR).encode();
                token(&keys.holder, credential, Some(staple))
                    .claim(6, int(NOW - HOUR))
                    .claim(4, int(NOW - HOUR + 30))
                    .qr()
            },
        )
        .now(NOW - HOUR)
        .times(NOW - HOUR, NOW - HOUR + 30)
        .trust(listed(twisted))
        .forged()
        .refuse(&["key_not_in_force"]),
        Case::new(
            "credential-signature",
            "signed by another than its kid",
            world
                .around(world.credential().forged_by(&keys.stranger).encode())
                .qr(),
        )
        .forged()
        .refuse(&["bad_signature"]),
        Case::new(
            "credential-alg",
            "-9 in the header of an Ed25519 key",
            world
                .around(world.credential().head(1, int(-9)).encode())
                .qr(),
        )
        .forged()
        .refuse(&["bad_signature"]),
        Case::new(
            "credential-alg-eddsa",
            "-8 is no fully specified algorithm",
            world
                .around(world.credential().head(1, int(-8)).encode())
                .qr(),
        )
        .forged()
        .refuse(&["bad_signature"]),
        Case::new(
            "other-phone",
            "another phone's key signs",
            world.token().forged_by(&keys.stranger).qr(),
        )
        .refuse(&["not_bound_to_device"]),
        Case::new(
            "other-phone-p256",
            "another phone's hardware signs",
            token(
                &keys.holder_p256,
                credential(keys, &keys.holder_p256).encode(),
                Some(world.staple(0)),
            )
            .forged_by(&keys.stranger_p256)
            .qr(),
        )
        .refuse(&["not_bound_to_device"]),
        Case::new(
            "token-alg",
            "-9 in the header for an Ed25519 holder",
            world.token().head(1, int(-9)).qr(),
        )
        .refuse(&["bad_signature", "not_bound_to_device"]),
        Case::new(
            "token-alg-p256",
            "-19 in the header for a P-256 holder",
            token(
                &keys.holder_p256,
                credential(keys, &keys.holder_p256).encode(),
                Some(world.staple(0)),
            )
            .head(1, int(-19))
            .qr(),
        )
        .refuse(&["bad_signature", "not_bound_to_device"]),
        Case::new(
            "foreign-portrait",
            "a disclosure that matches no digest",
            world
                .around(
                    world
                        .credential()
                        .beside(17, array(&[bytes(&foreign)]))
                        .encode(),
                )
                .qr(),
        )
        .refuse(&["disclosure_mismatch"]),
    ]
}
