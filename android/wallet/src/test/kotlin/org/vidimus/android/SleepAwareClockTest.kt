package org.vidimus.android

import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.shadows.ShadowSystemClock
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.hours

/** The clock that goes on while the phone sleeps. */
@RunWith(RobolectricTestRunner::class)
class SleepAwareClockTest {
    @Test
    fun `it goes with the time since the phone started, sleep included`() {
        val mark = SleepAwareClock.markNow()
        val later = mark + 3.hours
        assertTrue(later.hasNotPassedNow())
        ShadowSystemClock.advanceBy(Duration.ofHours(3))
        assertEquals(3.hours, mark.elapsedNow())
        assertTrue(later.hasPassedNow())
    }
}
