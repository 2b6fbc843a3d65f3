package org.vidimus.screens.support

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.multi.qrcode.QRCodeMultiReader
import java.awt.Color
import java.awt.RenderingHints
import java.awt.geom.AffineTransform
import java.awt.image.BufferedImage

/** What a camera does to a screen, and the program behind it that reads the QR. */
internal object Optics {
    /**
     * What the program reads in one look; `null` where it reads nothing.
     *
     * ZXing's plain reader takes the three corners that look best. Among some 8,000 modules others
     * look like one, and it loses about two symbols of a hundred, turned or not. The reader for
     * several symbols tries the others too. At three pixels a module and turned, it still loses
     * three of a hundred, for it measures in whole pixels: it reads them in the same picture with
     * twice the pixels.
     */
    fun read(picture: BufferedImage): String? = readAsItIs(picture) ?: readAsItIs(scaled(picture, 2 * picture.width))

    private fun readAsItIs(picture: BufferedImage): String? {
        val pixels = picture.getRGB(0, 0, picture.width, picture.height, null, 0, picture.width)
        val source = RGBLuminanceSource(picture.width, picture.height, pixels)
        return try {
            // Where it reads none of several it answers with none, and throws only where it finds
            // none.
            QRCodeMultiReader().decodeMultiple(BinaryBitmap(HybridBinarizer(source)), HINTS).firstOrNull()?.text
        } catch (_: ReaderException) {
            null
        }
    }

    fun scaled(
        picture: BufferedImage,
        width: Int,
    ): BufferedImage {
        val scale = width.toDouble() / picture.width
        return drawn(picture, width, (picture.height * scale).toInt(), AffineTransform.getScaleInstance(scale, scale))
    }

    /** Around its middle, with room for the corners. */
    fun rotated(
        picture: BufferedImage,
        degrees: Double,
    ): BufferedImage {
        val room = picture.width / ROOM
        val turn = AffineTransform.getTranslateInstance(room.toDouble(), room.toDouble())
        turn.rotate(Math.toRadians(degrees), picture.width / 2.0, picture.height / 2.0)
        return drawn(picture, picture.width + 2 * room, picture.height + 2 * room, turn)
    }

    private fun drawn(
        picture: BufferedImage,
        width: Int,
        height: Int,
        how: AffineTransform,
    ): BufferedImage {
        val seen = BufferedImage(width, height, BufferedImage.TYPE_INT_RGB)
        val graphics = seen.createGraphics()
        graphics.color = Color.GRAY
        graphics.fillRect(0, 0, width, height)
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC)
        graphics.drawImage(picture, how, null)
        graphics.dispose()
        return seen
    }

    private const val ROOM = 6
    private val HINTS = mapOf(DecodeHintType.TRY_HARDER to true)
}
