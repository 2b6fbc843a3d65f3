//! What the commands do to a home folder, without a server.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use tempfile::TempDir;
use vidimus_authority::{
    Authority, Error, InitOptions, IssuerFault, PortraitFault, application_form, init,
};
use vidimus_credential::{LicenseStatus, VerifyingKey};

use crate::common::{START, at, driver_json, license, license_of, offer_of, portrait, root_of};

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
    assert_eq!((mode("issued.log"), mode("authority.lock")), (0o600, 0o600));
    let keys: Vec<_> = fs::read_dir(folder.path().join("keys"))
        .unwrap()
        .map(|key| key.unwrap())
        .collect();
    assert_eq!(
        keys.len(),
        6,
        "root, for each use a key and the next one, and the epoch"
    );
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
    assert_eq!(fs::read_dir(folder.path().join("keys")).unwrap().count(), 6);
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
            .add_license(&license(), &portrait(150, 200), at(START))
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
    for other in ["127.0.0.1:8081", "127.0.0.2:8080", "[::1]:8080"] {
        assert_eq!(
            listening(other),
            Err(Error::OtherAddress {
                issuer: "http://127.0.0.1:8080".to_owned(),
                listen: "127.0.0.1:8080".parse().unwrap()
            })
        );
    }
    // All addresses of the machine, and so that one.
    assert!(listening("0.0.0.0:8080").is_ok());
    assert!(
        authority
            .add_license(&license(), &portrait(150, 200), at(START))
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
        .add_license(&license(), &portrait(150, 200), at(START))
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
        application_form::parse(file.to_string().as_bytes()).unwrap()
    };
    let add = |license, portrait: &[u8]| authority.add_license(&license, portrait, at(START)).err();
    let picture = portrait(150, 200);
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
    let license = || license_of("ZZ-other");
    let restrictions: Vec<String> = (0..8).map(|n| format!("restriction-{n}")).collect();
    let category = |year: u32| json!({ "code": format!("B{year}"), "from": format!("{year}-01-01"), "until": null, "restrictions": restrictions });
    let categories: Vec<_> = (2000..2024).map(category).collect();
    let long = add(with("categories", json!(categories)), &picture);
    assert!(long.unwrap().to_string().contains("bytes"));
    for (file, fault) in [
        (&b"GIF89a"[..], PortraitFault::OtherFormat("GIF")),
        (b"", PortraitFault::NotAJpeg),
        (&picture[..picture.len() / 2], PortraitFault::NotWhole),
        (&vec![0xff; 65_537], PortraitFault::TooLarge),
        (&portrait(2049, 8), PortraitFault::TooManyPixels),
    ] {
        assert_eq!(add(license(), file), Some(Error::Portrait(fault)));
    }
    assert_eq!(authority.licenses(None, 10, at(START)).unwrap().len(), 1);
}

#[test]
fn the_database_holds_no_secret_that_a_bearer_could_use() {
    let (folder, authority) = authority();
    let added = authority
        .add_license(&license(), &portrait(150, 200), at(START))
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
fn a_decision_is_final_and_unknown_is_not_for_authorities_to_say() {
    let (_folder, authority) = authority();
    let id = authority
        .add_license(&license(), &portrait(150, 200), at(START))
        .unwrap()
        .license_id;
    let set = |of: &str, state| authority.set_status(of, state, at(START));
    for state in [LicenseStatus::Unknown, LicenseStatus::UpdateWaiting] {
        assert_eq!(set(&id, state), Err(Error::StatusNotSettable));
    }
    assert_eq!(
        set("0000", LicenseStatus::Valid),
        Err(Error::UnknownLicense)
    );
    set(&id, LicenseStatus::Superseded).unwrap();
    assert_eq!(set(&id, LicenseStatus::Valid), Err(Error::Superseded));
    set(&id, LicenseStatus::Revoked).unwrap();
    assert_eq!(set(&id, LicenseStatus::Valid), Err(Error::Revoked));
    assert_eq!(set(&id, LicenseStatus::Revoked), Ok(()), "it is so already");
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
                    let license = license_of(&format!("ZZ-{clerk}-{turn}"));
                    let id = authority
                        .add_license(&license, &portrait(150, 200), at(START))
                        .unwrap()
                        .license_id;
                    authority
                        .set_status(&id, LicenseStatus::Suspended, at(START))
                        .unwrap();
                }
            })
        })
        .collect();
    clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
    let authority = Authority::open(&home).unwrap();
    let rows = authority.licenses(None, 100, at(START)).unwrap();
    assert_eq!(rows.len(), 20);
    assert!(
        rows.iter()
            .all(|row| row.status == LicenseStatus::Suspended)
    );
}
