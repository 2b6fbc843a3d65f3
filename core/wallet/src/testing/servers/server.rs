//! A small HTTP/1.1 server on loopback that answers by a script and remembers all requests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::ports::HttpResponse;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// One answer of the server.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Pause before each byte of the body.
    drip: Option<Duration>,
    /// Break off after this many bytes of the body.
    cut: Option<usize>,
    /// Wait this long before answering at all.
    delay: Duration,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Self {
        let (headers, body) = (Vec::new(), Vec::new());
        Self {
            status,
            headers,
            body,
            drip: None,
            cut: None,
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status)
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::json(status, &serde_json::json!({ "error": code }))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn drip(mut self, pause: Duration) -> Self {
        self.drip = Some(pause);
        self
    }

    pub(crate) fn cut(mut self, after: usize) -> Self {
        self.cut = Some(after);
        self
    }

    pub(crate) fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl Reply {
    /// The answer as a transport gives it.
    pub(crate) fn into_response(self) -> HttpResponse {
        let lower = |(name, value): (String, String)| (name.to_lowercase(), value);
        HttpResponse {
            status: self.status,
            headers: self.headers.into_iter().map(lower).collect(),
            body: self.body,
        }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} x\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 304 && self.status != 204 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }
}

type Script = dyn Fn(&Request) -> Option<Reply> + Send + Sync;

/// The server. It stops with the runtime of the test.
#[derive(Clone)]
pub(crate) struct Server {
    inner: Arc<Inner>,
}

struct Inner {
    port: u16,
    /// The scripts, tried from the last to the first until one answers.
    scripts: Mutex<Vec<Arc<Script>>>,
    requests: Mutex<Vec<Request>>,
    bytes: AtomicUsize,
    connections: AtomicUsize,
    /// The `Date` of answers that do not set one, in Unix seconds.
    time: Mutex<Option<u64>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Arc::new(Inner {
            port: listener.local_addr().unwrap().port(),
            scripts: Mutex::default(),
            requests: Mutex::default(),
            bytes: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            time: Mutex::default(),
        });
        let serving = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let inner = Arc::clone(&serving);
                tokio::spawn(async move { inner.serve(stream).await });
            }
        });
        Self { inner }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.inner.port)
    }

    /// Sends this time as the `Date` of each answer from now on.
    pub(crate) fn say_the_time(&self, seconds: u64) {
        *self.inner.time.lock().unwrap() = Some(seconds);
    }

    /// Adds a script that is asked before all earlier ones.
    pub(crate) fn script(
        &self,
        script: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) {
        self.inner.scripts.lock().unwrap().push(Arc::new(script));
    }

    /// Answers one path for any method.
    pub(crate) fn at(&self, path: &str, reply: Reply) {
        let path = path.to_owned();
        self.script(move |request| (request.path == path).then(|| reply.clone()));
    }

    /// Answers one path with these, one after the other, and after the last as before.
    pub(crate) fn in_turn(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        let path = path.to_owned();
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        let replies = Mutex::new(replies);
        self.script(move |request| {
            if request.path == path {
                replies.lock().unwrap().pop()
            } else {
                None
            }
        });
    }

    /// The answer to a request as bytes; `None` while it has not come in full.
    pub(crate) fn answer_to(&self, received: &[u8]) -> Option<Vec<u8>> {
        let (request, _) = parse(received)?;
        let reply = self.inner.reply_to(&request);
        Some([reply.head().as_bytes(), &reply.body].concat())
    }

    /// All requests so far, or those to one path.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.inner.requests.lock().unwrap().clone()
    }

    pub(crate) fn requests_to(&self, path: &str) -> Vec<Request> {
        self.requests()
            .into_iter()
            .filter(|request| request.path == path)
            .collect()
    }

    /// Bytes that went over its connections in both directions.
    pub(crate) fn bytes(&self) -> usize {
        self.inner.bytes.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.inner.connections.load(Ordering::SeqCst)
    }
}

impl Inner {
    /// Remembers the request and asks the scripts for an answer.
    fn reply_to(&self, request: &Request) -> Reply {
        self.requests.lock().unwrap().push(request.clone());
        let scripts = self.scripts.lock().unwrap().clone();
        let reply = scripts.iter().rev().find_map(|script| script(request));
        let reply = reply.unwrap_or_else(|| Reply::new(404));
        let says_it = reply.headers.iter().any(|(name, _)| name == "date");
        match *self.time.lock().unwrap() {
            Some(seconds) if !says_it => reply.header("date", &http_date_of(seconds)),
            _ => reply,
        }
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut buffer = Vec::new();
        while let Some(request) = self.receive(&mut stream, &mut buffer).await {
            let reply = self.reply_to(&request);
            if self.answer(&mut stream, &reply).await.is_none() {
                return;
            }
        }
    }

    async fn receive(&self, stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
        loop {
            if let Some((request, length)) = parse(buffer) {
                buffer.drain(..length);
                return Some(request);
            }
            let count = stream
                .read_buf(buffer)
                .await
                .ok()
                .filter(|count| *count > 0)?;
            self.bytes.fetch_add(count, Ordering::SeqCst);
        }
    }

    /// `None` where the connection is to be closed.
    async fn answer(&self, stream: &mut TcpStream, reply: &Reply) -> Option<()> {
        tokio::time::sleep(reply.delay).await;
        self.write(stream, reply.head().as_bytes()).await?;
        let body = reply.cut.map_or(&reply.body[..], |cut| &reply.body[..cut]);
        match reply.drip {
            None => self.write(stream, body).await?,
            Some(pause) => {
                for byte in body {
                    tokio::time::sleep(pause).await;
                    self.write(stream, &[*byte]).await?;
                }
            }
        }
        reply.cut.is_none().then_some(())
    }

    async fn write(&self, stream: &mut TcpStream, bytes: &[u8]) -> Option<()> {
        self.bytes.fetch_add(bytes.len(), Ordering::SeqCst);
        stream.write_all(bytes).await.ok()?;
        stream.flush().await.ok()
    }
}

/// A time as servers write it.
fn http_date_of(seconds: u64) -> String {
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(seconds))
}

fn parse(buffer: &[u8]) -> Option<(Request, usize)> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&buffer[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, path) = (
        first.next().unwrap().to_owned(),
        first.next().unwrap().to_owned(),
    );
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let body = buffer.get(end + 4..end + 4 + length)?.to_vec();
    Some((
        Request {
            method,
            path,
            headers,
            body,
        },
        end + 4 + length,
    ))
}
