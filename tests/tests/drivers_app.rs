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

use std::sync::Arc;
use std::time::Duration;

use support::{Office, codes};
use tempfile::TempDir;
use vidimus_app::effect::Ask;
use vidimus_app::event::{Action, Answer, LockOutcome};
use vidimus_app::runner::{App, KeySealer, LONGEST, Setup, Update};
use vidimus_app::screen::{HistoryKind, Screen, ShowPhase};
use vidimus_app::tone::Tone;
use vidimus_app::trouble::{Trouble, TroubleAction};
use vidimus_app::words::{CalendarDay, Value};
use vidimus_credential::challenge::{self, Asked};
use vidimus_credential::qr::Symbol;
use vidimus_credential::{LicenseStatus, Outcome, Policy, Question, Verifier};
use vidimus_wallet::Ports;
use vidimus_wallet::keys::MemoryKeyStore;
use vidimus_wallet::ports::{KeyStoreError, SystemRandom};
use vidimus_wallet::transport::{NetworkTransport, Roots};

/// Longer than any step takes, and shorter than a test may hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// A phone: a folder, keys, and the office's clock.
struct Phone<'o> {
    office: &'o Office,
    folder: TempDir,
    keys: Arc<MemoryKeyStore>,
}

impl<'o> Phone<'o> {
    fn of(office: &'o Office) -> Self {
        Self {
            office,
            folder: tempfile::tempdir().unwrap(),
            keys: Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom))),
        }
    }

    fn start(&self, saved: Option<Vec<u8>>) -> Shell {
        let random = Arc::new(SystemRandom);
        let app = App::start(
            Setup {
                directory: self.folder.path().join("wallet"),
                root_key: std::fs::read(self.office.home.path().join("root.cose")).unwrap(),
                authority: self.office.issuer.clone(),
                ports: Ports {
                    transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
                    keys: self.keys.clone(),
                    clock: self.office.clock.clone(),
                    random: random.clone(),
                },
                sealer: Arc::new(KeySealer::new(self.keys.clone(), random)),
                has_lock: true,
                saved,
            },
            &tokio::runtime::Handle::current(),
        );
        Shell {
            app,
            seen: 0,
            lock: LockOutcome::Opened,
            showing: None,
            left_for: Vec::new(),
        }
    }
}

/// What a shell does: it answers what it is asked for, and shows what comes.
struct Shell {
    app: App,
    seen: u64,
    lock: LockOutcome,
    showing: Option<u64>,
    left_for: Vec<Ask>,
}

impl Shell {
    /// Waits for a screen, and does on the way what the app asks for.
    async fn sees<T>(&mut self, what: &str, wanted: impl Fn(&Screen) -> Option<T>) -> T {
        let seen = tokio::time::timeout(PATIENCE, async {
            let mut after = 0;
            loop {
                let update = self.app.next(after).await.expect("the app goes on");
                assert!(update.number > after, "numbers go up");
                after = update.number;
                self.seen = after;
                self.answer(&update);
                if let Some(found) = wanted(&update.screen) {
                    return found;
                }
            }
        });
        seen.await.unwrap_or_else(|_| panic!("no {what}"))
    }

    fn answer(&mut self, update: &Update) {
        for effect in &update.effects {
            let answer = match effect.ask {
                Ask::Unlock { .. } => Answer::Lock { outcome: self.lock },
                Ask::Save => Answer::Saved,
                Ask::Leave { .. } => {
                    self.left_for.push(effect.ask);
                    Answer::Left
                }
                Ask::Camera | Ask::StayAwake => continue,
            };
            let id = effect.id;
            self.app.send(Action::Done { id, answer });
        }
    }

    async fn enroll(&mut self, offer: &str, code: &str) {
        let text = offer.to_owned();
        self.app.send(Action::Link { text });
        self.sees("offer", |screen| match screen {
            Screen::Offer(offer) => {
                assert!(offer.proof.sign.tone == Tone::Good, "it is the authority");
                Some(())
            }
            _ => None,
        })
        .await;
        let text = code.to_owned();
        self.app.send(Action::TypeCode { text, edit: 1 });
        self.app.send(Action::TakeOffer);
        self.license("license", |_| true).await;
    }

    /// Waits for the licenses, with what is wrong with the one in front.
    async fn license(&mut self, what: &str, wanted: impl Fn(&[Trouble]) -> bool) -> Screen {
        self.sees(what, |screen| match screen {
            Screen::License(license) if !license.refreshing => {
                let troubles = license.troubles.iter().map(|story| story.trouble);
                let troubles: Vec<Trouble> = troubles.collect();
                wanted(&troubles).then(|| screen.clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits for a code after this one, and gives its picture and its number.
    async fn code(&mut self, after: u64) -> (Symbol, u64) {
        let place = self.sees("code", |screen| match screen {
            Screen::Show(show) => match &show.phase {
                ShowPhase::Live { code } => {
                    (code.frame > after).then_some((code.showing, code.frame))
                }
                _ => None,
            },
            _ => None,
        });
        let (showing, frame) = place.await;
        self.showing = Some(showing);
        let symbol = self.app.frame(showing, frame);
        (
            symbol.expect("the code on the screen has its picture"),
            frame,
        )
    }

    async fn home(&mut self) {
        self.app.send(Action::Back);
        self.license("licenses", |_| true).await;
    }
}

/// What the officer's camera reads.
fn scan(symbol: &Symbol) -> String {
    let grid = rqrr::SimpleGrid::from_func(symbol.size(), |x, y| symbol.module(x, y));
    rqrr::Grid::new(grid).decode().unwrap().1
}

fn is_welcome(screen: &Screen) -> Option<()> {
    matches!(screen, Screen::Welcome(_)).then_some(())
}

fn is_healthy(troubles: &[Trouble]) -> bool {
    troubles.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drivers_day_each_code_judged_by_the_officers_reader() {
    let office = Office::open().await;
    let phone = Phone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start(None);
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
    let phone = Phone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start(None);
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
    let mut shell = phone.start(Some(saved.clone()));
    assert_eq!(shell.sees("offer", typed).await, "12");
    drop(shell);

    office.clock.advance(Duration::from_secs(900));
    let mut shell = phone.start(Some(saved));
    let field = shell.sees("welcome", |screen| match screen {
        Screen::Welcome(welcome) => Some(welcome.offer.text.clone()),
        _ => None,
    });
    assert_eq!(field.await, "", "what is old opens the first page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_cannot_be_opened_is_told_and_begun_anew_and_nothing_is_deleted() {
    let office = Office::open().await;
    let phone = Phone::of(&office);
    let mut shell = phone.start(None);
    shell.sees("welcome", is_welcome).await;
    shell.app.close().await;
    drop(shell);

    let blocked = |screen: &Screen| match screen {
        Screen::Blocked(blocked) => (!blocked.working).then_some(blocked.story.trouble),
        _ => None,
    };
    phone.keys.set_fault(Some(KeyStoreError::Locked));
    let mut shell = phone.start(None);
    assert_eq!(shell.sees("trouble", blocked).await, Trouble::DeviceLocked);
    phone.keys.set_fault(None);
    let action = TroubleAction::Unlock;
    shell.app.send(Action::Act { action });
    shell.sees("welcome", is_welcome).await;
    shell.app.close().await;
    drop(shell);

    phone.keys.set_fault(Some(KeyStoreError::Invalidated));
    let mut shell = phone.start(None);
    assert_eq!(
        shell.sees("trouble", blocked).await,
        Trouble::KeyInvalidated
    );
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
    let phone = Phone::of(&office);
    let added = office.register().await;
    let mut shell = phone.start(None);
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
