//! One row swapped, deleted, duplicated, or put back from an older copy.

use super::{License, Phone, entry, license, log, put, status};
use crate::error::{Damage, Error};
use crate::vault::{Table, Vault, Weight};

const DAMAGED: Error = Error::VaultDamaged {
    what: Damage::Row(Table::License),
};

/// Three licenses in rows 1 to 3, closed.
async fn three_licenses() -> Phone {
    let phone = Phone::new();
    let vault = phone.create().await;
    for id in ["a", "b", "c"] {
        put(&vault, id, license(id)).await;
    }
    phone
}

fn read(vault: &Vault, id: &str) -> Result<Option<License>, Error> {
    vault.get(id)
}

#[tokio::test]
async fn a_row_swapped_with_another_is_vault_damaged_and_other_licenses_stay_usable() {
    let phone = three_licenses().await;
    phone.attack(
        "UPDATE sealed_row SET row = -1 WHERE row = 1; UPDATE sealed_row SET row = 1 WHERE row = 2; \
         UPDATE sealed_row SET row = 2 WHERE row = -1;",
    );
    let vault = phone.open().await;
    assert_eq!(
        vault.health().unwrap().damaged,
        [Damage::Row(Table::License)]
    );
    assert_eq!(read(&vault, "a"), Err(DAMAGED));
    assert_eq!(read(&vault, "b"), Err(DAMAGED));
    assert_eq!(read(&vault, "c"), Ok(Some(license("c"))));
}

#[tokio::test]
async fn a_row_whose_seal_alone_was_swapped_is_vault_damaged() {
    let phone = three_licenses().await;
    phone.attack("UPDATE sealed_row SET sealed = (SELECT sealed FROM sealed_row WHERE row = 2) WHERE row = 1");
    let vault = phone.open().await;
    assert_eq!(read(&vault, "a"), Err(DAMAGED));
    assert_eq!(read(&vault, "b"), Ok(Some(license("b"))));
    assert_eq!(
        vault.health().unwrap().damaged,
        [Damage::Row(Table::License)]
    );
}

#[tokio::test]
async fn a_deleted_row_is_vault_damaged_and_still_listed() {
    let phone = three_licenses().await;
    phone.attack("DELETE FROM sealed_row WHERE row = 2");
    let vault = phone.open().await;
    assert_eq!(
        vault.health().unwrap().damaged,
        [Damage::Row(Table::License)]
    );
    let listed = vault.list::<License>().unwrap();
    let expected = [Ok(license("a")), Err(DAMAGED), Ok(license("c"))];
    assert_eq!(
        listed
            .into_iter()
            .map(|(_, record)| record)
            .collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn a_duplicated_row_is_noticed_and_kept() {
    let phone = three_licenses().await;
    phone.attack("INSERT INTO sealed_row SELECT 4, version, sealed FROM sealed_row WHERE row = 3");
    let vault = phone.open().await;
    assert_eq!(vault.health().unwrap().damaged, [Damage::UnknownRow]);
    assert_eq!(vault.list::<License>().unwrap().len(), 3);
    // The next new row does not overwrite it.
    put(&vault, "d", license("d")).await;
    drop(vault);
    let vault = phone.open().await;
    assert_eq!(vault.health().unwrap().damaged, [Damage::UnknownRow]);
    assert_eq!(read(&vault, "d"), Ok(Some(license("d"))));
}

#[tokio::test]
async fn a_row_put_back_from_an_older_copy_is_vault_damaged() {
    let phone = three_licenses().await;
    phone.attack("CREATE TABLE older AS SELECT * FROM sealed_row");
    put(&phone.open().await, "a", license("newer")).await;
    phone.attack(
        "UPDATE sealed_row SET (version, sealed) = (SELECT version, sealed FROM older WHERE older.row = 1) \
         WHERE row = 1; DROP TABLE older;",
    );
    let vault = phone.open().await;
    assert_eq!(
        vault.health().unwrap().damaged,
        [Damage::Row(Table::License)]
    );
    assert_eq!(read(&vault, "a"), Err(DAMAGED));
    assert_eq!(read(&vault, "b"), Ok(Some(license("b"))));
}

#[tokio::test]
async fn an_older_seal_under_the_newer_version_is_vault_damaged() {
    let phone = three_licenses().await;
    phone.attack("CREATE TABLE older AS SELECT * FROM sealed_row");
    put(&phone.open().await, "a", license("newer")).await;
    phone.attack(
        "UPDATE sealed_row SET sealed = (SELECT sealed FROM older WHERE older.row = 1) WHERE row = 1; \
         DROP TABLE older;",
    );
    assert_eq!(read(&phone.open().await, "a"), Err(DAMAGED));
}

#[tokio::test]
async fn a_row_of_a_history_that_was_rolled_back_does_not_fit_the_new_one() {
    // Both histories write row 1 with the same version: only the seal's tag tells them apart.
    let phone = three_licenses().await;
    let before = std::fs::read(phone.file()).unwrap();
    put(&phone.open().await, "a", license("lost history")).await;
    phone.attack("CREATE TABLE lost AS SELECT * FROM sealed_row");
    let lost = std::fs::read(phone.file()).unwrap();
    std::fs::write(phone.file(), before).unwrap();
    put(&phone.open().await, "a", license("new history")).await;
    let other = phone.folder.path().join("lost.sqlite");
    std::fs::write(&other, lost).unwrap();
    phone.attack(&format!(
        "ATTACH '{}' AS other; UPDATE sealed_row SET (version, sealed) = \
         (SELECT version, sealed FROM other.lost AS lost WHERE lost.row = 1) WHERE row = 1;",
        other.display()
    ));
    assert_eq!(read(&phone.open().await, "a"), Err(DAMAGED));
}

#[tokio::test]
async fn a_damaged_row_is_mended_by_issuing_anew_and_leaves_the_report() {
    let phone = three_licenses().await;
    phone.attack("UPDATE sealed_row SET sealed = zeroblob(99) WHERE row = 1");
    let vault = phone.open().await;
    assert_eq!(read(&vault, "a"), Err(DAMAGED));
    put(&vault, "a", license("issued anew")).await;
    assert_eq!(vault.examine().unwrap().damaged, []);
    assert_eq!(read(&vault, "a"), Ok(Some(license("issued anew"))));
}

#[tokio::test]
async fn a_damaged_manifest_is_reported_and_the_file_is_kept_as_it_is() {
    let phone = three_licenses().await;
    phone.attack("UPDATE sealed_row SET sealed = zeroblob(200) WHERE row = 0");
    let before = std::fs::read(phone.file()).unwrap();
    let refused = phone.try_open().await.err();
    assert_eq!(
        refused,
        Some(Error::VaultDamaged {
            what: Damage::Manifest
        })
    );
    assert_eq!(std::fs::read(phone.file()).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_vault_can_be_set_aside_and_nothing_is_deleted() {
    let phone = three_licenses().await;
    phone.attack("UPDATE sealed_row SET sealed = zeroblob(200) WHERE row = 0");
    let before = std::fs::read(phone.file()).unwrap();
    let again = Vault::create(
        phone.folder.path(),
        std::sync::Arc::new(phone.keys.clone()),
        std::sync::Arc::new(crate::ports::SystemRandom),
    );
    assert_eq!(again.await.err(), Some(Error::AlreadyExists));
    let aside = Vault::set_aside(phone.folder.path()).unwrap();
    assert_eq!(std::fs::read(aside.join(super::FILE)).unwrap(), before);
    let vault = phone.create().await;
    put(&vault, "a", license("issued anew")).await;
    drop(vault);
    let vault = phone.open().await;
    assert_eq!(vault.health().unwrap(), crate::vault::Health::default());
    assert_eq!(read(&vault, "a"), Ok(Some(license("issued anew"))));
}

#[tokio::test]
async fn files_copied_to_another_phone_do_not_open() {
    let phone = three_licenses().await;
    let thief = Phone::new();
    super::copy_folder(phone.folder.path(), thief.folder.path());
    assert_eq!(thief.try_open().await.err(), Some(Error::OtherDevice));
    // Nor where that phone has another wallet.
    let elsewhere = Phone {
        folder: tempfile::tempdir().unwrap(),
        keys: thief.keys.clone(),
    };
    drop(elsewhere.create().await);
    assert_eq!(thief.try_open().await.err(), Some(Error::OtherDevice));
    phone.open().await;
}

#[tokio::test]
async fn an_invalidated_key_keeps_everything_and_says_so() {
    use crate::ports::KeyStoreError::{Invalidated, Locked};
    let phone = three_licenses().await;
    let before = std::fs::read(phone.file()).unwrap();
    phone.keys.set_fault(Some(Invalidated));
    assert_eq!(phone.try_open().await.err(), Some(Error::KeyInvalidated));
    phone.keys.set_fault(Some(Locked));
    assert_eq!(phone.try_open().await.err(), Some(Error::KeyStore(Locked)));
    assert_eq!(std::fs::read(phone.file()).unwrap(), before);
    phone.keys.set_fault(None);
    assert_eq!(read(&phone.open().await, "a"), Ok(Some(license("a"))));
}

#[tokio::test]
async fn the_file_names_no_license_no_list_and_no_reader() {
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "id-of-a-license", license("Muster Erika")).await;
    put(
        &vault,
        "https://authority.example/status/17",
        status("token"),
    )
    .await;
    log(&vault, 7).await;
    drop(vault);
    let bytes = std::fs::read(phone.file()).unwrap();
    for secret in [
        "id-of-a-license",
        "Muster",
        "authority.example",
        "license-1",
        "token",
    ] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "the file shows {secret}");
    }
}

#[tokio::test]
async fn a_write_that_fails_half_way_changes_nothing() {
    let phone = three_licenses().await;
    let vault = phone.open().await;
    let failed = vault
        .write(Weight::Anchored, |tx| {
            tx.put("a", &license("half"))?;
            tx.delete::<License>("b")?;
            tx.log(&entry(1))?;
            Err::<(), _>(Error::Cancelled)
        })
        .await;
    assert_eq!(failed, Err(Error::Cancelled));
    for _ in 0..2 {
        assert_eq!(read(&vault, "a"), Ok(Some(license("a"))));
        assert_eq!(read(&vault, "b"), Ok(Some(license("b"))));
        assert!(
            vault
                .read(|view| view.activity(9))
                .unwrap()
                .entries
                .is_empty()
        );
        put(&vault, "c", license("c")).await;
    }
    assert_eq!(vault.examine().unwrap(), crate::vault::Health::default());
}
