//! Signing what anyone may fetch: the trust list, the status lists, the bundles.
//!
//! A change and its signature are two transactions. The first one stores what was decided and makes
//! the object due; the second signs it, and writes the file while it holds the database, so that no
//! process puts an older file over a newer one. So nothing is published that is not stored, and a
//! process that dies in between leaves work that the next one finds. Where it died after the file
//! was written, the file says which `iat` the next signature has to follow.
//!
//! A bundle holds a million licenses and more, and is made outside of transactions: one transaction
//! reads its content and reserves its `iat`, another one publishes it. Lists that are signed in
//! between are dated later than the bundle, so that no reader takes the bundle's older word for the
//! newer one.

mod missing_files;

use std::thread;
use std::time::{Duration, Instant};

use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{KeyId, Signer, UnixTime, bundle, trust};

use crate::clock::Moment;
use crate::epoch;
use crate::error::Error;
use crate::home::{Durability, Home, read_published};
use crate::issuer::IssuerUrl;
use crate::key_use::{KeyUse, STATUS_LIFE};
use crate::keys::{KeyRing, trust_entries};
use crate::rules::signing_time;
use crate::store::keys::Signers as _;
use crate::store::settings::Settings;
use crate::store::{self, Store, Transaction, clock, documents, lists, slots};

use missing_files::read_list;

/// How long a wallet may go without asking for its list again, in seconds.
pub const STATUS_TTL: u64 = 3_600;
/// Lists and bundles are signed again at this age, in seconds, well before the `ttl` has passed.
pub(crate) const STATUS_REISSUE: u64 = 3_000;
/// A bundle whose lists changed is signed again at this age, in seconds.
pub(crate) const BUNDLE_REISSUE: u64 = 600;
const DAY: u64 = 86_400;
/// How long a trust list is good, in seconds: 30 days.
pub const TRUST_LIFE: u64 = 30 * DAY;
/// The trust list is signed again at this age, in seconds.
const TRUST_REISSUE: u64 = DAY;
/// Bytes of the trust list that readers leave free, for a hundred of the authority's own keys.
const ROOM_FOR_KEYS: usize = 32 * 1_024;
/// Lists signed in one transaction of the timer: other processes wait no longer than for these.
const BATCH: u32 = 256;
/// A caller waits no longer than this, in seconds, for the clock to reach a signed time.
const MAX_WAIT: u64 = 20;

/// Signs one micro-list of 256 states (one byte each), as the authority publishes it.
///
/// # Errors
/// Where `uri`, a state or a time breaks the profile, or the signer does not sign.
pub fn sign_list(
    uri: &str,
    states: &[u8],
    issued: UnixTime,
    signer: &dyn Signer,
) -> Result<Vec<u8>, vidimus_credential::Error> {
    status_list::issue(
        uri,
        states,
        Bits::Four,
        issued,
        issued.saturating_add(STATUS_LIFE),
        STATUS_TTL,
        signer,
    )
}

/// Where and with what is signed.
#[derive(Clone, Copy)]
pub(crate) struct Publisher<'a> {
    pub(crate) home: &'a Home,
    pub(crate) store: &'a Store,
    pub(crate) keys: &'a KeyRing,
}

/// What a pass over some lists came to.
#[derive(Default)]
struct Pass {
    signed: usize,
    /// Lists whose signed time would run too far ahead of the clock.
    waiting: Vec<u32>,
    /// Seconds until the first of them may be signed.
    wait: u64,
}

/// A bundle that was begun.
struct UnsignedBundle {
    issuer: IssuerUrl,
    kid: KeyId,
    iat: UnixTime,
    states: Vec<u8>,
}

impl Publisher<'_> {
    /// Signs those of these lists that have changed, to be called when the change is committed.
    /// When this returns, their files are published. All of them share one pass; changes of one
    /// list that come faster than its signed time may rise are folded into one signature, for which
    /// all their callers wait. Before the issuer's URL is fixed nothing can be signed.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`] and [`Error::SigningWaits`]: the change is stored, and signed later.
    pub(crate) fn sign_lists(self, numbers: &[u32], now: Moment) -> Result<(), Error> {
        let begun = Instant::now();
        let mut rest = numbers.to_vec();
        while !rest.is_empty() {
            let now = now.after(begun.elapsed());
            let mut later = Pass::default();
            for batch in rest.chunks(1_024) {
                let pass = self
                    .store
                    .write(|transaction| self.pass(transaction, batch, None, now))?;
                later.add(pass);
            }
            rest = later.waiting;
            if !rest.is_empty() {
                wait(begun, later.wait)?;
            }
        }
        Ok(())
    }

    /// The timer's work: signs what has become old and what waits, and removes secrets that are to
    /// be gone.
    ///
    /// # Errors
    /// [`Error::ClockInDoubt`], and why keys, files or the database cannot be used. What was done
    /// before the error stays done; the next call goes on.
    pub(crate) fn refresh(self, now: Moment) -> Result<(), Error> {
        let finished = self.store.read(store::keys::finished)?;
        self.keys.remove_finished(&finished)?;
        self.trust_list(now)?;
        self.changed_lists(now)?;
        self.old_lists(now)?;
        let changed = now.wall().saturating_sub(BUNDLE_REISSUE);
        self.bundles(changed, now)?;
        epoch::note(self.home, self.store, Durability::Synced, now.wall())
    }

    /// Signs the lists whose change waited for its moment.
    pub(crate) fn changed_lists(self, now: Moment) -> Result<(), Error> {
        self.all(now, None, |transaction| {
            lists::changed(transaction, now.wall(), BATCH)
        })
    }

    fn old_lists(self, now: Moment) -> Result<(), Error> {
        let old = now.wall().saturating_sub(STATUS_REISSUE);
        self.all(now, Some(old), |transaction| {
            lists::old(transaction, old, BATCH)
        })
    }

    /// Signs every bundle whose lists have changed since it was signed.
    ///
    /// # Errors
    /// Those of [`refresh`](Self::refresh), and [`Error::SigningWaits`].
    pub(crate) fn bundles_now(self, now: Moment) -> Result<(), Error> {
        self.bundles(now.wall(), now)
    }

    /// Signs the trust list, where what it says has changed or it is a day old.
    pub(crate) fn trust_list(self, now: Moment) -> Result<(), Error> {
        self.store.write(|transaction| {
            let settings = Settings::read(transaction)?;
            let Some(issuer) = &settings.issuer else {
                return Ok(());
            };
            let row = documents::trust(transaction)?;
            let old = now.wall().saturating_sub(TRUST_REISSUE);
            if row.dirty || row.signed <= old {
                clock::check(transaction, now)?;
                self.sign_trust_list(transaction, &settings, issuer, now)?;
            }
            Ok(())
        })
    }

    fn sign_trust_list(
        self,
        transaction: &Transaction<'_>,
        settings: &Settings,
        issuer: &IssuerUrl,
        now: Moment,
    ) -> Result<(), Error> {
        let root = self.home.read_key(settings.root)?;
        let row = documents::trust(transaction)?;
        let published = read_published(&self.home.trust_list())?
            .and_then(|bytes| TrustList::verify(&bytes, root.verifying_key()).ok())
            .filter(|published| published.serial() == row.serial)
            .map_or(UnixTime::EPOCH, |published| published.issued_at());
        let iat = signing_time::next(now.wall(), UnixTime::EPOCH, row.iat.max(published));
        let expires = iat.saturating_add(TRUST_LIFE);
        store::keys::announce(transaction, iat, now.wall())?;
        store::readers::announce(transaction, iat)?;
        let entries = trust_entries(transaction, settings, issuer, iat, expires)?;
        let bytes = trust::build(issuer.as_str(), iat, expires, row.serial, &entries, &root)
            .map_err(Error::Signing)?;
        Home::publish(&self.home.trust_list(), &bytes)?;
        documents::trust_signed(transaction, iat, now.wall())?;
        clock::note(transaction, iat, now)
    }

    /// Builds a trust list of what is stored, and publishes nothing: whether the next one can be
    /// signed.
    ///
    /// # Errors
    /// [`Error::TooManyReaders`] where there would be no room for the keys of later rotations; why
    /// it cannot be built.
    pub(crate) fn try_trust_list(
        self,
        transaction: &Transaction<'_>,
        now: Moment,
    ) -> Result<(), Error> {
        let settings = Settings::read(transaction)?;
        let issuer = match &settings.issuer {
            Some(issuer) => issuer.clone(),
            None => IssuerUrl::parse("https://not-fixed.invalid")?,
        };
        let root = self.home.read_key(settings.root)?;
        let serial = documents::trust(transaction)?.serial;
        let iat = signing_time::dated(now.wall());
        let expires = iat.saturating_add(TRUST_LIFE);
        let entries = trust_entries(transaction, &settings, &issuer, iat, expires)?;
        let built = trust::build(issuer.as_str(), iat, expires, serial, &entries, &root);
        match built {
            Ok(bytes) if bytes.len() + ROOM_FOR_KEYS > trust::MAX_BYTES => {
                Err(Error::TooManyReaders)
            }
            Ok(_) => Ok(()),
            Err(vidimus_credential::Error::TooLong { .. }) => Err(Error::TooManyReaders),
            Err(error) => Err(Error::Signing(error)),
        }
    }

    /// Passes over batches of lists, each in its own transaction, until none is left.
    fn all(
        self,
        now: Moment,
        signed_before: Option<UnixTime>,
        choose: impl Fn(&Transaction<'_>) -> Result<Vec<u32>, Error>,
    ) -> Result<(), Error> {
        loop {
            let pass = self.store.write(|transaction| {
                let numbers = choose(transaction)?;
                self.pass(transaction, &numbers, signed_before, now)
            })?;
            if pass.signed == 0 {
                return Ok(());
            }
        }
    }

    /// Signs those of these lists that have changed, or were signed at `signed_before` or earlier.
    fn pass(
        self,
        transaction: &Transaction<'_>,
        numbers: &[u32],
        signed_before: Option<UnixTime>,
        now: Moment,
    ) -> Result<Pass, Error> {
        let mut pass = Pass::default();
        let settings = Settings::read(transaction)?;
        let Some(issuer) = settings.issuer.as_ref().filter(|_| !numbers.is_empty()) else {
            return Ok(pass);
        };
        clock::check(transaction, now)?;
        // A key signs nothing before the list that names it is published.
        if documents::trust(transaction)?.dirty {
            self.sign_trust_list(transaction, &settings, issuer, now)?;
        }
        let (signer, not_before) = self.keys.current(transaction, KeyUse::Status)?;
        let kid = signer.verifying_key().kid();
        let mut newest = UnixTime::EPOCH;
        for number in numbers {
            let Some(list) = lists::to_sign(transaction, *number, signed_before)? else {
                continue;
            };
            let path = self.home.status_list(*number);
            // What another key signed may be dated wrongly, and is not followed.
            let published = read_list(&path)
                .filter(|(_, signer)| *signer == kid)
                .map_or(UnixTime::EPOCH, |(iat, _)| iat);
            let iat = signing_time::next(now.wall(), not_before, list.after.max(published));
            match signing_time::wait(iat, now.wall()) {
                0 => {}
                seconds => {
                    pass.wait_for(*number, seconds);
                    continue;
                }
            }
            let token = sign_list(&issuer.status_uri(*number), &list.states, iat, &*signer)
                .map_err(Error::Signing)?;
            Home::publish(&path, &token)?;
            lists::signed(transaction, *number, iat, kid, now.wall())?;
            slots::note_list_signed(transaction, *number, now.wall())?;
            newest = newest.max(iat);
            pass.signed += 1;
        }
        if pass.signed > 0 {
            store::keys::note_signed(transaction, kid, newest, now)?;
            epoch::publish(self.home, transaction, now.wall())?;
        }
        Ok(pass)
    }

    fn bundles(self, changed_before: UnixTime, now: Moment) -> Result<(), Error> {
        let signed_before = now.wall().saturating_sub(STATUS_REISSUE);
        let due = self.store.read(|transaction| {
            documents::bundles_due(transaction, changed_before, signed_before)
        })?;
        due.into_iter().try_for_each(|pack| self.bundle(pack, now))
    }

    /// Makes and publishes the bundle of one pack.
    fn bundle(self, pack: u32, now: Moment) -> Result<(), Error> {
        let begun = Instant::now();
        let work = loop {
            let now = now.after(begun.elapsed());
            match self
                .store
                .write(|transaction| self.begin_bundle(transaction, pack, now))?
            {
                Ok(Some(work)) => break work,
                Ok(None) => return Ok(()),
                Err(seconds) => wait(begun, seconds)?,
            }
        };
        let (signer, _) = self
            .store
            .read(|transaction| self.keys.current(transaction, KeyUse::Status))?;
        let bytes = bundle::issue(
            work.issuer.as_str(),
            &work.issuer.pack_prefix(pack),
            &work.states,
            Bits::Four,
            work.iat,
            work.iat.saturating_add(STATUS_LIFE),
            &*signer,
        )
        .map_err(Error::Signing)?;
        self.store.write(|transaction| {
            // Another process has rotated the key, or has published a newer one: this one is late.
            let (key, _) = self.keys.current(transaction, KeyUse::Status)?;
            let kid = key.verifying_key().kid();
            let late = documents::bundle_iat(transaction, pack)? >= work.iat;
            if late || kid != work.kid || signer.verifying_key().kid() != kid {
                return Ok(());
            }
            Home::publish(&self.home.bundle(pack), &bytes)?;
            documents::bundle_signed(transaction, pack, work.iat, now.wall())
        })
    }

    /// Reads a bundle's content and reserves its `iat`; `Err` says how many seconds that lies too
    /// far ahead of the clock.
    fn begin_bundle(
        self,
        transaction: &Transaction<'_>,
        pack: u32,
        now: Moment,
    ) -> Result<Result<Option<UnsignedBundle>, u64>, Error> {
        let settings = Settings::read(transaction)?;
        let Some(issuer) = settings.issuer.clone() else {
            return Ok(Ok(None));
        };
        clock::check(transaction, now)?;
        if documents::trust(transaction)?.dirty {
            self.sign_trust_list(transaction, &settings, &issuer, now)?;
        }
        let (signer, not_before) = self.keys.current(transaction, KeyUse::Status)?;
        let work = documents::bundle_work(transaction, pack)?;
        // Later than each of its lists: it may hold a change for which its list is not signed yet.
        let iat = signing_time::next(now.wall(), not_before, work.after.max(work.newest));
        match signing_time::wait(iat, now.wall()) {
            0 => {}
            seconds => return Ok(Err(seconds)),
        }
        documents::reserve_bundle(transaction, pack, iat)?;
        let kid = signer.verifying_key().kid();
        store::keys::note_signed(transaction, kid, iat, now)?;
        Ok(Ok(Some(UnsignedBundle {
            issuer,
            kid,
            iat,
            states: work.states,
        })))
    }
}

impl Pass {
    fn wait_for(&mut self, number: u32, seconds: u64) {
        self.waiting.push(number);
        self.wait = match self.wait {
            0 => seconds,
            wait => wait.min(seconds),
        };
    }

    fn add(&mut self, other: Self) {
        self.signed += other.signed;
        for number in other.waiting {
            self.wait_for(number, other.wait);
        }
    }
}

/// Sleeps until the clock has come this far, outside of any transaction.
fn wait(begun: Instant, seconds: u64) -> Result<(), Error> {
    if begun.elapsed().as_secs().saturating_add(seconds) > MAX_WAIT {
        return Err(Error::SigningWaits { seconds });
    }
    thread::sleep(Duration::from_secs(seconds));
    Ok(())
}

#[cfg(test)]
mod tests;
