import Foundation
import Vidimus
import VidimusApp
import VidimusShell

/// A phone without hardware: a lock that answers as it is told, and a memory for what was asked.
@MainActor final class TestPhone: VidimusShell.Phone {
    var hasLock = true
    /// What its lock answers.
    var outcome = LockOutcome.opened
    /// Holds back those who ask the lock.
    let dialog = Gate(open: true)
    /// For what its lock was asked each time.
    private(set) var reasons: [UnlockReason] = []
    /// How many dialogs of the lock are open.
    private(set) var dialogs = 0
    /// How many of them were closed by who asked.
    private(set) var closed = 0
    /// Where the driver was led to.
    private(set) var places: [Place] = []
    /// What was kept last, and can be read on an unlocked phone only.
    var saved: Data?
    var isLocked = false
    var kept: Data? { isLocked ? nil : saved }
    private(set) var timesKept = 0
    /// How often it was asked not to suspend the app, and how many of those it still does not.
    private(set) var timesAwake = 0
    private(set) var awake = 0

    func unlock(reason: UnlockReason) async -> LockOutcome {
        reasons.append(reason)
        dialogs += 1
        await dialog.pass()
        dialogs -= 1
        if Task.isCancelled { closed += 1 }
        return outcome
    }

    /// What becomes of a page in its browser.
    var browsed = Browsed.left
    /// Which addresses its browser has opened.
    private(set) var addresses: [URL] = []

    func leave(to place: Place) { places.append(place) }

    func browse(_ address: URL) async -> Browsed {
        addresses.append(address)
        return browsed
    }

    func keep(_ saved: Data?) {
        self.saved = saved
        timesKept += 1
    }

    func stayAwake() async {
        timesAwake += 1
        awake += 1
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
        awake -= 1
    }
}

/// A driver's app of a test's own: it shows what the test says, and remembers what it was told.
final class TestApp: Core, @unchecked Sendable {
    private let lock = NSLock()
    private var newest: Update?
    private var number: UInt64 = 0
    private var told: [Action] = []
    private var isOver = false
    private var state: Data?

    init(saved: Data? = nil) { state = saved }

    /// As of the real one: nothing after a fault.
    var saved: Data? { lock.withLock { isOver ? nil : state } }

    /// All that it was told, in this order.
    var actions: [Action] { lock.withLock { told } }

    /// What it was answered, by the effect's id.
    var answers: [(id: UInt64, answer: Answer)] {
        actions.compactMap { if case .done(let id, let answer) = $0 { (id, answer) } else { nil } }
    }

    /// From now on this is on the screen, and this is asked for.
    func show(_ screen: Screen = .opening, asking effects: [ShellEffect] = []) {
        lock.withLock {
            number += 1
            newest = Update(number: number, screen: screen, isPersonal: false, effects: effects)
        }
    }

    /// It ends by itself, as by a fault.
    func fail() { lock.withLock { isOver = true } }

    func next(after number: UInt64) async -> Update? {
        while true {
            let (update, isOver) = lock.withLock { (newest, self.isOver) }
            if isOver { return nil }
            if let update, update.number > number { return update }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    let signInAddress = URL(string: "https://licenses.example/authorize?request_uri=1")
    let refreshDueIn: Duration? = .seconds(1800)
    func send(_ action: Action) { lock.withLock { told.append(action) } }
    func picture(_ id: String) -> Data? { Data("portrait \(id)".utf8) }
    func frame(of showing: UInt64, number: UInt64) -> QRSymbol? {
        QRSymbol(size: Int(21 + showing), modules: Data(repeating: UInt8(number), count: 63))
    }
    func end() async { fail() }
}
