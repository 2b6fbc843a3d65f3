package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.unit.dp
import androidx.compose.ui.use
import org.junit.jupiter.api.Test
import org.vidimus.app.Screen
import org.vidimus.app.Tone
import org.vidimus.screens.design.Mark
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.Told
import org.vidimus.screens.support.Tones
import org.vidimus.shell.Texts
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Anyone who sees no colors still sees which tone it is. */
class MarksTest {
    @Test
    fun `the marks of any two tones differ where colour is taken away`() {
        val marks = Tone.entries.associateWith(::inBlackAndWhite)
        for (one in Tone.entries) {
            for (other in Tone.entries.filter { it > one }) {
                val share = marks.getValue(one).zip(marks.getValue(other)).count { (a, b) -> a != b } / (SIDE * SIDE).toDouble()
                assertTrue(share > LEAST, "$one and $other differ in $share of their pixels")
            }
        }
    }

    @Test
    fun `a mark of another tone, or far from its word, is found`() {
        val texts = Texts(Setting.all.first().language)
        Stage.use {
            val valid = LayoutCheck(show(Samples.named("license-valid"), Setting.all.first())).leaves
            assertEquals(emptyList(), Tones.problems(Samples.named("license-valid"), valid, texts))
            val of = Tones.problems(Samples.named("license-suspended"), valid, texts)
            assertEquals(1, of.size)
            assertTrue("mark bad" in of.single(), of.single())
        }
    }

    @Test
    fun `most states have a tone`() {
        val texts = Texts(Setting.all.first().language)
        assertTrue(Samples.all.count { Tones.of(it, texts).isNotEmpty() } > Samples.all.size * 3 / 4)
        assertTrue(Samples.all.filter { it.screen is Screen.License }.all { Tones.of(it, texts).isNotEmpty() })
    }

    private fun inBlackAndWhite(tone: Tone): List<Boolean> =
        ImageComposeScene(SIDE, SIDE) { Box(Modifier.size(SIDE.dp).background(Color.White)) { Mark(Told.sign(tone), side = SIDE.dp) } }.use { scene ->
            val map = scene.render().toComposeImageBitmap().toPixelMap()
            List(SIDE * SIDE) { map[it % SIDE, it / SIDE].luminance() < HALF }
        }

    private companion object {
        const val SIDE = 96
        const val HALF = 0.4f
        const val LEAST = 0.08
    }
}
