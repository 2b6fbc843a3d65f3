//! Refresh against scripted servers: the threats of the network, and crashes between steps.

mod clocks;
mod renewals;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use vidimus_credential::Error as CredentialError;
use vidimus_credential::status::LicenseStatus;

use super::{Change, Failure, Refresh, RefreshReport, Renew, Subject, refresh};
use crate::cancel::CancelToken;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::ports::TransportError;
use crate::testing::{
    Authority, NOW, Phone, Reply, Server, TlsFront, credential_reply, proven_key, time,
};
use crate::timekeeper::Sureness;
use crate::vault::activity_log::Event;
use crate::{LicenseId, Wallet};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// A phone with one license, enrolled at [`NOW`], and the issuer it came from.
struct Scene {
    phone: Phone,
    server: Server,
    authority: &'static Authority,
    wallet: Wallet,
    license: LicenseId,
}

impl Scene {
    async fn new() -> Self {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
        let phone = Phone::new();
        let wallet = phone.create(authority).await;
        let offer = wallet.read_offer(&authority.offer()).await.unwrap();
        let license = wallet
            .enroll(&offer, Some("123456"), &CancelToken::new())
            .await
            .unwrap();
        Self {
            phone,
            server,
            authority,
            wallet,
            license,
        }
    }

    async fn refresh(&self, what: Refresh) -> RefreshReport {
        let budget = Duration::from_secs(5);
        self.wallet
            .refresh(what, budget, &CancelToken::new())
            .await
            .unwrap()
    }

    /// The wallet's status of its one license: the state, and when it was signed.
    fn status(&self) -> (LicenseStatus, Option<u64>) {
        let report = self.wallet.licenses().unwrap()[0].status;
        (report.state, report.as_of.map(|time| time.seconds()))
    }

    fn status_failure(&self, error: Error) -> Vec<Failure> {
        vec![Failure {
            subject: Subject::Status(self.license.clone()),
            error,
        }]
    }

    fn refresh_tokens_spent(&self) -> Vec<String> {
        let requests = self.server.requests_to("/token");
        let bodies = requests.iter().map(|request| request.text());
        bodies
            .filter(|body| body.contains("grant_type=refresh_token"))
            .collect()
    }
}

fn tagged(body: Vec<u8>, tag: &'static str) -> impl Fn(&crate::testing::Request) -> Option<Reply> {
    move |request| {
        (request.path == "/status/0").then(|| {
            assert_eq!(request.method, "GET");
            if request.header("if-none-match") == Some(tag) {
                return Reply::new(304)
                    .header("etag", tag)
                    .header("cache-control", "max-age=3600")
                    .header("date", "Mon, 21 Sep 2026 14:13:20 GMT");
            }
            Reply::new(200).header("etag", tag).body(body.clone())
        })
    }
}

#[tokio::test]
async fn a_refresh_that_finds_nothing_new_is_one_small_request_on_a_kept_connection() {
    let scene = Scene::new().await;
    scene
        .server
        .script(tagged(scene.authority.status(0, NOW), "\"s1\""));
    assert_eq!(
        scene.refresh(Refresh::Due).await.requests,
        0,
        "nothing is due yet"
    );
    scene.phone.advance(HOUR);
    let (bytes, connections) = (scene.server.bytes(), scene.server.connections());
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.requests, 1);
    assert_eq!((report.changed, report.failures), (vec![], vec![]));
    assert_eq!(report.next_in, Duration::from_secs(HOUR));
    let spent = scene.server.bytes() - bytes;
    assert!(spent <= 400, "{spent} bytes");
    assert_eq!(scene.server.connections(), connections);
    assert_eq!(
        scene.status(),
        (LicenseStatus::Valid, Some(NOW)),
        "the age is the signed one"
    );
}

#[tokio::test]
async fn a_newer_status_is_kept_logged_and_told() {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    let suspended = scene.authority.status(2, NOW + HOUR);
    scene.server.at(
        "/status/0",
        Reply::new(200).header("etag", "\"s2\"").body(suspended),
    );
    let report = scene.refresh(Refresh::Due).await;
    let change = Change::Status {
        license: scene.license.clone(),
        from: LicenseStatus::Valid,
        to: LicenseStatus::Suspended,
    };
    assert_eq!(report.changed, [change]);
    assert_eq!(scene.status(), (LicenseStatus::Suspended, Some(NOW + HOUR)));
    let log = scene.wallet.activity(1).unwrap();
    let logged = Event::StatusChanged {
        from: LicenseStatus::Valid,
        to: LicenseStatus::Suspended,
    };
    assert!(log.entries[0].event == logged);
}

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

#[tokio::test]
async fn a_status_by_a_key_that_is_newer_than_the_trust_list_fetches_the_list_once() {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    let rotated = Authority::with_new_status_key(&scene.server);
    scene.server.at(
        "/status/0",
        Reply::new(200).body(rotated.status(0, NOW + HOUR)),
    );
    scene.server.at(
        "/trust",
        Reply::new(200).body(rotated.trust_list(NOW + HOUR)),
    );
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!((report.requests, report.failures), (2, vec![]));
    assert_eq!(report.changed[0], Change::TrustList);
    assert_eq!(scene.status(), (LicenseStatus::Valid, Some(NOW + HOUR)));
}

#[tokio::test]
async fn failures_back_off_longer_and_longer_and_a_success_ends_it() {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    scene.server.at("/status/0", Reply::new(503));
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let report = scene.refresh(Refresh::Due).await;
        assert_eq!(
            report.failures.len(),
            1,
            "it is asked again once the pause is over"
        );
        pauses.push(report.next_in.as_secs());
        scene.phone.advance(report.next_in.as_secs());
    }
    assert!(pauses[0] <= 30 && pauses[5] > pauses[0]);
    assert!(pauses.iter().all(|pause| *pause <= 6 * HOUR), "{pauses:?}");
    scene
        .server
        .at("/status/0", Reply::new(503).header("retry-after", "40000"));
    assert!(
        scene.refresh(Refresh::Now).await.next_in.as_secs() >= 6 * HOUR,
        "the server's wish"
    );
    // A date, seven hours after the server's `Date`; wallets come back at different times after it.
    scene.server.at(
        "/status/0",
        Reply::new(503)
            .header("date", "Mon, 21 Sep 2026 10:00:00 GMT")
            .header("retry-after", "Mon, 21 Sep 2026 17:00:00 GMT"),
    );
    let mut pauses = BTreeSet::new();
    for _ in 0..8 {
        pauses.insert(scene.refresh(Refresh::Now).await.next_in.as_secs());
    }
    assert!(
        pauses
            .iter()
            .all(|pause| (7 * HOUR..=8 * HOUR).contains(pause)),
        "{pauses:?}"
    );
    assert!(pauses.len() > 1, "{pauses:?}");
    scene.server.at(
        "/status/0",
        Reply::new(200).body(scene.authority.status(0, NOW + HOUR)),
    );
    let report = scene.refresh(Refresh::Now).await;
    assert_eq!(report.next_in, Duration::from_secs(HOUR));
}

/// Lets two thirds of the credential's life pass, with an issuer that then signs a new one.
async fn at_two_thirds() -> Scene {
    let scene = Scene::new().await;
    scene.phone.advance(20 * DAY);
    let (now, authority) = (NOW + 20 * DAY, scene.authority);
    scene
        .server
        .at("/status/0", Reply::new(200).body(authority.status(0, now)));
    scene
        .server
        .at("/trust", Reply::new(200).body(authority.trust_list(now)));
    scene.server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), now)))
    });
    scene
}

#[tokio::test]
async fn a_license_is_renewed_when_a_third_of_its_life_is_left() {
    let scene = at_two_thirds().await;
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    assert!(report.changed.contains(&Change::Renewed {
        license: scene.license.clone()
    }));
    let held = scene.wallet.licenses().unwrap();
    assert_eq!(held[0].expires, Some(time(NOW + 50 * DAY)));
    assert_eq!(held[0].id, scene.license);
    assert_eq!(
        scene.refresh_tokens_spent(),
        ["grant_type=refresh_token&refresh_token=refresh-code-1"]
    );
    assert!(scene.wallet.activity(1).unwrap().entries[0].event == Event::Renewed);
    assert_eq!(scene.refresh(Refresh::Now).await.failures, []);
    assert_eq!(
        scene.refresh_tokens_spent().len(),
        1,
        "not due, not asked, even when all is asked now"
    );
    let keys: BTreeSet<_> = scene
        .server
        .requests_to("/credential")
        .iter()
        .map(|request| proven_key(request).to_cose_key())
        .collect();
    assert_eq!(keys.len(), 1, "it stays the license of this phone's key");
}

/// A phone that has lost the key of one license; it records the renewals of the others.
struct LostKey<'l>(&'l LicenseId, Mutex<Vec<String>>);

#[async_trait::async_trait]
impl Renew for LostKey<'_> {
    async fn renew(&self, license: &str, _: &mut Requests<'_>) -> Result<(), Error> {
        if license == self.0.as_str() {
            return Err(Error::KeyInvalidated);
        }
        self.1.lock().unwrap().push(license.to_owned());
        Ok(())
    }

    async fn acknowledge(&self, _: Refresh, _: &mut Requests<'_>) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_license_whose_key_is_gone_holds_up_no_other() {
    let scene = at_two_thirds().await;
    let other = scene
        .authority
        .offer_with(&json!({ "pre-authorized_code": "code-2" }));
    let other = scene.wallet.read_offer(&other).await.unwrap();
    let enrolled = scene.wallet.enroll(&other, None, &CancelToken::new()).await;
    let ids = [scene.license.clone(), enrolled.unwrap()];
    scene.phone.advance(21 * DAY);
    for (lost, other) in [(&ids[0], &ids[1]), (&ids[1], &ids[0])] {
        let budget = Duration::from_secs(9);
        let (what, cancel) = (Refresh::Now, CancelToken::new());
        let renewer = LostKey(lost, Mutex::default());
        let report = refresh(scene.wallet.context(), &renewer, what, budget, &cancel);
        let report = report.await.unwrap();
        let (subject, error) = (Subject::Renewal(lost.clone()), Error::KeyInvalidated);
        assert!(report.failures.contains(&Failure { subject, error }));
        assert_eq!(*renewer.1.lock().unwrap(), [other.as_str()]);
    }
}

#[tokio::test]
async fn refresh_cancelled_or_killed_half_way() {
    // Killed before the credential arrived: its tokens are stored and not spent.
    let scene = at_two_thirds().await;
    scene.server.in_turn(
        "/credential",
        [Reply::new(200).delay(Duration::from_secs(60))],
    );
    let dying = scene.refresh(Refresh::Due);
    assert!(
        tokio::time::timeout(Duration::from_millis(1500), dying)
            .await
            .is_err()
    );
    assert_eq!(
        scene.server.requests_to("/credential").len(),
        2,
        "it died where it was meant to"
    );
    let Scene {
        phone,
        server,
        authority,
        wallet,
        license,
    } = scene;
    drop(wallet);
    let wallet = phone.open().await;
    let scene = Scene {
        phone,
        server,
        authority,
        wallet,
        license,
    };
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, []);
    assert_eq!(
        scene.wallet.licenses().unwrap()[0].expires,
        Some(time(NOW + 50 * DAY))
    );
    assert_eq!(
        scene.refresh_tokens_spent().len(),
        1,
        "no double spend of the renewal token"
    );

    // Killed before the tokens arrived: the old token is sent again, which the authority allows.
    let scene = at_two_thirds().await;
    scene
        .server
        .in_turn("/token", [Reply::new(200).delay(Duration::from_secs(60))]);
    let dying = scene.refresh(Refresh::Due);
    assert!(
        tokio::time::timeout(Duration::from_millis(1500), dying)
            .await
            .is_err()
    );
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    let spent = scene.refresh_tokens_spent();
    assert_eq!(spent.len(), 2);
    assert_eq!(spent[0], spent[1]);

    // Cancelled: the running request is not a failure, and stays due.
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    scene.server.in_turn(
        "/status/0",
        [Reply::new(200).delay(Duration::from_secs(60))],
    );
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        stop.cancel();
    });
    let report = scene
        .wallet
        .refresh(Refresh::Due, Duration::from_secs(30), &cancel)
        .await
        .unwrap();
    assert_eq!(report.failures, scene.status_failure(Error::Cancelled));
    assert_eq!(report.next_in, Duration::from_secs(1));
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!((report.requests, report.failures), (1, vec![]));
}

#[tokio::test]
async fn two_processes_that_renew_at_once_spend_one_token() {
    let scene = at_two_thirds().await;
    let other = scene.phone.open().await;
    let cancel = CancelToken::new();
    let budget = Duration::from_secs(10);
    let (one, two) = tokio::join!(
        scene.wallet.refresh(Refresh::Due, budget, &cancel),
        other.refresh(Refresh::Due, budget, &cancel),
    );
    assert_eq!(
        (one.unwrap().failures, two.unwrap().failures),
        (vec![], vec![])
    );
    assert_eq!(scene.refresh_tokens_spent().len(), 1);
}

#[tokio::test]
async fn an_authority_that_will_not_renew_is_left_alone_for_a_day() {
    let scene = at_two_thirds().await;
    scene
        .server
        .at("/token", Reply::error(400, "credential_request_denied"));
    let report = scene.refresh(Refresh::Due).await;
    assert_eq!(report.failures, [], "it is an answer");
    scene.phone.advance(HOUR);
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.refresh_tokens_spent().len(), 1);
    scene.phone.advance(DAY);
    scene.refresh(Refresh::Due).await;
    assert_eq!(scene.refresh_tokens_spent().len(), 2, "an hour is spread");
}

#[tokio::test]
async fn a_renewed_credential_that_is_older_than_the_one_held_is_refused() {
    let scene = at_two_thirds().await;
    let authority = scene.authority;
    scene.server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), NOW - 60)))
    });
    let report = scene.refresh(Refresh::Due).await;
    let error = Error::Credential(CredentialError::OlderThanHeld);
    assert_eq!(
        report.failures,
        [Failure {
            subject: Subject::Renewal(scene.license.clone()),
            error
        }]
    );
    assert_eq!(
        scene.wallet.licenses().unwrap()[0].expires,
        Some(time(NOW + 30 * DAY))
    );
}

#[tokio::test]
async fn a_license_whose_issuer_gave_no_refresh_token_is_no_failure() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let granted = json!({ "access_token": "a", "token_type": "Bearer" });
    server.at("/token", Reply::json(200, &granted));
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    wallet
        .enroll(&offer, Some("123456"), &CancelToken::new())
        .await
        .unwrap();
    phone.advance(20 * DAY);
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(server.requests_to("/token").len(), 1);
}

#[tokio::test]
async fn the_foregrounds_loop_asks_when_it_is_due_and_ends_when_cancelled() {
    let scene = Scene::new().await;
    scene.phone.advance(HOUR);
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    let mut rounds = 0;
    let watching = scene.wallet.keep_fresh(&cancel, |report| {
        rounds += report.requests;
        stop.cancel();
    });
    tokio::time::timeout(Duration::from_secs(5), watching)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rounds, 1);
}

/// An issuer behind HTTPS whose clock says 13:33:20, forty minutes before [`NOW`].
async fn over_tls() -> (Server, TlsFront, &'static Authority) {
    let server = Server::start().await;
    let tls = TlsFront::before(&server);
    let mut authority = Authority::at(&server);
    authority.issuer = tls.url("");
    let authority = authority.serve(&server);
    (server, tls, authority)
}

#[tokio::test]
async fn the_date_of_a_tls_server_makes_the_wallet_sure_of_the_time() {
    let (server, _tls, authority) = over_tls().await;
    let trust_list = Reply::new(200).body(authority.trust_list(NOW - 7200));
    server.at(
        "/trust",
        trust_list.header("date", "Mon, 21 Sep 2026 13:33:20 GMT"),
    );
    let phone = Phone::with_test_root();
    let wallet = phone.create(authority).await;
    assert_eq!(wallet.time().unwrap().sureness, Sureness::Unsure);
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    assert_eq!(
        (report.failures, report.changed),
        (vec![], vec![Change::TrustList])
    );
    let time = wallet.time().unwrap();
    assert_eq!(
        (time.sureness, time.now.seconds()),
        (Sureness::Sure, NOW - 2400)
    );
}

#[tokio::test]
async fn over_tls_a_refresh_that_finds_nothing_new_resumes_its_session() {
    let (server, tls, authority) = over_tls().await;
    let phone = Phone::with_test_root();
    let wallet = phone.create(authority).await;
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    wallet
        .enroll(&offer, Some("123456"), &CancelToken::new())
        .await
        .unwrap();
    server.script(tagged(authority.status(0, NOW), "\"s1\""));
    phone.advance(HOUR);
    let bytes = tls.bytes();
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    assert_eq!((report.requests, report.failures), (1, vec![]));
    // The front counts a close after it has answered, so wait for the last of it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let spent = tls.bytes() - bytes;
    assert!(spent <= 1500, "{spent} bytes");
}

#[tokio::test]
async fn wrong_certificate() {
    let (server, _tls, authority) = over_tls().await;
    let phone = Phone::new();
    let wallet = phone.create(authority).await;
    let refused = wallet.read_offer(&authority.offer()).await.err();
    assert_eq!(refused, Some(Error::Transport(TransportError::Certificate)));
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(5), &CancelToken::new())
        .await
        .unwrap();
    let error = Error::Transport(TransportError::Certificate);
    assert_eq!(
        report.failures,
        [Failure {
            subject: Subject::TrustList,
            error
        }]
    );
    assert!(report.next_in > Duration::from_secs(10), "it backs off");
    assert!(server.requests().is_empty());
    assert!(wallet.trust_list().unwrap().is_none(), "nothing stored");
}
