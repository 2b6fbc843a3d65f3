import Testing
import VidimusApp

@testable import VidimusShell

/// What fingers do that no button does: pull, and swipe across a card.
@Suite @MainActor struct FingersTests {
    private static func license(refreshing: Bool) -> Screen {
        let words = Words(key: "license.title", values: [])
        let status = CardStatus(state: words, sign: .good, age: nil, asOf: nil)
        let card = LicenseCard(id: "1", holder: nil, status: status, portrait: nil, damaged: nil, spoken: words)
        return .license(
            LicenseScreen(
                title: words, card: card, pager: nil, refreshing: refreshing, applications: [],
                troubles: [], mayShow: true))
    }

    private static func shell(over app: TestApp) -> Shell {
        let shell = Shell(phone: TestPhone()) { _ in app }
        shell.appSeen()
        return shell
    }

    @Test func whatWasPulledStaysUntilTheAuthorityHasAnswered() async throws {
        let app = TestApp()
        let shell = Self.shell(over: app)
        app.show(Self.license(refreshing: false))
        try await until("the license is there") { shell.update.screen == Self.license(refreshing: false) }
        var isBack = false
        let pulled = Task {
            await shell.refresh()
            isBack = true
        }
        try await until("the app was asked") { app.actions.contains(.refresh) }
        app.show(Self.license(refreshing: true))
        try await Task.sleep(for: .milliseconds(1200))
        #expect(!isBack)
        app.show(Self.license(refreshing: false))
        await pulled.value
        #expect(isBack)
        await shell.end()
    }

    @Test func whereNothingIsAskedWhatWasPulledGoesBack() async throws {
        let app = TestApp()
        let shell = Self.shell(over: app)
        app.show(Self.license(refreshing: false))
        try await until("the license is there") { shell.update.screen == Self.license(refreshing: false) }
        await shell.refresh()
        app.show(.opening)
        try await until("another screen is there") { shell.update.screen == .opening }
        await shell.refresh()
        await shell.end()
    }

    @Test func aSwipeTowardsTheBeginOfALineBringsTheNextLicense() {
        let words = Words(key: "license.of", values: [])
        let pager = Pager(place: words, previous: 0, next: 2)
        #expect(pager.index(across: -120, down: 10, isLeftToRight: true) == 2)
        #expect(pager.index(across: 120, down: 10, isLeftToRight: true) == 0)
        #expect(pager.index(across: -120, down: 10, isLeftToRight: false) == 0)
        #expect(pager.index(across: 120, down: 10, isLeftToRight: false) == 2)
        #expect(pager.index(across: 120, down: 90, isLeftToRight: true) == nil, "that scrolls")
        #expect(pager.index(across: 20, down: 0, isLeftToRight: true) == nil, "that is a tap")
        let last = Pager(place: words, previous: 1, next: nil)
        #expect(last.index(across: -120, down: 0, isLeftToRight: true) == nil)
    }
}
