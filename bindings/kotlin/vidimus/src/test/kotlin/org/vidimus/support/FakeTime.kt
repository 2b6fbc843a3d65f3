package org.vidimus.support

import kotlin.io.path.Path
import kotlin.io.path.exists

/** Another wall clock for a process that a test starts, by Debian's package `faketime`. */
object FakeTime {
    private const val PROGRAM = "/usr/bin/faketime"

    /** The loader puts its folder of libraries in place of `$LIB`. */
    private const val LIBRARY = "/usr/\$LIB/faketime/libfaketime.so.1"

    /**
     * What such a process finds in its environment. Only the wall clock is wrong: a wait lasts as
     * long as ever.
     */
    fun variables(clock: String): Map<String, String> {
        check(Path(PROGRAM).exists()) { "$PROGRAM is missing: install the Debian package faketime" }
        return mapOf("LD_PRELOAD" to LIBRARY, "FAKETIME" to clock, "FAKETIME_DONT_FAKE_MONOTONIC" to "1")
    }
}
