import Foundation
import Testing
import Vidimus
import VidimusApp

@testable import VidimusReader

/// A phone without a camera: it sees what the test says, and remembers what it was asked for.
@MainActor final class TestReaderPhone: OfficerPhone {
    /// Whether the camera may be used.
    var mayLook = true
    /// Takes what the camera sees, as long as it looks.
    private(set) var eye: (@MainActor ([String]) -> Void)?
    /// How often it looked, and whether the torch is on.
    private(set) var looks = 0
    private(set) var isLit = false
    private(set) var places: [Place] = []
    /// What was handed over, and how many sheets are open.
    private(set) var logs: [Data] = []
    private(set) var sheets = 0
    /// Whether a sheet stays open until it is cancelled.
    var keepsSheets = false

    func look(_ seen: @escaping @MainActor ([String]) -> Void) async -> Bool {
        guard mayLook else { return false }
        looks += 1
        let look = looks
        eye = seen
        await untilCancelled()
        // Another look may have begun.
        if look == looks { eye = nil }
        return true
    }

    func light() async {
        isLit = true
        await untilCancelled()
        isLit = false
    }

    func share(_ log: Data) async {
        logs.append(log)
        sheets += 1
        if keepsSheets { await untilCancelled() }
        sheets -= 1
    }

    func leave(to place: Place) { places.append(place) }

    private func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    }
}

/// An officer's app made by the test: it shows what the test says, and remembers what it was told.
final class TestOfficerApp: OfficerCore, @unchecked Sendable {
    private let lock = NSLock()
    private var newest: OfficerUpdate?
    private var number: UInt64 = 0
    private var told: [OfficerAction] = []
    private var isOver = false

    /// All that it was told, in this order.
    var actions: [OfficerAction] { lock.withLock { told } }

    /// The answers for an effect.
    func answers(to id: UInt64) -> [OfficerAnswer] {
        actions.compactMap { if case .done(id, let answer) = $0 { answer } else { nil } }
    }

    /// From now on this is on the screen, and this is asked for.
    func show(_ screen: OfficerScreen = .opening, asking effects: [OfficerShellEffect] = []) {
        lock.withLock {
            number += 1
            newest = OfficerUpdate(number: number, screen: screen, isPersonal: false, effects: effects)
        }
    }

    /// It ends by itself, as by a fault.
    func fail() { lock.withLock { isOver = true } }

    func next(after number: UInt64) async -> OfficerUpdate? {
        while true {
            let (update, isOver) = lock.withLock { (newest, self.isOver) }
            if isOver { return nil }
            if let update, update.number > number { return update }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    func send(_ action: OfficerAction) { lock.withLock { told.append(action) } }
    func picture(_ id: String) -> Data? { Data("face \(id)".utf8) }
    func question(_ id: UInt64) -> QRSymbol? { QRSymbol(size: Int(21 + id), modules: Data(count: 63)) }
    func exported() -> Data? { Data("{}\n".utf8) }
    func end() async { fail() }
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
