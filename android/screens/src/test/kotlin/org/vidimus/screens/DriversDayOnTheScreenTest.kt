package org.vidimus.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.Reason
import org.vidimus.Verdict
import org.vidimus.Verifier
import org.vidimus.findings
import org.vidimus.models.Language
import org.vidimus.models.Texts
import org.vidimus.models.Trouble
import org.vidimus.models.Word
import org.vidimus.models.support.DriversPhone
import org.vidimus.screens.design.holds
import org.vidimus.screens.design.title
import org.vidimus.screens.design.word
import org.vidimus.screens.support.Eye
import org.vidimus.screens.support.Finger
import org.vidimus.screens.support.Fonts
import org.vidimus.support.Authority
import org.vidimus.support.Registered
import org.vidimus.support.reader
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals

/** A driver's day by fingers and eyes alone, on the real core and a real authority. */
@OptIn(ExperimentalTestApi::class)
class DriversDayOnTheScreenTest {
    private val texts = Texts(Language.ENGLISH)

    @Test
    fun `an offer, a code, a license, two codes, an officer, a suspension, the history, and the end`() {
        Fonts.require()
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
        Authority().use { authority ->
            DriversPhone(authority).use { phone ->
                var day = Result.success(Unit)
                runDesktopComposeUiTest(824, 1830) {
                    val finger = Finger(this, phone, scope, texts, Eye())
                    day = runCatching { finger.day(authority, phone) }
                    finger.model.close()
                }
                runBlocking { scope.coroutineContext.job.cancelAndJoin() }
                day.getOrThrow()
            }
        }
    }

    private fun Finger.day(
        authority: Authority,
        phone: DriversPhone,
    ) {
        val registered = authority.register()
        takesTheOffer(registered, authority.issuer)
        runBlocking { authority.reader(phone.wallet) }.use { officer ->
            showsTwoCodes(officer)
            isAsked(officer)
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
        sees(LicenseStatus.VALID.word)
        sees(Word.LICENSE_PORTRAIT)
    }

    private fun Finger.showsTwoCodes(officer: Verifier) {
        taps(Word.LICENSE_SHOW)
        sees(Word.SHOW_TO_ANYONE)
        val first = shows()
        assertIs<Verdict.Accept>(officer.check(first))
        // The screen goes on by itself.
        sees(Word.SHOW_NEW_CODE, "3")
        sees(Word.SHOW_NEW_CODE, "9")
        val second = shows()
        assertNotEquals(first, second)
        assertIs<Verdict.Accept>(officer.check(second))
        taps(Word.SHOW_END)
        sees(Word.SHOW_ENDED)
        taps(Word.COMMON_BACK)
    }

    private fun Finger.isAsked(officer: Verifier) {
        val challenge = officer.ask("Patrol 7")
        taps(Word.LICENSE_ANSWER)
        taps(Word.ANSWER_SCAN)
        pointsAt(challenge.text)
        sees("Patrol 7")
        sees(Word.ANSWER_UNPROVEN)
        taps(Word.ANSWER_SHOW)
        sees(Word.SHOW_ENDS, "4:57")
        val verdict = assertIs<Verdict.Accept>(officer.check(shows(), challenge))
        assertEquals(true, verdict.findings.token?.challenged)
        sees("Patrol 7")
        taps(Word.SHOW_END)
        taps(Word.COMMON_BACK)
    }

    private fun Finger.isSuspended(
        authority: Authority,
        registered: Registered,
        officer: Verifier,
    ) {
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        taps(Word.LICENSE_REFRESH)
        taps(texts[Trouble.SUSPENDED.title])
        sees(Trouble.SUSPENDED.holds)
        taps(Word.LICENSE_SHOW)
        sees(Word.SHOW_TO_ANYONE)
        assertEquals(listOf(Reason.SUSPENDED), officer.check(shows()).findings.reasons)
        taps(Word.SHOW_END)
        taps(Word.COMMON_BACK)
    }

    private fun Finger.readsTheHistory() {
        taps(Word.LICENSE_HISTORY)
        sees(Word.HISTORY_SHOWN)
        sees(Word.HISTORY_SHOWN_TO, "Patrol 7")
        sees(Word.HISTORY_STATUS_CHANGED, texts[LicenseStatus.VALID.word], texts[LicenseStatus.SUSPENDED.word])
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
        taps(Word.SETTINGS_REMOVE_YES)
        sees(Word.WELCOME_TITLE)
    }
}
