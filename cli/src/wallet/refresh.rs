//! `vidimus wallet refresh`: what is due, or all of it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use vidimus_wallet::CancelToken;
use vidimus_wallet::refresh::{Change, Refresh, Subject};

use super::{failure, open};
use crate::failure::{Failure, Outcome};
use crate::wallet_failure::not_refreshed;
use crate::{output, report, runtime};

/// Time for all requests of one refresh.
const BUDGET: Duration = Duration::from_secs(60);

/// Runs `vidimus wallet refresh`.
pub(super) async fn refresh(home: &Path, force: bool, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let what = if force { Refresh::Now } else { Refresh::Due };
    let done = wallet
        .refresh(what, BUDGET, &CancelToken::new())
        .await
        .map_err(|error| failure(&error))?;
    let now = runtime::now();
    let next = now.saturating_add(done.next_in.as_secs());
    if json {
        let failures: Vec<_> = done
            .failures
            .iter()
            .map(|failed| json!({ "subject": subject(&failed.subject), "error": failed.error.to_string() }))
            .collect();
        output::json(&json!({
            "changed": done.changed.iter().map(change_json).collect::<Vec<_>>(),
            "failures": failures,
            "requests": done.requests,
            "next": next.seconds(),
        }))?;
    } else {
        let mut lines: Vec<_> = done.changed.iter().map(change_words).collect();
        if lines.is_empty() && done.failures.is_empty() {
            lines.push(
                if done.requests == 0 {
                    "Nothing was due."
                } else {
                    "Nothing is new."
                }
                .to_owned(),
            );
        }
        let wait = report::duration_words(done.next_in.as_secs());
        let requests = match done.requests {
            1 => "1 request".to_owned(),
            many => format!("{many} requests"),
        };
        lines.push(format!("{requests}; the next is due in {wait}."));
        output::line(&lines.join("\n"))?;
    }
    let mut failed = done.failures.iter().map(|failed| {
        let subject = subject(&failed.subject);
        format!(
            "{subject} was not refreshed: {}",
            not_refreshed(&failed.error)
        )
    });
    let Some(first) = failed.next() else {
        return Ok(());
    };
    if !json {
        failed.for_each(|words| output::note(&words));
    }
    Err(Failure::not_done(first))
}

fn change_json(change: &Change) -> Value {
    match change {
        Change::TrustList => json!({ "what": "trust_list" }),
        Change::Status { license, from, to } => {
            json!({ "what": "status", "id": license.as_str(), "from": from.name(), "to": to.name() })
        }
        Change::Received { license } => json!({ "what": "received", "id": license.as_str() }),
        Change::ApplicationRefused { application } => {
            json!({ "what": "application_refused", "id": application.as_str() })
        }
        Change::Renewed { license } => json!({ "what": "license", "id": license.as_str() }),
    }
}

fn change_words(change: &Change) -> String {
    match change {
        Change::TrustList => "A newer trust list.".to_owned(),
        Change::Status { license, from, to } if from == to => {
            format!("A newer status of {license}: still {}.", to.name())
        }
        Change::Status { license, from, to } => format!(
            "A newer status of {license}: {} became {}.",
            from.name(),
            to.name()
        ),
        Change::Received { license } => {
            format!("The license that was applied for is here: {license}.")
        }
        Change::ApplicationRefused { application } => {
            format!("The application {application} was refused; `list` says why.")
        }
        Change::Renewed { license } => format!("{license} was renewed."),
    }
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::TrustList => "the trust list".to_owned(),
        Subject::Status(license) => format!("the status of {license}"),
        Subject::Renewal(license) => format!("the license {license}"),
        Subject::Application(application) => format!("the application {application}"),
    }
}
