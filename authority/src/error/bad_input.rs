//! Which errors are the caller's own.

use super::Error;

impl Error {
    /// Whether the caller's input was at fault, and not the machine or the folder's state. Each
    /// variant is named here, so that a new one has to be decided.
    #[must_use]
    pub const fn is_bad_input(&self) -> bool {
        match self {
            Self::BackupFolder
            | Self::NoBackup
            | Self::ForeignBackup
            | Self::DamagedBackup
            | Self::IssuedLogExists
            | Self::ListsMissing { .. }
            | Self::ListsOld { .. }
            | Self::NoHead
            | Self::Issuer(_)
            | Self::Country
            | Self::Provider
            | Self::Name
            | Self::Form(_)
            | Self::Portrait(_)
            | Self::OtherCountry { .. }
            | Self::NumberTaken { .. }
            | Self::NumberTwice { .. }
            | Self::TwinNotRevoked { .. }
            | Self::NumberRevoked { .. }
            | Self::RevokedUntil { .. }
            | Self::RevokedForGood
            | Self::OtherRevocation
            | Self::OtherNumber
            | Self::HasDevices
            | Self::WhichDevice
            | Self::UnknownDevice
            | Self::DeviceLimit { .. }
            | Self::RetentionDays { .. }
            | Self::UntilBeforeFrom
            | Self::UntilPassed
            | Self::NoUntil
            | Self::LiftsNeedsValid
            | Self::UnknownEvent
            | Self::LiftsNothing
            | Self::FinalByThen
            | Self::EventReused { .. }
            | Self::EventName
            | Self::Reason
            | Self::Office
            | Self::InBatch { .. }
            | Self::LicenseEnded
            | Self::UnknownLicense
            | Self::StatusNotSettable
            | Self::NotToday { .. }
            | Self::UtcOffset
            | Self::ReaderName
            | Self::ReaderDays { .. }
            | Self::ReaderExists
            | Self::ReaderKeyKnown
            | Self::ReaderKeyOwn
            | Self::TooManyReaders
            | Self::UnknownReader
            | Self::Refused(_)
            | Self::SignInOver
            | Self::UnknownReview
            | Self::ClientId
            | Self::ClientBuiltIn
            | Self::Redirect
            | Self::AppLink
            | Self::UnknownClient
            | Self::RotationOptions => true,
            Self::NotInitialised
            | Self::AlreadyInitialised
            | Self::RegisterLost
            | Self::ForeignRegister
            | Self::OldRegister { .. }
            | Self::HeadFile
            | Self::InUse
            | Self::NewerSchema
            | Self::EarlierSchema
            | Self::IssuerNotFixed
            | Self::ListenerNotLoopback
            | Self::OtherAddress { .. }
            | Self::RowEnded
            | Self::PastLastDay
            | Self::Superseded
            | Self::TooManyDevices { .. }
            | Self::TooManyStay { .. }
            | Self::DeletionWaits { .. }
            | Self::ReviewOver
            | Self::ReviewWaits { .. }
            | Self::Revoked
            | Self::Full
            | Self::ClockInDoubt { .. }
            | Self::SigningWaits { .. }
            | Self::NextKeyTooNew { .. }
            | Self::NextKeyUnannounced
            | Self::SignedAhead { .. }
            | Self::NothingToRepair
            | Self::Io { .. }
            | Self::KeyFile
            | Self::StoredUnsigned
            | Self::KeysMissing { .. }
            | Self::RootMissing
            | Self::Busy
            | Self::Storage(_)
            | Self::Random
            | Self::Signing(_) => false,
        }
    }
}
