//! The JSON API: its routes are made from the table of calls.

mod decisions;
mod licenses;
mod others;
mod reviews;
mod types;
mod users;

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Office;
use super::openapi;
use super::problem::Problem;
use crate::office::{Call, Method, TABLE};

pub(super) use decisions::call_of;
pub(super) use licenses::{Of, read_file, review_of};
pub(super) use others::export;
pub(super) use reviews::{accept_review, preview, refuse_review};
pub(super) use types::*;

/// The routes of all calls, and of their description.
pub(super) fn routes() -> Router<Office> {
    let mut router = Router::new().route("/v1/openapi.json", get(openapi::document));
    let mut there = BTreeSet::new();
    for row in &TABLE {
        // Several calls may be one route: what is in the body says which one it is.
        if there.insert((row.path, row.method)) {
            router = router.route(row.path, handler(row.call, row.method));
        }
    }
    router
}

fn handler(call: Call, method: Method) -> MethodRouter<Office> {
    let filter = match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    };
    match call {
        Call::Me => on(filter, others::me),
        Call::FindLicenses => on(filter, licenses::find),
        Call::GetLicense => on(filter, licenses::get),
        Call::LicenseEvents => on(filter, licenses::events),
        Call::LicensePicture => on(filter, licenses::picture),
        Call::AddLicense => on(filter, licenses::add),
        Call::EditLicense => on(filter, licenses::edit),
        Call::OfferLicense => on(filter, licenses::offer),
        Call::SendLetter => on(filter, licenses::letter),
        Call::EndLicense => on(filter, licenses::end),
        Call::EndDevice => on(filter, licenses::end_device),
        Call::DecideUnresolved | Call::DecideSuspension | Call::Lift | Call::ProposeRevocation => {
            on(filter, decisions::decide)
        }
        Call::ListProposals => on(filter, decisions::proposals),
        Call::ApproveProposal => on(filter, decisions::approve),
        Call::RefuseProposal => on(filter, decisions::refuse),
        Call::ListReviews => on(filter, reviews::list),
        Call::ReviewPicture => on(filter, reviews::picture),
        Call::AcceptReview => on(filter, reviews::accept),
        Call::RefuseReview => on(filter, reviews::refuse),
        Call::ListReaders => on(filter, others::readers),
        Call::AddReader => on(filter, others::add_reader),
        Call::RevokeReader => on(filter, others::revoke_reader),
        Call::ListClients => on(filter, others::clients),
        Call::AddClient => on(filter, others::add_client),
        Call::RemoveClient => on(filter, others::remove_client),
        Call::GetSettings => on(filter, others::settings),
        Call::ChangeSettings => on(filter, others::change_settings),
        Call::ListUsers => on(filter, users::list),
        Call::AddUser => on(filter, users::add),
        Call::ChangeUser => on(filter, users::change),
        Call::SetUpUser => on(filter, users::set_up),
        Call::AddToken => on(filter, users::add_token),
        Call::RevokeToken => on(filter, users::revoke_token),
        Call::ExportAudit => on(filter, others::audit),
    }
}

/// A body of JSON. Nothing of what was sent is in the error.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Office> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, office: &Office) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::request(
                "the body must be application/json: say so in Content-Type",
            ));
        }
        let bytes = Bytes::from_request(request, office)
            .await
            .map_err(|_| Problem::TOO_LARGE)?;
        // A call without anything to say may leave its body empty.
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(bytes).map(Self).map_err(|error| {
            Problem::request(match error.classify() {
                serde_json::error::Category::Data => {
                    "a field is missing, unknown, or of another type: see /v1/openapi.json"
                }
                _ => "the body is not JSON",
            })
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let stated = headers.get(header::CONTENT_TYPE);
    let stated = stated.and_then(|value| value.to_str().ok());
    let essence = stated.unwrap_or_default().split(';').next();
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// An answer of JSON.
fn answer(status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
    let text = serde_json::to_string(body).map_err(|_| Problem::SERVER)?;
    let json = HeaderValue::from_static("application/json");
    Ok((status, [(header::CONTENT_TYPE, json)], text).into_response())
}

fn ok(body: &impl Serialize) -> Result<Response, Problem> {
    answer(StatusCode::OK, body)
}

/// A picture as an answer.
pub(super) fn jpeg(bytes: Vec<u8>) -> Response {
    let jpeg = HeaderValue::from_static("image/jpeg");
    ([(header::CONTENT_TYPE, jpeg)], bytes).into_response()
}
