//! Sign-in by the authorization code flow, as the register's callers see it: pushed requests,
//! codes, and the proofs of possession that tokens are bound by.

use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::{TokenFault, TokenPair};
use crate::clock::Moment;
use crate::dpop::Proof;
use crate::error::Error;

/// An access token as a wallet shows it.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) token: &'a str,
    /// The proof that came with the token; `None` for the scheme `Bearer`.
    pub(crate) proof: Option<&'a Proof>,
}

#[cfg(test)]
impl<'a> Access<'a> {
    /// A token that is shown by the scheme `Bearer`.
    pub(crate) const fn bearer(token: &'a str) -> Self {
        Self { token, proof: None }
    }
}

/// Why a proof of possession is refused, apart from what is wrong with it by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProofFault {
    /// It has no nonce of this authority, or one that is over.
    Nonce,
    /// It was shown before.
    Replayed,
}

/// Why an access token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessFault {
    /// It is unknown, expired or void, or not bound to the key of the proof.
    Token,
    /// It is bound to a key, and was shown as a bearer token.
    Bound,
    /// The proof that came with the token is refused.
    Proof(ProofFault),
}

/// A pushed authorization request; its parts were read, and no one has asked the register.
pub(crate) struct PushRequest<'a> {
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: Option<&'a str>,
    /// SHA-256 of the verifier.
    pub(crate) challenge: &'a [u8; 32],
    pub(crate) locales: Option<&'a str>,
    /// Whether it asks by `authorization_details`.
    pub(crate) details: bool,
    pub(crate) proof: &'a Proof,
}

/// Why a pushed request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PushFault {
    Proof(ProofFault),
    /// No client of this authority has this name.
    Client,
    /// The address is none of the client's.
    Redirect,
}

/// An authorization code as a wallet shows it.
pub(crate) struct CodeRequest<'a> {
    pub(crate) code: &'a str,
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) proof: &'a Proof,
}

/// An app in which drivers may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientApp {
    /// Its name: 1 to 64 letters, digits, hyphens, dots and underscores.
    pub id: String,
    /// Where its drivers are sent back to: https addresses, `http://127.0.0.1/…` and
    /// `http://[::1]/…` for any port, addresses of the app's private scheme.
    pub redirects: Vec<String>,
    /// Android apps that open this authority's https addresses: the package, and SHA-256 of its
    /// certificate in hexadecimal.
    pub android: Vec<(String, String)>,
    /// Apple's apps that do: `TEAM.BUNDLE`.
    pub apple: Vec<String>,
}

/// The use cases of sign-in. Each method is one transaction.
pub(crate) trait SignIn {
    /// Stores a pushed request; returns its `request_uri`, which a browser can open once.
    fn push(
        &self,
        pushed: &PushRequest<'_>,
        now: UnixTime,
    ) -> Result<Result<Zeroizing<String>, PushFault>, Error>;

    /// Redeems a code, for the key and the verifier of its request alone. They can redeem it again
    /// until a credential was issued; anybody else then ends it, and what it was redeemed for.
    fn redeem_code(
        &self,
        asked: &CodeRequest<'_>,
        now: Moment,
    ) -> Result<Result<TokenPair, TokenFault>, Error>;

    /// Registers an app, in the place of the one of this name if there is one.
    fn put_client(&self, app: &ClientApp, now: UnixTime) -> Result<(), Error>;

    /// Removes an app; its drivers keep what they have. `false` where there is none.
    fn remove_client(&self, id: &str) -> Result<bool, Error>;

    /// All apps, the built-in one first.
    fn clients(&self) -> Result<Vec<ClientApp>, Error>;
}
