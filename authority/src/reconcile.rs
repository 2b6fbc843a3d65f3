//! After a bad day: an older register learns what was published and issued after it.
//!
//! Three things outlast a lost database: `issued.log`, the published lists, and the trust list.
//! From them the register takes over the credentials that it does not know, what was decided about
//! drivers, and which keys sign. Places that nothing explains are published as a value without a
//! meaning, which no reader accepts; new places come from new lists alone, so no driver gets the
//! place of another one. What cannot be found out is reported.

mod published;

use std::path::{Path, PathBuf};

use vidimus_credential::{KeyId, LicenseStatus};

use crate::authority::Authority;
use crate::clock::{Boot, Moment};
use crate::epoch::{self, Head};
use crate::error::Error;
use crate::evidence::{Evidence, Published, Reconciled};
use crate::home::{Durability, Home};
use crate::issued_log::{self, Entry};
use crate::rules::reconcile::Gap;
use crate::rules::signing_time::{LEAD, dated};
use crate::rules::slots::AFTER_EXPIRY;
use crate::secret::hex;
use crate::store::settings::Settings;
use crate::store::{self, Transaction, clock, documents, to_sql};

/// What helps besides the home itself.
#[derive(Debug, Clone, Default)]
pub struct ReconcileOptions {
    /// A head (`/head`) that was kept elsewhere.
    pub head: Option<Vec<u8>>,
    /// Copies of the folder `public`, besides the home's own: the newest of each file counts.
    pub published: Vec<PathBuf>,
    /// Goes on where lists that were published, or the newest of them, are nowhere to be found.
    /// What was decided about their drivers after the backup is lost then, and revoked licenses may
    /// be accepted again.
    pub without_lists: bool,
}

impl Authority {
    /// Brings an older database up to what was published and issued after it, and signs everything
    /// anew. Needs the home for itself. Repeating it does nothing more, but where an earlier one
    /// went on without the newest lists and these are given: then what was decided by them is taken
    /// over.
    ///
    /// Phones that enrolled or renewed after the backup go on showing what they hold; their next
    /// renewal is refused (`invalid_grant`), and another offer for the license helps. Offers that
    /// were open are void.
    ///
    /// # Errors
    /// [`Error::ListsMissing`], [`Error::ListsOld`], [`Error::NoHead`], [`Error::ForeignRegister`],
    /// [`Error::InUse`], [`Error::RootMissing`], with which nothing was changed; or why files or
    /// the database cannot be used. The caller shows [`Reconciled::not_signed`].
    pub fn reconcile(
        home: &Path,
        options: &ReconcileOptions,
        now: impl Into<Moment>,
    ) -> Result<Reconciled, Error> {
        let now = now.into();
        let authority = Self::open_any(home, Home::take_alone)?;
        let settings = authority.store.read(Settings::read)?;
        let epoch = authority.store.read(store::epoch::read)?;
        // Nothing is taken over that could not be signed then.
        match authority.home.read_key(settings.root) {
            Err(Error::KeyFile) => return Err(Error::RootMissing),
            read => drop(read?),
        }
        let root = hex(settings.root.as_bytes());
        let heads = heads(&authority.home, &root, epoch, options)?;
        let mut issued = Vec::new();
        let living = now
            .wall()
            .saturating_sub(u64::try_from(AFTER_EXPIRY).unwrap_or(0));
        let mut last = 0;
        let log = issued_log::read(&authority.home.issued_log(), |entry: Entry| {
            last = last.max(entry.epoch);
            if entry.exp >= living {
                issued.push(entry);
            }
        })?;
        check_log(log.as_ref(), settings.root)?;
        let known = heads.all.iter().map(|head| head.epoch).fold(last, u64::max);
        let changes = heads.all.iter().map(|head| head.known).fold(last, u64::max);
        let changes = changes.max(epoch);
        let mut told = Reconciled {
            epoch,
            known: changes,
            lists_up_to: changes,
            was_older: epoch < known,
            without_head: heads
                .given()
                .iter()
                .filter(|folder| folder.head.is_none())
                .count(),
            has_issued_log: log.is_some(),
            damaged_lines: log.map_or(0, |log| log.damaged),
            ..Reconciled::default()
        };
        let fillings = authority.fillings(&settings, heads.given())?;
        if !told.was_older {
            let finished = authority.store.write(|transaction| {
                authority.mend(transaction, fillings, &mut told, now)?;
                store::keys::finished(transaction)
            })?;
            authority.keys.remove_finished(&finished)?;
            told.was_newest = !told.mended;
            told.not_signed = authority.sign(now)?;
            return Ok(told);
        }
        let folders: Vec<&Folder> = heads.folders.iter().collect();
        let published = published::gather(&authority.home, &settings, &folders)?;
        let evidence = Evidence {
            lists: published::count(&published, &issued, &heads.all),
            head: heads
                .all
                .iter()
                .map(|head| head.published)
                .max()
                .unwrap_or(0),
            lists_are_all: heads.is_published || told.has_issued_log,
            published,
            issued,
            has_issued_log: told.has_issued_log,
            without_lists: options.without_lists,
        };
        let finished = authority.store.write(|transaction| {
            // First: lists of the home's own hide those of the lost register.
            authority.mend(transaction, fillings, &mut told, now)?;
            store::epoch::raise_to(transaction, known)?;
            authority.take_over(transaction, &settings, &evidence, &mut told, now)?;
            store::keys::finished(transaction)
        })?;
        authority.keys.remove_finished(&finished)?;
        told.not_signed = authority.sign(now)?;
        Ok(told)
    }

    /// What these folders have of lists that earlier reconciliations lacked. The home's own folder
    /// is none of them: what was signed since says what the register says, and hides the lists of
    /// the lost one.
    fn fillings(&self, settings: &Settings, folders: &[Folder]) -> Result<Vec<Filling>, Error> {
        let mut fillings = Vec::new();
        for gap in self.store.read(store::reconcile::gaps)? {
            let helps = |folder: &&Folder| {
                folder
                    .head
                    .as_ref()
                    .is_some_and(|head| gap.is_filled_by(head.published, head.written))
            };
            let folders: Vec<&Folder> = folders.iter().filter(helps).collect();
            let mut published = published::gather(&self.home, settings, &folders)?;
            let as_of = |list| published.lists.get(&list).map_or(0, |found| found.as_of);
            let up_to = gap.needed().map(as_of).min().unwrap_or(0);
            published
                .lists
                .retain(|list, found| gap.lacks(*list, to_sql(found.iat)));
            fillings.push(Filling {
                gap,
                published,
                up_to,
            });
        }
        Ok(fillings)
    }

    /// Takes over what was decided by lists that earlier reconciliations lacked.
    fn mend(
        &self,
        transaction: &Transaction<'_>,
        fillings: Vec<Filling>,
        told: &mut Reconciled,
        moment: Moment,
    ) -> Result<(), Error> {
        let now = moment.wall();
        for filling in fillings {
            let Filling {
                mut gap,
                published,
                up_to,
            } = filling;
            if let Some(trust) = &published.trust
                && trust.serial() > documents::trust(transaction)?.serial
            {
                // Keys were dropped, and the register does not know it.
                let keys = self
                    .keys
                    .take_over(transaction, trust, published.signer(), now)?;
                store::lists::touch_all(transaction)?;
                documents::touch_bundles(transaction)?;
                told.keys += keys;
                told.mended |= keys > 0;
            }
            let is_less = up_to <= gap.known;
            gap.known = up_to.max(gap.known);
            if gap.is_open() {
                told.gap = Some((gap.known, gap.of));
            }
            if published.lists.is_empty() && is_less {
                continue;
            }
            told.mended |= store::use_cases::mend(transaction, &published, &mut gap, told, now)?;
            // Decisions that are found next have names of their own.
            store::epoch::raise(transaction)?;
        }
        Ok(())
    }

    /// Signs everything, and says why something has to wait.
    fn sign(&self, now: Moment) -> Result<Option<Error>, Error> {
        let waits = match self.publish(now) {
            Ok(()) => None,
            Err(
                error @ (Error::ClockInDoubt { .. }
                | Error::SigningWaits { .. }
                | Error::KeysMissing { .. }),
            ) => Some(error),
            Err(error) => return Err(error),
        };
        epoch::note(&self.home, &self.store, Durability::Synced, now.wall())?;
        Ok(waits.or(self.store.checkpoint().err()))
    }

    fn take_over(
        &self,
        transaction: &Transaction<'_>,
        settings: &Settings,
        evidence: &Evidence,
        told: &mut Reconciled,
        moment: Moment,
    ) -> Result<(), Error> {
        let now = moment.wall();
        let published = &evidence.published;
        if let Some(trust) = &published.trust {
            if settings.issuer.is_none() {
                let issuer = crate::issuer::IssuerUrl::parse(trust.issuer())?;
                Settings::fix_issuer(transaction, &issuer)?;
            }
            let row = documents::trust(transaction)?;
            let ahead = clock::last(transaction)?.is_some_and(|last| last.iat > now);
            if trust.serial() > row.serial && ahead {
                // The copy is of a time before `clock repair`: what it dated ahead does not count.
                store::repair::take_back(transaction, moment)?;
                let then = Moment::new(published.newest().saturating_add(LEAD), None::<Boot>);
                clock::accept(transaction, published.newest(), then)?;
            }
            // As new as the register's own: secrets may be missing all the same.
            if (trust.serial(), trust.issued_at()) >= (row.serial, row.iat) {
                told.keys += self
                    .keys
                    .take_over(transaction, trust, published.signer(), now)?;
            }
        }
        // Everything that the keys have signed meanwhile was dated before this.
        let newest = published.newest();
        store::keys::signed_up_to(transaction, newest.max(dated(now)))?;
        // The clock is judged by the last signature, and that is a published one, unless it agrees
        // with what the register knows.
        let last = clock::last(transaction)?;
        if last.is_some_and(|last| last.iat < newest) && clock::check(transaction, moment).is_err()
        {
            let then = Moment::new(newest.saturating_add(LEAD), None::<Boot>);
            clock::accept(transaction, newest, then)?;
        }
        store::use_cases::reconcile(transaction, evidence, told, now)
    }

    /// Publishes everything that is held for a license that the register does not know as revoked:
    /// one that was registered after the backup, and that must not be accepted any more. Returns
    /// how many of its credentials there are.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`] where nothing is held for this id; [`Error::ClockInDoubt`] and
    /// [`Error::SigningWaits`]: it is stored, and will be signed later.
    pub fn refuse_lost(&self, license: &str, now: impl Into<Moment>) -> Result<usize, Error> {
        let now = now.into();
        let revoked = LicenseStatus::Revoked.value().unwrap_or(1);
        let due = self
            .store
            .write(|transaction| store::unexplained::set(transaction, license, revoked))?;
        if due.is_empty() {
            return Err(Error::UnknownLicense);
        }
        self.settle(&due, now)?;
        Ok(due.len())
    }
}

/// A folder of published files.
pub(crate) struct Folder {
    path: PathBuf,
    /// Its head, where there is one.
    head: Option<Head>,
}

/// The heads of this authority.
struct Heads {
    all: Vec<Head>,
    /// Whether one of them was published, so that it counts all lists.
    is_published: bool,
    /// The home's `public`, and the others that were given.
    folders: Vec<Folder>,
}

impl Heads {
    /// The folders that were given.
    fn given(&self) -> &[Folder] {
        self.folders.get(1..).unwrap_or_default()
    }
}

/// What fills the gap of an earlier reconciliation.
struct Filling {
    gap: Gap,
    /// The lists that it lacked.
    published: Published,
    /// Up to which change the folders' lists say what was decided.
    up_to: u64,
}

fn heads(home: &Home, root: &str, epoch: u64, options: &ReconcileOptions) -> Result<Heads, Error> {
    let read = |path: &Path| match Head::read(path) {
        Ok(head) => Ok(head.filter(|head| head.is_plausible(epoch))),
        // A damaged one says nothing.
        Err(Error::HeadFile) => Ok(None),
        Err(error) => Err(error),
    };
    let mut all: Vec<Head> = read(&home.epoch())?.into_iter().collect();
    let mut folders = Vec::new();
    let own = home.folder().join("public");
    for path in std::iter::once(&own).chain(&options.published) {
        folders.push(Folder {
            head: read(&path.join("head"))?,
            path: path.clone(),
        });
    }
    let mut is_published = folders.iter().any(|folder| folder.head.is_some());
    all.extend(folders.iter().filter_map(|folder| folder.head.clone()));
    if let Some(bytes) = &options.head {
        let head = Head::parse(bytes).filter(|head| head.is_plausible(epoch));
        all.push(head.ok_or(Error::NoHead)?);
        is_published = true;
    }
    if all.iter().any(|head| head.root != root) {
        return Err(Error::ForeignRegister);
    }
    Ok(Heads {
        all,
        is_published,
        folders,
    })
}

fn check_log(log: Option<&issued_log::Read>, root: KeyId) -> Result<(), Error> {
    let named = log.and_then(|log| log.root.as_ref());
    if named.is_some_and(|named| *named != hex(root.as_bytes())) {
        return Err(Error::ForeignRegister);
    }
    Ok(())
}
