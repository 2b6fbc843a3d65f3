//! A driver opens the app or shows a license: the status is asked for, though it is not due.

use super::*;

const MINUTE: u64 = 60;

#[tokio::test]
async fn a_driver_who_looks_at_the_license_sees_a_suspension_before_the_status_is_due() {
    let scene = Scene::new().await;
    scene.phone.advance(MINUTE);
    let suspended = scene.authority.status(2, NOW + MINUTE);
    scene
        .server
        .at("/status/0", Reply::new(200).body(suspended));
    assert_eq!(scene.refresh(Refresh::Due).await.requests, 0);
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW)));

    let report = scene.refresh(Refresh::Opened).await;
    assert_eq!(report.requests, 1, "the status alone");
    assert_eq!(
        scene.status(),
        (LicenseStatus::Suspended, Some(NOW + MINUTE))
    );
}

#[tokio::test]
async fn a_driver_who_looks_again_within_a_minute_asks_nobody() {
    let scene = Scene::new().await;
    for (seconds, requests) in [(59, 0), (1, 1), (0, 0), (59, 0), (1, 1)] {
        scene.phone.advance(seconds);
        let report = scene.refresh(Refresh::Opened).await;
        assert_eq!(report.requests, requests, "after {seconds} s more");
    }
}

#[tokio::test]
async fn a_driver_who_looks_during_the_pause_after_a_failure_asks_nobody() {
    let scene = Scene::new().await;
    scene.phone.advance(MINUTE);
    scene.server.at("/status/0", Reply::new(500));
    assert_eq!(scene.refresh(Refresh::Opened).await.failures.len(), 1);
    assert_eq!(scene.refresh(Refresh::Opened).await.requests, 0);
}
