//! What was decided after the copy of the register was made, by what was published of it.

use super::{Error, Work, damaged};
use crate::evidence::Reconciled;
use crate::rules::reconcile::{Finding, Reading, judge};
use crate::rules::standing::{Decision, Standing, worst};
use crate::store::events::Event;
use crate::store::issuances;
use crate::store::licenses::Registered;
use crate::store::{decisions, devices, epoch, grants, to_sql};

/// Who decides what is found.
const BY: &str = "reconcile";
const REASON: &str = "found in a published list after a backup was put back";

impl Work<'_> {
    /// Makes the decisions, or lifts those, that what was published shows.
    pub(super) fn take_decisions(
        &self,
        license: &Registered,
        reading: Reading,
        told: &mut Reconciled,
    ) -> Result<(), Error> {
        let made = decisions::rules_of(self.transaction, &license.id)?;
        match judge(&made, reading) {
            Finding::Known => return Ok(()),
            Finding::Decided(state) => {
                self.decide(license, state, reading.at)?;
                told.decided.push((license.id.clone(), state.status()));
            }
            Finding::Lifted(state) => {
                self.lift(license, state, reading.at)?;
                let left = decisions::rules_of(self.transaction, &license.id)?;
                if state == Standing::Valid || worst(&left, to_sql(self.now)) < state {
                    self.decide(license, state, reading.at)?;
                }
                told.lifted.push((license.id.clone(), state.status()));
            }
        }
        Ok(())
    }

    fn decide(&self, license: &Registered, state: Standing, at: i64) -> Result<(), Error> {
        let epoch = epoch::read(self.transaction)?;
        let event = format!("{BY}-{epoch}-{}", license.id);
        let new = decisions::New {
            event: &event,
            license: &license.id,
            decision: &Decision {
                state,
                begins: at.min(to_sql(self.now)),
                // Its term is not known. A revocation's is over, so that a clerk who has looked at
                // the driver's file can register a new license.
                ends: (state == Standing::Revoked).then(|| to_sql(self.now)),
                lifted: None,
            },
            reason: Some(REASON),
            by: BY,
            // It has begun, and a revocation never ends.
            next: None,
        };
        decisions::insert(self.transaction, &new, self.now)?;
        Event {
            key: Some(&event),
            detail: Some(state.status().name()),
            ..Event::of(&license.id, "reconciled")
        }
        .append(self.transaction, self.now)
    }

    /// Ends every decision that is worse than what was published.
    fn lift(&self, license: &Registered, state: Standing, at: i64) -> Result<(), Error> {
        let now = to_sql(self.now);
        for made in decisions::of_license(self.transaction, &license.id)? {
            let decision = made.decision;
            if decision.is_in_force(at) && decision.state > state && !decision.state.is_final() {
                let lifted = Decision {
                    lifted: Some(at.min(now)),
                    ..decision
                };
                let next = lifted.next_change(now);
                decisions::lift(self.transaction, made.id, at.min(now), next)?;
            }
        }
        Ok(())
    }

    /// Ends the device of an issuance; returns whether it had not ended yet.
    pub(super) fn end_device(
        &self,
        license: &Registered,
        latest: i64,
        state: Standing,
    ) -> Result<bool, Error> {
        let issuance = issuances::by_id(self.transaction, latest)?.ok_or_else(|| damaged(()))?;
        let device =
            devices::by_id(self.transaction, issuance.device)?.ok_or_else(|| damaged(()))?;
        if device.ended.is_some() {
            return Ok(false);
        }
        devices::end(self.transaction, device.id, state, BY, self.now)?;
        grants::void(self.transaction, device.grant)?;
        Event {
            device: Some(device.id),
            detail: Some(BY),
            ..Event::of(&license.id, "device_ended")
        }
        .append(self.transaction, self.now)?;
        Ok(true)
    }
}
