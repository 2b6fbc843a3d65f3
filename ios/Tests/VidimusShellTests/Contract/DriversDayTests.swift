import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

/// A driver's day through the shell, with the real core and the real authority. An officer's reader
/// judges each code.
@MainActor @Suite struct DriversDayTests {
    @Test(.timeLimit(.minutes(5)))
    func fromAScannedOfferToTheRemoval() async throws {
        try await onAPhone { day, authority in
            try await play(day, authority, authority.register())
        }
    }

    private func play(_ day: LivePhone, _ authority: Authority, _ added: Authority.Added) async throws {
        try await scanAnOffer(day, added)
        let license = try await take(day, added)

        let officer = try Verifier(rootKey: authority.rootKey)
        let wallet = try await day.otherWallet()
        try officer.setTrustList(#require(await wallet.trustList()))
        wallet.close()
        try await show(day, to: officer)
        try await answer(day, to: officer)

        // Suspended, and seen after a refresh: by the driver, and by anyone who scans.
        try await authority.setStatus("suspended", of: added)
        day.send(.refresh)
        #expect(try await day.license([.suspended]).card.status.sign == .bad)
        day.send(.show)
        let code = try await day.code()
        #expect(code.status.state.key == "state.suspended" && code.status.sign == .bad)
        let verdict = try officer.check(day.scan(code))
        #expect(verdict.isRefused && verdict.findings.reasons == [.suspended])
        day.send(.back)
        try await day.license([.suspended])

        // The history, newest first.
        day.send(.history)
        let history = try await day.wait(for: "the history", \.history)
        #expect(history.broken == nil)
        #expect(
            history.rows.map(\.kind) == [
                .shown, .statusChanged, .answered, .answered, .shown, .statusChanged, .enrolled,
            ])
        day.send(.back)
        try await day.license([.suspended])
        try await remove(day, license)

        // What was printed on the way names no one.
        let printed = day.lines.joined(separator: "\n")
        #expect(day.lines.count > 20)
        for secret in ["Nakamura", "Zoë", "4711", "1991", "Checkpoint", added.txCode, license.card.id] {
            #expect(!printed.contains(secret))
        }
    }

    /// What is no offer is refused in words; then one is scanned.
    private func scanAnOffer(_ day: LivePhone, _ added: Authority.Added) async throws {
        day.shell.appSeen()
        try await day.welcome()
        day.send(.typeOffer(text: "hello", edit: day.shell.nextEdit(shown: 0)))
        day.send(.readOffer)
        try await day.wait(for: "the refusal") { screen in
            screen.welcome?.refusal?.words.key == "refusal.offer_malformed" ? true : nil
        }
        day.send(.scan)
        try await until("the camera is asked for") { day.shell.update.effects.contains { $0.ask == .camera } }
        day.shell.cameraRefused()
        let refused = try await day.wait(for: "no camera") { screen in screen.scan.flatMap { $0.refused } }
        #expect(refused.sign == .caution && day.screen.scan?.hint == nil)
        day.send(.back)
        try await day.wait(for: "the text that was typed") { $0.welcome?.offer.text == "hello" ? true : nil }
        day.send(.scan)
        try await until("the camera is asked for") { day.shell.update.effects.contains { $0.ask == .camera } }
        #expect(day.shell.update.isPersonal)
        day.shell.seen(added.offer)
        day.shell.seen(added.offer)
        let offer = try await day.wait(for: "the offer", \.offer)
        #expect(offer.proof.sign.tone == .good && offer.code?.numeric == true && !offer.mayTake)
    }

    /// A wrong code, then the right one.
    private func take(_ day: LivePhone, _ added: Authority.Added) async throws -> LicenseScreen {
        let wrong = added.txCode.map { $0 == "0" ? "1" : "0" }.joined()
        day.typeCode(wrong)
        day.send(.takeOffer)
        day.send(.takeOffer)
        let refused = try await day.wait(for: "the refusal") { screen in
            screen.offer.flatMap { $0.refusal == nil ? nil : $0 }
        }
        #expect(refused.refusal?.words.key == "refusal.code_refused" && !refused.issuing)
        #expect(refused.code?.field.text == "")
        #expect(day.phone.timesAwake == 1, "the system was asked for time while the code was spent")
        day.typeCode(added.txCode)
        day.send(.takeOffer)
        let license = try await day.license([])
        #expect(license.card.holder?.familyName == "Nakamura-Østergård")
        #expect(license.card.status.sign == .good)
        try await until("the system may suspend the app") { day.phone.awake == 0 }
        #expect(day.phone.timesAwake == 2)
        // The authority makes the roadside portrait of what the clerk submitted: a JPEG of at most
        // 4,096 bytes.
        let portrait = try #require(license.card.portrait.flatMap { day.shell.picture($0) })
        #expect(portrait.starts(with: [0xFF, 0xD8]) && portrait.count <= 4096)
        #expect(day.shell.picture("of another") == nil)
        return license
    }

    /// Two codes, one after the other.
    private func show(_ day: LivePhone, to officer: Verifier) async throws {
        day.phone.outcome = .cancelled
        day.send(.show)
        let locked = try await day.wait(for: "the lock stays shut") { screen in
            if case .locked(let note) = screen.show?.phase { note } else { nil }
        }
        #expect(locked.words.key == "show.cancelled" && day.screen.show?.button?.does == .show)
        day.phone.outcome = .opened
        day.send(.show)
        let first = try await day.code()
        let text = try day.scan(first)
        let verdict = try officer.check(text)
        #expect(verdict.isAccepted && verdict.findings.reasons.isEmpty)
        #expect(first.holder == "Zoë 美咲 Nakamura-Østergård" && first.audience == nil)
        let second = try await day.code(after: first.frame)
        #expect(try day.scan(second) != text)
        #expect(try officer.check(day.scan(second)).findings.reasons.isEmpty)
        day.shell.appLeft()
        try await day.wait(for: "the end") { screen in
            if case .over = screen.show?.phase { true } else { nil }
        }
        #expect(day.shell.frame(of: second.showing, number: second.frame) == nil, "a driver who leaves shows no more")
        day.shell.appSeen()
        day.send(.back)
        try await day.license([])
    }

    /// Answers a challenge by its QR, then one by its digits.
    private func answer(_ day: LivePhone, to officer: Verifier) async throws {
        let texts = Texts(language: .english)
        for (challenge, name) in [
            (try officer.ask(as: "Checkpoint 12"), "Checkpoint 12"),
            (try officer.askByDigits(), texts[.answerByDigits]),
        ] {
            day.send(.answer)
            try await day.wait(for: "the question", \.answer)
            day.send(.answerNow)
            if let symbol = challenge.symbol {
                day.send(.scan)
                try await until("the camera is asked for") { day.shell.update.effects.contains { $0.ask == .camera } }
                day.shell.seen(try symbol.scan())
            } else {
                day.send(.typeAnswer(text: challenge.text, edit: day.shell.nextEdit(shown: 0)))
                day.send(.readAnswer)
            }
            let asker = try await day.wait(for: "who asks") { screen in screen.answer.flatMap { $0.asker } }
            #expect(texts[asker.name] == name && asker.proof.sign.tone == .caution)
            day.send(.answerNow)
            let code = try await day.code()
            #expect(code.audience == asker)
            let verdict = try officer.check(day.scan(code), answering: challenge)
            #expect(verdict.isAccepted && verdict.findings.token?.challenged == true)
            day.send(.back)
            try await day.license([])
        }
    }

    /// Removed, after it was asked about, and after the lock.
    private func remove(_ day: LivePhone, _ license: LicenseScreen) async throws {
        let asked = day.phone.reasons.count
        day.send(.settings)
        let stored = try await day.wait(for: "the settings", \.settings)
        #expect(stored.licenses.map(\.id) == [license.card.id])
        day.send(.remove)
        day.send(.askToRemove(license: license.card.id))
        day.phone.outcome = .failed
        day.send(.remove)
        try await until("the lock is asked") { day.phone.reasons.count == asked + 1 }
        try await day.wait(for: "the question that stays") { screen in
            screen.settings?.licenses.contains { $0.asked && !$0.removing } == true ? true : nil
        }
        day.phone.outcome = .opened
        day.send(.remove)
        try await day.welcome()
        #expect(day.phone.reasons.last == .removing)
        day.send(.history)
        let history = try await day.wait(for: "the history", \.history)
        #expect(history.rows.first?.kind == .removed)
    }
}
