//! The two metadata documents (OpenID4VCI 1.0, section 12; RFC 8414).

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::http::sign_in::LOCALES;
use crate::http::{Shared, reply};
use crate::offers::{CONFIGURATION, PRE_AUTHORIZED};
use crate::proof::ALGORITHMS;

/// `/.well-known/openid-credential-issuer`
pub(in crate::http) async fn issuer(State(server): State<Shared>) -> Response {
    let issuer = &server.issuer;
    reply::json(&json!({
        "credential_issuer": issuer.as_str(),
        "credential_endpoint": issuer.join("/credential"),
        "deferred_credential_endpoint": issuer.join("/deferred_credential"),
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
    let mut told = json!({
        "issuer": issuer.as_str(),
        "token_endpoint": issuer.join("/token"),
        "grant_types_supported": [PRE_AUTHORIZED, "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "pre-authorized_grant_anonymous_access_supported": true,
        "dpop_signing_alg_values_supported": ALGORITHMS,
    });
    if server.sign_in {
        let sign_in = json!({
            "grant_types_supported": ["authorization_code", PRE_AUTHORIZED, "refresh_token"],
            "authorization_endpoint": issuer.join("/authorize"),
            "pushed_authorization_request_endpoint": issuer.join("/par"),
            "require_pushed_authorization_requests": true,
            "authorization_response_iss_parameter_supported": true,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": [CONFIGURATION],
            "authorization_details_types_supported": ["openid_credential"],
            "ui_locales_supported": LOCALES,
        });
        if let (Value::Object(told), Value::Object(sign_in)) = (&mut told, sign_in) {
            told.extend(sign_in);
        }
    }
    reply::json(&told)
}
