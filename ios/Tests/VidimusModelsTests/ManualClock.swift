import Foundation

@testable import VidimusModels

/// A clock that stands still until it is told to go on.
final class ManualClock: Clock, @unchecked Sendable {
    struct Instant: InstantProtocol {
        let since: Swift.Duration
        func advanced(by duration: Swift.Duration) -> Instant { Instant(since: since + duration) }
        func duration(to other: Instant) -> Swift.Duration { other.since - since }
        static func < (one: Instant, other: Instant) -> Bool { one.since < other.since }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let lock = NSLock()
    private var time = Instant(since: .zero)
    private var sleepers: [UUID: Sleeper] = [:]
    private var cancelled: Set<UUID> = []

    var now: Instant { lock.withLock { time } }
    var minimumResolution: Swift.Duration { .nanoseconds(1) }

    /// How many wait for it.
    var waiting: Int { lock.withLock { sleepers.count } }

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                lock.withLock {
                    if cancelled.remove(id) != nil {
                        continuation.resume(throwing: CancellationError())
                    } else if deadline <= time {
                        continuation.resume()
                    } else {
                        sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    }
                }
            }
        } onCancel: {
            lock.withLock {
                guard let sleeper = sleepers.removeValue(forKey: id) else { return _ = cancelled.insert(id) }
                sleeper.continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Goes on, and wakes whose time has come.
    func advance(by duration: Swift.Duration) {
        let due = lock.withLock {
            time = time.advanced(by: duration)
            let due = sleepers.filter { $0.value.deadline <= time }
            for id in due.keys { sleepers[id] = nil }
            return due.values
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}
