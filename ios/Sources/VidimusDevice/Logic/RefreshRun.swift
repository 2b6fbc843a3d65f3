import Vidimus

/// One refresh in the background. On a phone the system begins and ends it.
struct RefreshRun: Sendable {
    /// The result of a refresh.
    struct Outcome: Sendable {
        /// After how long to refresh again.
        let nextIn: Duration
        /// Whether all that was asked for has come.
        let isComplete: Bool
    }

    /// What the system hands out. Its calls may come from any thread.
    protocol Job: Sendable {
        /// Tells the system that the refresh is done. It may be called once.
        func complete(success: Bool)
        /// Sets what the system calls when the time is up.
        func onExpiration(_ work: @escaping @Sendable () -> Void)
    }

    /// Refreshes; ends soon after its task is cancelled.
    let refresh: @Sendable () async throws -> Outcome
    /// Asks for the next one, in place of what was asked for before.
    let schedule: @Sendable (Duration?) -> Void

    /// Asks for what is due by its own wallet, which is closed however that ends.
    ///
    /// - Parameter tell: Tells the driver what is new of it, also where nothing has come: days
    ///   without a newer status are news too.
    static func refresh(
        opening open: @Sendable () async throws -> Wallet,
        telling tell: @Sendable (Wallet) async -> Void = { _ in }
    ) async throws -> Outcome {
        let wallet = try await open()
        defer { wallet.close() }
        let report = try await wallet.refresh(.due, within: RefreshSchedule.budget)
        await tell(wallet)
        return Outcome(nextIn: report.nextIn, isComplete: report.failures.isEmpty)
    }

    /// Begins, and returns at once.
    func start(_ job: some Job) {
        // First of all: there is a next one, also where the app ends during this one.
        schedule(nil)
        let work = Task {
            do {
                let outcome = try await refresh()
                schedule(outcome.nextIn)
                job.complete(success: outcome.isComplete)
            } catch {
                job.complete(success: false)
            }
        }
        // Nothing is lost by it: a refresh may be cut off at any instant.
        job.onExpiration { work.cancel() }
    }
}
