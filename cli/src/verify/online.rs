//! `verify --online`: the status as the authority publishes it now.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use vidimus_credential::Verifier;
use vidimus_credential::verify::StatusPlace;
use vidimus_wallet::ports::{HttpRequest, HttpTransport, Method, TransportError};
use vidimus_wallet::transport::{NetworkTransport, Roots};

use super::Note;
use crate::failure::{Failure, Outcome};
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
    /// Nobody was asked: no license that the trust list vouches for.
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

    /// The status token of the license in `text`, where the trust list vouches for its issuer: nobody else's
    /// word sends this machine anywhere.
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
        // An authority on the network sends nobody to what listens on this machine.
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
            Ok(answer) if answer.status == 200 && answer.is_packed() => {
                failed("refused", &TransportError::Encoded.to_string())
            }
            Ok(answer) if answer.status == 200 => Fetched::Token(answer.body),
            Ok(answer) => failed(
                "refused",
                &format!("the authority's server answered {}", answer.status),
            ),
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
    use super::*;

    /// A server that packs its answers unless it was asked not to, or in any case.
    fn packing(in_any_case: bool) -> String {
        use std::io::{Read as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 2048];
            let count = stream.read(&mut head).unwrap();
            let head = String::from_utf8_lossy(&head[..count]).to_lowercase();
            let packs = in_any_case || !head.contains("accept-encoding: identity\r\n");
            let (coding, body) = if packs {
                ("content-encoding: gzip\r\n", "-----")
            } else {
                ("", "token")
            };
            let answer = format!("HTTP/1.1 200 OK\r\n{coding}content-length: 5\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_status_is_asked_for_as_it_is_and_one_that_is_packed_is_named() {
        let online = Online::start().unwrap();
        let ask = |issuer: String| {
            online.ask(&StatusPlace {
                uri: format!("{issuer}/s/0/0"),
                issuer,
            })
        };
        assert!(matches!(ask(packing(false)), Fetched::Token(token) if token == b"token"));
        let Fetched::Failed(note) = ask(packing(true)) else {
            panic!("a packed token was taken");
        };
        assert!(note.say.contains("compresses its answer"), "{}", note.say);
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
        // Nobody listens at port 1.
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
