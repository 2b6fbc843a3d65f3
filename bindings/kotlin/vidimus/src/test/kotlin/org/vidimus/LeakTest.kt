package org.vidimus

import com.sun.jna.NativeLibrary
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import kotlin.io.path.Path
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

class LeakTest {
    @Test
    fun `ten thousand rounds of open, present and close leave memory flat and no handle behind`(): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    val (first, id) = phone.enrolled()
                    first.close()
                    repeat(STRETCH) { round(phone, id) }
                    val grown =
                        List(4) {
                            val before = residentBytes()
                            repeat(STRETCH) { round(phone, id) }
                            residentBytes() - before
                        }
                    println("memory grew by ${grown.map { it / 1024 }} KiB in $STRETCH rounds each")
                    assertTrue(grown.sum() < LIMIT, "memory grew by $grown bytes")
                    assertEquals(listOf(0, 0), settledHandles())
                }
            }
        }

    private suspend fun round(
        phone: Phone,
        id: String,
    ) = phone.open().use { wallet -> wallet.present(id).use { it.frame() } }

    /**
     * Objects of the library that are alive, and calls of ours that it waits for, once the last
     * round is over.
     */
    private suspend fun settledHandles(): List<Int> {
        // What no one closes goes with the collector: an offer that was read, for one.
        System.gc()
        var now = handles()
        withTimeout(20.seconds) {
            do {
                val last = now
                delay(300)
                now = handles()
            } while (now != last)
        }
        return now
    }

    private fun handles() = listOf(liveObjects(), uniffiForeignFutureHandleCount())

    /**
     * What is in use: what the collector has yet to free is freed, and what `malloc` keeps for
     * later is given back. The heap is whole from the start.
     */
    private suspend fun residentBytes(): Long {
        System.gc()
        delay(500)
        NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(arrayOf(0))
        val pages = Path("/proc/self/statm").readText().split(' ')[1].toLong()
        return pages * PAGE
    }

    private companion object {
        /** Rounds; the first of five such stretches is for warming up. */
        const val STRETCH = 2_000
        const val PAGE = 4_096

        /**
         * For four stretches. The buffers of each call go with the collector, so that the process
         * wanders by some MiB; a wallet left behind in each round would be 2 GiB, and a frame of 4
         * KiB would be this.
         */
        const val LIMIT = 32L shl 20
    }
}
