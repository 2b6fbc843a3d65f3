//! `vidimus verify`: one text or picture, one verdict, one exit code.

use std::ffi::OsStr;

use vidimus_credential::challenge::Asked;
use vidimus_credential::qr::MAX_TEXT;
use vidimus_credential::verify::{Outcome as Class, Policy, Question, Verdict, Verifier};
use vidimus_credential::{UnixTime, VerifyingKey};

use crate::args::VerifyArguments;
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{files, output, picture, report, runtime};

/// A COSE_Key of ours has about 40 bytes; a file of more is none.
const MAX_ROOT: u64 = 4_096;

/// One byte more than a trust list may have is read, so that it is judged and not cut.
const MAX_TRUST: u64 = 1 << 20;

/// Bundles inflate to at most 256 MiB, and noise does not shrink.
const MAX_BUNDLE: u64 = 260 << 20;

/// Whatever bytes stand in a text of the most characters, and some to see that it is longer.
const MAX_INPUT: u64 = 65_536 * 4 + 8;

/// Judges, prints, and returns the exit code: 0 accept, 2 caution, 1 refuse.
pub(crate) fn run(asked: &VerifyArguments, json: bool) -> Outcome<u8> {
    let mut challenge = challenge(asked)?;
    let root = root(asked)?;
    let trust = files::read_up_to(&asked.trust, MAX_TRUST)?;
    let bundle = match &asked.bundle {
        Some(path) => Some(files::read_up_to(path, MAX_BUNDLE)?),
        None => None,
    };
    let text = text(asked)?;
    let now = match asked.now {
        Some(seconds) => {
            UnixTime::new(seconds).map_err(|_| Failure::usage("--now is past the end of 9999"))?
        }
        None => runtime::now(),
    };

    let mut verifier = Verifier::new(root, Policy::default());
    // What cannot be used is remembered by the verifier and named in the verdict.
    let _ = verifier.set_trust_list(&trust);
    if let Some(bundle) = &bundle {
        let _ = verifier.set_bundle(bundle);
    }
    let question = Question {
        challenge: challenge.as_mut(),
        ..Question::default()
    };
    let verdict = verifier.check_with(&text, question, now);
    print(&verdict, json)?;
    Ok(exit_code(verdict.outcome))
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

fn root(asked: &VerifyArguments) -> Outcome<VerifyingKey> {
    read_root(&asked.root)
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
fn text(asked: &VerifyArguments) -> Outcome<String> {
    if let Some(path) = &asked.image {
        let file = files::read_up_to(path, picture::MAX_FILE)?;
        let content = picture::read_qr(&file).map_err(|error| {
            Failure::bad_input(format!("{} {}", path.display(), error.explain()))
        })?;
        return Ok(String::from_utf8_lossy(&content).into_owned());
    }
    match asked.text.as_deref() {
        Some(text) if text == OsStr::new("-") => {
            let bytes = files::read_standard_input(MAX_INPUT)?;
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_INPUT) {
                // Cut in the middle of a line ending it must still be too long.
                text.push_str(&"?".repeat(MAX_TEXT));
            }
            Ok(text)
        }
        Some(text) => Ok(text.to_string_lossy().into_owned()),
        None => Err(Failure::usage(
            "give the text of the QR, `-`, or --image FILE",
        )),
    }
}

fn print(verdict: &Verdict, json: bool) -> Outcome {
    if json {
        return output::json(&report::verdict_json(verdict));
    }
    output::line(&report::verdict_lines(verdict, Style::detect()).join("\n"))
}

const fn exit_code(outcome: Class) -> u8 {
    match outcome {
        Class::Accept => 0,
        Class::Caution => 2,
        Class::Refuse => 1,
    }
}
