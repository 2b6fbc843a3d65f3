package org.vidimus

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

class StandingTest {
    @Test
    fun `each kind has a tone, and words of its own`() {
        val all = StandingKind.entries.map { it.standing }
        assertEquals(StandingKind.entries, all.map { it.kind })
        assertEquals(all.size, all.map { it.wordKey }.toSet().size)
        assertEquals(Tone.BAD, StandingKind.LICENSE_EXPIRED.standing.tone)
    }

    @Test
    fun `a license stands as its outlook says for that time`() {
        val kinds = listOf(StandingKind.VALID, StandingKind.STATUS_STALE, StandingKind.LICENSE_EXPIRED)
        val outlook = listOf(0.hours, 24.hours, 30.hours).zip(kinds) { after, kind -> StandingSpan(after, listOf(kind.standing)) }
        val report = StatusReport(LicenseStatus.VALID, null, StatusSource.STAPLE, null)
        val held = HeldLicense("id", null, report, kinds.first().standing, outlook, null, null, false, false)
        val told = listOf(-1.days, Duration.ZERO, 24.hours - 1.seconds, 24.hours, 30.hours, 99.days)
        val shown = told.map { held.standingsAfter(it).first().kind }
        assertEquals(listOf(0, 0, 0, 1, 2, 2).map(kinds::get), shown)
    }

    @Test
    fun `the default policy is the profile's`() {
        val policy = Verifier.DEFAULT_POLICY
        assertEquals(VerifierPolicy(30.seconds, 30.seconds, 24.hours, 7.days, 4_096), policy)
    }
}
