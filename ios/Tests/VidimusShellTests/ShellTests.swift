import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// What a shell does of what the app asks for, with an app of the test's own.
@MainActor @Suite(.timeLimit(.minutes(1))) struct ShellTests {
    private let app = TestApp(saved: Data([1, 2, 3]))
    private let phone = TestPhone()

    private func shell() -> Shell {
        let app = app
        let shell = Shell(phone: phone) { _ in app }
        shell.appSeen()
        return shell
    }

    /// Waits until the shell has this much of the app's on its screen.
    private func shown(_ shell: Shell, number: UInt64) async throws {
        try await until("update \(number)") { shell.update.number == number }
        // What it begins because of it has begun.
        for _ in 0..<10 { await Task.yield() }
    }

    private func unlock(_ id: UInt64, _ reason: UnlockReason = .showing) -> ShellEffect {
        ShellEffect(id: id, ask: .unlock(reason: reason))
    }

    @Test func anAppIsStartedOnceAndHearsThatItIsSeen() async throws {
        var starts = 0
        let app = app
        let shell = Shell(phone: phone) { _ in
            starts += 1
            return app
        }
        #expect(starts == 0 && shell.update.screen == .opening, "the system may launch the app for a refresh")
        shell.appSeen()
        phone.hasLock = false
        shell.appSeen()
        shell.appLeft()
        #expect(starts == 1 && app.actions == [.seen(hasLock: true), .seen(hasLock: false), .left])
        await shell.end()
    }

    /// A scene may begin in the background, and be left again before it was seen.
    @Test func anAppThatNobodySeesIsNotStarted() async throws {
        phone.saved = Data([7])
        phone.isLocked = true
        var kept: [Data?] = []
        let app = app
        let shell = Shell(phone: phone) { saved in
            kept.append(saved)
            return app
        }
        shell.appLeft()
        for _ in 0..<10 { await Task.yield() }
        #expect(kept.isEmpty && app.actions.isEmpty && shell.update.screen == .opening)
        phone.isLocked = false
        shell.appSeen()
        #expect(kept == [Data([7])] && app.actions == [.seen(hasLock: true)])
        await shell.end()
    }

    @Test func aLinkThatComesFirstIsNotLost() async throws {
        let app = app
        let shell = Shell(phone: phone) { _ in app }
        shell.link("openid-credential-offer://")
        shell.appSeen()
        #expect(app.actions == [.link(text: "openid-credential-offer://"), .seen(hasLock: true)])
        await shell.end()
    }

    @Test func whatIsOnTheScreenIsHandedOnToAllWhoLook() async throws {
        let shell = shell()
        var first = shell.updates.makeAsyncIterator()
        #expect(await first.next()?.number == 0)
        app.show(.welcome(.sample()))
        #expect(await first.next()?.screen == .welcome(.sample()))
        var second = shell.updates.makeAsyncIterator()
        #expect(await second.next()?.number == 1)
        await shell.end()
        #expect(await first.next() == nil)
    }

    @Test func eachEffectIsBegunOnceHoweverOftenItIsSeen() async throws {
        let shell = shell()
        let effects = [
            unlock(1), ShellEffect(id: 2, ask: .leave(to: .clock)), ShellEffect(id: 3, ask: .save),
            ShellEffect(id: 4, ask: .stayAwake), ShellEffect(id: 5, ask: .camera),
        ]
        app.show(asking: effects)
        try await until("three answers") { app.answers.count == 3 }
        app.show(.welcome(.sample()), asking: effects)
        app.show(asking: effects)
        try await shown(shell, number: 3)
        #expect(phone.reasons == [.showing] && phone.places == [.clock] && phone.timesAwake == 1)
        #expect(phone.timesKept == 1 && phone.saved == Data([1, 2, 3]))
        let answers = app.answers.sorted { $0.id < $1.id }
        #expect(answers.map(\.id) == [1, 2, 3])
        #expect(answers.map(\.answer) == [.lock(outcome: .opened), .left, .saved])
        await shell.end()
    }

    @Test func theBrowserOpensTheAddressOfTheAppAndWhatComesBackIsALink() async throws {
        let shell = shell()
        phone.browsed = .cameBack(to: "vidimus:/signed-in?code=1")
        app.show(asking: [ShellEffect(id: 1, ask: .openBrowser)])
        try await until("the first answer") { app.answers.count == 1 }
        #expect(app.actions.contains(.link(text: "vidimus:/signed-in?code=1")))
        phone.browsed = .missing
        app.show(asking: [ShellEffect(id: 2, ask: .openBrowser)])
        try await until("the second answer") { app.answers.count == 2 }
        #expect(phone.addresses == Array(repeating: app.signInAddress, count: 2))
        #expect(app.answers.map(\.answer) == [.left, .noBrowser])
        await shell.end()
    }

    @Test func anotherQuestionOfTheSameKindIsAskedAnew() async throws {
        let shell = shell()
        app.show(asking: [unlock(1)])
        try await until("the first answer") { app.answers.count == 1 }
        phone.outcome = .cancelled
        app.show(asking: [unlock(2, .removing)])
        try await until("the second answer") { app.answers.count == 2 }
        #expect(phone.reasons == [.showing, .removing])
        #expect(app.answers.last?.id == 2 && app.answers.last?.answer == .lock(outcome: .cancelled))
        await shell.end()
    }

    @Test func whatIsGoneIsEndedAndAnswersNothing() async throws {
        let shell = shell()
        phone.dialog.close()
        app.show(asking: [unlock(1), ShellEffect(id: 2, ask: .stayAwake)])
        try await until("both are open") { phone.dialogs == 1 && phone.awake == 1 }
        app.show()
        try await until("the app may be suspended again") { phone.awake == 0 }
        // The dialog is slower: its answer comes when no one waits for it.
        phone.dialog.open()
        try await until("the dialog is closed") { phone.closed == 1 }
        for _ in 0..<10 { await Task.yield() }
        #expect(app.answers.isEmpty && phone.dialogs == 0)
        await shell.end()
    }

    @Test func anAnswerThatComesLateButIsWaitedForIsGiven() async throws {
        let shell = shell()
        phone.dialog.close()
        app.show(asking: [unlock(1)])
        try await until("it is open") { phone.dialogs == 1 }
        shell.appLeft()
        app.show(.welcome(.sample()), asking: [unlock(1)])
        try await shown(shell, number: 2)
        phone.dialog.open()
        try await until("the answer") { app.answers.count == 1 }
        #expect(app.actions.contains(.left), "after the app was left: whether it counts the app decides")
        await shell.end()
    }

    @Test func theEndOfTheAppEndsWhatIsOpen() async throws {
        let shell = shell()
        app.show(asking: [ShellEffect(id: 1, ask: .stayAwake)])
        try await until("it is open") { phone.awake == 1 }
        await shell.end()
        try await until("it is ended") { phone.awake == 0 }
        let before = app.actions.count
        shell.appSeen()
        shell.send(.back)
        #expect(app.actions.count == before, "nothing happens after the end")
        for await update in shell.updates { #expect(update.number == 1) }
    }

    @Test func theCameraIsAnsweredOnlyWhileItIsAskedFor() async throws {
        let shell = shell()
        shell.seen("too soon")
        let awake = ShellEffect(id: 6, ask: .stayAwake)
        app.show(asking: [awake])
        try await shown(shell, number: 1)
        shell.seen("not asked for")
        app.show(asking: [awake, ShellEffect(id: 7, ask: .camera)])
        try await shown(shell, number: 2)
        shell.seen("a QR")
        app.show(asking: [awake, ShellEffect(id: 9, ask: .camera)])
        try await shown(shell, number: 3)
        shell.cameraRefused()
        app.show()
        try await shown(shell, number: 4)
        shell.seen("too late")
        shell.cameraRefused()
        #expect(app.answers.map(\.id) == [7, 9])
        #expect(app.answers.map(\.answer) == [.seen(text: "a QR"), .cameraRefused])
        await shell.end()
    }

    @Test func whatIsTypedIsNumberedOverAllFieldsAndGoesOnFromTheScreens() async throws {
        let shell = shell()
        #expect(shell.nextEdit(shown: 0) == 1)
        #expect(shell.nextEdit(shown: 0) == 2)
        // Another field, which has heard less.
        #expect(shell.nextEdit(shown: 1) == 3)
        // A shell that began anew beside an app that went on.
        #expect(shell.nextEdit(shown: 40) == 41)
        #expect(shell.nextEdit(shown: 3) == 42)
        await shell.end()
    }

    @Test func whenToRefreshNextComesFromTheApp() async throws {
        let app = app
        var starts = 0
        let shell = Shell(phone: phone) { _ in
            starts += 1
            return app
        }
        #expect(shell.refreshDueIn == nil && starts == 0, "the authority was not asked yet")
        shell.appSeen()
        #expect(shell.refreshDueIn == .seconds(1800))
        shell.appLeft()
        #expect(shell.refreshDueIn == .seconds(1800), "it is asked for when the app was left")
        await shell.end()
    }

    @Test func picturesComeFromTheApp() async throws {
        let shell = shell()
        #expect(shell.picture("one") == Data("portrait one".utf8))
        #expect(shell.frame(of: 4, number: 2)?.size == 25)
        await shell.end()
    }
}

extension WelcomeScreen {
    /// One with this on it.
    static func sample(_ text: String = "", edit: UInt64 = 0) -> WelcomeScreen {
        WelcomeScreen(
            title: Words(key: "welcome.title", values: []), body: Words(key: "welcome.body", values: []),
            mayGoBack: false, lock: nil, maySignIn: false, applications: [], typing: true,
            offer: Field(text: text, edit: edit), reading: false,
            mayRead: !text.isEmpty,
            refusal: nil, troubles: [])
    }
}
