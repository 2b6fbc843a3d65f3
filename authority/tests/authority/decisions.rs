//! Decisions: the worst of what is in force counts, each has its term, and each is made once.

use std::collections::BTreeSet;

use vidimus_authority::{Authority, Decided, Decision, Error};
use vidimus_credential::LicenseStatus;

use crate::common::{START, Town, at, count, database, key};

fn decision(event: &str, license: &str, state: LicenseStatus) -> Decision {
    Decision {
        event: event.to_owned(),
        license: license.to_owned(),
        state,
        reason: None,
        from: None,
        until: None,
        lifts: None,
    }
}

fn status(authority: &Authority, license: &str, now: u64) -> LicenseStatus {
    authority.find_license(license, at(now)).unwrap().row.status
}

#[tokio::test]
async fn a_suspension_with_a_term_ends_by_itself_within_a_minute() {
    let town = Town::new().await;
    let authority = town.authority();
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let until = town.now().seconds() + 1_000;
    let asked = Decision {
        until: Some(at(until)),
        reason: Some("speeding".to_owned()),
        ..decision("court-1", "ZZ-1", LicenseStatus::Suspended)
    };
    let decided = authority.decide(&[asked], "court", town.now()).unwrap();
    assert_eq!(
        decided,
        Decided {
            made: 1,
            repeated: 0
        }
    );
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Suspended);
    town.pass(999);
    authority.publish(town.now()).unwrap();
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Suspended);
    town.pass(1);
    for _ in 0..2 {
        authority.publish(town.now()).unwrap();
    }
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Valid);
    let found = authority.find_license("ZZ-1", town.now()).unwrap();
    let made: Vec<_> = found
        .decisions
        .iter()
        .map(|made| (made.event.as_str(), made.by.as_str(), made.state))
        .collect();
    assert_eq!(
        made,
        [
            ("court-1", "court", LicenseStatus::Suspended),
            ("until:court-1", "system", LicenseStatus::Valid)
        ]
    );
    assert_eq!(found.decisions[0].reason.as_deref(), Some("speeding"));
}

#[tokio::test]
async fn a_decision_of_the_future_begins_at_its_time() {
    let town = Town::new().await;
    let authority = town.authority();
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let from = town.now().seconds() + 600;
    let asked = Decision {
        from: Some(at(from)),
        ..decision("court-1", "ZZ-1", LicenseStatus::Revoked)
    };
    authority.decide(&[asked], "court", town.now()).unwrap();
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Valid);
    // Until then it can be withdrawn, by its name.
    let withdraw = Decision {
        lifts: Some("court-1".to_owned()),
        ..decision("court-2", "ZZ-1", LicenseStatus::Valid)
    };
    authority.decide(&[withdraw], "court", town.now()).unwrap();
    let again = Decision {
        from: Some(at(from)),
        ..decision("court-3", "ZZ-1", LicenseStatus::Revoked)
    };
    authority.decide(&[again], "court", town.now()).unwrap();
    town.pass(600);
    authority.publish(town.now()).unwrap();
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Revoked);
    let valid = authority.set_status("ZZ-1", LicenseStatus::Valid, town.now());
    assert_eq!(valid, Err(Error::Revoked));
}

#[tokio::test]
async fn the_worst_of_what_is_in_force_counts_and_valid_lifts_all_or_one() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let now = town.now();
    let decide = |one: Decision| authority.decide(&[one], "clerk", now).map(drop);
    decide(decision("a", "ZZ-1", LicenseStatus::Unresolved)).unwrap();
    decide(decision("b", "ZZ-1", LicenseStatus::Suspended)).unwrap();
    decide(decision("c", "ZZ-1", LicenseStatus::Lapsed)).unwrap();
    assert_eq!(status(&authority, "ZZ-1", START), LicenseStatus::Suspended);
    let lift = |event: &str, lifts: &str| Decision {
        lifts: Some(lifts.to_owned()),
        ..decision(event, "ZZ-1", LicenseStatus::Valid)
    };
    decide(lift("d", "b")).unwrap();
    assert_eq!(status(&authority, "ZZ-1", START), LicenseStatus::Lapsed);
    assert_eq!(decide(lift("e", "b")), Err(Error::UnknownEvent));
    assert_eq!(decide(lift("f", "nothing")), Err(Error::UnknownEvent));
    decide(decision("g", "ZZ-1", LicenseStatus::Valid)).unwrap();
    assert_eq!(status(&authority, "ZZ-1", START), LicenseStatus::Valid);
}

#[tokio::test]
async fn a_batch_is_made_whole_or_not_at_all_and_once_however_often_it_comes() {
    let town = Town::new().await;
    let authority = town.authority();
    let phones = [
        town.enroll(&town.add_license(), &key(0)).await,
        town.enroll(&town.add_license(), &key(1)).await,
    ];
    let mut batch = vec![
        decision("a", "ZZ-1", LicenseStatus::Suspended),
        decision("b", "zz2", LicenseStatus::Lapsed),
    ];
    let decided = authority.decide(&batch, "feed", town.now()).unwrap();
    assert_eq!(
        decided,
        Decided {
            made: 2,
            repeated: 0
        }
    );
    let states = |town: &Town| {
        phones
            .each_ref()
            .map(|phone| town.status_of(&phone.credential))
    };
    assert_eq!(
        states(&town),
        [LicenseStatus::Suspended, LicenseStatus::Lapsed]
    );
    // The answer was lost; the feed sends it again, with one more.
    batch.push(decision("c", "ZZ-1", LicenseStatus::Revoked));
    let decided = authority.decide(&batch, "feed", town.now()).unwrap();
    assert_eq!(
        decided,
        Decided {
            made: 1,
            repeated: 2
        }
    );
    assert_eq!(
        states(&town),
        [LicenseStatus::Revoked, LicenseStatus::Lapsed]
    );

    for (wrong, error) in [
        (
            decision("d", "ZZ-99", LicenseStatus::Lapsed),
            Error::UnknownLicense,
        ),
        (decision("d", "ZZ-1", LicenseStatus::Valid), Error::Revoked),
        (
            decision("d", "ZZ-2", LicenseStatus::Unknown),
            Error::StatusNotSettable,
        ),
        (
            decision("d", "ZZ-2", LicenseStatus::UpdateWaiting),
            Error::StatusNotSettable,
        ),
        (
            decision("a", "ZZ-2", LicenseStatus::Suspended),
            Error::EventReused {
                event: "a".to_owned(),
            },
        ),
        (
            decision("", "ZZ-2", LicenseStatus::Lapsed),
            Error::EventName,
        ),
        (
            decision("until:x", "ZZ-2", LicenseStatus::Lapsed),
            Error::EventName,
        ),
        (
            decision("two words", "ZZ-2", LicenseStatus::Lapsed),
            Error::EventName,
        ),
    ] {
        let batch = [decision("new", "ZZ-2", LicenseStatus::Suspended), wrong];
        let refused = Error::InBatch {
            place: 2,
            error: Box::new(error),
        };
        assert!(refused.is_bad_input() && refused.to_string().contains("decision 2"));
        assert_eq!(authority.decide(&batch, "feed", town.now()), Err(refused));
    }
    assert_eq!(
        states(&town),
        [LicenseStatus::Revoked, LicenseStatus::Lapsed]
    );
}

#[tokio::test]
async fn terms_that_contradict_themselves_are_refused() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let now = town.now().seconds();
    for (from, until, state, error) in [
        (
            None,
            Some(now),
            LicenseStatus::Suspended,
            Error::UntilBeforeFrom,
        ),
        (
            Some(now - 9),
            Some(now),
            LicenseStatus::Suspended,
            Error::UntilPassed,
        ),
        (
            Some(now + 9),
            Some(now + 9),
            LicenseStatus::Suspended,
            Error::UntilBeforeFrom,
        ),
        (None, Some(now + 9), LicenseStatus::Valid, Error::NoUntil),
    ] {
        let asked = Decision {
            from: from.map(at),
            until: until.map(at),
            ..decision("a", "ZZ-1", state)
        };
        assert_eq!(authority.decide(&[asked], "clerk", town.now()), Err(error));
    }
}

#[tokio::test]
async fn places_are_released_after_the_credentials_end_and_rest_before_they_are_given_again() {
    let town = Town::new().await;
    let authority = town.authority();
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    authority
        .set_status("ZZ-1", LicenseStatus::Revoked, town.now())
        .unwrap();
    let taken = "SELECT count(*) FROM slots";
    let free = "SELECT coalesce(max(free_from), 0) FROM slots";
    let end = phone.credential.claims().exp.seconds();
    // Day by day, as a server would.
    let until = |moment: u64| {
        while town.now().seconds() < moment {
            let left = moment - town.now().seconds();
            town.pass(left.min(86_400));
            authority.publish(town.now()).unwrap();
        }
    };
    until(end + 30);
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Revoked);
    assert_eq!(count(town.home(), free), 0);
    until(end + 31);
    // Its list is signed within the minute, and from then on the place rests.
    until(end + 31 + 60);
    assert_eq!(town.status_of(&phone.credential), LicenseStatus::Valid);
    let rested = u64::try_from(count(town.home(), free)).unwrap();
    assert!(rested >= end + 31 + 7 * 86_400 + 300);
    until(rested - 1);
    assert_eq!(count(town.home(), taken), 1);
    until(rested);
    assert_eq!(count(town.home(), taken), 0);
    assert_eq!(count(town.home(), "SELECT sum(taken) FROM lists"), 0);
}

#[tokio::test]
async fn a_page_shows_some_and_says_where_the_next_one_begins() {
    let town = Town::new().await;
    let authority = town.authority();
    let added: Vec<String> = (0..7).map(|_| town.add_license().license_id).collect();
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = authority.licenses(after.as_deref(), 3, town.now()).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        seen.extend(page.into_iter().map(|row| row.id));
    }
    assert_eq!(seen.len(), 7);
    assert_eq!(
        seen.into_iter().collect::<BTreeSet<_>>(),
        added.into_iter().collect()
    );
    let unknown = authority.licenses(Some("x"), 3, town.now());
    assert_eq!(unknown.err(), Some(Error::UnknownLicense));
}

#[test]
fn no_use_case_scans_a_large_table() {
    let folder = tempfile::tempdir().unwrap();
    vidimus_authority::init(
        folder.path(),
        vidimus_authority::InitOptions::default(),
        at(START),
    )
    .unwrap();
    let database = database(folder.path());
    for query in [
        "SELECT id FROM licenses WHERE number_key = 'A' AND ended IS NULL",
        "SELECT id FROM licenses WHERE number_key >= 'A' AND number_key < 'B' AND ended IS NULL",
        "SELECT 1 FROM licenses WHERE number_key < 'A'",
        "SELECT 1 FROM licenses WHERE number_key >= 'B'",
        "SELECT id FROM licenses WHERE number_key = 'A' AND ended IS NOT NULL ORDER BY added DESC, rowid DESC LIMIT 1",
        "SELECT id FROM licenses WHERE (added, id) > (1, 'a') ORDER BY added, id LIMIT 5",
        "SELECT id FROM decisions WHERE license = 'a' ORDER BY id",
        "SELECT id FROM decisions WHERE next <= 5 ORDER BY next LIMIT 5",
        "SELECT code FROM offers WHERE expires < 5 ORDER BY expires LIMIT 5",
        "SELECT id FROM issuances WHERE released = 0 AND exp < 5 ORDER BY exp LIMIT 5",
        "SELECT id FROM issuances WHERE device = 1 ORDER BY id DESC LIMIT 1",
        "SELECT count(*) FROM issuances WHERE grant_id = 1 AND made > 5",
        "SELECT count(*) FROM pairs WHERE grant_id = 1 AND parent IS NULL",
        "SELECT list FROM slots WHERE issuance IS NULL AND free_from <= 5 ORDER BY free_from LIMIT 5",
        "SELECT number FROM lists WHERE taken < 256 AND number >= 1 AND number < 5 ORDER BY number",
        "SELECT number FROM lists WHERE dirty = 1 AND sign_after <= 5 ORDER BY sign_after LIMIT 5",
        "DELETE FROM used_nonces WHERE nonce IN (SELECT nonce FROM used_nonces WHERE expires < 5 LIMIT 5)",
    ] {
        let mut statement = database
            .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
            .unwrap();
        let plan: Vec<String> = statement
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            plan.iter()
                .all(|step| !step.starts_with("SCAN") && !step.contains("TEMP B-TREE")),
            "{query}: {plan:?}"
        );
    }
}
