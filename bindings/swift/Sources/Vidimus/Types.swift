import Foundation
import VidimusCore

// The values of the core, under the names that apps use. All are immutable and `Sendable`.

/// A driver's license, as the authority signed it. Personal data.
public typealias License = VidimusCore.License

/// A date of birth, as exactly as the authority knows it. Personal data.
public typealias BirthDate = VidimusCore.BirthDate

extension BirthDate {
    /// The date as ISO 8601 writes it: `1991-02-28`, `1991-02` or `1991`.
    public var iso: String {
        switch self {
        case .day(let year, let month, let day): String(format: "%04d-%02d-%02d", year, month, day)
        case .yearMonth(let year, let month): String(format: "%04d-%02d", year, month)
        case .year(let year): String(format: "%04d", year)
        }
    }
}

/// A text of a license for people's eyes: a character that this library knows no shape for is
/// written as its number, `[U+323B0]`. A font would show an empty box, or nothing. Never compare or
/// store what comes out.
///
/// - Throws: ``WalletError/internal`` for a fault of this library.
public func visibleText(_ text: String) throws(WalletError) -> String {
    do {
        return try VidimusCore.visibleText(text: text)
    } catch {
        throw WalletError(error)
    }
}

/// What may be driven, and when.
public typealias Category = VidimusCore.Category

/// A license in the wallet. Personal data.
public typealias HeldLicense = VidimusCore.HeldLicense

/// Whether the holder may drive, by the authority.
public typealias LicenseStatus = VidimusCore.LicenseStatus

/// A status, where it comes from, and how old it is.
public typealias StatusReport = VidimusCore.StatusReport

/// Where a status comes from.
public typealias StatusSource = VidimusCore.StatusSource

/// The wallet's log of what happened. Personal data.
public typealias Activity = VidimusCore.Activity

/// One thing that happened to a license. Personal data.
public typealias ActivityEntry = VidimusCore.ActivityEntry

/// What happened to a license.
public typealias ActivityEvent = VidimusCore.ActivityEvent

/// The status that was shown with a license.
public typealias ShownStatus = VidimusCore.ShownStatus

/// To whom a license was shown.
public typealias Audience = VidimusCore.Audience

/// How the vault is.
public typealias Health = VidimusCore.Health

/// A damaged part of a vault.
public typealias Damage = VidimusCore.Damage

/// The best known time.
public typealias TimeEstimate = VidimusCore.TimeEstimate

/// What is on the screen for 10 s: a QR and what it says.
public typealias Frame = VidimusCore.Frame

/// Who vouches for an issuer's address.
public typealias IssuerStanding = VidimusCore.IssuerStanding

/// What a transaction code looks like.
public typealias TxCode = VidimusCore.TxCode

extension HeldLicense: Identifiable {}
