//! A clerk's file of one driver.

mod categories;
mod dates;
mod file;
mod size;
mod text;

use serde_json::json;
use vidimus_credential::sd_cwt::{CredentialClaims, MAX_BYTES, StatusRef, measure};
use vidimus_credential::{Algorithm, Signer as _, SigningKey};

use super::*;

/// The desk works on 2027-01-15 at 08:00 UTC.
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

fn taken(file: &Value) -> Application {
    from_clerk(file.to_string().as_bytes(), &desk()).unwrap()
}

fn error_of(file: &Value) -> FormError {
    from_clerk(file.to_string().as_bytes(), &desk())
        .err()
        .unwrap()
}

fn refused(bytes: &[u8]) -> FormError {
    from_clerk(bytes, &desk()).err().unwrap()
}

fn named(name: &str) -> Result<Application, FormFault> {
    let file = with("/family_name", json!(name));
    from_clerk(file.to_string().as_bytes(), &desk()).map_err(|error| {
        assert_eq!(error.field, "family_name");
        error.fault
    })
}

fn character(c: char, fault: CharacterFault) -> FormFault {
    FormFault::Character { c, fault }
}
