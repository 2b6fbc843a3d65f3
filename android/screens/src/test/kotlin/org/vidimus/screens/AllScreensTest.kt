package org.vidimus.screens

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.unit.LayoutDirection
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Layouts
import org.vidimus.screens.support.Pictures
import org.vidimus.screens.support.ReadingOrder
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.Standout
import org.vidimus.screens.support.Tones
import org.vidimus.screens.support.png
import org.vidimus.shell.Texts
import kotlin.test.assertTrue

/**
 * Every screen in every state, drawn as a PNG: light and dark, in five languages, on two sizes of
 * screen, with text of 100 and 200 %.
 */
class AllScreensTest {
    @ParameterizedTest
    @MethodSource("settings")
    internal fun `each state is drawn, laid out as is known, whole, legible, in order, and told by more than colour`(setting: Setting) {
        val texts = Texts(setting.language)
        val problems = mutableListOf<String>()
        val weak = mutableSetOf<Sample>()
        var measured = 0
        Stage.use {
            for ((index, sample) in Samples.all.withIndex()) {
                val layout = LayoutCheck(show(sample, setting))
                problems += layout.problems(sample.says(texts)).map { "$sample: $it" }
                problems += Tones.problems(sample, layout.leaves, texts).map { "$sample: $it" }
                problems += ReadingOrder(merged(), setting.direction).problems().map { "$sample: $it" }
                problems += Layouts.compare(sample, setting, layout)

                val picture = picture()
                val png = picture.png()
                if (!png.isOf(setting.size)) problems += "$sample: not a PNG of its size"
                val standout = Standout(picture)
                if (standout.isEmpty) problems += "$sample: empty"
                if (standout.weak(layout.leaves).isNotEmpty()) weak += sample
                measured += standout.measured
                if (setting.showsMost && scrollDown()) belowTheFold(sample)?.let { weak += it }
                // For people to look at: each state in two settings, all settings in turn.
                if (setting.number % TURNS == index % TURNS) Pictures.leave("$sample-$setting", png)
            }
        }
        problems += sharp(setting, weak)
        assertTrue(problems.isEmpty(), "${problems.size} in $setting:\n" + problems.joinToString("\n"))
        assertTrue(measured > Samples.all.size * TEXTS, "only $measured texts and marks were measured in $setting")
    }

    /** The sample where something is weak that was out of sight; `null` where nothing is. */
    private fun Stage.belowTheFold(sample: Sample): Sample? = sample.takeIf { Standout(picture()).weak(LayoutCheck(window()).leaves).isNotEmpty() }

    /**
     * A thin letter fills no pixel of a coarse picture: what is weak there is looked at in the
     * sharpness of a phone.
     */
    private fun sharp(
        setting: Setting,
        samples: Set<Sample>,
    ): List<String> =
        Stage.use(density = 3f) {
            samples.flatMap { sample ->
                val first = Standout(picture(sample, setting)).weak(LayoutCheck(window()).leaves)
                val second = if (scrollDown()) Standout(picture()).weak(LayoutCheck(window()).leaves) else emptyList()
                (first + second).map { "$sample: $it" }
            }
        }

    private fun Stage.picture(
        sample: Sample,
        setting: Setting,
    ): ImageBitmap {
        show(sample, setting)
        return picture()
    }

    /** Where little is left to scroll to: two pictures show nearly all of a state. */
    private val Setting.showsMost: Boolean get() = size == Setting.Size.LARGE && textScale == 100

    private fun ByteArray.isOf(size: Setting.Size): Boolean {
        val isPng = copyOf(SIGNATURE.size).contentEquals(SIGNATURE)
        val (width, height) = listOf(16, 20).map { at -> (at..<at + 4).fold(0) { all, byte -> all shl 8 or (this[byte].toInt() and 0xff) } }
        return isPng && width == size.width && height == size.height
    }

    private val Setting.number: Int get() = Setting.all.indexOf(this)

    private val Setting.direction: LayoutDirection get() = if (language.rightToLeft) LayoutDirection.Rtl else LayoutDirection.Ltr

    companion object {
        private const val TURNS = 20

        /** Fewer on a screen are not believed. */
        private const val TEXTS = 5

        private val SIGNATURE = byteArrayOf(0x89.toByte(), 'P'.code.toByte(), 'N'.code.toByte(), 'G'.code.toByte(), 13, 10, 26, 10)

        @JvmStatic
        fun settings(): List<Any> = Setting.all

        @AfterAll
        @JvmStatic
        fun `the table is written where it is asked for`(): Unit = Layouts.write()
    }
}
