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
import org.vidimus.app.Action
import org.vidimus.app.LiveCode
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Tone
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** The window's content without a window, on the real core and a real authority. */
@OptIn(ExperimentalTestApi::class)
internal class DeskTest {
    @Test
    fun `a license is taken, shown, accepted, suspended and then refused`() =
        onDesk { desk, _ ->
            takeOffer(desk)
            await("a valid license") { desk.tone == Tone.GOOD }

            show(desk)
            press("Check the code")
            await("a verdict") { desk.judgement != null }
            assertEquals("Accept", desk.judgement?.word)

            press("Suspend")
            await("the clerk") { desk.note != null }
            desk.driver.send(Action.Back)
            await("the license") { desk.screen is Screen.License }
            desk.driver.send(Action.Refresh)
            await("the new status") { desk.tone == Tone.BAD }

            show(desk)
            press("Check the code")
            await("another verdict") { desk.judgement?.word == "Refuse" }
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

    private fun onDesk(block: ComposeUiTest.(Desk, List<String>) -> Unit) {
        val thread = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val scope = CoroutineScope(thread)
        LocalAuthority().use { authority ->
            val copied = mutableListOf<String>()
            val desk = Desk(authority.setting, scope)
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
        const val WIDTH = 780
        const val HEIGHT = 940
        const val PATIENCE = 30_000L
    }
}
