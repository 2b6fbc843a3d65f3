package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.foundation.layout.requiredWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clipToBounds
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.junit.jupiter.api.Test
import org.vidimus.screens.design.shape
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

/** What finds nothing wrong must find something wrong where something is. */
@OptIn(ExperimentalTestApi::class)
class LayoutCheckTest {
    @Test
    fun `a good layout passes`() {
        assertEquals(emptyList(), problems("Good") { BasicText("Good", style = SIZED) })
    }

    @Test
    fun `a text that is not there is missing`() = finds("missing: Gone") { BasicText("Here") }

    @Test
    fun `a text beside the window is found`() = finds("outside of the window") { BasicText("Gone", Modifier.offset(180.dp)) }

    @Test
    fun `a text on another is found`() =
        finds("overlap") {
            BasicText("Gone")
            BasicText("Here", Modifier.offset(6.dp, 4.dp))
        }

    @Test
    fun `a text without room for its last line is found`() = finds("is higher than its place") { BasicText("Gone and gone and gone and gone", Modifier.size(60.dp, 20.dp)) }

    @Test
    fun `a text that is cut after its first line is found`() = finds("ends after") { BasicText("Gone and gone and gone and gone", Modifier.requiredWidth(60.dp), maxLines = 1) }

    @Test
    fun `a small control is found`() = finds("too small to meet") { BasicText("Gone", Modifier.clickable(role = Role.Button) {}.requiredSize(40.dp)) }

    @Test
    fun `a control without a name or a role is found`() {
        finds("without a name") { Box(Modifier.size(60.dp).clickable {}.background(Color.Red)) }
        finds("without a role") { Box(Modifier.size(60.dp).clickable {}.background(Color.Red)) }
    }

    @Test
    fun `a text that what is around it cuts off is found, also in what scrolls`() {
        val cut: @Composable () -> Unit = { Box(Modifier.size(20.dp).clipToBounds()) { BasicText("Gone", Modifier.requiredSize(60.dp)) } }
        finds("cut off", cut)
        finds("sticks out", cut)
        finds("sticks out") { Column(Modifier.size(100.dp).verticalScroll(rememberScrollState())) { cut() } }
    }

    @Test
    fun `what only scrolls out of sight is not found`() {
        val long: @Composable () -> Unit = { Column(Modifier.size(100.dp).verticalScroll(rememberScrollState())) { BasicText("Gone", Modifier.height(400.dp), SIZED) } }
        assertEquals(emptyList(), problems("Gone", long))
    }

    @Test
    fun `a text beside what scrolls is found`() =
        finds("outside of what scrolls") {
            Column(Modifier.size(100.dp).verticalScroll(rememberScrollState())) { BasicText("Gone", Modifier.offset(80.dp)) }
        }

    @Test
    fun `a text outside of its control is found`() =
        finds("outside of its control") {
            Box(Modifier.size(60.dp).clickable(role = Role.Button) {}) { BasicText("Gone", Modifier.offset(50.dp)) }
        }

    /** Compose lays it out once more to tell of it, in lines, and these have no room. */
    @Test
    fun `a text that may not wrap and is wider than its place is found`() = finds("is higher than its place") { BasicText("Gone and gone and gone", Modifier.width(60.dp), SIZED, softWrap = false) }

    @Test
    fun `a field that is too low or has two lines is found`() {
        finds("is higher than its place") { BasicTextField("Gone", {}, Modifier.size(60.dp, 8.dp)) }
        finds("has 2 lines in a field") { BasicTextField("Gone\nGone", {}, Modifier.size(60.dp)) }
    }

    @Test
    fun `a shape without words is measured too`() {
        finds("overlap") {
            BasicText("Gone")
            Box(Modifier.size(24.dp).shape("mark good"))
        }
    }

    @Test
    fun `a part that moves, shrinks or swaps changes the tree`() {
        val one = tree { BasicText("Gone", Modifier.size(60.dp)) }
        assertEquals(listOf("Text \"Gone\" 0 0 60 60"), one)
        assertNotEquals(one, tree { BasicText("Gone", Modifier.offset(8.dp).size(60.dp)) })
        assertNotEquals(one, tree { BasicText("Gone", Modifier.size(52.dp)) })
        assertNotEquals(one, tree { BasicText("Here", Modifier.size(60.dp)) })
    }

    private fun finds(
        problem: String,
        content: @Composable () -> Unit,
    ) {
        val problems = problems("Gone", content)
        assertTrue(problems.any { problem in it }, "$problems")
    }

    private fun problems(
        expected: String,
        content: @Composable () -> Unit,
    ): List<String> = check(content) { problems(listOf(expected)) }

    private fun tree(content: @Composable () -> Unit): List<String> = check(content) { tree() }

    private fun check(
        content: @Composable () -> Unit,
        ask: LayoutCheck.() -> List<String>,
    ): List<String> {
        var answer = emptyList<String>()
        runDesktopComposeUiTest(200, 200) {
            setContent {
                Box(Modifier.size(200.dp).testTag(Stage.WINDOW)) { Column { Box { content() } } }
            }
            answer = LayoutCheck(onNodeWithTag(Stage.WINDOW, true).fetchSemanticsNode()).ask()
        }
        return answer
    }

    private companion object {
        val SIZED = TextStyle(fontSize = 16.sp)
    }
}
