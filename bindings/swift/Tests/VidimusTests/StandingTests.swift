import Foundation
import Testing
import Vidimus

/// How a license stands, as Kotlin's `StandingTest` says it.
@Suite struct Standings {
    static let kinds: [StandingKind] = [
        .valid, .updateWaiting, .unresolved, .statusStale, .unknown, .credentialExpired, .noCategory,
        .licenseNotYetValid, .licenseExpired, .superseded, .lapsed, .pointsLimit, .suspended, .revoked,
    ]

    @Test func eachKindHasAToneAndWordsOfItsOwn() throws {
        let all = try Self.kinds.map { try $0.standing }
        #expect(all.map(\.kind) == Self.kinds)
        #expect(Set(all.map(\.wordKey)).count == all.count)
        #expect(try StandingKind.licenseExpired.standing.tone == .bad)
    }

    @Test func aLicenseStandsAsItsOutlookSaysForThatTime() throws {
        let hour = Duration.seconds(3_600)
        let kinds: [StandingKind] = [.valid, .statusStale, .licenseExpired]
        let begins: [Duration] = [.zero, hour * 24, hour * 30]
        let outlook = try zip(begins, kinds).map { after, kind in
            StandingSpan(after: after, standings: [try kind.standing, try StandingKind.updateWaiting.standing])
        }
        let held = HeldLicense(
            id: "id",
            license: nil,
            status: StatusReport(state: .valid, asOf: nil, source: .staple, age: nil),
            standing: try StandingKind.valid.standing,
            outlook: outlook,
            issuedAt: nil,
            expires: nil,
            hasPortrait: false,
            damaged: false
        )
        let told: [Duration] = [hour * -24, .zero, hour * 24 - .seconds(1), hour * 24, hour * 30, hour * 24 * 99]
        let shown = told.map { held.standings(after: $0).first?.kind }
        #expect(shown == [.valid, .valid, .valid, .statusStale, .licenseExpired, .licenseExpired])
        #expect(held.standings(after: hour * -24).count == 2, "all that is true of it, by any clock")
    }
}
