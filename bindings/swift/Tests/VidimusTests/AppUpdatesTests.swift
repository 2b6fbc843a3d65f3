import Foundation
import Testing
import Vidimus
import VidimusTestSupport

@testable import VidimusApp
import class VidimusCore.CancelToken
import class VidimusCore.CoreDriverApp
import struct VidimusCore.DriverSetup
import func VidimusCore.memoryKeyStore
import func VidimusCore.provokeAsyncPanic
import func VidimusCore.provokePanic
import func VidimusCore.startDriverApp

/// How the updates of an app come, and how they end.
@Suite struct AppUpdatesSanitized {
    /// An app on its first screen.
    private func app() async throws -> (app: DriverApp, shell: AppShell, phone: AppPhone) {
        let phone = try AppPhone(try await Authority.start())
        let app = try phone.start()
        let shell = AppShell(app)
        try await shell.welcome()
        return (app, shell, phone)
    }

    @Test(.timeLimit(.minutes(1)))
    func eachLoopBeginsWithWhatIsOnTheScreenNow() async throws {
        let (app, shell, _) = try await app()
        for _ in 0..<3 {
            let update = try #require(await app.updates.first { _ in true })
            #expect(update.number >= shell.seen?.number ?? 0)
            guard case .welcome = update.screen else { throw AppShell.Ended() }
        }
        await app.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func aSlowLoopSeesTheNewestAndNotEach() async throws {
        let (app, _, _) = try await app()
        let loop = Task {
            var texts: [String] = []
            for await update in app.updates {
                guard case .welcome(let screen) = update.screen else { continue }
                texts.append(screen.offer.text)
                if screen.offer.text == "100" { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            return texts
        }
        try await Task.sleep(for: .milliseconds(50))
        for number in 1...100 { app.send(.typeOffer(text: "\(number)", edit: UInt64(number))) }
        let texts = try await loop.value
        #expect(texts.last == "100" && texts.count < 20)
        await app.end()
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["end", "close", "let go"])
    func aLoopOverUpdatesEndsWithTheApp(_ how: String) async throws {
        var (app, shell, phone): (DriverApp?, AppShell?, AppPhone) = try await app()
        let begun = Signal()
        let updates = try #require(app).updates
        let loop = Task {
            var count = 0
            for await _ in updates {
                count += 1
                begun.send()
            }
            return count
        }
        await begun.wait()
        switch how {
        case "end": await app?.end()
        case "close": app?.close()
        // Who reads the updates holds the app: one who stops lets go of it.
        default: loop.cancel()
        }
        #expect(await loop.value >= 1)
        if how != "let go" {
            #expect(await updates.first { _ in true } == nil)
            #expect(await app?.next() == nil)
        }
        (app, shell) = (nil, nil)
        _ = (shell, phone)
    }

    @Test(.timeLimit(.minutes(1)))
    func afterTheEndNothingThatIsCalledDoesAnything() async throws {
        let (app, _, _) = try await app()
        await app.end()
        await app.end()
        app.close()
        app.send(.typeOffer(text: "x", edit: 1))
        #expect(app.picture("x") == nil && app.frame(of: 1, number: 1) == nil && app.saved == nil)
        #expect(await app.next(after: 7) == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func whoIsCancelledWaitsNoMoreAndTheAppIsLetGoOf() async throws {
        weak var gone: DriverApp?
        do {
            let (app, _, _) = try await app()
            gone = app
            for _ in 0..<20 {
                let loop = Task { for await _ in app.updates {} }
                let waiter = Task { await app.next(after: .max) }
                try await Task.sleep(for: .milliseconds(2))
                loop.cancel()
                waiter.cancel()
                await loop.value
                #expect(await waiter.value == nil)
            }
            // The app goes on all the same.
            #expect(await app.next() != nil)
        }
        #expect(gone == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func eightTasksSendAndReadAtOnceAndOneEndsTheAppUnderThem() async throws {
        let (app, _, _) = try await app()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<100 {
                        app.send(.typeOffer(text: "\(task)", edit: UInt64(task * 1000 + round)))
                        _ = (app.saved, app.picture("\(round)"), app.frame(of: 1, number: UInt64(round)))
                        if task == 0 && round == 50 { await app.end() }
                    }
                    // Task 0 may not have ended it yet; the loop ends with the app.
                    for await _ in app.updates {}
                }
            }
        }
        for await _ in app.updates { Issue.record("there are no updates after the end") }
        #expect(await app.next() == nil)
    }

    @Test func aNameOfThisStartOfTheDeviceThatHasNot16BytesIsRefusedAtOnce() async throws {
        let folder = try TemporaryFolder()
        let setup = DriverSetup(
            directory: folder.appending("wallet").path, rootKey: Data(), authority: "http://127.0.0.1:1",
            signInRedirect: nil, pinnedCertificates: [], hasLock: true, saved: nil)
        for size in [0, 15, 17] {
            let keys = try memoryKeyStore(hardware: nil)
            let start = { try startDriverApp(setup: setup, bootId: Data(count: size), keys: keys, transport: nil) }
            let thrown = try #require(await error(of: start))
            #expect(WalletError(thrown) == .invalidArgument)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aFaultOfTheLibraryEndsTheUpdatesAndNotTheProcess() async {
        final class Faulty: CoreDriverApp, @unchecked Sendable {
            override func next(after: UInt64, cancel: CancelToken) async throws -> Update? {
                try await provokeAsyncPanic(secret: "the text of a panic")
                return nil
            }
            override func send(action: Action) throws { try provokePanic(secret: "the text of a panic") }
            override func saved() throws -> Data? {
                try provokePanic(secret: "the text of a panic")
                return nil
            }
        }
        for await _ in DriverApp(Faulty(noHandle: .init())).updates { Issue.record("there is no update") }
        let calls: [(DriverApp) -> Void] = [{ $0.send(.back) }, { #expect($0.saved == nil) }]
        for call in calls {
            let app = DriverApp(Faulty(noHandle: .init()))
            call(app)
            // The app has ended, so no wait is left open.
            #expect(await app.next() == nil)
        }
    }
}

/// The loop of the README.
@Suite struct AppReadme {
    @Test func theReadmeShowsTheLoopThatIsCompiledHere() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let readme = try String(contentsOf: here.appending(path: "../../README.md"), encoding: .utf8)
        let example = try String(contentsOf: here.appending(path: "AppExample.swift"), encoding: .utf8)
        let loop = try #require(example.range(of: "import VidimusApp\n\n")).upperBound
        #expect(readme.contains("```swift\n\(example[loop...])```\n"))
    }

    @Test(.timeLimit(.minutes(1)))
    func theLoopDrawsEachScreenAndBeginsEachEffectOnce() async throws {
        let phone = try AppPhone(try await Authority.start())
        let app = try phone.start()
        var (drawn, begun): ([Screen], [ShellEffect]) = ([], [])
        await run(app) { screen in
            drawn.append(screen)
            if case .welcome = screen { app.send(.scan) }
        } begin: { effect in
            begun.append(effect)
            if effect.ask == .camera { app.close() }
        }
        #expect(drawn.contains { if case .scan = $0 { true } else { false } })
        #expect(begun.filter { $0.ask == .camera }.count == 1)
        #expect(begun.count == Set(begun.map(\.id)).count)
    }
}
