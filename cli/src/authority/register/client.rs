//! Calls of an office's JSON API, and what a command says where one was not answered.
//!
//! It asks one server, by https or on this machine, follows no redirect, takes no proxy from the
//! environment, and has a limit in bytes and seconds for each answer. Only this module and its
//! neighbor [`access`](super::access) name reqwest.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, redirect};
use rustls::{CertificateError, ClientConfig};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::Url;

use super::access::Access;
use super::problem::Problem;
use crate::failure::{Failure, Outcome};
use crate::runtime;

/// Time limit for a new connection, name look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(10);
/// Time limit for a call. The office takes no longer than 20 s.
const CALL: Duration = Duration::from_secs(30);
/// Time limit for a part of the audit.
const LONG_CALL: Duration = Duration::from_secs(120);
/// More than any answer has, in bytes: a page of licenses has at most 2 MiB.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// More than a part of the audit has.
const MAX_LINES: usize = 64 * 1024 * 1024;

/// One office, asked as one user.
pub(crate) struct Client {
    runtime: Runtime,
    http: reqwest::Client,
    office: Url,
    token: HeaderValue,
    token_file: PathBuf,
    has_ca: bool,
}

/// A call. Its path is given in parts, which are names or ids.
pub(super) struct Call<'a> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, String)],
    body: Option<Value>,
    /// How it is repeated where no answer comes; what it changes may have been done then.
    again: Option<String>,
}

impl<'a> Call<'a> {
    /// A call that changes nothing.
    pub(super) fn get(path: &'a [&'a str]) -> Self {
        Self {
            method: Method::GET,
            path,
            query: &[],
            body: None,
            again: None,
        }
    }

    /// A call that makes or does something.
    pub(super) fn post(path: &'a [&'a str], body: Value) -> Self {
        Self {
            method: Method::POST,
            body: Some(body),
            ..Self::get(path)
        }
    }

    /// A call that changes what is there.
    pub(super) fn patch(path: &'a [&'a str], body: Value) -> Self {
        Self {
            method: Method::PATCH,
            body: Some(body),
            ..Self::get(path)
        }
    }

    /// A call that takes something away.
    pub(super) fn delete(path: &'a [&'a str]) -> Self {
        Self {
            method: Method::DELETE,
            ..Self::get(path)
        }
    }

    /// With parameters in the address.
    pub(super) fn asking(self, query: &'a [(&'a str, String)]) -> Self {
        Self { query, ..self }
    }

    /// With what to do where no answer comes.
    pub(super) fn or_again(self, again: String) -> Self {
        Self {
            again: Some(again),
            ..self
        }
    }

    fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// What to add where no answer came.
    fn unknown(&self) -> String {
        match &self.again {
            _ if !self.changes() => "; try again".to_owned(),
            Some(again) => format!("; it is not known whether it was done: {again}"),
            None => "; it is not known whether it was done: look before you do it again".to_owned(),
        }
    }
}

impl Client {
    pub(super) fn new(access: &Access) -> Outcome<Self> {
        let token = access.token()?;
        let roots = access.roots()?;
        let failed = |_| Failure::not_done("cannot prepare TLS");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .build()
            .map_err(|_| Failure::not_done("cannot prepare the network"))?;
        Ok(Self {
            runtime: runtime::start()?,
            http,
            office: access.office.clone(),
            token,
            token_file: access.token_file.clone(),
            has_ca: access.ca.is_some(),
        })
    }

    /// Makes a call that answers in JSON.
    pub(super) fn ask<T: DeserializeOwned>(&self, call: &Call<'_>) -> Outcome<T> {
        let body = self.send(call, CALL, MAX_ANSWER)?;
        serde_json::from_slice(&body).map_err(|_| self.stranger(call))
    }

    /// Makes a call that answers in lines of text.
    pub(super) fn lines(&self, call: &Call<'_>) -> Outcome<String> {
        let body = self.send(call, LONG_CALL, MAX_LINES)?;
        String::from_utf8(body).map_err(|_| self.stranger(call))
    }

    /// Makes a call that answers in bytes, such as a picture.
    pub(super) fn bytes(&self, call: &Call<'_>) -> Outcome<Vec<u8>> {
        self.send(call, CALL, MAX_ANSWER)
    }

    fn send(&self, call: &Call<'_>, time: Duration, most: usize) -> Outcome<Vec<u8>> {
        let url = self.url(call)?;
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .header(AUTHORIZATION, self.token.clone())
            .header(ACCEPT, "application/json")
            .timeout(time);
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        let answered = self.runtime.block_on(async {
            let response = request.send().await.map_err(Broken::Network)?;
            let status = response.status().as_u16();
            let wait = wait_of(&response);
            let body = read(response, most).await?;
            Ok((status, wait, body))
        });
        let (status, wait, body) = answered.map_err(|broken| self.failed(call, &broken))?;
        match status {
            200..=299 => Ok(body),
            _ => Err(self.refused(call, status, wait, &body)),
        }
    }

    fn url(&self, call: &Call<'_>) -> Outcome<Url> {
        // Such a part would name another address.
        let is_path = |part: &&&str| part.bytes().all(|byte| byte == b'.');
        if call.path.iter().any(|part| is_path(&part)) {
            return Err(Failure::bad_input(
                "a name or number has a letter or a digit",
            ));
        }
        let mut url = self.office.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.clear().push("v1").extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        Ok(url)
    }

    /// The office as people know it.
    fn name(&self) -> &str {
        self.office.as_str().trim_end_matches('/')
    }

    /// Where what answers is no office, or one of another version.
    fn stranger(&self, call: &Call<'_>) -> Failure {
        Failure::not_done(format!(
            "what answers at {} is no office, or one of another version of vidimus: check --server{}",
            self.name(),
            if call.changes() {
                call.unknown()
            } else {
                String::new()
            }
        ))
    }

    /// An answer that refuses.
    fn refused(&self, call: &Call<'_>, status: u16, wait: Option<u64>, body: &[u8]) -> Failure {
        let office = self.name();
        match (status, Problem::read(body)) {
            (401, _) => Failure::not_done(format!(
                "the office does not take the token in {}: it is unknown or revoked, or its user is disabled. Ask a chief for another one (`vidimus authority user token`)",
                self.token_file.display()
            )),
            (300..=399, _) => Failure::not_done(format!(
                "{office} redirects, which is not followed with a token: give the office's own address to --server"
            )),
            (_, Some(problem)) => problem.failure(status, wait),
            (408 | 504, None) => {
                Failure::not_done(format!("{office} took too long{}", call.unknown()))
            }
            (429 | 503, None) => Failure::not_done(format!(
                "{office} has too much to do now{}",
                super::problem::then(wait)
            )),
            _ => self.stranger(call),
        }
    }

    /// Why no answer came. The library's own words hold addresses, and are left out.
    fn failed(&self, call: &Call<'_>, broken: &Broken) -> Failure {
        let office = self.name();
        let error = match broken {
            Broken::TooLarge => return self.stranger(call),
            Broken::Network(error) => error,
        };
        let words = if let Some(fault) = cause::<rustls::Error>(error) {
            return Failure::not_done(self.untrusted(fault));
        } else if error.is_connect() {
            format!(
                "no connection to {office}: look whether `vidimus authority serve --office` runs there, and whether the address is right"
            )
        } else if error.is_timeout() {
            format!(
                "{office} did not answer in {} seconds{}",
                CALL.as_secs(),
                call.unknown()
            )
        } else {
            format!("the connection to {office} broke off{}", call.unknown())
        };
        Failure::not_done(words)
    }

    fn untrusted(&self, fault: &rustls::Error) -> String {
        let office = self.name();
        use CertificateError as Of;
        match fault {
            rustls::Error::InvalidCertificate(Of::UnknownIssuer) if self.has_ca => format!(
                "the certificate of {office} is not of the authority in the file of --ca: nothing was sent. Check both, and who may have put another server there"
            ),
            rustls::Error::InvalidCertificate(Of::UnknownIssuer) => format!(
                "no public authority vouches for the certificate of {office}: nothing was sent. Give the office's own certificate authority by --ca FILE"
            ),
            rustls::Error::InvalidCertificate(
                Of::NotValidForName | Of::NotValidForNameContext { .. },
            ) => format!(
                "the certificate that {office} shows is for another name: nothing was sent. Give the name that is in it to --server"
            ),
            rustls::Error::InvalidCertificate(
                Of::Expired
                | Of::ExpiredContext { .. }
                | Of::NotValidYet
                | Of::NotValidYetContext { .. },
            ) => format!(
                "the certificate of {office} has ended or is not valid yet: nothing was sent. Check the clock of this machine, and have the certificate renewed"
            ),
            rustls::Error::InvalidCertificate(_) => {
                format!("the certificate of {office} cannot be trusted: nothing was sent")
            }
            _ => format!(
                "{office} does not speak TLS as it should: check the port, and whether it is http or https"
            ),
        }
    }
}

/// Why no answer came.
enum Broken {
    Network(reqwest::Error),
    TooLarge,
}

/// Reads a body of at most so many bytes, without trusting `Content-Length`.
async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Broken::Network)? {
        if chunk.len() > most.saturating_sub(body.len()) {
            return Err(Broken::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The seconds of `Retry-After`.
fn wait_of(response: &Response) -> Option<u64> {
    let value = response.headers().get(RETRY_AFTER)?;
    value.to_str().ok()?.parse().ok()
}

/// An error of this type in the chain of causes. `io::Error` does not give what it wraps as its
/// source.
fn cause<E: StdError + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(current) = cause {
        if let Some(found) = current.downcast_ref() {
            return Some(found);
        }
        let wrapped = current.downcast_ref::<io::Error>();
        cause = match wrapped.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    None
}

/// A body for a call that takes nothing.
pub(super) fn nothing() -> Value {
    json!({})
}
