//! The app that checks licenses: one object around the task that owns its state.

use std::path::PathBuf;
use std::sync::Arc;

use vidimus_app::officer::event::OfficerAction;
use vidimus_app::runner::officer::{
    OfficerApp as Core, OfficerSetup as CoreSetup, OfficerUpdate, TrustedAuthority as CoreAuthority,
};
use vidimus_credential::key::{Algorithm, Signer, SigningKey};
use vidimus_wallet::reader::Keeping;

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::ports::{CoreHttpTransport, CoreKeyStore, DeviceKeys};
use crate::probe::Counted;
use crate::runtime::{guard, handle, run_abortable};
use crate::types::QrSymbol;
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

/// An authority that a reader trusts.
#[derive(uniffi::Record)]
pub struct TrustedAuthority {
    /// The public key that signs its trust list: a COSE_Key, which must have come over a trusted
    /// channel.
    pub root_key: Vec<u8>,
    /// The address at which the authority publishes its lists.
    pub address: String,
    /// The addresses of its bundles of statuses; empty for its first one.
    pub bundles: Vec<String>,
}

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
        let keys = DeviceKeys::of_reader(keys);
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
            keeping: if setup.keeps_numbers {
                Keeping::Officer
            } else {
                Keeping::Citizen
            },
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

fn signer(secret: Vec<u8>) -> Result<Arc<dyn Signer>, WalletError> {
    // Its memory is wiped when it is freed, as all of this library.
    let secret = secret.as_slice().try_into();
    let secret = secret.map_err(|_| WalletError::InvalidArgument)?;
    let key = SigningKey::from_secret(Algorithm::Ed25519, secret);
    Ok(Arc::new(key.map_err(|_| WalletError::InvalidArgument)?))
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
        run_abortable(
            cancel.core.clone(),
            async move { Ok(news.after(after).await) },
        )
        .await
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
        let end = self.core.end();
        crate::runtime::run(async move {
            end.await;
            Ok(())
        })
        .await
    }
}
