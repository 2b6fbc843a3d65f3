//! What outlasts a lost database, as it was found, and what `reconcile` did by it.

use std::collections::BTreeMap;

use vidimus_credential::trust::TrustList;
use vidimus_credential::{KeyId, LicenseStatus, UnixTime};

use crate::error::Error;
use crate::issued_log::Entry;
use crate::rules::slots::States;

/// What `reconcile` did, for the clerk who has to look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// How far the database had come.
    pub epoch: u64,
    /// How far the register had come by everything that was found.
    pub known: u64,
    /// Up to which change the lists that were found say what was decided, by the heads beside them.
    /// Where it is below `known`, what was decided in between may be lost.
    pub lists_up_to: u64,
    /// How far the lists went that an earlier reconciliation used, and how far the register had
    /// come: where nothing that was found since says what was decided in between.
    pub gap: Option<(u64, u64)>,
    /// Whether the database was the newest already, and nothing was taken over.
    pub was_newest: bool,
    /// Whether the database was older than what was found.
    pub was_older: bool,
    /// Published lists that were newer than the database, or than what an earlier reconciliation
    /// used.
    pub lists: usize,
    /// Lists that were published and found nowhere.
    pub lists_missing: usize,
    /// Lists that were found only as they were before the register's last known change.
    pub lists_old: usize,
    /// Whether an earlier reconciliation went on without the newest lists, and these are some of
    /// them: something that was decided by them is taken over now.
    pub mended: bool,
    /// Licenses that are in no list, as they have no phone: what was decided about them after the
    /// backup is lost.
    pub without_phone: usize,
    /// Folders that were given and have no head: how new their lists are is not known.
    pub without_head: usize,
    /// Whether there is an `issued.log`.
    pub has_issued_log: bool,
    /// Damaged lines of `issued.log`, which were left out.
    pub damaged_lines: usize,
    /// Credentials that were issued after the backup, to licenses of the register.
    pub issued: usize,
    /// Licenses about which something was decided after the backup, and the state that they have
    /// now.
    pub decided: Vec<(String, LicenseStatus)>,
    /// Licenses from which something was lifted after the backup, and the state that they have now.
    pub lifted: Vec<(String, LicenseStatus)>,
    /// Licenses of which a phone was ended after the backup.
    pub devices_ended: Vec<String>,
    /// Licenses that were edited after the backup: the register holds their former content.
    pub edited: Vec<String>,
    /// Licenses that were registered after the backup and are not in the register, with the end of
    /// the last credential: until then what is published of them stays.
    pub lost: Vec<(String, UnixTime)>,
    /// Places that nothing explains: they are published as unknown for 37 days.
    pub unexplained: usize,
    /// Keys whose part has changed after the backup.
    pub keys: usize,
    /// New credentials are in lists from this number on.
    pub lists_from: u32,
    /// Why not everything is signed yet: the clock is in doubt, signed times run ahead of it, or a
    /// key is missing; or that it is not in the main database file yet. What was done is stored,
    /// and signed later.
    pub not_signed: Option<Error>,
}

impl Reconciled {
    /// How much was taken over by lists.
    pub(crate) fn changes(&self) -> usize {
        let licenses = [&self.decided, &self.lifted].map(Vec::len);
        let licenses = licenses.into_iter().sum::<usize>();
        licenses + self.devices_ended.len() + self.unexplained + self.keys
    }
}

/// Everything that was found outside of the database.
pub(crate) struct Evidence {
    pub(crate) published: Published,
    /// Lines of `issued.log` whose credentials can still be good.
    pub(crate) issued: Vec<Entry>,
    /// Whether there is an `issued.log`: without it more may have been issued than is known.
    pub(crate) has_issued_log: bool,
    /// How many lists there were.
    pub(crate) lists: u32,
    /// The greatest change up to which something was published, as far as is known.
    pub(crate) head: u64,
    /// Whether `lists` is all that there were.
    pub(crate) lists_are_all: bool,
    /// The option [`ReconcileOptions::without_lists`].
    pub(crate) without_lists: bool,
}

/// A status list as it was published.
pub(crate) struct PublishedList {
    pub(crate) iat: UnixTime,
    pub(crate) states: States,
    /// The greatest change up to which a copy of it says what was decided, by the head beside it; 0
    /// where there is none.
    pub(crate) as_of: u64,
}

/// All that was found.
#[derive(Default)]
pub(crate) struct Published {
    /// The newest trust list.
    pub(crate) trust: Option<TrustList>,
    /// The newest of each list, from its file or its bundle.
    pub(crate) lists: BTreeMap<u32, PublishedList>,
    /// The `iat` of each pack's newest bundle.
    pub(crate) bundles: BTreeMap<u32, UnixTime>,
    /// The newest list file's `iat` and key.
    pub(crate) last: Option<(UnixTime, KeyId)>,
}

impl Published {
    /// The key of the newest status list.
    pub(crate) fn signer(&self) -> Option<KeyId> {
        self.last.map(|(_, kid)| kid)
    }

    /// The greatest `iat` of anything.
    pub(crate) fn newest(&self) -> UnixTime {
        let lists = self.lists.values().map(|list| list.iat);
        let trust = self.trust.iter().map(TrustList::issued_at);
        let bundles = self.bundles.values().copied();
        lists
            .chain(trust)
            .chain(bundles)
            .max()
            .unwrap_or(UnixTime::EPOCH)
    }

    /// Takes a list, unless a newer one of its number is held.
    pub(crate) fn take(&mut self, number: u32, mut list: PublishedList) {
        match self.lists.get_mut(&number) {
            // The same signature may be the last one at a later change too.
            Some(held) if held.iat >= list.iat => held.as_of = held.as_of.max(list.as_of),
            held => {
                list.as_of = held.map_or(0, |held| held.as_of).max(list.as_of);
                self.lists.insert(number, list);
            }
        }
    }
}
