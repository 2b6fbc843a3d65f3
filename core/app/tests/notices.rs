//! What a driver is told of while the app is closed, and that it is told once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may panic as it does"
)]

use proptest::prelude::*;
use vidimus_app::notices::{
    DueNotices, Known, KnownApplication, LicenseNotice, NoticeKind, Planning, Told,
};
use vidimus_credential::LicenseStatus;

const NOW: u64 = 1_795_000_000;
const DAY: u64 = 86_400;

fn known() -> Known {
    Known {
        license: "one".to_owned(),
        state: LicenseStatus::Valid,
        as_of: Some(NOW),
        ends: Some(NOW + 400 * DAY),
        category_ends: vec![NOW + 400 * DAY],
    }
}

/// What is told, and what the driver was told by then.
struct News {
    due: DueNotices,
    told: Told,
}

fn notices(held: &[Known], now: u64, told: &Told, plans: bool) -> News {
    let planning = if plans {
        Planning::BySystem
    } else {
        Planning::ByLaterCall
    };
    let (due, told) = vidimus_app::notices::notices(held, &[], now, told, planning);
    News { due, told }
}

fn kinds(news: &News) -> Vec<NoticeKind> {
    news.due.now.iter().map(|notice| notice.kind).collect()
}

/// A phone on which the driver was told of what is known at [`NOW`].
fn told(known: &Known, plans: bool) -> Told {
    let first = notices(std::slice::from_ref(known), NOW, &Told::default(), plans);
    assert_eq!(kinds(&first), [], "the driver has just seen it");
    first.told
}

/// What is told at each of these times, one after another.
fn told_at(known: &Known, plans: bool, times: &[u64]) -> Vec<Vec<NoticeKind>> {
    let mut told = told(known, plans);
    let mut all = Vec::new();
    for time in times {
        // The authority is heard all the time.
        let known = Known {
            as_of: Some(*time),
            ..known.clone()
        };
        let due = notices(&[known], *time, &told, plans);
        all.push(kinds(&due));
        told = Told::from_bytes(&due.told.to_bytes());
    }
    all
}

#[test]
fn a_status_that_changes_is_told_once_and_so_is_its_end() {
    let mut license = known();
    let mut told = told(&license, false);
    let changed = NoticeKind::StatusChanged;
    for (state, expected) in [
        (LicenseStatus::Valid, vec![]),
        (LicenseStatus::Suspended, vec![changed]),
        (LicenseStatus::Suspended, vec![]),
        (LicenseStatus::Unknown, vec![]),
        (LicenseStatus::Suspended, vec![]),
        (LicenseStatus::Valid, vec![changed]),
        (LicenseStatus::UpdateWaiting, vec![]),
        (LicenseStatus::Unresolved, vec![changed]),
        (LicenseStatus::Superseded, vec![NoticeKind::OtherPhone]),
        (LicenseStatus::Superseded, vec![]),
        (LicenseStatus::Revoked, vec![changed]),
    ] {
        license.state = state;
        let due = notices(std::slice::from_ref(&license), NOW, &told, false);
        assert_eq!(kinds(&due), expected, "{state:?}");
        told = due.told;
    }
}

#[test]
fn two_processes_with_the_same_news_tell_it_once() {
    let told = told(&known(), false);
    let suspended = Known {
        state: LicenseStatus::Suspended,
        ..known()
    };
    let held = [suspended];
    // The second one reads what the first one wrote.
    let first = notices(&held, NOW, &told, false);
    let second = notices(&held, NOW, &Told::from_bytes(&first.told.to_bytes()), false);
    assert_eq!(kinds(&first), [NoticeKind::StatusChanged]);
    assert_eq!(kinds(&second), []);
}

#[test]
fn the_end_of_a_license_is_told_30_7_and_1_days_before_each_once() {
    let end = NOW + 100 * DAY;
    let license = Known {
        ends: Some(end),
        category_ends: vec![end],
        ..known()
    };
    let before = |days: u64| end - days * DAY;
    let times = [
        before(31),
        before(30) - 1,
        before(30),
        before(29),
        before(7),
        before(6),
        before(1),
        end - 1,
        end,
        end + DAY,
    ];
    let ends = |days| vec![NoticeKind::LicenseEnds { days }];
    assert_eq!(
        told_at(&license, false, &times),
        [
            vec![],
            vec![],
            ends(30),
            vec![],
            ends(7),
            vec![],
            ends(1),
            vec![],
            vec![],
            vec![]
        ]
    );
}

#[test]
fn a_phone_that_was_off_is_told_of_the_nearest_day_alone() {
    let end = NOW + 100 * DAY;
    let license = Known {
        ends: Some(end),
        category_ends: vec![],
        ..known()
    };
    let times = [end - 5 * DAY, end - 5 * DAY + 1, end - 1];
    assert_eq!(
        told_at(&license, false, &times),
        [
            vec![NoticeKind::LicenseEnds { days: 7 }],
            vec![],
            vec![NoticeKind::LicenseEnds { days: 1 }]
        ]
    );
}

#[test]
fn a_category_that_ends_before_its_license_is_told_and_one_that_ends_with_it_is_not() {
    let (early, end) = (NOW + 40 * DAY, NOW + 50 * DAY);
    let license = Known {
        ends: Some(end),
        category_ends: vec![end, early, early],
        ..known()
    };
    let category = |days| NoticeKind::CategoryEnds { days };
    let times = [early - 30 * DAY, end - 30 * DAY, early - 7 * DAY];
    assert_eq!(
        told_at(&license, false, &times),
        [
            vec![category(30)],
            vec![NoticeKind::LicenseEnds { days: 30 }],
            vec![category(7)]
        ]
    );
}

#[test]
fn three_days_without_a_newer_status_are_told_once_until_one_comes() {
    let license = known();
    let mut before = told(&license, false);
    let silent = vec![NoticeKind::NoRefresh];
    for (days, as_of, expected) in [
        (2, 0, vec![]),
        (3, 0, silent.clone()),
        (4, 0, vec![]),
        (5, 5, vec![]),
        (7, 5, vec![]),
        (8, 5, silent),
    ] {
        let license = Known {
            as_of: Some(NOW + as_of * DAY),
            ..license.clone()
        };
        let due = notices(&[license], NOW + days * DAY, &before, false);
        assert_eq!(kinds(&due), expected, "after {days} days");
        before = due.told;
    }
}

#[test]
fn what_the_system_was_asked_to_show_at_its_time_is_not_told_again() {
    let end = NOW + 100 * DAY;
    let license = Known {
        ends: Some(end),
        ..known()
    };
    let times = [end - 30 * DAY - 1, end - 30 * DAY, end - DAY, end - 1];
    let nothing: [Vec<NoticeKind>; 4] = Default::default();
    assert_eq!(told_at(&license, true, &times), nothing);

    let first = notices(std::slice::from_ref(&license), NOW, &Told::default(), true);
    let planned: Vec<_> = first
        .due
        .planned
        .iter()
        .map(|it| (it.at, it.notice.kind))
        .collect();
    let ends = |days: u32| {
        let at = end - u64::from(days) * DAY;
        (at, NoticeKind::LicenseEnds { days })
    };
    let silent = (NOW + 3 * DAY, NoticeKind::NoRefresh);
    assert_eq!(planned, [silent, ends(30), ends(7), ends(1)]);
    // What changes meanwhile is told all the same.
    let suspended = Known {
        state: LicenseStatus::Suspended,
        ..license
    };
    let changed = notices(&[suspended], NOW + DAY, &first.told, true);
    assert_eq!(kinds(&changed), [NoticeKind::StatusChanged]);
}

#[test]
fn a_license_that_was_renewed_for_longer_is_told_of_its_new_end() {
    let license = Known {
        ends: Some(NOW + 20 * DAY),
        ..known()
    };
    let before = told(&license, false);
    let renewed = Known {
        ends: Some(NOW + 60 * DAY),
        as_of: Some(NOW + 30 * DAY),
        ..license
    };
    let due = notices(&[renewed], NOW + 30 * DAY, &before, false);
    assert_eq!(kinds(&due), [NoticeKind::LicenseEnds { days: 30 }]);
}

#[test]
fn a_second_license_is_told_by_itself() {
    let two = Known {
        license: "two".to_owned(),
        ..known()
    };
    let first = notices(&[known(), two.clone()], NOW, &Told::default(), false);
    let suspended = Known {
        state: LicenseStatus::Suspended,
        ..two
    };
    let due = notices(&[known(), suspended], NOW, &first.told, false);
    assert_eq!(due.due.now.len(), 1);
    assert_eq!(due.due.now[0].license, "two");
}

#[test]
fn what_was_told_under_another_version_counts_as_nothing() {
    for bytes in [&b""[..], b"2\t\n", b"1", b"1\t\none\tflying\t\n", b"\xff"] {
        assert!(Told::from_bytes(bytes) == Told::default());
    }
}

proptest! {
    #[test]
    fn what_was_told_reads_back_as_it_was_written(
        ends in proptest::option::of(0_u64..10_000_000_000),
        categories in proptest::collection::vec(0_u64..10_000_000_000, 0..5),
        as_of in proptest::option::of(0_u64..10_000_000_000),
        plans: bool,
        now in 0_u64..10_000_000_000,
    ) {
        let license = Known { ends, category_ends: categories, as_of, ..known() };
        let held = [license];
        let first = notices(&held, now, &Told::default(), plans);
        let read = Told::from_bytes(&first.told.to_bytes());
        prop_assert!(read == first.told);
        prop_assert_eq!(notices(&held, now, &read, plans).due.now, vec![], "nothing is new");
        for planned in &first.due.planned {
            prop_assert!(planned.at > now);
        }
    }

    #[test]
    fn no_bytes_make_reading_what_was_told_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Told::from_bytes(&bytes);
    }
}

#[test]
fn what_the_driver_sees_in_the_open_app_is_not_told_later_and_what_was_planned_stays_planned() {
    let end = NOW + 100 * DAY;
    let license = Known {
        ends: Some(end),
        ..known()
    };
    let before = told(&license, true);
    let suspended = Known {
        state: LicenseStatus::Suspended,
        ..license
    };
    let held = [suspended];
    let looks = |told: &Told| {
        vidimus_app::notices::notices(&held, &[], NOW + DAY, told, Planning::AsBefore).1
    };
    let seen = looks(&before);
    assert!(seen == looks(&seen), "looking again changes nothing");
    let later = notices(&held, end - 30 * DAY, &seen, true);
    // The suspension was seen; the end and the silence were shown by the system.
    assert_eq!(kinds(&later), []);
}

fn applied(refused: bool) -> [KnownApplication; 1] {
    [KnownApplication {
        application: "one".to_owned(),
        refused,
    }]
}

/// What is told of these licenses and applications, one after another.
fn told_of(steps: &[(&[Known], &[KnownApplication])]) -> Vec<Vec<LicenseNotice>> {
    let mut told = Told::default();
    let steps = steps.iter().map(|(held, applications)| {
        let planning = Planning::ByLaterCall;
        let (due, after) = vidimus_app::notices::notices(held, applications, NOW, &told, planning);
        told = Told::from_bytes(&after.to_bytes());
        assert!(told == after, "it is read back");
        due.now
    });
    steps.collect()
}

fn notice(kind: NoticeKind) -> Vec<LicenseNotice> {
    vec![LicenseNotice {
        license: "one".to_owned(),
        kind,
    }]
}

#[test]
fn a_license_that_was_applied_for_is_told_once_when_it_has_come() {
    let (held, open) = ([known()], applied(false));
    let told = told_of(&[(&[], &open), (&[], &open), (&held, &[]), (&held, &[])]);
    let expected = [vec![], vec![], notice(NoticeKind::LicenseReceived), vec![]];
    assert_eq!(told, expected);
}

#[test]
fn an_application_that_is_refused_is_told_once_and_again_after_another_look() {
    let (open, refused) = (applied(false), applied(true));
    let told = told_of(&[
        (&[], &open),
        (&[], &refused),
        (&[], &refused),
        (&[], &open),
        (&[], &refused),
        (&[], &[]),
    ]);
    let news = notice(NoticeKind::ApplicationRefused);
    assert_eq!(told, [vec![], news.clone(), vec![], vec![], news, vec![]]);
    let told = told_of(&[(&[], &refused), (&[], &refused)]);
    assert_eq!(told, [[], []], "the driver has just seen it");
}
