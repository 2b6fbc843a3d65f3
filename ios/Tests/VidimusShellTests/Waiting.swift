import Foundation
import Testing

/// Holds those back who pass, until it is opened.
final class Gate: @unchecked Sendable {
    private let lock = NSLock()
    private var isOpen: Bool
    private var held: [CheckedContinuation<Void, Never>] = []

    init(open: Bool = false) { isOpen = open }

    func pass() async {
        await withCheckedContinuation { continuation in
            let passes = lock.withLock {
                if !isOpen { held.append(continuation) }
                return isOpen
            }
            if passes { continuation.resume() }
        }
    }

    func close() { lock.withLock { isOpen = false } }

    func open() {
        let held = lock.withLock {
            defer { self.held = [] }
            isOpen = true
            return self.held
        }
        for continuation in held { continuation.resume() }
    }
}

/// Waits until something holds, as long as a busy machine may need for it.
@MainActor func until(
    _ what: Comment, within limit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: @MainActor () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            throw Late()
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

struct Late: Error {}
