//! Where the office listens, and under which names.
//!
//! Plain http is for this machine alone; everywhere else it is TLS. `Host` and `Origin` of a
//! request must have one of the configured names. So a page of another name that was pointed at
//! this address (DNS rebinding) is refused.

use std::fs;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::error::Error;
use crate::office::OfficeFault;

/// The files of a TLS listener, in PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The server's certificate, and those between it and its root.
    pub certificate: PathBuf,
    /// The private key of it.
    pub key: PathBuf,
    /// Authorities whose client certificates are accepted; `None`: no certificate is asked for.
    pub client_authorities: Option<PathBuf>,
}

/// A second listener, for the office.
#[derive(Clone)]
pub struct OfficeListener {
    listener: Arc<TcpListener>,
    address: SocketAddr,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) names: Names,
}

impl OfficeListener {
    /// Listens for the office. `names` are further names that browsers and programs may reach it
    /// by, each a host with or without a port; on a loopback address its own names are known.
    ///
    /// # Errors
    /// [`OfficeFault::Plain`] without TLS on another address than loopback; [`OfficeFault::Tls`],
    /// [`OfficeFault::OfficeName`], or why the address cannot be listened on.
    pub fn bind(
        address: SocketAddr,
        tls: Option<&TlsFiles>,
        names: &[String],
    ) -> Result<Self, Error> {
        if tls.is_none() && !address.ip().to_canonical().is_loopback() {
            return Err(OfficeFault::Plain.into());
        }
        let tls = tls.map(config).transpose()?.map(Arc::new);
        let failed = || Error::io("listen for the office");
        let listener = TcpListener::bind(address).map_err(failed())?;
        listener.set_nonblocking(true).map_err(failed())?;
        let address = listener.local_addr().map_err(failed())?;
        let names = Names::new(names, address, tls.is_some())?;
        Ok(Self {
            listener: Arc::new(listener),
            address,
            tls,
            names,
        })
    }

    /// The address at which it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that a browser of this machine opens, or the first of the names given.
    #[must_use]
    pub fn url(&self) -> &str {
        self.names.origins.first().map_or("", String::as_str)
    }

    pub(super) fn listener(&self) -> Result<tokio::net::TcpListener, Error> {
        let failed = || Error::io("listen for the office");
        let listener = self.listener.try_clone().map_err(failed())?;
        tokio::net::TcpListener::from_std(listener).map_err(failed())
    }
}

/// How the office may be named.
#[derive(Clone)]
pub(super) struct Names {
    /// As `Host` says it, in small letters.
    hosts: Vec<String>,
    /// As `Origin` says it; those that were given come first.
    origins: Vec<String>,
}

impl Names {
    fn new(given: &[String], listening: SocketAddr, tls: bool) -> Result<Self, Error> {
        let (scheme, usual) = if tls { ("https", 443) } else { ("http", 80) };
        let mut names = Self {
            hosts: Vec::new(),
            origins: Vec::new(),
        };
        for name in given {
            let (host, port) = split(name).ok_or(OfficeFault::OfficeName)?;
            names.add(scheme, &host, port.unwrap_or(listening.port()), usual);
        }
        if listening.ip().to_canonical().is_loopback() {
            let own = match listening.ip() {
                IpAddr::V4(own) => own.to_string(),
                IpAddr::V6(own) => format!("[{own}]"),
            };
            for host in [&*own, "localhost"] {
                names.add(scheme, host, listening.port(), usual);
            }
        }
        if names.hosts.is_empty() {
            return Err(OfficeFault::OfficeName.into());
        }
        Ok(names)
    }

    fn add(&mut self, scheme: &str, host: &str, port: u16, usual: u16) {
        let with_port = format!("{host}:{port}");
        if port == usual {
            // A browser leaves the usual port out.
            self.origins.push(format!("{scheme}://{host}"));
            self.hosts.push(host.to_owned());
        } else {
            self.origins.push(format!("{scheme}://{with_port}"));
        }
        self.hosts.push(with_port);
    }

    pub(super) fn is_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.hosts.contains(&host)
    }

    pub(super) fn is_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known == origin)
    }
}

/// A host name in small letters, and its port.
fn split(name: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match name.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (name, None),
    };
    let host = host.to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let is_name = !host.is_empty()
        && host.len() <= 253
        && host.chars().all(plain)
        && host.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_name.then_some((host, port))
}

fn config(files: &TlsFiles) -> Result<ServerConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = certificates("--tls-cert", &files.certificate)?;
    let key = read("--tls-key", &files.key)?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| fault("--tls-key", "holds no private key in PEM"))?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| fault("--tls-cert", "no version of TLS can be used"))?;
    let builder = match &files.client_authorities {
        None => builder.with_no_client_auth(),
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates("--client-ca", file)? {
                roots
                    .add(certificate)
                    .map_err(|_| fault("--client-ca", "holds a certificate that cannot be used"))?;
            }
            // Who shows none signs in by passphrase or token.
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|_| fault("--client-ca", "holds no certificate that can be used"))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|_| fault("--tls-key", "is not the key of the certificate"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(option: &'static str, file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = read(option, file)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(fault(option, "holds no certificate in PEM")),
    }
}

fn read(option: &'static str, file: &Path) -> Result<Vec<u8>, Error> {
    fs::read(file).map_err(|_| fault(option, "cannot be read"))
}

fn fault(file: &'static str, fault: &'static str) -> Error {
    OfficeFault::Tls { file, fault }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(given: &[&str], listening: &str, tls: bool) -> Result<Names, Error> {
        let given: Vec<_> = given.iter().map(|name| (*name).to_owned()).collect();
        Names::new(&given, listening.parse().unwrap(), tls)
    }

    #[test]
    fn the_office_is_known_by_its_names_and_by_no_other() {
        let plain = names(&[], "127.0.0.1:8081", false).unwrap();
        assert!(plain.is_host("127.0.0.1:8081") && plain.is_host("LOCALHOST:8081"));
        assert!(plain.is_origin("http://localhost:8081"));
        for host in [
            "127.0.0.1",
            "evil.example:8081",
            "localhost:80",
            "",
            "localhost",
        ] {
            assert!(!plain.is_host(host), "{host}");
        }
        for origin in ["https://localhost:8081", "http://evil.example:8081", "null"] {
            assert!(!plain.is_origin(origin), "{origin}");
        }
        let tls = names(&["Office.example"], "0.0.0.0:443", true).unwrap();
        assert!(tls.is_host("office.example") && tls.is_host("office.example:443"));
        assert!(tls.is_origin("https://office.example"));
        assert!(!tls.is_host("localhost"));
        let behind = names(&["office.example:8443"], "0.0.0.0:443", true).unwrap();
        assert!(behind.is_origin("https://office.example:8443"));
        for wrong in [
            "",
            "a b",
            "https://office.example",
            "office.example:x",
            "-a",
        ] {
            assert!(names(&[wrong], "127.0.0.1:1", false).is_err(), "{wrong}");
        }
        assert!(names(&[], "0.0.0.0:443", true).is_err(), "no name is known");
    }

    #[test]
    fn plain_is_refused_beyond_this_machine() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let told = OfficeListener::bind(address.parse().unwrap(), None, &[]);
            assert_eq!(told.err(), Some(OfficeFault::Plain.into()), "{address}");
        }
        let bound = OfficeListener::bind("127.0.0.1:0".parse().unwrap(), None, &[]).unwrap();
        assert_eq!(bound.url(), format!("http://{}", bound.address()));
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_by_its_option() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.pem");
        fs::write(&file, "nothing").unwrap();
        let files = TlsFiles {
            certificate: file.clone(),
            key: file,
            client_authorities: None,
        };
        let told = OfficeListener::bind("127.0.0.1:0".parse().unwrap(), Some(&files), &[]);
        let words = told.err().unwrap().to_string();
        assert_eq!(words, "--tls-cert: holds no certificate in PEM");
    }
}
