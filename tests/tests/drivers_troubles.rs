//! The troubles of a driver, each brought about for real, and on the screen of the driver's app.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use support::shell::{DriversPhone, Shell, is_healthy, is_welcome};
use support::{DAY, DRIVER, Office, copy_folder};
use vidimus_app::effect::{Ask, Place};
use vidimus_app::event::Action;
use vidimus_app::screen::{LicenseScreen, Screen};
use vidimus_app::tone::Tone;
use vidimus_app::trouble::{Trouble, TroubleAction};
use vidimus_credential::{Algorithm, LicenseStatus, VerifyingKey};
use vidimus_wallet::ports::{
    DataKey, HttpRequest, HttpResponse, HttpTransport, KeyStore, KeyStoreError, SystemRandom,
    TransportError,
};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;
use vidimus_wallet::transport::{NetworkTransport, Roots};

/// A phone with a license, and the name that the authority has for it.
async fn with_license(office: &Office, phone: &DriversPhone) -> (Shell, String) {
    let added = office.register().await;
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    shell.enroll(&added.offer, &added.tx_code).await;
    (shell, added.license_id)
}

/// Waits for a license with this trouble among others.
async fn told(shell: &mut Shell, trouble: Trouble) -> LicenseScreen {
    let wanted = |troubles: &[Trouble]| troubles.contains(&trouble);
    match shell.license(trouble.code(), wanted).await {
        Screen::License(license) => license,
        _ => panic!("no license"),
    }
}

fn act(shell: &Shell, action: TroubleAction) {
    shell.app.send(Action::Act { action });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_authority_says_is_told_and_shown_all_the_same() {
    let office = Office::open().await;
    for (status, trouble) in [
        (LicenseStatus::Unresolved, Trouble::Unresolved),
        (LicenseStatus::Lapsed, Trouble::Lapsed),
        (LicenseStatus::PointsLimit, Trouble::PointsLimit),
        (LicenseStatus::Suspended, Trouble::Suspended),
        (LicenseStatus::Superseded, Trouble::Superseded),
        (LicenseStatus::Revoked, Trouble::Revoked),
    ] {
        let phone = DriversPhone::of(&office);
        let (mut shell, license) = with_license(&office, &phone).await;
        office.set_status(&license, status).await;
        shell.app.send(Action::Refresh);
        let license = told(&mut shell, trouble).await;
        assert!(license.card.status.sign == trouble.story().sign && license.may_show);
        shell.app.send(Action::Show);
        shell.code(0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_the_license_is_shown_all_the_same() {
    let mut office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let (mut shell, _) = with_license(&office, &phone).await;
    office.close().await;
    shell.app.send(Action::Refresh);
    let license = told(&mut shell, Trouble::NoNetwork).await;
    assert!(license.card.status.sign.tone == Tone::Good);
    shell.app.send(Action::Show);
    shell.code(0).await;
    shell.home().await;
    office.restart().await;
    act(&shell, Trouble::NoNetwork.action());
    shell.license("health", is_healthy).await;
}

/// What the network does to the answers on their way.
struct Detour<F> {
    network: NetworkTransport,
    change: F,
}

impl<F> Detour<F>
where
    F: Fn(
            &mut HttpRequest,
            Result<HttpResponse, TransportError>,
        ) -> Result<HttpResponse, TransportError>
        + Send
        + Sync
        + 'static,
{
    fn of(change: F) -> Arc<dyn HttpTransport> {
        let network = NetworkTransport::new(Roots::Public).unwrap();
        Arc::new(Self { network, change })
    }
}

#[async_trait]
impl<F> HttpTransport for Detour<F>
where
    F: Fn(
            &mut HttpRequest,
            Result<HttpResponse, TransportError>,
        ) -> Result<HttpResponse, TransportError>
        + Send
        + Sync,
{
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut asked = HttpRequest {
            method: request.method,
            url: request.url.clone(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: request.timeout,
            max_body: request.max_body,
            elsewhere: request.elsewhere,
        };
        let answer = self.network.send(request).await;
        (self.change)(&mut asked, answer)
    }
}

fn is_status(answer: &HttpResponse) -> bool {
    let kind = answer.header("content-type");
    kind.is_some_and(|kind| kind.starts_with("application/statuslist+cwt"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_whose_status_never_came_is_not_known() {
    let office = Office::open().await;
    let mut phone = DriversPhone::of(&office);
    phone.transport = Detour::of(|_, answer| match answer {
        Ok(answer) if is_status(&answer) => Err(TransportError::Unreachable),
        other => other,
    });
    let (mut shell, _) = with_license(&office, &phone).await;
    let license = told(&mut shell, Trouble::StatusUnknown).await;
    assert!(license.card.status.sign.tone == Tone::Unknown && license.card.status.as_of.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_of_two_days_ago_is_old_and_a_last_day_passes() {
    let mut office = Office::open().await;
    let tomorrow = DRIVER.replace("2035-05-31", "2026-11-19");
    let phone = DriversPhone::of(&office);
    let added = office.register_as(&tomorrow).await;
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    shell.enroll(&added.offer, &added.tx_code).await;
    shell.license("health", is_healthy).await;
    office.close().await;
    // No one does anything: the app sees it by itself.
    shell.app.send(Action::Seen { has_lock: true });
    office.clock.advance(2 * DAY + Duration::from_secs(3_600));
    let license = told(&mut shell, Trouble::StatusOld).await;
    let troubles: Vec<Trouble> = license.troubles.iter().map(|story| story.trouble).collect();
    assert!(troubles.contains(&Trouble::LicenseExpired), "{troubles:?}");
    assert!(
        license.card.status.sign.tone == Tone::Bad,
        "the authority still says that it is valid"
    );
    shell.app.send(Action::Show);
    shell.code(0).await;
}

/// A phone with a license of these dates.
async fn with_license_of(office: &Office, license: &str) -> Shell {
    let phone = DriversPhone::of(office);
    let added = office.register_as(license).await;
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    shell.enroll(&added.offer, &added.tx_code).await;
    shell
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_without_a_category_of_today_is_told() {
    let office = Office::open().await;
    let license = DRIVER.replace("\"until\": null", "\"until\": \"2021-03-01\"");
    let license = license.replace("2030-01-01", "2022-01-01");
    let mut shell = with_license_of(&office, &license).await;
    let license = told(&mut shell, Trouble::NoCategory).await;
    assert!(license.card.status.sign.tone == Tone::Bad && license.may_show);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_of_tomorrow_is_told() {
    let office = Office::open().await;
    let license = DRIVER.replace("2020-06-01", "2026-12-24");
    let mut shell = with_license_of(&office, &license).await;
    let license = told(&mut shell, Trouble::LicenseNotYetValid).await;
    assert!(license.card.status.sign.tone == Tone::Bad && license.may_show);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_too_old_is_told_and_renewed() {
    let mut office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let (mut shell, _) = with_license(&office, &phone).await;
    office.close().await;
    shell.app.send(Action::Seen { has_lock: true });
    office.clock.advance(60 * DAY);
    let license = told(&mut shell, Trouble::CredentialExpired).await;
    assert!(license.card.status.sign.tone == Tone::Bad);
    office.restart().await;
    act(&shell, Trouble::CredentialExpired.action());
    shell.license("health", is_healthy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_behind_a_signature_is_noticed() {
    let office = Office::open().await;
    let mut phone = DriversPhone::of(&office);
    phone.clock = Arc::new(TestClock::at(office.now()));
    let (mut shell, license) = with_license(&office, &phone).await;
    office.clock.advance(Duration::from_secs(2 * 3_600));
    office.set_status(&license, LicenseStatus::Unresolved).await;
    shell.app.send(Action::Refresh);
    told(&mut shell, Trouble::ClockSetBack).await;
    act(&shell, TroubleAction::SetClock);
    shell.sees("the way out", |_| Some(())).await;
    for _ in 0..100 {
        if shell.left_for == [Ask::Leave { to: Place::Clock }] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        shell.sees("the way out", |_| Some(())).await;
    }
    panic!("the driver was led nowhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_in_the_authoritys_place_is_not_believed() {
    let office = Office::open().await;
    let other = Office::open().await;
    let theirs = support::get(&format!("{}/trust", other.issuer)).await;
    let is_led_astray = Arc::new(Mutex::new(false));
    let mut phone = DriversPhone::of(&office);
    let astray = Arc::clone(&is_led_astray);
    phone.transport = Detour::of(move |asked, answer| {
        let is_trust = asked.url.ends_with("/trust");
        if !is_trust || !*astray.lock().unwrap() {
            return answer;
        }
        answer.map(|answer| HttpResponse {
            status: 200,
            body: theirs.clone(),
            ..answer
        })
    });
    let (mut shell, _) = with_license(&office, &phone).await;
    *is_led_astray.lock().unwrap() = true;
    shell.app.send(Action::Refresh);
    let license = told(&mut shell, Trouble::AuthorityUnknown).await;
    assert!(
        license.card.status.sign.tone == Tone::Good,
        "what was there before stays"
    );
    *is_led_astray.lock().unwrap() = false;
    shell.app.send(Action::Refresh);
    shell.license("health", is_healthy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_noticed_until_it_was_refreshed() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let (shell, license) = with_license(&office, &phone).await;
    shell.app.close().await;
    let copy = phone.folder.path().join("copy");
    copy_folder(&phone.directory(), &copy);

    office.set_status(&license, LicenseStatus::Suspended).await;
    let mut shell = phone.start();
    shell.license("health", is_healthy).await;
    shell.app.send(Action::Refresh);
    told(&mut shell, Trouble::Suspended).await;
    shell.app.close().await;
    std::fs::remove_dir_all(phone.directory()).unwrap();
    copy_folder(&copy, &phone.directory());

    let mut shell = phone.start();
    let license = told(&mut shell, Trouble::RolledBack).await;
    assert!(
        license.card.status.sign.tone == Tone::Unknown,
        "what it says may be outdated"
    );
    act(&shell, Trouble::RolledBack.action());
    let healed = |troubles: &[Trouble]| troubles == [Trouble::Suspended];
    shell.license("recovery", healed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_where_the_folder_should_be_is_told_and_kept() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    std::fs::write(phone.directory(), "a file").unwrap();
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::StorageFailed);
    assert_eq!(std::fs::read(phone.directory()).unwrap(), b"a file");
    std::fs::remove_file(phone.directory()).unwrap();
    act(&shell, TroubleAction::Retry);
    shell.sees("welcome", is_welcome).await;
}

/// Changes bytes of the wallet's database, and gives its place.
fn overwrite(phone: &DriversPhone, offset: usize, bytes: &[u8]) -> PathBuf {
    let folder = phone.directory().join("vault");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_database =
        |path: &Path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3"));
    let file = files.into_iter().find(|path| is_database(path)).unwrap();
    let mut all = std::fs::read(&file).unwrap();
    all[offset..offset + bytes.len()].copy_from_slice(bytes);
    std::fs::write(&file, all).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_files_are_kept_aside_and_a_new_beginning_is_made() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    phone.make_wallet().await;
    let file = overwrite(&phone, 0, b"holiday pictures, not a wallet");
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::Damaged);
    assert!(std::fs::read(&file).unwrap().starts_with(b"holiday"));
    act(&shell, TroubleAction::Retry);
    act(&shell, TroubleAction::BeginAnew);
    act(&shell, TroubleAction::BeginAnew);
    shell.sees("welcome", is_welcome).await;
    let aside = std::fs::read_dir(phone.directory())
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().contains("set-aside")
        });
    assert_eq!(aside.count(), 1, "nothing was deleted, and once is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_a_newer_version_are_left_as_they_are() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    phone.make_wallet().await;
    // Where SQLite keeps the version of an application's tables.
    let file = overwrite(&phone, 60, &[0, 0, 0, 99]);
    let before = std::fs::read(&file).unwrap();
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::NewerVersion);
    assert!(
        std::fs::read(&file).unwrap() == before,
        "the file has changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_phones_keys_do_is_told() {
    let office = Office::open().await;
    for (fault, has_lock, trouble) in [
        (KeyStoreError::Invalidated, true, Trouble::KeyInvalidated),
        (KeyStoreError::Invalidated, false, Trouble::PasscodeRemoved),
        (KeyStoreError::NotFound, false, Trouble::PasscodeRemoved),
        (KeyStoreError::Locked, true, Trouble::DeviceLocked),
        (KeyStoreError::Io, true, Trouble::KeyStore),
        (KeyStoreError::Io, false, Trouble::NoLock),
    ] {
        let mut phone = DriversPhone::of(&office);
        phone.make_wallet().await;
        phone.has_lock = has_lock;
        phone.keys.set_fault(Some(fault));
        let mut shell = phone.start();
        assert_eq!(shell.blocked().await, trouble, "{fault:?} {has_lock}");
        phone.keys.set_fault(None);
        // Once the lock is there, coming back is enough.
        shell.app.send(Action::Seen { has_lock: true });
        match trouble.action() {
            TroubleAction::SetLock => {}
            action => act(&shell, action),
        }
        shell.sees("welcome", is_welcome).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_another_phone_are_of_no_use_here() {
    let office = Office::open().await;
    let theirs = DriversPhone::of(&office);
    theirs.make_wallet().await;
    // This phone has a wallet, and so a key, for itself.
    let mut ours = DriversPhone::of(&office);
    ours.make_wallet().await;
    std::fs::remove_dir_all(ours.directory()).unwrap();
    copy_folder(&theirs.directory(), &ours.directory());
    let mut shell = ours.start();
    assert_eq!(shell.blocked().await, Trouble::OtherDevice);
    drop(shell);

    ours.has_lock = false;
    let mut shell = ours.start();
    assert_eq!(shell.blocked().await, Trouble::PasscodeRemoved);
    // It is this phone all the same: with the lock its keys went.
    shell.app.send(Action::Seen { has_lock: true });
    let lost = shell.sees("what is lost", |screen| match screen {
        Screen::Blocked(blocked) => {
            (blocked.story.trouble == Trouble::KeyInvalidated).then_some(())
        }
        _ => None,
    });
    lost.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_key_that_is_none_opens_nothing() {
    let office = Office::open().await;
    let mut phone = DriversPhone::of(&office);
    phone.root_key = vec![1, 2, 3];
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::AuthorityUnknown);
}

/// Panics the first time that it is to unwrap.
struct Panicking {
    keys: MemoryKeyStore,
    has_panicked: Mutex<bool>,
}

#[async_trait]
impl KeyStore for Panicking {
    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        self.keys.wrap(data_key).await
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
        let before = std::mem::replace(&mut *self.has_panicked.lock().unwrap(), true);
        assert!(before, "a fault in the midst of the library");
        self.keys.unwrap(wrapped).await
    }

    fn holder_algorithm(&self) -> Option<Algorithm> {
        self.keys.holder_algorithm()
    }

    async fn create_holder_key(&self, id: &str) -> Result<VerifyingKey, KeyStoreError> {
        self.keys.create_holder_key(id).await
    }

    async fn sign(&self, id: &str, message: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        self.keys.sign(id, message).await
    }

    async fn delete_holder_key(&self, id: &str) -> Result<(), KeyStoreError> {
        self.keys.delete_holder_key(id).await
    }

    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        self.keys.read_anchor().await
    }

    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError> {
        self.keys.raise_anchor(epoch).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_the_midst_of_the_library_is_told_and_passes() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let keys = Arc::new(Panicking {
        keys: MemoryKeyStore::new(None, Arc::new(SystemRandom)),
        has_panicked: Mutex::new(true),
    });
    let mut shell = phone.start_with(keys.clone(), None);
    shell.sees("welcome", is_welcome).await;
    shell.app.close().await;
    *keys.has_panicked.lock().unwrap() = false;
    let mut shell = phone.start_with(keys, None);
    assert_eq!(shell.blocked().await, Trouble::Internal);
    act(&shell, TroubleAction::Retry);
    shell.sees("welcome", is_welcome).await;
}
