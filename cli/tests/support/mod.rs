//! Runs the built `vidimus` as a person would, and plays an authority and a wallet with it.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test stands on may fail loudly"
)]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// What a run of the program left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as one JSON value alone.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {} {}", self.stdout, self.stderr))
    }

    /// Exits with `code`, nothing on standard output, and one clear line on standard error.
    pub(crate) fn refused(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert_eq!(self.stdout, "");
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.starts_with("vidimus: "), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        &self.stderr
    }

    /// Exits with 0 and says nothing on standard error.
    pub(crate) fn done(self) -> Self {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (0, ""),
            "{}",
            self.stdout
        );
        self
    }
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vidimus"));
    command
        .env_remove("VIDIMUS_LOG")
        .env_remove("VIDIMUS_OFFICE_SERVER")
        .env_remove("VIDIMUS_OFFICE_TOKEN_FILE")
        .env_remove("VIDIMUS_OFFICE_CA")
        .env_remove("COLUMNS")
        .env_remove("LINES");
    command
}

/// Runs `vidimus` with arguments.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    run_with(arguments, b"")
}

/// Runs `vidimus` with arguments, parted at spaces.
pub(crate) fn line(arguments: &str) -> Run {
    run(arguments.split_whitespace())
}

/// Runs `vidimus` with arguments and a standard input.
pub(crate) fn run_with<A: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Run {
    let mut child = command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has read enough closes its end.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `vidimus` where `COLUMNS` and `LINES` say how large the window is.
pub(crate) fn in_window<A: AsRef<OsStr>>(
    columns: u16,
    rows: u16,
    arguments: impl IntoIterator<Item = A>,
) -> Run {
    let output = command()
        .env("COLUMNS", columns.to_string())
        .env("LINES", rows.to_string())
        .args(arguments)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An authority that serves on a loopback port, in a temporary folder, until it is dropped.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) issuer: String,
    /// The office's address, where it is served.
    pub(crate) office: Option<String>,
    server: Child,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Serves the files of a folder, read anew at each request, until it is dropped.
pub(crate) struct Files {
    address: std::net::SocketAddr,
    ended: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Files {
    pub(crate) fn serve(folder: &Path) -> Self {
        use std::sync::atomic::{AtomicBool, Ordering};
        // Copied first: the folder may be moved away meanwhile.
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder, copy.path());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = std::sync::Arc::new(AtomicBool::new(false));
        let ends = std::sync::Arc::clone(&ended);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                let mut line = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                reader.read_line(&mut line).unwrap();
                let mut header = String::new();
                while reader.read_line(&mut header).unwrap() > 2 {
                    header.clear();
                }
                let path = line.split(' ').nth(1).unwrap().trim_start_matches('/');
                let (status, body) = match std::fs::read(copy.path().join(path)) {
                    Ok(body) => ("200 OK", body),
                    Err(_) => ("404 Not Found", Vec::new()),
                };
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&body);
            }
        });
        Self { address, ended }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.ended.store(true, std::sync::atomic::Ordering::SeqCst);
        // The thread waits for one more connection.
        let _ = std::net::TcpStream::connect(self.address);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl World {
    pub(crate) fn stop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// Makes the authority and starts it.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// The same, with further words for `serve`.
    pub(crate) fn start_with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("authority");
        run([
            OsStr::new("authority"),
            OsStr::new("init"),
            OsStr::new("--home"),
            home.as_os_str(),
        ])
        .done();
        let mut server = command()
            .args([
                "authority",
                "--json",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--home",
            ])
            .arg(&home)
            .args(more.split_whitespace())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let said: Value = serde_json::from_str(&first).unwrap();
        let issuer = said["issuer"].as_str().unwrap().to_owned();
        Self {
            office: said["office"].as_str().map(str::to_owned),
            folder,
            issuer,
            server,
        }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command of the authority.
    pub(crate) fn authority(&self, words: &str) -> Run {
        let home = self.path("authority");
        let before = ["authority", "--home", home.to_str().unwrap()];
        run(before.into_iter().chain(words.split_whitespace()))
    }

    /// Runs a command of the wallet in the folder `name`.
    pub(crate) fn wallet(&self, name: &str, words: &str) -> Run {
        let home = self.path(name);
        let before = ["wallet", "--home", home.to_str().unwrap()];
        run(before.into_iter().chain(words.split_whitespace()))
    }

    /// Begins a command of the wallet in the folder `name`, and does not wait for its end.
    pub(crate) fn begin(&self, name: &str, words: &str) -> Child {
        command()
            .args(["wallet", "--home"])
            .arg(self.path(name))
            .args(words.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// The options with which the driver of the demo is registered.
    pub(crate) fn driver_files(&self) -> String {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        format!(
            "--file {} --portrait {}",
            assets.join("driver.json").display(),
            assets.join("portrait.jpg").display()
        )
    }

    /// Registers the driver of the demo.
    pub(crate) fn add(&self) -> Value {
        let words = format!("license add --json {}", self.driver_files());
        self.authority(&words).done().json()
    }

    /// A wallet in the folder `name` with the license of another driver.
    pub(crate) fn enroll_another(&self, name: &str) {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let driver = std::fs::read_to_string(assets.join("driver.json")).unwrap();
        let file = self.path("another.json");
        let driver = driver.replace("ZZ-2091-7734", "ZZ-3000-0001");
        std::fs::write(&file, driver.replace("Adaeze", "Ngozi")).unwrap();
        let words = format!(
            "license add --json --file {} --portrait {}",
            file.display(),
            assets.join("portrait.jpg").display()
        );
        let added = self.authority(&words).done().json();
        self.take_up(name, &added);
    }

    /// Makes a wallet in the folder `name`, and takes up the offer of what `license add` said.
    fn take_up(&self, name: &str, added: &Value) {
        self.init(name).done();
        let (offer, code) = (
            added["offer"].as_str().unwrap(),
            added["tx_code"].as_str().unwrap(),
        );
        self.wallet(name, &format!("enroll {offer} --tx-code {code} --json"))
            .done();
    }

    /// Makes a wallet in the folder `name`.
    pub(crate) fn init(&self, name: &str) -> Run {
        let root = self.path("authority").join("root.cose");
        self.wallet(
            name,
            &format!("init --root {} --authority {}", root.display(), self.issuer),
        )
    }

    /// A wallet in the folder `name` with one license; what `license add` said.
    pub(crate) fn enroll(&self, name: &str) -> Value {
        let added = self.add();
        self.take_up(name, &added);
        added
    }

    /// Runs `verify` with this world's root and trust list.
    pub(crate) fn verify(&self, more: &[&str]) -> Run {
        self.verify_with(more, b"")
    }

    /// The same with a standard input.
    pub(crate) fn verify_with(&self, more: &[&str], input: &[u8]) -> Run {
        let (root, trust) = (self.path("authority/root.cose"), self.fetch("/trust"));
        let before = [
            "verify",
            "--root",
            root.to_str().unwrap(),
            "--trust",
            trust.to_str().unwrap(),
        ];
        run_with(before.iter().chain(more), input)
    }

    /// Fetches a resource of the authority into a file.
    pub(crate) fn fetch(&self, path: &str) -> PathBuf {
        use std::io::Read;
        let host = self.issuer.strip_prefix("http://").unwrap();
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .unwrap();
        let file = self.path(&path.replace('/', "_"));
        std::fs::write(&file, &answer[end + 4..]).unwrap();
        file
    }
}
