package org.vidimus.screens

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import org.junit.jupiter.api.Test
import org.vidimus.StandingKind
import org.vidimus.models.Language
import org.vidimus.models.LicenseState
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.Texts
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.NoActions
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals

/** Which parts are composed again when something changes. */
@OptIn(ExperimentalTestApi::class)
class RecompositionTest {
    private val code = Fixtures.code()
    private val live = ShowState.Live(code, nextIn = 10, endsIn = 300)

    @Test
    fun `all parts of the showing are composed at first`() {
        assertEquals(listOf(listOf("age", "countdown", "end", "parties", "qr", "state")), composed(show(live)))
    }

    @Test
    fun `a second touches the countdown alone`() {
        val next = live.copy(nextIn = 9, endsIn = 299)
        assertEquals(listOf("countdown"), composed(show(live), show(next)).last())
    }

    @Test
    fun `a new code touches the QR and the countdown`() {
        val next = live.copy(code = Fixtures.code().copy(symbol = Fixtures.symbolOf("DL1:" + "4".repeat(700))), nextIn = 9)
        assertEquals(listOf("countdown", "qr"), composed(show(live), show(next)).last())
    }

    @Test
    fun `another state touches what says it`() {
        val next = live.copy(code = code.copy(standing = Fixtures.standing(StandingKind.SUSPENDED)))
        assertEquals(listOf("age", "countdown", "state"), composed(show(live), show(next)).last())
    }

    @Test
    fun `the same again touches nothing`() {
        assertEquals(emptyList(), composed(show(live), show(live.copy())).last())
    }

    @Test
    fun `a refresh that begins leaves the card as it is`() {
        val state = LicenseState(listOf(Fixtures.card()), 0)
        val screens = listOf(state, state.copy(refreshing = true)).map { Screen.License(it) }.toTypedArray<Screen>()
        assertEquals(listOf(listOf("age", "card", "details", "refresh", "state"), listOf("refresh")), composed(*screens))
    }

    private fun show(state: ShowState) = Screen.Show(state)

    /** The parts that each of these screens composes, one after another. */
    private fun composed(vararg screens: Screen): List<List<String>> {
        val heard = mutableListOf<String>()
        val parts = mutableListOf<List<String>>()
        runDesktopComposeUiTest(412, 915) {
            var screen by mutableStateOf(screens.first())
            val host = Stage.host(dark = false)
            val texts = Texts(Language.ENGLISH)
            setContent {
                CompositionLocalProvider(LocalProbe provides { heard += it }) { DriverApp(screen, NoActions, texts, host) }
            }
            for (next in screens) {
                runOnUiThread { screen = next }
                waitForIdle()
                parts += heard.sorted()
                heard.clear()
            }
        }
        return parts
    }
}
