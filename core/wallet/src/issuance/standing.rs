//! Which issuer may be given a transaction code.
//!
//! Anyone can send a link that names the sender's own issuer. A driver who types the code of the
//! authority's letter there has given it away. So the wallet asks for a code only where its
//! authority or the trust list names the issuer's address.

use vidimus_credential::all_variants;
use vidimus_credential::trust::{Purpose, TrustList};

use crate::context::Context;
use crate::error::Error;
use crate::network::address;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::trust_store;

/// Who vouches for an issuer's address. An issuer that is [`Unknown`](Self::Unknown) must not be
/// given a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerStanding {
    /// The issuer is the authority of this wallet.
    Authority,
    /// The trust list, which the root signed, has a credential key of this address, or was
    /// published there.
    Listed,
    /// No one vouches for it. Do not ask the driver for a code.
    Unknown,
}

all_variants! {
    /// Every kind of standing.
    IssuerStanding { Authority, Listed, Unknown }
}

impl IssuerStanding {
    /// Judges an issuer. Fetches the trust list from the wallet's authority where none is held,
    /// where it is due, and where the held one does not name the issuer: a newer one may.
    ///
    /// # Errors
    /// Those of the network and the vault, where there is no list.
    pub(super) async fn of(
        context: &Context,
        requests: &mut Requests<'_>,
        issuer: &str,
    ) -> Result<Self, Error> {
        if address::is_same_place(issuer, &context.authority) {
            return Ok(Self::Authority);
        }
        let now = context.now()?;
        let asks = match trust_store::held(context)? {
            Some(list) if vouches(&list, issuer) => now >= trust_store::due(context, now)?,
            // Not while the server's pause lasts.
            Some(_) => now >= Schedule::read(context, schedule::TRUST_LIST)?.pause(now),
            None => true,
        };
        let mut fetched = Ok(false);
        if asks {
            let _network_lock = NetworkLock::take(&context.directory, requests).await?;
            fetched = trust_store::fetch(context, requests).await;
        }
        match (trust_store::held(context)?, fetched) {
            (_, Err(error @ (Error::Cancelled | Error::Storage(_)))) => Err(error),
            (Some(list), _) if vouches(&list, issuer) => Ok(Self::Listed),
            (None, Err(error)) => Err(error),
            _ => Ok(Self::Unknown),
        }
    }

    /// Judges an issuer by the held list, without a request.
    ///
    /// # Errors
    /// Those of the vault.
    pub(super) fn without_asking(context: &Context, issuer: &str) -> Result<Self, Error> {
        Ok(if address::is_same_place(issuer, &context.authority) {
            Self::Authority
        } else if trust_store::held(context)?.is_some_and(|list| vouches(&list, issuer)) {
            Self::Listed
        } else {
            Self::Unknown
        })
    }
}

/// Whether a list vouches for an address: it must name a credential key of this address that could
/// still sign when the list was signed. An expired or withdrawn key does not say who is at the
/// address now. This phone's clock does not count.
fn vouches(list: &TrustList, issuer: &str) -> bool {
    let at = list.issued_at();
    let mut signers = list
        .entries()
        .filter(|entry| {
            entry.purposes.contains(&Purpose::Credential)
                && entry.is_in_force(at, 0)
                && entry
                    .signed_until
                    .is_none_or(|last| last >= at.max(entry.not_before))
        })
        .peekable();
    let publishes = signers.peek().is_some() && address::is_same_place(list.issuer(), issuer);
    publishes || signers.any(|entry| address::is_same_place(&entry.name, issuer))
}
