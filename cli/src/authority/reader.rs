//! `vidimus authority reader`: whose challenges are proven.

use std::path::Path;

use serde_json::json;
use vidimus_credential::{Signer as _, VerifyingKey};

use super::in_order;
use super::register::{Place, time};
use crate::args::{AddReaderArguments, ReaderAction};
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::{self, plain};
use crate::reader_key::ReaderKey;
use crate::runtime::hex;

/// A COSE_Key is shorter.
const MAX_KEY: u64 = 1_024;

/// Runs `authority reader add|list|revoke`.
pub(super) fn run(place: &Place, action: &ReaderAction, json: bool) -> Outcome {
    match action {
        ReaderAction::Add(asked) => add(place, asked, json),
        ReaderAction::List => list(place, json),
        ReaderAction::Revoke { reader } => revoke(place, reader, json),
    }
}

fn add(place: &Place, asked: &AddReaderArguments, json: bool) -> Outcome {
    let register = place.open()?;
    let (key, file) = match (&asked.out, &asked.key) {
        (Some(out), _) => {
            let made = ReaderKey::generate(&asked.name)?;
            made.write_new(out)?;
            (made.key.verifying_key().clone(), Some(out))
        }
        (None, Some(path)) => (read_public(path)?, None),
        (None, None) => return Err(Failure::usage("--out FILE or --key FILE is missing")),
    };
    let kid = match register.add_reader(&asked.name, &key, asked.days) {
        Ok(kid) => kid,
        Err(failure) => {
            // A key that no list names is of no use to anyone. One that is stored and listed later
            // is.
            let is_stored = register.readers().map_or(true, |readers| {
                let kid = hex(key.kid().as_bytes());
                readers.iter().any(|reader| reader.kid == kid)
            });
            if let Some(file) = file.filter(|_| !is_stored) {
                let _ = std::fs::remove_file(file);
            }
            return Err(failure);
        }
    };
    if json {
        return output::json(&json!({ "name": asked.name, "kid": kid, "key": file }));
    }
    let next = file.map_or_else(String::new, |file| {
        format!(
            "\n{} is its secret key: move it to the reader, and keep no copy.\n\
             There: vidimus challenge --reader-key {}",
            file.display(),
            file.display()
        )
    });
    output::line(&format!(
        "Reader {kid} is in the trust list for {} days; wallets show it as proven once they have that list.{next}",
        asked.days
    ))
}

fn read_public(path: &Path) -> Outcome<VerifyingKey> {
    let bytes = files::read_up_to(path, MAX_KEY)?;
    VerifyingKey::from_cose_key(&bytes).map_err(|_| {
        Failure::bad_input(format!(
            "{} is not a public COSE_Key of Ed25519 or P-256",
            path.display()
        ))
    })
}

fn list(place: &Place, json: bool) -> Outcome {
    let readers = place.open()?.readers()?;
    if json {
        return output::json(&in_order(&readers)?);
    }
    if readers.is_empty() {
        return output::line("No readers yet: vidimus authority reader add NAME --out FILE");
    }
    let lines: Vec<_> = readers
        .iter()
        .map(|reader| {
            format!(
                "{}  until {}  {}",
                plain(&reader.kid),
                time(reader.expires),
                plain(&reader.name)
            )
        })
        .collect();
    output::line(&lines.join("\n"))
}

fn revoke(place: &Place, reader: &str, json: bool) -> Outcome {
    place.open()?.revoke_reader(reader)?;
    if json {
        return output::json(&json!({ "revoked": reader }));
    }
    output::line(
        "The reader is out of the trust list; wallets show its challenges as not proven once they have the new list.",
    )
}
