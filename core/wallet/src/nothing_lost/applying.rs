//! A sign-in, a license that comes later, and a renewal that does, cut at each byte and killed at
//! each step.

use super::*;
use crate::refresh::Change;
use crate::testing::{Browser, Review};
use crate::{ApplicationState, Applied, SignInClient};

/// Seconds that the register asks a wallet to wait.
const INTERVAL: u64 = 30;

/// Every `NEAR`th byte of an answer is cut at.
const NEAR: usize = 32;

/// A phone at an authority where drivers sign in.
async fn with_accounts(hardware: Option<Algorithm>) -> Handset {
    let handset = Handset::new(hardware).await;
    handset.register.open_accounts();
    handset
}

async fn apply(wallet: &Wallet, register: &Register) -> Result<String, Error> {
    let client = SignInClient {
        client_id: "vidimus-test".to_owned(),
        redirect_uri: "https://app.example/signed-in".to_owned(),
        languages: Vec::new(),
    };
    let sign_in = wallet.apply(&client, &CancelToken::new()).await?;
    let back = register.browser(&sign_in.url, Browser::Agrees);
    Ok(back.expect("the address is good once"))
}

async fn resume(wallet: &Wallet, redirect: &str) -> Result<Applied, Error> {
    wallet.resume(redirect, &CancelToken::new()).await
}

/// Refreshes until no application waits.
async fn goes_on(wallet: &Wallet, what: &str) {
    for _ in 0..3 {
        let report = wallet
            .refresh(Refresh::Now, BUDGET, &CancelToken::new())
            .await;
        report.unwrap_or_else(|error| panic!("{what}: {error}"));
        if wallet.applications().unwrap().is_empty() {
            return;
        }
    }
    panic!("{what}: {:?}", wallet.applications().unwrap());
}

/// A driver who asks at once after a failure.
async fn refresh_again(wallet: &Wallet) {
    let cancel = CancelToken::new();
    let report = wallet.refresh(Refresh::Now, BUDGET, &cancel).await;
    report.unwrap();
}

/// The end of a sign-in that was cut short or whose process died: by the address of the browser
/// again, or by a refresh alone where its code was sealed.
async fn ends_well(
    handset: &Handset,
    wallet: &Wallet,
    redirect: &str,
    by_refresh: bool,
    what: &str,
) {
    let sealed = wallet
        .applications()
        .unwrap()
        .iter()
        .any(|application| matches!(application.state, ApplicationState::Waiting { .. }));
    if by_refresh && sealed {
        goes_on(wallet, what).await;
    }
    let applied = resume(wallet, redirect).await;
    let Ok(Applied::Received(id)) = applied else {
        panic!("{what}: {applied:?}")
    };
    check(wallet, &handset.register, &id, 1, what).await;
    assert!(wallet.applications().unwrap().is_empty(), "{what}");
}

/// Fewer cuts than an offer's: the bytes of each answer lead to the same end.
fn some_cuts(went: &[Went]) -> Vec<(usize, Cut)> {
    let mut cuts = Vec::new();
    for (index, went) in went.iter().enumerate() {
        cuts.extend([Cut::Request, Cut::Answer].map(|cut| (index, cut)));
        let bytes = (0..went.body).step_by(NEAR);
        cuts.extend(bytes.map(|at| (index, Cut::Body(at))));
    }
    cuts
}

#[tokio::test]
async fn a_sign_in_that_is_cut_at_any_request_ends_with_one_license() {
    let template = with_accounts(None).await;
    let (wallet, _) = template.open(None).await;
    let redirect = apply(&wallet, &template.register).await.unwrap();
    drop(wallet);
    let whole = template.fork();
    let (wallet, line) = whole.open(None).await;
    resume(&wallet, &redirect).await.unwrap();
    let cuts = some_cuts(&line.went());
    assert!(cuts.len() > 60, "{}", cuts.len());
    for (number, cut) in cuts.into_iter().enumerate() {
        let what = format!("resume, cut {cut:?}");
        let handset = template.fork();
        let (mut wallet, line) = handset.open(Some(cut)).await;
        let _ = resume(&wallet, &redirect).await;
        if number % 2 == 0 {
            drop(wallet);
            (wallet, _) = handset.open(None).await;
        }
        drop(line);
        ends_well(&handset, &wallet, &redirect, number % 3 != 0, &what).await;
    }
}

#[tokio::test]
async fn a_sign_in_whose_begin_is_cut_or_killed_is_begun_again() {
    let template = with_accounts(None).await;
    let whole = template.fork();
    let (wallet, line) = whole.open(None).await;
    apply(&wallet, &whole.register).await.unwrap();
    for cut in some_cuts(&line.went()) {
        let what = format!("apply, cut {cut:?}");
        let handset = template.fork();
        let (wallet, _) = handset.open(Some(cut)).await;
        let _ = apply(&wallet, &handset.register).await;
        let redirect = apply(&wallet, &handset.register).await.unwrap();
        ends_well(&handset, &wallet, &redirect, false, &what).await;
    }
    let mut killed = 0;
    loop {
        let what = format!("apply, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let lived = lives(&life, apply(&wallet, &handset.register)).await;
        drop(wallet);
        let (wallet, _) = handset.open(None).await;
        let redirect = apply(&wallet, &handset.register).await.unwrap();
        ends_well(&handset, &wallet, &redirect, false, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 10, "{killed}");
}

#[tokio::test]
async fn a_sign_in_whose_phone_is_killed_at_any_step_ends_with_one_license() {
    for hardware in [None, Some(Algorithm::Esp256)] {
        let template = with_accounts(hardware).await;
        let (wallet, _) = template.open(None).await;
        // The process may die while the driver signs in: the pending record is sealed by then.
        let redirect = apply(&wallet, &template.register).await.unwrap();
        drop(wallet);
        for by_refresh in [false, true] {
            let mut killed = 0;
            loop {
                let what = format!("resume, {hardware:?}, {by_refresh}, killed at {killed}");
                let (handset, life) = (template.fork(), Life::of(killed));
                let wallet = handset.open_for(&life).await;
                let lived = lives(&life, resume(&wallet, &redirect)).await;
                drop(wallet);
                let (wallet, _) = handset.open(None).await;
                ends_well(&handset, &wallet, &redirect, by_refresh, &what).await;
                if lived {
                    break;
                }
                killed += 1;
            }
            assert!(killed > 40, "{killed}");
        }
    }
}

/// A phone whose license waits for a clerk.
async fn waiting() -> (Handset, LicenseId) {
    let handset = with_accounts(None).await;
    handset.register.review(Review::Waits);
    let (wallet, _) = handset.open(None).await;
    let redirect = apply(&wallet, &handset.register).await.unwrap();
    let applied = resume(&wallet, &redirect).await.unwrap();
    let Applied::Waiting(application) = applied else {
        panic!("{applied:?}")
    };
    drop(wallet);
    (handset, application.id)
}

#[tokio::test]
async fn a_first_answer_that_the_license_comes_later_may_be_lost_at_any_step() {
    let template = with_accounts(None).await;
    template.register.review(Review::Waits);
    let (wallet, _) = template.open(None).await;
    let redirect = apply(&wallet, &template.register).await.unwrap();
    drop(wallet);
    let mut killed = 0;
    loop {
        let what = format!("deferred, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let lived = lives(&life, resume(&wallet, &redirect)).await;
        drop(wallet);
        let handset = handset.later(INTERVAL);
        handset.register.review(Review::None);
        let (wallet, _) = handset.open(None).await;
        ends_well(&handset, &wallet, &redirect, true, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 40, "{killed}");
}

#[tokio::test]
async fn a_license_that_comes_later_may_be_cut_at_any_request_and_is_one() {
    let (template, id) = waiting().await;
    template.register.review(Review::None);
    // By the refresh token, whose access token has ended.
    let template = template.later(DAY);
    let whole = template.fork();
    let (wallet, line) = whole.open(None).await;
    refresh(&wallet, Refresh::Due).await;
    let cuts = some_cuts(&line.went());
    assert!(cuts.len() > 50, "{}", cuts.len());
    for cut in cuts {
        let what = format!("poll, cut {cut:?}");
        let handset = template.fork();
        let (wallet, _) = handset.open(Some(cut)).await;
        let cancel = CancelToken::new();
        let cut_short = wallet.refresh(Refresh::Due, BUDGET, &cancel).await;
        cut_short.unwrap();
        refresh_again(&wallet).await;
        drop(wallet);
        let handset = handset.later(INTERVAL);
        let (wallet, _) = handset.open(None).await;
        goes_on(&wallet, &what).await;
        check(&wallet, &handset.register, &id, 1, &what).await;
        assert_eq!(handset.register.polled_too_early(), 0, "{what}");
    }
}

#[tokio::test]
async fn a_license_that_comes_later_to_a_phone_that_is_killed_at_any_step_is_one() {
    let (template, id) = waiting().await;
    template.register.review(Review::None);
    let template = template.later(DAY);
    let mut killed = 0;
    loop {
        let what = format!("poll, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let cancel = CancelToken::new();
        let dying = wallet.refresh(Refresh::Due, BUDGET, &cancel);
        let lived = lives(&life, dying).await;
        drop(wallet);
        let (wallet, _) = handset.open(None).await;
        goes_on(&wallet, &what).await;
        check(&wallet, &handset.register, &id, 1, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 30, "{killed}");
}

#[tokio::test]
async fn a_refusal_is_kept_wherever_the_phone_is_killed() {
    let (template, id) = waiting().await;
    let reason = serde_json::json!({ "code": "photo_unclear" });
    template.register.review(Review::Refused(reason));
    let template = template.later(INTERVAL);
    let mut killed = 0;
    loop {
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let cancel = CancelToken::new();
        let dying = wallet.refresh(Refresh::Due, BUDGET, &cancel);
        let lived = lives(&life, dying).await;
        drop(wallet);
        let handset = handset.later(INTERVAL);
        let (wallet, _) = handset.open(None).await;
        let again = wallet.refresh(Refresh::Now, BUDGET, &cancel).await.unwrap();
        let state = wallet.applications().unwrap().remove(0).state;
        assert!(matches!(state, ApplicationState::Refused { .. }));
        let told = Change::ApplicationRefused {
            application: id.clone(),
        };
        assert!(!lived || !again.changed.contains(&told), "told once");
        if lived {
            break;
        }
        killed += 1;
    }
}

#[tokio::test]
async fn a_renewal_that_comes_later_may_be_killed_at_any_step() {
    let handset = with_accounts(None).await;
    let (wallet, _) = handset.open(None).await;
    let redirect = apply(&wallet, &handset.register).await.unwrap();
    let applied = resume(&wallet, &redirect).await.unwrap();
    let Applied::Received(id) = applied else {
        panic!("{applied:?}")
    };
    drop(wallet);
    let handset = handset.later(20 * DAY);
    handset.register.review(Review::Waits);
    let (wallet, _) = handset.open(None).await;
    refresh(&wallet, Refresh::Due).await;
    drop(wallet);
    let template = handset.later(INTERVAL);
    template.register.review(Review::None);
    let mut killed = 0;
    loop {
        let what = format!("renewal that waited, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let cancel = CancelToken::new();
        let dying = wallet.refresh(Refresh::Due, BUDGET, &cancel);
        let lived = lives(&life, dying).await;
        drop(wallet);
        let (wallet, _) = handset.open(None).await;
        check(&wallet, &handset.register, &id, 2, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 30, "{killed}");
}

/// The key is sealed before the code is first sent: a later key would void it.
#[tokio::test]
async fn an_offer_whose_tokens_are_bound_to_a_key_survives_a_death_at_any_step() {
    let template = Handset::new(None).await;
    template.register.use_dpop();
    let mut killed = 0;
    loop {
        let what = format!("an offer with DPoP, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let lived = lives(
            &life,
            enroll(&wallet, &handset.register, Offered::Reference),
        )
        .await;
        drop(wallet);
        let (wallet, _) = handset.open(None).await;
        let id = enroll(&wallet, &handset.register, Offered::Reference).await;
        let id = id.unwrap_or_else(|error| panic!("{what}: {error}"));
        check(&wallet, &handset.register, &id, 1, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 40, "{killed}");
}
