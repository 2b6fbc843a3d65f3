package org.vidimus.screens

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import org.junit.jupiter.api.Test
import org.vidimus.app.FaceTurn
import org.vidimus.app.Screen
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.Licenses
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.State
import org.vidimus.screens.support.StillDriver
import org.vidimus.shell.Driver
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.minutes

/** Which parts are composed again when something changes. */
@OptIn(ExperimentalTestApi::class)
class RecompositionTest {
    private val first = code(10u)

    private fun code(
        nextIn: UInt,
        frame: ULong = 1u,
        state: State = State.VALID,
        face: FaceTurn = FaceTurn.Off,
    ) = Showings.live(Fixtures.code(Fixtures.standing(state), frame = frame, nextIn = nextIn, endsIn = 290u + nextIn, face = face))

    @Test
    fun `all parts of the showing are composed at first`() {
        assertEquals(listOf(listOf("age", "clock", "countdown", "end", "face", "parties", "qr", "state")), composed(first))
    }

    @Test
    fun `a second touches the clock and the countdown alone`() {
        assertEquals(listOf("clock", "countdown"), composed(first, code(9u)).last())
    }

    @Test
    fun `a new code touches the QR, the clock and the countdown`() {
        assertEquals(listOf("clock", "countdown", "qr"), composed(first, code(9u, frame = 2u)).last())
    }

    @Test
    fun `a part of the face touches the QR and the countdown, and the button only when the driver presses it`() {
        val (token, part) = code(10u, face = FaceTurn.Token) to code(10u, frame = 2u, face = FaceTurn.Frame(0u, 3u))
        assertEquals(listOf(listOf("countdown", "face"), listOf("countdown", "qr")), composed(first, token, part).drop(1))
    }

    @Test
    fun `another state touches what says it and what stands on its field`() {
        assertEquals(listOf("age", "clock", "countdown", "end", "state"), composed(first, code(10u, state = State.SUSPENDED)).last())
    }

    @Test
    fun `the same again touches nothing`() {
        assertEquals(emptyList(), composed(first, code(10u)).last())
    }

    @Test
    fun `a code that has been drawn is not asked for again, and a new one once`() {
        val asked = mutableListOf<ULong>()
        val driver =
            StillDriver {
                asked += it
                Fixtures.symbol
            }
        composed(first, code(9u), code(8u), code(10u, frame = 2u), code(9u, frame = 2u), driver = driver)
        assertEquals(listOf<ULong>(1u, 2u), asked)
    }

    @Test
    fun `a refresh that begins leaves the card as it is`() {
        val screens = listOf(false, true).map { Screen.License(Licenses.Wallet(listOf(Fixtures.held()), refreshing = it).screen) }
        val parts = composed(*screens.toTypedArray<Screen>())
        assertEquals(listOf(listOf("age", "card", "details", "refresh", "state"), listOf("refresh")), parts)
    }

    @Test
    fun `an age that grows leaves the portrait and the details as they are`() {
        var decoded = 0
        val host = Stage.host(dark = false).run { Host(zone, dark, reduceMotion, { jpeg -> decode(jpeg).also { decoded++ } }, camera, version, notices) }
        val screens = listOf(12, 13).map { Screen.License(Licenses.Wallet(Fixtures.held(standing = Fixtures.standing(State.VALID, it.minutes))).screen) }
        val parts = composed(*screens.toTypedArray<Screen>(), host = host)
        assertEquals(listOf("age", "card"), parts.last())
        assertEquals(1, decoded)
    }

    /** The parts that each of these screens composes, one after another. */
    private fun composed(
        vararg screens: Screen,
        driver: Driver = StillDriver(),
        host: Host = Stage.host(dark = false),
    ): List<List<String>> {
        val heard = mutableListOf<String>()
        val parts = mutableListOf<List<String>>()
        runDesktopComposeUiTest(412, 915) {
            var screen by mutableStateOf(screens.first())
            val texts = Texts(Language.ENGLISH)
            setContent {
                CompositionLocalProvider(LocalProbe provides { heard += it }) { DriverScreens(screen, driver, texts, host) }
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
