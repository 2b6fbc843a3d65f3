package org.vidimus.models

import org.vidimus.Category
import org.vidimus.License
import java.time.LocalDate
import kotlin.time.Duration.Companion.days
import kotlin.time.Instant

/** What a card says of a license. */
internal fun License.holder(): Holder =
    Holder(
        familyName = familyName,
        givenNames = givenNames,
        birthDate = birthDate,
        number = licenseNumber,
        issued = issueDate,
        expires = expiryDate,
        country = issuingCountry,
        categories = categories.map(Category::row),
    )

private fun Category.row(): CategoryRow = CategoryRow(code, validFrom, validUntil, restrictions)

/** The day in universal time, by which the readers judge too. */
internal fun Instant.day(): LocalDate = LocalDate.ofEpochDay(Math.floorDiv(epochSeconds, 1.days.inWholeSeconds))
