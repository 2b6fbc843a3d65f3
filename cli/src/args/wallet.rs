//! `vidimus wallet`: the driver's side.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// The arguments of `vidimus wallet`.
#[derive(Args, Debug)]
pub(crate) struct WalletArguments {
    /// The folder of the wallet
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) action: WalletAction,
}

/// What a wallet can do.
#[derive(Debug, Subcommand)]
pub(crate) enum WalletAction {
    /// Make an empty wallet that trusts one root
    Init {
        /// The authority's root key, a COSE_Key: `root.cose` of an authority's folder
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// The authority's URL; https, or http on this machine
        #[arg(long, value_name = "URL")]
        authority: String,
    },
    /// Take up an offer: fetch a license, check it, keep it, and fetch its first status
    Enroll {
        /// The offer, as the authority gave it: openid-credential-offer://…
        offer: String,
        /// The code that the authority gave beside the offer
        #[arg(long, value_name = "C")]
        tx_code: Option<String>,
    },
    /// Sign in at the wallet's authority with a browser, and get the license
    ///
    /// The browser comes back to a port of this machine. Where the authority has to look at the
    /// photo or the papers first, `refresh` asks again when that is due. With --json an event a
    /// line: {"event": "sign_in", "url"}, then "received", "waiting" or "refused".
    Apply {
        /// Print the address to open, and open no browser
        #[arg(long)]
        no_browser: bool,
        /// The language of the sign-in pages, as `de` or `pt-BR`
        #[arg(long, value_name = "LANG")]
        language: Option<String>,
    },
    /// The licenses, each with its status, and the applications for more
    List,
    /// Show a license as a QR, new every ten seconds, for five minutes or until Ctrl-C
    ///
    /// A license is shown in every status: it is the reader who refuses. Where the terminal is too
    /// small for the QR, a PNG is written and named.
    Show(ShowArguments),
    /// Ask the authority for what is due; nothing due is no error
    Refresh {
        /// Ask now, due or not
        #[arg(long)]
        force: bool,
    },
    /// How the wallet and its licenses stand, without any network
    Status,
    /// What the wallet did: when, how, to whom, which fields, which status
    Log,
    /// Remove a license or an application from this wallet; the authority keeps it
    Remove {
        /// Its id, as `list` prints it; may be left out where there is one license
        license: Option<String>,
    },
}

/// The arguments of `vidimus wallet show`.
#[derive(Args, Debug)]
#[command(after_help = "\
With --once --json: {\"text\", \"issued_at\", \"rotates_at\", \"expires_at\", \"status\"}; without --once one such
object a line for each new QR; with --face also \"face\", the texts of the QRs of your face. The QR's
text is a proof of who you are for the next minute: it is not a secret, and not for logs either.")]
pub(crate) struct ShowArguments {
    /// The license's id, as `list` prints it; may be left out where there is one
    pub(crate) license: Option<String>,
    /// Make one QR and leave
    #[arg(long)]
    pub(crate) once: bool,
    /// Show your face too, as further QRs in turn with the first; the log says so
    #[arg(long)]
    pub(crate) face: bool,
    /// Print the text of the QR alone, one line; with --face a line for each further QR
    #[arg(long)]
    pub(crate) text: bool,
    /// Write the QR to a PNG file (too); with --face the others beside it, as FILE-face-1.png
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    /// Answer a reader's challenge: the `DLQ1:` text of its QR, or the 8 digits
    #[arg(long, value_name = "TEXT")]
    pub(crate) challenge: Option<String>,
}
