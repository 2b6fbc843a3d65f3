import Foundation

@testable import Vidimus

extension HeldLicense {
    /// A license of values.
    static func sample(
        _ id: String = "one", state: LicenseStatus = .valid, age: Duration? = .seconds(30), damaged: Bool = false,
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
            status: StatusReport(state: state, asOf: asOf, source: age == nil ? .none : .online, age: age),
            issuedAt: asOf,
            expires: nil,
            hasPortrait: true,
            damaged: damaged
        )
    }
}

private func day(_ iso: String) -> DateComponents {
    let parts = iso.split(separator: "-").map { Int($0) }
    return DateComponents(year: parts[0], month: parts[1], day: parts[2])
}
