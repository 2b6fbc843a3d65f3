package org.vidimus.screens

import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextInputSelection
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextRange
import org.junit.jupiter.api.Test
import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.app.AnswerScreen
import org.vidimus.app.Field
import org.vidimus.app.Screen
import org.vidimus.screens.support.Stage
import org.vidimus.shell.Driver
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import kotlin.test.assertEquals

/**
 * What is typed goes to a core that may be slow: no key is lost, and what the core says of it
 * counts in the end.
 */
@OptIn(ExperimentalTestApi::class)
class FieldTest {
    @Test
    fun `a core that is slow eats no key`() =
        typing { core ->
            for ((typed, whole) in listOf("1" to "1", "2" to "12", "3" to "123", "4" to "1234")) {
                types(typed)
                assertEquals(whole, text())
            }
            // It hears one after another what is long out of date.
            repeat(4) {
                hears(core)
                assertEquals("1234", text())
            }
            assertEquals(listOf("1", "12", "123", "1234"), core.heard)
            assertEquals("1234", core.field.text)
        }

    @Test
    fun `what the core makes of a text counts once it has heard all of it`() =
        typing { core ->
            types("1")
            types("x")
            hears(core)
            assertEquals("1x", text(), "the newest typing is not heard yet")
            hears(core)
            assertEquals("1", text())
            types("2")
            hears(core)
            assertEquals("12", text())
        }

    @Test
    fun `a letter that is dropped leaves the cursor where it was`() =
        typing { core ->
            types("1234")
            hears(core)
            field().performTextInputSelection(TextRange(2))
            types("x")
            hears(core)
            types("9")
            hears(core)
            assertEquals("12934", text())
        }

    @Test
    fun `keys that come before the screen is drawn anew are all told`() =
        typing { core ->
            val set = checkNotNull(field().fetchSemanticsNode().config[SemanticsActions.SetText].action)
            runOnUiThread {
                for (text in listOf("1", "12", "1")) set(AnnotatedString(text))
            }
            repeat(3) { hears(core) }
            assertEquals(listOf("1", "12", "1"), core.heard)
            assertEquals("1", text())
        }

    @Test
    fun `what the core changes by itself is seen at once`() =
        typing { core ->
            types("1234")
            hears(core)
            // As where a code was refused.
            runOnUiThread { core.field = core.field.copy(text = "") }
            waitForIdle()
            assertEquals("", text())
            types("5")
            assertEquals("5", text())
        }

    @Test
    fun `after a turn of the phone the field goes on from the screen's text and number`() =
        typing { core ->
            types("1")
            types("2")
            hears(core)
            hears(core)
            runOnUiThread { core.turn() }
            waitForIdle()
            assertEquals("12", text())
            types("3")
            assertEquals("123", text())
            hears(core)
            assertEquals("123", text())
            assertEquals(3uL, core.field.edit)
        }

    @Test
    fun `what was on its way when the phone was turned is seen once it is heard`() =
        typing { core ->
            types("1")
            hears(core)
            types("2")
            runOnUiThread { core.turn() }
            waitForIdle()
            assertEquals("1", text())
            hears(core)
            assertEquals("12", text())
        }

    private fun typing(test: DesktopComposeUiTest.(SlowCore) -> Unit) =
        runDesktopComposeUiTest(412, 915) {
            val core = SlowCore()
            setContent {
                key(core.window) {
                    DriverScreens(core.screen, core, Texts(Language.ENGLISH), Stage.host(dark = false))
                }
            }
            test(core)
        }

    private fun DesktopComposeUiTest.field() = onNode(hasSetTextAction())

    private fun DesktopComposeUiTest.types(text: String) = field().performTextInput(text)

    private fun DesktopComposeUiTest.text(): String {
        waitForIdle()
        return field().fetchSemanticsNode().config[SemanticsProperties.EditableText].text
    }

    private fun DesktopComposeUiTest.hears(core: SlowCore) = runOnUiThread { core.hear() }

    /** A core that hears what was typed when it is told to, and keeps digits alone. */
    private class SlowCore : Driver {
        private val waiting = ArrayDeque<Action.TypeAnswer>()
        private var last = 0uL

        val heard = mutableListOf<String>()
        var field by mutableStateOf(Field("", 0u))
        var window by mutableIntStateOf(0)
            private set

        val screen get() = Screen.Answer(AnswerScreen(field, field.text.isNotEmpty(), null, null, null, emptyList(), null))

        fun hear() {
            val typed = waiting.removeFirst()
            heard += typed.text
            field = Field(typed.text.filter(Char::isDigit), typed.edit)
        }

        /** Another window, whose shell has counted nothing yet. */
        fun turn() {
            window++
            last = 0u
        }

        override fun send(action: Action) {
            if (action is Action.TypeAnswer) waiting += action
        }

        override fun nextEdit(shown: ULong): ULong = (maxOf(last, shown) + 1u).also { last = it }

        override fun seen(text: String) = Unit

        override fun cameraRefused() = Unit

        override fun picture(id: String): ByteArray? = null

        override fun frame(
            showing: ULong,
            number: ULong,
        ): QrSymbol? = null
    }
}
