//! Sign-in at another's OpenID provider (OpenID Connect Core 1.0): the authorization code flow with
//! PKCE, nonce, a fresh authentication and, where one is configured, a certain `acr`.
//!
//! The register links the provider's `(iss, sub)` to a license by one configured claim, and by
//! nothing else that the provider says of a person.

mod client;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
    UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::register::accounts::ProviderLogin;
use crate::rules::account_steps::FormFault;
use client::Http;

/// What a provider says of itself is asked again after this.
const KNOWN_FOR: Duration = Duration::from_secs(600);
/// How far the provider's clock may be off, in seconds.
const SKEW: u64 = 60;
/// The longest subject, in characters (OpenID Connect Core, section 2), and the longest claim.
const MAX_TEXT: usize = 255;

/// An OpenID provider at which drivers sign in. It has no `Debug`, for it can hold a secret.
#[derive(Clone)]
pub struct OidcOptions {
    /// The provider's issuer URL: https, or http on a loopback address.
    pub issuer: String,
    /// The client id that the provider has given to this authority.
    pub client: String,
    /// The client's secret; `None` for a public client.
    pub secret: Option<Zeroizing<String>>,
    /// The claim that carries the license number.
    pub claim: String,
    /// The `acr` that the sign-in must have; empty where any will do.
    pub acr: Vec<String>,
}

/// The claims of a token, besides those that OpenID Connect names. Personal data.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Extra(Map<String, Value>);

impl AdditionalClaims for Extra {}

type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A person whom the provider has signed in. Personal data; no `Debug`.
pub(crate) struct Known {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// The configured claim, where the provider says it.
    pub(crate) claim: Option<String>,
}

/// The provider. Its metadata and keys are kept for ten minutes; what belongs to one sign-in is in
/// the database alone.
pub(crate) struct Provider {
    options: OidcOptions,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    name: String,
    http: Http,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl Provider {
    /// A provider, to which nothing is sent yet. `redirect` is where it sends browsers back to.
    ///
    /// # Errors
    /// [`Error::Provider`] where the address is neither https nor http on a loopback address.
    pub(crate) fn new(options: OidcOptions, redirect: String) -> Result<Self, Error> {
        let url = url::Url::parse(&options.issuer).map_err(|_| Error::Provider)?;
        if !client::is_allowed(&url) || options.client.is_empty() || options.claim.is_empty() {
            return Err(Error::Provider);
        }
        let name = url.host_str().unwrap_or_default().to_owned();
        Ok(Self {
            issuer: IssuerUrl::new(options.issuer.clone()).map_err(|_| Error::Provider)?,
            redirect: RedirectUrl::new(redirect).map_err(|_| Error::Provider)?,
            http: Http::new()?,
            name,
            options,
            known: Mutex::default(),
        })
    }

    /// What drivers read: the provider's host.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether an answer that names an issuer (RFC 9207) is this provider's.
    pub(crate) fn is_issuer(&self, named: Option<&str>) -> bool {
        named.is_none_or(|named| named == self.options.issuer)
    }

    /// The address at the provider where the driver signs in.
    ///
    /// # Errors
    /// [`FormFault::Provider`] where the provider cannot be asked what it is.
    pub(crate) async fn begin(
        &self,
        login: &ProviderLogin,
        language: &'static str,
    ) -> Result<String, FormFault> {
        let client = self.client().await?;
        let (state, nonce) = (login.state.to_string(), login.nonce.to_string());
        let verifier = PkceCodeVerifier::new(login.verifier.to_string());
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scope(Scope::new("profile".to_owned()))
            // Every issuance asks anew: no session at the provider is enough.
            .set_max_age(Duration::ZERO)
            .add_prompt(CoreAuthPrompt::Login)
            .add_ui_locale(openidconnect::LanguageTag::new(language.to_owned()));
        for acr in &self.options.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        Ok(request.url().0.to_string())
    }

    /// Redeems a code at the provider, and says whom it has signed in.
    ///
    /// # Errors
    /// [`FormFault::Provider`] where the provider cannot be asked or its answer is not right;
    /// [`FormFault::ProviderWeak`] where it did not look closely enough, or not now.
    pub(crate) async fn finish(
        &self,
        login: &ProviderLogin,
        code: String,
        now: UnixTime,
    ) -> Result<Known, FormFault> {
        let client = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| FormFault::Provider)?
            .set_pkce_verifier(PkceCodeVerifier::new(login.verifier.to_string()))
            .request_async(&self.http)
            .await
            .map_err(|_| FormFault::Provider)?;
        let token = answer.id_token().ok_or(FormFault::Provider)?;
        let seconds = i64::try_from(now.seconds()).map_err(|_| FormFault::Provider)?;
        let time = chrono::DateTime::from_timestamp(seconds, 0).ok_or(FormFault::Provider)?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(move || time);
        let nonce = Nonce::new(login.nonce.to_string());
        let claims = token
            .claims(&verifier, &nonce)
            .map_err(|_| FormFault::Provider)?;
        let fresh = claims.auth_time().is_some_and(|at| {
            let at = u64::try_from(at.timestamp()).unwrap_or(0);
            let from = login.made.seconds().saturating_sub(SKEW);
            (from..=now.seconds().saturating_add(SKEW)).contains(&at)
        });
        let strong = self.options.acr.is_empty()
            || claims
                .auth_context_ref()
                .is_some_and(|acr| self.options.acr.iter().any(|wanted| **acr == *wanted));
        if !(fresh && strong) {
            return Err(FormFault::ProviderWeak);
        }
        let subject = claims.subject().to_string();
        if subject.is_empty() || subject.len() > MAX_TEXT {
            return Err(FormFault::Provider);
        }
        let mut claim = self.claim(claims.additional_claims());
        if claim.is_none() && client.user_info_url().is_some() {
            // The answer must be about the same subject, which is compared here.
            let asked = client
                .user_info(
                    answer.access_token().clone(),
                    Some(claims.subject().clone()),
                )
                .map_err(|_| FormFault::Provider)?;
            let told: UserInfoClaims<Extra, CoreGenderClaim> = asked
                .request_async(&self.http)
                .await
                .map_err(|_| FormFault::Provider)?;
            claim = self.claim(told.additional_claims());
        }
        Ok(Known {
            issuer: self.options.issuer.clone(),
            subject,
            claim,
        })
    }

    /// The configured claim: text, and not too long for a number.
    fn claim(&self, claims: &Extra) -> Option<String> {
        let text = claims.0.get(&self.options.claim)?.as_str()?;
        (!text.trim().is_empty() && text.len() <= MAX_TEXT).then(|| text.to_owned())
    }

    async fn client(&self) -> Result<Client, FormFault> {
        let metadata = self.metadata().await?;
        let secret = self.options.secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.to_string()));
        let client = ClientId::new(self.options.client.clone());
        let client =
            openidconnect::Client::from_provider_metadata((*metadata).clone(), client, secret);
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }

    /// What the provider says of itself, its keys with it.
    async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, FormFault> {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let young = lock()
            .as_ref()
            .filter(|(asked, _)| asked.elapsed() < KNOWN_FOR)
            .map(|(_, metadata)| Arc::clone(metadata));
        if let Some(metadata) = young {
            return Ok(metadata);
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let metadata = Arc::new(found.map_err(|_| {
            tracing::error!("the OpenID provider cannot be asked, or is another one");
            FormFault::Provider
        })?);
        *lock() = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }
}
