//! The file as such: fields that are missing, twice, wrong; encodings.

use super::*;

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
            FormError {
                field: (*field).to_owned(),
                fault: FormFault::Missing
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
    assert!(matches!(error.fault, FormFault::Twice { line: 1, .. }));
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
        refused(b"{\n \"a\": }").fault,
        FormFault::NotAField { line: 2, column: 4 }
    );
    assert_eq!(
        refused(b"{\n \"family_name\": }").fault,
        FormFault::NotJson {
            line: 2,
            column: 17
        }
    );
    let trailing = format!("{}\n\u{1a}", example());
    assert_eq!(
        refused(trailing.as_bytes()).fault,
        FormFault::NotJson { line: 2, column: 1 }
    );
    assert!(matches!(refused(b"[]").fault, FormFault::Type(_)));
    for empty in [b"".as_slice(), b" \r\n", b"\xef\xbb\xbf"] {
        assert_eq!(refused(empty).fault, FormFault::Nothing);
    }
}

#[test]
fn another_encoding_is_named_with_the_place_of_the_first_wrong_byte() {
    let file = example().to_string();
    let good = format!("\u{feff}{}", file.replace(',', ",\r\n"));
    assert!(from_clerk(good.as_bytes(), &desk()).is_ok());
    let latin1 = b"{\n \"family_name\": \"Br\xe9mond\"";
    assert_eq!(
        refused(latin1).to_string(),
        "driver.json: the file is not saved as UTF-8 (byte E9 in line 2, column 20): save it as UTF-8"
    );
    let gb18030 = b"{\"family_name\": \"\xcd\xf5\"";
    assert!(matches!(
        refused(gb18030).fault,
        FormFault::NotUtf8 {
            line: 1,
            column: 18,
            byte: 0xcd
        }
    ));
    let big: Vec<u8> = file.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &little].concat();
    for utf16 in [big, little, marked] {
        assert_eq!(refused(&utf16).fault, FormFault::Utf16);
    }
    let half = file.replace("Adaeze 愛", "\\ud842");
    assert!(matches!(
        refused(half.as_bytes()).fault,
        FormFault::HalfCharacter { line: 1, .. }
    ));
    let whole = file.replace("Adaeze 愛", "\\ud842\\udfb7");
    let entry = from_clerk(whole.as_bytes(), &desk()).unwrap();
    assert_eq!(entry.license.given_names(), "𠮷");
}

#[test]
fn a_wrong_field_is_named_with_its_problem() {
    let cases = [
        (
            "/family_name",
            json!(7),
            "family_name",
            FormFault::Type("text in quotes"),
        ),
        (
            "/license_number",
            json!(12_345_678),
            "license_number",
            FormFault::Type("text in quotes"),
        ),
        (
            "/family_name",
            json!("a".repeat(129)),
            "family_name",
            FormFault::TooLong {
                length: 129,
                max: 128,
            },
        ),
        (
            "/family_name",
            json!("a".repeat(1000)),
            "family_name",
            FormFault::TooLong {
                length: 1000,
                max: 128,
            },
        ),
        (
            "/license_number",
            json!(""),
            "license_number",
            FormFault::Empty,
        ),
        (
            "/birth_date",
            json!("1991-02-29"),
            "birth_date",
            FormFault::Date(DateFault::LeapDay(1991)),
        ),
        (
            "/birth_date",
            json!(1991),
            "birth_date",
            FormFault::Date(DateFault::BirthForm),
        ),
        (
            "/birth_date",
            json!("1956-00-00"),
            "birth_date",
            FormFault::Date(DateFault::BirthZero),
        ),
        (
            "/issue_date",
            json!("2024-05"),
            "issue_date",
            FormFault::Date(DateFault::Form),
        ),
        (
            "/expiry_date",
            json!("2034-02-29"),
            "expiry_date",
            FormFault::Date(DateFault::LeapDay(2034)),
        ),
        (
            "/expiry_date",
            json!("9999-12-31"),
            "expiry_date",
            FormFault::Date(DateFault::NoEnd(9999)),
        ),
        (
            "/categories/1/until",
            json!("2222-12-31"),
            "categories[1].until",
            FormFault::Date(DateFault::NoEnd(2222)),
        ),
        (
            "/issue_date",
            json!("9999-12-31"),
            "issue_date",
            FormFault::Date(DateFault::Year(9999)),
        ),
        (
            "/birth_date",
            json!("2024-05-02"),
            "issue_date",
            FormFault::Before("birth_date"),
        ),
        (
            "/expiry_date",
            json!("2024-04-30"),
            "expiry_date",
            FormFault::Before("issue_date"),
        ),
        (
            "/issuing_country",
            json!("zz"),
            "issuing_country",
            FormFault::Country,
        ),
        (
            "/issuing_country",
            json!("CHN"),
            "issuing_country",
            FormFault::Country,
        ),
        (
            "/categories",
            json!([]),
            "categories",
            FormFault::Count { min: 1, max: 24 },
        ),
        (
            "/categories",
            json!({}),
            "categories",
            FormFault::Type("an array [...]"),
        ),
        (
            "/categories/0/code",
            json!("ABCDEFGHI"),
            "categories[0].code",
            FormFault::TooLong { length: 9, max: 8 },
        ),
        (
            "/categories/0/until",
            json!("2010-02-28"),
            "categories[0].until",
            FormFault::Before("from"),
        ),
        (
            "/categories/0/restrictions",
            json!([]),
            "categories[0].restrictions",
            FormFault::Count { min: 1, max: 8 },
        ),
        (
            "/categories/0/restrictions/1",
            json!(" "),
            "categories[0].restrictions[1]",
            FormFault::Blank,
        ),
    ];
    for (pointer, value, field, fault) in cases {
        assert_eq!(
            error_of(&with(pointer, value)),
            FormError {
                field: field.to_owned(),
                fault
            }
        );
    }
}

#[test]
fn one_of_the_names_may_be_empty_but_not_both() {
    let mut file = with("/given_names", json!(""));
    assert!(from_clerk(file.to_string().as_bytes(), &desk()).is_ok());
    file["family_name"] = json!("");
    assert_eq!(error_of(&file).fault, FormFault::NoName);
}
