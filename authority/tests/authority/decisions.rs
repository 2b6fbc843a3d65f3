//! Decisions: the worst of what is in force counts, each has its term, and each is made once.

use std::collections::BTreeSet;
use std::time::Instant;

use vidimus_authority::{Authority, Decided, Decision, EndReason, Error};
use vidimus_credential::LicenseStatus;

use crate::common::{START, Town, at, count, database, key, license_of, portrait};

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
            lists: 1,
            ..Decided::default()
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
    assert_eq!((decided.made, decided.repeated), (2, 0));
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
    assert_eq!((decided.made, decided.repeated), (1, 2));
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
            Error::UntilPassed,
        ),
        (
            Some(now + 9),
            Some(now - 9),
            LicenseStatus::Suspended,
            Error::UntilPassed,
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
async fn a_final_state_is_lifted_only_before_it_begins() {
    let town = Town::new().await;
    let authority = town.authority();
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let now = town.now().seconds();
    let decide = |one: Decision| authority.decide(&[one], "court", town.now()).map(drop);
    let from = |event: &str, state, from: u64| Decision {
        from: Some(at(from)),
        ..decision(event, "ZZ-1", state)
    };
    for state in [LicenseStatus::Superseded, LicenseStatus::Revoked] {
        let event = |name: &str| format!("{name}-{}", state.name());
        let lift = |name: &str, time: u64| Decision {
            lifts: Some(event("r")),
            ..from(&event(name), LicenseStatus::Valid, time)
        };
        decide(from(&event("r"), state, now + 600)).unwrap();
        // Neither by its name nor without one, from a time after its begin.
        assert_eq!(decide(lift("late", now + 601)), Err(Error::FinalByThen));
        let valid = from(&event("all"), LicenseStatus::Valid, now + 900);
        assert_eq!(decide(valid), Err(Error::FinalByThen));
        decide(lift("in-time", now + 600)).unwrap();
        // It is withdrawn, and not brought back by a lift at a later time.
        let again = decide(lift("again", now + 900));
        assert_eq!(again, Err(Error::UnknownEvent));
    }
    decide(from("s", LicenseStatus::Revoked, now + 700)).unwrap();
    for pass in [600, 100, 300] {
        town.pass(pass);
        authority.publish(town.now()).unwrap();
        let revoked = town.now().seconds() >= now + 700;
        let state = if revoked {
            LicenseStatus::Revoked
        } else {
            LicenseStatus::Valid
        };
        assert_eq!(town.status_of(&phone.credential), state);
    }
}

#[tokio::test]
async fn a_withdrawn_suspension_stays_withdrawn() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let now = town.now().seconds();
    let decide = |one: Decision| authority.decide(&[one], "court", town.now()).map(drop);
    let planned = Decision {
        from: Some(at(now + 600)),
        ..decision("p", "ZZ-1", LicenseStatus::Suspended)
    };
    decide(planned).unwrap();
    let lift = |event: &str, from: Option<u64>| Decision {
        from: from.map(at),
        lifts: Some("p".to_owned()),
        ..decision(event, "ZZ-1", LicenseStatus::Valid)
    };
    decide(lift("a", None)).unwrap();
    for later in [now + 600, now + 900] {
        let again = decide(lift("b", Some(later)));
        assert_eq!(again, Err(Error::UnknownEvent));
    }
    assert_eq!(status(&authority, "ZZ-1", now + 700), LicenseStatus::Valid);
}

#[tokio::test]
async fn an_event_that_says_anything_else_is_refused_with_its_batch() {
    let town = Town::new().await;
    let authority = town.authority();
    (0..2).for_each(|_| drop(town.add_license()));
    let now = town.now().seconds();
    let suspended = Decision {
        reason: Some("speeding".to_owned()),
        from: Some(at(now)),
        until: Some(at(now + 900)),
        ..decision("p", "ZZ-1", LicenseStatus::Suspended)
    };
    let planned = Decision {
        from: Some(at(now + 600)),
        ..decision("q", "ZZ-1", LicenseStatus::Lapsed)
    };
    let open = decision("o", "ZZ-1", LicenseStatus::Unresolved);
    let lift = Decision {
        lifts: Some("o".to_owned()),
        ..decision("l", "ZZ-1", LicenseStatus::Valid)
    };
    let made = [suspended, planned, open, lift];
    authority.decide(&made, "court", town.now()).unwrap();
    town.pass(60);
    let again = authority.decide(&made, "court", town.now()).unwrap();
    assert_eq!((again.made, again.repeated), (0, 4));
    let [suspended, planned, open, lift] = made;
    for (other, by) in [
        (
            Decision {
                license: "ZZ-2".to_owned(),
                ..suspended.clone()
            },
            "court",
        ),
        (
            Decision {
                state: LicenseStatus::Lapsed,
                ..suspended.clone()
            },
            "court",
        ),
        (
            Decision {
                reason: None,
                ..suspended.clone()
            },
            "court",
        ),
        (
            Decision {
                until: None,
                ..suspended.clone()
            },
            "court",
        ),
        // It was to begin on a day, and now at once.
        (
            Decision {
                from: None,
                ..planned
            },
            "court",
        ),
        (
            Decision {
                from: Some(at(now + 60)),
                ..open
            },
            "court",
        ),
        (
            Decision {
                lifts: Some("p".to_owned()),
                ..lift.clone()
            },
            "court",
        ),
        (
            Decision {
                lifts: None,
                ..lift
            },
            "court",
        ),
        (suspended, "police"),
    ] {
        let event = other.event.clone();
        let new = decision("new", "ZZ-2", LicenseStatus::Suspended);
        let refused = Error::InBatch {
            place: 2,
            error: Box::new(Error::EventReused { event }),
        };
        let batch = [new, other];
        assert_eq!(authority.decide(&batch, by, town.now()), Err(refused));
    }
    assert_eq!(
        status(&authority, "ZZ-2", town.now().seconds()),
        LicenseStatus::Valid
    );
}

#[tokio::test]
async fn a_file_is_repeated_also_after_its_number_was_ended_and_added_again() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let batch = [
        decision("a", "ZZ-1", LicenseStatus::Suspended),
        decision("b", "zz 1", LicenseStatus::Unresolved),
    ];
    authority.decide(&batch, "feed", town.now()).unwrap();
    authority
        .end_license("ZZ-1", EndReason::Mistake, town.now())
        .unwrap();
    let ended = authority.decide(&batch, "feed", town.now()).unwrap();
    assert_eq!((ended.made, ended.repeated), (0, 2));
    authority
        .add_license(&license_of("ZZ-1"), &portrait(150, 200), town.now())
        .unwrap();
    let anew = authority.decide(&batch, "feed", town.now()).unwrap();
    assert_eq!((anew.made, anew.repeated), (0, 2));
    // What was taken over is lifted by the name that the feed knows.
    let lift = Decision {
        lifts: Some("a".to_owned()),
        ..decision("c", "ZZ-1", LicenseStatus::Valid)
    };
    authority.decide(&[lift], "feed", town.now()).unwrap();
    assert_eq!(status(&authority, "ZZ-1", START), LicenseStatus::Unresolved);
}

#[tokio::test]
async fn valid_is_not_taken_where_it_lifts_nothing_of_what_is_in_force() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let now = town.now().seconds();
    let decide = |one: Decision| authority.decide(&[one], "clerk", town.now());
    let valid = |event: &str, from: Option<u64>| Decision {
        from: from.map(at),
        ..decision(event, "ZZ-1", LicenseStatus::Valid)
    };
    // It is so already, and the caller is told.
    let already = decide(valid("a", None)).unwrap();
    assert_eq!((already.made, already.lifted_nothing), (1, 1));
    decide(decision("s", "ZZ-1", LicenseStatus::Suspended)).unwrap();
    let early = decide(valid("b", Some(now - 86_400)));
    assert_eq!(early, Err(Error::LiftsNothing));
    let lifted = decide(valid("c", None)).unwrap();
    assert_eq!((lifted.made, lifted.lifted_nothing), (1, 0));
}

#[tokio::test]
async fn a_second_revocation_is_kept_beside_the_first() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let now = town.now().seconds();
    let first = Decision {
        until: Some(at(now + 900)),
        ..decision("a", "ZZ-1", LicenseStatus::Revoked)
    };
    let second = decision("b", "ZZ-1", LicenseStatus::Revoked);
    for one in [first, second] {
        let decided = authority.decide(&[one], "court", town.now()).unwrap();
        assert_eq!((decided.made, decided.repeated), (1, 0));
    }
    let found = authority.find_license("ZZ-1", town.now()).unwrap();
    let in_force: Vec<_> = found
        .decisions
        .iter()
        .filter(|made| made.in_force)
        .map(|made| (made.event.as_str(), made.until))
        .collect();
    assert_eq!(in_force, [("a", Some(at(now + 900))), ("b", None)]);
}

#[tokio::test]
async fn who_decides_and_why_is_text_that_can_be_seen() {
    let town = Town::new().await;
    let authority = town.authority();
    town.add_license();
    let long = "x".repeat(65);
    for by in [
        "",
        " ",
        long.as_str(),
        "a\nb",
        "\u{1b}[2Jcourt",
        "co\u{200b}urt",
        "\u{202e}court",
        "e\u{301}",
    ] {
        let made = decision("a", "ZZ-1", LicenseStatus::Lapsed);
        let refused = authority.decide(&[made], by, town.now());
        assert_eq!(refused, Err(Error::Office), "{by:?}");
        let reason = Decision {
            reason: Some(by.repeat(4)),
            ..decision("a", "ZZ-1", LicenseStatus::Lapsed)
        };
        let refused = authority.decide(&[reason], "court", town.now());
        assert_eq!(refused, Err(Error::Reason), "{by:?}");
    }
    for (event, by) in [("a", "Amtsgericht Köln"), ("b", &long[1..]), ("c", "法院")] {
        let made = decision(event, "ZZ-1", LicenseStatus::Lapsed);
        authority.decide(&[made], by, town.now()).unwrap();
    }
}

#[tokio::test]
async fn ten_thousand_decisions_about_two_licenses_are_made_within_seconds() {
    let town = Town::new().await;
    let authority = town.authority();
    (0..2).for_each(|_| drop(town.add_license()));
    let batch: Vec<Decision> = (0..10_000)
        .map(|number| {
            let state = match number % 4 {
                0 | 1 => LicenseStatus::Suspended,
                _ => LicenseStatus::Valid,
            };
            let license = format!("ZZ-{}", 1 + number % 2);
            decision(&format!("e{number}"), &license, state)
        })
        .collect();
    let begun = Instant::now();
    let decided = authority.decide(&batch, "feed", town.now()).unwrap();
    assert_eq!((decided.made, decided.lifted_nothing), (10_000, 0));
    // Reading all of a license's decisions for each of them took minutes in a build like this.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
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
        "SELECT 1 FROM decisions WHERE event > 'a' || '+' AND event < 'a' || ',' AND event = 'a' || '+' || license",
        "SELECT min(id) FROM events WHERE license = 'a' AND kind = 'added'",
        "SELECT id FROM decisions WHERE next <= 5 ORDER BY next LIMIT 5",
        "SELECT code FROM offers WHERE expires < 5 ORDER BY expires LIMIT 5",
        "SELECT id FROM issuances WHERE released = 0 AND exp < 5 ORDER BY exp LIMIT 5",
        "SELECT id FROM issuances WHERE device = 1 ORDER BY id DESC LIMIT 1",
        "SELECT count(*) FROM issuances WHERE grant_id = 1 AND made > 5",
        "SELECT count(*) FROM pairs WHERE grant_id = 1 AND parent IS NULL",
        "SELECT list FROM slots WHERE issuance IS NULL AND free_from <= 5 ORDER BY free_from LIMIT 5",
        "SELECT number FROM lists WHERE taken < 256 AND number >= 1 AND number < 5 ORDER BY number",
        "SELECT number FROM lists WHERE dirty = 1 AND sign_after <= 5 ORDER BY sign_after LIMIT 5",
        "SELECT id FROM licenses l WHERE ended IS NOT NULL AND driver IS NOT NULL AND ended <= 5 AND added <= 5
            AND NOT EXISTS (SELECT 1 FROM issuances i WHERE i.license = l.id AND i.exp >= 5) ORDER BY ended LIMIT 5",
        "SELECT id FROM licenses WHERE look_again <= 5 ORDER BY look_again LIMIT 5",
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
