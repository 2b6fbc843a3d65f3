//! The driver's app: one object around the task that owns its state.

use std::path::PathBuf;
use std::sync::Arc;

use vidimus_app::event::Action;
use vidimus_app::runner::{App, KeySealer, Setup, Update};
use vidimus_wallet::ports::SystemRandom;

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::ports::{CoreHttpTransport, CoreKeyStore, DeviceKeys};
use crate::probe::Counted;
use crate::runtime::{guard, handle, run_end, run_news};
use crate::types::QrSymbol;
use crate::wallet::ports_with;

/// What a driver's app begins with.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct DriverSetup {
    /// The folder of the wallet; made where it is missing. Keep it out of backups.
    pub directory: String,
    /// The public key that signs the authority's trust list: a COSE_Key. It counts for a wallet
    /// that is made.
    pub root_key: Vec<u8>,
    /// The authority's address, for a wallet that is made.
    pub authority: String,
    /// Where the authority sends the browser back to after a sign-in: an address that opens this
    /// app, and that the authority knows for it. None: the app has no sign-in.
    pub sign_in_redirect: Option<String>,
    /// The certificates, in DER, that may vouch for servers; none: all public ones. They are for
    /// the built-in transport.
    pub pinned_certificates: Vec<Vec<u8>>,
    /// Whether the phone has a screen lock.
    pub has_lock: bool,
    /// What was kept when the system ended the app; none where nothing was.
    pub saved: Option<Vec<u8>>,
}

crate::types::discreet!(DriverSetup);

/// The driver's app. One task owns its state; all that is called here returns at once, but `next`
/// and `end`.
#[derive(uniffi::Object)]
pub struct DriverApp {
    core: App,
    _counted: Counted,
}

/// Begins the app: it opens the wallet, or makes it. The screen says what is wrong with the wallet
/// or its keys. Without a transport the built-in one is used; the name of this start of the device
/// is as for a wallet.
#[uniffi::export]
pub fn start_driver_app(
    setup: DriverSetup,
    boot_id: Option<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
) -> Result<Arc<DriverApp>, WalletError> {
    guard(|| {
        let keys = DeviceKeys::new(keys);
        let ports = ports_with(boot_id, keys, transport, setup.pinned_certificates)?;
        let sealer = KeySealer::new(Arc::clone(&ports.keys), Arc::new(SystemRandom));
        let setup = Setup {
            directory: PathBuf::from(setup.directory),
            root_key: setup.root_key,
            authority: setup.authority,
            sign_in_redirect: setup.sign_in_redirect,
            ports,
            sealer: Arc::new(sealer),
            has_lock: setup.has_lock,
            saved: setup.saved,
        };
        Ok(Arc::new(DriverApp {
            core: App::start(setup, &handle()?),
            _counted: Counted::new(),
        }))
    })
}

#[uniffi::export]
impl DriverApp {
    /// Says what the driver does, or what the shell has done.
    pub fn send(&self, action: Action) -> Result<(), WalletError> {
        guard(|| {
            self.core.send(action);
            Ok(())
        })
    }

    /// Waits for news: the newest update whose number is higher than this one; 0 for the first.
    /// Some updates are never seen. None once the app has ended.
    pub async fn next(
        &self,
        after: u64,
        cancel: Arc<CancelToken>,
    ) -> Result<Option<Update>, WalletError> {
        let news = self.core.news();
        run_news(cancel.core.clone(), async move { news.after(after).await }).await
    }

    /// The portrait of this id, a JPEG of at most 64 KiB; none once its license is gone.
    pub fn picture(&self, id: String) -> Result<Option<Vec<u8>>, WalletError> {
        guard(|| Ok(self.core.picture(&id).map(|jpeg| jpeg.to_vec())))
    }

    /// The QR of this frame of a showing; none once it is no longer shown.
    pub fn frame(&self, showing: u64, number: u64) -> Result<Option<QrSymbol>, WalletError> {
        guard(|| {
            let symbol = self.core.frame(showing, number);
            Ok(symbol.as_ref().map(QrSymbol::from))
        })
    }

    /// The address to open in the system's browser when the effect `OpenBrowser` asks for it; none
    /// once the sign-in is over. It is good once: it must not be stored or logged.
    pub fn sign_in_address(&self) -> Result<Option<String>, WalletError> {
        guard(|| Ok(self.core.sign_in_address()))
    }

    /// What to keep where the system keeps the state of an app: at most 8 KiB, sealed; none before
    /// there is any.
    pub fn saved(&self) -> Result<Option<Vec<u8>>, WalletError> {
        guard(|| Ok(self.core.saved()))
    }

    /// After how many seconds the authority is to be asked again, by what the last refresh said:
    /// for a phone that plans to do so while the app is out of sight. None before the first.
    pub fn refresh_due_in_s(&self) -> Result<Option<u64>, WalletError> {
        guard(|| Ok(self.core.refresh_due_in().map(|due| due.as_secs())))
    }

    /// Ends the app, and waits until what was shown is in the log, and a license that is just being
    /// added or removed has come or gone. After it nothing happens. An app that is let go of ends
    /// too, without a wait.
    pub async fn end(&self) -> Result<(), WalletError> {
        run_end(self.core.end()).await
    }
}
