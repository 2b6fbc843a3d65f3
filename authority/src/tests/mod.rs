//! Bad days: a lost database, an old backup, a damaged file.

mod accounts;
mod backups;
mod clocks;
mod damage;
mod decisions;
mod deferrals;
mod edits;
mod late_requests;
mod office;
mod possession;
mod reconciliation;
mod retention;
mod reviews;
mod rotations;
mod sign_in;
mod town;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::trust::TrustList;
use vidimus_credential::{
    Algorithm, License, LicenseStatus, Signer as _, SigningKey, UnixTime, VerifyingKey,
};

use crate::application_form;
use crate::authority::{Authority, InitOptions, init};
use crate::error::Error;
use crate::evidence::Reconciled;
use crate::nonces::NonceUse;
use crate::offers::AddedLicense;
use crate::reconcile::ReconcileOptions;
use crate::register::{Access, Answered, CredentialRequest, IssueFault, Register as _, TokenFault};
use crate::rules::slots::Place;

const START: u64 = 1_800_000_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
const ISSUER: &str = "https://license.example";
const PORTRAIT: &[u8] = include_bytes!("../../../cli/assets/portrait.jpg");

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn license(number: &str) -> License {
    let driver = json!({
        "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
        "license_number": number, "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    });
    application_form::parse(driver.to_string().as_bytes()).unwrap()
}

/// A home, and a clock that the test turns.
struct Office {
    folder: TempDir,
    clock: Cell<u64>,
}

/// What a phone holds.
struct Phone {
    key: SigningKey,
    refresh: String,
    license: String,
    /// The place of its present credential.
    place: Place,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = InitOptions {
            issuer: Some(ISSUER.to_owned()),
            ..InitOptions::default()
        };
        init(&folder.path().join("home"), options, at(START)).unwrap();
        Self {
            folder,
            clock: Cell::new(START),
        }
    }

    /// A path beside the home.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn home(&self) -> PathBuf {
        self.path("home")
    }

    fn open(&self) -> Authority {
        Authority::open(&self.home()).unwrap()
    }

    fn now(&self) -> UnixTime {
        at(self.clock.get())
    }

    fn pass(&self, seconds: u64) {
        self.clock.set(self.clock.get() + seconds);
    }

    fn add(&self, number: &str) -> AddedLicense {
        self.open()
            .add_license(&license(number), PORTRAIT, self.now())
            .unwrap()
    }

    /// A driver who is registered and has a phone.
    fn driver(&self, number: &str) -> Phone {
        let added = self.add(number);
        self.enroll(&added)
    }

    fn enroll(&self, added: &AddedLicense) -> Phone {
        let authority = self.open();
        let code = code_of(added);
        let tokens = authority
            .register()
            .redeem(&code, Some(&added.tx_code), None, self.now().into())
            .unwrap()
            .unwrap();
        let mut phone = Phone {
            key: new_key(),
            refresh: (*tokens.refresh).clone(),
            license: added.license_id.clone(),
            place: Place { list: 0, idx: 0 },
        };
        phone.place = request(&authority, &tokens.access, &phone.key, self.now()).unwrap();
        phone
    }

    /// Renews a phone's credential.
    fn renew(&self, phone: &mut Phone) -> Result<(), Refused> {
        let authority = self.open();
        let tokens = authority
            .register()
            .rotate(&phone.refresh, None, self.now().into())
            .unwrap()
            .map_err(Refused::Token)?;
        phone.place =
            request(&authority, &tokens.access, &phone.key, self.now()).map_err(Refused::Issue)?;
        phone.refresh = (*tokens.refresh).clone();
        Ok(())
    }

    fn set(&self, license: &str, status: LicenseStatus) {
        self.open().set_status(license, status, self.now()).unwrap();
    }

    fn publish(&self) {
        self.open().publish(self.now()).unwrap();
    }

    fn backup(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        self.open().backup(&folder, true).unwrap();
        folder
    }

    /// Loses the database and puts a backup back.
    fn restore(&self, backup: &Path) -> crate::backup::Restored {
        crate::backup::restore(&self.home(), backup, None, self.now()).unwrap()
    }

    fn reconcile_with(&self, options: &ReconcileOptions) -> Result<Reconciled, Error> {
        Authority::reconcile(&self.home(), options, self.now())
    }

    fn reconcile(&self) -> Reconciled {
        self.reconcile_with(&ReconcileOptions::default()).unwrap()
    }

    fn state_of(&self, license: &str) -> LicenseStatus {
        self.open()
            .find_license(license, self.now())
            .unwrap()
            .row
            .status
    }

    /// What readers see of a place: the list and the bundle agree.
    fn published(&self, place: Place) -> LicenseStatus {
        let home = self.home();
        let root = fs::read(home.join("root.cose")).unwrap();
        let root = VerifyingKey::from_cose_key(&root).unwrap();
        let trust = TrustList::verify(&fs::read(home.join("public/trust")).unwrap(), &root);
        let trust = trust.unwrap();
        let bytes = fs::read(home.join(format!("public/s/0/{}", place.list))).unwrap();
        let token = UnverifiedStatusToken::parse(&bytes).unwrap();
        let token = token.authenticate(&trust, ISSUER).unwrap();
        let bytes = fs::read(home.join("public/s/0/bundle")).unwrap();
        let bundle = Bundle::verify(&bytes, &trust).unwrap();
        let uri = format!("{ISSUER}/s/0/{}", place.list);
        let stands = StatusRef {
            uri,
            idx: place.idx,
        };
        let state = token.status(place.idx).unwrap();
        assert_eq!(bundle.status(ISSUER, &stands), Some(state));
        state
    }
}

/// Why a renewal was refused.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    Token(TokenFault),
    Issue(IssueFault),
}

fn request(
    authority: &Authority,
    access: &str,
    key: &SigningKey,
    now: UnixTime,
) -> Result<Place, IssueFault> {
    let ask = CredentialRequest {
        access: Access::bearer(access),
        key: key.verifying_key().clone(),
        nonce: &authority.new_nonce(NonceUse::KeyProof, now).unwrap(),
    };
    let Answered::Issued(issued) = authority.issue(&ask, now.into()).unwrap()? else {
        panic!("a clerk has to look first");
    };
    Ok(Place {
        list: issued.record.list,
        idx: issued.record.idx,
    })
}

pub(crate) fn new_key() -> SigningKey {
    let secret = crate::secret::random::<32>().unwrap();
    SigningKey::from_secret(Algorithm::Ed25519, &secret).unwrap()
}

fn code_of(added: &AddedLicense) -> String {
    let (_, offer) = added.offer.split_once('=').unwrap();
    let offer = url::form_urlencoded::parse(format!("a={offer}").as_bytes())
        .next()
        .unwrap()
        .1
        .into_owned();
    let offer: Value = serde_json::from_str(&offer).unwrap();
    offer["grants"][crate::offers::PRE_AUTHORIZED]["pre-authorized_code"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Copies a folder as `cp -r` does.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
