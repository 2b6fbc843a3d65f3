import Foundation
import Testing
import Vidimus
import VidimusTestSupport

/// Several tasks at once.
@Suite struct ConcurrencySanitized {
    @Test(.timeLimit(.minutes(5)))
    func eightTasksUseOneWalletAndOneVerifierAtOnce() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority, keys: DelegatingKeyStore.withHardware())
        let license = try await phone.enrollNewDriver()
        let officer = try await phone.reader()
        let rounds = Environment.sanitizer == nil ? 40 : 10
        let wallet = phone.wallet
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var accepted = 0
                    for round in 0..<rounds {
                        #expect(try await wallet.licenses().map(\.id) == [license])
                        let challenge = try officer.ask(as: "Task \(task) round \(round)")
                        let request = try await wallet.readChallenge(challenge.text)
                        let answer = try await wallet.answer(request, with: license)
                        let frame = try await answer.frame()
                        if try officer.check(frame.text, answering: challenge).isAccepted { accepted += 1 }
                        if round % 10 == task { _ = try await wallet.refresh(.now) }
                        try await answer.end()
                    }
                    return accepted
                }
            }
            for try await accepted in group { #expect(accepted == rounds) }
        }
        #expect(try await wallet.examine() == Health(rolledBack: false, damaged: []))
        let activity = try await wallet.activity(limit: .max)
        let shown = activity.entries.filter { if case .shown = $0.event { true } else { false } }
        #expect(activity.intact && shown.count == 8 * rounds)
    }

    @Test(.timeLimit(.minutes(1)))
    func oneFrameIsMadeAfterTheOtherForManyWhoAskAtOnce() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let license = try await phone.enrollNewDriver()
        let presentation = try await phone.wallet.present(license)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await presentation.frame().text } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts.count == 8)
        #expect(try await phone.reader().check(texts[7]).isAccepted)
    }

    @Test(.timeLimit(.minutes(1)))
    func theStatusComesAtOnceAndWithEachChangeAndEndsWithTheWallet() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority, keys: DelegatingKeyStore.withHardware())
        let wallet = phone.wallet
        var status = wallet.status.makeAsyncIterator()
        var second = wallet.status.makeAsyncIterator()
        #expect(await status.next()?.licenses.isEmpty == true)
        let added = try await authority.register()
        let license = try await phone.enroll(added)
        let enrolled = await status.next()
        #expect(enrolled?.licenses.map(\.id) == [license] && enrolled?.lastRefresh == nil)
        #expect(enrolled?.licenses.first?.status.state == .valid)
        try await authority.setStatus("points_limit", of: added)
        let report = try await wallet.refresh(.now)
        let refreshed = await status.next()
        #expect(refreshed?.licenses.first?.status.state == .pointsLimit)
        #expect(refreshed?.lastRefresh?.report == report)
        #expect(String(reflecting: refreshed).contains("Zoë") == false, "it prints nothing personal")
        let keys = try #require(phone.keys as? DelegatingKeyStore)
        keys.fail(.deleteHolderKey, with: DeviceError.locked)
        _ = await error { try await wallet.remove(license) }
        keys.setObstacle(nil)
        _ = await error { try await wallet.remove(license) }
        #expect(await status.next()?.licenses.isEmpty == true)
        #expect(await second.next()?.licenses.isEmpty == true, "who reads late reads the newest")
        wallet.close()
        #expect(await status.next() == nil)
        #expect(await second.next() == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func anAppInTheForegroundKeepsItsWalletFreshUntilItIsLeftOrClosed() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        _ = try await phone.enrollNewDriver()
        let wallet = phone.wallet
        let left = Task { try await wallet.keepFresh() }
        for await status in wallet.status where status.lastRefresh != nil { break }
        left.cancel()
        await #expect(throws: WalletError.cancelled) { try await left.value }
        let closed = Task { try await wallet.keepFresh() }
        try await Task.sleep(for: .milliseconds(100))
        wallet.close()
        try await closed.value
    }
}
