//! Answers of a broken or hostile network: each has its error, and the old status stays.

use super::*;

#[tokio::test]
async fn older_status_token_or_trust_list_served_again() {
    let scene = Scene::new().await;
    scene.phone.advance(DAY);
    let older = scene.authority.status(1, NOW - 60);
    scene.server.at("/status/0", Reply::new(200).body(older));
    scene.server.at(
        "/trust",
        Reply::new(200).body(scene.authority.trust_list(NOW - 60)),
    );
    let held = scene.wallet.trust_list().unwrap();
    let report = scene.refresh(Refresh::Due).await;
    let older = Error::Credential(CredentialError::OlderThanHeld);
    let mut expected = vec![Failure {
        subject: Subject::TrustList,
        error: older,
    }];
    expected.extend(scene.status_failure(older));
    assert_eq!(report.failures, expected);
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW)));
    assert_eq!(scene.wallet.trust_list().unwrap(), held);
}

/// Serves this reply as the status. The old status must keep its real age, and the wallet must back
/// off.
async fn fails_by_name(scene: &Scene, reply: Reply, expected: Error) {
    scene.phone.advance(HOUR);
    scene.server.at("/status/0", reply);
    let budget = Duration::from_millis(400);
    let started = std::time::Instant::now();
    let report = scene
        .wallet
        .refresh(Refresh::Now, budget, &CancelToken::new())
        .await
        .unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "within the time budget"
    );
    assert_eq!(report.failures, scene.status_failure(expected));
    assert_eq!(
        scene.status(),
        (LicenseStatus::Valid, Some(NOW)),
        "nothing stored, nothing forgotten"
    );
    assert!(
        (1..=30).contains(&report.next_in.as_secs()),
        "{:?}",
        report.next_in
    );
    assert_eq!(
        scene.refresh(Refresh::Due).await.requests,
        0,
        "it backs off"
    );
    // The next case begins without a pause.
    scene.server.at(
        "/status/0",
        Reply::new(200).body(scene.authority.status(0, NOW)),
    );
    assert_eq!(scene.refresh(Refresh::Now).await.failures, []);
}

#[tokio::test]
async fn body_over_the_limit() {
    let scene = Scene::new().await;
    let large = Reply::new(200).body(vec![0xd2; 200_000]);
    fails_by_name(
        &scene,
        large,
        Error::Transport(TransportError::TooLarge { at_most: 98_304 }),
    )
    .await;
}

#[tokio::test]
async fn slow_drip() {
    let scene = Scene::new().await;
    let token = scene.authority.status(0, NOW + 1);
    let drip = Reply::new(200).body(token).drip(Duration::from_millis(50));
    fails_by_name(&scene, drip, Error::Transport(TransportError::Timeout)).await;
}

#[tokio::test]
async fn redirect_loop() {
    let scene = Scene::new().await;
    let looped = Reply::new(302).header("location", "/status/0");
    fails_by_name(
        &scene,
        looped,
        Error::Transport(TransportError::TooManyRedirects),
    )
    .await;
}

#[tokio::test]
async fn http_instead_of_https() {
    let scene = Scene::new().await;
    let down = Reply::new(302).header("location", "http://authority.example/status/0");
    fails_by_name(&scene, down, Error::Transport(TransportError::BadRedirect)).await;
    let up = Reply::new(301).header("location", "https://authority.example/status/0");
    let named = Error::Transport(TransportError::RedirectToHttps);
    fails_by_name(&scene, up, named).await;
}

#[tokio::test]
async fn an_answer_that_is_compressed_unasked_has_its_own_error() {
    for codings in [
        &["gzip"][..],
        &["br"],
        &["identity, gzip"],
        &["identity", "gzip"],
    ] {
        let scene = Scene::new().await;
        let packed = Reply::new(200).body(b"\x1f\x8b\x08 a suspension".to_vec());
        let packed = codings.iter().fold(packed, |reply, coding| {
            reply.header("content-encoding", coding)
        });
        fails_by_name(&scene, packed, Error::Transport(TransportError::Encoded)).await;
        let requests = scene.server.requests();
        assert!(
            requests
                .iter()
                .all(|request| request.header("accept-encoding") == Some("identity"))
        );
    }
}

#[tokio::test]
async fn server_errors_5xx() {
    let scene = Scene::new().await;
    fails_by_name(&scene, Reply::new(502), Error::Server { status: 502 }).await;
}

#[tokio::test]
async fn captive_portal_html() {
    let scene = Scene::new().await;
    let page = Reply::new(200)
        .header("content-type", "text/html")
        .body("<html>Please sign in");
    fails_by_name(&scene, page, Error::CaptivePortal).await;
}

#[tokio::test]
async fn truncated_cbor() {
    let scene = Scene::new().await;
    let mut token = scene.authority.status(0, NOW + 1);
    token.truncate(100);
    let truncated = Reply::new(200).body(token);
    fails_by_name(
        &scene,
        truncated,
        Error::StatusUnusable(CredentialError::Cbor),
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_breaks_off() {
    let scene = Scene::new().await;
    let broken = Reply::new(200)
        .body(scene.authority.status(0, NOW + 1))
        .cut(50);
    fails_by_name(&scene, broken, Error::Transport(TransportError::Broken)).await;
}

#[tokio::test]
async fn not_modified_304_without_a_stored_copy() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    server.at("/status/0", Reply::new(304));
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let license = wallet
        .enroll(&offer, Some("123456"), &CancelToken::new())
        .await
        .unwrap();
    let report = wallet
        .refresh(Refresh::Now, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    let error = Error::NotModifiedWithoutCopy;
    assert_eq!(
        report.failures,
        [Failure {
            subject: Subject::Status(license),
            error
        }]
    );
    assert_eq!(
        wallet.licenses().unwrap()[0].status.state,
        LicenseStatus::Unknown
    );
}

#[tokio::test]
async fn a_credentials_uri_answers_with_another_list() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let other = authority.status_of(&format!("{}/status/1", authority.issuer), 0, NOW);
    server.at("/status/0", Reply::new(200).body(other));
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let license = wallet
        .enroll(&offer, Some("123456"), &CancelToken::new())
        .await
        .unwrap();
    phone.advance(60);
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    let error = Error::StatusUnusable(CredentialError::OtherList);
    assert_eq!(
        report.failures,
        [Failure {
            subject: Subject::Status(license),
            error
        }]
    );
    let held = wallet.licenses().unwrap();
    assert!(held[0].license.is_some(), "the license is kept");
    assert_eq!(held[0].status.state, LicenseStatus::Unknown);
}
