//! Calls behind a pointer.

use std::pin::Pin;

/// A call behind a pointer.
///
/// Each crate that waits for an `async fn` gets a copy of all its code. A call of this type has its code in this crate alone.
/// It matters in the phones' library, where two crates wait for the same calls.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
