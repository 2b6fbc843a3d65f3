//! The driver's app signs in at the real authority: its pages are filled by a browser of cookies.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use support::Office;
use support::browser::Browser;
use support::shell::{DriversPhone, Shell, is_healthy, is_welcome};
use vidimus_app::event::Action;
use vidimus_app::screen::{ApplicationCard, Screen, SignInScreen};
use vidimus_authority::{ClientApp, ReviewKind, ReviewReason};

const REDIRECT: &str = "vidimus:/signed-in";
const NUMBER: &str = "ZZ-4711-0815";

/// An authority with accounts that knows the app, a driver in its register and a phone.
async fn town(review: Option<ReviewKind>) -> (Office, DriversPhone) {
    let office = Office::open_with_accounts(300).await;
    let app = ClientApp {
        id: "vidimus-app".to_owned(),
        redirects: vec![REDIRECT.to_owned()],
        android: Vec::new(),
        apple: Vec::new(),
    };
    let authority = office.authority();
    authority.put_client(&app, true, office.now()).unwrap();
    office.register_for_review(review).await;
    let mut phone = DriversPhone::of(&office);
    phone.sign_in_redirect = Some(REDIRECT.to_owned());
    (office, phone)
}

async fn starts(phone: &DriversPhone) -> Shell {
    let mut shell = phone.start();
    shell.app.send(Action::Seen { has_lock: true });
    shell.sees("welcome", is_welcome).await;
    shell
}

/// The driver's finger, and the browser of the phone: up to where it is led back to.
async fn signs_in(office: &Office, shell: &mut Shell) -> String {
    let mut browser = opens(office, shell).await;
    let letter = office
        .authority()
        .make_letter(NUMBER, office.now())
        .unwrap();
    browser.set_up(NUMBER, &letter.code, office.now()).await;
    browser.agree().await
}

async fn opens(office: &Office, shell: &mut Shell) -> Browser {
    shell.opened = None;
    shell.app.send(Action::SignIn);
    let open = sign_in(shell, "an open browser", |page| page.until.is_some()).await;
    assert_eq!(
        keys(&open),
        ["sign_in.open", "sign_in.why", "sign_in.closed"]
    );
    assert!(open.authority == office.issuer);
    let mut browser = Browser::at(&office.issuer);
    while shell.opened.is_none() {
        shell.sees("the sign-in", |_| Some(())).await;
    }
    let opened = shell.opened.clone().unwrap();
    browser.open(&opened).await;
    browser
}

fn keys(page: &SignInScreen) -> Vec<&str> {
    page.told.iter().map(|words| words.key.as_str()).collect()
}

async fn sign_in(
    shell: &mut Shell,
    what: &str,
    wanted: impl Fn(&SignInScreen) -> bool,
) -> SignInScreen {
    shell
        .sees(what, |screen| match screen {
            Screen::SignIn(page) if wanted(page) => Some(page.clone()),
            _ => None,
        })
        .await
}

/// Waits until the page is refused in these words.
async fn refused(shell: &mut Shell, key: &str) -> SignInScreen {
    let is = |page: &SignInScreen| {
        let refusal = page.refusal.as_ref();
        refusal.is_some_and(|note| note.words.key == key)
    };
    sign_in(shell, key, is).await
}

/// Waits for the first page with a card of this stage, about which no one is asking just now.
async fn card(shell: &mut Shell, stage: &str) -> ApplicationCard {
    shell
        .sees(stage, |screen| match screen {
            Screen::Welcome(welcome) => {
                let mut cards = welcome.applications.iter();
                let card = cards.find(|card| card.stage.words.key == stage && !card.asking);
                card.cloned()
            }
            _ => None,
        })
        .await
}

fn comes_back(shell: &Shell, text: &str) {
    let text = text.to_owned();
    shell.app.send(Action::Link { text });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_signs_in_with_the_browser_and_has_the_license_and_a_second_link_changes_nothing()
{
    let (office, phone) = town(None).await;
    let mut shell = starts(&phone).await;
    let back = signs_in(&office, &mut shell).await;
    assert!(back.starts_with("vidimus:/signed-in?code="), "{back}");
    comes_back(&shell, &back);
    let Screen::License(license) = shell.license("license", is_healthy).await else {
        panic!("no license");
    };
    assert_eq!(license.card.holder.unwrap().number, NUMBER);
    assert!(shell.app.sign_in_address().is_none(), "it is good once");
    // The same once more is the same license, and one of no sign-in is refused in words.
    comes_back(&shell, &back);
    sign_in(&mut shell, "the sign-in", |page| page.working).await;
    shell.license("license", is_healthy).await;
    comes_back(&shell, "vidimus:/signed-in?code=1&state=2&iss=3");
    let page = refused(&mut shell, "refusal.sign_in_over").await;
    assert!(!page.may_cancel);
    shell.home().await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_dies_while_the_browser_is_open_goes_on_with_the_link_that_starts_it() {
    let (office, phone) = town(None).await;
    let mut shell = starts(&phone).await;
    let mut browser = opens(&office, &mut shell).await;
    shell.app.send(Action::Left);
    // The system ends the app, and the browser knows nothing of it.
    shell.app.close().await;
    let letter = office
        .authority()
        .make_letter(NUMBER, office.now())
        .unwrap();
    browser.set_up(NUMBER, &letter.code, office.now()).await;
    let back = browser.agree().await;
    let mut shell = phone.start();
    comes_back(&shell, &back);
    shell.app.send(Action::Seen { has_lock: true });
    shell.license("license", is_healthy).await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_dies_and_begins_anew_waits_on_or_is_given_up() {
    let (office, phone) = town(None).await;
    let mut shell = starts(&phone).await;
    opens(&office, &mut shell).await;
    shell.app.close().await;
    let mut shell = starts(&phone).await;
    card(&mut shell, "application.signing_in").await;
    shell.app.send(Action::SignIn);
    sign_in(&mut shell, "the sign-in", |page| page.may_cancel).await;
    shell.app.send(Action::CancelSignIn);
    shell
        .sees("no card", |screen| match screen {
            Screen::Welcome(welcome) => {
                (welcome.applications.is_empty() && welcome.may_sign_in).then_some(())
            }
            _ => None,
        })
        .await;
    let back = signs_in(&office, &mut shell).await;
    comes_back(&shell, &back);
    shell.license("license", is_healthy).await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_before_the_browser_comes_back_is_tried_again() {
    let (mut office, phone) = town(None).await;
    let mut shell = starts(&phone).await;
    let back = signs_in(&office, &mut shell).await;
    office.close().await;
    comes_back(&shell, &back);
    let page = refused(&mut shell, "sign_in.no_network").await;
    assert_eq!(keys(&page), ["sign_in.agreed"]);
    office.restart().await;
    shell.app.send(Action::SignIn);
    shell.license("license", is_healthy).await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_who_does_not_agree_is_told_and_links_of_others_change_nothing() {
    let (office, phone) = town(None).await;
    let mut shell = starts(&phone).await;
    let mut browser = opens(&office, &mut shell).await;
    comes_back(&shell, "vidimus:/signed-in?code=1&state=of+another&iss=3");
    let page = refused(&mut shell, "refusal.sign_in_other").await;
    assert!(
        page.until.is_some() && page.may_cancel,
        "it is waited for as before"
    );
    let letter = office
        .authority()
        .make_letter(NUMBER, office.now())
        .unwrap();
    browser.set_up(NUMBER, &letter.code, office.now()).await;
    comes_back(&shell, &browser.refuse().await);
    refused(&mut shell, "refusal.sign_in_denied").await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_waits_for_a_clerk_comes_by_itself() {
    let (office, phone) = town(Some(ReviewKind::Photo)).await;
    let mut shell = starts(&phone).await;
    let back = signs_in(&office, &mut shell).await;
    comes_back(&shell, &back);
    card(&mut shell, "application.waiting").await;
    // The app is ended, and begins anew.
    shell.app.close().await;
    let mut shell = starts(&phone).await;
    card(&mut shell, "application.waiting").await;
    let authority = office.authority();
    let waiting = authority.reviews_waiting(None, 9).unwrap();
    let accepted = authority.accept_review(waiting[0].id, "a clerk", None, office.now());
    accepted.unwrap();
    office.clock.advance(Duration::from_secs(301));
    shell.app.send(Action::Refresh);
    shell.license("license", is_healthy).await;
    shell.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_a_clerk_refuses_says_why_in_whose_words() {
    let (office, phone) = town(Some(ReviewKind::Photo)).await;
    let mut shell = starts(&phone).await;
    let back = signs_in(&office, &mut shell).await;
    comes_back(&shell, &back);
    card(&mut shell, "application.waiting").await;
    let authority = office.authority();
    let waiting = authority.reviews_waiting(None, 9).unwrap();
    let words = Some("The face is in the shade.");
    let reason = ReviewReason::PhotoUnclear;
    let refused = authority.refuse_review(waiting[0].id, reason, words, "a clerk", office.now());
    refused.unwrap();
    office.clock.advance(Duration::from_secs(301));
    shell.app.send(Action::Refresh);
    let refused = card(&mut shell, "application.refused").await;
    assert_eq!(refused.authority_says.as_deref(), words);
    let key = &refused.told[0].key;
    assert_eq!(key, "application.reason.photo_unclear.why");
    shell.app.send(Action::Dismiss {
        application: refused.id,
    });
    shell
        .sees("no card", |screen| match screen {
            Screen::Welcome(welcome) => welcome.applications.is_empty().then_some(()),
            _ => None,
        })
        .await;
    shell.app.close().await;
}
