//! `vidimus verify`: one text or picture, one verdict, one exit code; or many in a row.

mod batch;
mod notes;
mod online;
mod pictures;
mod remembering;
mod verifier;

use std::ffi::OsStr;

use vidimus_credential::challenge::Asked;
use vidimus_credential::qr::MAX_TEXT;
use vidimus_credential::verify::Outcome as Class;
use vidimus_credential::{UnixTime, VerifyingKey};

use crate::args::VerifyArguments;
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{files, output, report, runtime};

use pictures::Pictures;
use verifier::LoadedVerifier;

/// A COSE_Key of ours has about 40 bytes; a file of more is none.
const MAX_ROOT: u64 = 4_096;

/// The bytes of a text of the most characters, and some to see that it is longer.
const MAX_INPUT: u64 = 65_536 * 4 + 8;

/// Judges, prints, and returns the exit code: 0 accept, 2 caution, 1 refuse.
pub(crate) fn run(asked: &VerifyArguments, json: bool) -> Outcome<u8> {
    let mut challenge = challenge(asked)?;
    let now = asked.now.map(second).transpose()?;
    let mut loaded = LoadedVerifier::open(asked)?;
    let category = asked.category.as_deref();
    if asked.batch {
        let code = batch::run(&mut loaded, category, now)?;
        loaded.save()?;
        return Ok(code);
    }
    if let Some(path) = &asked.face {
        files::refuse_existing(path)?;
    }
    let mut pictures = Pictures::default();
    let text = text(asked, challenge.as_ref(), &mut pictures)?;
    let now = now.unwrap_or_else(runtime::now);
    let (verdict, notes) = loaded.judge(&text, challenge.as_mut(), category, now)?;
    loaded.save()?;
    let face = pictures.face(&verdict, asked.face.as_deref())?;
    if json {
        let mut report = report::verdict_json(&verdict, &notes);
        if let (Some(object), Some(face)) = (report.as_object_mut(), &face) {
            object.insert("face".to_owned(), face.json());
        }
        output::json(&report)?;
    } else {
        let mut lines = report::verdict_lines(&verdict, &notes, Style::detect());
        lines.extend(face.map(|face| face.line()));
        output::line(&lines.join("\n"))?;
    }
    Ok(exit_code(verdict.outcome))
}

/// A second that someone named.
fn second(seconds: u64) -> Outcome<UnixTime> {
    UnixTime::new(seconds).map_err(|_| Failure::usage("--now is past the end of 9999"))
}

/// The root that is trusted, as a COSE_Key.
pub(crate) fn read_root(path: &std::path::Path) -> Outcome<VerifyingKey> {
    let bytes = files::read_up_to(path, MAX_ROOT)?;
    VerifyingKey::from_cose_key(&bytes).map_err(|_| {
        let path = path.display();
        Failure::bad_input(format!(
            "{path} holds no COSE_Key; give the `root.cose` that the authority's `init` wrote"
        ))
    })
}

fn challenge(asked: &VerifyArguments) -> Outcome<Option<Asked>> {
    let Some(challenge) = unanswered(asked)? else {
        return Ok(None);
    };
    Ok(Some(match asked.asked_at {
        Some(seconds) => challenge.at(seconds),
        None => challenge,
    }))
}

fn unanswered(asked: &VerifyArguments) -> Outcome<Option<Asked>> {
    let (Some(hex), Some(reader)) = (&asked.challenge, &asked.reader) else {
        return Ok(None);
    };
    let wrong = || {
        Failure::usage(
            "--challenge takes the cnonce that `vidimus challenge` printed: 32 hex digits, or 16 with --reader dl1:code",
        )
    };
    let cnonce = runtime::unhex(hex).ok_or_else(wrong)?;
    if reader == vidimus_credential::presentation::CODE {
        let digits = String::from_utf8(cnonce).map_err(|_| wrong())?;
        return Asked::digits(&digits).map(Some).map_err(|_| wrong());
    }
    let cnonce = <[u8; 16]>::try_from(cnonce).map_err(|_| wrong())?;
    Asked::qr(reader, cnonce).map(Some).map_err(reader_fault)
}

/// A reader's name that cannot be one.
pub(crate) fn reader_fault(error: vidimus_credential::Error) -> Failure {
    match error {
        vidimus_credential::Error::ReservedReader => Failure::usage(
            "--reader: names that begin with `dl1:` are reserved; only `dl1:code` (with digits) is one",
        ),
        _ => Failure::usage(
            "--reader takes 1 to 64 bytes of text in Unicode NFC with something visible in it, and no control characters",
        ),
    }
}

/// The text to judge. What is not UTF-8 is judged too: a foreign character is a foreign character.
fn text(
    asked: &VerifyArguments,
    challenge: Option<&Asked>,
    pictures: &mut Pictures,
) -> Outcome<String> {
    if !asked.images.is_empty() {
        return pictures.read(&asked.images, challenge.map(Asked::cnonce));
    }
    match asked.text.as_deref() {
        Some(text) if text == OsStr::new("-") => {
            let bytes = files::read_standard_input(MAX_INPUT)?;
            // A pipe that broke must not look like a bad license.
            if bytes.trim_ascii().is_empty() {
                return Err(Failure::bad_input("nothing came to be read"));
            }
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_INPUT) {
                // Cut in the middle of a line ending it must still be too long.
                text.push_str(&"?".repeat(MAX_TEXT));
            }
            Ok(text)
        }
        Some(text) => Ok(text.to_string_lossy().into_owned()),
        None => Err(Failure::usage(
            "give the text of the QR, `-`, --image FILE, or --batch",
        )),
    }
}

const fn exit_code(outcome: Class) -> u8 {
    match outcome {
        Class::Accept => 0,
        Class::Caution => 2,
        Class::Refuse => 1,
    }
}
