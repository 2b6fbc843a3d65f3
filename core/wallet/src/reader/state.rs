//! The state of a reader's book in memory: a verifier for each authority, the waiting challenges,
//! and entries that could not be written.
//!
//! It is read from the book when the book has changed, also by another process. Where the book
//! cannot be read, the process continues with its memory, so that a failing disk does not let a
//! token be accepted twice.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::UnixTime;
use vidimus_credential::challenge::Asked;
use vidimus_credential::verify::{Policy, Question, Remembered, Verdict, Verifier};

use super::challenges::Challenges;
use super::check::Logged;
use super::log::{self, CheckEntry, Entry};
use super::records::{AuthorityRecord, BundleRecord, SeenRecord};
use super::{AuthorityId, Keeping, ReaderError, refresh};
use crate::config::Ports;
use crate::context::Context;
use crate::error::Error;
use crate::timekeeper::Timekeeper;
use crate::vault::records::{ONLY, Settings, TrustListRecord};
use crate::vault::{Table, Tx, Vault, View};

/// Most checks in memory that could not be written; after that the oldest are dropped.
const UNWRITTEN: usize = 256;

/// The settings for the verifiers of a book.
pub(super) struct Setup {
    pub(super) directory: PathBuf,
    pub(super) vault: Vault,
    pub(super) ports: Ports,
    pub(super) keeping: Keeping,
    /// The longest time that a verdict waits for the book.
    pub(super) patience: Duration,
}

/// The state of the book in this process.
#[derive(Default)]
pub(super) struct State {
    pub(super) held: Vec<Held>,
    /// Authorities whose rows cannot be read.
    pub(super) damaged: Vec<AuthorityId>,
    pub(super) challenges: Challenges,
    /// The seen tokens, which all verifiers share.
    remembered: Remembered,
    seen_version: Option<i64>,
    /// Whether stored tokens could not be read, which the next verdict reports.
    lost_memory: bool,
    unwritten: VecDeque<Entry>,
    /// Whether tokens were seen that are not written yet.
    has_new_tokens: bool,
    /// The write that contains the pending entries; whether it was committed is known later.
    under_way: Option<Writing>,
    checks: u64,
}

/// A write that may not be committed yet.
struct Writing {
    /// The number of the check, in this process.
    check: u64,
    /// The version that the row of seen tokens will have when it is committed.
    version: Option<i64>,
    entries: usize,
}

/// An authority with its verifier.
pub(super) struct Held {
    pub(super) id: AuthorityId,
    pub(super) context: Arc<Context>,
    pub(super) verifier: Verifier,
    /// When the bundle of each address was signed; `None` where there is no usable one.
    pub(super) bundles: BTreeMap<String, Option<UnixTime>>,
    version: Option<i64>,
    list_version: Option<i64>,
    bundle_versions: Vec<Option<i64>>,
    keeper: Timekeeper,
    keeper_version: Option<i64>,
}

/// A verdict, with the authority and time that it was judged by.
#[derive(Clone)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) at: UnixTime,
    pub(super) set_back: bool,
    pub(super) lost_memory: bool,
    /// The entry in the log; none for a text that is no token.
    pub(super) entry: Option<CheckEntry>,
}

impl State {
    /// Reads what has changed in the book. Where a row is damaged, the state in memory stays.
    pub(super) fn read(&mut self, view: &View<'_>, setup: &Setup) -> Result<(), Error> {
        let ids = view.ids(Table::Authority);
        self.held.retain(|held| ids.contains(&held.id.0));
        self.damaged.clear();
        for id in ids {
            let version = view.version(Table::Authority, &id);
            let id = AuthorityId(id);
            let known = self.held.iter().position(|held| held.id == id);
            let is_new = known.and_then(|place| self.held.get(place));
            if is_new.is_some_and(|held| held.version == version) {
                continue;
            }
            match view.get::<AuthorityRecord>(&id.0) {
                Ok(Some(record)) => {
                    self.held.retain(|held| held.id != id);
                    let mut held = Held::new(id, record, version, setup);
                    held.verifier.remember(&self.remembered);
                    self.held.push(held);
                }
                Ok(None) => {}
                Err(Error::VaultDamaged { .. }) => self.damaged.push(id),
                Err(error) => return Err(error),
            }
        }
        self.held.sort_by(|one, other| one.id.cmp(&other.id));
        for held in &mut self.held {
            held.read(view)?;
        }
        self.read_seen(view)
    }

    /// Reads the tokens that other processes have seen.
    pub(super) fn read_seen(&mut self, view: &View<'_>) -> Result<(), Error> {
        let version = view.version(Table::Seen, ONLY);
        if let Some(writing) = self.under_way.take() {
            if version >= writing.version {
                let entries = writing.entries.min(self.unwritten.len());
                self.unwritten.drain(..entries);
            } else {
                self.has_new_tokens = true;
            }
        }
        if version == self.seen_version {
            return Ok(());
        }
        match view.get::<SeenRecord>(ONLY) {
            Ok(Some(SeenRecord(remembered))) => self.remember(&remembered),
            Ok(None) => {}
            Err(Error::VaultDamaged { .. }) => self.lost_memory = true,
            Err(error) => return Err(error),
        }
        self.seen_version = version;
        Ok(())
    }

    fn remember(&mut self, remembered: &Remembered) {
        for held in &mut self.held {
            held.verifier.remember(remembered);
        }
        self.remembered = match self.held.first() {
            Some(held) => held.verifier.remembered(),
            None => remembered.clone(),
        };
    }

    /// The authority to judge a token by: that whose list names the key of the license, or else the
    /// first with a list.
    pub(super) fn responsible(&self, text: &str) -> Option<&Held> {
        let mut held = self.held.iter();
        let knows = held.find(|held| held.verifier.knows_key_of(text));
        let mut held = self.held.iter();
        let has_list = || held.find(|held| held.verifier.trust_list().is_some());
        knows.or_else(has_list).or_else(|| self.held.first())
    }

    /// Judges a token by an authority, and remembers the check until it is written.
    pub(super) fn judge(
        &mut self,
        authority: &AuthorityId,
        text: &str,
        (category, challenge): (Option<&str>, Option<&super::ChallengeId>),
        (keeping, logged): (Keeping, &Logged),
    ) -> Result<Judged, ReaderError> {
        let place = self.held.iter().position(|held| held.id == *authority);
        let held = place.and_then(|place| self.held.get_mut(place));
        let held = held.ok_or(ReaderError::NoSuchAuthority)?;
        let reading = held.context.clock.read();
        let asked: Option<&mut Asked> = match challenge {
            None => None,
            Some(id) => Some(
                self.challenges
                    .find(id)
                    .ok_or(ReaderError::NoSuchChallenge)?,
            ),
        };
        let estimate = held.keeper.best(reading);
        held.keeper.note(reading);
        let question = Question {
            challenge: asked,
            clock_s: Some(reading.boot.as_secs()),
            online: None,
            category,
            passed: Some(estimate.latest),
        };
        let verdict = held.verifier.check_with(text, question, estimate.now);
        let remembered = held.verifier.remembered();
        if remembered != self.remembered {
            self.has_new_tokens = true;
            self.remember(&remembered);
        }
        let entry = self.log(&verdict, estimate.now, (keeping, logged));
        Ok(Judged {
            verdict,
            at: estimate.now,
            set_back: estimate.set_back,
            lost_memory: std::mem::take(&mut self.lost_memory),
            entry,
        })
    }

    /// Logs a check until it is written. A look has one entry, with its newest verdict: where that
    /// is as it was, nothing is written.
    fn log(
        &mut self,
        verdict: &Verdict,
        at: UnixTime,
        (keeping, logged): (Keeping, &Logged),
    ) -> Option<CheckEntry> {
        let before = logged.before(verdict);
        // The time of a look is that of its first verdict.
        let at = before.map_or(at, |before| before.at);
        let new = CheckEntry::of(verdict, at, keeping)?;
        if before != Some(&new) {
            if self.unwritten.len() >= UNWRITTEN {
                self.unwritten.pop_front();
            }
            self.unwritten.push_back(Entry {
                new: new.clone(),
                in_place_of: before.cloned(),
            });
        }
        Some(new)
    }

    /// Writes the seen tokens and the checks that are not written yet.
    pub(super) fn write(&mut self, tx: &mut Tx<'_>, check: u64) -> Result<(), Error> {
        // A text that is not a token, or was refused before in its look, leaves nothing to store.
        if self.unwritten.is_empty() && !self.has_new_tokens {
            return Ok(());
        }
        tx.put(ONLY, &SeenRecord(self.remembered.clone()))?;
        log::write(tx, self.unwritten.make_contiguous())?;
        self.has_new_tokens = false;
        // The next read finds out whether it was committed.
        self.under_way = Some(Writing {
            check,
            version: tx.version(Table::Seen, ONLY),
            entries: self.unwritten.len(),
        });
        Ok(())
    }

    /// The next number for a check of this process.
    pub(super) fn next_number(&mut self) -> u64 {
        self.checks = self.checks.wrapping_add(1);
        self.checks
    }

    /// Records that the transaction of this check was not committed.
    pub(super) fn did_not_write(&mut self, check: u64) {
        if self
            .under_way
            .take_if(|writing| writing.check == check)
            .is_some()
        {
            self.has_new_tokens = true;
        }
    }

    /// The reader's best time: the latest of its authorities' best times.
    pub(super) fn now(&self, setup: &Setup) -> UnixTime {
        let reading = setup.ports.clock.read();
        let keeper = self.held.first().map(|held| held.keeper);
        keeper.unwrap_or_default().best(reading).now
    }
}

impl Held {
    fn new(id: AuthorityId, record: AuthorityRecord, version: Option<i64>, setup: &Setup) -> Self {
        let AuthorityRecord {
            root,
            address,
            bundles,
        } = record;
        let settings = Settings {
            root: root.clone(),
            authority: address,
        };
        Self {
            context: Arc::new(Context::assemble(
                setup.directory.clone(),
                setup.vault.clone(),
                settings,
                id.0.clone(),
                setup.ports.clone(),
            )),
            id,
            verifier: Verifier::new(root, Policy::default()),
            bundle_versions: vec![None; bundles.len()],
            bundles: bundles.into_iter().map(|address| (address, None)).collect(),
            version,
            list_version: None,
            keeper: Timekeeper::default(),
            keeper_version: None,
        }
    }

    fn read(&mut self, view: &View<'_>) -> Result<(), Error> {
        let row = self.context.row(ONLY);
        let version = view.version(Table::Time, &row);
        if version != self.keeper_version {
            if let Some(keeper) = readable(view.get::<Timekeeper>(&row))? {
                self.keeper = keeper;
            }
            self.keeper_version = version;
        }
        let version = view.version(Table::TrustList, &row);
        let is_new_list = version != self.list_version;
        if is_new_list {
            if let Some(TrustListRecord(bytes)) = readable(view.get(&row))? {
                // An older list was put back into the book: the newer one in memory stays.
                let _ = self.verifier.set_trust_list(&bytes);
            }
            self.list_version = version;
        }
        let versions: Vec<Option<i64>> = self
            .bundles
            .keys()
            .map(|address| {
                view.version(Table::Bundle, &refresh::bundle_row(&self.context, address))
            })
            .collect();
        if is_new_list || versions != self.bundle_versions {
            self.read_bundles(view)?;
            self.bundle_versions = versions;
        }
        Ok(())
    }

    /// Reads all bundles: a new trust list may accept other bundles than the last one.
    fn read_bundles(&mut self, view: &View<'_>) -> Result<(), Error> {
        for (address, signed) in &mut self.bundles {
            let row = refresh::bundle_row(&self.context, address);
            *signed = match readable(view.get::<BundleRecord>(&row))? {
                Some(record) => {
                    let taken = self.verifier.set_bundle(&record.bytes);
                    taken.ok().and_then(|()| record.signed())
                }
                None => None,
            };
        }
        Ok(())
    }
}

/// Treats a damaged row as missing: a refresh fetches it again, and the book's health reports it.
fn readable<T>(read: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(Error::VaultDamaged { .. }) => Ok(None),
        read => read,
    }
}
