//! Which office a command asks, and whose token it shows there.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use reqwest::header::HeaderValue;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::failure::{Failure, Outcome};
use crate::files;

/// More than any token has, in bytes.
const MAX_TOKEN: usize = 512;
/// More than any file of certificates has.
const MAX_CERTIFICATES: u64 = 1024 * 1024;

/// An office, the file of the token, and who vouches for the office's certificate.
pub(crate) struct Access {
    /// The office's address, without a path.
    pub(super) office: Url,
    pub(super) token_file: PathBuf,
    /// `None`: the public authorities.
    pub(super) ca: Option<PathBuf>,
}

impl Access {
    /// Reads the office's address; the files are read when a command needs them.
    pub(crate) fn new(server: &str, token_file: PathBuf, ca: Option<PathBuf>) -> Outcome<Self> {
        Ok(Self {
            office: address(server)?,
            token_file,
            ca,
        })
    }

    /// The token as it is sent.
    pub(super) fn token(&self) -> Outcome<HeaderValue> {
        let path = &self.token_file;
        let text = read_private(path)?;
        let none = || {
            Failure::bad_input(format!(
                "{} holds no token: it is one line, as `vidimus authority user token` prints it",
                path.display()
            ))
        };
        let text = std::str::from_utf8(&text).map_err(|_| none())?.trim();
        let is_token = !text.is_empty()
            && text.len() <= MAX_TOKEN
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_token {
            return Err(none());
        }
        let header = Zeroizing::new(format!("Bearer {text}"));
        let mut header = HeaderValue::from_str(&header).map_err(|_| none())?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Who may vouch for the office's certificate.
    pub(super) fn roots(&self) -> Outcome<RootCertStore> {
        let mut roots = RootCertStore::empty();
        let Some(path) = &self.ca else {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            return Ok(roots);
        };
        let bytes = files::read_up_to(path, MAX_CERTIFICATES)?;
        for certificate in CertificateDer::pem_slice_iter(&bytes) {
            let added = certificate.ok().and_then(|found| roots.add(found).ok());
            added.ok_or_else(|| {
                Failure::bad_input(format!(
                    "{} holds a certificate that cannot be used",
                    path.display()
                ))
            })?;
        }
        if roots.is_empty() {
            return Err(Failure::bad_input(format!(
                "{} holds no certificate in PEM",
                path.display()
            )));
        }
        Ok(roots)
    }
}

/// The address of an office: https, or plain http on this machine.
fn address(text: &str) -> Outcome<Url> {
    let usage = |words| Err(Failure::usage(words));
    const FORM: &str = "--server is the address of an office, such as https://office.example";
    let Ok(url) = Url::parse(text) else {
        return usage(FORM);
    };
    let has_more = !matches!(url.path(), "" | "/")
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some();
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return usage(FORM),
    };
    match url.scheme() {
        "https" | "http" if has_more => {
            usage("--server is the address alone, without a path: https://office.example")
        }
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        "http" => usage(
            "--server must begin with https: by plain http the token could be read on the way, so that is for this machine alone",
        ),
        _ => usage(FORM),
    }
}

/// Reads a file that no one else may read.
fn read_private(path: &Path) -> Outcome<Zeroizing<Vec<u8>>> {
    let failed = |error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(failed)?;
    // Of what was opened, and not of what has the name meanwhile.
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Failure::bad_input(format!(
            "others may read {}, so its token is not used: run `chmod 600 {}`; where others have read it, have the token revoked",
            path.display(),
            path.display()
        )));
    }
    let limit = u64::try_from(MAX_TOKEN).unwrap_or(u64::MAX);
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * MAX_TOKEN));
    file.take(limit.saturating_add(2))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_asked_by_https_or_on_this_machine() {
        for good in [
            "https://office.example",
            "https://office.example:8443/",
            "https://192.0.2.7",
            "http://127.0.0.1:8081",
            "http://[::1]:8081/",
            "http://localhost:8081",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for (wrong, word) in [
            ("", "such as"),
            ("office.example", "such as"),
            ("office.example:8443", "such as"),
            ("ftp://office.example", "such as"),
            ("http://office.example", "https"),
            ("http://192.0.2.7", "https"),
            ("http://localhost.example", "https"),
            ("https://office.example/v1", "without a path"),
            ("https://office.example/?a", "without a path"),
            ("https://clerk:word@office.example", "without a path"),
        ] {
            let failure = address(wrong).err().unwrap();
            assert_eq!(failure.code(), 64, "{wrong}");
            let words = failure.to_string();
            assert!(words.contains(word) && !words.contains("word@"), "{words}");
        }
    }

    #[test]
    fn a_token_is_one_line_in_a_file_that_no_one_else_may_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let access =
            |file: &Path| Access::new("https://office.example", file.to_owned(), None).unwrap();
        let write = |text: &[u8], mode| {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        };
        write(b"  vdo_abc\n", 0o600);
        let header = access(&file).token().unwrap();
        assert_eq!(header.to_str().unwrap(), "Bearer vdo_abc");
        assert_eq!(format!("{header:?}"), "Sensitive");
        for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
            write(b"vdo_abc", mode);
            let words = access(&file).token().unwrap_err().to_string();
            assert!(
                words.contains("chmod 600") && !words.contains("vdo_"),
                "{words}"
            );
        }
        for wrong in [
            &b""[..],
            b"\n",
            b"vdo_a\nvdo_b",
            b"\xff",
            "vdo_ä".as_bytes(),
            &[b'a'; 513],
        ] {
            write(wrong, 0o400);
            let failure = access(&file).token().unwrap_err();
            assert_eq!(failure.code(), 65);
            assert!(failure.to_string().contains("holds no token"));
        }
        let gone = access(&folder.path().join("none")).token().unwrap_err();
        assert_eq!(gone.code(), 65);
    }
}
