//! `vidimus authority`: who issues licenses and says who may drive.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use vidimus_credential::LicenseStatus;

/// `vidimus authority`.
#[derive(Args, Debug)]
pub(crate) struct AuthorityArguments {
    /// The folder of the authority: its keys, its database, its root.cose
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,

    /// What to do.
    #[command(subcommand)]
    pub(crate) action: AuthorityAction,
}

/// What an authority can do.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthorityAction {
    /// Make the keys and an empty register; writes the root's public key to HOME/root.cose
    Init {
        /// The URL that wallets will use; left out, the first `serve` fixes it
        #[arg(long, value_name = "URL")]
        issuer: Option<String>,
        /// The country of all licenses, two letters
        #[arg(long, value_name = "ZZ")]
        country: Option<String>,
        /// The name that officers read
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
    },
    /// Answer wallets over HTTP until Ctrl-C; signs the status lists when they are due
    Serve {
        /// Where to listen; port 0 takes a free one
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// The register of licenses
    #[command(subcommand, arg_required_else_help = true)]
    License(LicenseAction),
    /// Say who may drive
    #[command(subcommand, arg_required_else_help = true)]
    Status(StatusAction),
    /// Make new credential and status keys; the old ones stay in the trust list for what they signed
    RotateKeys,
}

/// `vidimus authority license`.
#[derive(Debug, Subcommand)]
pub(crate) enum LicenseAction {
    /// Register a driver and print the offer for their wallet, with its code
    #[command(after_help = "\
driver.json, in any script of the world:
  {\"family_name\": \"Okonkwo\", \"given_names\": \"Adaeze\", \"birth_date\": \"1991-02-28\",
   \"license_number\": \"D-1\", \"issue_date\": \"2024-03-01\", \"expiry_date\": \"2034-02-28\",
   \"issuing_country\": \"ZZ\", \"categories\": [{\"code\": \"B\", \"from\": \"2010-05-01\", \"until\": null}]}

With --json: {\"license_id\", \"offer\", \"offer_by_reference\", \"tx_code\"}.")]
    Add {
        /// The driver and the license, as JSON
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// The driver's picture: a JPEG of at most 64 KiB
        #[arg(long, value_name = "FILE")]
        portrait: PathBuf,
    },
    /// All licenses with their status
    List,
}

/// `vidimus authority status`.
#[derive(Debug, Subcommand)]
pub(crate) enum StatusAction {
    /// Set a license's status; in effect when this returns, also while `serve` runs
    Set {
        /// The license, as `license add` or `license list` prints it
        license_id: String,
        /// valid, revoked (final), suspended, lapsed, points_limit, unresolved or superseded
        #[arg(value_parser = state)]
        state: LicenseStatus,
    },
}

/// A status that an authority can set.
fn state(text: &str) -> Result<LicenseStatus, String> {
    LicenseStatus::from_name(text)
        .filter(|status| status.value().is_some())
        .ok_or_else(|| {
            let names: Vec<_> = LicenseStatus::ALL
                .iter()
                .filter(|status| status.value().is_some())
                .map(|status| status.name())
                .collect();
            format!("a state is one of {}", names.join(", "))
        })
}
