package org.vidimus.desktop

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * What the clerk can say of the license.
 *
 * @property word as the command line takes it
 */
internal enum class Ruling(
    val word: String,
) {
    SUSPENDED("suspended"),
    VALID("valid"),
}

/** The authority's clerk: says who may drive, through the command line. */
internal class Office(
    private val setting: Setting,
) {
    /** Sets the status of the license; whether that was done. It is in effect when this returns. */
    suspend fun rule(ruling: Ruling): Boolean =
        withContext(Dispatchers.IO) {
            ProcessBuilder(
                "${setting.cli}",
                "authority",
                "--home",
                "${setting.authorityHome}",
                "status",
                "set",
                setting.license,
                ruling.word,
            ).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor() == 0
        }
}
