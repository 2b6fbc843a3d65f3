//! Futures behind a pointer.

use std::pin::Pin;

/// A future behind a pointer.
///
/// Each crate that awaits an `async fn` compiles a copy of its code. The code of this type's
/// futures is compiled in this crate alone, which keeps the phones' library small: two crates await
/// the same calls.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
