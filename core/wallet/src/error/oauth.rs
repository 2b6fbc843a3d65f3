//! The error codes of OAuth and OpenID4VCI that this wallet knows.

use vidimus_credential::all_variants;

/// The error code with which a server refused, without the server's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// `invalid_request`: the request is malformed, or a transaction code is missing or unexpected.
    #[error("invalid_request")]
    InvalidRequest,
    /// `invalid_grant`: the code or token is wrong, spent or void, or the transaction code is
    /// wrong.
    #[error("invalid_grant")]
    InvalidGrant,
    /// `invalid_client` or `unauthorized_client`: the server accepts only wallets that are
    /// registered.
    #[error("invalid_client")]
    InvalidClient,
    /// `unsupported_grant_type`: the server does not support pre-authorized codes or refresh
    /// tokens.
    #[error("unsupported_grant_type")]
    UnsupportedGrantType,
    /// `access_denied`: the driver or the authority declined the sign-in.
    #[error("access_denied")]
    AccessDenied,
    /// `server_error` or `temporarily_unavailable`: the authority could not go on with the sign-in.
    #[error("server_error")]
    ServerError,
    /// `invalid_token`, or a 401 without a code: the access token is not, or no longer, good.
    #[error("invalid_token")]
    InvalidToken,
    /// `invalid_nonce`: the proof's nonce is not, or no longer, good.
    #[error("invalid_nonce")]
    InvalidNonce,
    /// `invalid_proof`: the key proof is missing or not valid.
    #[error("invalid_proof")]
    InvalidProof,
    /// `invalid_credential_request`, `unknown_credential_configuration`,
    /// `unknown_credential_identifier`, or a draft's `unsupported_credential_type` and
    /// `unsupported_credential_format`.
    #[error("invalid_credential_request")]
    InvalidCredentialRequest,
    /// `invalid_transaction_id`: the issuer does not know this transaction, or it is done.
    #[error("invalid_transaction_id")]
    InvalidTransactionId,
    /// `credential_request_denied`: the authority will not issue, and asking again will not help.
    #[error("credential_request_denied")]
    CredentialRequestDenied,
    /// `use_dpop_nonce`: the DPoP proof must hold the server's nonce.
    #[error("use_dpop_nonce")]
    UseDpopNonce,
    /// `invalid_dpop_proof`: the DPoP proof is not valid.
    #[error("invalid_dpop_proof")]
    InvalidDpopProof,
    /// Any code that is not listed here.
    #[error("another reason")]
    Other,
}

all_variants! {
    /// Every code that this wallet knows.
    OAuthError {
        InvalidRequest,
        InvalidGrant,
        InvalidClient,
        UnsupportedGrantType,
        AccessDenied,
        ServerError,
        InvalidToken,
        InvalidNonce,
        InvalidProof,
        InvalidCredentialRequest,
        InvalidTransactionId,
        CredentialRequestDenied,
        UseDpopNonce,
        InvalidDpopProof,
        Other,
    }
}
