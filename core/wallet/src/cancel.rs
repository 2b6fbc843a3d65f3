//! Stopping a running call from any thread.

use std::sync::Arc;

use tokio::sync::watch;

/// Tells running calls to stop as soon as they can. Clones share one state.
///
/// Cancelling is final: make a new token for the next call. A call returns only when it has
/// stopped, with [`Error::Cancelled`](crate::Error::Cancelled) or with its result. What it
/// committed stays, and the next call continues from there.
#[derive(Clone)]
pub struct CancelToken {
    flag: Arc<watch::Sender<bool>>,
}

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self {
            flag: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Cancels the calls that were given this token or a clone of it.
    pub fn cancel(&self) {
        self.flag.send_replace(true);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.flag.borrow()
    }

    /// Waits until the token is cancelled; at once if it is already.
    pub async fn cancelled(&self) {
        // The sender lives in `self`, so the wait ends by a cancel alone.
        let _ = self.flag.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}

impl Default for CancelToken {
    fn default() -> Self {
        Self::new()
    }
}
