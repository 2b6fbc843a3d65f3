//! The rules against the profile's table, and the outlook against the rules.

use super::*;
use crate::license::{Category, Country, LicenseFields};
use crate::time::SKEW_S;
use crate::{BirthDate, Day, License, LicenseStatus, UnixTime, UtcOffset};
use proptest::prelude::*;

const NOW: u64 = 1_795_000_000;
const DAY: u64 = 86_400;

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn row(code: &str, from: Option<&str>, until: Option<&str>) -> Category {
    Category::new(code.to_owned(), from.map(day), until.map(day), Vec::new()).unwrap()
}

fn license(issued: &str, expiry: Option<&str>, categories: Vec<Category>) -> License {
    License::new(LicenseFields {
        family_name: "Ngata".to_owned(),
        given_names: String::new(),
        birth_date: BirthDate::parse_iso("1991-02-28").unwrap(),
        license_number: "ZZ-1".to_owned(),
        categories,
        issue_date: day(issued),
        expiry_date: expiry.map(day),
        issuing_country: Country::parse("ZZ").unwrap(),
        utc_offset: UtcOffset::parse("+13:00").unwrap(),
    })
    .unwrap()
}

fn statement(state: LicenseStatus, age: u64) -> Statement {
    Statement {
        state,
        issued_at: at(NOW - age),
        expires: at(NOW - age + 7 * DAY),
    }
}

fn grounds(license: &License, status: Option<Statement>) -> Grounds<'_> {
    Grounds {
        license,
        credential_ends: at(NOW + 20 * DAY),
        status,
    }
}

#[test]
fn the_worst_counts_and_all_the_rest_is_told() {
    use Standing::*;
    let good = vec![row("B", None, None)];
    let in_force = license("2020-01-01", None, good.clone());
    let expired = license("2020-01-01", Some("2026-11-01"), good.clone());
    let early = license("2027-01-01", None, good);
    let one_over = vec![row("B", None, None), row("C", None, Some("2025-01-01"))];
    let one_over = license("2020-01-01", None, one_over);
    let all_over = vec![
        row("B", Some("2027-01-01"), None),
        row("C", None, Some("2025-01-01")),
    ];
    let all_over = license("2020-01-01", None, all_over);
    let hour = |state| Some(statement(state, 3600));
    let cases: [(&License, Option<Statement>, &[Standing]); 10] = [
        (&in_force, hour(LicenseStatus::Valid), &[Valid]),
        (&in_force, None, &[Unknown]),
        (
            &expired,
            hour(LicenseStatus::Valid),
            &[LicenseExpired, Valid],
        ),
        (
            &expired,
            hour(LicenseStatus::Suspended),
            &[Suspended, LicenseExpired],
        ),
        (&expired, None, &[LicenseExpired, Unknown]),
        (
            &early,
            hour(LicenseStatus::Valid),
            &[LicenseNotYetValid, Valid],
        ),
        (&one_over, hour(LicenseStatus::Valid), &[Valid]),
        (&all_over, hour(LicenseStatus::Valid), &[NoCategory, Valid]),
        (
            &in_force,
            Some(statement(LicenseStatus::Unresolved, DAY + 1)),
            &[StatusStale, Unresolved],
        ),
        (
            &in_force,
            Some(statement(LicenseStatus::Revoked, DAY + 1)),
            &[Revoked],
        ),
    ];
    for (index, (license, status, all)) in cases.into_iter().enumerate() {
        let found = grounds(license, status).standings(at(NOW));
        assert_eq!(found.iter().collect::<Vec<_>>(), all, "case {index}");
        assert_eq!(found.worst(), all[0], "case {index}");
    }
}

#[test]
fn an_expired_license_is_bad_from_the_second_after_its_last_day_at_its_seat_and_the_skew() {
    let license = license("2020-01-01", Some("2026-11-22"), vec![row("B", None, None)]);
    let over = license.end().unwrap().saturating_add(SKEW_S);
    let tone = |now: UnixTime| {
        let status = Some(Statement {
            state: LicenseStatus::Valid,
            issued_at: now,
            expires: now.saturating_add(DAY),
        });
        grounds(&license, status).standings(now).worst().tone()
    };
    assert_eq!(tone(over), Tone::Good);
    assert_eq!(tone(over.saturating_add(1)), Tone::Bad);
}

#[test]
fn a_credential_that_ended_is_bad_whatever_its_status() {
    let license = license("2020-01-01", None, vec![row("B", None, None)]);
    let grounds = Grounds {
        credential_ends: at(NOW - SKEW_S),
        ..grounds(&license, Some(statement(LicenseStatus::Valid, 60)))
    };
    assert_eq!(grounds.standings(at(NOW)).worst(), Standing::Valid);
    let after = grounds.standings(at(NOW + 1)).worst();
    assert_eq!(
        (after, after.tone()),
        (Standing::CredentialExpired, Tone::Bad)
    );
}

#[test]
fn a_statement_ages_at_the_profiles_seconds_and_only_its_end_knows_skew() {
    use Freshness::{Fresh, Stale, TooOld};
    let ageing = Ageing::default();
    let signed = Statement {
        state: LicenseStatus::Valid,
        issued_at: at(NOW),
        expires: at(NOW + 10 * DAY),
    };
    let short = Statement {
        expires: at(NOW + 60),
        ..signed
    };
    for (statement, later, freshness) in [
        (signed, 0, Fresh),
        (signed, DAY, Fresh),
        (signed, DAY + 1, Stale),
        (signed, 7 * DAY, Stale),
        (signed, 7 * DAY + 1, TooOld),
        (short, 60 + SKEW_S, Fresh),
        (short, 61 + SKEW_S, TooOld),
    ] {
        let aged = ageing.age(statement, at(NOW + later));
        assert_eq!(aged.freshness, freshness, "{later}");
        let unknown = freshness == TooOld;
        assert_eq!(aged.state == LicenseStatus::Unknown, unknown, "{later}");
    }
    // Its clock is behind the authority's: that is another finding, and no age.
    let early = ageing.age(signed, at(NOW - DAY));
    assert_eq!(early.freshness, Fresh);
}

#[test]
fn a_reader_says_of_an_aged_state_what_the_profile_says() {
    use LicenseStatus::{Lapsed, Revoked, Unresolved, UpdateWaiting, Valid};
    for (state, age, reason) in [
        (Valid, DAY, None),
        (Valid, DAY + 1, Some(Reason::StatusStale)),
        (UpdateWaiting, DAY + 1, Some(Reason::StatusStale)),
        (Unresolved, DAY + 1, Some(Reason::Unresolved)),
        (Lapsed, DAY + 1, Some(Reason::Lapsed)),
        (Lapsed, 8 * DAY, Some(Reason::StatusUnknown)),
        (Revoked, 8 * DAY, Some(Reason::Revoked)),
    ] {
        let aged = Ageing::default().age(statement(state, age), at(NOW));
        assert_eq!(aged.reason(), reason, "{} {age}", state.name());
    }
}

#[test]
fn what_a_driver_sees_and_what_a_reader_says_agree() {
    for standing in Standing::ALL {
        let outcome = standing.reason().and_then(Reason::outcome);
        let tones: &[Tone] = match outcome {
            None => &[Tone::Good],
            Some(Outcome::Caution) => &[Tone::Caution, Tone::Unknown],
            Some(Outcome::Refuse | Outcome::Accept) => &[Tone::Bad],
        };
        assert!(tones.contains(&standing.tone()), "{}", standing.name());
    }
}

#[test]
fn the_order_is_by_tone_and_each_name_and_mark_is_its_own() {
    let rank = |tone| match tone {
        Tone::Good => 0,
        Tone::Caution => 1,
        Tone::Unknown => 2,
        Tone::Bad => 3,
    };
    let all = Standing::ALL;
    assert!(all.is_sorted() && all.is_sorted_by_key(|it| rank(it.tone())));
    for standing in all {
        assert_eq!(Standing::from_name(standing.name()), Some(standing));
    }
    assert_eq!(Standing::from_name("state.valid"), None);
    let mut signs = Tone::ALL.map(|tone| tone.mark().sign());
    signs.sort_unstable();
    assert!(signs.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn each_standing_has_words_in_every_language() {
    let table = include_str!("../../../../texts/texts.tsv");
    let head = table.lines().next().unwrap().split('\t');
    // The two last columns are for translators, and a row may lack them.
    let languages = head.skip(1).take_while(|tag| *tag != "max").count();
    for standing in Standing::ALL {
        let mut rows = table.lines().map(|line| line.split('\t'));
        let row = rows.find(|row| row.clone().next() == Some(standing.word()));
        let row = row.unwrap_or_else(|| panic!("{}", standing.word()));
        let row: Vec<_> = row.skip(1).take(languages).collect();
        assert_eq!(row.len(), 5, "{}", standing.word());
        assert!(row.iter().all(|words| !words.trim().is_empty()));
    }
}

fn days() -> impl Strategy<Value = (Day, Option<Day>)> {
    let span = (20_000_i64..22_000, proptest::option::of(0_i64..1_500));
    span.prop_map(|(first, length)| {
        let last = length.map(|length| Day::new(first + length).unwrap());
        (Day::new(first).unwrap(), last)
    })
}

proptest! {
    #[test]
    fn the_outlook_says_of_each_second_what_the_rules_say(
        (issue, expiry) in days(),
        rows in proptest::collection::vec(days(), 1..4),
        credential_ends in NOW - 100 * DAY..NOW + 100 * DAY,
        status in proptest::option::of((0..9_usize, 0..10 * DAY, 1..10 * DAY)),
        moments in proptest::collection::vec(0..600 * DAY, 8),
    ) {
        let rows = rows.iter().enumerate().map(|(index, (from, until))| {
            Category::new(format!("C{index}"), Some(*from), *until, Vec::new()).unwrap()
        });
        let mut fields = license("1992-01-01", None, rows.collect()).fields().clone();
        (fields.issue_date, fields.expiry_date) = (issue, expiry);
        let license = License::new(fields).unwrap();
        let status = status.map(|(state, age, life)| Statement {
            state: LicenseStatus::ALL[state],
            issued_at: at(NOW - age),
            expires: at(NOW - age + life),
        });
        let grounds = Grounds { license: &license, credential_ends: at(credential_ends), status };
        let spans = grounds.outlook(at(NOW));
        prop_assert_eq!(spans[0].from, at(NOW));
        prop_assert!(spans.is_sorted_by(|one, next| one.from < next.from));
        // Around each change, and anywhere.
        let edges = spans.iter().flat_map(|span| [span.from.seconds() - 1, span.from.seconds()]);
        for second in edges.chain(moments.into_iter().map(|later| NOW + later)) {
            if second < NOW { continue; }
            let span = spans.iter().rev().find(|span| span.from <= at(second)).unwrap();
            prop_assert_eq!(&span.standings, &grounds.standings(at(second)), "{}", second);
        }
    }
}
