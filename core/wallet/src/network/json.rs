//! JSON from servers and people.

use serde::de::DeserializeOwned;

/// Some editors and servers write this before a text. JSON forbids it; a reader may ignore it (RFC
/// 8259, section 8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes after any byte order marks.
pub(crate) fn without_mark(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
        bytes = rest;
    }
    bytes
}

/// Reads a whole document; `None` where it is not JSON, or does not have the layout of `T`.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(without_mark(bytes)).ok()
}
