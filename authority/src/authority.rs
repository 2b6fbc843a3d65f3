//! The face of the crate: one method a command.

use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::Transaction;
use vidimus_credential::text::{MAX_DISPLAY_NAME, check_text};
use vidimus_credential::{Country, License, LicenseStatus, Signer as _, UnixTime};

use crate::error::Error;
use crate::home::Home;
use crate::issue::{ensure_fits, has_ended};
use crate::issuer::IssuerUrl;
use crate::keys::KeyRing;
use crate::offers::{self, AddedLicense};
use crate::portrait;
use crate::publish::{self, Publisher};
use crate::register::{self, LicenseRow};
use crate::settings::Settings;
use crate::store::{Store, to_sql};

/// A signed time may run ahead of the clock by no more than this, in seconds, when many changes
/// follow one another; readers allow 30.
const MAX_AHEAD: i64 = 5;
/// Further ahead than this, in seconds, it is no burst: the clock was set back, and waiting for it to
/// come round would keep a suspension from taking effect.
const MAX_BURST: i64 = 60;

/// What `init` is told.
#[derive(Debug, Clone, Default)]
pub struct InitOptions {
    /// The issuer's URL: https, or http on a loopback address. `None`: the first `serve` fixes it.
    pub issuer: Option<String>,
    /// The issuing country, ISO 3166-1 alpha-2. `None`: `ZZ`, which no country has.
    pub country: Option<String>,
    /// The name that readers and wallets show, at most 64 bytes. `None`: "Licensing Authority".
    pub name: Option<String>,
}

/// Makes a new authority in a folder: keys, database, and the root's public key in `root.cose`.
///
/// # Errors
/// Says which option is wrong, that the folder already holds an authority, or why it cannot be
/// written. A folder that holds an authority is never changed.
pub fn init(home: &Path, options: InitOptions, now: UnixTime) -> Result<(), Error> {
    let issuer = options
        .issuer
        .as_deref()
        .map(IssuerUrl::parse)
        .transpose()?;
    let country =
        Country::parse(options.country.as_deref().unwrap_or("ZZ")).map_err(|_| Error::Country)?;
    let name = options
        .name
        .unwrap_or_else(|| "Licensing Authority".to_owned());
    check_text(&name, MAX_DISPLAY_NAME, false).map_err(|_| Error::Name)?;
    let folder = Home::new(home);
    folder.create()?;
    folder.create_database_file()?;
    let store = Store::open(&folder.database())?;
    let keys = KeyRing::new(folder.clone());
    // The commit is the last step: an `init` that died half-way can be run again.
    store.write(|transaction| {
        if Settings::exist(transaction)? {
            return Err(Error::AlreadyInitialised);
        }
        let root = folder.create_key()?;
        folder.write_root(&root.verifying_key().to_cose_key())?;
        Settings { issuer, country, name, root: root.verifying_key().kid() }.insert(transaction)?;
        keys.rotate(transaction, now)?;
        let documents = "INSERT INTO documents (name, issued, written) VALUES ('trust', ?1, 0), ('bundle', ?1, 0)";
        transaction.execute(documents, [to_sql(now)])?;
        Ok(())
    })?;
    Publisher {
        home: &folder,
        store: &store,
        keys: &keys,
    }
    .publish()
}

/// An authority in its folder. Several processes may have the same one open.
pub struct Authority {
    pub(crate) home: Home,
    pub(crate) store: Store,
    pub(crate) keys: KeyRing,
}

impl Authority {
    /// Opens the authority that [`init`] made.
    ///
    /// # Errors
    /// [`Error::NotInitialised`] where there is none, [`Error::NewerSchema`], or why the database
    /// cannot be used.
    pub fn open(home: &Path) -> Result<Self, Error> {
        let home = Home::new(home);
        if !home.database().is_file() {
            return Err(Error::NotInitialised);
        }
        let store = Store::open(&home.database())?;
        store.read(Settings::read)?;
        Ok(Self {
            keys: KeyRing::new(home.clone()),
            home,
            store,
        })
    }

    /// The issuer's URL, once it is fixed.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn issuer(&self) -> Result<Option<String>, Error> {
        let settings = self.store.read(Settings::read)?;
        Ok(settings.issuer.map(|issuer| issuer.as_str().to_owned()))
    }

    /// The issuer's URL for a server on this address: the fixed one, or this address from now on.
    ///
    /// # Errors
    /// [`Error::OtherPort`] where a loopback issuer was fixed with another port, and
    /// [`Error::ListenerNotLoopback`] where none was fixed and the address is reachable from outside.
    pub fn fix_issuer(&self, listening: SocketAddr, now: UnixTime) -> Result<String, Error> {
        let issuer = self.store.write(|transaction| {
            if let Some(issuer) = Settings::read(transaction)?.issuer {
                return match issuer.loopback_port() {
                    Some(port) if port != listening.port() => Err(Error::OtherPort {
                        issuer: issuer.as_str().to_owned(),
                        port,
                    }),
                    _ => Ok(issuer),
                };
            }
            let issuer = IssuerUrl::of_listener(listening)?;
            Settings::fix_issuer(transaction, &issuer)?;
            publish::touch_all(transaction, now)?;
            Ok(issuer)
        })?;
        self.publisher().publish()?;
        Ok(issuer.as_str().to_owned())
    }

    /// Registers a license and makes an offer for it.
    ///
    /// # Errors
    /// [`Error::IssuerNotFixed`], [`Error::OtherCountry`], [`Error::LicenseEnded`],
    /// [`Error::TooMuchData`], [`Error::Portrait`], or why it cannot be stored.
    pub fn add_license(
        &self,
        license: &License,
        portrait: &[u8],
        now: UnixTime,
    ) -> Result<AddedLicense, Error> {
        let settings = self.store.read(Settings::read)?;
        let issuer = settings.issuer.ok_or(Error::IssuerNotFixed)?;
        if license.issuing_country() != settings.country {
            return Err(Error::OtherCountry {
                authority: settings.country,
            });
        }
        if has_ended(license, now) {
            return Err(Error::LicenseEnded);
        }
        portrait::check(portrait)?;
        ensure_fits(&issuer, license, portrait, now)?;
        let added = self.store.write(|transaction| {
            let id = register::add(transaction, license, portrait, now)?;
            offers::create(transaction, &issuer, id, now)
        })?;
        self.publisher().publish()?;
        Ok(added)
    }

    /// Every license of the register, oldest first.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn licenses(&self) -> Result<Vec<LicenseRow>, Error> {
        self.store.read(register::all)
    }

    /// Sets a license's status. When this returns, the published list and bundle say so, with a
    /// later `iat` than before. In a burst of changes it waits, so that no `iat` lies more than a
    /// few seconds ahead.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], [`Error::StatusNotSettable`], [`Error::Revoked`], or why it
    /// cannot be stored and published.
    pub fn set_status(&self, id: &str, status: LicenseStatus, now: UnixTime) -> Result<(), Error> {
        let issued = self
            .store
            .write(|transaction| register::set_status(transaction, id, status, now))?;
        let ahead = issued.signed_since(now);
        if let (Ok(wait), true) = (u64::try_from(ahead - MAX_AHEAD), ahead <= MAX_BURST) {
            thread::sleep(Duration::from_secs(wait));
        }
        self.publisher().publish()
    }

    /// Makes a new credential key and a new status key, and signs everything published with them.
    /// The old ones stay in the trust list until the last thing they signed has ended.
    ///
    /// # Errors
    /// Why keys or signed objects cannot be written.
    pub fn rotate_keys(&self, now: UnixTime) -> Result<(), Error> {
        let retired = self.store.write(|transaction: &Transaction<'_>| {
            Settings::read(transaction)?;
            publish::touch_all(transaction, now)?;
            self.keys.rotate(transaction, now)
        })?;
        self.publisher().publish()?;
        retired
            .into_iter()
            .try_for_each(|kid| self.home.remove_key(kid))
    }

    pub(crate) fn publisher(&self) -> Publisher<'_> {
        Publisher {
            home: &self.home,
            store: &self.store,
            keys: &self.keys,
        }
    }
}
