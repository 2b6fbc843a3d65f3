//! Migrations, and schemas that are not ours.

use super::{License, Phone, license, put};
use crate::error::{Damage, Error};

/// What SQLite holds of a schema, without the layout of the text.
fn schema(connection: &rusqlite::Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        .unwrap();
    let rows = statement
        .query_map((), |row| row.get::<_, String>(0))
        .unwrap();
    rows.map(|sql| {
        sql.unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    })
    .collect()
}

#[tokio::test]
async fn the_migrated_schema_is_the_documented_one() {
    let phone = Phone::new();
    drop(phone.create().await);
    let documented = rusqlite::Connection::open_in_memory().unwrap();
    documented
        .execute_batch(include_str!("../schema.sql"))
        .unwrap();
    let migrated = rusqlite::Connection::open(phone.file()).unwrap();
    assert_eq!(schema(&migrated), schema(&documented));
}

#[tokio::test]
async fn a_newer_schema_than_this_version_knows_is_refused_unharmed() {
    let phone = Phone::new();
    put(&phone.create().await, "a", license("a")).await;
    phone.attack("PRAGMA user_version = 4; CREATE TABLE of_the_future (x)");
    let before = std::fs::read(phone.file()).unwrap();
    assert_eq!(phone.try_open().await.err(), Some(Error::NewerSchema));
    let created = crate::vault::Vault::create(
        phone.folder.path(),
        std::sync::Arc::new(phone.keys.clone()),
        std::sync::Arc::new(crate::ports::SystemRandom),
    );
    assert_eq!(created.await.err(), Some(Error::NewerSchema));
    assert_eq!(std::fs::read(phone.file()).unwrap(), before);
    phone.attack("PRAGMA user_version = 3; DROP TABLE of_the_future");
    assert_eq!(
        phone.open().await.get::<License>("a"),
        Ok(Some(license("a")))
    );
}

#[tokio::test]
async fn a_vault_of_an_earlier_schema_is_raised_and_keeps_what_it_holds() {
    for earlier in 1..3 {
        let phone = Phone::new();
        put(&phone.create().await, "a", license("a")).await;
        phone.attack(&format!("PRAGMA user_version = {earlier}"));
        let vault = phone.open().await;
        assert_eq!(vault.get::<License>("a"), Ok(Some(license("a"))));
        let connection = rusqlite::Connection::open(phone.file()).unwrap();
        let version = connection.query_row("PRAGMA user_version", (), |row| row.get::<_, i64>(0));
        assert_eq!(version.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_file_that_is_no_vault_is_refused_unharmed() {
    let refused = Some(Error::VaultDamaged { what: Damage::File });
    let phone = Phone::new();
    drop(phone.create().await);
    phone.attack("PRAGMA application_id = 1");
    assert_eq!(phone.try_open().await.err(), refused);
    phone.attack("PRAGMA application_id = 0; PRAGMA user_version = 0");
    assert_eq!(phone.try_open().await.err(), refused);
    std::fs::write(phone.file(), b"holiday pictures, not a database").unwrap();
    assert_eq!(phone.try_open().await.err(), refused);
    let kept = std::fs::read(phone.file()).unwrap();
    assert_eq!(kept, b"holiday pictures, not a database");
}

#[cfg(unix)]
#[tokio::test]
async fn the_vaults_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "a", license("a")).await;
    let folder = phone.file().parent().unwrap().to_owned();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 2, "the file and its WAL");
    for file in files {
        assert_eq!(mode(&file), 0o600);
    }
}

#[tokio::test]
async fn every_commit_is_on_the_disk_before_it_is_answered() {
    let phone = Phone::new();
    let vault = phone.create().await;
    let state = vault.lock();
    let database = state.database.as_ref().unwrap();
    assert_eq!(database.pragma("synchronous"), "2", "FULL");
    assert_eq!(database.pragma("journal_mode"), "wal");
    assert_eq!(database.pragma("secure_delete"), "1");
}
