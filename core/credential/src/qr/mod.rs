//! From bytes to the picture on a screen: Base45 text, and the QR symbol that carries it
//! (section 4 of the profile).
//!
//! ```
//! use vidimus_credential::qr::{self, Symbol, SymbolOptions};
//!
//! let text = qr::token_text(b"a presentation token");
//! let first = Symbol::encode(&text, SymbolOptions::default())?;
//! // The next frame of a presentation keeps size and mask, so that a camera keeps its focus.
//! let next = Symbol::encode(&text, SymbolOptions {
//!     min_version: first.version(),
//!     mask: Some(first.mask()),
//! })?;
//! assert_eq!(first, next);
//! # Ok::<(), vidimus_credential::Error>(())
//! ```

pub mod base45;
mod mask;
mod pasted;
#[cfg(feature = "picture")]
mod picture;
#[cfg(feature = "picture")]
mod png;
mod symbol;

pub(crate) use pasted::read_text;
#[cfg(feature = "picture")]
pub use png::png_of;
pub use symbol::{EccLevel, MAX_CHARACTERS, MAX_VERSION, Symbol, SymbolOptions};

/// The prefix of a presentation token's text.
pub const TOKEN_PREFIX: &str = "DL1:";

/// The prefix of a challenge's text.
pub const CHALLENGE_PREFIX: &str = "DLQ1:";

/// The prefix of a face frame's text.
pub const FACE_PREFIX: &str = "DLF1:";

/// The width of the light border that ISO/IEC 18004 asks for, in modules.
pub const QUIET_ZONE: usize = 4;

/// The text of a presentation token: `DL1:` and the Base45 of its bytes.
#[must_use]
pub fn token_text(token: &[u8]) -> String {
    encode_text(TOKEN_PREFIX, token)
}

/// A prefix, then the Base45 of `bytes`.
#[must_use]
pub fn encode_text(prefix: &str, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(prefix.len() + base45::encoded_len(bytes.len()));
    text.push_str(prefix);
    base45::encode_into(bytes, &mut text);
    text
}

/// The longest text that a reader takes, in characters, without those that wrapping added.
pub const MAX_TEXT: usize = 65_536;
