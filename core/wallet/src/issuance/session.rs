//! The requests of one issuance: metadata, token, nonce, credential, notification.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use vidimus_credential::key::{Algorithm, SigningKey};
use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use crate::error::OAuthError;
use crate::error::{Error, MetadataFault, Unsupported};
use crate::issuance::credential::{Answer, CredentialAnswer, deferred_body, request_body};
use crate::issuance::enrollment::AccessToken;
use crate::issuance::jose::{self, DpopTarget, JwsAlgorithm};
use crate::issuance::metadata::{self, Configuration, IssuerMetadata, ServerMetadata};
use crate::issuance::notice::{Notice, NoticeEvent, NoticeOutcome};
use crate::issuance::offer::{CredentialOffer, MAX_OFFER};
use crate::issuance::token::{TokenAnswer, TokenType};
use crate::keys::HolderKey;
use crate::network::answer::{StatusClass, status_error};
use crate::network::json;
use crate::network::requests::{Interrupt, PER_REQUEST, Requests, is_page};
use crate::ports::{HttpResponse, KeyStore, Random, TransportError};

/// Largest metadata document that is read, in bytes.
const MAX_METADATA: usize = 1024 * 1024;

/// Largest answer of a token or nonce endpoint that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Largest answer of a credential endpoint, in bytes: a portrait of 64 KiB in base64, and some
/// more.
const MAX_CREDENTIAL_ANSWER: usize = 256 * 1024;

/// Time limit for the answer to a notification: the license is stored by then, and the driver
/// waits.
const NOTIFICATION_LIMIT: Duration = Duration::from_secs(3);

/// Seconds by which a proof's date may differ from the server's. Where it differs less, a refusal
/// has another cause.
const PROOF_TOLERANCE: u64 = 30;

/// The requests to one issuer and its authorization server, with their DPoP key and nonces.
pub(crate) struct Session<'s, 'e> {
    pub(crate) requests: &'s mut Requests<'e>,
    pub(crate) random: &'s dyn Random,
    pub(crate) now: UnixTime,
    /// The server's time, once it has refused a proof dated by this device's clock.
    proofs_at: Option<UnixTime>,
    /// The key that the tokens are bound to, once DPoP is used.
    dpop: Option<SigningKey>,
    /// The last DPoP nonce of the authorization server. The issuer's is below.
    server_nonce: Option<String>,
    issuer_nonce: Option<String>,
}

impl<'s, 'e> Session<'s, 'e> {
    /// A session that continues with the DPoP key of an earlier one, if there was one.
    pub(crate) fn new(
        requests: &'s mut Requests<'e>,
        random: &'s dyn Random,
        now: UnixTime,
        dpop: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let dpop = match dpop.and_then(|secret| <&[u8; 32]>::try_from(secret).ok()) {
            Some(secret) => Some(SigningKey::from_secret(Algorithm::Esp256, secret)?),
            None => None,
        };
        Ok(Self {
            requests,
            random,
            now,
            proofs_at: None,
            dpop,
            server_nonce: None,
            issuer_nonce: None,
        })
    }

    /// A new secret for a DPoP key: P-256 in software, since it lives only as long as the tokens.
    /// The caller must store it before [`bind`](Self::bind).
    pub(crate) fn new_dpop_secret(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut secret = Zeroizing::new(vec![0; 32]);
        self.random.fill(&mut secret)?;
        Ok(secret)
    }

    /// Proves this key with each request from now on.
    pub(crate) fn bind(&mut self, secret: &[u8]) -> Result<(), Error> {
        let secret = secret.try_into().map_err(|_| Error::NoRandomness)?;
        self.dpop = Some(SigningKey::from_secret(Algorithm::Esp256, secret)?);
        Ok(())
    }

    /// Fetches an offer that was given by reference.
    pub(crate) async fn offer(&mut self, url: &str) -> Result<CredentialOffer, Error> {
        let response = self.requests.get(url, accept_json(), MAX_OFFER).await?;
        match StatusClass::of(response.status) {
            StatusClass::Success if is_page(&response) => Err(Error::CaptivePortal),
            StatusClass::Success => CredentialOffer::parse(&response.body),
            // The offer was used, has expired, or never existed.
            StatusClass::Gone => Err(Error::OfferGone),
            StatusClass::Busy | StatusClass::Blocked | StatusClass::Rejected => {
                Err(status_error(response.status))
            }
            StatusClass::Other => Err(Error::AnswerMalformed),
        }
    }

    /// Fetches an issuer's metadata.
    pub(crate) async fn issuer(&mut self, issuer: &str) -> Result<IssuerMetadata, Error> {
        self.document(metadata::issuer_documents(issuer)?, |body| {
            IssuerMetadata::parse(body, issuer)
        })
        .await
    }

    /// Fetches an authorization server's metadata.
    pub(crate) async fn server(&mut self, server: &str) -> Result<ServerMetadata, Error> {
        self.document(metadata::server_documents(server)?, |body| {
            ServerMetadata::parse(body, server)
        })
        .await
    }

    /// The first of `places` that answers with a document that can be read.
    async fn document<T>(
        &mut self,
        places: Vec<String>,
        read: impl Fn(&[u8]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut missing = Error::from(MetadataFault::Missing);
        for place in places {
            let asked = self.requests.get(&place, accept_json(), MAX_METADATA).await;
            let response = match asked {
                // A site may redirect unknown paths; the next address may be right.
                Err(error) if is_unfollowed_redirect(error) => {
                    missing = error;
                    continue;
                }
                asked => asked?,
            };
            match StatusClass::of(response.status) {
                // A site may answer any path with its start page; the next address may be right.
                StatusClass::Success if is_page(&response) => missing = Error::CaptivePortal,
                StatusClass::Success => match read(&response.body) {
                    Ok(document) => return Ok(document),
                    Err(error) => missing = error,
                },
                StatusClass::Busy => return Err(status_error(response.status)),
                // A site may block unknown paths; the next address may be right.
                StatusClass::Blocked => missing = status_error(response.status),
                StatusClass::Gone | StatusClass::Rejected | StatusClass::Other => {}
            }
        }
        Err(missing)
    }

    /// Requests tokens, with a proof of the DPoP key where this session has one. `None` where it
    /// has none and the server demands one: the caller stores a key, and asks again.
    ///
    /// # Errors
    /// [`Error::Refused`] with the server's code; [`Error::AnswerMalformed`], also for a token that
    /// is not bound to the key that was proven.
    pub(crate) async fn token(
        &mut self,
        server: &ServerMetadata,
        form: &Zeroizing<Vec<u8>>,
        configuration: &str,
    ) -> Result<Option<TokenAnswer>, Error> {
        let url = server.token_endpoint.as_str();
        let response = self.post_proven(url, form, Interrupt::Never).await?;
        let demands = matches!(
            OAuthError::code(&response),
            Some(OAuthError::UseDpopNonce | OAuthError::InvalidDpopProof)
        );
        if self.dpop.is_none() && demands {
            return Ok(None);
        }
        let answer = TokenAnswer::parse(&response, configuration)?;
        if (answer.token_type == TokenType::Dpop) != self.dpop.is_some() {
            return Err(Error::AnswerMalformed);
        }
        Ok(Some(answer))
    }

    /// POSTs a form to the authorization server. With a DPoP key it tries at most twice more: with
    /// the server's nonce, and by the server's time.
    pub(super) async fn post_proven(
        &mut self,
        url: &str,
        form: &Zeroizing<Vec<u8>>,
        interrupt: Interrupt,
    ) -> Result<HttpResponse, Error> {
        for _ in 0..2 {
            let response = self.post_form(url, form, interrupt).await?;
            let tries_again = self.dpop.is_some()
                && match OAuthError::code(&response) {
                    Some(OAuthError::UseDpopNonce) => self.server_nonce.is_some(),
                    Some(OAuthError::InvalidDpopProof) => self.adopt_server_time(),
                    _ => false,
                };
            if !tries_again {
                return Ok(response);
            }
        }
        self.post_form(url, form, interrupt).await
    }

    async fn post_form(
        &mut self,
        url: &str,
        form: &Zeroizing<Vec<u8>>,
        interrupt: Interrupt,
    ) -> Result<HttpResponse, Error> {
        let mut headers = accept_json();
        headers.push(header("content-type", "application/x-www-form-urlencoded"));
        if let Some(key) = &self.dpop {
            let nonce = self.server_nonce.as_deref();
            let target = DpopTarget {
                method: "POST",
                url,
                access_token: None,
                nonce,
            };
            headers.push(header("dpop", &self.dpop_proof(key, &target)?));
        }
        let body = form.to_vec();
        let response = self
            .requests
            .post(url, headers, body, MAX_ANSWER, (interrupt, PER_REQUEST))
            .await?;
        if let Some(nonce) = response.header("dpop-nonce") {
            self.server_nonce = Some(nonce.to_owned());
        }
        Ok(response)
    }

    /// Requests a credential that was deferred.
    pub(crate) async fn deferred(
        &mut self,
        endpoint: &str,
        access: &AccessToken,
        transaction: &str,
    ) -> Result<Answer, Error> {
        let body = deferred_body(transaction);
        let limits = (MAX_CREDENTIAL_ANSWER, PER_REQUEST);
        let response = self.post_resource(endpoint, access, body, limits).await?;
        CredentialAnswer::parse(&response)
    }

    /// Requests the credential with a proof of the key `holder`. Tries again with a fresh nonce
    /// where the issuer refuses the first proof.
    pub(crate) async fn credential(
        &mut self,
        issuer: &IssuerMetadata,
        configuration: &Configuration,
        access: &AccessToken,
        holder: &HolderKey,
        keys: &dyn KeyStore,
    ) -> Result<Answer, Error> {
        let public = holder.verifying_key();
        let algorithm = JwsAlgorithm::listed(&configuration.proof_algorithms, public.algorithm())
            .ok_or(Unsupported::Proof)?;
        let mut nonce = match &issuer.nonce_endpoint {
            Some(endpoint) => Some(self.nonce(endpoint).await?),
            None => access.nonce.clone(),
        };
        let mut retried = false;
        loop {
            let audience = issuer.issuer.as_str();
            let dated = self.proofs_at.unwrap_or(self.now);
            let jwt = jose::key_proof(algorithm, public, audience, nonce.as_deref(), dated);
            let signature = holder.sign(keys, jwt.signing_input()).await?;
            let identifier = access.credential_identifier.as_deref();
            let body = request_body(&configuration.id, identifier, &jwt.finish(signature));
            let response = self
                .post_resource(
                    &issuer.credential_endpoint,
                    access,
                    body,
                    (MAX_CREDENTIAL_ANSWER, PER_REQUEST),
                )
                .await?;
            let answer = CredentialAnswer::parse(&response);
            let refused = match &answer {
                Err(Error::Refused(refusal)) if !retried => *refusal,
                _ => return answer,
            };
            let is_redated = refused == OAuthError::InvalidProof && self.adopt_server_time();
            nonce = match (refused, &issuer.nonce_endpoint) {
                (OAuthError::InvalidNonce, Some(endpoint)) => Some(self.nonce(endpoint).await?),
                (OAuthError::InvalidProof, Some(endpoint)) if is_redated => {
                    Some(self.nonce(endpoint).await?)
                }
                // Issuers of old drafts send a fresh nonce with the refusal.
                (OAuthError::InvalidNonce | OAuthError::InvalidProof, None) => {
                    match draft_nonce(&response) {
                        Some(nonce) => Some(nonce),
                        None if is_redated => nonce,
                        None => return answer,
                    }
                }
                _ => return answer,
            };
            retried = true;
        }
    }

    async fn nonce(&mut self, endpoint: &str) -> Result<String, Error> {
        let headers = accept_json();
        let response = self
            .requests
            .post(
                endpoint,
                headers,
                Vec::new(),
                MAX_ANSWER,
                (Interrupt::Cancel, PER_REQUEST),
            )
            .await?;
        if let Some(nonce) = response.header("dpop-nonce") {
            self.issuer_nonce = Some(nonce.to_owned());
        }
        if response.status != 200 {
            return Err(OAuthError::of(&response));
        }
        draft_nonce(&response).ok_or(Error::AnswerMalformed)
    }

    /// Sends a notification about a credential, and waits at most 3 s for the answer.
    pub(crate) async fn notify(&mut self, notice: &Notice, event: NoticeEvent) -> NoticeOutcome {
        let body = json!({ "notification_id": notice.id, "event": event.name() })
            .to_string()
            .into_bytes();
        let limits = (MAX_ANSWER, NOTIFICATION_LIMIT);
        let answer = self
            .post_resource(&notice.endpoint, &notice.access, body, limits)
            .await;
        NoticeOutcome::of(answer)
    }

    /// POSTs JSON with the access token. Tries again where the issuer asks for a DPoP nonce.
    ///
    /// A cancel does not interrupt it: the issuer may not send its answer a second time.
    async fn post_resource(
        &mut self,
        url: &str,
        access: &AccessToken,
        body: Vec<u8>,
        (max_body, limit): (usize, Duration),
    ) -> Result<HttpResponse, Error> {
        let mut retried = false;
        loop {
            let mut headers = accept_json();
            headers.push(header("content-type", "application/json"));
            match (access.token_type, &self.dpop) {
                (TokenType::Dpop, Some(key)) => {
                    let token = access.token.as_str();
                    let nonce = self.issuer_nonce.as_deref();
                    let target = DpopTarget {
                        method: "POST",
                        url,
                        access_token: Some(token),
                        nonce,
                    };
                    headers.push(header("authorization", &format!("DPoP {token}")));
                    headers.push(header("dpop", &self.dpop_proof(key, &target)?));
                }
                _ => headers.push(header(
                    "authorization",
                    &format!("Bearer {}", *access.token),
                )),
            }
            let response = self
                .requests
                .post(
                    url,
                    headers,
                    body.clone(),
                    max_body,
                    (Interrupt::Never, limit),
                )
                .await?;
            let fresh = response.header("dpop-nonce").map(str::to_owned);
            let again = !retried
                && match OAuthError::code(&response) {
                    Some(OAuthError::UseDpopNonce) => fresh.is_some(),
                    Some(OAuthError::InvalidDpopProof) => self.adopt_server_time(),
                    _ => false,
                };
            self.issuer_nonce = fresh.or(self.issuer_nonce.take());
            if !again {
                return Ok(response);
            }
            retried = true;
        }
    }

    fn dpop_proof(&self, key: &SigningKey, target: &DpopTarget<'_>) -> Result<String, Error> {
        let mut id = [0; 16];
        self.random.fill(&mut id)?;
        jose::dpop_proof(key, target, id, self.proofs_at.unwrap_or(self.now))
    }

    /// Dates the next proofs by the clock of the server that refused one, where its `Date` differs
    /// from ours. Returns whether it does. That is safe: a proof is valid at that server alone, and
    /// the timekeeper learns nothing from it.
    fn adopt_server_time(&mut self) -> bool {
        let said = self.requests.server_time();
        let dated = self.proofs_at.unwrap_or(self.now);
        let is_another =
            said.is_some_and(|said| said.signed_since(dated).unsigned_abs() > PROOF_TOLERANCE);
        if is_another {
            self.proofs_at = said;
        }
        is_another
    }
}

/// Whether an answer was a redirect that is not followed.
const fn is_unfollowed_redirect(error: Error) -> bool {
    matches!(
        error,
        Error::Transport(
            TransportError::RedirectToHttps
                | TransportError::BadRedirect
                | TransportError::TooManyRedirects
        )
    )
}

fn accept_json() -> Vec<(String, String)> {
    vec![header("accept", "application/json")]
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The `c_nonce` of an answer: the nonce endpoint's, or one that servers of old drafts send
/// elsewhere.
fn draft_nonce(response: &HttpResponse) -> Option<String> {
    let wire: WireNonce = json::read(&response.body)?;
    Some(wire.c_nonce)
}

#[derive(Deserialize)]
struct WireNonce {
    c_nonce: String,
}
