//! An HTTPS server on loopback that gives one answer to every request. Its certificate is signed by an
//! authority that only the tests trust; `tls/` holds both, made with OpenSSL and good until 2120.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The certificate of the tests' own authority, in DER.
pub(crate) const TLS_ROOT: &[u8] = include_bytes!("tls/root.der");

/// The server; it ends with the process.
pub(crate) struct TlsServer {
    port: u16,
}

impl TlsServer {
    /// Answers with `head` (status line and headers, without the last blank line) and `body`.
    pub(crate) fn start(head: &'static str, body: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = config();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, body) = (Arc::clone(&config), body.clone());
                std::thread::spawn(move || serve(stream, config, head, &body));
            }
        });
        Self { port }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }
}

fn config() -> Arc<ServerConfig> {
    let certificate = CertificateDer::from(include_bytes!("tls/server.der").to_vec());
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

/// Ends quietly where the client hangs up, as one does that refuses the certificate.
fn serve(stream: TcpStream, config: Arc<ServerConfig>, head: &str, body: &[u8]) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).is_ok_and(|count| count > 0) {
        let head = format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len());
        if stream.write_all(&[head.as_bytes(), body].concat()).is_err() {
            return;
        }
    }
}
