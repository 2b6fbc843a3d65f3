package org.vidimus.shell

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.Reason
import org.vidimus.Verdict
import org.vidimus.Verifier
import org.vidimus.app.Action
import org.vidimus.app.HistoryKind
import org.vidimus.app.LockOutcome
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.UnlockReason
import org.vidimus.findings
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.officer
import org.vidimus.shell.support.told
import org.vidimus.support.Authority
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A driver's day through a shell, on the real core and a real authority. */
class DriversDayTest {
    @Test
    fun `a driver's day, each code judged by the officer's reader`(): Unit =
        runBlocking {
            Authority().use { authority ->
                DriversPhone(authority).use { phone -> PlayedDriver(phone).use { it.day(authority) } }
            }
        }

    @Test
    fun `what was typed and what was asked about outlasts a process, and a showing does not`(): Unit =
        runBlocking {
            Authority().use { authority ->
                DriversPhone(authority).use { phone ->
                    val registered = authority.register()
                    var kept =
                        PlayedDriver(phone).use {
                            it.sees<Screen.Welcome>()
                            it.shell.link(registered.offer)
                            it.sees<Screen.Offer>()
                            it.types { edit -> Action.TypeCode("12", edit) }
                            it.leaves()
                        }
                    kept =
                        PlayedDriver(phone, kept).use {
                            assertEquals("12", it.sees<Screen.Offer>().v1.code?.field?.text)
                            it.types { edit -> Action.TypeCode(registered.txCode, edit) }
                            it.does(Action.TakeOffer)
                            val license = it.seesLicense().card.id
                            it.does(Action.Settings)
                            it.does(Action.AskToRemove(license))
                            it.sees<Screen.Settings> { settings -> settings.v1.licenses.any { row -> row.asked } }
                            it.leaves()
                        }
                    kept =
                        PlayedDriver(phone, kept).use {
                            it.sees<Screen.Settings> { settings -> settings.v1.licenses.single().asked }
                            it.does(Action.Back)
                            it.seesLicense()
                            it.does(Action.Show)
                            it.seesCode()
                            it.leaves()
                        }
                    PlayedDriver(phone, kept).use { it.seesLicense() }
                }
            }
        }

    private suspend fun PlayedDriver.day(authority: Authority) {
        val registered = authority.register()
        takesTheOffer(registered.offer, registered.txCode, authority.issuer)

        val license = seesLicense { it.card.portrait != null }
        assertEquals("Zoë 美咲 Nakamura-Østergård", license.card.holder?.name)
        assertEquals(Tone.GOOD, license.card.status.sign.tone)
        assertEquals(emptyList(), license.told)
        val jpeg = assertNotNull(shell.picture(assertNotNull(license.card.portrait)))
        assertEquals(listOf(0xFF.toByte(), 0xD8.toByte()), jpeg.take(2))

        authority.officer().use { officer ->
            isNotTheOwner()
            showsTwoCodes(officer)
            for (challenge in listOf(officer.ask("Patrol 7"), officer.askByDigits())) {
                val text = answers(challenge.text, byCamera = challenge.symbol != null)
                val verdict = assertIs<Verdict.Accept>(officer.check(text, challenge))
                assertEquals(true, verdict.findings.token?.challenged)
            }
            authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
            does(Action.Refresh)
            assertEquals(Tone.BAD, seesTrouble(Trouble.SUSPENDED).card.status.sign.tone)
            does(Action.Show)
            assertEquals(listOf(Reason.SUSPENDED), officer.check(scan(seesCode())).findings.reasons)
            goesHome()
        }
        readsTheHistory()
        removes(license.card.id)
    }

    private suspend fun PlayedDriver.takesTheOffer(
        offer: String,
        code: String,
        issuer: String,
    ) {
        sees<Screen.Welcome>()
        does(Action.Scan)
        sees<Screen.Scan>()
        shell.seen(offer)
        val read = sees<Screen.Offer>().v1
        assertEquals(issuer, read.issuer)
        assertEquals(Tone.GOOD, read.proof.sign.tone)
        types { Action.TypeCode(code, it) }
        sees<Screen.Offer> { it.v1.mayTake }
        does(Action.TakeOffer)
    }

    /** Without the lock's yes nothing is shown. */
    private suspend fun PlayedDriver.isNotTheOwner() {
        val reasons = CopyOnWriteArrayList<UnlockReason>()
        phone.lock = {
            reasons += it
            LockOutcome.CANCELLED
        }
        does(Action.Show)
        sees<Screen.Show> { it.v1.phase is ShowPhase.Locked }
        assertEquals(listOf(UnlockReason.SHOWING), reasons.toList())
        phone.lock = { LockOutcome.OPENED }
        goesHome()
    }

    private suspend fun PlayedDriver.showsTwoCodes(officer: Verifier) {
        does(Action.Show)
        val first = seesCode()
        assertNull(first.audience)
        assertTrue(first.nextInS in 1u..10u)
        val read = scan(first)
        assertIs<Verdict.Accept>(officer.check(read))
        val counted = seesCode { it.nextInS < first.nextInS }
        assertEquals(first.frame, counted.frame)
        val second = seesCode { it.frame > first.frame }
        assertNotEquals(read, scan(second))
        assertIs<Verdict.Accept>(officer.check(scan(second)))
        does(Action.EndShow)
        sees<Screen.Show> { it.v1.phase is ShowPhase.Over }
        assertNull(shell.frame(second.showing, second.frame), "its picture is gone with it")
        goesHome()
    }

    /** What the officer's reader sees. */
    private suspend fun PlayedDriver.answers(
        challenge: String,
        byCamera: Boolean,
    ): String {
        does(Action.Answer)
        sees<Screen.Answer>()
        if (byCamera) {
            does(Action.Scan)
            sees<Screen.Scan>()
            shell.seen(challenge)
        } else {
            types { Action.TypeAnswer(challenge, it) }
            does(Action.ReadAnswer)
        }
        val asker = assertNotNull(sees<Screen.Answer> { it.v1.asker != null }.v1.asker)
        assertEquals(Tone.CAUTION, asker.proof.sign.tone)
        does(Action.AnswerNow)
        val code = seesCode()
        assertEquals(asker, code.audience)
        return scan(code).also { goesHome() }
    }

    private suspend fun PlayedDriver.readsTheHistory() {
        does(Action.History)
        val history = sees<Screen.History>().v1
        assertNull(history.broken)
        val kinds = history.rows.map { it.kind }
        assertEquals(HistoryKind.SHOWN, kinds.first(), "the last showing stands there already")
        assertEquals(HistoryKind.ENROLLED, kinds.last())
        assertEquals(2, kinds.count { it == HistoryKind.ANSWERED })
        assertTrue(HistoryKind.STATUS_CHANGED in kinds)
        goesHome()
    }

    private suspend fun PlayedDriver.removes(license: String) {
        does(Action.Settings)
        assertEquals(
            license,
            sees<Screen.Settings>()
                .v1.licenses
                .single()
                .id,
        )
        does(Action.AskToRemove(license))
        sees<Screen.Settings> { it.v1.licenses.single().asked }
        does(Action.Keep)
        sees<Screen.Settings> { !it.v1.licenses.single().asked }
        does(Action.AskToRemove(license))
        val reasons = CopyOnWriteArrayList<UnlockReason>()
        phone.lock = {
            reasons += it
            LockOutcome.OPENED
        }
        does(Action.Remove)
        sees<Screen.Welcome>()
        assertEquals(listOf(UnlockReason.REMOVING), reasons.toList())
    }

    private suspend fun PlayedDriver.goesHome() {
        does(Action.Back)
        seesLicense()
    }
}
