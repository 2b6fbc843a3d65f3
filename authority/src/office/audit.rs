//! The audit: one line for each event, chained, and exported with a signature.
//!
//! ```text
//! {"vidimus_audit":1,"authority":KID,"from":N,"before":CHAIN}
//! {"n":N,"at":SECONDS,"by":"u7","kind":"edited","license":ID,"device":null,"key":null,"detail":"gives","chain":CHAIN}
//! …
//! {"unsealed":{"n":M,…}}
//! {"last":L,"chain":CHAIN,"unsealed":COUNT,"at":SECONDS,"kid":KID,"signature":BASE64URL}
//! ```
//!
//! A line's chain is SHA-256 over the chain of the line before and the line without its chain. So
//! what was exported once fixes all that was before it. The last line signs the first one and the
//! last chain. Lines hold ids and codes, and no names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vidimus_credential::{UnixTime, VerifyingKey};

/// The value of a chain.
pub(crate) type Chain = [u8; 32];

/// Before the first line.
pub(crate) const START: Chain = [0; 32];
/// Begins what is signed.
const SIGNED: &str = "vidimus audit 1\n";

/// An event as its line says it.
pub(crate) struct AuditEvent {
    pub(crate) id: i64,
    pub(crate) at: i64,
    pub(crate) by: String,
    pub(crate) kind: String,
    pub(crate) license: Option<String>,
    pub(crate) device: Option<i64>,
    pub(crate) key: Option<String>,
    pub(crate) detail: Option<String>,
}

/// The line of an event, without its chain.
pub(crate) fn line_of(event: &AuditEvent) -> String {
    // In this order, which the module's serializer keeps.
    let text = |value: &Option<String>| json!(value).to_string();
    format!(
        "{{\"n\":{},\"at\":{},\"by\":{},\"kind\":{},\"license\":{},\"device\":{},\"key\":{},\"detail\":{}}}",
        event.id,
        event.at,
        json!(event.by),
        json!(event.kind),
        text(&event.license),
        json!(event.device),
        text(&event.key),
        text(&event.detail),
    )
}

/// The chain of a line after the one before.
pub(crate) fn next_chain(before: &Chain, line: &str) -> Chain {
    let mut hash = Sha256::new();
    hash.update(b"vidimus audit line\0");
    hash.update(before);
    hash.update(line);
    hash.finalize().into()
}

fn hex(chain: &Chain) -> String {
    base16ct::lower::encode_string(chain)
}

fn unhex(text: &str) -> Option<Chain> {
    base16ct::lower::decode_vec(text).ok()?.try_into().ok()
}

/// A line of an export, with its chain value.
pub(crate) fn sealed(line: &str, chain: &Chain) -> String {
    let open = line.strip_suffix('}').unwrap_or(line);
    format!("{open},\"chain\":\"{}\"}}", hex(chain))
}

/// The first line of an export.
pub(crate) struct Begin {
    /// The id of the root key, which is the authority's for good.
    pub(crate) authority: String,
    /// The number of the first line that was asked for.
    pub(crate) from: i64,
    /// The chain of the line before it.
    pub(crate) before: Chain,
}

impl Begin {
    pub(crate) fn to_line(&self) -> String {
        format!(
            "{{\"vidimus_audit\":1,\"authority\":\"{}\",\"from\":{},\"before\":\"{}\"}}",
            self.authority,
            self.from,
            hex(&self.before)
        )
    }
}

/// The last line of an export, but for its signature, and what is signed of it.
pub(crate) fn end(
    begin: &str,
    last: (i64, &Chain),
    unsealed: usize,
    at: UnixTime,
    kid: &str,
) -> (String, Vec<u8>) {
    let line = format!(
        "{{\"last\":{},\"chain\":\"{}\",\"unsealed\":{unsealed},\"at\":{},\"kid\":\"{kid}\"",
        last.0,
        hex(last.1),
        at.seconds()
    );
    let message = message(begin, &line);
    (line, message)
}

fn message(begin: &str, end: &str) -> Vec<u8> {
    format!("{SIGNED}{begin}\n{end}").into_bytes()
}

/// What the check of an export found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The id of the authority's root key.
    pub authority: String,
    /// The first and the last number that is sealed; `None` where there is no line.
    pub sealed: Option<(i64, i64)>,
    /// The chain of the last sealed line, 64 hexadecimal digits: a later export from the next
    /// number begins with it.
    pub chain: String,
    /// The chain before the first line, 64 hexadecimal digits: zeros at the very beginning.
    pub before: String,
    /// The numbers of events that were not sealed yet: the first and the last.
    pub unsealed: Option<(i64, i64)>,
    /// When it was exported.
    pub at: UnixTime,
}

/// Why an export does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditFault {
    /// The file is not an export.
    #[error("this is not an export of the audit: its first line is none of `audit export`")]
    NotAnExport,
    /// A line cannot be read.
    #[error("line {line} is not a line of the audit: it was changed, or cut")]
    Line {
        /// The line's place in the file, from 1.
        line: usize,
    },
    /// A line does not follow from the one before it.
    #[error(
        "the chain breaks at line {line} (event {number}): this line or the one before it was changed, removed, added or put elsewhere"
    )]
    Chain {
        /// The line's place in the file, from 1.
        line: usize,
        /// The event's number, as the line says it.
        number: i64,
    },
    /// Numbers do not rise.
    #[error("line {line} has an earlier number than the line before it: lines were put elsewhere")]
    Order {
        /// The line's place in the file, from 1.
        line: usize,
    },
    /// The end is missing.
    #[error(
        "the last line, which is signed, is missing: lines at the end were removed. The last line here is event {last}"
    )]
    EndMissing {
        /// The last event that is there; 0 without one.
        last: i64,
    },
    /// The end is of other lines.
    #[error(
        "the last line was signed for event {signed}, and the lines end with event {last}: lines at the end were removed or added"
    )]
    OtherEnd {
        /// The event that the end names.
        signed: i64,
        /// The last event that is there; 0 without one.
        last: i64,
    },
    /// The signature is another key's, or for another text.
    #[error(
        "the signature does not hold: the first or the last line was changed, or this is not the key of this authority's audit"
    )]
    Signature,
}

/// Checks an export by the public key of the authority's audit. The caller compares `before` with
/// the `chain` of the export that it has from earlier: then nothing of what was before is missing.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn check_audit(text: &str, key: &VerifyingKey) -> Result<Checked, AuditFault> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(place, line)| (place + 1, line));
    let (_, first) = lines.next().ok_or(AuditFault::NotAnExport)?;
    let begin: Value = serde_json::from_str(first).map_err(|_| AuditFault::NotAnExport)?;
    let before = begin.get("before").and_then(Value::as_str);
    let before = before.and_then(unhex).ok_or(AuditFault::NotAnExport)?;
    let authority = begin.get("authority").and_then(Value::as_str);
    let authority = authority.ok_or(AuditFault::NotAnExport)?.to_owned();
    if begin.get("vidimus_audit") != Some(&json!(1)) {
        return Err(AuditFault::NotAnExport);
    }
    let mut walk = Walk {
        chain: before,
        first: None,
        last: begin.get("from").and_then(Value::as_i64).unwrap_or(1) - 1,
        unsealed: Vec::new(),
    };
    let begun_at = walk.last;
    for (place, line) in lines.by_ref() {
        if let Some(end) = line.strip_prefix("{\"last\":") {
            let at = walk.end(first, line, end, begun_at, place, key)?;
            return match lines.next() {
                None => Ok(walk.checked(authority, &before, at)),
                // What stands behind the end was never signed.
                Some((place, _)) => Err(AuditFault::Line { line: place }),
            };
        }
        walk.take(line, place)?;
    }
    Err(AuditFault::EndMissing {
        last: walk.first.map_or(0, |_| walk.last),
    })
}

/// How far the check has come.
struct Walk {
    chain: Chain,
    first: Option<i64>,
    last: i64,
    unsealed: Vec<i64>,
}

impl Walk {
    fn take(&mut self, line: &str, place: usize) -> Result<(), AuditFault> {
        let fault = AuditFault::Line { line: place };
        let value: Value = serde_json::from_str(line).map_err(|_| fault.clone())?;
        if let Some(waiting) = value.get("unsealed") {
            let number = waiting.get("n").and_then(Value::as_i64).ok_or(fault)?;
            self.unsealed.push(number);
            return Ok(());
        }
        let number = value.get("n").and_then(Value::as_i64);
        let number = number
            .filter(|_| self.unsealed.is_empty())
            .ok_or(fault.clone())?;
        // What stands before the chain, as it was written.
        let (open, chain) = line.rsplit_once(",\"chain\":\"").ok_or(fault.clone())?;
        let told = chain.strip_suffix("\"}").and_then(unhex).ok_or(fault)?;
        let counted = next_chain(&self.chain, &format!("{open}}}"));
        if counted != told {
            return Err(if number <= self.last {
                AuditFault::Order { line: place }
            } else {
                AuditFault::Chain {
                    line: place,
                    number,
                }
            });
        }
        if number <= self.last {
            return Err(AuditFault::Order { line: place });
        }
        self.first.get_or_insert(number);
        (self.chain, self.last) = (told, number);
        Ok(())
    }

    /// Checks the last line; gives when it was signed.
    fn end(
        &self,
        begin: &str,
        line: &str,
        end: &str,
        begun_at: i64,
        place: usize,
        key: &VerifyingKey,
    ) -> Result<UnixTime, AuditFault> {
        let fault = AuditFault::Line { line: place };
        let last = self.first.map_or(0, |_| self.last);
        let signed: i64 = end
            .split(',')
            .next()
            .and_then(|number| number.parse().ok())
            .ok_or(fault.clone())?;
        let (open, signature) = line.rsplit_once(",\"signature\":\"").ok_or(fault.clone())?;
        let signature = signature
            .strip_suffix("\"}")
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
            .ok_or(fault.clone())?;
        key.verify(&message(begin, open), &signature)
            .map_err(|_| AuditFault::Signature)?;
        // From here on the line says what the authority said.
        let value: Value = serde_json::from_str(line).map_err(|_| fault.clone())?;
        let chain = value.get("chain").and_then(Value::as_str).and_then(unhex);
        let unsealed = value.get("unsealed").and_then(Value::as_u64);
        let is_end = chain == Some(self.chain)
            && signed == self.first.map_or(begun_at, |_| self.last)
            && unsealed.and_then(|count| usize::try_from(count).ok()) == Some(self.unsealed.len());
        if !is_end {
            return Err(AuditFault::OtherEnd { signed, last });
        }
        let at = value.get("at").and_then(Value::as_u64);
        at.and_then(|at| UnixTime::new(at).ok()).ok_or(fault)
    }

    fn checked(&self, authority: String, before: &Chain, at: UnixTime) -> Checked {
        let ends = |numbers: &[i64]| Some((*numbers.first()?, *numbers.last()?));
        Checked {
            authority,
            sealed: self.first.map(|first| (first, self.last)),
            chain: hex(&self.chain),
            before: hex(before),
            unsealed: ends(&self.unsealed),
            at,
        }
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::{Algorithm, Signer as _, SigningKey};

    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap()
    }

    fn event(id: i64) -> AuditEvent {
        AuditEvent {
            id,
            at: 1_800_000_000 + id,
            by: "u7".to_owned(),
            kind: "edited".to_owned(),
            license: Some("00ff".to_owned()),
            device: None,
            key: Some("a \"key\", with\\marks".to_owned()),
            detail: None,
        }
    }

    /// An export of these events, with two that are not sealed.
    fn export(ids: &[i64]) -> Vec<String> {
        let begin = Begin {
            authority: "0011".to_owned(),
            from: 3,
            before: [9; 32],
        };
        let mut lines = vec![begin.to_line()];
        let mut chain = begin.before;
        for id in ids {
            let line = line_of(&event(*id));
            chain = next_chain(&chain, &line);
            lines.push(sealed(&line, &chain));
        }
        for id in [90, 91] {
            lines.push(format!("{{\"unsealed\":{}}}", line_of(&event(id))));
        }
        let last = *ids.last().unwrap();
        let at = UnixTime::new(1_800_000_500).unwrap();
        let (end, message) = end(&lines[0], (last, &chain), 2, at, "0022");
        let signature = URL_SAFE_NO_PAD.encode(key().sign(&message).unwrap());
        lines.push(format!("{end},\"signature\":\"{signature}\"}}"));
        lines
    }

    fn check(lines: &[String]) -> Result<Checked, AuditFault> {
        check_audit(&lines.join("\n"), key().verifying_key())
    }

    #[test]
    fn an_export_holds_and_names_what_is_not_sealed() {
        let checked = check(&export(&[3, 4, 6, 9])).unwrap();
        assert_eq!(checked.sealed, Some((3, 9)));
        assert_eq!(checked.unsealed, Some((90, 91)));
        assert_eq!(checked.before, "09".repeat(32));
        assert_eq!(checked.at.seconds(), 1_800_000_500);
    }

    #[test]
    fn a_line_that_is_removed_changed_added_or_put_elsewhere_is_found() {
        let good = export(&[3, 4, 6, 9]);
        let tampered = |change: &dyn Fn(&mut Vec<String>)| {
            let mut lines = good.clone();
            change(&mut lines);
            check(&lines).unwrap_err()
        };
        let chain = |line, number| AuditFault::Chain { line, number };
        assert_eq!(tampered(&|lines| drop(lines.remove(2))), chain(3, 6));
        assert_eq!(tampered(&|lines| drop(lines.remove(1))), chain(2, 4));
        assert_eq!(tampered(&|lines| lines.swap(1, 2)), chain(2, 4));
        let changed = tampered(&|lines| lines[3] = lines[3].replace("edited", "addedd"));
        assert_eq!(changed, chain(4, 6));
        let doubled = tampered(&|lines| lines.insert(3, lines[2].clone()));
        assert_eq!(doubled, AuditFault::Order { line: 4 });
        // The last ones are missing, and the end is moved up.
        assert_eq!(
            tampered(&|lines| drop(lines.remove(4))),
            AuditFault::OtherEnd { signed: 9, last: 6 }
        );
        assert_eq!(
            tampered(&|lines| lines.truncate(4)),
            AuditFault::EndMissing { last: 6 }
        );
        // Of the unsealed ones at least their number holds.
        assert!(matches!(
            tampered(&|lines| drop(lines.remove(5))),
            AuditFault::OtherEnd { .. }
        ));
        assert_eq!(
            tampered(&|lines| lines.push("{}".to_owned())),
            AuditFault::Line { line: 9 }
        );
    }

    #[test]
    fn the_ends_are_signed_and_a_chain_that_was_counted_anew_does_not_help() {
        let good = export(&[3, 4, 6]);
        for (place, from, to) in [
            (0, "\"from\":3", "\"from\":2"),
            (0, "0011", "0012"),
            (6, "\"at\":18", "\"at\":17"),
            (6, "\"unsealed\":2", "\"unsealed\":0"),
        ] {
            let mut lines = good.clone();
            lines[place] = lines[place].replace(from, to);
            assert_eq!(check(&lines), Err(AuditFault::Signature), "{from}");
        }
        // Who can write the lines can count the chain, but not sign it.
        let mut forged = export(&[3, 4, 7]);
        let last = forged.len() - 1;
        forged[last] = good[last].clone();
        assert!(matches!(check(&forged), Err(AuditFault::OtherEnd { .. })));
        let other = SigningKey::from_secret(Algorithm::Ed25519, &[8; 32]).unwrap();
        let by_other = check_audit(&good.join("\n"), other.verifying_key());
        assert_eq!(by_other, Err(AuditFault::Signature));
        for text in ["", "{}", "hello"] {
            let told = check_audit(text, key().verifying_key());
            assert_eq!(told, Err(AuditFault::NotAnExport));
        }
    }
}
