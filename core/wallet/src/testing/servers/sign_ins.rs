//! What a test's register remembers of sign-ins, keys of DPoP and reviews, and its rules for them.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use vidimus_credential::key::VerifyingKey;

use super::authority::jwt;
use super::server::{Reply, Request};

/// The nonce that each DPoP proof must hold.
const DPOP_NONCE: &str = "dpop-nonce-1";

/// The state of a license's review.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Review {
    /// There is none: a license is issued at once.
    None,
    /// A clerk has not decided yet.
    Waits,
    /// A clerk refused, with this `reason`.
    Refused(Value),
}

/// What the driver does in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Signs in, and agrees to the license.
    Agrees,
    /// Declines to share the license.
    Declines,
}

/// The books of the authorization server.
#[derive(Clone)]
pub(crate) struct SignIns {
    /// Whether drivers sign in here.
    pub(crate) has_accounts: bool,
    /// Whether tokens are bound to keys.
    pub(crate) uses_dpop: bool,
    pub(crate) review: Review,
    /// The seconds that a wallet is to wait for a deferred license.
    pub(crate) interval: u64,
    pushed: Vec<Pushed>,
    codes: Vec<Code>,
    /// The key that the grant is bound to.
    jkt: Option<String>,
    /// The client of the grant.
    client: Option<String>,
    /// The ids of proofs that were taken.
    proofs: BTreeSet<String>,
    /// When a deferred license was last asked for, how often, and how often too early.
    asked: Option<u64>,
    pub(crate) polls: usize,
    pub(crate) too_early: usize,
}

#[derive(Clone)]
struct Pushed {
    request_uri: String,
    form: HashMap<String, String>,
    jkt: Option<String>,
    is_opened: bool,
}

#[derive(Clone)]
struct Code {
    code: String,
    form: HashMap<String, String>,
    jkt: Option<String>,
    is_void: bool,
}

impl SignIns {
    pub(crate) fn new() -> Self {
        Self {
            has_accounts: false,
            uses_dpop: false,
            review: Review::None,
            interval: 30,
            pushed: Vec::new(),
            codes: Vec::new(),
            jkt: None,
            client: None,
            proofs: BTreeSet::new(),
            asked: None,
            polls: 0,
            too_early: 0,
        }
    }

    pub(crate) fn metadata(&self, issuer: &str) -> Value {
        let mut metadata = json!({
            "issuer": issuer, "token_endpoint": format!("{issuer}/token"),
        });
        if self.uses_dpop {
            metadata["dpop_signing_alg_values_supported"] = json!(["ES256"]);
        }
        if self.has_accounts {
            metadata["authorization_endpoint"] = json!(format!("{issuer}/authorize"));
            metadata["pushed_authorization_request_endpoint"] = json!(format!("{issuer}/par"));
            metadata["response_types_supported"] = json!(["code"]);
            metadata["code_challenge_methods_supported"] = json!(["S256"]);
            metadata["authorization_response_iss_parameter_supported"] = json!(true);
        }
        metadata
    }

    /// Takes a pushed request.
    pub(crate) fn push(&mut self, issuer: &str, request: &Request, number: u64) -> Reply {
        let jkt = match self.proven(issuer, request) {
            Ok(jkt) => jkt,
            Err(reply) => return reply,
        };
        let form = form_of(request);
        let has = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
        let challenge = form.get("code_challenge");
        let is_whole = has("response_type", "code")
            && has("code_challenge_method", "S256")
            && challenge.is_some_and(|challenge| challenge.len() == 43)
            && form.get("state").is_some_and(|state| state.len() >= 43)
            && form.contains_key("client_id")
            && form.contains_key("redirect_uri")
            && (form.contains_key("scope") || form.contains_key("authorization_details"));
        if !self.has_accounts || !is_whole {
            return Reply::error(400, "invalid_request");
        }
        let request_uri = format!("urn:ietf:params:oauth:request_uri:{number}");
        let body = json!({ "request_uri": request_uri, "expires_in": 60 });
        self.pushed.push(Pushed {
            request_uri,
            form,
            jkt,
            is_opened: false,
        });
        Reply::json(201, &body)
    }

    /// What a browser that opens this address comes back with; `None` for an address that this
    /// server does not take.
    pub(crate) fn open(&mut self, issuer: &str, url: &str, driver: Browser) -> Option<String> {
        let url = Url::parse(url).ok()?;
        assert!(url.as_str().starts_with(&format!("{issuer}/authorize?")));
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query.len(), 2, "client and request alone: {query:?}");
        let mut pushed = self.pushed.iter_mut();
        let pushed = pushed.find(|pushed| query["request_uri"] == pushed.request_uri)?;
        if pushed.is_opened || pushed.form["client_id"] != query["client_id"] {
            return None;
        }
        pushed.is_opened = true;
        let mut back = Url::parse(&pushed.form["redirect_uri"]).unwrap();
        match driver {
            Browser::Agrees => {
                let code = format!("browser-code-{}", self.codes.len() + 1);
                back.query_pairs_mut().append_pair("code", &code);
                self.codes.push(Code {
                    code,
                    form: pushed.form.clone(),
                    jkt: pushed.jkt.clone(),
                    is_void: false,
                });
            }
            Browser::Declines => {
                back.query_pairs_mut().append_pair("error", "access_denied");
            }
        }
        back.query_pairs_mut()
            .append_pair("state", &pushed.form["state"])
            .append_pair("iss", issuer);
        Some(back.into())
    }

    /// Whether this form may redeem its code, by this key: the same again may, any other use voids
    /// it.
    pub(crate) fn takes_code(
        &mut self,
        form: &HashMap<String, String>,
        jkt: Option<&String>,
    ) -> bool {
        let mut codes = self.codes.iter_mut();
        let Some(code) = codes.find(|code| form.get("code") == Some(&code.code)) else {
            return false;
        };
        let verifier = form.get("code_verifier").map_or("", String::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let is_right = !code.is_void
            && code.form["code_challenge"] == challenge
            && form.get("redirect_uri") == code.form.get("redirect_uri")
            && form.get("client_id") == code.form.get("client_id")
            && jkt == code.jkt.as_ref();
        if is_right {
            self.jkt = jkt.cloned();
            self.client = form.get("client_id").cloned();
        } else {
            code.is_void = true;
        }
        is_right
    }

    /// Whether a pre-authorized code or a refresh token may be redeemed by this key. The first
    /// redemption binds the grant.
    pub(crate) fn takes_key(&mut self, jkt: Option<&String>, is_first: bool) -> bool {
        if is_first && self.jkt.is_none() {
            self.jkt = jkt.cloned();
        }
        self.jkt.as_ref() == jkt
    }

    pub(crate) fn takes_client(&self, form: &HashMap<String, String>) -> bool {
        self.client.is_none() || form.get("client_id") == self.client.as_ref()
    }

    pub(crate) fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { "DPoP" } else { "Bearer" }
    }

    /// The access token of a request to the issuer, with the proof of the key that it is bound to.
    pub(crate) fn access(&mut self, issuer: &str, request: &Request) -> Result<String, Reply> {
        let header = request.header("authorization").unwrap_or_default();
        let unknown = || Reply::error(401, "invalid_token");
        if self.jkt.is_none() {
            let token = header.strip_prefix("Bearer ").ok_or_else(unknown)?;
            return Ok(token.to_owned());
        }
        let token = header.strip_prefix("DPoP ").ok_or_else(unknown)?;
        let jkt = self.proven(issuer, request)?;
        let ath = jwt(request.header("dpop").unwrap_or_default()).1["ath"].clone();
        if jkt != self.jkt || ath != URL_SAFE_NO_PAD.encode(Sha256::digest(token)) {
            return Err(unknown());
        }
        Ok(token.to_owned())
    }

    /// The key that a request proves; `None` without a proof. Each proof needs the server's nonce,
    /// and is taken once.
    pub(crate) fn proven(
        &mut self,
        issuer: &str,
        request: &Request,
    ) -> Result<Option<String>, Reply> {
        let Some(proof) = request.header("dpop") else {
            return Ok(None);
        };
        let ((header, payload), key) = (jwt(proof), signer(proof));
        let target = format!("{issuer}{}", request.path);
        if payload["htm"] != "POST" || payload["htu"] != target.as_str() || key.is_none() {
            return Err(Reply::error(400, "invalid_dpop_proof"));
        }
        if payload["nonce"] != DPOP_NONCE {
            let status = if payload["ath"].is_null() { 400 } else { 401 };
            let reply = Reply::error(status, "use_dpop_nonce");
            return Err(reply.header("dpop-nonce", DPOP_NONCE));
        }
        let id = payload["jti"].as_str().unwrap_or_default().to_owned();
        if !self.proofs.insert(id) {
            return Err(Reply::error(400, "invalid_dpop_proof"));
        }
        Ok(Some(header["jwk"].to_string()))
    }

    /// The answer in place of a license, while it waits for a review or was refused.
    pub(crate) fn hold_back(&mut self, now: u64, is_poll: bool) -> Option<Reply> {
        let last = self.asked.replace(now);
        self.polls += usize::from(is_poll);
        if is_poll && last.is_some_and(|last| now < last + self.interval) {
            self.too_early += 1;
        }
        match &self.review {
            Review::None => None,
            Review::Waits => Some(Reply::json(
                202,
                &json!({ "transaction_id": "transaction-1", "interval": self.interval }),
            )),
            Review::Refused(reason) => Some(Reply::json(
                400,
                &json!({ "error": "credential_request_denied", "reason": reason }),
            )),
        }
    }
}

pub(crate) fn form_of(request: &Request) -> HashMap<String, String> {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

/// The P-256 key of a proof whose signature holds.
fn signer(proof: &str) -> Option<VerifyingKey> {
    let jwk = &jwt(proof).0["jwk"];
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    let point = [vec![4], part("x")?, part("y")?].concat();
    let key = VerifyingKey::from_p256_sec1(&point).ok()?;
    let (input, signature) = proof.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    key.verify(input.as_bytes(), &signature.try_into().ok()?)
        .ok()?;
    Some(key)
}
