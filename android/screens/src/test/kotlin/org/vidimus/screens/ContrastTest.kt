package org.vidimus.screens

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.vidimus.models.Language
import org.vidimus.screens.design.Palette
import org.vidimus.screens.design.contrast
import org.vidimus.screens.support.Pictures
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import java.awt.image.BufferedImage
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

    /** The tokens may be good and the wrong ones taken: so the pixels are asked as well. */
    @ParameterizedTest
    @ValueSource(booleans = [false, true])
    fun `each text stands out on the picture`(dark: Boolean) {
        val weak = mutableListOf<String>()
        var measured = 0
        Stage.use(density = 2f) {
            for (name in NAMES) {
                val window = show(Samples.named(name), Setting(Language.ENGLISH, dark))
                val picture = picture().toAwtImage()
                for (text in window.texts()) {
                    val value = picture.contrastIn(text) ?: continue
                    measured++
                    if (value < Palette.TEXT_CONTRAST - ROUNDING) weak += "$name: ${text.words()} has $value"
                }
            }
        }
        assertTrue(weak.isEmpty(), weak.joinToString("\n"))
        assertTrue(measured > 120, "only $measured texts were measured")
    }

    private fun SemanticsNode.texts(): List<SemanticsNode> = listOf(this).filter { words().isNotEmpty() } + children.flatMap { it.texts() }

    private fun SemanticsNode.words() = if (SemanticsProperties.Text in config) config[SemanticsProperties.Text].joinToString { it.text } else ""

    /** The strongest pixel of a text beside the most frequent one, which is its ground; `null` where it is out of sight. */
    private fun BufferedImage.contrastIn(text: SemanticsNode): Float? {
        val place = text.boundsInRoot
        if (place.height < text.size.height || place.width < text.size.width) return null
        val part = getSubimage(place.left.toInt(), place.top.toInt(), place.width.toInt(), place.height.toInt())
        val pixels = Pictures.pixelsOf(part)
        val ground = Color(pixels.groupingBy { it }.eachCount().maxBy { it.value }.key)
        return pixels.distinct().maxOf { contrast(Color(it), ground) }
    }

    private companion object {
        /** The strongest pixel is drawn over its ground, in 8 bits. */
        const val ROUNDING = 0.1f

        val NAMES =
            listOf(
                "opening",
                "welcome",
                "welcome-refused-denied",
                "scan-challenge-refused",
                "offer-typing",
                "offer-unproven",
                "offer-issuing",
                "license-valid",
                "license-suspended",
                "license-unresolved",
                "license-unknown",
                "license-many-troubles-open",
                "license-damaged",
                "show-valid",
                "show-to-unproven",
                "show-without-status",
                "show-locked-failed",
                "show-over",
                "answer-recorded",
                "answer-proven",
                "history",
                "history-broken",
                "settings-removing",
                "blocked-key_invalidated-working",
            )
    }
}
