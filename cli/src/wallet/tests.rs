//! What the driver's commands say of a license whose days are over: `list` and `enroll` write it by
//! [`license_json`] and [`license_words`], `status` by the first, `show` by a frame, `log` by its
//! entry.

use vidimus_credential::meaning::{Grounds, Statement};
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_credential::{
    Category, Country, Day, License, LicenseFields, LicenseStatus, StatusReport, StatusSource,
    UnixTime, UtcOffset,
};
use vidimus_wallet::activity_log::{ActivityEntry, Audience, Event, Fields};
use vidimus_wallet::present::Frame;
use vidimus_wallet::{HeldLicense, LicenseId};

use super::{activity, license_json, license_words};
use crate::live::state_words;
use crate::output::Style;
use crate::report;

fn now() -> UnixTime {
    UnixTime::new(1_795_000_000).unwrap()
}

fn license() -> License {
    let day = |text| Day::parse_iso(text).unwrap();
    License::new(LicenseFields {
        family_name: "Okonkwo".to_owned(),
        given_names: String::new(),
        birth_date: day("1991-02-28").into(),
        license_number: "ZZ-1".to_owned(),
        categories: vec![Category::new("B".to_owned(), None, None, Vec::new()).unwrap()],
        issue_date: day("2016-11-01"),
        expiry_date: Some(day("2026-11-01")),
        issuing_country: Country::parse("ZZ").unwrap(),
        utc_offset: UtcOffset::UTC,
    })
    .unwrap()
}

/// Expired, with a fresh status that says Valid.
fn held() -> HeldLicense {
    let license = license();
    let statement = Statement {
        state: LicenseStatus::Valid,
        issued_at: now().saturating_sub(60),
        expires: now().saturating_add(86_400),
    };
    let grounds = Grounds {
        license: &license,
        credential_ends: now().saturating_add(86_400),
        status: Some(statement),
    };
    HeldLicense {
        id: LicenseId::new("one"),
        outlook: grounds.outlook(now()),
        license: Some(license),
        portrait: None,
        status: StatusReport {
            state: LicenseStatus::Valid,
            as_of: Some(statement.issued_at),
            source: StatusSource::Staple,
        },
        issued_at: None,
        expires: None,
        problem: None,
    }
}

fn frame() -> Frame {
    Frame {
        text: "DL1:".to_owned(),
        symbol: Symbol::encode("DL1:", SymbolOptions::default()).unwrap(),
        issued_at: now(),
        rotates_at: now(),
        expires_at: now(),
        status: held().status,
        standing: held().standing(),
        age_s: Some(60),
        staple_left_out: false,
        face: None,
    }
}

#[test]
fn an_expired_license_is_bad_in_list_and_status() {
    let json = license_json(&held(), now());
    assert_eq!(json["status"]["state"], "valid");
    assert_eq!(json["status"]["age_s"], 60, "by the wallet's time");
    assert_eq!(
        (&json["standing"], &json["tone"]),
        (&"license_expired".into(), &"bad".into())
    );
    let words = license_words(&held(), now());
    assert!(words.contains("✘ License expired"), "{words}");
    assert!(!words.contains('✔'), "{words}");
}

#[test]
fn an_expired_license_is_bad_while_it_is_shown() {
    let json = report::frame_json(&frame());
    assert_eq!(
        (&json["standing"], &json["tone"]),
        (&"license_expired".into(), &"bad".into())
    );
    let words = state_words(frame().standing, frame().age_s, Style::detect());
    assert!(words.contains("✘ License expired"), "{words}");
    assert!(words.ends_with("status 60 s old"), "{words}");
}

#[test]
fn an_expired_license_is_bad_in_the_log_of_its_showing() {
    let entry = ActivityEntry {
        at: now(),
        license: "one".to_owned(),
        event: Event::Shown {
            audience: Audience::Anyone,
            fields: Fields::all_but_portrait(),
            status: LicenseStatus::Valid,
            as_of: None,
            standing: held().standing(),
        },
    };
    let json = activity::entry_json(&entry);
    assert_eq!(
        (&json["standing"], &json["tone"]),
        (&"license_expired".into(), &"bad".into())
    );
    let words = activity::entry_words(&entry);
    assert!(words.contains("✘ License expired"), "{words}");
}
