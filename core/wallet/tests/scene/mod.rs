//! A licensing authority in a few lines, and a phone that holds its license: for tests and benches
//! of the wallet.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each test takes what it needs, and what helps it may panic as it does"
)]

pub(crate) mod phone;

use std::path::Path;
use std::sync::Arc;

use vidimus_credential::sd_cwt::{
    self, CredentialClaims, Portrait, StatusRef, UnverifiedCredential,
};
use vidimus_credential::status_list::{self, Bits, UnverifiedStatusToken};
use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Algorithm, Category, Country, Day, License, LicenseFields, LicenseStatus, Signer, SigningKey,
    UnixTime, UtcOffset,
};
use vidimus_wallet::keys::HolderKey;
use vidimus_wallet::ports::{KeyStore, SystemRandom};
use vidimus_wallet::testing::records::{
    LicenseRecord, ONLY, PortraitRecord, Settings, StatusRecord, TrustListRecord,
};
use vidimus_wallet::testing::vault::{Vault, Weight};

pub(crate) const ISS: &str = "https://authority.example";
pub(crate) const READER: &str = "Police Unit 7";
pub(crate) const LICENSE: &str = "license-1";
pub(crate) const IDX: u8 = 17;

/// Noon of 2026-03-01, the tests' time.
pub(crate) fn noon() -> UnixTime {
    UnixTime::new(1_772_366_400).unwrap()
}

pub(crate) struct Authority {
    pub(crate) root: SigningKey,
    pub(crate) credential: SigningKey,
    pub(crate) status: SigningKey,
    pub(crate) reader: SigningKey,
    /// The list's `uri`, at most 64 bytes.
    pub(crate) uri: String,
    pub(crate) portrait: Vec<u8>,
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_secret(Algorithm::Ed25519, &[byte; 32]).unwrap()
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self {
            root: key(1),
            credential: key(2),
            status: key(3),
            reader: key(4),
            uri: "https://authority.example/status/123".to_owned(),
            portrait: vec![0xff, 0xd8, 0xff, 0xd9],
        }
    }

    pub(crate) fn trust_list(&self) -> Vec<u8> {
        let entry = |key: &SigningKey, purpose, name: &str| TrustEntry {
            key: key.verifying_key().clone(),
            purposes: vec![purpose],
            not_before: noon().saturating_sub(86_400 * 30),
            expires: noon().saturating_add(86_400 * 365),
            name: name.to_owned(),
            country: Country::parse("ZZ").unwrap(),
            display_name: format!("{name} of Zedland"),
            signed_until: None,
        };
        let entries = [
            entry(&self.credential, Purpose::Credential, ISS),
            entry(&self.status, Purpose::Status, ISS),
            entry(&self.reader, Purpose::Reader, READER),
        ];
        let expires = noon().saturating_add(86_400 * 30);
        trust::build(
            ISS,
            noon().saturating_sub(3600),
            expires,
            0,
            &entries,
            &self.root,
        )
        .unwrap()
    }

    pub(crate) fn verified_trust_list(&self) -> TrustList {
        TrustList::verify(&self.trust_list(), self.root.verifying_key()).unwrap()
    }

    /// A credential of 30 days, signed an hour before noon.
    pub(crate) fn issue(&self, holder: &HolderKey, license: License) -> Vec<u8> {
        let claims = CredentialClaims {
            iss: ISS.to_owned(),
            sub: [9; 16],
            exp: noon().saturating_add(86_400 * 30),
            iat: noon().saturating_sub(3600),
            holder_key: holder.verifying_key().clone(),
            license,
            status: StatusRef {
                idx: IDX,
                uri: self.uri.clone(),
            },
        };
        let portrait = Portrait::new([7; 16], &self.portrait);
        sd_cwt::issue(&claims, &portrait, &self.credential).unwrap()
    }

    /// The list with one license in this state and all others Valid.
    pub(crate) fn list(&self, state: LicenseStatus, iat: UnixTime) -> Vec<u8> {
        let mut values = [0; 256];
        values[usize::from(IDX)] = state.value().unwrap();
        self.list_of(&values, iat)
    }

    pub(crate) fn list_of(&self, values: &[u8], iat: UnixTime) -> Vec<u8> {
        let exp = iat.saturating_add(86_400 * 7);
        status_list::issue(&self.uri, values, Bits::Four, iat, exp, 3600, &self.status).unwrap()
    }

    /// Keeps a list in a vault, as a refresh does.
    pub(crate) async fn refresh(&self, vault: &Vault, list: &[u8]) {
        let unverified = UnverifiedStatusToken::parse(list).unwrap();
        let verified = unverified
            .authenticate(&self.verified_trust_list(), ISS)
            .unwrap();
        let record = StatusRecord::new(&verified, list);
        let uri = self.uri.clone();
        vault
            .write(Weight::Anchored, move |tx| tx.put(&uri, &record))
            .await
            .unwrap();
    }

    /// Puts a license, its key, the trust list and a Valid status of an hour ago into a new vault.
    pub(crate) async fn enroll(
        &self,
        folder: &Path,
        keys: Arc<dyn KeyStore>,
        algorithm: Algorithm,
    ) -> Vault {
        self.enroll_license(folder, keys, algorithm, license())
            .await
    }

    pub(crate) async fn enroll_license(
        &self,
        folder: &Path,
        keys: Arc<dyn KeyStore>,
        algorithm: Algorithm,
        license: License,
    ) -> Vault {
        let vault = Vault::create(folder, keys.clone(), Arc::new(SystemRandom))
            .await
            .unwrap();
        let holder = HolderKey::create("holder-1", algorithm, &*keys, &SystemRandom)
            .await
            .unwrap();
        let issued = UnverifiedCredential::parse(&self.issue(&holder, license)).unwrap();
        let credential = issued.authenticate(&self.verified_trust_list()).unwrap();
        let portrait = PortraitRecord(credential.portrait().unwrap().clone());
        let record = LicenseRecord::of_sd_cwt(
            credential.bytes_without_disclosure().to_vec(),
            "holder-1".to_owned(),
        );
        let settings = Settings {
            root: self.root.verifying_key().clone(),
            authority: ISS.to_owned(),
        };
        let trust = TrustListRecord(self.trust_list());
        vault
            .write(Weight::Anchored, move |tx| {
                tx.put("holder-1", &holder)?;
                tx.put(LICENSE, &record)?;
                tx.put(LICENSE, &portrait)?;
                tx.put(ONLY, &trust)?;
                tx.put(ONLY, &settings)
            })
            .await
            .unwrap();
        let hour_ago = noon().saturating_sub(3600);
        self.refresh(&vault, &self.list(LicenseStatus::Valid, hour_ago))
            .await;
        vault
    }
}

pub(crate) fn license() -> License {
    license_of(4)
}

pub(crate) fn license_of(categories: usize) -> License {
    let day = |text| Day::parse_iso(text).unwrap();
    let category = |number: usize| {
        let code = ["B", "A1", "AM", "L"]
            .get(number)
            .map_or_else(|| format!("C{number}"), |code| (*code).to_owned());
        Category::new(
            code,
            Some(day("2011-05-02")),
            Some(day("2033-05-01")),
            Vec::new(),
        )
        .unwrap()
    };
    License::new(LicenseFields {
        family_name: "Mustermann".to_owned(),
        given_names: "Erika Maria".to_owned(),
        birth_date: day("1991-02-28").into(),
        license_number: "D7A93KX0L21".to_owned(),
        categories: (0..categories).map(category).collect(),
        issue_date: day("2018-05-02"),
        expiry_date: Some(day("2033-05-01")),
        issuing_country: Country::parse("ZZ").unwrap(),
        utc_offset: UtcOffset::UTC,
    })
    .unwrap()
}
