//! The one task that owns the state of the app that checks licenses.

mod actor;
mod reading;
mod work;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;
use vidimus_credential::key::Signer;
use vidimus_credential::qr::Symbol;
use vidimus_wallet::reader::Keeping;
use vidimus_wallet::{Boxed, Ports};

use self::actor::Actor;
use self::work::{Finished, Home};
use super::engine::{self, Line, Published, Workers};
use super::small_map::SmallMap;
use crate::officer::effect::OfficerShellEffect;
use crate::officer::event::{OfficerAction, OfficerEvent};
use crate::screen::officer::OfficerScreen;

/// A picture or a file, which a shell asks for by its id.
type Bytes = Arc<[u8]>;

/// What the app that checks licenses needs to start.
pub struct OfficerSetup {
    /// The folder of the reader's book; made where it is missing. It may be that of a wallet.
    pub directory: PathBuf,
    /// Whom the reader trusts. Others that the book holds are removed from it.
    pub authorities: Vec<TrustedAuthority>,
    /// What the log keeps of a license.
    pub keeping: Keeping,
    /// After how many days a check is deleted from the log.
    pub log_days: u16,
    /// The name under which this reader asks, at most 64 bytes.
    pub name: String,
    /// The reader's key, which signs its questions and its log; none where it has none.
    pub signer: Option<Arc<dyn Signer>>,
    /// The ports to the device.
    pub ports: Ports,
}

/// An authority that a reader trusts.
pub struct TrustedAuthority {
    /// Its root key, as COSE, which must have come over a trusted channel.
    pub root_key: Vec<u8>,
    /// The address at which it publishes its lists.
    pub address: String,
    /// The addresses of its bundles; its first one where there is none here.
    pub bundles: Vec<String>,
}

/// What is on the screen, and what the shell must do.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone)]
pub struct OfficerUpdate {
    /// Its number, from 1. Later ones are higher; the shell may not get each.
    pub number: u64,
    /// What is on the screen.
    pub screen: OfficerScreen,
    /// Whether the system must keep no picture of the screen: it shows a license, or a camera that
    /// may see one.
    pub is_personal: bool,
    /// What the shell must do. Each is here until it is done or not needed any more.
    pub effects: Vec<OfficerShellEffect>,
}

/// The app that checks licenses. An app that is dropped ends.
pub struct OfficerApp {
    line: Line<OfficerEvent, Finished, OfficerScreen, OfficerShellEffect>,
    assets: Arc<Assets>,
}

impl OfficerApp {
    /// Starts the app: opens the reader's book, or makes it. It runs on this runtime, whose timers
    /// must be enabled.
    #[must_use]
    pub fn start(setup: OfficerSetup, runtime: &Handle) -> Self {
        let (line, (inbox, messages, news)) = Line::open(OfficerScreen::Opening);
        let assets = Arc::new(Assets::default());
        let log_days = setup.log_days;
        let home = Arc::new(Home::new(setup));
        let mut actor = Actor::new(home, Workers::new(inbox), news, Arc::clone(&assets));
        runtime.spawn(async move {
            let state = actor.begin_with(log_days);
            engine::run(actor, state, messages).await;
        });
        Self { line, assets }
    }

    /// Says what the officer does, or what the shell has done. It returns at once.
    pub fn send(&self, action: OfficerAction) {
        self.line.send(OfficerEvent::Action(action));
    }

    /// Waits for the newest update whose number is higher than `after`. None after the end, and
    /// where a fault has ended the app: then the shell must start it again. The future may be
    /// dropped.
    pub async fn next(&self, after: u64) -> Option<OfficerUpdate> {
        self.news().after(after).await
    }

    /// A source of updates, for a task that waits for them without the app.
    #[must_use]
    pub fn news(&self) -> OfficerNews {
        OfficerNews(self.line.updates())
    }

    /// The face of this id, a JPEG; none once its verdict is off the screen.
    #[must_use]
    pub fn picture(&self, id: &str) -> Option<Arc<[u8]>> {
        self.assets.lock().faces.get(&id.to_owned()).map(Arc::clone)
    }

    /// The QR of this question; none once it is no longer shown.
    #[must_use]
    pub fn question(&self, id: u64) -> Option<Symbol> {
        self.assets.lock().questions.get(&id).cloned()
    }

    /// The log of the checks as JSON lines, while the shell is asked to share it. Where the reader
    /// has a key, the last line has its signature over all lines before.
    #[must_use]
    pub fn exported(&self) -> Option<Arc<[u8]>> {
        self.assets
            .lock()
            .file
            .as_ref()
            .map(|(_, file)| Arc::clone(file))
    }

    /// Ends the app, and waits until it has ended.
    pub async fn close(&self) {
        self.end().await;
    }

    /// Ends the app now. The future waits as [`close`](Self::close) does, and does not need the
    /// app.
    pub fn end(&self) -> impl Future<Output = ()> + Send + 'static {
        self.line.end()
    }
}

/// A source of the updates of an app, while the app lives.
pub struct OfficerNews(watch::Receiver<Published<OfficerScreen, OfficerShellEffect>>);

impl OfficerNews {
    /// The newest update after this number, as [`OfficerApp::next`] gives it.
    #[must_use]
    pub fn after(self, number: u64) -> Boxed<'static, Option<OfficerUpdate>> {
        Box::pin(async move {
            let news = engine::after(self.0, number).await?;
            Some(OfficerUpdate {
                number: news.number,
                is_personal: news.screen.is_personal(),
                screen: news.screen,
                effects: news.effects,
            })
        })
    }
}

/// The bytes that screens refer to.
#[derive(Default)]
struct Assets(Mutex<AssetMaps>);

#[derive(Default)]
struct AssetMaps {
    faces: SmallMap<String, Bytes>,
    questions: SmallMap<u64, Symbol>,
    /// The file of the log, by the effect that wrote it.
    file: Option<(u64, Bytes)>,
}

impl Assets {
    fn lock(&self) -> MutexGuard<'_, AssetMaps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
