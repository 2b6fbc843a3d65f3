//! A reader's challenge between being read and being answered.

use vidimus_wallet::present;

use crate::error::WalletError;
use crate::probe::Counted;
use crate::runtime::guard;
use crate::types::ReaderRequestDetails;

/// A reader's challenge that was read, until it is answered.
#[derive(uniffi::Object)]
pub struct ReaderRequest {
    pub(crate) core: present::ReaderRequest,
    _counted: Counted,
}

#[uniffi::export]
impl ReaderRequest {
    /// Who asks, and whether that is proven.
    pub fn details(&self) -> Result<ReaderRequestDetails, WalletError> {
        guard(|| Ok(ReaderRequestDetails::from(&self.core)))
    }
}

impl From<present::ReaderRequest> for ReaderRequest {
    fn from(core: present::ReaderRequest) -> Self {
        Self {
            core,
            _counted: Counted::new(),
        }
    }
}
