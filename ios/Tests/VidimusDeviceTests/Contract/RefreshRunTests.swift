import Foundation
import Testing
import VidimusApp
import VidimusTestSupport

@testable import Vidimus
@testable import VidimusDevice

/// A refresh that the system begins and ends.
@Suite struct RefreshInBackground {
    /// What the system sees.
    enum Event: Equatable {
        case scheduled(Duration?)
        case completed(Bool)
    }

    /// The system's part: it waits for the end, and can say that the time is up.
    final class Job: RefreshRun.Job {
        let events = Locked<[Event]>([])
        private let expiration = Locked<(@Sendable () -> Void)?>(nil)
        private let done = AsyncStream.makeStream(of: Void.self)

        func complete(success: Bool) {
            events.withLock { $0.append(.completed(success)) }
            done.continuation.finish()
        }

        func onExpiration(_ work: @escaping @Sendable () -> Void) {
            expiration.withLock { $0 = work }
        }

        func expire() { expiration.withLock { $0 }?() }

        /// Runs to the end, and gives what was seen.
        func run(expiring: Bool = false, _ refresh: @escaping @Sendable () async throws -> RefreshRun.Outcome) async
            -> [Event]
        {
            let run = RefreshRun(refresh: refresh) { [events] nextIn in
                events.withLock { $0.append(.scheduled(nextIn)) }
            }
            run.start(self)
            if expiring { expire() }
            for await _ in done.stream {}
            return events.withLock { $0 }
        }
    }

    @Test func theNextOneIsAskedForBeforeAndAfter() async {
        let seen = await Job().run { .init(nextIn: .seconds(1800), isComplete: true) }
        #expect(seen == [.scheduled(nil), .scheduled(.seconds(1800)), .completed(true)])
    }

    @Test func whatCouldNotBeHadIsNoSuccess() async {
        let seen = await Job().run { .init(nextIn: .seconds(60), isComplete: false) }
        #expect(seen == [.scheduled(nil), .scheduled(.seconds(60)), .completed(false)])
    }

    @Test func aPhoneThatIsLockedIsAskedAgainLater() async {
        let seen = await Job().run { throw WalletError.keyStore(.locked) }
        #expect(seen == [.scheduled(nil), .completed(false)])
    }

    @Test(.timeLimit(.minutes(1)))
    func theEndOfTheTimeCancelsTheWork() async {
        let seen = await Job().run(expiring: true) {
            try await Task.sleep(for: .seconds(3600))
            return .init(nextIn: .seconds(1), isComplete: true)
        }
        #expect(seen == [.scheduled(nil), .completed(false)])
    }

    @Test(.timeLimit(.minutes(1)))
    func aRealWalletWithoutANetworkIsAskedAgainAndIsClosed() async throws {
        let folder = try TemporaryFolder()
        let keys = EnclaveKeyStore.ofAnotherPhone()
        let wallet = try await createWallet(in: folder, with: keys)
        let seen = await Job().run { try await RefreshRun.refresh { wallet } }
        #expect(seen.count == 3)
        #expect(seen.last == .completed(false), "no server listens at its authority's address")
        await #expect(throws: WalletError.closed) { try await wallet.licenses() }
    }

    /// Days without a word from the authority are news too.
    @Test(.timeLimit(.minutes(1)))
    func theDriverIsToldAlsoWhereNothingCame() async throws {
        let folder = try TemporaryFolder()
        let wallet = try await createWallet(in: folder, with: EnclaveKeyStore.ofAnotherPhone())
        let told = Locked<[DueNotices?]>([])
        let seen = await Job().run {
            try await RefreshRun.refresh {
                wallet
            } telling: { wallet in
                let due = try? await wallet.dueNotices(plans: true)
                told.withLock { $0.append(due) }
            }
        }
        #expect(seen.last == .completed(false))
        #expect(told.withLock { $0 } == [DueNotices(now: [], planned: [])], "it was open, and has no license")
    }

    @Test(.timeLimit(.minutes(1)))
    func aWalletWhoseRefreshIsCutOffIsClosedToo() async throws {
        let folder = try TemporaryFolder()
        let wallet = try await createWallet(in: folder, with: EnclaveKeyStore.ofAnotherPhone())
        let seen = await Job().run(expiring: true) { try await RefreshRun.refresh { wallet } }
        #expect(seen.last == .completed(false))
        await #expect(throws: WalletError.closed) { try await wallet.licenses() }
    }
}
