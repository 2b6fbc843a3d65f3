package org.vidimus.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import org.vidimus.DeviceException
import org.vidimus.NetworkAccess
import org.vidimus.app.Action
import org.vidimus.app.FaceTurn
import org.vidimus.app.FaceView
import org.vidimus.app.LiveCode
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Tone
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import org.vidimus.support.JdkTransport
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** The window's content without a window, on the real core and a real authority. */
@OptIn(ExperimentalTestApi::class)
internal class DeskTest {
    @Test
    fun `a license is taken, shown, accepted, suspended and then refused`() =
        onDesk { desk, _ ->
            takeOffer(desk)
            await("a valid license") { desk.tone == Tone.GOOD }

            show(desk)
            check(desk)
            await("a verdict") { desk.verdict?.sign?.tone == Tone.GOOD }

            press("Suspend")
            await("the clerk") { desk.note != null }
            desk.driver.send(Action.Back)
            await("the license") { desk.screen is Screen.License }
            desk.driver.send(Action.Refresh)
            await("the new status") { desk.tone == Tone.BAD }

            show(desk)
            check(desk)
            await("another verdict") { desk.verdict?.sign?.tone == Tone.BAD }
        }

    @Test
    fun `an officer without a network checks a driver with the face in under ten seconds`() {
        val network = JdkTransport()
        onDesk(network) { desk, _ ->
            takeOffer(desk)
            await("a valid license") { desk.tone == Tone.GOOD }
            await("the officer's lists") { (desk.checks.value.screen as? OfficerScreen.Start)?.v1?.mayCheck == true }
            network.before = { throw DeviceException.Unreachable() }
            show(desk)
            desk.driver.send(Action.ShowFace(true))
            await("the face in turn with the code") { desk.code()?.face != FaceTurn.Off }

            val began = TimeSource.Monotonic.markNow()
            desk.officer.send(OfficerAction.Check)
            await("the verdict with the face") { desk.verdict?.face is FaceView.Picture }
            val took = began.elapsedNow()
            println("desk_check_with_face ${took.inWholeMilliseconds} ms")
            assertEquals(Tone.GOOD, desk.verdict?.sign?.tone)
            assertTrue(took < 10.seconds, "it took $took")
        }
    }

    @Test
    fun `the phone changes its language, and the offer is copied`() =
        onDesk { desk, copied ->
            await("the first screen") { desk.screen is Screen.Welcome }
            press("العربية")
            onNodeWithText(Texts(Language.ARABIC)[Word.WELCOME_TITLE]).assertExists()
            press("Copy the offer")
            assertEquals(listOf(desk.offer), copied)
        }

    @Test
    fun `the window goes without waiting for the desk, which ends after it`() =
        LocalAuthority().use { authority ->
            lateinit var desk: Desk
            lateinit var code: LiveCode
            runDesktopComposeUiTest(WIDTH, HEIGHT) {
                var isOpen by mutableStateOf(true)
                setContent {
                    if (isOpen) OpenedDesk(authority.setting, { desk = it }) { DeskView(it, {}, reduceMotion = true) }
                }
                takeOffer(desk)
                await("a valid license") { desk.tone == Tone.GOOD }
                show(desk)
                code = checkNotNull(desk.code())
                isOpen = false
                waitForIdle()
            }
            assertNotNull(desk.driver.frame(code.showing, code.frame), "the app was ended with its window")
            desk.close()
            assertNull(desk.driver.frame(code.showing, code.frame))
        }

    private fun onDesk(
        network: NetworkAccess = NetworkAccess.BuiltIn(),
        block: ComposeUiTest.(Desk, List<String>) -> Unit,
    ) {
        val thread = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val scope = CoroutineScope(thread)
        LocalAuthority().use { authority ->
            val copied = mutableListOf<String>()
            val desk = Desk(authority.setting, scope, network)
            desk.use {
                runDesktopComposeUiTest(WIDTH, HEIGHT) {
                    // What moves for ever is never at rest.
                    setContent { DeskView(desk, copied::add, reduceMotion = true) }
                    desk.start()
                    block(desk, copied)
                }
            }
            scope.cancel()
        }
        thread.close()
    }

    private fun ComposeUiTest.takeOffer(desk: Desk) {
        await("the first screen") { desk.screen is Screen.Welcome }
        press("Open the link")
        await("the offer") { desk.screen is Screen.Offer }
        desk.driver.send(Action.TypeCode(desk.code, desk.driver.nextEdit(0uL)))
        await("the code") { (desk.screen as? Screen.Offer)?.v1?.mayTake == true }
        desk.driver.send(Action.TakeOffer)
    }

    private fun ComposeUiTest.show(desk: Desk) {
        desk.driver.send(Action.Show)
        await("a code") { desk.code() != null }
    }

    /** Looks for the next license, from wherever the officer is. */
    private fun ComposeUiTest.check(desk: Desk) {
        await("the officer's lists") { desk.checks.value.screen !is OfficerScreen.Opening }
        desk.officer.send(OfficerAction.Refresh)
        desk.officer.send(OfficerAction.Check)
    }

    private val Desk.verdict get() = (checks.value.screen as? OfficerScreen.Verdict)?.v1

    private fun Desk.code() = ((screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live)?.code

    private fun ComposeUiTest.press(text: String) {
        onNodeWithText(text).performClick()
    }

    private fun ComposeUiTest.await(
        what: String,
        condition: () -> Boolean,
    ) = waitUntil(what, PATIENCE, condition)

    private val Desk.screen get() = updates.value.screen

    private val Desk.tone
        get() =
            (screen as? Screen.License)
                ?.v1
                ?.card
                ?.status
                ?.sign
                ?.tone

    private companion object {
        const val WIDTH = 1240
        const val HEIGHT = 940
        const val PATIENCE = 30_000L
    }
}
