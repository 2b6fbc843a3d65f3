//! `vidimus authority`: who issues licenses and says who may drive.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use vidimus_authority::{DeviceEnd, EndReason, KeyUse, Retention, ReviewKind};
use vidimus_credential::{Day, LicenseStatus};

use super::backup::{BackupArguments, ReconcileArguments, RestoreArguments};
use super::office::{AuditAction, UserAction};
use super::review::{ClientAction, ReviewAction, review_kind};
use super::serve::{LinkAction, ServeArguments};
use super::server::{ProposalAction, ServerArguments};
use super::time::When;

/// The arguments of `vidimus authority`.
#[derive(Args, Debug)]
pub(crate) struct AuthorityArguments {
    /// The folder of the authority: its keys, its database, its root.cose
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) server: ServerArguments,

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
        /// Standard time at the authority's seat, east of UTC: +08:00, -03:30
        #[arg(long, value_name = "+HH:MM", default_value = "+00:00", allow_hyphen_values = true, value_parser = utc_offset)]
        utc_offset: i16,
        /// For how many days personal data is kept after the end of its license, or `forever`; left
        /// out, a year
        #[arg(long, value_name = "DAYS", value_parser = retention)]
        retention: Option<Retention>,
    },
    /// Answer wallets over HTTP until Ctrl-C; signs the status lists when they are due
    Serve(ServeArguments),
    /// Make a letter with a code: with it a driver sets up an account, or sets it anew
    #[command(after_help = "\
The code is printed once. It can be used for 30 days and with five tries; a newer letter voids it.

With --json: {\"license_id\", \"code\", \"expires\", \"replaced\", \"renews\"}.")]
    Letter {
        /// The license: its number or its id
        license: String,
    },
    /// The one-time code of a key now, as an authenticator app shows it: for demonstrations
    #[command(after_help = "\
The page that sets up one-time codes shows the key. Who keeps it for this command has both factors in one
place: real drivers and users have an authenticator app.

With --json: {\"code\"}.")]
    Code {
        /// The key, with blanks or without
        #[arg(required = true, value_name = "KEY")]
        key: Vec<String>,
    },
    /// Accounts at an OpenID provider that are linked to a license
    #[command(subcommand, arg_required_else_help = true)]
    Link(LinkAction),
    /// The register of licenses
    #[command(subcommand, arg_required_else_help = true)]
    License(LicenseAction),
    /// The phones that hold a license
    #[command(subcommand, arg_required_else_help = true)]
    Device(DeviceAction),
    /// Say who may drive
    #[command(subcommand, arg_required_else_help = true)]
    Status(StatusAction),
    /// Make many decisions at once: all of them, or none
    #[command(after_help = "\
One decision a line, as JSON:
  {\"event\": \"court-4711\", \"license\": \"ZZ-1\", \"state\": \"suspended\", \"until\": \"2027-06-01\",
   \"reason\": \"speeding\", \"from\": \"2027-03-01T12:00:00Z\"}
`event` is your own name for the decision: the same file can be given again, and nothing is done twice.
`state` \"valid\" lifts what is in force, or with \"lifts\": EVENT that decision alone.

With --json: {\"made\", \"repeated\", \"lifted_nothing\", \"lists_signed\"}.")]
    Decide {
        /// The decisions; `-` reads them from standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Which office decides, in 1 to 64 bytes
        #[arg(long, value_name = "TEXT", default_value = "clerk")]
        by: String,
    },
    /// Show the settings, or change them
    Settings {
        /// How many phones may hold a license
        #[arg(long, value_name = "N")]
        devices: Option<u8>,
        /// For how many days personal data is kept after the end of its license, or `forever`
        #[arg(long, value_name = "DAYS", value_parser = retention)]
        retention: Option<Retention>,
    },
    /// Delete the personal data of licenses that ended longer ago than the retention
    #[command(after_help = "\
`serve` does the same by itself. Where it does not run, run this once a day. It also writes the database
file anew, so that nothing of what was deleted is left in it; others wait with what they write meanwhile.
Nothing is deleted while the clock is in doubt, in the three days after it has moved by more than a day, and
in the hour after the retention was made shorter.

With --json: {\"retention_days\", \"forgotten\", \"rewritten\"}, and with --dry-run {\"retention_days\",
\"to_forget\": [{\"license_id\", \"ended_at\"}], \"waits_until\"}.")]
    Forget {
        /// Say whose data would be deleted, and delete nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Sign at once what waits for the timer of `serve`: lists, bundles and the trust list
    Publish,
    /// Let the next keys take over; the old ones stay in the trust list for what they signed
    #[command(after_help = "\
The next keys are in the trust list for 7 days before they take over, so that readers know them.
Where a key is in wrong hands, `--compromised` drops it and the next one of its use: nothing that it
signed counts any more, and wallets fetch a new license within a day. Until a retired key has ended
(30 days), only that stops a thief who dates back what he signs.

With --json: {\"rotated\": true}.")]
    RotateKeys(RotateKeysArguments),
    /// Look at the clock, accept it, or repair what was signed by a wrong one
    #[command(subcommand, arg_required_else_help = true)]
    Clock(ClockAction),
    /// Readers whose challenges prove to drivers who asks
    #[command(subcommand, arg_required_else_help = true)]
    Reader(ReaderAction),
    /// Look at photos and papers before a phone gets a license
    #[command(subcommand, arg_required_else_help = true)]
    Review(ReviewAction),
    /// Apps in which drivers may sign in
    #[command(subcommand, arg_required_else_help = true)]
    Client(ClientAction),
    /// The users of the office: who they are and what they may do
    #[command(subcommand, arg_required_else_help = true)]
    User(UserAction),
    /// What is final waits here for a second chief, where it was decided by --server
    #[command(subcommand, arg_required_else_help = true)]
    Proposal(ProposalAction),
    /// What happened in the register, by whom: chained and signed
    #[command(subcommand, arg_required_else_help = true)]
    Audit(AuditAction),
    /// Copy the register and its keys into a folder, also while `serve` runs
    #[command(after_help = "\
The backup is one state of the register, checked page by page. HOME/issued.log and HOME/public are not in
it: they say what comes after it, so keep them on another disk.

With --json: {\"folder\", \"epoch\", \"keys\"}.")]
    Backup(BackupArguments),
    /// Put a backup back; what is there is set aside, and nothing is served before `reconcile`
    Restore(RestoreArguments),
    /// Bring an older register up to what was published and issued after it
    Reconcile(ReconcileArguments),
}

/// The arguments of `vidimus authority rotate-keys`.
#[derive(Args, Debug)]
pub(crate) struct RotateKeysArguments {
    /// Take next keys that were announced less than 7 days ago, too
    #[arg(long)]
    pub(crate) now: bool,
    /// Drop this key, for it is in wrong hands: credential or status; may be given twice
    #[arg(long, value_name = "KEY", value_parser = key_use)]
    pub(crate) compromised: Vec<KeyUse>,
    /// The next key's secret was kept elsewhere and is safe: it takes over
    #[arg(long, requires = "compromised")]
    pub(crate) next_is_safe: bool,
}

/// The arguments of `vidimus authority clock`.
#[derive(Debug, Subcommand)]
pub(crate) enum ClockAction {
    /// What the clock says, and what it should say by the last signature
    Show,
    /// Believe the clock from now on, and sign what has waited
    #[command(after_help = "\
Asks for today's date, by UTC or at the authority's seat, unless --today gives it.")]
    Accept(TodayArguments),
    /// Take back what was signed by a clock that ran ahead: new keys, and a list that resets phones
    #[command(after_help = "\
First set the clock. Everything that is dated after now stops counting, and all is signed anew; wallets
whose license was dated so fetch another by themselves. Asks for today's date, as `accept` does.")]
    Repair(TodayArguments),
}

/// The date of today.
#[derive(Args, Debug)]
pub(crate) struct TodayArguments {
    /// Today's date, read elsewhere than from this machine
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) today: Option<Day>,
}

/// The arguments of `vidimus authority reader`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReaderAction {
    /// Name a reader's key in the trust list, a new one or one that the reader made
    #[command(after_help = "\
The key file of --out holds the secret: give it to the reader, and to nobody else. Then
  vidimus challenge --reader-key FILE

With --json: {\"name\", \"kid\", \"key\"}.")]
    Add(AddReaderArguments),
    /// The readers in the trust list
    List,
    /// Take a reader out of the trust list
    Revoke {
        /// Its name or its key's id, as `reader list` prints them
        reader: String,
    },
}

/// The arguments of `vidimus authority reader add`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("which").required(true).args(["out", "key"]))]
pub(crate) struct AddReaderArguments {
    /// The name that drivers read: 1 to 64 bytes, not beginning with `dl1:`
    pub(crate) name: String,
    /// Make a key, and write it to this new file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Take this public key, a COSE_Key: Ed25519 or P-256
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// For how many days it is listed
    #[arg(long, value_name = "N", default_value_t = 365)]
    pub(crate) days: u32,
}

/// The arguments of `vidimus authority license`.
#[derive(Debug, Subcommand)]
pub(crate) enum LicenseAction {
    /// Register a driver and print the offer for their wallet, with its code
    #[command(after_help = "\
driver.json, in any script of the world:
  {\"family_name\": \"Okonkwo\", \"given_names\": \"Adaeze\", \"birth_date\": \"1991-02-28\",
   \"license_number\": \"D-1\", \"issue_date\": \"2024-03-01\", \"expiry_date\": \"2034-02-28\",
   \"issuing_country\": \"ZZ\", \"categories\": [{\"code\": \"B\", \"from\": \"2010-05-01\", \"until\": null}]}

A number is registered once; what looks like it is the same number: case, blanks, hyphens
and dots do not count.
With --json: {\"license_id\", \"offer\", \"offer_by_reference\", \"tx_code\", \"expires\", \"notes\"}.")]
    Add(AddArguments),
    /// Offer a license to another phone, or to the same one after a loss
    #[command(after_help = "\
An earlier offer from which no phone has the license is void from now on, also where its code
was redeemed. With --json: as `license add`.")]
    Offer(OfferArguments),
    /// Show a license, its decisions and its phones
    Find {
        /// The license: its number or its id
        license: String,
    },
    /// Change names, categories, dates or the portrait; wallets fetch the new license by themselves
    #[command(after_help = "\
To renew, change the dates. With --json: {\"license_id\", \"changed\", \"takes_away\",
\"devices\", \"review\", \"notes\"}.")]
    Edit(EditArguments),
    /// A page of licenses with their status, oldest first
    List {
        /// Go on after this license: the last id of the page before
        #[arg(long, value_name = "ID")]
        after: Option<String>,
        /// Licenses of one page
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        limit: u32,
    },
    /// End a license: its number is free, and all its phones' licenses are revoked
    End {
        /// The license: its number or its id
        license: String,
        /// Why: death, surrendered, moved or mistake
        #[arg(long, value_parser = end_reason)]
        reason: EndReason,
    },
}

/// The arguments of `vidimus authority license add`.
#[derive(Args, Debug)]
pub(crate) struct AddArguments {
    /// The driver and the license, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The driver's picture: a JPEG of at most 64 KiB
    #[arg(long, value_name = "FILE")]
    pub(crate) portrait: PathBuf,
    /// The number was revoked, and the term is over: the event of the revocation
    #[arg(long, value_name = "EVENT")]
    pub(crate) after_revocation: Option<String>,
    /// A clerk has to look first, at the photo or the papers: no phone gets the license before
    #[arg(long, value_name = "photo|papers", value_parser = review_kind)]
    pub(crate) review: Option<ReviewKind>,
}

/// The arguments of `vidimus authority license offer`.
#[derive(Args, Debug)]
pub(crate) struct OfferArguments {
    /// The license: its number or its id
    pub(crate) license: String,
    /// The old phone ends as soon as the new one has the license
    #[arg(long, conflicts_with = "beside")]
    pub(crate) replace: bool,
    /// Both phones hold the license, up to the setting `devices`
    #[arg(long)]
    pub(crate) beside: bool,
    /// Which phone to replace, where there are several: as `device list` prints it
    #[arg(long, value_name = "ID", requires = "replace")]
    pub(crate) device: Option<i64>,
}

/// The arguments of `vidimus authority license edit`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args(["file", "portrait", "issue_date", "expiry_date", "review"]))]
pub(crate) struct EditArguments {
    /// The license: its number or its id
    pub(crate) license: String,
    /// The driver and the license from now on, as JSON; the number stays
    #[arg(long, value_name = "FILE", conflicts_with_all = ["issue_date", "expiry_date"])]
    pub(crate) file: Option<PathBuf>,
    /// Another picture: a JPEG of at most 64 KiB
    #[arg(long, value_name = "FILE")]
    pub(crate) portrait: Option<PathBuf>,
    /// The license's new first day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) issue_date: Option<String>,
    /// The license's new last day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) expiry_date: Option<String>,
    /// A clerk has to look before another phone gets the license, or before the new picture counts
    #[arg(long, value_name = "photo|papers", value_parser = review_kind)]
    pub(crate) review: Option<ReviewKind>,
}

/// The arguments of `vidimus authority device`.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAction {
    /// The phones that hold a license, or held it
    List {
        /// The license: its number or its id
        license: String,
    },
    /// End one phone: what it shows is refused from now on, and it is never renewed
    End {
        /// The phone, as `device list` prints it
        device: i64,
        /// Why: lost, stolen or replaced
        #[arg(long, value_parser = device_reason)]
        reason: DeviceEnd,
    },
}

/// The arguments of `vidimus authority status`.
#[derive(Debug, Subcommand)]
pub(crate) enum StatusAction {
    /// Decide about a driver; in effect when this returns, also while `serve` runs
    #[command(after_help = "\
The worst of what is in force counts: revoked, superseded, suspended, points_limit, lapsed, unresolved.
`valid` lifts what is in force; revoked and superseded are final. An end (--until) that passes needs no
one: the license returns by itself, within a minute. For `revoked`, --until is the day before which no
new license may be given; without it none ever is, and a term cannot be given later.
By --server, revoked and superseded are proposed: another chief approves them (`proposal approve ID`).")]
    Set(SetArguments),
}

/// The arguments of `vidimus authority status set`.
#[derive(Args, Debug)]
pub(crate) struct SetArguments {
    /// The license: its number or its id
    pub(crate) license: String,
    /// valid, revoked (final), suspended, lapsed, points_limit, unresolved or superseded (final)
    #[arg(value_parser = state)]
    pub(crate) state: LicenseStatus,
    /// On what ground, for the driver and the clerk
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// From when on it holds: 2027-03-01, or 2027-03-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = When::parse)]
    pub(crate) from: Option<When>,
    /// When it ends by itself
    #[arg(long, value_name = "TIME", value_parser = When::parse)]
    pub(crate) until: Option<When>,
    /// Your own name for this decision: given again, it is not made again
    #[arg(long, value_name = "EVENT")]
    pub(crate) event: Option<String>,
    /// With `valid`: lift this decision alone, by its event
    #[arg(long, value_name = "EVENT")]
    pub(crate) lifts: Option<String>,
}

fn key_use(text: &str) -> Result<KeyUse, String> {
    KeyUse::from_name(text).ok_or_else(|| "a key is `credential` or `status`".to_owned())
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text).map_err(|_| "a day is written as 2027-03-01".to_owned())
}

/// A retention: a number of days, or `forever`.
fn retention(text: &str) -> Result<Retention, String> {
    if text == "forever" {
        return Ok(Retention::FOREVER);
    }
    let days = text
        .parse()
        .map_err(|_| "write a number of days, such as 365, or `forever`".to_owned())?;
    Retention::of_days(days).map_err(|error| error.to_string())
}

/// Minutes east of UTC.
fn utc_offset(text: &str) -> Result<i16, String> {
    let read = || {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+')?),
        };
        let (hours, minutes) = digits.split_once(':')?;
        let number = |text: &str| {
            (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())
                .flatten()
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes <= 59).then_some(sign * (hours * 60 + minutes))
    };
    read().ok_or_else(|| "an offset is written as +08:00 or -03:30".to_owned())
}

fn end_reason(text: &str) -> Result<EndReason, String> {
    EndReason::from_name(text).ok_or_else(|| {
        format!(
            "a reason is one of {}",
            EndReason::ALL.map(EndReason::name).join(", ")
        )
    })
}

fn device_reason(text: &str) -> Result<DeviceEnd, String> {
    DeviceEnd::from_name(text).ok_or_else(|| {
        format!(
            "a reason is one of {}",
            DeviceEnd::ALL.map(DeviceEnd::name).join(", ")
        )
    })
}

/// A status that an authority can decide.
fn state(text: &str) -> Result<LicenseStatus, String> {
    let decidable = |state: &LicenseStatus| vidimus_authority::can_decide(*state);
    LicenseStatus::from_name(text)
        .filter(decidable)
        .ok_or_else(|| {
            let names: Vec<_> = LicenseStatus::ALL
                .into_iter()
                .filter(decidable)
                .map(LicenseStatus::name)
                .collect();
            format!("a state is one of {}", names.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_read_east_and_west_and_nothing_else_is() {
        for (text, minutes) in [
            ("+08:00", 480),
            ("-03:30", -210),
            ("+00:00", 0),
            ("+14:00", 840),
        ] {
            assert_eq!(utc_offset(text), Ok(minutes), "{text}");
        }
        for wrong in [
            "",
            "8",
            "08:00",
            "+8:00",
            "+08:60",
            "+08",
            "+0a:00",
            "+08:00:00",
        ] {
            assert!(utc_offset(wrong).is_err(), "{wrong}");
        }
    }
}
