//! What a driver who does not look at the app is told.

use std::sync::Arc;

use vidimus_app::notices::{DueNotices, Planning};
use vidimus_app::runner;

use crate::error::WalletError;
use crate::wallet::Wallet;

/// What to tell the driver, by what the wallet holds: after a refresh in the background. It counts
/// as told from now on, also for other processes. `plans` says whether the system shows what is
/// planned at its time; without it a later call tells it.
#[uniffi::export]
pub async fn due_notices(wallet: Arc<Wallet>, plans: bool) -> Result<DueNotices, WalletError> {
    let planning = if plans {
        Planning::BySystem
    } else {
        Planning::ByLaterCall
    };
    wallet
        .run(async move |core| Ok(runner::due_notices(&core, planning).await?))
        .await
}
