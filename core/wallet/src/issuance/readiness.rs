//! The checks before a code is spent: a trust list is held, and the clocks agree. Without either
//! the wallet would have to refuse the license.

use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::TrustList;

use super::metadata::IssuerMetadata;
use super::standing::IssuerStanding;
use crate::context::Context;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::trust_store;

/// The largest difference between a server's clock and this phone's before a code is spent, in
/// seconds. It is how far ahead a signed time is believed.
const A_DAY: u64 = 86_400;

/// Checks before a code is spent that this phone's clock would let it accept the license.
///
/// Where the server's time is more than a day off, it fetches the trust list, which may correct the
/// phone's time. Where they still differ it fails: the license would be refused or shown with a
/// wrong date. The time of an issuer that no one vouches for is not used: it could make a driver
/// set a right clock wrong. `has_trust_list` says whether this issuer's list was fetched in this
/// call. The result says the same, with the fetch made here.
pub(super) async fn agree_on_the_time(
    context: &Context,
    requests: &mut Requests<'_>,
    issuer: &IssuerMetadata,
    mut has_trust_list: bool,
) -> Result<bool, Error> {
    let differs = |said: UnixTime, now: UnixTime| said.signed_since(now).unsigned_abs() > A_DAY;
    let standing = IssuerStanding::without_asking(context, &issuer.issuer)?;
    let said = requests.server_time();
    let said = said.filter(|_| standing != IssuerStanding::Unknown);
    if let Some(server) = said
        && differs(server, context.now()?)
    {
        let fetched = trust_store::fetch_from(context, requests, &issuer.trust_list_uri).await;
        if let Err(error @ (Error::Cancelled | Error::Storage(_))) = fetched {
            return Err(error);
        }
        has_trust_list |= fetched.is_ok();
        let device = context.now()?;
        if differs(server, device) {
            return Err(Error::ServerTimeWrong { server, device });
        }
    }
    // A list that was just fetched cannot have expired, nor can all of its keys. If they have by
    // this phone's clock, the clock is wrong. The list's own end counts where no server named a
    // time.
    let (list, device) = (trust_store::held(context)?, context.now()?);
    let is_over = |list: &TrustList| {
        let ends = said.is_none() && device > list.expires();
        ends || !trust_store::signs_licenses(list, device)
    };
    if let Some(list) = list.filter(|list| has_trust_list && is_over(list)) {
        let server = said.unwrap_or(list.issued_at());
        return Err(Error::ServerTimeWrong { server, device });
    }
    Ok(has_trust_list)
}

/// Fetches a trust list before a code is spent, where none is held or it is due. Without one no
/// license could be verified. Returns whether this issuer gave one.
pub(super) async fn fetch_trust_list(
    context: &Context,
    requests: &mut Requests<'_>,
    issuer: &IssuerMetadata,
) -> Result<bool, Error> {
    if trust_store::held(context)?.is_some()
        && context.now()? < trust_store::due(context, context.now()?)?
    {
        return Ok(false);
    }
    let fetched = trust_store::fetch_from(context, requests, &issuer.trust_list_uri).await;
    match trust_store::held(context)? {
        // An older list may still name the key.
        Some(_) if fetched != Err(Error::Cancelled) => Ok(fetched.is_ok()),
        _ => fetched.map(|_| true),
    }
}
