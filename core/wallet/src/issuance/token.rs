//! The token request and its answer (OpenID4VCI 1.0, section 6; RFC 6749, sections 5 and 6).

use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::error::OAuthError;
use crate::network::json;
use crate::ports::HttpResponse;

/// How an access token is sent with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// `Bearer` (RFC 6750): the token alone.
    Bearer,
    /// `DPoP` (RFC 9449): each use is signed with the key that the token is bound to.
    Dpop,
}

/// The tokens that the authorization server granted. All are secrets.
pub(crate) struct TokenAnswer {
    pub(crate) access_token: Zeroizing<String>,
    pub(crate) token_type: TokenType,
    /// Lifetime of the access token in seconds, if the server said.
    pub(crate) expires_in: Option<u64>,
    pub(crate) refresh_token: Option<Zeroizing<String>>,
    /// The server's identifier of the credential to request, from its authorization details.
    pub(crate) credential_identifier: Option<String>,
    /// A nonce for the key proof; servers of drafts up to 13 send it here.
    pub(crate) nonce: Option<String>,
}

/// The form that spends a pre-authorized code.
pub(crate) fn code_form(code: &str, tx_code: Option<&str>) -> Zeroizing<Vec<u8>> {
    let mut form = Serializer::new(String::new());
    form.append_pair(
        "grant_type",
        "urn:ietf:params:oauth:grant-type:pre-authorized_code",
    );
    form.append_pair("pre-authorized_code", code);
    if let Some(tx_code) = tx_code {
        form.append_pair("tx_code", tx_code);
    }
    Zeroizing::new(form.finish().into_bytes())
}

/// The form that spends the code of a sign-in (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
pub(crate) fn sign_in_form(
    client: &str,
    code: &str,
    redirect_uri: &str,
    verifier: &str,
) -> Zeroizing<Vec<u8>> {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code");
    form.append_pair("client_id", client);
    form.append_pair("code", code);
    form.append_pair("redirect_uri", redirect_uri);
    form.append_pair("code_verifier", verifier);
    Zeroizing::new(form.finish().into_bytes())
}

/// The form that spends a refresh token, under the client's id where the grant has one.
pub(crate) fn refresh_form(refresh_token: &str, client: Option<&str>) -> Zeroizing<Vec<u8>> {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token");
    if let Some(client) = client {
        form.append_pair("client_id", client);
    }
    form.append_pair("refresh_token", refresh_token);
    Zeroizing::new(form.finish().into_bytes())
}

impl TokenAnswer {
    /// Reads the token endpoint's answer; `configuration` picks among its authorization details.
    ///
    /// # Errors
    /// [`Error::Refused`] with the server's code, or [`Error::AnswerMalformed`].
    pub(crate) fn parse(response: &HttpResponse, configuration: &str) -> Result<Self, Error> {
        if response.status != 200 {
            return Err(OAuthError::of(response));
        }
        let wire: WireToken = json::read(&response.body).ok_or(Error::AnswerMalformed)?;
        let access_token = Zeroizing::new(wire.access_token);
        let refresh_token = wire.refresh_token.map(Zeroizing::new);
        if !sendable(&access_token) {
            return Err(Error::AnswerMalformed);
        }
        let token_type = match wire.token_type {
            Some(name) if name.eq_ignore_ascii_case("dpop") => TokenType::Dpop,
            Some(name) if name.eq_ignore_ascii_case("bearer") => TokenType::Bearer,
            None => TokenType::Bearer,
            Some(_) => return Err(Error::AnswerMalformed),
        };
        Ok(Self {
            access_token,
            token_type,
            expires_in: wire.expires_in.as_ref().and_then(seconds),
            refresh_token: refresh_token.filter(|token| !token.is_empty()),
            credential_identifier: identifier(&wire.authorization_details, configuration),
            nonce: wire.c_nonce,
        })
    }
}

/// Whether an access token can be sent in a header: visible ASCII alone (RFC 6750, section 2.1).
fn sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Reads a number of seconds; some servers write it as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The first identifier among the details of this configuration.
fn identifier(details: &[Value], configuration: &str) -> Option<String> {
    details
        .iter()
        .filter(|detail| {
            let named = detail
                .get("credential_configuration_id")
                .and_then(Value::as_str);
            named.is_none_or(|named| named == configuration)
        })
        .find_map(|detail| detail.get("credential_identifiers")?.get(0)?.as_str())
        .map(str::to_owned)
}

#[derive(Deserialize)]
struct WireToken {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    authorization_details: Vec<Value>,
    c_nonce: Option<String>,
}
