package org.vidimus.shell

import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.vidimus.app.CalendarDay
import org.vidimus.app.Value
import org.vidimus.app.Words
import java.io.File
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant

/** The words, against the expectations that Swift's tests read too. */
class TextsTest {
    @TestFactory
    fun `both systems say the same`(): List<DynamicTest> =
        expectations().map { (kind, tag, input, output) ->
            DynamicTest.dynamicTest("$kind $tag $input") {
                assertEquals(output, visible(said(kind, tag, input)))
            }
        }

    @Test
    fun `every word has a text of its own key in every language`() {
        assertEquals(Word.entries.size, Word.entries.distinctBy(Word::key).size)
        for (word in Word.entries) {
            for (language in Language.entries) {
                assertTrue(Texts(language)[word].isNotBlank(), "${word.key} in $language")
            }
        }
    }

    @Test
    fun `each value is written as its language writes it`() {
        val said = Texts(Language.ENGLISH)
        val kathmandu = ZoneId.of("Asia/Kathmandu")
        assertEquals(
            mapOf(
                "text" to "Zoë {0}",
                "word" to "Unknown",
                "number" to "7",
                "count" to "1 second",
                "unknown count" to "no.plural",
                "day" to "29 Feb 2028",
                "month" to "Feb 1991",
                "year" to "1991",
                "moment" to "1 Jan 2027, 02:14",
                "clock" to "02:14:09",
                "day of" to "1 Jan 2027",
                "age" to "59 minutes ago",
                "long age" to "2982616 days ago",
                "confirmed" to "Confirmed 2 hours ago",
                "never confirmed" to "Status not yet received",
                "countdown" to "4:09",
                "long countdown" to "71582788:15",
                "several" to "01.06, 78",
                "none" to "",
            ),
            VALUES.mapValues { said.say(it.value, kathmandu) },
        )
    }

    @Test
    fun `each value is written from right to left as well, what is put into a text set apart`() {
        val said = Texts(Language.ARABIC)
        assertEquals(
            mapOf(
                "text" to "Zoë {0}",
                "word" to "غير معروف",
                "number" to "7",
                "count" to "ثانية واحدة",
                "unknown count" to "no.plural",
                "day" to "29 فبراير 2028",
                "month" to "فبراير 1991",
                "year" to "1991",
                "moment" to "31 ديسمبر 2026، 20:29",
                "clock" to "20:29:09",
                "day of" to "31 ديسمبر 2026",
                "age" to "قبل 59 دقيقة",
                "long age" to "قبل 2982616 يومًا",
                "confirmed" to "تم التأكيد ⟦قبل ساعتين⟧",
                "never confirmed" to "لم تصل الحالة بعد",
                "countdown" to "4:09",
                "long countdown" to "71582788:15",
                "several" to "⟦01.06⟧، ⟦78⟧",
                "none" to "",
            ),
            VALUES.mapValues { visible(said.say(it.value, ZoneOffset.UTC)) },
        )
    }

    @Test
    fun `words take their values in their order, each set apart where a line runs from right to left`() {
        val words =
            Words(
                "show.spoken",
                listOf(Value.Text("{1} Zoë"), Value.Word("state.valid"), Value.Confirmed(12u), Value.Count("seconds", 7u)),
            )
        assertEquals("License of {1} Zoë. May drive. Confirmed 12 minutes ago. New code in 7 seconds.", Texts(Language.ENGLISH).say(words))
        assertEquals(
            "رخصة ⟦{1} Zoë⟧. ⟦مسموح بالقيادة⟧. ⟦تم التأكيد ⟦قبل 12 دقيقة⟧⟧. رمز جديد بعد ⟦7 ثوانٍ⟧.",
            visible(Texts(Language.ARABIC).say(words)),
        )
        assertEquals("自 2016年9月19日 起", Texts(Language.CHINESE).say(Words("license.category.from", listOf(Value.Day(CalendarDay(2016, 9u, 19u))))))
    }

    @Test
    fun `a key that is not in the table is shown as it is`() {
        for (language in Language.entries) {
            val texts = Texts(language)
            assertEquals("no.such", texts.say(Words("no.such", listOf(Value.Number(1u)))))
            assertEquals("no.such", texts.say(Value.Word("no.such")))
            assertEquals("no.such", texts.say(Value.Count("no.such", 3u)))
        }
    }

    @Test
    fun `what is no day is not known`() {
        val texts = Texts(Language.ENGLISH)
        for (value in listOf(
            Value.Day(CalendarDay(2026, 13u, 1u)),
            Value.Day(CalendarDay(2026, 0u, 1u)),
            Value.Month(1991u, 13u),
            Value.Month(1991u, 0u),
        )) {
            assertEquals("Unknown", texts.say(value))
        }
    }

    @Test
    fun `no age is too long to be told`() {
        val texts = Texts(Language.ENGLISH)
        assertEquals("2147483647 days ago", texts.age(Duration.INFINITE))
        assertEquals("just now", texts.age(-Duration.INFINITE))
    }

    @Test
    fun `every digit is one of 0 to 9`() {
        for (language in Language.entries) {
            val texts = Texts(language)
            val said = texts.date(LocalDate.of(2026, 12, 31)) + texts.count(Plural.AGE_DAYS, 1_234_567) + texts.countdown(89)
            assertFalse(said.any { it.isDigit() && it !in '0'..'9' }, said)
        }
    }

    private fun said(
        kind: String,
        tag: String,
        input: String,
    ): String {
        val texts = Texts(Language.entries.first { it.tag == tag })
        return when (kind) {
            "language" -> {
                val language = Language.of(input)
                assertEquals(tag, language.tag)
                if (language.rightToLeft) "rtl" else "ltr"
            }

            "count" -> {
                val (key, number) = input.split(' ')
                texts.count(Plural.entries.first { it.key == key }, number.toInt())
            }

            "date" -> {
                texts.date(LocalDate.parse(input))
            }

            "birth" -> {
                val parts = input.split('-').map(String::toInt)
                texts.say(
                    when (parts.size) {
                        1 -> Value.Year(parts[0].toUShort())
                        2 -> Value.Month(parts[0].toUShort(), parts[1].toUByte())
                        else -> Value.Day(CalendarDay(parts[0], parts[1].toUByte(), parts[2].toUByte()))
                    },
                )
            }

            "date_time" -> {
                val (at, offset) = input.split(' ')
                texts.dateTime(Instant.fromEpochSeconds(at.toLong()), ZoneOffset.ofTotalSeconds(offset.toInt()))
            }

            "age" -> {
                texts.age(input.toDouble().seconds)
            }

            "list" -> {
                texts.list(if (input.isEmpty()) emptyList() else input.split('|'))
            }

            "countdown" -> {
                texts.countdown(input.toInt())
            }

            "word" -> {
                val parts = input.split('|')
                texts.get(Word.entries.first { it.key == parts[0] }, *parts.drop(1).toTypedArray())
            }

            else -> {
                error("an unknown kind of expectation: $kind")
            }
        }
    }

    private companion object {
        val VALUES =
            mapOf(
                "text" to Value.Text("Zoë {0}"),
                "word" to Value.Word("common.unknown"),
                "number" to Value.Number(7u),
                "count" to Value.Count("seconds", 1u),
                "unknown count" to Value.Count("no.plural", 1u),
                "day" to Value.Day(CalendarDay(2028, 2u, 29u)),
                "month" to Value.Month(1991u, 2u),
                "year" to Value.Year(1991u),
                "moment" to Value.Moment(1_798_748_940u),
                "clock" to Value.Clock(1_798_748_949u),
                "day of" to Value.DayOf(1_798_748_940u),
                "age" to Value.Age(59u),
                "long age" to Value.Age(UInt.MAX_VALUE),
                "confirmed" to Value.Confirmed(120u),
                "never confirmed" to Value.Confirmed(null),
                "countdown" to Value.Countdown(249u),
                "long countdown" to Value.Countdown(UInt.MAX_VALUE),
                "several" to Value.Several(listOf("01.06", "78")),
                "none" to Value.Several(emptyList()),
            )

        /** Isolates as brackets: no one sees an isolate in a table. */
        fun visible(text: String): String = text.replace('\u2068', '⟦').replace('\u2069', '⟧')

        /** The rows of the table of expectations, its head left out. */
        fun expectations(): List<List<String>> {
            val folder = System.getenv("VIDIMUS_TEXTS")?.let(::File) ?: File("../../texts")
            val rows = File(folder, "expected.tsv").readLines().drop(1).map { it.split('\t') }
            assertTrue(rows.size >= MINIMUM, "only ${rows.size} expectations")
            return rows
        }

        const val MINIMUM = 60
    }
}
