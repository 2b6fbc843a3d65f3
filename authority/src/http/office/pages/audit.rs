//! The audit, and what the API can do.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;

use super::super::Office;
use super::super::api;
use super::call;
use super::frame::{Frame, page as answer, when};
use super::rows::{Words, event_words};
use super::session::Session;
use crate::authority::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::office::{Call, Method, TABLE};
use crate::register::office::Office as _;
use crate::secret::hex;
use vidimus_credential::UnixTime;

/// Events that the page shows.
const LATEST: i64 = 100;
/// Lines of one export.
const LINES: u64 = 50_000;

/// An event in the table.
struct Line {
    n: i64,
    at: String,
    by: String,
    words: String,
    license: Option<String>,
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct AuditPage {
    frame: Frame,
    sealed: String,
    unsealed: usize,
    kid: String,
    from: i64,
    rows: Vec<Line>,
}

/// What the page knows.
struct Shown {
    sealed: String,
    unsealed: usize,
    kid: String,
    rows: Vec<Line>,
}

fn look(authority: &Authority, now: Moment) -> Result<Shown, Error> {
    let words = Words::read(authority)?;
    let register = authority.register();
    let last = authority.store.read(crate::store::audit::last)?.0;
    let part = register.audit((last - LATEST).max(1), 1_000)?;
    let rows = part.lines.iter().rev().filter_map(|(n, line, _)| {
        let line: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| line.get(name).and_then(Value::as_str);
        let at = line.get("at").and_then(Value::as_u64)?;
        Some(Line {
            n: *n,
            at: when(UnixTime::new(at).ok()?, words.east),
            by: words.who(text("by").unwrap_or_default()),
            words: event_words(
                text("kind").unwrap_or_default(),
                line.get("device").and_then(Value::as_i64),
                text("detail"),
            ),
            license: text("license").map(str::to_owned),
        })
    });
    let key = authority.audit_key(now)?;
    Ok(Shown {
        sealed: format!("up to event {last}"),
        unsealed: part.unsealed.len(),
        kid: hex(key.kid().as_bytes()),
        rows: rows.collect(),
    })
}

/// `GET /audit`
pub(super) async fn page(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    let shown = call(&office, &session, Call::ExportAudit, "/", look).await?;
    Ok(answer(&AuditPage {
        frame: Frame::of(&office, &session, "/audit", "Audit"),
        sealed: shown.sealed,
        unsealed: shown.unsealed,
        kid: shown.kid,
        from: 1,
        rows: shown.rows,
    }))
}

/// From which event on.
#[derive(Deserialize)]
pub(in super::super) struct From {
    from: Option<i64>,
}

/// `GET /audit/export`
pub(super) async fn export(
    State(office): State<Office>,
    session: Session,
    Query(asked): Query<From>,
) -> Result<Response, Response> {
    let from = asked.from.unwrap_or(1);
    let text = call(
        &office,
        &session,
        Call::ExportAudit,
        "/audit",
        move |authority, now| api::export(authority, from, LINES, now),
    )
    .await?;
    let kind = HeaderValue::from_static("application/x-ndjson");
    let file = HeaderValue::from_static("attachment; filename=\"audit.ndjson\"");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, file),
    ];
    Ok((headers, text).into_response())
}

/// A call in the table.
struct CallLine {
    method: &'static str,
    path: &'static str,
    words: &'static str,
    roles: String,
}

#[derive(Template)]
#[template(path = "office/api.html")]
struct ApiPage {
    frame: Frame,
    rows: Vec<CallLine>,
}

/// `GET /api`
pub(super) async fn api(State(office): State<Office>) -> Response {
    let rows = TABLE.iter().map(|row| CallLine {
        method: match row.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        },
        path: row.path,
        words: row.words,
        roles: row.roles.to_string(),
    });
    answer(&ApiPage {
        frame: Frame::outside(&office, "", "The office's API"),
        rows: rows.collect(),
    })
}
