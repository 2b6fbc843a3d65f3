//! What a bystander who photographed a driver's QR can follow afterwards, and what the QR tells
//! anybody.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;

use support::{DAY, Office, Phone, reader};
use vidimus_credential::presentation::UnverifiedToken;
use vidimus_credential::qr::base45;
use vidimus_wallet::LicenseId;
use vidimus_wallet::refresh::Refresh;

/// Where the status of the credential in a shown QR stands, and the credential's own random name.
async fn seen(phone: &Phone, license: &LicenseId) -> (String, u8, [u8; 16]) {
    let frame = phone.show(license).await;
    let token = base45::decode(frame.text.strip_prefix("DL1:").unwrap()).unwrap();
    let shown = UnverifiedToken::parse(&token).unwrap();
    let claims = shown.credential.claims();
    (claims.status.uri.clone(), claims.status.idx, claims.sub)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_credential_of_a_driver_has_an_index_of_its_own() {
    let mut office = Office::open().await;
    let phone = Phone::new(&office, None).await;
    let license = phone.enroll(&office.register().await).await;
    let mut places = BTreeSet::new();
    let mut names = BTreeSet::new();
    for renewals in 1..=4 {
        let (uri, idx, sub) = seen(&phone, &license).await;
        places.insert((uri, idx));
        names.insert(sub);
        assert_eq!((places.len(), names.len()), (renewals, renewals));
        office.clock.advance(21 * DAY);
        office.restart().await;
        let report = phone.refresh(Refresh::Now).await;
        assert!(report.failures.is_empty(), "{:?}", report.failures);
    }
    // The last one is good.
    let frame = phone.show(&license).await;
    let verdict = reader(&office, &phone).check(&frame.text, office.now());
    assert!(verdict.reasons.is_empty(), "{:?}", verdict.reasons);
}
