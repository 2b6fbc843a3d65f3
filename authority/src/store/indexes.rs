//! What the indexes of a license read: the driver's standing, written into each that can still
//! count.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::licenses::Registered;
use super::{clock, decisions, from_sql, issuances, lists, to_sql};
use crate::error::Error;
use crate::rules::slots::sign_after;
use crate::rules::standing::{Standing, of_index};
use crate::secret::random;

/// The driver's standing: the worst of what is in force, and Revoked once the license has ended. A
/// caller may have read its clock before it waited for another one: what was decided meanwhile
/// counts.
pub(crate) fn standing(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<Standing, Error> {
    if license.live().is_none() {
        return Ok(Standing::Revoked);
    }
    let now = to_sql(now);
    let made = decisions::of_license(transaction, &license.id)?;
    let in_force = made.iter().filter(|made| made.is_in_force(now));
    let states = in_force.map(|made| made.decision.state);
    Ok(states.max().unwrap_or(Standing::Valid))
}

/// What the indexes read: a term that is over by the clock is so there once the tick has ended it.
fn until_settled(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<Standing, Error> {
    let ending = decisions::ending(transaction, &license.id, now)?;
    let driver = standing(transaction, license, now)?;
    Ok(ending.into_iter().fold(driver, Standing::max))
}

/// The standing to show: while ends wait for a clock that has jumped, it is that of the indexes.
pub(crate) fn shown(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<Standing, Error> {
    if clock::noted_steady_from(transaction)? > now {
        return until_settled(transaction, license, now);
    }
    standing(transaction, license, now)
}

/// Writes the standing of a license into all its indexes. Returns the lists that are to be signed
/// at once: those of each device's present credential. Lists of older credentials are signed 1 to
/// 60 seconds apart, so that a bystander who filmed one does not find the next.
pub(crate) fn settle(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<Vec<u32>, Error> {
    let driver = until_settled(transaction, license, now)?;
    let mut at_once = Vec::new();
    let mut later = to_sql(now);
    let mut last_device = None;
    for (issuance, reads) in issuances::live(transaction, &license.id)? {
        let is_present = last_device != Some(issuance.device);
        last_device = Some(issuance.device);
        let out_of_date = issuance.version < license.version;
        let state = of_index(driver, issuance.own_state, out_of_date).value();
        if state == reads {
            continue;
        }
        let sign = if is_present {
            at_once.push(issuance.place.list);
            None
        } else {
            let [byte] = random()?;
            later = sign_after(later, byte);
            Some(from_sql(later)?)
        };
        let idx = usize::from(issuance.place.idx);
        lists::change(
            transaction,
            issuance.place.list,
            |states| {
                if let Some(held) = states.get_mut(idx) {
                    *held = state;
                }
            },
            sign,
        )?;
    }
    Ok(at_once)
}

/// The lists of each device's present credential that are not signed since their last change: the
/// command that made it died before, or could not sign.
pub(crate) fn unsigned(transaction: &Transaction<'_>, license: &str) -> Result<Vec<u32>, Error> {
    let mut unsigned = Vec::new();
    let mut last_device = None;
    for (issuance, _) in issuances::live(transaction, license)? {
        let is_present = last_device.replace(issuance.device) != Some(issuance.device);
        if is_present && lists::published(transaction, issuance.place.list)?.dirty {
            unsigned.push(issuance.place.list);
        }
    }
    Ok(unsigned)
}
