//! Clocks that are wrong by more than a day: the authority's, the phone's, and that of an attacker
//! who replays an old list.

use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::trust::Purpose;

use super::*;
use crate::testing::{Listed, key};

const YEAR: u64 = 365 * DAY;

/// The first second of 2100.
const IN_2100: u64 = 4_102_444_800;

fn at(reply: Vec<u8>) -> Reply {
    Reply::new(200).body(reply)
}

fn wrong(server: u64, device: u64) -> Error {
    Error::ServerTimeWrong {
        server: time(server),
        device: time(device),
    }
}

#[tokio::test]
async fn a_status_token_dated_2100_is_not_stored_and_the_next_good_one_is_accepted() {
    let scene = Scene::new().await;
    let (server, authority) = (&scene.server, scene.authority);
    scene.phone.advance(HOUR);
    server.at("/status/0", at(authority.status(0, IN_2100)));
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(
        report.failures,
        scene.status_failure(wrong(IN_2100, NOW + HOUR))
    );
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW)));
    let known = scene.wallet.time().unwrap();
    assert_eq!((known.now, known.set_back), (time(NOW + HOUR), false));

    scene.phone.advance(HOUR);
    server.at("/status/0", at(authority.status(0, NOW + HOUR)));
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW + HOUR)));
}

#[tokio::test]
async fn a_trust_list_or_a_credential_from_the_future_is_not_stored_and_the_offer_goes_on() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    let refused = async || wallet.enroll(&offer, Some("123456"), &cancel).await.err();

    server.at("/trust", at(authority.trust_list(IN_2100)));
    assert_eq!(refused().await, Some(wrong(IN_2100, NOW)));
    assert!(server.requests_to("/token").is_empty(), "no code is spent");
    assert!(wallet.trust_list().unwrap().is_none());

    server.at("/trust", at(authority.trust_list(NOW)));
    server.script(|request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), IN_2100)))
    });
    assert_eq!(refused().await, Some(wrong(IN_2100, NOW)));
    assert!(wallet.licenses().unwrap().is_empty());
    assert!(
        server.requests_to("/notification").is_empty(),
        "it may be this phone's clock that is wrong"
    );
    server.script(|request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), NOW)))
    });
    assert_eq!(refused().await, None);
    assert_eq!(server.requests_to("/token").len(), 1);
}

#[tokio::test]
async fn an_old_list_that_is_replayed_with_a_false_date_takes_nothing_back() {
    let (server, _tls, authority) = over_tls().await;
    let dated = |list: u64, date: &str| at(authority.trust_list(list)).header("date", date);
    server.at("/trust", dated(NOW - 60, "Mon, 21 Sep 2026 14:13:20 GMT"));
    let phone = Phone::with_test_root();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    let enrolled = wallet.enroll(&offer, Some("123456"), &cancel).await;
    enrolled.unwrap();
    let (held, before) = (wallet.trust_list().unwrap(), wallet.time().unwrap());
    assert_eq!(before.sureness, Sureness::Sure);

    for date in [
        "Tue, 11 Aug 2026 14:13:20 GMT",
        "Fri, 01 Jan 2100 00:00:00 GMT",
    ] {
        server.at("/trust", dated(NOW - 40 * DAY, date));
        let budget = Duration::from_secs(5);
        let report = wallet.refresh(Refresh::Now, budget, &cancel).await.unwrap();
        let error = Error::Credential(CredentialError::OlderThanHeld);
        let subject = Subject::TrustList;
        assert_eq!(report.failures, [Failure { subject, error }]);
        assert_eq!(wallet.trust_list().unwrap(), held);
        let after = wallet.time().unwrap();
        assert_eq!((after.now, after.sureness), (before.now, before.sureness));
        assert_eq!(after.proven, before.proven);
        let status = wallet.licenses().unwrap()[0].status;
        assert_eq!(
            (status.state, status.as_of),
            (LicenseStatus::Valid, Some(time(NOW)))
        );
    }
}

/// Serves the objects of an authority whose clock shows `now`.
fn serve_at(server: &Server, authority: &'static Authority, now: u64) {
    server.at("/trust", at(authority.trust_list(now)));
    server.at("/status/0", at(authority.status(0, now)));
    server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), now)))
    });
}

/// Serves its objects after its clock was repaired: both keys are retired at their last honest
/// signature, and others sign under the same address and a list of a higher serial.
fn serve_repaired(server: &Server, authority: &Authority, now: u64) {
    let repaired: &'static Authority = Box::leak(Box::new(Authority {
        credential: key("credential, second"),
        status: key("status, second"),
        ..Authority::at(server)
    }));
    serve_at(server, repaired, now);
    let mut keys = repaired.present_keys();
    let retired = [
        (&authority.credential, Purpose::Credential),
        (&authority.status, Purpose::Status),
    ];
    keys.extend(retired.map(|(key, purpose)| Listed {
        key,
        purpose,
        signed_until: Some(NOW),
    }));
    server.at("/trust", at(repaired.trust_list_of(now, 1, &keys)));
}

#[tokio::test]
async fn an_authority_that_was_a_year_ahead_for_a_while_is_agreed_with_after_one_refresh() {
    for phone in [Phone::new(), Phone::with_dead_clock()] {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
        let wallet = phone.create(authority).await;
        let offer = wallet.read_offer(&authority.offer()).await.unwrap();
        let cancel = CancelToken::new();
        wallet
            .enroll(&offer, Some("123456"), &cancel)
            .await
            .unwrap();
        let refresh = async || {
            let budget = Duration::from_secs(5);
            wallet.refresh(Refresh::Now, budget, &cancel).await.unwrap()
        };
        let is_right = wallet.reading().wall >= time(NOW);

        phone.advance(HOUR);
        serve_at(&server, authority, NOW + YEAR);
        let report = refresh().await;
        if is_right {
            let errors: Vec<Error> = report.failures.iter().map(|it| it.error).collect();
            assert_eq!(errors, [wrong(NOW + YEAR, NOW + HOUR); 2]);
            assert_eq!(wallet.time().unwrap().now, time(NOW + HOUR));
        } else {
            // Its clock is not evidence, so it had to believe this, and its license was renewed.
            assert_eq!(report.failures, []);
            assert_eq!(wallet.time().unwrap().now, time(NOW + YEAR));
            let issued = wallet.licenses().unwrap()[0].issued_at;
            assert_eq!(issued, Some(time(NOW + YEAR)));
        }

        phone.advance(HOUR);
        serve_repaired(&server, authority, NOW + 2 * HOUR);
        assert_eq!(refresh().await.failures, []);
        let held = wallet.licenses().unwrap();
        assert_eq!(held[0].status.state, LicenseStatus::Valid);
        assert_eq!(held[0].status.as_of, Some(time(NOW + 2 * HOUR)));
        let issued = if is_right { NOW } else { NOW + 2 * HOUR };
        assert_eq!(held[0].issued_at, Some(time(issued)));
        let known = wallet.time().unwrap();
        assert_eq!(
            (known.now, known.latest),
            (time(NOW + 2 * HOUR), time(NOW + 2 * HOUR))
        );
        assert_eq!(known.set_back, !is_right);

        // The list from the future comes before the one that is held now.
        server.at("/trust", at(authority.trust_list(NOW + YEAR)));
        let older = Error::Credential(CredentialError::OlderThanHeld);
        assert_eq!(refresh().await.failures[0].error, older);
    }
}

#[tokio::test]
async fn a_phone_whose_clock_is_dead_asks_for_the_list_where_a_status_is_far_ahead() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let phone = Phone::with_dead_clock();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    let cancel = CancelToken::new();
    wallet
        .enroll(&offer, Some("123456"), &cancel)
        .await
        .unwrap();
    // It was off for a week, and its clock stood still.
    phone.advance(HOUR);
    serve_at(&server, authority, NOW + 7 * DAY);
    let budget = Duration::from_secs(5);
    let report = wallet.refresh(Refresh::Due, budget, &cancel).await.unwrap();
    assert_eq!((report.failures, report.requests), (vec![], 2));
    let status = wallet.licenses().unwrap()[0].status;
    assert_eq!(status.as_of, Some(time(NOW + 7 * DAY)));
    assert_eq!(wallet.time().unwrap().now, time(NOW + 7 * DAY));
}

#[tokio::test]
async fn what_a_withdrawn_status_key_signed_is_not_held_and_proves_no_time() {
    let scene = Scene::new().await;
    let (server, authority) = (&scene.server, scene.authority);
    scene.phone.advance(HOUR);
    // A thief of the key dates a status as far ahead as a phone believes.
    let ahead = NOW + 20 * HOUR;
    server.at("/status/0", at(authority.status(0, ahead)));
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(ahead)));
    assert_eq!(scene.wallet.time().unwrap().now, time(ahead));

    scene.phone.advance(HOUR);
    let rotated = Authority::with_new_status_key(server);
    server.at("/trust", at(rotated.trust_list(NOW + 2 * HOUR)));
    server.at("/status/0", at(rotated.status(2, NOW + 2 * HOUR)));
    let report = scene.refresh(Refresh::Now).await;
    assert_eq!(report.failures, []);
    assert_eq!(
        scene.status(),
        (LicenseStatus::Suspended, Some(NOW + 2 * HOUR))
    );
    let known = scene.wallet.time().unwrap();
    assert_eq!((known.now, known.set_back), (time(NOW + 2 * HOUR), false));

    // With a list that withdraws the key and no network for the status, the old status is deleted.
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    let rotated = Authority::with_new_status_key(&scene.server);
    scene
        .server
        .at("/trust", at(rotated.trust_list(NOW + HOUR)));
    scene.server.at("/status/0", Reply::new(503));
    scene.refresh(Refresh::Now).await;
    assert_eq!(scene.status(), (LicenseStatus::Unknown, None));
    let mut presentation = scene.wallet.present(&scene.license).unwrap();
    let frame = presentation.frame(scene.wallet.reading()).await.unwrap();
    assert_eq!(frame.status.state, LicenseStatus::Unknown);
}

#[tokio::test]
async fn a_status_that_a_list_withdrew_in_the_same_refresh_is_fetched_whole() {
    let scene = Scene::new().await;
    let (server, authority) = (&scene.server, scene.authority);
    let uris = [0, 1].map(|list| server.url(&format!("/status/{list}")));
    let second = StatusRef {
        idx: 5,
        uri: uris[1].clone(),
    };
    server.script(move |request| {
        (request.path == "/credential").then(|| {
            let holder = proven_key(request);
            let (second, signer) = (second.clone(), &authority.credential);
            credential_reply(&authority.license_in(second, signer, &holder, NOW))
        })
    });
    let first = authority.status_of(&uris[1], 0, NOW);
    let tagged = |body| Reply::new(200).header("etag", "\"s1\"").body(body);
    server.at("/status/1", tagged(first));
    let offer = authority.offer_with(&json!({ "pre-authorized_code": "code-2" }));
    let offer = scene.wallet.read_offer(&offer).await.unwrap();
    let enrolled = scene.wallet.enroll(&offer, None, &CancelToken::new()).await;
    enrolled.unwrap();
    scene.refresh(Refresh::Due).await;

    scene.phone.advance(HOUR);
    let rotated = Authority::with_new_status_key(server);
    server.at("/trust", at(rotated.trust_list(NOW + HOUR)));
    for (path, uri) in ["/status/0", "/status/1"].into_iter().zip(&uris) {
        server.at(path, tagged(rotated.status_of(uri, 2, NOW + HOUR)));
    }
    let before = server.requests().len();
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    let sent = server.requests().split_off(before);
    let sent: Vec<_> = sent
        .iter()
        .map(|request| {
            (
                request.path.starts_with("/status/"),
                request.header("if-none-match"),
            )
        })
        .collect();
    // The second status was by the withdrawn key: its tag is of a copy that is gone.
    let tag = Some("\"s1\"");
    assert_eq!(sent[0], (true, tag));
    assert_eq!(sent[2..], [(true, None)]);
    let from = |change: &Change| match change {
        Change::Status { from, .. } => Some(*from),
        _ => None,
    };
    assert_eq!(
        report.changed.iter().filter_map(from).collect::<Vec<_>>(),
        [LicenseStatus::Valid, LicenseStatus::Unknown]
    );
}

#[tokio::test]
async fn a_retired_key_still_counts_for_what_it_signed_before() {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    let (server, authority) = (&scene.server, scene.authority);
    let rotated = Authority::with_new_status_key(server);
    let mut keys = rotated.present_keys();
    keys.push(Listed {
        key: &authority.status,
        purpose: Purpose::Status,
        signed_until: Some(NOW),
    });
    server.at("/trust", at(rotated.trust_list_of(NOW + HOUR, 0, &keys)));
    server.at("/status/0", Reply::new(503));
    scene.refresh(Refresh::Now).await;
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW)));
    // And not for anything later.
    scene.phone.advance(HOUR);
    server.at("/status/0", at(authority.status(0, NOW + 1)));
    let report = scene.refresh(Refresh::Now).await;
    let error = Error::StatusUnusable(CredentialError::KeyNotInForce);
    assert_eq!(report.failures, scene.status_failure(error));
}
