//! Which issuer may be given a transaction code.
//!
//! A link may come from anybody, and name an issuer of its sender's own. A driver who types the code of a letter there
//! has given it away. So a code is asked for only where somebody whom the wallet believes has named the issuer's address.

use vidimus_credential::trust::{Purpose, TrustList};

use crate::context::Context;
use crate::error::Error;
use crate::network::address;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::network::schedule::{self, Schedule};
use crate::trust_store;

/// Who vouches for an issuer's address. Only with [`Unknown`](Self::Unknown) may no code be given to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It is the authority that this wallet was made for.
    Authority,
    /// The trust list, which the root signed, has a credential key of this address, or was published there.
    Listed,
    /// Nobody.
    Unknown,
}

impl Standing {
    /// Judges an issuer. The trust list is asked for at home where none is held, where it is due, and where the one that is
    /// held does not name the issuer: it may have been named since.
    ///
    /// # Errors
    /// Those of the network and the vault, where there is no list to judge by.
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
            // Unless its server wants to be left alone.
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

    /// Judges an issuer by what is held.
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

/// Whether a list vouches for an address: by a credential key of this name that could still sign when the list was signed.
/// A key that was over by then, or withdrawn, says nothing of who is at its address now. This phone's clock is not asked.
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
