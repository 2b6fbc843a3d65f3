package org.vidimus.screens

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.traversalIndex
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.LayoutDirection.Ltr
import androidx.compose.ui.unit.LayoutDirection.Rtl
import androidx.compose.ui.unit.dp
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.vidimus.screens.support.ReadingOrder
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * What finds nothing wrong with the order of the screens must find something wrong where something
 * is.
 */
@OptIn(ExperimentalTestApi::class)
class ReadingOrderTest {
    @ParameterizedTest
    @EnumSource(LayoutDirection::class)
    fun `bar, title, content and foot in their order pass`(direction: LayoutDirection) {
        val screen: @Composable () -> Unit = {
            Column {
                Row { Words("Back") }
                Column(Modifier.size(200.dp, 100.dp).verticalScroll(rememberScrollState())) {
                    Words("Title", Modifier.semantics { heading() })
                    Row {
                        Words("One")
                        Words("Two")
                    }
                    Words("Three")
                }
                Words("Foot")
            }
        }
        assertEquals(emptyList(), problems(direction, content = screen))
    }

    @Test
    fun `what is heard before what is above it is found`() =
        finds("\"Two\" at Rect.fromLTRB(0.0, 0.0, 40.0, 40.0) is heard after") {
            Column {
                Words("Two", Modifier.semantics { traversalIndex = 1f })
                Words("One")
            }
        }

    @Test
    fun `what the keyboard reaches before what is above it is found`() =
        finds("is in the tree after") {
            Box {
                Words("Two", Modifier.offset(0.dp, 80.dp))
                Words("One")
            }
        }

    @Test
    fun `a line that runs the other way is found`() {
        assertTrue(problems(Rtl, drawn = Ltr) { Line() }.isNotEmpty())
        assertTrue(problems(Ltr, drawn = Rtl) { Line() }.isNotEmpty())
    }

    @Test
    fun `what is heard before the title is found`() =
        finds("is heard before the title") {
            Column {
                Words("Something")
                Words("Title", Modifier.semantics { heading() })
            }
        }

    @Test
    fun `a foot that the tree has before what scrolls is found`() =
        finds("is in the tree after") {
            Box {
                Words("Foot", Modifier.offset(0.dp, 120.dp))
                Column(Modifier.size(200.dp, 100.dp).verticalScroll(rememberScrollState())) { Words("One") }
            }
        }

    @Composable
    private fun Line() {
        Row {
            Words("One")
            Words("Two")
        }
    }

    @Composable
    private fun Words(
        text: String,
        modifier: Modifier = Modifier,
    ) {
        BasicText(text, modifier.size(40.dp))
    }

    private fun finds(
        problem: String,
        content: @Composable () -> Unit,
    ) {
        val problems = problems(Ltr, content = content)
        assertTrue(problems.any { problem in it }, "$problems")
    }

    private fun problems(
        expected: LayoutDirection,
        drawn: LayoutDirection = expected,
        content: @Composable () -> Unit,
    ): List<String> {
        var problems = emptyList<String>()
        runDesktopComposeUiTest(200, 200) {
            setContent {
                CompositionLocalProvider(LocalLayoutDirection provides drawn) {
                    Box(Modifier.size(200.dp).testTag(Stage.WINDOW)) { content() }
                }
            }
            problems = ReadingOrder(onNodeWithTag(Stage.WINDOW).fetchSemanticsNode(), expected).problems()
        }
        return problems
    }
}
