//! The one task that owns the state of the app.
//!
//! A shell starts an [`App`], shows what [`App::next`] gives, does what is asked for there, and
//! sends what the driver does. Only `next` waits, for the next update; no other call waits for the
//! wallet.

mod actor;
mod background;
mod engine;
pub mod officer;
mod reading;
mod saved;
mod small_map;
mod work;

pub use background::due_notices;
pub use saved::{KeySealer, LONGEST, Sealer};

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use vidimus_credential::qr::Symbol;
use vidimus_wallet::ports::Clock;
use vidimus_wallet::{Boxed, Ports};

use self::actor::{Actor, Finished};
use self::engine::{Line, Published, Workers};
use self::small_map::SmallMap;
use self::work::Home;
use crate::effect::ShellEffect;
use crate::event::{Action, Event};
use crate::screen::Screen;

/// What an app needs to start.
pub struct Setup {
    /// The folder of the wallet; made where it is missing.
    pub directory: PathBuf,
    /// The authority's root key, as COSE, for a wallet that is made.
    pub root_key: Vec<u8>,
    /// The authority's address, for a wallet that is made.
    pub authority: String,
    /// Where the authority sends the browser back to after a sign-in: an address that opens this
    /// app, and that the authority knows. None: this app has no sign-in.
    pub sign_in_redirect: Option<String>,
    /// The ports to the device.
    pub ports: Ports,
    /// Seals what is kept where the system ends the app.
    pub sealer: Arc<dyn Sealer>,
    /// Whether the phone has a screen lock.
    pub has_lock: bool,
    /// What [`App::saved`] gave when the app was ended.
    pub saved: Option<Vec<u8>>,
}

/// What is on the screen, and what the shell must do.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone)]
pub struct Update {
    /// Its number, from 1. Later ones are higher; the shell may not get each.
    pub number: u64,
    /// What is on the screen.
    pub screen: Screen,
    /// Whether the system must keep no picture of the screen: it shows a license, an offer, or what
    /// happened to one.
    pub is_personal: bool,
    /// What the shell must do. Each is here until it is done or not needed any more.
    pub effects: Vec<ShellEffect>,
}

/// The driver's app. The shell must call [`close`](Self::close) and wait for it; an app that is
/// only dropped ends too, but no one waits for its log.
pub struct App {
    line: Line<Event, Finished, Screen, ShellEffect>,
    assets: Arc<Assets>,
    clock: Arc<dyn Clock>,
}

impl App {
    /// Starts the app: opens the wallet, or makes it. It runs on this runtime, whose timers must be
    /// enabled.
    #[must_use]
    pub fn start(setup: Setup, runtime: &Handle) -> Self {
        let (line, (inbox, messages, news)) = Line::open(Screen::Opening);
        let assets = Arc::new(Assets::default());
        let clock = Arc::clone(&setup.ports.clock);
        let home = Arc::new(Home {
            directory: setup.directory,
            root_key: setup.root_key,
            authority: setup.authority,
            sign_in: setup.sign_in_redirect.map(work::sign_in_client),
            ports: setup.ports,
        });
        let (has_lock, saved) = (setup.has_lock, setup.saved);
        let workers = Workers::new(inbox);
        let mut actor = Actor::new(home, setup.sealer, workers, news, Arc::clone(&assets));
        runtime.spawn(async move {
            let state = actor.begin_with_saved(has_lock, saved).await;
            engine::run(actor, state, messages).await;
        });
        Self {
            line,
            assets,
            clock,
        }
    }

    /// Says what the driver does, or what the shell has done. It returns at once.
    pub fn send(&self, action: Action) {
        self.line.send(Event::Action(action));
    }

    /// Waits for the newest update whose number is higher than `after`. None after the end, and
    /// where a fault has ended the app: then the shell must start it again. The future may be
    /// dropped.
    pub async fn next(&self, after: u64) -> Option<Update> {
        self.news().after(after).await
    }

    /// A source of updates, for a task that waits for them without the app.
    #[must_use]
    pub fn news(&self) -> News {
        News(self.line.updates())
    }

    /// The portrait of this id, a JPEG of at most 64 KiB; none once its license is gone.
    #[must_use]
    pub fn picture(&self, id: &str) -> Option<Arc<[u8]>> {
        self.assets
            .lock()
            .pictures
            .get(&id.to_owned())
            .map(Arc::clone)
    }

    /// The QR of this frame of a showing, a code or a part of the face; none once it is no longer
    /// shown.
    #[must_use]
    pub fn frame(&self, showing: u64, number: u64) -> Option<Symbol> {
        let assets = self.assets.lock();
        let mut sets = assets.frames.iter();
        sets.find_map(|set| set.get(showing, number)).cloned()
    }

    /// The address that the shell must open in the system's browser when it is asked to; none once
    /// the sign-in is over. It is good once: it must not be stored or logged.
    #[must_use]
    pub fn sign_in_address(&self) -> Option<String> {
        let assets = self.assets.lock();
        assets.sign_in.as_ref().map(|(_, address)| address.clone())
    }

    /// The sealed snapshot, at most [`LONGEST`] bytes. The shell must store it where the system
    /// keeps the state of an app each time that it is asked to, and must give it to the next start
    /// as [`Setup::saved`].
    #[must_use]
    pub fn saved(&self) -> Option<Vec<u8>> {
        self.assets.lock().saved.clone()
    }

    /// After how long the authority must be asked again, by the last refresh: for a phone that
    /// plans a refresh in the background. None before the first.
    #[must_use]
    pub fn refresh_due_in(&self) -> Option<Duration> {
        let due = self.assets.lock().refresh_due?;
        Some(due.saturating_sub(self.clock.read().boot))
    }

    /// Ends the app. Waits until what was shown is in the log, and until a license that is being
    /// added or removed is added or removed.
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
pub struct News(watch::Receiver<Published<Screen, ShellEffect>>);

impl News {
    /// The newest update after this number, as [`App::next`] gives it.
    #[must_use]
    pub fn after(self, number: u64) -> Boxed<'static, Option<Update>> {
        Box::pin(async move {
            let news = engine::after(self.0, number).await?;
            Some(Update {
                number: news.number,
                is_personal: news.screen.is_personal(),
                screen: news.screen,
                effects: news.effects,
            })
        })
    }
}

/// The bytes that screens refer to: pictures, codes and the snapshot.
#[derive(Default)]
struct Assets(Mutex<AssetMaps>);

#[derive(Default)]
struct AssetMaps {
    pictures: SmallMap<String, Arc<[u8]>>,
    /// The newest code of the showing that is on, and the one before it.
    frames: Vec<FrameSet>,
    saved: Option<Vec<u8>>,
    /// The effect that began the sign-in, and its address.
    sign_in: Option<(u64, String)>,
    /// By the boot clock, which no one can set.
    refresh_due: Option<Duration>,
}

/// A code and the parts of the face that are shown in turn with it.
struct FrameSet {
    showing: u64,
    /// The number of the code; those of the parts follow.
    number: u64,
    symbols: Vec<Symbol>,
}

impl FrameSet {
    fn get(&self, showing: u64, number: u64) -> Option<&Symbol> {
        let index = number.checked_sub(self.number)?;
        let index = usize::try_from(index).ok()?;
        let symbol = self.symbols.get(index);
        symbol.filter(|_| showing == self.showing)
    }
}

impl Assets {
    fn lock(&self) -> MutexGuard<'_, AssetMaps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a code with the parts of the face, and keeps the one before it, which may still be on
    /// the screen.
    fn put_frames(&self, showing: u64, number: u64, symbols: Vec<Symbol>) {
        let mut maps = self.lock();
        let newest = maps.frames.iter().map(|set| set.number).max();
        maps.frames
            .retain(|set| set.showing == showing && Some(set.number) == newest);
        maps.frames.push(FrameSet {
            showing,
            number,
            symbols,
        });
    }

    /// Drops the frames of a showing that has ended.
    fn drop_frames(&self, showing: u64) {
        self.lock().frames.retain(|set| set.showing != showing);
    }
}
