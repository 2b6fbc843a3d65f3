package org.vidimus.models

/**
 * The text with every digit as one of 0 to 9: a driver types the digits of the keyboard, an authority and a reader
 * mean these.
 */
internal fun String.withPlainDigits(): String =
    String(CharArray(length) { index -> this[index].let { it.digitToIntOrNull()?.digitToChar() ?: it } })

/** The digits alone, at most [limit] of them. */
internal fun String.digits(limit: Int): String = withPlainDigits().filter { it in '0'..'9' }.take(limit)

/** What of the text may belong to a transaction code like this one. */
internal fun CodeField.accept(typed: String): CodeField {
    val limit = length ?: LONGEST_CODE
    val text =
        if (numeric) {
            typed.digits(limit)
        } else {
            typed.withPlainDigits().filterNot { it.isWhitespace() || it.isISOControl() || it.isSurrogate() }.take(limit)
        }
    return copy(text = text)
}

/** No authority prints a longer one, and no finger types it. */
private const val LONGEST_CODE = 64
