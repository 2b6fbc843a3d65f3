//! `vidimus authority status` and `decide`: who may drive.

use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use vidimus_authority::{Authority, Decision};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::{failure, open};
use crate::args::{SetArguments, When};
use crate::failure::{Failure, Outcome};
use crate::{files, output, runtime};

/// More than a hundred thousand decisions need.
const MAX_DECISIONS: u64 = 64 * 1024 * 1024;

/// `status set`
pub(super) fn set(home: &Path, asked: SetArguments, json: bool) -> Outcome {
    let (authority, now) = (open(home)?, runtime::moment());
    let east = seat(&authority)?;
    let event = match asked.event {
        Some(event) => event,
        None => Authority::new_event().map_err(|error| failure(&error))?,
    };
    let decision = Decision {
        event: event.clone(),
        license: asked.license.clone(),
        state: asked.state,
        reason: asked.reason,
        from: asked.from.map(|when| when.at(east)),
        until: asked.until.map(|when| when.at(east)),
        lifts: asked.lifts,
    };
    let (from, until) = (decision.from, decision.until);
    authority
        .decide(&[decision], "clerk", now)
        .map_err(|error| failure(&error))?;
    let found = authority
        .find_license(&asked.license, now)
        .map_err(|error| failure(&error))?;
    let (id, status) = (&found.row.id, found.row.status);
    if json {
        return output::json(&json!({
            "license_id": id,
            "status": status.name(),
            "decided": asked.state.name(),
            "event": event,
        }));
    }
    output::line(&format!(
        "{id} {}; the status list is signed. Event {event}.",
        words(
            asked.state,
            status,
            from.filter(|from| *from > now.wall()),
            until
        )
    ))
}

/// What was decided, and what counts now where that is something else.
fn words(
    decided: LicenseStatus,
    status: LicenseStatus,
    from: Option<UnixTime>,
    until: Option<UnixTime>,
) -> String {
    let name = |state: LicenseStatus| state.name().replace('_', " ");
    let mut words = format!("is {}", name(decided));
    match from {
        Some(from) => words.push_str(&format!(" from {} on", from.to_rfc3339())),
        None => words.push_str(" from now on"),
    }
    match (until, decided) {
        (Some(until), LicenseStatus::Revoked) => words.push_str(&format!(
            ", and no new license may be given before {}",
            until.to_rfc3339()
        )),
        (Some(until), _) => words.push_str(&format!(", until {}", until.to_rfc3339())),
        (None, _) => {}
    }
    if status != decided {
        words.push_str(&format!(
            "; now it is {}, by what else is in force",
            name(status)
        ));
    }
    words
}

/// Minutes east of UTC of the authority's seat, by which days are meant.
fn seat(authority: &Authority) -> Outcome<i64> {
    let desk = authority
        .desk(runtime::moment())
        .map_err(|error| failure(&error))?;
    Ok(i64::from(desk.utc_offset.minutes()))
}

/// `decide`
pub(super) fn decide(home: &Path, file: &Path, by: &str, json: bool) -> Outcome {
    let text = read(file)?;
    let authority = open(home)?;
    let east = seat(&authority)?;
    let decisions = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            decision(line, east)
                .map_err(|wrong| Failure::bad_input(format!("line {}: {wrong}", index + 1)))
        })
        .collect::<Outcome<Vec<_>>>()?;
    let decided = authority
        .decide(&decisions, by, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "made": decided.made, "repeated": decided.repeated }));
    }
    output::line(&format!(
        "{} decisions made, {} had been made before; the status lists are signed.",
        decided.made, decided.repeated
    ))
}

fn read(file: &Path) -> Outcome<String> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MAX_DECISIONS)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::unreadable(file, &error))?;
        bytes
    } else {
        files::read_up_to(file, MAX_DECISIONS)?
    };
    String::from_utf8(bytes).map_err(|_| Failure::bad_input("the decisions are not UTF-8 text"))
}

/// Reads one line. Nothing of it stands in the error: a reason or a number is someone's data.
fn decision(line: &str, east: i64) -> Result<Decision, String> {
    const FIELDS: [&str; 7] = [
        "event", "license", "state", "reason", "from", "until", "lifts",
    ];
    let Ok(Value::Object(fields)) = serde_json::from_str(line) else {
        return Err("this is not one JSON object".to_owned());
    };
    if fields.keys().any(|name| !FIELDS.contains(&name.as_str())) {
        return Err(format!("a decision has the fields {}", FIELDS.join(", ")));
    }
    let required =
        |name: &str| text(&fields, name)?.ok_or_else(|| format!("`{name}` is missing: add it"));
    let state = required("state")?;
    let state = LicenseStatus::from_name(&state)
        .filter(|state| vidimus_authority::can_decide(*state))
        .ok_or("`state` is none that can be decided: see `status set --help`")?;
    Ok(Decision {
        event: required("event")?,
        license: required("license")?,
        state,
        reason: text(&fields, "reason")?,
        from: time(&fields, "from", east)?,
        until: time(&fields, "until", east)?,
        lifts: text(&fields, "lifts")?,
    })
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` must be text in quotes")),
    }
}

fn time(fields: &Map<String, Value>, name: &str, east: i64) -> Result<Option<UnixTime>, String> {
    let written = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
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
    fn the_answer_says_what_counts_where_that_is_not_what_was_decided() {
        use LicenseStatus::{Lapsed, Suspended};
        assert_eq!(
            words(Suspended, Suspended, None, None),
            "is suspended from now on"
        );
        let until = UnixTime::new(1_800_000_000).ok();
        assert_eq!(
            words(Lapsed, Suspended, None, until),
            "is lapsed from now on, until 2027-01-15T08:00:00Z; now it is suspended, by what else is in force"
        );
    }
}
