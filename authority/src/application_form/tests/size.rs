//! What fits a code that every reader can scan.

use super::*;

/// The longest credential of an issuer with the longest URL.
fn longest(license: &License) -> Option<FormError> {
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
    let FormFault::TooMuch { excess, .. } = error.fault else {
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
