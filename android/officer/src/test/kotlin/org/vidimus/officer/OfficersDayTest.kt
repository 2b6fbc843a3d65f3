package org.vidimus.officer

import android.os.Bundle
import android.os.Looper
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.vidimus.LicenseStatus
import org.vidimus.app.Action
import org.vidimus.app.FaceView
import org.vidimus.app.LiveCode
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Tone
import org.vidimus.app.VerdictScreen
import org.vidimus.officer.support.RealOfficer
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.scan
import org.vidimus.support.Authority
import org.vidimus.support.Registered
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/**
 * An officer's day in the app: the real core, a real authority, and a real driver whose screen the
 * camera sees.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = RealOfficer::class)
internal class OfficersDayTest {
    private val app: RealOfficer get() = RuntimeEnvironment.getApplication() as RealOfficer
    private lateinit var authority: Authority
    private lateinit var registered: Registered
    private lateinit var phone: DriversPhone
    private lateinit var driver: PlayedDriver
    private lateinit var controller: ActivityController<OfficerActivity>
    private val shell get() = controller.get().shell

    @Before
    fun begin() {
        authority = Authority()
        registered = authority.register()
        phone = DriversPhone(authority)
        driver = PlayedDriver(phone)
        runBlocking { driver.enroll(registered) }
        app.server = authority
        open()
        refresh()
    }

    @After
    fun end() {
        controller.close()
        driver.close()
        phone.close()
        authority.close()
    }

    @Test
    fun `a driver is accepted with the face, whose bytes are the authority's`() {
        shows()
        driver.does(Action.ShowFace(true))
        does(OfficerAction.Check)
        val verdict = looksUntil { it.face is FaceView.Picture }
        assertEquals(Tone.GOOD, verdict.sign.tone)
        assertEquals("Zoë 美咲 Nakamura-Østergård", verdict.holder?.name)
        val id = assertIs<FaceView.Picture>(verdict.face).id
        val face = assertNotNull(shell.picture(id))
        assertContentEquals(byteArrayOf(0xFF.toByte(), 0xD8.toByte()), face.copyOf(2), "it is no JPEG")
        // The camera is not needed any more.
        assertNull(verdict.torch)
        does(OfficerAction.Back)
        sees<OfficerScreen.Start>()
        await("the face to be gone") { shell.picture(id) == null }
    }

    @Test
    fun `a doubt is settled by a question that the driver's phone answers`() {
        shows()
        does(OfficerAction.Check)
        looksUntil { it.holder != null }
        does(OfficerAction.Ask)
        val question = assertNotNull(sees<OfficerScreen.Doubt> { it.v1.qr != null }.v1.qr)
        val asked = assertNotNull(shell.question(question)).scan()

        driver.does(Action.EndShow)
        answers(asked)
        does(OfficerAction.LookForAnswer)
        val verdict = looksUntil { it.isAnswer }
        assertEquals(Tone.GOOD, verdict.sign.tone)
        does(OfficerAction.Check)
        await("the question to be gone") { shell.question(question) == null }
    }

    @Test
    fun `a suspended license is refused, and both checks are in the log with the number`() {
        shows()
        does(OfficerAction.Check)
        val first = looksUntil { it.holder != null }
        assertEquals(Tone.GOOD, first.sign.tone)

        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        hearsOfIt()
        does(OfficerAction.Check)
        sees<OfficerScreen.Look>()
        val second = looksUntil { it.holder != null }
        assertEquals(Tone.BAD, second.sign.tone)

        does(OfficerAction.Back)
        sees<OfficerScreen.Start>()
        does(OfficerAction.Log)
        val rows = sees<OfficerScreen.Log>().v1.rows
        assertEquals(listOf(Tone.BAD, Tone.GOOD), rows.map { it.sign.tone })
        assertTrue(rows.all { it.number == first.holder?.number }, "an officer accounts for each check")
    }

    @Test
    fun `a license is off the screen as soon as the app is out of sight`() {
        shows()
        does(OfficerAction.Check)
        looksUntil { it.holder != null }
        controller.pause().stop()
        sees<OfficerScreen.Start>()
        assertTrue(shell.updates.value.effects.isEmpty(), "the camera is still asked for")
        controller.restart().resume()
        sees<OfficerScreen.Start>()
    }

    @Test
    fun `turned round the verdict stays, and after the process has died the log has the check`() {
        shows()
        does(OfficerAction.Check)
        val verdict = looksUntil { it.holder != null }
        controller.recreate()
        assertEquals(verdict.holder, sees<OfficerScreen.Verdict>().v1.holder)

        val state = Bundle()
        controller.pause().stop().saveInstanceState(state).destroy()
        controller = Robolectric.buildActivity(OfficerActivity::class.java).setup(state)
        // Nothing of a check outlasts the process but the log.
        sees<OfficerScreen.Start>()
        does(OfficerAction.Log)
        assertEquals(verdict.holder?.number, sees<OfficerScreen.Log>().v1.rows.single().number)
    }

    @Test
    fun `without a camera the text of a code is typed`() {
        val code = shows()
        does(OfficerAction.Check)
        sees<OfficerScreen.Look> { it.v1.torch != null }
        shell.cameraRefused()
        sees<OfficerScreen.Look> { it.v1.refused != null }
        does(OfficerAction.TypeInstead)
        sees<OfficerScreen.Look> { it.v1.typing != null }
        does(OfficerAction.TypeText(driver.scan(code), shell.nextEdit(0u)))
        sees<OfficerScreen.Look> { it.v1.mayRead }
        does(OfficerAction.ReadText)
        assertEquals(Tone.GOOD, sees<OfficerScreen.Verdict>().v1.sign.tone)
    }

    /** The driver shows the license to anyone. */
    private fun shows(): LiveCode =
        runBlocking {
            driver.does(Action.Show)
            driver.seesCode()
        }

    /** The driver's phone fetches the status, and shows the license once more. */
    private fun hearsOfIt() {
        runBlocking {
            driver.does(Action.EndShow)
            driver.sees<Screen.Show> { it.v1.phase is ShowPhase.Over }
            driver.does(Action.Back)
            driver.seesLicense()
            driver.does(Action.Refresh)
            driver.seesLicense { it.card.status.sign.tone == Tone.BAD }
        }
        shows()
    }

    private fun answers(question: String) =
        runBlocking {
            driver.sees<Screen.Show> { it.v1.phase is ShowPhase.Over }
            driver.does(Action.Back)
            driver.seesLicense()
            driver.does(Action.Answer)
            driver.sees<Screen.Answer>()
            driver.does(Action.Scan)
            driver.sees<Screen.Scan>()
            driver.shell.seen(question)
            driver.sees<Screen.Answer> { it.v1.asker != null }
            driver.does(Action.AnswerNow)
            driver.seesCode()
        }

    /** The officer's camera sees the driver's screen, until the verdict says so. */
    private fun looksUntil(test: (VerdictScreen) -> Boolean): VerdictScreen {
        await("the verdict") {
            val live = ((driver.shell.updates.value.screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live)?.code
            // The frame may be over by the time that it is looked at.
            live?.let { driver.shell.frame(it.showing, it.frame) }?.let { shell.seen(listOf(it.scan())) }
            verdict?.let(test) == true
        }
        return assertNotNull(verdict)
    }

    private val verdict: VerdictScreen? get() = (shell.updates.value.screen as? OfficerScreen.Verdict)?.v1

    /** All that the authority has signed by now. */
    private fun refresh() {
        sees<OfficerScreen.Start> { !it.v1.refreshing }
        val before = shell.updates.value.number
        does(OfficerAction.Refresh)
        await("the newest lists") {
            val update = shell.updates.value
            val start = (update.screen as? OfficerScreen.Start)?.v1
            update.number > before && start?.refreshing == false && start.note == null
        }
    }

    private fun open() {
        controller = Robolectric.buildActivity(OfficerActivity::class.java).setup()
    }

    private fun does(action: OfficerAction) = shell.send(action)

    private inline fun <reified S : OfficerScreen> sees(crossinline test: (S) -> Boolean = { true }): S {
        var found: S? = null
        await("a ${S::class.simpleName}") {
            found = (shell.updates.value.screen as? S)?.takeIf { test(it) }
            found != null
        }
        return assertNotNull(found)
    }

    private fun await(
        what: String,
        test: () -> Boolean,
    ) {
        val end = System.nanoTime() + PATIENCE
        while (!test()) {
            check(System.nanoTime() < end) { "$what does not come; there is a ${shell.updates.value.screen::class.simpleName}" }
            Thread.sleep(10)
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    private companion object {
        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 60_000_000_000L
    }
}
