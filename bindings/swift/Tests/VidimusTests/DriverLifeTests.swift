import Foundation
import Testing
import Vidimus
import VidimusConversions
import VidimusTestSupport

/// A driver's life, from the register to the roadside, with the real authority.
@Suite struct DriverLifeSanitized {
    @Test(arguments: [false, true])
    func aDriverEnrollsShowsIsSuspendedAndRefusedAndRemovesTheLicense(ownKeyStore: Bool) async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority, keys: ownKeyStore ? DelegatingKeyStore.withHardware() : nil)
        let added = try await authority.register()
        let wallet = phone.wallet
        #expect(try wallet.authority == authority.url)

        let offer = try await wallet.readOffer(added.offer)
        #expect(offer.txCode?.numeric == true)
        await #expect(throws: WalletError.offer(.txCodeRequired)) { try await wallet.enroll(offer) }
        let license = try await wallet.enroll(offer, txCode: added.txCode)

        let held = try #require(await wallet.licenses().first)
        #expect(held.id == license && held.license?.familyName == "Nakamura-Østergård")
        #expect(held.license?.birthDate.iso == "1991-02-28")
        #expect(held.status.state == .valid, "enrolling ends with the first status")
        #expect(held.hasPortrait)
        // The authority makes the roadside portrait of what the clerk submitted: a JPEG of at most
        // 4,096 bytes.
        let portrait = try #require(await wallet.portrait(of: license))
        #expect(portrait.starts(with: [0xFF, 0xD8]) && portrait.count <= 4096)

        let report = try await wallet.refresh(.now, within: .seconds(20))
        #expect(report.failures.isEmpty && report.requests > 0 && report.nextIn >= .seconds(1))

        let officer = try await phone.reader()
        let presentation = try await wallet.present(license)
        var shown: [Frame] = []
        for try await frame in presentation.frames {
            let verdict = try officer.check(frame.text)
            #expect(verdict.isAccepted && verdict.findings.reasons.isEmpty)
            #expect(verdict.license == held.license)
            #expect(verdict.findings.status.source == .staple)
            shown.append(frame)
            if shown.count == 2 { break }
        }
        #expect(shown[1].issuedAt >= shown[0].rotatesAt, "a frame is shown for its time")
        #expect(try officer.check(shown[0].text).findings.reasons.contains(.replayed))
        try await presentation.end()
        await #expect(throws: WalletError.presentationEnded) { try await presentation.frame() }

        for challenge in [try officer.ask(as: "Checkpoint 12"), try officer.askByDigits()] {
            let request = try await wallet.readChallenge(challenge.text)
            #expect(request.provenName == nil)
            let answer = try await wallet.answer(request, with: license)
            let frame = try await answer.frame()
            let verdict = try officer.check(frame.text, answering: challenge)
            #expect(verdict.isAccepted && verdict.findings.token?.challenged == true)
            #expect(try officer.check(frame.text).findings.reasons == [.wrongChallenge])
            try await answer.end()
        }

        try await authority.setStatus("suspended", of: added)
        let news = try await wallet.refresh(.now)
        #expect(news.changes.contains(.status(license: license, from: .valid, to: .suspended)))
        let frame = try await phone.show(license)
        #expect(frame.status.state == .suspended)
        let verdict = try officer.check(frame.text)
        #expect(verdict.isRefused && verdict.findings.reasons == [.suspended])

        let activity = try await wallet.activity()
        #expect(activity.intact)
        let events = activity.entries.map(\.event)
        #expect(events.contains(.enrolled))
        #expect(events.contains(.statusChanged(from: .valid, to: .suspended)))
        let audiences = events.compactMap { if case .shown(let audience, _, _) = $0 { audience } else { nil } }
        #expect(
            audiences == [
                .anyone, .reader(name: "dl1:code", proven: false), .reader(name: "Checkpoint 12", proven: false),
                .anyone,
            ]
        )

        try await wallet.remove(license)
        #expect(try await wallet.licenses().isEmpty)
        await #expect(throws: WalletError.noSuchLicense) { try await wallet.present(license) }
        #expect(try await wallet.activity(limit: 1).entries.map(\.event) == [.removed])
        #expect(try await wallet.examine() == Health(rolledBack: false, damaged: []))
    }
}
