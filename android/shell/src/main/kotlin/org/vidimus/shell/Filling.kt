package org.vidimus.shell

import kotlin.math.absoluteValue

/**
 * Puts arguments into the places `{0}` to `{9}` of a text. One pass over the text: what was put in
 * is not looked at again, so that a name which contains `{1}` stays that name.
 */
internal fun String.fill(arguments: List<String>): String =
    buildString {
        var at = 0
        while (at < this@fill.length) {
            val argument = arguments.getOrNull(placeholderAt(at))
            if (argument == null) {
                append(this@fill[at])
                at += 1
            } else {
                append(argument)
                at += PLACEHOLDER_LENGTH
            }
        }
    }

/** The number of the placeholder that begins there; -1 where none does. */
private fun String.placeholderAt(at: Int): Int {
    val digit = getOrNull(at + 1)
    val isPlaceholder = this[at] == '{' && digit in '0'..'9' && getOrNull(at + 2) == '}'
    return if (isPlaceholder && digit != null) digit - '0' else -1
}

private const val PLACEHOLDER_LENGTH = 3

/** The forms of a number that CLDR knows, in the order of [Plural.forms]. */
internal enum class PluralCategory { ZERO, ONE, TWO, FEW, MANY, OTHER }

/**
 * Which form CLDR's cardinal rules give a whole number. Spanish `many` (whole millions) reads like
 * `other` here.
 */
internal fun Language.category(number: Long): PluralCategory {
    val size = number.absoluteValue
    return when (this) {
        Language.ENGLISH, Language.SPANISH -> if (size == 1L) PluralCategory.ONE else PluralCategory.OTHER
        Language.CHINESE -> PluralCategory.OTHER
        Language.BENGALI -> if (size <= 1L) PluralCategory.ONE else PluralCategory.OTHER
        Language.ARABIC -> arabicCategory(size)
    }
}

private fun arabicCategory(size: Long): PluralCategory {
    val rest = size % 100
    return when {
        size == 0L -> PluralCategory.ZERO
        size == 1L -> PluralCategory.ONE
        size == 2L -> PluralCategory.TWO
        rest in 3L..10L -> PluralCategory.FEW
        rest >= 11L -> PluralCategory.MANY
        else -> PluralCategory.OTHER
    }
}
