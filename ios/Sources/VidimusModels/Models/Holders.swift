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
            familyName: license.familyName,
            givenNames: license.givenNames,
            birthDate: Day(license.birthDate),
            number: license.licenseNumber,
            issued: Day(license.issueDate),
            expires: Day(license.expiryDate),
            country: license.issuingCountry,
            categories: license.categories.map { category in
                CategoryRow(
                    code: category.code,
                    from: category.validFrom.map(Day.init),
                    until: category.validUntil.map(Day.init),
                    restrictions: category.restrictions
                )
            }
        )
    }
}
