//! A server that goes on until it is ended: whether it answers, and ends when it is asked to.

use super::Tree;
use super::window::Running;
use crate::shell::program;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// Where the demonstration's wallets and its office are answered, and what is asked there.
const PAGES: [(u16, &str); 2] = [
    (8080, "/.well-known/openid-credential-issuer"),
    (8090, "/sign-in"),
];

/// How long building and starting may take on two slow cores.
const AT_MOST: Duration = Duration::from_secs(1200);

/// How long it may take to end.
const END: Duration = Duration::from_secs(30);

/// Starts the server, waits until both of its listeners answer, and ends it as Ctrl-C does.
///
/// # Errors
/// What did not answer, or how it ended.
pub(super) fn look(tree: &Tree, line: &str) -> Result<(), String> {
    let mut server = Running::start(&mut tree.line(&format!("exec {line}")))?;
    let start = Instant::now();
    for (port, path) in PAGES {
        while !answers(port, path) {
            if let Ok(Some(status)) = server.0.try_wait() {
                return Err(format!("it ended before it answered, with {status}"));
            }
            if start.elapsed() > AT_MOST {
                return Err(format!("nothing answers at port {port}"));
            }
            thread::sleep(Duration::from_millis(500));
        }
    }
    let interrupt = format!("kill -INT {}", server.0.id());
    let _ = program("bash").args(["-c", &interrupt]).status();
    let asked = Instant::now();
    loop {
        match server.0.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("it ended with {status}")),
            _ if asked.elapsed() > END => return Err("Ctrl-C does not end it".to_owned()),
            _ => thread::sleep(Duration::from_millis(200)),
        }
    }
}

/// Whether a page is there.
fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
