//! A test's register of an authority: its rules for codes, tokens, credentials and notifications,
//! in memory and without a network. It can be forked, so that a test can try many ends of one
//! beginning.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::json;
use url::form_urlencoded;
use vidimus_credential::key::VerifyingKey;
use vidimus_credential::sd_cwt::StatusRef;

use super::authority::{Authority, NOW, credential_reply, proof, proven_key};
use super::server::{Reply, Request};
use super::sign_ins::{Browser, Review, SignIns, form_of};

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
    sign_ins: SignIns,
    /// The holder key of the first proof while the license waited.
    deferred: Option<VerifyingKey>,
}

#[derive(Clone)]
struct Pair {
    access: String,
    refresh: String,
    /// When the access token ends.
    until: u64,
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
        Self::at("https://authority.example")
    }

    /// The register of an issuer at this address.
    pub(crate) fn at(issuer: &str) -> Arc<Self> {
        Arc::new(Self {
            authority: Authority::named(issuer),
            books: Mutex::new(Books {
                now: NOW,
                is_spent: false,
                drawn: 0,
                nonces: BTreeSet::new(),
                pairs: Vec::new(),
                issuances: Vec::new(),
                sign_ins: SignIns::new(),
                deferred: None,
            }),
        })
    }

    /// Tokens are bound to keys from now on.
    pub(crate) fn use_dpop(&self) {
        self.books().sign_ins.uses_dpop = true;
    }

    /// Drivers may sign in from now on, with tokens that are bound to keys.
    pub(crate) fn open_accounts(&self) {
        self.books().sign_ins.has_accounts = true;
        self.use_dpop();
    }

    /// The state of the license's review from now on.
    pub(crate) fn review(&self, review: Review) {
        self.books().sign_ins.review = review;
    }

    /// How often a deferred license was asked for before the interval had passed.
    pub(crate) fn polled_too_early(&self) -> usize {
        self.books().sign_ins.too_early
    }

    /// How often a deferred license was asked for with a good token.
    pub(crate) fn polls(&self) -> usize {
        self.books().sign_ins.polls
    }

    /// What the browser comes back with from this address.
    pub(crate) fn browser(&self, url: &str, driver: Browser) -> Option<String> {
        let issuer = &self.authority.issuer;
        self.books().sign_ins.open(issuer, url, driver)
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
            "/.well-known/openid-credential-issuer" => {
                let mut metadata = authority.metadata();
                metadata["deferred_credential_endpoint"] = json!(format!("{issuer}/deferred"));
                Reply::json(200, &metadata)
            }
            "/.well-known/oauth-authorization-server" => {
                Reply::json(200, &books.sign_ins.metadata(issuer))
            }
            "/par" => {
                books.drawn += 1;
                let number = books.drawn;
                books.sign_ins.push(issuer, request, number)
            }
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
                books.token(issuer, request)
            }
            "/deferred" => books.deferred(authority, request),
            "/credential" => books.credential(authority, request),
            "/notification" => books.notification(issuer, request),
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
    fn token(&mut self, issuer: &str, request: &Request) -> Reply {
        let form = form_of(request);
        let jkt = match self.sign_ins.proven(issuer, request) {
            Ok(jkt) => jkt,
            Err(reply) => return reply,
        };
        let jkt = jkt.as_ref();
        let asked = |name: &str| form.get(name).map_or("", String::as_str);
        let good = match asked("grant_type") {
            "refresh_token" => {
                let refresh = asked("refresh_token");
                self.pairs.iter().any(|pair| pair.refresh == refresh)
                    && self.sign_ins.takes_key(jkt, false)
                    && self.sign_ins.takes_client(&form)
            }
            "authorization_code" => {
                self.sign_ins.takes_code(&form, jkt) && self.issuances.is_empty()
            }
            _ => {
                asked("pre-authorized_code") == "code-1"
                    && asked("tx_code") == "123456"
                    && self.issuances.is_empty()
                    && self.sign_ins.takes_key(jkt, true)
            }
        };
        if !good {
            return Reply::error(400, "invalid_grant");
        }
        let pair = Pair {
            access: self.draw("access"),
            refresh: self.draw("refresh"),
            until: self.now + 300,
            used: false,
        };
        let reply = Reply::json(
            200,
            &json!({
                "access_token": pair.access, "token_type": self.sign_ins.token_type(),
                "expires_in": 300, "refresh_token": pair.refresh,
            }),
        );
        self.pairs.push(pair);
        while self.pairs.iter().filter(|pair| !pair.used).count() > UNUSED {
            let oldest = self.pairs.iter().position(|pair| !pair.used).unwrap();
            self.pairs.remove(oldest);
        }
        reply
    }

    fn pair(&mut self, issuer: &str, request: &Request) -> Result<usize, Reply> {
        let token = self.sign_ins.access(issuer, request)?;
        let mut pairs = self.pairs.iter();
        let pair = pairs.position(|pair| pair.access == token && self.now < pair.until);
        pair.ok_or_else(|| Reply::error(401, "invalid_token"))
    }

    fn credential(&mut self, authority: &Authority, request: &Request) -> Reply {
        let pair = match self.pair(&authority.issuer, request) {
            Ok(pair) => pair,
            Err(reply) => return reply,
        };
        let nonce = proof(request).1["nonce"].as_str().unwrap().to_owned();
        if !self.nonces.remove(&nonce) {
            return Reply::error(400, "invalid_nonce");
        }
        let holder = proven_key(request);
        if let Some(reply) = self.sign_ins.hold_back(self.now, false) {
            self.deferred.get_or_insert(holder);
            return reply;
        }
        self.issue(authority, pair, &holder)
    }

    /// The license that waited, for the key of its first proof.
    fn deferred(&mut self, authority: &Authority, request: &Request) -> Reply {
        let pair = match self.pair(&authority.issuer, request) {
            Ok(pair) => pair,
            Err(reply) => return reply,
        };
        let holder = match &self.deferred {
            Some(holder) if request.json()["transaction_id"] == "transaction-1" => holder.clone(),
            _ => return Reply::error(400, "invalid_transaction_id"),
        };
        if let Some(reply) = self.sign_ins.hold_back(self.now, true) {
            return reply;
        }
        self.issue(authority, pair, &holder)
    }

    /// The first issuance fixes the key. The same key has the same answer until it is acknowledged;
    /// before that another one takes its place.
    fn issue(&mut self, authority: &Authority, pair: usize, holder: &VerifyingKey) -> Reply {
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
            let credential = authority.license_in(status, signer, holder, self.now);
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

    fn notification(&mut self, issuer: &str, request: &Request) -> Reply {
        if let Err(reply) = self.pair(issuer, request) {
            return reply;
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
