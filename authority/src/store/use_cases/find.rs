//! Looking things up: one license, or a page of them.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use crate::error::Error;
use crate::register::{DecisionRow, DeviceRow, Found, LicenseEnd, LicenseRow, LicenseStage};
use crate::store::decisions::{self, StoredDecision};
use crate::store::devices::{self, Device};
use crate::store::indexes::shown;
use crate::store::licenses::{self, End, Registered, Stage};
use crate::store::{clock, from_sql, issuances, offers, reviews, to_sql};

/// A license with its decisions, devices and open offer.
pub(super) fn find(transaction: &Transaction<'_>, of: &str, now: UnixTime) -> Result<Found, Error> {
    let license = licenses::find(transaction, of)?;
    let ends_wait = clock::noted_steady_from(transaction)? > now;
    let decisions = decisions::of_license(transaction, &license.id)?
        .into_iter()
        .map(|made| decision_row(made, ends_wait, now))
        .collect::<Result<_, _>>()?;
    let devices = devices::of_license(transaction, &license.id)?
        .into_iter()
        .map(|device| device_row(transaction, device))
        .collect::<Result<_, _>>()?;
    let reviews = reviews::of_license(transaction, &license.id)?;
    let offer_until = offers::waiting_until(transaction, &license.id, now)?;
    Ok(Found {
        row: row(transaction, license, now)?,
        decisions,
        devices,
        offer_until: offer_until.map(from_sql).transpose()?,
        reviews,
    })
}

/// One page of licenses.
pub(super) fn page(
    transaction: &Transaction<'_>,
    after: Option<&str>,
    limit: u32,
    now: UnixTime,
) -> Result<Vec<LicenseRow>, Error> {
    licenses::page(transaction, after, limit)?
        .into_iter()
        .map(|license| row(transaction, license, now))
        .collect()
}

fn row(
    transaction: &Transaction<'_>,
    license: Registered,
    now: UnixTime,
) -> Result<LicenseRow, Error> {
    let status = shown(transaction, &license, now)?.status();
    let told = |End { at, reason }| LicenseEnd { at, reason };
    Ok(LicenseRow {
        id: license.id,
        status,
        added_at: license.added,
        stage: match license.stage {
            Stage::Live(content) => LicenseStage::Live(Box::new(content.license)),
            Stage::Ended(end, content) => LicenseStage::Ended(told(end), Box::new(content.license)),
            Stage::Forgotten(end) => LicenseStage::Forgotten(told(end)),
        },
    })
}

/// A decision to show. While ends wait for a clock that has moved, a term that is over by it is in
/// force.
fn decision_row(
    made: StoredDecision,
    ends_wait: bool,
    now: UnixTime,
) -> Result<DecisionRow, Error> {
    let in_force = made.is_in_force(to_sql(now)) || (ends_wait && made.end_waits(to_sql(now)));
    let decision = made.decision;
    Ok(DecisionRow {
        event: made.event,
        state: decision.state.status(),
        reason: made.reason,
        from: from_sql(decision.begins)?,
        until: decision.ends.map(from_sql).transpose()?,
        by: made.by,
        made: from_sql(made.made)?,
        lifted: decision.lifted.map(from_sql).transpose()?,
        in_force,
    })
}

fn device_row(transaction: &Transaction<'_>, device: Device) -> Result<DeviceRow, Error> {
    let latest = issuances::latest_of(transaction, device.id)?;
    let time = |seconds: Option<i64>| seconds.map(from_sql).transpose();
    Ok(DeviceRow {
        id: device.id,
        added: from_sql(device.added)?,
        ended: time(device.ended)?,
        end_reason: device.end_reason,
        issued: time(latest.as_ref().map(|issuance| issuance.made))?,
        expires: time(latest.as_ref().map(|issuance| issuance.exp))?,
        acknowledged: latest.is_some_and(|issuance| issuance.acknowledged),
    })
}
