package org.vidimus.shell

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.RefreshScope
import org.vidimus.Wallet
import org.vidimus.app.Action
import org.vidimus.app.FaceTurn
import org.vidimus.app.FaceView
import org.vidimus.app.HistoryKind
import org.vidimus.app.LicenseNotice
import org.vidimus.app.NoticeKind
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.app.Tone
import org.vidimus.app.VerdictScreen
import org.vidimus.app.dueNotices
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.PlayedOfficer
import org.vidimus.support.Authority
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** A license from its offer to the phone that takes its place, between a driver and an officer. */
class WholeDayTest {
    @Test
    fun `a license is taken, accepted with its face, asked about, suspended and told of, refused and moved`(): Unit =
        runBlocking {
            Authority().use { authority ->
                PlayedOfficer(authority).use { officer -> day(authority, officer) }
            }
        }

    private suspend fun day(
        authority: Authority,
        officer: PlayedOfficer,
    ) {
        val registered = authority.register()
        DriversPhone(authority).use { phone ->
            PlayedDriver(phone).use { driver ->
                driver.enroll(registered)
                officer.goesOut()
                isAcceptedWithTheFace(driver, officer)
                answersAQuestion(driver, officer)
            }

            // The app is closed. The phone's worker fetches the suspension and notifies once.
            authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
            assertEquals(listOf(NoticeKind.StatusChanged), inTheBackground(phone).map { it.kind })
            assertEquals(emptyList(), inTheBackground(phone))
            PlayedDriver(phone).use { driver ->
                driver.seesLicense { it.card.status.sign.tone == Tone.BAD }
                val refused = isChecked(driver, officer)
                assertEquals(Tone.BAD, refused.sign.tone)
                assertEquals("state.suspended", assertNotNull(refused.standing).state.key)
                assertTrue(refused.reasons.isNotEmpty())
            }

            authority.setStatus(registered.id, LicenseStatus.VALID)
            isReplaced(phone, authority, registered.id, officer)
        }
        officer.does(OfficerAction.Log)
        val log = officer.sees<OfficerScreen.Log> { it.v1.rows.isNotEmpty() }.v1
        assertEquals(listOf(Tone.GOOD, Tone.BAD, Tone.BAD, Tone.GOOD, Tone.GOOD, Tone.GOOD), log.rows.map { it.sign.tone }, "the newest first")
        assertTrue(log.rows.all { it.number == "ZZ-4711-0815" })
    }

    private suspend fun isAcceptedWithTheFace(
        driver: PlayedDriver,
        officer: PlayedOfficer,
    ) {
        val license = driver.seesLicense { it.card.portrait != null }
        val portrait = assertNotNull(driver.shell.picture(assertNotNull(license.card.portrait)))
        driver.does(Action.Show)
        driver.seesCode()
        driver.does(Action.ShowFace(true))
        driver.seesCode { it.face != FaceTurn.Off }
        officer.does(OfficerAction.Check)
        val verdict = officer.looksAt(driver) { it.face is FaceView.Picture }
        assertEquals(Tone.GOOD, verdict.sign.tone, verdict.told)
        assertEquals("Zoë 美咲 Nakamura-Østergård", verdict.holder?.name)
        val face = assertIs<FaceView.Picture>(verdict.face)
        assertContentEquals(portrait, officer.picture(face.id))
        home(driver, officer)
    }

    private suspend fun answersAQuestion(
        driver: PlayedDriver,
        officer: PlayedOfficer,
    ) {
        // A doubt comes with a code that was seen.
        driver.does(Action.Show)
        driver.seesCode()
        officer.does(OfficerAction.Check)
        officer.looksAt(driver)
        driver.does(Action.Back)
        driver.seesLicense()
        val question = officer.asks()

        driver.does(Action.Answer)
        driver.does(Action.Scan)
        driver.sees<Screen.Scan>()
        driver.shell.seen(question)
        driver.sees<Screen.Answer> { it.v1.asker != null }
        driver.does(Action.AnswerNow)
        driver.seesCode()
        officer.does(OfficerAction.LookForAnswer)
        val verdict = officer.looksAt(driver) { it.isAnswer }
        assertEquals(Tone.GOOD, verdict.sign.tone)
        home(driver, officer)
    }

    /** The license moves to another phone; the first one is told, and refused. */
    private suspend fun isReplaced(
        first: DriversPhone,
        authority: Authority,
        license: String,
        officer: PlayedOfficer,
    ) {
        val again = authority.replace(license)
        DriversPhone(authority).use { second ->
            PlayedDriver(second).use { driver ->
                driver.enroll(again)
                val kinds = inTheBackground(first).map { it.kind }
                assertTrue(NoticeKind.OtherPhone in kinds, "$kinds")
                PlayedDriver(first).use { old ->
                    old.seesLicense { it.card.status.sign.tone == Tone.BAD }
                    assertEquals(Tone.BAD, isChecked(old, officer).sign.tone)
                    readsTheHistory(old)
                }
                assertEquals(Tone.GOOD, isChecked(driver, officer).sign.tone)
            }
        }
    }

    /** What a failed test says of a verdict. */
    private val VerdictScreen.told: String get() = "${word.key}: ${reasons.map { it.code }}"

    private suspend fun isChecked(
        driver: PlayedDriver,
        officer: PlayedOfficer,
    ): VerdictScreen {
        driver.does(Action.Show)
        driver.seesCode()
        officer.does(OfficerAction.Check)
        return officer.looksAt(driver).also { home(driver, officer) }
    }

    private suspend fun readsTheHistory(driver: PlayedDriver) {
        driver.does(Action.History)
        val rows = driver.sees<Screen.History>().v1.rows
        assertEquals(HistoryKind.ENROLLED, rows.last().kind)
        assertEquals(1, rows.count { it.kind == HistoryKind.ANSWERED })
        assertTrue(rows.count { it.kind == HistoryKind.STATUS_CHANGED } >= 2)
        val withFace = rows.filter { row -> row.details.any { it.key == "history.with_portrait" } }
        assertTrue(withFace.isNotEmpty() && withFace.all { it.kind == HistoryKind.SHOWN || it.kind == HistoryKind.ANSWERED })
    }

    private suspend fun home(
        driver: PlayedDriver,
        officer: PlayedOfficer,
    ) {
        driver.does(Action.Back)
        driver.sees<Screen.License>()
        officer.goesHome()
    }

    /** What the system's worker does on a phone. */
    private suspend fun inTheBackground(phone: DriversPhone): List<LicenseNotice> =
        Wallet.open(phone.directory, phone.keys).use { wallet ->
            wallet.refresh(RefreshScope.NOW)
            wallet.dueNotices().now
        }
}
