//! Readers' keys, apps, settings, the audit, and who the caller is.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use vidimus_credential::VerifyingKey;

use super::super::Office;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::{
    AddReader, AddedReader, Body, ChangeSettings, ClientPage, ClientView, Done, Me, ReaderPage,
    ReaderView, SettingsView, answer, ok,
};
use crate::authority::Authority;
use crate::error::Error;
use crate::office::{Call, Role};
use crate::register::ClientApp;
use crate::rules::retention::Retention;

/// For how many days a reader is listed, unless something else is said.
const READER_DAYS: u32 = 365;
/// Lines of the audit in one answer.
const AUDIT_LINES: u64 = 50_000;

/// `GET /v1/me`
pub(super) async fn me(
    State(office): State<Office>,
    Caller(user): Caller,
) -> Result<Response, Problem> {
    office.allow(&user, Call::Me).await?;
    ok(&Me {
        user: user.name,
        id: user.id,
        roles: user.roles.iter().map(Role::name).collect(),
    })
}

/// `GET /v1/readers`
pub(super) async fn readers(
    State(office): State<Office>,
    Caller(user): Caller,
) -> Result<Response, Problem> {
    let readers = office
        .call(&user, Call::ListReaders, |authority, _| authority.readers())
        .await?;
    let readers = readers.into_iter().map(|reader| ReaderView {
        name: reader.name,
        kid: reader.kid,
        added_at: reader.added.seconds(),
        expires: reader.expires.seconds(),
    });
    ok(&ReaderPage {
        readers: readers.collect(),
    })
}

/// `POST /v1/readers`
pub(super) async fn add_reader(
    State(office): State<Office>,
    Caller(user): Caller,
    Body(asked): Body<AddReader>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::AddReader).await?;
    let key = STANDARD
        .decode(&asked.key)
        .ok()
        .and_then(|bytes| VerifyingKey::from_cose_key(&bytes).ok())
        .ok_or(Problem::request(
            "`key` is a public COSE_Key in base64: Ed25519 or P-256",
        ))?;
    let days = asked.days.unwrap_or(READER_DAYS);
    let added = office
        .call(&user, Call::AddReader, move |authority, now| {
            let kid = authority.add_reader(&asked.name, &key, days, now)?;
            Ok(AddedReader {
                name: asked.name,
                kid,
            })
        })
        .await?;
    answer(StatusCode::CREATED, &added)
}

/// `DELETE /v1/readers/{reader}`
pub(super) async fn revoke_reader(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(reader): Path<String>,
) -> Result<Response, Problem> {
    office
        .call(&user, Call::RevokeReader, move |authority, now| {
            authority.revoke_reader(&reader, now)
        })
        .await?;
    ok(&Done::YES)
}

/// `GET /v1/clients`
pub(super) async fn clients(
    State(office): State<Office>,
    Caller(user): Caller,
) -> Result<Response, Problem> {
    let clients = office
        .call(&user, Call::ListClients, |authority, _| authority.clients())
        .await?;
    ok(&ClientPage {
        clients: clients.iter().map(ClientView::of).collect(),
    })
}

/// `POST /v1/clients`
pub(super) async fn add_client(
    State(office): State<Office>,
    Caller(user): Caller,
    Body(asked): Body<ClientView>,
) -> Result<Response, Problem> {
    let android = asked.android.into_iter();
    let app = ClientApp {
        id: asked.client_id,
        redirects: asked.redirects,
        android: android.map(|app| (app.package, app.certificate)).collect(),
        apple: asked.apple,
    };
    office
        .call(&user, Call::AddClient, move |authority, now| {
            // A private scheme, which another app may claim too, is for the machine to allow.
            authority.put_client(&app, false, now)?;
            authority.note("client_added", &app.id, now)
        })
        .await?;
    answer(StatusCode::CREATED, &Done::YES)
}

/// `DELETE /v1/clients/{client}`
pub(super) async fn remove_client(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(client): Path<String>,
) -> Result<Response, Problem> {
    office
        .call(&user, Call::RemoveClient, move |authority, now| {
            authority.remove_client(&client)?;
            authority.note("client_removed", &client, now)
        })
        .await?;
    ok(&Done::YES)
}

fn present(authority: &Authority) -> Result<SettingsView, Error> {
    Ok(SettingsView {
        devices: authority.device_limit()?,
        retention_days: authority.retention()?.days(),
    })
}

/// `GET /v1/settings`
pub(super) async fn settings(
    State(office): State<Office>,
    Caller(user): Caller,
) -> Result<Response, Problem> {
    let settings = office
        .call(&user, Call::GetSettings, |authority, _| present(authority))
        .await?;
    ok(&settings)
}

/// `PATCH /v1/settings`
pub(super) async fn change_settings(
    State(office): State<Office>,
    Caller(user): Caller,
    Body(asked): Body<ChangeSettings>,
) -> Result<Response, Problem> {
    let settings = office
        .call(&user, Call::ChangeSettings, move |authority, now| {
            let retention = match asked.retention_days {
                None => None,
                Some(0) => Some(Retention::FOREVER),
                Some(days) => Some(Retention::of_days(days)?),
            };
            if let Some(devices) = asked.devices {
                authority.limit_devices(devices, now)?;
            }
            if let Some(retention) = retention {
                authority.set_retention(retention, now)?;
            }
            present(authority)
        })
        .await?;
    ok(&settings)
}

/// From where on the audit is exported.
#[derive(Deserialize)]
pub(in super::super) struct From {
    from: Option<i64>,
    limit: Option<u64>,
}

/// `GET /v1/audit`
pub(super) async fn audit(
    State(office): State<Office>,
    Caller(user): Caller,
    Query(asked): Query<From>,
) -> Result<Response, Problem> {
    let limit = asked.limit.unwrap_or(AUDIT_LINES).clamp(1, AUDIT_LINES);
    let text = office
        .call(&user, Call::ExportAudit, move |authority, now| {
            export(authority, asked.from.unwrap_or(1), limit, now)
        })
        .await?;
    let lines = HeaderValue::from_static("application/x-ndjson");
    Ok(([(header::CONTENT_TYPE, lines)], text).into_response())
}

/// A part of the audit as one text.
pub(in super::super) fn export(
    authority: &Authority,
    from: i64,
    limit: u64,
    now: crate::clock::Moment,
) -> Result<String, Error> {
    let mut text = String::new();
    authority.export_audit(from, Some(limit), now, &mut |line| {
        text.push_str(line);
        text.push('\n');
        Ok(())
    })?;
    Ok(text)
}
