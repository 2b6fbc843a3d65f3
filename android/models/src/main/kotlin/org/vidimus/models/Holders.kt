package org.vidimus.models

import org.vidimus.Category
import org.vidimus.License
import org.vidimus.visibleText

/** What a card says of a license. */
internal fun License.holder(): Holder =
    Holder(
        familyName = visibleText(familyName),
        givenNames = visibleText(givenNames),
        birthDate = birthDate,
        number = visibleText(licenseNumber),
        issued = issueDate,
        expires = expiryDate,
        country = issuingCountry,
        categories = categories.map(Category::row),
    )

private fun Category.row(): CategoryRow =
    CategoryRow(visibleText(code), validFrom, validUntil, restrictions.map(::visibleText))
