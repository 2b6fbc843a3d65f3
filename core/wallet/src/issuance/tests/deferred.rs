//! Licenses that come later: when they are asked for, and how they end.

use super::sign_in::Scene;
use super::*;
use crate::refresh::{Change, Failure, Subject};
use crate::testing::Review;
use crate::{ApplicationState, Applied, ReviewReason};

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;

/// A phone whose driver has applied and waits for a clerk.
async fn waiting() -> (Scene, LicenseId) {
    let scene = Scene::new().await;
    scene.register.review(Review::Waits);
    let redirect = scene.sign_in().await;
    let Applied::Waiting(application) = scene.resume(&redirect).await.unwrap() else {
        unreachable!("the clerk has not decided")
    };
    assert!(matches!(
        application.state,
        ApplicationState::Waiting { .. }
    ));
    assert_eq!(scene.applications(), std::slice::from_ref(&application));
    // The status of other licenses, and the first trust list, are fetched before.
    scene.refresh(Refresh::Due).await;
    (scene, application.id)
}

#[tokio::test]
async fn a_license_that_waits_for_a_clerk_is_asked_for_by_refreshes_and_never_before_its_interval()
{
    let (mut scene, id) = waiting().await;
    let polls = |scene: &Scene| scene.register.polls();
    for what in [Refresh::Due, Refresh::Opened, Refresh::Now] {
        let report = scene.refresh(what).await;
        assert_eq!((report.failures.len(), polls(&scene)), (0, 0), "{what:?}");
    }
    assert_eq!(scene.refresh(Refresh::Due).await.next_in.as_secs(), 30);
    scene.advance(29);
    scene.refresh(Refresh::Now).await;
    assert_eq!(polls(&scene), 0);
    scene.advance(1);
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!((polls(&scene), report.changed.len()), (1, 0));
    assert_eq!(report.next_in.as_secs(), 30);
    scene.register.review(Review::None);
    scene.advance(30);
    scene.restart().await;
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    assert!(report.changed.contains(&Change::Received {
        license: id.clone()
    }));
    let held = scene.wallet.licenses().unwrap();
    assert_eq!(held[0].id, id);
    assert_eq!(held[0].status.state, LicenseStatus::Valid, "and its status");
    scene.has_one_license();
    assert_eq!(scene.register.polled_too_early(), 0);
    assert_eq!(scene.asked("/credential").len(), 2, "one is for the nonce");
}

#[tokio::test]
async fn it_outlives_expired_access_tokens_and_weeks_without_a_network() {
    let (mut scene, _) = waiting().await;
    for _ in 0..5 {
        scene.advance(6 * DAY);
        scene.restart().await;
        assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    }
    scene.register.review(Review::None);
    scene.advance(DAY);
    scene.refresh(Refresh::Due).await;
    scene.has_one_license();
}

#[tokio::test]
async fn a_license_that_a_clerk_refuses_ends_with_the_reason_and_can_be_applied_for_again() {
    let (mut scene, id) = waiting().await;
    assert_eq!(scene.apply().await.err(), Some(Error::ApplicationWaits));
    let reason = json!({ "code": "photo_unclear", "text": "Das Foto ist unscharf." });
    scene.register.review(Review::Refused(reason));
    scene.advance(30);
    let report = scene.refresh(Refresh::Due).await;
    assert!(report.changed.contains(&Change::ApplicationRefused {
        application: id.clone()
    }));
    assert_eq!(report.failures, []);
    let state = scene.applications().remove(0).state;
    let expected = ApplicationState::Refused {
        reason: ReviewReason::PhotoUnclear,
        words: Some("Das Foto ist unscharf.".to_owned()),
    };
    assert_eq!(state, expected);
    let asked = scene.asked("/deferred").len();
    scene.advance(DAY);
    let report = scene.refresh(Refresh::Now).await;
    assert_eq!(report.changed.len(), 1, "the trust list alone");
    assert_eq!(scene.asked("/deferred").len(), asked, "it is over");
    scene.register.review(Review::None);
    let redirect = scene.sign_in().await;
    scene.resume(&redirect).await.unwrap();
    scene.has_one_license();
}

#[tokio::test]
async fn a_refusal_at_once_is_told_with_its_reason() {
    let scene = Scene::new().await;
    scene
        .register
        .review(Review::Refused(json!({ "code": "papers_missing" })));
    let redirect = scene.sign_in().await;
    let Applied::Waiting(application) = scene.resume(&redirect).await.unwrap() else {
        unreachable!("it was refused")
    };
    let expected = ApplicationState::Refused {
        reason: ReviewReason::PapersMissing,
        words: None,
    };
    assert_eq!(application.state, expected);
}

#[tokio::test]
async fn an_application_that_the_driver_dismisses_is_asked_for_no_more() {
    let (mut scene, id) = waiting().await;
    scene.wallet.dismiss(&id).await.unwrap();
    scene.advance(DAY);
    scene.refresh(Refresh::Due).await;
    assert!(scene.asked("/deferred").is_empty());
    let vault = &scene.wallet.context().vault;
    assert!(vault.list::<crate::keys::HolderKey>().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_after_its_own_time_or_a_growing_pause() {
    let (mut scene, id) = waiting().await;
    scene.advance(30);
    scene.server.at("/deferred", Reply::new(503));
    let mut waited = 0;
    for _ in 0..4 {
        let report = scene.refresh(Refresh::Due).await;
        let subject = Subject::Application(id.clone());
        let error = Error::Server { status: 503 };
        assert_eq!(report.failures, [Failure { subject, error }]);
        let next = report.next_in.as_secs();
        assert!(next >= 30 && next >= waited, "{next} after {waited}");
        waited = next / 2;
        scene.advance(next - 1);
        assert_eq!(scene.refresh(Refresh::Due).await.failures, [], "not yet");
        scene.advance(1);
    }
    let busy = Reply::new(503).header("retry-after", "7200");
    scene.server.at("/deferred", busy);
    scene.refresh(Refresh::Now).await;
    scene.advance(7199);
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    let state = scene.applications().remove(0).state;
    let ApplicationState::Waiting { next } = state else {
        unreachable!("it waits")
    };
    assert!(
        next > scene.wallet.time().unwrap().now,
        "the driver sees when"
    );
}

#[tokio::test]
async fn a_transaction_that_the_issuer_does_not_know_is_begun_anew() {
    let (mut scene, _) = waiting().await;
    let unknown = Reply::error(400, "invalid_transaction_id");
    scene.server.in_turn("/deferred", [unknown]);
    scene.register.review(Review::None);
    scene.advance(30);
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    scene.has_one_license();
}

#[tokio::test]
async fn a_grant_that_the_issuer_has_ended_ends_the_application() {
    let (mut scene, _) = waiting().await;
    scene
        .server
        .at("/token", Reply::error(400, "invalid_grant"));
    scene.advance(DAY);
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    let state = scene.applications().remove(0).state;
    assert!(matches!(state, ApplicationState::Refused { .. }));
}

#[tokio::test]
async fn a_token_that_is_refused_for_a_while_does_not_end_the_application() {
    let (mut scene, _) = waiting().await;
    let refused = || Reply::new(401);
    scene
        .server
        .in_turn("/deferred", [refused(), refused(), refused()]);
    scene.register.review(Review::None);
    scene.advance(30);
    assert_eq!(scene.refresh(Refresh::Due).await.failures.len(), 1);
    scene.advance(DAY);
    scene.refresh(Refresh::Due).await;
    scene.advance(DAY);
    scene.refresh(Refresh::Due).await;
    scene.has_one_license();
}

#[tokio::test]
async fn the_license_of_an_offer_that_comes_later_is_fetched_by_a_refresh() {
    let mut scene = Scene::new().await;
    scene.register.review(Review::Waits);
    let offer = scene.register.authority.offer();
    let deferred = enroll(&scene.wallet, &offer).await.err();
    assert_eq!(deferred, Some(Error::IssuanceDeferred));
    assert_eq!(scene.applications().len(), 1);
    scene.advance(30);
    scene.restart().await;
    scene.register.review(Review::None);
    let report = scene.refresh(Refresh::Due).await;
    let id = scene.wallet.licenses().unwrap().remove(0).id;
    assert!(report.changed.contains(&Change::Received {
        license: id.clone()
    }));
    scene.has_one_license();
    assert_eq!(enroll(&scene.wallet, &offer).await, Ok(id));
}

#[tokio::test]
async fn a_renewal_that_comes_later_keeps_the_license_and_no_second_one_comes() {
    let mut scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene.resume(&redirect).await.unwrap();
    scene.register.review(Review::Waits);
    scene.advance(20 * DAY);
    for _ in 0..3 {
        let report = scene.refresh(Refresh::Opened).await;
        assert_eq!(report.failures, []);
        assert!(report.next_in.as_secs() <= 30);
        let held = scene.wallet.licenses().unwrap();
        assert!(held[0].status.state.may_drive());
        assert_eq!(scene.applications(), [], "it is no application");
        scene.refresh(Refresh::Now).await;
        scene.advance(30);
    }
    assert_eq!(scene.register.polled_too_early(), 0);
    assert_eq!(scene.register.polls(), 2);
    scene.register.review(Review::None);
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    assert_eq!(scene.wallet.licenses().unwrap().len(), 1);
    assert_eq!(scene.register.issuances().len(), 2);
    // One that is refused keeps the license, too.
    scene.register.review(Review::Waits);
    scene.advance(20 * DAY);
    scene.refresh(Refresh::Due).await;
    scene
        .register
        .review(Review::Refused(json!({ "code": "other" })));
    scene.advance(MINUTE);
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    assert_eq!(scene.wallet.licenses().unwrap().len(), 1);
    assert_eq!(scene.applications(), []);
}
