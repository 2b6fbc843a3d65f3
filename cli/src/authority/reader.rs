//! `vidimus authority reader`: whose challenges are proven.

use std::path::Path;

use serde_json::json;
use vidimus_credential::{Signer as _, VerifyingKey};

use super::{failure, open};
use crate::args::{AddReaderArguments, ReaderAction};
use crate::failure::{Failure, Outcome};
use crate::reader_key::ReaderKey;
use crate::runtime::hex;
use crate::{files, output, runtime};

/// A COSE_Key is shorter.
const MAX_KEY: u64 = 1_024;

/// Runs `authority reader add|list|revoke`.
pub(super) fn run(home: &Path, action: &ReaderAction, json: bool) -> Outcome {
    match action {
        ReaderAction::Add(asked) => add(home, asked, json),
        ReaderAction::List => list(home, json),
        ReaderAction::Revoke { reader } => revoke(home, reader, json),
    }
}

fn add(home: &Path, asked: &AddReaderArguments, json: bool) -> Outcome {
    let authority = open(home)?;
    let (key, file) = match (&asked.out, &asked.key) {
        (Some(out), _) => {
            let made = ReaderKey::generate(&asked.name)?;
            made.write_new(out)?;
            (made.key.verifying_key().clone(), Some(out))
        }
        (None, Some(path)) => (read_public(path)?, None),
        (None, None) => return Err(Failure::usage("--out FILE or --key FILE is missing")),
    };
    let added = authority.add_reader(&asked.name, &key, asked.days, runtime::moment());
    let kid = match added {
        Ok(kid) => kid,
        Err(error) => {
            // A key that no list names is of no use to anyone. One that is stored and listed later
            // is.
            let is_stored = authority.readers().map_or(true, |readers| {
                let kid = key.kid();
                readers
                    .iter()
                    .any(|reader| reader.kid == hex(kid.as_bytes()))
            });
            if let Some(file) = file.filter(|_| !is_stored) {
                let _ = std::fs::remove_file(file);
            }
            return Err(failure(&error));
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

fn list(home: &Path, json: bool) -> Outcome {
    let readers = open(home)?.readers().map_err(|error| failure(&error))?;
    if json {
        let rows: Vec<_> = readers
            .iter()
            .map(|reader| {
                json!({
                    "kid": reader.kid,
                    "name": reader.name,
                    "added_at": reader.added.seconds(),
                    "expires_at": reader.expires.seconds(),
                })
            })
            .collect();
        return output::json(&rows);
    }
    if readers.is_empty() {
        return output::line("No readers yet: vidimus authority reader add NAME --out FILE");
    }
    let lines: Vec<_> = readers
        .iter()
        .map(|reader| {
            format!(
                "{}  until {}  {}",
                reader.kid,
                reader.expires.to_rfc3339(),
                reader.name
            )
        })
        .collect();
    output::line(&lines.join("\n"))
}

fn revoke(home: &Path, reader: &str, json: bool) -> Outcome {
    open(home)?
        .revoke_reader(reader, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "revoked": reader }));
    }
    output::line(
        "The reader is out of the trust list; wallets show its challenges as not proven once they have the new list.",
    )
}
