package org.vidimus.models

import kotlinx.coroutines.delay
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.vidimus.StorageProblem
import org.vidimus.WalletException
import org.vidimus.models.support.card
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.seconds

class SettingsModelTest {
    private val failures = mutableListOf<WalletException>()
    private val removed = mutableListOf<String>()
    private var done = 0
    private var removing: suspend () -> Unit = {}
    private var lock: suspend () -> LockOutcome = { LockOutcome.OPENED }

    @Test
    fun `nothing is removed that was not asked about`() =
        runTest {
            val model = model()
            remove(model)
            model.ask("nobody's")
            assertNull(model.state.value.removing)
            remove(model)
            model.ask("a")
            assertEquals("a", model.state.value.removing)
            model.keep()
            assertNull(model.state.value.removing)
            remove(model)
            assertEquals(emptyList(), removed)
            model.ask("a")
            remove(model)
            assertEquals(listOf("a"), removed)
            assertEquals(1, done)
            assertNull(model.state.value.removing)
        }

    @Test
    fun `the phone's lock is asked first, and where it stays shut nothing is removed`() =
        runTest {
            val model = model()
            model.ask("a")
            for (outcome in listOf(LockOutcome.CANCELLED, LockOutcome.FAILED)) {
                lock = { outcome }
                remove(model)
                assertEquals(emptyList(), removed, "$outcome")
                assertEquals("a", model.state.value.removing, "the question stays")
            }
            assertEquals(0, done)
            lock = { LockOutcome.OPENED }
            remove(model)
            assertEquals(listOf("a"), removed)
            lock = { LockOutcome.NO_LOCK }
            model.ask("b")
            remove(model)
            assertEquals(listOf("a", "b"), removed)
            assertEquals(2, done)
        }

    @Test
    fun `a second finger asks no second lock`() =
        runTest {
            var asked = 0
            lock = {
                asked++
                delay(1.seconds)
                LockOutcome.OPENED
            }
            val model = model()
            model.ask("a")
            repeat(3) { remove(model) }
            advanceTimeBy(2.seconds)
            assertEquals(1, asked)
            assertEquals(listOf("a"), removed)
        }

    @Test
    fun `a second finger removes nothing more`() =
        runTest {
            removing = { delay(1.seconds) }
            val model = model()
            model.ask("a")
            repeat(3) { remove(model) }
            model.keep()
            model.ask("b")
            assertEquals("a", model.state.value.removing, "it is under way")
            advanceTimeBy(2.seconds)
            assertEquals(listOf("a"), removed)
            assertEquals(1, done)
        }

    @Test
    fun `one that somebody else removed is gone as well`() =
        runTest {
            removing = { throw WalletException.NoSuchLicense() }
            val model = model()
            model.ask("a")
            remove(model)
            assertEquals(1, done)
            assertEquals(emptyList(), failures)
        }

    @Test
    fun `what cannot be removed stays, and is for the screen of troubles`() =
        runTest {
            removing = { throw WalletException.Storage(StorageProblem.READ_ONLY) }
            val model = model()
            model.ask("a")
            remove(model)
            assertIs<WalletException.Storage>(failures.single())
            assertEquals(0, done)
            assertNull(model.state.value.removing)
            assertEquals(2, model.state.value.licenses.size)
        }

    @Test
    fun `what is listed follows the wallet`() =
        runTest {
            val model = model()
            model.ask("a")
            model.follow(listOf(card("b")))
            assertEquals(listOf("b"), model.state.value.licenses.map { it.id })
            assertNull(model.state.value.removing)
        }

    private fun TestScope.model(): SettingsModel {
        val first = SettingsState(listOf(card("a"), card("b")), authority = "https://a.example", version = "1", notices = emptyList())
        return SettingsModel(backgroundScope, first, { lock() }, failures::add) {
            removed += it
            removing()
        }
    }

    private fun TestScope.remove(model: SettingsModel) {
        model.remove { done++ }
        runCurrent()
    }
}
