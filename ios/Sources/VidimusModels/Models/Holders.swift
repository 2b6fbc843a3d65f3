import Foundation
import Vidimus

extension LicenseCard {
    init(_ held: HeldLicense, standing: Standing, portrait: Data?) {
        self.init(
            id: held.id,
            holder: held.license.map(Holder.init),
            standing: standing,
            portrait: portrait,
            damaged: held.damaged
        )
    }
}

extension Holder {
    init(_ license: License) {
        self.init(
            familyName: visible(license.familyName),
            givenNames: visible(license.givenNames),
            birthDate: Birth(license.birthDate),
            number: visible(license.licenseNumber),
            issued: Day(license.issueDate),
            expires: license.expiryDate.map(Day.init),
            country: license.issuingCountry,
            categories: license.categories.map { category in
                CategoryRow(
                    code: visible(category.code),
                    from: category.validFrom.map(Day.init),
                    until: category.validUntil.map(Day.init),
                    restrictions: category.restrictions.map(visible)
                )
            }
        )
    }
}

extension Birth {
    init(_ date: BirthDate) {
        switch date {
        case .day(let year, let month, let day):
            self = .day(Day(year: Int(year), month: Int(month), day: Int(day)))
        case .yearMonth(let year, let month): self = .month(year: Int(year), month: Int(month))
        case .year(let year): self = .year(Int(year))
        }
    }
}

/// A text for people's eyes. Where the library fails the text is shown as it is: better than no name.
private func visible(_ text: String) -> String {
    (try? visibleText(text)) ?? text
}
