import VidimusCore

// The values of the core, under the names that apps use. All are immutable and `Sendable`.

/// A driver's license, as the authority signed it. Personal data.
public typealias License = VidimusCore.License

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

/// What an offer says of itself.
public typealias OfferDetails = VidimusCore.OfferDetails

/// What a transaction code looks like.
public typealias TxCode = VidimusCore.TxCode

extension HeldLicense: Identifiable {}
