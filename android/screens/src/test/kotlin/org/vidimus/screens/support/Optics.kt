package org.vidimus.screens.support

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import java.awt.Color
import java.awt.RenderingHints
import java.awt.geom.AffineTransform
import java.awt.image.BufferedImage

/** What a camera does to a screen, and the program behind it that reads the QR. */
internal object Optics {
    /** A hand is never still: where the program loses the symbol in one look, the camera brings it another. */
    fun read(picture: BufferedImage): String = LOOKS.firstNotNullOf { degrees -> look(if (degrees == 0.0) picture else rotated(picture, degrees)) }

    private fun look(picture: BufferedImage): String? {
        val pixels = picture.getRGB(0, 0, picture.width, picture.height, null, 0, picture.width)
        val source = RGBLuminanceSource(picture.width, picture.height, pixels)
        return try {
            QRCodeReader().decode(BinaryBitmap(HybridBinarizer(source)), mapOf(DecodeHintType.TRY_HARDER to true)).text
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
    private val LOOKS = listOf(0.0, 1.5, -1.5, 3.0)
}
