//! The driver's app on the real wallet and the real authority, as a shell plays it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use support::shell::{DriversPhone, Shell, is_healthy, is_welcome, scan};
use support::{Office, codes};
use vidimus_app::effect::Ask;
use vidimus_app::event::{Action, Answer, LockOutcome};
use vidimus_app::runner::LONGEST;
use vidimus_app::screen::{HistoryKind, Screen};
use vidimus_app::tone::Tone;
use vidimus_app::trouble::{Trouble, TroubleAction};
use vidimus_app::words::{CalendarDay, Value};
use vidimus_credential::challenge::{self, Asked};
use vidimus_credential::{LicenseStatus, Outcome, Policy, Question, Verifier};
use vidimus_wallet::ports::KeyStoreError;

#[tokio::test(flavor = "multi_thread")]
async fn a_drivers_day_each_code_judged_by_the_officers_reader() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start();
    shell.app.send(Action::Seen { has_lock: true });
    shell.sees("welcome", is_welcome).await;
    shell.enroll(&added.offer, &added.tx_code).await;
    let Screen::License(license) = shell.license("license", is_healthy).await else {
        panic!("no license");
    };
    let holder = license.card.holder.as_ref().unwrap();
    assert_eq!(holder.name, "Zoë 美咲 Nakamura-Østergård");
    assert_eq!(holder.categories.len(), 2);
    assert!(
        holder.born
            == Value::Day {
                day: CalendarDay {
                    year: 1991,
                    month: 2,
                    day: 28
                }
            }
    );
    assert!(license.card.status.sign.tone == Tone::Good);
    let portrait = shell.app.picture(license.card.portrait.as_ref().unwrap());
    let portrait = portrait.unwrap();
    assert!(portrait.starts_with(&[0xff, 0xd8]) && portrait.len() <= 4096);

    let mut officer = Verifier::new(office.root(), Policy::default());
    let trust = support::get(&format!("{}/trust", office.issuer)).await;
    officer.set_trust_list(&trust).unwrap();
    show_two_codes(&office, &mut shell, &mut officer).await;
    answer(&office, &mut shell, &mut officer).await;

    office
        .set_status(&added.license_id, LicenseStatus::Suspended)
        .await;
    shell.app.send(Action::Refresh);
    let suspended = |troubles: &[Trouble]| troubles == [Trouble::Suspended];
    shell.license("suspension", suspended).await;
    // What a phone plans its next refresh by, also out of sight. By the office's clock, which
    // stands still.
    let due = shell.app.refresh_due_in().unwrap();
    let minute = Duration::from_secs(60);
    assert!(due > minute && due <= minute * 60 * 24, "{due:?}");
    shell.app.send(Action::Left);
    assert_eq!(shell.app.refresh_due_in(), Some(due));
    shell.app.send(Action::Seen { has_lock: true });
    shell.license("suspension", suspended).await;
    shell.app.send(Action::Show);
    let (code, _) = shell.code(0).await;
    let verdict = officer.check(&scan(&code), office.now());
    assert_eq!(
        (verdict.outcome, codes(&verdict)),
        (Outcome::Refuse, vec!["suspended"])
    );
    shell.home().await;

    shell.app.send(Action::History);
    let kinds = shell.sees("history", |screen| match screen {
        Screen::History(history) => {
            assert!(history.broken.is_none());
            Some(history.rows.iter().map(|row| row.kind).collect::<Vec<_>>())
        }
        _ => None,
    });
    use HistoryKind::{Answered, Enrolled, Shown, StatusChanged};
    let expected = [
        Shown,
        StatusChanged,
        Answered,
        Answered,
        Shown,
        StatusChanged,
        Enrolled,
    ];
    assert_eq!(
        kinds.await,
        expected,
        "the last showing stands there already"
    );
    shell.home().await;

    remove(&mut shell, &license.card.id).await;
    shell.app.close().await;
    // What was last on the screen comes once, and nothing after it.
    while let Some(update) = shell.app.next(shell.seen).await {
        shell.seen = update.number;
    }
}

async fn show_two_codes(office: &Office, shell: &mut Shell, officer: &mut Verifier) {
    shell.app.send(Action::Show);
    let (first, number) = shell.code(0).await;
    let verdict = officer.check(&scan(&first), office.now());
    assert_eq!(
        (verdict.outcome, codes(&verdict)),
        (Outcome::Accept, vec![])
    );
    office.clock.advance(Duration::from_secs(10));
    let (second, later) = shell.code(number).await;
    assert!(later == number + 1 && scan(&second) != scan(&first));
    let verdict = officer.check(&scan(&second), office.now());
    assert_eq!(codes(&verdict), [""; 0]);
    shell.home().await;
    // The picture is gone with the code.
    let shown = shell.showing.unwrap();
    assert!(shell.app.frame(shown, later).is_none());
}

async fn answer(office: &Office, shell: &mut Shell, officer: &mut Verifier) {
    let by_qr = challenge::build_unsigned("Patrol 7", &[7; 16], office.now()).unwrap();
    for (text, mut asked, name) in [
        (
            by_qr.as_str(),
            Asked::qr("Patrol 7", [7; 16]).unwrap(),
            Value::Text {
                text: "Patrol 7".to_owned(),
            },
        ),
        (
            "40718293",
            Asked::digits("40718293").unwrap(),
            Value::Word {
                key: "answer.by_digits".to_owned(),
            },
        ),
    ] {
        // A question opens the answer page from anywhere.
        let text = text.to_owned();
        shell.app.send(Action::Link { text });
        let asker = shell.sees("asker", |screen| match screen {
            Screen::Answer(answer) => answer.asker.clone(),
            _ => None,
        });
        let asker = asker.await;
        assert!(asker.name == name && asker.proof.sign.tone == Tone::Caution);
        shell.app.send(Action::AnswerNow);
        let (code, _) = shell.code(0).await;
        let question = Question {
            challenge: Some(&mut asked),
            ..Question::default()
        };
        let verdict = officer.check_with(&scan(&code), question, office.now());
        assert_eq!(codes(&verdict), [""; 0]);
        shell.home().await;
    }
}

async fn remove(shell: &mut Shell, license: &str) {
    shell.app.send(Action::Settings);
    let license = license.to_owned();
    shell.app.send(Action::AskToRemove { license });
    shell.lock = LockOutcome::Failed;
    shell.app.send(Action::Remove);
    let asked = |screen: &Screen| match screen {
        Screen::Settings(settings) => {
            let asked = settings.licenses.iter().find(|license| license.asked)?;
            (!asked.removing).then_some(())
        }
        _ => None,
    };
    shell.sees("question that stays", asked).await;
    shell.lock = LockOutcome::Opened;
    shell.app.send(Action::Remove);
    shell.sees("welcome", is_welcome).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlasts_the_app_and_an_offer_is_read_again() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    let text = added.offer.clone();
    shell.app.send(Action::Link { text });
    let typed = |screen: &Screen| match screen {
        Screen::Offer(offer) => Some(offer.code.as_ref().unwrap().field.text.clone()),
        _ => None,
    };
    shell.sees("offer", typed).await;
    let text = "12".to_owned();
    shell.app.send(Action::TypeCode { text, edit: 1 });
    shell.app.send(Action::Left);
    shell.app.close().await;
    let saved = shell.app.saved().unwrap();
    assert!(saved.len() <= LONGEST);
    let offer = added.offer.as_bytes();
    assert!(!saved.windows(16).any(|part| part == &offer[..16]));
    drop(shell);

    office.clock.advance(Duration::from_secs(60));
    let mut shell = phone.start_again(saved.clone());
    assert_eq!(shell.sees("offer", typed).await, "12");
    drop(shell);

    office.clock.advance(Duration::from_secs(900));
    let mut shell = phone.start_again(saved);
    let field = shell.sees("welcome", |screen| match screen {
        Screen::Welcome(welcome) => Some(welcome.offer.text.clone()),
        _ => None,
    });
    assert_eq!(field.await, "", "what is old opens the first page");
}

/// What is kept is asked for by the runner, for which no scenario speaks.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_asked_for_late_twice_never_and_after_background() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let app = phone.start().app;
    // The newest id by which it is asked for on a screen, once all that was typed is sealed.
    let asked = async |seen: &str| {
        let (mut last, mut calm) = (None, 0);
        for _ in 0..1_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let update = app.next(0).await.unwrap();
            let saves = update.effects.iter();
            let saves = saves.filter(|effect| effect.ask == Ask::Save);
            let save = saves.map(|effect| effect.id).max();
            calm = if save == last && update.screen.code() == seen {
                calm + 1
            } else {
                0
            };
            last = save;
            if calm == 20 {
                return save;
            }
        }
        panic!("no {seen} that stays");
    };
    let keep = |text: &str, edit| {
        let text = text.to_owned();
        app.send(Action::TypeOffer { text, edit });
    };
    let saved = |id| {
        app.send(Action::Done {
            id,
            answer: Answer::Saved,
        })
    };

    asked("welcome").await;
    keep("first", 1);
    let first = asked("welcome").await.unwrap();
    keep("second", 2);
    let second = asked("welcome").await.unwrap();
    assert!(second > first, "what is newer is asked for anew");
    // Late: the newer one is still to be kept.
    saved(first);
    app.send(Action::Scan);
    assert_eq!(asked("scan").await, Some(second));
    // Twice.
    saved(second);
    saved(second);
    app.send(Action::Back);
    assert_eq!(asked("welcome").await, None);
    // Never: it is asked for on each screen from then on.
    keep("third", 3);
    let third = asked("welcome").await.unwrap();
    assert!(third > second);
    app.send(Action::Scan);
    assert_eq!(asked("scan").await, Some(third));
    office.clock.advance(Duration::from_secs(3_600));
    assert_eq!(asked("scan").await, Some(third));
    // After the background: what is kept as of then is asked for once more, and waits for its
    // answer.
    app.send(Action::Left);
    let away = asked("scan").await.unwrap();
    assert!(away > third);
    app.send(Action::Seen { has_lock: true });
    assert_eq!(asked("scan").await, Some(away));
    saved(away);
    assert_eq!(asked("scan").await, None);
    app.close().await;
    assert!(app.saved().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_cannot_be_opened_is_told_and_begun_anew_and_nothing_is_deleted() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    shell.app.close().await;
    drop(shell);

    phone.keys.set_fault(Some(KeyStoreError::Locked));
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::DeviceLocked);
    phone.keys.set_fault(None);
    let action = TroubleAction::Unlock;
    shell.app.send(Action::Act { action });
    shell.sees("welcome", is_welcome).await;
    shell.app.close().await;
    drop(shell);

    phone.keys.set_fault(Some(KeyStoreError::Invalidated));
    let mut shell = phone.start();
    assert_eq!(shell.blocked().await, Trouble::KeyInvalidated);
    phone.keys.set_fault(None);
    let action = TroubleAction::BeginAnew;
    shell.app.send(Action::Act { action });
    shell.sees("welcome", is_welcome).await;
    let folders = std::fs::read_dir(phone.folder.path().join("wallet")).unwrap();
    let vaults = folders.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("vault")
    });
    assert_eq!(vaults.count(), 2, "the old one lies beside");
    assert!(shell.left_for.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrollment_that_is_stopped_is_taken_up_again() {
    let office = Office::open().await;
    let phone = DriversPhone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start();
    shell.sees("welcome", is_welcome).await;
    let text = added.offer.clone();
    shell.app.send(Action::Link { text });
    let offer = |screen: &Screen| match screen {
        Screen::Offer(offer) => Some(offer.clone()),
        _ => None,
    };
    shell.sees("offer", offer).await;
    let text = added.tx_code.clone();
    shell.app.send(Action::TypeCode { text, edit: 1 });
    shell.app.send(Action::TakeOffer);
    shell.app.send(Action::Back);
    // It was stopped, or it was too late to stop it.
    let stopped = shell.sees("end", |screen| match screen {
        Screen::Offer(offer) => offer.refusal.as_ref().map(|note| note.words.key.clone()),
        Screen::License(_) => Some(String::new()),
        _ => None,
    });
    let stopped = stopped.await;
    if !stopped.is_empty() {
        assert_eq!(stopped, "refusal.cancelled");
        shell.app.send(Action::TakeOffer);
    }
    shell.license("license", |_| true).await;
}
