import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// A fault ends the app: another one is started, where the first one was, but never twice with the
/// same state.
@MainActor @Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private let phone = TestPhone()

    /// The apps that a shell starts, one after another, and what each of them begins with.
    private final class Starts {
        var apps: [TestApp]
        var given: [Data?] = []
        init(_ apps: [TestApp]) { self.apps = apps }

        func next(_ saved: Data?) -> TestApp {
            given.append(saved)
            return apps[given.count - 1]
        }
    }

    /// A shell of these apps. A fault counts as one that comes soon until an app has lived as long
    /// as `trial`.
    private func shell(_ starts: Starts, trial: Duration) -> Shell {
        Shell(phone: phone, pause: .milliseconds(1), trial: trial) { starts.next($0) }
    }

    /// The app asks that what it has now is kept.
    private func save(_ app: TestApp) async throws {
        let before = phone.timesKept
        app.show(.welcome(.sample()), asking: [ShellEffect(id: UInt64(before + 1), ask: .save)])
        try await until("it is kept") { phone.timesKept > before }
    }

    /// Ends an app by a fault, and waits for the next one.
    private func fail(_ starts: Starts) async throws {
        let count = starts.given.count
        starts.apps[count - 1].fail()
        try await until("the next one") { starts.given.count > count }
    }

    @Test func anotherOneIsStartedWhereTheFirstOneWas() async throws {
        let starts = Starts([TestApp(saved: Data([1, 2, 3])), TestApp()])
        let shell = shell(starts, trial: .zero)
        shell.appSeen()
        let unlock = ShellEffect(id: 1, ask: .unlock(reason: .showing))
        starts.apps[0].show(.welcome(.sample()), asking: [unlock, ShellEffect(id: 2, ask: .save)])
        try await until("both answers") { starts.apps[0].answers.count == 2 }
        try await fail(starts)
        #expect(shell.update.screen == .opening)
        #expect(starts.given == [nil, Data([1, 2, 3])], "what it had kept before the fault")
        #expect(starts.apps[1].actions == [.seen(hasLock: true)])
        // Its effects have names of their own.
        starts.apps[1].show(asking: [unlock])
        try await until("its answer") { starts.apps[1].answers.count == 1 }
        #expect(phone.reasons.count == 2)
        await shell.end()
    }

    @Test func aFaultThatComesSoonIsFollowedByAnAppThatBeginsWithNothing() async throws {
        phone.saved = Data([9])
        let starts = Starts([TestApp(saved: Data([1])), TestApp(), TestApp()])
        let shell = shell(starts, trial: .seconds(3600))
        shell.appSeen()
        // It seals the state that it was given anew, and that is the same again.
        try await save(starts.apps[0])
        try await fail(starts)
        #expect(phone.saved == nil, "nor does an app after this one")
        try await fail(starts)
        #expect(starts.given == [Data([9]), nil, nil])
        await shell.end()
    }

    @Test func aShellOfThePhonesOwnKnowsWhatIsSoonToo() async throws {
        phone.saved = Data([9])
        let starts = Starts([TestApp(saved: Data([1])), TestApp()])
        let shell = Shell(phone: phone) { starts.next($0) }
        shell.appSeen()
        try await save(starts.apps[0])
        try await fail(starts)
        #expect(starts.given == [Data([9]), nil])
        await shell.end()
    }

    @Test func whatAnAppWasGivenIsNotGivenToAnother() async throws {
        phone.saved = Data([9])
        let starts = Starts([TestApp(), TestApp(saved: Data([2])), TestApp(), TestApp()])
        let shell = shell(starts, trial: .zero)
        shell.appSeen()
        try await fail(starts)
        #expect(phone.saved == nil)
        try await save(starts.apps[1])
        try await fail(starts)
        #expect(phone.saved == Data([2]), "the next one has not kept anything yet, and the system may end it")
        try await fail(starts)
        #expect(starts.given == [Data([9]), nil, Data([2]), nil])
        await shell.end()
    }

    @Test func anAppOutOfSightIsNotStartedAnewUntilItIsSeen() async throws {
        let starts = Starts([TestApp(saved: Data([1])), TestApp(), TestApp()])
        let shell = shell(starts, trial: .zero)
        shell.appSeen()
        try await save(starts.apps[0])
        shell.appLeft()
        starts.apps[0].fail()
        try await until("the screen is empty") { shell.update.screen == .opening }
        try await Task.sleep(for: .milliseconds(50))
        #expect(starts.given.count == 1)
        shell.appLeft()
        shell.appSeen()
        #expect(starts.given == [nil, Data([1])] && starts.apps[1].actions == [.seen(hasLock: true)])
        // It is followed as the first one was.
        starts.apps[1].show(.welcome(.sample()))
        try await until("it is followed") { shell.update.screen == .welcome(.sample()) }
        try await fail(starts)
        #expect(starts.given == [nil, Data([1]), nil])
        await shell.end()
    }

    @Test func aLinkThatComesAfterAFaultOutOfSightIsNotLost() async throws {
        let starts = Starts([TestApp(), TestApp()])
        let shell = shell(starts, trial: .zero)
        shell.appSeen()
        shell.appLeft()
        starts.apps[0].fail()
        try await Task.sleep(for: .milliseconds(50))
        shell.link("openid-credential-offer://")
        shell.appSeen()
        #expect(starts.apps[1].actions == [.link(text: "openid-credential-offer://"), .seen(hasLock: true)])
        starts.apps[1].show(.welcome(.sample()))
        try await until("it is followed") { shell.update.screen == .welcome(.sample()) }
        await shell.end()
    }

    @Test func anAppThatCannotBeStartedIsTriedAgainWithTheSame() async throws {
        struct Fault: Error {}
        phone.saved = Data([9])
        var given: [Data?] = []
        let app = TestApp()
        let shell = Shell(phone: phone, pause: .milliseconds(1), trial: .seconds(3600)) { saved in
            given.append(saved)
            if given.count < 3 { throw Fault() }
            return app
        }
        shell.appSeen()
        try await until("it is started") { app.actions == [.seen(hasLock: true)] }
        #expect(given == [Data([9]), Data([9]), Data([9])], "no app has seen it")
        await shell.end()
    }

    @Test func anAppThatCannotBeStartedIsNotTriedOutOfSight() async throws {
        struct Fault: Error {}
        var tries = 0
        let shell = Shell(phone: phone, pause: .milliseconds(1), trial: .zero) { _ in
            tries += 1
            throw Fault()
        }
        shell.appSeen()
        shell.appLeft()
        try await Task.sleep(for: .milliseconds(50))
        #expect(tries == 1)
        shell.appSeen()
        try await until("it is tried") { tries > 2 }
        await shell.end()
    }
}
