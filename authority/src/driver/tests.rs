use serde_json::json;
use vidimus_credential::sd_cwt::{CredentialClaims, MAX_BYTES, StatusRef, measure};
use vidimus_credential::{Algorithm, Signer as _, SigningKey};

use super::*;

/// 2027-01-15, 08:00 UTC.
const NOW: u64 = 1_800_000_000;

fn desk() -> Desk {
    Desk {
        utc_offset: UtcOffset::UTC,
        now: UnixTime::new(NOW).unwrap(),
    }
}

fn example() -> Value {
    json!({
        "family_name": "Okonkwo-Łęcka", "given_names": "Adaeze 愛", "birth_date": "1991-02-28",
        "license_number": "ZZ-1029384756", "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [
            { "code": "B", "from": "2010-03-01", "until": null, "restrictions": ["01.06", "78"] },
            { "code": "A1", "from": null, "until": "2034-04-30" }
        ]
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut file = example();
    *file.pointer_mut(pointer).unwrap() = value;
    file
}

fn taken(file: &Value) -> Entry {
    at_desk(file.to_string().as_bytes(), &desk()).unwrap()
}

fn error_of(file: &Value) -> DriverError {
    at_desk(file.to_string().as_bytes(), &desk()).err().unwrap()
}

fn refused(bytes: &[u8]) -> DriverError {
    at_desk(bytes, &desk()).err().unwrap()
}

fn named(name: &str) -> Result<Entry, DriverProblem> {
    let file = with("/family_name", json!(name));
    at_desk(file.to_string().as_bytes(), &desk()).map_err(|error| {
        assert_eq!(error.field, "family_name");
        error.problem
    })
}

fn character(c: char, fault: CharacterFault) -> DriverProblem {
    DriverProblem::Character { c, fault }
}

// ---- the file -------------------------------------------------------------------------------------

#[test]
fn a_license_survives_the_round_trip_through_json() {
    let mut everywhere = example();
    everywhere["birth_date"] = json!("1956-07");
    everywhere["expiry_date"] = json!(null);
    everywhere["utc_offset"] = json!("-03:30");
    let mut by_year = example();
    by_year["birth_date"] = json!("1956");
    for file in [example(), everywhere, by_year] {
        let entry = taken(&file);
        assert_eq!(entry.notes, []);
        assert_eq!(to_json(&entry.license), file);
        assert_eq!(parse(file.to_string().as_bytes()), Ok(entry.license));
    }
}

#[test]
fn a_missing_field_is_named() {
    for field in SHAPE.fields.iter().filter(|field| **field != "utc_offset") {
        let mut file = example();
        file.as_object_mut().unwrap().remove(*field);
        assert_eq!(
            error_of(&file),
            DriverError {
                field: (*field).to_owned(),
                problem: DriverProblem::Missing
            }
        );
    }
    let mut file = example();
    file["categories"][1]
        .as_object_mut()
        .unwrap()
        .remove("until");
    assert_eq!(error_of(&file).field, "categories[1].until");
}

#[test]
fn a_field_that_stands_twice_or_is_none_is_named_with_its_place() {
    let file = example().to_string();
    let twice = file.replacen(r#""code":"B""#, r#""code":"B","code":"C""#, 1);
    let error = refused(twice.as_bytes());
    assert_eq!(error.field, "categories[0].code");
    assert!(matches!(
        error.problem,
        DriverProblem::Twice { line: 1, .. }
    ));
    let error = refused(b"{\n  \"family_name\": \"A\",\n  \"address\": \"x\"\n}");
    assert_eq!(
        error.to_string(),
        "driver.json: `address` is not a field of this file (line 3, column 11): remove it, or check its spelling"
    );
    let mut file = example();
    file["categories"][0]["Adaeze 愛"] = json!("x");
    let error = error_of(&file);
    assert_eq!(error.field, "categories[0].?");
    assert!(!error.to_string().contains("Adaeze"));
}

#[test]
fn what_is_no_json_object_is_refused_with_the_place() {
    assert_eq!(
        refused(b"{\n \"a\": }").problem,
        DriverProblem::NotAField { line: 2, column: 4 }
    );
    assert_eq!(
        refused(b"{\n \"family_name\": }").problem,
        DriverProblem::NotJson {
            line: 2,
            column: 17
        }
    );
    let trailing = format!("{}\n\u{1a}", example());
    assert_eq!(
        refused(trailing.as_bytes()).problem,
        DriverProblem::NotJson { line: 2, column: 1 }
    );
    assert!(matches!(refused(b"[]").problem, DriverProblem::Type(_)));
    for empty in [b"".as_slice(), b" \r\n", b"\xef\xbb\xbf"] {
        assert_eq!(refused(empty).problem, DriverProblem::Nothing);
    }
}

#[test]
fn another_encoding_is_named_with_the_place_of_the_first_wrong_byte() {
    let file = example().to_string();
    let good = format!("\u{feff}{}", file.replace(',', ",\r\n"));
    assert!(at_desk(good.as_bytes(), &desk()).is_ok());
    let latin1 = b"{\n \"family_name\": \"Br\xe9mond\"";
    assert_eq!(
        refused(latin1).to_string(),
        "driver.json: the file is not saved as UTF-8 (byte E9 in line 2, column 20): save it as UTF-8"
    );
    let gb18030 = b"{\"family_name\": \"\xcd\xf5\"";
    assert!(matches!(
        refused(gb18030).problem,
        DriverProblem::NotUtf8 {
            line: 1,
            column: 18,
            byte: 0xcd
        }
    ));
    let big: Vec<u8> = file.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &little].concat();
    for utf16 in [big, little, marked] {
        assert_eq!(refused(&utf16).problem, DriverProblem::Utf16);
    }
    let half = file.replace("Adaeze 愛", "\\ud842");
    assert!(matches!(
        refused(half.as_bytes()).problem,
        DriverProblem::HalfCharacter { line: 1, .. }
    ));
    let whole = file.replace("Adaeze 愛", "\\ud842\\udfb7");
    let entry = at_desk(whole.as_bytes(), &desk()).unwrap();
    assert_eq!(entry.license.given_names(), "𠮷");
}

#[test]
fn a_wrong_field_is_named_with_its_problem() {
    let cases = [
        (
            "/family_name",
            json!(7),
            "family_name",
            DriverProblem::Type("text in quotes"),
        ),
        (
            "/license_number",
            json!(12_345_678),
            "license_number",
            DriverProblem::Type("text in quotes"),
        ),
        (
            "/family_name",
            json!("a".repeat(129)),
            "family_name",
            DriverProblem::TooLong {
                length: 129,
                max: 128,
            },
        ),
        (
            "/family_name",
            json!("a".repeat(1000)),
            "family_name",
            DriverProblem::TooLong {
                length: 1000,
                max: 128,
            },
        ),
        (
            "/license_number",
            json!(""),
            "license_number",
            DriverProblem::Empty,
        ),
        (
            "/birth_date",
            json!("1991-02-29"),
            "birth_date",
            DriverProblem::Date(DateFault::LeapDay(1991)),
        ),
        (
            "/birth_date",
            json!(1991),
            "birth_date",
            DriverProblem::Date(DateFault::BirthForm),
        ),
        (
            "/birth_date",
            json!("1956-00-00"),
            "birth_date",
            DriverProblem::Date(DateFault::BirthZero),
        ),
        (
            "/issue_date",
            json!("2024-05"),
            "issue_date",
            DriverProblem::Date(DateFault::Form),
        ),
        (
            "/expiry_date",
            json!("2034-02-29"),
            "expiry_date",
            DriverProblem::Date(DateFault::LeapDay(2034)),
        ),
        (
            "/expiry_date",
            json!("9999-12-31"),
            "expiry_date",
            DriverProblem::Date(DateFault::NoEnd(9999)),
        ),
        (
            "/categories/1/until",
            json!("2222-12-31"),
            "categories[1].until",
            DriverProblem::Date(DateFault::NoEnd(2222)),
        ),
        (
            "/issue_date",
            json!("9999-12-31"),
            "issue_date",
            DriverProblem::Date(DateFault::Year(9999)),
        ),
        (
            "/birth_date",
            json!("2024-05-02"),
            "issue_date",
            DriverProblem::Before("birth_date"),
        ),
        (
            "/expiry_date",
            json!("2024-04-30"),
            "expiry_date",
            DriverProblem::Before("issue_date"),
        ),
        (
            "/issuing_country",
            json!("zz"),
            "issuing_country",
            DriverProblem::Country,
        ),
        (
            "/issuing_country",
            json!("CHN"),
            "issuing_country",
            DriverProblem::Country,
        ),
        (
            "/categories",
            json!([]),
            "categories",
            DriverProblem::Count { min: 1, max: 24 },
        ),
        (
            "/categories",
            json!({}),
            "categories",
            DriverProblem::Type("an array [...]"),
        ),
        (
            "/categories/0/code",
            json!("ABCDEFGHI"),
            "categories[0].code",
            DriverProblem::TooLong { length: 9, max: 8 },
        ),
        (
            "/categories/0/until",
            json!("2010-02-28"),
            "categories[0].until",
            DriverProblem::Before("from"),
        ),
        (
            "/categories/0/restrictions",
            json!([]),
            "categories[0].restrictions",
            DriverProblem::Count { min: 1, max: 8 },
        ),
        (
            "/categories/0/restrictions/1",
            json!(" "),
            "categories[0].restrictions[1]",
            DriverProblem::Blank,
        ),
    ];
    for (pointer, value, field, problem) in cases {
        assert_eq!(
            error_of(&with(pointer, value)),
            DriverError {
                field: field.to_owned(),
                problem
            }
        );
    }
}

#[test]
fn one_of_the_names_may_be_empty_but_not_both() {
    let mut file = with("/given_names", json!(""));
    assert!(at_desk(file.to_string().as_bytes(), &desk()).is_ok());
    file["family_name"] = json!("");
    assert_eq!(error_of(&file).problem, DriverProblem::NoName);
}

// ---- dates ----------------------------------------------------------------------------------------

#[test]
fn a_birth_after_today_is_refused_by_the_day_at_the_seat() {
    let born = |date: &str, offset: &str| {
        let mut file = with("/birth_date", json!(date));
        file["issue_date"] = json!("2027-12-31");
        file["utc_offset"] = json!(offset);
        at_desk(file.to_string().as_bytes(), &desk()).map_err(|error| error.problem)
    };
    assert!(born("2027-01-15", "+00:00").is_ok());
    assert!(born("2027-01", "+00:00").is_ok() && born("2027", "+00:00").is_ok());
    for (date, offset) in [
        ("2027-01-16", "+00:00"),
        ("2027-02", "+00:00"),
        ("2028", "+00:00"),
        ("2027-01-15", "-12:00"),
    ] {
        assert_eq!(
            born(date, offset),
            Err(DriverProblem::Future),
            "{date} {offset}"
        );
    }
    // 22:00 at 14 hours east: still the 15th; two hours later it is the 16th there.
    assert!(born("2027-01-16", "+14:00").is_err());
    let later = Desk {
        now: UnixTime::new(NOW + 2 * 3600).unwrap(),
        utc_offset: UtcOffset::MAX,
    };
    let mut file = with("/birth_date", json!("2027-01-16"));
    file["issue_date"] = json!("2027-12-31");
    assert!(at_desk(file.to_string().as_bytes(), &later).is_ok());
}

#[test]
fn the_offset_is_the_files_own_or_the_seats() {
    let seat = Desk {
        utc_offset: UtcOffset::parse("+08:00").unwrap(),
        ..desk()
    };
    let offset = |value: Option<Value>| {
        let mut file = example();
        if let Some(value) = value {
            file["utc_offset"] = value;
        }
        let entry = at_desk(file.to_string().as_bytes(), &seat);
        entry.map(|entry| entry.license.utc_offset().minutes())
    };
    assert_eq!(offset(None), Ok(480));
    assert_eq!(offset(Some(json!(null))), Ok(480));
    assert_eq!(offset(Some(json!("-09:30"))), Ok(-570));
    assert_eq!(offset(Some(json!("+00:00"))), Ok(0));
    for wrong in [
        json!("Z"),
        json!(8),
        json!("+8:00"),
        json!("+14:01"),
        json!("8"),
    ] {
        let problem = offset(Some(wrong)).err().map(|error| error.problem);
        assert_eq!(problem, Some(DriverProblem::Offset));
    }
    // What the register keeps says its offset itself: the seat may be another by then.
    let entry = at_desk(example().to_string().as_bytes(), &seat).unwrap();
    let stored = to_json(&entry.license);
    assert_eq!(stored["utc_offset"], json!("+08:00"));
    assert_eq!(parse(stored.to_string().as_bytes()), Ok(entry.license));
}

#[test]
fn a_license_without_end_says_null_and_a_forgotten_end_is_missing() {
    let entry = taken(&with("/expiry_date", json!(null)));
    assert_eq!(entry.license.expiry_date(), None);
    let mut file = example();
    file.as_object_mut().unwrap().remove("expiry_date");
    assert_eq!(error_of(&file).problem, DriverProblem::Missing);
}

// ---- categories -----------------------------------------------------------------------------------

fn rows(rows: Value) -> Result<Entry, DriverError> {
    let file = with("/categories", rows);
    at_desk(file.to_string().as_bytes(), &desk())
}

#[test]
fn rows_of_equal_dates_and_restrictions_become_one() {
    let file = json!([
        { "code": "AM", "from": "2007-04-12", "until": null },
        { "code": "B", "from": "2010-05-01", "until": null, "restrictions": ["01.06"] },
        { "code": "L", "from": "2007-04-12", "until": null, "restrictions": null },
        { "code": "BE", "from": "2010-05-01", "until": null, "restrictions": ["01.06"] },
        { "code": "C", "from": "2010-05-01", "until": null, "restrictions": ["01.06", "95"] }
    ]);
    let license = rows(file).unwrap().license;
    let codes: Vec<_> = license
        .categories()
        .iter()
        .map(|row| row.codes().join(" "))
        .collect();
    assert_eq!(codes, ["AM L", "B BE", "C"]);
    let stored = to_json(&license);
    assert_eq!(stored["categories"].as_array().map(Vec::len), Some(5));
    assert!(parse(stored.to_string().as_bytes()) == Ok(license));
}

#[test]
fn a_code_twice_is_taken_only_where_its_dates_do_not_meet() {
    let row = |code: &str, from: Value, until: Value| json!({ "code": code, "from": from, "until": until });
    let none = || json!(null);
    for (first, second) in [
        ((none(), none()), (none(), none())),
        ((json!("2010-01-01"), none()), (json!("2020-01-01"), none())),
        (
            (json!("2010-01-01"), json!("2015-01-01")),
            (json!("2015-01-01"), none()),
        ),
        (
            (none(), json!("2015-01-01")),
            (json!("2010-01-01"), json!("2011-01-01")),
        ),
    ] {
        let file = json!([
            row("B", first.0, first.1),
            row("A", none(), none()),
            row("B", second.0, second.1)
        ]);
        assert_eq!(
            rows(file).err(),
            Some(DriverError {
                field: "categories[2]".to_owned(),
                problem: DriverProblem::Overlap { other: 0 }
            })
        );
    }
    let file = json!([
        row("B", json!("2010-01-01"), json!("2014-12-31")),
        row("B", json!("2015-01-01"), none()),
        row("b", none(), none()),
    ]);
    assert_eq!(rows(file).unwrap().license.codes().count(), 3);
}

#[test]
fn codes_of_other_countries_are_taken() {
    let row = |code: &str| json!({ "code": code, "from": null, "until": null });
    let china = [
        "A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "D", "E", "F", "M", "N", "P",
    ];
    for codes in [&china[..], &["LMV-NT", "MCWG", "3W-TRANS"], &["大型"]] {
        let file = codes.iter().copied().map(row).collect();
        let license = rows(file).unwrap().license;
        assert_eq!(license.categories()[0].codes(), codes);
    }
}

// ---- size -----------------------------------------------------------------------------------------

/// The longest credential of an issuer with the longest URL.
fn longest(license: &License) -> Option<DriverError> {
    let holder = SigningKey::from_secret(Algorithm::Esp256, &[7; 32]).unwrap();
    let claims = CredentialClaims {
        iss: format!("https://{}.example", "a".repeat(33)),
        sub: [0; 16],
        exp: UnixTime::MAX,
        iat: UnixTime::MAX,
        holder_key: holder.verifying_key().clone(),
        license: license.clone(),
        status: StatusRef {
            idx: u8::MAX,
            uri: format!("https://{}.example/s/99999/4095", "a".repeat(33)),
        },
    };
    let measured = measure(&claims);
    assert_eq!(measured.bytes() > MAX_BYTES, too_much(&measured).is_some());
    too_much(&measured)
}

fn german(restrictions: &[&str], with_95: &[&str], given_names: &str) -> Value {
    let bikes_and_cars = ["AM", "A1", "A2", "A", "B1", "B", "BE", "L"];
    let codes = [
        "AM", "A1", "A2", "A", "B1", "B", "C1", "C", "D1", "D", "BE", "C1E", "CE", "D1E", "DE",
        "L", "T",
    ];
    let rows = codes.map(|code| {
        let (from, until, more) = match code {
            code if bikes_and_cars.contains(&code) => ("1986-03-01", None, &[][..]),
            "T" => ("1996-05-01", None, &[][..]),
            code if code.starts_with('C') => ("1996-05-01", Some("2029-05-01"), with_95),
            _ => ("2001-05-01", Some("2029-05-01"), with_95),
        };
        let restrictions = [restrictions, more].concat();
        let mut row = json!({ "code": code, "from": from, "until": until });
        if !restrictions.is_empty() {
            row["restrictions"] = json!(restrictions);
        }
        row
    });
    let mut file = with("/categories", json!(rows));
    file["given_names"] = json!(given_names);
    file
}

#[test]
fn all_seventeen_german_categories_fit_with_the_restrictions_that_people_have() {
    for (restrictions, with_95) in [
        (&[][..], &[][..]),
        (&["01.06"], &["95"]),
        (&["01.06", "79.03"], &["95"]),
        (&["01.06", "79.03"], &["95.01.01.2029"]),
    ] {
        let license = taken(&german(restrictions, with_95, "Maximiliane Theresia")).license;
        assert_eq!(license.categories().len(), 4);
        assert_eq!(longest(&license), None, "{restrictions:?} {with_95:?}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_the_bytes_and_the_field() {
    let file = german(&["01.06", "79.03"], &["95.01.01.2029"], &"x".repeat(128));
    let error = longest(&taken(&file).license).unwrap();
    let DriverProblem::TooMuch { excess, .. } = error.problem else {
        panic!("{error}")
    };
    assert_eq!(error.field, "given_names");
    let shorter = german(
        &["01.06", "79.03"],
        &["95.01.01.2029"],
        &"x".repeat(128 - excess),
    );
    assert_eq!(longest(&taken(&shorter).license), None, "{excess}");
    let longer = german(
        &["01.06", "79.03"],
        &["95.01.01.2029"],
        &"x".repeat(129 - excess),
    );
    assert!(longest(&taken(&longer).license).is_some());
    assert!(error.to_string().starts_with(&format!(
        "driver.json: `given_names` must become shorter: the license is {excess} bytes too long"
    )));
    let rows: Vec<_> = (0..24)
        .map(|row| json!({ "code": format!("ABCDEF{row:02}"), "from": null, "until": null, "restrictions": [format!("70.NL.{row:09}")] }))
        .collect();
    let license = taken(&with("/categories", json!(rows))).license;
    assert_eq!(longest(&license).unwrap().field, "categories");
}

// ---- text -----------------------------------------------------------------------------------------

#[test]
fn every_script_of_a_name_is_taken_as_it_is() {
    for name in [
        "محمد بن عبد الله",
        "אברהם",
        "王小明",
        "买买提·阿不都热依木",
        "กิตติพงษ์",
        "ณ อยุธยาเทพหัสดินสนิทวงศ์",
        "Ἀλέξανδρος",
        "Đặng Thị Hồng",
        "ክፍሌ",
        "さくら",
        "किशोर",
        "நாராயணன்",
        "വെങ്കടസുബ്രമണിയന്",
        "می\u{200c}خواهم",
        "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}",
        "\u{9a4}\u{9cd}\u{200d}",
        "O'Brien <b>&amp;</b>",
        "\"; DROP TABLE--",
        "𠮷野",
        "𫰠",
        "𱖎",
        "𮯰",
        "葛\u{e0100}城",
        "神\u{fe00}",
        "Nguyễn",
        "d’Arc-Müller, 3rd №",
        "de Alcântara João Carlos Leopoldo Salvador Bibiano",
        "A\u{a0}B",
    ] {
        let entry = named(name).unwrap();
        assert_eq!(
            (entry.license.family_name(), &entry.notes[..]),
            (name, &[][..])
        );
    }
}

#[test]
fn names_have_128_bytes() {
    for name in ["ก".repeat(42), "a".repeat(128), "愛".repeat(42)] {
        assert!(named(&name).is_ok());
    }
    assert_eq!(
        named(&"ก".repeat(43)),
        Err(DriverProblem::TooLong {
            length: 129,
            max: 128
        })
    );
    // The form that is signed counts.
    assert!(named(&"e\u{301}".repeat(64)).is_ok());
}

fn note(kind: NoteKind) -> Note {
    Note {
        field: "family_name".to_owned(),
        kind,
    }
}

#[test]
fn a_compatibility_ideograph_keeps_its_shape_and_the_clerk_is_told() {
    for (typed, signed) in [
        ('\u{fa19}', "\u{795e}\u{fe00}"),
        ('\u{2f879}', "\u{5cc0}\u{fe00}"),
    ] {
        let entry = named(&format!("{typed}{typed}田")).unwrap();
        assert_eq!(entry.license.family_name(), format!("{signed}{signed}田"));
        let kind = NoteKind::Replaced {
            typed,
            written: signed.to_owned(),
        };
        assert_eq!(entry.notes, [note(kind)], "once, however often it stands");
    }
    let entry = named("\u{fa19}").unwrap();
    assert_eq!(
        entry.notes[0].to_string(),
        "`family_name`: U+FA19 is signed as U+795E U+FE00, which Unicode calls the same: compare how it looks"
    );
    // Twelve in that block are ideographs of their own.
    assert_eq!(named("\u{fa0e}").unwrap().notes, []);
}

#[test]
fn what_is_composed_or_trimmed_is_said() {
    let replaced = |typed, written: &str| NoteKind::Replaced {
        typed,
        written: written.to_owned(),
    };
    for (typed, signed, kinds) in [
        ("e\u{301}", "\u{e9}", vec![NoteKind::Composed]),
        (
            "Nguye\u{302}\u{303}n",
            "Nguy\u{1ec5}n",
            vec![NoteKind::Composed],
        ),
        ("\u{212b}", "\u{c5}", vec![replaced('\u{212b}', "\u{c5}")]),
        (
            "\u{9ac}\u{9dc}\u{9c1}\u{9df}\u{9be}",
            "\u{9ac}\u{9a1}\u{9bc}\u{9c1}\u{9af}\u{9bc}\u{9be}",
            vec![
                replaced('\u{9dc}', "\u{9a1}\u{9bc}"),
                replaced('\u{9df}', "\u{9af}\u{9bc}"),
            ],
        ),
        (" Okonkwo\u{a0}\n", "Okonkwo", vec![NoteKind::Trimmed]),
        (
            "\u{3000}e\u{301}",
            "\u{e9}",
            vec![NoteKind::Trimmed, NoteKind::Composed],
        ),
    ] {
        let entry = named(typed).unwrap();
        assert_eq!(entry.license.family_name(), signed);
        let notes: Vec<_> = kinds.into_iter().map(note).collect();
        assert_eq!(entry.notes, notes);
    }
    let file = with("/categories/0/restrictions/1", json!("78 "));
    assert_eq!(
        taken(&file).notes[0].to_string(),
        "`categories[0].restrictions[1]`: blanks at its ends were left out"
    );
}

#[test]
fn what_the_register_keeps_is_read_back_without_a_change() {
    let file = with("/family_name", json!("e\u{301}"));
    assert!(parse(file.to_string().as_bytes()).is_err());
    let entry = named("\u{fa19} e\u{301}").unwrap();
    let stored = to_json(&entry.license).to_string();
    assert_eq!(parse(stored.as_bytes()), Ok(entry.license));
    // An emoji that an earlier desk took is still the license that was signed.
    let file = with("/family_name", json!("Müller 👩"));
    assert!(parse(file.to_string().as_bytes()).is_ok());
}

#[test]
fn a_name_or_number_with_nothing_to_see_is_refused() {
    for name in [
        "   ",
        "\u{a0}",
        "\u{3000}",
        "\u{200b}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{2800}\u{2800}",
        "\u{301}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{2800} \u{301}",
    ] {
        assert_eq!(named(name), Err(DriverProblem::Blank), "{name:?}");
    }
    let mut file = with("/license_number", json!("\u{2800}"));
    assert_eq!(error_of(&file).problem, DriverProblem::Blank);
    file = with("/categories/0/code", json!("\u{115f}"));
    assert_eq!(error_of(&file).problem, DriverProblem::Blank);
}

#[test]
fn characters_that_are_not_signed_are_named() {
    use CharacterFault as F;
    for (name, c, fault) in [
        ("a\u{0}b", '\0', F::Control),
        ("a\nb", '\n', F::Control),
        ("a\u{85}b", '\u{85}', F::Control),
        ("a\u{2028}b", '\u{2028}', F::Control),
        ("a\u{202e}b", '\u{202e}', F::Direction),
        ("a\u{2067}b", '\u{2067}', F::Direction),
        ("Adaeze\u{200e}", '\u{200e}', F::Direction),
        ("عبد\u{200f}الله", '\u{200f}', F::Direction),
        ("a\u{61c}b", '\u{61c}', F::Direction),
        ("a\u{200b}b", '\u{200b}', F::Invisible),
        ("ZZ\u{ad}12", '\u{ad}', F::Invisible),
        ("a\u{feff}b", '\u{feff}', F::Invisible),
        ("a\u{3164}b", '\u{3164}', F::Invisible),
        ("a\u{34f}b", '\u{34f}', F::Invisible),
        ("a\u{e0041}b", '\u{e0041}', F::Invisible),
        ("a\u{2065}b", '\u{2065}', F::Invisible),
        ("a\u{fff9}b", '\u{fff9}', F::Invisible),
        ("a\u{200d}\u{200d}b", '\u{200d}', F::Loose),
        ("a \u{200c}b", '\u{200c}', F::Loose),
        ("\u{200c}ab", '\u{200c}', F::Loose),
        ("神\u{fe00}\u{fe00}", '\u{fe00}', F::Loose),
        ("a \u{e0100}", '\u{e0100}', F::Loose),
        ("\u{180b}a", '\u{180b}', F::Loose),
        ("\u{e863}", '\u{e863}', F::Private),
        ("\u{e863}明", '\u{e863}', F::Private),
        ("\u{f0001}明", '\u{f0001}', F::Private),
        ("M\u{fffd}ller", '\u{fffd}', F::Lost),
        ("a\u{fffc}", '\u{fffc}', F::Lost),
        ("\u{323b0}", '\u{323b0}', F::Unassigned),
        ("王\u{323b0}", '\u{323b0}', F::Unassigned),
        ("a\u{11db0}", '\u{11db0}', F::Unassigned),
        ("a\u{fdd0}", '\u{fdd0}', F::Unassigned),
        ("a\u{1ffff}", '\u{1ffff}', F::Unassigned),
        ("Müller 👩\u{200d}👩\u{200d}👧", '👩', F::Emoji),
        ("Müller ❤\u{fe0f}", '\u{fe0f}', F::Emoji),
        ("🇩🇪", '🇩', F::Emoji),
        ("a🏽", '🏽', F::Emoji),
    ] {
        assert_eq!(named(name), Err(character(c, fault)), "{name:?}");
    }
    assert_eq!(
        error_of(&with("/license_number", json!("ZZ\u{ad}12"))).to_string(),
        "driver.json: `license_number` has U+00AD, which is an invisible character: delete it"
    );
}

#[test]
fn a_license_number_has_nothing_invisible_in_it() {
    use CharacterFault as F;
    for (number, c, fault) in [
        ("ZZ-70\u{200d}", '\u{200d}', F::Invisible),
        ("ZZ\u{200c}70", '\u{200c}', F::Invisible),
        ("ZZ-70\u{fe00}", '\u{fe00}', F::Invisible),
        ("粤\u{e0100}1", '\u{e0100}', F::Invisible),
        ("ZZ\u{2800}70", '\u{2800}', F::Invisible),
        ("ZZ\u{200b}70", '\u{200b}', F::Invisible),
        ("ZZ-70\u{301}", '\u{301}', F::Mark),
        ("ZZ-7\u{20dd}0", '\u{20dd}', F::Mark),
    ] {
        let error = error_of(&with("/license_number", json!(number)));
        assert_eq!(error.problem, character(c, fault), "{number:?}");
    }
    // Letters with their marks, and signs of a script, are no such thing.
    for (typed, signed) in [
        ("E\u{301}-7", "\u{c9}-7"),
        ("ক\u{9be}-7", "ক\u{9be}-7"),
        ("粤A-7", "粤A-7"),
        ("\u{fa19}-7", "\u{795e}-7"),
    ] {
        let entry = taken(&with("/license_number", json!(typed)));
        assert_eq!(entry.license.license_number(), signed);
    }
}

#[test]
fn symbols_that_are_no_emoji_are_taken() {
    for name in ["№ 5", "A+B", "Ⓐ", "™", "❤", "#1", "a*b"] {
        assert!(named(name).is_ok(), "{name}");
    }
}

#[test]
fn eight_marks_on_a_letter_are_taken_and_nine_refused() {
    let marks = |count| format!("Z{}", "\u{335}".repeat(count));
    assert!(named(&marks(8)).is_ok());
    assert_eq!(named(&marks(9)), Err(DriverProblem::Marks { max: 8 }));
    assert!(named(&format!("{}{}", marks(8), marks(8))).is_ok());
    // A joiner does not start the count anew.
    let joined = format!("{}\u{200d}{}", marks(8), "\u{321}");
    assert_eq!(named(&joined), Err(DriverProblem::Marks { max: 8 }));
}

#[test]
fn no_message_holds_more_of_a_name_than_one_character() {
    for name in ["Okonkwo\u{e863}", "Okonkwo\u{200e}", "Okonkwo👩"] {
        let error = error_of(&with("/family_name", json!(name)));
        assert!(!format!("{error} {error:?}").contains("Okonkwo"));
    }
}
