package org.vidimus.screens

import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import org.vidimus.models.Language
import org.vidimus.models.Texts
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Layouts
import org.vidimus.screens.support.Pictures
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * Every screen in every state: in five languages, on two sizes of screen, with text of 100 and 200 %.
 *
 * Light and dark differ in colours alone, which is asserted for every state once; so the layouts are those of both.
 */
class AllScreensTest {
    @ParameterizedTest
    @MethodSource("settings")
    internal fun `nothing is clipped, overlaps, is missing, too small or nameless, and the layout is the known one`(setting: Setting) {
        val texts = Texts(setting.language)
        val problems = mutableListOf<String>()
        Stage.use {
            for (sample in Samples.all) {
                val check = LayoutCheck(show(sample, setting))
                problems += check.problems(sample.says(texts)).map { "$sample: $it" }
                problems += Layouts.compare(sample, setting, check.height, check.parts)
            }
        }
        assertTrue(problems.isEmpty(), "${problems.size} in $setting:\n" + problems.joinToString("\n"))
    }

    @Test
    fun `dark is light in other colours`() {
        val light = Setting(Language.SPANISH, size = Setting.Size.SMALL, textScale = 200)
        Stage.use {
            for (sample in Samples.all) {
                val (one, other) = listOf(light, light.copy(dark = true)).map { LayoutCheck(show(sample, it)).bounds() }
                assertEquals(one, other, "$sample")
            }
        }
    }

    /** In `target/…/screens`, for people to look at: each state in two settings, all settings in turn. */
    @Test
    fun `each state is drawn, light and dark`() {
        val settings = Setting.layouts
        Stage.use {
            for ((index, sample) in Samples.all.withIndex()) {
                for (dark in listOf(false, true)) {
                    val setting = settings[(index * 2 + (if (dark) 1 else 0)) % settings.size].copy(dark = dark)
                    show(sample, setting)
                    val picture = picture()
                    Pictures.leave("$sample-$setting", picture)
                    assertTrue(Pictures.colours(picture) > 2, "$sample in $setting is empty")
                }
            }
        }
    }

    companion object {
        @JvmStatic
        fun settings(): List<Any> = Setting.layouts

        @AfterAll
        @JvmStatic
        fun `the table is written where it is asked for`(): Unit = Layouts.write()
    }
}
