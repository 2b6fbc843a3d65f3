//! `vidimus authority review`: what a clerk looks at before a phone gets a license.

use serde_json::json;

use super::in_order;
use super::register::{Place, ReviewView, time};
use crate::args::ReviewAction;
use crate::failure::Outcome;
use crate::files;
use crate::output::{self, plain};

/// Runs `authority review list|picture|accept|refuse`.
pub(super) fn run(place: &Place, action: &ReviewAction, json: bool) -> Outcome {
    let register = place.open()?;
    match action {
        ReviewAction::List { license, after } => {
            let reviews = match license {
                Some(license) => register.reviews_of(license),
                None => register.reviews_waiting(*after),
            };
            list(&reviews?, json)
        }
        ReviewAction::Picture { review, out } => {
            files::create(out, &register.review_picture(*review)?)?;
            if json {
                return output::json(&json!({ "review": review, "picture": out }));
            }
            output::line(&format!("{} is the picture.", out.display()))
        }
        ReviewAction::Accept { review, crop, by } => decided(
            &register.accept(*review, by, *crop)?,
            "accepted; the driver's phone gets the license when it asks next.",
            json,
        ),
        ReviewAction::Refuse {
            review,
            reason,
            words,
            by,
        } => decided(
            &register.refuse(*review, *reason, words.as_deref(), by)?,
            "refused; the driver is told why when the phone asks next.",
            json,
        ),
    }
}

fn decided(review: &ReviewView, words: &str, json: bool) -> Outcome {
    if json {
        return output::json(&in_order(review)?);
    }
    output::line(&format!(
        "Review {} of {}: {words}",
        review.review,
        plain(&review.license_id)
    ))
}

fn list(reviews: &[ReviewView], json: bool) -> Outcome {
    if json {
        return output::json(&in_order(reviews)?);
    }
    if reviews.is_empty() {
        return output::line("No review waits.");
    }
    let lines: Vec<_> = reviews
        .iter()
        .map(|review| format!("{}  {}", review_words(review), plain(&review.license_id)))
        .collect();
    output::line(&lines.join("\n"))
}

/// One review in words.
pub(super) fn review_words(review: &ReviewView) -> String {
    let mut words = format!(
        "{}  {}  {} since {}",
        review.review,
        plain(&review.kind),
        plain(&review.state),
        time(review.decided_at.unwrap_or(review.asked_at))
    );
    if let Some(reason) = &review.reason {
        words.push_str(&format!(", {}", plain(reason)));
        if let Some(said) = &review.words {
            words.push_str(&format!(": {}", plain(said)));
        }
    }
    if let Some(by) = &review.by {
        words.push_str(&format!("; by {}", plain(by)));
    }
    words
}
