//! Passphrases: argon2id, on other threads than those that serve the network, and few at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::secret::random;

/// Memory of one run in KiB, rounds and lanes: what OWASP recommends at least.
const MEMORY: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;
/// Runs at a time: 76 MiB of memory, and four cores.
const TURNS: usize = 4;
/// A run waits no longer for its turn than this.
const PATIENCE: Duration = Duration::from_secs(8);

/// Hashes passphrases, a few at a time.
pub(crate) struct Hasher {
    turns: Semaphore,
    runs: AtomicU64,
}

impl Hasher {
    pub(crate) const fn new() -> Self {
        Self {
            turns: Semaphore::const_new(TURNS),
            runs: AtomicU64::new(0),
        }
    }

    /// How often argon2 ran.
    #[cfg(test)]
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The PHC string of a passphrase.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait, or that there is no randomness.
    pub(crate) async fn hash(&self, passphrase: Zeroizing<String>) -> Result<String, Error> {
        let run = move || {
            let salt = random::<16>()?;
            let hash = argon2()?.hash_password_with_salt(passphrase.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|_| Error::Random)
        };
        self.turn(run).await
    }

    /// Whether a passphrase is that of a hash. Without one it is hashed all the same, so that both
    /// take as long, and it is not.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait.
    pub(crate) async fn verify(
        &self,
        passphrase: Zeroizing<String>,
        hash: Option<Zeroizing<String>>,
    ) -> Result<bool, Error> {
        let run = move || {
            let Some(hash) = hash else {
                let _ = argon2()?.hash_password_with_salt(passphrase.as_bytes(), &[0; 16]);
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(crate::error::damaged)?;
            Ok(argon2()?
                .verify_password(passphrase.as_bytes(), &hash)
                .is_ok())
        };
        self.turn(run).await
    }

    async fn turn<T: Send + 'static>(
        &self,
        run: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = timeout(PATIENCE, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(Error::Busy);
        };
        self.runs.fetch_add(1, Ordering::Relaxed);
        spawn_blocking(run).await.unwrap_or(Err(Error::Busy))
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY, ROUNDS, LANES, None).map_err(|_| Error::Random)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_passphrase_is_known_by_its_hash_alone_and_an_unknown_one_takes_the_same_run() {
        let hasher = Hasher::new();
        let hash = hasher.hash(text("correct horse")).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let stored = || Some(text(&hash));
        assert_eq!(
            hasher.verify(text("correct horse"), stored()).await,
            Ok(true)
        );
        assert_eq!(
            hasher.verify(text("correct hors"), stored()).await,
            Ok(false)
        );
        assert_eq!(hasher.verify(text("correct horse"), None).await, Ok(false));
        assert_eq!(hasher.runs(), 4);
    }
}
