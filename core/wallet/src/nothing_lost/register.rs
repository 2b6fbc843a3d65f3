//! A test's register of an authority: its rules for codes, tokens, credentials and notifications,
//! in memory and without a network. It can be forked, so that a test can try many ends of one
//! beginning.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::json;
use url::form_urlencoded;
use vidimus_credential::sd_cwt::StatusRef;

use crate::testing::{Authority, NOW, Reply, Request, credential_reply, proof, proven_key};

/// Unused pairs of tokens that are kept.
const UNUSED: usize = 4;

/// The register of one driver's license.
pub(crate) struct Register {
    pub(crate) authority: Authority,
    books: Mutex<Books>,
}

/// How an offer reaches the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    Value,
    /// By an address that answers as long as the code is good.
    Reference,
    /// By an address of another maker's issuer: it answers until the code was sent once, with any
    /// result.
    ReferenceUntilSpent,
}

#[derive(Clone)]
struct Books {
    now: u64,
    /// A code was sent.
    is_spent: bool,
    drawn: u64,
    nonces: BTreeSet<String>,
    /// The pairs of tokens that are good, the oldest first.
    pairs: Vec<Pair>,
    issuances: Vec<Issuance>,
}

#[derive(Clone)]
struct Pair {
    access: String,
    refresh: String,
    used: bool,
}

/// One credential that was given to one device.
#[derive(Clone)]
pub(crate) struct Issuance {
    pub(crate) credential: Vec<u8>,
    key: Vec<u8>,
    notification: String,
    pub(crate) acknowledged: bool,
    /// Another key took its place before it was acknowledged.
    pub(crate) superseded: bool,
}

impl Register {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            authority: Authority::named("https://authority.example"),
            books: Mutex::new(Books {
                now: NOW,
                is_spent: false,
                drawn: 0,
                nonces: BTreeSet::new(),
                pairs: Vec::new(),
                issuances: Vec::new(),
            }),
        })
    }

    /// Another one that goes on from here.
    pub(crate) fn fork(&self) -> Arc<Self> {
        Arc::new(Self {
            authority: Authority::named(&self.authority.issuer),
            books: Mutex::new(self.books().clone()),
        })
    }

    pub(crate) fn set_now(&self, now: u64) {
        self.books().now = now;
    }

    pub(crate) fn issuances(&self) -> Vec<Issuance> {
        self.books().issuances.clone()
    }

    /// The offer by value, or by its address.
    pub(crate) fn offer(&self, offered: Offered) -> String {
        let path = match offered {
            Offered::Value => return self.authority.offer(),
            Offered::Reference => "offers/1",
            Offered::ReferenceUntilSpent => "offers/2",
        };
        let address = format!("{}/{path}", self.authority.issuer);
        let address: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        format!("openid-credential-offer://?credential_offer_uri={address}")
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let (authority, mut books) = (&self.authority, self.books());
        let issuer = authority.issuer.as_str();
        match request.path.as_str() {
            "/.well-known/openid-credential-issuer" => Reply::json(200, &authority.metadata()),
            "/.well-known/oauth-authorization-server" => Reply::json(
                200,
                &json!({ "issuer": issuer, "token_endpoint": format!("{issuer}/token") }),
            ),
            path @ ("/offers/1" | "/offers/2")
                if books.issuances.is_empty() && !(path == "/offers/2" && books.is_spent) =>
            {
                let grant = json!({
                    "pre-authorized_code": "code-1",
                    "tx_code": { "input_mode": "numeric", "length": 6 },
                });
                Reply::json(200, &authority.offer_document(&grant))
            }
            "/trust" => Reply::new(200).body(authority.trust_list(books.now)),
            "/status/0" => {
                let mut values = [0; 256];
                for (issuance, value) in books.issuances.iter().zip(&mut values) {
                    *value = if issuance.superseded { 0x0e } else { 0 };
                }
                Reply::new(200).body(authority.list_of(&authority.list(), &values, books.now))
            }
            "/nonce" => {
                let nonce = books.draw("nonce");
                books.nonces.insert(nonce.clone());
                Reply::json(200, &json!({ "c_nonce": nonce }))
            }
            "/token" => {
                books.is_spent = true;
                books.token(request)
            }
            "/credential" => books.credential(authority, request),
            "/notification" => books.notification(request),
            _ => Reply::new(404),
        }
    }
}

impl Books {
    fn draw(&mut self, kind: &str) -> String {
        self.drawn += 1;
        format!("{kind}-{}", self.drawn)
    }

    /// A code is good until a credential was issued, a refresh token until one was issued on a
    /// later pair.
    fn token(&mut self, request: &Request) -> Reply {
        let form: HashMap<String, String> =
            form_urlencoded::parse(&request.body).into_owned().collect();
        let asked = |name: &str| form.get(name).map_or("", String::as_str);
        let good = match asked("grant_type") {
            "refresh_token" => {
                let refresh = asked("refresh_token");
                self.pairs.iter().any(|pair| pair.refresh == refresh)
            }
            _ => {
                asked("pre-authorized_code") == "code-1"
                    && asked("tx_code") == "123456"
                    && self.issuances.is_empty()
            }
        };
        if !good {
            return Reply::error(400, "invalid_grant");
        }
        let pair = Pair {
            access: self.draw("access"),
            refresh: self.draw("refresh"),
            used: false,
        };
        let reply = Reply::json(
            200,
            &json!({
                "access_token": pair.access, "token_type": "Bearer", "expires_in": 300,
                "refresh_token": pair.refresh,
            }),
        );
        self.pairs.push(pair);
        while self.pairs.iter().filter(|pair| !pair.used).count() > UNUSED {
            let oldest = self.pairs.iter().position(|pair| !pair.used).unwrap();
            self.pairs.remove(oldest);
        }
        reply
    }

    fn pair(&self, request: &Request) -> Option<usize> {
        let token = request.header("authorization")?.strip_prefix("Bearer ")?;
        self.pairs.iter().position(|pair| pair.access == token)
    }

    /// The first issuance fixes the key. The same key has the same answer until it is acknowledged;
    /// before that another one takes its place.
    fn credential(&mut self, authority: &Authority, request: &Request) -> Reply {
        let Some(pair) = self.pair(request) else {
            return Reply::error(401, "invalid_token");
        };
        let nonce = proof(request).1["nonce"].as_str().unwrap().to_owned();
        if !self.nonces.remove(&nonce) {
            return Reply::error(400, "invalid_nonce");
        }
        let holder = proven_key(request);
        let key = holder.to_cose_key();
        let last = self.issuances.last().cloned();
        let is_repeated = match last {
            Some(last) if last.acknowledged && last.key != key => {
                return Reply::error(400, "invalid_proof");
            }
            Some(last) if !last.acknowledged && last.key != key => {
                self.issuances.last_mut().unwrap().superseded = true;
                false
            }
            Some(last) => !last.acknowledged,
            None => false,
        };
        if !is_repeated {
            let status = StatusRef {
                idx: u8::try_from(self.issuances.len()).unwrap(),
                uri: authority.list(),
            };
            let signer = &authority.credential;
            let credential = authority.license_in(status, signer, &holder, self.now);
            let notification = self.draw("notification");
            self.issuances.push(Issuance {
                credential,
                key,
                notification,
                acknowledged: false,
                superseded: false,
            });
        }
        // Now this pair is used: its siblings and those before it are forgotten.
        let mut pair = self.pairs.remove(pair);
        pair.used = true;
        self.pairs = vec![pair];
        let issued = self.issuances.last().unwrap();
        let reply = credential_reply(&issued.credential).into_response();
        let mut body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        body["notification_id"] = json!(issued.notification);
        Reply::json(200, &body)
    }

    fn notification(&mut self, request: &Request) -> Reply {
        if self.pair(request).is_none() {
            return Reply::error(401, "invalid_token");
        }
        let body = request.json();
        let mut issuances = self.issuances.iter_mut();
        match issuances.find(|issued| body["notification_id"] == issued.notification.as_str()) {
            Some(issued) if body["event"] == "credential_accepted" => {
                issued.acknowledged = true;
                Reply::new(204)
            }
            Some(_) => Reply::new(204),
            None => Reply::error(400, "invalid_notification_id"),
        }
    }
}
