//! The register that a command works on: in a folder of this machine, or behind an office's API.
//!
//! A command asks [`Register`] and prints what it gives, the same words either way. By an office
//! everything is done in the name of the user whose token is shown, and what is final is proposed.

mod access;
mod client;
mod decisions;
mod licenses;
mod others;
mod problem;
mod reviews;
mod users;
mod views;

use std::path::{Path, PathBuf};

use vidimus_authority::Authority;

use self::access::Access;
use self::client::Client;
pub(super) use self::decisions::Told;
pub(super) use self::licenses::{Form, NewLicense};
pub(super) use self::views::{
    ClientView, DecisionView, DeviceView, LicenseDetail, LicenseView, OfferView, ProposalView,
    ReviewView, SetUpView, UserView, time,
};
use crate::args::ServerArguments;
use crate::failure::{Failure, Outcome};

/// Where the register is.
pub(super) enum Place {
    /// The register in this folder.
    Home(PathBuf),
    /// The register behind this office.
    Office(Access),
    /// The command line does not say.
    Nowhere,
}

impl Place {
    /// What command line and environment say. The environment counts where no folder is named.
    pub(super) fn of(home: Option<PathBuf>, asked: ServerArguments) -> Outcome<Self> {
        let extra = asked.token_file.is_some() || asked.ca.is_some();
        match (home, asked.server) {
            (Some(_), Some(_)) => Err(Failure::usage(
                "--home and --server exclude each other: give the folder of the authority, or the address of its office",
            )),
            (Some(_), None) if extra => Err(Failure::usage(
                "--token-file and --ca go with --server, and not with --home",
            )),
            (Some(home), None) => Ok(Self::Home(home)),
            (None, server) => {
                let Some(server) = server.or_else(|| variable("VIDIMUS_OFFICE_SERVER")) else {
                    return match extra {
                        false => Ok(Self::Nowhere),
                        true => Err(Failure::usage(
                            "--server URL is missing: the address of the office that the token is for",
                        )),
                    };
                };
                let path = |name| variable(name).map(PathBuf::from);
                let token = asked
                    .token_file
                    .or_else(|| path("VIDIMUS_OFFICE_TOKEN_FILE"));
                let token = token.ok_or_else(|| {
                    Failure::usage(
                        "--token-file FILE is missing: a file with your token for the office, as `vidimus authority user token` prints it",
                    )
                })?;
                let ca = asked.ca.or_else(|| path("VIDIMUS_OFFICE_CA"));
                Access::new(&server, token, ca).map(Self::Office)
            }
        }
    }

    /// The folder, for what is done on the authority's machine alone.
    pub(super) fn home(self) -> Outcome<PathBuf> {
        match self {
            Self::Home(home) => Ok(home),
            Self::Office(_) => Err(Failure::usage(
                "this command works on the authority's machine alone: run it there with --home DIR, and without --server",
            )),
            Self::Nowhere => Err(Failure::usage(
                "--home DIR is missing: the folder of the authority",
            )),
        }
    }

    /// The folder, where one is named.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Home(home) => Some(home),
            Self::Office(_) | Self::Nowhere => None,
        }
    }

    /// Opens the folder, or prepares to ask the office.
    pub(super) fn open(&self) -> Outcome<Register> {
        match self {
            Self::Home(home) => super::open(home).map(Box::new).map(Register::Local),
            Self::Office(access) => Client::new(access).map(Box::new).map(Register::Remote),
            Self::Nowhere => Err(Failure::usage(
                "--home DIR is missing: the folder of the authority; or --server URL: the address of its office",
            )),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The register, on this machine or behind an office.
pub(super) enum Register {
    Local(Box<Authority>),
    Remote(Box<Client>),
}

/// The name of a file that a clerk brought, in errors and notes.
fn named(path: Option<&Path>) -> &Path {
    path.unwrap_or(Path::new("the license"))
}
