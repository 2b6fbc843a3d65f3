//! An authority, a phone and a reader, as the tests of this crate share them.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use vidimus_credential::bundle;
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::sd_cwt::{self, CredentialClaims, Portrait, StatusRef};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::{self, Purpose, TrustEntry};
use vidimus_credential::{
    Algorithm, Category, Country, Day, License, LicenseFields, LicenseStatus, Policy, Signer as _,
    SigningKey, UnixTime, UtcOffset, Verifier, qr,
};

pub const NOW: u64 = 1_795_000_000;
pub const ISS: &str = "https://dl.example";
pub const PREFIX: &str = "https://dl.example/status/lists-a/";
pub const URI: &str = "https://dl.example/status/lists-a/17";
pub const IDX: u8 = 42;
pub const READER: &str = "Road Police, Unit 7";

pub fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

pub fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret(Algorithm::Ed25519, &[secret; 32]).unwrap()
}

pub fn p256(secret: u8) -> SigningKey {
    SigningKey::from_secret(Algorithm::Esp256, &[secret; 32]).unwrap()
}

pub struct World {
    /// When the credential was signed.
    pub issued_at: u64,
    pub root: SigningKey,
    pub credential: SigningKey,
    pub status: SigningKey,
    pub reader: SigningKey,
    pub holder: SigningKey,
    pub stranger: SigningKey,
}

impl World {
    pub fn new() -> Self {
        Self {
            issued_at: NOW - 3600,
            root: key(1),
            credential: key(2),
            status: key(3),
            reader: key(4),
            holder: key(5),
            stranger: key(6),
        }
    }

    pub fn entry(&self, key: &SigningKey, purpose: Purpose, name: &str) -> TrustEntry {
        TrustEntry {
            key: key.verifying_key().clone(),
            purposes: vec![purpose],
            not_before: at(NOW - 365 * 86_400),
            expires: at(NOW + 365 * 86_400),
            name: name.to_owned(),
            country: Country::parse("ZZ").unwrap(),
            display_name: "Licensing Authority of Zedland".to_owned(),
            signed_until: None,
        }
    }

    pub fn entries(&self) -> Vec<TrustEntry> {
        vec![
            self.entry(&self.credential, Purpose::Credential, ISS),
            self.entry(&self.status, Purpose::Status, ISS),
            self.entry(&self.reader, Purpose::Reader, READER),
        ]
    }

    /// A verifier that was given nothing but its root.
    pub fn new_verifier(&self) -> Verifier {
        Verifier::new(self.root.verifying_key().clone(), Policy::default())
    }

    pub fn trust_list(&self) -> Vec<u8> {
        let (iat, exp) = (at(NOW - 86_400), at(NOW + 30 * 86_400));
        trust::build(ISS, iat, exp, 0, &self.entries(), &self.root).unwrap()
    }

    pub fn claims(&self, holder: &SigningKey) -> CredentialClaims {
        CredentialClaims {
            iss: ISS.to_owned(),
            sub: [9; 16],
            exp: at(NOW + 30 * 86_400),
            iat: at(self.issued_at),
            holder_key: holder.verifying_key().clone(),
            license: license(),
            status: StatusRef {
                idx: IDX,
                uri: URI.to_owned(),
            },
        }
    }

    /// A credential with its portrait.
    pub fn issued(&self, holder: &SigningKey) -> Vec<u8> {
        sd_cwt::issue(&self.claims(holder), &portrait(), &self.credential).unwrap()
    }

    /// The same without its portrait.
    pub fn bare(&self, holder: &SigningKey) -> Vec<u8> {
        let trust =
            trust::TrustList::verify(&self.trust_list(), self.root.verifying_key()).unwrap();
        let read = sd_cwt::UnverifiedCredential::parse(&self.issued(holder)).unwrap();
        let credential = read.authenticate(&trust).unwrap();
        credential.bytes_without_disclosure().to_vec()
    }

    pub fn staple(&self, state: LicenseStatus, age: u64) -> Vec<u8> {
        let mut values = [0; 256];
        values[usize::from(IDX)] = state.value().unwrap();
        let (iat, exp) = (at(NOW - age), at(NOW - age + 7 * 86_400));
        status_list::issue(URI, &values, Bits::Four, iat, exp, 3600, &self.status).unwrap()
    }

    /// A bundle of the license's lists, in which every license but this one is valid.
    pub fn bundle(&self, state: LicenseStatus, age: u64, signer: &SigningKey) -> Vec<u8> {
        let mut values = vec![0; 20 * 256];
        values[17 * 256 + usize::from(IDX)] = state.value().unwrap();
        let (iat, exp) = (at(NOW - age), at(NOW - age + 7 * 86_400));
        bundle::issue(ISS, PREFIX, &values, Bits::Four, iat, exp, signer).unwrap()
    }

    pub fn claims_of_token(&self, staple: Option<Vec<u8>>) -> PresentationClaims {
        PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: at(NOW + 25),
            iat: at(NOW - 5),
            cnonce: None,
            staple,
        }
    }

    /// A stapled one-way token.
    pub fn token(&self, holder: &SigningKey) -> Vec<u8> {
        let staple = self.staple(LicenseStatus::Valid, 3600);
        self.signed(holder, &self.claims_of_token(Some(staple)))
    }

    pub fn signed(&self, holder: &SigningKey, claims: &PresentationClaims) -> Vec<u8> {
        let algorithm = holder.verifying_key().algorithm();
        let draft = Draft::new(&self.bare(holder), algorithm, claims).unwrap();
        draft.sign(holder).unwrap()
    }

    pub fn text(&self, claims: &PresentationClaims) -> String {
        qr::token_text(&self.signed(&self.holder, claims))
    }

    pub fn verifier(&self) -> Verifier {
        let mut verifier = self.new_verifier();
        verifier.set_trust_list(&self.trust_list()).unwrap();
        verifier
    }
}

pub fn portrait() -> Portrait {
    Portrait::new([8; 16], &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9])
}

pub fn category(code: &str, from: Option<&str>, until: Option<&str>) -> Category {
    restricted(code, from, until, &[])
}

pub fn restricted(code: &str, from: Option<&str>, until: Option<&str>, codes: &[&str]) -> Category {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    let day = |text: Option<&str>| text.map(|text| Day::parse_iso(text).unwrap());
    Category::new(code.to_owned(), day(from), day(until), codes).unwrap()
}

pub fn fields() -> LicenseFields {
    LicenseFields {
        family_name: "Lindqvist-Okafor".to_owned(),
        given_names: "Amara Josefina".to_owned(),
        birth_date: Day::parse_iso("1991-02-28").unwrap().into(),
        license_number: "ZZ-100200300".to_owned(),
        categories: vec![
            category("AM", Some("2010-01-01"), None),
            restricted("B", Some("2010-01-01"), Some("2035-05-31"), &["01.06"]),
            restricted(
                "C1",
                Some("2022-01-08"),
                Some("2031-11-17"),
                &["01.06", "70.ZZ"],
            ),
            restricted("BE", Some("2012-03-01"), Some("2035-05-31"), &["79.06"]),
        ],
        issue_date: Day::parse_iso("2020-06-01").unwrap(),
        expiry_date: Some(Day::parse_iso("2035-05-31").unwrap()),
        issuing_country: Country::parse("ZZ").unwrap(),
        utc_offset: UtcOffset::UTC,
    }
}

pub fn license() -> License {
    License::new(fields()).unwrap()
}
