//! The app that checks licenses: one object around the task that owns its state.

use std::path::PathBuf;
use std::sync::Arc;

use vidimus_app::officer::event::OfficerAction;
use vidimus_app::runner::officer::{
    OfficerApp as Core, OfficerSetup as CoreSetup, OfficerUpdate, TrustedAuthority as CoreAuthority,
};

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::ports::{CoreHttpTransport, CoreKeyStore, DeviceKeys};
use crate::probe::Counted;
use crate::reader::{keeping, signer};
use crate::runtime::{guard, handle, run_end, run_news};
use crate::types::{QrSymbol, TrustedAuthority};
use crate::wallet::ports_with;

/// What an app that checks licenses begins with.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct OfficerSetup {
    /// The folder of the reader's book; made where it is missing. It may be that of a wallet.
    pub directory: String,
    /// Whom the reader trusts.
    pub authorities: Vec<TrustedAuthority>,
    /// Whether the log keeps the number of a license: for an officer, who must account for a
    /// check. Anyone else's log has nothing personal.
    pub keeps_numbers: bool,
    /// After how many days a check is deleted from the log.
    pub log_days: u16,
    /// The name under which this reader asks a driver's phone, at most 64 bytes.
    pub name: String,
    /// The 32 secret bytes of the reader's Ed25519 key, which signs its questions and its log; none
    /// where it has no key.
    pub reader_key: Option<Vec<u8>>,
    /// The certificates, in DER, that may vouch for servers; none: all public ones. They are for
    /// the built-in transport.
    pub pinned_certificates: Vec<Vec<u8>>,
}

crate::types::discreet!(OfficerSetup);

/// The app that checks licenses. One task owns its state; all that is called here returns at once,
/// but `next` and `end`.
#[derive(uniffi::Object)]
pub struct OfficerApp {
    core: Core,
    _counted: Counted,
}

/// Begins the app: it opens the reader's book, or makes it. The screen says what is wrong with the
/// book or its keys. Without a transport the built-in one is used; the name of this start of the
/// device is as for a wallet.
#[uniffi::export]
pub fn start_officer_app(
    setup: OfficerSetup,
    boot_id: Option<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
) -> Result<Arc<OfficerApp>, WalletError> {
    guard(|| {
        let keys = DeviceKeys::new(keys);
        let ports = ports_with(boot_id, keys, transport, setup.pinned_certificates)?;
        let signer = setup.reader_key.map(signer).transpose()?;
        let authorities = setup
            .authorities
            .into_iter()
            .map(|authority| CoreAuthority {
                root_key: authority.root_key,
                address: authority.address,
                bundles: authority.bundles,
            });
        let setup = CoreSetup {
            directory: PathBuf::from(setup.directory),
            authorities: authorities.collect(),
            keeping: keeping(setup.keeps_numbers),
            log_days: setup.log_days,
            name: setup.name,
            signer,
            ports,
        };
        Ok(Arc::new(OfficerApp {
            core: Core::start(setup, &handle()?),
            _counted: Counted::new(),
        }))
    })
}

#[uniffi::export]
impl OfficerApp {
    /// Says what the officer does, or what the shell has done.
    pub fn send(&self, action: OfficerAction) -> Result<(), WalletError> {
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
    ) -> Result<Option<OfficerUpdate>, WalletError> {
        let news = self.core.news();
        run_news(cancel.core.clone(), async move { news.after(after).await }).await
    }

    /// The face of this id, a JPEG; none once its verdict is off the screen.
    pub fn picture(&self, id: String) -> Result<Option<Vec<u8>>, WalletError> {
        guard(|| Ok(self.core.picture(&id).map(|jpeg| jpeg.to_vec())))
    }

    /// The QR of this question; none once it is no longer shown.
    pub fn question(&self, id: u64) -> Result<Option<QrSymbol>, WalletError> {
        guard(|| {
            let symbol = self.core.question(id);
            Ok(symbol.as_ref().map(QrSymbol::from))
        })
    }

    /// The log of the checks as JSON lines, while it is to be shared; none at other times.
    pub fn exported(&self) -> Result<Option<Vec<u8>>, WalletError> {
        guard(|| Ok(self.core.exported().map(|file| file.to_vec())))
    }

    /// Ends the app, and waits until it has ended. After it nothing happens. An app that is let go
    /// of ends too, without a wait.
    pub async fn end(&self) -> Result<(), WalletError> {
        run_end(self.core.end()).await
    }
}
