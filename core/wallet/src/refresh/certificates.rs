//! A server that cannot prove over TLS that it is the authority's.

use std::time::Duration;

use super::{Failure, Refresh, Subject};
use crate::cancel::CancelToken;
use crate::error::Error;
use crate::ports::TransportError;
use crate::testing::{Authority, Certificate, Phone, Server, TlsFront};

/// Refreshes against a server with this certificate, which the tests' root has signed.
async fn is_refused(certificate: Certificate) {
    let server = Server::start().await;
    let front = TlsFront::showing(certificate, &server);
    let mut authority = Authority::at(&server);
    authority.issuer = front.url("");
    let authority = authority.serve(&server);
    let phone = Phone::with_test_root();
    let wallet = phone.create(authority).await;

    let error = Error::Transport(TransportError::Certificate);
    let offer = wallet.read_offer(&authority.offer()).await.err();
    assert_eq!(offer, Some(error));
    let (budget, cancel) = (Duration::from_secs(5), CancelToken::new());
    let started = std::time::Instant::now();
    let report = wallet.refresh(Refresh::Now, budget, &cancel).await.unwrap();
    assert!(started.elapsed() < budget);
    let subject = Subject::TrustList;
    assert_eq!(report.failures, [Failure { subject, error }]);
    assert!(report.next_in > Duration::from_secs(10), "it backs off");
    assert!(wallet.trust_list().unwrap().is_none(), "nothing is stored");
    assert!(server.requests().is_empty(), "nothing was said to it");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    is_refused(Certificate::OtherHost).await;
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    is_refused(Certificate::Expired).await;
}

#[tokio::test]
async fn a_certificate_that_has_not_begun_is_refused() {
    is_refused(Certificate::NotBegun).await;
}
