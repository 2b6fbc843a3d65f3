//! A shell of the driver's app: a phone, and what its shell does.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use vidimus_app::effect::Ask;
use vidimus_app::event::{Action, Answer, LockOutcome};
use vidimus_app::runner::{App, KeySealer, Setup, Update};
use vidimus_app::screen::{Screen, ShowPhase};
use vidimus_app::tone::Tone;
use vidimus_app::trouble::Trouble;
use vidimus_credential::qr::Symbol;
use vidimus_wallet::Ports;
use vidimus_wallet::ports::{HttpTransport, KeyStore, SystemRandom};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;
use vidimus_wallet::transport::{NetworkTransport, Roots};

use super::Office;

/// Longer than any step takes, and shorter than a test may hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// A phone: a folder, keys, a network, and the office's clock or its own.
pub struct DriversPhone {
    pub folder: TempDir,
    pub keys: Arc<MemoryKeyStore>,
    pub transport: Arc<dyn HttpTransport>,
    pub clock: Arc<TestClock>,
    pub has_lock: bool,
    pub root_key: Vec<u8>,
    /// Where the authority sends the browser back to.
    pub sign_in_redirect: Option<String>,
    authority: String,
}

impl DriversPhone {
    pub fn of(office: &Office) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            keys: Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom))),
            transport: Arc::new(NetworkTransport::new(Roots::Public).unwrap()),
            clock: Arc::clone(&office.clock),
            has_lock: true,
            root_key: std::fs::read(office.home.path().join("root.cose")).unwrap(),
            sign_in_redirect: None,
            authority: office.issuer.clone(),
        }
    }

    pub fn directory(&self) -> PathBuf {
        self.folder.path().join("wallet")
    }

    pub fn start(&self) -> Shell {
        self.start_with(self.keys.clone(), None)
    }

    pub fn start_again(&self, saved: Vec<u8>) -> Shell {
        self.start_with(self.keys.clone(), Some(saved))
    }

    pub fn start_with(&self, keys: Arc<dyn KeyStore>, saved: Option<Vec<u8>>) -> Shell {
        let random = Arc::new(SystemRandom);
        let app = App::start(
            Setup {
                directory: self.directory(),
                root_key: self.root_key.clone(),
                authority: self.authority.clone(),
                sign_in_redirect: self.sign_in_redirect.clone(),
                ports: Ports {
                    transport: Arc::clone(&self.transport),
                    keys: Arc::clone(&keys),
                    clock: self.clock.clone(),
                    random: random.clone(),
                },
                sealer: Arc::new(KeySealer::new(keys, random)),
                has_lock: self.has_lock,
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
            opened: None,
        }
    }

    /// A wallet that is empty, and its app ended.
    pub async fn make_wallet(&self) {
        let mut shell = self.start();
        shell.sees("welcome", is_welcome).await;
        shell.app.close().await;
    }
}

/// What a shell does: it answers what it is asked for, and shows what comes.
pub struct Shell {
    pub app: App,
    pub seen: u64,
    /// What the phone's lock answers.
    pub lock: LockOutcome,
    pub showing: Option<u64>,
    pub left_for: Vec<Ask>,
    /// The address that the browser has opened last.
    pub opened: Option<String>,
}

impl Shell {
    /// Waits for a screen, and does on the way what the app asks for.
    pub async fn sees<T>(&mut self, what: &str, wanted: impl Fn(&Screen) -> Option<T>) -> T {
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
                Ask::OpenBrowser => {
                    self.opened = self.app.sign_in_address();
                    Answer::Left
                }
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

    pub async fn enroll(&mut self, offer: &str, code: &str) {
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
    pub async fn license(&mut self, what: &str, wanted: impl Fn(&[Trouble]) -> bool) -> Screen {
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

    /// Waits until the wallet cannot be opened, and nothing is under way.
    pub async fn blocked(&mut self) -> Trouble {
        self.sees("trouble", |screen| match screen {
            Screen::Blocked(blocked) => (!blocked.working).then_some(blocked.story.trouble),
            _ => None,
        })
        .await
    }

    /// Waits for a code after this one, and gives its picture and its number.
    pub async fn code(&mut self, after: u64) -> (Symbol, u64) {
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

    pub async fn home(&mut self) {
        self.app.send(Action::Back);
        self.license("licenses", |_| true).await;
    }
}

/// What the officer's camera reads.
pub fn scan(symbol: &Symbol) -> String {
    let grid = rqrr::SimpleGrid::from_func(symbol.size(), |x, y| symbol.module(x, y));
    rqrr::Grid::new(grid).decode().unwrap().1
}

pub fn is_welcome(screen: &Screen) -> Option<()> {
    matches!(screen, Screen::Welcome(_)).then_some(())
}

pub fn is_healthy(troubles: &[Trouble]) -> bool {
    troubles.is_empty()
}
