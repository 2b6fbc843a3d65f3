//! The credential request and its answer (OpenID4VCI 1.0, section 8), and the checks before a
//! license is stored.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use vidimus_credential::key::{KeyId, VerifyingKey};
use vidimus_credential::sd_cwt::{Credential, UnverifiedCredential};
use vidimus_credential::time::{SKEW_S, UnixTime};
use vidimus_credential::trust::TrustList;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::error::OAuthError;
use crate::issuance::application::{Denial, Later};
use crate::network::json;
use crate::ports::HttpResponse;

/// The issuer's answer with a credential, not verified yet.
pub(crate) struct CredentialAnswer {
    /// The credential's CBOR, portrait included.
    pub(crate) credential: Zeroizing<Vec<u8>>,
    /// The issuer's id for a notification of whether the credential was accepted.
    pub(crate) notification_id: Option<String>,
}

/// An issuer's answer to a request for a credential.
pub(crate) enum Answer {
    /// The credential, still to be verified.
    Issued(CredentialAnswer),
    /// The credential will be issued later.
    Later(Later),
    /// The issuer will not issue it (`credential_request_denied`).
    Denied(Denial),
}

/// The body of a request for a credential that was deferred.
pub(crate) fn deferred_body(transaction: &str) -> Vec<u8> {
    json!({ "transaction_id": transaction })
        .to_string()
        .into_bytes()
}

/// The request's body. It names the credential by the identifier of the token answer, or else by
/// the configuration.
pub(crate) fn request_body(configuration: &str, identifier: Option<&str>, proof: &str) -> Vec<u8> {
    let proofs = json!({ "jwt": [proof] });
    match identifier {
        Some(identifier) => json!({ "credential_identifier": identifier, "proofs": proofs }),
        None => json!({ "credential_configuration_id": configuration, "proofs": proofs }),
    }
    .to_string()
    .into_bytes()
}

impl CredentialAnswer {
    /// Reads the answer of the credential endpoint, or of the deferred one.
    ///
    /// # Errors
    /// [`Error::Refused`] with the issuer's code, or [`Error::AnswerMalformed`].
    pub(crate) fn parse(response: &HttpResponse) -> Result<Answer, Error> {
        if !matches!(response.status, 200..=202) {
            return Self::refused(response);
        }
        let wire: WireAnswer = json::read(&response.body).ok_or(Error::AnswerMalformed)?;
        // Drafts up to 13 sent one credential without the list around it.
        let first = wire
            .credentials
            .into_iter()
            .next()
            .map(|entry| match entry {
                Value::Object(mut entry) => entry.remove("credential").unwrap_or_default(),
                other => other,
            });
        match first.or(wire.credential) {
            Some(Value::String(text)) => Ok(Answer::Issued(Self {
                credential: decode(&text)?,
                // An unusable id means no notification; that is no reason to lose a license.
                notification_id: match wire.notification_id {
                    Value::String(id) => Some(id),
                    _ => None,
                },
            })),
            None if response.status == 202 || wire.transaction_id.is_some() => {
                let transaction = match wire.transaction_id {
                    Some(Value::String(id)) => Some(id),
                    _ => None,
                };
                let interval = wire.interval.as_ref().and_then(Value::as_u64);
                Ok(Answer::Later(Later::of(transaction, interval)))
            }
            _ => Err(Error::AnswerMalformed),
        }
    }

    fn refused(response: &HttpResponse) -> Result<Answer, Error> {
        let refusal = OAuthError::of(response);
        if refusal == Error::Refused(OAuthError::CredentialRequestDenied) {
            return Ok(Answer::Denied(Denial::of(response)));
        }
        // Drafts up to 15 said so in place of 202.
        let pending: Option<WirePending> = json::read(&response.body);
        match pending {
            Some(pending) if response.status == 400 && pending.error == "issuance_pending" => {
                Ok(Answer::Later(Later::of(None, pending.interval)))
            }
            _ => Err(refusal),
        }
    }
}

/// Decodes base64url without padding; padding and the standard alphabet are accepted too.
fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = text.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| {
        let fill = "=".repeat(text.len().wrapping_neg() % 4);
        STANDARD.decode(format!("{text}{fill}"))
    });
    bytes
        .map(Zeroizing::new)
        .map_err(|_| Error::AnswerMalformed)
}

/// Verifies that the authority signed a credential for this wallet's key, and returns it with the
/// signing key. The caller must still check that its time is plausible and that it is [in
/// force](check_in_force).
///
/// # Errors
/// [`Error::Credential`] with what the profile forbids (over 672 bytes without its portrait is
/// `TooLong`), or [`Error::CredentialForAnotherKey`].
pub(crate) fn accept(
    bytes: &[u8],
    trust: &TrustList,
    holder: &VerifyingKey,
) -> Result<(Credential, KeyId), Error> {
    let unverified = UnverifiedCredential::parse(bytes)?;
    let kid = unverified.kid();
    let credential = unverified.authenticate(trust)?;
    let claims = credential.claims();
    if claims.holder_key != *holder {
        return Err(Error::CredentialForAnotherKey);
    }
    if credential.has_foreign_disclosure() {
        return Err(vidimus_credential::Error::DisclosureMismatch.into());
    }
    Ok((credential, kid))
}

/// Checks that neither a credential nor the key that signed it has expired.
///
/// # Errors
/// [`Error::CredentialNotInForce`].
pub(crate) fn check_in_force(credential: &Credential, now: UnixTime) -> Result<(), Error> {
    let ends = [credential.claims().exp, credential.key_expires()];
    if ends.iter().any(|end| end.is_over(now, SKEW_S)) {
        return Err(Error::CredentialNotInForce);
    }
    Ok(())
}

#[derive(Deserialize)]
struct WireAnswer {
    #[serde(default, deserialize_with = "super::absent_if_null")]
    credentials: Vec<Value>,
    credential: Option<Value>,
    transaction_id: Option<Value>,
    interval: Option<Value>,
    #[serde(default)]
    notification_id: Value,
}

#[derive(Deserialize)]
struct WirePending {
    error: String,
    interval: Option<u64>,
}
