//! Making a credential from what the register holds.

use rusqlite::Transaction;
use vidimus_credential::sd_cwt::{self, CredentialClaims, Portrait, StatusRef};
use vidimus_credential::{
    Algorithm, License, LicenseStatus, Signer as _, SigningKey, UnixTime, VerifyingKey,
};

use crate::error::Error;
use crate::issuer::{IssuerUrl, MAX_LISTS};
use crate::keys::{CREDENTIAL_LIFE, KeyRing, Use};
use crate::register;
use crate::secret::random;

/// Whether the license's last day is over.
pub(crate) fn has_ended(license: &License, now: UnixTime) -> bool {
    license.end().is_some_and(|end| end <= now)
}

/// Issues a credential for a wallet's key; `None` where this license may have no more of them.
///
/// A renewed credential keeps its place in the status list, because it is the same license. It ends
/// after 30 days, and never after the license. A license that is revoked or superseded, both for
/// good, gets none: else its holder could show it without a staple for ever.
pub(crate) fn issue(
    transaction: &Transaction<'_>,
    keys: &KeyRing,
    issuer: &IssuerUrl,
    license_id: &str,
    holder_key: VerifyingKey,
    now: UnixTime,
) -> Result<Option<Vec<u8>>, Error> {
    let registered = register::find(transaction, license_id)?;
    let over = matches!(
        registered.status,
        LicenseStatus::Revoked | LicenseStatus::Superseded
    );
    if over || has_ended(&registered.license, now) {
        return Ok(None);
    }
    let (signer, not_before) = keys.current(transaction, Use::Credential)?;
    // Where another process made the key a moment ago, its time may begin after ours was read.
    let issued = now.max(not_before);
    let life = issued.saturating_add(CREDENTIAL_LIFE);
    let claims = CredentialClaims {
        iss: issuer.as_str().to_owned(),
        sub: random()?,
        exp: registered.license.end().map_or(life, |end| end.min(life)),
        iat: issued,
        holder_key,
        license: registered.license,
        status: StatusRef {
            idx: registered.place.idx,
            uri: issuer.status_uri(registered.place.list),
        },
    };
    let portrait = Portrait::new(random()?, &registered.portrait);
    sd_cwt::issue(&claims, &portrait, &*signer)
        .map(Some)
        .map_err(Error::Signing)
}

/// Sees that the largest credential that this license can ever need keeps to the profile's 672 bytes.
pub(crate) fn ensure_fits(
    issuer: &IssuerUrl,
    license: &License,
    portrait: &[u8],
    now: UnixTime,
) -> Result<(), Error> {
    // Any keys will do: only the lengths count, and a P-256 holder key is the longer kind.
    let key = |algorithm| SigningKey::from_secret(algorithm, &[1; 32]).map_err(Error::Signing);
    let holder = key(Algorithm::Esp256)?;
    let claims = CredentialClaims {
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
    };
    let portrait = Portrait::new([0; 16], portrait);
    match sd_cwt::issue(&claims, &portrait, &key(Algorithm::Ed25519)?) {
        Ok(_) => Ok(()),
        Err(vidimus_credential::Error::TooLong) => Err(Error::TooMuchData),
        Err(error) => Err(Error::Signing(error)),
    }
}
