package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.semantics.SemanticsProperties
import org.vidimus.screens.design.Palette
import org.vidimus.screens.design.contrast
import kotlin.math.roundToInt

/** How what is drawn stands out from its ground, told from the pixels of a picture. */
internal class Standout(
    picture: ImageBitmap,
) {
    private val width = picture.width
    private val height = picture.height
    private val pixels = picture.toPixelMap().buffer

    /** Whether there is more than a ground and its edge. */
    val isEmpty: Boolean get() = pixels.asSequence().distinct().take(3).count() < 3

    /** How many texts, marks and glyphs were measured. */
    var measured = 0
        private set

    /** The texts, marks and glyphs in sight that stand out too little, and how much they do. */
    fun weak(leaves: List<LayoutCheck.Leaf>): List<String> =
        leaves.mapNotNull { leaf ->
            val least = leaf.least ?: return@mapNotNull null
            if (!leaf.isInSight) return@mapNotNull null
            measured++
            val value = contrastIn(leaf.inside)
            if (value < least - ROUNDING) "\"${leaf.name}\" has a contrast of $value, not $least" else null
        }

    /**
     * The strongest pixel beside the most frequent one, which is the ground, or a shape with the
     * ground as its sign.
     */
    private fun contrastIn(place: Rect): Float {
        val found = pixelsIn(place)
        val ground = found.mostFrequent()
        return found.distinct().maxOf { contrast(Color(it), Color(ground)) }
    }

    private fun pixelsIn(place: Rect): IntArray {
        val columns = place.left.roundToInt().coerceAtLeast(0)..<place.right.roundToInt().coerceAtMost(width)
        val rows = place.top.roundToInt().coerceAtLeast(0)..<place.bottom.roundToInt().coerceAtMost(height)
        val found = IntArray(columns.count() * rows.count())
        for ((at, row) in rows.withIndex()) {
            pixels.copyInto(found, at * columns.count(), row * width + columns.first, row * width + columns.last + 1)
        }
        found.sort()
        return found
    }

    /** Of sorted ones. */
    private fun IntArray.mostFrequent(): Int {
        var most = 0
        var which = first()
        var begin = 0
        for (at in 1..size) {
            if (at < size && this[at] == this[begin]) continue
            if (at - begin > most) {
                most = at - begin
                which = this[begin]
            }
            begin = at
        }
        return which
    }

    private companion object {
        /** The strongest pixel is drawn over its ground, in 8 bits. */
        const val ROUNDING = 0.1f

        /** The frame of a field, which is no part of what is in it. */
        const val FRAME = 4f

        val LayoutCheck.Leaf.isField: Boolean get() = SemanticsProperties.EditableText in node.config

        val LayoutCheck.Leaf.least: Float?
            get() =
                when {
                    isField -> Palette.TEXT_CONTRAST.takeIf { node.config[SemanticsProperties.EditableText].isNotEmpty() }
                    SemanticsProperties.Text in node.config -> Palette.TEXT_CONTRAST
                    shape?.startsWith("mark") == true || shape?.startsWith("glyph") == true -> Palette.SHAPE_CONTRAST
                    else -> null
                }

        val LayoutCheck.Leaf.isInSight: Boolean get() = seen.width >= bounds.width - 1 && seen.height >= bounds.height - 1

        val LayoutCheck.Leaf.inside: Rect get() = if (isField) bounds.deflate(FRAME * node.layoutInfo.density.density) else bounds
    }
}
