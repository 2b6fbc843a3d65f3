import Foundation

@testable import Vidimus

extension HeldLicense {
    /// A license of values.
    static func sample(
        _ id: String = "one", kind: StandingKind = .valid, age: Duration? = .seconds(30), damaged: Bool = false,
        later: [(Duration, StandingKind)] = [],
        expires: String? = "2035-05-31", ends: Date? = Date(timeIntervalSince1970: 2_064_268_800),
        born: BirthDate = .day(year: 1991, month: 2, day: 28), familyName: String = "Nakamura-Østergård"
    ) -> HeldLicense {
        let asOf = Date(timeIntervalSince1970: 1_790_000_000)
        let license = License(
            familyName: familyName,
            givenNames: "Zoë",
            birthDate: born,
            licenseNumber: "ZZ-4711-0815",
            categories: [
                Category(code: "B", validFrom: day("2010-03-01"), validUntil: nil, restrictions: ["01"])
            ],
            issueDate: day("2020-06-01"),
            expiryDate: expires.map(day),
            issuingCountry: "ZZ",
            utcOffset: .gmt,
            ends: ends
        )
        return HeldLicense(
            id: id,
            license: damaged ? nil : license,
            status: StatusReport(state: .valid, asOf: asOf, source: age == nil ? .none : .online, age: age),
            standing: .sample(kind),
            outlook: ([(.zero, kind)] + later).map { after, kind in
                StandingSpan(after: after, standings: [.sample(kind)])
            },
            issuedAt: asOf,
            expires: nil,
            hasPortrait: true,
            damaged: damaged
        )
    }
}

extension LicenseStanding {
    /// The library's own words for a kind.
    static func sample(_ kind: StandingKind) -> LicenseStanding {
        guard let standing = try? kind.standing else { preconditionFailure("the library has a fault") }
        return standing
    }
}

private func day(_ iso: String) -> DateComponents {
    let parts = iso.split(separator: "-").map { Int($0) }
    return DateComponents(year: parts[0], month: parts[1], day: parts[2])
}
