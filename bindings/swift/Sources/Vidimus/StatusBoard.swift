import Foundation
import VidimusCore

/// Hands each new set of statuses to those who watch.
final class StatusBoard: Sendable {
    typealias Statuses = [HeldLicense.ID: StatusReport]

    private struct State {
        var watchers: [UUID: Watcher] = [:]
        var lastTurn = 0
        var shownTurn = 0
        var finished = false
    }

    private struct Watcher {
        let continuation: AsyncStream<Statuses>.Continuation
        var shown: [HeldLicense.ID: Signed]?
    }

    /// What makes a status another one: its age does not.
    private struct Signed: Equatable {
        let state: LicenseStatus
        let asOf: Date?
        let source: StatusSource

        init(_ report: StatusReport) {
            state = report.state
            asOf = report.asOf
            source = report.source
        }
    }

    private let state = Locked(State())

    func subscribe() -> AsyncStream<Statuses> {
        let (stream, continuation) = AsyncStream.makeStream(of: Statuses.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        let open = state.withLock { state in
            if !state.finished { state.watchers[id] = Watcher(continuation: continuation) }
            return !state.finished
        }
        if open {
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.watchers.removeValue(forKey: id) }
            }
        } else {
            continuation.finish()
        }
        return stream
    }

    /// To be taken before the statuses are read: what was read earlier never replaces what was read
    /// later. `nil` where no one watches.
    func nextTurn() -> Int? {
        state.withLock { state in
            guard !state.watchers.isEmpty else { return nil }
            state.lastTurn += 1
            return state.lastTurn
        }
    }

    func post(_ statuses: Statuses, turn: Int) {
        let signed = statuses.mapValues(Signed.init)
        state.withLock { state in
            guard turn > state.shownTurn else { return }
            state.shownTurn = turn
            for (id, watcher) in state.watchers where watcher.shown != signed {
                state.watchers[id]?.shown = signed
                watcher.continuation.yield(statuses)
            }
        }
    }

    func finish() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            state.finished = true
            return state.watchers.values
        }
        for watcher in watchers { watcher.continuation.finish() }
    }
}
