//! More connections than there are descriptors, from one address: others are served, and what a
//! clerk decides is signed.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what a test stands on may fail loudly"
)]

mod support;

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use support::run;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};

/// What many systems allow a process that asks for no more.
const FILES: u32 = 1_024;
/// More than that, and more than the server ever held of one address.
const CROWD: usize = 1_100;

/// `vidimus authority serve` that may have [`FILES`] files open, and its address.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(home: &Path) -> Self {
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -n {FILES} && exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_vidimus"))
            .args(["authority", "--json", "serve", "--listen", "127.0.0.1:0"])
            .arg("--home")
            .arg(home)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut words = BufReader::new(child.stdout.take().unwrap());
        words.read_line(&mut first).unwrap();
        let said: Value = serde_json::from_str(&first).unwrap();
        let address = said["listen"].as_str().unwrap().parse().unwrap();
        Self { child, address }
    }

    /// The status line's number, and the body; `None` where the connection was closed unanswered.
    fn get(&self, host: u8, path: &str) -> Option<(u16, Vec<u8>)> {
        let mut stream = connect(&runtime(), self.address, host);
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let status = std::str::from_utf8(&answer[9..12]).ok()?.parse().ok()?;
        Some((status, answer[end + 4..].to_vec()))
    }

    /// The first status list.
    fn list(&self, host: u8) -> Vec<u8> {
        let (status, list) = self.get(host, "/s/0/0").unwrap();
        assert_eq!(status, 200);
        list
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A connection from another address of this machine.
fn connect(runtime: &Runtime, address: SocketAddr, host: u8) -> TcpStream {
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        let source = Ipv4Addr::new(127, 0, 0, host);
        socket.bind((source, 0).into()).unwrap();
        socket.connect(address).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
}

/// [`CROWD`] connections that are idle, slow with their head, or slow with their body; where one
/// was closed, another comes. Says when all are there.
fn crowd(address: SocketAddr, host: u8, there: &Sender<()>, stop: &AtomicBool) {
    let runtime = runtime();
    let mut crowd = VecDeque::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let mut stream = connect(&runtime, address, host);
        let begun: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET /trust HTTP/1.1\r\nhost: x\r\n",
            _ => b"POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n",
        };
        // Who is over the share is answered and closed, perhaps before this is written.
        let _ = stream.write_all(begun);
        crowd.push_back(stream);
        if crowd.len() > CROWD {
            crowd.pop_front();
            let _ = there.send(());
            sleep(Duration::from_millis(2));
        }
    }
}

/// Sends the crowd home, also where a check fails before the end.
struct Home<'a>(&'a AtomicBool);

impl Drop for Home<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Lets this process have both ends' worth of sockets.
fn raise_own_limit() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = 4_096;
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(limit.maximum.unwrap_or(wanted).min(wanted)),
            maximum: limit.maximum,
        };
        setrlimit(Resource::Nofile, raised).unwrap();
    }
}

#[test]
fn a_crowd_from_one_address_keeps_nobody_else_waiting_and_a_suspension_is_signed() {
    raise_own_limit();
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("authority");
    let authority = |words: &[&str]| {
        let before = ["authority", "--json", "--home", home.to_str().unwrap()];
        run(before.iter().chain(words)).done()
    };
    authority(&["init"]);
    let server = Server::start(&home);
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let (file, portrait) = (assets.join("driver.json"), assets.join("portrait.jpg"));
    let added = authority(&[
        "license",
        "add",
        "--file",
        file.to_str().unwrap(),
        "--portrait",
        portrait.to_str().unwrap(),
    ])
    .json();
    // A list is published with the first license that a phone holds.
    let phone = folder.path().join("phone");
    let wallet = |words: &[&str]| {
        let before = ["wallet", "--home", phone.to_str().unwrap()];
        run(before.iter().chain(words)).done()
    };
    let root = home.join("root.cose");
    let url = format!("http://{}", server.address);
    wallet(&[
        "init",
        "--root",
        root.to_str().unwrap(),
        "--authority",
        &url,
    ]);
    let text = |name: &str| added[name].as_str().unwrap();
    wallet(&["enroll", text("offer"), "--tx-code", text("tx_code")]);
    let before = server.list(3);

    let (there, all) = channel();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let home = Home(&stop);
        scope.spawn(|| crowd(server.address, 2, &there, &stop));
        all.recv_timeout(Duration::from_secs(120)).unwrap();
        for _ in 0..10 {
            assert_eq!(server.get(3, "/trust").unwrap().0, 200);
        }
        let id = added["license_id"].as_str().unwrap();
        authority(&["status", "set", id, "suspended"]);
        assert_ne!(server.list(3), before, "signed, and published");
        // The crowd's own address has its share, and no more.
        let refused =
            |answer: Option<(u16, Vec<u8>)>| answer.is_none_or(|(status, _)| status == 503);
        // The crowd comes and goes as its time runs out: at some moment soon its share is full.
        let full = (0..300).any(|_| {
            sleep(Duration::from_millis(100));
            refused(server.get(2, "/trust"))
        });
        assert!(full, "one address has no more than its share");
        drop(home);
    });
}

#[test]
fn an_https_issuer_that_is_served_in_plain_to_strangers_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (listen, told) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let home = folder.path().join(listen);
        run([
            OsStr::new("authority"),
            OsStr::new("init"),
            OsStr::new("--issuer"),
            OsStr::new("https://license.example"),
            OsStr::new("--home"),
            home.as_os_str(),
        ])
        .done();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vidimus"))
            .args(["authority", "serve", "--listen", listen, "--home"])
            .arg(&home)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut words = BufReader::new(child.stdout.take().unwrap());
        words.read_line(&mut first).unwrap();
        assert!(
            first.starts_with("Serving https://license.example"),
            "{first}"
        );
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("plain http"), told, "{said}");
    }
}
