//! `vidimus authority forget`: personal data of licenses that ended long ago.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::{Forgotten, ToForget};

use super::{failure, open};
use crate::failure::Outcome;
use crate::{output, runtime};

/// What the setting means.
pub(super) fn words(days: Option<u16>) -> String {
    match days {
        Some(1) => "Personal data is deleted 1 day after the end of its license.".to_owned(),
        Some(days) => {
            format!("Personal data is deleted {days} days after the end of its license.")
        }
        None => "Personal data is kept forever, also of licenses that have ended: \
                 `vidimus authority settings --retention DAYS` has it deleted."
            .to_owned(),
    }
}

/// Runs `vidimus authority forget`.
pub(super) fn forget(home: &Path, dry_run: bool, json: bool) -> Outcome {
    let (authority, now) = (open(home)?, runtime::moment());
    if dry_run {
        let due = authority.to_forget(now).map_err(|error| failure(&error))?;
        return show_due(&due, json);
    }
    let done = authority.forget(now).map_err(|error| failure(&error))?;
    show_done(&done, json)
}

fn show_due(due: &ToForget, json: bool) -> Outcome {
    if json {
        let licenses: Vec<Value> = due
            .licenses
            .iter()
            .map(|(id, ended)| json!({ "license_id": id, "ended_at": ended.seconds() }))
            .collect();
        return output::json(&json!({
            "retention_days": due.retention.days(),
            "to_forget": licenses,
            "waits_until": due.waits_until.map(|until| until.seconds()),
        }));
    }
    let mut lines = vec![words(due.retention.days())];
    lines.extend(
        due.licenses
            .iter()
            .map(|(id, ended)| format!("{id}  ended {}", ended.to_rfc3339())),
    );
    lines.push(match due.licenses.len() {
        0 => "Nothing is to be deleted now.".to_owned(),
        1 => "The data of 1 license would be deleted. Nothing was.".to_owned(),
        count => format!("The data of {count} licenses would be deleted. Nothing was."),
    });
    if let Some(until) = due.waits_until {
        lines.push(format!(
            "Nothing is deleted before {}: the clock has moved, or the retention is new and shorter.",
            until.to_rfc3339()
        ));
    }
    output::line(&lines.join("\n"))
}

fn show_done(done: &Forgotten, json: bool) -> Outcome {
    if json {
        output::json(&json!({
            "retention_days": done.retention.days(),
            "forgotten": done.licenses,
            "rewritten": done.rewritten,
        }))?;
    } else {
        let mut lines = vec![words(done.retention.days())];
        lines.extend(done.licenses.iter().map(|id| format!("{id}  deleted")));
        lines.push(match done.licenses.len() {
            0 => "Nothing was to be deleted now.".to_owned(),
            1 => "The data of 1 license is deleted.".to_owned(),
            count => format!("The data of {count} licenses is deleted."),
        });
        output::line(&lines.join("\n"))?;
    }
    if !done.rewritten {
        output::note(
            "vidimus: another process reads the database for long, so copies of what was deleted may be left in \
             its files: run `vidimus authority forget` again",
        );
    }
    Ok(())
}
