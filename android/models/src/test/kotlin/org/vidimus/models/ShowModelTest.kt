package org.vidimus.models

import app.cash.turbine.test
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import org.junit.jupiter.api.Test
import org.vidimus.ChallengeProblem
import org.vidimus.Frame
import org.vidimus.KeyStoreProblem
import org.vidimus.StandingKind
import org.vidimus.Tone
import org.vidimus.VaultProblem
import org.vidimus.WalletException
import org.vidimus.models.support.StillPhone
import org.vidimus.models.support.frame
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class ShowModelTest {
    @Test
    fun `it asks the lock, counts each second down, and ends by itself after five minutes`() =
        runTest {
            val showing = FakeShowing(this)
            val model = model(showing)
            model.state.test {
                assertEquals(ShowState.Unlocking, awaitItem())
                model.begin()
                assertEquals(ShowState.Starting, awaitItem())
                for (second in 0..<300) {
                    val live = assertIs<ShowState.Live>(awaitItem())
                    assertEquals(10 - second % 10, live.nextIn, "after $second s")
                    assertEquals(300 - second, live.endsIn, "after $second s")
                    assertEquals(second * 1_000L, currentTime)
                }
                assertEquals(ShowState.Over(byItself = true), awaitItem())
            }
            advanceTimeBy(2.seconds)
            assertTrue(showing.ended && showing.closed)
            assertEquals(30, showing.made)
        }

    @Test
    fun `an answer that comes to its end says that the officer must ask again`() =
        runTest {
            val model = model(FakeShowing(this), audience = Asker("Patrol 7", proven = true))
            model.begin()
            advanceTimeBy(301.seconds)
            assertEquals(ShowState.TooLate, model.state.value)
            // The question itself is over: it cannot be answered once more.
            val over = WalletException.Challenge(ChallengeProblem.OVER)
            val late = model(FakeShowing(this, good = 0, thrown = over), audience = Asker(null, proven = false))
            late.begin()
            advanceTimeBy(2.seconds)
            assertEquals(ShowState.TooLate, late.state.value)
            assertFalse(late.isUnderWay)
        }

    @Test
    fun `what is on the screen is the code and what it says`() =
        runTest {
            val model = model(FakeShowing(this), audience = Asker("Patrol 7", proven = true))
            model.begin()
            runCurrent()
            val code = assertIs<ShowState.Live>(model.state.value).code
            assertEquals("Zoë", code.holder)
            assertEquals(Asker("Patrol 7", proven = true), code.audience)
            assertEquals(StandingKind.LICENSE_EXPIRED, code.standing.kind)
            assertEquals(Tone.BAD, code.standing.tone, "though the status inside is valid")
            assertEquals(3.minutes, code.standing.age, "its seconds are nobody's business")
            val first = code.symbol
            advanceTimeBy(10_001.milliseconds)
            assertNotEquals(first, assertIs<ShowState.Live>(model.state.value).code.symbol)
            model.end()
        }

    @Test
    fun `a lock that does not open shows nothing, and may be asked again`() =
        runTest {
            val showing = FakeShowing(this)
            val phone = StillPhone(testTimeSource)
            val model = model(showing, phone)
            for (outcome in LockOutcome.entries - LockOutcome.OPENED) {
                phone.lock = { outcome }
                model.begin()
                runCurrent()
                assertEquals(ShowState.Locked(outcome), model.state.value)
            }
            assertEquals(0, showing.started)
            phone.lock = { LockOutcome.OPENED }
            model.begin()
            runCurrent()
            assertIs<ShowState.Live>(model.state.value)
            model.end()
        }

    @Test
    fun `a second finger on the button asks no second lock`() =
        runTest {
            var asked = 0
            val answer = CompletableDeferred<LockOutcome>()
            val phone = StillPhone(testTimeSource)
            phone.lock = { answer.await().also { asked++ } }
            val model = model(FakeShowing(this), phone)
            repeat(3) {
                model.begin()
                runCurrent()
            }
            answer.complete(LockOutcome.OPENED)
            repeat(3) {
                runCurrent()
                model.begin()
            }
            assertEquals(1, asked)
            assertIs<ShowState.Live>(model.state.value)
            model.end()
        }

    @Test
    fun `who leaves while it is shown takes it off the screen at once, and it stands in the log`() =
        runTest {
            val showing = FakeShowing(this)
            val model = model(showing)
            model.begin()
            advanceTimeBy(12.seconds)
            val ending = model.end()
            assertEquals(ShowState.Over(byItself = false), model.state.value)
            assertFalse(showing.ended)
            ending?.join()
            assertTrue(showing.ended && showing.closed)
            assertEquals(ShowState.Over(byItself = false), model.state.value)
        }

    @Test
    fun `who leaves while the lock is asked has not unlocked, whatever it says later`() =
        runTest {
            val phone = StillPhone(testTimeSource)
            phone.lock = {
                delay(1.seconds)
                LockOutcome.OPENED
            }
            val showing = FakeShowing(this)
            val model = model(showing, phone)
            model.begin()
            runCurrent()
            model.end()
            advanceTimeBy(5.seconds)
            assertEquals(ShowState.Locked(LockOutcome.CANCELLED), model.state.value)
            assertEquals(0, showing.started)
        }

    @Test
    fun `shown once more it begins once more, after the log entry of the first`() =
        runTest {
            val showing = FakeShowing(this)
            val model = model(showing)
            model.begin()
            runCurrent()
            model.end()
            model.begin()
            runCurrent()
            assertEquals(1, showing.started, "the entry takes a second")
            advanceTimeBy(2.seconds)
            assertEquals(2, showing.started)
            assertIs<ShowState.Live>(model.state.value)
            model.end()
        }

    @Test
    fun `a key store that fails is a trouble, at the first code and at a later one`() =
        runTest {
            val troubles =
                listOf(
                    WalletException.KeyStore(KeyStoreProblem.LOCKED) to Trouble.DEVICE_LOCKED,
                    WalletException.KeyStore(KeyStoreProblem.TIMEOUT) to Trouble.KEY_STORE,
                    WalletException.Vault(VaultProblem.KEY_INVALIDATED) to Trouble.KEY_INVALIDATED,
                )
            for (good in 0..1) {
                for ((thrown, trouble) in troubles) {
                    val showing = FakeShowing(this, good = good, thrown = thrown)
                    val model = model(showing)
                    model.begin()
                    advanceTimeBy(15.seconds)
                    assertEquals(ShowState.Failed(trouble), model.state.value)
                    assertTrue(showing.closed)
                }
            }
        }

    @Test
    fun `a wallet that is closed meanwhile is no trouble`() =
        runTest {
            val model = model(FakeShowing(this, good = 1, thrown = WalletException.Closed()))
            model.begin()
            advanceTimeBy(15.seconds)
            assertIs<ShowState.Live>(model.state.value)
        }

    private fun TestScope.model(
        showing: FakeShowing,
        phone: Phone = StillPhone(testTimeSource),
        audience: Asker? = null,
    ): ShowModel =
        ShowModel(backgroundScope, phone, "Zoë", audience) {
            showing.also { it.begin() }
        }

    /** A presentation by the virtual clock; after as many good frames as it is told it fails. */
    private class FakeShowing(
        private val test: TestScope,
        private val good: Int = Int.MAX_VALUE,
        private val thrown: WalletException? = null,
    ) : Showing {
        private var begun = 0L
        var started = 0
        var ended = false
        var closed = false
        var made = 0

        fun begin() {
            begun = test.currentTime
            started++
        }

        override val frames: Flow<Frame> =
            flow {
                while (remaining() > Duration.ZERO) {
                    if (made == good) throw checkNotNull(thrown)
                    emit(frame(made++, StandingKind.LICENSE_EXPIRED, age = 3.minutes + 59.seconds))
                    delay(10.seconds)
                }
            }

        override suspend fun remaining(): Duration = 5.minutes - (test.currentTime - begun).milliseconds

        override suspend fun end() {
            delay(1.seconds)
            ended = true
        }

        override fun close() {
            closed = true
        }
    }
}
