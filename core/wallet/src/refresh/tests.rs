//! Refresh against scripted servers: the threats of the network, and crashes between steps.

mod clocks;
mod due_renewals;
mod network;
mod renewals;
mod seen;
mod tls;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use vidimus_credential::status::LicenseStatus;
use vidimus_credential::{Algorithm, Error as CredentialError};

use super::{Change, Failure, Refresh, RefreshReport, Renew, Subject, refresh};
use crate::cancel::CancelToken;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::ports::{KeyStoreError, TransportError};
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
        Self::of(Phone::new()).await
    }

    async fn of(phone: Phone) -> Self {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
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

    /// Has the issuer sign status, trust list and new credentials at this time.
    fn serve_from(&self, now: u64) {
        let (server, authority) = (&self.server, self.authority);
        server.at("/status/0", Reply::new(200).body(authority.status(0, now)));
        server.at("/trust", Reply::new(200).body(authority.trust_list(now)));
        server.script(move |request| {
            (request.path == "/credential")
                .then(|| credential_reply(&authority.license(&proven_key(request), now)))
        });
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
    scene.serve_from(NOW + 20 * DAY);
    scene
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
