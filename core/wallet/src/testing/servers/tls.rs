//! HTTPS before a [`Server`]: the same scripts, over TLS. Its certificates are signed by an
//! authority that only the tests trust; `tls/` holds all of them and `make.sh`, which made them
//! with OpenSSL.

use std::io::{Read, Result as IoResult, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::Server;

/// The certificate of the tests' own authority, in DER.
pub(crate) const TLS_ROOT: &[u8] = include_bytes!("tls/root.der");

/// The certificate that the server shows. All have the same key and are signed by the tests'
/// authority.
#[derive(Clone, Copy)]
pub(crate) enum Certificate {
    /// For 127.0.0.1, until 2120.
    Right,
    /// For another address and another name.
    OtherHost,
    /// For 127.0.0.1, until the end of 2020.
    Expired,
    /// For 127.0.0.1, from 2119 on.
    NotBegun,
}

impl Certificate {
    fn der(self) -> &'static [u8] {
        match self {
            Self::Right => include_bytes!("tls/server.der"),
            Self::OtherHost => include_bytes!("tls/other-host.der"),
            Self::Expired => include_bytes!("tls/expired.der"),
            Self::NotBegun => include_bytes!("tls/not-begun.der"),
        }
    }
}

/// The TLS server in front; it ends with the process. It closes each connection after one answer,
/// so that the next one must resume its session.
pub(crate) struct TlsFront {
    port: u16,
    bytes: Arc<AtomicUsize>,
}

impl TlsFront {
    pub(crate) fn before(server: &Server) -> Self {
        Self::showing(Certificate::Right, server)
    }

    pub(crate) fn showing(certificate: Certificate, server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (config, bytes) = (config(certificate), Arc::new(AtomicUsize::new(0)));
        let (server, counted) = (server.clone(), Arc::clone(&bytes));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let stream = Counted {
                    stream,
                    bytes: Arc::clone(&counted),
                };
                // A client that refuses the certificate closes the connection; the next one may
                // accept it.
                let _ = serve(stream, Arc::clone(&config), &server);
            }
        });
        Self { port, bytes }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }

    /// Bytes that went over its connections in both directions, TLS included.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }
}

fn config(certificate: Certificate) -> Arc<ServerConfig> {
    let certificate = CertificateDer::from(certificate.der());
    let key = PrivatePkcs8KeyDer::from(include_bytes!("tls/server.key.der").to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::from(key))
        .unwrap();
    Arc::new(config)
}

fn serve(stream: Counted, config: Arc<ServerConfig>, server: &Server) -> IoResult<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        received.extend_from_slice(&buffer[..count]);
        if let Some(answer) = server.answer_to(&received) {
            // Announced, so that no client keeps this connection.
            let status_line = answer.iter().position(|byte| *byte == b'\n').unwrap_or(0) + 1;
            let (first, rest) = answer.split_at(status_line);
            stream.write_all(&[first, b"connection: close\r\n", rest].concat())?;
            stream.conn.send_close_notify();
            return stream.flush();
        }
    }
}

/// A connection whose bytes are counted.
struct Counted {
    stream: TcpStream,
    bytes: Arc<AtomicUsize>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        let count = self.stream.read(buffer)?;
        self.bytes.fetch_add(count, Ordering::SeqCst);
        Ok(count)
    }
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> IoResult<usize> {
        let count = self.stream.write(buffer)?;
        self.bytes.fetch_add(count, Ordering::SeqCst);
        Ok(count)
    }

    fn flush(&mut self) -> IoResult<()> {
        self.stream.flush()
    }
}
