//! Refusals: with an answer where one can arrive, and the time after which to retry.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::http::reply::no_store;

/// Connections that are being refused at a time; further ones are closed without an answer.
const MOST: usize = 48;
/// A refused peer has so long to take its answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes of a request that are read before its connection is closed.
const MOST_READ: u64 = 16 * 1024;
/// Seconds over which the retries of refused clients are spread.
const SPREAD: u64 = 8;

/// Seconds after which to retry: at least `wait`, spread by chance, so that those who were
/// refused together do not come back together.
pub(super) fn retry_after(wait: Duration, chance: u8) -> u64 {
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    whole.max(1) + u64::from(chance) % SPREAD
}

fn chance() -> u8 {
    let mut byte = [0];
    // Without randomness all come back at the same second, which is no reason to fail.
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    byte
}

/// An answer in the form of OAuth's errors, never stored.
pub(super) fn answer(status: StatusCode, error: &str, description: &str) -> Response {
    no_store(
        status,
        &json!({ "error": error, "error_description": description }),
    )
}

/// The same, with the time after which to retry.
pub(super) fn later(
    status: StatusCode,
    error: &str,
    description: &str,
    wait: Duration,
) -> Response {
    let mut response = answer(status, error, description);
    let seconds = HeaderValue::from(retry_after(wait, chance()));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

/// Refuses connections for which there is no place.
pub(super) struct Refuser {
    at_work: Arc<Semaphore>,
}

impl Refuser {
    pub(super) fn new() -> Self {
        Self {
            at_work: Arc::new(Semaphore::new(MOST)),
        }
    }

    /// Answers 503 to any request, and closes the connection.
    pub(super) fn refuse(&self, stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.at_work).try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            let _ = timeout(PATIENCE, say_no(stream)).await;
            drop(permit);
        });
    }
}

async fn say_no(mut stream: TcpStream) -> std::io::Result<()> {
    let body = json!({
        "error": "temporarily_unavailable",
        "error_description": "too many connections; come again later",
    })
    .to_string();
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: {}\r\ncontent-type: application/json\r\n\
         cache-control: no-store\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        retry_after(Duration::from_secs(2), chance()),
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // A close with bytes unread makes the system drop the answer too (RFC 9112, section 9.6).
    let (mut rest, mut sink) = (stream.take(MOST_READ), tokio::io::sink());
    tokio::io::copy(&mut rest, &mut sink).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_comes_again_too_early_and_not_all_together() {
        for chance in 0..=u8::MAX {
            let seconds = retry_after(Duration::from_millis(2_001), chance);
            assert!((3..3 + SPREAD).contains(&seconds));
        }
        let all = (0..=u8::MAX).map(|chance| retry_after(Duration::ZERO, chance));
        let distinct: std::collections::BTreeSet<_> = all.collect();
        assert_eq!(distinct.len(), 8);
        assert_eq!(distinct.first(), Some(&1));
    }
}
