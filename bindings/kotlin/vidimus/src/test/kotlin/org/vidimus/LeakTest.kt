package org.vidimus

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
                    val before = settledHandles()
                    repeat(WARM_UP) { round(phone, id) }
                    val warm = residentBytes()
                    repeat(ROUNDS - WARM_UP) { round(phone, id) }
                    val grown = residentBytes() - warm
                    println("memory grew by ${grown / 1024} KiB in ${ROUNDS - WARM_UP} rounds")
                    assertTrue(grown < LIMIT, "memory grew by $grown bytes")
                    assertEquals(before, settledHandles())
                }
            }
        }

    private suspend fun round(
        phone: Phone,
        id: String,
    ) = phone.open().use { wallet -> wallet.present(id).use { it.frame() } }

    /** Objects of the library that are alive, and calls of ours that it waits for, once the last round is over. */
    private suspend fun settledHandles(): List<Int> {
        // What nobody closes goes with the collector: an offer that was read, for one.
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

    /** The heap is whole from the start, so what grows is the library's or leaked by calling it. */
    private fun residentBytes(): Long {
        System.gc()
        val pages = Path("/proc/self/statm").readText().split(' ')[1].toLong()
        return pages * PAGE
    }

    private companion object {
        const val ROUNDS = 10_000
        const val WARM_UP = 2_000
        const val PAGE = 4_096

        /** Half a KiB a round. */
        const val LIMIT = 4L shl 20
    }
}
