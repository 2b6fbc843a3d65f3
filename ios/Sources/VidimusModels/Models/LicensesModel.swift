import Foundation
import Vidimus

/// The licenses of a wallet, with ages that go on while nobody asks.
@MainActor final class LicensesModel {
    /// `nil` where there is no license.
    private(set) var state: LicenseState? {
        didSet { if state != oldValue { changed() } }
    }
    /// Called after each change of ``state``.
    var changed: @MainActor () -> Void = {}

    private let wallet: any WalletCalls
    private let elapsed: ElapsedTime
    private let hasLock: @MainActor () -> Bool

    private var reading: Reading?
    private var portraits: [HeldLicense.ID: Data] = [:]
    private var front: HeldLicense.ID?
    private var refreshing = false
    /// What the last refresh could not do.
    private var failures: [RefreshFailure] = []
    /// What the last call could not do.
    private var fault: WalletError?
    /// Whether a license was here and none is any more, without the driver's wish.
    private(set) var missesLicense = false
    /// When the last report wants the next refresh.
    private var due: Duration?

    /// However long there is nothing to do, the clock may be set meanwhile: what is due is asked about this often.
    private static let longestPause = Duration.seconds(60)

    /// What was read at one moment.
    private struct Reading {
        let at: Duration
        let licenses: [HeldLicense]
        let health: Health
        let time: TimeEstimate
    }

    init(wallet: any WalletCalls, elapsed: ElapsedTime, hasLock: @escaping @MainActor () -> Bool) {
        self.wallet = wallet
        self.elapsed = elapsed
        self.hasLock = hasLock
    }

    /// The cards; empty where there is no license.
    var cards: [LicenseCard] { state?.cards ?? [] }

    /// How long until the next refresh is due; `nil` where no report has said it.
    var nextIn: Duration? { due.map { max(.zero, $0 - elapsed.now) } }

    /// Reads what is stored.
    func load() async throws(WalletError) {
        let licenses = try await wallet.licenses()
        let health = try await wallet.health()
        let time = try await wallet.time()
        missesLicense = try await wallet.missesLicense()
        reading = Reading(at: elapsed.now, licenses: licenses, health: health, time: time)
        update()
        for license in licenses where license.hasPortrait && portraits[license.id] == nil {
            // A portrait that cannot be read leaves its license as good as before.
            portraits[license.id] = try? await wallet.portrait(of: license.id)
        }
        portraits = portraits.filter { id, _ in licenses.contains { $0.id == id } }
        update()
    }

    /// Brings a card to the front.
    func select(_ index: Int) {
        guard cards.indices.contains(index) else { return }
        select(id: cards[index].id)
    }

    /// Brings a license to the front, now or as soon as it was read.
    func select(id: HeldLicense.ID) {
        front = id
        update()
    }

    /// Asks the authority for the newest status, as a driver does.
    func refresh() async {
        guard !refreshing else { return }
        refreshing = true
        update()
        await ask(.now)
        refreshing = false
        update()
    }

    /// Asks for what is due, as often as something is, until the task is cancelled or the wallet is closed.
    func keepFresh() async {
        var scope = RefreshScope.opened
        while let pause = await ask(scope) {
            scope = .due
            guard (try? await elapsed.sleep(for: pause)) != nil else { return }
        }
    }

    /// Takes note of an error of a call that belongs to no screen of its own; the next refresh forgets it.
    func note(_ error: WalletError) {
        guard error != .closed else { return }
        fault = error
        update()
    }

    /// Lets the ages go on, until the task is cancelled.
    func keepAges() async {
        while (try? await elapsed.sleep(for: untilNextMinute())) != nil {
            update()
        }
    }

    /// - Returns: After how long to ask again; `nil` where nobody is to.
    @discardableResult
    private func ask(_ scope: RefreshScope) async -> Duration? {
        do {
            let report = try await wallet.refresh(scope, within: .seconds(25))
            fault = nil
            due = elapsed.now + report.nextIn
            // One that had nothing to ask has found out nothing.
            if report.requests > 0 || !report.failures.isEmpty { failures = report.failures }
            try await load()
            return min(report.nextIn, Self.longestPause)
        } catch {
            // Whoever has stopped it wants to hear nothing of it.
            if Task.isCancelled || error == .closed { return nil }
            // Another process has the wallet; it refreshes, too.
            if scope == .now || error != .storage(.busy) { note(error) }
            return Self.longestPause
        }
    }

    private func update() {
        guard let reading, !reading.licenses.isEmpty else {
            state = nil
            return
        }
        let ago = elapsed.now - reading.at
        let cards = reading.licenses.map { held in
            LicenseCard(held, standing: Standing(held, readAgo: ago), portrait: portraits[held.id])
        }
        let selected = cards.firstIndex { $0.id == front } ?? 0
        let troubles = troubles(of: signs(of: cards[selected], reading, ago: ago))
        state = LicenseState(cards: cards, selected: selected, refreshing: refreshing, troubles: troubles)
    }

    private func signs(of card: LicenseCard, _ reading: Reading, ago: Duration) -> Signs {
        let hasLock = hasLock()
        let failed = failures.filter { $0.subject.concerns(card.id) }.map(\.error) + [fault].compactMap { $0 }
        return Signs(
            standings: reading.licenses.first { $0.id == card.id }?.standings(after: ago) ?? [],
            damaged: card.damaged,
            health: reading.health,
            clockSetBack: reading.time.setBack,
            failed: Set(failed.compactMap { refreshTrouble(of: $0, hasLock: hasLock) })
        )
    }

    /// How long until one of the ages has one more minute.
    private func untilNextMinute() -> Duration {
        let minute = Duration.seconds(60)
        guard let reading else { return minute }
        let ago = elapsed.now - reading.at
        let waits = reading.licenses.compactMap(\.status.age).map { age in
            let (seconds, attoseconds) = (age + ago).components
            return minute - Duration(secondsComponent: seconds % 60, attosecondsComponent: attoseconds)
        }
        return waits.min() ?? minute
    }
}

extension RefreshSubject {
    /// Whether a license is the worse for it.
    fileprivate func concerns(_ id: HeldLicense.ID) -> Bool {
        switch self {
        case .trustList: true
        case .status(let license), .renewal(let license): license == id
        }
    }
}
