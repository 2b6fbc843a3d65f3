//! What may be written behind `vidimus`, and the words of its help.

mod authority;
mod backup;
mod office;
mod parse;
mod review;
mod serve;
mod server;
mod time;
mod verify;
mod wallet;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

pub(crate) use authority::{
    AddArguments, AddReaderArguments, AuthorityAction, AuthorityArguments, ClockAction,
    DeviceAction, EditArguments, LicenseAction, OfferArguments, ReaderAction, RotateKeysArguments,
    SetArguments, StatusAction,
};
pub(crate) use backup::{BackupArguments, ReconcileArguments, RestoreArguments};
pub(crate) use office::{AuditAction, OfficeArguments, UserAction};
pub(crate) use parse::{is_answer, is_silence, one_line_of};
pub(crate) use review::{ClientAction, ClientArguments, ReviewAction};
pub(crate) use serve::{Accounts, LinkAction, OidcArguments, ServeArguments};
pub(crate) use server::{ProposalAction, ServerArguments};
pub(crate) use time::When;
pub(crate) use verify::{VerifyArguments, parse_category};
pub(crate) use wallet::{ShowArguments, WalletAction, WalletArguments};

const EXAMPLES: &str = "\
Start here:
  vidimus demo                        the whole story in about half a minute

A driver's license from beginning to end, in three terminals:
  vidimus authority --home a init     a licensing authority, its keys and its root
  vidimus authority --home a serve --listen 127.0.0.1:8080
  vidimus authority --home a license add --file driver.json --portrait photo.jpg
  vidimus wallet --home w init --root a/root.cose --authority http://127.0.0.1:8080
  vidimus wallet --home w enroll 'openid-credential-offer://…' --tx-code 123456
  vidimus wallet --home w show        the QR, new every ten seconds
  vidimus verify --root a/root.cose --trust a/public/trust --image photo-of-the-qr.jpg

Exit codes: 0 done, 1 not done, 64 wrong usage, 65 bad input.
`verify` alone: 0 accept, 2 caution, 1 refuse, 64 wrong usage, 65 cannot be read.";

/// An electronic driver's license: issue it, keep it, show it as a rotating QR, check it offline.
///
/// A licensing authority signs a license and, every hour, who may drive. A phone keeps both and
/// signs a proof that lives for 30 seconds; an officer's phone checks it without any network.
#[derive(Debug, Parser)]
#[command(
    name = "vidimus",
    version,
    after_help = EXAMPLES,
    max_term_width = 100,
    arg_required_else_help = true,
    infer_long_args = false
)]
pub(crate) struct Arguments {
    /// Print the result as JSON, alone on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Say on standard error what happens; twice says more (also: VIDIMUS_LOG=debug)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole story in about half a minute: issue, enroll, show, check, lose, replace, suspend
    ///
    /// A real licensing authority on a port of this machine, a real wallet in a temporary folder,
    /// and an officer's reader without a network. Nothing is kept afterwards.
    Demo(DemoArguments),

    /// The driver's side: keep licenses, refresh their status, show them
    ///
    /// The wallet of a phone, on a desktop: an encrypted vault in --home, with keys in files beside
    /// it where a phone has hardware. Nothing here ever prompts.
    #[command(arg_required_else_help = true)]
    Wallet(WalletArguments),

    /// The officer's side: judge a QR, from its text or a picture of it, without any network
    ///
    /// Three signatures are checked: the authority's on the license, the authority's on its status,
    /// and the phone's on a proof that is good for 30 seconds. The verdict is accept, caution or
    /// refuse, with its reasons, and always says how old the status is.
    Verify(VerifyArguments),

    /// Ask a phone for an answer that only it can give and that no one can have recorded
    ///
    /// A one-way QR can be recorded and replayed for a minute. A challenge cannot be answered
    /// before it is asked: the phone reads this QR, or the driver types the 8 digits, and the
    /// answer carries it.
    Challenge(ChallengeArguments),

    /// A licensing authority: register drivers, issue licenses, publish their status
    ///
    /// It speaks OpenID4VCI 1.0, signs status lists as static files, and keeps everything in
    /// --home.
    #[command(arg_required_else_help = true)]
    Authority(AuthorityArguments),
}

/// The arguments of `vidimus demo`.
#[derive(Args, Debug)]
#[command(after_help = "\
With --json, one object a step, one a line: {\"step\", \"name\", \"what\", \"why\", \"verdict\"?}.
Where a step needs a later hour it says that the reader's clock is set ahead; all other waiting is real.")]
pub(crate) struct DemoArguments {
    /// After the story keep showing the license, a new QR every ten seconds, until Ctrl-C
    #[arg(long)]
    pub(crate) interactive: bool,
}

/// The arguments of `vidimus challenge`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  vidimus challenge                      8 digits to read out to a driver
  vidimus challenge --reader 'Patrol 7'  a QR for the driver's camera
  vidimus challenge --reader-key FILE    the same, proven by the key of `authority reader add`
  vidimus verify … --challenge CNONCE --reader 'Patrol 7' TEXT   judge the answer

With --json: {\"text\": string or null, \"cnonce\": hex, \"reader\"}.")]
pub(crate) struct ChallengeArguments {
    /// Who asks, as the driver will read it: 1 to 64 bytes, not beginning with `dl1:`
    #[arg(long, value_name = "TEXT")]
    pub(crate) reader: Option<String>,

    /// Sign with this reader's key, whose name is in its file
    #[arg(long, value_name = "FILE", conflicts_with = "reader")]
    pub(crate) reader_key: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn home_and_json_are_taken_before_and_after_every_sub_command() {
        let lines = [
            "vidimus --json wallet --home h list",
            "vidimus wallet --json --home h list",
            "vidimus wallet list --home h --json",
            "vidimus authority --home h --json license list",
            "vidimus authority license --home h list --json",
            "vidimus authority license list --json --home h",
        ];
        for line in lines {
            let read = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert!(read.json, "{line}");
            let home = match read.command {
                Command::Wallet(wallet) => wallet.home,
                Command::Authority(authority) => authority.home,
                _ => None,
            };
            assert_eq!(home.unwrap().to_str(), Some("h"), "{line}");
        }
    }
}
