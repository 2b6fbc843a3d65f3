//! A license is added, and devices are offered it.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;

use super::{device_limit, reviews};
use crate::error::Error;
use crate::issue::has_ended;
use crate::offers::OFFER_LIFE;
use crate::register::{Due, MadeOffer, NewLicense, OfferKind, ReviewKind};
use crate::rules::offers::{Mode, make_room};
use crate::rules::standing::{Standing, may_follow};
use crate::rules::succession::{Term, revocations, term};
use crate::secret::{Label, OfferSecrets, digest, hex, random};
use crate::store::events::Event;
use crate::store::indexes::standing;
use crate::store::licenses::{self, Registered};
use crate::store::{blobs, decisions, devices, from_sql, offers, to_sql};

use super::change;

/// Adds a license, unless its number is taken or a revocation counts against it. What is in force
/// against the rows that had the number before, or is to come, counts against the new one.
pub(super) fn add(
    transaction: &Transaction<'_>,
    new: &NewLicense<'_>,
    now: UnixTime,
) -> Result<(MadeOffer, Due), Error> {
    let (id, due) = register(transaction, new, now)?;
    Ok((create_offer(transaction, &id, Mode::First, None, now)?, due))
}

/// Adds each of these licenses, as [`add`] does, without an offer.
pub(super) fn add_all(
    transaction: &Transaction<'_>,
    new: &[NewLicense<'_>],
    now: UnixTime,
) -> Result<(Vec<String>, Due), Error> {
    let (mut ids, mut due) = (Vec::with_capacity(new.len()), Due::new());
    for new in new {
        let (id, more) = register(transaction, new, now)?;
        ids.push(id);
        due.extend(more);
    }
    Ok((ids, due))
}

fn register(
    transaction: &Transaction<'_>,
    new: &NewLicense<'_>,
    now: UnixTime,
) -> Result<(String, Due), Error> {
    let number = new.license.license_number();
    let mut due = Due::new();
    let mut earlier = licenses::ended_last(transaction, number)?;
    if let Some(live) = licenses::one_of_number(transaction, number)? {
        check_taken(transaction, &live, new.after_revocation, now)?;
        earlier.push(live.clone());
        check_earlier(transaction, &earlier, new.after_revocation, now)?;
        due = change::end(transaction, &live, AFTER_REVOCATION, now)?.1;
    } else {
        check_earlier(transaction, &earlier, new.after_revocation, now)?;
    }
    if new.after_revocation.is_some() && now < new.terms_wait_until {
        return Err(Error::RevokedUntil {
            until: new.terms_wait_until,
        });
    }
    let id = hex(&random::<8>()?);
    let roadside = blobs::put(transaction, new.roadside)?;
    let submitted = blobs::put(transaction, new.submitted)?;
    licenses::insert(transaction, &id, new.license, (&roadside, &submitted), now)?;
    for row in &earlier {
        let left = decisions::not_handed_on(transaction, row)?;
        decisions::inherit(transaction, &left, &id, now)?;
    }
    Event {
        detail: new.after_revocation,
        ..Event::of(&id, "added")
    }
    .append(transaction, now)?;
    if let Some(kind) = new.review {
        let pictures = (kind == ReviewKind::Photo).then_some((roadside, submitted));
        reviews::open(transaction, &id, kind, pictures.as_ref(), now)?;
    }
    Ok((id, due))
}

/// The reason with which a revoked row ends once a new license is given after its term.
const AFTER_REVOCATION: &str = "after_revocation";

/// Whether the row that has the number may give it up: only a revoked one, after its term.
fn check_taken(
    transaction: &Transaction<'_>,
    live: &str,
    after_revocation: Option<&str>,
    now: UnixTime,
) -> Result<(), Error> {
    let license = live.to_owned();
    if check_revocations(
        transaction,
        std::slice::from_ref(&license),
        after_revocation,
        now,
    )? {
        return Ok(());
    }
    Err(Error::NumberTaken { license })
}

/// Whether the rows that had the number before let it be given again: a revocation counts against
/// it until its term is over.
fn check_earlier(
    transaction: &Transaction<'_>,
    earlier: &[String],
    after_revocation: Option<&str>,
    now: UnixTime,
) -> Result<(), Error> {
    let revoked = check_revocations(transaction, earlier, after_revocation, now)?;
    if !revoked && after_revocation.is_some() {
        return Err(Error::OtherRevocation);
    }
    Ok(())
}

/// Whether one of these rows is revoked, and their number may be given again all the same: the
/// revocation is named, and the terms of all are over.
fn check_revocations(
    transaction: &Transaction<'_>,
    rows: &[String],
    after_revocation: Option<&str>,
    now: UnixTime,
) -> Result<bool, Error> {
    let mut made = Vec::new();
    for row in rows {
        made.extend(decisions::not_handed_on(transaction, row)?);
    }
    let all = made
        .iter()
        .map(|made| (&*made.event, &made.decision, made.next));
    let stand = revocations(all, to_sql(now));
    let Some(strictest) = stand.first() else {
        return Ok(false);
    };
    if !stand.iter().any(|revocation| revocation.in_force) {
        return Ok(false);
    }
    let Some(named) = after_revocation else {
        let of = made.iter().find(|made| made.event == strictest.event);
        return Err(Error::NumberRevoked {
            license: of.map_or_else(String::new, |made| made.license.clone()),
            event: strictest.event.to_owned(),
        });
    };
    match term(&stand, named, to_sql(now)) {
        Term::Over => Ok(true),
        Term::OtherEvent => Err(Error::OtherRevocation),
        Term::ForGood => Err(Error::RevokedForGood),
        Term::Until(until) => Err(Error::RevokedUntil {
            until: from_sql(until)?,
        }),
    }
}

/// Makes an offer for a license that is in the register. Earlier ones from which no device came are
/// void, and what they were redeemed for: where one fell into wrong hands, the counter's next offer
/// ends it.
pub(super) fn offer(
    transaction: &Transaction<'_>,
    of: &str,
    kind: OfferKind,
    now: UnixTime,
) -> Result<MadeOffer, Error> {
    let license = licenses::find(transaction, of)?;
    check_offerable(transaction, &license, now)?;
    let live = devices::live(transaction, &license.id)?;
    let (mode, named) = match kind {
        OfferKind::First => (Mode::First, None),
        OfferKind::Beside => (Mode::Beside, None),
        OfferKind::Replace(Some(device)) if live.contains(&device) => (Mode::Replace, Some(device)),
        OfferKind::Replace(Some(_)) => return Err(Error::UnknownDevice),
        OfferKind::Replace(None) => match live.as_slice() {
            [] => (Mode::First, None),
            [only] => (Mode::Replace, Some(*only)),
            _ => return Err(Error::WhichDevice),
        },
    };
    // What could not be issued is said while the driver is at the counter.
    make_room(mode, &live, named, device_limit(transaction)?)?;
    offers::void_unissued(transaction, &license.id)?;
    Event {
        device: named,
        detail: Some(mode.name()),
        ..Event::of(&license.id, "offered")
    }
    .append(transaction, now)?;
    create_offer(transaction, &license.id, mode, named, now)
}

/// Whether a license may be offered: it has not ended, is not past its last day, and nothing final
/// is in force.
pub(super) fn check_offerable(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<(), Error> {
    let content = license.live().ok_or(Error::RowEnded)?;
    // What is final takes no further state, and no further device either.
    may_follow(standing(transaction, license, now)?, Standing::Valid)?;
    if has_ended(&content.license, now) {
        return Err(Error::PastLastDay);
    }
    Ok(())
}

fn create_offer(
    transaction: &Transaction<'_>,
    license: &str,
    mode: Mode,
    replaces: Option<i64>,
    now: UnixTime,
) -> Result<MadeOffer, Error> {
    let secrets = OfferSecrets::new()?;
    let expires = now.saturating_add(OFFER_LIFE);
    let new = offers::New {
        code: &digest(Label::Code, &[&secrets.code]),
        reference: &digest(Label::OfferReference, &[&secrets.reference]),
        license,
        mode,
        replaces,
        tx_code: &digest(Label::TxCode, &[&secrets.code, &secrets.tx_code]),
        expires,
    };
    offers::insert(transaction, &new)?;
    Ok(MadeOffer {
        license: license.to_owned(),
        secrets,
        expires,
    })
}
