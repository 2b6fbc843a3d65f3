//! The pages on which a driver signs in and agrees: plain HTML, without scripts.
//!
//! ```text
//!   /authorize ─> number ─> passphrase ─> code ───────────────┐
//!                   │  └──> letter ─> new passphrase ─> code ─┤
//!                   └─────> provider (OpenID Connect) ────────┴─> consent ─> the app
//! ```
//!
//! Each form answers with a redirect to `/sign-in`, which shows the page of the present step: to
//! load it again or to go back does nothing twice. How far a sign-in has come is in the register,
//! so any server takes any step. The cookie's secret is another one after each proof.

mod authorize;
mod cookies;
mod forms;
mod frame;
mod guard;
mod language;
mod page;
mod provider;
mod style;
mod texts;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use super::Shared;
use crate::accounts::hasher::Hasher;
use crate::error::Error;
use crate::issuer::IssuerUrl;
use crate::oidc::{OidcOptions, Provider};

/// The tags of the languages that the pages speak, for the metadata.
pub(super) const LOCALES: [&str; 5] = ["en", "zh", "ar", "bn", "es"];

/// What the pages share. Nothing here outlives a request but limits and counts.
pub(super) struct Pages {
    site: guard::Site,
    names: cookies::Names,
    hasher: Hasher,
    /// Whether drivers have accounts here.
    builtin: bool,
    /// The provider at which drivers can sign in.
    provider: Option<Provider>,
}

impl Pages {
    /// The pages of an issuer.
    ///
    /// # Errors
    /// [`Error::Provider`] where the provider's address cannot be used.
    pub(super) fn new(
        issuer: &IssuerUrl,
        builtin: bool,
        oidc: Option<OidcOptions>,
    ) -> Result<Self, Error> {
        let callback = issuer.join("/sign-in/provider/callback");
        Ok(Self {
            site: guard::Site::of(issuer),
            names: cookies::Names::of(issuer),
            hasher: Hasher::new(),
            builtin,
            provider: oidc
                .map(|options| Provider::new(options, callback))
                .transpose()?,
        })
    }

    /// The name of the provider at which drivers can sign in too.
    fn provider_name(&self) -> Option<String> {
        let provider = self.provider.as_ref()?;
        Some(provider.name().to_owned())
    }
}

/// The routes of the pages, under the issuer's path.
pub(super) fn routes(server: &Shared) -> Router<Shared> {
    let base = server.issuer.path();
    let under = |path: &str| format!("{base}{path}");
    Router::new()
        .route(&under("/authorize"), get(authorize::authorize))
        .route(&under("/sign-in"), get(forms::present))
        .route(
            &under("/sign-in/number"),
            get(forms::number_page).post(forms::number),
        )
        .route(
            &under("/sign-in/passphrase"),
            get(forms::passphrase_page).post(forms::passphrase),
        )
        .route(
            &under("/sign-in/letter"),
            get(forms::letter_page).post(forms::letter),
        )
        .route(
            &under("/sign-in/new-passphrase"),
            get(forms::present).post(forms::new_passphrase),
        )
        .route(
            &under("/sign-in/new-code"),
            get(forms::present).post(forms::new_code),
        )
        .route(
            &under("/sign-in/code"),
            get(forms::present).post(forms::code),
        )
        .route(
            &under("/sign-in/consent"),
            get(forms::present).post(forms::consent),
        )
        .route(&under("/sign-in/provider"), get(provider::begin))
        .route(
            &under("/sign-in/provider/callback"),
            get(provider::callback),
        )
        .route(&under("/sign-in/refuse"), post(forms::refuse))
        .route(&under("/sign-in/language"), post(forms::language))
        .layer(middleware::from_fn_with_state(
            Arc::clone(server),
            guard::guard,
        ))
}

#[cfg(test)]
mod tests;
