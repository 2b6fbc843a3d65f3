import Testing
import VidimusTestSupport

@testable import Vidimus
@testable import VidimusModels

/// A removal whose end comes when it comes.
@MainActor @Suite struct RemovalTests {
    /// Asks to remove the license in front from a wallet that takes its time; gives what has to end, and the wallet.
    private func remove(_ phone: LivePhone) async throws -> (Task<Void, Never>, TestWallet) {
        let open = try #require(phone.model.open)
        let wallet = TestWallet()
        wallet.gate.close()
        let settings = SettingsModel(
            wallet: wallet, licenses: open.licenses.cards, authority: open.authority, version: "1", notices: [])
        phone.model.place = .settings(settings)
        settings.ask(toRemove: try #require(open.licenses.cards.first?.id))
        let removal = Task { await phone.model.remove(by: settings, from: open) }
        try await until("it is being removed") { wallet.gate.waiting == 1 }
        return (removal, wallet)
    }

    @Test(arguments: Language.allCases)
    func theLockSaysWhatItIsAskedFor(language: Language) {
        let texts = Texts(language: language)
        let said = LockReason.allCases.map { $0.text(in: texts) }
        #expect(Set(said).count == said.count)
        #expect(texts[.settingsRemoveTitle].hasPrefix(LockReason.removing.text(in: texts)))
        #expect(said.allSatisfy { !$0.isEmpty && !".。।".contains($0.last ?? ".") })
    }

    @Test(.timeLimit(.minutes(5)))
    func oneThatFailsTakesNobodyAwayWhoHasLeftTheSettings() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let (removal, wallet) = try await remove(phone)
        #expect(phone.phone.reasons == [.removing])
        phone.model.back()
        phone.model.show()
        _ = try await phone.live()
        wallet.fail(with: .storage(.full))
        wallet.gate.open()
        await removal.value
        #expect(phone.phone.reasons == [.removing, .showing])
        guard case .show(.live) = phone.model.screen else { return #expect(Bool(false), "the code is gone") }
        phone.model.back()
        try await phone.license(with: .storageFull)
    }

    @Test(.timeLimit(.minutes(5)))
    func oneThatFailsIsToldToWhoWaitsForIt() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let (removal, wallet) = try await remove(phone)
        wallet.fail(with: .storage(.full))
        wallet.gate.open()
        await removal.value
        try await phone.license(with: .storageFull)
    }
}
