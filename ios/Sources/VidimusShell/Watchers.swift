import Foundation

/// Hands each new value to those who watch: the newest one, also to who looks too seldom to see
/// each.
@MainActor package final class Watchers<Value: Sendable> {
    private var continuations: [UUID: AsyncStream<Value>.Continuation] = [:]
    private var isFinished = false

    /// No one watches yet.
    package init() {}

    /// A stream that begins with `first`.
    package func watch(first: Value) -> AsyncStream<Value> {
        let (stream, continuation) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield(first)
        guard !isFinished else {
            continuation.finish()
            return stream
        }
        let id = UUID()
        continuations[id] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { @MainActor in self?.continuations[id] = nil }
        }
        return stream
    }

    package func send(_ value: Value) {
        for continuation in continuations.values { continuation.yield(value) }
    }

    package func finish() {
        isFinished = true
        let watching = continuations.values
        continuations = [:]
        for continuation in watching { continuation.finish() }
    }
}
