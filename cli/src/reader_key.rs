//! A reader's key file: JSON with the name that drivers read, and the secret that proves it.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vidimus_credential::{Algorithm, SigningKey};

use crate::failure::{Failure, Outcome};
use crate::{files, runtime};

/// More than any key file has.
const MAX_FILE: u64 = 4_096;

/// A reader's name and its signing key.
pub(crate) struct ReaderKey {
    /// The name that drivers read, as the trust list has it.
    pub(crate) name: String,
    /// The secret key that signs challenges.
    pub(crate) key: SigningKey,
    algorithm: Algorithm,
}

/// Prints the name alone; the key is left out.
impl fmt::Debug for ReaderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ReaderKey").finish_non_exhaustive()
    }
}

impl ReaderKey {
    /// Makes an Ed25519 key for a reader of this name.
    pub(crate) fn generate(name: &str) -> Outcome<Self> {
        let algorithm = Algorithm::Ed25519;
        let key = SigningKey::from_secret(algorithm, &runtime::random()?)
            .map_err(|error| Failure::not_done(format!("cannot make a key: {error}")))?;
        Ok(Self {
            name: name.to_owned(),
            key,
            algorithm,
        })
    }

    /// Writes the file for its owner alone. A file that exists is never overwritten.
    pub(crate) fn write_new(&self, path: &Path) -> Outcome {
        let text = json!({
            "reader": self.name,
            "algorithm": name_of(self.algorithm),
            "secret": URL_SAFE_NO_PAD.encode(*self.key.expose_secret()),
        })
        .to_string();
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.write_all(b"\n")?;
                file.sync_all()
            })
            .map_err(|error| Failure::unwritable(path, &error))
    }

    /// Reads the key file at `path`.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let bytes = files::read_up_to(path, MAX_FILE)?;
        Self::parse(&bytes).ok_or_else(|| {
            Failure::bad_input(format!(
                "{} is not a reader's key file, as `vidimus authority reader add --out` writes it",
                path.display()
            ))
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let file: Value = serde_json::from_slice(bytes).ok()?;
        let text = |name: &str| file.get(name).and_then(Value::as_str);
        let name = text("algorithm")?;
        let algorithm = [Algorithm::Ed25519, Algorithm::Esp256]
            .into_iter()
            .find(|algorithm| name_of(*algorithm) == name)?;
        let secret = URL_SAFE_NO_PAD.decode(text("secret")?).ok()?;
        let key = SigningKey::from_secret(algorithm, &secret.try_into().ok()?).ok()?;
        Some(Self {
            name: text("reader")?.to_owned(),
            key,
            algorithm,
        })
    }
}

const fn name_of(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::Esp256 => "P-256",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidimus_credential::Signer as _;

    #[test]
    fn a_key_file_is_read_again_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("patrol.key");
        let made = ReaderKey::generate("Patrol 7").unwrap();
        made.write_new(&path).unwrap();
        let read = ReaderKey::read(&path).unwrap();
        assert_eq!(read.name, "Patrol 7");
        assert!(read.key.verifying_key() == made.key.verifying_key());
        let before = std::fs::read(&path).unwrap();
        assert_eq!(made.write_new(&path).unwrap_err().code(), 1);
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert_eq!(format!("{read:?}"), "ReaderKey { .. }");
    }

    #[test]
    fn anything_else_is_no_key_file() {
        let good = r#"{"reader":"P","algorithm":"P-256","secret":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}"#;
        assert!(ReaderKey::parse(good.as_bytes()).is_some());
        for (from, to) in [
            ("P-256", "RSA"),
            ("AQEB", "AQ"),
            ("reader", "name"),
            ("}", ""),
        ] {
            let bad = good.replace(from, to);
            assert!(ReaderKey::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
