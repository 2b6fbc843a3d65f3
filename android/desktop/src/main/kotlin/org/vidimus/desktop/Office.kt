package org.vidimus.desktop

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.vidimus.LicenseStatus

/** The authority's clerk: says who may drive, through the command line. */
internal class Office(
    private val setting: Setting,
) {
    /** Sets the status of the license; whether that was done. It is in effect when this returns. */
    suspend fun set(status: LicenseStatus): Boolean =
        withContext(Dispatchers.IO) {
            ProcessBuilder(
                "${setting.cli}",
                "authority",
                "--home",
                "${setting.authorityHome}",
                "status",
                "set",
                setting.license,
                status.name.lowercase(),
            ).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor() == 0
        }
}
