import Vidimus

/// A license that is shown, or about to be.
public enum ShowState: Hashable, Sendable {
    /// The phone's lock is asked.
    case unlocking
    /// The lock did not open; nothing was shown.
    case locked(LockOutcome)
    /// The first code is being signed.
    case starting
    /// A code is on the screen, with the whole seconds until the next one, and until it ends by itself.
    case live(ShownCode, nextIn: Int, endsIn: Int)
    /// It is over; `byItself` where its five minutes have passed.
    case over(byItself: Bool)
    /// It answered a question whose time is over: the officer must ask again.
    case tooLate
    /// It could not be shown.
    case failed(Trouble)
}

/// The QR that is on the screen. Whoever has it can show it for 30 seconds.
public struct ShownCode: Hashable, Sendable, Silent {
    /// The modules.
    public let symbol: QRSymbol
    /// The holder's name.
    public let holder: String
    /// How the license stands, and the age of the status inside when the code was signed.
    public let standing: Standing
    /// For whom; `nil`: whoever scans it.
    public let audience: Asker?
    /// No QR is large enough to carry the status.
    public let statusLeftOut: Bool

    /// A code.
    public init(symbol: QRSymbol, holder: String, standing: Standing, audience: Asker?, statusLeftOut: Bool) {
        self.symbol = symbol
        self.holder = holder
        self.standing = standing
        self.audience = audience
        self.statusLeftOut = statusLeftOut
    }
}

/// What became of asking the phone's lock.
public enum LockOutcome: String, Hashable, Sendable, CaseIterable {
    /// It is open.
    case opened
    /// The driver did not want to.
    case cancelled
    /// The phone did not know the driver.
    case failed
    /// The phone has no lock.
    case noLock = "no_lock"

    /// Its stable name, the same on every system.
    public var code: String { rawValue }
}
