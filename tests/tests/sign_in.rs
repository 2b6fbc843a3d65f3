//! A driver applies with an account: the real wallet, the real authority, and its real pages, which
//! a small client of the tests fills in.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use support::browser::Browser;
use support::{DAY, Office, Phone};
use vidimus_authority::{ReviewKind, ReviewReason as Said};
use vidimus_credential::LicenseStatus;
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::refresh::{Change, Refresh};
use vidimus_wallet::{
    Application, ApplicationState, Applied, CancelToken, Error, ReviewReason, SignInClient,
};

/// Seconds that a wallet waits between two requests for a license that a clerk looks at.
const INTERVAL: u32 = 300;

fn client() -> SignInClient {
    SignInClient {
        client_id: "vidimus-cli".to_owned(),
        redirect_uri: "http://127.0.0.1:4711/callback".to_owned(),
        languages: vec!["en".to_owned()],
    }
}

async fn apply(phone: &Phone) -> String {
    let begun = phone.wallet.apply(&client(), &CancelToken::new()).await;
    begun.unwrap().url
}

async fn resume(phone: &Phone, redirect: &str) -> Result<Applied, Error> {
    phone.wallet.resume(redirect, &CancelToken::new()).await
}

/// A driver in the register with an account, and a phone that has applied: what its browser comes
/// back with.
struct Driver {
    office: Office,
    phone: Phone,
    browser: Browser,
    number: String,
    redirect: String,
}

impl Driver {
    async fn new(review: Option<ReviewKind>) -> Self {
        let office = Office::open_with_accounts(INTERVAL).await;
        let added = office.register_for_review(review).await;
        let (authority, now) = (office.authority(), office.now());
        let number = "ZZ-4711-0815".to_owned();
        assert!(!added.license_id.is_empty());
        let of = number.clone();
        let letter = tokio::task::spawn_blocking(move || authority.make_letter(&of, now).unwrap());
        let letter = letter.await.unwrap().code.to_string();
        let phone = Phone::new(&office, None).await;
        let mut browser = Browser::at(&office.issuer);
        let url = apply(&phone).await;
        assert_eq!(browser.open(&url).await.status, 303);
        browser.set_up(&number, &letter, office.now()).await;
        let redirect = browser.agree().await;
        Self {
            office,
            phone,
            browser,
            number,
            redirect,
        }
    }

    fn advance(&self, seconds: u64) {
        self.office.clock.advance(Duration::from_secs(seconds));
    }

    fn applications(&self) -> Vec<Application> {
        self.phone.wallet.applications().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_signs_in_and_has_the_license_and_its_renewals() {
    let mut driver = Driver::new(None).await;
    let applied = resume(&driver.phone, &driver.redirect).await.unwrap();
    let Applied::Received(id) = applied else {
        panic!("{applied:?}")
    };
    assert_eq!(driver.phone.state(), LicenseStatus::Valid);
    let again = resume(&driver.phone, &driver.redirect).await.unwrap();
    assert_eq!(again, Applied::Received(id.clone()), "the same page again");
    assert_eq!(driver.phone.wallet.licenses().unwrap().len(), 1);
    // Renewals keep the key to which the tokens are bound.
    for _ in 0..3 {
        driver.office.clock.advance(16 * DAY);
        driver.office.restart().await;
        driver.phone.reopen().await;
        let report = driver.phone.refresh(Refresh::Due).await;
        assert_eq!(report.failures, []);
        let renewed = Change::Renewed {
            license: id.clone(),
        };
        assert!(report.changed.contains(&renewed), "{:?}", report.changed);
    }
    driver.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_a_clerk_accepts_comes_with_a_refresh() {
    let mut driver = Driver::new(Some(ReviewKind::Photo)).await;
    let applied = resume(&driver.phone, &driver.redirect).await.unwrap();
    let Applied::Waiting(application) = applied else {
        panic!("{applied:?}")
    };
    assert!(matches!(
        application.state,
        ApplicationState::Waiting { .. }
    ));
    driver.phone.refresh(Refresh::Due).await;
    // It waits through a restart of both, and longer than its access token lives.
    driver.advance(7_200);
    driver.office.restart().await;
    driver.phone.reopen().await;
    assert_eq!(driver.phone.refresh(Refresh::Due).await.failures, []);
    assert_eq!(driver.applications().len(), 1);
    let (authority, now) = (driver.office.authority(), driver.office.now());
    let accept = move || {
        let waiting = authority.reviews_waiting(None, 10).unwrap();
        authority
            .accept_review(waiting[0].id, "clerk", None, now)
            .unwrap();
    };
    tokio::task::spawn_blocking(accept).await.unwrap();
    let early = driver.phone.refresh(Refresh::Now).await;
    assert_eq!(early.failures, []);
    assert_eq!(driver.applications().len(), 1, "not before the interval");
    driver.advance(INTERVAL.into());
    let report = driver.phone.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    let received = Change::Received {
        license: application.id,
    };
    assert!(report.changed.contains(&received));
    assert_eq!(driver.phone.state(), LicenseStatus::Valid);
    assert_eq!(driver.applications(), []);
    driver.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_a_clerk_refuses_says_why_and_can_be_applied_for_again() {
    let mut driver = Driver::new(Some(ReviewKind::Photo)).await;
    resume(&driver.phone, &driver.redirect).await.unwrap();
    let (authority, now) = (driver.office.authority(), driver.office.now());
    let refuse = move || {
        let id = authority.reviews_waiting(None, 10).unwrap()[0].id;
        let words = Some("Das Foto ist unscharf.");
        authority
            .refuse_review(id, Said::PhotoUnclear, words, "clerk", now)
            .unwrap();
    };
    tokio::task::spawn_blocking(refuse).await.unwrap();
    driver.advance(INTERVAL.into());
    let report = driver.phone.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    let application = driver.applications().remove(0);
    let expected = ApplicationState::Refused {
        reason: ReviewReason::PhotoUnclear,
        words: Some("Das Foto ist unscharf.".to_owned()),
    };
    assert_eq!(application.state, expected);
    assert!(report.changed.contains(&Change::ApplicationRefused {
        application: application.id
    }));
    // Another way in the same wallet: the refused one makes place.
    driver.advance(120);
    let url = apply(&driver.phone).await;
    driver.browser = driver.browser.another();
    driver.browser.open(&url).await;
    let now = driver.office.now();
    driver.browser.sign_in(&driver.number, now).await;
    let redirect = driver.browser.agree().await;
    let applied = resume(&driver.phone, &redirect).await.unwrap();
    assert!(matches!(applied, Applied::Waiting(_)));
    assert_eq!(driver.applications().len(), 1);
    driver.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_who_declines_gets_nothing_and_may_begin_again() {
    let mut driver = Driver::new(None).await;
    driver.advance(120);
    let url = apply(&driver.phone).await;
    // The first answer is that of an older sign-in by now.
    let old = resume(&driver.phone, &driver.redirect).await;
    assert_eq!(old.err(), Some(Error::OtherSignIn));
    driver.browser = driver.browser.another();
    driver.browser.open(&url).await;
    let now = driver.office.now();
    driver.browser.sign_in(&driver.number, now).await;
    let declined = driver.browser.refuse().await;
    let refused = Error::SignInRefused(OAuthError::AccessDenied);
    assert_eq!(resume(&driver.phone, &declined).await.err(), Some(refused));
    assert_eq!(driver.applications(), []);
    driver.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_not_the_one_that_opened_the_address_gets_no_further() {
    let driver = Driver::new(None).await;
    driver.phone.wallet.abandon_sign_in().await.unwrap();
    let url = apply(&driver.phone).await;
    let (mut first, mut thief) = (
        Browser::at(&driver.office.issuer),
        Browser::at(&driver.office.issuer),
    );
    assert_eq!(first.open(&url).await.status, 303);
    assert_ne!(thief.open(&url).await.status, 303);
    assert_eq!(first.open(&url).await.status, 303, "the same browser again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_bound_to_the_key_of_the_phone_that_took_it_up() {
    let office = Office::open_with_accounts(INTERVAL).await;
    let added = office.register().await;
    let phone = Phone::new(&office, None).await;
    phone.enroll(&added).await;
    let database = office.home.path().join("authority.sqlite");
    let connection = rusqlite::Connection::open(database).unwrap();
    let bound = "SELECT count(*) FROM grants WHERE jkt IS NOT NULL";
    let bound: i64 = connection.query_row(bound, [], |row| row.get(0)).unwrap();
    assert_eq!(bound, 1);
}
