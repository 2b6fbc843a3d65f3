import Foundation
import VidimusCore

/// What a screen shows of a wallet. Personal data: it prints none of it.
public struct WalletStatus: Hashable, Sendable {
    /// The licenses and their status, as the wallet holds them.
    public let licenses: [HeldLicense]

    /// Whether the wallet was put back from an older copy, and what of it is damaged.
    public let health: Health

    /// The last refresh since the wallet was opened; `nil` before the first.
    public let lastRefresh: LastRefresh?

    /// Whether a license was here and none is any more, without the driver's wish: the app was
    /// installed anew, or an older copy was put in place. Ask the authority for it again.
    public let missesLicense: Bool

    init(_ overview: VidimusCore.Overview, lastRefresh: LastRefresh?) {
        licenses = overview.licenses
        health = overview.health
        missesLicense = overview.missesLicense
        self.lastRefresh = lastRefresh
    }
}

extension WalletStatus: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many licenses there are, and nothing of them.
    public var description: String { "WalletStatus(licenses=\(licenses.count))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Without children, so that `dump` shows nothing of a license.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A refresh that is done.
public struct LastRefresh: Hashable, Sendable {
    /// When, by the wallet's best known time.
    public let at: Date

    /// What it brought, and what could not be fetched.
    public let report: RefreshReport
}
