package org.vidimus.models

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import org.junit.jupiter.api.Test
import org.vidimus.Health
import org.vidimus.HeldLicense
import org.vidimus.LastRefresh
import org.vidimus.NetworkProblem
import org.vidimus.RefreshFailure
import org.vidimus.RefreshReport
import org.vidimus.RefreshSubject
import org.vidimus.StandingKind
import org.vidimus.StorageProblem
import org.vidimus.TimeEstimate
import org.vidimus.Tone
import org.vidimus.WalletException
import org.vidimus.WalletStatus
import org.vidimus.models.support.NOON
import org.vidimus.models.support.StillPhone
import org.vidimus.models.support.held
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class LicensesModelTest {
    private val source = FakeSource()

    @Test
    fun `an age grows minute by minute, by the clock that nobody sets`() =
        runTest {
            source.holds(held("a", age = 5.minutes + 50.seconds))
            val model = begun()
            assertEquals(5.minutes, model.front.standing.age)
            val aging = launch { model.age() }
            for (minute in 1..3) {
                // Nobody asks the wall clock; it may say what it likes.
                source.now += 400.days
                advanceTimeBy(1.minutes)
                runCurrent()
                assertEquals((5 + minute).minutes, model.front.standing.age)
            }
            aging.cancel()
        }

    @Test
    fun `a day after it was signed a status is old`() =
        runTest {
            val stale = listOf(StandingKind.STATUS_STALE, StandingKind.VALID)
            source.holds(held("a", age = 23.hours + 59.minutes, later = mapOf(1.minutes + 1.seconds to stale)))
            val model = begun()
            assertEquals(Tone.GOOD, model.front.standing.tone)
            assertEquals(emptyList(), model.troubles)
            val aging = launch { model.age() }
            advanceTimeBy(2.minutes + 1.seconds)
            assertEquals(Tone.CAUTION, model.front.standing.tone)
            assertEquals(listOf(Trouble.STATUS_OLD), model.troubles)
            aging.cancel()
        }

    @Test
    fun `a license that expires while it is looked at is bad, whatever its status says`() =
        runTest {
            val expired = listOf(StandingKind.LICENSE_EXPIRED, StandingKind.VALID)
            source.holds(held("a", later = mapOf(90.seconds to expired)))
            val model = begun()
            val aging = launch { model.age() }
            advanceTimeBy(1.minutes + 1.seconds)
            assertEquals(Tone.GOOD, model.front.standing.tone)
            // Nobody asks the wall clock; it may say what it likes.
            source.now -= 400.days
            advanceTimeBy(1.minutes)
            assertEquals(StandingKind.LICENSE_EXPIRED, model.front.standing.kind)
            assertEquals(Tone.BAD, model.front.standing.tone)
            assertEquals(listOf(Trouble.LICENSE_EXPIRED), model.troubles)
            aging.cancel()
        }

    @Test
    fun `a newer reading begins a new age`() =
        runTest {
            source.holds(held("a", age = 3.hours))
            val model = begun()
            advanceTimeBy(10.minutes)
            source.holds(held("a", age = 1.minutes))
            runCurrent()
            assertEquals(1.minutes, model.front.standing.age)
        }

    @Test
    fun `the license in front stays in front when others come and go`() =
        runTest {
            source.holds(held("a"), held("b"))
            val model = begun()
            model.select(1)
            assertEquals("b", model.front.id)
            source.holds(held("a"), held("aa"), held("b"))
            runCurrent()
            assertEquals("b", model.front.id)
            model.select(7)
            assertEquals("b", model.front.id)
            source.holds(held("a"), held("aa"))
            runCurrent()
            assertEquals("a", model.front.id)
            source.holds()
            runCurrent()
            assertNull(model.state.value)
        }

    @Test
    fun `a portrait is read once, when its license comes to the front`() =
        runTest {
            source.holds(held("a", portrait = true), held("b", portrait = true), held("c"))
            val model = begun()
            runCurrent()
            assertEquals(listOf("a"), source.portraits)
            assertNotNull(model.front.portrait)
            assertNull(checkNotNull(model.state.value).cards[1].portrait)
            model.select(1)
            model.select(2)
            model.select(1)
            runCurrent()
            assertEquals(listOf("a", "b"), source.portraits)
            assertNotNull(model.front.portrait)
        }

    @Test
    fun `a refresh is under way once, and what it could not do stays until another can`() =
        runTest {
            source.holds(held("a"), held("b"))
            val model = begun()
            val asked = CompletableDeferred<Unit>()
            source.onRefresh = {
                asked.await()
                source.refreshed(failure("a", WalletException.Network(NetworkProblem.UNREACHABLE)))
            }
            repeat(3) {
                model.refresh()
                runCurrent()
            }
            assertTrue(checkNotNull(model.state.value).refreshing)
            asked.complete(Unit)
            runCurrent()
            assertEquals(1, source.refreshes)
            assertFalse(checkNotNull(model.state.value).refreshing)
            assertEquals(listOf(Trouble.NO_NETWORK), model.troubles)
            // One that had nothing to ask says nothing about the network.
            source.refreshed(requests = 0)
            runCurrent()
            assertEquals(listOf(Trouble.NO_NETWORK), model.troubles)
            model.select(1)
            assertEquals(emptyList(), model.troubles, "it is another license's status that could not be had")
            model.select(0)
            source.refreshed()
            runCurrent()
            assertEquals(emptyList(), model.troubles)
        }

    @Test
    fun `a wallet that cannot be written says so until a refresh can`() =
        runTest {
            source.holds(held("a"))
            val model = begun()
            source.onRefresh = { throw WalletException.Storage(StorageProblem.FULL) }
            model.refresh()
            runCurrent()
            assertEquals(listOf(Trouble.STORAGE_FULL), model.troubles)
            source.refreshed()
            runCurrent()
            assertEquals(emptyList(), model.troubles)
        }

    @Test
    fun `a wallet that is closed meanwhile changes nothing`() =
        runTest {
            source.holds(held("a"))
            val model = begun()
            val before = model.state.value
            source.onRefresh = { throw WalletException.Closed() }
            source.closed = true
            model.refresh()
            source.holds(held("b"))
            runCurrent()
            assertEquals(before, model.state.value)
        }

    private val LicensesModel.front: LicenseCard get() = checkNotNull(state.value).card

    private val LicensesModel.troubles: List<Trouble> get() = checkNotNull(state.value).troubles

    private suspend fun TestScope.begun(): LicensesModel = LicensesModel(backgroundScope, StillPhone(testTimeSource), source).also { it.begin() }

    private fun failure(
        license: String,
        error: WalletException,
    ) = RefreshFailure(RefreshSubject.Status(license), error)

    private class FakeSource : LicenseSource {
        override val status = MutableStateFlow(WalletStatus(emptyList(), Health(false, emptyList())))
        val portraits = mutableListOf<String>()
        var now = NOON
        var refreshes = 0
        var closed = false
        var onRefresh: suspend () -> Unit = {}

        fun holds(vararg licenses: HeldLicense) {
            status.value = status.value.copy(licenses = licenses.toList())
        }

        fun refreshed(
            vararg failures: RefreshFailure,
            requests: Int = 1,
        ) {
            now += 1.seconds
            val report = RefreshReport(emptyList(), failures.toList(), requests, 1.hours)
            status.value = status.value.copy(lastRefresh = LastRefresh(now, report))
        }

        override suspend fun time(): TimeEstimate = if (closed) throw WalletException.Closed() else TimeEstimate(now, sure = false, setBack = false)

        override suspend fun portrait(license: String): ByteArray {
            portraits += license
            delay(Duration.ZERO)
            return license.toByteArray()
        }

        override suspend fun refresh(): RefreshReport {
            refreshes++
            onRefresh()
            return RefreshReport(emptyList(), emptyList(), 1, 1.hours)
        }
    }
}
