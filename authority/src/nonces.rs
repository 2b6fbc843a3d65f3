//! Nonces for key proofs: single-use, five minutes.
//!
//! A nonce authenticates itself, so handing one out stores nothing and nobody can fill a memory by
//! asking. Only used ones are remembered, until they end; using one takes a good access token. The
//! key lives as long as the process: after a restart wallets are told `invalid_nonce` and ask again.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

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

/// Gives out nonces and takes each of them once.
pub(crate) struct Nonces {
    key: Zeroizing<[u8; 32]>,
    used: Mutex<BTreeSet<(u64, [u8; RANDOM])>>,
}

impl Nonces {
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self {
            key: Zeroizing::new(random()?),
            used: Mutex::default(),
        })
    }

    /// A fresh nonce.
    pub(crate) fn issue(&self, now: UnixTime) -> Result<String, Error> {
        let expires = now.saturating_add(NONCE_LIFE).seconds();
        let mut nonce = [&random::<RANDOM>()?[..], &expires.to_be_bytes()].concat();
        let tag = self.mac(&nonce)?.finalize().into_bytes();
        nonce.extend_from_slice(&tag);
        Ok(base64url(&nonce))
    }

    /// Takes a nonce; `false` where it is not one of ours, has ended, or was used before.
    pub(crate) fn take(&self, nonce: &str, now: UnixTime) -> Result<bool, Error> {
        let bytes: Option<[u8; RANDOM + TIME + TAG]> =
            from_base64url(nonce).and_then(|bytes| bytes.try_into().ok());
        let Some(bytes) = bytes else { return Ok(false) };
        let Some((stated, tag)) = bytes.split_first_chunk::<{ RANDOM + TIME }>() else {
            return Ok(false);
        };
        if self.mac(stated)?.verify_slice(tag).is_err() {
            return Ok(false);
        }
        let (Some(id), Some(expires)) =
            (stated.first_chunk::<RANDOM>(), stated.last_chunk::<TIME>())
        else {
            return Ok(false);
        };
        let expires = u64::from_be_bytes(*expires);
        if now.seconds() > expires {
            return Ok(false);
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while used
            .first()
            .is_some_and(|(expires, _)| *expires < now.seconds())
        {
            used.pop_first();
        }
        Ok(used.insert((expires, *id)))
    }

    fn mac(&self, message: &[u8]) -> Result<Hmac<Sha256>, Error> {
        // HMAC takes a key of any length; the error cannot come.
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).map_err(|_| Error::Random)?;
        mac.update(message);
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn a_nonce_is_good_once_and_for_five_minutes() {
        let nonces = Nonces::new().unwrap();
        let (first, second) = (
            nonces.issue(at(1000)).unwrap(),
            nonces.issue(at(1000)).unwrap(),
        );
        assert!(nonces.take(&first, at(1300)).unwrap());
        assert!(!nonces.take(&first, at(1300)).unwrap());
        assert!(!nonces.take(&second, at(1301)).unwrap());
    }

    #[test]
    fn a_nonce_of_another_process_or_none_at_all_is_not_good() {
        let nonces = Nonces::new().unwrap();
        let foreign = Nonces::new().unwrap().issue(at(1000)).unwrap();
        let mut longer = nonces.issue(at(1000)).unwrap();
        longer.push('A');
        for bad in [&foreign, &longer, "", "x", "tZignsnFbp"] {
            assert!(!nonces.take(bad, at(1000)).unwrap());
        }
    }

    #[test]
    fn used_nonces_are_forgotten_once_they_have_ended() {
        let nonces = Nonces::new().unwrap();
        for second in 0..1000 {
            assert!(
                nonces
                    .take(&nonces.issue(at(second)).unwrap(), at(second))
                    .unwrap()
            );
        }
        assert!(nonces.used.lock().unwrap().len() <= 301);
    }
}
