//! What a refresh is asked for, and what it did.

use vidimus_wallet::refresh;

use super::status::LicenseStatus;
use crate::error::WalletError;
use crate::runtime::guard;
use crate::units::{Count, Duration};

/// What to ask the authority for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum RefreshScope {
    /// What is due: what a scheduler asks for.
    Due,
    /// What is due, each status that was last asked for over a minute ago, and a license whose key
    /// was withdrawn at once: what an app asks for first when it is opened, and beside a showing.
    Opened,
    /// Trust list and status now, also where they were just asked for: what a driver's pull does.
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

/// How long a loop that keeps a wallet fresh pauses at most, 60 seconds. Timers stand still while a
/// device sleeps. With short pauses a loop does what is due soon after the device wakes.
#[uniffi::export]
pub fn longest_refresh_pause() -> Result<Duration, WalletError> {
    guard(|| Ok(refresh::LONGEST_SLEEP.into()))
}

/// What a refresh did.
#[derive(uniffi::Record)]
pub struct RefreshReport {
    /// What is new, in order of arrival.
    pub changes: Vec<RefreshChange>,
    /// What could not be fetched. The next refresh that finds it due tries again.
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
        /// The id of the license in this wallet.
        license: String,
        /// The state that was held before this refresh.
        from: LicenseStatus,
        /// The state that is held from now on.
        to: LicenseStatus,
    },
    /// A license that an application was for was issued, and is in the wallet.
    Received {
        /// The id of the license in this wallet.
        license: String,
    },
    /// The authority refused an application.
    ApplicationRefused {
        /// The id of the application in this wallet.
        application: String,
    },
    /// A license was renewed.
    Renewed {
        /// The id of the license in this wallet.
        license: String,
    },
}

/// Something that could not be fetched.
#[derive(uniffi::Record)]
pub struct RefreshFailure {
    /// What was asked for.
    pub subject: RefreshSubject,
    /// Why it could not be fetched.
    pub error: WalletError,
}

/// What a refresh asks for.
#[derive(uniffi::Enum)]
pub enum RefreshSubject {
    /// The authority's trust list.
    TrustList,
    /// The status of a license.
    Status {
        /// The id of the license in this wallet.
        license: String,
    },
    /// A newer credential for a license.
    Renewal {
        /// The id of the license in this wallet.
        license: String,
    },
    /// The license of an application.
    Application {
        /// The id of the application in this wallet.
        application: String,
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
            refresh::Change::Received { license } => Self::Received {
                license: license.into(),
            },
            refresh::Change::ApplicationRefused { application } => Self::ApplicationRefused {
                application: application.into(),
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
            refresh::Subject::Application(application) => RefreshSubject::Application {
                application: application.into(),
            },
        };
        Self {
            subject,
            error: WalletError::of_refresh(failure.error),
        }
    }
}
