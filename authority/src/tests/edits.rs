//! A license is edited while a credential of it is being signed.

use super::*;
use crate::register::Step;

#[test]
fn an_edit_while_a_first_credential_waits_for_its_list_does_not_supersede_it_a_day_later() {
    let office = Office::new();
    let added = office.add("ZZ-1");
    let authority = office.open();
    let tokens = authority
        .register()
        .redeem(
            &code_of(&added),
            Some(&added.tx_code),
            None,
            office.now().into(),
        )
        .unwrap()
        .unwrap();
    let key = new_key();
    let ask = CredentialRequest {
        access: Access::bearer(&tokens.access),
        key: key.verifying_key().clone(),
        nonce: &authority
            .new_nonce(NonceUse::KeyProof, office.now())
            .unwrap(),
    };
    let step = authority.register().issue(&ask, office.now().into());
    let Step::Sign(waiting, _) = step.unwrap() else {
        panic!("its list was never signed");
    };
    let mut file = application_form::to_json(&license("ZZ-1"));
    file["categories"][0]["restrictions"] = json!(["78"]);
    let restricted = application_form::parse(file.to_string().as_bytes()).unwrap();
    let edited = authority.edit_license("ZZ-1", Some(&restricted), None, office.now());
    assert!(edited.unwrap().takes_away);
    authority
        .publisher()
        .sign_lists(&[waiting.list], office.now().into())
        .unwrap();
    let step = authority.register().complete(&waiting, office.now().into());
    let Step::Done(issued, _) = step.unwrap() else {
        panic!("its list is signed");
    };
    let place = Place {
        list: issued.record.list,
        idx: issued.record.idx,
    };
    office.pass(2 * DAY);
    office.publish();
    assert_eq!(office.published(place), LicenseStatus::Valid);
}
