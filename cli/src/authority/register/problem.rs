//! An office's refusals (RFC 9457), as a command says them.

use serde::Deserialize;

use crate::failure::Failure;

/// Conflicts in which what was asked for is right, and the register does not allow it: by --home
/// they end with 1 too. All others of a conflict are the caller's to change.
const NOT_DONE: [&str; 9] = [
    "row_ended",
    "past_last_day",
    "superseded",
    "revoked",
    "too_many_devices",
    "too_many_stay",
    "issuer_not_fixed",
    "review_over",
    "review_waits",
];

/// Why an office refuses.
#[derive(Deserialize)]
pub(super) struct Problem {
    /// Which problem it is, in one word.
    code: String,
    /// What was wrong, and what to do.
    detail: String,
}

impl Problem {
    /// `None` where the answer is none of an office's.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// The command's failure; `wait` is the answer's `Retry-After` in seconds.
    pub(super) fn failure(&self, status: u16, wait: Option<u64>) -> Failure {
        let detail = &self.detail;
        match status {
            400 | 404 | 422 => Failure::bad_input(detail),
            409 if !NOT_DONE.contains(&self.code.as_str()) => Failure::bad_input(detail),
            429 | 503 => Failure::not_done(format!("{detail}{}", then(wait))),
            _ => Failure::not_done(detail),
        }
    }
}

/// When to try again.
pub(super) fn then(wait: Option<u64>) -> String {
    match wait {
        None => String::new(),
        Some(0 | 1) => ". Try again in a second".to_owned(),
        Some(seconds @ 2..=119) => format!(". Try again in {seconds} seconds"),
        Some(seconds) => format!(". Try again in {} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, code: &str, wait: Option<u64>) -> (u8, String) {
        let body = format!(
            r#"{{"type":"about:blank","title":"t","status":{status},"code":"{code}","detail":"said"}}"#
        );
        let failure = Problem::read(body.as_bytes())
            .unwrap()
            .failure(status, wait);
        (failure.code(), failure.to_string())
    }

    #[test]
    fn a_problem_ends_as_the_same_fault_by_home_does() {
        for (status, code, ends) in [
            (400, "reason", 65),
            (404, "unknown_license", 65),
            (422, "form", 65),
            (409, "number_taken", 65),
            (409, "event_reused", 65),
            (409, "revoked", 1),
            (409, "past_last_day", 1),
            (403, "not_allowed", 1),
            (421, "host", 1),
            (500, "server", 1),
            (501, "unavailable", 1),
            (503, "stored_unsigned", 1),
        ] {
            assert_eq!(
                failure(status, code, None),
                (ends, "said".to_owned()),
                "{code}"
            );
        }
        assert!(Problem::read(b"<html>").is_none());
        assert!(Problem::read(br#"{"error":"x"}"#).is_none());
    }

    #[test]
    fn where_the_office_says_when_the_words_do() {
        let words = |wait| failure(503, "busy", wait).1;
        assert_eq!(words(Some(2)), "said. Try again in 2 seconds");
        assert_eq!(words(Some(0)), "said. Try again in a second");
        assert_eq!(words(Some(120)), "said. Try again in 2 minutes");
        let words = failure(429, "slow_down", Some(301)).1;
        assert_eq!(words, "said. Try again in 6 minutes");
    }
}
