//! The wallet: one method for each use case, which calls the core.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::{UnixTime, VerifyingKey};
use vidimus_wallet::ports::{self as device, SystemClock, SystemRandom};
use vidimus_wallet::refresh::ROUND_BUDGET;
use vidimus_wallet::{Config, LicenseId, Ports, Wallet as Core};

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::offer::Offer;
use crate::ports::{CoreHttpTransport, CoreKeyStore, DeviceKeys, DeviceTransport};
use crate::presentation::Presentation;
use crate::probe::Counted;
use crate::reader_request::ReaderRequest;
use crate::runtime::{guard, run, run_abortable, run_cancellable, run_on_caller};
use crate::types::{
    Activity, Count, Health, HeldLicense, Overview, RefreshReport, RefreshScope, TimeEstimate,
    WalletConfig,
};

/// Makes a wallet in an empty folder. Without a transport the built-in one is used. The boot id is
/// 16 bytes that name this start of the device; without one the system is asked for it.
#[uniffi::export]
pub async fn create_wallet(
    config: WalletConfig,
    boot_id: Option<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
    cancel: Arc<CancelToken>,
) -> Result<Arc<Wallet>, WalletError> {
    run_abortable(cancel.core.clone(), async move {
        let ports = ports(boot_id, keys, transport, config.pinned_certificates).await?;
        let core = Core::create(Config {
            directory: PathBuf::from(config.directory),
            root: VerifyingKey::from_cose_key(&config.root_key)?,
            authority: config.authority,
            ports,
        });
        Ok(Wallet::new(core.await?))
    })
    .await
}

/// Opens the wallet of a folder. Nothing is deleted, even where something is wrong with it. The
/// boot id is that of a new wallet.
#[uniffi::export]
pub async fn open_wallet(
    directory: String,
    boot_id: Option<Vec<u8>>,
    pinned_certificates: Vec<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
    cancel: Arc<CancelToken>,
) -> Result<Arc<Wallet>, WalletError> {
    run_abortable(cancel.core.clone(), async move {
        let ports = ports(boot_id, keys, transport, pinned_certificates).await?;
        let core = Core::open(PathBuf::from(directory), ports);
        Ok(Wallet::new(core.await?))
    })
    .await
}

/// A wallet that is open. It may be used from any thread; another process may have the same one
/// open.
#[derive(uniffi::Object)]
pub struct Wallet {
    core: Core,
    _counted: Counted,
}

#[uniffi::export]
impl Wallet {
    /// Reads a credential offer as scanned or typed, and asks its issuer who it is. It spends
    /// nothing.
    pub async fn read_offer(
        &self,
        text: String,
        cancel: Arc<CancelToken>,
    ) -> Result<Arc<Offer>, WalletError> {
        self.run_cancellable(&Arc::clone(&cancel), async move |core| {
            let offer = core.read_offer_until(&text, &cancel.core).await?;
            Ok(Arc::new(Offer::from(offer)))
        })
        .await
    }

    /// Takes up an offer, with the transaction code that came another way. Returns the license's
    /// id. The same offer may be taken up again: it goes on where it was interrupted.
    pub async fn enroll(
        &self,
        offer: Arc<Offer>,
        tx_code: Option<String>,
        cancel: Arc<CancelToken>,
    ) -> Result<String, WalletError> {
        self.run_cancellable(&Arc::clone(&cancel), async move |core| {
            let id = core.enroll(&offer.core, tx_code.as_deref(), &cancel.core);
            Ok(id.await?.into())
        })
        .await
    }

    /// What a screen shows of a wallet: its licenses without their portraits, and the state of the
    /// vault. It reads the vault on the caller's thread, which takes some hundred microseconds.
    pub fn overview(&self) -> Result<Overview, WalletError> {
        guard(|| {
            let now = self.core.time()?.latest;
            let held = self.core.licenses()?;
            Ok(Overview {
                licenses: held.iter().map(|one| HeldLicense::new(one, now)).collect(),
                health: self.core.health()?.into(),
                misses_license: self.core.misses_a_license()?,
            })
        })
    }

    /// The portrait of a license, a JPEG; none where the license came without one.
    pub async fn portrait(&self, license: String) -> Result<Option<Vec<u8>>, WalletError> {
        self.run(async move |core| {
            let mut held = core.licenses()?.into_iter();
            let one = held.find(|one| one.id.as_str() == license);
            let one = one.ok_or(WalletError::NoSuchLicense)?;
            Ok(one.portrait.map(|portrait| portrait.jpeg().to_vec()))
        })
        .await
    }

    /// Removes a license and its keys from this device, because its holder wants it. The authority
    /// is not told.
    pub async fn remove(&self, license: String) -> Result<(), WalletError> {
        self.run(async move |core| Ok(core.remove(&LicenseId::new(license)).await?))
            .await
    }

    /// Asks the authority for what is due, or for all, within a budget in milliseconds, by default
    /// 25 seconds. A phone's scheduler calls it. Failures of the network are in the report.
    pub async fn refresh(
        &self,
        what: RefreshScope,
        budget_ms: Option<i64>,
        cancel: Arc<CancelToken>,
    ) -> Result<RefreshReport, WalletError> {
        let budget = match budget_ms {
            Some(millis) => u64::try_from(millis).map(Duration::from_millis),
            None => Ok(ROUND_BUDGET),
        };
        let budget = budget.map_err(|_| WalletError::InvalidArgument)?;
        self.run_cancellable(&Arc::clone(&cancel), async move |core| {
            let report = core.refresh(what.into(), budget, &cancel.core).await?;
            Ok(report.into())
        })
        .await
    }

    /// Starts to show a license to anyone who looks, for at most five minutes.
    pub async fn present(&self, license: String) -> Result<Arc<Presentation>, WalletError> {
        // On the caller's thread, like its frames: it reads a few rows and waits for nothing.
        run_on_caller(async {
            let started = self.core.present(&LicenseId::new(license))?;
            Ok(Presentation::new(started, self.core.clone()))
        })
        .await
    }

    /// Reads a reader's challenge: the text of its QR, or the 8 digits that an officer reads out.
    pub async fn read_challenge(&self, text: String) -> Result<Arc<ReaderRequest>, WalletError> {
        self.run(async move |core| {
            let request = core
                .read_challenge(&text)
                .map_err(WalletError::of_challenge)?;
            Ok(Arc::new(ReaderRequest::from(request)))
        })
        .await
    }

    /// Starts to show a license to the reader who asked, until 110 seconds after the challenge was
    /// read.
    pub async fn answer(
        &self,
        license: String,
        request: Arc<ReaderRequest>,
    ) -> Result<Arc<Presentation>, WalletError> {
        run_on_caller(async {
            let license = LicenseId::new(license);
            let started = self.core.answer(&license, request.core.clone())?;
            Ok(Presentation::new(started, self.core.clone()))
        })
        .await
    }

    /// The newest entries of the activity log, at most this many, newest first.
    pub async fn activity(&self, limit: Count) -> Result<Activity, WalletError> {
        let limit = limit.to_usize()?;
        self.run(async move |core| Ok(core.activity(limit)?.into()))
            .await
    }

    /// The state of the vault, after everything in it was read.
    pub async fn examine(&self) -> Result<Health, WalletError> {
        self.run(async move |core| Ok(core.examine()?.into())).await
    }

    /// The signed trust list that is held, for a verifier on the same device; none before the first
    /// refresh.
    pub async fn trust_list(&self) -> Result<Option<Vec<u8>>, WalletError> {
        self.run(async move |core| Ok(core.trust_list()?)).await
    }

    /// The best known time, which need not be the device's.
    pub async fn time(&self) -> Result<TimeEstimate, WalletError> {
        self.run(async move |core| Ok(core.time()?.into())).await
    }

    /// The authority's address that the wallet was made with.
    pub fn authority(&self) -> Result<String, WalletError> {
        guard(|| Ok(self.core.authority().to_owned()))
    }
}

impl Wallet {
    fn new(core: Core) -> Arc<Self> {
        Arc::new(Self {
            core,
            _counted: Counted::new(),
        })
    }

    pub(crate) async fn run<T, F>(&self, work: impl FnOnce(Core) -> F) -> Result<T, WalletError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, WalletError>> + Send + 'static,
    {
        run(work(self.core.clone())).await
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) async fn run_cancellable<T, F>(
        &self,
        cancel: &CancelToken,
        work: impl FnOnce(Core) -> F,
    ) -> Result<T, WalletError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, WalletError>> + Send + 'static,
    {
        run_cancellable(cancel.core.clone(), work(self.core.clone())).await
    }
}

/// Moves a wallet that cannot be used any more to a folder beside it, so that a new one can be
/// made, and returns that folder. Nothing is deleted.
#[uniffi::export]
pub fn set_aside(directory: String) -> Result<String, WalletError> {
    guard(|| {
        let moved = Core::set_aside(Path::new(&directory))?;
        // It is the given text and ASCII, so nothing is lost.
        Ok(moved.to_string_lossy().into_owned())
    })
}

async fn ports(
    boot_id: Option<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
    pinned_certificates: Vec<Vec<u8>>,
) -> Result<Ports, WalletError> {
    let keys = DeviceKeys::ask_first(keys).await?;
    ports_with(boot_id, keys, transport, pinned_certificates)
}

/// The core's ports. The key store may not have been called yet.
pub(crate) fn ports_with(
    boot_id: Option<Vec<u8>>,
    keys: DeviceKeys,
    transport: Option<Arc<dyn CoreHttpTransport>>,
    pinned_certificates: Vec<Vec<u8>>,
) -> Result<Ports, WalletError> {
    let clock = match boot_id {
        Some(id) => SystemClock::of_boot(id.try_into().map_err(|_| WalletError::InvalidArgument)?),
        None => SystemClock::new(),
    };
    let clock = match built_at(option_env!("VIDIMUS_BUILT_AT")) {
        Some(time) => clock.built_at(time),
        None => clock,
    };
    let transport: Arc<dyn device::HttpTransport> = match transport {
        Some(own) => Arc::new(DeviceTransport(own)),
        None => built_in(pinned_certificates)?,
    };
    Ok(Ports {
        transport,
        keys: Arc::new(keys),
        clock: Arc::new(clock),
        random: Arc::new(SystemRandom),
    })
}

/// When this library was built, in seconds since 1970, where the builder said so: a clock that
/// shows an earlier time is certainly wrong.
fn built_at(told: Option<&str>) -> Option<UnixTime> {
    UnixTime::new(told?.trim().parse().ok()?).ok()
}

#[cfg(feature = "http")]
fn built_in(pinned: Vec<Vec<u8>>) -> Result<Arc<dyn device::HttpTransport>, WalletError> {
    use vidimus_wallet::transport::{NetworkTransport, Roots};

    let roots = if pinned.is_empty() {
        Roots::Public
    } else {
        Roots::Pinned(pinned)
    };
    let transport = NetworkTransport::new(roots).map_err(vidimus_wallet::Error::from)?;
    Ok(Arc::new(transport))
}

/// This library was built without HTTP: the app must pass a transport.
#[cfg(not(feature = "http"))]
fn built_in(_pinned: Vec<Vec<u8>>) -> Result<Arc<dyn device::HttpTransport>, WalletError> {
    Err(WalletError::InvalidArgument)
}

#[cfg(test)]
mod tests {
    use super::built_at;

    #[test]
    fn a_build_time_is_seconds_since_1970_and_anything_else_is_none() {
        let seconds = |told| built_at(told).map(|time| time.seconds());
        assert_eq!(seconds(Some("1790000000")), Some(1_790_000_000));
        for told in [
            None,
            Some(""),
            Some("today"),
            Some("-1"),
            Some("999999999999999"),
        ] {
            assert_eq!(seconds(told), None, "{told:?}");
        }
    }
}
