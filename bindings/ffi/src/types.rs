//! The values that cross: mirrors of the core's, with the types of each language for times and numbers.
//!
//! Nothing here has `Debug` that holds personal data.

use std::time::Duration as StdDuration;

use vidimus_credential::qr::Symbol;
use vidimus_credential::verify as core;
use vidimus_credential::{Day, UnixTime, birth_date, license, status};
use vidimus_wallet::{activity_log, error, issuance, present, refresh, timekeeper, vault};

use crate::error::WalletError;
use crate::standing::{LicenseStanding, StandingSpan};

/// A point in time, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub i64);
uniffi::custom_newtype!(Instant, i64);

/// A length of time, in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration(pub i64);
uniffi::custom_newtype!(Duration, i64);

/// A day of the Gregorian calendar, without a time zone.
pub struct LocalDate(pub String);
uniffi::custom_newtype!(LocalDate, String);

/// How far the clocks of a place are ahead of universal time in its standard time, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UtcOffset(pub i32);
uniffi::custom_newtype!(UtcOffset, i32);

/// A number of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub i32);
uniffi::custom_newtype!(Count, i32);

impl From<UnixTime> for Instant {
    fn from(time: UnixTime) -> Self {
        Self(i64::try_from(time.seconds()).unwrap_or(i64::MAX))
    }
}

impl TryFrom<Instant> for UnixTime {
    type Error = WalletError;

    fn try_from(instant: Instant) -> Result<Self, WalletError> {
        u64::try_from(instant.0)
            .ok()
            .and_then(|seconds| Self::new(seconds).ok())
            .ok_or(WalletError::InvalidArgument)
    }
}

impl Duration {
    pub(crate) fn of_seconds(seconds: u64) -> Self {
        Self::from(StdDuration::from_secs(seconds))
    }

    /// Whole seconds, as the core counts.
    pub(crate) fn seconds(self) -> Result<u64, WalletError> {
        StdDuration::try_from(self).map(|duration| duration.as_secs())
    }
}

impl From<StdDuration> for Duration {
    fn from(duration: StdDuration) -> Self {
        Self(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }
}

impl TryFrom<Duration> for StdDuration {
    type Error = WalletError;

    fn try_from(duration: Duration) -> Result<Self, WalletError> {
        u64::try_from(duration.0)
            .map(Self::from_millis)
            .map_err(|_| WalletError::InvalidArgument)
    }
}

impl From<Day> for LocalDate {
    fn from(day: Day) -> Self {
        Self(day.to_string())
    }
}

impl Count {
    /// Of something that is bounded far below; more than the type holds is its end.
    pub(crate) fn of(number: usize) -> Self {
        Self(i32::try_from(number).unwrap_or(i32::MAX))
    }

    pub(crate) fn to_usize(self) -> Result<usize, WalletError> {
        usize::try_from(self.0).map_err(|_| WalletError::InvalidArgument)
    }
}

/// Names the type and nothing in it: personal data and tokens stay out of logs, whoever prints a value.
macro_rules! discreet {
    ($($name:ident)+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(\u{2026})"))
            }
        }
    )+};
}
pub(crate) use discreet;

discreet!(License BirthDate Category Frame Audience);

/// An enum of the core, once more, with the conversion from it.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident = $core:path { $($(#[$variant_doc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                use $core as Core;
                match value { $(Core::$variant => Self::$variant,)+ }
            }
        }
    };
}
pub(crate) use mirror;

mirror! {
    /// Whether the holder may drive, by the authority.
    LicenseStatus = status::LicenseStatus {
        /// The holder may drive.
        Valid,
        /// Taken away for good.
        Revoked,
        /// Taken away for a time.
        Suspended,
        /// A renewal, a medical or another review is overdue.
        Lapsed,
        /// As many penalty points as the law allows: the holder may not drive.
        PointsLimit,
        /// Valid, with a violation or an accident still to be handled.
        Unresolved,
        /// A newer license took its place.
        Superseded,
        /// The holder may drive, as with valid; a new version of the license waits to be fetched.
        UpdateWaiting,
        /// Nothing is known, or what was known is too old. Neither good nor bad.
        Unknown,
    }
}

mirror! {
    /// Where a status comes from.
    StatusSource = status::StatusSource {
        /// From the presentation itself.
        Staple,
        /// From the list that the reader loaded before.
        Bundle,
        /// Just fetched from the authority.
        Online,
        /// From nowhere: there is none.
        None,
    }
}

mirror! {
    /// Why a verdict is what it is, in the order of the checks.
    Reason = core::Reason {
        /// The text is no presentation.
        NotAToken,
        /// The text cannot be read.
        Malformed,
        /// There is no usable trust list.
        TrustListUnusable,
        /// The authority's key is not in the trust list.
        UnknownKey,
        /// The key is not for this purpose.
        WrongKeyPurpose,
        /// The key does not speak for this authority or country.
        WrongIssuer,
        /// The key is outside its time.
        KeyNotInForce,
        /// An authority's signature is wrong.
        BadSignature,
        /// It is not signed by the phone that the license was issued to.
        NotBoundToDevice,
        /// A disclosed part is not what the authority signed.
        DisclosureMismatch,
        /// The credential is past its end.
        CredentialExpired,
        /// The presentation is past its end.
        Expired,
        /// The presentation begins in the future.
        NotYetValid,
        /// The presentation lives longer than the reader allows.
        LifeTooLong,
        /// Two signed times cannot both be true.
        TimesInconsistent,
        /// It answers another challenge, or none, or one that was not asked.
        WrongChallenge,
        /// It is for another reader.
        WrongReader,
        /// It was seen here before.
        Replayed,
        /// The license is past its last day.
        LicenseExpired,
        /// The license's first day has not begun.
        LicenseNotYetValid,
        /// The category that was asked for is missing, or outside its dates.
        CategoryNotHeld,
        /// The phone's clock or the reader's is wrong.
        ClockInDoubt,
        /// The trust list is past its end.
        TrustListExpired,
        /// The trust list is more than a week old and does not name the authority's key: a newer one may.
        TrustListOld,
        /// The license is revoked.
        Revoked,
        /// The license is suspended.
        Suspended,
        /// A renewal, a medical or another review is overdue.
        Lapsed,
        /// The holder has reached the points limit.
        PointsLimit,
        /// A newer license took this one's place.
        Superseded,
        /// The status is good, but a day to a week old.
        StatusStale,
        /// The status is too old, or one that nobody knows.
        StatusUnknown,
        /// A violation or an accident waits to be handled.
        Unresolved,
        /// A status was there and could not be used.
        StatusUnusable,
        /// No status was there.
        StatusMissing,
        /// The loaded status list does not speak for this license.
        BundleIgnored,
        /// The loaded status list cannot be used.
        BundleUnusable,
    }
}

/// A driver's license, as the authority signed it. Personal data.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct License {
    /// Family name.
    pub family_name: String,
    /// Given names; may be empty.
    pub given_names: String,
    /// When the holder was born, as exactly as the authority knows.
    pub birth_date: BirthDate,
    /// The license's number.
    pub license_number: String,
    /// What may be driven.
    pub categories: Vec<Category>,
    /// The license's first day, at the authority's seat.
    pub issue_date: LocalDate,
    /// The license's last day, at the authority's seat; none where it has no end.
    pub expiry_date: Option<LocalDate>,
    /// The country that issued it, two capital letters (ISO 3166-1).
    pub issuing_country: String,
    /// How far the clocks of the authority's seat are ahead of universal time, without summer time. All days of the
    /// license are days of that place.
    pub utc_offset: UtcOffset,
    /// When its last day ends at the authority's seat; none where it has no end.
    pub ends: Option<Instant>,
}

/// A date of birth, as exactly as the authority knows it. Personal data.
// Plain numbers: in the variant of an enum the generated Kotlin cannot name a type of `uniffi.toml`.
#[derive(uniffi::Enum)]
#[uniffi::export(Display)]
pub enum BirthDate {
    /// The day is known.
    Day {
        /// The year, 1800 to 2199.
        year: i32,
        /// The month, 1 to 12.
        month: i32,
        /// The day of the month, from 1.
        day: i32,
    },
    /// The year and the month are known.
    YearMonth {
        /// The year, 1800 to 2199.
        year: i32,
        /// The month, 1 to 12.
        month: i32,
    },
    /// The year alone is known.
    Year {
        /// The year, 1800 to 2199.
        year: i32,
    },
}

impl From<birth_date::BirthDate> for BirthDate {
    fn from(date: birth_date::BirthDate) -> Self {
        match date {
            birth_date::BirthDate::Day(day) => {
                let (year, month, day) = day.ymd();
                Self::Day {
                    year,
                    month: month.into(),
                    day: day.into(),
                }
            }
            birth_date::BirthDate::YearMonth(month) => Self::YearMonth {
                year: month.year().get().into(),
                month: month.month().into(),
            },
            birth_date::BirthDate::Year(year) => Self::Year {
                year: year.get().into(),
            },
        }
    }
}

/// What may be driven, and when.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct Category {
    /// The category's code, such as B.
    pub code: String,
    /// Its first day, where it has one of its own.
    pub valid_from: Option<LocalDate>,
    /// Its last day, where it has one of its own.
    pub valid_until: Option<LocalDate>,
    /// Codes of its restrictions and conditions.
    pub restrictions: Vec<String>,
}

impl From<&license::License> for License {
    fn from(license: &license::License) -> Self {
        Self {
            family_name: license.family_name().to_owned(),
            given_names: license.given_names().to_owned(),
            birth_date: license.birth_date().into(),
            license_number: license.license_number().to_owned(),
            categories: license
                .codes()
                .map(|(code, row)| Category::new(code, row))
                .collect(),
            issue_date: license.issue_date().into(),
            expiry_date: license.expiry_date().map(LocalDate::from),
            issuing_country: license.issuing_country().as_str().to_owned(),
            utc_offset: UtcOffset(license.utc_offset().minutes().into()),
            ends: license.end().map(Instant::from),
        }
    }
}

impl Category {
    fn new(code: &str, category: &license::Category) -> Self {
        Self {
            code: code.to_owned(),
            valid_from: category.from().map(LocalDate::from),
            valid_until: category.until().map(LocalDate::from),
            restrictions: category.restrictions().to_vec(),
        }
    }
}

/// A status and how old it is.
#[derive(uniffi::Record)]
pub struct StatusReport {
    /// The state.
    pub state: LicenseStatus,
    /// When the authority signed it; none without a source.
    pub as_of: Option<Instant>,
    /// Where it comes from.
    pub source: StatusSource,
    /// How old it is by the best known time; none without a source.
    pub age: Option<Duration>,
}

impl StatusReport {
    pub(crate) fn new(report: status::StatusReport, age_s: Option<u64>) -> Self {
        Self {
            state: report.state.into(),
            as_of: report.as_of.map(Instant::from),
            source: report.source.into(),
            age: age_s.map(Duration::of_seconds),
        }
    }
}

/// A new wallet's place and whom it trusts.
#[derive(uniffi::Record)]
pub struct WalletConfig {
    /// The folder for the vault; made where it is missing. Keep it out of backups.
    pub directory: String,
    /// The public root key that signs the authority's trust list: a COSE_Key, as the authority publishes it.
    pub root_key: Vec<u8>,
    /// The authority's address: `https`, or `http` on this machine; without query, fragment or endpoint behind it.
    pub authority: String,
    /// The certificates, in DER, that may vouch for the authority's server; empty: all public ones.
    pub pinned_certificates: Vec<Vec<u8>>,
}

/// A license in the wallet. Personal data.
#[derive(uniffi::Record)]
pub struct HeldLicense {
    /// Its name in this wallet: random, shown to nobody.
    pub id: String,
    /// What the authority says; none where its place in the vault is damaged.
    pub license: Option<License>,
    /// The status that is held: one part of how the license stands.
    pub status: StatusReport,
    /// How it stood when it was read: by its status, its days, those of its categories, and by how long it can be shown.
    pub standing: LicenseStanding,
    /// How it stands at once, and how it will stand later if nothing newer is heard; never empty.
    pub outlook: Vec<StandingSpan>,
    /// When the credential was signed.
    pub issued_at: Option<Instant>,
    /// When the credential ends unless it is renewed; not the license's own last day.
    pub expires: Option<Instant>,
    /// Whether there is a portrait to ask for.
    pub has_portrait: bool,
    /// Whether its place in the vault is damaged. Nothing was deleted; have it issued anew.
    pub damaged: bool,
}

impl HeldLicense {
    pub(crate) fn new(held: &vidimus_wallet::HeldLicense, now: UnixTime) -> Self {
        Self {
            id: held.id.as_str().to_owned(),
            license: held.license.as_ref().map(License::from),
            status: StatusReport::new(held.status, held.status.age_s(now)),
            standing: held.standing().into(),
            outlook: held
                .outlook
                .iter()
                .map(|span| StandingSpan::new(span, now))
                .collect(),
            issued_at: held.issued_at.map(Instant::from),
            expires: held.expires.map(Instant::from),
            has_portrait: held.portrait.is_some(),
            damaged: held.problem.is_some(),
        }
    }
}

/// What a screen shows of a wallet. Personal data.
#[derive(uniffi::Record)]
pub struct Overview {
    /// The licenses in the wallet.
    pub licenses: Vec<HeldLicense>,
    /// How the vault is.
    pub health: Health,
    /// A license was here, and none is any more, without the driver's wish: the app was installed anew, or an older copy
    /// was put in place. Ask the authority for it again.
    pub misses_license: bool,
}

/// What an offer says of itself.
#[derive(uniffi::Record)]
pub struct OfferDetails {
    /// The issuer's address.
    pub issuer: String,
    /// What the issuer calls itself; its own word, proven by nobody yet.
    pub display_name: Option<String>,
    /// Who vouches for the issuer. Say it beside its address.
    pub standing: IssuerStanding,
    /// The code that must be typed in to take it up; none where there is none, and where nobody vouches for the issuer.
    pub tx_code: Option<TxCode>,
}

/// Who vouches for an issuer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IssuerStanding {
    /// It is the authority that this wallet was made for.
    Authority,
    /// The trust list of this wallet's authority names it.
    Listed,
    /// Nobody. It is given no code.
    Unknown,
}

impl From<issuance::Standing> for IssuerStanding {
    fn from(standing: issuance::Standing) -> Self {
        match standing {
            issuance::Standing::Authority => Self::Authority,
            issuance::Standing::Listed => Self::Listed,
            // Whatever may come, it is nobody that this layer knows.
            _ => Self::Unknown,
        }
    }
}

/// What a transaction code looks like.
#[derive(uniffi::Record)]
pub struct TxCode {
    /// Digits alone.
    pub numeric: bool,
    /// How many characters, where the issuer says so.
    pub length: Option<Count>,
    /// Where the code is to be found, in the issuer's words; none where the offer did not come from its server.
    pub description: Option<String>,
}

impl From<&vidimus_wallet::Offer> for OfferDetails {
    fn from(offer: &vidimus_wallet::Offer) -> Self {
        Self {
            issuer: offer.issuer().to_owned(),
            display_name: offer.display_name().map(str::to_owned),
            standing: offer.standing().into(),
            tx_code: offer.tx_code().map(TxCode::from),
        }
    }
}

impl From<&issuance::TxCode> for TxCode {
    fn from(code: &issuance::TxCode) -> Self {
        Self {
            numeric: code.numeric,
            length: code
                .length
                .and_then(|length| i32::try_from(length).ok())
                .map(Count),
            description: code.description.clone(),
        }
    }
}

/// Who asks for a license. Show it before answering.
#[derive(uniffi::Record)]
pub struct ReaderRequestDetails {
    /// The name that the reader gives itself; `dl1:code` for digits that were read out.
    pub reader: String,
    /// The reader's name by the trust list; none where nothing proves who asks.
    pub proven_name: Option<String>,
}

impl From<&present::ReaderRequest> for ReaderRequestDetails {
    fn from(request: &present::ReaderRequest) -> Self {
        Self {
            reader: request.reader().to_owned(),
            proven_name: request.proven_name().map(str::to_owned),
        }
    }
}

/// What to ask the authority for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum RefreshScope {
    /// What is due: what a scheduler asks for.
    Due,
    /// What is due, and a license whose key was withdrawn at once: what an app asks for first when it is opened.
    Opened,
    /// Trust list and status now, whenever they were last asked for: what a driver's pull asks for.
    Now,
}

impl From<RefreshScope> for refresh::Refresh {
    fn from(scope: RefreshScope) -> Self {
        match scope {
            RefreshScope::Due => Self::Due,
            RefreshScope::Opened => Self::Opened,
            RefreshScope::Now => Self::Now,
        }
    }
}

/// What a refresh did.
#[derive(uniffi::Record)]
pub struct RefreshReport {
    /// What is new, in the order in which it came.
    pub changes: Vec<RefreshChange>,
    /// What was asked for and could not be had; it will be asked for again.
    pub failures: Vec<RefreshFailure>,
    /// How many HTTP requests were sent.
    pub requests: Count,
    /// After how long to call again; at least a second.
    pub next_in: Duration,
}

/// Something that is new since a refresh.
#[derive(uniffi::Enum)]
pub enum RefreshChange {
    /// A newer trust list.
    TrustList,
    /// A newer status of a license; perhaps the same state, younger.
    Status {
        /// Whose.
        license: String,
        /// The state before.
        from: LicenseStatus,
        /// The state now.
        to: LicenseStatus,
    },
    /// A license was renewed.
    Renewed {
        /// Which.
        license: String,
    },
}

/// Something that could not be had.
#[derive(uniffi::Record)]
pub struct RefreshFailure {
    /// What.
    pub subject: RefreshSubject,
    /// Why.
    pub error: WalletError,
}

/// What a refresh asks for.
#[derive(uniffi::Enum)]
pub enum RefreshSubject {
    /// The trust list.
    TrustList,
    /// The status of a license.
    Status {
        /// Whose.
        license: String,
    },
    /// A newer credential for a license.
    Renewal {
        /// Which.
        license: String,
    },
}

impl From<refresh::RefreshReport> for RefreshReport {
    fn from(report: refresh::RefreshReport) -> Self {
        Self {
            changes: report.changed.into_iter().map(Into::into).collect(),
            failures: report.failures.into_iter().map(Into::into).collect(),
            requests: Count(i32::try_from(report.requests).unwrap_or(i32::MAX)),
            next_in: report.next_in.into(),
        }
    }
}

impl From<refresh::Change> for RefreshChange {
    fn from(change: refresh::Change) -> Self {
        match change {
            refresh::Change::TrustList => Self::TrustList,
            refresh::Change::Status { license, from, to } => Self::Status {
                license: license.into(),
                from: from.into(),
                to: to.into(),
            },
            refresh::Change::Renewed { license } => Self::Renewed {
                license: license.into(),
            },
        }
    }
}

impl From<refresh::Failure> for RefreshFailure {
    fn from(failure: refresh::Failure) -> Self {
        let subject = match failure.subject {
            refresh::Subject::TrustList => RefreshSubject::TrustList,
            refresh::Subject::Status(license) => RefreshSubject::Status {
                license: license.into(),
            },
            refresh::Subject::Renewal(license) => RefreshSubject::Renewal {
                license: license.into(),
            },
        };
        Self {
            subject,
            error: WalletError::of_refresh(failure.error),
        }
    }
}

/// What is on the screen for 10 s.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct Frame {
    /// The QR's text: a signed presentation. Whoever has it can show it for 30 s; do not log it.
    pub text: String,
    /// The QR itself.
    pub symbol: QrSymbol,
    /// When it was signed, by the wallet's best time.
    pub issued_at: Instant,
    /// When the next frame is due, by the same time.
    pub rotates_at: Instant,
    /// When readers refuse it.
    pub expires_at: Instant,
    /// The status inside, and its age.
    pub status: StatusReport,
    /// How the license stands: by that status, its days, those of its categories, and by how long it can be shown.
    pub standing: LicenseStanding,
    /// There is a status, but no QR is large enough to carry it.
    pub staple_left_out: bool,
}

/// A square of dark and light modules, without its quiet zone of four light modules.
#[derive(uniffi::Record)]
pub struct QrSymbol {
    /// Modules a side: 21 to 117.
    pub size: Count,
    /// Row by row from the top, each padded to whole bytes; the leftmost module is the highest bit, and 1 is dark.
    pub modules: Vec<u8>,
}

impl From<&Symbol> for QrSymbol {
    fn from(symbol: &Symbol) -> Self {
        let row_bytes = symbol.size().div_ceil(8);
        let rows = symbol.rows().iter();
        Self {
            size: Count::of(symbol.size()),
            // Bit x of a row is column x; so the row's lowest byte, mirrored, is its first one.
            modules: rows
                .flat_map(|row| row.to_le_bytes().into_iter().take(row_bytes))
                .map(u8::reverse_bits)
                .collect(),
        }
    }
}

impl QrSymbol {
    /// The rows as numbers, bit x for column x; none where the bytes are not as many as the size says.
    pub(crate) fn rows(&self) -> Option<Vec<u128>> {
        let size = self
            .size
            .to_usize()
            .ok()
            .filter(|size| (21..=117).contains(size))?;
        let row_bytes = size.div_ceil(8);
        let row = |bytes: &[u8]| {
            let bytes = bytes.iter().rev();
            bytes.fold(0, |row, byte| row << 8 | u128::from(byte.reverse_bits()))
        };
        (self.modules.len() == row_bytes * size)
            .then(|| self.modules.chunks(row_bytes).map(row).collect())
    }
}

impl From<present::Frame> for Frame {
    fn from(frame: present::Frame) -> Self {
        Self {
            symbol: QrSymbol::from(&frame.symbol),
            text: frame.text,
            issued_at: frame.issued_at.into(),
            rotates_at: frame.rotates_at.into(),
            expires_at: frame.expires_at.into(),
            status: StatusReport::new(frame.status, frame.age_s),
            standing: frame.standing.into(),
            staple_left_out: frame.staple_left_out,
        }
    }
}

/// The wallet's log of what happened. Personal data.
#[derive(uniffi::Record)]
pub struct Activity {
    /// The newest first.
    pub entries: Vec<ActivityEntry>,
    /// False where the log was changed by someone else; entries before that place are missing.
    pub intact: bool,
}

/// One thing that happened to a license. Personal data.
#[derive(uniffi::Record)]
pub struct ActivityEntry {
    /// When.
    pub at: Instant,
    /// Which license, by its name in the wallet.
    pub license: String,
    /// What.
    pub event: ActivityEvent,
}

/// What happened to a license.
#[derive(uniffi::Enum)]
pub enum ActivityEvent {
    /// It was shown.
    Shown {
        /// To whom.
        audience: Audience,
        /// Whether the portrait was shown too.
        portrait: bool,
        /// The status shown with it.
        status: ShownStatus,
    },
    /// It was issued to this wallet.
    Enrolled,
    /// Its credential was renewed.
    Renewed,
    /// Its status changed.
    StatusChanged {
        /// Before.
        from: LicenseStatus,
        /// Now.
        to: LicenseStatus,
    },
    /// Its holder removed it.
    Removed,
}

/// The status that was shown with a license.
#[derive(uniffi::Record)]
pub struct ShownStatus {
    /// The state.
    pub state: LicenseStatus,
    /// When the authority had signed it; none where there was no status.
    pub as_of: Option<Instant>,
    /// How the license stood then.
    pub standing: LicenseStanding,
}

/// To whom a license was shown.
#[derive(uniffi::Enum)]
#[uniffi::export(Display)]
pub enum Audience {
    /// To whoever saw the screen.
    Anyone,
    /// To a reader that asked.
    Reader {
        /// The name it gave; `dl1:code` for digits that were read out.
        name: String,
        /// Whether the trust list proved the name.
        proven: bool,
    },
}

impl From<activity_log::Activity> for Activity {
    fn from(activity: activity_log::Activity) -> Self {
        Self {
            entries: activity.entries.into_iter().map(Into::into).collect(),
            intact: activity.intact,
        }
    }
}

impl From<activity_log::ActivityEntry> for ActivityEntry {
    fn from(entry: activity_log::ActivityEntry) -> Self {
        Self {
            at: entry.at.into(),
            license: entry.license,
            event: entry.event.into(),
        }
    }
}

impl From<activity_log::Event> for ActivityEvent {
    fn from(event: activity_log::Event) -> Self {
        match event {
            activity_log::Event::Shown {
                audience,
                fields,
                status,
                as_of,
                standing,
            } => Self::Shown {
                audience: match audience {
                    activity_log::Audience::Anyone => Audience::Anyone,
                    activity_log::Audience::Reader { name, proven } => {
                        Audience::Reader { name, proven }
                    }
                },
                portrait: fields == activity_log::Fields::All,
                status: ShownStatus {
                    state: status.into(),
                    as_of: as_of.map(Instant::from),
                    standing: standing.into(),
                },
            },
            activity_log::Event::Enrolled => Self::Enrolled,
            activity_log::Event::Renewed => Self::Renewed,
            activity_log::Event::StatusChanged { from, to } => Self::StatusChanged {
                from: from.into(),
                to: to.into(),
            },
            activity_log::Event::Removed => Self::Removed,
        }
    }
}

/// How the vault is.
#[derive(uniffi::Record)]
pub struct Health {
    /// An older copy was put in its place: each status is unknown until it has been refreshed.
    pub rolled_back: bool,
    /// What was found damaged; empty in a sound vault.
    pub damaged: Vec<Damage>,
}

/// A damaged part of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Damage {
    /// The file.
    File,
    /// The list of what belongs in it.
    Manifest,
    /// A stored thing: changed, swapped, missing or older.
    Row,
    /// Something that the wallet did not write.
    UnknownRow,
    /// The activity log.
    ActivityLog,
}

impl From<vault::Health> for Health {
    fn from(health: vault::Health) -> Self {
        Self {
            rolled_back: health.rolled_back,
            damaged: health.damaged.into_iter().map(Damage::from).collect(),
        }
    }
}

impl From<error::Damage> for Damage {
    fn from(damage: error::Damage) -> Self {
        match damage {
            error::Damage::File => Self::File,
            error::Damage::Manifest => Self::Manifest,
            error::Damage::Row(_) => Self::Row,
            error::Damage::UnknownRow => Self::UnknownRow,
            error::Damage::ActivityLog => Self::ActivityLog,
        }
    }
}

/// The best known time.
#[derive(uniffi::Record)]
pub struct TimeEstimate {
    /// The time.
    pub now: Instant,
    /// Whether something signed and recent confirms it.
    pub sure: bool,
    /// Whether the device's clock was set back.
    pub set_back: bool,
}

impl From<timekeeper::Estimate> for TimeEstimate {
    fn from(estimate: timekeeper::Estimate) -> Self {
        Self {
            now: estimate.now.into(),
            sure: estimate.sureness == timekeeper::Sureness::Sure,
            set_back: estimate.set_back,
        }
    }
}

/// What a reader shows or reads out, so that the answer is surely live.
#[derive(uniffi::Record)]
pub struct Challenge {
    /// Its name in the verifier that made it.
    pub id: String,
    /// The text of its QR, or the 8 digits to read out.
    pub text: String,
    /// Its QR; none for digits.
    pub symbol: Option<QrSymbol>,
}

/// What a reader asks beside the presentation itself.
#[derive(uniffi::Record)]
pub struct Question {
    /// The id of the challenge that must be answered.
    pub challenge: Option<String>,
    /// A status list that the reader fetched from the authority.
    pub online_status: Option<Vec<u8>>,
    /// The code of a category that the holder must hold today.
    pub category: Option<String>,
}

/// What a reader is willing to take.
#[derive(uniffi::Record)]
pub struct VerifierPolicy {
    /// By how much a clock may be off. The profile says 30 s.
    pub clock_skew: Duration,
    /// How long a presentation may live. The profile says 30 s.
    pub longest_life: Duration,
    /// Up to what age a status is fresh. The profile says 24 hours.
    pub fresh: Duration,
    /// Up to what age a status is stale, and past it unknown. The profile says 7 days.
    pub stale: Duration,
    /// How many presentations are remembered, so that one seen twice is noticed. 4,096 by default.
    pub replay_capacity: Count,
}

impl From<core::Policy> for VerifierPolicy {
    fn from(policy: core::Policy) -> Self {
        Self {
            clock_skew: Duration::of_seconds(policy.skew_s),
            longest_life: Duration::of_seconds(policy.max_life_s),
            fresh: Duration::of_seconds(policy.fresh_s),
            stale: Duration::of_seconds(policy.stale_s),
            replay_capacity: Count::of(policy.replay_capacity),
        }
    }
}

impl TryFrom<VerifierPolicy> for core::Policy {
    type Error = WalletError;

    fn try_from(policy: VerifierPolicy) -> Result<Self, WalletError> {
        Ok(Self {
            skew_s: policy.clock_skew.seconds()?,
            max_life_s: policy.longest_life.seconds()?,
            fresh_s: policy.fresh.seconds()?,
            stale_s: policy.stale.seconds()?,
            replay_capacity: policy.replay_capacity.to_usize()?,
        })
    }
}

/// What a reader may believe.
#[derive(uniffi::Enum)]
pub enum Verdict {
    /// Genuine, bound to this phone, fresh, and the holder may drive.
    Accept {
        /// The license.
        license: License,
        /// What was found beside.
        findings: Findings,
    },
    /// Genuine, but something is in doubt that a person must weigh.
    Caution {
        /// The license.
        license: License,
        /// What is in doubt, first.
        findings: Findings,
    },
    /// Not to be taken.
    Refuse {
        /// The license, where the authority's signature holds.
        license: Option<License>,
        /// Why, first.
        findings: Findings,
    },
}

/// What a check found.
#[derive(uniffi::Record)]
pub struct Findings {
    /// Why: first those that make the verdict, in the order of the checks, then the rest.
    pub reasons: Vec<Reason>,
    /// The status that counted.
    pub status: StatusReport,
    /// The presentation's times, where it could be read.
    pub token: Option<TokenTimes>,
    /// The portrait, a JPEG, where it was shown and is what the authority signed. A QR carries none.
    pub portrait: Option<Vec<u8>>,
    /// By what a face that is shown in frames joins this verdict; none before the authority's signature holds.
    pub portrait_digest: Option<Vec<u8>>,
    /// The authority's name for people, by the trust list.
    pub authority_name: Option<String>,
    /// By how much the phone's clock is ahead of the reader's, where that matters; negative: behind.
    pub clock_difference: Option<Duration>,
    /// Whether a challenge would tell an honest driver with a wrong clock from a forwarded picture.
    pub offer_challenge: bool,
}

/// How far a face has come that is shown in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct FaceProgress {
    /// Frames that were read.
    pub read: Count,
    /// Frames that there are.
    pub count: Count,
}

/// A presentation's own times.
#[derive(uniffi::Record)]
pub struct TokenTimes {
    /// When it was signed.
    pub issued_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
    /// Whether it answers a challenge.
    pub challenged: bool,
}

impl From<core::Verdict> for Verdict {
    fn from(verdict: core::Verdict) -> Self {
        let license = verdict.license.as_ref().map(License::from);
        let findings = Findings {
            reasons: verdict.reasons.into_iter().map(Reason::from).collect(),
            status: StatusReport::new(verdict.status, verdict.age_s),
            token: verdict.token.map(|token| TokenTimes {
                issued_at: token.iat.into(),
                expires_at: token.exp.into(),
                challenged: token.challenged,
            }),
            portrait: verdict.portrait.map(|portrait| portrait.jpeg().to_vec()),
            portrait_digest: verdict.portrait_digest.map(|digest| digest.to_vec()),
            authority_name: verdict.display_name,
            clock_difference: verdict
                .clock_difference_s
                .map(|seconds| Duration(seconds.saturating_mul(1000))),
            offer_challenge: verdict.offer_challenge,
        };
        // Nothing but a refusal is said of a license that is not authentic.
        match (verdict.outcome, license) {
            (core::Outcome::Accept, Some(license)) => Self::Accept { license, findings },
            (core::Outcome::Caution, Some(license)) => Self::Caution { license, findings },
            (_, license) => Self::Refuse { license, findings },
        }
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::qr::SymbolOptions;

    use super::*;

    #[test]
    fn a_symbol_crosses_module_by_module_and_comes_back() {
        for length in [1, 40, 700, 1853] {
            let symbol = Symbol::encode(&"A".repeat(length), SymbolOptions::default()).unwrap();
            let crossed = QrSymbol::from(&symbol);
            let row_bytes = symbol.size().div_ceil(8);
            for y in 0..symbol.size() {
                for x in 0..symbol.size() {
                    let byte = crossed.modules[y * row_bytes + x / 8];
                    assert_eq!(byte >> (7 - x % 8) & 1 == 1, symbol.module(x, y), "{x} {y}");
                }
            }
            assert_eq!(crossed.rows().unwrap(), symbol.rows());
        }
    }

    #[test]
    fn a_symbol_of_another_length_than_its_size_is_none() {
        let symbol = |size, bytes| QrSymbol {
            size: Count(size),
            modules: vec![0; bytes],
        };
        assert!(symbol(21, 63).rows().is_some());
        for (size, bytes) in [(21, 62), (21, 64), (20, 60), (-1, 0), (118, 1770), (0, 0)] {
            assert!(symbol(size, bytes).rows().is_none(), "{size} {bytes}");
        }
    }

    #[test]
    fn the_default_policy_crosses_and_comes_back() {
        let policy = core::Policy::default();
        assert_eq!(VerifierPolicy::from(policy).try_into(), Ok(policy));
    }

    #[test]
    fn times_before_1970_and_negative_lengths_are_no_arguments() {
        assert!(UnixTime::try_from(Instant(-1)).is_err());
        assert!(UnixTime::try_from(Instant(i64::MAX)).is_err());
        assert!(StdDuration::try_from(Duration(-1)).is_err());
        assert_eq!(Duration::of_seconds(86_400).seconds(), Ok(86_400));
    }

    #[test]
    fn a_license_crosses_with_its_place_its_birth_and_one_entry_for_each_code() {
        use vidimus_credential::{BirthDate as Birth, Category as Row, Country, LicenseFields};
        let row = |codes: &[&str]| {
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            Row::of_codes(codes, None, None, Vec::new()).unwrap()
        };
        let fields = |expiry: Option<&str>| LicenseFields {
            family_name: "A".to_owned(),
            given_names: String::new(),
            birth_date: Birth::parse_iso("1991-02").unwrap(),
            license_number: "1".to_owned(),
            categories: vec![row(&["AM", "B"]), row(&["C"])],
            issue_date: Day::parse_iso("2020-06-01").unwrap(),
            expiry_date: expiry.map(|day| Day::parse_iso(day).unwrap()),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: vidimus_credential::UtcOffset::parse("+12:00").unwrap(),
        };
        let crossed = License::from(&license::License::new(fields(Some("2020-06-01"))).unwrap());
        let codes: Vec<_> = crossed
            .categories
            .iter()
            .map(|it| it.code.as_str())
            .collect();
        assert_eq!(
            (codes, crossed.utc_offset),
            (vec!["AM", "B", "C"], UtcOffset(720))
        );
        // 1 June ends in Auckland at noon of universal time.
        assert_eq!(crossed.ends, Some(Instant(1_591_012_800)));
        assert!(matches!(
            crossed.birth_date,
            BirthDate::YearMonth {
                year: 1991,
                month: 2
            }
        ));
        let endless = License::from(&license::License::new(fields(None)).unwrap());
        assert!(endless.ends.is_none() && endless.expiry_date.is_none());
    }

    #[test]
    fn what_is_personal_prints_as_its_name_alone() {
        let audience = Audience::Reader {
            name: "A hotel".to_owned(),
            proven: true,
        };
        assert_eq!(audience.to_string(), "Audience(\u{2026})");
        let born = BirthDate::Year { year: 1991 };
        assert_eq!(born.to_string(), "BirthDate(\u{2026})");
    }
}
