//! An offer between being read and being taken up.

use crate::error::WalletError;
use crate::probe::Counted;
use crate::runtime::guard;
use crate::types::OfferDetails;

/// An offer that was read, until it is taken up.
#[derive(uniffi::Object)]
pub struct Offer {
    pub(crate) core: vidimus_wallet::Offer,
    _counted: Counted,
}

#[uniffi::export]
impl Offer {
    /// The issuer, who vouches for it, and the code that it asks for.
    pub fn details(&self) -> Result<OfferDetails, WalletError> {
        guard(|| Ok(OfferDetails::from(&self.core)))
    }
}

impl From<vidimus_wallet::Offer> for Offer {
    fn from(core: vidimus_wallet::Offer) -> Self {
        Self {
            core,
            _counted: Counted::new(),
        }
    }
}
