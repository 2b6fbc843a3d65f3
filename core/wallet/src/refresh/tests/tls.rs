//! Servers over TLS: their time, resumed sessions, and wrong certificates.

use super::*;

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
