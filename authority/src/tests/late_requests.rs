//! Requests read their clock before they wait for one another: what was decided meanwhile counts.

use super::*;
use crate::register::{Decision, Step};

fn decision(event: &str, state: LicenseStatus) -> Decision {
    Decision {
        event: event.to_owned(),
        license: "ZZ-1".to_owned(),
        state,
        reason: None,
        from: None,
        until: None,
        lifts: None,
    }
}

fn decide(office: &Office, one: Decision) {
    let decided = office.open().decide(&[one], "court", office.now());
    assert_eq!(decided.unwrap().made, 1);
}

/// A driver with a phone, whose next request has read the clock and waits while `meanwhile` happens
/// a moment later. Returns what readers see of the phone's credentials, the earlier one first.
fn renewed_late(meanwhile: impl FnOnce(&Office)) -> [LicenseStatus; 2] {
    let office = Office::new();
    let mut phone = office.driver("ZZ-1");
    office.pass(2 * DAY);
    office.publish();
    meanwhile(&office);
    let first = phone.place;
    office.clock.set(office.clock.get() - 1);
    office.renew(&mut phone).unwrap();
    office.pass(100);
    office.publish();
    [first, phone.place].map(|place| office.published(place))
}

#[test]
fn a_suspension_stands_against_a_request_that_read_the_clock_before_it() {
    let seen = renewed_late(|office| {
        office.pass(1);
        decide(office, decision("a", LicenseStatus::Suspended));
    });
    assert_eq!(seen, [LicenseStatus::Suspended; 2]);
}

#[test]
fn what_was_lifted_or_has_ended_stays_so_for_a_request_that_read_the_clock_before() {
    let suspended = decision("a", LicenseStatus::Suspended);
    let seen = renewed_late(|office| {
        decide(office, suspended.clone());
        office.pass(1);
        decide(office, decision("b", LicenseStatus::Valid));
    });
    assert_eq!(seen, [LicenseStatus::Valid; 2]);
    let seen = renewed_late(|office| {
        let until = Some(office.now().saturating_add(10));
        decide(office, Decision { until, ..suspended });
        office.pass(10);
        office.publish();
    });
    assert_eq!(seen, [LicenseStatus::Valid; 2]);
}

#[test]
fn a_suspension_while_a_first_credential_waits_for_its_list_stands_in_it() {
    let office = Office::new();
    let added = office.add("ZZ-1");
    let authority = office.open();
    let asked_at = office.now();
    let register = authority.register();
    let tokens = register.redeem(
        &code_of(&added),
        Some(&added.tx_code),
        None,
        asked_at.into(),
    );
    let tokens = tokens.unwrap().unwrap();
    let ask = CredentialRequest {
        access: Access::bearer(&tokens.access),
        key: new_key().verifying_key().clone(),
        nonce: &authority.new_nonce(NonceUse::KeyProof, asked_at).unwrap(),
    };
    let Step::Sign(waiting, _) = register.issue(&ask, asked_at.into()).unwrap() else {
        panic!("a new list is signed first");
    };
    office.pass(1);
    decide(&office, decision("a", LicenseStatus::Suspended));
    let Step::Done(issued, _) = register.complete(&waiting, asked_at.into()).unwrap() else {
        panic!("the decision has signed the list");
    };
    office.publish();
    let place = Place {
        list: issued.record.list,
        idx: issued.record.idx,
    };
    assert_eq!(office.published(place), LicenseStatus::Suspended);
}
