//! An older register takes over what was published and issued after it.

mod decisions;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use vidimus_credential::{Algorithm, Signer as _, SigningKey, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use crate::error::{Error, damaged};
use crate::evidence::{Evidence, Published, PublishedList, Reconciled};
use crate::issued_log::Entry;
use crate::issuer::{MAX_LISTS, PACK};
use crate::key_use::CREDENTIAL_LIFE;
use crate::rules::reconcile::{
    Gap, Reading, UNEXPLAINED, UNEXPLAINED_FOR, of_driver, own_state, unexplained,
};
use crate::rules::slots::Place;
use crate::rules::slots::{AFTER_EXPIRY, REST};
use crate::rules::standing::Standing;
use crate::secret::random;
use crate::store::indexes::{settle, standing};
use crate::store::issuances::{self, Issuance};
use crate::store::licenses;
use crate::store::reconcile::{self as rows, Found};
use crate::store::{devices, epoch, lists, to_sql, unexplained};

/// Takes everything over, and makes everything due.
pub(crate) fn reconcile(
    transaction: &Transaction<'_>,
    evidence: &Evidence,
    told: &mut Reconciled,
    now: UnixTime,
) -> Result<(), Error> {
    let mut work = Work {
        transaction,
        issued: &evidence.issued,
        now,
        newer: BTreeMap::new(),
        phones: BTreeMap::new(),
        licenses: BTreeSet::new(),
        gap: None,
    };
    let (from, as_of, used) = work.take_lists(evidence, told)?;
    work.take_issued(told)?;
    work.look_at_places(told)?;
    for id in std::mem::take(&mut work.licenses) {
        work.take_license(&id, told)?;
    }
    rows::begin_anew(transaction, from)?;
    told.lists_from = from;
    told.lists_up_to = as_of.max(told.epoch).min(told.known);
    if told.known > told.epoch {
        told.without_phone = rows::without_phone(transaction)?;
    }
    // Always: a head may say more than the lists that were copied beside it.
    let gap = Gap {
        known: told.lists_up_to,
        at: now,
        lists_from: from,
        // This transaction raises it by one, and what is published is of then.
        reached: epoch::read(transaction)?.saturating_add(1),
        of: told.known,
        lists: used,
    };
    rows::note_gap(transaction, &gap)
}

/// Takes over what was decided by lists that an earlier reconciliation lacked, and says whether
/// that changed anything. What was decided since stays, and where both are about the same driver
/// the stricter one counts. Places that were given since are in later lists.
pub(crate) fn mend(
    transaction: &Transaction<'_>,
    published: &Published,
    gap: &mut Gap,
    told: &mut Reconciled,
    now: UnixTime,
) -> Result<bool, Error> {
    let before = told.changes();
    let lacking = gap.clone();
    let mut work = Work {
        transaction,
        issued: &[],
        now,
        newer: published
            .lists
            .iter()
            .map(|(list, found)| (*list, found))
            .collect(),
        phones: BTreeMap::new(),
        licenses: BTreeSet::new(),
        gap: Some(&lacking),
    };
    for (list, found) in &work.newer {
        rows::published(transaction, *list, to_sql(found.iat))?;
        gap.take(*list, to_sql(found.iat));
    }
    told.lists += work.newer.len();
    work.look_at_places(told)?;
    let mut places = false;
    for id in std::mem::take(&mut work.licenses) {
        places |= work.take_license(&id, told)?;
    }
    rows::note_gap(transaction, gap)?;
    Ok(places || told.changes() != before)
}

struct Work<'a> {
    transaction: &'a Transaction<'a>,
    issued: &'a [Entry],
    now: UnixTime,
    /// The published lists that are newer than the register.
    newer: BTreeMap<u32, &'a PublishedList>,
    /// Devices that were made for those that `issued.log` names: by license and the log's id.
    phones: BTreeMap<(String, i64), (i64, i64)>,
    /// Licenses to look at.
    licenses: BTreeSet<String>,
    /// The earlier reconciliation that is mended, where one is.
    gap: Option<&'a Gap>,
}

impl<'a> Work<'a> {
    /// Makes the lists that the register does not know, and finds those that are newer. Returns the
    /// number from which on new places are given, up to which change the lists say what was
    /// decided, and their dates.
    fn take_lists(
        &mut self,
        evidence: &'a Evidence,
        told: &mut Reconciled,
    ) -> Result<(u32, u64, Vec<i64>), Error> {
        let transaction = self.transaction;
        let published = &evidence.published;
        let count = evidence.lists.max(lists::count(transaction)?);
        let named: BTreeSet<u32> = self.issued.iter().map(|entry| entry.list).collect();
        // What was published up to the copy of the register, it knows itself.
        let needed = evidence.head.max(told.epoch);
        let mut as_of = needed;
        let mut used = Vec::new();
        for list in 0..count {
            let known = rows::list_iat(transaction, list)?;
            let found = published
                .lists
                .get(&list)
                .map_or(0, |found| to_sql(found.iat));
            used.push(known.unwrap_or(0).max(found));
            if let Some(found) = published.lists.get(&list)
                && found.as_of < needed
            {
                told.lists_old += 1;
                as_of = as_of.min(found.as_of);
            }
            match published.lists.get(&list) {
                Some(found) if to_sql(found.iat) > known.unwrap_or(0) => {
                    self.newer.insert(list, found);
                }
                Some(_) => {}
                // One that was never signed has told no one anything.
                None if known.unwrap_or(0) == 0
                    && evidence.has_issued_log
                    && !named.contains(&list) => {}
                None => {
                    told.lists_missing += 1;
                    as_of = 0;
                }
            }
            rows::add_list(transaction, list)?;
            if let Some(found) = published.lists.get(&list) {
                rows::published(transaction, list, to_sql(found.iat))?;
            }
        }
        if told.lists_missing > 0 && !evidence.without_lists {
            return Err(Error::ListsMissing {
                count: told.lists_missing,
            });
        }
        // Where no head is newer than the copy of the register itself, older lists may be the
        // newest.
        if told.lists_old > 0 && evidence.head > told.epoch && !evidence.without_lists {
            return Err(Error::ListsOld {
                count: told.lists_old,
                lists: as_of,
                known: evidence.head,
            });
        }
        for (pack, iat) in &published.bundles {
            rows::published_bundle(transaction, *pack, to_sql(*iat))?;
        }
        told.lists += self.newer.len();
        if evidence.lists_are_all {
            return Ok((count, as_of, used));
        }
        // No one knows how many there were: another pack is begun, far from all of them.
        let next = (count / PACK + 1) * PACK;
        if next >= MAX_LISTS {
            return Err(Error::Full);
        }
        rows::add_list(transaction, next)?;
        Ok((next, as_of, used))
    }

    /// What a place reads in a published list that is newer than the register.
    fn read(&self, place: Place) -> Option<(u8, i64)> {
        let list = self.newer.get(&place.list)?;
        let state = list.states.get(usize::from(place.idx))?;
        Some((*state, to_sql(list.iat)))
    }

    /// Takes over the credentials that were issued after the copy of the register was made.
    fn take_issued(&mut self, told: &mut Reconciled) -> Result<(), Error> {
        let mut lost: BTreeMap<&str, UnixTime> = BTreeMap::new();
        for entry in self.issued {
            if entry.epoch <= told.epoch || entry.list >= MAX_LISTS {
                continue;
            }
            let place = Place {
                list: entry.list,
                idx: entry.idx,
            };
            if !rows::has_license(self.transaction, &entry.license)? {
                let last = lost.entry(&entry.license).or_insert(entry.exp);
                *last = entry.exp.max(*last);
                // What is published of it stays: no one else knows this driver.
                let state = self.read(place).map_or(UNEXPLAINED, |(state, _)| state);
                let until = to_sql(entry.exp).saturating_add(AFTER_EXPIRY + 1);
                unexplained::hold(self.transaction, place, Some(&entry.license), state, until)?;
                continue;
            }
            self.licenses.insert(entry.license.clone());
            match rows::owner(self.transaction, place)? {
                Some(owner) if owner.license == entry.license => {
                    rows::extend(self.transaction, owner.issuance, to_sql(entry.exp))?;
                }
                _ => {
                    self.add_issuance(entry, place)?;
                    told.issued += 1;
                }
            }
        }
        told.lost = lost
            .into_iter()
            .map(|(license, exp)| (license.to_owned(), exp))
            .collect();
        Ok(())
    }

    fn add_issuance(&mut self, entry: &Entry, place: Place) -> Result<(), Error> {
        let (device, grant) = self.phone(entry)?;
        let exp = to_sql(entry.exp);
        let life = i64::try_from(CREDENTIAL_LIFE).map_err(damaged)?;
        let found = Found {
            license: &entry.license,
            device,
            grant,
            place,
            iat: exp.saturating_sub(life).max(1),
            exp,
        };
        rows::add_issuance(self.transaction, &found, self.now)
    }

    /// The device that an entry names, where the register has it, and one made for it otherwise.
    fn phone(&mut self, entry: &Entry) -> Result<(i64, i64), Error> {
        let known = rows::grant_of(self.transaction, entry.device, &entry.license)?;
        if let Some(grant) = known {
            return Ok((entry.device, grant));
        }
        let name = (entry.license.clone(), entry.device);
        if let Some(made) = self.phones.get(&name) {
            return Ok(*made);
        }
        let made = rows::add_device(
            self.transaction,
            &entry.license,
            &placeholder_key()?,
            self.now,
        )?;
        self.phones.insert(name, made);
        Ok(made)
    }

    /// Goes through every place of the newer lists: finds the licenses of which something else is
    /// published than the register says, and places that nothing explains.
    fn look_at_places(&mut self, told: &mut Reconciled) -> Result<(), Error> {
        let newer: Vec<(u32, &PublishedList)> = self
            .newer
            .iter()
            .map(|(list, found)| (*list, *found))
            .collect();
        for (list, found) in newer {
            let ours = lists::states(self.transaction, list)?;
            let owners: BTreeMap<u8, rows::Owner> =
                rows::owners(self.transaction, list)?.into_iter().collect();
            for (idx, (read, ours)) in (0..=u8::MAX).zip(found.states.iter().zip(ours)) {
                let place = Place { list, idx };
                // A place is given again only when it has rested: until then what it reads is its
                // last owner's.
                let owner = owners
                    .get(&idx)
                    .filter(|owner| owner.exp + AFTER_EXPIRY + REST > to_sql(found.iat));
                match owner {
                    Some(owner) if *read != ours => {
                        self.licenses.insert(owner.license.clone());
                    }
                    Some(_) => {}
                    None if *read == 0 || unexplained::is_held(self.transaction, place)? => {}
                    None => {
                        let until = self.now.saturating_add(UNEXPLAINED_FOR);
                        let state = unexplained(*read);
                        unexplained::hold(self.transaction, place, None, state, to_sql(until))?;
                        told.unexplained += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes over what was decided about a license, and what became of its devices. Returns whether
    /// one of its places keeps its own, different state now.
    fn take_license(&self, id: &str, told: &mut Reconciled) -> Result<bool, Error> {
        let Some(license) = licenses::by_id(self.transaction, id)? else {
            return Ok(false);
        };
        let live = issuances::live(self.transaction, id)?;
        let present = self.present_places(&live)?;
        let driver = of_driver(present.iter().map(|(_, reading)| *reading));
        if let Some(reading) = driver.filter(|_| license.live().is_some()) {
            self.take_decisions(&license, reading, told)?;
        }
        let now = standing(self.transaction, &license, self.now)?;
        let (mut edited, mut places) = (false, false);
        for (issuance, _) in &live {
            let Some((read, _)) = self.read(issuance.place) else {
                continue;
            };
            let read = state_of(read);
            let own = own_state(read, now).max(issuance.own_state);
            if let Some(own) = own.filter(|own| Some(*own) != issuance.own_state) {
                rows::set_own_state(self.transaction, issuance.id, own)?;
                places = true;
            }
            let is_present = present.iter().any(|(latest, _)| *latest == issuance.id);
            edited |= match read {
                Standing::UpdateWaiting => issuance.version == license.version,
                // Of an older credential of a phone that goes on: its content was replaced.
                Standing::Superseded => issuance.own_state.is_none() && !is_present,
                _ => false,
            };
        }
        for (latest, reading) in &present {
            let better = driver.is_some_and(|best| best.state < reading.state);
            if better
                && reading.state.is_final()
                && self.end_device(&license, *latest, reading.state)?
            {
                told.devices_ended.push(id.to_owned());
            }
        }
        if edited {
            told.edited.push(id.to_owned());
        }
        settle(self.transaction, &license, self.now)?;
        Ok(places)
    }

    /// The latest issuance of each device that has not ended, and what its place reads. Where an
    /// earlier reconciliation is mended: of each that had not ended then, and the latest of that
    /// time.
    fn present_places(&self, live: &[(Issuance, u8)]) -> Result<Vec<(i64, Reading)>, Error> {
        let mut present = Vec::new();
        let mut last = None;
        let of_then = |issuance: &Issuance| match &self.gap {
            Some(gap) => issuance.place.list < gap.lists_from,
            None => true,
        };
        for (issuance, ours) in live.iter().filter(|(issuance, _)| of_then(issuance)) {
            if last.replace(issuance.device) == Some(issuance.device) {
                continue;
            }
            let device = devices::by_id(self.transaction, issuance.device)?;
            let until = self.gap.map_or(i64::MAX, |gap| to_sql(gap.at));
            if device.is_none_or(|device| device.ended.is_some_and(|ended| ended < until)) {
                continue;
            }
            let reading = match self.read(issuance.place) {
                Some((state, at)) => Reading {
                    state: state_of(state),
                    at,
                },
                None => Reading {
                    state: state_of(*ours),
                    at: rows::list_iat(self.transaction, issuance.place.list)?.unwrap_or(0),
                },
            };
            present.push((issuance.id, reading));
        }
        Ok(present)
    }
}

/// What a value says. One without a meaning was published by an earlier reconciliation: no one
/// knows, and no one is accepted by it.
fn state_of(value: u8) -> Standing {
    Standing::from_value(value).unwrap_or(Standing::Suspended)
}

/// The public half of a key whose secret is forgotten at once.
pub(super) fn placeholder_key() -> Result<VerifyingKey, Error> {
    let secret = Zeroizing::new(random::<32>()?);
    let key = SigningKey::from_secret(Algorithm::Ed25519, &secret).map_err(Error::Signing)?;
    Ok(key.verifying_key().clone())
}
