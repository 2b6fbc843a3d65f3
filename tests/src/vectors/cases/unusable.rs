//! Staples and online lists that cannot be used.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, TRUE, bytes, int, text};
use crate::vectors::objects::{
    HOUR, NOW, PREFIX, bundle, entries, entry, list, sign1, status, status_list, trust,
};
use crate::vectors::zlib::deflate;

/// Staples and online lists that cannot be used.
pub(super) fn unusable(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let base = || status(keys, 0, HOUR);
    let other = vec![entry(&keys.stranger, &[2], "https://dl.elsewhere.example")];
    let both = trust(keys, &[entries(keys), other].concat()).encode();
    let with = |name, why, staple: Vec<u8>| {
        Case::new(name, why, world.stapled(staple).qr())
            .no_state()
            .caution(&["status_unusable"])
    };
    let holds = |compressed: &[u8], bits: u8| {
        base()
            .claim(65_533, status_list(bits, compressed).encode())
            .encode()
    };
    let good = deflate(&list(0, 4));
    let odd = |list: &Map| base().claim(65_533, list.encode()).encode();
    let twice = {
        let claims = base().claims;
        let doubled = Map([&claims.0[..], &claims.0[..1]].concat());
        sign1(
            18,
            &base().header.encode(),
            &Map::default().encode(),
            &doubled.encode_as_is(),
            &keys.status,
        )
    };
    let broken = [&good[..good.len() - 1], &[good[good.len() - 1] ^ 1]].concat();
    vec![
        with("staple-empty", "no bytes", Vec::new()),
        with(
            "staple-before-credential",
            "a second older than the credential: the index may have been another's",
            status(keys, 0, HOUR + 1).encode(),
        ),
        with(
            "staple-before-credential-revoked",
            "what is final says nothing either",
            status(keys, 1, HOUR + 1).encode(),
        ),
        Case::new(
            "online-before-credential",
            "an online list a second older than the credential",
            world.bare().qr(),
        )
        .online(status(keys, 2, HOUR + 1).encode())
        .no_state()
        .caution(&["status_unusable"]),
        with(
            "staple-of-another-list",
            "another uri",
            base().claim(2, text(&format!("{PREFIX}18"))).encode(),
        ),
        with(
            "staple-of-another-authority",
            "signed for another iss",
            base().by(&keys.stranger).encode(),
        )
        .trust(both),
        with(
            "staple-of-a-stranger",
            "a kid that no list names",
            base().by(&keys.stranger).encode(),
        ),
        with(
            "staple-of-a-credential-key",
            "not its purpose",
            base().by(&keys.credential).encode(),
        ),
        with(
            "staple-forged",
            "not the key's signature",
            base().forged_by(&keys.stranger).encode(),
        ),
        with(
            "staple-alg",
            "-9 in its header",
            base().head(1, int(-9)).encode(),
        ),
        with(
            "staple-typ",
            "another typ",
            base().head(16, text("application/statuslist+jwt")).encode(),
        ),
        with(
            "staple-tag-61",
            "a CWT tag",
            [&[0xd8, 61][..], &base().encode()].concat(),
        ),
        with(
            "staple-trailing",
            "a byte follows",
            [&base().encode()[..], &[0]].concat(),
        ),
        with("staple-duplicate-key", "a claim twice", twice),
        with(
            "staple-unknown-claim",
            "maps are closed",
            base().claim(5, int(NOW)).encode(),
        ),
        with(
            "staple-without-ttl",
            "a claim is missing",
            base().no_claim(65_534).encode(),
        ),
        with(
            "staple-unprotected",
            "an extra",
            base().beside(4, bytes(b"1")).encode(),
        ),
        with(
            "staple-exp-before-iat",
            "exp = iat",
            base().claim(4, int(NOW - HOUR)).encode(),
        ),
        with(
            "staple-index-out-of-range",
            "a list of 42 entries has no index 42",
            holds(&deflate(&[0; 21]), 4),
        ),
        with(
            "staple-list-empty",
            "a list without entries",
            holds(&deflate(&[]), 4),
        ),
        with(
            "staple-bits-3",
            "bits is 1, 2, 4 or 8",
            odd(&Map::default()
                .with(text("bits"), int(3))
                .with(text("lst"), bytes(&good))),
        ),
        with(
            "staple-bits-true",
            "bits is a number",
            odd(&Map::default()
                .with(text("bits"), vec![TRUE])
                .with(text("lst"), bytes(&good))),
        ),
        with(
            "staple-inflate-bomb",
            "a byte over 64 KiB",
            holds(&deflate(&[0; 65_537]), 8),
        ),
        with(
            "staple-inflate-cut",
            "a stream cut short",
            holds(&good[..good.len() - 1], 4),
        ),
        with(
            "staple-inflate-trailing",
            "a byte behind the stream",
            holds(&[&good[..], &[0]].concat(), 4),
        ),
        with(
            "staple-inflate-checksum",
            "a wrong checksum",
            holds(&broken, 4),
        ),
        with(
            "staple-not-zlib",
            "a bare deflate stream",
            holds(&good[2..], 4),
        ),
        with(
            "online-unusable",
            "an online list with another signature",
            world.staple(0),
        )
        .online(base().forged_by(&keys.stranger).encode())
        .state("valid", NOW - HOUR, "staple")
        .accept(&["status_unusable"]),
        Case::new(
            "online-unusable-alone",
            "nothing else is there",
            world.bare().qr(),
        )
        .online(base().forged_by(&keys.stranger).encode())
        .no_state()
        .caution(&["status_unusable"]),
        with(
            "staple-unusable-bundle-good",
            "another source is good",
            Vec::new(),
        )
        .bundle(bundle(keys, 0, HOUR).encode())
        .state("valid", NOW - HOUR, "bundle")
        .accept(&["status_unusable"]),
        with(
            "staple-key-ended",
            "a second past the status key's exp + skew",
            world.staple(0),
        )
        .trust({
            let mut all = entries(keys);
            all[1] = all[1].clone().at(4, int(NOW - 31));
            trust(keys, &all).encode()
        }),
        with(
            "staple-key-not-begun",
            "signed before the status key's nbf",
            world.staple(0),
        )
        .trust({
            let mut all = entries(keys);
            all[1] = all[1].clone().at(3, int(NOW - HOUR + 1));
            trust(keys, &all).encode()
        }),
    ]
}
