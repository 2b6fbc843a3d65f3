//! `vidimus authority review`: what a clerk looks at before a phone gets a license.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::{Review, ReviewState};
use vidimus_credential::UnixTime;

use super::{failure, open};
use crate::args::ReviewAction;
use crate::failure::Outcome;
use crate::{files, output, runtime};

/// Reviews of one page.
const PAGE: u32 = 100;

/// Runs `authority review list|picture|accept|refuse`.
pub(super) fn run(home: &Path, action: &ReviewAction, json: bool) -> Outcome {
    let authority = open(home)?;
    match action {
        ReviewAction::List { license, after } => {
            let reviews = match license {
                Some(license) => authority.reviews_of(license),
                None => authority.reviews_waiting(*after, PAGE),
            };
            list(&reviews.map_err(|error| failure(&error))?, json)
        }
        ReviewAction::Picture { review, out } => {
            let picture = authority.review_picture(*review);
            files::create(out, &picture.map_err(|error| failure(&error))?)?;
            if json {
                return output::json(&json!({ "review": review, "picture": out }));
            }
            output::line(&format!("{} is the picture.", out.display()))
        }
        ReviewAction::Accept { review, crop, by } => {
            let accepted = authority.accept_review(*review, by, *crop, runtime::moment());
            decided(
                &accepted.map_err(|error| failure(&error))?,
                "accepted; the driver's phone gets the license when it asks next.",
                json,
            )
        }
        ReviewAction::Refuse {
            review,
            reason,
            words,
            by,
        } => {
            let now = runtime::moment();
            let refused = authority.refuse_review(*review, *reason, words.as_deref(), by, now);
            decided(
                &refused.map_err(|error| failure(&error))?,
                "refused; the driver is told why when the phone asks next.",
                json,
            )
        }
    }
}

fn decided(review: &Review, words: &str, json: bool) -> Outcome {
    if json {
        return output::json(&review_json(review));
    }
    output::line(&format!(
        "Review {} of {}: {words}",
        review.id, review.license
    ))
}

fn list(reviews: &[Review], json: bool) -> Outcome {
    if json {
        let rows: Vec<_> = reviews.iter().map(review_json).collect();
        return output::json(&rows);
    }
    if reviews.is_empty() {
        return output::line("No review waits.");
    }
    let lines: Vec<_> = reviews
        .iter()
        .map(|review| format!("{}  {}", review_words(review), review.license))
        .collect();
    output::line(&lines.join("\n"))
}

/// One review as programs read it.
pub(super) fn review_json(review: &Review) -> Value {
    let (reason, words) = match &review.state {
        ReviewState::Refused { reason, words } => (Some(reason.name()), words.as_deref()),
        _ => (None, None),
    };
    json!({
        "review": review.id,
        "license_id": review.license,
        "kind": review.kind.name(),
        "state": review.state.name(),
        "asked_at": review.made.seconds(),
        "reason": reason,
        "words": words,
        "by": review.by,
        "decided_at": review.decided.map(UnixTime::seconds),
    })
}

/// One review in words.
pub(super) fn review_words(review: &Review) -> String {
    let mut words = format!(
        "{}  {}  {} since {}",
        review.id,
        review.kind.name(),
        review.state.name(),
        review.decided.unwrap_or(review.made).to_rfc3339()
    );
    if let ReviewState::Refused {
        reason,
        words: said,
    } = &review.state
    {
        words.push_str(&format!(", {}", reason.name()));
        if let Some(said) = said {
            words.push_str(&format!(": {}", output::plain(said)));
        }
    }
    if let Some(by) = &review.by {
        words.push_str(&format!("; by {}", output::plain(by)));
    }
    words
}
