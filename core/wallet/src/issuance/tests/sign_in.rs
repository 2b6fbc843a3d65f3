//! Signing in: what is sent, which answers of the browser are taken, and what a lost one costs.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;

use super::*;
use crate::refresh::Change;
use crate::testing::{Browser, Register, Request, form_of, jwt};
use crate::{Application, ApplicationState, Applied, SignInClient};

const DAY: u64 = 86_400;

/// A phone at an authority where drivers sign in.
pub(super) struct Scene {
    pub(super) phone: Phone,
    pub(super) server: Server,
    pub(super) register: Arc<Register>,
    pub(super) wallet: Wallet,
    at: u64,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let server = Server::start().await;
        let register = Register::at(&server.url(""));
        register.open_accounts();
        let answers = Arc::clone(&register);
        server.script(move |request| Some(answers.answer(request)));
        let phone = Phone::new();
        let wallet = phone.create(&register.authority).await;
        Self {
            phone,
            server,
            register,
            wallet,
            at: NOW,
        }
    }

    pub(super) fn client() -> SignInClient {
        SignInClient {
            client_id: "vidimus-test".to_owned(),
            redirect_uri: "http://127.0.0.1:4711/callback".to_owned(),
            languages: vec!["de".to_owned(), "not a tag".to_owned(), "en".to_owned()],
        }
    }

    pub(super) async fn apply(&self) -> Result<String, Error> {
        let (client, cancel) = (Self::client(), CancelToken::new());
        let begun = self.wallet.apply(&client, &cancel);
        begun.await.map(|sign_in| sign_in.url)
    }

    /// Applies, and returns what the browser comes back with.
    pub(super) async fn sign_in(&self) -> String {
        let url = self.apply().await.unwrap();
        self.register.browser(&url, Browser::Agrees).unwrap()
    }

    pub(super) async fn resume(&self, redirect: &str) -> Result<Applied, Error> {
        self.wallet.resume(redirect, &CancelToken::new()).await
    }

    pub(super) async fn refresh(&self, what: Refresh) -> crate::refresh::RefreshReport {
        let (budget, cancel) = (Duration::from_secs(20), CancelToken::new());
        let refreshed = self.wallet.refresh(what, budget, &cancel);
        refreshed.await.unwrap()
    }

    pub(super) fn advance(&mut self, seconds: u64) {
        self.at += seconds;
        self.phone.advance(seconds);
        self.register.set_now(self.at);
    }

    /// A new start of the app.
    pub(super) async fn restart(&mut self) {
        self.wallet = self.phone.open().await;
    }

    pub(super) fn applications(&self) -> Vec<Application> {
        self.wallet.applications().unwrap()
    }

    pub(super) fn asked(&self, path: &str) -> Vec<Request> {
        self.server.requests_to(path)
    }

    /// One license here, one issuance there.
    pub(super) fn has_one_license(&self) {
        assert_eq!(self.wallet.licenses().unwrap().len(), 1);
        assert_eq!(self.register.issuances().len(), 1);
        assert_eq!(self.applications(), []);
    }
}

/// The address with one parameter changed, or left out.
fn with(redirect: &str, name: &str, value: Option<&str>) -> String {
    let url = Url::parse(redirect).unwrap();
    let kept = url.query_pairs().into_owned();
    let kept: Vec<_> = kept.filter(|(key, _)| key != name).collect();
    let mut changed = url;
    changed.query_pairs_mut().clear().extend_pairs(kept);
    if let Some(value) = value {
        changed.query_pairs_mut().append_pair(name, value);
    }
    changed.into()
}

fn key_of(request: &Request) -> Value {
    jwt(request.header("dpop").unwrap()).0["jwk"].clone()
}

#[tokio::test]
async fn a_driver_who_signs_in_has_the_license_and_one_key_is_proven_from_first_to_last() {
    let mut scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let applied = scene.resume(&redirect).await.unwrap();
    let Applied::Received(id) = applied else {
        unreachable!("no review is asked for")
    };
    let held = scene.wallet.licenses().unwrap();
    assert_eq!(held[0].id, id);
    assert_eq!(held[0].status.state, LicenseStatus::Valid);
    scene.has_one_license();

    let pushed = form_of(scene.asked("/par").last().unwrap());
    let spent = form_of(scene.asked("/token").last().unwrap());
    assert_eq!(pushed["ui_locales"], "de en");
    assert_eq!(pushed["code_challenge_method"], "S256");
    assert!(!pushed.contains_key("code_verifier"));
    let verifier = &spent["code_verifier"];
    assert_eq!(verifier.len(), 43);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(pushed["code_challenge"], challenge);
    assert!(!spent.contains_key("state"));
    scene.advance(20 * DAY);
    assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
    assert_eq!(scene.register.issuances().len(), 2, "it was renewed");
    let renewal = form_of(scene.asked("/token").last().unwrap());
    assert_eq!(renewal["client_id"], "vidimus-test");
    let first = key_of(&scene.asked("/par")[0]);
    for path in ["/par", "/token", "/credential", "/notification"] {
        for request in scene.asked(path) {
            assert_eq!(key_of(&request), first, "{path}");
        }
    }
}

#[tokio::test]
async fn an_answer_of_another_sign_in_changes_nothing_and_the_right_one_is_still_taken() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let (before, asked) = (scene.applications(), scene.server.requests().len());
    assert!(matches!(
        before[0].state,
        ApplicationState::SigningIn { .. }
    ));
    let doubled = format!("{redirect}&code=another");
    let elsewhere = redirect.replace("/callback", "/elsewhere");
    for other in [
        with(&redirect, "state", Some("of-another-session")),
        with(&redirect, "state", None),
        with(&redirect, "iss", Some("https://another.example")),
        with(
            &redirect,
            "iss",
            Some(&format!("{}/", scene.register.authority.issuer)),
        ),
        with(&redirect, "iss", None),
        with(&redirect, "code", None),
        with(&redirect, "code", Some("")),
        doubled,
        elsewhere,
        "not an address".to_owned(),
    ] {
        let taken = scene.resume(&other).await;
        assert_eq!(taken.err(), Some(Error::OtherSignIn), "{other}");
        assert_eq!(scene.applications(), before);
    }
    // A refusal that someone made up does not end it either.
    let refusal = with(&redirect, "code", None);
    let refusal = with(
        &with(&refusal, "state", Some("x")),
        "error",
        Some("access_denied"),
    );
    assert_eq!(scene.resume(&refusal).await.err(), Some(Error::OtherSignIn));
    assert_eq!(scene.server.requests().len(), asked, "nothing was sent");
    scene.resume(&redirect).await.unwrap();
    scene.has_one_license();
}

#[tokio::test]
async fn the_answer_to_another_wallet_is_taken_by_none() {
    let (one, other) = (Scene::new().await, Scene::new().await);
    let redirect = one.sign_in().await;
    assert_eq!(other.resume(&redirect).await.err(), Some(Error::NoSignIn));
    other.apply().await.unwrap();
    let taken = other.resume(&redirect).await;
    assert_eq!(taken.err(), Some(Error::OtherSignIn));
    assert!(other.asked("/token").is_empty());
}

#[tokio::test]
async fn a_second_sign_in_takes_the_place_of_the_first_and_shares_no_secret_with_it() {
    let scene = Scene::new().await;
    let (first, second) = (scene.sign_in().await, scene.sign_in().await);
    assert_eq!(scene.applications().len(), 1);
    assert_eq!(scene.resume(&first).await.err(), Some(Error::OtherSignIn));
    scene.resume(&second).await.unwrap();
    scene.has_one_license();
    let pushed = scene.asked("/par");
    let pushed: Vec<&Request> = pushed.iter().filter(|request| has_nonce(request)).collect();
    assert_eq!(pushed.len(), 2);
    let forms: Vec<HashMap<String, String>> = pushed.iter().map(|one| form_of(one)).collect();
    for name in ["state", "code_challenge"] {
        assert_ne!(forms[0][name], forms[1][name]);
    }
    assert_ne!(key_of(pushed[0]), key_of(pushed[1]));
}

fn has_nonce(request: &Request) -> bool {
    !jwt(request.header("dpop").unwrap()).1["nonce"].is_null()
}

#[tokio::test]
async fn a_sign_in_is_over_after_ten_minutes() {
    for (after, taken) in [(599, true), (600, false)] {
        let mut scene = Scene::new().await;
        let redirect = scene.sign_in().await;
        scene.advance(after);
        let resumed = scene.resume(&redirect).await;
        if taken {
            resumed.unwrap();
            continue;
        }
        assert_eq!(resumed.err(), Some(Error::NoSignIn));
        assert!(scene.asked("/token").is_empty());
        assert_eq!(scene.applications(), []);
    }
    // A refresh forgets it, too, with its secrets.
    let mut scene = Scene::new().await;
    scene.sign_in().await;
    scene.advance(600);
    scene.refresh(Refresh::Due).await;
    let vault = &scene.wallet.context().vault;
    let rows = vault.list::<crate::issuance::Enrollment>().unwrap();
    assert!(rows.is_empty());
}

#[tokio::test]
async fn a_sign_in_that_was_declined_is_spent() {
    let scene = Scene::new().await;
    let url = scene.apply().await.unwrap();
    let declined = scene.register.browser(&url, Browser::Declines).unwrap();
    let refused = Error::SignInRefused(OAuthError::AccessDenied);
    assert_eq!(scene.resume(&declined).await.err(), Some(refused));
    assert_eq!(scene.applications(), []);
    assert_eq!(scene.resume(&declined).await.err(), Some(Error::NoSignIn));
    assert!(scene.asked("/token").is_empty());
    let redirect = scene.sign_in().await;
    scene.resume(&redirect).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_that_was_abandoned_is_over() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene.wallet.abandon_sign_in().await.unwrap();
    assert_eq!(scene.applications(), []);
    assert_eq!(scene.resume(&redirect).await.err(), Some(Error::NoSignIn));
    scene.wallet.abandon_sign_in().await.unwrap();
}

#[tokio::test]
async fn a_cancelled_begin_leaves_the_sign_in_before_it_alone() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let cancel = CancelToken::new();
    cancel.cancel();
    let begun = scene.wallet.apply(&Scene::client(), &cancel).await;
    assert_eq!(begun.err(), Some(Error::Cancelled));
    scene.resume(&redirect).await.unwrap();
    scene.has_one_license();
}

#[tokio::test]
async fn the_code_is_spent_by_the_first_right_answer_and_the_same_page_again_is_the_same_license() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene
        .server
        .in_turn("/token", [Reply::new(503), Reply::new(503)]);
    assert!(scene.resume(&redirect).await.is_err());
    let other = with(&redirect, "code", Some("another"));
    assert_eq!(scene.resume(&other).await.err(), Some(Error::OtherSignIn));
    let declined = with(
        &with(&redirect, "code", None),
        "error",
        Some("access_denied"),
    );
    assert_eq!(
        scene.resume(&declined).await.err(),
        Some(Error::OtherSignIn)
    );
    assert!(scene.resume(&redirect).await.is_err());
    let first = scene.resume(&redirect).await.unwrap();
    assert_eq!(scene.resume(&redirect).await.unwrap(), first);
    scene.has_one_license();
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_sent_again_by_the_next_refresh_with_the_same_key() {
    let mut scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let (register, lost) = (Arc::clone(&scene.register), std::sync::Mutex::new(true));
    // The server redeems the code, and its answer does not come.
    scene.server.script(move |request| {
        let mut lost = lost.lock().unwrap();
        let is_lost = request.path == "/token" && *lost && has_nonce(request);
        is_lost.then(|| {
            *lost = false;
            register.answer(request);
            Reply::new(200).body("{").cut(1)
        })
    });
    assert!(scene.resume(&redirect).await.is_err());
    let waits = &scene.applications()[0].state;
    assert!(matches!(waits, ApplicationState::Waiting { .. }));
    scene.restart().await;
    let report = scene.refresh(Refresh::Now).await;
    assert_eq!(report.failures, []);
    let id = scene.wallet.licenses().unwrap().remove(0).id;
    assert!(report.changed.contains(&Change::Received { license: id }));
    scene.has_one_license();
    let sent = scene.asked("/token");
    let forms: Vec<_> = sent.iter().map(form_of).collect();
    assert!(forms.iter().all(|form| *form == forms[0]));
    assert!(
        sent.iter()
            .all(|request| key_of(request) == key_of(&sent[0]))
    );
}

#[tokio::test]
async fn a_code_that_the_server_refuses_leaves_nothing_behind_where_the_driver_is_told() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene
        .server
        .at("/token", Reply::error(400, "invalid_grant"));
    let refused = Error::Refused(OAuthError::InvalidGrant);
    assert_eq!(scene.resume(&redirect).await.err(), Some(refused));
    assert_eq!(scene.applications(), []);
    let vault = &scene.wallet.context().vault;
    assert!(vault.list::<crate::keys::HolderKey>().unwrap().is_empty());
}

#[tokio::test]
async fn a_code_that_is_refused_while_no_one_looks_stays_as_a_refused_application() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene.server.at("/token", Reply::new(503));
    assert!(scene.resume(&redirect).await.is_err());
    scene
        .server
        .at("/token", Reply::error(400, "invalid_grant"));
    let report = scene.refresh(Refresh::Now).await;
    let application = scene.applications().remove(0);
    assert!(matches!(
        application.state,
        ApplicationState::Refused { words: None, .. }
    ));
    let id = application.id;
    let refused = Change::ApplicationRefused {
        application: id.clone(),
    };
    assert!(report.changed.contains(&refused));
    scene.wallet.dismiss(&id).await.unwrap();
    assert_eq!(scene.applications(), []);
    let gone = scene.wallet.dismiss(&id).await;
    assert_eq!(gone, Err(Error::NoSuchLicense));
}

#[tokio::test]
async fn a_token_that_is_not_bound_to_the_key_is_refused_where_the_server_lists_dpop() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let bearer = Reply::json(
        200,
        &json!({ "access_token": "a", "token_type": "Bearer", "refresh_token": "r" }),
    );
    scene.server.at("/token", bearer);
    let refused = scene.resume(&redirect).await.err();
    assert_eq!(refused, Some(Error::AnswerMalformed));
    assert!(scene.asked("/credential").is_empty());
    let offer = scene.register.authority.offer();
    let refused = enroll(&scene.wallet, &offer).await.err();
    assert_eq!(refused, Some(Error::AnswerMalformed));
    assert!(scene.asked("/credential").is_empty());
}

#[tokio::test]
async fn a_code_goes_only_to_the_server_where_the_sign_in_began() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let thief = Server::start().await;
    thief.at(
        "/.well-known/oauth-authorization-server",
        Reply::json(
            200,
            &json!({ "issuer": thief.url(""), "token_endpoint": thief.url("/token") }),
        ),
    );
    // The issuer's metadata names another server by now; only its own is left beside it.
    let mut metadata = scene.register.authority.metadata();
    metadata["authorization_servers"] = json!([thief.url("")]);
    let issuer = "/.well-known/openid-credential-issuer";
    scene.server.at(issuer, Reply::json(200, &metadata));
    scene.resume(&redirect).await.unwrap();
    assert!(thief.requests().is_empty(), "no code for the thief");
    scene.has_one_license();
    // A server's own metadata in the name of another one is no metadata.
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    let server = "/.well-known/oauth-authorization-server";
    let document = json!({ "issuer": thief.url(""), "token_endpoint": thief.url("/token") });
    scene.server.at(server, Reply::json(200, &document));
    let mixed = scene.resume(&redirect).await.err();
    assert_eq!(mixed, Some(MetadataFault::OtherIssuer.into()));
    assert!(thief.requests().is_empty());
}

#[tokio::test]
async fn an_authority_without_accounts_says_so_before_anything_is_kept() {
    let (_phone, server, _, wallet) = scene().await;
    let begun = wallet.apply(&Scene::client(), &CancelToken::new()).await;
    assert_eq!(begun.err(), Some(Error::SignInUnsupported));
    assert_eq!(wallet.applications().unwrap(), []);
    assert!(server.requests_to("/par").is_empty());
}

#[tokio::test]
async fn a_request_that_the_server_refuses_is_an_error_of_its_code() {
    let scene = Scene::new().await;
    scene.server.at("/par", Reply::error(401, "invalid_client"));
    let refused = Error::Refused(OAuthError::InvalidClient);
    assert_eq!(scene.apply().await.err(), Some(refused));
    assert_eq!(scene.applications(), []);
}

#[tokio::test]
async fn a_clock_that_is_days_wrong_is_named_before_the_driver_signs_in() {
    for off in [NOW + 40 * DAY, NOW - 40 * DAY] {
        let scene = Scene::new().await;
        scene.server.say_the_time(NOW);
        scene.phone.set_clock(off);
        let begun = scene.apply().await;
        if off > NOW {
            assert!(matches!(begun, Err(Error::ServerTimeWrong { .. })));
            assert!(scene.asked("/par").is_empty());
        } else {
            // The trust list of that day corrects a clock that is behind.
            assert!(begun.is_ok() || matches!(begun, Err(Error::ServerTimeWrong { .. })));
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_while_the_driver_signs_in_ends_nothing() {
    let scene = Scene::new().await;
    let redirect = scene.sign_in().await;
    scene.phone.set_clock(NOW - 300);
    scene.resume(&redirect).await.unwrap();
    scene.has_one_license();
}
