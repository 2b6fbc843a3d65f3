//! What must hold before a code is spent, so that what comes for it is kept: a trust list, and clocks that agree.

use vidimus_credential::time::UnixTime;
use vidimus_credential::trust::TrustList;

use super::metadata::IssuerMetadata;
use super::standing::Standing;
use crate::context::Context;
use crate::error::Error;
use crate::network::requests::Requests;
use crate::trust_store;

/// How far apart the clocks of a server and of this phone may be before a code is spent, in seconds: as far ahead as a
/// signed time is believed.
const A_DAY: u64 = 86_400;

/// Before a code is spent: whether this phone would take what comes for it. Where the server says another day than this
/// phone, the trust list is asked for, which may correct the phone's clock; where they still differ, the license that
/// comes would be refused, or shown with a wrong date. An issuer for which nobody vouches is not asked: by its word a driver
/// might set a right clock wrong. `has_trust_list` is whether the issuer gave a list just now, and so is what is returned.
pub(super) async fn agree_on_the_time(
    context: &Context,
    requests: &mut Requests<'_>,
    issuer: &IssuerMetadata,
    mut has_trust_list: bool,
) -> Result<bool, Error> {
    let differs = |said: UnixTime, now: UnixTime| said.signed_since(now).unsigned_abs() > A_DAY;
    let standing = Standing::without_asking(context, &issuer.issuer)?;
    let said = requests.servers_time();
    let said = said.filter(|_| standing != Standing::Unknown);
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
    // Each key of a list that came just now would be over by this phone's clock; or the list itself, and nobody said what
    // time it is.
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

/// Fetches a trust list before a code is spent, where none is held or it is due: without one, nothing that arrives could
/// be kept. Returns whether this issuer gave one.
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
