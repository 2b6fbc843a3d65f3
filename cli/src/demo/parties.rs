//! The three parties: the licensing authority, the driver with a phone, the officer with a reader.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, block_in_place};
use vidimus_authority::{
    AddedLicense, Authority, DeviceEnd, InitOptions, OfferKind, application_form,
};
use vidimus_credential::{
    License, LicenseStatus, Policy, UnixTime, Verdict, Verifier, VerifyingKey,
};
use vidimus_wallet::ports::{HttpRequest, Method};
use vidimus_wallet::present::Presentation;
use vidimus_wallet::refresh::{Refresh, RefreshReport};
use vidimus_wallet::{CancelToken, Config, LicenseId, Wallet};

use crate::failure::{Failure, Outcome};
use crate::{authority, picture, runtime, verify, wallet};

/// What the clerk types in.
const DRIVER: &[u8] = include_bytes!("../../assets/driver.json");

/// The driver's picture: drawn, not taken; no one looks like this.
const PORTRAIT: &[u8] = include_bytes!("../../assets/portrait.jpg");

/// Time for one request or refresh on this machine.
const BUDGET: Duration = Duration::from_secs(10);

/// The licensing authority: a folder, and a server on a port of this machine.
pub(super) struct Office {
    home: PathBuf,
    authority: Authority,
    issuer: String,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), vidimus_authority::Error>>,
}

impl Office {
    /// Makes the keys and begins to serve.
    pub(super) async fn open(folder: &Path) -> Outcome<Self> {
        let home = folder.join("authority");
        let options = InitOptions {
            name: Some("Road Authority of Zembla".to_owned()),
            ..InitOptions::default()
        };
        let opened = block_in_place(|| {
            vidimus_authority::init(&home, options, runtime::moment())?;
            Authority::open(&home)
        });
        let authority = opened.map_err(|error| authority::failure(&error))?;
        let listening =
            |error| Failure::not_done(format!("cannot listen on this machine: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let issuer = block_in_place(|| authority.fix_issuer(address, runtime::moment()))
            .map_err(|error| authority::failure(&error))?;
        let (stop, stopped) = oneshot::channel();
        let served = home.clone();
        let server = tokio::spawn(async move {
            let end = async move {
                let _ = stopped.await;
            };
            vidimus_authority::serve(&served, listener, end).await
        });
        Ok(Self {
            home,
            authority,
            issuer,
            stop,
            server,
        })
    }

    /// The URL that licenses name.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The root's public key, as a file.
    pub(super) fn root_file(&self) -> PathBuf {
        self.home.join("root.cose")
    }

    /// Registers the driver, whose file and picture are built in.
    pub(super) fn register(&self) -> Outcome<AddedLicense> {
        let license = the_license()?;
        block_in_place(|| {
            self.authority
                .add_license(&license, PORTRAIT, runtime::moment())
        })
        .map_err(|error| authority::failure(&error))
    }

    /// Ends the phone that holds the license, as lost; its status is signed when this returns.
    pub(super) fn end_lost_phone(&self, license_id: &str) -> Outcome {
        block_in_place(|| {
            let found = self.authority.find_license(license_id, runtime::moment())?;
            let live = found.devices.iter().filter(|device| device.ended.is_none());
            for device in live {
                self.authority
                    .end_device(device.id, DeviceEnd::Lost, runtime::moment())?;
            }
            Ok(())
        })
        .map_err(|error| authority::failure(&error))
    }

    /// Another offer of a registered license, for a phone where there is none any more.
    pub(super) fn offer_again(&self, license_id: &str) -> Outcome<AddedLicense> {
        block_in_place(|| {
            self.authority
                .offer(license_id, OfferKind::First, runtime::moment())
        })
        .map_err(|error| authority::failure(&error))
    }

    /// Sets a status; it is signed when this returns.
    pub(super) fn set_status(&self, license_id: &str, status: LicenseStatus) -> Outcome {
        block_in_place(|| {
            self.authority
                .set_status(license_id, status, runtime::moment())
        })
        .map_err(|error| authority::failure(&error))
    }

    /// The status bundle, fetched as a reader at the station would.
    pub(super) async fn bundle(&self) -> Outcome<Vec<u8>> {
        // The server signs it every ten minutes; the demo does not wait that long.
        block_in_place(|| self.authority.publish(runtime::moment()))
            .map_err(|error| authority::failure(&error))?;
        let ports =
            wallet::ports(&self.home.join("station")).map_err(|error| wallet::failure(&error))?;
        let request = HttpRequest {
            method: Method::Get,
            url: format!("{}/status/bundle", self.issuer),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: BUDGET,
            max_body: 1 << 20,
            elsewhere: false,
        };
        match ports.transport.send(request).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            _ => Err(Failure::not_done(
                "the authority did not give its status bundle",
            )),
        }
    }

    /// Ends the server, and waits for it for up to 2 s.
    pub(super) async fn close(self) -> Outcome {
        let _ = self.stop.send(());
        match tokio::time::timeout(Duration::from_secs(2), self.server).await {
            Ok(Ok(Err(error))) => Err(authority::failure(&error)),
            _ => Ok(()),
        }
    }
}

/// What the clerk's file says.
pub(super) fn the_license() -> Outcome<License> {
    application_form::parse(DRIVER)
        .map_err(|error| authority::failure(&vidimus_authority::Error::from(error)))
}

/// Bytes of the portrait.
pub(super) const fn portrait_length() -> usize {
    PORTRAIT.len()
}

/// The driver, with one phone.
pub(super) struct Driver {
    home: PathBuf,
    name: String,
    wallet: Wallet,
    held: LicenseId,
    /// The license's name at the authority.
    pub(super) license_id: String,
}

impl Driver {
    /// Makes a wallet in the folder `home` and takes up the offer over HTTP.
    pub(super) async fn enroll(
        home: PathBuf,
        office: &Office,
        added: &AddedLicense,
    ) -> Outcome<Self> {
        let failed = |error| wallet::failure(&error);
        let config = Config {
            directory: home.clone(),
            root: verify::read_root(&office.root_file())?,
            authority: office.issuer().to_owned(),
            ports: wallet::ports(&home).map_err(failed)?,
        };
        let wallet = Wallet::create(config).await.map_err(failed)?;
        let offer = wallet
            .read_offer(&added.offer_by_reference)
            .await
            .map_err(failed)?;
        let held = wallet
            .enroll(&offer, Some(&added.tx_code), &CancelToken::new())
            .await
            .map_err(failed)?;
        let license = the_license()?;
        Ok(Self {
            home,
            name: format!("{} {}", license.given_names(), license.family_name()),
            wallet,
            held,
            license_id: added.license_id.clone(),
        })
    }

    /// The name on the license.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The wallet of this phone.
    pub(super) const fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// Asks the authority for what is new, due or not.
    pub(super) async fn refresh(&self) -> Outcome<RefreshReport> {
        self.wallet
            .refresh(Refresh::Now, BUDGET, &CancelToken::new())
            .await
            .map_err(|error| wallet::failure(&error))
    }

    /// Asks for what is new, and fails where any of it did not come.
    pub(super) async fn refresh_whole(&self) -> Outcome<RefreshReport> {
        let report = self.refresh().await?;
        match report.failures.first() {
            Some(failed) => Err(wallet::failure(&failed.error)),
            None => Ok(report),
        }
    }

    /// Starts to show the license.
    pub(super) fn present(&self) -> Outcome<Presentation> {
        self.wallet
            .present(&self.held)
            .map_err(|error| wallet::failure(&error))
    }

    /// The trust list that the wallet holds, for a reader to be loaded with.
    pub(super) fn trust_list(&self) -> Outcome<Vec<u8>> {
        match self.wallet.trust_list() {
            Ok(Some(list)) => Ok(list),
            Ok(None) => Err(Failure::not_done("the wallet has no trust list")),
            Err(error) => Err(wallet::failure(&error)),
        }
    }

    /// Copies the vault's files, but not the phone's keys, to another phone and tries to open them
    /// there: what that phone says.
    pub(super) async fn copy_to(&self, thief: &Path) -> Outcome<Result<(), vidimus_wallet::Error>> {
        let (from, to) = (
            wallet::vault_folder(&self.home),
            wallet::vault_folder(thief),
        );
        copy_folder(&from, &to).map_err(|error| Failure::unwritable(&to, &error))?;
        let ports = wallet::ports(thief).map_err(|error| wallet::failure(&error))?;
        Ok(Wallet::open(thief.to_owned(), ports).await.map(drop))
    }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// An officer's reader: a root, a trust list, and no network.
pub(super) struct Reader {
    verifier: Verifier,
}

impl Reader {
    /// A reader as it leaves the station.
    pub(super) fn load(root: VerifyingKey, trust: &[u8]) -> Outcome<Self> {
        let mut verifier = Verifier::new(root, Policy::default());
        verifier.set_trust_list(trust).map_err(|error| {
            Failure::not_done(format!("the reader cannot use the trust list: {error}"))
        })?;
        Ok(Self { verifier })
    }

    /// Loads the status bundle too.
    pub(super) fn with_bundle(mut self, bundle: &[u8]) -> Outcome<Self> {
        self.verifier.set_bundle(bundle).map_err(|error| {
            Failure::not_done(format!("the reader cannot use the bundle: {error}"))
        })?;
        Ok(self)
    }

    /// Finds the QR in a picture and judges what it says.
    pub(super) fn look_at(&mut self, picture: &[u8], now: UnixTime) -> Outcome<Verdict> {
        let text = picture::read_qr(picture.to_vec(), None).map_err(|error| {
            Failure::not_done(format!("the rendered picture {}", error.explain()))
        })?;
        Ok(self.verifier.check(&String::from_utf8_lossy(&text), now))
    }
}
