//! JSON as servers and people send it.

use serde::de::DeserializeOwned;

/// Some editors and servers write this before a text. JSON forbids it, and readers may pass over it (RFC 8259,
/// section 8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes behind a byte order mark, where there is one, or several that were put one before the other.
pub(crate) fn without_mark(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
        bytes = rest;
    }
    bytes
}

/// Reads a whole document; `None` where it is none, or not laid out like `T`.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(without_mark(bytes)).ok()
}
