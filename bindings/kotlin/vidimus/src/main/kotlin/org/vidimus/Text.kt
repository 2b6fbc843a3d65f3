package org.vidimus

import java.time.LocalDate
import java.util.Locale

/**
 * A text of a license for people's eyes: a character that this library knows no shape for is
 * written as its number, `[U+323B0]`. A font would show an empty box, or nothing. Never compare or
 * store what comes out.
 */
public fun visibleText(text: String): String = translated { coreVisibleText(text.proper()) }

/** The date as ISO 8601 writes it: `1991-02-28`, `1991-02` or `1991`. Personal data. */
public val BirthDate.iso: String
    get() =
        when (this) {
            is BirthDate.Day -> date.toString()
            is BirthDate.YearMonth -> "%04d-%02d".format(Locale.ROOT, year, month)
            is BirthDate.Year -> "%04d".format(Locale.ROOT, year)
        }

/** The day of birth. Personal data. */
public val BirthDate.Day.date: LocalDate get() = LocalDate.of(year, month, day)
