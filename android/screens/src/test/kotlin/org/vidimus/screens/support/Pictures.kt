package org.vidimus.screens.support

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toAwtImage
import java.awt.RenderingHints
import java.awt.image.BufferedImage
import javax.imageio.ImageIO
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.createParentDirectories
import kotlin.io.path.exists
import kotlin.io.path.writeBytes
import kotlin.math.abs

/** Pictures of screens: those that are kept, and those that are left for people to look at. */
internal object Pictures {
    private val kept = Path("src/test/goldens")
    private val left = Path("target/screens")

    /** Whether the kept ones are made anew. */
    val areWritten: Boolean = System.getProperty("vidimus.goldens") == "write"

    /** Leaves a picture in `target`. */
    fun leave(
        name: String,
        png: ByteArray,
    ) {
        left.resolve("$name.png").createParentDirectories().writeBytes(png)
    }

    /**
     * What is wrong with a picture beside the kept one. Both are half as large and of few colors,
     * so that they are small and a machine's rounding does not show.
     */
    fun compare(
        name: String,
        picture: ImageBitmap,
    ): String? {
        val small = small(picture.toAwtImage())
        val file = kept.resolve("$name.png")
        if (areWritten) {
            kept.createDirectories()
            ImageIO.write(small, "png", file.toFile())
            return null
        }
        if (!file.exists()) return "$name: there is no $file; -Dvidimus.goldens=write makes it"
        return difference(ImageIO.read(file.toFile()), small)?.let { "$name: $it" }
    }

    /**
     * What differs too much in the whole, or in one place: a mark of a state is a small part of a
     * screen.
     */
    fun difference(
        known: BufferedImage,
        found: BufferedImage,
    ): String? {
        if (known.width != found.width || known.height != found.height) return "of another size"
        val others = pixelsOf(known).zip(pixelsOf(found)).mapIndexedNotNull { at, (one, two) -> at.takeIf { differ(one, two) } }
        val share = others.size.toDouble() / (found.width * found.height)
        if (share > SHARE) return "${"%.2f".format(share * 100)} % of the pixels differ"
        val tiles = others.groupingBy { it % found.width / TILE to it / found.width / TILE }.eachCount()
        val (tile, count) = tiles.maxByOrNull { it.value } ?: return null
        return if (count > TILE_MOST) "$count pixels differ near ${tile.first * TILE}, ${tile.second * TILE}" else null
    }

    private fun differ(
        one: Int,
        two: Int,
    ): Boolean = listOf(0, 8, 16).any { abs((one shr it and 0xff) - (two shr it and 0xff)) > TOLERANCE }

    private fun small(picture: BufferedImage): BufferedImage {
        val small = BufferedImage(picture.width / 2, picture.height / 2, BufferedImage.TYPE_INT_RGB)
        val graphics = small.createGraphics()
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR)
        graphics.drawImage(picture, 0, 0, small.width, small.height, null)
        graphics.dispose()
        val few = pixelsOf(small).map { rgb -> listOf(16, 8, 0).fold(0) { all, at -> all shl 8 or few(rgb shr at and 0xff) } }
        small.setRGB(0, 0, small.width, small.height, few.toIntArray(), 0, small.width)
        return small
    }

    /** One of 16 steps. */
    private fun few(part: Int): Int = (part + STEP / 2) / STEP * STEP

    fun pixelsOf(picture: BufferedImage): List<Int> = picture.getRGB(0, 0, picture.width, picture.height, null, 0, picture.width).asList()

    private const val STEP = 17

    /** A step more or less. */
    private const val TOLERANCE = 2 * STEP

    /** So many pixels may differ more: an edge that fell to the other side. */
    private const val SHARE = 0.002

    /** The side of a tile in a kept picture: a mark is 12 high there. */
    private const val TILE = 16

    /** So many of the 256 pixels of a tile may differ more. */
    private const val TILE_MOST = 12
}
