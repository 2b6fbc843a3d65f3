//! A shell of the app that checks licenses: an officer's phone, and what its shell does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;
use vidimus_app::officer::effect::OfficerAsk;
use vidimus_app::officer::event::{OfficerAction, OfficerAnswer};
use vidimus_app::runner::officer::{OfficerApp, OfficerSetup, TrustedAuthority};
use vidimus_app::screen::officer::{FaceView, OfficerScreen, TrustRow, VerdictScreen};
use vidimus_app::tone::Tone;
use vidimus_app::words::Value;
use vidimus_credential::key::{Algorithm, SigningKey};
use vidimus_wallet::Ports;
use vidimus_wallet::ports::{
    Clock as _, HttpRequest, HttpResponse, HttpTransport, SystemRandom, TransportError,
};
use vidimus_wallet::present::Frame;
use vidimus_wallet::reader::Keeping;
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::transport::{NetworkTransport, Roots};

use super::Office;
use super::shell::scan;

/// Longer than any step takes, and shorter than a test may hang.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two pictures of the officer's camera.
const PICTURE: Duration = Duration::from_millis(100);

/// A network that can be switched off.
pub struct Airplane {
    network: NetworkTransport,
    is_off: AtomicBool,
    pub refused: AtomicU32,
}

#[async_trait]
impl HttpTransport for Airplane {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if self.is_off.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(TransportError::Unreachable);
        }
        self.network.send(request).await
    }
}

/// An officer's phone, and what its shell does.
pub struct Officer {
    pub app: OfficerApp,
    pub network: Arc<Airplane>,
    _folder: TempDir,
}

impl Officer {
    /// An officer who has fetched all once, and has no network from then on.
    pub async fn on_duty(office: &Office) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let network = Arc::new(Airplane {
            network: NetworkTransport::new(Roots::Public).unwrap(),
            is_off: AtomicBool::new(false),
            refused: AtomicU32::new(0),
        });
        let signer = SigningKey::from_secret(Algorithm::Ed25519, &[7; 32]).unwrap();
        let setup = OfficerSetup {
            directory: folder.path().to_owned(),
            authorities: vec![TrustedAuthority {
                root_key: std::fs::read(office.home.path().join("root.cose")).unwrap(),
                address: office.issuer.clone(),
                bundles: Vec::new(),
            }],
            keeping: Keeping::Officer,
            log_days: 30,
            name: "Patrol 7".to_owned(),
            signer: Some(Arc::new(signer)),
            ports: Ports {
                transport: network.clone(),
                keys: Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom))),
                clock: office.clock.clone(),
                random: Arc::new(SystemRandom),
            },
        };
        let app = OfficerApp::start(setup, &tokio::runtime::Handle::current());
        let officer = Self {
            app,
            network,
            _folder: folder,
        };
        officer.app.send(OfficerAction::Seen);
        officer.fetched().await;
        officer.network.is_off.store(true, Ordering::SeqCst);
        officer
    }

    pub async fn sees<T>(&self, what: &str, wanted: impl Fn(&OfficerScreen) -> Option<T>) -> T {
        self.sees_after(0, what, wanted).await
    }

    /// The same of what comes after an update.
    async fn sees_after<T>(
        &self,
        mut after: u64,
        what: &str,
        wanted: impl Fn(&OfficerScreen) -> Option<T>,
    ) -> T {
        let seen = async {
            loop {
                let update = self.app.next(after).await.expect("the app goes on");
                after = update.number;
                if let Some(found) = wanted(&update.screen) {
                    return found;
                }
            }
        };
        let seen = tokio::time::timeout(PATIENCE, seen).await;
        seen.unwrap_or_else(|_| panic!("no {what}"))
    }

    /// Waits until the statuses of all authorities are of the last minutes.
    async fn fetched(&self) {
        self.sees("new statuses", |screen| match screen {
            OfficerScreen::Start(start) => start.trust.iter().all(is_new).then_some(()),
            _ => None,
        })
        .await;
    }

    pub async fn fetch_again(&self) {
        self.network.is_off.store(false, Ordering::SeqCst);
        // What stood on the screen before was new when it was drawn.
        let before = self.app.next(0).await.expect("the app goes on").number;
        self.app.send(OfficerAction::Refresh);
        self.sees_after(before, "new statuses", |screen| match screen {
            OfficerScreen::Start(start) => {
                let all_new = start.trust.iter().all(is_new);
                (all_new && !start.refreshing).then_some(())
            }
            _ => None,
        })
        .await;
        self.network.is_off.store(true, Ordering::SeqCst);
    }

    /// The effect of the camera, once it looks.
    pub async fn camera(&self) -> u64 {
        let looks = async {
            let mut after = 0;
            loop {
                let update = self.app.next(after).await.expect("the app goes on");
                after = update.number;
                let mut effects = update.effects.iter();
                if let Some(camera) = effects.find(|effect| effect.ask == OfficerAsk::Camera) {
                    return camera.id;
                }
            }
        };
        tokio::time::timeout(PATIENCE, looks)
            .await
            .expect("the camera")
    }

    pub fn picture(&self, camera: u64, text: &str) {
        let answer = OfficerAnswer::Texts {
            texts: vec![text.to_owned()],
        };
        self.app.send(OfficerAction::Done { id: camera, answer });
    }

    pub async fn verdict(&self, wanted: impl Fn(&VerdictScreen) -> bool) -> VerdictScreen {
        self.sees("verdict", |screen| match screen {
            OfficerScreen::Verdict(verdict) if wanted(verdict) => Some(verdict.clone()),
            _ => None,
        })
        .await
    }

    pub async fn check(&self, text: &str) -> VerdictScreen {
        self.app.send(OfficerAction::Check);
        let camera = self.camera().await;
        self.picture(camera, text);
        let verdict = self.verdict(|_| true).await;
        self.home().await;
        verdict
    }

    pub async fn home(&self) {
        self.app.send(OfficerAction::Back);
        self.sees("start", |screen| {
            matches!(screen, OfficerScreen::Start(_)).then_some(())
        })
        .await;
    }

    /// Holds the camera to a driver's screen, whose token and face take turns, until the face is
    /// there. Every tenth picture is lost. Gives the time that passed on the clock.
    pub async fn hold_to(&self, office: &Office, camera: u64, frame: &Frame) -> Duration {
        let began = office.clock.read().boot;
        let mut pictures = 0;
        loop {
            let elapsed = office.clock.read().boot - began;
            assert!(
                elapsed < Duration::from_secs(30),
                "no face after {elapsed:?}"
            );
            let (turn, _) = frame.turns().at(elapsed);
            pictures += 1;
            if pictures % 10 != 0 {
                self.picture(camera, &scan(frame.symbol_at(turn)));
            }
            // The picture is read before the next one comes.
            tokio::time::sleep(Duration::from_millis(10)).await;
            office.clock.advance(PICTURE);
            let now = self.app.next(0).await.unwrap();
            if let OfficerScreen::Verdict(VerdictScreen {
                face: FaceView::Picture { .. },
                ..
            }) = now.screen
            {
                return office.clock.read().boot - began;
            }
        }
    }
}

fn is_new(row: &TrustRow) -> bool {
    let age = row.statuses.values.first();
    row.sign.tone == Tone::Good && matches!(age, Some(Value::Age { minutes }) if *minutes < 5)
}
