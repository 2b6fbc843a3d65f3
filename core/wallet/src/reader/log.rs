//! The log of checks: when, which verdict, for which reasons, and for an officer which license.
//!
//! It stands in pages, so that one check rewrites one page and an old day is deleted with its pages. It is bounded: once
//! full, its oldest page goes.

use vidimus_credential::{Outcome, Reason, UnixTime, Verdict};

use super::Keeping;
use super::records::{CheckPage, length, many, time};
use crate::error::Error;
use crate::vault::codec::{Reader, Writer};
use crate::vault::{Table, Tx, View};

/// Checks on one page.
const PAGE: usize = 64;

/// Pages that are kept: 10,240 checks.
const PAGES: usize = 160;

/// A day in seconds.
const DAY: u64 = 86_400;

/// What was read of the log.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckLog {
    /// The entries, newest first. Personal data where an officer's numbers are in them.
    pub entries: Vec<CheckEntry>,
    /// False where a page was changed or is missing: what stood on it is not shown.
    pub intact: bool,
}

/// One check. Personal data where it has a number; no `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct CheckEntry {
    /// When, by the reader's best time.
    pub at: UnixTime,
    /// Accept, Caution or Refuse.
    pub outcome: Outcome,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The license's number, for an officer, where the authority's signature holds.
    pub number: Option<String>,
}

impl CheckEntry {
    /// What is kept of a verdict. A text that is no token at all is no check of a license.
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

    pub(super) fn write(&self, writer: &mut Writer) {
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

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
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

/// The newest `limit` entries, newest first. A damaged page is passed over.
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

/// Writes entries behind the newest.
pub(super) fn append(tx: &mut Tx<'_>, entries: &[CheckEntry]) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let ids = tx.ids(Table::Check);
    let last = ids.last();
    let mut number = last.map_or(0, |id| id.parse().unwrap_or(0_u64));
    // Behind a damaged page a new one begins: the damaged one is kept.
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

/// Deletes what is older than so many days, and how many checks that were. None is younger than no day: then all goes,
/// damaged pages too. Else these stay, for nobody can say how old they are.
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

/// In the order of their numbers, also as texts.
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
