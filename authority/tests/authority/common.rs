//! An authority on a loopback port with a clock that the test turns, and a client that speaks plain
//! HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vidimus_authority::{
    AddedLicense, Authority, Error, InitOptions, Moment, application_form, init, serve_with_clock,
};
use vidimus_credential::sd_cwt::{Credential, StatusRef, UnverifiedCredential};
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::trust::TrustList;
use vidimus_credential::{
    Algorithm, License, LicenseStatus, Signer as _, SigningKey, UnixTime, VerifyingKey,
};

/// 2027-01-15: within the example license's dates.
pub(crate) const START: u64 = 1_800_000_000;
pub(crate) const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

pub(crate) fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

pub(crate) fn driver_json() -> Value {
    json!({
        "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
        "license_number": "ZZ-1029384756", "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    })
}

pub(crate) fn license() -> License {
    read(&driver_json())
}

pub(crate) fn read(file: &Value) -> License {
    application_form::parse(file.to_string().as_bytes()).unwrap()
}

/// The example with another number, for a number is registered once.
pub(crate) fn license_of(number: &str) -> License {
    let mut file = driver_json();
    file["license_number"] = json!(number);
    read(&file)
}

/// What the published list of a credential says at its index, and when it was signed.
pub(crate) fn published(
    home: &Path,
    issuer: &str,
    status: &StatusRef,
) -> (LicenseStatus, UnixTime) {
    let path = status.uri.strip_prefix(issuer).unwrap();
    let bytes = std::fs::read(home.join(format!("public{path}"))).unwrap();
    let token = UnverifiedStatusToken::parse(&bytes)
        .unwrap()
        .authenticate(&trust_of(home), issuer)
        .unwrap();
    assert_eq!(token.uri(), status.uri);
    (token.status(status.idx).unwrap(), token.issued_at())
}

/// The database, beside the authority's own connection.
pub(crate) fn database(home: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(home.join("authority.sqlite")).unwrap()
}

/// One number out of the database.
pub(crate) fn count(home: &Path, query: &str) -> i64 {
    database(home)
        .query_row(query, [], |row| row.get(0))
        .unwrap()
}

/// Places in lists that read the state of a credential that can still be good.
pub(crate) const LIVE: &str =
    "SELECT count(*) FROM issuances WHERE released = 0 AND own_state IS NULL";

/// A JPEG of this size that decodes.
pub(crate) fn portrait(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let shade = u8::try_from((x * 3 + y * 5) % 256).unwrap();
        image::Rgb([shade, shade / 2, 255 - shade])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Jpeg)
        .unwrap();
    file.into_inner()
}

pub(crate) fn root_of(home: &Path) -> VerifyingKey {
    VerifyingKey::from_cose_key(&std::fs::read(home.join("root.cose")).unwrap()).unwrap()
}

pub(crate) fn trust_of(home: &Path) -> TrustList {
    TrustList::verify(
        &std::fs::read(home.join("public/trust")).unwrap(),
        &root_of(home),
    )
    .unwrap()
}

/// A running authority and its home.
pub(crate) struct Town {
    pub(crate) folder: TempDir,
    pub(crate) issuer: String,
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<AtomicU64>,
    numbers: AtomicU32,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), Error>>,
}

impl Town {
    pub(crate) async fn new() -> Self {
        Self::with(InitOptions::default()).await
    }

    pub(crate) async fn with(options: InitOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        init(folder.path(), options, at(START)).unwrap();
        Self::on(folder, "127.0.0.1:0", START).await
    }

    /// Serves a home that exists.
    pub(crate) async fn on(folder: TempDir, listen: &str, time: u64) -> Self {
        let clock = Arc::new(AtomicU64::new(time));
        let hand = Arc::clone(&clock);
        let moment = move || Moment::from(at(hand.load(Ordering::SeqCst)));
        Self::by(folder, listen, clock, Arc::new(moment)).await
    }

    /// Serves a home whose machine's clocks stand still, at the address of its issuer.
    pub(crate) async fn with_moment(folder: TempDir, moment: Moment) -> Self {
        let issuer = Authority::open(folder.path()).unwrap().issuer().unwrap();
        let issuer = issuer.unwrap();
        let clock = Arc::new(AtomicU64::new(moment.wall().seconds()));
        let listen = issuer.strip_prefix("http://").unwrap();
        Self::by(folder, listen, clock, Arc::new(move || moment)).await
    }

    /// Serves a home by clocks of the test's own; `clock` is the hand that the test dates by.
    pub(crate) async fn by(
        folder: TempDir,
        listen: &str,
        clock: Arc<AtomicU64>,
        moment: vidimus_authority::Clock,
    ) -> Self {
        let listener = TcpListener::bind(listen).await.unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = Authority::open(folder.path())
            .unwrap()
            .fix_issuer(address, moment())
            .unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let home = folder.path().to_owned();
        let task = tokio::spawn(async move {
            serve_with_clock(&home, listener, moment, async {
                stopped.await.unwrap_or(())
            })
            .await
        });
        Self {
            folder,
            issuer,
            address,
            clock,
            numbers: AtomicU32::new(1),
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn home(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn now(&self) -> UnixTime {
        at(self.clock.load(Ordering::SeqCst))
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn authority(&self) -> Authority {
        Authority::open(self.home()).unwrap()
    }

    /// Registers a driver with a number of their own.
    pub(crate) fn add_license(&self) -> AddedLicense {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst);
        let license = license_of(&format!("ZZ-{number}"));
        self.authority()
            .add_license(&license, &portrait(150, 200), self.now())
            .unwrap()
    }

    /// What the published list says of a credential.
    pub(crate) fn status_of(&self, credential: &Credential) -> LicenseStatus {
        published(self.home(), &self.issuer, &credential.claims().status).0
    }

    /// What a good answer of the credential endpoint brings.
    pub(crate) fn credential_in(&self, reply: &Reply) -> Credential {
        let answer = reply.json();
        assert_eq!(reply.status, 200, "{answer}");
        let credentials = answer["credentials"].as_array().unwrap();
        assert_eq!(credentials.len(), 1);
        let bytes = decode(credentials[0]["credential"].as_str().unwrap());
        UnverifiedCredential::parse(&bytes)
            .unwrap()
            .authenticate(&trust_of(self.home()))
            .unwrap()
    }

    /// Tells that a credential was stored.
    pub(crate) async fn acknowledge(&self, access: &str, reply: &Reply) {
        let told = json!({
            "notification_id": reply.text("notification_id"), "event": "credential_accepted"
        });
        assert_eq!(
            self.post_json("/notification", access, &told).await.status,
            204
        );
    }

    /// A phone that redeems, asks, stores and tells.
    pub(crate) async fn enroll(&self, added: &AddedLicense, key: &SigningKey) -> Phone {
        let tokens = self.redeem(added).await;
        assert_eq!(tokens.status, 200, "{}", tokens.json());
        self.fetch(&tokens, key).await
    }

    /// The same with the tokens that it has.
    pub(crate) async fn fetch(&self, tokens: &Reply, key: &SigningKey) -> Phone {
        let access = tokens.text("access_token");
        let reply = self.credential(&access, key).await;
        let credential = self.credential_in(&reply);
        self.acknowledge(&access, &reply).await;
        Phone {
            credential,
            access,
            refresh: tokens.text("refresh_token"),
        }
    }

    /// Stops gracefully; gives the home back.
    pub(crate) async fn stop(mut self) -> TempDir {
        self.stop.take().unwrap().send(()).unwrap();
        self.task.await.unwrap().unwrap();
        self.folder
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(request.as_bytes()).await.unwrap();
        // A server that refuses a body early may close before it has all of it.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Reply::parse(&answer)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    pub(crate) async fn form(&self, parameters: &[(&str, &str)]) -> Reply {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters)
            .finish();
        self.send(
            "POST",
            "/token",
            &[("Content-Type", "application/x-www-form-urlencoded")],
            form.as_bytes(),
        )
        .await
    }

    pub(crate) async fn redeem(&self, added: &AddedLicense) -> Reply {
        let code = code_of(added);
        self.form(&[
            ("grant_type", PRE_AUTHORIZED),
            ("pre-authorized_code", &code),
            ("tx_code", &added.tx_code),
        ])
        .await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Reply {
        self.form(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    pub(crate) async fn nonce(&self) -> String {
        let reply = self.send("POST", "/nonce", &[], b"").await;
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (200, Some("no-store"))
        );
        reply.text("c_nonce")
    }

    pub(crate) async fn post_json(&self, path: &str, access: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {access}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        self.send("POST", path, &headers, body.to_string().as_bytes())
            .await
    }

    /// A credential request with a good proof by this key.
    pub(crate) async fn credential(&self, access: &str, key: &SigningKey) -> Reply {
        let proof = Proof::new(self, key, &self.nonce().await).sign(key);
        self.post_json("/credential", access, &request_with(&proof))
            .await
    }
}

/// What a phone holds after an enrollment or a renewal.
pub(crate) struct Phone {
    pub(crate) credential: Credential,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

pub(crate) fn request_with(proof: &str) -> Value {
    json!({ "credential_configuration_id": "dl", "proofs": { "jwt": [proof] } })
}

/// The offer inside an offer URI by value.
pub(crate) fn offer_of(added: &AddedLicense) -> Value {
    let url = url::Url::parse(&added.offer).unwrap();
    let (name, value) = url.query_pairs().next().unwrap();
    assert_eq!(name, "credential_offer");
    serde_json::from_str(&value).unwrap()
}

pub(crate) fn code_of(added: &AddedLicense) -> String {
    offer_of(added)["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A holder key of either kind.
pub(crate) fn holder(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_secret(algorithm, &[7; 32]).unwrap()
}

/// The `n`th of many holder keys.
pub(crate) fn key(n: u8) -> SigningKey {
    SigningKey::from_secret(Algorithm::Ed25519, &[n + 1; 32]).unwrap()
}

pub(crate) fn jwk_of(key: &SigningKey) -> Value {
    let (x, y) = key.verifying_key().coordinates();
    match y {
        Some(y) => json!({ "kty": "EC", "crv": "P-256", "x": encode(&x), "y": encode(&y) }),
        None => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(&x) }),
    }
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A key proof before it is signed.
pub(crate) struct Proof {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Proof {
    pub(crate) fn new(town: &Town, key: &SigningKey, nonce: &str) -> Self {
        let algorithm = if key.verifying_key().algorithm() == Algorithm::Ed25519 {
            "EdDSA"
        } else {
            "ES256"
        };
        Self {
            header: json!({ "typ": "openid4vci-proof+jwt", "alg": algorithm, "jwk": jwk_of(key) }),
            claims: json!({ "aud": town.issuer, "iat": town.now().seconds(), "nonce": nonce }),
        }
    }

    pub(crate) fn sign(&self, key: &SigningKey) -> String {
        let signed = format!(
            "{}.{}",
            encode(self.header.to_string().as_bytes()),
            encode(self.claims.to_string().as_bytes())
        );
        let signature = key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(&signature))
    }
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("an HTTP head");
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        Self {
            status,
            headers: headers.collect(),
            body: answer[end + 4..].to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap().to_owned()
    }

    /// The status and error code of a refusal, which is JSON, printable ASCII, and never stored.
    pub(crate) fn refusal(&self) -> (u16, String) {
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert!(
            self.text("error_description")
                .bytes()
                .all(|byte| (0x20..0x7f).contains(&byte))
        );
        (self.status, self.text("error"))
    }
}

pub(crate) fn refused(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}
