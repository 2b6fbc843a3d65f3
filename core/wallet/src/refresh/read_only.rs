//! A phone with a read-only disk.

use std::time::Duration;

use vidimus_credential::{LicenseStatus, Outcome, Policy, Signer as _, Verifier};

use super::Refresh;
use crate::cancel::CancelToken;
use crate::error::{Error, StorageError};
use crate::testing::{Authority, NOW, Phone, ReadOnlyDisk, Server, time};

#[tokio::test]
async fn a_license_is_shown_from_a_read_only_disk_and_a_refresh_says_why_it_cannot_be_kept() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    let enrolled = wallet.enroll(&offer, Some("123456"), &cancel).await;
    let license = enrolled.unwrap();
    drop(wallet);

    let Some(mut disk) = ReadOnlyDisk::holding(phone.folder()) else {
        return;
    };
    // In a folder that only this user may not write, the refresh fails at its lock, not at the
    // disk.
    let why = if disk.is_mounted() {
        StorageError::ReadOnly
    } else {
        StorageError::Permission
    };
    let wallet = phone.open_at(disk.content()).await;
    let held = wallet.licenses().unwrap();
    assert_eq!(held[0].status.state, LicenseStatus::Valid);
    let mut shown = wallet.present(&license).unwrap();
    let frame = shown.frame(wallet.reading()).await.unwrap();
    let root = authority.root.verifying_key().clone();
    let mut officer = Verifier::new(root, Policy::default());
    let list = wallet.trust_list().unwrap().unwrap();
    officer.set_trust_list(&list).unwrap();
    let verdict = officer.check(&frame.text, time(NOW));
    assert_eq!(verdict.outcome, Outcome::Accept);
    // Neither the log entry nor the refresh can be stored.
    assert_eq!(shown.end().await, Err(StorageError::ReadOnly.into()));
    let budget = Duration::from_secs(5);
    let refreshed = wallet.refresh(Refresh::Now, budget, &cancel).await;
    assert_eq!(refreshed.err(), Some(Error::Storage(why)));
    drop(wallet);
    assert!(disk.set_writable(true));
    let wallet = phone.open_at(disk.content()).await;
    let budget = Duration::from_secs(5);
    let report = wallet.refresh(Refresh::Now, budget, &cancel).await;
    assert_eq!(report.unwrap().failures, []);
    assert_eq!(wallet.licenses().unwrap()[0].id, license);
}
