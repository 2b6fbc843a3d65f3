//! The object with which the other language stops calls that are under way.

use std::sync::Arc;

use crate::error::WalletError;
use crate::probe::Counted;
use crate::runtime::guard;

/// A way to stop calls that are under way, from any thread.
#[derive(uniffi::Object)]
pub struct CancelToken {
    pub(crate) core: vidimus_wallet::CancelToken,
    _counted: Counted,
}

#[uniffi::export]
impl CancelToken {
    /// A new token, not cancelled yet.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<Self>, WalletError> {
        Ok(Arc::new(Self {
            core: vidimus_wallet::CancelToken::new(),
            _counted: Counted::new(),
        }))
    }

    /// Stops the calls that were given this token, as soon as they can. It cannot be undone.
    pub fn cancel(&self) -> Result<(), WalletError> {
        guard(|| {
            self.core.cancel();
            Ok(())
        })
    }
}
