//! Real tokens of the length that a QR version and level ask for.
//!
//! A license grows by its names, its categories and the status that is stapled to it, as licenses
//! of people do. What comes out is signed by its authority and by its phone.

use std::collections::BTreeMap;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::qr::{EccLevel, Symbol, SymbolOptions, token_text};
use vidimus_credential::sd_cwt::{
    self, CredentialClaims, MAX_BYTES, Portrait, StatusRef, UnverifiedCredential,
};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Algorithm, BirthDate, Category, Country, Day, License, LicenseFields, Signer as _, SigningKey,
    UnixTime, UtcOffset,
};

use crate::luck::Luck;

/// A short and a long name of an issuer, and the list of its status: the long ones are as long as
/// the profile allows.
const NAMES: [(&str, &str); 2] = [
    ("https://dl.example.gov", "https://dl.example.gov/s/0/41"),
    (
        "https://driving-licenses.interior.example.gov/is1",
        "https://driving-licenses.interior.example.gov/is1/s/10000/1041",
    ),
];
const NOW: u64 = 1_795_000_000;

/// How much damage a symbol survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// About 7 % of the codewords.
    Low,
    /// About 15 % of the codewords.
    Medium,
}

/// A version and a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// The version, 17 to 25.
    pub version: u8,
    /// Its level of error correction.
    pub level: Level,
}

/// Characters that versions 16 to 25 hold in alphanumeric mode (ISO/IEC 18004, table 7), L and M.
const CAPACITIES: [(usize, usize); 10] = [
    (854, 656),
    (938, 734),
    (1046, 816),
    (1153, 909),
    (1249, 970),
    (1352, 1035),
    (1460, 1134),
    (1588, 1248),
    (1704, 1326),
    (1853, 1451),
];

impl Shape {
    /// Every shape that is measured, by version.
    pub fn all() -> impl Iterator<Item = Self> {
        let levels = [Level::Medium, Level::Low];
        (17..=25).flat_map(move |version| levels.map(|level| Self { version, level }))
    }

    /// The same, such as `23-M`.
    ///
    /// # Panics
    /// Where it is no such shape.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::all().find(|shape| shape.name() == name).unwrap()
    }

    /// Version and level, such as `23-M`.
    #[must_use]
    pub fn name(self) -> String {
        let level = if self.level == Level::Low { 'L' } else { 'M' };
        format!("{}-{level}", self.version)
    }

    /// The side in modules, without the quiet zone.
    #[must_use]
    pub fn modules(self) -> usize {
        17 + 4 * usize::from(self.version)
    }

    /// How many characters it takes that the version before does not, as first and last.
    fn characters(self) -> (usize, usize) {
        let of = |(low, medium)| {
            if self.level == Level::Low {
                low
            } else {
                medium
            }
        };
        let index = usize::from(self.version) - 16;
        (of(CAPACITIES[index - 1]) + 1, of(CAPACITIES[index]))
    }
}

/// A QR, and the text in it.
pub struct Shown {
    /// The text of the token.
    pub text: String,
    side: usize,
    dark: Vec<bool>,
}

impl Shown {
    /// The side in modules, without the quiet zone.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether a module is dark; outside the symbol none is.
    #[must_use]
    pub fn is_dark(&self, x: i64, y: i64) -> bool {
        let side = self.side as i64;
        (0..side).contains(&x) && (0..side).contains(&y) && self.dark[(y * side + x) as usize]
    }
}

/// What a license has that makes its token as long as it is.
#[derive(Clone, Copy)]
struct Recipe {
    office: usize,
    names: usize,
    rows: usize,
    staple: Staple,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Staple {
    None,
    Usual,
    Busy,
}

/// Issuers and a phone that sign the tokens.
pub struct Press {
    credential: SigningKey,
    holder: SigningKey,
    offices: [Office; 2],
    recipes: BTreeMap<Shape, Recipe>,
}

/// An issuer under one of its names.
struct Office {
    iss: &'static str,
    uri: &'static str,
    trust: TrustList,
    staples: BTreeMap<Staple, Vec<u8>>,
}

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

impl Office {
    fn new(
        iss: &'static str,
        uri: &'static str,
        [root, credential, status]: [&SigningKey; 3],
    ) -> Self {
        let entry = TrustEntry {
            key: credential.verifying_key().clone(),
            purposes: vec![Purpose::Credential],
            not_before: at(NOW),
            expires: UnixTime::MAX,
            signed_until: None,
            name: iss.to_owned(),
            country: Country::parse("ZZ").unwrap(),
            display_name: "Licensing Authority".to_owned(),
        };
        let list = trust::build(iss, at(NOW), UnixTime::MAX, 0, &[entry], root).unwrap();
        // A few of its 256 are not Valid, as in a list of a usual day; or each has any state.
        let staple = |every: usize| {
            let mut values = [0; 256];
            let mut luck = Luck::new(5);
            for value in values.iter_mut().step_by(every) {
                *value = (luck.part() * 16.0) as u8;
            }
            let week = at(NOW + 7 * 86_400);
            status_list::issue(uri, &values, Bits::Four, at(NOW), week, 3600, status).unwrap()
        };
        Self {
            iss,
            uri,
            trust: TrustList::verify(&list, root.verifying_key()).unwrap(),
            staples: [(Staple::Usual, staple(80)), (Staple::Busy, staple(1))].into(),
        }
    }
}

impl Press {
    /// Keys, a status list, and for each shape a license whose tokens need it.
    ///
    /// # Panics
    /// Where no license has a token of that length.
    #[must_use]
    pub fn new(shapes: &[Shape]) -> Self {
        let key = |secret| SigningKey::from_secret(Algorithm::Ed25519, &[secret; 32]).unwrap();
        let (root, credential, status) = (key(1), key(2), key(3));
        let offices = NAMES.map(|(iss, uri)| Office::new(iss, uri, [&root, &credential, &status]));
        let mut press = Self {
            credential,
            holder: SigningKey::from_secret(Algorithm::Esp256, &[4; 32]).unwrap(),
            offices,
            recipes: BTreeMap::new(),
        };
        for &shape in shapes {
            let recipe = press.recipe(shape);
            press.recipes.insert(shape, recipe.unwrap());
        }
        press
    }

    /// The first license, the shortest names first, whose token has the length of a shape.
    fn recipe(&self, shape: Shape) -> Option<Recipe> {
        let (first, last) = shape.characters();
        let kinds = [
            (0, 4, Staple::Usual),
            (0, 1, Staple::Usual),
            (0, 1, Staple::None),
            (1, 12, Staple::Usual),
            (1, 4, Staple::Busy),
        ];
        kinds.into_iter().find_map(|(office, rows, staple)| {
            (8..=250)
                .step_by(6)
                .map(|names| Recipe {
                    office,
                    names,
                    rows,
                    staple,
                })
                .find(|recipe| {
                    let text = self.text(*recipe, 0);
                    text.is_some_and(|text| (first..=last).contains(&text.len()))
                })
        })
    }

    /// The text of a token; none where the license is too long to be signed.
    fn text(&self, recipe: Recipe, number: u64) -> Option<String> {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        let codes = [
            "B", "AM", "BE", "C1", "C", "CE", "D", "DE", "T", "L", "A2", "A",
        ];
        let row = |(index, code): (usize, &&str)| {
            let from = day("2010-05-01");
            let own = (index == 1)
                .then(|| "01.06".to_owned())
                .into_iter()
                .collect();
            Category::new((*code).to_owned(), Some(from), Some(day("2031-04-30")), own).unwrap()
        };
        let name = |length: usize| -> String {
            "Adaeze Maria Okonkwo-Lindqvist "
                .chars()
                .cycle()
                .take(length)
                .collect()
        };
        let office = &self.offices[recipe.office];
        let family = recipe.names / 2;
        let license = License::new(LicenseFields {
            family_name: format!("{}a", name(family - 1)),
            given_names: format!("{}a", name(recipe.names - family - 1)),
            birth_date: BirthDate::parse_iso("1991-02-28").unwrap(),
            license_number: format!("ZZ-{:08}", 20_917_734 + number),
            categories: codes
                .iter()
                .enumerate()
                .take(recipe.rows)
                .map(row)
                .collect(),
            issue_date: day("2022-03-01"),
            expiry_date: Some(day("2032-02-29")),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::parse("+00:00").unwrap(),
        });
        let claims = CredentialClaims {
            iss: office.iss.to_owned(),
            sub: number.to_be_bytes().repeat(2).try_into().unwrap(),
            exp: at(NOW + 30 * 86_400),
            iat: at(NOW),
            holder_key: self.holder.verifying_key().clone(),
            license: license.unwrap(),
            status: StatusRef {
                idx: 200,
                uri: office.uri.to_owned(),
            },
        };
        if sd_cwt::measure(&claims).bytes() > MAX_BYTES {
            return None;
        }
        let portrait = Portrait::new([8; 16], &number.to_be_bytes());
        let issued = sd_cwt::issue(&claims, &portrait, &self.credential).unwrap();
        let credential = UnverifiedCredential::parse(&issued).unwrap();
        let credential = credential.authenticate(&office.trust).unwrap();
        let said = PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: at(NOW + number % 86_400 + 30),
            iat: at(NOW + number % 86_400),
            cnonce: None,
            staple: office.staples.get(&recipe.staple).cloned(),
        };
        let bytes = credential.bytes_without_disclosure();
        let draft = Draft::new(bytes, Algorithm::Esp256, &said).unwrap();
        Some(token_text(&draft.sign(&self.holder).unwrap()))
    }

    /// A token of a shape as the phone shows it. Each number has another one.
    ///
    /// # Panics
    /// Where the press was not made for that shape.
    #[must_use]
    pub fn shown(&self, shape: Shape, number: u64) -> Shown {
        let text = self.text(self.recipes[&shape], number).unwrap();
        let ours = Symbol::encode(&text, SymbolOptions::default()).unwrap();
        let level = match ours.ecc() {
            EccLevel::Low => Level::Low,
            EccLevel::Medium => Level::Medium,
        };
        let version = ours.version();
        let (side, dark) = if shape == (Shape { version, level }) {
            let side = ours.size();
            let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
            (side, places.map(|(x, y)| ours.module(x, y)).collect())
        } else {
            at_level_l(&text, shape.version)
        };
        Shown { text, side, dark }
    }
}

/// The side and the dark modules of a symbol that the wallet would not make, for it takes M as long
/// as it can.
fn at_level_l(text: &str, version: u8) -> (usize, Vec<bool>) {
    let version = Version::new(version);
    let segment = [QrSegment::make_alphanumeric(text)];
    let code =
        QrCode::encode_segments_advanced(&segment, QrCodeEcc::Low, version, version, None, false)
            .unwrap();
    let side = code.size();
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let dark = places.map(|(x, y)| code.get_module(x, y)).collect();
    (side as usize, dark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidimus_credential::presentation::UnverifiedToken;

    #[test]
    fn each_shape_has_a_real_token_that_needs_its_version() {
        let shapes: Vec<Shape> = Shape::all().collect();
        let press = Press::new(&shapes);
        for shape in shapes {
            let (one, other) = (press.shown(shape, 1), press.shown(shape, 2));
            let (first, last) = shape.characters();
            assert!((first..=last).contains(&one.text.len()), "{}", shape.name());
            assert_eq!(one.side(), shape.modules());
            assert_ne!(one.text, other.text);
            assert!(UnverifiedToken::from_text(&one.text).is_ok());
        }
    }

    #[test]
    fn the_symbol_is_the_wallets_own_at_level_m_and_past_it() {
        let names = ["17-M", "23-M", "25-M", "24-L", "25-L"];
        let press = Press::new(&names.map(Shape::named));
        for name in names {
            let shown = press.shown(Shape::named(name), 3);
            let ours = Symbol::encode(&shown.text, SymbolOptions::default()).unwrap();
            assert_eq!(ours.size(), shown.side(), "{name}");
            let level = if name.ends_with('L') {
                EccLevel::Low
            } else {
                EccLevel::Medium
            };
            assert_eq!(ours.ecc(), level, "{name}");
        }
    }
}
