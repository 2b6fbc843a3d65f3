package org.vidimus.models

import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.vidimus.Activity
import org.vidimus.ActivityEntry
import org.vidimus.ActivityEvent
import org.vidimus.Audience
import org.vidimus.LicenseStatus
import org.vidimus.ShownStatus
import org.vidimus.StandingKind
import org.vidimus.StorageProblem
import org.vidimus.WalletException
import org.vidimus.models.support.NOON
import org.vidimus.standing
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull

class HistoryModelTest {
    @Test
    fun `a hundred entries are asked for, and each kind is told`() =
        runTest {
            val standing = StandingKind.LICENSE_EXPIRED.standing
            val status = ShownStatus(LicenseStatus.VALID, NOON, standing)
            val shown = { audience: Audience -> ActivityEvent.Shown(audience, portrait = false, status = status) }
            val told =
                mapOf(
                    ActivityEvent.Removed to HistoryEvent.Removed,
                    shown(Audience.Anyone) to HistoryEvent.Shown(null, false, standing),
                    shown(Audience.Reader("dl1:code", false)) to HistoryEvent.Shown(Asker(null, false), false, standing),
                    shown(Audience.Reader("Patrol 7", true)) to HistoryEvent.Shown(Asker("Patrol 7", true), false, standing),
                    ActivityEvent.StatusChanged(LicenseStatus.VALID, LicenseStatus.LAPSED) to
                        HistoryEvent.StatusChanged(LicenseStatus.VALID, LicenseStatus.LAPSED),
                    ActivityEvent.Renewed to HistoryEvent.Renewed,
                    ActivityEvent.Enrolled to HistoryEvent.Enrolled,
                )
            val entries = told.keys.map { ActivityEntry(NOON, "an id", it) }
            var asked = 0
            val model =
                HistoryModel(backgroundScope, { throw it }) { limit ->
                    asked = limit
                    Activity(entries, intact = false)
                }
            val atLoad = mutableListOf<HistoryState?>()
            model.load { atLoad += model.state.value }
            assertNull(model.state.value, "nothing is said before it is read")
            runCurrent()
            assertEquals(100, asked)
            assertEquals(listOf(model.state.value), atLoad)
            assertEquals(HistoryState(told.values.map { HistoryRow(NOON, it) }, intact = false), model.state.value)
        }

    @Test
    fun `a log that cannot be read is for the screen of troubles`() =
        runTest {
            val failures = mutableListOf<WalletException>()
            val model = HistoryModel(backgroundScope, failures::add) { throw WalletException.Storage(StorageProblem.FAILED) }
            var loaded = false
            model.load { loaded = true }
            runCurrent()
            assertIs<WalletException.Storage>(failures.single())
            assertFalse(loaded)
            assertNull(model.state.value)
        }
}
