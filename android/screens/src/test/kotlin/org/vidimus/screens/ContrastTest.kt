package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.BasicText
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.vidimus.screens.design.GOOD
import org.vidimus.screens.design.Palette
import org.vidimus.screens.design.contrast
import org.vidimus.screens.design.shape
import org.vidimus.screens.design.shapeName
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.Standout
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class ContrastTest {
    @Test
    fun `contrast is computed as WCAG says`() {
        assertEquals(21f, contrast(Color.Black, Color.White), 0.01f)
        assertEquals(1f, contrast(Color.Red, Color.Red))
        assertEquals(4.54f, contrast(Color(0xFF767676), Color.White), 0.01f)
        assertEquals(contrast(Color.Blue, Color.Yellow), contrast(Color.Yellow, Color.Blue))
    }

    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun `each colour stands out from each ground that it stands on`(dark: Boolean) {
        val pairs = (if (dark) Palette.DARK else Palette.LIGHT).pairs
        val weak = pairs.filter { contrast(it.front, it.ground) < it.least }
        assertTrue(weak.isEmpty(), weak.joinToString { "${it.name}: ${contrast(it.front, it.ground)}, not ${it.least}" })
        assertTrue(pairs.size > 40)
    }

    /**
     * The tokens may be good and the wrong ones taken: so the pixels of every screen are asked as
     * well, by this.
     */
    @Test
    fun `a text, a mark and a glyph that stand out too little are found`() {
        assertEquals(listOf("\"Pale\"", "\"mark good\""), weak(Color(0xFF949494)).map { it.substringBefore(" has") })
        assertEquals(emptyList(), weak(Color(0xFF595959)))
    }

    @OptIn(ExperimentalTestApi::class)
    private fun weak(color: Color): List<String> {
        var weak = emptyList<String>()
        runDesktopComposeUiTest(200, 200) {
            setContent {
                Column(Modifier.size(200.dp).background(Color.White).testTag(Stage.WINDOW)) {
                    BasicText("Pale", style = TextStyle(color, 40.sp, FontWeight.Bold))
                    Box(Modifier.size(24.dp).shape(GOOD.shapeName).padding(6.dp).background(color.copy(alpha = 0.8f)))
                    Box(Modifier.size(24.dp).shape("wheel").background(Color.White))
                }
            }
            val window = onNodeWithTag(Stage.WINDOW, true).fetchSemanticsNode()
            val standout = Standout(captureToImage(window))
            weak = standout.weak(LayoutCheck(window).leaves)
            assertEquals(2, standout.measured)
        }
        return weak
    }
}
