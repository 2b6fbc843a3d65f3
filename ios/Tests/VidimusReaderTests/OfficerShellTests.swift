import Foundation
import Testing
import VidimusApp

@testable import VidimusReader

/// What the officer's shell does of what the app asks for, with an app of the test's own.
@MainActor @Suite(.timeLimit(.minutes(1))) struct OfficerShellTests {
    private let app = TestOfficerApp()
    private let phone = TestReaderPhone()

    private func shell() -> OfficerShell {
        let app = app
        let shell = OfficerShell(phone: phone) { app }
        shell.appSeen()
        return shell
    }

    private func effect(_ id: UInt64, _ ask: OfficerAsk) -> OfficerShellEffect {
        OfficerShellEffect(id: id, ask: ask)
    }

    @Test func anAppIsStartedOnceWhenItIsSeenAndNotBefore() async throws {
        var starts = 0
        let app = app
        let shell = OfficerShell(phone: phone) {
            starts += 1
            return app
        }
        shell.appLeft()
        shell.send(.check)
        #expect(starts == 0 && app.actions.isEmpty && shell.update.screen == .opening)
        shell.appSeen()
        shell.appSeen()
        shell.send(.check)
        shell.appLeft()
        #expect(starts == 1 && app.actions == [.seen, .seen, .check, .left])
        await shell.end()
    }

    @Test func theCameraAnswersForAsLongAsItIsAskedFor() async throws {
        let shell = shell()
        app.show(asking: [effect(3, .camera)])
        try await until("the camera looks") { phone.eye != nil }
        let eye = try #require(phone.eye)
        eye(["A"])
        eye(["A"])
        eye(["B", "A"])
        eye(["A", "B"])
        #expect(app.answers(to: 3) == [.texts(texts: ["A"]), .texts(texts: ["B", "A"])])

        // The same effect in another update is the same look.
        app.show(asking: [effect(3, .camera), effect(4, .torch)])
        try await until("the torch is on") { phone.isLit }
        #expect(phone.looks == 1)

        app.show(asking: [])
        try await until("both are over") { phone.eye == nil && !phone.isLit }
        eye(["C"])
        #expect(app.answers(to: 3).count == 2, "a picture that came late says nothing")
        await shell.end()
    }

    /// What was seen before is news to who begins to look.
    @Test func eachLookBeginsAnew() async throws {
        let shell = shell()
        app.show(asking: [effect(3, .camera)])
        try await until("the camera looks") { phone.eye != nil }
        phone.eye?(["A"])
        app.show(asking: [effect(5, .camera)])
        try await until("it looks once more") { phone.looks == 2 && phone.eye != nil }
        phone.eye?(["A"])
        #expect(app.answers(to: 5) == [.texts(texts: ["A"])])
        await shell.end()
    }

    @Test func aCameraThatMayNotBeUsedIsToldOnce() async throws {
        phone.mayLook = false
        let shell = shell()
        app.show(asking: [effect(3, .camera)])
        try await until("it is told") { !app.answers(to: 3).isEmpty }
        app.show(asking: [effect(3, .camera)])
        try await until("the next update") { shell.update.number == 2 }
        #expect(app.answers(to: 3) == [.cameraRefused])
        await shell.end()
    }

    @Test func theLogIsHandedOverAndPlacesAreOpened() async throws {
        let shell = shell()
        app.show(asking: [effect(3, .share), effect(4, .leave(to: .app))])
        try await until("both are done") { app.answers(to: 3) == [.shared] && app.answers(to: 4) == [.left] }
        #expect(phone.logs == [Data("{}\n".utf8)] && phone.places == [.app])
        await shell.end()
    }

    @Test func aSheetThatNoOneWaitsForIsClosed() async throws {
        phone.keepsSheets = true
        let shell = shell()
        app.show(asking: [effect(3, .share)])
        try await until("the sheet is open") { phone.sheets == 1 }
        app.show(asking: [])
        try await until("it is closed") { phone.sheets == 0 }
        #expect(app.answers(to: 3).isEmpty)
        await shell.end()
    }

    @Test func aVerdictIsToldOnce() async throws {
        let shell = shell()
        #expect(!shell.tells(0))
        #expect(shell.tells(2) && !shell.tells(2) && !shell.tells(1) && shell.tells(3))
        await shell.end()
    }

    @Test func whatIsTypedIsCountedUpwards() async throws {
        let shell = shell()
        #expect(shell.nextEdit(shown: 7) == 8 && shell.nextEdit(shown: 0) == 9)
        await shell.end()
    }

    @Test func picturesAreTheAppsOwn() async throws {
        let shell = shell()
        #expect(shell.picture("1") == Data("face 1".utf8) && shell.question(4)?.size == 25)
        await shell.end()
    }

    /// A verdict of an app that is gone must not stay on the screen.
    @Test func anAppThatAFaultHasEndedIsStartedAnewWhereItIsSeen() async throws {
        var apps = [TestOfficerApp(), TestOfficerApp()]
        let (first, second) = (apps[0], apps[1])
        let shell = OfficerShell(phone: phone, pause: .milliseconds(1)) { apps.removeFirst() }
        shell.appSeen()
        let log = CheckLogScreen(
            broken: nil, kept: Words(key: "k", values: []), rows: [], mayExport: false, failed: nil)
        first.show(.log(log), asking: [effect(3, .camera)])
        try await until("the log is shown") { shell.update.screen == .log(log) && phone.eye != nil }
        #expect(shell.tells(1))
        first.fail()
        try await until("the next app hears that it is seen") { second.actions == [.seen] }
        #expect(shell.update.screen == .opening && shell.tells(1), "it counts from 1 again")
        try await until("the camera is off") { phone.eye == nil }
        await shell.end()
    }

    @Test func anAppThatAFaultHasEndedOutOfSightWaits() async throws {
        var starts = 0
        let app = app
        let shell = OfficerShell(phone: phone, pause: .milliseconds(1)) {
            starts += 1
            return app
        }
        shell.appSeen()
        shell.appLeft()
        app.fail()
        try await Task.sleep(for: .milliseconds(100))
        #expect(starts == 1)
        await shell.end()
    }

    @Test func nothingHappensAfterTheEnd() async throws {
        let shell = shell()
        await shell.end()
        let before = app.actions.count
        shell.appSeen()
        #expect(app.actions.count == before)
        for await _ in shell.updates {}
    }
}
