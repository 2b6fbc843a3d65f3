//! The two metadata documents (OpenID4VCI 1.0, section 12; RFC 8414).

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::http::{Shared, reply};
use crate::offers::{CONFIGURATION, PRE_AUTHORIZED};
use crate::proof::ALGORITHMS;

/// `/.well-known/openid-credential-issuer`
pub(in crate::http) async fn issuer(State(server): State<Shared>) -> Response {
    let issuer = &server.issuer;
    reply::json(&json!({
        "credential_issuer": issuer.as_str(),
        "credential_endpoint": issuer.join("/credential"),
        "nonce_endpoint": issuer.join("/nonce"),
        "notification_endpoint": issuer.join("/notification"),
        "display": [{ "name": server.name }],
        "credential_configurations_supported": { CONFIGURATION: {
            "format": "dc+sd-cwt",
            "scope": "dl",
            "cryptographic_binding_methods_supported": ["cose_key"],
            "credential_signing_alg_values_supported": [-19],
            "proof_types_supported": { "jwt": { "proof_signing_alg_values_supported": ALGORITHMS } },
            "credential_metadata": { "display": [{ "name": "Driver's license", "locale": "en" }] },
        } },
        "trust_list_uri": issuer.join("/trust"),
        "status_bundle_uri": issuer.join("/status/bundle"),
    }))
}

/// `/.well-known/oauth-authorization-server`
pub(in crate::http) async fn authorization_server(State(server): State<Shared>) -> Response {
    let issuer = &server.issuer;
    reply::json(&json!({
        "issuer": issuer.as_str(),
        "token_endpoint": issuer.join("/token"),
        "grant_types_supported": [PRE_AUTHORIZED, "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "pre-authorized_grant_anonymous_access_supported": true,
    }))
}
