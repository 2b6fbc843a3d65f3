package org.vidimus.shell

import org.junit.jupiter.api.Assumptions.assumeTrue
import java.io.IOException
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteExisting
import kotlin.io.path.outputStream

/**
 * Its own disk, in memory, that can be full. Mounting one takes the rights of root; without them
 * the test is skipped, but not where `CI` is set: there no one would see that it was.
 */
class SmallDisk : AutoCloseable {
    val folder: Path = createTempDirectory("vidimus-disk")

    init {
        val mounted = runs("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", "$folder")
        if (!mounted) folder.deleteExisting()
        val needed = "a small disk must be mounted: run as root where `mount` is allowed"
        if (System.getenv("CI").isNullOrEmpty()) assumeTrue(mounted, needed) else check(mounted) { needed }
    }

    /** Leaves no byte free. */
    fun fill() {
        val block = ByteArray(4_096)
        try {
            folder.resolve("filling").outputStream().use { while (true) it.write(block) }
        } catch (_: IOException) {
            // Full.
        }
    }

    override fun close() {
        check(runs("umount", "$folder")) { "the small disk stays mounted" }
        folder.deleteExisting()
    }

    private fun runs(vararg command: String): Boolean =
        try {
            val process = ProcessBuilder(*command).redirectErrorStream(true).start()
            process.inputStream.readAllBytes()
            process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
        } catch (_: IOException) {
            false
        }
}
