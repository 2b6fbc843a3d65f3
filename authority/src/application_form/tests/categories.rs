//! Categories and their rows.

use super::*;

fn rows(rows: Value) -> Result<Application, FormError> {
    let file = with("/categories", rows);
    from_clerk(file.to_string().as_bytes(), &desk())
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
            Some(FormError {
                field: "categories[2]".to_owned(),
                fault: FormFault::Overlap { other: 0 }
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
