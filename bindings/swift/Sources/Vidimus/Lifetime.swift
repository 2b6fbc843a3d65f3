import VidimusCore

/// Holds an object of the core until it is closed, and knows the calls under way, so that closing
/// ends them.
///
/// Cancelling the task of a call cancels the work behind it: each call has its own token for that.
package final class Lifetime<Core: Sendable>: Sendable {
    private struct State {
        var core: Core?
        var end: WalletError = .closed
        var interrupts: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    private let state: Locked<State>

    package init(_ core: Core) {
        state = Locked(State(core: core))
    }

    /// Calls the core, until the task is cancelled or this lifetime ends.
    package func call<Result: Sendable>(
        _ body: @Sendable (Core, VidimusCore.CancelToken) async throws -> Result
    ) async throws(WalletError) -> Result {
        let token = try newToken()
        let entered = state.withLock { state in
            state.core.map { core in (core, Self.add({ token.interrupt() }, to: &state)) }
        }
        guard let (core, call) = entered else { throw end }
        defer { forget(call) }
        do {
            return try await cancellable(token) { token in try await body(core, token) }
        } catch .cancelled where isOver {
            throw end
        }
    }

    /// Calls the core, which answers at once.
    package func callNow<Result>(_ body: (Core) throws -> Result) throws(WalletError) -> Result {
        guard let core = state.withLock({ $0.core }) else { throw end }
        do {
            return try body(core)
        } catch {
            throw WalletError(error)
        }
    }

    /// Waits; returns early when the task is cancelled or this lifetime ends.
    func pause(until deadline: ContinuousClock.Instant) async {
        let sleeper = Task { _ = try? await Task.sleep(until: deadline, clock: .continuous) }
        let entered = state.withLock { state in
            state.core.map { _ in Self.add({ sleeper.cancel() }, to: &state) }
        }
        guard let call = entered else { return sleeper.cancel() }
        defer { forget(call) }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
    }

    /// Ends it: calls under way and later ones throw `error`. Returns the core's object the first
    /// time.
    @discardableResult
    package func close(_ error: WalletError = .closed) -> Core? {
        let (core, interrupts) = state.withLock { state in
            defer {
                state.interrupts = [:]
                if state.core != nil { state.end = error }
                state.core = nil
            }
            return (state.core, state.interrupts)
        }
        for interrupt in interrupts.values { interrupt() }
        return core
    }

    /// What is thrown once it is over.
    var end: WalletError { state.withLock { $0.end } }

    private var isOver: Bool { state.withLock { $0.core == nil } }

    private static func add(_ interrupt: @escaping @Sendable () -> Void, to state: inout State) -> Int {
        state.next += 1
        state.interrupts[state.next] = interrupt
        return state.next
    }

    private func forget(_ call: Int) {
        state.withLock { _ = $0.interrupts.removeValue(forKey: call) }
    }
}

/// A weak reference, so that a wallet or a book does not keep what it has begun alive.
struct Weak<Object: AnyObject & Sendable>: Sendable {
    weak var value: Object?
}

/// Runs a call of the core, which ends early when the task is cancelled.
func cancellable<Result: Sendable>(
    _ body: @Sendable (VidimusCore.CancelToken) async throws -> Result
) async throws(WalletError) -> Result {
    try await cancellable(newToken(), body)
}

private func cancellable<Result: Sendable>(
    _ token: VidimusCore.CancelToken,
    _ body: @Sendable (VidimusCore.CancelToken) async throws -> Result
) async throws(WalletError) -> Result {
    do {
        return try await withTaskCancellationHandler {
            try await body(token)
        } onCancel: {
            token.interrupt()
        }
    } catch {
        throw WalletError(error)
    }
}

private func newToken() throws(WalletError) -> VidimusCore.CancelToken {
    do {
        return try VidimusCore.CancelToken()
    } catch {
        throw WalletError(error)
    }
}

extension VidimusCore.CancelToken {
    fileprivate func interrupt() {
        // It sets a flag; nothing is left to do where that failed.
        try? cancel()
    }
}
