//! One showing of one license.

use std::sync::Arc;

use tokio::sync::Mutex;
use vidimus_wallet::{Wallet, present};

use crate::cancel_token::CancelToken;
use crate::error::WalletError;
use crate::probe::Counted;
use crate::runtime::{run, run_on_caller};
use crate::types::{Duration, Frame};

/// One showing of one license. It ends by itself after five minutes, or 110 seconds after its
/// challenge was read.
#[derive(uniffi::Object)]
pub struct Presentation {
    /// The core's presentation; none after it was ended.
    core: Arc<Mutex<Option<present::Presentation>>>,
    term: present::Term,
    /// Cancelled by `end`, so that `end` does not wait for a key store that does not sign.
    ended: vidimus_wallet::CancelToken,
    wallet: Wallet,
    _counted: Counted,
}

#[uniffi::export]
impl Presentation {
    /// Signs a new token and draws it. Call it again at the time that the frame names.
    pub async fn frame(&self, cancel: Arc<CancelToken>) -> Result<Frame, WalletError> {
        let cancel = cancel.core.clone();
        // On the caller's thread: a key that the vault holds signs at once, and waking another
        // thread takes as long as the frame itself.
        run_on_caller(async {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(WalletError::Cancelled),
                () = self.ended.cancelled() => Err(WalletError::PresentationEnded),
                frame = self.next_frame() => frame,
            }
        })
        .await
    }

    /// Whether the next frames carry the driver's face. It is off until the driver wants it, also
    /// where the reader asks for it. A license without a portrait has none to show.
    pub async fn show_face(&self, on: bool) -> Result<(), WalletError> {
        run_on_caller(async {
            let mut core = self.core.lock().await;
            let showing = core.as_mut().ok_or(WalletError::PresentationEnded)?;
            showing.show_face(on);
            Ok(())
        })
        .await
    }

    /// How much longer it lasts; zero once it has ended.
    pub async fn remaining(&self) -> Result<Duration, WalletError> {
        run_on_caller(async {
            let left = self.term.remaining(self.wallet.reading());
            let left = (!self.ended.is_cancelled()).then_some(left);
            Ok(left.unwrap_or_default().into())
        })
        .await
    }

    /// Ends it, and waits until it is in the activity log. Ending it again does nothing.
    pub async fn end(&self) -> Result<(), WalletError> {
        let core = Arc::clone(&self.core);
        let ended = self.ended.clone();
        run(async move {
            ended.cancel();
            let on = core.lock().await.take();
            match on {
                Some(on) => Ok(on.end().await?),
                None => Ok(()),
            }
        })
        .await
    }
}

impl Presentation {
    pub(crate) fn new(core: present::Presentation, wallet: Wallet) -> Arc<Self> {
        Arc::new(Self {
            term: core.term(),
            ended: vidimus_wallet::CancelToken::new(),
            core: Arc::new(Mutex::new(Some(core))),
            wallet,
            _counted: Counted::new(),
        })
    }

    async fn next_frame(&self) -> Result<Frame, WalletError> {
        let mut core = self.core.lock().await;
        let on = core.as_mut().ok_or(WalletError::PresentationEnded)?;
        Ok(on.frame(self.wallet.reading()).await?.into())
    }
}
