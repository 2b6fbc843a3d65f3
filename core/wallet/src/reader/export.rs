//! The log of the checks as a file of JSON lines.
//!
//! A line for each check, the oldest first:
//! `{"at":1795000000,"outcome":"accept","reasons":["unresolved"],"number":"ZZ-1"}`. The number is
//! there in an officer's log alone. Where the reader has a key, a last line has its signature over
//! all bytes before it: `{"signed_by":"<COSE_Key>","signature":"<64 bytes>"}`, in hexadecimal
//! digits. Where entries are missing because someone has changed the log, the first line is
//! `{"intact":false}`.

use std::fmt::Write as _;

use vidimus_credential::key::Signer;

use super::{CheckEntry, CheckLog, ReaderError};
use crate::error::Error;

impl CheckLog {
    /// The log as JSON lines, the oldest check first, with the signature of the reader in the last
    /// line where it has a key. An empty log has no line but the signature.
    ///
    /// # Errors
    /// [`ReaderError::Invalid`] where the key did not sign.
    pub fn to_json_lines(&self, signer: Option<&dyn Signer>) -> Result<Vec<u8>, ReaderError> {
        let mut text = String::new();
        if !self.intact {
            text.push_str("{\"intact\":false}\n");
        }
        for entry in self.entries.iter().rev() {
            line(&mut text, entry);
        }
        if let Some(signer) = signer {
            let signature = signer.sign(text.as_bytes()).map_err(Error::from)?;
            text.push_str("{\"signed_by\":\"");
            hex(&mut text, &signer.verifying_key().to_cose_key());
            text.push_str("\",\"signature\":\"");
            hex(&mut text, &signature);
            text.push_str("\"}\n");
        }
        Ok(text.into_bytes())
    }
}

fn line(text: &mut String, entry: &CheckEntry) {
    text.push_str("{\"at\":");
    text.push_str(&entry.at.seconds().to_string());
    text.push_str(",\"outcome\":\"");
    text.push_str(entry.outcome.name());
    text.push_str("\",\"reasons\":[");
    for (index, reason) in entry.reasons.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        string(text, reason.code());
    }
    text.push(']');
    if let Some(number) = &entry.number {
        text.push_str(",\"number\":");
        string(text, number);
    }
    text.push_str("}\n");
}

/// A string of JSON: what is in a license is chosen by others.
fn string(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if u32::from(c) < 0x20 => {
                // Writing to a String cannot fail.
                _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

fn hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        _ = write!(text, "{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::key::{Algorithm, SigningKey};
    use vidimus_credential::{Outcome, Reason, UnixTime};

    use super::*;

    fn entry(at: u64, outcome: Outcome, reasons: &[Reason], number: Option<&str>) -> CheckEntry {
        CheckEntry {
            at: UnixTime::new(at).unwrap(),
            outcome,
            reasons: reasons.to_vec(),
            number: number.map(str::to_owned),
        }
    }

    #[test]
    fn each_check_has_a_line_the_oldest_first_and_a_number_cannot_break_out_of_it() {
        let log = CheckLog {
            entries: vec![
                entry(
                    20,
                    Outcome::Refuse,
                    &[Reason::Suspended, Reason::StatusStale],
                    None,
                ),
                entry(10, Outcome::Accept, &[], Some("Z\"\\\n\u{1}é")),
            ],
            intact: false,
        };
        let file = String::from_utf8(log.to_json_lines(None).unwrap()).unwrap();
        assert_eq!(
            file,
            "{\"intact\":false}\n\
             {\"at\":10,\"outcome\":\"accept\",\"reasons\":[],\"number\":\"Z\\\"\\\\\\u000a\\u0001é\"}\n\
             {\"at\":20,\"outcome\":\"refuse\",\"reasons\":[\"suspended\",\"status_stale\"]}\n"
        );
    }

    #[test]
    fn the_last_line_signs_all_before_it() {
        let key = SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap();
        let log = CheckLog {
            entries: vec![entry(10, Outcome::Accept, &[], None)],
            intact: true,
        };
        let file = String::from_utf8(log.to_json_lines(Some(&key)).unwrap()).unwrap();
        let (signed, last) = file.split_at(file.find("{\"signed_by\"").unwrap());
        let signature = last.split('"').nth(7).unwrap();
        let bytes: Vec<u8> = (0..64)
            .map(|at| u8::from_str_radix(&signature[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        let again = key.sign(signed.as_bytes()).unwrap();
        assert_eq!(bytes, again, "Ed25519 gives one signature");
        assert_ne!(key.sign(&signed.as_bytes()[1..]).unwrap().to_vec(), bytes);
    }
}
