//! A credential request, from a good proof to a signed credential.
//!
//! [`issue`] checks the access token, spends the nonce, and asks the rules for the answer. For a
//! new device or a new credential it adds the rows and takes a place in a status list. Then
//! [`finish`] signs the credential, if the published list has the driver's state. If not, the
//! caller signs the list and calls [`complete`].

use rusqlite::Transaction;
use vidimus_credential::{Signer as _, UnixTime, VerifyingKey};

use super::reviews::{self, Gate};
use super::{NONCE_SECRET_LIFE, device_limit, end_device_and_grant, tokens};
use crate::clock::Moment;
use crate::error::{Error, damaged};
use crate::issue::{self, has_ended};
use crate::key_use::KeyUse;
use crate::nonces::{self, NonceUse};
use crate::register::{
    Access, AccessFault, CredentialRequest, Due, Held, IssueFault, Issued, IssuedRecord, Step,
    Waiting,
};
use crate::rules::edit::supersede_at;
use crate::rules::issue::{Answer, DAY, Device, Grant, Issuance, License, Published, Request};
use crate::rules::issue::{issued_at, judge};
use crate::rules::offers::make_room;
use crate::rules::slots::Place;
use crate::rules::standing::Standing;
use crate::secret::{Derived, Label, derive, digest};
use crate::store::events::Event;
use crate::store::grants::{self, Pair};
use crate::store::indexes::{settle, standing};
use crate::store::issuances;
use crate::store::keys::Signers;
use crate::store::licenses::{self, Registered};
use crate::store::{
    blobs, clock, deferrals, devices, epoch, from_sql, lists, nonces as secrets, settings, slots,
    to_sql,
};

/// Answers a request whose proof holds, apart from its nonce.
pub(super) fn issue(
    transaction: &Transaction<'_>,
    keys: &dyn Signers,
    wanted: &CredentialRequest<'_>,
    now: Moment,
) -> Result<Step, Error> {
    clock::check(transaction, now)?;
    let wall = now.wall();
    let pair = match tokens::take_unspent(transaction, wanted.access, wall)? {
        Ok(pair) => pair,
        Err(fault) => return Ok(Step::Refused(IssueFault::Access(fault))),
    };
    let secrets = secrets::secrets(transaction, NONCE_SECRET_LIFE, wall)?;
    let Some(nonce) = nonces::read(wanted.nonce, NonceUse::KeyProof, &secrets, wall) else {
        return Ok(Step::Refused(IssueFault::Nonce));
    };
    if !secrets::take(transaction, &nonce.id, nonce.expires)? {
        return Ok(Step::Refused(IssueFault::Nonce));
    }
    let wanted = Wanted {
        pair: &pair,
        key: &wanted.key,
        asked: to_sql(nonce.issued()),
    };
    answer(transaction, keys, &wanted, now)
}

/// A request whose proofs hold.
pub(super) struct Wanted<'a> {
    pub(super) pair: &'a Pair,
    /// The key that the credential is for.
    pub(super) key: &'a VerifyingKey,
    /// When its nonce was handed out.
    pub(super) asked: i64,
}

/// Answers a request whose proofs hold.
pub(super) fn answer(
    transaction: &Transaction<'_>,
    keys: &dyn Signers,
    wanted: &Wanted<'_>,
    now: Moment,
) -> Result<Step, Error> {
    let (wall, pair) = (now.wall(), wanted.pair);
    let grant = grants::by_id(transaction, pair.grant)?.ok_or_else(|| damaged(()))?;
    let license = licenses::by_id(transaction, &grant.license)?.ok_or(Error::UnknownLicense)?;
    let request = Request {
        pair: pair.id,
        asked: wanted.asked,
    };
    let device = match grant.device {
        Some(device) => devices::by_id(transaction, device)?,
        None => None,
    };
    let (today, first_today) = issuances::since(transaction, grant.id, to_sql(wall) - DAY)?;
    let view = Grant {
        mode: grant.mode,
        device: match &device {
            Some(device) => Some(Device {
                same_key: device.holder_key == *wanted.key,
                replaceable_until: device.replaceable_until,
                acknowledged: issuances::any_acknowledged(transaction, device.id)?,
                latest: latest_of(transaction, device.id)?,
            }),
            None => None,
        },
        today,
        first_today,
    };
    let content = License {
        over: is_over(transaction, &license, wall)?,
        version: license.version,
    };
    let answer = judge(&request, &content, &view, to_sql(wall));
    let work = Work {
        transaction,
        license: &license,
        pair,
        request: &request,
        now: wall,
    };
    if matches!(answer, Answer::First | Answer::Replace)
        && let Some(step) = work.held(&grant, wanted.key)?
    {
        return Ok(step);
    }
    let (issuance, fresh) = match (answer, device) {
        (Answer::Over, _) => return Ok(Step::Refused(IssueFault::Over)),
        (Answer::OtherKey, _) => return Ok(Step::Refused(IssueFault::OtherKey)),
        (Answer::SlowDown(seconds), _) => {
            return Ok(Step::Refused(IssueFault::SlowDown(seconds)));
        }
        (Answer::First, _) => {
            match work.room(&grant)? {
                Ok(ended) => {
                    for device in ended {
                        work.end_device(device, "replaced")?;
                    }
                }
                Err(fault) => return Ok(Step::Refused(fault)),
            }
            let device = work.new_device(wanted.key, pair.access_expires)?;
            (work.new_issuance(device)?, true)
        }
        (Answer::Replace, Some(device)) => {
            devices::end(
                transaction,
                device.id,
                Standing::Superseded,
                "retried",
                wall,
            )?;
            let device = work.new_device(wanted.key, device.replaceable_until)?;
            (work.new_issuance(device)?, true)
        }
        (Answer::Renewal, Some(device)) => (work.new_issuance(device.id)?, true),
        (Answer::Repeat(issuance), Some(_)) => {
            issuances::repeated(transaction, issuance, pair.id, request.asked)?;
            (issuance, false)
        }
        (Answer::Replace | Answer::Renewal | Answer::Repeat(_), None) => return Err(damaged(())),
    };
    if !pair.used {
        grants::use_pair(transaction, pair)?;
    }
    let due = settle(transaction, &license, wall)?;
    let row = issuances::by_id(transaction, issuance)?.ok_or_else(|| damaged(()))?;
    let state = state_of(transaction, row.place)?;
    let list = lists::published(transaction, row.place.list)?;
    // A place that was just taken is 0, which is `Valid`, in the published list.
    let published = Published {
        iat: list.signature.map_or(0, |(iat, _)| to_sql(iat)),
        reads_state: !list.dirty || (fresh && state == Standing::Valid.value()),
    };
    let waiting = Waiting {
        issuance,
        list: row.place.list,
        after: published.iat,
        state,
        repeated: !fresh,
    };
    finish(transaction, keys, &license, &waiting, published, due, now)
}

/// Continues an issuance after its list was signed.
pub(super) fn complete(
    transaction: &Transaction<'_>,
    keys: &dyn Signers,
    waiting: &Waiting,
    now: Moment,
) -> Result<Step, Error> {
    clock::check(transaction, now)?;
    let row = issuances::by_id(transaction, waiting.issuance)?.ok_or_else(|| damaged(()))?;
    let license = licenses::by_id(transaction, &row.license)?.ok_or(Error::UnknownLicense)?;
    let device = devices::by_id(transaction, row.device)?.ok_or_else(|| damaged(()))?;
    if device.ended.is_some() {
        return Ok(Step::Refused(IssueFault::Access(AccessFault::Token)));
    }
    if is_over(transaction, &license, now.wall())? {
        return Ok(Step::Refused(IssueFault::Over));
    }
    if row.version != license.version {
        // Edited a moment ago. A credential that was issued with this place has the old content.
        if row.iat != 0 {
            return Err(Error::Busy);
        }
        issuances::set_version(transaction, row.id, license.version)?;
    }
    let due = settle(transaction, &license, now.wall())?;
    let list = lists::published(transaction, row.place.list)?;
    let iat = list.signature.map_or(0, |(iat, _)| to_sql(iat));
    let state = state_of(transaction, row.place)?;
    let published = Published {
        iat,
        reads_state: !list.dirty || (iat > waiting.after && state == waiting.state),
    };
    let waiting = Waiting {
        after: waiting.after,
        state,
        ..*waiting
    };
    finish(transaction, keys, &license, &waiting, published, due, now)
}

/// Signs the credential if the published list gives it an `iat`, or asks the caller to sign the
/// list.
fn finish(
    transaction: &Transaction<'_>,
    keys: &dyn Signers,
    license: &Registered,
    waiting: &Waiting,
    published: Published,
    due: Due,
    now: Moment,
) -> Result<Step, Error> {
    let row = issuances::by_id(transaction, waiting.issuance)?.ok_or_else(|| damaged(()))?;
    let (signer, not_before) = keys.current(transaction, KeyUse::Credential)?;
    let earlier = issuances::greatest_iat(transaction, row.device)?;
    let Some(iat) = issued_at(published, to_sql(not_before), earlier) else {
        let at_least = from_sql(earlier)?.max(not_before);
        lists::demand(transaction, waiting.list, at_least)?;
        return Ok(Step::Sign(*waiting, due));
    };
    let iat = from_sql(iat)?;
    let device = devices::by_id(transaction, row.device)?.ok_or_else(|| damaged(()))?;
    let issuer = settings::Settings::read(transaction)?
        .issuer
        .ok_or(Error::IssuerNotFixed)?;
    // The callers have checked that the license has not ended.
    let said = license.live().ok_or_else(|| damaged(()))?;
    let content = issue::Content {
        license: &said.license,
        portrait: &blobs::get(transaction, &said.portrait)?,
        holder_key: &device.holder_key,
        place: row.place,
    };
    let (credential, exp) = issue::credential(&issuer, &content, iat, &signer)?;
    let kid = signer.verifying_key().kid();
    crate::store::keys::note_signed(transaction, kid, iat, now)?;
    let secret = secrets::token_secret(transaction)?;
    let notification_id = derive(&secret, Derived::Notification, &row.id.to_string(), 0)?;
    let signed = issuances::Signed {
        kid: kid.as_bytes(),
        iat,
        exp,
        notification: &digest(Label::Notification, &[&notification_id]),
    };
    issuances::signed(transaction, row.id, &signed)?;
    let id = row.id.to_string();
    Event {
        device: Some(row.device),
        detail: Some(&id),
        ..Event::of(
            &license.id,
            if waiting.repeated {
                "repeated"
            } else {
                "issued"
            },
        )
    }
    .append(transaction, now.wall())?;
    let record = IssuedRecord {
        epoch: epoch::read(transaction)?.saturating_add(1),
        license: license.id.clone(),
        device: row.device,
        list: row.place.list,
        idx: row.place.idx,
        exp,
        repeated: waiting.repeated,
    };
    let issued = Issued {
        credential,
        notification_id,
        record,
    };
    Ok(Step::Done(issued, due))
}

/// The values that the steps of one request share.
struct Work<'a> {
    transaction: &'a Transaction<'a>,
    license: &'a Registered,
    pair: &'a Pair,
    request: &'a Request,
    now: UnixTime,
}

impl Work<'_> {
    /// Which devices a new one ends, or why it cannot come.
    fn room(&self, grant: &grants::Grant) -> Result<Result<Vec<i64>, IssueFault>, Error> {
        let live = devices::live(self.transaction, &self.license.id)?;
        let limit = device_limit(self.transaction)?;
        Ok(
            make_room(grant.mode, &live, grant.replaces, limit).map_err(|error| match error {
                Error::HasDevices => IssueFault::HasDevices,
                _ => IssueFault::TooManyDevices,
            }),
        )
    }

    /// The answer for a key that does not have the license, where a clerk has to look first or has
    /// refused. Where there is no room for it, that is said before anybody waits.
    fn held(&self, grant: &grants::Grant, key: &VerifyingKey) -> Result<Option<Step>, Error> {
        let refused = match reviews::gate(self.transaction, &self.license.id)? {
            Gate::Open => {
                let other = deferrals::of_grant(self.transaction, grant.id)?;
                if other.is_some_and(|other| other.holder_key != *key) {
                    deferrals::remove(self.transaction, grant.id)?;
                }
                return Ok(None);
            }
            Gate::Waiting => None,
            Gate::Refused(reason, words) => Some((reason, words)),
        };
        if grant.device.is_none()
            && let Err(fault) = self.room(grant)?
        {
            return Ok(Some(Step::Refused(fault)));
        }
        let transaction_id = deferrals::put(self.transaction, grant.id, key, self.now)?;
        Ok(Some(Step::Held(Held {
            transaction_id,
            refused,
        })))
    }

    fn end_device(&self, device: i64, reason: &'static str) -> Result<(), Error> {
        end_device_and_grant(
            self.transaction,
            device,
            Standing::Superseded,
            reason,
            self.now,
        )?;
        self.event("device_ended", device, reason)
    }

    fn new_device(&self, key: &VerifyingKey, replaceable_until: i64) -> Result<i64, Error> {
        let grant = self.pair.grant;
        let device = devices::insert(
            self.transaction,
            &self.license.id,
            key,
            grant,
            replaceable_until,
            self.now,
        )?;
        grants::set_device(self.transaction, grant, device)?;
        self.event("device_added", device, "")?;
        Ok(device)
    }

    fn new_issuance(&self, device: i64) -> Result<i64, Error> {
        let others = issuances::lists_of(self.transaction, &self.license.id)?;
        let place = slots::take(self.transaction, &others)?;
        let new = issuances::New {
            license: &self.license.id,
            device,
            grant: self.pair.grant,
            pair: self.pair.id,
            version: self.license.version,
            place,
            asked: self.request.asked,
        };
        // Until it is signed, its place is kept for the longest life of a credential.
        let exp = self.now.saturating_add(crate::key_use::CREDENTIAL_LIFE);
        let issuance = issuances::insert(self.transaction, &new, exp, self.now)?;
        slots::assign(self.transaction, place, issuance)?;
        Ok(issuance)
    }

    fn event(&self, kind: &'static str, device: i64, detail: &'static str) -> Result<(), Error> {
        Event {
            device: Some(device),
            detail: Some(detail).filter(|detail| !detail.is_empty()),
            ..Event::of(&self.license.id, kind)
        }
        .append(self.transaction, self.now)
    }
}

fn latest_of(transaction: &Transaction<'_>, device: i64) -> Result<Issuance, Error> {
    let latest = issuances::latest_of(transaction, device)?.ok_or_else(|| damaged(()))?;
    Ok(Issuance {
        id: latest.id,
        pair: latest.pair,
        version: latest.version,
        made: latest.made,
        asked: latest.asked,
        acknowledged: latest.acknowledged,
    })
}

/// Whether nothing is issued for a license any more: ended, past its last day, or in a final state.
fn is_over(
    transaction: &Transaction<'_>,
    license: &Registered,
    now: UnixTime,
) -> Result<bool, Error> {
    let Some(content) = license.live() else {
        return Ok(true);
    };
    Ok(has_ended(&content.license, now) || standing(transaction, license, now)?.is_final())
}

fn state_of(transaction: &Transaction<'_>, place: Place) -> Result<u8, Error> {
    let states = lists::states(transaction, place.list)?;
    states
        .get(usize::from(place.idx))
        .copied()
        .ok_or_else(|| damaged(()))
}

/// Stores a wallet's notification about a credential. Once a wallet has acknowledged one, its
/// credentials with older content are due to be superseded.
pub(super) fn notify(
    transaction: &Transaction<'_>,
    access: Access<'_>,
    notification_id: &str,
    event: &'static str,
    now: UnixTime,
) -> Result<Result<bool, AccessFault>, Error> {
    let pair = match tokens::take_access(transaction, access, now)? {
        Ok(pair) => pair,
        Err(fault) => return Ok(Err(fault)),
    };
    let key = digest(Label::Notification, &[notification_id]);
    let known = issuances::by_notification(transaction, &key)?;
    let Some((issuance, _)) = known.filter(|(_, grant)| *grant == pair.grant) else {
        return Ok(Ok(false));
    };
    let accepted = event == ACCEPTED;
    issuances::told(transaction, issuance.id, event, accepted, now)?;
    if accepted && !issuance.acknowledged {
        deferrals::remove(transaction, pair.grant)?;
        if let Some(at) = supersede_at(None, Some(to_sql(now))) {
            let device = Some(issuance.device);
            let license = &issuance.license;
            issuances::supersede_older(transaction, license, device, issuance.version, at)?;
        }
        Event {
            device: Some(issuance.device),
            ..Event::of(&issuance.license, "acknowledged")
        }
        .append(transaction, now)?;
    }
    Ok(Ok(true))
}

/// The event of a wallet that has stored a credential (OpenID4VCI 1.0, section 11.1).
const ACCEPTED: &str = "credential_accepted";
