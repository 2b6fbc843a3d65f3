//! `vidimus authority serve` and `authority letter`: the server, and how drivers sign in there.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::office::OfficeArguments;

/// The arguments of `vidimus authority serve`.
#[derive(Args, Debug)]
pub(crate) struct ServeArguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Fill an empty register with 500 made-up drivers, to look around in; without --home it is
    /// gone with the server
    #[arg(long)]
    pub(crate) demo: bool,
    /// Whether drivers sign in with accounts of this authority, which begin with a letter
    #[arg(long, value_name = "KIND", default_value = "none")]
    pub(crate) accounts: Accounts,
    #[command(flatten)]
    pub(crate) oidc: OidcArguments,
    #[command(flatten)]
    pub(crate) office: OfficeArguments,
}

/// The accounts of drivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Accounts {
    /// Passphrase and one-time codes, set up with the code of a letter
    Builtin,
    /// No accounts at this authority
    None,
}

/// An OpenID provider at which drivers sign in.
#[derive(Args, Debug)]
pub(crate) struct OidcArguments {
    /// Drivers sign in at this OpenID provider: its issuer URL
    #[arg(long, value_name = "URL", requires_all = ["oidc_client", "oidc_claim"])]
    pub(crate) oidc: Option<String>,
    /// The client id that the provider has given
    #[arg(long, value_name = "ID", requires = "oidc")]
    pub(crate) oidc_client: Option<String>,
    /// A file with the client's secret; left out for a public client
    #[arg(long, value_name = "FILE", requires = "oidc")]
    pub(crate) oidc_secret_file: Option<PathBuf>,
    /// The claim that carries the license number; nothing else links a person to a license
    #[arg(long, value_name = "NAME", requires = "oidc")]
    pub(crate) oidc_claim: Option<String>,
    /// An `acr` that the provider must state, or one of several
    #[arg(long, value_name = "VALUE", requires = "oidc")]
    pub(crate) oidc_acr: Vec<String>,
}

/// The arguments of `vidimus authority link`.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkAction {
    /// Let one more account at the OpenID provider be linked to a license, within 30 days
    #[command(after_help = "\
The first account needs no permission. The one that was linked before is told at its next sign-in.

With --json: {\"license_id\"}.")]
    Allow {
        /// The license: its number or its id
        license: String,
        /// Who allows it, in 1 to 64 bytes
        #[arg(long, value_name = "TEXT", default_value = "clerk")]
        by: String,
    },
}
