package org.vidimus.android

import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.io.IOException
import kotlin.concurrent.thread
import kotlin.io.path.Path
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The number that never sinks. */
class AnchorTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val file get() = File(folder.root, "anchor")

    @Test
    fun `it never sinks, and another object of the same file sees it`() {
        val one = Anchor(file)
        val other = Anchor(file)
        assertNull(one.read())
        for ((raised, stands) in listOf(5L to 5L, 6L to 6L, 6L to 6L, 2L to 6L, 0L to 6L, Long.MAX_VALUE to Long.MAX_VALUE)) {
            one.raise(raised)
            assertEquals(stands, other.read())
        }
        other.raise(7)
        assertEquals(Long.MAX_VALUE, one.read())
    }

    @Test
    fun `eight threads on eight objects lose none`() {
        val seen = Anchor(file)
        val threads =
            (0..<8).map { which ->
                thread {
                    val own = Anchor(file)
                    for (step in 0..<20) {
                        own.raise(step * 8L + which)
                        check(own.read()!! >= step * 8L + which)
                    }
                }
            }
        threads.forEach(Thread::join)
        assertEquals(19 * 8L + 7, seen.read())
    }

    @Test
    fun `another process that holds the lock is waited for, and its number stays`() {
        Anchor(file).raise(1)
        val process =
            ProcessBuilder(
                "${Path(System.getProperty("java.home"), "bin", "java")}",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess::class.java.name,
                file.path,
            ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            assertEquals("holds", process.inputReader().readLine())
            var done = false
            val raising =
                thread {
                    Anchor(file).raise(5)
                    done = true
                }
            raising.join(300)
            assertFalse(done, "it does not wait")
            process.outputWriter().use { it.write("go on\n") }
            raising.join()
            assertEquals(0, process.waitFor())
        } finally {
            process.destroyForcibly()
        }
        assertEquals(9, Anchor(file).read())
    }

    @Test
    fun `a torn file and garbage are damage, not the absence of a number`() {
        Anchor(file).raise(1_000)
        val whole = file.readBytes()
        val damaged =
            whole.indices.map { whole.copyOf(it) } +
                whole.indices.map { place -> whole.clone().also { it[place] = (it[place] + 1).toByte() } } +
                listOf(whole + 0, ByteArray(whole.size), "1000".toByteArray())
        for (bytes in damaged) {
            file.writeBytes(bytes)
            assertFailsWith<AnchorDamagedException> { Anchor(file).read() }
            // A number may be there that was higher: it is not written over.
            assertFailsWith<AnchorDamagedException> { Anchor(file).raise(2_000) }
            assertEquals(bytes.toList(), file.readBytes().toList())
        }
    }

    @Test
    fun `a death before the new file is in place leaves the old number`() {
        Anchor(file).raise(3)
        File(file.path + ".new").writeBytes(byteArrayOf(1, 2))
        assertEquals(3, Anchor(file).read())
        Anchor(file).raise(4)
        assertEquals(4, Anchor(file).read())
    }

    @Test
    fun `a damaged file is put aside and kept, a good one stays`() {
        val anchor = Anchor(file)
        anchor.raise(3)
        anchor.setAsideIfDamaged()
        assertEquals(3, anchor.read())
        for (number in 1..2) {
            file.writeText("damaged $number")
            anchor.setAsideIfDamaged()
            assertNull(anchor.read())
            assertEquals("damaged $number", File(file.path + ".damaged-$number").readText())
        }
    }

    @Test
    fun `what cannot be written is an error`() {
        file.mkdirs()
        assertFailsWith<IOException> { Anchor(file).raise(1) }
        assertTrue(file.isDirectory)
    }
}

/** Holds the lock of a file until it is told to go on, and then raises its number. */
internal object OtherProcess {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val file = File(arguments.single())
        ProcessLock(File(file.path + ".lock")).hold {
            println("holds")
            readln()
        }
        Anchor(file).raise(9)
    }
}
