package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.foundation.layout.requiredWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.BasicText
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
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
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What finds nothing wrong must find something wrong where something is. */
@OptIn(ExperimentalTestApi::class)
class LayoutCheckTest {
    @Test
    fun `a good layout passes`() {
        assertEquals(emptyList(), problems("Good") { BasicText("Good", style = TextStyle(fontSize = 16.sp)) })
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
    ): List<String> {
        var problems = emptyList<String>()
        runDesktopComposeUiTest(200, 200) {
            setContent {
                Box(Modifier.size(200.dp).testTag(Stage.WINDOW)) { Column { Box { content() } } }
            }
            problems = LayoutCheck(onNodeWithTag(Stage.WINDOW, true).fetchSemanticsNode()).problems(listOf(expected))
        }
        return problems
    }
}
