import Vidimus

/// What models need of a phone. Each system brings its own; a test has one too.
public protocol Phone: Sendable {
    /// Opens the wallet of this phone, or makes it where there is none.
    func openWallet() async throws(WalletError) -> Wallet

    /// Moves the wallet's files aside, so that ``openWallet()`` makes a new one. Nothing is deleted.
    func setWalletAside() async throws(WalletError)

    /// Asks the phone's lock for its owner, and says why.
    func unlock(reason: LockReason) async -> LockOutcome

    /// Does what is not to be cut off in the middle, also when the driver leaves the app meanwhile: it asks the system
    /// for the time, which gives some of it or none.
    func withoutSuspension<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws(WalletError) -> Answer
    ) async throws(WalletError) -> Answer

    /// Whether the phone has a screen lock.
    var hasLock: Bool { get }

    /// Time that nobody sets, for countdowns and ages.
    var elapsed: ElapsedTime { get }

    /// The app's version.
    var version: String { get }

    /// The libraries inside, and their licences.
    var notices: [Notice] { get }
}

extension Phone {
    /// Asks the phone's lock before a license is shown.
    public func unlock() async -> LockOutcome { await unlock(reason: .showing) }

    /// The system's, which goes on in deep sleep.
    public var elapsed: ElapsedTime { ElapsedTime(ContinuousClock()) }
}

/// A clock that nobody can set, and that counts from anywhere.
public struct ElapsedTime: Sendable {
    private let read: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void

    /// That of a clock.
    public init<Source: Clock>(_ clock: Source) where Source.Duration == Duration {
        let start = clock.now
        read = { start.duration(to: clock.now) }
        pause = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }

    /// How long ago it began to count.
    public var now: Duration { read() }

    /// Waits.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try await pause(duration)
    }
}
