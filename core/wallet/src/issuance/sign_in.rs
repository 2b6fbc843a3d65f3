//! The sign-in: the authorization code flow with a pushed request, PKCE and DPoP (OpenID4VCI 1.0,
//! section 5; RFC 9126, 7636, 9207, 9449).
//!
//! ```text
//!  apply:   metadata ──> pushed request ──> sealed: server, state, verifier, key ──> address
//!  resume:  address of the browser ──> checked against it ──> code sealed ──> code sent
//! ```
//!
//! What the answer is checked against is sealed before the browser opens, and the code before it is
//! sent. So the process may die at any point: the next refresh goes on with the same code, verifier
//! and key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;
use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use super::application::PendingSignIn;
use super::enroll::{BUDGET, Known};
use super::enrollment::{Enrollment, Tokens};
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata, SignInEndpoints};
use super::readiness::{agree_on_the_time, fetch_trust_list};
use super::redeem::choose_kind;
use super::session::Session;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::{Error, OAuthError};
use crate::keys::HolderKey;
use crate::network::json;
use crate::network::lock::NetworkLock;
use crate::network::requests::{Interrupt, Requests};
use crate::network::schedule::{self, Schedule};
use crate::vault::{Tx, Weight};

/// How long a sign-in may take, in seconds.
pub(super) const SIGN_IN_LIFE: u64 = 600;

/// Most languages that are sent with a request.
const MAX_LANGUAGES: usize = 8;

/// The app as the authority knows it (RFC 6749, section 2.2): a public client, which has no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInClient {
    /// The client's id at the authority.
    pub client_id: String,
    /// The address that the browser is sent to at the end. It must be registered for this client; a
    /// loopback address may have any port.
    pub redirect_uri: String,
    /// The languages of the sign-in pages as BCP 47 tags, the preferred one first. May be empty:
    /// then the browser's decide.
    pub languages: Vec<String>,
}

/// A sign-in that the driver continues in the browser. Its address is good once and has no
/// `Debug`.
pub struct SignIn {
    /// The address to open in the system's browser, never in a web view. Open it at once: it is
    /// good for about a minute.
    pub url: String,
    /// Until when the browser may come back.
    pub expires: UnixTime,
}

impl SignInClient {
    /// The languages that can be sent, as `ui_locales` has them.
    fn locales(&self) -> Option<String> {
        let tag = |tag: &&String| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=35).contains(&tag.len()) && tag.bytes().all(plain)
        };
        let tags: Vec<&str> = self
            .languages
            .iter()
            .filter(tag)
            .take(MAX_LANGUAGES)
            .map(String::as_str)
            .collect();
        (!tags.is_empty()).then(|| tags.join(" "))
    }
}

/// Begins a sign-in at the wallet's authority.
///
/// # Errors
/// Those of [`Wallet::apply`](crate::Wallet::apply).
pub(crate) async fn apply(
    context: &Context,
    client: &SignInClient,
    cancel: &CancelToken,
) -> Result<SignIn, Error> {
    let mut requests = Requests::new(context, cancel, BUDGET);
    let begun = begin(context, client, &mut requests).await;
    begun.map_err(|error| requests.with_retry_time(context, error))
}

async fn begin(
    context: &Context,
    client: &SignInClient,
    requests: &mut Requests<'_>,
) -> Result<SignIn, Error> {
    let _network_lock = NetworkLock::take(&context.directory, requests).await?;
    let replaced = replaceable(context)?;
    let mut session = Session::new(requests, &*context.random, context.now()?, None)?;
    let issuer = session.issuer(&context.authority).await?;
    let server = issuer.authorization_server(None)?;
    let server = session.server(server).await?;
    let endpoints = server.sign_in.clone().ok_or(Error::SignInUnsupported)?;
    endpoints.check(&server.issuer)?;
    let configuration = issuer.choose_any()?;
    choose_kind(
        &configuration.proof_algorithms,
        context.keys.holder_algorithm(),
    )?;
    // What would stop the license must show before the driver signs in.
    let fetched = fetch_trust_list(context, requests, &issuer).await?;
    agree_on_the_time(context, requests, &issuer, fetched).await?;
    let mut session = Session::new(requests, &*context.random, context.now()?, None)?;
    let mut tokens = Tokens::default();
    if server.dpop {
        let secret = session.new_dpop_secret()?;
        session.bind(&secret)?;
        tokens.dpop = Some(secret);
    }
    let request = AuthorizationRequest {
        client,
        state: secret_text(&session)?,
        verifier: secret_text(&session)?,
    };
    let form = request.form(&issuer, &server, &configuration);
    let response = session
        .post_proven(&endpoints.pushed, &form, Interrupt::Cancel)
        .await?;
    if !matches!(response.status, 200 | 201) {
        return Err(OAuthError::of(&response));
    }
    let pushed: WirePushed = json::read(&response.body).ok_or(Error::AnswerMalformed)?;
    let now = context.now()?;
    let expires = now.saturating_add(SIGN_IN_LIFE);
    let enrollment = Enrollment {
        issuer: issuer.issuer.clone(),
        authorization_server: Some(server.issuer.clone()),
        configuration: configuration.id.clone(),
        offer: digest(&request.state),
        reference: None,
        code: None,
        key: context.fresh_id()?,
        began: now,
        tokens,
        notice: None,
        client: Some(client.client_id.clone()),
        sign_in: Some(PendingSignIn {
            redirect_uri: client.redirect_uri.clone(),
            verifier: request.verifier.clone(),
            expires,
            names_issuer: endpoints.names_issuer,
            code: None,
        }),
        deferral: None,
        refused: None,
    };
    let url = browser_address(&endpoints, &client.client_id, &pushed.request_uri)?;
    seal(context, enrollment, replaced).await?;
    Ok(SignIn { url, expires })
}

/// The applications whose place a new one takes: sign-ins without tokens, and refused ones.
///
/// # Errors
/// [`Error::ApplicationWaits`] where a license may have been issued for one.
fn replaceable(context: &Context) -> Result<Vec<(String, Enrollment)>, Error> {
    let Known {
        enrollments,
        licenses,
    } = Known::read(context)?;
    let open = enrollments
        .into_iter()
        .filter(|(id, enrollment)| enrollment.is_application() && !licenses.contains(id));
    let open: Vec<_> = open.collect();
    let waits = |enrollment: &Enrollment| {
        enrollment.refused.is_none() && enrollment.tokens.hold_any_secret()
    };
    if open.iter().any(|(_, enrollment)| waits(enrollment)) {
        return Err(Error::ApplicationWaits);
    }
    Ok(open)
}

/// Stores the pending sign-in in place of earlier ones.
async fn seal(
    context: &Context,
    enrollment: Enrollment,
    replaced: Vec<(String, Enrollment)>,
) -> Result<(), Error> {
    let id = context.fresh_id()?;
    for (_, replaced) in &replaced {
        context.keys.delete_holder_key(&replaced.key).await?;
    }
    let change = move |tx: &mut Tx<'_>| {
        for (id, replaced) in &replaced {
            forget_in(tx, id, &replaced.key)?;
        }
        tx.put(&id, &enrollment)
    };
    context.vault.write(Weight::Anchored, change).await
}

/// Deletes an application, with the record of its holder key.
pub(super) fn forget_in(tx: &mut Tx<'_>, id: &str, key: &str) -> Result<(), Error> {
    tx.delete::<HolderKey>(key)?;
    tx.delete::<Schedule>(&schedule::of_application(id))?;
    tx.delete::<Enrollment>(id)
}

/// The request that is pushed before the browser opens.
struct AuthorizationRequest<'c> {
    client: &'c SignInClient,
    state: Zeroizing<String>,
    verifier: Zeroizing<String>,
}

impl AuthorizationRequest<'_> {
    /// The form of the pushed request (RFC 9126, section 2.1). It asks by the scope that the issuer
    /// names, or else by authorization details (OpenID4VCI 1.0, section 5.1).
    fn form(
        &self,
        issuer: &IssuerMetadata,
        server: &ServerMetadata,
        configuration: &Configuration,
    ) -> Zeroizing<Vec<u8>> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()));
        let mut form = Serializer::new(String::new());
        form.append_pair("response_type", "code");
        form.append_pair("client_id", &self.client.client_id);
        form.append_pair("redirect_uri", &self.client.redirect_uri);
        form.append_pair("state", &self.state);
        form.append_pair("code_challenge", &challenge);
        form.append_pair("code_challenge_method", "S256");
        match &configuration.scope {
            Some(scope) => {
                form.append_pair("scope", scope);
                // A server of several issuers learns whose license is meant.
                if server.issuer != issuer.issuer {
                    form.append_pair("resource", &issuer.issuer);
                }
            }
            None => {
                let mut detail = serde_json::json!({
                    "type": "openid_credential",
                    "credential_configuration_id": configuration.id,
                });
                if let Some(detail) = detail.as_object_mut()
                    && server.issuer != issuer.issuer
                {
                    detail.insert("locations".to_owned(), serde_json::json!([issuer.issuer]));
                }
                let details = serde_json::json!([detail]).to_string();
                form.append_pair("authorization_details", &details);
            }
        }
        if let Some(locales) = self.client.locales() {
            form.append_pair("ui_locales", &locales);
        }
        Zeroizing::new(form.finish().into_bytes())
    }
}

/// The address that the browser opens: the client and the pushed request, and nothing else.
fn browser_address(
    endpoints: &SignInEndpoints,
    client: &str,
    request_uri: &str,
) -> Result<String, Error> {
    let mut url = Url::parse(&endpoints.authorization).map_err(|_| Error::AnswerMalformed)?;
    url.query_pairs_mut()
        .append_pair("client_id", client)
        .append_pair("request_uri", request_uri);
    Ok(url.into())
}

/// 256 random bits as text: a state, or a verifier of 43 characters.
fn secret_text(session: &Session<'_, '_>) -> Result<Zeroizing<String>, Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    session.random.fill(bytes.as_mut_slice())?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// Recognizes the answer to a sign-in: the hash of its state, which is never stored itself.
fn digest(state: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update("vidimus sign-in");
    hash.update([0]);
    hash.update(state);
    hash.finalize().into()
}

/// Checks the address that the browser came back with, and seals the code in it. Returns the id of
/// the application that it belongs to.
///
/// It needs no network. The same address again gives the same id.
///
/// # Errors
/// [`Error::NoSignIn`], [`Error::OtherSignIn`], [`Error::SignInRefused`], and those of the vault.
pub(crate) async fn take_answer(context: &Context, redirect: &str) -> Result<String, Error> {
    let redirect = Redirect::parse(redirect)?;
    let now = context.now()?;
    let verdict = context
        .vault
        .write(Weight::Anchored, move |tx| redirect.judge(tx, now))
        .await?;
    verdict.map_err(Error::from)
}

/// Why an answer of the browser was not taken. What it changed is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotTaken {
    NoSignIn,
    Other,
    Refused(OAuthError),
}

impl From<NotTaken> for Error {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::NoSignIn => Self::NoSignIn,
            NotTaken::Other => Self::OtherSignIn,
            NotTaken::Refused(refusal) => Self::SignInRefused(refusal),
        }
    }
}

/// The address that the browser came back with. It may hold a code and has no `Debug`.
struct Redirect {
    /// The address without its query.
    place: Url,
    state: String,
    issuer: Option<String>,
    code: Option<Zeroizing<String>>,
    error: Option<String>,
}

impl Redirect {
    /// Reads the address. A parameter that is given twice could be read in two ways.
    fn parse(text: &str) -> Result<Self, Error> {
        let url = Url::parse(text.trim()).map_err(|_| Error::OtherSignIn)?;
        let one = |name: &str| {
            let mut given = url.query_pairs().filter(|(key, _)| key == name);
            match (given.next(), given.next()) {
                (_, Some(_)) => Err(Error::OtherSignIn),
                (given, None) => Ok(given.map(|(_, value)| value.into_owned())),
            }
        };
        Ok(Self {
            state: one("state")?.ok_or(Error::OtherSignIn)?,
            issuer: one("iss")?,
            code: one("code")?.map(Zeroizing::new),
            error: one("error")?,
            place: bare(url),
        })
    }

    /// Checks the answer against the sign-in that is under way, and seals its code.
    fn judge(&self, tx: &mut Tx<'_>, now: UnixTime) -> Result<Result<String, NotTaken>, Error> {
        let known = tx.list::<Enrollment>().into_iter();
        let known: Vec<(String, Enrollment)> = known
            .filter_map(|(id, enrollment)| Some((id, enrollment.ok()?)))
            .filter(|(_, enrollment)| enrollment.client.is_some())
            .collect();
        let is_pending = |(_, enrollment): &(String, Enrollment)| {
            let is_over = |pending: &PendingSignIn| pending.is_over(now);
            enrollment.is_signing_in() && !enrollment.sign_in.as_ref().is_some_and(is_over)
        };
        let any_pending = known.iter().any(is_pending);
        let (asked, mut of_state) = (digest(&self.state), known.into_iter());
        let Some((id, mut enrollment)) = of_state.find(|(_, known)| known.offer == asked) else {
            let none = if any_pending {
                NotTaken::Other
            } else {
                NotTaken::NoSignIn
            };
            return Ok(Err(none));
        };
        let server = enrollment.authorization_server.as_deref();
        let Some(pending) = &mut enrollment.sign_in else {
            // It brought tokens before; the driver came back to the same page.
            let is_same = self.issuer.is_none() || self.issuer.as_deref() == server;
            return Ok(if is_same {
                Ok(id)
            } else {
                Err(NotTaken::Other)
            });
        };
        let is_named = match self.issuer.as_deref() {
            Some(named) => server == Some(named),
            None => !pending.names_issuer,
        };
        let is_place = Url::parse(&pending.redirect_uri).is_ok_and(|uri| bare(uri) == self.place);
        if !is_named || !is_place {
            return Ok(Err(NotTaken::Other));
        }
        match (&pending.code, &self.code, &self.error) {
            (Some(sealed), Some(code), None) if sealed == code => return Ok(Ok(id)),
            // It is spent by the first right answer.
            (Some(_), _, _) => return Ok(Err(NotTaken::Other)),
            (None, _, _) if pending.is_over(now) => {
                forget_in(tx, &id, &enrollment.key)?;
                return Ok(Err(NotTaken::NoSignIn));
            }
            (None, None, Some(error)) => {
                forget_in(tx, &id, &enrollment.key)?;
                return Ok(Err(NotTaken::Refused(OAuthError::from_name(error))));
            }
            (None, Some(code), None) if !code.is_empty() => pending.code = Some(code.clone()),
            _ => return Ok(Err(NotTaken::Other)),
        }
        tx.put(&id, &enrollment)?;
        tx.put(&schedule::of_application(&id), &Schedule::default())?;
        Ok(Ok(id))
    }
}

/// An address without its query and its fragment.
fn bare(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Forgets the sign-in that is under way and has no code yet.
///
/// # Errors
/// Those of the vault.
pub(crate) async fn abandon(context: &Context) -> Result<(), Error> {
    for (id, enrollment) in Known::read(context)?.enrollments {
        if enrollment.is_signing_in() {
            forget_pending(context, id).await?;
        }
    }
    Ok(())
}

/// Forgets a sign-in, unless another process has sealed its code in the meantime.
///
/// # Errors
/// Those of the vault.
pub(super) async fn forget_pending(context: &Context, id: String) -> Result<(), Error> {
    let change = move |tx: &mut Tx<'_>| match tx.get::<Enrollment>(&id)? {
        Some(enrollment) if enrollment.is_signing_in() => forget_in(tx, &id, &enrollment.key),
        _ => Ok(()),
    };
    context.vault.write(Weight::Light, change).await
}

#[derive(Deserialize)]
struct WirePushed {
    request_uri: String,
}
