package org.vidimus.screens

import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.Reason
import org.vidimus.Verdict
import org.vidimus.Verifier
import org.vidimus.app.LockOutcome
import org.vidimus.app.Trouble
import org.vidimus.findings
import org.vidimus.screens.support.Finger
import org.vidimus.screens.support.title
import org.vidimus.screens.support.words
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.officer
import org.vidimus.support.Authority
import org.vidimus.support.Registered
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals

/** A driver's day by fingers and eyes alone, on the real core and a real authority. */
class DriversDayOnTheScreenTest {
    private val texts = Texts(Language.ENGLISH)

    /** What the driver's lock says. */
    @Volatile
    private var answer = LockOutcome.OPENED

    /** How often the lock should have asked. */
    private var reasons = 0

    /** How often the driver was asked who they are. */
    private val asked = AtomicInteger()

    @Test
    fun `an offer, a code, a license, two codes, an officer, a suspension, the history, and the end`() {
        Authority().use { authority ->
            DriversPhone(authority).use { phone ->
                phone.lock = {
                    asked.incrementAndGet()
                    answer
                }
                Finger.on(phone, texts) { day(authority) }
            }
        }
    }

    private fun Finger.day(authority: Authority) {
        val registered = authority.register()
        takesTheOffer(registered, authority.issuer)
        authority.officer().use { officer ->
            isNotTheOwner()
            showsTwoCodes(officer)
            isAsked(officer)
            isAskedByDigits(officer)
            isSuspended(authority, registered, officer)
        }
        readsTheHistory()
        removes()
    }

    private fun Finger.takesTheOffer(
        registered: Registered,
        issuer: String,
    ) {
        sees(Word.WELCOME_TITLE)
        taps(Word.WELCOME_SCAN)
        sees(Word.SCAN_HINT)
        pointsAt(registered.offer)
        sees(Word.OFFER_PROVEN)
        sees(issuer)
        types(Word.OFFER_CODE, registered.txCode)
        taps(Word.OFFER_TAKE)
        sees("ZZ-4711-0815")
        sees(Word.STATE_VALID)
        sees(Word.LICENSE_PORTRAIT)
    }

    /** Without the lock's yes nothing is shown. */
    private fun Finger.isNotTheOwner() {
        answer = LockOutcome.CANCELLED
        isAskedByTheLock { taps(Word.LICENSE_SHOW) }
        sees(Word.SHOW_CANCELLED)
        misses(Word.SHOW_QR)
        answer = LockOutcome.OPENED
        isAskedByTheLock { taps(Word.SHOW_UNLOCK) }
        sees(Word.SHOW_TO_ANYONE)
        ends()
    }

    private fun Finger.showsTwoCodes(officer: Verifier) {
        isAskedByTheLock { taps(Word.LICENSE_SHOW) }
        sees(Word.SHOW_TO_ANYONE)
        val first = shows()
        assertIs<Verdict.Accept>(officer.check(first))
        // The screen goes on by itself.
        sees(Word.SHOW_NEW_CODE, "3")
        sees(Word.SHOW_NEW_CODE, "9")
        val second = shows()
        assertNotEquals(first, second)
        assertIs<Verdict.Accept>(officer.check(second))
        ends()
    }

    private fun Finger.isAsked(officer: Verifier) {
        val challenge = officer.ask("Patrol 7")
        taps(Word.LICENSE_ANSWER)
        taps(Word.ANSWER_SCAN)
        pointsAt(challenge.text)
        sees("Patrol 7")
        sees(Word.ANSWER_UNPROVEN)
        isAskedByTheLock { taps(Word.ANSWER_SHOW) }
        // An answer is good for 110 s after the question.
        sees(Word.SHOW_ENDS, "1:45")
        val verdict = assertIs<Verdict.Accept>(officer.check(shows(), challenge))
        assertEquals(true, verdict.findings.token?.challenged)
        sees("Patrol 7")
        ends()
    }

    /** The officer has no screen to scan and reads eight digits out. */
    private fun Finger.isAskedByDigits(officer: Verifier) {
        val challenge = officer.askByDigits()
        assertEquals(8, challenge.text.length)
        taps(Word.LICENSE_ANSWER)
        types(Word.ANSWER_DIGITS, challenge.text)
        taps(Word.ANSWER_READ)
        sees(Word.ANSWER_BY_DIGITS)
        isAskedByTheLock { taps(Word.ANSWER_SHOW) }
        val verdict = assertIs<Verdict.Accept>(officer.check(shows(), challenge))
        assertEquals(true, verdict.findings.token?.challenged)
        sees(Word.ANSWER_BY_DIGITS)
        ends()
    }

    private fun Finger.isSuspended(
        authority: Authority,
        registered: Registered,
        officer: Verifier,
    ) {
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        taps(Word.LICENSE_REFRESH)
        taps(texts[Trouble.SUSPENDED.title])
        Trouble.SUSPENDED.words.forEach { sees(it) }
        isAskedByTheLock { taps(Word.LICENSE_SHOW) }
        sees(Word.SHOW_TO_ANYONE)
        assertEquals(listOf(Reason.SUSPENDED), officer.check(shows()).findings.reasons)
        ends()
    }

    private fun Finger.ends() {
        taps(Word.SHOW_END)
        sees(Word.SHOW_ENDED)
        taps(Word.COMMON_BACK)
    }

    /** The lock asks once for each showing and for a removal, and for nothing else. */
    private fun Finger.isAskedByTheLock(act: Finger.() -> Unit) {
        val before = asked.get()
        act()
        awaits("the lock") { asked.get() > before }
        reasons++
        assertEquals(reasons, asked.get())
    }

    private fun Finger.readsTheHistory() {
        taps(Word.LICENSE_HISTORY)
        sees(Word.HISTORY_SHOWN)
        sees(Word.HISTORY_SHOWN_TO, "Patrol 7")
        sees(Word.HISTORY_SHOWN_DIGITS)
        sees(Word.HISTORY_STATUS_CHANGED, texts[Word.STATE_VALID], texts[Word.STATE_SUSPENDED])
        sees(Word.HISTORY_ENROLLED)
        taps(Word.COMMON_BACK)
    }

    private fun Finger.removes() {
        taps(Word.LICENSE_SETTINGS)
        taps("${texts[Word.SETTINGS_REMOVE]}: Zoë 美咲 Nakamura-Østergård")
        sees(Word.SETTINGS_REMOVE_BODY)
        taps(Word.COMMON_CANCEL)
        misses(Word.SETTINGS_REMOVE_BODY)
        taps("${texts[Word.SETTINGS_REMOVE]}: Zoë 美咲 Nakamura-Østergård")
        isAskedByTheLock { taps(Word.SETTINGS_REMOVE_YES) }
        sees(Word.WELCOME_TITLE)
        taps(Word.LICENSE_HISTORY)
        sees(Word.HISTORY_REMOVED)
        taps(Word.COMMON_BACK)
        taps(Word.LICENSE_SETTINGS)
        sees(Word.SETTINGS_STORED)
        assertEquals(reasons, asked.get())
    }
}
