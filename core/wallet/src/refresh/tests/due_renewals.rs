//! Renewals at their ordinary time, and those that fail.

use super::*;
use crate::refresh::Progress;

#[tokio::test]
async fn a_license_is_renewed_once_half_of_its_life_is_over() {
    for (at, expected) in [(15 * DAY - HOUR, 0), (15 * DAY, 1)] {
        let scene = Scene::new().await;
        scene.serve_from(NOW + at);
        scene.phone.advance(at);
        assert_eq!(scene.refresh(Refresh::Due).await.failures, []);
        assert_eq!(scene.refresh_tokens_spent().len(), expected);
    }
}

#[tokio::test]
async fn a_locked_phone_waits_with_a_renewal_asks_for_nothing_and_counts_no_failure() {
    let scene = Scene::of(Phone::with_hardware(Some(Algorithm::Esp256))).await;
    scene.phone.advance(20 * DAY);
    scene.serve_from(NOW + 20 * DAY);
    let asked = |path: &str| scene.server.requests_to(path).len();
    let before = asked("/credential");
    scene.phone.keys.set_sign_fault(Some(KeyStoreError::Locked));
    for _ in 0..3 {
        let report = scene.refresh(Refresh::Due).await;
        assert_eq!(report.failures, [], "the status is fetched all the same");
        assert_eq!(report.next_in, Duration::from_secs(HOUR), "no back-off");
        scene.phone.advance(HOUR);
    }
    assert_eq!(scene.status().0, LicenseStatus::Valid);
    scene.refresh(Refresh::Due).await;
    assert_eq!((asked("/token"), asked("/credential")), (1, before));
    scene.phone.keys.set_sign_fault(None);
    scene.refresh(Refresh::Due).await;
    assert_eq!(asked("/credential"), before, "within the hour");
    let report = scene.refresh(Refresh::Opened).await;
    assert_eq!(report.failures, []);
    assert_eq!(asked("/credential"), before + 1, "the driver is here");
}

#[tokio::test]
async fn a_license_is_renewed_with_the_key_of_its_phone() {
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
    async fn go_on(
        &self,
        _: Refresh,
        _: &mut Requests<'_>,
    ) -> Result<Vec<(String, Progress)>, Error> {
        Ok(Vec::new())
    }

    async fn renew(&self, license: &str, _: &mut Requests<'_>) -> Result<Option<u64>, Error> {
        if license == self.0.as_str() {
            return Err(Error::KeyInvalidated);
        }
        self.1.lock().unwrap().push(license.to_owned());
        Ok(None)
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
