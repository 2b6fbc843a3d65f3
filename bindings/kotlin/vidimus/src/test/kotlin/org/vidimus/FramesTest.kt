package org.vidimus

import app.cash.turbine.test
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant

/** The clock work of [Presentation.frames], in virtual time. */
@OptIn(ExperimentalCoroutinesApi::class)
class FramesTest {
    @Test
    fun `a frame comes every ten seconds for five minutes, then the flow completes`() =
        runTest {
            val times = mutableListOf<Long>()
            presentation().frames().collect { times.add(currentTime) }
            assertEquals((0L..<300_000 step 10_000).toList(), times)
            assertEquals(300_000, currentTime)
        }

    @Test
    fun `a collector that is slow shortens its own wait, not the frame after it`() =
        runTest {
            val times = mutableListOf<Long>()
            presentation().frames().collect {
                times.add(currentTime)
                delay(if (times.size == 1) 25.seconds else 4.seconds)
            }
            assertEquals(listOf(0L, 25_000, 35_000, 45_000), times.take(4))
        }

    @Test
    fun `a wall clock that jumps changes nothing`() =
        runTest {
            var jump = 0.seconds
            val times = mutableListOf<Long>()
            presentation { FRAME.shifted(jump) }.frames().collect {
                times.add(currentTime)
                jump -= 3600.seconds
            }
            assertEquals(30, times.size)
        }

    @Test
    fun `it ends at once when the presentation is closed or ended`() =
        runTest {
            val ways: List<suspend (Presentation) -> Unit> = listOf({ it.close() }, { it.end() })
            for (end in ways) {
                val begun = currentTime
                val presentation = presentation()
                launch {
                    delay(13.seconds)
                    end(presentation)
                }
                assertEquals(2, presentation.frames().toList().size)
                assertEquals(13_000, currentTime - begun)
                delay(2.seconds)
                assertEquals(0, presentation.frames().toList().size)
            }
        }

    @Test
    fun `an end that is cancelled half-way ends all the same, and makes nobody spin`() =
        runTest {
            var made = 0
            val presentation = presentation { FRAME.also { made++ } }
            val collector = launch { presentation.frames().collect {} }
            val end = launch { presentation.end() }
            runCurrent()
            end.cancel()
            withTimeout(10.seconds) { collector.join() }
            end.join()
            assertEquals(1, made)
            assertFailsWith<WalletException.PresentationEnded> { presentation.frame() }
        }

    @Test
    fun `another failure reaches the collector`() =
        runTest {
            presentation { throw WalletException.KeyStore(KeyStoreProblem.LOCKED) }.frames().test {
                assertEquals(KeyStoreProblem.LOCKED, (awaitError() as WalletException.KeyStore).reason)
            }
        }

    @Test
    fun `each collector has frames of its own, from when it begins`() =
        runTest {
            val presentation = presentation()
            assertEquals(FRAME, presentation.frames().first())
            assertEquals(FRAME, presentation.frames().first())
            assertEquals(0, currentTime)
            presentation.close()
            assertFailsWith<NoSuchElementException> { presentation.frames().first() }
            assertTrue(presentation.frames().toList().isEmpty())
        }

    private fun TestScope.presentation(frame: () -> Frame = { FRAME }): Presentation = Presentation(Fake(testTimeSource.markNow(), frame), testTimeSource, StandardTestDispatcher(testScheduler))

    /** What the native side does, by the same virtual clock. */
    private class Fake(
        begun: ComparableTimeMark,
        private val make: () -> Frame,
    ) : CorePresentation(NoHandle) {
        private val end = begun + 5.minutes
        private var ended = false

        override suspend fun frame(cancel: CoreCancelToken): Frame {
            if (ended || end.hasPassedNow()) throw WalletException.PresentationEnded()
            return make()
        }

        override suspend fun remaining(): Duration = maxOf(0.seconds, -end.elapsedNow())

        override suspend fun end() {
            delay(1.seconds)
            ended = true
        }
    }

    private companion object {
        val FRAME: Frame =
            Instant.fromEpochSeconds(1_795_000_000).let { now ->
                Frame(
                    text = "DL1:",
                    symbol = QrSymbol(21, ByteArray(63)),
                    issuedAt = now,
                    rotatesAt = now + 10.seconds,
                    expiresAt = now + 30.seconds,
                    status = StatusReport(LicenseStatus.VALID, now, StatusSource.STAPLE, 0.seconds),
                    standing = StandingKind.VALID.standing,
                    stapleLeftOut = false,
                    face = emptyList(),
                )
            }

        fun Frame.shifted(by: Duration): Frame = copy(issuedAt = issuedAt + by, rotatesAt = rotatesAt + by, expiresAt = expiresAt + by)
    }
}
