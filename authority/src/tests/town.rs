//! Two servers on one home that answer in turn, and phones that speak to them over the wire. Where
//! a driver's browser would be, the test agrees in its place.

mod reply;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::form_urlencoded;
use vidimus_credential::sd_cwt::{Credential, UnverifiedCredential};
use zeroize::Zeroizing;

use super::*;
use crate::authority::AddOptions;
use crate::clock::Moment;
use crate::http::{ServeOptions, serve_with};
use crate::register::{ReviewKind, SignIn as _};
use crate::rules::offers::Mode;
use crate::secret::{base64url, from_base64url, random};
use crate::store::requests;

pub(super) use reply::{Reply, refused};

pub(super) const CLIENT: &str = "vidimus-cli";
pub(super) const REDIRECT: &str = "http://127.0.0.1:4711/callback";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

pub(super) struct Town {
    folder: TempDir,
    clock: Arc<AtomicU64>,
    servers: Vec<SocketAddr>,
    turn: Cell<usize>,
    numbers: Cell<u32>,
}

impl Town {
    pub(super) async fn new() -> Self {
        Self::with(true).await
    }

    pub(super) async fn with(sign_in: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = InitOptions {
            issuer: Some(ISSUER.to_owned()),
            ..InitOptions::default()
        };
        init(folder.path(), options, at(START)).unwrap();
        let clock = Arc::new(AtomicU64::new(START));
        let mut servers = Vec::new();
        for _ in 0..2 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            servers.push(listener.local_addr().unwrap());
            let hand = Arc::clone(&clock);
            let options = ServeOptions {
                clock: Arc::new(move || Moment::from(at(hand.load(Ordering::SeqCst)))),
                sign_in,
                deferral_interval: 30,
                ..ServeOptions::default()
            };
            let home = folder.path().to_owned();
            tokio::spawn(async move {
                serve_with(&home, listener, options, std::future::pending())
                    .await
                    .unwrap();
            });
        }
        Self {
            folder,
            clock,
            servers,
            turn: Cell::new(0),
            numbers: Cell::new(0),
        }
    }

    pub(super) fn now(&self) -> UnixTime {
        at(self.clock.load(Ordering::SeqCst))
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(super) fn open(&self) -> Authority {
        Authority::open(self.folder.path()).unwrap()
    }

    /// One number out of the database.
    pub(super) fn count(&self, query: &str) -> i64 {
        let count = |transaction: &crate::store::Transaction<'_>| {
            Ok(transaction.query_row(query, [], |row| row.get(0))?)
        };
        self.open().store.read(count).unwrap()
    }

    pub(super) fn add(&self, review: Option<ReviewKind>) -> AddedLicense {
        self.numbers.set(self.numbers.get() + 1);
        let license = license(&format!("ZZ-{}", self.numbers.get()));
        let options = AddOptions {
            review,
            ..AddOptions::default()
        };
        self.open()
            .add_license_with(&license, PORTRAIT, options, self.now())
            .unwrap()
    }

    /// Opens a pushed request, as a browser that comes to `/authorize` does.
    pub(super) fn browse(
        &self,
        client: &str,
        request_uri: &str,
    ) -> Result<i64, requests::RequestFault> {
        let opened = self
            .open()
            .store
            .write(|transaction| requests::open(transaction, client, request_uri, self.now()));
        opened.unwrap().map(|opened| opened.id)
    }

    /// The driver agrees; where the browser is sent.
    pub(super) fn agree(&self, request: i64, license: &str, mode: Mode) -> Zeroizing<String> {
        let agreed = self.open().store.write(|transaction| {
            requests::agree(transaction, request, license, mode, None, self.now())
        });
        agreed.unwrap()
    }

    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let turn = self.turn.get();
        self.turn.set(turn + 1);
        let server = self.servers[turn % self.servers.len()];
        let mut stream = TcpStream::connect(server).await.unwrap();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: license.example\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        Reply::parse(&answer)
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    async fn c_nonce(&self) -> String {
        self.send("POST", "/nonce", &[], b"").await.text("c_nonce")
    }
}

/// A key of the kind that wallets use for proofs of possession.
pub(super) fn proof_key() -> SigningKey {
    SigningKey::from_secret(Algorithm::Esp256, &random().unwrap()).unwrap()
}

/// A JWT with its key in the header.
fn jwt(typ: &str, key: &SigningKey, claims: &Value) -> String {
    let (x, y) = key.verifying_key().coordinates();
    let (alg, jwk) = match y {
        Some(y) => (
            "ES256",
            json!({ "kty": "EC", "crv": "P-256", "x": base64url(&x), "y": base64url(&y) }),
        ),
        None => (
            "EdDSA",
            json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&x) }),
        ),
    };
    let header = json!({ "typ": typ, "alg": alg, "jwk": jwk });
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(claims));
    format!(
        "{signed}.{}",
        base64url(&key.sign(signed.as_bytes()).unwrap())
    )
}

/// The claims of a proof of possession that is good for this request.
pub(super) fn claims(town: &Town, path: &str, access: Option<&str>, nonce: Option<&str>) -> Value {
    let mut claims = json!({
        "jti": base64url(&random::<12>().unwrap()),
        "htm": "POST",
        "htu": format!("{ISSUER}{path}"),
        "iat": town.now().seconds(),
    });
    if let Some(access) = access {
        claims["ath"] = json!(base64url(&Sha256::digest(access)));
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    claims
}

pub(super) fn possession(key: &SigningKey, claims: &Value) -> String {
    jwt("dpop+jwt", key, claims)
}

/// A phone that signs in: its keys and what it keeps.
pub(super) struct App<'t> {
    pub(super) town: &'t Town,
    pub(super) proof_key: SigningKey,
    pub(super) holder: SigningKey,
    pub(super) verifier: String,
    pub(super) nonce: RefCell<Option<String>>,
}

/// What a phone gets for a code or a refresh token.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: String,
}

impl Tokens {
    pub(super) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.json());
        Self {
            access: reply.text("access_token"),
            refresh: reply.text("refresh_token"),
        }
    }
}

impl<'t> App<'t> {
    pub(super) fn new(town: &'t Town) -> Self {
        Self {
            town,
            proof_key: proof_key(),
            holder: new_key(),
            verifier: base64url(&random::<32>().unwrap()),
            nonce: RefCell::new(None),
        }
    }

    pub(super) fn challenge(&self) -> String {
        base64url(&Sha256::digest(&self.verifier))
    }

    /// Posts with a proof by the phone's key; once more where the server has a nonce for it.
    pub(super) async fn post(
        &self,
        path: &str,
        media_type: &str,
        access: Option<&str>,
        body: &str,
    ) -> Reply {
        for _ in 0..2 {
            let nonce = self.nonce.borrow().clone();
            let claims = claims(self.town, path, access, nonce.as_deref());
            let proof = possession(&self.proof_key, &claims);
            let reply = self.post_with(path, media_type, access, body, &proof).await;
            let next = reply.header("dpop-nonce").map(str::to_owned);
            assert!(next.is_some(), "each answer to a proof has a nonce");
            *self.nonce.borrow_mut() = next;
            let again = reply.json()["error"] == "use_dpop_nonce";
            if !again {
                return reply;
            }
        }
        panic!("a fresh nonce was refused");
    }

    /// Posts with this proof, and once.
    pub(super) async fn post_with(
        &self,
        path: &str,
        media_type: &str,
        access: Option<&str>,
        body: &str,
        proof: &str,
    ) -> Reply {
        let authorization = access.map(|access| format!("DPoP {access}"));
        let mut headers = vec![("Content-Type", media_type), ("DPoP", proof)];
        if let Some(authorization) = &authorization {
            headers.push(("Authorization", authorization));
        }
        self.town
            .send("POST", path, &headers, body.as_bytes())
            .await
    }

    pub(super) fn request(&self) -> Vec<(&'static str, String)> {
        [
            ("client_id", CLIENT),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", "dl"),
            ("state", "a state &?"),
            ("code_challenge", &self.challenge()),
            ("code_challenge_method", "S256"),
            ("ui_locales", "de en"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    /// Pushes a request with one parameter changed, or left out.
    pub(super) async fn push_with(&self, name: &'static str, value: Option<&str>) -> Reply {
        let mut form = self.request();
        form.retain(|(known, _)| *known != name);
        form.extend(value.map(|value| (name, value.to_owned())));
        self.post("/par", FORM, None, &encode(&form)).await
    }

    pub(super) async fn push(&self) -> String {
        let reply = self.push_with("resource", Some("x")).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.json()["expires_in"], 60);
        reply.text("request_uri")
    }

    /// Pushes, and the driver agrees in the browser; the code.
    pub(super) async fn code(&self, license: &str, mode: Mode) -> String {
        let request_uri = self.push().await;
        let request = self.town.browse(CLIENT, &request_uri).unwrap();
        code_in(&self.town.agree(request, license, mode))
    }

    pub(super) fn code_form(&self, code: &str) -> Vec<(&'static str, String)> {
        [
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT),
            ("redirect_uri", REDIRECT),
            ("code", code),
            ("code_verifier", &self.verifier),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    pub(super) async fn redeem(&self, code: &str) -> Reply {
        self.token(&self.code_form(code)).await
    }

    pub(super) async fn token(&self, form: &[(&'static str, String)]) -> Reply {
        self.post("/token", FORM, None, &encode(form)).await
    }

    pub(super) async fn refresh(&self, refresh: &str) -> Reply {
        let form = [
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh.to_owned()),
        ];
        self.token(&form).await
    }

    /// Redeems the code of an offer.
    pub(super) async fn redeem_offer(&self, added: &AddedLicense) -> Reply {
        let form = [
            ("grant_type", crate::offers::PRE_AUTHORIZED.to_owned()),
            ("pre-authorized_code", code_of(added)),
            ("tx_code", added.tx_code.clone()),
        ];
        self.token(&form).await
    }

    /// The body of a credential request with a proof by the holder key.
    pub(super) async fn wanted(&self) -> String {
        let nonce = self.town.c_nonce().await;
        let claims = json!({
            "aud": ISSUER, "iat": self.town.now().seconds(), "nonce": nonce
        });
        let proof = jwt("openid4vci-proof+jwt", &self.holder, &claims);
        json!({ "credential_configuration_id": "dl", "proofs": { "jwt": [proof] } }).to_string()
    }

    pub(super) async fn credential(&self, access: &str) -> Reply {
        let body = self.wanted().await;
        self.post("/credential", JSON, Some(access), &body).await
    }

    pub(super) async fn ask_again(&self, access: &str, transaction_id: &str) -> Reply {
        let body = json!({ "transaction_id": transaction_id }).to_string();
        self.post("/deferred_credential", JSON, Some(access), &body)
            .await
    }

    pub(super) async fn acknowledge(&self, access: &str, reply: &Reply) {
        let body = json!({
            "notification_id": reply.text("notification_id"), "event": "credential_accepted"
        });
        let told = self
            .post("/notification", JSON, Some(access), &body.to_string())
            .await;
        assert_eq!(told.status, 204);
    }

    /// What a good answer of a credential endpoint brings.
    pub(super) fn credential_in(&self, reply: &Reply) -> Credential {
        let answer = reply.json();
        assert_eq!(reply.status, 200, "{answer}");
        let bytes = answer["credentials"][0]["credential"].as_str().unwrap();
        let home = self.town.folder.path();
        let root = VerifyingKey::from_cose_key(&fs::read(home.join("root.cose")).unwrap());
        let trust = fs::read(home.join("public/trust")).unwrap();
        let trust = TrustList::verify(&trust, &root.unwrap()).unwrap();
        UnverifiedCredential::parse(&from_base64url(bytes).unwrap())
            .unwrap()
            .authenticate(&trust)
            .unwrap()
    }

    /// Signs in and gets the license.
    pub(super) async fn license(&self, license: &str, mode: Mode) -> Tokens {
        let code = self.code(license, mode).await;
        let tokens = Tokens::of(&self.redeem(&code).await);
        let reply = self.credential(&tokens.access).await;
        self.credential_in(&reply);
        self.acknowledge(&tokens.access, &reply).await;
        tokens
    }
}

pub(super) fn encode(form: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// The code in the address that the browser is sent to.
pub(super) fn code_in(address: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    let mut pairs = url.query_pairs();
    let code = pairs.find(|(name, _)| name == "code");
    code.unwrap_or_else(|| panic!("{address}")).1.into_owned()
}

impl Town {
    /// Registers an app of the phone's maker.
    pub(super) fn put_client(&self, id: &str, redirect: &str) {
        let app = crate::register::ClientApp {
            id: id.to_owned(),
            redirects: vec![redirect.to_owned()],
            android: vec![("org.vidimus.app".to_owned(), "AB".repeat(32))],
            apple: vec!["ABCDE12345.org.vidimus".to_owned()],
        };
        self.open().register().put_client(&app, self.now()).unwrap();
    }
}
