//! The face of the crate: one method a command.

mod accounts;
mod backup;
mod batch;
mod clients;
mod clock;
mod decisions;
mod issuance;
mod keys;
mod licenses;
mod office;
mod readers;
mod retention;
mod reviews;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vidimus_credential::text::{MAX_DISPLAY_NAME, check_text};
use vidimus_credential::{Country, Signer as _, UnixTime};

use crate::clock::Moment;
use crate::epoch;
use crate::error::Error;
use crate::home::{Guard, Home, exists};
use crate::issued_log::{self, IssuedLog};
use crate::issuer::{IssuerFault, IssuerUrl};
use crate::keys::KeyRing;
use crate::office::By;
use crate::publish::Publisher;
use crate::rules::retention::Retention;
use crate::store::nonces::Secret;
use crate::store::settings::{self, Settings};
use crate::store::use_cases::Sqlite;
use crate::store::{Store, documents};

pub use batch::NewEntry;
pub use clock::ClockState;
pub use office::{NewToken, SetUpCode};
pub(crate) use office::{fingerprint_of, set_up_digest, token_digest};
pub use readers::Reader;
pub use retention::Forgotten;

/// What the standard time of a place can be, in minutes east of UTC.
const UTC_OFFSETS: std::ops::RangeInclusive<i16> = -720..=840;

pub use licenses::{AddOptions, MAX_PAGE};

/// The options of `init`.
#[derive(Debug, Clone, Default)]
pub struct InitOptions {
    /// The issuer's URL: https, or http on a loopback address. `None`: the first `serve` fixes it.
    pub issuer: Option<String>,
    /// The issuing country, ISO 3166-1 alpha-2. `None`: `ZZ`, which no country has.
    pub country: Option<String>,
    /// The name that readers and wallets show, at most 64 bytes. `None`: "Licensing Authority".
    pub name: Option<String>,
    /// Standard time at the authority's seat, in minutes east of UTC: -720 to 840.
    pub utc_offset: i16,
    /// How long the personal data of a license that ended is kept: 365 days unless something else
    /// is said.
    pub retention: Retention,
}

/// Makes a new authority in a folder: keys, database, and the root's public key in `root.cose`.
///
/// # Errors
/// Says which option is wrong, that the folder already holds an authority, or why it cannot be
/// written. A folder that holds an authority is never changed.
pub fn init(home: &Path, options: InitOptions, now: impl Into<Moment>) -> Result<(), Error> {
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
    let utc_offset = options.utc_offset;
    if !UTC_OFFSETS.contains(&utc_offset) {
        return Err(Error::UtcOffset);
    }
    let folder = Home::new(home);
    folder.create()?;
    let _guard = folder.share()?;
    if folder.was_used()? && !folder.is_unfinished()? {
        return match Authority::open(home) {
            Ok(_) => Err(Error::AlreadyInitialised),
            Err(error) => Err(error),
        };
    }
    folder.begin()?;
    folder.create_database_file()?;
    let store = Store::create(&folder.database())?;
    let keys = KeyRing::new(folder.clone());
    // An `init` that died before the commit can be run again.
    let root = store.write(|transaction| {
        if Settings::exist(transaction)? {
            return Err(Error::AlreadyInitialised);
        }
        let root = folder.create_key()?;
        folder.write_root(&root.verifying_key().to_cose_key())?;
        Settings {
            issuer,
            country,
            name,
            root: root.verifying_key().kid(),
            utc_offset,
        }
        .insert(transaction)?;
        settings::make_number_secret(transaction)?;
        settings::set_retention(transaction, options.retention, UnixTime::EPOCH)?;
        keys.create(transaction)?;
        documents::create(transaction)?;
        Ok(root.verifying_key().kid())
    })?;
    issued_log::create(&folder.issued_log(), root)?;
    Publisher {
        home: &folder,
        store: &store,
        keys: &keys,
    }
    .refresh(now.into())?;
    folder.finish()
}

/// An authority in its folder. Several processes may have the same one open.
pub struct Authority {
    pub(crate) home: Home,
    pub(crate) store: Store,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) issued: Arc<IssuedLog>,
    _guard: Arc<Guard>,
    /// The secret that nonces are keyed by, and when it was read.
    nonce_secret: Mutex<Option<(UnixTime, Secret)>>,
}

impl Authority {
    /// Opens the authority that [`init`] made.
    ///
    /// # Errors
    /// [`Error::NotInitialised`] where there is none. [`Error::RegisterLost`],
    /// [`Error::ForeignRegister`], [`Error::OldRegister`] and [`Error::HeadFile`] where the
    /// database is not the one that keys, published files and `issued.log` are of.
    /// [`Error::NewerSchema`], [`Error::InUse`], or why the database cannot be used.
    pub fn open(home: &Path) -> Result<Self, Error> {
        let authority = Self::open_any(home, Home::share)?;
        epoch::check(&authority.home, &authority.store)?;
        Ok(authority)
    }

    /// Opens it also where its database is an old one.
    pub(crate) fn open_any(
        home: &Path,
        guard: impl FnOnce(&Home) -> Result<Guard, Error>,
    ) -> Result<Self, Error> {
        let home = Home::new(home);
        let there = exists(&home.database())?;
        let used = home.was_used()?;
        if !there && !used {
            return Err(Error::NotInitialised);
        }
        let guard = guard(&home)?;
        let lost = |error| match error {
            // An `init` that was cut off has keys too, and is run again.
            Error::NotInitialised if used && !home.is_unfinished()? => Err(Error::RegisterLost),
            error => Err(error),
        };
        if !there {
            return lost(Error::NotInitialised);
        }
        home.protect()?;
        let store = match Store::open(&home.database()) {
            Err(error) => return lost(error),
            Ok(store) => store,
        };
        let root = store.read(Settings::read).map(|settings| settings.root);
        let root = match root {
            Err(error) => return lost(error),
            Ok(root) => root,
        };
        home.finish()?;
        Ok(Self {
            keys: Arc::new(KeyRing::new(home.clone())),
            issued: Arc::new(IssuedLog::new(home.issued_log(), root)),
            home,
            store,
            _guard: Arc::new(guard),
            nonce_secret: Mutex::default(),
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
    /// [`Error::OtherAddress`] where a loopback issuer was fixed with another host or port, and
    /// [`Error::ListenerNotLoopback`] where none was fixed and the address is reachable from
    /// outside.
    pub fn fix_issuer(
        &self,
        listening: SocketAddr,
        now: impl Into<Moment>,
    ) -> Result<String, Error> {
        let (issuer, new) = self.store.write(|transaction| {
            if let Some(issuer) = Settings::read(transaction)?.issuer {
                return match issuer.other_than(listening) {
                    Some(listen) => Err(Error::OtherAddress {
                        issuer: issuer.as_str().to_owned(),
                        listen,
                    }),
                    None => Ok((issuer, false)),
                };
            }
            let issuer = IssuerUrl::of_listener(listening).map_err(|fault| match fault {
                IssuerFault::NotHttps => Error::ListenerNotLoopback,
                fault => fault.into(),
            })?;
            Settings::fix_issuer(transaction, &issuer)?;
            Ok((issuer, true))
        })?;
        if new {
            self.publisher().refresh(now.into())?;
        }
        Ok(issuer.as_str().to_owned())
    }

    /// The same authority, in the name of somebody else: what is done with it is noted as theirs.
    pub(crate) fn acting(&self, by: By) -> Self {
        Self {
            keys: Arc::clone(&self.keys),
            issued: Arc::clone(&self.issued),
            home: self.home.clone(),
            store: self.store.acting(by),
            _guard: Arc::clone(&self._guard),
            nonce_secret: Mutex::default(),
        }
    }

    fn nonce_secret(&self) -> MutexGuard<'_, Option<(UnixTime, Secret)>> {
        self.nonce_secret
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The register, behind its port.
    pub(crate) fn register(&self) -> Sqlite<'_> {
        Sqlite {
            store: &self.store,
            keys: &*self.keys,
        }
    }

    pub(crate) fn publisher(&self) -> Publisher<'_> {
        Publisher {
            home: &self.home,
            store: &self.store,
            keys: &self.keys,
        }
    }
}
