import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// A notice was tapped: its license comes to the front.
@MainActor @Suite(.timeLimit(.minutes(1))) struct SeekingTests {
    private func card(_ index: UInt32, of count: UInt32) -> Screen {
        let status = CardStatus(
            state: Words(key: "state.valid", values: []), sign: .good, age: .confirmed(minutes: 1), asOf: nil)
        let card = LicenseCard(
            id: "id \(index)", holder: nil, status: status, portrait: nil, damaged: nil,
            spoken: Words(key: "license.spoken", values: []))
        let pager = Pager(
            place: Words(key: "license.of", values: []), previous: index == 0 ? nil : index - 1,
            next: index + 1 == count ? nil : index + 1)
        return .license(
            LicenseScreen(
                title: Words(key: "license.title", values: []), card: card, pager: count == 1 ? nil : pager,
                refreshing: false, applications: [], troubles: [], mayShow: true))
    }

    /// Plays an app with some licenses, and gives those that came to the front, from the one that
    /// was there.
    private func played(from begin: UInt32, of count: UInt32, to license: String) async throws -> [UInt32] {
        let app = TestApp()
        let shell = Shell(phone: TestPhone()) { _ in app }
        shell.bring(license: license)
        shell.appSeen()
        app.show(card(begin, of: count))
        var seen = [begin]
        var quiet = 0
        while quiet < 20 {
            let asked: [UInt32] = app.actions.compactMap { if case .select(let index) = $0 { index } else { nil } }
            if asked.count >= seen.count, let index = asked.last {
                seen.append(index)
                app.show(card(index, of: count))
                quiet = 0
            }
            quiet += 1
            try await Task.sleep(for: .milliseconds(2))
        }
        await shell.end()
        return seen
    }

    @Test func itIsLookedForToTheLastOneAndThenToTheFirst() async throws {
        #expect(try await played(from: 0, of: 3, to: "id 2") == [0, 1, 2])
        #expect(try await played(from: 1, of: 3, to: "id 0") == [1, 2, 1, 0])
    }

    @Test func theOneInFrontStays() async throws {
        #expect(try await played(from: 1, of: 3, to: "id 1") == [1])
        #expect(try await played(from: 0, of: 1, to: "id 0") == [0])
    }

    /// It was removed since the notice was planned.
    @Test func oneThatIsGoneIsLookedForOnce() async throws {
        #expect(try await played(from: 0, of: 2, to: "gone") == [0, 1, 0])
    }

    /// What is typed or shown there would be lost.
    @Test func noOneIsTakenAwayFromAnotherPage() async throws {
        let app = TestApp()
        let shell = Shell(phone: TestPhone()) { _ in app }
        shell.appSeen()
        app.show(.history(HistoryScreen(broken: nil, rows: [])))
        try await until("the history") { shell.update.number == 1 }
        shell.bring(license: "id 1")
        app.show(card(0, of: 2))
        try await until("the license") { shell.update.number == 2 }
        try await Task.sleep(for: .milliseconds(20))
        #expect(app.actions == [.seen(hasLock: true)])
        await shell.end()
    }
}
