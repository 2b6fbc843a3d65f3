//! Which issuer may be given a transaction code.
//!
//! A link may come from anybody, and name an issuer of its sender's own. A driver who types the code of a letter there
//! has given it away. So a code is asked for only where somebody whom the wallet believes has named the issuer's address.

use vidimus_credential::trust::{Purpose, TrustList};

use crate::address;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::parts::Parts;
use crate::trust_store;
use crate::turn::Turn;

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
    /// Judges an issuer. The trust list is asked for at home where it is needed and none is held or it is due.
    ///
    /// # Errors
    /// Those of the network and the vault, where there is no list to judge by.
    pub(super) async fn of(
        parts: &Parts,
        exchange: &mut Exchange<'_>,
        issuer: &str,
    ) -> Result<Self, Error> {
        if address::is_same_place(issuer, &parts.authority) {
            return Ok(Self::Authority);
        }
        let now = parts.now()?;
        let mut fetched = Ok(false);
        if now >= trust_store::due(parts, now)? {
            let _turn = Turn::take(&parts.directory, exchange).await?;
            fetched = trust_store::fetch(parts, exchange).await;
        }
        match (trust_store::held(parts)?, fetched) {
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
    pub(super) fn without_asking(parts: &Parts, issuer: &str) -> Result<Self, Error> {
        Ok(if address::is_same_place(issuer, &parts.authority) {
            Self::Authority
        } else if trust_store::held(parts)?.is_some_and(|list| vouches(&list, issuer)) {
            Self::Listed
        } else {
            Self::Unknown
        })
    }
}

fn vouches(list: &TrustList, issuer: &str) -> bool {
    let mut signers = list
        .entries()
        .filter(|entry| entry.purposes.contains(&Purpose::Credential))
        .peekable();
    let publishes = signers.peek().is_some() && address::is_same_place(list.issuer(), issuer);
    publishes || signers.any(|entry| address::is_same_place(&entry.name, issuer))
}
