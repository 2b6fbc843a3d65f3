package org.vidimus.shell

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.Reason
import org.vidimus.StandingKind
import org.vidimus.Tone
import org.vidimus.Verdict
import org.vidimus.findings
import org.vidimus.shell.support.Driver
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.scan
import org.vidimus.support.Authority
import org.vidimus.support.reader
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

class DriversDayTest {
    @Test
    fun `a driver's day, each code judged by the officer's reader`(): Unit =
        runBlocking {
            Authority().use { authority ->
                DriversPhone(authority).use { phone -> Driver(phone).use { day(authority, it) } }
            }
        }

    private suspend fun day(
        authority: Authority,
        driver: Driver,
    ) {
        val registered = authority.register()
        val model = driver.model
        model.start()
        assertEquals(WelcomeState(), driver.sees<Screen.Welcome>().state)

        model.scan()
        assertEquals(ScanState(ScanPurpose.OFFER), driver.sees<Screen.Scan>().state)
        model.scanned(registered.offer)
        val offer = driver.sees<Screen.Offer>().state
        assertEquals(authority.issuer, offer.issuer)
        assertTrue(offer.proven)
        model.typeCode(registered.txCode)
        driver.sees<Screen.Offer> { it.state.mayTake }
        model.takeOffer()

        val license = driver.seesLicense { it.card.portrait != null }
        assertEquals("Zoë 美咲 Nakamura-Østergård", license.card.holder?.name)
        assertEquals(StandingKind.VALID, license.card.standing.kind)
        assertEquals(Tone.GOOD, license.card.standing.tone)
        assertEquals(emptyList(), license.troubles)

        authority.reader(driver.phone.wallet).use { officer ->
            showTwoCodes(driver) { assertIs<Verdict.Accept>(officer.check(it)) }
            for (challenge in listOf(officer.ask("Patrol 7"), officer.askByDigits())) {
                val text = answer(driver, challenge.text, byCamera = challenge.symbol != null)
                val verdict = assertIs<Verdict.Accept>(officer.check(text, challenge))
                assertEquals(true, verdict.findings.token?.challenged)
            }

            authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
            model.refresh()
            val suspended = driver.seesTrouble(Trouble.SUSPENDED)
            assertEquals(Tone.BAD, suspended.card.standing.tone)
            model.show()
            val live = driver.seesShow<ShowState.Live>()
            assertEquals(listOf(Reason.SUSPENDED), officer.check(live.code.symbol.scan()).findings.reasons)
            model.back()
            driver.seesLicense()
        }

        readHistory(driver)
        remove(driver, license.card.id)
    }

    private suspend fun showTwoCodes(
        driver: Driver,
        judge: (String) -> Unit,
    ) {
        driver.model.show()
        val first = driver.seesShow<ShowState.Live>()
        assertEquals(null, first.code.audience)
        assertTrue(first.nextIn in 1..10 && first.endsIn in 290..300, "$first")
        judge(first.code.symbol.scan())
        val counted = driver.seesShow<ShowState.Live> { it.nextIn < first.nextIn }
        assertEquals(first.code, counted.code)
        val second = driver.seesShow<ShowState.Live> { it.code != first.code }
        assertTrue(second.endsIn < counted.endsIn)
        assertNotEquals(first.code.symbol, second.code.symbol)
        judge(second.code.symbol.scan())
        driver.model.endShow()
        assertEquals(false, driver.seesShow<ShowState.Over>().byItself)
        driver.model.back()
        driver.seesLicense()
    }

    /** What the officer's reader sees. */
    private suspend fun answer(
        driver: Driver,
        challenge: String,
        byCamera: Boolean,
    ): String {
        val model = driver.model
        model.answer()
        driver.sees<Screen.Answer>()
        if (byCamera) {
            model.scan()
            assertEquals(ScanPurpose.CHALLENGE, driver.sees<Screen.Scan>().state.purpose)
            model.scanned(challenge)
        } else {
            model.typeAnswer(challenge)
            model.readAnswer()
        }
        val asker = assertNotNull(driver.sees<Screen.Answer> { it.state.asker != null }.state.asker)
        assertEquals(Asker(if (byCamera) "Patrol 7" else null, proven = false), asker)
        model.answerNow()
        val live = driver.seesShow<ShowState.Live>()
        assertEquals(asker, live.code.audience)
        model.back()
        driver.seesLicense()
        return live.code.symbol.scan()
    }

    private suspend fun readHistory(driver: Driver) {
        driver.model.history()
        // It comes with what it has to tell, and not before.
        val history = driver.sees<Screen.History>().state
        assertTrue(history.intact)
        val events = history.rows.map { it.event }
        assertIs<HistoryEvent.Shown>(events.first(), "the last showing stands there already")
        assertEquals(HistoryEvent.Enrolled, events.last())
        assertTrue(HistoryEvent.StatusChanged(LicenseStatus.VALID, LicenseStatus.SUSPENDED) in events)
        val audiences = events.filterIsInstance<HistoryEvent.Shown>().map { it.audience }.reversed()
        val expected = listOf(null, Asker("Patrol 7", proven = false), Asker(null, proven = false), null)
        assertEquals(expected, audiences)
        assertTrue(history.rows.zipWithNext().all { (newer, older) -> newer.at >= older.at })
        assertTrue(history.rows.first().at - history.rows.last().at < 5.minutes)
        driver.model.back()
        driver.seesLicense()
    }

    private suspend fun remove(
        driver: Driver,
        license: String,
    ) {
        val model = driver.model
        model.settings()
        val settings = driver.sees<Screen.Settings>().state
        assertEquals(license, settings.licenses.single().id)
        assertEquals(driver.phone.notices, settings.notices)
        model.askToRemove(license)
        driver.sees<Screen.Settings> { it.state.removing == license }
        model.keep()
        driver.sees<Screen.Settings> { it.state.removing == null }
        model.askToRemove(license)
        driver.sees<Screen.Settings> { it.state.removing == license }
        model.remove()
        assertEquals(WelcomeState(), driver.sees<Screen.Welcome>().state)
        model.history()
        val rows = driver.sees<Screen.History> { it.state.rows.isNotEmpty() }.state.rows
        assertEquals(HistoryEvent.Removed, rows.first().event)
    }
}
