import Foundation
import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

/// A driver's day through the models, with the real core and the real authority. An officer's reader judges each code.
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
        #expect(license.card.standing.kind == .valid && license.card.standing.tone == .good)
        // The authority makes the roadside portrait of what the clerk submitted: a JPEG of at most 4,096 bytes.
        let portrait = try #require(license.card.portrait)
        #expect(portrait.starts(with: [0xFF, 0xD8]) && portrait.count <= 4096)

        let officer = try Verifier(rootKey: authority.rootKey)
        let list = try #require(await model.wallet?.trustList())
        try officer.setTrustList(list)
        try await show(day, to: officer)
        try await answer(day, to: officer)

        // Suspended, and seen after a refresh: by the driver, and by whoever scans.
        try await authority.setStatus("suspended", of: added)
        model.refresh()
        #expect(try await day.license([.suspended]).card.standing.tone == .bad)
        model.show()
        let shown = try await day.live()
        #expect(shown.standing.kind == .suspended)
        let verdict = try officer.check(shown.symbol.scan())
        #expect(verdict.isRefused && verdict.findings.reasons == [.suspended])
        model.back()
        try await day.license([.suspended])

        // The history, newest first.
        model.history()
        let history = try await day.wait(for: "the history") { if case .history(let state) = $0 { state } else { nil } }
        #expect(history.intact)
        #expect(
            history.rows.map(\.event) == [
                .shown(audience: nil, portrait: false, standing: .sample(.suspended)),
                .statusChanged(from: .valid, to: .suspended),
                .shown(audience: Asker(name: nil, proven: false), portrait: false, standing: .sample(.valid)),
                .shown(
                    audience: Asker(name: "Checkpoint 12", proven: false), portrait: false, standing: .sample(.valid)),
                .shown(audience: nil, portrait: false, standing: .sample(.valid)),
                .statusChanged(from: .unknown, to: .valid),
                .enrolled,
            ])
        model.back()

        // Removed, after it was asked about.
        let asked = day.phone.timesAsked
        model.settings()
        let stored = try await day.wait(for: "the settings") { screen in
            if case .settings(let state) = screen { state } else { nil }
        }
        #expect(stored.licenses.map(\.id) == [license.card.id] && stored.notices == day.phone.notices)
        model.remove()
        model.askToRemove(license.card.id)
        model.keep()
        model.remove()
        model.askToRemove(license.card.id)
        let settings = try await day.wait(for: "the question") { screen in
            if case .settings(let state) = screen, state.removing != nil { state } else { nil }
        }
        #expect(settings.authority.hasPrefix(authority.url.absoluteString) && settings.version == "1.2.3")
        day.phone.answer(.failed)
        model.remove()
        try await until("the lock is asked") { day.phone.timesAsked == asked + 1 }
        for _ in 0..<20 { await Task.yield() }
        #expect(model.screen == .settings(settings), "nothing is removed, and the question stays")
        day.phone.answer(.opened)
        model.remove()
        try await day.wait(for: "the welcome") { $0 == .welcome(WelcomeState()) ? true : nil }
        model.history()
        let last = try await day.wait(for: "the history") { if case .history(let state) = $0 { state } else { nil } }
        #expect(last.rows.first?.event == .removed)

        // Whatever was printed on the way names nobody.
        let printed = day.lines.joined(separator: "\n")
        #expect(day.lines.count > 20)
        for secret in ["Nakamura", "Zoë", "4711", "1991", "Checkpoint", added.txCode, wrong, license.card.id] {
            #expect(!printed.contains(secret))
        }
        #expect(!printed.contains("credential_offer"))
    }

    /// Shows it: each code is taken by an officer, and nothing stays when the app is left.
    private func show(_ day: LivePhone, to officer: Verifier) async throws {
        let model = day.model
        day.phone.answer(.cancelled)
        model.show()
        try await day.wait(for: "the lock") { $0 == .show(.locked(.cancelled)) ? true : nil }
        day.phone.answer(.opened)
        model.show()
        let (first, nextIn, endsIn) = try await day.wait(for: "a code") { screen in
            if case .show(.live(let code, let next, let ends)) = screen { (code, next, ends) } else { nil }
        }
        #expect(first.holder == "Zoë 美咲 Nakamura-Østergård" && first.audience == nil)
        #expect(first.standing.kind == .valid && (1...10).contains(nextIn) && (290...300).contains(endsIn))
        #expect(try officer.check(first.symbol.scan()).isAccepted)
        let second = try await day.wait(for: "the next code") { screen in
            if case .show(.live(let code, _, let ends)) = screen, code != first, ends < endsIn { code } else { nil }
        }
        #expect(second.symbol != first.symbol)
        #expect(try officer.check(second.symbol.scan()).isAccepted)
        model.left()
        try await day.wait(for: "the end") { $0 == .show(.over(byItself: false)) ? true : nil }
        await model.foreground()
        model.back()
        try await day.license([])
    }

    /// Answers a challenge by its QR, then one by its digits.
    private func answer(_ day: LivePhone, to officer: Verifier) async throws {
        let model = day.model
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
            if let symbol = challenge.symbol {
                model.scan()
                #expect(model.screen == .scan(ScanState(purpose: .challenge)))
                model.scanned(try symbol.scan())
            } else {
                model.typeAnswer(challenge.text)
                model.readAnswer()
            }
            let asker = try await day.wait(for: "who asks") { screen in
                if case .answer(let state) = screen { state.asker } else { nil }
            }
            #expect(asker == Asker(name: name, proven: false))
            model.answerNow()
            let live = try await day.live()
            #expect(live.audience == asker)
            let verdict = try officer.check(live.symbol.scan(), answering: challenge)
            #expect(verdict.isAccepted && verdict.findings.token?.challenged == true)
            model.endShow()
            try await day.wait(for: "the end") { $0 == .show(.over(byItself: false)) ? true : nil }
            model.back()
            try await day.license()
            if name != nil { model.answer() }
        }
    }
}
