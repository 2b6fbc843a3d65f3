//! `vidimus authority decide`: many decisions, one a line.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use vidimus_authority::{Decision, Error};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::status::{believed, seat, signed};
use super::{failure, open};
use crate::args::When;
use crate::failure::{Failure, Outcome};
use crate::{files, output, runtime};

/// More than a hundred thousand decisions need.
const MAX_DECISIONS: u64 = 64 * 1024 * 1024;

/// Runs `vidimus authority decide`.
pub(super) fn decide(home: &Path, file: &Path, by: &str, json: bool) -> Outcome {
    let bytes = if file == Path::new("-") {
        files::read_standard_input(MAX_DECISIONS)?
    } else {
        files::read_up_to(file, MAX_DECISIONS)?
    };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_DECISIONS) {
        return Err(Failure::bad_input(format!(
            "the decisions are more than {} MiB: give them in several files",
            MAX_DECISIONS / (1024 * 1024)
        )));
    }
    let text = text_of(&bytes).map_err(Failure::bad_input)?;
    let (authority, now) = (open(home)?, runtime::moment());
    let east = seat(&authority)?;
    let (lines, decisions) = read(text, east).map_err(Failure::bad_input)?;
    let decided = authority
        .decide(&decisions, by, now)
        .map_err(|error| by_line(&error, &lines))?;
    believed(&authority, now)?;
    if json {
        return output::json(&json!({
            "made": decided.made,
            "repeated": decided.repeated,
            "lifted_nothing": decided.lifted_nothing,
            "lists_signed": decided.lists,
        }));
    }
    let mut words = format!(
        "{} decisions made, {} repeated: nothing changed by those; {}.",
        decided.made,
        decided.repeated,
        signed(decided.lists)
    );
    if decided.lifted_nothing > 0 {
        words.push_str(&format!(
            " {} of them said valid where nothing is in force, and lifted nothing.",
            decided.lifted_nothing
        ));
    }
    output::line(&words)
}

/// The library's words, with the line of the file that they are about.
fn by_line(error: &Error, lines: &[usize]) -> Failure {
    let (place, inner) = match error {
        Error::InBatch { place, error } => (*place, error.as_ref()),
        error if lines.len() == 1 && error.is_bad_input() && *error != Error::Office => (1, error),
        error => return failure(error),
    };
    let line = place.checked_sub(1).and_then(|index| lines.get(index));
    match line {
        None => failure(error),
        Some(line) => {
            let words = format!("line {line}: {inner}. Nothing of the file was done");
            if error.is_bad_input() {
                Failure::bad_input(words)
            } else {
                Failure::not_done(words)
            }
        }
    }
}

/// The file's text, or in which way it is none. A byte order mark at its begin is no part of it.
fn text_of(bytes: &[u8]) -> Result<&str, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err("the decisions are saved as UTF-16: save them as UTF-8".to_owned());
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.iter().take(error.valid_up_to());
        let line = good.filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} is not saved as UTF-8: save the decisions as UTF-8")
    })
}

/// The decisions of a file, and the line of each.
fn read(text: &str, east: i64) -> Result<(Vec<usize>, Vec<Decision>), String> {
    let mut lines = Vec::new();
    let mut decisions = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            continue;
        }
        let decision = decision(line, east).map_err(|wrong| format!("line {number}: {wrong}"))?;
        decisions.push(decision);
        lines.push(number);
    }
    Ok((lines, decisions))
}

/// One line as it is written. Of two values under one name every program takes the one that it
/// likes, so a name may be there once.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DecisionLine {
    event: Option<Value>,
    license: Option<Value>,
    state: Option<Value>,
    reason: Option<Value>,
    from: Option<Value>,
    until: Option<Value>,
    lifts: Option<Value>,
}

/// Reads one line. Nothing of it is in the error: a reason or a number is someone's data.
fn decision(line: &str, east: i64) -> Result<Decision, String> {
    const FIELDS: [&str; 7] = [
        "event", "license", "state", "reason", "from", "until", "lifts",
    ];
    const NO_OBJECT: &str = "this is not one JSON object";
    if !line.trim_start().starts_with('{') {
        return Err(NO_OBJECT.to_owned());
    }
    let fields: DecisionLine = serde_json::from_str(line).map_err(|error| {
        // The library does not say it otherwise; a test holds its words.
        let words = error.to_string();
        let twice = |name: &&&str| words.starts_with(&format!("duplicate field `{name}`"));
        if let Some(name) = FIELDS.iter().find(twice) {
            return format!("`{name}` is there twice: leave one of them");
        }
        if words.starts_with("unknown field") {
            return format!("a decision has the fields {}", FIELDS.join(", "));
        }
        NO_OBJECT.to_owned()
    })?;
    let missing = |name: &str| format!("`{name}` is missing: add it");
    let event = text("event", fields.event)?.ok_or_else(|| missing("event"))?;
    let license = text("license", fields.license)?.ok_or_else(|| missing("license"))?;
    let state = text("state", fields.state)?.ok_or_else(|| missing("state"))?;
    let state = LicenseStatus::from_name(&state)
        .filter(|state| vidimus_authority::can_decide(*state))
        .ok_or("`state` is none that can be decided: see `status set --help`")?;
    Ok(Decision {
        event,
        license,
        state,
        reason: text("reason", fields.reason)?,
        from: time("from", fields.from, east)?,
        until: time("until", fields.until, east)?,
        lifts: text("lifts", fields.lifts)?,
    })
}

fn text(name: &str, value: Option<Value>) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` must be text in quotes")),
    }
}

fn time(name: &str, value: Option<Value>, east: i64) -> Result<Option<UnixTime>, String> {
    let written = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(Value::Number(seconds)) => seconds.to_string(),
        Some(_) => return Err(format!("`{name}` must be a time")),
    };
    match When::parse(&written) {
        Ok(when) => Ok(Some(when.at(east))),
        Err(wrong) => Err(format!("`{name}`: {wrong}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_decision_and_says_what_is_wrong_with_it() {
        let line = r#"{"event":"e1","license":"ZZ-1","state":"suspended","until":"2027-06-01","from":1800000000}"#;
        let read = decision(line, 60).unwrap();
        assert_eq!(read.state, LicenseStatus::Suspended);
        assert_eq!(read.until.unwrap().to_rfc3339(), "2027-05-31T23:00:00Z");
        assert_eq!(read.from.unwrap().seconds(), 1_800_000_000);
        assert_eq!((read.reason, read.lifts), (None, None));
        for (line, word) in [
            ("[]", "object"),
            ("{", "object"),
            (r#"{"event":"e","license":"l"}"#, "`state`"),
            (r#"{"license":"l","state":"valid"}"#, "`event`"),
            (r#"{"event":"e","state":"valid"}"#, "`license`"),
            (
                r#"{"event":"e","license":"l","state":"unknown"}"#,
                "`state`",
            ),
            (
                r#"{"event":"e","license":"l","state":"valid","x":1}"#,
                "fields",
            ),
            (r#"{"event":1,"license":"l","state":"valid"}"#, "`event`"),
            (
                r#"{"event":"e","license":"l","state":"lapsed","until":"soon"}"#,
                "`until`",
            ),
            (
                r#"{"event":"e","license":"l","state":"lapsed","until":[]}"#,
                "`until`",
            ),
        ] {
            assert!(decision(line, 0).unwrap_err().contains(word), "{line}");
        }
    }

    #[test]
    fn a_name_stands_once_in_a_line_and_an_error_names_the_line() {
        let good = r#"{"event":"e","license":"l","state":"lapsed"}"#;
        let twice = r#"{"event":"e","license":"l","state":"lapsed","license":"m"}"#;
        let wrong = decision(twice, 0).unwrap_err();
        assert!(wrong.contains("`license` is there twice"), "{wrong}");
        let also_null = r#"{"event":"e","license":"l","state":"lapsed","until":1,"until":null}"#;
        assert!(decision(also_null, 0).unwrap_err().contains("`until`"));
        // Nothing of what is written is in an error.
        let data = r#"{"event":"e","license":"l","state":"lapsed","Adaeze":1}"#;
        let wrong = decision(data, 0).unwrap_err();
        assert!(wrong.contains("has the fields event") && !wrong.contains("Adaeze"));
        assert!(decision(r#"["e","l","lapsed"]"#, 0).is_err());

        let text = format!("\u{feff}\r\n{good}\r\n\r\n{good}\r\n");
        let (lines, decisions) = read(text_of(text.as_bytes()).unwrap(), 0).unwrap();
        assert_eq!((lines, decisions.len()), (vec![2, 4], 2));
        let wrong = read(&format!("{good}\n\n{twice}\n"), 0).unwrap_err();
        assert!(wrong.starts_with("line 3: "), "{wrong}");
        let refused = Error::InBatch {
            place: 2,
            error: Box::new(Error::UnknownLicense),
        };
        let told = by_line(&refused, &[2, 4]).to_string();
        assert!(told.contains("line 4: no license has"), "{told}");
        let told = by_line(&Error::Revoked, &[7]).to_string();
        assert!(!told.contains("decision 1"), "{told}");
        let told = by_line(&Error::EventName, &[7]).to_string();
        assert!(told.contains("line 7: "), "{told}");

        assert!(text_of(b"\xff\xfe{\x00").unwrap_err().contains("UTF-16"));
        let latin = text_of(b"{}\n{\"reason\":\"K\xf6ln\"}").unwrap_err();
        assert!(latin.starts_with("line 2 "), "{latin}");
    }
}
