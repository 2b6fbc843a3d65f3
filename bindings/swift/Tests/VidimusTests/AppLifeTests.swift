import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

/// The driver's app in Swift on the real wallet and the real authority. What each screen says is
/// told by the scenarios.
@Suite struct AppLifeSanitized {
    @Test(.timeLimit(.minutes(1)))
    func aDriverLivesFromTheFirstScreenToACodeThatAReaderAccepts() async throws {
        let authority = try await Authority.start()
        let phone = try AppPhone(authority)
        let shell = AppShell(try phone.start())
        shell.app.send(.seen(hasLock: true))
        let card = try await shell.enroll(try await authority.register())
        #expect(card.holder?.name == "Zoë 美咲 Nakamura-Østergård")
        #expect(card.status.sign.tone == .good)
        let id = try #require(card.portrait)
        let portrait = try #require(shell.app.picture(id))
        #expect(portrait.starts(with: [0xFF, 0xD8]))
        #expect(shell.app.picture("of nobody") == nil)

        shell.app.send(.show)
        let code = try await shell.code()
        let symbol = try #require(shell.app.frame(of: code.showing, number: code.frame))
        let text = try symbol.scan()
        #expect(shell.app.frame(of: code.showing, number: code.frame + 1) == nil)
        await shell.app.end()
        #expect(shell.app.frame(of: code.showing, number: code.frame) == nil)

        let wallet = try await Wallet.open(at: phone.directory, keyStore: phone.keys)
        let officer = try Verifier(rootKey: authority.rootKey)
        let list = try #require(try await wallet.trustList())
        try officer.setTrustList(list)
        let verdict = try officer.check(text)
        #expect(verdict.isAccepted && verdict.license?.licenseNumber == "ZZ-4711-0815")
        // The end has waited for it.
        let shown = try await wallet.activity().entries.filter { if case .shown = $0.event { true } else { false } }
        #expect(shown.count == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func aCodeThatWasTypedIsThereAgainAfterTheSystemHasEndedTheApp() async throws {
        let authority = try await Authority.start()
        let phone = try AppPhone(authority)
        let added = try await authority.register()
        let first = AppShell(try phone.start())
        try await first.read(added)
        let typed = String(added.txCode.prefix(3))
        first.app.send(.typeCode(text: typed, edit: first.edit()))
        try await first.offer { $0.code?.field.text == typed }
        var saved = try await leave(first.app)
        await first.app.end()
        #expect(first.app.saved == nil && saved.count <= 8192)
        #expect(saved.range(of: Data(added.offer.suffix(20).utf8)) == nil, "what is kept is sealed")

        let again = AppShell(try phone.start(saved: saved))
        #expect(try await again.offer().code?.field.text == typed)
        await again.app.end()

        // What somebody changed counts for nothing.
        saved[saved.endIndex - 1] ^= 1
        let changed = AppShell(try phone.start(saved: saved))
        #expect(try await changed.welcome().offer.text == "")
        await changed.app.end()
    }

    /// Leaves an app, and gives what it keeps from then on.
    private func leave(_ app: DriverApp) async throws -> Data {
        let before = app.saved
        app.send(.left)
        var (last, now) = (before, app.saved)
        // What was typed may still be sealed; it is kept once nothing more comes.
        while now == nil || now == before || now != last {
            try await Task.sleep(for: .milliseconds(300))
            (last, now) = (now, app.saved)
        }
        return try #require(now)
    }

    @Test(.timeLimit(.minutes(1)))
    func keysThatAreLockedBlockTheAppAndOpenItOnceThePhoneIsUnlocked() async throws {
        let keys = try DelegatingKeyStore.withHardware()
        let phone = try AppPhone(try await Authority.start(), keys: keys)
        let first = AppShell(try phone.start())
        try await first.welcome()
        await first.app.end()
        keys.fail(.unwrap, with: DeviceError.locked)
        let shell = AppShell(try phone.start())
        #expect(try await shell.blocked().story.trouble == .deviceLocked)
        keys.setObstacle(nil)
        shell.app.send(.act(action: .unlock))
        try await shell.welcome()
        await shell.app.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func aKeyStoreThatDoesNotSayWhichKeysItMakesBlocksTheAppAndWorksWhenItIsTriedAgain() async throws {
        struct Odd: Error {}
        let authority = try await Authority.start()
        let keys = try DelegatingKeyStore.withHardware()
        let phone = try AppPhone(authority, keys: keys)
        keys.fail(.holderAlgorithm, with: Odd())
        let shell = AppShell(try phone.start())
        #expect(try await shell.blocked().story.trouble == .keyStore)
        keys.setObstacle(nil)
        shell.app.send(.act(action: .retry))
        try await shell.enroll(try await authority.register())
        await shell.app.end()
    }
}
