//! What the wallet says of a license's standing, now and later, and what a removal takes.

use vidimus_credential::{LicenseStatus, Standing, Tone};

use crate::CancelToken;
use crate::testing::{Authority, Phone, Server};

#[tokio::test]
async fn a_license_stands_as_its_outlook_said_when_that_time_comes() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    wallet
        .enroll(&offer, Some("123456"), &CancelToken::new())
        .await
        .unwrap();
    let held = wallet.licenses().unwrap().remove(0);
    assert_eq!(held.status.state, LicenseStatus::Valid);
    assert_eq!(
        (held.standing(), held.standing().tone()),
        (Standing::Valid, Tone::Good)
    );
    let mut passed = held.outlook[0].from;
    for span in &held.outlook {
        phone.advance(span.from.seconds() - passed.seconds());
        passed = span.from;
        let held = wallet.licenses().unwrap().remove(0);
        assert_eq!(held.standing(), span.standings.worst());
        assert_eq!(held.outlook[0].standings, span.standings);
    }
    let seen: Vec<_> = held
        .outlook
        .iter()
        .map(|span| span.standings.worst())
        .collect();
    let expected = [
        Standing::Valid,
        Standing::StatusStale,
        Standing::Unknown,
        Standing::CredentialExpired,
        Standing::LicenseExpired,
    ];
    assert_eq!(seen, expected);
}

#[cfg(unix)]
#[tokio::test]
async fn a_removal_that_cannot_be_kept_takes_nothing_of_the_license() {
    use vidimus_credential::Algorithm;

    use crate::error::{Error, StorageError};
    use crate::testing::ReadOnlyDisk;

    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::with_hardware(Some(Algorithm::Esp256));
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    let license = wallet
        .enroll(&offer, Some("123456"), &cancel)
        .await
        .unwrap();
    drop(wallet);
    let Some(mut disk) = ReadOnlyDisk::holding(phone.folder()) else {
        return;
    };
    let wallet = phone.open_at(disk.content()).await;
    let refused = Err(Error::Storage(StorageError::ReadOnly));
    assert_eq!(wallet.remove(&license).await, refused);
    let mut shown = wallet.present(&license).unwrap();
    assert!(shown.frame(wallet.reading()).await.is_ok());
    drop((shown, wallet));
    assert!(disk.set_writable(true));
    let wallet = phone.open_at(disk.content()).await;
    assert_eq!(wallet.remove(&license).await, Ok(()));
    assert!(wallet.licenses().unwrap().is_empty());
}
