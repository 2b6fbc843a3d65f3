import Foundation
import VidimusCore

/// Hands each new status of a wallet to those who watch.
final class StatusBoard: Sendable {
    private struct State {
        var watchers: [UUID: Watcher] = [:]
        var lastRefresh: LastRefresh?
        var lastTurn = 0
        var shownTurn = 0
        var finished = false
    }

    private struct Watcher {
        let continuation: AsyncStream<WalletStatus>.Continuation
        var shown: WalletStatus?
    }

    private let state = Locked(State())

    func subscribe() -> AsyncStream<WalletStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: WalletStatus.self, bufferingPolicy: .bufferingNewest(1))
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

    /// Keeps what the last refresh did, for each status that is posted from now on.
    func refreshed(_ refresh: LastRefresh) {
        state.withLock { $0.lastRefresh = refresh }
    }

    /// To be taken before the wallet is read: what was read earlier never replaces what was read
    /// later. `nil` where there are no watchers.
    func nextTurn() -> Int? {
        state.withLock { state in
            guard !state.watchers.isEmpty else { return nil }
            state.lastTurn += 1
            return state.lastTurn
        }
    }

    func post(_ overview: VidimusCore.Overview, turn: Int) {
        state.withLock { state in
            guard turn > state.shownTurn else { return }
            state.shownTurn = turn
            let status = WalletStatus(overview, lastRefresh: state.lastRefresh)
            for (id, watcher) in state.watchers where watcher.shown != status {
                state.watchers[id]?.shown = status
                watcher.continuation.yield(status)
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
