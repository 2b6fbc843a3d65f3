package org.vidimus.screens.design

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color
import org.vidimus.app.Tone
import kotlin.math.pow

/**
 * The colors of a theme. What stands on what, and with which contrast, is written down in [pairs].
 */
@Immutable
internal class Palette(
    val isDark: Boolean,
    /** The color behind everything. */
    val background: Color,
    /** The color of panels on the background. */
    val surface: Color,
    /** The color of text. */
    val ink: Color,
    /** The color of text that matters less. */
    val soft: Color,
    /** Between rows; nothing hangs on seeing it. */
    val line: Color,
    /** Around fields and buttons. */
    val outline: Color,
    /** Of what can be done. */
    val accent: Color,
    val onAccent: Color,
    /** Of what cannot be done now. */
    val idle: Color,
    val onIdle: Color,
    /** The license's card, from its upper to its lower edge. */
    val cardTop: Color,
    val cardBottom: Color,
    /** The fine lines on it. */
    val cardLine: Color,
    private val good: ToneColors,
    private val caution: ToneColors,
    private val bad: ToneColors,
    private val unknown: ToneColors,
) {
    fun tone(tone: Tone): ToneColors =
        when (tone) {
            Tone.GOOD -> good
            Tone.CAUTION -> caution
            Tone.BAD -> bad
            Tone.UNKNOWN -> unknown
        }

    /** Each color of text with each ground that it stands on. */
    val pairs: List<ColorPair>
        get() =
            buildList {
                for ((name, ground) in grounds()) {
                    add(ColorPair("ink on $name", ink, ground))
                    add(ColorPair("soft on $name", soft, ground))
                    add(ColorPair("accent on $name", accent, ground))
                    add(ColorPair("outline on $name", outline, ground, SHAPE_CONTRAST))
                    for (tone in Tone.entries) {
                        add(ColorPair("$tone on $name", tone(tone).ink, ground))
                    }
                }
                for (tone in Tone.entries) {
                    add(ColorPair("$tone", tone(tone).ink, tone(tone).ground))
                    add(ColorPair("ink on $tone", ink, tone(tone).ground))
                    add(ColorPair("accent on $tone", accent, tone(tone).ground))
                    add(ColorPair("on the field of $tone", tone(tone).onField, tone(tone).field))
                }
                add(ColorPair("on accent", onAccent, accent))
                add(ColorPair("on idle", onIdle, idle))
            }

    private fun grounds(): List<Pair<String, Color>> =
        listOf(
            "background" to background,
            "surface" to surface,
            "card's top" to cardTop,
            "card's bottom" to cardBottom,
        )

    companion object {
        /** The contrast that WCAG 2.2 (AA) asks of text. */
        const val TEXT_CONTRAST = 4.5f

        /** WCAG 2.2, what a control is recognized by. */
        const val SHAPE_CONTRAST = 3f

        val LIGHT =
            Palette(
                isDark = false,
                background = Color(0xFFF3F5F2),
                surface = Color(0xFFFFFFFF),
                ink = Color(0xFF12211D),
                soft = Color(0xFF46554F),
                line = Color(0xFFDCE3DF),
                outline = Color(0xFF6A7973),
                accent = Color(0xFF0B5A54),
                onAccent = Color(0xFFFFFFFF),
                idle = Color(0xFFDDE3E0),
                onIdle = Color(0xFF4C5A55),
                cardTop = Color(0xFFD9ECE7),
                cardBottom = Color(0xFFF6EFDD),
                cardLine = Color(0x1F0B5A54),
                good = GOOD_FIELD.with(Color(0xFF0B6038), Color(0xFFDDF2E4)),
                caution = CAUTION_FIELD.with(Color(0xFF704400), Color(0xFFFDEDC8)),
                bad = BAD_FIELD.with(Color(0xFF9B1420), Color(0xFFFBE3E1)),
                unknown = UNKNOWN_FIELD.with(Color(0xFF36456B), Color(0xFFE4E9F5)),
            )

        val DARK =
            Palette(
                isDark = true,
                background = Color(0xFF0D1412),
                surface = Color(0xFF18211E),
                ink = Color(0xFFE9F1ED),
                soft = Color(0xFFA9BAB3),
                line = Color(0xFF2A3632),
                outline = Color(0xFF7E908A),
                accent = Color(0xFF83D8CC),
                onAccent = Color(0xFF06302C),
                idle = Color(0xFF26302D),
                onIdle = Color(0xFFA3B2AC),
                cardTop = Color(0xFF1A4741),
                cardBottom = Color(0xFF1C3245),
                cardLine = Color(0x3A83D8CC),
                good = GOOD_FIELD.with(Color(0xFF86E0AC), Color(0xFF123423)),
                caution = CAUTION_FIELD.with(Color(0xFFFFCC70), Color(0xFF3A2B0C)),
                bad = BAD_FIELD.with(Color(0xFFFFA69F), Color(0xFF43191C)),
                unknown = UNKNOWN_FIELD.with(Color(0xFFBECBEA), Color(0xFF232D45)),
            )
    }
}

/**
 * A tone's color of text and shape, and its ground; and the field of a whole document or screen.
 *
 * The field is the same by day and by night: an officer knows it again. In gray the good one and
 * the one that warns are light, and the others dark.
 */
@Immutable
internal class ToneColors(
    val ink: Color,
    val ground: Color,
    val field: Color,
    val onField: Color,
)

private class ToneField(
    val color: Color,
    val ink: Color,
) {
    fun with(
        ink: Color,
        ground: Color,
    ) = ToneColors(ink, ground, color, this.ink)
}

private val GOOD_FIELD = ToneField(Color(0xFF8FDDB0), Color(0xFF04351F))
private val CAUTION_FIELD = ToneField(Color(0xFFFFC94D), Color(0xFF402600))
private val BAD_FIELD = ToneField(Color(0xFFA5121F), Color(0xFFFFFFFF))
private val UNKNOWN_FIELD = ToneField(Color(0xFF46557A), Color(0xFFFFFFFF))

/** What stands on what, and how much it must stand out. */
internal class ColorPair(
    val name: String,
    val front: Color,
    val ground: Color,
    val least: Float = Palette.TEXT_CONTRAST,
)

/** The contrast of two opaque colors, 1 to 21 (WCAG 2.2). */
internal fun contrast(
    one: Color,
    other: Color,
): Float {
    val lights = listOf(one.luminanceOf(), other.luminanceOf())
    return (lights.max() + FLARE) / (lights.min() + FLARE)
}

private fun Color.luminanceOf(): Float {
    val (r, g, b) = listOf(red, green, blue).map(::linear)
    return RED_WEIGHT * r + GREEN_WEIGHT * g + BLUE_WEIGHT * b
}

private fun linear(part: Float): Float =
    if (part <= LINEAR_END) part / LINEAR_SLOPE else ((part + CURVE_OFFSET) / (1 + CURVE_OFFSET)).pow(CURVE)

private const val FLARE = 0.05f
private const val RED_WEIGHT = 0.2126f
private const val GREEN_WEIGHT = 0.7152f
private const val BLUE_WEIGHT = 0.0722f
private const val LINEAR_END = 0.04045f
private const val LINEAR_SLOPE = 12.92f
private const val CURVE_OFFSET = 0.055f
private const val CURVE = 2.4f
