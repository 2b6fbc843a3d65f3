//! Why an authority's command failed, in words that tell a clerk what to do.

mod bad_input;
mod storage_fault;

use std::io;

use vidimus_credential::{Country, UnixTime};

use crate::application_form::FormError;
use crate::issuer::IssuerFault;
use crate::office::OfficeFault;
use crate::portrait::PortraitFault;

pub use storage_fault::StorageFault;

/// Every way in which an authority's command can fail. No variant carries personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder holds no authority.
    #[error(
        "this folder holds no authority: run `vidimus authority init` with the same --home first"
    )]
    NotInitialised,
    /// The folder holds an authority already; its keys are never overwritten.
    #[error(
        "this folder already holds an authority: choose another --home, or go on with `vidimus authority serve`"
    )]
    AlreadyInitialised,
    /// The database is missing or empty, and keys or published files say that there was a register.
    #[error(
        "the register is not here: authority.sqlite is missing or empty, and keys or published files beside it show that there was one. It is not an empty register. Put a backup back with `vidimus authority restore DIR`"
    )]
    RegisterLost,
    /// The database and the files beside it belong to different authorities.
    #[error(
        "the database belongs to another authority than root.cose, the epoch or issued.log beside it: put this authority's own backup back with `vidimus authority restore DIR`"
    )]
    ForeignRegister,
    /// The database is older than what is published.
    #[error(
        "the database is older than what was published (change {epoch} of {known}): it would make revoked licenses valid again, so nothing is served or changed. Run `vidimus authority reconcile`"
    )]
    OldRegister {
        /// How far the database has come.
        epoch: u64,
        /// How far the register had come.
        known: u64,
    },
    /// `keys/epoch` or `public/head` is not what this program writes.
    #[error(
        "keys/epoch or public/head is damaged, so it is not known whether the database is the newest: run `vidimus authority reconcile`"
    )]
    HeadFile,
    /// Another process uses the home.
    #[error(
        "another process uses this home: stop `vidimus authority serve`, wait for other commands, and try again"
    )]
    InUse,
    /// The folder for a backup holds something.
    #[error("the folder for the backup is not empty: choose another one, or an empty one")]
    BackupFolder,
    /// The folder holds no backup.
    #[error(
        "this folder holds no backup of an authority: it has no authority.sqlite with a register"
    )]
    NoBackup,
    /// The backup is another authority's.
    #[error(
        "this backup is of another authority than root.cose in the home: choose its own backup"
    )]
    ForeignBackup,
    /// The backup's pages contradict each other.
    #[error("this backup is damaged: take an older one")]
    DamagedBackup,
    /// There is an `issued.log` already.
    #[error("the home already has an issued.log: leave --issued out")]
    IssuedLogExists,
    /// Lists that were published after the backup are nowhere.
    #[error(
        "{count} status lists that were published are not here, so what was decided after the backup is not known: give a copy of the published files with --published DIR or --head URL. If there is none anywhere, --without-lists goes on: licenses that were revoked after the backup are accepted again then"
    )]
    ListsMissing {
        /// How many lists are missing or old.
        count: usize,
    },
    /// Lists that were published after the backup are here only as they were before.
    #[error(
        "{count} status lists are here only as they were at change {lists} or before, and the register had come to change {known}, so what was decided in between is not known: give a newer copy of the published files with --published DIR or --head URL (a kept head alone says how far the register had come, and not what was decided). If there is none anywhere, --without-lists goes on: licenses that were revoked in between are accepted again then"
    )]
    ListsOld {
        /// How many lists are missing or old.
        count: usize,
        /// Up to which change they say what was decided; 0 where nothing tells.
        lists: u64,
        /// How far the register had come, by the newest head.
        known: u64,
    },
    /// What was given as a head is none.
    #[error("this is not a head as an authority publishes it at /head")]
    NoHead,
    /// The folder was written by a newer version of this program.
    #[error("this folder was written by a newer version of vidimus: use that version")]
    NewerSchema,
    /// The folder was written by a version of this program that nothing was deployed with.
    #[error(
        "this folder was made by an earlier version of vidimus, with which nothing was deployed, and is left as it is: make a new one with `vidimus authority init` and another --home"
    )]
    EarlierSchema,
    /// The issuer's URL cannot be used.
    #[error("the issuer URL {0}")]
    Issuer(#[from] IssuerFault),
    /// The issuer's URL is not fixed yet, so no offer can name it.
    #[error(
        "the issuer's URL is not fixed yet: run `vidimus authority serve` once, or `init --issuer URL`"
    )]
    IssuerNotFixed,
    /// Without `init --issuer`, only a loopback listener can name the issuer.
    #[error(
        "listening beyond this machine needs an https URL: run `vidimus authority init --issuer https://...`"
    )]
    ListenerNotLoopback,
    /// A loopback issuer was fixed with another host or port than the one to listen on.
    #[error(
        "this authority is {issuer}, and licenses name it so: serve with --listen {listen}, or init a new home"
    )]
    OtherAddress {
        /// The fixed issuer URL.
        issuer: String,
        /// Where it must listen.
        listen: std::net::SocketAddr,
    },
    /// The country is not two letters A to Z.
    #[error("the country is not a two-letter code such as ZZ or DE (ISO 3166-1 alpha-2, capitals)")]
    Country,
    /// The authority's display name breaks the profile's rules for text.
    #[error("the authority's name must have 1 to 64 bytes of text without control characters")]
    Name,
    /// The driver's file is not what it should be.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The portrait is not what it should be.
    #[error("the portrait {0}")]
    Portrait(#[from] PortraitFault),
    /// The license names another country than the authority's.
    #[error("driver.json: `issuing_country` must be {}, this authority's country", .authority.as_str())]
    OtherCountry {
        /// The country that this authority issues for.
        authority: Country,
    },
    /// A live license has this number, as it is compared: what looks the same is the same.
    #[error(
        "a license with this number is registered already ({license}): `vidimus authority license offer {license}` gives it to another phone, `license edit` changes it, and `license end` frees the number"
    )]
    NumberTaken {
        /// The id of its row.
        license: String,
    },
    /// Two live licenses have this number, of a time when numbers were compared less strictly.
    #[error(
        "two licenses have this number, for they were registered when numbers were compared less strictly: {one} and {other}. Look at both by these ids (`vidimus authority license find {one}`), and end the one that is a mistake with `vidimus authority license end`"
    )]
    NumberTwice {
        /// The id of the one.
        one: String,
        /// The id of the other.
        other: String,
    },
    /// A license is to end that is revoked, and another one of its number is not.
    #[error(
        "this license is revoked, and {other}, which is not, has the same number: they were registered when numbers were compared less strictly. If it ended, the number would not be revoked any more: revoke {other} too, or end {other} first"
    )]
    TwinNotRevoked {
        /// The id of the other.
        other: String,
    },
    /// The license that has this number is revoked.
    #[error(
        "the license with this number is revoked ({license}): once the revocation's term is over, add it with --after-revocation {event}"
    )]
    NumberRevoked {
        /// The id of its row.
        license: String,
        /// The event of the revocation.
        event: String,
    },
    /// The revocation's term is not over.
    #[error("the revocation lasts until {}: add the license after that", .until.to_rfc3339())]
    RevokedUntil {
        /// The revocation's `until`: the first second at which a new license may be added.
        until: UnixTime,
    },
    /// The revocation has no term.
    #[error("the revocation has no end: no new license can be given under this number")]
    RevokedForGood,
    /// The named revocation is not the one that counts against this number.
    #[error(
        "--after-revocation must name the event of the revocation that counts against this number: `vidimus authority license find NUMBER` shows it"
    )]
    OtherRevocation,
    /// An edit may not give a license another number.
    #[error(
        "the file is about another license number, which an edit cannot change: check the file, or end this license and add the other"
    )]
    OtherNumber,
    /// The license's row has ended.
    #[error("this license has ended: `vidimus authority license add` registers the driver anew")]
    RowEnded,
    /// The license is past its last day, so no device can be given it.
    #[error(
        "this license is past its last day: renew it with `vidimus authority license edit NUMBER --expiry-date YYYY-MM-DD` first"
    )]
    PastLastDay,
    /// The license is superseded, which is final.
    #[error(
        "this license is superseded, which is final: end it with `vidimus authority license end`, and register the driver anew"
    )]
    Superseded,
    /// A device holds the license, and the offer does not say what becomes of it.
    #[error(
        "a phone holds this license already: offer it with --replace (the old phone ends when the new one has the license) or --beside (both hold it)"
    )]
    HasDevices,
    /// As many devices hold the license as may, or more.
    #[error(
        "{limit} phones may hold this license, and one more would be too many: offer it with --replace, or end one with `vidimus authority device end ID --reason lost`"
    )]
    TooManyDevices {
        /// How many phones may hold one license, by the setting.
        limit: usize,
    },
    /// More devices hold the license than may, and stay more where one of them is replaced.
    #[error(
        "{limit} phones may hold this license, and it is on more than that, also once one is replaced: end others with `vidimus authority device end ID --reason lost`, or allow more with `vidimus authority settings --devices N`"
    )]
    TooManyStay {
        /// How many phones may hold one license, by the setting.
        limit: usize,
    },
    /// Several devices hold the license, and none was named.
    #[error(
        "several phones hold this license: name the one to replace with --replace --device ID; `vidimus authority device list NUMBER` shows them"
    )]
    WhichDevice,
    /// No live device has this id.
    #[error(
        "no phone of this license has this id: `vidimus authority device list NUMBER` shows them"
    )]
    UnknownDevice,
    /// The setting must be 1 to 99.
    #[error("a license can be held by 1 to 99 phones, not by {devices}")]
    DeviceLimit {
        /// The number that was asked for.
        devices: u8,
    },
    /// A retention must be 1 to 36,500 days.
    #[error(
        "personal data is kept for 1 to 36500 days after the end of its license, or `forever`, and not for {days} days. 0 is neither at once nor never: say 1, or forever"
    )]
    RetentionDays {
        /// The number of days that was asked for.
        days: u16,
    },
    /// The clock has jumped, or the retention was made shorter: nothing is deleted yet.
    #[error(
        "nothing was deleted, and nothing is before {}: the clock has moved in the last three days and may be wrong (`vidimus authority clock show`), or the retention was made shorter in the last hour, which can be taken back until then",
        .until.to_rfc3339()
    )]
    DeletionWaits {
        /// Before this time nothing is deleted.
        until: UnixTime,
    },
    /// A decision's end lies before its begin.
    #[error("--until must be later than --from")]
    UntilBeforeFrom,
    /// A decision's end has passed.
    #[error("--until is in the past: the decision would end before it began to count")]
    UntilPassed,
    /// The state takes no end.
    #[error("valid and superseded have no end: leave --until out")]
    NoUntil,
    /// `lifts` was given with another state than Valid.
    #[error("only `valid` lifts another decision: leave `lifts` out, or decide `valid`")]
    LiftsNeedsValid,
    /// No decision that could be lifted has this event.
    #[error(
        "no decision of this license that can be lifted has this event: `vidimus authority license find NUMBER` shows them"
    )]
    UnknownEvent,
    /// `valid` would lift nothing of what is in force.
    #[error(
        "`valid` lifts nothing at that time, and the license is not valid: what is in force began later. Leave `from` out, or choose a later one"
    )]
    LiftsNothing,
    /// Something final is in force by the time at which `valid` would lift.
    #[error(
        "the license is revoked or superseded by then, which is final: before it begins, it can be withdrawn with `valid`, its event in `lifts`, and a `from` that is not after its begin"
    )]
    FinalByThen,
    /// The event's name is used for another decision.
    #[error(
        "the event {event} was used for a decision that says something else (license, state, reason, from, until, lifts or by): take a new name for a new decision"
    )]
    EventReused {
        /// The event's name, as the caller gave it.
        event: String,
    },
    /// An event's name is not one.
    #[error(
        "an event's name has 1 to 64 visible ASCII characters, and does not begin with `until:`"
    )]
    EventName,
    /// The reason breaks the desk's rules for text.
    #[error(
        "a reason has 1 to 256 bytes of text in Unicode NFC, with something to see and without control characters and invisible ones"
    )]
    Reason,
    /// The name of the office breaks the desk's rules for text.
    #[error(
        "--by names the office that decides: 1 to 64 bytes of text in Unicode NFC, with something to see and without control characters and invisible ones"
    )]
    Office,
    /// One decision of a batch was refused, and with it the whole batch.
    #[error("decision {place}: {error}. Nothing of the batch was done")]
    InBatch {
        /// Which one, from 1.
        place: usize,
        /// Why that decision was refused.
        error: Box<Error>,
    },
    /// The license is past its expiry date.
    #[error("driver.json: `expiry_date` is in the past: a license that has ended cannot be issued")]
    LicenseEnded,
    /// No license has this number or id.
    #[error(
        "no license has this number or id: `vidimus authority license list` shows them, a page at a time"
    )]
    UnknownLicense,
    /// `unknown` is what a reader concludes, never what an authority signs.
    #[error(
        "an authority cannot set the status `unknown`: choose valid, revoked, suspended, lapsed, points_limit, unresolved or superseded"
    )]
    StatusNotSettable,
    /// A revoked license stays revoked, because readers rely on it forever.
    #[error(
        "this license is revoked, which is final: once its term is over, register the driver anew with `vidimus authority license add --after-revocation EVENT`"
    )]
    Revoked,
    /// Every number of a status list is used.
    #[error("this authority is full: start another one")]
    Full,
    /// The clock contradicts the last signature, so nothing is signed.
    #[error(
        "the clock of this machine is in doubt, so nothing is signed: it says {}, and by the last signature it should be about {}. Decisions are stored and signed later. Set the clock; where it is right already, run `vidimus authority clock accept --today YYYY-MM-DD`, and where earlier signatures were dated by a wrong clock, `vidimus authority clock repair --today YYYY-MM-DD`",
        .clock.to_rfc3339(), .expected.to_rfc3339()
    )]
    ClockInDoubt {
        /// What the wall clock says.
        clock: UnixTime,
        /// What it should say, by the last signature and the boot clock.
        expected: UnixTime,
    },
    /// Signed times run ahead of the clock, and the caller does not wait that long.
    #[error(
        "stored, and not signed yet: signed times run ahead of the clock for {seconds} more seconds. `vidimus authority serve` signs it then"
    )]
    SigningWaits {
        /// How many seconds from now.
        seconds: u64,
    },
    /// The next key was announced less than 7 days ago.
    #[error(
        "readers may not know the next key yet: it is announced for 7 days on {}. Rotate then, or now with `rotate-keys --now`",
        .ready.to_rfc3339()
    )]
    NextKeyTooNew {
        /// From when on it may take over.
        ready: UnixTime,
    },
    /// No published trust list names the next key.
    #[error(
        "no published trust list names the next key yet, so no reader knows it: run `vidimus authority publish`, and rotate 7 days later, or now with `rotate-keys --now`"
    )]
    NextKeyUnannounced,
    /// The date that was given is not the clock's.
    #[error(
        "the date that was typed is not this clock's, which says {}: set the clock, or type the date of today", .clock.to_rfc3339()
    )]
    NotToday {
        /// What the wall clock says.
        clock: UnixTime,
    },
    /// The clock cannot be accepted while something is signed for a later time.
    #[error(
        "something is signed for {}, which is still to come by this clock: set the clock if it is wrong; if that signature was made by a wrong clock, wait until then or run `vidimus authority clock repair --today YYYY-MM-DD`",
        .signed.to_rfc3339()
    )]
    SignedAhead {
        /// The latest time that is signed.
        signed: UnixTime,
    },
    /// Nothing is signed for a time that is still to come.
    #[error(
        "nothing is signed for a time that is still to come, so nothing is to be repaired: where the clock is in doubt and right, run `vidimus authority clock accept --today YYYY-MM-DD`"
    )]
    NothingToRepair,
    /// The offset is outside what places on Earth have.
    #[error("--utc-offset is from -12:00 to +14:00, such as +08:00")]
    UtcOffset,
    /// A reader's name breaks the profile's rules.
    #[error(
        "a reader's name has 1 to 64 bytes of text in Unicode NFC with something visible in it. It has no blanks at its ends, no invisible characters and no emoji, and does not begin with `dl1:`, in small letters or capitals"
    )]
    ReaderName,
    /// A reader's key is listed for no sensible time.
    #[error("a reader's key is listed for 1 to 3660 days, not for {days}")]
    ReaderDays {
        /// The number of days that was asked for.
        days: u32,
    },
    /// A reader of this name is listed.
    #[error(
        "a reader of this name, or of one that looks like it, is listed already: choose another name, or revoke that one first (`vidimus authority reader list` shows them)"
    )]
    ReaderExists,
    /// This key was added before.
    #[error("this reader key was added before, and a revoked one stays revoked: make another key")]
    ReaderKeyKnown,
    /// This key is one of the authority's own.
    #[error(
        "this is a key of the authority itself, which cannot be a reader's too: give the public key that the reader made, or let `reader add --out FILE` make one"
    )]
    ReaderKeyOwn,
    /// The trust list has no room for another reader.
    #[error(
        "the trust list is full (it has 1 MiB): revoke readers that are no longer used (`vidimus authority reader list` shows them)"
    )]
    TooManyReaders,
    /// No reader of this name or id is listed.
    #[error("no reader has this name or id: `vidimus authority reader list` shows them")]
    UnknownReader,
    /// A call of the office is refused.
    #[error(transparent)]
    Refused(#[from] OfficeFault),
    /// A sign-in ended, or lasted too long.
    #[error("this sign-in is over: begin it anew in the app")]
    SignInOver,
    /// No review has this id, or its picture is gone.
    #[error(
        "no review has this id, or it has no picture any more: `vidimus authority review list` shows those that wait"
    )]
    UnknownReview,
    /// The review is decided, or another one took its place.
    #[error(
        "this review waits no more: it is decided, another one took its place, or its license has ended. `vidimus authority review list` shows those that wait"
    )]
    ReviewOver,
    /// A review of another kind waits, and one license has one at a time.
    #[error("another review of this license is not accepted yet ({review}): decide that one first")]
    ReviewWaits {
        /// The id of the one that waits.
        review: i64,
    },
    /// The name of a client breaks the rules.
    #[error("a client's name has 1 to 64 letters, digits, hyphens, dots and underscores")]
    ClientId,
    /// The built-in client is not changed.
    #[error("the client vidimus-cli is always there, as it is")]
    ClientBuiltIn,
    /// A redirect address cannot be used.
    #[error(
        "a client has 1 to 16 redirect addresses: https://…, http://127.0.0.1/… or http://[::1]/… without a port, or of the app's own scheme with --allow-private-scheme; each as a browser would write it, without a fragment"
    )]
    Redirect,
    /// An app's name or its certificate's digest is none.
    #[error(
        "an app is linked by PACKAGE=SHA256 of its certificate (--android) or TEAM.BUNDLE (--apple), at most 16 of them"
    )]
    AppLink,
    /// No client has this name.
    #[error("no client has this name: `vidimus authority client list` shows them")]
    UnknownClient,
    /// `next_is_safe` was given without `compromised`.
    #[error("--next-is-safe is for `rotate-keys --compromised` alone: leave it out")]
    RotationOptions,
    /// A file or folder of the home could not be used.
    #[error("cannot {what}: {kind}{}", advice_of(*.kind))]
    Io {
        /// What was tried, without a path.
        what: &'static str,
        /// The operating system's kind of error.
        kind: io::ErrorKind,
    },
    /// A private key's file is missing, short or of another key.
    #[error(
        "a private key in the folder `keys` is missing or damaged: restore it from your backup"
    )]
    KeyFile,
    /// What was done is stored, and cannot be signed for want of a private key.
    #[error(
        "stored, and not signed: a private key in the folder `keys` is missing or damaged. Restore it from your backup; then `vidimus authority publish`, or `serve` by itself, signs what waits"
    )]
    StoredUnsigned,
    /// Private keys that the register needs are missing, short or of another key.
    #[error(
        "private keys in the folder `keys` are missing or damaged: {missing}. What they sign cannot be signed: put them back from your backup"
    )]
    KeysMissing {
        /// The ids and uses of the keys, as a list in words.
        missing: String,
    },
    /// The root's private key is missing, and an old register is to be brought up to date.
    #[error(
        "the root's private key is not in the folder `keys`, so nothing could be signed, and nothing was changed: copy root.cose into the home and the files keys/*.key into its folder `keys`, from where they were kept, and run this again. Other keys that are lost can be made anew, the root cannot"
    )]
    RootMissing,
    /// The database is locked by another process for too long.
    #[error("another process holds the authority's database: try again")]
    Busy,
    /// The database is damaged, full or unreadable.
    #[error("the authority's database cannot be used ({0})")]
    Storage(StorageFault),
    /// The OpenID provider's address, client or claim cannot be used.
    #[error(
        "the OpenID provider's address must begin with https:// (http:// is for loopback addresses alone), and neither the client nor the claim may be empty"
    )]
    Provider,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Random,
    /// An object could not be built or signed.
    #[error("could not sign: {0}")]
    Signing(vidimus_credential::Error),
}

impl Error {
    /// Why something that is stored could not be signed, in words that say that it is stored.
    pub(crate) fn of_stored(self) -> Self {
        match self {
            Self::KeyFile => Self::StoredUnsigned,
            other => other,
        }
    }

    /// For `map_err`: an I/O error with what was tried, and without the path.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io {
            what,
            kind: error.kind(),
        }
    }
}

/// What to do about an operating system's error, where that can be said.
const fn advice_of(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ": make room on the disk of the home folder, and run the command again. What is stored already is whole"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            ": the disk of the home folder may not be written; look whether it is failing"
        }
        io::ErrorKind::PermissionDenied => ": check the home folder's owner and mode",
        _ => "",
    }
}

/// What the authority itself wrote must be readable by the profile's rules: if not, the database is
/// damaged.
pub(crate) fn damaged<E>(_: E) -> Error {
    Error::Storage(StorageFault::Damaged)
}
