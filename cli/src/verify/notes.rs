//! What a person should know or do beside a verdict: the words that a reason alone cannot find.

use std::path::Path;

use vidimus_credential::time::SKEW_S;
use vidimus_credential::trust::{GRACE_S, TrustList};
use vidimus_credential::verify::Verdict;
use vidimus_credential::{Error, Reason, StatusSource, UnixTime};

use crate::report::{Note, category_words, duration_words};

const FETCH: &str = "fetch it anew: an authority serves it at its address with /trust behind it";

/// Why there is no trust list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TrustFault {
    Empty,
    OtherRoot,
    Damaged,
}

impl TrustFault {
    pub(super) const fn new(bytes: &[u8], error: Error) -> Self {
        match error {
            _ if bytes.is_empty() => Self::Empty,
            Error::UnknownKey | Error::BadSignature => Self::OtherRoot,
            _ => Self::Damaged,
        }
    }

    fn note(self) -> Note {
        let (problem, say) = match self {
            Self::Empty => ("empty_file", format!("the trust list's file is empty; {FETCH}")),
            Self::OtherRoot => (
                "other_root",
                "the trust list is not signed by this root; give the list and the root of one authority"
                    .to_owned(),
            ),
            Self::Damaged => (
                "damaged",
                format!("the trust list is damaged, or it is another file; {FETCH}"),
            ),
        };
        trust_note(problem, say, Some(Reason::TrustListUnusable))
    }
}

fn trust_note(problem: &'static str, say: String, explains: Option<Reason>) -> Note {
    Note {
        about: "trust_list",
        problem,
        say,
        explains,
    }
}

/// What is to be said of the trust list: the worst thing alone.
pub(super) fn of_trust_list(
    fault: Option<TrustFault>,
    list: Option<&TrustList>,
    verdict: &Verdict,
    now: UnixTime,
) -> Option<Note> {
    let has = |reason| verdict.reasons.contains(&reason);
    let Some(list) = list else {
        return fault
            .map(TrustFault::note)
            .filter(|note| note.explains.is_some_and(has));
    };
    let since = |then: UnixTime| now.seconds().saturating_sub(then.seconds());
    let age = duration_words(since(list.issued_at()));
    let past_end = since(list.expires());
    let ended = duration_words(past_end);
    let has_ended = list.has_ended(now, SKEW_S);
    if has(Reason::TrustListUnusable) {
        let say = format!(
            "the trust list ended {ended} ago; more than 30 days past its end it names no key; {FETCH}"
        );
        return Some(trust_note("ended", say, Some(Reason::TrustListUnusable)));
    }
    if has(Reason::UnknownKey) {
        let explains = Some(Reason::UnknownKey);
        if list.entries().len() == 0 {
            let say =
                format!("the trust list names no key at all, so no license can be known; {FETCH}");
            return Some(trust_note("names_no_key", say, explains));
        }
        let (problem, how_old) = match (has_ended, list.is_old(now)) {
            (true, _) => ("past_end", format!("the trust list ended {ended} ago")),
            (false, true) => ("old", format!("the trust list is {age} old")),
            (false, false) => return None,
        };
        let say = format!(
            "{how_old} and does not know the key: it may be a new one, and this is no proof of a forgery; {FETCH}"
        );
        return Some(trust_note(problem, say, explains));
    }
    if has(Reason::TrustListExpired) {
        let left = duration_words(GRACE_S.saturating_sub(past_end));
        let say = format!(
            "the trust list ended {ended} ago, and in {left} it will count for nothing; {FETCH}"
        );
        return Some(trust_note("past_end", say, Some(Reason::TrustListExpired)));
    }
    // A text that is no license says nothing of the list, and the list nothing of it.
    let looked_at = verdict.license.is_some() || verdict.token.is_some();
    (looked_at && list.is_old(now)).then(|| {
        let say = format!("{age} old: newer keys are not in it; {FETCH}");
        trust_note("old", say, None)
    })
}

/// A bundle that can be read and not used.
pub(super) fn of_bundle(path: &Path, error: Error) -> Note {
    let why = match error {
        Error::UnknownKey => "it is signed by a key that the trust list does not know",
        Error::WrongKeyPurpose | Error::WrongIssuer => {
            "it is signed by a key that may not speak for its authority's licenses"
        }
        Error::KeyNotInForce => "it is signed by a key outside its time",
        Error::BadSignature => "its signature does not hold",
        Error::TooManyBundles => "more than 64 bundles, or more than 256 MiB of them, are not held",
        _ => "it is damaged, or it is another file",
    };
    Note {
        about: "bundle",
        problem: "unusable",
        say: format!("{} is not used: {why}", path.display()),
        explains: Some(Reason::BundleUnusable),
    }
}

/// That the authority answered, where the verdict does not show it.
pub(super) fn of_answer(verdict: &Verdict) -> Option<Note> {
    let source = verdict.status.source;
    let silent =
        source != StatusSource::Online && !verdict.reasons.contains(&Reason::StatusUnusable);
    silent.then(|| Note {
        about: "online",
        problem: "nothing_newer",
        say: "the authority was asked just now, and has nothing newer".to_owned(),
        explains: None,
    })
}

/// A code that differs from the asked one by upper and lower case alone: those are different codes,
/// and a slip.
fn meant(asked: &str, held: &[String]) -> String {
    let meant = held.iter().find(|code| code.eq_ignore_ascii_case(asked));
    meant.map_or_else(String::new, |code| format!("; did you mean {code}?"))
}

/// Why the category that was asked for does not count.
pub(super) fn of_category(asked: Option<&str>, verdict: &Verdict) -> Option<Note> {
    let (asked, license) = asked.zip(verdict.license.as_ref())?;
    if !verdict.reasons.contains(&Reason::CategoryNotHeld) {
        return None;
    }
    let rows = license.categories();
    let held: Vec<_> = rows
        .iter()
        .filter(|row| row.codes().iter().any(|code| code == asked))
        .map(category_words)
        .collect();
    let (problem, say) = if held.is_empty() {
        let all: Vec<_> = rows.iter().flat_map(|row| row.codes()).cloned().collect();
        (
            "not_held",
            format!(
                "category {asked} is not held; held: {}{}",
                all.join(", "),
                meant(asked, &all)
            ),
        )
    } else {
        (
            "not_in_force",
            format!(
                "category {asked} is held, and not in force now: {}",
                held.join("; ")
            ),
        )
    };
    Some(Note {
        about: "category",
        problem,
        say,
        explains: Some(Reason::CategoryNotHeld),
    })
}

#[cfg(test)]
mod tests {
    use vidimus_credential::verify::Outcome;
    use vidimus_credential::{
        Algorithm, BirthDate, Category, Country, Day, License, LicenseFields, Signer, SigningKey,
        StatusReport, UtcOffset, trust,
    };

    use super::*;

    const DAY: u64 = 86_400;

    fn at(days: u64) -> UnixTime {
        UnixTime::new(days * DAY).unwrap()
    }

    /// Signed on day 100, and good until day 130. It names no key.
    fn list() -> TrustList {
        let root = SigningKey::from_secret(Algorithm::Ed25519, &[1; 32]).unwrap();
        let bytes = trust::build("https://a.example", at(100), at(130), 0, &[], &root).unwrap();
        TrustList::verify(&bytes, root.verifying_key()).unwrap()
    }

    fn verdict(reasons: &[Reason], license: Option<License>) -> Verdict {
        Verdict {
            outcome: Outcome::Refuse,
            reasons: reasons.to_vec(),
            license,
            status: StatusReport::NONE,
            age_s: None,
            token: None,
            portrait: None,
            portrait_digest: None,
            display_name: None,
            clock_difference_s: None,
            offer_challenge: false,
        }
    }

    fn license() -> License {
        let day = |text| Day::parse_iso(text).unwrap();
        let row = |codes: &[&str], until| {
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            Category::of_codes(codes, None, until, Vec::new()).unwrap()
        };
        License::new(LicenseFields {
            family_name: "A".to_owned(),
            given_names: String::new(),
            birth_date: BirthDate::parse_iso("1991").unwrap(),
            license_number: "1".to_owned(),
            categories: vec![
                row(&["AM", "B"], None),
                row(&["C"], Some(day("2020-01-01"))),
            ],
            issue_date: day("2010-06-01"),
            expiry_date: None,
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::parse("+00:00").unwrap(),
        })
        .unwrap()
    }

    #[test]
    fn an_unknown_key_of_an_empty_list_is_the_lists_fault() {
        let verdict = verdict(&[Reason::UnknownKey], None);
        let note = of_trust_list(None, Some(&list()), &verdict, at(101)).unwrap();
        assert_eq!(note.problem, "names_no_key");
        assert_eq!(note.explains, Some(Reason::UnknownKey));
    }

    #[test]
    fn a_list_says_how_old_it_is_when_it_ended_and_when_it_will_count_for_nothing() {
        let told = |reasons: &[Reason], day| {
            let verdict = verdict(reasons, Some(license()));
            let note = of_trust_list(None, Some(&list()), &verdict, at(day));
            note.map(|note| (note.problem, note.say))
        };
        assert_eq!(told(&[], 107), None, "a week is not old");
        let (problem, say) = told(&[], 109).unwrap();
        assert!(problem == "old" && say.starts_with("9 days old"), "{say}");
        let (problem, say) = told(&[Reason::TrustListExpired], 140).unwrap();
        assert_eq!(problem, "past_end");
        assert!(say.contains("ended 10 days ago, and in 20 days"), "{say}");
        let ended = [Reason::TrustListUnusable, Reason::TrustListExpired];
        let (problem, say) = told(&ended, 161).unwrap();
        assert_eq!(problem, "ended");
        assert!(say.contains("ended 31 days ago"), "{say}");
    }

    #[test]
    fn a_text_that_is_no_license_says_nothing_of_the_list() {
        let verdict = verdict(&[Reason::NotAToken], None);
        for fault in [None, Some(TrustFault::Empty)] {
            let list = fault.is_none().then(list);
            let note = of_trust_list(fault, list.as_ref(), &verdict, at(161));
            assert_eq!(note, None);
        }
    }

    #[test]
    fn a_category_is_not_held_or_held_and_not_in_force() {
        let told = |code| {
            let verdict = verdict(&[Reason::CategoryNotHeld], Some(license()));
            let note = of_category(Some(code), &verdict).unwrap();
            (note.problem, note.say)
        };
        let (problem, say) = told("D");
        assert!(
            problem == "not_held" && say.ends_with("held: AM, B, C"),
            "{say}"
        );
        let (problem, say) = told("C");
        assert!(
            problem == "not_in_force" && say.ends_with("C until 2020-01-01"),
            "{say}"
        );
        assert_eq!(of_category(Some("B"), &verdict(&[], Some(license()))), None);
        assert_eq!(of_category(None, &verdict(&[], Some(license()))), None);
    }
}
