//! A wallet asks again for a license that was held.

use rusqlite::Transaction;

use super::issue::{Wanted, answer};
use super::tokens;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::{Access, IssueFault, Step};
use crate::store::keys::Signers;
use crate::store::{clock, deferrals, to_sql};

/// Issues to the key that asked first, or says that it still waits. Once a wallet has told that it
/// stored the credential, its transaction id is unknown.
pub(super) fn issue(
    transaction: &Transaction<'_>,
    keys: &dyn Signers,
    access: Access<'_>,
    transaction_id: &str,
    now: Moment,
) -> Result<Step, Error> {
    clock::check(transaction, now)?;
    let pair = match tokens::take_unspent(transaction, access, now.wall())? {
        Ok(pair) => pair,
        Err(fault) => return Ok(Step::Refused(IssueFault::Access(fault))),
    };
    let held = deferrals::find(transaction, transaction_id)?;
    let Some(held) = held.filter(|held| held.grant == pair.grant) else {
        return Ok(Step::Refused(IssueFault::Transaction));
    };
    let wanted = Wanted {
        pair: &pair,
        key: &held.holder_key,
        asked: to_sql(now.wall()),
    };
    answer(transaction, keys, &wanted, now)
}
