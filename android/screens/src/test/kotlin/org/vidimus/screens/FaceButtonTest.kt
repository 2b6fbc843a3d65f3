package org.vidimus.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import org.junit.jupiter.api.Test
import org.vidimus.app.Action
import org.vidimus.app.FaceTurn
import org.vidimus.app.Screen
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.StillDriver
import org.vidimus.shell.Driver
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.test.assertEquals

/** The driver alone says whether the face is shown. */
@OptIn(ExperimentalTestApi::class)
class FaceButtonTest {
    private val texts = Texts(Language.ENGLISH)

    @Test
    fun `the button of a showing puts the face on, and off again`() {
        assertEquals(listOf<Action>(Action.ShowFace(true)), pressed(live(FaceTurn.Off), Word.SHOW_FACE_ON))
        assertEquals(listOf<Action>(Action.ShowFace(false)), pressed(live(FaceTurn.Token), Word.SHOW_FACE_OFF))
        assertEquals(listOf<Action>(Action.ShowFace(false)), pressed(live(FaceTurn.Frame(0u, 3u)), Word.SHOW_FACE_OFF))
    }

    @Test
    fun `the button beside a question that asks for the face does the same`() {
        assertEquals(listOf<Action>(Action.ShowFace(true)), pressed(screenOf("answer-face"), Word.SHOW_FACE_ON))
        assertEquals(listOf<Action>(Action.ShowFace(false)), pressed(screenOf("answer-face-on"), Word.SHOW_FACE_OFF))
    }

    private fun screenOf(sample: String) = checkNotNull(Samples.named(sample).screen)

    @Test
    fun `without a face there is no button`() {
        runDesktopComposeUiTest(412, 915) {
            for (screen in listOf(live(FaceTurn.None), screenOf("answer-proven"))) {
                setContent { DriverScreens(screen, StillDriver(), texts, Stage.host(dark = false)) }
                for (word in listOf(Word.SHOW_FACE_ON, Word.SHOW_FACE_OFF)) onNodeWithText(texts[word]).assertDoesNotExist()
            }
        }
    }

    private fun live(face: FaceTurn): Screen = Showings.live(Fixtures.code(face = face))

    /** What the driver's app hears when this is pressed. */
    private fun pressed(
        screen: Screen,
        word: Word,
    ): List<Action> {
        val heard = mutableListOf<Action>()
        val driver =
            object : Driver by StillDriver() {
                override fun send(action: Action) {
                    heard += action
                }
            }
        runDesktopComposeUiTest(412, 915) {
            setContent { DriverScreens(screen, driver, texts, Stage.host(dark = false)) }
            onNodeWithText(texts[word]).performScrollTo().performClick()
        }
        return heard
    }
}
