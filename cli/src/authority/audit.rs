//! `vidimus authority audit`: what happened, chained and signed.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use vidimus_authority::check_audit;
use vidimus_credential::VerifyingKey;

use super::register::Place;
use super::{failure, open};
use crate::failure::{Failure, Outcome};
use crate::{files, output, runtime};

/// More than an export of ten million events needs.
const MAX_EXPORT: u64 = 4 * 1024 * 1024 * 1024;
/// More than a key needs.
const MAX_KEY: u64 = 1024;

/// Runs `vidimus authority audit export`.
pub(super) fn export(place: &Place, from: i64) -> Outcome {
    let register = place.open()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    let next = register.audit(from, &mut |line| {
        if failed.is_none() {
            failed = writeln!(out, "{line}").err();
        }
    })?;
    if let Some(error) = failed.or_else(|| out.flush().err()) {
        return Err(Failure::not_done(format!(
            "cannot write the export: {}",
            error.kind()
        )));
    }
    if let Some(next) = next {
        output::note(&format!(
            "There may be more: go on with `audit export --from {next}`, into another file"
        ));
    }
    Ok(())
}

/// Runs `vidimus authority audit key`.
pub(super) fn key(home: &Path, json: bool) -> Outcome {
    let key = open(home)?
        .audit_key(runtime::moment())
        .map_err(|error| failure(&error))?;
    let kid = base16ct::lower::encode_string(key.kid().as_bytes());
    let file = home.join("audit.cose");
    match json {
        true => output::json(&json!({ "kid": kid, "key": file })),
        false => output::line(&format!(
            "{} holds the public key {kid}: keep a copy of it away from the authority.",
            file.display()
        )),
    }
}

/// Runs `vidimus authority audit verify`.
pub(super) fn verify(
    home: Option<&Path>,
    file: &Path,
    key: Option<PathBuf>,
    json: bool,
) -> Outcome {
    let key = key
        .or_else(|| home.map(|home| home.join("audit.cose")))
        .ok_or_else(|| Failure::usage("--key FILE is missing: the authority's audit.cose"))?;
    let bytes = files::read_up_to(&key, MAX_KEY)?;
    let public = VerifyingKey::from_cose_key(&bytes)
        .map_err(|_| Failure::bad_input(format!("{} holds no public key", key.display())))?;
    let bytes = match file == Path::new("-") {
        true => files::read_standard_input(MAX_EXPORT)?,
        false => files::read_up_to(file, MAX_EXPORT)?,
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::not_done("the export is not text: it was changed"))?;
    let checked = check_audit(&text, &public).map_err(Failure::not_done)?;
    let (first, last) = checked.sealed.unzip();
    if json {
        return output::json(&json!({
            "authority": checked.authority,
            "first": first,
            "last": last,
            "before": checked.before,
            "chain": checked.chain,
            "unsealed": checked.unsealed.map(|(first, last)| [first, last]),
            "exported_at": checked.at.seconds(),
        }));
    }
    let sealed = match checked.sealed {
        Some((first, last)) => format!("events {first} to {last}"),
        None => "no event".to_owned(),
    };
    let tail = match checked.unsealed {
        Some((first, last)) => {
            format!("\nEvents {first} to {last} were not chained yet: a later export has them.")
        }
        None => String::new(),
    };
    output::line(&format!(
        "The audit holds: {sealed} of authority {}, exported {}.\n\
         Before   {}\n\
         Chain    {}{tail}",
        checked.authority,
        checked.at.to_rfc3339(),
        checked.before,
        checked.chain
    ))
}
