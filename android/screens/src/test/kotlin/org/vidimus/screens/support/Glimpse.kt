package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toPixelMap
import kotlin.math.ceil
import kotlin.math.exp
import kotlin.math.roundToInt
import kotlin.math.sqrt
import kotlin.math.tan
import kotlin.random.Random

/**
 * A part of a screen as somebody sees it who stands two meters away and tells no colors: its
 * brightness alone, and each point as wide as two arc minutes, which is what an eye with half of the
 * usual sharpness (20/40, what most countries ask of a driver) tells apart.
 */
internal class Glimpse private constructor(
    private val width: Int,
    private val height: Int,
    private val gray: DoubleArray,
) {
    /**
     * From 0, the same, to 1, nothing in common, and to 2 for its negative. Light and contrast do
     * not count, and the nearest place within [SHIFT] does: an eye finds the place by itself.
     */
    fun distance(other: Glimpse): Double = shifts.minOf { (right, down) -> 1 - correlation(other, right, down) }

    /** What a worse light and a hand make of it: less contrast, noise, a pixel aside. */
    fun disturbed(random: Random): Glimpse {
        val moved = DoubleArray(gray.size) { at -> gray[(at + width + 1) % gray.size] }
        return Glimpse(width, height, DoubleArray(gray.size) { DARKEST + moved[it] * CONTRAST + (random.nextDouble() - 0.5) * NOISE })
    }

    private fun correlation(
        other: Glimpse,
        right: Int,
        down: Int,
    ): Double {
        var count = 0
        var (mine, theirs, both, mineSquared, theirsSquared) = DoubleArray(5).asList()
        for (y in SHIFT..<minOf(height, other.height) - SHIFT) {
            for (x in SHIFT..<minOf(width, other.width) - SHIFT) {
                val one = gray[y * width + x]
                val two = other.gray[(y + down) * other.width + x + right]
                count++
                mine += one
                theirs += two
                both += one * two
                mineSquared += one * one
                theirsSquared += two * two
            }
        }
        val spread = sqrt((mineSquared - mine * mine / count) * (theirsSquared - theirs * theirs / count))
        return (both - mine * theirs / count) / spread
    }

    companion object {
        /** How far apart two glimpses are laid over each other, in dp. */
        const val SHIFT = 3

        private const val DARKEST = 0.15
        private const val CONTRAST = 0.6
        private const val NOISE = 0.05

        private const val METERS = 2.0
        private const val ARC_MINUTES = 2.0

        /** By definition 160 dp are an inch. */
        private const val DP_PER_METER = 160 / 0.0254

        /** The width of a point, in dp: where it has half of its brightness. */
        private val POINT = METERS * tan(Math.toRadians(ARC_MINUTES / 60)) * DP_PER_METER

        /** Of a bell curve with that width at half of its height. */
        private val SIGMA = POINT / 2.3548

        private val shifts = (-SHIFT..SHIFT).flatMap { right -> (-SHIFT..SHIFT).map { right to it } }

        /** Of a place in a picture that has a pixel for each dp. */
        fun of(
            picture: ImageBitmap,
            place: Rect,
        ): Glimpse {
            val pixels = picture.toPixelMap()
            val gray =
                DoubleArray(pixels.width * pixels.height) {
                    val color = pixels[it % pixels.width, it / pixels.width]
                    0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
                }
            val across = blurred(gray, pixels.width, pixels.height, 1, pixels.width)
            val whole = blurred(across, pixels.width, pixels.height, pixels.width, pixels.height)
            val columns = place.left.roundToInt().coerceAtLeast(0)..<place.right.roundToInt().coerceAtMost(pixels.width)
            val rows = place.top.roundToInt().coerceAtLeast(0)..<place.bottom.roundToInt().coerceAtMost(pixels.height)
            val cut = rows.flatMap { row -> columns.map { whole[row * pixels.width + it] } }
            return Glimpse(columns.count(), rows.count(), cut.toDoubleArray())
        }

        /** Along rows with a [step] of 1 and [length] columns, or along columns. */
        private fun blurred(
            gray: DoubleArray,
            width: Int,
            height: Int,
            step: Int,
            length: Int,
        ): DoubleArray {
            val reach = ceil(SIGMA * 3).toInt()
            val weights = DoubleArray(2 * reach + 1) { exp(-(it - reach) * (it - reach) / (2 * SIGMA * SIGMA)) }
            val sum = weights.sum()
            return DoubleArray(width * height) { at ->
                val place = if (step == 1) at % width else at / width
                var light = 0.0
                for (offset in -reach..reach) {
                    val there = (place + offset).coerceIn(0, length - 1)
                    light += weights[offset + reach] * gray[at + (there - place) * step]
                }
                light / sum
            }
        }
    }
}
