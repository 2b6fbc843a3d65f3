//! Bundles and online lists, and which of them counts.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{Map, bytes, int, text};
use crate::vectors::objects::{
    DAY, HOUR, IDX, NOW, PREFIX, bundle, bundle_content, credential, entries, entry, list, sign1,
    status, status_ref, token, trust,
};
use crate::vectors::zlib::deflate;

/// Bundles and online lists, and which of them counts.
pub(super) fn sources(world: &World) -> Vec<Case> {
    let keys = &world.keys;
    let stapled = |name, why, value, age| {
        Case::new(
            name,
            why,
            world
                .long_held(Some(status(keys, value, age).encode()))
                .qr(),
        )
    };
    let bare = |name, why| Case::new(name, why, world.bare().qr());
    let of = |content: Map| {
        bundle(keys, 2, HOUR)
            .claim(-70_030, content.encode())
            .encode()
    };
    let unusable = |name, why, bundle: Vec<u8>| {
        bare(name, why)
            .bundle(bundle)
            .no_state()
            .caution(&["status_missing", "bundle_unusable"])
    };
    let ignored = |name, why, bundle: Vec<u8>| {
        bare(name, why)
            .bundle(bundle)
            .no_state()
            .caution(&["status_missing", "bundle_ignored"])
    };
    let elsewhere = {
        let mut all = entries(keys);
        all.push(entry(&keys.stranger, &[2], "https://dl.elsewhere.example"));
        trust(keys, &all).encode()
    };
    let index = 17 * 256 + i64::from(IDX);
    let shorter = vec![0; usize::try_from(index).unwrap() / 2];
    let leading_zero = credential(keys, &keys.holder)
        .claim(65_535, status_ref(IDX.into(), &format!("{PREFIX}017")))
        .encode();
    vec![
        bare("bundle-alone", "a bundle speaks where no staple came")
            .bundle(bundle(keys, 2, HOUR).encode())
            .state("suspended", NOW - HOUR, "bundle")
            .refuse(&["suspended"]),
        stapled(
            "bundle-newer",
            "a staple from before the suspension",
            0,
            2 * HOUR,
        )
        .bundle(bundle(keys, 2, HOUR).encode())
        .state("suspended", NOW - HOUR, "bundle")
        .refuse(&["suspended"]),
        stapled("staple-newer", "a bundle from before", 0, HOUR)
            .bundle(bundle(keys, 2, 2 * HOUR).encode()),
        stapled("online-newer", "an online list of a minute ago", 0, HOUR)
            .online(status(keys, 2, 60).encode())
            .state("suspended", NOW - 60, "online")
            .refuse(&["suspended"]),
        stapled(
            "online-older",
            "the newest counts, without exception",
            0,
            HOUR,
        )
        .online(status(keys, 1, 2 * HOUR).encode()),
        stapled(
            "newest-too-old",
            "the newest counts though it has aged",
            0,
            8 * DAY,
        )
        .bundle(bundle(keys, 2, 9 * DAY).encode())
        .state("unknown", NOW - 8 * DAY, "staple")
        .caution(&["status_unknown"]),
        stapled(
            "equal-worse-counts",
            "equal iat, and the bundle is worse",
            0,
            HOUR,
        )
        .bundle(bundle(keys, 13, HOUR).encode())
        .state("unresolved", NOW - HOUR, "bundle")
        .caution(&["unresolved"]),
        stapled(
            "equal-staple-worse",
            "equal iat, and the staple is worse",
            2,
            HOUR,
        )
        .bundle(bundle(keys, 13, HOUR).encode())
        .state("suspended", NOW - HOUR, "staple")
        .refuse(&["suspended"]),
        stapled("equal-staple-first", "all equal", 0, HOUR)
            .bundle(bundle(keys, 0, HOUR).encode())
            .online(status(keys, 0, HOUR).encode()),
        bare(
            "equal-bundle-first",
            "the bundle stands before the online list",
        )
        .bundle(bundle(keys, 0, HOUR).encode())
        .online(status(keys, 0, HOUR).encode())
        .state("valid", NOW - HOUR, "bundle"),
        Case::new(
            "bundle-too-old-revoked",
            "what is final stays, in a bundle too",
            world.long_held(None).qr(),
        )
        .bundle(bundle(keys, 1, 9 * DAY).encode())
        .state("revoked", NOW - 9 * DAY, "bundle")
        .refuse(&["revoked"]),
        ignored(
            "bundle-before-credential",
            "a second older than the credential: the index may have been another's",
            bundle(keys, 2, HOUR + 1).encode(),
        ),
        ignored(
            "bundle-prefix-ends-in-a-digit",
            "all the digits at a uri's end are its list's number",
            of(bundle_content(2).at(1, text(&format!("{PREFIX}1")))),
        ),
        ignored(
            "bundle-of-another-authority",
            "another iss",
            bundle(keys, 2, HOUR)
                .claim(1, text("https://dl.elsewhere.example"))
                .by(&keys.stranger)
                .encode(),
        )
        .trust(elsewhere),
        ignored(
            "bundle-another-prefix",
            "another prefix",
            of(bundle_content(2).at(1, text("https://dl.example/status/lists-b/"))),
        ),
        ignored(
            "bundle-too-short",
            "it ends before the license",
            of(bundle_content(2)
                .at(3, int(index))
                .at(4, bytes(&deflate(&shorter)))),
        ),
        Case::new(
            "bundle-leading-zero",
            "017 is no canonical number",
            token(&keys.holder, leading_zero, None).qr(),
        )
        .bundle(bundle(keys, 2, HOUR).encode())
        .no_state()
        .caution(&["status_missing", "bundle_ignored"]),
        ignored(
            "bundle-from-the-future-ignored",
            "one that does not speak says nothing of the clock either",
            bundle(keys, 2, -HOUR)
                .claim(
                    -70_030,
                    bundle_content(2)
                        .at(1, text("https://dl.example/x"))
                        .encode(),
                )
                .encode(),
        ),
        unusable(
            "bundle-count-too-large",
            "more entries than were inflated",
            of(bundle_content(2).at(3, int(18 * 256 + 2))),
        ),
        unusable(
            "bundle-count-too-small",
            "fewer",
            of(bundle_content(2).at(3, int(18 * 256 - 2))),
        ),
        unusable(
            "bundle-count-huge",
            "a count beyond 256 MiB",
            of(bundle_content(2).at(3, int(i64::MAX))),
        ),
        unusable(
            "bundle-forged",
            "not the key's signature",
            bundle(keys, 2, HOUR).forged_by(&keys.stranger).encode(),
        ),
        unusable(
            "bundle-of-a-credential-key",
            "not its purpose",
            bundle(keys, 2, HOUR).by(&keys.credential).encode(),
        ),
        unusable(
            "bundle-wrong-issuer",
            "the key does not speak for this iss",
            bundle(keys, 2, HOUR)
                .claim(1, text("https://dl.elsewhere.example"))
                .encode(),
        ),
        unusable(
            "bundle-unsorted",
            "its keys are sorted, unlike a status token's",
            {
                let object = bundle(keys, 2, HOUR);
                sign1(
                    18,
                    &object.header.encode(),
                    &Map::default().encode(),
                    &object.claims.encode_backwards(),
                    &keys.status,
                )
            },
        ),
        unusable("bundle-not-cbor", "no object", vec![0xff]),
        stapled("bundle-unusable-beside", "a good staple stands", 0, HOUR)
            .bundle(vec![0xff])
            .accept(&["bundle_unusable"]),
        stapled("bundle-ignored-beside", "a good staple stands", 0, HOUR)
            .bundle(of(
                bundle_content(2).at(1, text("https://dl.example/status/lists-b/"))
            ))
            .accept(&["bundle_ignored"]),
        bare(
            "bundle-odd-count",
            "bits behind the last entry are not looked at",
        )
        .bundle({
            let lists = [
                vec![0; 17 * 128],
                list(2, 4)[..=usize::from(IDX) / 2].to_vec(),
            ]
            .concat();
            let last = lists.len() - 1;
            let mut lists = lists;
            lists[last] |= 0xf0;
            of(bundle_content(2)
                .at(3, int(index + 1))
                .at(4, bytes(&deflate(&lists))))
        })
        .state("suspended", NOW - HOUR, "bundle")
        .refuse(&["suspended"]),
    ]
}
