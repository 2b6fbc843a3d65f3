//! Calls behind a pointer.

use std::pin::Pin;

/// A call behind a pointer.
///
/// Of an `async fn` each crate that waits for it gets a copy of all its code. Of this none does: in the phones' library two crates
/// wait for the same calls.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
