//! Commands by an office's address, and what two of its users decide together.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Which office a command asks, instead of opening the authority's folder.
#[derive(Args, Debug, Default)]
pub(crate) struct ServerArguments {
    /// Ask the office at this address instead of --home (also: VIDIMUS_OFFICE_SERVER)
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// With --server: a file with your token, which its owner alone may read (also:
    /// VIDIMUS_OFFICE_TOKEN_FILE)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// With --server: who vouches for the office's certificate, in PEM; left out: the public
    /// authorities (also: VIDIMUS_OFFICE_CA)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

/// The arguments of `vidimus authority proposal`.
#[derive(Debug, Subcommand)]
pub(crate) enum ProposalAction {
    /// Decisions that wait for a second chief, the latest first
    List {
        /// Those that are closed, too
        #[arg(long)]
        all: bool,
    },
    /// Approve what another chief proposed: it is decided then
    Approve {
        /// The proposal, as `proposal list` prints it
        proposal: i64,
    },
    /// Refuse a proposal, or take back your own
    Refuse {
        /// The proposal, as `proposal list` prints it
        proposal: i64,
    },
}
