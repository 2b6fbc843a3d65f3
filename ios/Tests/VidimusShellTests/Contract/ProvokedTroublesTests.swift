import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What is wrong with a license or its authority is brought about in the real core, and is seen
/// through the shell.
@MainActor @Suite struct ProvokedTroublesTests {
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ("suspended", Trouble.suspended), ("lapsed", .lapsed), ("points_limit", .pointsLimit),
            ("unresolved", .unresolved), ("superseded", .superseded), ("revoked", .revoked),
        ])
    func whatTheAuthoritySaysIsSeenAfterARefresh(status: String, trouble: Trouble) async throws {
        try await withALicense { phone, authority, added in
            try await authority.setStatus(status, of: added)
            phone.send(.refresh)
            let license = try await phone.license([trouble])
            #expect(license.card.status.sign == license.troubles.first?.sign && license.mayShow)
            phone.send(.show)
            let code = try await phone.code()
            #expect(code.status.sign == license.card.status.sign, "it may be shown; the officer judges")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func withoutANetworkTheLicenseIsShownAllTheSame() async throws {
        try await withALicense { phone, authority, _ in
            authority.stop()
            phone.send(.refresh)
            let license = try await phone.license([.noNetwork])
            #expect(license.card.status.sign.tone == .good)
            phone.send(.show)
            _ = try await phone.code()
            phone.send(.back)
            try await phone.license()
            phone.send(.addLicense)
            let offer = "openid-credential-offer://?credential_offer_uri=\(authority.url)/offer"
            phone.send(.typeOffer(text: offer, edit: phone.shell.nextEdit(shown: 0)))
            phone.send(.readOffer)
            let refused = try await phone.wait(for: "the refusal") { screen in
                screen.welcome.flatMap { $0.refusal == nil ? nil : $0 }
            }
            #expect(refused.refusal?.words.key == "refusal.no_network" && refused.mayGoBack)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aLicenseWhoseStatusNeverCameIsUnknown() async throws {
        try await withALicense(network: .transport(Detour(statuses: .lost))) { phone, _, _ in
            let status = try await phone.license(with: .statusUnknown).card.status
            #expect(status.sign.tone == .unknown && status.asOf == nil && status.age == .word(key: "license.never"))
        }
    }

    /// Somebody on the way keeps giving out what the authority signed two days ago.
    @Test(.timeLimit(.minutes(5)))
    func aStatusOfTwoDaysAgoIsOld() async throws {
        let detour = Detour()
        try await withALicense(network: .transport(detour)) { phone, authority, _ in
            let (old, _) = try await URLSession.shared.data(from: authority.url.appending(path: "s/0/0"))
            detour.make(statuses: .replaced(by: old))
            try await twoDaysPass(phone, authority) { try await authority.rotateKeys() }
            let status = try await phone.wait(for: "a status of 50 hours ago") { screen -> CardStatus? in
                guard let license = screen.license, case .age(let minutes) = license.card.status.age else { return nil }
                return (49 * 60..<51 * 60).contains(minutes) ? license.card.status : nil
            }
            #expect(status.sign.tone == .caution)
            #expect(Texts(language: .english)[status.age ?? .number(number: 0)] == "2 days ago")
            try await phone.license(with: .statusOld)
        }
    }

    /// Two days pass at the authority, and the phone hears of them by what is signed. It believes
    /// nothing that is more than a day ahead of what it knows, so it is told twice on the way, in
    /// the background.
    private func twoDaysPass(
        _ phone: LivePhone, _ authority: Authority, sign: () async throws -> Void
    ) async throws {
        for clock in ["+20h", "+40h", "+50h"] {
            try await authority.setClock(clock)
            try await sign()
            // Where a renewal is due it fails: what serves has another clock by now.
            try await phone.refreshInBackground()
        }
        phone.send(.refresh)
    }

    @Test(.timeLimit(.minutes(5)))
    func aClockBehindASignatureIsNoticed() async throws {
        try await withALicense { phone, authority, added in
            try await authority.setClock("+2h")
            try await authority.setStatus("valid", of: added)
            phone.send(.refresh)
            try await phone.license(with: .clockSetBack)
            phone.act(.updateApp)
            phone.act(.setClock)
            try await until("the driver is led to the clock") { phone.phone.places == [.clock] }
        }
    }

    /// The phone's clock stands still, but what the authority signs says that the day has come.
    @Test(.timeLimit(.minutes(5)))
    func aLicenseEndsWithItsLastDay() async throws {
        try await onAPhone { phone, authority in
            var driver = Driver()
            driver.expiryDate = Date.now.addingTimeInterval(86_400).formatted(.iso8601.year().month().day())
            let added = try await authority.register(driver)
            try await phone.enroll(added)
            try await twoDaysPass(phone, authority) { try await authority.setStatus("valid", of: added) }
            let expired = try await phone.license(with: .licenseExpired)
            #expect(expired.card.status.sign.tone == .bad, "the authority still says that it is valid")
            phone.send(.show)
            #expect(try await phone.code().status.state == expired.card.status.state)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whoeverStandsInTheAuthoritysPlaceIsNotBelieved() async throws {
        let detour = Detour()
        let other = try await Authority.start()
        defer { other.stop() }
        try await withALicense(network: .transport(detour)) { phone, _, _ in
            detour.lead(to: other.url)
            phone.send(.refresh)
            // Its list is not believed, and of a status of ours it knows nothing.
            try await phone.license([.authorityUnknown, .noNetwork])
            phone.act(.beginAnew)
            phone.act(.askAuthority)
            try await until("the driver is led to the authority") { phone.phone.places == [.authority] }
            detour.lead(to: nil)
            phone.send(.refresh)
            try await phone.license([])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func anOlderCopyIsNoticedUntilItWasRefreshed() async throws {
        try await withALicense { phone, authority, added in
            await phone.end()
            let copy = phone.folder.appending("copy")
            try FileManager.default.copyItem(at: phone.directory, to: copy)

            phone.begin(with: nil)
            phone.shell.appSeen()
            try await phone.license([])
            try await authority.setStatus("suspended", of: added)
            phone.send(.refresh)
            try await phone.license([.suspended])
            await phone.end()
            try FileManager.default.removeItem(at: phone.directory)
            try FileManager.default.moveItem(at: copy, to: phone.directory)

            // Not seen: what is due is not asked for by itself.
            phone.begin(with: nil)
            phone.send(.left)
            let license = try await phone.license([.rolledBack, .statusUnknown])
            #expect(license.card.status.sign.tone == .unknown, "what it says of the status may be outdated")
            phone.act(.refresh)
            try await phone.license([.suspended])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aShowingThatCannotBeSignedIsToldAndBegunAgain() async throws {
        try await withALicense { phone, _, _ in
            phone.keys.fail(.signing, with: .failed)
            phone.send(.show)
            let story = try await phone.wait(for: "the failure") { screen -> Story? in
                if case .failed(let story) = screen.show?.phase { story } else { nil }
            }
            #expect(story.trouble == .keyStore)
            phone.keys.fail(.signing, with: nil)
            phone.act(story.action)
            _ = try await phone.code()
            #expect(phone.phone.reasons == [.showing, .showing], "the lock is asked each time")
        }
    }
}
