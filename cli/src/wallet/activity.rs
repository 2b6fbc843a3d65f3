//! `vidimus wallet status` and `log`: what the wallet knows and what it did, without any network.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_wallet::activity_log::{ActivityEntry, Audience, Event, Fields};
use vidimus_wallet::timekeeper::Sureness;

use super::apply::{application_json, application_words};
use super::{MISSING, OLDER_COPY, failure, listed_json, open};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{output, report};

/// The most entries that are printed, newest first.
const MOST: usize = 10_000;

/// Where an older copy of a wallet was put in place.
const OLDER_LOG: &str =
    "vidimus: an older copy was put in place; what happened after it was made is not here";

/// How the wallet and its licenses stand.
pub(super) async fn status(home: &Path, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let held = wallet.licenses().map_err(|error| failure(&error))?;
    let health = wallet.examine().map_err(|error| failure(&error))?;
    let misses = wallet.misses_a_license().map_err(|error| failure(&error))?;
    let time = wallet.time().map_err(|error| failure(&error))?;
    let applications = wallet.applications().map_err(|error| failure(&error))?;
    let clock = if time.set_back {
        "set_back"
    } else if time.sureness == Sureness::Sure {
        "sure"
    } else {
        "unsure"
    };
    if json {
        return output::json(&json!({
            "authority": wallet.authority(),
            "licenses": held.iter().map(|held| listed_json(held, health.rolled_back, time.latest)).collect::<Vec<_>>(),
            "applications": applications.iter().map(application_json).collect::<Vec<_>>(),
            "rolled_back": health.rolled_back,
            "damaged": health.damaged.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "clock": clock,
        }));
    }
    let mut lines = vec![report::row("authority", wallet.authority())];
    for license in &held {
        let standing = report::standing_words(license.standing(), Style::detect());
        let words = report::status_words(&license.status, license.status.age_s(time.latest));
        lines.push(report::row(
            "license",
            &format!("{}  {standing}; status {words}", license.id),
        ));
    }
    if held.is_empty() {
        lines.push(report::row(
            "license",
            if misses {
                MISSING
            } else {
                "none yet: vidimus wallet enroll OFFER, or vidimus wallet apply"
            },
        ));
    }
    let applications = applications.iter();
    lines.extend(applications.map(|application| application_words(application, time.latest)));
    lines.push(report::row(
        "clock",
        match clock {
            "set_back" => "it was set back; the latest time that was signed counts",
            "sure" => "agrees with what the authority signed",
            _ => "nothing has confirmed it since this machine started",
        },
    ));
    if health.rolled_back {
        lines.push(report::row("vault", OLDER_COPY));
    }
    lines.extend(
        health
            .damaged
            .iter()
            .map(|damage| report::row("damaged", &damage.to_string())),
    );
    if !health.rolled_back && health.damaged.is_empty() {
        lines.push(report::row("vault", "sound"));
    }
    output::line(&lines.join("\n"))
}

/// The activity log, newest first.
pub(super) async fn log(home: &Path, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let activity = wallet.activity(MOST).map_err(|error| failure(&error))?;
    if wallet
        .health()
        .map_err(|error| failure(&error))?
        .rolled_back
    {
        output::note(OLDER_LOG);
    }
    if json {
        output::json(&activity.entries.iter().map(entry_json).collect::<Vec<_>>())?;
    } else if activity.entries.is_empty() {
        output::line("Nothing has happened yet.")?;
    } else {
        let lines: Vec<_> = activity.entries.iter().map(entry_words).collect();
        output::line(&lines.join("\n"))?;
    }
    if activity.intact {
        return Ok(());
    }
    Err(Failure::not_done(
        "the activity log was changed by someone else; what comes after that place is not shown",
    ))
}

pub(super) fn entry_json(entry: &ActivityEntry) -> Value {
    let mut value = json!({ "at": entry.at.seconds(), "id": entry.license });
    let details = match &entry.event {
        Event::Shown {
            audience,
            fields,
            status,
            as_of,
            standing,
        } => {
            let (mode, reader, proven) = match audience {
                Audience::Anyone => ("one_way", None, None),
                Audience::Reader { name, proven } => {
                    ("challenged", Some(name.as_str()), Some(*proven))
                }
            };
            json!({
                "event": "shown",
                "mode": mode,
                "reader": reader,
                "proven": proven,
                "fields": fields_name(fields),
                "status": status.name(),
                "as_of": as_of.map(|time| time.seconds()),
                "standing": standing.name(),
                "tone": standing.tone().name(),
            })
        }
        Event::Enrolled => json!({ "event": "enrolled" }),
        Event::Renewed => json!({ "event": "renewed" }),
        Event::StatusChanged { from, to } => {
            json!({ "event": "status_changed", "from": from.name(), "to": to.name() })
        }
        Event::Removed => json!({ "event": "removed" }),
    };
    if let (Value::Object(value), Value::Object(details)) = (&mut value, details) {
        value.extend(details);
    }
    value
}

pub(super) fn entry_words(entry: &ActivityEntry) -> String {
    let what = match &entry.event {
        Event::Shown {
            audience,
            fields,
            status,
            standing,
            ..
        } => {
            let to = match audience {
                Audience::Anyone => "to anyone who looked".to_owned(),
                Audience::Reader { name, proven: true } => format!("to {name} (proven)"),
                Audience::Reader {
                    name,
                    proven: false,
                } => format!("to \"{name}\" (not proven)"),
            };
            let fields = fields_name(fields).replace('_', " ");
            let status = status.name().replace('_', " ");
            let standing = report::standing_words(*standing, Style::detect());
            format!("shown {to}: {fields}, {standing}; status {status}")
        }
        Event::Enrolled => "enrolled".to_owned(),
        Event::Renewed => "renewed".to_owned(),
        Event::StatusChanged { from, to } => format!("status {} became {}", from.name(), to.name()),
        Event::Removed => "removed".to_owned(),
    };
    format!("{}  {}  {what}", entry.at.to_rfc3339(), entry.license)
}

fn fields_name(fields: &Fields) -> &'static str {
    if fields.has_portrait() {
        "all"
    } else {
        "all_but_portrait"
    }
}
