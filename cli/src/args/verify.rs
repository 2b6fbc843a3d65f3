//! `vidimus verify`: the officer's side.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// The arguments of `vidimus verify`.
#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("token").required(true).args(["text", "images", "batch"]),
    after_help = "\
Exit codes: 0 accept, 2 caution, 1 refuse, 64 wrong usage, 65 a file cannot be read or `-` gave nothing, the root is no
COSE_Key, or the picture has no QR, two licenses, or a code of a license's size that cannot be read.
A trust list or bundle that can be read is judged instead. With --batch: 0 every line got a verdict,
whichever; 65 some line got an error instead.

With --json, one object: {\"verdict\", \"reasons\", \"license\", \"status\", \"token\"}, and where there is
something to do, \"notes\": [{\"about\", \"problem\", \"say\"}] about \"trust_list\", \"bundle\", \"online\", \"category\"
or \"replay_memory\". Where frames of the license's face were read, \"face\": {\"read\", \"count\", \"file\"?}.
Without --replay-memory nothing is kept between two runs, and a token that was seen before is not known again.

--batch reads a JSON string, or {\"text\", \"id\"?, \"now\"?, \"category\"?}, a line, and writes that object a
line with \"line\" and \"id\"; or {\"line\", \"id\", \"error\"}. A token that comes twice is `replayed`: the last
4,096 are remembered while they run, and forgotten with the process.

Examples:
  vidimus verify --root root.cose --trust trust.cwt --image photo.jpg
  vidimus verify --root root.cose --trust trust.cwt --image photos --face face.jpg --replay-memory seen
  vidimus wallet --home w show --once --text | vidimus verify --root root.cose --trust trust.cwt -
  vidimus verify --root root.cose --trust trust.cwt --category B --online TEXT
  vidimus verify --root root.cose --trust trust.cwt --batch < tokens.ndjson > verdicts.ndjson
  vidimus verify --root root.cose --trust trust.cwt --challenge 3132333435363738 --reader dl1:code TEXT"
)]
pub(crate) struct VerifyArguments {
    /// The root key that you trust, as an authority's `init` writes it: a COSE_Key
    #[arg(long, value_name = "FILE")]
    pub(crate) root: PathBuf,

    /// The trust list: which keys speak for which authority, signed by the root; an authority
    /// serves it at its URL with /trust behind it, and has it as HOME/public/trust
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,

    /// Preloaded status of all licenses, signed by the authority; the newer status counts. May be
    /// given up to 64 times, for other authorities and packs; of two for the same licenses the
    /// newer counts
    #[arg(long = "bundle", value_name = "FILE")]
    pub(crate) bundles: Vec<PathBuf>,

    /// Ask the authority for the license's current status, at the address that its license
    /// names. Only an authority that the trust list names is asked; it learns that one of 256
    /// licenses is looked at. Where it does not answer, what is here is judged
    #[arg(long)]
    pub(crate) online: bool,

    /// A category that must be held and in force now, such as B: else the verdict is refuse
    #[arg(long, value_name = "CODE", value_parser = parse_category)]
    pub(crate) category: Option<String>,

    /// The cnonce that you asked for: 16 bytes in hex, or the hex of the 8 digits' ASCII
    #[arg(long, value_name = "HEX", requires = "reader")]
    pub(crate) challenge: Option<String>,

    /// The name that you asked under, or `dl1:code` for digits
    #[arg(long, value_name = "TEXT", requires = "challenge")]
    pub(crate) reader: Option<String>,

    /// When you asked, in seconds since 1970, as `vidimus challenge` printed it: an answer more
    /// than 120 seconds later is refused
    #[arg(long, value_name = "UNIX", requires = "challenge", value_parser = clap::value_parser!(u64).range(0..=253_402_300_799))]
    pub(crate) asked_at: Option<u64>,

    /// Judge as of this second since 1970 instead of now (for tests)
    #[arg(long, value_name = "UNIX", value_parser = clap::value_parser!(u64).range(0..=253_402_300_799))]
    pub(crate) now: Option<u64>,

    /// A picture of the QR: PNG or JPEG, a photo too. May be given up to 64 times, or as a folder
    /// of such files: then the license and the frames of its face are joined
    #[arg(long = "image", value_name = "FILE")]
    pub(crate) images: Vec<PathBuf>,

    /// Write the driver's face here, a JPEG, where the pictures have all of its frames. A file that
    /// is there is not replaced
    #[arg(long, value_name = "FILE", requires = "images")]
    pub(crate) face: Option<PathBuf>,

    /// Remember the tokens that were seen in this file, so that one that comes again is `replayed`.
    /// It is made where it is missing
    #[arg(long, value_name = "FILE")]
    pub(crate) replay_memory: Option<PathBuf>,

    /// Judge many: one JSON value a line on standard input, one verdict a line on standard output
    #[arg(long, conflicts_with_all = ["challenge", "reader", "asked_at"])]
    pub(crate) batch: bool,

    /// The text of the QR, or `-` to read it from standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<OsString>,
}

/// A category's code as the profile bounds it: 1 to 8 bytes. Upper and lower case are different
/// codes.
pub(crate) fn parse_category(text: &str) -> Result<String, String> {
    if text.is_empty()
        || text.len() > 8
        || text.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return Err("a category's code has 1 to 8 characters, such as B or C1E".to_owned());
    }
    Ok(text.to_owned())
}
