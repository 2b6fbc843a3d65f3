//! Licenses as registers have them: how long their credentials are, and which QR their tokens take.
//! The table of `docs/token-profile.md` says so, and this test holds it to it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::qr::{self, EccLevel, Symbol, SymbolOptions};
use vidimus_credential::sd_cwt::{
    self, CredentialClaims, MAX_BYTES, Portrait, StatusRef, UnverifiedCredential,
};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::{self, Purpose, TrustEntry, TrustList};
use vidimus_credential::{
    Algorithm, BirthDate, Category, Country, Day, License, LicenseFields, Signer as _, SigningKey,
    UnixTime, UtcOffset,
};

const ISS: &str = "https://licences.example.gov";
const URI: &str = "https://licences.example.gov/s/99999/4095";
const NOW: u64 = 1_795_000_000;

struct Shape {
    name: &'static str,
    family_name: &'static str,
    given_names: &'static str,
    number: &'static str,
    birth: &'static str,
    expiry: Option<&'static str>,
    offset: &'static str,
    categories: Vec<Category>,
}

fn row(code: &str, from: Option<&str>, until: Option<&str>, restrictions: &[&str]) -> Category {
    let day = |text: &str| Day::parse_iso(text).unwrap();
    let restrictions = restrictions.iter().map(|code| (*code).to_owned()).collect();
    Category::new(code.to_owned(), from.map(day), until.map(day), restrictions).unwrap()
}

/// The 17 categories of the European Union and of Germany, `all` on each and `heavy` on those for
/// lorries and buses.
fn european(all: &[&str], heavy: &[&str]) -> Vec<Category> {
    let old = ["AM", "A1", "A2", "A", "B1", "B", "BE", "L"];
    let lorries = ["C1", "C", "C1E", "CE"];
    let buses = ["D1", "D", "D1E", "DE"];
    let both = [all, heavy].concat();
    let light = |code| row(code, Some("1986-03-01"), None, all);
    let dated = |code, from| row(code, Some(from), Some("2029-05-01"), &both);
    old.map(light)
        .into_iter()
        .chain(lorries.map(|code| dated(code, "1996-05-01")))
        .chain(buses.map(|code| dated(code, "2001-05-01")))
        .chain([row("T", Some("1996-05-01"), None, all)])
        .collect()
}

fn usual() -> Vec<Category> {
    vec![
        row("AM", Some("2007-04-12"), None, &[]),
        row("B", Some("2010-05-01"), None, &["01.06"]),
        row("BE", Some("2018-09-19"), None, &[]),
        row("C1", Some("2016-09-19"), Some("2051-09-18"), &[]),
    ]
}

/// The classes of A1 and below, each with the day of the first exam, as printed there.
fn chinese() -> Vec<Category> {
    let codes = [
        "A1", "A2", "A3", "B1", "B2", "C1", "D", "E", "F", "M", "N", "P",
    ];
    codes.map(|code| row(code, None, None, &[])).to_vec()
}

fn shapes() -> Vec<Shape> {
    let shape = |name, family_name, given_names, categories| Shape {
        name,
        family_name,
        given_names,
        number: "D-2091-7734-X",
        birth: "1971-02-28",
        expiry: Some("2035-05-31"),
        offset: "+01:00",
        categories,
    };
    let noble = (
        "Freifrau von und zu Hohenwalde-Steinbrunn-Trostburg-Schönlinden",
        "Maria Theresia Walburga Amalia Christina Josepha Elisabeth Luise",
    );
    vec![
        shape(
            "four categories, one restriction",
            "Lindqvist-Okafor",
            "Amara Josefina",
            usual(),
        ),
        shape(
            "all 17 of the EU, no restriction",
            "Okonkwo",
            "Adaeze",
            european(&[], &[]),
        ),
        shape(
            "the same, 01.06 on all and 95 on eight",
            "Okonkwo",
            "Adaeze",
            european(&["01.06"], &["95"]),
        ),
        shape(
            "the same, 01.06 and 79.03 on all and 95 with its date on eight",
            "Okonkwo",
            "Adaeze",
            european(&["01.06", "79.03"], &["95.01.01.2029"]),
        ),
        shape(
            "the same, names of 64 bytes each",
            noble.0,
            noble.1,
            european(&["01.06", "79.03"], &["95.01.01.2029"]),
        ),
        shape(
            "all 17, each with its own restrictions",
            "Okonkwo",
            "Adaeze",
            european(&[], &[])
                .iter()
                .enumerate()
                .map(|(number, category)| {
                    let own = format!("70.{number:02}");
                    let code = category.codes().join("");
                    row(&code, Some("1986-03-01"), None, &[&own, "01.06"])
                })
                .collect(),
        ),
        Shape {
            number: "440106197102281234",
            birth: "1971",
            expiry: None,
            offset: "+08:00",
            ..shape("12 Chinese classes, without end", "欧阳", "娜娜", chinese())
        },
        Shape {
            offset: "+07:00",
            ..shape(
                "Thai",
                "ณ อยุธยาเทพหัสดินสนิทวงศ์",
                "กรุงเทพมหานครอมรรัตนโกสินทร์",
                usual(),
            )
        },
        Shape {
            offset: "+05:30",
            ..shape("Tamil", "வெங்கடசுப்ரமணியன்", "ஸ்ரீ லக்ஷ்மி நாராயண ஐயர்", usual())
        },
        Shape {
            offset: "+03:00",
            birth: "1971-02",
            ..shape(
                "Arabic",
                "آل إبراهيم المنصوري الحسيني الهاشمي",
                "عبد الرحمن بن محمد بن عبد العزيز بن سليمان",
                usual(),
            )
        },
        Shape {
            offset: "-03:00",
            ..shape(
                "Portuguese",
                "de Alcântara João Carlos Leopoldo Salvador Bibiano",
                "Pedro Francisco Xavier de Paula Leocádio Miguel Gabriel Rafael Gonzaga",
                usual(),
            )
        },
        Shape {
            offset: "+02:00",
            ..shape(
                "Greek and Latin side by side",
                "Παπαδημητρίου Papadimitriou",
                "Αλεξάνδρα Μαρία Alexandra Maria",
                usual(),
            )
        },
        shape(
            "restrictions as long as they come",
            "Okonkwo",
            "Adaeze",
            european(&["70.ZZ.00000001", "78", "95.01.01.2029"], &[]),
        ),
    ]
}

struct World {
    root: SigningKey,
    credential: SigningKey,
    status: SigningKey,
    holder: SigningKey,
    trust: TrustList,
    staple: Vec<u8>,
}

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

impl World {
    fn new() -> Self {
        let key = |secret| SigningKey::from_secret(Algorithm::Ed25519, &[secret; 32]).unwrap();
        let (root, credential, status) = (key(1), key(2), key(3));
        let entry = TrustEntry {
            key: credential.verifying_key().clone(),
            purposes: vec![Purpose::Credential],
            not_before: at(NOW),
            expires: UnixTime::MAX,
            signed_until: None,
            name: ISS.to_owned(),
            country: Country::parse("ZZ").unwrap(),
            display_name: "Licensing Authority".to_owned(),
        };
        let list = trust::build(ISS, at(NOW), UnixTime::MAX, 0, &[entry], &root).unwrap();
        // A few of its 256 are not Valid, as in a list of a usual day.
        let mut values = [0; 256];
        for index in [17, 99, 200] {
            values[index] = 2;
        }
        let week = at(NOW + 7 * 86_400);
        let staple =
            status_list::issue(URI, &values, Bits::Four, at(NOW), week, 3600, &status).unwrap();
        Self {
            trust: TrustList::verify(&list, root.verifying_key()).unwrap(),
            holder: SigningKey::from_secret(Algorithm::Esp256, &[4; 32]).unwrap(),
            root,
            credential,
            status,
            staple,
        }
    }

    fn claims(&self, shape: &Shape, categories: Vec<Category>) -> CredentialClaims {
        let license = License::new(LicenseFields {
            family_name: shape.family_name.to_owned(),
            given_names: shape.given_names.to_owned(),
            birth_date: BirthDate::parse_iso(shape.birth).unwrap(),
            license_number: shape.number.to_owned(),
            categories,
            issue_date: Day::parse_iso("2020-06-01").unwrap(),
            expiry_date: shape.expiry.map(|day| Day::parse_iso(day).unwrap()),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::parse(shape.offset).unwrap(),
        });
        CredentialClaims {
            iss: ISS.to_owned(),
            sub: [9; 16],
            exp: at(NOW + 30 * 86_400),
            iat: at(NOW),
            holder_key: self.holder.verifying_key().clone(),
            license: license.unwrap(),
            status: StatusRef {
                idx: 200,
                uri: URI.to_owned(),
            },
        }
    }

    /// The token that a phone shows: its bytes and its QR.
    fn token(&self, claims: &CredentialClaims) -> (usize, Symbol) {
        let portrait = Portrait::new([8; 16], &[7; 4096]);
        let issued = sd_cwt::issue(claims, &portrait, &self.credential).unwrap();
        let credential = UnverifiedCredential::parse(&issued).unwrap();
        let credential = credential.authenticate(&self.trust).unwrap();
        let said = PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: at(NOW + 30),
            iat: at(NOW),
            cnonce: None,
            staple: Some(self.staple.clone()),
        };
        let bytes = credential.bytes_without_disclosure();
        let draft = Draft::new(bytes, Algorithm::Esp256, &said).unwrap();
        let token = draft.sign(&self.holder).unwrap();
        let options = SymbolOptions {
            mask: Some(0),
            ..SymbolOptions::default()
        };
        let symbol = Symbol::encode(&qr::token_text(&token), options).unwrap();
        (token.len(), symbol)
    }

    fn line(&self, shape: &Shape) -> String {
        let rows = Category::group(&shape.categories);
        let ungrouped = self.claims(shape, shape.categories.clone());
        let claims = self.claims(shape, rows.clone());
        let (before, measure) = (
            sd_cwt::measure(&ungrouped).bytes(),
            sd_cwt::measure(&claims),
        );
        let start = format!(
            "| {} | {} in {} | {before} | {} |",
            shape.name,
            shape.categories.len(),
            rows.len(),
            measure.bytes(),
        );
        if measure.excess() > 0 {
            return format!(
                "{start} {} too many, shorten {:?} | |",
                measure.excess(),
                measure.largest()
            );
        }
        let (bytes, symbol) = self.token(&claims);
        let ecc = match symbol.ecc() {
            EccLevel::Medium => 'M',
            EccLevel::Low => 'L',
        };
        format!("{start} {bytes} | {}-{ecc} |", symbol.version())
    }
}

#[test]
fn the_page_says_how_long_real_licenses_are() {
    let world = World::new();
    assert_ne!(
        world.root.verifying_key().kid(),
        world.status.verifying_key().kid()
    );
    let lines: Vec<_> = shapes().iter().map(|shape| world.line(shape)).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/token-profile.md");
    let page = fs::read_to_string(page).unwrap();
    let missing: Vec<_> = lines.iter().filter(|line| !page.contains(*line)).collect();
    assert!(missing.is_empty(), "the page lacks:\n{}", lines.join("\n"));
}

#[test]
fn every_real_shape_fits_but_those_that_repeat_nothing() {
    let world = World::new();
    for shape in shapes() {
        let claims = world.claims(&shape, Category::group(&shape.categories));
        let fits = sd_cwt::measure(&claims).bytes() <= MAX_BYTES;
        assert_eq!(
            fits,
            shape.name != "all 17, each with its own restrictions",
            "{}",
            shape.name
        );
    }
}
