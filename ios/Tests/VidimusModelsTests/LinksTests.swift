import Foundation
import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

/// A link opens the app wherever it was.
@MainActor @Suite struct LinksTests {
    private func isOffer(_ screen: Screen) -> Bool? {
        if case .offer = screen { true } else { nil }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLinkThatStartsTheAppWaitsForTheWallet() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        phone.model.scanned(try await authority.register().offer)
        #expect(phone.model.screen == .opening)
        phone.model.start()
        try await phone.wait(for: "the offer", isOffer)
        phone.model.back()
        #expect(phone.model.screen == .welcome(WelcomeState()), "nothing is left of it")
    }

    @Test(.timeLimit(.minutes(5)))
    func aLinkWhileALicenseIsShownWaitsForItsEnd() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let first = try await phone.license().card.id
        let second = try await authority.register(Driver(family: "Another"))
        phone.model.show()
        #expect(phone.model.screen == .show(.unlocking))
        phone.model.scanned("openid-credential-offer://?credential_offer=1")
        #expect(phone.model.screen == .show(.unlocking))
        let code = try await phone.live()
        phone.model.scanned(second.offerByReference)
        try await phone.wait(for: "the next code") { screen in
            if case .show(.live(let next, _, _)) = screen, next != code { true } else { nil }
        }
        phone.model.endShow()
        // The newest link is read, and no other.
        try await phone.wait(for: "the offer", isOffer)
        phone.model.typeCode(second.txCode)
        phone.model.takeOffer()
        let license = try await phone.wait(for: "both") { screen in
            if case .license(let state) = screen, state.cards.count == 2 { state } else { nil }
        }
        #expect(license.card.holder?.familyName == "Another", "the new one is in front")
        phone.model.select(license.cards.firstIndex { $0.id == first } ?? -1)
        #expect(try await phone.license().card.id == first)
        phone.model.history()
        let history = try await phone.wait(for: "the history") { screen in
            if case .history(let state) = screen { state } else { nil }
        }
        #expect(history.rows.map(\.event).contains(.shown(audience: nil, portrait: false, standing: .sample(.valid))))
    }

    @Test(.timeLimit(.minutes(5)))
    func aLinkThatWaitedIsReadHoweverTheShowingEnds() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let link = try await authority.register(Driver(family: "Another")).offer
        let ways: [(LockOutcome, @MainActor (DriverModel) -> Void)] = [
            (.cancelled, { _ in }), (.opened, { $0.back() }), (.opened, { $0.left() }),
        ]
        for (outcome, end) in ways {
            phone.phone.answer(outcome)
            phone.model.show()
            phone.model.scanned(link)
            if outcome == .opened { _ = try await phone.live() }
            end(phone.model)
            try await phone.wait(for: "the offer", isOffer)
            await phone.model.foreground()
            phone.model.back()
            phone.model.back()
            try await phone.license()
        }
    }

    private func text(_ screen: Screen) -> String? {
        if case .welcome(let state) = screen, state.refusal != nil { state.text } else { nil }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLinkPutsNoOtherOfferWhereACodeIsTyped() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        let genuine = try await authority.register()
        let link = "openid-credential-offer://?credential_offer="
        phone.model.start()
        try await phone.wait(for: "the welcome") { if case .welcome = $0 { true } else { nil } }
        phone.model.typeOffer(genuine.offer)
        phone.model.readOffer()
        try await phone.wait(for: "the offer", isOffer)
        let offer = phone.model.screen
        phone.model.scanned(link + "1")
        #expect(phone.model.screen == offer)
        phone.model.typeCode(genuine.txCode)
        phone.model.takeOffer()
        phone.model.scanned(link + "2")
        // The newest is read once the license is there.
        #expect(try await phone.wait(for: "what the link brought", text) == link + "2")
        phone.model.back()
        #expect(try await phone.license().cards.count == 1)
        // Going back is leaving, too.
        phone.model.scanned(try await authority.register().offer)
        try await phone.wait(for: "the offer", isOffer)
        phone.model.scanned(link + "3")
        phone.model.back()
        #expect(try await phone.wait(for: "what the link brought", text) == link + "3")
    }

    @Test(.timeLimit(.minutes(5)))
    func aLinkTakesNobodyAwayFromAnOfficerWhoWaits() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        try await phone.enroll(try await authority.register())
        let link = try await authority.register(Driver(family: "Another")).offer
        phone.model.answer()
        phone.model.scanned("openid-credential-offer://?credential_offer=1")
        phone.model.scan()
        #expect(phone.model.screen == .scan(ScanState(purpose: .challenge)))
        phone.model.scanned(link)
        #expect(phone.model.screen == .scan(ScanState(purpose: .challenge)))
        phone.model.scanned("12345678")
        try await phone.wait(for: "who asks") { screen in
            if case .answer(let state) = screen, state.asker != nil { true } else { nil }
        }
        phone.model.answerNow()
        _ = try await phone.live()
        phone.model.endShow()
        try await phone.wait(for: "the offer", isOffer)
        // Whoever leaves without an answer has it read, too.
        phone.model.back()
        phone.model.back()
        try await phone.license()
        phone.model.answer()
        phone.model.scanned(link)
        guard case .answer = phone.model.screen else { return #expect(Bool(false), "not the answer") }
        phone.model.back()
        try await phone.wait(for: "the offer", isOffer)
    }

    @Test(.timeLimit(.minutes(5)))
    func goingBackGivesUpWhatIsBeingRead() async throws {
        let authority = try await Authority.start()
        let phone = try LivePhone(authority)
        defer { phone.close() }
        phone.model.start()
        try await phone.wait(for: "the welcome") { if case .welcome = $0 { true } else { nil } }
        phone.model.typeOffer(try await authority.register().offer)
        phone.model.readOffer()
        guard case .welcome(let reading) = phone.model.screen else { return #expect(Bool(false), "not the welcome") }
        #expect(reading.reading)
        phone.model.back()
        guard case .welcome(let given) = phone.model.screen else { return #expect(Bool(false), "not the welcome") }
        #expect(!given.reading && given.text == reading.text && given.refusal == nil)
        phone.model.readOffer()
        try await phone.wait(for: "the offer", isOffer)
    }
}
