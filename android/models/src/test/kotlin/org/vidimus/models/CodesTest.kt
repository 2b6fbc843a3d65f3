package org.vidimus.models

import org.junit.jupiter.api.Test
import org.vidimus.Tone
import org.vidimus.models.support.SCREENS
import org.vidimus.support.Environment
import kotlin.io.path.readLines
import kotlin.test.assertEquals

/** `phones/codes.tsv` is what the other language compares with, too. */
class CodesTest {
    private val table =
        Environment.vectors
            .resolve("../../phones/codes.tsv")
            .readLines()
            .drop(1)
            .map { it.split('\t') }
            .groupBy({ it[0] }, { it[1] to it[2] })

    @Test
    fun `each list of codes is the one in the table, in its order`() {
        val lists =
            mapOf(
                "screen" to SCREENS.map { it.code to "" },
                "trouble" to Trouble.entries.map { it.code to "tone=${it.tone.code()} action=${it.action.code()}" },
                "refusal" to Refusal.entries.map { it.code to "retry=${if (it.mayRetry) "yes" else "no"}" },
                "lock" to LockOutcome.entries.map { it.code() to "" },
                "tone" to Tone.entries.map { it.code() to "" },
                "action" to TroubleAction.entries.map { it.code() to "" },
            )
        assertEquals(lists.keys, table.keys)
        for ((kind, codes) in lists) assertEquals(table[kind], codes, kind)
    }

    @Test
    fun `there is an example of each screen`() {
        assertEquals(Screen::class.java.declaredClasses.toSet(), SCREENS.mapTo(HashSet()) { it.javaClass })
    }

    @Test
    fun `codes are names in small letters, and each stands once`() {
        for (codes in table.values.map { rows -> rows.map { it.first } }) {
            assertEquals(codes.distinct(), codes)
            assertEquals(emptyList(), codes.filterNot(Regex("[a-z]+(_[a-z]+)*")::matches))
        }
    }

    private fun Enum<*>.code(): String = name.lowercase()
}
