package org.vidimus.shell

import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.vidimus.BirthDate
import java.io.File
import java.time.LocalDate
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
    fun `every refusal and every trouble has its words`() {
        val keys = Word.entries.map(Word::key).toSet()
        val wanted =
            Refusal.entries.map { "refusal.${it.code}" } +
                Trouble.entries.flatMap { trouble ->
                    listOf("title", "what", "holds", "do").map { "trouble.${trouble.code}.$it" }
                }
        assertEquals(emptyList(), wanted.filterNot(keys::contains))
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
                texts.date(
                    when (parts.size) {
                        1 -> BirthDate.Year(parts[0])
                        2 -> BirthDate.YearMonth(parts[0], parts[1])
                        else -> BirthDate.Day(parts[0], parts[1], parts[2])
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
        /** Isolates as brackets: nobody sees an isolate in a table. */
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
