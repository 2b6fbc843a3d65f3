//! Any single byte of the database flipped is detected, or without effect.

use std::path::Path;

use super::{
    FOLDER, License, Phone, Status, copy_folder, entry, file_in, license, log, put, status,
};
use crate::error::Error;
use crate::vault::{Health, Weight};

const LICENSES: [&str; 2] = ["a", "b"];

fn original(id: &str) -> License {
    License(format!("license {id} ").repeat(70).into_bytes())
}

/// What a driver and an officer would see: all as it was, or said to be damaged.
async fn shows_no_wrong_license(phone: &Phone, folder: &Path, place: usize) {
    let vault = match phone.try_open_at(folder).await {
        Ok(vault) => vault,
        Err(
            Error::VaultDamaged { .. }
            | Error::NewerSchema
            | Error::OtherDevice
            | Error::Storage(_),
        ) => return,
        Err(other) => panic!("byte {place}: {other:?} is no report of damage"),
    };
    let rolled_back = vault.health().is_ok_and(|health| health.rolled_back);
    let mut damaged = rolled_back;
    for id in LICENSES {
        match vault.get::<License>(id) {
            Ok(Some(read)) => assert!(read == original(id), "byte {place}: a wrong license"),
            Ok(None) => assert!(rolled_back, "byte {place}: a license vanished in silence"),
            Err(_) => damaged = true,
        }
    }
    match vault.get::<Status>("list") {
        Ok(Some(read)) => assert!(
            read == status("suspended") || rolled_back,
            "byte {place}: an old status"
        ),
        Ok(None) => assert!(rolled_back, "byte {place}: the status vanished in silence"),
        Err(_) => damaged = true,
    }
    match vault.read(|view| view.activity(9)) {
        Ok(activity) if activity.intact => {
            assert!(
                activity.entries.len() == 3 || rolled_back,
                "byte {place}: an entry vanished in silence"
            );
        }
        _ => damaged = true,
    }
    let clean = vault
        .examine()
        .is_ok_and(|health| health == Health::default());
    assert!(
        !(clean && damaged),
        "byte {place}: damage was met and is not in the report"
    );
}

async fn filled() -> Phone {
    let phone = Phone::new();
    let vault = phone.create().await;
    put(&vault, "list", status("valid")).await;
    for at in 1..=3 {
        log(&vault, at).await;
    }
    for id in LICENSES {
        put(&vault, id, original(id)).await;
    }
    put(&vault, "list", status("suspended")).await;
    phone
}

/// Flips each byte of one file in turn: one bit of it, another one each time, and all of them.
async fn flip_each_byte(phone: &Phone, folder: &Path, name: &str) {
    let source = folder.join(FOLDER);
    let files: Vec<_> = std::fs::read_dir(&source)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| (file.file_name(), std::fs::read(file.path()).unwrap()))
        .collect();
    let length = files.iter().find(|(file, _)| file == name).unwrap().1.len();
    let target = tempfile::tempdir().unwrap();
    let target_folder = target.path().join(FOLDER);
    std::fs::create_dir(&target_folder).unwrap();
    for place in 0..length {
        let masks: &[u8] = if place % 8 == 0 { &[0xff, 1] } else { &[0x40] };
        for mask in masks {
            for (file, content) in &files {
                let mut content = content.clone();
                if file == name {
                    content[place] ^= mask.rotate_left(u32::try_from(place % 8).unwrap());
                }
                std::fs::write(target_folder.join(file), content).unwrap();
            }
            shows_no_wrong_license(phone, target.path(), place).await;
            for leftover in ["wallet.sqlite-wal", "wallet.sqlite-shm"] {
                std::fs::remove_file(target_folder.join(leftover)).ok();
            }
        }
    }
}

#[tokio::test]
async fn any_single_byte_of_the_database_flipped_is_detected_or_without_effect() {
    let phone = filled().await;
    assert!(!phone.file().with_extension("sqlite-wal").exists());
    flip_each_byte(&phone, phone.folder.path(), "wallet.sqlite").await;
}

#[tokio::test]
async fn any_single_byte_of_the_write_ahead_log_flipped_is_detected_or_without_effect() {
    // As a kill leaves it: the newest commits are in the WAL alone.
    let phone = filled().await;
    let vault = phone.open().await;
    vault
        .write(Weight::Anchored, |tx| {
            tx.put("list", &status("suspended"))?;
            tx.put("a", &original("a"))
        })
        .await
        .unwrap();
    let killed = tempfile::tempdir().unwrap();
    copy_folder(phone.folder.path(), killed.path());
    std::fs::remove_file(file_in(killed.path()).with_extension("sqlite-shm")).unwrap();
    drop(vault);
    flip_each_byte(&phone, killed.path(), "wallet.sqlite-wal").await;
}

#[tokio::test]
async fn the_untouched_vault_passes_the_same_look() {
    let phone = filled().await;
    shows_no_wrong_license(&phone, phone.folder.path(), 0).await;
    let vault = phone.open().await;
    assert_eq!(vault.examine().unwrap(), Health::default());
    assert_eq!(vault.get::<License>("c"), Ok(None));
    vault
        .write(Weight::Light, |tx| tx.log(&entry(4)))
        .await
        .unwrap();
    put(&vault, "c", license("c")).await;
    assert_eq!(vault.examine().unwrap(), Health::default());
}
