package org.vidimus.shell

import org.vidimus.app.CalendarDay
import org.vidimus.app.Value
import org.vidimus.app.Words
import java.time.DateTimeException
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Instant
import kotlin.time.toJavaInstant

/**
 * What the apps say, in one language.
 *
 * Digits are 0-9 in every language: the same that stand on the license, so that an officer can
 * compare them.
 *
 * @property language the language
 */
public class Texts(
    public val language: Language,
) {
    /**
     * A word, with its placeholders `{0}`, `{1}` and so on filled. An argument is taken as it is:
     * braces in it mean nothing. Where a line runs from right to left each argument is isolated, so
     * that a name in another script does not tear the line. A placeholder without an argument
     * stays, so that it is seen.
     */
    public operator fun get(
        word: Word,
        vararg arguments: String,
    ): String = word.text(language).fill(arguments.map(::isolated))

    /**
     * What the app says: a word of the table with what goes into its places, as [get] fills them. A
     * key that is not in the table is shown as it is: a screen says too little then, and does not
     * end.
     *
     * @param zone where the phone's clock stands
     */
    public fun say(
        words: Words,
        zone: ZoneId = ZoneId.systemDefault(),
    ): String {
        val text = WORDS[words.key]?.text(language) ?: words.key
        return text.fill(words.values.map { isolated(say(it, zone)) })
    }

    /** A value as this language writes it, by itself. */
    public fun say(
        value: Value,
        zone: ZoneId = ZoneId.systemDefault(),
    ): String =
        when (value) {
            is Value.Text -> value.text
            is Value.Word -> WORDS[value.key]?.let { get(it) } ?: value.key
            is Value.Number -> "${value.number}"
            is Value.Count -> PLURALS[value.key]?.let { count(it, value.number.toLong()) } ?: value.key
            is Value.Day -> day(value.day)
            is Value.Month -> month(value)
            is Value.Year -> Word.DATE_YEAR.text(language).fill(listOf("${value.year}"))
            is Value.Moment -> dateTime(Instant.fromEpochSeconds(value.seconds.toLong()), zone)
            is Value.Clock -> clock(local(value.seconds, zone).toLocalTime())
            is Value.DayOf -> date(local(value.seconds, zone).toLocalDate())
            is Value.Age -> age(value.minutes.toLong().minutes)
            is Value.Confirmed -> confirmed(value.minutes)
            is Value.Countdown -> countdown(value.seconds.toLong())
            is Value.Several -> list(value.items)
        }

    /** A number with its noun, in the form that the language has for it. */
    public fun count(
        plural: Plural,
        number: Int,
    ): String = count(plural, number.toLong())

    private fun count(
        plural: Plural,
        number: Long,
    ): String = plural.forms(language)[language.category(number).ordinal].fill(listOf("$number"))

    /** A day: its month as a word, since no order of digits is read alike everywhere. */
    public fun date(day: LocalDate): String {
        val parts = listOf("${day.dayOfMonth}", month(day.monthValue), "${day.year}")
        return Word.DATE.text(language).fill(parts)
    }

    /** A day and a time of 24 hours, as a clock in this zone shows them. */
    public fun dateTime(
        at: Instant,
        zone: ZoneId,
    ): String {
        val local = at.toJavaInstant().atZone(zone)
        val time = hoursAndMinutes(local.toLocalTime())
        return Word.DATE_TIME.text(language).fill(listOf(date(local.toLocalDate()), time))
    }

    /**
     * How long ago, rounded down: minutes below an hour, hours below two days, then days. The
     * future is just now.
     */
    public fun age(age: Duration): String =
        when {
            age < 1.minutes -> Word.AGE_NOW.text(language)
            age < 1.hours -> count(Plural.AGE_MINUTES, age.inWholeMinutes.toInt())
            age < HOURS_END -> count(Plural.AGE_HOURS, age.inWholeHours.toInt())
            else -> count(Plural.AGE_DAYS, age.inWholeDays.coerceAtMost(Int.MAX_VALUE.toLong()).toInt())
        }

    /** Items in a row, each isolated as [get] does it. No item: no text. */
    public fun list(items: List<String>): String {
        val pattern = Word.LIST_AND.text(language)
        return items.map(::isolated).reduceOrNull { all, next -> pattern.fill(listOf(all, next)) }.orEmpty()
    }

    /** What is left of a span, as `4:09`. Below 0 nothing is left. */
    public fun countdown(seconds: Int): String = countdown(seconds.toLong())

    private fun countdown(seconds: Long): String {
        val left = seconds.coerceAtLeast(0)
        return "${left / MINUTE}:${twoDigits((left % MINUTE).toInt())}"
    }

    /** How old a status is, where it is heard far from what it belongs to. */
    private fun confirmed(minutes: UInt?): String =
        if (minutes == null) get(Word.LICENSE_NEVER) else get(Word.LICENSE_CONFIRMED, age(minutes.toLong().minutes))

    private fun month(number: Int): String = MONTHS[number - 1].text(language)

    /** What is no month is not known. */
    private fun month(value: Value.Month): String {
        val month = MONTHS.getOrNull(value.month.toInt() - 1) ?: return get(Word.COMMON_UNKNOWN)
        return Word.DATE_MONTH.text(language).fill(listOf(month.text(language), "${value.year}"))
    }

    /** What is no day is not known. */
    private fun day(day: CalendarDay): String =
        try {
            date(LocalDate.of(day.year, day.month.toInt(), day.day.toInt()))
        } catch (_: DateTimeException) {
            get(Word.COMMON_UNKNOWN)
        }

    private fun isolated(argument: String): String =
        if (language.rightToLeft) "$FIRST_STRONG_ISOLATE$argument$POP_ISOLATE" else argument

    private companion object {
        const val MINUTE = 60

        /** Up to here an age is told in hours. */
        val HOURS_END = 48.hours

        /** The text inside has its own direction: that of its first letter. */
        const val FIRST_STRONG_ISOLATE = '\u2068'
        const val POP_ISOLATE = '\u2069'

        val WORDS = Word.entries.associateBy(Word::key)
        val PLURALS = Plural.entries.associateBy(Plural::key)

        val MONTHS =
            listOf(
                Word.MONTH_1,
                Word.MONTH_2,
                Word.MONTH_3,
                Word.MONTH_4,
                Word.MONTH_5,
                Word.MONTH_6,
                Word.MONTH_7,
                Word.MONTH_8,
                Word.MONTH_9,
                Word.MONTH_10,
                Word.MONTH_11,
                Word.MONTH_12,
            )

        fun local(
            seconds: ULong,
            zone: ZoneId,
        ) = Instant.fromEpochSeconds(seconds.toLong()).toJavaInstant().atZone(zone)

        fun hoursAndMinutes(time: LocalTime): String = "${twoDigits(time.hour)}:${twoDigits(time.minute)}"

        fun clock(time: LocalTime): String = "${hoursAndMinutes(time)}:${twoDigits(time.second)}"

        fun twoDigits(number: Int): String = number.toString().padStart(2, '0')
    }
}
