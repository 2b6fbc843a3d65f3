//! What exactly was wrong with an offer or with an issuer's metadata: for support.

use vidimus_credential::all_variants;

/// What is wrong with a text that is not a credential offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferFault {
    /// The text is longer than this many bytes.
    #[error("the text is longer than {at_most} bytes")]
    TooLong {
        /// The largest length that is read, in bytes.
        at_most: usize,
    },
    /// The text is neither a link with an offer, nor an offer's document, nor a web address.
    #[error("the text is neither a link, nor a document, nor a web address")]
    Text,
    /// The link gives a parameter twice.
    #[error("the link gives a parameter twice")]
    Parameter,
    /// The offer's document is not JSON with the layout of OpenID4VCI 1.0, section 4.1.1.
    #[error("its document cannot be read")]
    Document,
    /// The member `credential_configuration_ids` is empty.
    #[error("credential_configuration_ids")]
    Configurations,
    /// `credential_issuer` cannot be shown unchanged: it is too long or not visible ASCII.
    #[error("credential_issuer")]
    Issuer,
    /// The member `pre-authorized_code` is empty.
    #[error("pre-authorized_code")]
    Code,
    /// A bare web address is read only at the wallet's own authority.
    #[error("the web address is not at the wallet's authority")]
    Address,
}

all_variants! {
    /// Every fault, one with a limit with an example of it.
    OfferFault {
        TooLong { at_most: 65_536 },
        Text,
        Parameter,
        Document,
        Configurations,
        Issuer,
        Code,
        Address,
    }
}

/// What an offer or its issuer asks for that this wallet does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// The offer has no pre-authorized code.
    #[error("the offer has no pre-authorized code")]
    Grant,
    /// No offered credential has the format `dc+sd-cwt`.
    #[error("no credential of the format dc+sd-cwt")]
    Format,
    /// The issuer accepts no key proof of this wallet: other proof types, or other algorithms.
    #[error("no key proof that this wallet can make")]
    Proof,
    /// The issuer demands that the device prove where the key is kept: `key_attestations_required`,
    /// or the proof type `attestation` alone.
    #[error("an attestation of the key (key_attestations_required)")]
    KeyAttestation,
    /// The authorization server demands that the app prove what it is: `attest_jwt_client_auth`,
    /// and no way without.
    #[error("an attestation of the app (attest_jwt_client_auth)")]
    AppAttestation,
    /// The issuer demands encryption of requests or answers beyond TLS.
    #[error("encryption beyond TLS")]
    Encryption,
}

all_variants! {
    /// Everything that a wallet may not support.
    Unsupported {
        Grant,
        Format,
        Proof,
        KeyAttestation,
        AppAttestation,
        Encryption,
    }
}

/// What is wrong with the metadata of an issuer or of its authorization server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataFault {
    /// No well-known address answered with metadata.
    #[error("missing")]
    Missing,
    /// The document is not JSON with the layout of its specification.
    #[error("not readable")]
    Document,
    /// The issuer's identifier has a query or a fragment.
    #[error("an identifier with a query or a fragment")]
    Identifier,
    /// `credential_issuer`, or the server's `issuer`, is another one than was asked.
    #[error("of another issuer")]
    OtherIssuer,
    /// `credential_endpoint` must not be asked.
    #[error("credential_endpoint")]
    CredentialEndpoint,
    /// `nonce_endpoint` must not be asked.
    #[error("nonce_endpoint")]
    NonceEndpoint,
    /// `deferred_credential_endpoint` must not be asked.
    #[error("deferred_credential_endpoint")]
    DeferredCredentialEndpoint,
    /// `trust_list_uri` must not be asked.
    #[error("trust_list_uri")]
    TrustListUri,
    /// `authorization_servers` does not list the offer's server, or one must not be asked.
    #[error("authorization_servers")]
    AuthorizationServer,
    /// `token_endpoint` must not be asked.
    #[error("token_endpoint")]
    TokenEndpoint,
    /// `authorization_endpoint` must not be opened.
    #[error("authorization_endpoint")]
    AuthorizationEndpoint,
    /// `pushed_authorization_request_endpoint` must not be asked.
    #[error("pushed_authorization_request_endpoint")]
    PushedAuthorizationRequestEndpoint,
}

all_variants! {
    /// Every fault of metadata.
    MetadataFault {
        Missing,
        Document,
        Identifier,
        OtherIssuer,
        CredentialEndpoint,
        NonceEndpoint,
        DeferredCredentialEndpoint,
        TrustListUri,
        AuthorizationServer,
        TokenEndpoint,
        AuthorizationEndpoint,
        PushedAuthorizationRequestEndpoint,
    }
}
