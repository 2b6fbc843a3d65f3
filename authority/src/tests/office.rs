//! The office: its API, its pages, who may do what, and the audit.

mod api;
mod audit;
mod four_eyes;
mod openapi;
mod pages;
mod roles;
mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vidimus_credential::UnixTime;

use super::{ISSUER, PORTRAIT, START, at, license};
use crate::authority::{Authority, InitOptions, init};
use crate::clock::Moment;
use crate::error::Error;
use crate::http::{OfficeListener, ServeOptions, serve_with};
use crate::office::{Role, Roles};

/// A served authority with an office, and a clock that the test turns.
struct House {
    folder: Arc<TempDir>,
    address: SocketAddr,
    clock: Arc<AtomicU64>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), Error>>,
    /// A token of a user of each role, whose name is the role's.
    tokens: BTreeMap<&'static str, String>,
}

/// An answer of the office.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head,
            body: bytes[end + 4..].to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = InitOptions {
            issuer: Some(ISSUER.to_owned()),
            ..InitOptions::default()
        };
        init(&folder.path().join("home"), options, at(START)).unwrap();
        let mut house = Self::on(
            Arc::new(folder),
            Arc::new(AtomicU64::new(START)),
            "127.0.0.1:0",
        )
        .await;
        let authority = house.authority();
        for role in Role::ALL {
            let name = role.name();
            authority
                .add_user(name, Roles::of(&[role]), at(START))
                .unwrap();
            let made = authority.add_token(name, "test", at(START)).unwrap();
            house.tokens.insert(name, (*made.token).clone());
        }
        house
    }

    /// Serves a home that exists, at the public address of its issuer.
    async fn on(folder: Arc<TempDir>, clock: Arc<AtomicU64>, public: &str) -> Self {
        let office = OfficeListener::bind("127.0.0.1:0".parse().unwrap(), None, &[]).unwrap();
        Self::with(folder, clock, public, office).await
    }

    async fn with(
        folder: Arc<TempDir>,
        clock: Arc<AtomicU64>,
        public: &str,
        office: OfficeListener,
    ) -> Self {
        let hand = Arc::clone(&clock);
        let address = office.address();
        let listener = TcpListener::bind(public).await.unwrap();
        let home = folder.path().join("home");
        let options = ServeOptions {
            clock: Arc::new(move || Moment::from(at(hand.load(Ordering::SeqCst)))),
            office: Some(office),
            ..ServeOptions::default()
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            serve_with(&home, listener, options, async {
                stopped.await.unwrap_or(())
            })
            .await
        });
        Self {
            folder,
            address,
            clock,
            stop: Some(stop),
            task,
            tokens: BTreeMap::new(),
        }
    }

    async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn authority(&self) -> Authority {
        Authority::open(&self.home()).unwrap()
    }

    fn now(&self) -> UnixTime {
        at(self.clock.load(Ordering::SeqCst))
    }

    fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Another user with a token.
    fn user(&self, name: &str, roles: &[Role]) -> String {
        let authority = self.authority();
        authority
            .add_user(name, Roles::of(roles), self.now())
            .unwrap();
        (*authority.add_token(name, "test", self.now()).unwrap().token).clone()
    }

    /// One number out of the database.
    fn count(&self, query: &str) -> i64 {
        let database = crate::store::test_database(&self.home());
        database.query_row(query, [], |row| row.get(0)).unwrap()
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let stream = TcpStream::connect(self.address).await.unwrap();
        send_over(
            stream,
            &self.address.to_string(),
            method,
            path,
            headers,
            body,
        )
        .await
    }

    /// A call of the API by the holder of a token.
    async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Authorization", &*bearer),
            ("Content-Type", "application/json"),
        ];
        let body = match method {
            "GET" => String::new(),
            _ => body.to_string(),
        };
        self.send(method, path, &headers, body.as_bytes()).await
    }

    /// A call by the user of one role.
    async fn by(&self, role: &str, method: &str, path: &str, body: &Value) -> Reply {
        self.call(&self.tokens[role], method, path, body).await
    }

    async fn get(&self, role: &str, path: &str) -> Reply {
        self.by(role, "GET", path, &json!({})).await
    }

    /// Registers a driver by the API; the id of the license.
    async fn add(&self, number: &str) -> String {
        let added = self
            .by("clerk", "POST", "/v1/licenses", &driver(number))
            .await;
        assert_eq!(added.status, 201, "{}", added.text());
        added.json()["license_id"].as_str().unwrap().to_owned()
    }
}

async fn send_over(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    Reply::parse(&answer)
}

/// The body with which a driver is registered.
fn driver(number: &str) -> Value {
    json!({
        "license": crate::application_form::to_json(&license(number)),
        "portrait": STANDARD.encode(PORTRAIT),
    })
}
