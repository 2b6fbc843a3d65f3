//! Licenses: days of a place, births and ends as people have them, rows of codes, names of any
//! script.

use crate::vectors::case::{Case, World};
use crate::vectors::cbor::{FALSE, Map, NULL, array, int, text};
use crate::vectors::objects::{DAY, HOUR, NOW, TODAY, category, license, status, token};

/// Licenses that are good, those at the edges of their days, and those that are malformed.
pub(super) fn licenses(world: &World) -> Vec<Case> {
    [
        good(world),
        days_of_a_place(world),
        malformed(world, bad_dates()),
        malformed(world, bad_rows()),
        malformed(world, bad_texts()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn with(world: &World, license: &Map) -> String {
    let credential = world.credential().claim(-70_001, license.encode());
    world.around(credential.encode()).qr()
}

/// A row of several codes, or of one where there is one.
fn row(codes: &[&str], from: Option<i64>, until: Option<i64>) -> Vec<u8> {
    let day = |day: Option<i64>| day.map_or(vec![NULL], int);
    let codes: Vec<_> = codes.iter().map(|code| text(code)).collect();
    array(&[array(&codes), day(from), day(until)])
}

/// Rows that share what they can.
pub(in crate::vectors) fn shared_rows() -> Map {
    let restricted = array(&[
        array(&[text("C1"), text("C1E")]),
        int(19_000),
        int(22_600),
        array(&[text("01.06"), text("70.ZZ")]),
    ]);
    license().at(
        5,
        array(&[
            row(&["AM", "B", "L"], Some(14_610), None),
            restricted,
            category("BE", None, None),
        ]),
    )
}

/// The usual license, its birth, end, place or names changed.
pub(in crate::vectors) fn changed(key: i64, value: Vec<u8>) -> Map {
    license().at(key, value)
}

/// 128 bytes of Thai and ASCII letters.
pub(in crate::vectors) fn longest_name() -> String {
    format!("{}ab", "ก".repeat(42))
}

/// 24 codes in one row.
pub(in crate::vectors) fn codes(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("C{number}")).collect()
}

fn row_of(codes: &[String]) -> Vec<u8> {
    let codes: Vec<_> = codes.iter().map(String::as_str).collect();
    row(&codes, None, None)
}

fn good(world: &World) -> Vec<Case> {
    let shown =
        |name, why, license: &Map, named| Case::new(name, why, with(world, license)).license(named);
    let twice = license().at(
        5,
        array(&[
            category("B", Some(14_610), Some(TODAY - 2)),
            row(&["A", "B"], Some(TODAY - 9), None),
        ]),
    );
    vec![
        shown(
            "born-in-a-year",
            "the year alone is known",
            &changed(3, array(&[int(1991)])),
            "born-in-1991",
        ),
        shown(
            "born-in-a-month",
            "the year and the month are known",
            &changed(3, array(&[int(1991), int(2)])),
            "born-in-february",
        ),
        shown(
            "born-in-the-year-of-issue",
            "birth <= issue by the first day that it can mean",
            &changed(3, array(&[int(2020), int(6)])),
            "born-in-june-2020",
        ),
        shown(
            "without-end",
            "a license that has no last day",
            &changed(7, vec![NULL]),
            "without-end",
        ),
        shown(
            "codes-share-a-row",
            "one row of several codes",
            &shared_rows(),
            "shared-rows",
        ),
        shown(
            "codes-share-a-row-asked",
            "a code in the middle of a row",
            &shared_rows(),
            "shared-rows",
        )
        .category("B"),
        shown(
            "code-in-two-rows",
            "B ended in one row and is in force in the other",
            &twice,
            "two-rows-of-b",
        )
        .category("B"),
        shown(
            "row-of-24-codes",
            "24 codes in one row",
            &license().at(5, array(&[row_of(&codes(24))])),
            "24-codes",
        )
        .category("C23"),
        shown(
            "name-of-128-bytes",
            "42 Thai letters and two of ASCII",
            &changed(1, text(&longest_name())),
            "long-name",
        ),
        shown(
            "name-of-later-tables",
            "code points that Unicode 16 does not assign",
            &changed(1, text("王\u{323b0}e\u{378}\u{301}")),
            "later-tables",
        ),
    ]
}

/// A license of a place, shown at a time.
fn at(world: &World, license: &Map, now: i64) -> String {
    let credential = world
        .credential()
        .claim(-70_001, license.encode())
        .claim(6, int(now - DAY))
        .encode();
    let staple = status(&world.keys, 0, NOW - now + HOUR).encode();
    token(&world.keys.holder, credential, Some(staple))
        .claim(6, int(now - 5))
        .claim(4, int(now + 25))
        .qr()
}

/// A license that is issued tomorrow by the days of UTC, in New Zealand: +12:00, in summer +13:00.
pub(in crate::vectors) fn issued_in_auckland() -> Map {
    license()
        .at(6, int(TODAY + 1))
        .at(10, int(720))
        .at(5, array(&[row(&["B", "L"], Some(TODAY + 1), None)]))
}

/// A license that ended yesterday by the days of UTC, in California: -08:00.
fn ended_in_los_angeles() -> Map {
    license()
        .at(7, int(TODAY - 1))
        .at(10, int(-480))
        .at(5, array(&[row(&["B", "L"], None, Some(TODAY - 1))]))
}

fn days_of_a_place(world: &World) -> Vec<Case> {
    let (auckland, los_angeles) = (issued_in_auckland(), ended_in_los_angeles());
    // Midnight of Auckland's summer is an hour before that of its standard time.
    let begins = TODAY * DAY + 11 * HOUR;
    let ends = TODAY * DAY + 8 * HOUR;
    let shown = |name, why, license: &Map, named, now: i64| {
        Case::new(name, why, at(world, license, now))
            .now(now)
            .times(now - 5, now + 25)
            .license(named)
            .state("valid", now - HOUR, "staple")
            .category("B")
    };
    let furthest = |offset: i64, day: i64| license().at(10, int(offset)).at(7, int(day));
    vec![
        shown(
            "place-issued-this-morning",
            "an hour before standard midnight - skew, its category too",
            &auckland,
            "issued-in-auckland",
            begins - 30,
        ),
        shown(
            "place-issued-tomorrow",
            "a second before that",
            &auckland,
            "issued-in-auckland",
            begins - 31,
        )
        .refuse(&["license_not_yet_valid", "category_not_held"]),
        shown(
            "place-in-its-last-second",
            "24:00 of its last day there + skew, its category too",
            &los_angeles,
            "ended-in-los-angeles",
            ends + 30,
        ),
        shown(
            "place-ended-yesterday",
            "a second past that",
            &los_angeles,
            "ended-in-los-angeles",
            ends + 31,
        )
        .refuse(&["license_expired", "category_not_held"]),
        shown(
            "place-furthest-east",
            "+14:00: a day ends at 10:00 UTC",
            &furthest(840, TODAY),
            "furthest-east",
            TODAY * DAY + 10 * HOUR + 31,
        )
        .refuse(&["license_expired"]),
        shown(
            "place-furthest-west",
            "-12:00: a day ends at 12:00 UTC of the next",
            &furthest(-720, TODAY - 1),
            "furthest-west",
            TODAY * DAY + 12 * HOUR + 30,
        ),
    ]
}

type Bad = (&'static str, &'static str, Map);

fn bad_dates() -> Vec<Bad> {
    vec![
        ("offset-0", "UTC is not written", changed(10, int(0))),
        ("offset-841", "+14:00 at most", changed(10, int(841))),
        ("offset-minus-721", "-12:00 at most", changed(10, int(-721))),
        (
            "offset-null",
            "a number or nothing",
            changed(10, vec![NULL]),
        ),
        ("offset-text", "a number", changed(10, text("+08:00"))),
        ("birth-empty", "one part at least", changed(3, array(&[]))),
        (
            "birth-of-three-parts",
            "a day is written as days",
            changed(3, array(&[int(1991), int(2), int(28)])),
        ),
        (
            "birth-1799",
            "years from 1800",
            changed(3, array(&[int(1799)])),
        ),
        (
            "birth-2200",
            "years to 2199",
            changed(3, array(&[int(2200)])),
        ),
        (
            "birth-month-0",
            "a month that is not known is left out",
            changed(3, array(&[int(1991), int(0)])),
        ),
        (
            "birth-month-13",
            "months to 12",
            changed(3, array(&[int(1991), int(13)])),
        ),
        (
            "birth-nested",
            "the year is a number",
            changed(3, array(&[array(&[int(1991)])])),
        ),
        (
            "birth-indefinite",
            "an array of indefinite length",
            changed(3, [&[0x9f][..], &int(1991), &[0xff]].concat()),
        ),
        (
            "birth-null",
            "a birth is always known",
            changed(3, vec![NULL]),
        ),
        ("birth-text", "no text", changed(3, text("1991"))),
        (
            "birth-year-after-issue",
            "no day of that year comes before the issue",
            changed(3, array(&[int(2021)])),
        ),
        (
            "birth-month-after-issue",
            "no day of that month comes before the issue",
            changed(3, array(&[int(2020), int(7)])),
        ),
        ("expiry-false", "a day or null", changed(7, vec![FALSE])),
        (
            "expiry-undefined",
            "undefined is not null",
            changed(7, vec![0xf7]),
        ),
        (
            "expiry-year",
            "a day or null",
            changed(7, array(&[int(2035)])),
        ),
        (
            "expiry-missing",
            "without end is written as null",
            license().without(7),
        ),
        (
            "issue-null",
            "an issue is always known",
            changed(6, vec![NULL]),
        ),
        ("license-item-11", "maps are closed", changed(11, int(1))),
    ]
}

fn bad_rows() -> Vec<Bad> {
    let rows = |rows: &[Vec<u8>]| changed(5, array(rows));
    let nested = array(&[
        array(&[array(&[text("A")]), text("B")]),
        vec![NULL],
        vec![NULL],
    ]);
    let mut rows_and_codes = vec![category("B", None, None); 22];
    rows_and_codes.push(row(&["A", "C", "D"], None, None));
    vec![
        (
            "row-array-of-one",
            "one code is written as a text",
            rows(&[row(&["B"], None, None)]),
        ),
        (
            "row-array-of-none",
            "one code at least",
            rows(&[row(&[], None, None)]),
        ),
        (
            "row-of-25-codes",
            "24 codes at most",
            rows(&[row_of(&codes(25))]),
        ),
        (
            "codes-25-in-23-rows",
            "24 codes in all rows at most",
            rows(&rows_and_codes),
        ),
        (
            "row-code-twice",
            "no code twice in a row",
            rows(&[row(&["B", "A", "B"], None, None)]),
        ),
        ("row-nested", "codes are texts", rows(&[nested])),
        (
            "row-empty-code",
            "a code has a byte at least",
            rows(&[row(&["B", ""], None, None)]),
        ),
        (
            "row-long-code",
            "a code has 8 bytes at most",
            rows(&[row(&["B", "123456789"], None, None)]),
        ),
        (
            "row-of-numbers",
            "a code is a text",
            rows(&[array(&[array(&[int(1), int(2)]), vec![NULL], vec![NULL]])]),
        ),
    ]
}

fn bad_texts() -> Vec<Bad> {
    let name = |name: &str| changed(1, text(name));
    vec![
        (
            "name-of-129-bytes",
            "a name is at most 128",
            name(&(longest_name() + "c")),
        ),
        ("name-noncharacter", "U+FDD0 is none", name("a\u{fdd0}")),
        (
            "name-noncharacter-of-a-plane",
            "nor is U+1FFFE",
            name("a\u{1fffe}"),
        ),
        (
            "name-reserved-2065",
            "reserved to be invisible",
            name("a\u{2065}"),
        ),
        (
            "name-reserved-fff0",
            "reserved to be invisible",
            name("a\u{fff0}"),
        ),
        (
            "name-reserved-e0000",
            "reserved to be invisible",
            name("a\u{e0000}"),
        ),
        (
            "name-not-nfc-beside-later-tables",
            "NFC of what is assigned",
            name("\u{378}e\u{301}"),
        ),
        (
            "name-singleton",
            "NFC of U+212B is U+00C5",
            name("\u{212b}"),
        ),
    ]
}

fn malformed(world: &World, licenses: Vec<Bad>) -> Vec<Case> {
    licenses
        .into_iter()
        .map(|(name, why, license)| {
            Case::new(name, why, with(world, &license))
                .unread()
                .refuse(&["malformed"])
        })
        .collect()
}
