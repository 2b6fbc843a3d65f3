//! The office over TLS, with certificates of its server and of its users.
//!
//! The certificates in `tls/` were made by `openssl req` and `openssl x509` for these tests, end in
//! a hundred years, and are trusted nowhere.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{House, Reply, send_over};
use crate::http::{OfficeListener, TlsFiles};
use crate::office::{Role, Roles};

fn file(name: &str) -> std::path::PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/office/tls");
    Path::new(folder).join(name)
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file(name)).unwrap()
}

async fn house() -> House {
    let plain = House::new().await;
    let (folder, clock) = (Arc::clone(&plain.folder), Arc::clone(&plain.clock));
    let tokens = plain.tokens.clone();
    plain.stop().await;
    let files = TlsFiles {
        certificate: file("server.pem"),
        key: file("server.key"),
        client_authorities: Some(file("ca.pem")),
    };
    let listener = OfficeListener::bind("127.0.0.1:0".parse().unwrap(), Some(&files), &[]);
    let listener = listener.unwrap();
    assert!(listener.url().starts_with("https://"));
    let mut house = House::with(folder, clock, "127.0.0.1:0", listener).await;
    house.tokens = tokens;
    house
}

/// A request over TLS, with a client's certificate or without one.
async fn send(
    house: &House,
    client: Option<&str>,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Reply, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate("ca.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match client {
        None => builder.with_no_client_auth(),
        Some(name) => {
            let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).unwrap();
            let chain = vec![certificate(&format!("{name}.pem"))];
            builder.with_client_auth_cert(chain, key).unwrap()
        }
    };
    let stream = TcpStream::connect(house.address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    let host = format!("localhost:{}", house.address.port());
    Ok(send_over(stream, &host, method, path, headers, body).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_carries_the_office_and_a_certificate_is_its_user() {
    let house = house().await;
    let bearer = format!("Bearer {}", house.tokens["clerk"]);
    let by_token = [("Authorization", &*bearer)];
    let me = send(&house, None, "GET", "/v1/me", &by_token, b"")
        .await
        .unwrap();
    assert_eq!(me.json()["user"], "clerk");
    assert!(me.header("strict-transport-security").is_some());
    let none = send(&house, None, "GET", "/v1/me", &[], b"").await.unwrap();
    assert_eq!((none.status, &*none.code()), (401, "no_token"));
    // A certificate of the right authority belongs to no one yet.
    let unknown = send(&house, Some("client"), "GET", "/v1/me", &[], b"")
        .await
        .unwrap();
    assert_eq!((unknown.status, &*unknown.code()), (401, "token"));
    let digest = crate::secret::hex(&Sha256::digest(certificate("client.pem")));
    let authority = house.authority();
    authority
        .add_user("by-card", Roles::of(&[Role::Auditor]), house.now())
        .unwrap();
    authority
        .set_user_certificate("by-card", Some(&digest), house.now())
        .unwrap();
    let me = send(&house, Some("client"), "GET", "/v1/me", &[], b"")
        .await
        .unwrap();
    assert_eq!(me.json()["user"], "by-card");
    let other = send(&house, Some("stranger"), "GET", "/v1/me", &[], b"")
        .await
        .unwrap();
    assert_eq!(other.status, 401);
    // A browser shows its certificate to pages of any site: those change nothing.
    let json = [
        ("Content-Type", "application/json"),
        ("Origin", "https://evil.example"),
    ];
    let forged = send(&house, Some("client"), "POST", "/v1/users", &json, b"{}")
        .await
        .unwrap();
    assert_eq!((forged.status, &*forged.code()), (403, "origin"));
    authority
        .disable_user("by-card", true, house.now())
        .unwrap();
    let gone = send(&house, Some("client"), "GET", "/v1/me", &[], b"")
        .await
        .unwrap();
    assert_eq!(gone.status, 401);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_over_tls_have_cookies_that_no_other_host_can_set() {
    let house = house().await;
    let page = send(&house, None, "GET", "/sign-in", &[], b"")
        .await
        .unwrap();
    let cookie = page.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-vidimus-office-form="),
        "{cookie}"
    );
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    // With a certificate the sign-in is one press.
    let digest = crate::secret::hex(&Sha256::digest(certificate("client.pem")));
    house
        .authority()
        .set_user_certificate("chief", Some(&digest), house.now())
        .unwrap();
    let page = send(&house, Some("client"), "GET", "/sign-in", &[], b"")
        .await
        .unwrap();
    let text = page.text();
    assert!(text.contains("Sign in as chief"), "{text}");
    let form = super::pages::form_of(&text);
    let cookie = page
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let origin = format!("https://localhost:{}", house.address.port());
    let headers = [
        ("Cookie", &*cookie),
        ("Origin", &*origin),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let body = format!("form={form}");
    let done = send(
        &house,
        Some("client"),
        "POST",
        "/sign-in/certificate",
        &headers,
        body.as_bytes(),
    );
    let done = done.await.unwrap();
    assert_eq!((done.status, done.header("location")), (303, Some("/")));
    assert!(done.head.contains("__Host-vidimus-office-session="));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_http_gets_no_answer_from_a_tls_listener() {
    let house = house().await;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let _ = stream
        .write_all(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(
        !answer.starts_with(b"HTTP/"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    assert_eq!(json!(answer.len() < 64), true);
    house.stop().await;
}
