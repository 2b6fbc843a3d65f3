//! Nonces for key proofs (good once) and for proofs of possession (good for several), for five
//! minutes, at every server of this authority.
//!
//! A nonce has a MAC under a secret of the register. So a new nonce stores nothing, and no one can
//! fill the database by asking for many. Only used ones are stored, in the transaction that issues
//! the credential, and using one takes a good access token.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::secret::{base64url, from_base64url, random};

/// How long a nonce is good, in seconds.
const NONCE_LIFE: u64 = 300;
const RANDOM: usize = 16;
const TIME: usize = 8;
const TAG: usize = 32;

/// What a nonce is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NonceUse {
    /// A key proof (OpenID4VCI 1.0, section 7).
    KeyProof,
    /// Proofs of possession (RFC 9449, sections 8 and 9).
    Dpop,
}

impl NonceUse {
    /// What the MAC of such a nonce begins with.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::KeyProof => b"",
            Self::Dpop => b"vidimus dpop nonce",
        }
    }
}

/// A nonce of this authority that has not expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nonce {
    /// Makes each nonce different from every other.
    pub(crate) id: [u8; RANDOM],
    /// The last second at which it is good.
    pub(crate) expires: UnixTime,
}

impl Nonce {
    /// When it was handed out.
    pub(crate) const fn issued(&self) -> UnixTime {
        self.expires.saturating_sub(NONCE_LIFE)
    }
}

/// A fresh nonce under this secret.
pub(crate) fn make(secret: &[u8; 32], of: NonceUse, now: UnixTime) -> Result<String, Error> {
    let expires = now.saturating_add(NONCE_LIFE).seconds();
    let mut nonce = [&random::<RANDOM>()?[..], &expires.to_be_bytes()].concat();
    let tag = mac(secret, of, &nonce)?.finalize().into_bytes();
    nonce.extend_from_slice(&tag);
    Ok(base64url(&nonce))
}

/// Reads a nonce that was made for this use with one of these secrets. `None` for any other, and
/// for an expired one.
pub(crate) fn read(
    text: &str,
    of: NonceUse,
    secrets: &[Zeroizing<[u8; 32]>],
    now: UnixTime,
) -> Option<Nonce> {
    let bytes: [u8; RANDOM + TIME + TAG] = from_base64url(text)?.try_into().ok()?;
    let (stated, tag) = bytes.split_first_chunk::<{ RANDOM + TIME }>()?;
    let ours = |secret: &Zeroizing<[u8; 32]>| {
        mac(secret, of, stated).is_ok_and(|mac| mac.verify_slice(tag).is_ok())
    };
    if !secrets.iter().any(ours) {
        return None;
    }
    let expires = u64::from_be_bytes(*stated.last_chunk::<TIME>()?);
    let nonce = Nonce {
        id: *stated.first_chunk::<RANDOM>()?,
        expires: UnixTime::new(expires).ok()?,
    };
    // A nonce that was made while the clock was far ahead does not count.
    let begun = nonce.issued() <= now.saturating_add(NONCE_LIFE);
    (begun && now <= nonce.expires).then_some(nonce)
}

fn mac(secret: &[u8; 32], of: NonceUse, message: &[u8]) -> Result<Hmac<Sha256>, Error> {
    // HMAC takes a key of any length, so this never fails.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| Error::Random)?;
    mac.update(of.label());
    mac.update(message);
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn a_nonce_is_good_for_five_minutes_under_the_present_and_the_last_secret() {
        let secrets = [Zeroizing::new([2; 32]), Zeroizing::new([1; 32])];
        for secret in &secrets {
            let text = make(secret, NonceUse::KeyProof, at(1_000)).unwrap();
            let nonce = read(&text, NonceUse::KeyProof, &secrets, at(1_300)).unwrap();
            assert_eq!(nonce.issued(), at(1_000));
            assert_eq!(read(&text, NonceUse::KeyProof, &secrets, at(1_301)), None);
            assert_eq!(
                read(&text, NonceUse::KeyProof, &secrets, at(1)),
                None,
                "made by a clock far ahead"
            );
        }
        let first = make(&secrets[0], NonceUse::KeyProof, at(1_000)).unwrap();
        assert_ne!(
            first,
            make(&secrets[0], NonceUse::KeyProof, at(1_000)).unwrap()
        );
    }

    #[test]
    fn a_nonce_of_another_authority_or_none_at_all_is_not_good() {
        let secrets = [Zeroizing::new([1; 32])];
        let foreign = make(&[9; 32], NonceUse::KeyProof, at(1_000)).unwrap();
        let longer = make(&[1; 32], NonceUse::KeyProof, at(1_000)).unwrap() + "A";
        for bad in [foreign.as_str(), &longer, "", "x", "tZignsnFbp"] {
            assert_eq!(read(bad, NonceUse::KeyProof, &secrets, at(1_000)), None);
        }
    }

    #[test]
    fn a_nonce_for_one_use_is_not_good_for_the_other() {
        let secrets = [Zeroizing::new([1; 32])];
        for (made, other) in [
            (NonceUse::KeyProof, NonceUse::Dpop),
            (NonceUse::Dpop, NonceUse::KeyProof),
        ] {
            let nonce = make(&secrets[0], made, at(1_000)).unwrap();
            assert!(read(&nonce, made, &secrets, at(1_000)).is_some());
            assert_eq!(read(&nonce, other, &secrets, at(1_000)), None);
        }
    }
}
