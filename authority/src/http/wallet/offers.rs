//! Offers by reference: the document behind the address (OpenID4VCI 1.0, section 4.1.3).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::http::reply::{ErrorResponse, no_store};
use crate::http::{Shared, blocking};

/// `GET /offers/{reference}`: the offer itself (OpenID4VCI 1.0, section 4.1.3).
pub(in crate::http) async fn offer(
    State(server): State<Shared>,
    axum::extract::Path(reference): axum::extract::Path<String>,
) -> Result<Response, ErrorResponse> {
    let found = blocking(&server, move |server| {
        server
            .authority
            .offer_document(&server.issuer, &reference, server.now())
    });
    Ok(found.await?.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |offer| no_store(StatusCode::OK, &offer),
    ))
}
