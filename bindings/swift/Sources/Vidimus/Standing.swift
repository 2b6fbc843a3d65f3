import VidimusCore

/// How something is to be taken. Show it by word, shape and color, never by color alone.
public typealias Tone = VidimusCore.Tone

/// What a license's standing is: the later is the worse.
public typealias StandingKind = VidimusCore.StandingKind

/// How a license stands, and how to say so.
public typealias LicenseStanding = VidimusCore.LicenseStanding

/// How a license stands from some time on, if nothing newer is heard of it.
public typealias StandingSpan = VidimusCore.StandingSpan

extension Tone: CaseIterable {
    /// Every tone, in the order in which the library declares them.
    public static let allCases: [Tone] = [.good, .caution, .bad, .unknown]

    /// Its stable name, as in `caution`: the same in every language and release.
    public var code: String { String(describing: self) }
}

extension StandingKind {
    /// How to say a standing of this kind: for previews, and for lists of all that there are.
    ///
    /// - Throws: ``WalletError/internal`` for a fault of this library.
    public var standing: LicenseStanding {
        get throws(WalletError) {
            do {
                return try VidimusCore.standingOf(kind: self)
            } catch {
                throw WalletError(error)
            }
        }
    }
}

extension HeldLicense {
    /// All that is true of this license so long after it was read, if nothing newer is heard of it;
    /// the worst first, never empty. The first is what to show. Count `elapsed` by a clock that no
    /// one sets.
    public func standings(after elapsed: Duration) -> [LicenseStanding] {
        (outlook.last { $0.after <= elapsed } ?? outlook.first)?.standings ?? [standing]
    }
}
