package org.vidimus

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.Environment
import org.vidimus.support.Masked
import org.vidimus.support.Phone
import org.vidimus.support.ProcessMemory
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import kotlin.io.path.Path
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/**
 * The data key is nowhere in the process once its wallet is closed.
 *
 * It runs in its own JVM whose collector moves nothing while the key is about, and that is held to
 * it: a collector may leave a copy of any array behind when it moves it, which no code in Kotlin
 * can prevent. What the test proves is that nothing else does.
 */
class MemoryTest {
    @Test
    fun `no data key is in memory after closing, and one that is there is found`() {
        val java = Path(System.getProperty("java.home"), "bin", "java").toString()
        // Each answer of the key store comes on its own thread, whose piece of the heap is then
        // given up half empty: with small pieces the heap lasts, on a slow machine too.
        val pieces = listOf("-XX:TLABSize=64k", "-XX:-ResizeTLAB")
        val heap = listOf("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn192m")
        val own = pieces + heap + listOf("-cp", System.getProperty("java.class.path"))
        val process =
            ProcessBuilder(listOf(java) + own + MemoryTest::class.java.name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
        val found = process.inputReader().readLines().associate { line -> line.split('=').let { it[0] to it[1].toLong() } }
        assertEquals(0, process.waitFor())
        println(found)

        assertTrue(found.getValue("bytes") > 256L shl 20, "the whole heap was looked through")
        assertEquals(0, found["collections"], "the collector had no reason to run")
        assertEquals(1, found["planted on the heap"])
        assertEquals(1, found["planted outside the heap"])
        assertEquals(0, found["wiped"])
        assertTrue(found.getValue("created") >= 1, "an open wallet holds its key")
        assertEquals(0, found["created and closed"])
        assertTrue(found.getValue("opened") >= 1, "an open wallet holds its key")
        assertEquals(0, found["opened and closed"])
    }

    companion object {
        /** The program: one line for each search. */
        @JvmStatic
        fun main(arguments: Array<String>): Unit =
            runBlocking {
                check(arguments.isEmpty() && Environment.cli.toFile().exists())
                val memory = ProcessMemory()
                val keys = MaskingKeyStore()
                Authority().use { authority ->
                    Phone(authority, keys).use { phone ->
                        val (wallet, id) = phone.enrolled()
                        tell("created", memory, keys)
                        wallet.close()
                        gone()
                        tell("created and closed", memory, keys)

                        phone.open().use { opened ->
                            opened.present(id).use { it.frame() }
                            tell("opened", memory, keys)
                        }
                        gone()
                        tell("opened and closed", memory, keys)
                    }
                }
                plant(memory, keys)
                val collectors = ManagementFactory.getGarbageCollectorMXBeans()
                println("collections=${collectors.sumOf { it.collectionCount }}")
                println("bytes=${memory.search(keys.dataKey).bytes}")
            }

        /**
         * The wallet goes as soon as its last call has left; the offer that was read would go with
         * the collector.
         */
        private suspend fun gone() = withTimeout(10.seconds) { while (liveObjects() > 1) delay(10) }

        private fun plant(
            memory: ProcessMemory,
            keys: MaskingKeyStore,
        ) {
            val onHeap = ByteArray(keys.dataKey.size)
            keys.dataKey.unmask(onHeap)
            tell("planted on the heap", memory, keys)
            val outside = ByteBuffer.allocateDirect(onHeap.size).put(onHeap)
            onHeap.fill(0)
            tell("planted outside the heap", memory, keys)
            outside.clear().put(onHeap)
            tell("wiped", memory, keys)
        }

        private fun tell(
            what: String,
            memory: ProcessMemory,
            keys: MaskingKeyStore,
        ) = println("$what=${memory.search(keys.dataKey).places}")
    }

    /** Knows the data key only masked, and wraps it by masking it otherwise. */
    private class MaskingKeyStore : KeyStore {
        lateinit var dataKey: Masked
            private set
        private var anchor: Long? = null

        override val holderAlgorithm: HolderAlgorithm? = null

        override suspend fun wrap(dataKey: ByteArray): ByteArray {
            this.dataKey = Masked(dataKey)
            return ByteArray(48)
        }

        override suspend fun unwrap(wrapped: ByteArray): ByteArray {
            // A wallet that is to be made asks first whether there was one.
            if (!::dataKey.isInitialized) throw DeviceException.NotFound()
            return ByteArray(dataKey.size).also(dataKey::unmask)
        }

        override suspend fun createHolderKey(name: String): ByteArray = throw DeviceException.Unavailable()

        override suspend fun sign(
            name: String,
            message: ByteArray,
        ): ByteArray = throw DeviceException.NotFound()

        override suspend fun deleteHolderKey(name: String) = Unit

        override suspend fun readAnchor(): Long? = anchor

        override suspend fun raiseAnchor(epoch: Long) {
            anchor = maxOf(anchor ?: epoch, epoch)
        }

        override fun named(name: String): KeyStore = throw DeviceException.Unavailable()
    }
}
