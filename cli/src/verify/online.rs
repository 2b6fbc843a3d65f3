//! `verify --online`: the status as the authority publishes it now.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use vidimus_credential::Verifier;
use vidimus_credential::status_list::UnverifiedStatusToken;
use vidimus_credential::verify::StatusPlace;
use vidimus_wallet::ports::{HttpRequest, HttpTransport, Method, TransportError};
use vidimus_wallet::transport::{NetworkTransport, Roots};

use crate::failure::{Failure, Outcome};
use crate::report::Note;
use crate::runtime;

/// From the first byte out to the last byte in.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest status token that is read; its list alone inflates to at most 64 KiB.
const MAX_STATUS: usize = 96 * 1024;

/// Within a batch a list that was asked for this recently is not asked for again.
const KEPT: Duration = Duration::from_secs(60);

/// The most lists that are kept.
const MAX_KEPT: usize = 256;

/// What came of asking.
#[derive(Clone)]
pub(super) enum Fetched {
    /// No one was asked: no license that the trust list vouches for.
    Nothing,
    Token(Vec<u8>),
    Failed(Note),
}

/// The network, and what it answered lately.
pub(super) struct Online {
    runtime: Runtime,
    transport: NetworkTransport,
    kept: HashMap<String, (Instant, Fetched)>,
}

impl Online {
    pub(super) fn start() -> Outcome<Self> {
        let transport = NetworkTransport::new(Roots::Public)
            .map_err(|error| Failure::not_done(format!("cannot use the network: {error}")))?;
        Ok(Self {
            runtime: runtime::start()?,
            transport,
            kept: HashMap::new(),
        })
    }

    /// The status token of the license in `text`, where the trust list vouches for its issuer: no
    /// other issuer's word sends this machine anywhere.
    pub(super) fn fetch(&mut self, verifier: &Verifier, text: &str) -> Fetched {
        let Ok(place) = verifier.status_place(text) else {
            return Fetched::Nothing;
        };
        if let Some((at, fetched)) = self.kept.get(&place.uri)
            && at.elapsed() < KEPT
        {
            return fetched.clone();
        }
        let fetched = self.ask(&place);
        if self.kept.len() >= MAX_KEPT {
            self.kept.clear();
        }
        self.kept
            .insert(place.uri, (Instant::now(), fetched.clone()));
        fetched
    }

    fn ask(&self, place: &StatusPlace) -> Fetched {
        // An authority on the network sends no one to what listens on this machine.
        if is_plain(&place.uri) && !is_plain(&place.issuer) {
            return failed(
                "insecure",
                "the license names an address without https for its status",
            );
        }
        let request = HttpRequest {
            method: Method::Get,
            url: place.uri.clone(),
            headers: [
                ("accept", "application/statuslist+cwt"),
                ("accept-encoding", "identity"),
                ("cache-control", "no-cache"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            body: Vec::new(),
            timeout: TIMEOUT,
            max_body: MAX_STATUS,
            elsewhere: false,
        };
        match self.runtime.block_on(self.transport.send(request)) {
            Ok(answer) if answer.status != 200 => failed(
                "refused",
                &format!("the authority's server answered {}", answer.status),
            ),
            Ok(answer) if answer.is_packed() => {
                failed("unreachable", &TransportError::Encoded.to_string())
            }
            Ok(answer) if UnverifiedStatusToken::parse(&answer.body).is_err() => failed(
                "no_status",
                "what the authority's server sent is no status list",
            ),
            Ok(answer) => Fetched::Token(answer.body),
            Err(error) => failed("unreachable", &error.to_string()),
        }
    }
}

/// Whether an address is one of plain http, which is taken of the machine itself alone.
fn is_plain(address: &str) -> bool {
    address
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
}

fn failed(problem: &'static str, why: &str) -> Fetched {
    Fetched::Failed(Note {
        about: "online",
        problem,
        say: format!("no status was fetched: {why}; what is here was judged"),
        explains: None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Answers one request, and gives what was asked.
    fn server(answer: &'static str) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(asked).unwrap()
        });
        (address, asked)
    }

    #[test]
    fn an_answer_that_is_no_status_is_said_to_be_none() {
        let online = Online::start().unwrap();
        for (answer, problem) in [
            (
                "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
                "refused",
            ),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "no_status"),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>",
                "no_status",
            ),
            (
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x0b",
                "unreachable",
            ),
        ] {
            let (issuer, asked) = server(answer);
            let uri = format!("{issuer}/s/0/0");
            let Fetched::Failed(note) = online.ask(&StatusPlace { issuer, uri }) else {
                panic!("{answer}");
            };
            assert_eq!(note.problem, problem, "{answer}");
            let asked = asked.join().unwrap().to_lowercase();
            assert!(asked.contains("accept-encoding: identity"), "{asked}");
            if answer.contains("gzip") {
                assert!(note.say.contains("compresses"), "{}", note.say);
            }
        }
    }

    #[test]
    fn an_issuer_on_https_sends_nobody_to_this_machine() {
        let place = |issuer: &str, uri: &str| StatusPlace {
            issuer: issuer.to_owned(),
            uri: uri.to_owned(),
        };
        let online = Online::start().unwrap();
        let asked = |issuer: &str, uri: &str| match online.ask(&place(issuer, uri)) {
            Fetched::Failed(note) => note.problem,
            _ => "answered",
        };
        // No one listens at port 1.
        let local = "http://127.0.0.1:1/s/0/0";
        assert_eq!(asked("https://a.example", local), "insecure");
        assert_eq!(
            asked("https://a.example", "HTTP://127.0.0.1:1/"),
            "insecure"
        );
        assert_eq!(asked("http://127.0.0.1:1", local), "unreachable");
        for elsewhere in ["http://a.example/s/0/0", "ftp://127.0.0.1/", "s/0/0"] {
            assert_eq!(asked("http://127.0.0.1:1", elsewhere), "unreachable");
        }
    }
}
