package org.vidimus.shell

import org.junit.jupiter.api.Test
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteExisting
import kotlin.io.path.deleteIfExists
import kotlin.io.path.readLines
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Nothing that is logged or printed says who the driver is, or lets anyone be the driver. */
class SilenceTest {
    @Test
    fun `a driver's day leaves no line with anything personal`() {
        val folder = createTempDirectory("vidimus-silence")
        val secretsFile = folder.resolve("secrets")
        try {
            val output = live("$secretsFile")
            val secrets = secretsFile.readLines()
            assertEquals(output.last { it.isNotEmpty() }, SilentDay.LIVED)
            // Each value of an update was printed, and said no more than what it is.
            assertTrue(output.count { it == "Update(…)" } > 10 && "Screen(…)" in output && "Action(…)" in output)
            assertTrue(secrets.size > 15 && secrets.none(String::isBlank), "${secrets.size} secrets")
            assertEquals(emptyList(), found(secrets, output))
            // The search itself finds what is there.
            for (secret in secrets) assertTrue(secret in found(secrets, output + "$secret was here"))
        } finally {
            secretsFile.deleteIfExists()
            folder.deleteExisting()
        }
    }

    private fun found(
        secrets: List<String>,
        output: List<String>,
    ): List<String> = secrets.filter { secret -> output.any { secret in it } }

    private fun live(secrets: String): List<String> {
        val java = ProcessHandle.current().info().command().orElse("java")
        val day = SilentDay::class.java.name
        val process =
            ProcessBuilder(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dstdout.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8", "-cp", System.getProperty("java.class.path"), day, secrets)
                .redirectErrorStream(true)
                .start()
        val output = process.inputReader(Charsets.UTF_8).readLines()
        check(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) { output.joinToString("\n") }
        return output
    }
}
