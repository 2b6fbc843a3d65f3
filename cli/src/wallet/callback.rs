//! The place on this machine that a browser comes back to after a sign-in (RFC 8252, section 7.3).
//!
//! It listens on loopback alone, on a port that the system chooses, and takes one kind of request:
//! a GET of one path under one name. So neither another program's page nor another name of
//! this machine brings it anything.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::failure::{Failure, Outcome};

/// The path that the browser comes back to.
const PATH: &str = "/callback";

/// Longest head of a request that is read, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Time for a browser to send its request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most browsers that are heard at once.
const MOST: usize = 8;

/// The place, which listens until it is dropped.
pub(super) struct Callback {
    port: u16,
    answers: mpsc::Receiver<Answer>,
    listening: tokio::task::JoinHandle<()>,
}

/// A browser that came back, and waits for a page.
pub(super) struct Answer {
    /// The whole address that it came back with.
    pub(super) address: String,
    browser: TcpStream,
}

impl Callback {
    /// Listens on a port of loopback that the system chooses.
    pub(super) async fn open() -> Outcome<Self> {
        let refused =
            |error: io::Error| Failure::not_done(format!("cannot listen on this machine: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let (send, answers) = mpsc::channel(MOST);
        let listening = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let send = send.clone();
                tokio::spawn(async move {
                    let heard = tokio::time::timeout(PATIENCE, hear(stream, port)).await;
                    if let Ok(Some(answer)) = heard {
                        let _ = send.send(answer).await;
                    }
                });
            }
        });
        Ok(Self {
            port,
            answers,
            listening,
        })
    }

    /// The address that the browser is to come back to.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for a browser.
    pub(super) async fn next(&mut self) -> Option<Answer> {
        self.answers.recv().await
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Answer {
    /// Shows the browser a page. A browser that went away is no fault.
    pub(super) async fn show(mut self, title: &str, words: &str) {
        let _ = answer(&mut self.browser, "200 OK", title, words).await;
    }
}

/// Reads a request. Anything but the one that is expected is answered at once.
async fn hear(mut stream: TcpStream, port: u16) -> Option<Answer> {
    let head = head_of(&mut stream).await?;
    match judge(&head, port) {
        Ok(target) => Some(Answer {
            address: format!("http://127.0.0.1:{port}{target}"),
            browser: stream,
        }),
        Err((status, words)) => {
            let _ = answer(&mut stream, status, "Nothing is here", words).await;
            None
        }
    }
}

/// The head of a request, up to its empty line.
async fn head_of(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let count = stream.read_buf(&mut head).await.ok()?;
        if count == 0 || head.len() > MAX_HEAD {
            return None;
        }
    }
    String::from_utf8(head).ok()
}

/// The target of the request that is expected, or the status and the words for any other.
fn judge(head: &str, port: u16) -> Result<&str, (&'static str, &'static str)> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (first.next(), first.next().unwrap_or_default());
    if method != Some("GET") {
        return Err(("405 Method Not Allowed", "Only a browser comes here."));
    }
    // A page that gave this machine another name could read what is answered.
    let host = format!("127.0.0.1:{port}");
    let mut hosts = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then_some(value.trim())
    });
    if (hosts.next(), hosts.next()) != (Some(host.as_str()), None) {
        return Err(("421 Misdirected Request", "This place has another name."));
    }
    let path = target.split('?').next();
    if path != Some(PATH) {
        return Err((
            "404 Not Found",
            "Close this page and go back to the terminal.",
        ));
    }
    Ok(target)
}

/// Writes a small page without any script, picture or link. `title` and `words` are this program's
/// own.
async fn answer(stream: &mut TcpStream, status: &str, title: &str, words: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;\
         padding:0 1rem;color-scheme:light dark}}</style><h1>{title}</h1><p>{words}</p></html>\n"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         Connection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(head: &str) -> Result<&str, &'static str> {
        judge(head, 4711).map_err(|(status, _)| status)
    }

    #[test]
    fn only_a_get_of_the_right_path_under_the_right_name_is_taken() {
        let get = "GET /callback?code=a&state=b HTTP/1.1\r\nhost: 127.0.0.1:4711\r\n\r\n";
        assert_eq!(judged(get), Ok("/callback?code=a&state=b"));
        for (head, status) in [
            (
                "POST /callback?code=a HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n\r\n",
                "405 Method Not Allowed",
            ),
            (
                "GET /callback/x?code=a HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n\r\n",
                "404 Not Found",
            ),
            (
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n\r\n",
                "404 Not Found",
            ),
            (
                "GET /callback HTTP/1.1\r\nHost: rebound.example:4711\r\n\r\n",
                "421 Misdirected Request",
            ),
            (
                "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:4712\r\n\r\n",
                "421 Misdirected Request",
            ),
            ("GET /callback HTTP/1.1\r\n\r\n", "421 Misdirected Request"),
            (
                "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:4711\r\nHost: x\r\n\r\n",
                "421 Misdirected Request",
            ),
        ] {
            assert_eq!(judged(head), Err(status), "{head}");
        }
    }

    #[tokio::test]
    async fn a_browser_that_comes_back_gets_a_page_and_a_stranger_none_of_it() {
        let mut callback = Callback::open().await.unwrap();
        let port = callback.port;
        let ask = |head: String| async move {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut answered = String::new();
            stream.read_to_string(&mut answered).await.unwrap();
            answered
        };
        let host = format!("Host: 127.0.0.1:{port}\r\n\r\n");
        let icon = ask(format!("GET /favicon.ico HTTP/1.1\r\n{host}")).await;
        assert!(icon.starts_with("HTTP/1.1 404"));
        let browser = tokio::spawn(ask(format!("GET /callback?code=a HTTP/1.1\r\n{host}")));
        let answer = callback.next().await.unwrap();
        assert_eq!(answer.address, format!("{}?code=a", callback.address()));
        answer.show("Done", "Go back to the terminal.").await;
        let page = browser.await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("<h1>Done</h1>"));
        assert!(page.contains("Referrer-Policy: no-referrer") && !page.contains("code=a"));
    }
}
