//! The log of checks: the time, the verdict, its reasons, and for an officer the license's number.
//!
//! It is kept in pages, so that one check rewrites one page, and old days are deleted page by page.
//! When the log is full, its oldest page is deleted.

use vidimus_credential::{Outcome, Reason, UnixTime, Verdict};

use super::Keeping;
use super::records::{CheckPage, length, many, time};
use crate::error::Error;
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Table, Tx, View};

/// Checks on one page.
const PAGE: usize = 64;

/// Most pages that are kept: 10,240 checks.
const PAGES: usize = 160;

/// How many of the newest pages are searched for the entry of a look that goes on.
const REPLACED: usize = 2;

/// A day in seconds.
const DAY: u64 = 86_400;

/// Entries of the log of checks.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckLog {
    /// The entries, newest first. They are personal data where they hold license numbers.
    pub entries: Vec<CheckEntry>,
    /// False where a page was changed or is missing; its entries are not in the list.
    pub intact: bool,
}

/// One check. It is personal data where it has a number, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct CheckEntry {
    /// The time of the check, by the reader's best time.
    pub at: UnixTime,
    /// The outcome of the check: accept, caution or refuse.
    pub outcome: Outcome,
    /// The reasons for the outcome.
    pub reasons: Vec<Reason>,
    /// The license's number, only for an officer, and only where the authority's signature is
    /// valid.
    pub number: Option<String>,
}

impl CheckEntry {
    /// The entry for a verdict; `None` for a text that is not a token at all, which is no check of
    /// a license.
    pub(super) fn of(verdict: &Verdict, at: UnixTime, keeping: Keeping) -> Option<Self> {
        if verdict.reasons.contains(&Reason::NotAToken) {
            return None;
        }
        let license = verdict.license.as_ref();
        Some(Self {
            at,
            outcome: verdict.outcome,
            reasons: verdict.reasons.clone(),
            number: match keeping {
                Keeping::Officer => license.map(|license| license.license_number().to_owned()),
                Keeping::Citizen => None,
            },
        })
    }

    pub(super) fn write(&self, writer: &mut RowWriter) {
        writer
            .nested(4)
            .number(self.at.seconds())
            .text(self.outcome.name())
            .optional(self.number.as_deref(), |writer, number| {
                writer.text(number);
            })
            .nested(length(self.reasons.len()));
        for reason in &self.reasons {
            writer.text(reason.code());
        }
    }

    pub(super) fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 4).then_some(())?;
        Some(Self {
            at: time(reader)?,
            outcome: outcome(reader.text()?)?,
            number: reader.optional(|reader| reader.text().map(str::to_owned))?,
            reasons: many(reader, |reader| {
                let code = reader.text()?;
                Reason::ALL.into_iter().find(|reason| reason.code() == code)
            })?,
        })
    }
}

fn outcome(name: &str) -> Option<Outcome> {
    [Outcome::Accept, Outcome::Caution, Outcome::Refuse]
        .into_iter()
        .find(|outcome| outcome.name() == name)
}

/// The newest `limit` entries, newest first. Damaged pages are skipped.
pub(super) fn newest(view: &View<'_>, limit: usize) -> Result<CheckLog, Error> {
    let mut log = CheckLog {
        entries: Vec::new(),
        intact: true,
    };
    for id in view.ids(Table::Check).iter().rev() {
        let left = limit.saturating_sub(log.entries.len());
        if left == 0 {
            break;
        }
        match page(view, id)? {
            Some(CheckPage(entries)) => log.entries.extend(entries.into_iter().rev().take(left)),
            None => log.intact = false,
        }
    }
    Ok(log)
}

/// An entry to be written.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) new: CheckEntry,
    /// The entry of the same look that it replaces, where that is still among the newest.
    pub(super) in_place_of: Option<CheckEntry>,
}

/// Writes entries to the newest pages.
pub(super) fn write(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<(), Error> {
    let mut new = Vec::new();
    for Entry {
        new: entry,
        in_place_of,
    } in entries
    {
        let Some(before) = in_place_of else {
            new.push(entry.clone());
            continue;
        };
        if let Some(place) = new.iter_mut().rev().find(|it| *it == before) {
            *place = entry.clone();
        } else if !replace(tx, before, entry)? {
            new.push(entry.clone());
        }
    }
    append(tx, &new)
}

/// Replaces the newest entry that is equal to `before`, where it is on one of the newest pages.
fn replace(tx: &mut Tx<'_>, before: &CheckEntry, entry: &CheckEntry) -> Result<bool, Error> {
    for id in tx.ids(Table::Check).iter().rev().take(REPLACED) {
        let Some(CheckPage(mut entries)) = page(tx, id)? else {
            continue;
        };
        if let Some(place) = entries.iter_mut().rev().find(|it| *it == before) {
            *place = entry.clone();
            tx.put(id, &CheckPage(entries))?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Appends entries to the newest pages.
pub(super) fn append(tx: &mut Tx<'_>, entries: &[CheckEntry]) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let ids = tx.ids(Table::Check);
    let last = ids.last();
    let mut number = last.map_or(0, |id| id.parse().unwrap_or(0_u64));
    // After a damaged page a new one begins: the damaged one is kept.
    let mut open = match last {
        Some(id) => page(tx, id)?,
        None => None,
    };
    if open.is_none() && last.is_some() {
        number += 1;
    }
    let mut open = open.take().unwrap_or_default();
    for entry in entries {
        if open.0.len() >= PAGE {
            tx.put(&id(number), &open)?;
            number += 1;
            open = CheckPage::default();
        }
        open.0.push(entry.clone());
    }
    tx.put(&id(number), &open)?;
    let ids = tx.ids(Table::Check);
    let over = ids.len().saturating_sub(PAGES);
    for id in ids.iter().take(over) {
        tx.delete::<CheckPage>(id)?;
    }
    Ok(())
}

/// Deletes entries older than `days` days, and returns their number. With 0 days everything is
/// deleted, damaged pages too. Otherwise damaged pages stay, since their age is not known.
pub(super) fn forget(tx: &mut Tx<'_>, days: u16, now: UnixTime) -> Result<usize, Error> {
    let limit = now.saturating_sub(u64::from(days).saturating_mul(DAY));
    let is_old = |entry: &CheckEntry| days == 0 || entry.at < limit;
    let mut forgotten = 0;
    for id in tx.ids(Table::Check) {
        let Some(CheckPage(entries)) = page(tx, &id)? else {
            if days == 0 {
                tx.delete::<CheckPage>(&id)?;
            }
            continue;
        };
        let all = entries.len();
        let kept: Vec<CheckEntry> = entries.into_iter().filter(|it| !is_old(it)).collect();
        forgotten += all.saturating_sub(kept.len());
        if kept.is_empty() {
            tx.delete::<CheckPage>(&id)?;
        } else if kept.len() < all {
            tx.put(&id, &CheckPage(kept))?;
        }
    }
    Ok(forgotten)
}

/// The row id of a page. The order of the texts is that of the numbers.
fn id(number: u64) -> String {
    format!("{number:020}")
}

/// A page; `None` where it is damaged.
fn page(view: &View<'_>, id: &str) -> Result<Option<CheckPage>, Error> {
    match view.get::<CheckPage>(id) {
        Ok(page) => Ok(page),
        Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
