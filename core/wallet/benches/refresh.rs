//! Bytes of a refresh with only the status due that finds nothing new, both ways: on a kept
//! HTTP/1.1 connection, and on a new TLS connection that resumes its session.
#![allow(
    missing_docs,
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]

use std::time::Duration;

use vidimus_wallet::refresh::Refresh;
// What the scene below names as its crate's.
use vidimus_wallet::{CancelToken, Config, Error, Ports, Wallet, keys, ports, testing, transport};

#[path = "../src/testing/servers/mod.rs"]
mod servers;

use servers::{Authority, Phone, Reply, Server, TlsFront};

const HTTP_LIMIT: usize = 400;
const TLS_LIMIT: usize = 1500;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let server = Server::start().await;
    let authority = Authority::at(&server).serve(&server);
    let spent = nothing_new(&Phone::new(), &server, authority, || server.bytes()).await;
    println!("measure: refresh_http | {spent} | {HTTP_LIMIT} | bytes");

    let server = Server::start().await;
    let tls = TlsFront::before(&server);
    let mut authority = Authority::at(&server);
    authority.issuer = tls.url("");
    let authority = authority.serve(&server);
    let spent = nothing_new(&Phone::with_test_root(), &server, authority, || tls.bytes()).await;
    println!("measure: refresh_tls | {spent} | {TLS_LIMIT} | bytes");
}

/// Enrolls, lets an hour pass, refreshes, and says how many bytes that took.
async fn nothing_new(
    phone: &Phone,
    server: &Server,
    authority: &'static Authority,
    bytes: impl Fn() -> usize,
) -> usize {
    let wallet = phone.create(authority).await;
    let cancel = CancelToken::new();
    let offer = wallet.read_offer(&authority.offer()).await.unwrap();
    wallet
        .enroll(&offer, Some("123456"), &cancel)
        .await
        .unwrap();
    // The headers that a file server sends beside the tag.
    server.at(
        "/status/0",
        Reply::new(304)
            .header("etag", "\"s1\"")
            .header("cache-control", "max-age=3600")
            .header("date", "Mon, 21 Sep 2026 15:13:20 GMT"),
    );
    phone.advance(3600);
    let before = bytes();
    let report = wallet
        .refresh(Refresh::Due, Duration::from_secs(10), &cancel)
        .await
        .unwrap();
    assert!(
        report.requests == 1 && report.failures.is_empty(),
        "one request that finds nothing new"
    );
    tokio::time::sleep(Duration::from_millis(100)).await;
    bytes() - before
}
