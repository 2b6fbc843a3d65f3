//! A register that is already large: 100,000 drivers, each with a phone that holds a license.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tempfile::TempDir;
use vidimus_authority::{Authority, InitOptions, Moment, application_form, init};
use vidimus_credential::{Algorithm, Signer as _, SigningKey};

/// Drivers whose license is on a phone.
pub(crate) const ENROLLED: u32 = 100_000;
/// Places in one list.
const LIST: u32 = 256;

/// The filled home, removed with this value.
pub(crate) struct Register {
    pub(crate) home: PathBuf,
    _folder: TempDir,
}

impl Register {
    /// Makes a home for this issuer with [`ENROLLED`] drivers and `waiting` more who have no phone
    /// yet.
    ///
    /// The rows are written past the authority: 100,000 enrollments would take an hour. All drivers
    /// share one portrait and one key, so the file is smaller than a real one.
    pub(crate) fn new(issuer: &str, waiting: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_owned();
        let options = InitOptions {
            issuer: Some(issuer.to_owned()),
            ..InitOptions::default()
        };
        init(&home, options, Moment::of_system()).unwrap();
        let license = application_form::parse(driver_json().to_string().as_bytes()).unwrap();
        let authority = Authority::open(&home).unwrap();
        authority
            .add_license(&license, &portrait(), Moment::of_system())
            .unwrap();
        fill(&home, waiting);
        // What opens it keys the numbers: that is not what is measured.
        let authority = Authority::open(&home).unwrap();
        authority.publish(Moment::of_system()).unwrap();
        Self {
            home,
            _folder: folder,
        }
    }
}

/// The number of the nth driver; those from [`ENROLLED`] on have no phone yet.
pub(crate) fn number(driver: u32) -> String {
    format!("N{driver}")
}

/// The list and the index of the nth driver: neighbors stand in different lists.
#[allow(dead_code, reason = "not each bench looks at a list")]
pub(crate) const fn place(driver: u32) -> (u32, u32) {
    let lists = ENROLLED.div_ceil(LIST);
    (driver % lists, driver / lists)
}

fn driver_json() -> Value {
    json!({
        "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
        "license_number": "ZZ-1", "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    })
}

fn portrait() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(150, 200, |x, y| {
        let shade = u8::try_from((x * 3 + y * 5) % 256).unwrap();
        image::Rgb([shade, shade / 2, 255 - shade])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Jpeg)
        .unwrap();
    file.into_inner()
}

/// Ids in the order in which they are drawn, which is no order.
fn id(driver: u32) -> String {
    format!(
        "{:016x}",
        u64::from(driver + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    )
}

/// Writes what registrations and enrollments would have left.
fn fill(home: &Path, waiting: u32) {
    let mut database = Connection::open(home.join("authority.sqlite")).unwrap();
    database.pragma_update(None, "synchronous", "off").unwrap();
    database
        .pragma_update(None, "cache_size", -200_000)
        .unwrap();
    // The numbers are stored as an earlier version stored them, and are keyed when the home is
    // opened.
    let (template, added): (String, i64) = database
        .query_row("SELECT id, added FROM licenses", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let exp = added + 30 * 86_400;
    let key = SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap();
    let key = key.verifying_key().to_cose_key();
    let all = database.transaction().unwrap();
    {
        let prepare = |text| all.prepare(text).unwrap();
        let mut list =
            prepare("INSERT INTO lists (number, states, taken) VALUES (?, zeroblob(256), ?)");
        let mut license = prepare(
            "INSERT INTO licenses (id, number, number_key, added, driver, portrait, submitted)
             SELECT ?1, ?2, 'v2:' || ?2, added, replace(driver, 'ZZ-1', ?2), portrait, submitted
             FROM licenses WHERE id = ?3",
        );
        let mut grant = prepare(
            "INSERT INTO grants (id, license, mode, made, device) VALUES (?1, ?2, 'first', ?3, ?1)",
        );
        let mut pair = prepare(
            "INSERT INTO pairs (id, grant_id, ordinal, used, access, access_expires, refresh, refresh_expires)
             VALUES (?1, ?1, 0, 1, randomblob(32), ?2, randomblob(32), ?3)",
        );
        let mut device = prepare(
            "INSERT INTO devices (id, license, holder_key, grant_id, added, replaceable_until)
             VALUES (?1, ?2, ?4, ?1, ?3, ?3)",
        );
        let mut issuance = prepare(
            "INSERT INTO issuances (id, license, device, grant_id, pair, version, list, idx, kid, iat, exp,
                made, asked, notification, event, acknowledged)
             VALUES (?1, ?2, ?1, ?1, ?1, 1, ?3, ?4, randomblob(8), ?5, ?6, ?5, ?5, randomblob(32),
                'credential_accepted', ?5)",
        );
        let mut slot = prepare("INSERT INTO slots (list, idx, issuance) VALUES (?, ?, ?)");
        let mut event =
            prepare("INSERT INTO events (at, license, device, kind) VALUES (?1, ?2, ?3, 'issued')");
        for number in 0..ENROLLED.div_ceil(LIST) {
            let lists = ENROLLED.div_ceil(LIST);
            let taken = ENROLLED / lists + u32::from(number < ENROLLED % lists);
            list.execute([number, taken]).unwrap();
        }
        all.execute("INSERT OR IGNORE INTO bundles (pack) VALUES (0)", [])
            .unwrap();
        for driver in 0..ENROLLED + waiting {
            let id = id(driver);
            license
                .execute(params![id, number(driver), template])
                .unwrap();
            if driver >= ENROLLED {
                continue;
            }
            let row = driver + 1;
            let (in_list, idx) = place(driver);
            grant.execute(params![row, id, added]).unwrap();
            pair.execute(params![row, added + 600, added + 90 * 86_400])
                .unwrap();
            device.execute(params![row, id, added, key]).unwrap();
            issuance
                .execute(params![row, id, in_list, idx, added, exp])
                .unwrap();
            slot.execute(params![in_list, idx, row]).unwrap();
            event.execute(params![added, id, row]).unwrap();
        }
    }
    all.commit().unwrap();
}
