//! The certificate that a peer has shown in its TLS handshake.

use sha2::{Digest as _, Sha256};
use tokio_rustls::server::TlsStream;

/// SHA-256 of a client's certificate, which the handshake has proven to be the peer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Certificate(pub(in crate::http) [u8; 32]);

impl Certificate {
    /// The peer's own certificate, where it has shown one.
    pub(super) fn of<S>(stream: &TlsStream<S>) -> Option<Self> {
        let (_, session) = stream.get_ref();
        let own = session.peer_certificates()?.first()?;
        Some(Self(Sha256::digest(own).into()))
    }
}
