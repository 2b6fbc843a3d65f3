//! Whole enrollments a second: eight phones at a served authority with 100,000 licenses, on
//! loopback and with a new connection for each request. The phones' work is in the numbers, the
//! clerk's is not.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod register;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use register::{ENROLLED, Register, number};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use vidimus_authority::{AddedLicense, Authority, Moment, OfferKind, serve};
use vidimus_credential::{Algorithm, Signer as _, SigningKey};

const PHONES: usize = 8;
const ENROLLMENTS: u32 = 600;
const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The agreed 30 enrollments a second, in milliseconds an enrollment.
const LIMIT_MS: f64 = 1_000.0 / 30.0;

fn main() {
    // `cargo bench` adds its own options; a name is a filter.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"enrollments".contains(&filter)) {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let issuer = format!("http://{address}");
    let register = Register::new(&issuer, ENROLLMENTS);
    let (stop, server) = start(register.home.clone(), listener);
    let offers = offers(&register);
    let office = Office { address, issuer };
    office.send("GET", "/trust", &[], "");

    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let mut times: Vec<f64> = thread::scope(|scope| {
        let phone = || {
            let mut times = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let Some(offer) = offers.get(turn) else {
                    return times;
                };
                let enrollment = Instant::now();
                office.enroll(offer, turn);
                times.push(enrollment.elapsed().as_secs_f64() * 1e3);
            }
        };
        let phones: Vec<_> = (0..PHONES).map(|_| scope.spawn(phone)).collect();
        phones
            .into_iter()
            .flat_map(|phone| phone.join().unwrap())
            .collect()
    });
    let took = begun.elapsed().as_secs_f64() * 1e3;
    stop.send(()).unwrap();
    server.join().unwrap();
    times.sort_by(f64::total_cmp);
    println!(
        "{:.0} enrollments a second by {PHONES} phones; half within {:.0} ms, 99 of 100 within {:.0} ms",
        f64::from(ENROLLMENTS) * 1e3 / took,
        times[times.len() / 2],
        times[times.len() * 99 / 100],
    );
    println!(
        "measure: enrollments | {:.2} | {LIMIT_MS:.1} | ms",
        took / f64::from(ENROLLMENTS)
    );
}

/// Serves the home in a thread until told to stop.
fn start(home: PathBuf, listener: TcpListener) -> (oneshot::Sender<()>, thread::JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let server = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            serve(&home, listener, async { stopped.await.unwrap_or(()) })
                .await
                .unwrap();
        });
    });
    (stop, server)
}

/// What the clerk hands to the drivers who have no phone yet.
fn offers(register: &Register) -> Vec<AddedLicense> {
    let authority = Authority::open(&register.home).unwrap();
    (ENROLLED..ENROLLED + ENROLLMENTS)
        .map(|driver| {
            authority
                .offer(&number(driver), OfferKind::First, Moment::of_system())
                .unwrap()
        })
        .collect()
}

struct Office {
    address: SocketAddr,
    issuer: String,
}

impl Office {
    /// One phone's enrollment, from the QR of the offer to the word that the credential is stored.
    fn enroll(&self, offer: &AddedLicense, turn: usize) {
        let url = url::Url::parse(&offer.offer_by_reference).unwrap();
        let (_, reference) = url.query_pairs().next().unwrap();
        let reference = reference.strip_prefix(&self.issuer).unwrap();
        let document = self.send("GET", reference, &[], "");
        let code = &document["grants"][PRE_AUTHORIZED]["pre-authorized_code"];
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", PRE_AUTHORIZED)
            .append_pair("pre-authorized_code", code.as_str().unwrap())
            .append_pair("tx_code", &offer.tx_code)
            .finish();
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let tokens = self.send("POST", "/token", &[kind], &form);
        let nonce = self.send("POST", "/nonce", &[], "");

        let mut secret = [1; 32];
        secret[..8].copy_from_slice(&turn.to_le_bytes());
        let key = SigningKey::from_secret(Algorithm::Ed25519, &secret).unwrap();
        let proof = self.proof(&key, &nonce["c_nonce"]);
        let request = json!({ "credential_configuration_id": "dl", "proofs": { "jwt": [proof] } })
            .to_string();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let answer = self.send("POST", "/credential", &headers, &request);
        assert!(answer["credentials"][0]["credential"].is_string());
        let told = json!({
            "notification_id": answer["notification_id"], "event": "credential_accepted"
        });
        self.send("POST", "/notification", &headers, &told.to_string());
    }

    fn proof(&self, key: &SigningKey, nonce: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let (x, _) = key.verifying_key().coordinates();
        let header = json!({
            "typ": "openid4vci-proof+jwt", "alg": "EdDSA",
            "jwk": { "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(x) }
        });
        let iat = Moment::of_system().wall().seconds();
        let claims = json!({ "aud": self.issuer, "iat": iat, "nonce": nonce });
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Sends a request on its own connection. Returns the answer where it is JSON; anything but a
    /// success ends the bench.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Value {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        let (head, body) = answer.split_at(end + 4);
        assert!(
            head.starts_with(b"HTTP/1.1 20"),
            "{method} {path}: {}",
            String::from_utf8_lossy(&answer)
        );
        serde_json::from_slice(body).unwrap_or_default()
    }
}
