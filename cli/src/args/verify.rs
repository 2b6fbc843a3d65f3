//! `vidimus verify`: the officer's side.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// `vidimus verify`.
#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("token").required(true).args(["text", "image"]),
    after_help = "\
Exit codes: 0 accept, 2 caution, 1 refuse, 64 wrong usage, 65 a file cannot be read, the root is no
COSE_Key, or the picture has no QR. A trust list or bundle that can be read is judged instead.

With --json, one object: {\"verdict\", \"reasons\", \"license\", \"status\", \"token\"}.
This command keeps nothing between two runs: it cannot know that it has seen a token before.

Examples:
  vidimus verify --root root.cose --trust trust.cwt --image photo.jpg
  vidimus wallet --home w show --once --text | vidimus verify --root root.cose --trust trust.cwt -
  vidimus verify --root root.cose --trust trust.cwt --challenge 3132333435363738 --reader dl1:code TEXT"
)]
pub(crate) struct VerifyArguments {
    /// The root key that you trust, as an authority's `init` writes it: a COSE_Key
    #[arg(long, value_name = "FILE")]
    pub(crate) root: PathBuf,

    /// The trust list: which keys speak for which authority, signed by the root; an authority serves
    /// it at its URL with /trust behind it, and has it as HOME/public/trust
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,

    /// Preloaded status of all licenses, signed by the authority; the newer status counts
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: Option<PathBuf>,

    /// The cnonce that you asked for: 16 bytes in hex, or the hex of the 8 digits' ASCII
    #[arg(long, value_name = "HEX", requires = "reader")]
    pub(crate) challenge: Option<String>,

    /// The name that you asked under, or `dl1:code` for digits
    #[arg(long, value_name = "TEXT", requires = "challenge")]
    pub(crate) reader: Option<String>,

    /// When you asked, in seconds since 1970, as `vidimus challenge` printed it: an answer more than 120
    /// seconds later is refused
    #[arg(long, value_name = "UNIX", requires = "challenge", value_parser = clap::value_parser!(u64).range(0..=253_402_300_799))]
    pub(crate) asked_at: Option<u64>,

    /// Judge as of this second since 1970 instead of now (for tests)
    #[arg(long, value_name = "UNIX", value_parser = clap::value_parser!(u64).range(0..=253_402_300_799))]
    pub(crate) now: Option<u64>,

    /// A picture of the QR: PNG or JPEG, a photo too
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,

    /// The text of the QR, or `-` to read it from standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<OsString>,
}
