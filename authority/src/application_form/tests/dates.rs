//! Dates of people and places.

use super::*;

#[test]
fn a_birth_after_today_is_refused_by_the_day_at_the_seat() {
    let born = |date: &str, offset: &str| {
        let mut file = with("/birth_date", json!(date));
        file["issue_date"] = json!("2027-12-31");
        file["utc_offset"] = json!(offset);
        from_clerk(file.to_string().as_bytes(), &desk()).map_err(|error| error.fault)
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
            Err(FormFault::Future),
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
    assert!(from_clerk(file.to_string().as_bytes(), &later).is_ok());
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
        let entry = from_clerk(file.to_string().as_bytes(), &seat);
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
        let problem = offset(Some(wrong)).err().map(|error| error.fault);
        assert_eq!(problem, Some(FormFault::Offset));
    }
    // What the register keeps says its offset itself: the seat may be another by then.
    let entry = from_clerk(example().to_string().as_bytes(), &seat).unwrap();
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
    assert_eq!(error_of(&file).fault, FormFault::Missing);
}
