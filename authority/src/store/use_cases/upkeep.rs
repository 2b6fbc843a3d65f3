//! What time brings. Each part takes a batch, so that no transaction is long.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::decide::BY_ITSELF;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::Ticked;
use crate::rules::slots::AFTER_EXPIRY;
use crate::rules::standing::{Decision, Standing};
use crate::store::events::Event;
use crate::store::indexes::settle;
use crate::store::{
    clock, decisions, devices, from_sql, grants, issuances, known_browsers, letters, licenses,
    nonces, offers, requests, sign_ins, slots, to_sql, tries, unexplained,
};

/// Rows of each kind in one transaction.
const BATCH: u32 = 256;
/// Issuances are forgotten this long after their place was released, in seconds: 90 days.
const KEPT: i64 = 90 * 86_400;

/// One batch of each kind. Where the clock has jumped a short while ago, what begins is settled and
/// nothing else: a repair takes that back. An end by a wrong clock lets someone drive who may not.
pub(super) fn tick(transaction: &Transaction<'_>, now: Moment) -> Result<Ticked, Error> {
    let is_steady = clock::is_steady(transaction, now)?;
    let deletes = clock::deletes_from(transaction, now)? <= now.wall();
    let now = now.wall();
    let mut ticked = Ticked::default();
    let mut touched = BTreeSet::new();
    let due = decisions::due(transaction, !is_steady, now, BATCH)?;
    ticked.more |= due.len() >= BATCH_LENGTH;
    for made in due {
        if !is_steady {
            // Its end, also where that is past by this clock: a later tick settles it.
            let end = made.decision.next_change(made.decision.begins);
            decisions::set_next(transaction, made.id, end)?;
            touched.insert(made.license);
            continue;
        }
        let next = made.decision.next_change(to_sql(now));
        decisions::set_next(transaction, made.id, next)?;
        let ends = made.decision.ends.filter(|ends| *ends <= to_sql(now));
        if let (Some(ends), None, false) =
            (ends, made.decision.lifted, made.decision.state.is_final())
        {
            end_by_itself(transaction, &made.event, &made.license, ends, now)?;
        }
        touched.insert(made.license);
    }
    // A license for each row, and the same one several times: rows are what a batch is of.
    let superseded = issuances::supersede_due(transaction, now, BATCH)?;
    ticked.more |= superseded.len() >= BATCH_LENGTH;
    touched.extend(superseded);
    for id in touched {
        if let Some(license) = licenses::by_id(transaction, &id)? {
            ticked.due.extend(settle(transaction, &license, now)?);
        }
    }
    if !is_steady {
        return Ok(ticked);
    }
    ticked.more |= release(transaction, now)?;
    ticked.more |= unexplained::release_due(transaction, now, BATCH)? >= BATCH_LENGTH;
    if deletes {
        ticked.more |= forget(transaction, now)?;
    }
    Ok(ticked)
}

const BATCH_LENGTH: usize = 256;

/// A term that is over is a decision too, by the system.
fn end_by_itself(
    transaction: &Transaction<'_>,
    event: &str,
    license: &str,
    ends: i64,
    now: UnixTime,
) -> Result<(), Error> {
    let name = format!("{BY_ITSELF}{event}");
    if decisions::of_event(transaction, &name)?.is_some() {
        return Ok(());
    }
    let new = decisions::New {
        event: &name,
        license,
        decision: &Decision {
            state: Standing::Valid,
            begins: ends,
            ends: None,
            lifted: None,
        },
        reason: None,
        by: "system",
        next: None,
    };
    decisions::insert(transaction, &new, now)?;
    Event {
        key: Some(&name),
        ..Event::of(license, "returned")
    }
    .append(transaction, now)
}

/// Releases the places of credentials that are past, and frees those that have rested.
fn release(transaction: &Transaction<'_>, now: UnixTime) -> Result<bool, Error> {
    let past = issuances::past(transaction, to_sql(now) - AFTER_EXPIRY, BATCH)?;
    for (issuance, place) in &past {
        slots::release(transaction, *place, now)?;
        issuances::release(transaction, *issuance, now)?;
    }
    let freed = slots::free_rested(transaction, now, BATCH)?;
    Ok(past.len() >= BATCH_LENGTH || freed >= BATCH)
}

/// Forgets what can never count again.
fn forget(transaction: &Transaction<'_>, now: UnixTime) -> Result<bool, Error> {
    let (lapsed, ended) = offers::purge(transaction, now, BATCH)?;
    for license in &lapsed {
        Event::of(license, "offer_lapsed").append(transaction, now)?;
    }
    let (grants, pairs) = grants::purge(transaction, now, BATCH)?;
    for grant in &grants {
        if let Some(grant) = grants::by_id(transaction, *grant)?
            && let Some(device) = grant.device
            && devices::end_idle(transaction, device, now)?
        {
            Event {
                device: Some(device),
                detail: Some("idle"),
                ..Event::of(&grant.license, "device_ended")
            }
            .append(transaction, now)?;
        }
        grants::forget_if_empty(transaction, *grant)?;
    }
    let nonces = nonces::purge(transaction, now, BATCH)?;
    let proofs = nonces::purge_proofs(transaction, now, BATCH)?;
    let requests = requests::purge(transaction, now, BATCH)?;
    let kept = from_sql((to_sql(now) - KEPT).max(0))?;
    let issuances = issuances::purge(transaction, to_sql(kept), BATCH)?;
    let sign_ins = sign_ins::purge(transaction, now, BATCH)?;
    let letters = letters::purge(transaction, now, BATCH)?;
    let tries = tries::purge(transaction, now, BATCH)?;
    let browsers = known_browsers::purge(transaction, now, BATCH)?;
    let accounts = sign_ins.max(letters).max(tries).max(browsers);
    let most = [ended, pairs, nonces, proofs, requests, issuances, accounts]
        .into_iter()
        .max();
    Ok(most >= Some(BATCH_LENGTH))
}
