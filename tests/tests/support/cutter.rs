//! A proxy on loopback that cuts what goes through it once, at any byte, in either direction:
//! closed, reset, or silent.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use vidimus_wallet::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use vidimus_wallet::transport::{NetworkTransport, Roots};

/// Longer than any answer is waited for.
const SILENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the wallet to the authority.
    Up,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Both ends are closed as by a server that stops.
    Closed,
    /// Both ends are reset as by a phone that changes its network.
    Reset,
    /// Nothing more comes, and no one says so.
    Silent,
}

/// Where a conversation is cut: behind so many bytes of one direction, all connections together.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub direction: Direction,
    pub after: u64,
    pub manner: Manner,
}

/// The proxy; it ends with the runtime of the test.
pub struct Cutter {
    address: SocketAddr,
    line: Arc<Line>,
}

struct Line {
    up: AtomicU64,
    down: AtomicU64,
    cut: Mutex<Option<Cut>>,
}

impl Cutter {
    /// A proxy before this server.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Line {
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            cut: Mutex::default(),
        });
        let shared = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = Arc::clone(&shared);
                tokio::spawn(async move {
                    if let Ok(upstream) = TcpStream::connect(server).await {
                        carry(&line, client, upstream).await;
                    }
                });
            }
        });
        Self { address, line }
    }

    /// Counts from 0 again, and cuts there once.
    pub fn arm(&self, cut: Option<Cut>) {
        *self.line.cut.lock().unwrap() = cut;
        self.line.up.store(0, Ordering::SeqCst);
        self.line.down.store(0, Ordering::SeqCst);
    }

    /// Bytes that went through, up and down.
    pub fn went(&self) -> (u64, u64) {
        let up = self.line.up.load(Ordering::SeqCst);
        (up, self.line.down.load(Ordering::SeqCst))
    }

    /// The wallet's own transport, through the proxy: only the connection takes the detour.
    pub fn transport(&self, issuer: &str) -> Arc<dyn HttpTransport> {
        Arc::new(Detour {
            inner: NetworkTransport::new(Roots::Public).unwrap(),
            issuer: issuer.to_owned(),
            proxy: format!("http://{}", self.address),
        })
    }
}

struct Detour {
    inner: NetworkTransport,
    issuer: String,
    proxy: String,
}

#[async_trait]
impl HttpTransport for Detour {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if let Some(path) = request.url.strip_prefix(&self.issuer) {
            request.url = format!("{}{path}", self.proxy);
        }
        self.inner.send(request).await
    }
}

impl Line {
    /// How many of the next bytes still go through, and how the line is cut behind them, if it is.
    fn take(&self, direction: Direction, count: usize) -> (usize, Option<Manner>) {
        let counter = match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        };
        let count = u64::try_from(count).unwrap();
        let before = counter.fetch_add(count, Ordering::SeqCst);
        let mut armed = self.cut.lock().unwrap();
        match *armed {
            Some(cut) if cut.direction == direction && before + count > cut.after => {
                *armed = None;
                let through = usize::try_from(cut.after.saturating_sub(before)).unwrap();
                (through, Some(cut.manner))
            }
            _ => (usize::try_from(count).unwrap(), None),
        }
    }
}

/// Carries both directions of one connection until an end closes it or it is cut.
async fn carry(line: &Line, mut client: TcpStream, mut server: TcpStream) {
    let manner = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::select! {
            cut = pump(line, Direction::Up, from_client, to_server) => cut,
            cut = pump(line, Direction::Down, from_server, to_client) => cut,
        }
    };
    match manner {
        Some(Manner::Reset) => {
            for end in [client, server] {
                let _ = end.set_zero_linger();
            }
        }
        Some(Manner::Silent) => tokio::time::sleep(SILENCE).await,
        Some(Manner::Closed) | None => {}
    }
}

async fn pump(
    line: &Line,
    direction: Direction,
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
) -> Option<Manner> {
    let mut buffer = vec![0; 4096];
    loop {
        let count = from
            .read(&mut buffer)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        let (through, manner) = line.take(direction, count);
        to.write_all(&buffer[..through]).await.ok()?;
        if manner.is_some() {
            return manner;
        }
    }
}
