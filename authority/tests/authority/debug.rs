//! What `Debug` prints of each public type that holds personal data or secrets: nothing of them.

use std::fmt::Debug;

use vidimus_authority::application_form::{Application, Desk, from_clerk};
use vidimus_authority::portrait::Roadside;
use vidimus_authority::{
    AddedLicense, Authority, Decision, DecisionRow, Error, Found, InitOptions, LicenseRow,
    LicenseStage, init,
};
use vidimus_credential::{LicenseStatus, UtcOffset};

use crate::common::{START, at, driver_json, license, portrait};

const REASON: &str = "an illness that is private";

/// A value, looked at for `Debug`.
struct Printed<'a, T>(&'a T);

impl<T: Debug> Printed<'_, T> {
    fn text(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// For types without `Debug`: a method of the type itself comes first.
trait Unprinted {
    fn text(&self) -> String {
        "no Debug".to_owned()
    }
}

impl<T> Unprinted for Printed<'_, T> {}

macro_rules! printed {
    ($($type:ty: $value:expr => $text:expr,)+) => {
        [$((stringify!($type), Printed::<$type>(&$value).text(), $text.to_owned())),+]
    };
}

#[test]
fn debug_prints_no_personal_data_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Some("https://license.example".to_owned());
    let options = InitOptions {
        issuer,
        ..InitOptions::default()
    };
    init(folder.path(), options, at(START)).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    let submitted = portrait(150, 200);
    let added = authority
        .add_license(&license(), &submitted, at(START))
        .unwrap();
    let decision = Decision {
        event: "court-1".to_owned(),
        license: license().license_number().to_owned(),
        state: LicenseStatus::Suspended,
        reason: Some(REASON.to_owned()),
        from: None,
        until: None,
        lifts: None,
    };
    let decided = authority.decide(std::slice::from_ref(&decision), "court", at(START));
    assert_eq!(decided.unwrap().made, 1);
    let found = authority.find_license("ZZ-1029384756", at(START)).unwrap();
    let row = found.decisions.first().unwrap();
    assert_eq!(row.reason.as_deref(), Some(REASON));
    let mut file = driver_json();
    file["given_names"] = " Adaeze".into();
    let desk = Desk {
        utc_offset: UtcOffset::UTC,
        now: at(START),
    };
    let form = from_clerk(file.to_string().as_bytes(), &desk).unwrap();
    let face = Roadside {
        jpeg: submitted.clone(),
        notes: Vec::new(),
    };
    let taken = authority.add_license(&license(), &submitted, at(START));
    let taken = taken.err().unwrap();

    let list = printed! {
        Application: form => "Application { license: License(..), notes: [TextNote { field: \
            \"given_names\", kind: Trimmed }] }",
        Roadside: face => "Roadside { notes: [], .. }",
        Decision: decision => "Decision { event: \"court-1\", state: Suspended, from: None, \
            until: None, lifts: None, .. }",
        DecisionRow: *row => "DecisionRow { event: \"court-1\", state: Suspended, \
            from: UnixTime(1800000000), until: None, by: \"court\", made: UnixTime(1800000000), \
            lifted: None, in_force: true, .. }",
        AddedLicense: added => "no Debug",
        Found: found => "no Debug",
        LicenseRow: found.row => "no Debug",
        LicenseStage: found.row.stage => "no Debug",
        Authority: authority => "no Debug",
        Error: taken => format!("NumberTaken {{ license: {:?} }}", added.license_id),
    };
    for (name, text, expected) in list {
        assert_eq!(text, expected, "{name}");
        for secret in ["Okonkwo", "Adaeze", "1029384756", "illness"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
    }
}
