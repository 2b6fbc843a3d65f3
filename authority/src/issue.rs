//! Making a credential from what the register holds.

use vidimus_credential::sd_cwt::{self, CredentialClaims, Portrait, StatusRef};
use vidimus_credential::{Algorithm, License, Signer as _, SigningKey, UnixTime, VerifyingKey};

use crate::application_form;
use crate::error::Error;
use crate::issuer::{IssuerUrl, MAX_LISTS};
use crate::key_use::CREDENTIAL_LIFE;
use crate::rules::slots::Place;
use crate::secret::random;

/// Whether the license's last day is over.
pub(crate) fn has_ended(license: &License, now: UnixTime) -> bool {
    license.end().is_some_and(|end| end <= now)
}

/// What a credential is made of. Personal data.
pub(crate) struct Content<'a> {
    pub(crate) license: &'a License,
    /// The roadside portrait, a small JPEG.
    pub(crate) portrait: &'a [u8],
    pub(crate) holder_key: &'a VerifyingKey,
    pub(crate) place: Place,
}

/// Signs a credential, and returns it with its end: 30 days after `issued`, or the license's end
/// where that is earlier.
pub(crate) fn credential(
    issuer: &IssuerUrl,
    content: &Content<'_>,
    issued: UnixTime,
    signer: &SigningKey,
) -> Result<(Vec<u8>, UnixTime), Error> {
    let life = issued.saturating_add(CREDENTIAL_LIFE);
    let exp = content.license.end().map_or(life, |end| end.min(life));
    let claims = CredentialClaims {
        iss: issuer.as_str().to_owned(),
        sub: random()?,
        exp,
        iat: issued,
        holder_key: content.holder_key.clone(),
        license: content.license.clone(),
        status: StatusRef {
            idx: content.place.idx,
            uri: issuer.status_uri(content.place.list),
        },
    };
    let portrait = Portrait::new(random()?, content.portrait);
    let credential = sd_cwt::issue(&claims, &portrait, signer).map_err(Error::Signing)?;
    Ok((credential, exp))
}

/// Checks that the largest credential of this license is within the profile's 672 bytes.
///
/// # Errors
/// [`Error::Form`] with how many bytes are too many, and which field to shorten.
pub(crate) fn ensure_fits(
    issuer: &IssuerUrl,
    license: &License,
    now: UnixTime,
) -> Result<(), Error> {
    // Any key will do: only the length counts, and a P-256 holder key is the longer kind.
    let holder = SigningKey::from_secret(Algorithm::Esp256, &[1; 32]).map_err(Error::Signing)?;
    let measure = sd_cwt::measure(&CredentialClaims {
        iss: issuer.as_str().to_owned(),
        sub: [0; 16],
        exp: UnixTime::MAX,
        iat: now,
        holder_key: holder.verifying_key().clone(),
        license: license.clone(),
        status: StatusRef {
            idx: u8::MAX,
            uri: issuer.status_uri(MAX_LISTS - 1),
        },
    });
    match application_form::too_much(&measure) {
        None => Ok(()),
        Some(error) => Err(Error::Form(error)),
    }
}
