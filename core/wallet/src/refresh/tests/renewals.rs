//! Renewals that a status or a trust list calls for, the waiting credential beside the shown one,
//! and notifications to the issuer.

use vidimus_credential::sd_cwt::StatusRef;

use super::*;
use crate::testing::key;
use crate::vault::Table;

fn at(reply: Vec<u8>) -> Reply {
    Reply::new(200).body(reply)
}

/// From now on the issuer gives credentials with an index in `status/1`, signed at this time by its
/// present key.
fn serve_renewed(scene: &Scene, issued_at: u64) {
    let authority = scene.authority;
    scene.server.script(move |request| {
        (request.path == "/credential").then(|| {
            let status = StatusRef {
                idx: 5,
                uri: second_list(authority),
            };
            let holder = proven_key(request);
            let signer = &authority.credential;
            credential_reply(&authority.license_in(status, signer, &holder, issued_at))
        })
    });
}

fn second_list(authority: &Authority) -> String {
    format!("{}/status/1", authority.issuer)
}

/// A license whose status called for a newer credential an hour after it was issued.
async fn called_for(state: u8) -> Scene {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    serve_renewed(&scene, NOW + HOUR);
    let called = at(scene.authority.status(state, NOW + HOUR));
    scene.server.at("/status/0", called);
    scene
}

fn serve_second_status(scene: &Scene, issued_at: u64) {
    let authority = scene.authority;
    let status = authority.status_of(&second_list(authority), 0, issued_at);
    scene.server.at("/status/1", at(status));
}

fn issued_at(wallet: &Wallet) -> Option<u64> {
    let held = wallet.licenses().unwrap();
    held[0].issued_at.map(|time| time.seconds())
}

#[tokio::test]
async fn a_status_that_calls_for_a_newer_credential_has_it_fetched_and_shown_in_that_refresh() {
    for (value, state) in [
        (0x0f, LicenseStatus::UpdateWaiting),
        (0x0e, LicenseStatus::Superseded),
    ] {
        let scene = called_for(value).await;
        serve_second_status(&scene, NOW + HOUR);
        let report = scene.refresh(Refresh::Due).await;
        assert_eq!(report.failures, []);
        let status = |from, to| Change::Status {
            license: scene.license.clone(),
            from,
            to,
        };
        assert_eq!(
            report.changed,
            [
                status(LicenseStatus::Valid, state),
                Change::Renewed {
                    license: scene.license.clone()
                },
                status(state, LicenseStatus::Valid),
            ]
        );
        assert_eq!(issued_at(&scene.wallet), Some(NOW + HOUR));
        assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW + HOUR)));
        let logged = scene.wallet.activity(3).unwrap().entries;
        assert!(logged[1].event == Event::Renewed);
        // The old list is asked for no more, and the license is not renewed again.
        let (old, spent) = (scene.server.requests_to("/status/0").len(), 1);
        scene.phone.advance(HOUR);
        assert_eq!(scene.refresh(Refresh::Now).await.failures, []);
        assert_eq!(scene.server.requests_to("/status/0").len(), old);
        assert_eq!(scene.refresh_tokens_spent().len(), spent);
    }
}

#[tokio::test]
async fn the_old_credential_is_shown_until_a_status_of_the_new_one_is_held() {
    let scene = called_for(0x0f).await;
    scene.server.at("/status/1", Reply::new(503));
    let report = scene.refresh(Refresh::Due).await;
    let error = Error::Server { status: 503 };
    assert_eq!(report.failures, scene.status_failure(error));
    let waiting = (LicenseStatus::UpdateWaiting, Some(NOW + HOUR));
    assert_eq!(
        (issued_at(&scene.wallet), scene.status()),
        (Some(NOW), waiting)
    );
    let mut presentation = scene.wallet.present(&scene.license).unwrap();
    let before = presentation.frame(scene.wallet.reading()).await.unwrap();
    assert_eq!(before.status.state, LicenseStatus::UpdateWaiting);

    // A status that is older than the new credential does not apply to it, and the wallet may crash
    // in between.
    serve_second_status(&scene, NOW + HOUR - 1);
    scene.phone.advance(60);
    scene.refresh(Refresh::Now).await;
    let again = scene.phone.open().await;
    assert_eq!(issued_at(&again), Some(NOW));
    drop(again);

    scene.phone.advance(60);
    serve_second_status(&scene, NOW + HOUR + 60);
    let report = scene.refresh(Refresh::Due).await;
    assert!(report.changed.contains(&Change::Renewed {
        license: scene.license.clone()
    }));
    assert_eq!(issued_at(&scene.wallet), Some(NOW + HOUR));
    assert_eq!(scene.refresh_tokens_spent().len(), 1, "it was renewed once");
    // The screen follows, with the new credential's status.
    let after = presentation.frame(scene.wallet.reading()).await.unwrap();
    assert_eq!(after.status.state, LicenseStatus::Valid);
    assert_eq!(after.status.as_of, Some(time(NOW + HOUR + 60)));
    presentation.end().await.unwrap();
}

#[tokio::test]
async fn an_old_credential_that_is_of_no_use_is_replaced_at_once() {
    // Superseded: every officer refuses it.
    let scene = called_for(0x0e).await;
    scene.server.at("/status/1", Reply::new(503));
    scene.refresh(Refresh::Due).await;
    assert_eq!(issued_at(&scene.wallet), Some(NOW + HOUR));
    assert_eq!(scene.status(), (LicenseStatus::Unknown, None));

    // The credential expires without any refresh.
    let scene = called_for(0x0f).await;
    scene.server.at("/status/1", Reply::new(503));
    scene.refresh(Refresh::Due).await;
    assert_eq!(issued_at(&scene.wallet), Some(NOW));
    scene.phone.advance(30 * DAY);
    assert_eq!(issued_at(&scene.wallet), Some(NOW + HOUR));
    let mut presentation = scene.wallet.present(&scene.license).unwrap();
    let frame = presentation.frame(scene.wallet.reading()).await.unwrap();
    assert!(frame.expires_at > time(NOW + 30 * DAY));
}

#[tokio::test]
async fn a_call_for_a_newer_credential_is_heard_also_where_a_renewal_was_refused_before() {
    let scene = at_two_thirds().await;
    scene
        .server
        .at("/token", Reply::error(400, "credential_request_denied"));
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.refresh_tokens_spent().len(), 1);
    let later = NOW + 20 * DAY + HOUR;
    scene.phone.advance(HOUR);
    let called = at(scene.authority.status(0x0f, later));
    scene.server.at("/status/0", called);
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.refresh_tokens_spent().len(), 2);
    // But the same call is not made a second time within a day.
    scene.phone.advance(HOUR);
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.refresh_tokens_spent().len(), 2);
}

/// A license whose key was removed from the list an hour ago, and an issuer that signs with another
/// key.
async fn key_withdrawn() -> Scene {
    let scene = Scene::new().await;
    scene.phone.advance(DAY);
    let authority: &'static Authority = Box::leak(Box::new(Authority {
        credential: key("credential, second"),
        ..Authority::at(&scene.server)
    }));
    let trust = at(authority.trust_list(NOW + DAY));
    scene.server.at("/trust", trust);
    let status = at(authority.status(0, NOW + DAY));
    scene.server.at("/status/0", status);
    scene.server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), NOW + DAY)))
    });
    scene
}

#[tokio::test]
async fn a_license_whose_key_was_withdrawn_is_renewed_at_random_within_a_day() {
    let mut turns = BTreeSet::new();
    for _ in 0..3 {
        let scene = key_withdrawn().await;
        let report = scene.refresh(Refresh::Due).await;
        assert_eq!(report.failures, []);
        assert!(scene.refresh_tokens_spent().is_empty(), "not all at once");
        let mut waited = 0;
        while scene.refresh_tokens_spent().is_empty() {
            let next = scene.refresh(Refresh::Due).await.next_in.as_secs();
            scene.phone.advance(next);
            waited += next;
        }
        assert!(waited <= DAY, "{waited}");
        assert_eq!(issued_at(&scene.wallet), Some(NOW + DAY));
        turns.insert(waited);
    }
    assert!(turns.len() > 1, "each wallet draws its own: {turns:?}");
}

#[tokio::test]
async fn a_license_whose_key_was_withdrawn_is_renewed_at_once_when_its_driver_opens_the_app() {
    for what in [Refresh::Opened, Refresh::Now] {
        let scene = key_withdrawn().await;
        let report = scene.refresh(what).await;
        assert_eq!(report.failures, []);
        assert_eq!(issued_at(&scene.wallet), Some(NOW + DAY));
        assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW + DAY)));
        scene.refresh(what).await;
        assert_eq!(scene.refresh_tokens_spent().len(), 1);
    }
    // An issuer that has refused is not asked again all the same.
    let scene = key_withdrawn().await;
    scene
        .server
        .at("/token", Reply::error(400, "credential_request_denied"));
    for _ in 0..2 {
        scene.phone.advance(HOUR);
        scene.refresh(Refresh::Opened).await;
    }
    assert_eq!(scene.refresh_tokens_spent().len(), 1);
}

fn told(server: &Server) -> Vec<String> {
    let requests = server.requests_to("/notification").into_iter();
    let token =
        |request: crate::testing::Request| request.header("authorization").map(str::to_owned);
    requests.filter_map(token).collect()
}

/// An issuer that answers the first notifications with these replies, and a phone that has just
/// enrolled.
async fn enrolled_with(replies: Vec<Reply>) -> Scene {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    server.in_turn("/notification", replies);
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    let license = wallet.enroll(&offer, Some("123456"), &cancel).await;
    Scene {
        phone,
        server,
        authority,
        wallet,
        license: license.unwrap(),
    }
}

#[tokio::test]
async fn an_acknowledgement_that_was_lost_is_said_again_until_the_issuer_answers() {
    let scene = enrolled_with(vec![Reply::new(200).body("lost").cut(0), Reply::new(503)]).await;
    assert_eq!(told(&scene.server).len(), 1);
    let next = scene.refresh(Refresh::Due).await.next_in;
    assert!(next <= Duration::from_secs(30), "{next:?}");
    for expected in [2, 3, 3] {
        scene.phone.advance(60);
        scene.refresh(Refresh::Due).await;
        assert_eq!(told(&scene.server).len(), expected);
    }
    assert_eq!(told(&scene.server), ["Bearer access-code-1"; 3]);
}

#[tokio::test]
async fn an_acknowledgement_whose_token_is_over_is_said_with_a_fresh_one() {
    let scene = enrolled_with(vec![Reply::new(503)]).await;
    scene.phone.advance(600);
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    assert_eq!(
        told(&scene.server),
        ["Bearer access-code-1", "Bearer access-refresh-code-1"]
    );
    // The token that was fetched for it is not lost: a renewal continues with its refresh token.
    scene.phone.advance(20 * DAY);
    let now = NOW + 20 * DAY + 600;
    let (trust, status) = (
        scene.authority.trust_list(now),
        scene.authority.status(0, now),
    );
    scene.server.at("/trust", at(trust));
    scene.server.at("/status/0", at(status));
    serve_renewed(&scene, now);
    serve_second_status(&scene, now);
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    assert_eq!(issued_at(&scene.wallet), Some(now));
}

/// Until an authority is notified of the last credential, it may issue that one again.
#[tokio::test]
async fn what_an_issuer_has_not_heard_is_said_before_a_renewal_is_asked_for() {
    let scene = enrolled_with(vec![Reply::new(503), Reply::new(503)]).await;
    scene.refresh(Refresh::Now).await;
    let authority = scene.authority;
    scene.phone.advance(1);
    serve_renewed(&scene, NOW + 1);
    serve_second_status(&scene, NOW + 1);
    let called = at(authority.status(0x0f, NOW + 1));
    scene.server.at("/status/0", called);
    let before = scene.server.requests().len();
    assert_eq!(scene.refresh(Refresh::Now).await.failures, []);
    let asked = scene.server.requests().split_off(before);
    let place = |path: &str| {
        asked
            .iter()
            .position(|request| request.path == path)
            .unwrap()
    };
    assert!(place("/notification") < place("/credential"));
    assert_eq!(told(&scene.server).len(), 4);
    assert_eq!(issued_at(&scene.wallet), Some(NOW + 1));
}

#[tokio::test]
async fn an_issuer_that_does_not_want_to_hear_it_is_told_no_more() {
    for reply in [
        Reply::error(400, "invalid_notification_id"),
        Reply::new(404),
    ] {
        let scene = enrolled_with(vec![reply]).await;
        scene.phone.advance(600);
        scene.refresh(Refresh::Now).await;
        assert_eq!(told(&scene.server).len(), 1);
        assert!(scene.refresh_tokens_spent().is_empty());
    }
}

#[tokio::test]
async fn an_issuer_that_is_silent_to_a_notification_does_not_hold_up_the_license() {
    let started = std::time::Instant::now();
    let silent = Reply::new(204).delay(Duration::from_secs(60));
    let scene = enrolled_with(vec![silent]).await;
    assert!(started.elapsed() < Duration::from_secs(10), "{started:?}");
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW)));
    assert_eq!(scene.wallet.licenses().unwrap().len(), 1);
}

/// The driver removes a license while its renewal waits for any answer of the server.
#[tokio::test]
async fn a_license_that_is_removed_while_it_is_renewed_does_not_come_back() {
    for waits_for in ["/token", "/nonce", "/credential"] {
        let scene = at_two_thirds().await;
        let now = NOW + 20 * DAY;
        let authority = scene.authority;
        scene.server.script(move |request| {
            let reply = match request.path.as_str() {
                path if path != waits_for => return None,
                "/token" => Reply::json(
                    200,
                    &json!({ "access_token": "a", "token_type": "Bearer", "refresh_token": "r" }),
                ),
                "/nonce" => Reply::json(200, &json!({ "c_nonce": "nonce-1" })),
                _ => credential_reply(&authority.license(&proven_key(request), now)),
            };
            Some(reply.delay(Duration::from_millis(300)))
        });
        let before = scene.server.requests_to(waits_for).len();
        let removed = async {
            while scene.server.requests_to(waits_for).len() == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            scene.wallet.remove(&scene.license).await.unwrap();
        };
        tokio::join!(scene.refresh(Refresh::Due), removed);
        assert!(
            scene.wallet.licenses().unwrap().is_empty(),
            "waits for {waits_for}"
        );
        let left = scene.wallet.context().vault.read(|view| {
            Ok([Table::Enrollment, Table::HolderKey, Table::NextLicense]
                .map(|table| view.ids(table).len()))
        });
        assert_eq!(left.unwrap(), [0; 3], "waits for {waits_for}");
    }
}

/// Another process holds the vault while the new tokens would be written. An issuer that accepts
/// each refresh token once would void all of them if the old one came again.
#[tokio::test(flavor = "multi_thread")]
async fn new_tokens_of_a_renewal_that_cannot_be_written_are_used_from_memory() {
    let scene = at_two_thirds().await;
    let other = scene.phone.open().await;
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(Some(wait));
    scene.server.script(move |request| {
        let wait = (request.path == "/token").then(|| wait.lock().unwrap().take())??;
        let (held, is_held) = std::sync::mpsc::channel();
        let other = other.clone();
        let runtime = tokio::runtime::Handle::current();
        std::thread::spawn(move || {
            let holds = move |_: &mut crate::vault::Tx<'_>| {
                held.send(()).unwrap();
                // Until the test sends, or has ended.
                let _ = wait.recv();
                Ok(())
            };
            let weight = crate::vault::Weight::Light;
            runtime.block_on(other.context().vault.write(weight, holds))
        });
        is_held.recv().unwrap();
        None
    });
    let refresh = async || {
        let (budget, cancel) = (Duration::from_secs(30), CancelToken::new());
        scene.wallet.refresh(Refresh::Due, budget, &cancel).await
    };
    let _ = refresh().await;
    assert_eq!(scene.refresh_tokens_spent().len(), 1);
    release.send(()).unwrap();
    scene.phone.advance(60);
    assert_eq!(refresh().await.unwrap().failures, []);
    assert_eq!(scene.refresh_tokens_spent().len(), 1, "no token twice");
    let held = scene.wallet.licenses().unwrap();
    assert_eq!(held[0].expires, Some(time(NOW + 50 * DAY)));
}
