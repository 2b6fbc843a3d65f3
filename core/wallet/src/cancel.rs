//! A way to stop a call that is under way, from any thread.

use std::sync::Arc;

use tokio::sync::watch;

/// Tells a running call to stop as soon as it can. Clones are one token; a fresh one is not cancelled.
///
/// Cancelling is final. What was committed before stays, so the next call goes on from there.
#[derive(Clone)]
pub struct CancelToken {
    flag: Arc<watch::Sender<bool>>,
}

impl CancelToken {
    /// A token that nobody has cancelled.
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
