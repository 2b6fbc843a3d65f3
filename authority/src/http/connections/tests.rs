use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::limits::Rate;
use super::*;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A house of ten places, seven of them for one address of this machine.
fn limits() -> Limits {
    Limits {
        places: 10,
        near_share: 7,
        turns: 1,
        turn_time: ms(300),
        head_time: ms(400),
        body_time: ms(400),
        posts: Rate {
            burst: 3,
            every: Duration::from_secs(60),
        },
        ..Limits::of(0)
    }
}

struct House {
    address: SocketAddr,
    /// A slow request has its turn.
    begun: Arc<Notify>,
    /// Lets a slow request end.
    release: Arc<Notify>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl House {
    async fn open(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = (Arc::clone(&begun), Arc::clone(&release));
        let slow = move || async move {
            slow.0.notify_one();
            slow.1.notified().await;
            "slow"
        };
        let router = Router::new()
            .route("/here", get(|| async { "here" }))
            .route("/slow", get(slow))
            .route("/say", post(|body: String| async move { body }));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve_within(listener, router, limits, None, async {
            stopped.await.unwrap_or(())
        }));
        Self {
            address,
            begun,
            release,
            stop: Some(stop),
            task,
        }
    }

    /// A connection from another address of this machine, where the system has them.
    async fn connect(&self, host: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        let source = IpAddr::V4(Ipv4Addr::new(127, 0, 0, host));
        socket.bind((source, 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    async fn ask(&self, host: u8, request: &str) -> String {
        let mut stream = self.connect(host).await;
        // A server that has no place may have closed before it was asked.
        let _ = stream.write_all(request.as_bytes()).await;
        answer_of(stream).await
    }

    async fn get(&self, host: u8, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        self.ask(host, &request).await
    }
}

async fn answer_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn is(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} "))
}

/// The seconds of `Retry-After`.
fn retry_after_of(answer: &str) -> u64 {
    let lower = answer.to_ascii_lowercase();
    let (_, rest) = lower.split_once("\r\nretry-after: ").unwrap();
    rest.split_once("\r\n").unwrap().0.parse().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn idle_sockets_of_one_address_leave_places_for_another() {
    let house = House::open(Limits {
        head_time: Duration::from_secs(60),
        ..limits()
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..30 {
        idle.push(house.connect(2).await);
    }
    for _ in 0..5 {
        assert!(is(&house.get(3, "/here").await, 200));
    }
    // A client over its share is told so, and when to retry.
    let refused = answer_of(idle.pop().unwrap()).await;
    assert!(is(&refused, 503), "{refused}");
    assert!((2..20).contains(&retry_after_of(&refused)));
    assert!(refused.contains("\"temporarily_unavailable\""));
    let refused = house.get(2, "/here").await;
    assert!(is(&refused, 503), "{refused}");
    // Seven were held; when they go, the address is served again.
    idle.truncate(7);
    drop(idle);
    let served = async {
        while !is(&house.get(2, "/here").await, 200) {
            sleep(ms(20)).await;
        }
    };
    assert!(timeout(ms(9_000), served).await.is_ok());
}

#[tokio::test]
async fn a_slow_head_and_an_idle_connection_are_closed_in_time() {
    let house = House::open(limits()).await;
    for begun in ["", "GET /here HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = house.connect(1).await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        let closed = timeout(ms(9_000), answer_of(stream)).await;
        assert!(closed.is_ok(), "{begun:?}");
    }
    // One byte now and then does not help.
    let mut stream = house.connect(1).await;
    let begun = Instant::now();
    while stream.write_all(b"G").await.is_ok() && begun.elapsed() < ms(20_000) {
        sleep(ms(50)).await;
    }
    assert!(begun.elapsed() < ms(10_000));
    let mut kept = house.connect(1).await;
    kept.write_all(b"GET /here HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let answer = timeout(ms(9_000), answer_of(kept)).await.unwrap();
    assert!(is(&answer, 200) && answer.ends_with("here"), "{answer}");
}

#[tokio::test]
async fn slow_bodies_are_refused_and_keep_nobody_waiting() {
    let house = House::open(limits()).await;
    let mut slow = Vec::new();
    for _ in 0..4 {
        let mut stream = house.connect(1).await;
        let head =
            "POST /say HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    // There is one turn, and no slow one has it.
    assert!(is(&house.get(1, "/here").await, 200));
    for stream in slow {
        let answer = timeout(ms(9_000), answer_of(stream)).await.unwrap();
        assert!(is(&answer, 408), "{answer}");
    }
    let whole =
        "POST /say HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\nall of it";
    assert!(house.ask(1, whole).await.ends_with("\r\n\r\nall of it"));
    let chunks = format!(
        "POST /say HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n9000\r\n{}\r\n0\r\n\r\n",
        "x".repeat(0x9000)
    );
    assert!(is(&house.ask(1, &chunks).await, 413));
}

#[tokio::test]
async fn a_request_that_finds_no_turn_is_told_when_to_come_again() {
    let house = House::open(limits()).await;
    let (slow, late) = tokio::join!(house.get(1, "/slow"), async {
        house.begun.notified().await;
        let late = house.get(1, "/here").await;
        house.release.notify_one();
        late
    });
    assert!(is(&slow, 200));
    assert!(is(&late, 503) && retry_after_of(&late) >= 2, "{late}");
}

#[tokio::test]
async fn an_address_behind_a_proxy_has_its_rate_and_the_machine_itself_none() {
    let house = House::open(limits()).await;
    let say = |from: &str| {
        format!(
            "POST /say HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{from}content-length: 2\r\n\r\nhi"
        )
    };
    let seven = say("x-forwarded-for: 198.51.100.1, 203.0.113.7\r\n");
    for _ in 0..3 {
        assert!(is(&house.ask(1, &seven).await, 200));
    }
    let refused = house.ask(1, &seven).await;
    assert!(is(&refused, 429), "{refused}");
    assert!((60..70).contains(&retry_after_of(&refused)));
    assert!(refused.contains("\"slow_down\"") && refused.contains("cache-control: no-store"));
    let eight = say("x-forwarded-for: 203.0.113.8\r\n");
    assert!(is(&house.ask(1, &eight).await, 200));
    for _ in 0..9 {
        assert!(is(&house.ask(1, &say("")).await, 200));
    }
}

#[tokio::test]
async fn a_connection_that_never_rests_ends_with_a_whole_answer() {
    let house = House::open(Limits {
        connection_time: ms(100),
        head_time: Duration::from_secs(60),
        ..limits()
    })
    .await;
    let mut stream = house.connect(1).await;
    let request = b"GET /here HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    sleep(ms(200)).await;
    stream.write_all(request).await.unwrap();
    let answers = timeout(ms(9_000), answer_of(stream)).await.unwrap();
    assert_eq!(answers.matches("here").count(), 2);
    assert!(answers.contains("connection: close"));
}

#[tokio::test]
async fn what_is_under_way_ends_before_the_server_does() {
    let mut house = House::open(limits()).await;
    let stop = house.stop.take().unwrap();
    let (answer, ()) = tokio::join!(house.get(1, "/slow"), async {
        house.begun.notified().await;
        stop.send(()).unwrap();
        sleep(ms(50)).await;
        house.release.notify_one();
    });
    assert!(is(&answer, 200) && answer.ends_with("slow"));
    timeout(ms(9_000), house.task).await.unwrap().unwrap();
}
