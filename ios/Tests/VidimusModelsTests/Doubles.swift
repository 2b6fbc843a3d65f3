import Foundation

@testable import Vidimus
@testable import VidimusModels

/// A phone without hardware: a lock that answers as it is told, and a wallet of a test's choice.
final class TestPhone: VidimusModels.Phone, @unchecked Sendable {
    private let lock = NSLock()
    private var outcome = LockOutcome.opened
    private var isLockSet = true
    private var asked: [LockReason] = []
    private var held: [Bool] = []
    private var opened: Wallet?
    private let opening: @Sendable () async throws(WalletError) -> Wallet
    private let settingAside: @Sendable () throws(WalletError) -> Void
    let elapsed: ElapsedTime
    let version = "1.2.3"
    let notices = [Notice(name: "a library", licence: "MIT")]

    init(
        clock: (any ElapsedSource)? = nil,
        open: @escaping @Sendable () async throws(WalletError) -> Wallet = { () throws(WalletError) in throw .internal
        },
        setAside: @escaping @Sendable () throws(WalletError) -> Void = {}
    ) {
        elapsed = clock?.elapsed ?? ElapsedTime(ContinuousClock())
        opening = open
        settingAside = setAside
    }

    func openWallet() async throws(WalletError) -> Wallet {
        let wallet = try await opening()
        lock.withLock { opened = wallet }
        return wallet
    }

    /// The wallet that was opened last.
    var wallet: Wallet? { lock.withLock { opened } }

    func setWalletAside() async throws(WalletError) { try settingAside() }
    func unlock(reason: LockReason) async -> LockOutcome {
        lock.withLock {
            asked.append(reason)
            return outcome
        }
    }
    func withoutSuspension<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws(WalletError) -> Answer
    ) async throws(WalletError) -> Answer {
        lock.withLock { held.append(true) }
        defer { lock.withLock { held.append(false) } }
        await beforeWork.pass()
        return try await work()
    }
    var hasLock: Bool {
        get { lock.withLock { isLockSet } }
        set { lock.withLock { isLockSet = newValue } }
    }

    /// From now on.
    func answer(_ outcome: LockOutcome) { lock.withLock { self.outcome = outcome } }

    /// Holds back what is done without suspension.
    let beforeWork = Gate(open: true)

    /// Each time that it was asked not to suspend the app, and that it was told that it may again.
    var suspensions: [Bool] { lock.withLock { held } }

    /// How often its lock was asked.
    var timesAsked: Int { reasons.count }

    /// For what it was asked each time.
    var reasons: [LockReason] { lock.withLock { asked } }
}

protocol ElapsedSource { var elapsed: ElapsedTime { get } }
extension ManualClock: ElapsedSource { var elapsed: ElapsedTime { ElapsedTime(self) } }

/// A wallet of values, which a test changes as it goes.
final class TestWallet: WalletCalls, @unchecked Sendable {
    private let lock = NSLock()
    private var held: [HeldLicense]
    private var fault: WalletError?
    private var failures: [CoreFailure] = []
    private var nextIn = Duration.seconds(60)
    private var wellness = Health(rolledBack: false, damaged: [])
    private var estimate = TimeEstimate(now: Date(timeIntervalSince1970: 1_790_000_000), sure: true, setBack: false)
    private var missing = false
    private var happened = Activity(entries: [], intact: true)
    private(set) var removed: [HeldLicense.ID] = []
    private(set) var refreshed: [RefreshScope] = []
    let gate = Gate(open: true)

    init(_ held: [HeldLicense] = []) { self.held = held }

    func change(
        held: [HeldLicense]? = nil, failures: [CoreFailure]? = nil, nextIn: Duration? = nil, health: Health? = nil,
        time: TimeEstimate? = nil, activity: Activity? = nil, missing: Bool? = nil
    ) {
        lock.withLock {
            self.held = held ?? self.held
            self.failures = failures ?? self.failures
            self.nextIn = nextIn ?? self.nextIn
            wellness = health ?? wellness
            estimate = time ?? estimate
            happened = activity ?? happened
            self.missing = missing ?? self.missing
        }
    }

    /// From now on every call throws this; `nil` for none.
    func fail(with fault: WalletError?) { lock.withLock { self.fault = fault } }

    private func call<Answer>(_ body: () -> Answer) throws(WalletError) -> Answer {
        lock.lock()
        defer { lock.unlock() }
        if let fault { throw fault }
        return body()
    }

    func licenses() async throws(WalletError) -> [HeldLicense] { try call { held } }
    func portrait(of license: HeldLicense.ID) async throws(WalletError) -> Data? {
        try call { Data("portrait of \(license)".utf8) }
    }
    func remove(_ license: HeldLicense.ID) async throws(WalletError) {
        await gate.pass()
        return try call {
            removed.append(license)
            held.removeAll { $0.id == license }
        }
    }
    func refresh(_ scope: RefreshScope, within budget: Duration) async throws(WalletError) -> RefreshReport {
        await gate.pass()
        return try call {
            refreshed.append(scope)
            return RefreshReport.sample(failures: failures, nextIn: nextIn)
        }
    }
    func activity(limit: Int) async throws(WalletError) -> Activity { try call { happened } }
    func health() async throws(WalletError) -> Health { try call { wellness } }
    func missesLicense() async throws(WalletError) -> Bool { try call { missing } }
    func time() async throws(WalletError) -> TimeEstimate { try call { estimate } }
}
