//! Two processes may hold one vault: an app and its widget, a worker.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::{License, Phone, entry, license, put};
use crate::keys::FileKeyStore;
use crate::ports::{KeyStore, SystemRandom};
use crate::vault::{Health, Vault, Weight};

#[tokio::test]
async fn one_handle_sees_at_once_what_the_other_wrote() {
    let phone = Phone::new();
    let app = phone.create().await;
    let widget = phone.open().await;
    for round in 0..5 {
        let (writer, reader) = if round % 2 == 0 {
            (&app, &widget)
        } else {
            (&widget, &app)
        };
        let text = format!("round {round}");
        put(writer, "a", license(&text)).await;
        assert_eq!(reader.get::<License>("a"), Ok(Some(license(&text))));
    }
    for vault in [app, widget] {
        assert_eq!(vault.examine().unwrap(), Health::default());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn handles_that_write_at_the_same_time_never_diverge() {
    let phone = Phone::new();
    let mut tasks = Vec::new();
    let first = phone.create().await;
    for number in 0..3 {
        let vault = if number == 0 {
            first.clone()
        } else {
            phone.open().await
        };
        tasks.push(tokio::spawn(async move {
            write_a_lot(&vault, &format!("writer-{number}")).await
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    check_all(&first, &["writer-0", "writer-1", "writer-2"]);
}

const ROUNDS: u64 = 20;

async fn write_a_lot(vault: &Vault, name: &str) {
    for round in 0..ROUNDS {
        let id = format!("{name}-{round}");
        let weight = if round % 2 == 0 {
            Weight::Anchored
        } else {
            Weight::Light
        };
        vault
            .write(weight, move |tx| {
                tx.put(&id, &license(&id))?;
                let counter: Option<License> = tx.get("counter")?;
                let count = counter.map_or(0, |License(bytes)| {
                    u64::from_be_bytes(bytes.try_into().unwrap())
                });
                tx.put("counter", &License((count + 1).to_be_bytes().to_vec()))?;
                tx.log(&entry(round))
            })
            .await
            .unwrap();
    }
}

fn check_all(vault: &Vault, writers: &[&str]) {
    let written = u64::try_from(writers.len()).unwrap() * ROUNDS;
    assert_eq!(vault.examine().unwrap(), Health::default());
    for writer in writers {
        for round in 0..ROUNDS {
            let id = format!("{writer}-{round}");
            assert_eq!(vault.get(&id), Ok(Some(license(&id))));
        }
    }
    let counter: License = vault.get("counter").unwrap().unwrap();
    assert_eq!(counter.0, written.to_be_bytes(), "no write was lost");
    let activity = vault.read(|view| view.activity(usize::MAX)).unwrap();
    assert!(activity.intact);
    assert_eq!(u64::try_from(activity.entries.len()).unwrap(), written);
}

const FOLDER_VARIABLE: &str = "VIDIMUS_TEST_SECOND_PROCESS";

pub(super) fn keys_on_disk(folder: &Path) -> Arc<FileKeyStore> {
    Arc::new(FileKeyStore::open(&folder.join("keys"), Arc::new(SystemRandom)).unwrap())
}

pub(super) async fn open_on_disk(folder: &Path, create: bool) -> Vault {
    let (random, keys) = (Arc::new(SystemRandom), keys_on_disk(folder));
    if create {
        Vault::create(folder, keys, random).await.unwrap()
    } else {
        Vault::open(folder, keys, random).await.unwrap()
    }
}

#[tokio::test]
async fn two_processes_hold_one_vault() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open_on_disk(folder.path(), true).await;
    let mut second = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "vault::tests::processes::second_process",
            "--ignored",
        ])
        .env(FOLDER_VARIABLE, folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    write_a_lot(&vault, "first").await;
    assert!(second.wait().unwrap().success());
    check_all(&vault, &["first", "second"]);
    let keys = FileKeyStore::open(&folder.path().join("keys"), Arc::new(SystemRandom)).unwrap();
    let raised = keys.read_anchor().await.unwrap().unwrap();
    assert_eq!(
        raised,
        1 + ROUNDS,
        "half of each process's writes were anchored"
    );
}

#[tokio::test]
#[ignore = "the other half of two_processes_hold_one_vault, which starts it"]
async fn second_process() {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE) {
        let vault = open_on_disk(Path::new(&folder), false).await;
        write_a_lot(&vault, "second").await;
    }
}
