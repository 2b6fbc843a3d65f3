//! What the commands do to a home folder, without a server.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use vidimus_authority::{
    Authority, CREDENTIAL_LIFE, Error, InitOptions, IssuerFault, PortraitFault, STATUS_LIFE,
    driver, init,
};
use vidimus_credential::bundle::Bundle;
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::trust::Purpose;
use vidimus_credential::{LicenseStatus, VerifyingKey};

use crate::common::{START, at, driver_json, license, offer_of, portrait, root_of, trust_of};

const ISSUER: &str = "https://license.example";

fn issuer(url: &str) -> InitOptions {
    InitOptions {
        issuer: Some(url.to_owned()),
        ..InitOptions::default()
    }
}

fn authority() -> (TempDir, Authority) {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), issuer(ISSUER), at(START)).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    (folder, authority)
}

fn list(home: &Path, number: u32) -> StatusToken {
    let bytes = fs::read(home.join(format!("public/status/{number}"))).unwrap();
    UnverifiedStatusToken::parse(&bytes)
        .unwrap()
        .authenticate(&trust_of(home), ISSUER)
        .unwrap()
}

#[test]
fn init_writes_the_roots_public_key_and_private_files_for_the_owner_alone() {
    let (folder, _) = authority();
    let mode = |path: &str| {
        fs::metadata(folder.path().join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        (mode("."), mode("keys"), mode("authority.sqlite")),
        (0o700, 0o700, 0o600)
    );
    let keys: Vec<_> = fs::read_dir(folder.path().join("keys"))
        .unwrap()
        .map(|key| key.unwrap())
        .collect();
    assert_eq!(keys.len(), 3, "root, credential key, status key");
    assert!(
        keys.iter()
            .all(|key| key.metadata().unwrap().permissions().mode() & 0o777 == 0o600)
    );
    let root = fs::read(folder.path().join("root.cose")).unwrap();
    assert_eq!(
        VerifyingKey::from_cose_key(&root).unwrap().to_cose_key(),
        root
    );
}

#[test]
fn init_refuses_a_home_that_is_taken_and_leaves_it_as_it_was() {
    let (folder, authority) = authority();
    let root = root_of(folder.path());
    assert_eq!(
        init(folder.path(), issuer("https://other.example"), at(START)),
        Err(Error::AlreadyInitialised)
    );
    assert_eq!(authority.issuer().unwrap().as_deref(), Some(ISSUER));
    assert!(root_of(folder.path()) == root);
    assert_eq!(fs::read_dir(folder.path().join("keys")).unwrap().count(), 3);
}

#[test]
fn init_refuses_what_cannot_be_an_authority_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let country = |code: &str| InitOptions {
        country: Some(code.to_owned()),
        ..InitOptions::default()
    };
    let name = |name: &str| InitOptions {
        name: Some(name.to_owned()),
        ..InitOptions::default()
    };
    let long = format!("https://{}.example", "a".repeat(50));
    for (options, error) in [
        (
            issuer("http://license.example"),
            Error::Issuer(IssuerFault::NotHttps),
        ),
        (
            issuer("http://192.168.0.1:8080"),
            Error::Issuer(IssuerFault::NotHttps),
        ),
        (
            issuer(&long),
            Error::Issuer(IssuerFault::TooLong(long.len())),
        ),
        (
            issuer("license.example"),
            Error::Issuer(IssuerFault::NotAUrl),
        ),
        (
            issuer("https://license.example/?a=b"),
            Error::Issuer(IssuerFault::Extras),
        ),
        (country("zz"), Error::Country),
        (country("DEU"), Error::Country),
        (name(""), Error::Name),
        (name(&"n".repeat(65)), Error::Name),
        (name("a\u{202e}b"), Error::Name),
    ] {
        assert!(error.is_bad_input());
        assert_eq!(init(&home, options, at(START)), Err(error));
    }
    assert!(!home.exists());
    assert_eq!(Authority::open(&home).err(), Some(Error::NotInitialised));
    assert_eq!(
        Authority::open(folder.path()).err(),
        Some(Error::NotInitialised)
    );
}

#[test]
fn the_first_serve_fixes_a_loopback_issuer_and_another_port_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), InitOptions::default(), at(START)).unwrap();
    let authority = Authority::open(folder.path()).unwrap();
    assert_eq!(authority.issuer(), Ok(None));
    assert_eq!(
        authority
            .add_license(&license(), &portrait(8, 8), at(START))
            .err(),
        Some(Error::IssuerNotFixed)
    );
    assert!(!folder.path().join("public/trust").exists());
    let listening = |address: &str| authority.fix_issuer(address.parse().unwrap(), at(START));
    assert_eq!(listening("0.0.0.0:8080"), Err(Error::ListenerNotLoopback));
    assert_eq!(
        listening("127.0.0.1:8080").as_deref(),
        Ok("http://127.0.0.1:8080")
    );
    assert_eq!(
        listening("127.0.0.1:8080").as_deref(),
        Ok("http://127.0.0.1:8080")
    );
    assert_eq!(
        listening("127.0.0.1:8081"),
        Err(Error::OtherPort {
            issuer: "http://127.0.0.1:8080".to_owned(),
            port: 8080
        })
    );
    assert!(
        authority
            .add_license(&license(), &portrait(8, 8), at(START))
            .is_ok()
    );
}

#[test]
fn an_https_issuer_stands_behind_a_proxy_and_takes_any_listener() {
    let (_folder, authority) = authority();
    assert_eq!(
        authority
            .fix_issuer("0.0.0.0:80".parse().unwrap(), at(START))
            .as_deref(),
        Ok(ISSUER)
    );
}

#[test]
fn an_offer_names_the_issuer_and_asks_for_a_numeric_code() {
    let (_folder, authority) = authority();
    let added = authority
        .add_license(&license(), &portrait(48, 64), at(START))
        .unwrap();
    let offer = offer_of(&added);
    assert_eq!(offer["credential_issuer"], json!(ISSUER));
    assert_eq!(offer["credential_configuration_ids"], json!(["dl"]));
    let grant = &offer["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"];
    assert_eq!(
        (&grant["tx_code"]["input_mode"], &grant["tx_code"]["length"]),
        (&json!("numeric"), &json!(added.tx_code.len()))
    );
    assert!(added.tx_code.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(
        !offer.to_string().contains('%'),
        "some wallets decode twice"
    );
    assert!(
        !added.offer.contains('+'),
        "some wallets do not read + as a space"
    );
    assert!(added.offer_by_reference.starts_with(
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicense.example%2Foffers%2F"
    ));
}

#[test]
fn the_register_refuses_what_cannot_be_issued() {
    let (_folder, authority) = authority();
    let with = |name: &str, value: serde_json::Value| {
        let mut file = driver_json();
        file[name] = value;
        driver::parse(file.to_string().as_bytes()).unwrap()
    };
    let add = |license, portrait: &[u8]| authority.add_license(&license, portrait, at(START)).err();
    let picture = portrait(48, 64);
    assert!(matches!(
        add(with("issuing_country", json!("DE")), &picture),
        Some(Error::OtherCountry { .. })
    ));
    assert_eq!(
        add(with("expiry_date", json!("2027-01-14")), &picture),
        Some(Error::LicenseEnded)
    );
    assert_eq!(
        add(with("expiry_date", json!("2027-01-15")), &picture),
        None,
        "a license's last day counts"
    );
    let restrictions: Vec<String> = (0..8).map(|n| format!("restriction-{n}")).collect();
    let category = |year: u32| json!({ "code": format!("B{year}"), "from": format!("{year}-01-01"), "until": null, "restrictions": restrictions });
    let categories: Vec<_> = (2000..2024).map(category).collect();
    assert_eq!(
        add(with("categories", json!(categories)), &picture),
        Some(Error::TooMuchData)
    );
    assert_eq!(
        add(license(), b"GIF89a"),
        Some(Error::Portrait(PortraitFault::NotAJpeg))
    );
    assert_eq!(
        add(license(), b""),
        Some(Error::Portrait(PortraitFault::NotAJpeg))
    );
    assert_eq!(
        add(license(), &picture[..picture.len() / 2]),
        Some(Error::Portrait(PortraitFault::NotAJpeg))
    );
    assert_eq!(
        add(license(), &vec![0xff; 65_537]),
        Some(Error::Portrait(PortraitFault::TooLarge))
    );
    assert_eq!(
        add(license(), &portrait(2049, 8)),
        Some(Error::Portrait(PortraitFault::TooManyPixels))
    );
    assert_eq!(authority.licenses().unwrap().len(), 1);
}

#[test]
fn a_status_is_published_with_a_later_time_when_the_call_returns() {
    let (folder, authority) = authority();
    let id = authority
        .add_license(&license(), &portrait(8, 8), at(START))
        .unwrap()
        .license_id;
    let (mut list_time, mut bundle_time) = (list(folder.path(), 0).issued_at(), at(0));
    // Revoked comes last, because it is final.
    let states = LicenseStatus::ALL
        .into_iter()
        .filter(|state| !matches!(state, LicenseStatus::Unknown | LicenseStatus::Revoked));
    for state in states.chain([LicenseStatus::Revoked]) {
        authority.set_status(&id, state, at(START)).unwrap();
        let list = list(folder.path(), 0);
        let bytes = fs::read(folder.path().join("public/status/bundle")).unwrap();
        let bundle = Bundle::verify(&bytes, &trust_of(folder.path())).unwrap();
        assert!(list.issued_at() > list_time && bundle.issued_at() > bundle_time);
        (list_time, bundle_time) = (list.issued_at(), bundle.issued_at());
        let at_index: Vec<_> = (0..=255)
            .filter(|idx| list.status(*idx) == Ok(state))
            .collect();
        assert!(at_index.len() == 1 || state == LicenseStatus::Valid);
        let place = |idx| StatusRef {
            idx,
            uri: format!("{ISSUER}/status/0"),
        };
        let in_bundle = (0..=255)
            .filter(|idx| bundle.status(ISSUER, &place(*idx)) == Some(state))
            .count();
        assert_eq!(in_bundle, at_index.len());
        assert_eq!(authority.licenses().unwrap()[0].status, state);
    }
}

#[test]
fn revoked_is_final_and_unknown_is_not_for_authorities_to_say() {
    let (_folder, authority) = authority();
    let id = authority
        .add_license(&license(), &portrait(8, 8), at(START))
        .unwrap()
        .license_id;
    assert_eq!(
        authority.set_status(&id, LicenseStatus::Unknown, at(START)),
        Err(Error::StatusNotSettable)
    );
    assert_eq!(
        authority.set_status("0000", LicenseStatus::Valid, at(START)),
        Err(Error::UnknownLicense)
    );
    authority
        .set_status(&id, LicenseStatus::Revoked, at(START))
        .unwrap();
    assert_eq!(
        authority.set_status(&id, LicenseStatus::Valid, at(START)),
        Err(Error::Revoked)
    );
    assert_eq!(
        authority.set_status(&id, LicenseStatus::Revoked, at(START)),
        Ok(())
    );
}

#[test]
fn a_new_license_changes_no_published_list_and_its_place_says_nothing_of_its_time() {
    let (folder, authority) = authority();
    let picture = portrait(8, 8);
    let mut ids = BTreeSet::new();
    ids.insert(
        authority
            .add_license(&license(), &picture, at(START))
            .unwrap()
            .license_id,
    );
    let first = fs::read(folder.path().join("public/status/0")).unwrap();
    for second in 1..260 {
        ids.insert(
            authority
                .add_license(&license(), &picture, at(START + second))
                .unwrap()
                .license_id,
        );
    }
    assert_eq!(ids.len(), 260);
    assert_eq!(
        fs::read(folder.path().join("public/status/0")).unwrap(),
        first
    );
    assert_eq!(list(folder.path(), 1).uri(), format!("{ISSUER}/status/1"));
    assert!(!folder.path().join("public/status/2").exists());
    let database = rusqlite::Connection::open(folder.path().join("authority.sqlite")).unwrap();
    let mut statement = database
        .prepare("SELECT idx FROM licenses WHERE list = 0 ORDER BY added")
        .unwrap();
    let places: Vec<u8> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut sorted = places.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..=255).collect::<Vec<u8>>(), "each place once");
    assert_ne!(places, sorted);
}

#[test]
fn the_database_holds_no_secret_that_a_bearer_could_use() {
    let (folder, authority) = authority();
    let added = authority
        .add_license(&license(), &portrait(8, 8), at(START))
        .unwrap();
    let code = crate::common::code_of(&added);
    let reference = added
        .offer_by_reference
        .rsplit_once("%2F")
        .unwrap()
        .1
        .to_owned();
    let mut bytes = fs::read(folder.path().join("authority.sqlite")).unwrap();
    bytes.extend(fs::read(folder.path().join("authority.sqlite-wal")).unwrap_or_default());
    assert!(
        bytes.windows(7).any(|window| window == b"Okonkwo"),
        "the search finds what is there"
    );
    for secret in [&code, &reference, &added.tx_code] {
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
}

#[test]
fn rotation_signs_with_new_keys_and_keeps_the_old_in_the_trust_list_until_what_they_signed_has_ended()
 {
    let (folder, authority) = authority();
    authority
        .add_license(&license(), &portrait(8, 8), at(START))
        .unwrap();
    let old = trust_of(folder.path());
    assert_eq!(old.entries().len(), 2);
    authority.rotate_keys(at(START + 10)).unwrap();
    let new = trust_of(folder.path());
    assert_eq!(new.entries().len(), 4);
    assert!(new.issued_at() > old.issued_at());
    for entry in old.entries() {
        let life = if entry.purposes == [Purpose::Credential] {
            CREDENTIAL_LIFE
        } else {
            STATUS_LIFE
        };
        let kept = new.find(entry.key.kid()).unwrap();
        assert!(
            kept.expires >= at(START + 10 + life) && kept.expires < at(START + 10 + life + 86_400)
        );
    }
    let bytes = fs::read(folder.path().join("public/status/0")).unwrap();
    let by_old = UnverifiedStatusToken::parse(&bytes)
        .unwrap()
        .authenticate(&old, ISSUER);
    assert_eq!(by_old.err(), Some(vidimus_credential::Error::UnknownKey));
    assert!(list(folder.path(), 0).issued_at() > at(START));
    assert_eq!(
        fs::read_dir(folder.path().join("keys")).unwrap().count(),
        3,
        "retired secrets are removed"
    );
    authority
        .rotate_keys(at(START + 10 + CREDENTIAL_LIFE + 86_400))
        .unwrap();
    assert_eq!(
        trust_of(folder.path()).entries().len(),
        4,
        "the first ones have ended"
    );
}

#[test]
fn a_clock_that_was_set_back_does_not_delay_a_suspension() {
    let (folder, authority) = authority();
    let id = authority
        .add_license(&license(), &portrait(8, 8), at(START + 86_400))
        .unwrap()
        .license_id;
    let begun = std::time::Instant::now();
    authority
        .set_status(&id, LicenseStatus::Suspended, at(START))
        .unwrap();
    assert!(begun.elapsed().as_secs() < 5);
    assert!(list(folder.path(), 0).issued_at() > at(START + 86_400));
}

#[test]
fn the_same_home_in_several_processes_stays_one_register() {
    let (folder, _) = authority();
    let home = folder.path().to_owned();
    let clerks: Vec<_> = (0..4)
        .map(|clerk| {
            let home = home.clone();
            std::thread::spawn(move || {
                let authority = Authority::open(&home).unwrap();
                for turn in 0..5 {
                    let id = authority
                        .add_license(&license(), &portrait(8, 8), at(START + clerk))
                        .unwrap()
                        .license_id;
                    // Far enough apart that no call waits for its time to come.
                    authority
                        .set_status(&id, LicenseStatus::Suspended, at(START + 1000 * (turn + 1)))
                        .unwrap();
                }
            })
        })
        .collect();
    clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
    let list = list(&home, 0);
    assert_eq!(
        (0..=255)
            .filter(|idx| list.status(*idx) == Ok(LicenseStatus::Suspended))
            .count(),
        20
    );
}
