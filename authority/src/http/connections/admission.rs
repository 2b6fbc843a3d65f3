//! What a request passes before its handler: the address's rate, its body within its time, its
//! turn.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::address::{Peer, client};
use super::limits::Limits;
use super::rates::Rates;
use super::refuse::{answer, later};

/// What all requests share.
pub(super) struct Gate {
    limits: Limits,
    rates: Rates,
    turns: Semaphore,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            rates: Rates::new(),
            turns: Semaphore::new(limits.turns),
        }
    }
}

/// Lets a request through, or answers it with 408, 413, 429 or 503.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let mut response = match gate.admit(peer, request).await {
        Ok(request) => match timeout(gate.limits.turn_time, gate.turns.acquire()).await {
            Ok(_turn) => next.run(request).await,
            Err(_) => later(
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "the authority is busy",
                Duration::from_secs(2),
            ),
        },
        Err(refusal) => *refusal,
    };
    if peer.is_some_and(|peer| peer.since.elapsed() > gate.limits.connection_time) {
        // Old enough: a peer that never rests makes room for others, without losing an answer.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

impl Gate {
    /// The request with its body read, or the refusal.
    async fn admit(&self, peer: Option<Peer>, request: Request) -> Result<Request, Box<Response>> {
        let origin = peer.and_then(|peer| client(peer.address, request.headers()));
        if let Some(origin) = origin {
            let path = request.extensions().get::<MatchedPath>();
            let route = path.map_or("", MatchedPath::as_str);
            let rate = match *request.method() {
                Method::GET | Method::HEAD => self.limits.gets,
                _ => self.limits.posts,
            };
            self.rates.count(origin, route, rate).map_err(|wait| {
                later(
                    StatusCode::TOO_MANY_REQUESTS,
                    "slow_down",
                    "too many requests from this address",
                    wait,
                )
            })?;
        }
        self.with_body(request).await
    }

    /// Reads the body before the request takes its turn: who sends it slowly keeps no other request
    /// waiting.
    async fn with_body(&self, request: Request) -> Result<Request, Box<Response>> {
        // What says beforehand that it is too large, its handler refuses unread.
        if request.body().is_end_stream()
            || request.body().size_hint().lower()
                > u64::try_from(self.limits.body).unwrap_or(u64::MAX)
        {
            return Ok(request);
        }
        let (head, body) = request.into_parts();
        match timeout(self.limits.body_time, to_bytes(body, self.limits.body)).await {
            Ok(Ok(bytes)) => Ok(Request::from_parts(head, Body::from(bytes))),
            // The other error is a connection that broke, and no one reads that answer.
            Ok(Err(_)) => Err(Box::new(answer(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "the body is too large",
            ))),
            Err(_) => Err(Box::new(answer(
                StatusCode::REQUEST_TIMEOUT,
                "invalid_request",
                "the body took too long",
            ))),
        }
    }
}
