import Foundation
import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

/// A driver's day through the models, with the real core and the real authority.
@MainActor @Suite struct DriversDayTests {
    @Test(.timeLimit(.minutes(5)))
    func fromAScannedOfferToTheRemoval() async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let day = try LivePhone(authority)
        let model = day.model
        defer { day.close() }

        // Nothing yet.
        model.back()
        #expect(model.screen == .opening)
        model.start()
        model.start()
        let welcome = try await day.wait(for: "the welcome") { if case .welcome(let state) = $0 { state } else { nil } }
        #expect(welcome == WelcomeState())

        // What is no offer is refused in words.
        model.typeOffer("hello")
        model.readOffer()
        try await day.wait(for: "the refusal") { screen in
            screen == .welcome(WelcomeState(text: "hello", refusal: .offerMalformed)) ? true : nil
        }

        // An offer is scanned.
        model.scan()
        #expect(model.screen == .scan(ScanState(purpose: .offer)))
        model.cameraRefused()
        #expect(model.screen == .scan(ScanState(purpose: .offer, cameraRefused: true)))
        model.back()
        model.scan()
        model.scanned(added.offer)
        model.scanned(added.offer)
        let offer = try await day.wait(for: "the offer") { if case .offer(let state) = $0 { state } else { nil } }
        #expect(offer.proven && offer.code?.numeric == true && !offer.mayTake)

        // A wrong code, then the right one.
        let wrong = added.txCode.map { $0 == "0" ? "1" : "0" }.joined()
        model.typeCode(wrong)
        model.takeOffer()
        model.takeOffer()
        let refused = try await day.wait(for: "the refusal") { screen in
            if case .offer(let state) = screen, state.refusal != nil { state } else { nil }
        }
        #expect(refused.refusal == .codeRefused && refused.code?.text == "" && !refused.issuing)
        model.typeCode(added.txCode)
        model.takeOffer()
        let license = try await day.license([])
        #expect(license.card.holder?.familyName == "Nakamura-Østergård")
        #expect(license.card.standing.state == .valid && license.card.standing.tone == .good)
        #expect(try license.card.portrait == Data(contentsOf: Driver.portrait))

        try await show(day, authority, license)
        try await answer(day, authority, license)

        // Suspended, and seen after a refresh.
        try await authority.setStatus("suspended", of: added)
        model.refresh()
        try await day.license([.suspended])

        // The history, newest first.
        model.history()
        let history = try await day.wait(for: "the history") { if case .history(let state) = $0 { state } else { nil } }
        #expect(history.intact)
        #expect(
            history.rows.map(\.event) == [
                .statusChanged(from: .valid, to: .suspended),
                .shown(audience: Asker(name: nil, proven: false), portrait: false, state: .valid),
                .shown(audience: Asker(name: "Checkpoint 12", proven: false), portrait: false, state: .valid),
                .shown(audience: nil, portrait: false, state: .valid),
                .statusChanged(from: .unknown, to: .valid),
                .enrolled,
            ])
        model.back()

        // Removed, after it was asked about.
        model.settings()
        model.remove()
        model.askToRemove(license.card.id)
        let settings = try await day.wait(for: "the question") { screen in
            if case .settings(let state) = screen, state.removing != nil { state } else { nil }
        }
        #expect(settings.authority.hasPrefix(authority.url.absoluteString) && settings.version == "1.2.3")
        let asked = day.phone.timesAsked
        day.phone.answer(.failed)
        model.remove()
        try await until("the lock is asked") { day.phone.timesAsked == asked + 1 }
        for _ in 0..<20 { await Task.yield() }
        #expect(model.screen == .settings(settings), "nothing is removed, and the question stays")
        day.phone.answer(.opened)
        model.remove()
        try await day.wait(for: "the welcome") { $0 == .welcome(WelcomeState()) ? true : nil }

        // Whatever was printed on the way names nobody.
        let printed = day.lines.joined(separator: "\n")
        #expect(day.lines.count > 20)
        for secret in ["Nakamura", "Zoë", "4711", "1991", "Checkpoint", added.txCode, wrong, license.card.id] {
            #expect(!printed.contains(secret))
        }
        #expect(!printed.contains("credential_offer"))
    }

    /// Shows it: it is taken by an officer, it rotates, and nothing stays when the app is left.
    private func show(_ day: LivePhone, _ authority: Authority, _ license: LicenseState) async throws {
        let model = day.model
        day.phone.answer(.cancelled)
        model.show()
        try await day.wait(for: "the lock") { $0 == .show(.locked(.cancelled)) ? true : nil }
        day.phone.answer(.opened)
        model.show()
        let first = try await day.live()
        #expect(first.holder == "Zoë 美咲 Nakamura-Østergård" && first.audience == nil)
        #expect(first.standing.state == .valid && first.symbol.size >= 21)
        try await day.wait(for: "the next code") { screen in
            if case .show(.live(let code, _, let ends)) = screen, code != first { ends < 300 ? true : nil } else { nil }
        }
        model.left()
        try await day.wait(for: "the end") { $0 == .show(.over(byItself: false)) ? true : nil }
        await model.foreground()
        model.back()
        try await day.license([])
    }

    /// Answers a challenge by its QR, then one by its digits.
    private func answer(_ day: LivePhone, _ authority: Authority, _ license: LicenseState) async throws {
        let model = day.model
        let officer = try Verifier(rootKey: authority.rootKey)
        let list = try #require(await model.wallet?.trustList())
        try officer.setTrustList(list)

        model.answer()
        model.typeAnswer("1234")
        model.readAnswer()
        try await day.wait(for: "no question") { screen in
            screen == .answer(AnswerState(text: "1234", problem: .malformed)) ? true : nil
        }
        model.answerNow()
        #expect(model.screen.code == "answer", "nobody has asked")
        for (challenge, name) in [
            (try officer.ask(as: "Checkpoint 12"), "Checkpoint 12"), (try officer.askByDigits(), nil),
        ] {
            if name == nil {
                model.typeAnswer(challenge.text)
                model.readAnswer()
            } else {
                model.scan()
                model.scanned(challenge.text)
            }
            let asker = try await day.wait(for: "who asks") { screen in
                if case .answer(let state) = screen { state.asker } else { nil }
            }
            #expect(asker == Asker(name: name, proven: false))
            model.answerNow()
            #expect(try await day.live().audience == asker)
            model.endShow()
            try await day.wait(for: "the end") { $0 == .show(.over(byItself: false)) ? true : nil }
            model.back()
            try await day.license()
            if name != nil { model.answer() }
        }
    }
}
