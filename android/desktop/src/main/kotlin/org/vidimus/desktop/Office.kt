package org.vidimus.desktop

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException
import java.net.URI

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

    /** The trust list that it gives to everybody; `null` where it is out of reach. */
    suspend fun trustList(): ByteArray? =
        withContext(Dispatchers.IO) {
            try {
                URI("${setting.issuer}/trust").toURL().openStream().use { it.readBytes() }
            } catch (_: IOException) {
                null
            }
        }
}
