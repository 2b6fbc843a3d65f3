//! Five hundred drivers who do not exist, the same each time.

use serde_json::{Value, json};
use vidimus_credential::Day;

/// How many drivers the demonstration has.
pub(super) const DRIVERS: usize = 500;

/// Their pictures: drawn by `cargo run -p vidimus-authority --example portraits -- FOLDER --crowd`.
const PICTURES: [&[u8]; 24] = [
    include_bytes!("../../../assets/crowd/00.jpg"),
    include_bytes!("../../../assets/crowd/01.jpg"),
    include_bytes!("../../../assets/crowd/02.jpg"),
    include_bytes!("../../../assets/crowd/03.jpg"),
    include_bytes!("../../../assets/crowd/04.jpg"),
    include_bytes!("../../../assets/crowd/05.jpg"),
    include_bytes!("../../../assets/crowd/06.jpg"),
    include_bytes!("../../../assets/crowd/07.jpg"),
    include_bytes!("../../../assets/crowd/08.jpg"),
    include_bytes!("../../../assets/crowd/09.jpg"),
    include_bytes!("../../../assets/crowd/10.jpg"),
    include_bytes!("../../../assets/crowd/11.jpg"),
    include_bytes!("../../../assets/crowd/12.jpg"),
    include_bytes!("../../../assets/crowd/13.jpg"),
    include_bytes!("../../../assets/crowd/14.jpg"),
    include_bytes!("../../../assets/crowd/15.jpg"),
    include_bytes!("../../../assets/crowd/16.jpg"),
    include_bytes!("../../../assets/crowd/17.jpg"),
    include_bytes!("../../../assets/crowd/18.jpg"),
    include_bytes!("../../../assets/crowd/19.jpg"),
    include_bytes!("../../../assets/crowd/20.jpg"),
    include_bytes!("../../../assets/crowd/21.jpg"),
    include_bytes!("../../../assets/crowd/22.jpg"),
    include_bytes!("../../../assets/crowd/23.jpg"),
];

/// Given names and family names are combined by numbers without a common factor, so that each of
/// the drivers has another name.
const GIVEN: [&str; 41] = [
    "Adaeze", "Mateo", "Mei", "Yusuf", "Fatima", "Lucía", "Jonas", "Thandiwe", "Omar", "Ingrid",
    "Rahul", "Chloé", "Layla", "Naledi", "Henrik", "Sofía", "Kofi", "Hana", "Ibrahim", "Zuzana",
    "Amara", "Diego", "Aisha", "Noor", "Elif", "Tomás", "Priya", "Samuel", "Yara", "Björn",
    "Malika", "Andrei", "Ngozi", "Leila", "Pavel", "Rosa", "Kwame", "Anneli", "Tariq", "Ximena",
    "Wren",
];
const FAMILY: [&str; 37] = [
    "Okonkwo",
    "Rivera",
    "Zhang",
    "Demir",
    "Haddad",
    "Moreno",
    "Keller",
    "Dlamini",
    "Rahman",
    "Lindqvist",
    "Sharma",
    "Laurent",
    "Nassar",
    "Khumalo",
    "Halvorsen",
    "Castillo",
    "Mensah",
    "Tanaka",
    "Sow",
    "Novák",
    "Eze",
    "Ortega",
    "Begum",
    "Aziz",
    "Yılmaz",
    "Herrera",
    "Iyer",
    "Abebe",
    "Saleh",
    "Sundström",
    "Karimova",
    "Popescu",
    "Chukwu",
    "Farouk",
    "Horák",
    "Quispe",
    "Asante",
];

/// One driver who does not exist.
pub(super) struct MadeUp {
    /// The license as a clerk would write it down: `driver.json`.
    pub(super) form: Value,
    /// The picture: a JPEG.
    pub(super) portrait: &'static [u8],
}

/// The number of the license of this driver.
pub(super) fn number(driver: usize) -> String {
    // 7919 shares no factor with 9000: each driver has another number, in no visible order.
    let tail = 1_000 + driver * 7_919 % 9_000;
    format!("ZZ-{}-{tail}", 2_001 + driver % 97)
}

/// The driver of this number, from 0, with days that fit `today`.
pub(super) fn made_up(driver: usize, today: Day) -> Option<MadeUp> {
    let (year, _, _) = today.ymd();
    let age = 19 + i32::try_from(driver * 13 % 58).ok()?;
    let (month, day) = (1 + driver % 12, 1 + driver * 7 % 28);
    let year_of = |years: i32| year + years;
    // Driving since 18, or for at most 40 years; the license is renewed every 15 years.
    let since = year_of(-(age - 18).min(40));
    let issued = year_of(-1 - i32::try_from(driver % 13).ok()?).max(since);
    let date = |year: i32| format!("{year:04}-{month:02}-{day:02}");
    let mut car = json!({ "code": "B", "from": date(since), "until": null });
    if let Some(car) = car.as_object_mut().filter(|_| driver % 4 == 1) {
        car.insert("restrictions".to_owned(), json!(["01.06"]));
    }
    let mut categories = vec![car];
    if driver.is_multiple_of(3) {
        categories.insert(
            0,
            json!({ "code": "AM", "from": date(since), "until": null }),
        );
    }
    if driver % 7 == 2 {
        categories.push(json!({
            "code": "C1", "from": date(since.max(year_of(-9))), "until": date(issued + 15),
        }));
    }
    Some(MadeUp {
        form: json!({
            "family_name": FAMILY.get(driver % FAMILY.len())?,
            "given_names": GIVEN.get(driver % GIVEN.len())?,
            "birth_date": date(year_of(-age)),
            "license_number": number(driver),
            "issue_date": date(issued),
            "expiry_date": date(issued + 15),
            "issuing_country": "ZZ",
            "categories": categories,
        }),
        portrait: PICTURES.get(driver % PICTURES.len())?,
    })
}
