package org.vidimus.reader

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Matrix
import android.graphics.Paint
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.vidimus.QrSymbol
import org.vidimus.isDark
import java.nio.ByteBuffer

/**
 * A picture of a camera, drawn: gray, with codes on white paper in it. What reads it gets its
 * [luminance] as a camera gives it.
 */
internal class Drawn(
    val width: Int,
    val height: Int,
) {
    // Each pixel is four that are drawn: what a camera sees is the light on all of it.
    private val bitmap = Bitmap.createBitmap(2 * width, 2 * height, Bitmap.Config.ARGB_8888).apply { eraseColor(Color.GRAY) }
    private val canvas = Canvas(bitmap)

    /** Draws a code with its middle here, and its white edge of four modules. */
    fun code(
        symbol: QrSymbol,
        x: Float,
        y: Float,
        pixelsAModule: Float,
        degrees: Float = 0f,
    ): Drawn {
        val side = symbol.size + 2 * EDGE
        val modules = Bitmap.createBitmap(side, side, Bitmap.Config.ARGB_8888)
        modules.eraseColor(Color.WHITE)
        for (row in 0..<symbol.size) {
            for (column in 0..<symbol.size) {
                if (symbol.isDark(column, row)) modules.setPixel(column + EDGE, row + EDGE, Color.BLACK)
            }
        }
        val sharp = Bitmap.createScaledBitmap(modules, side * SHARP, side * SHARP, false)
        val how =
            Matrix().apply {
                postTranslate(-side * SHARP / 2f, -side * SHARP / 2f)
                postScale(2 * pixelsAModule / SHARP, 2 * pixelsAModule / SHARP)
                postRotate(degrees)
                postTranslate(2 * x, 2 * y)
            }
        canvas.drawBitmap(sharp, how, Paint(Paint.FILTER_BITMAP_FLAG or Paint.ANTI_ALIAS_FLAG))
        return this
    }

    /** One byte a pixel, in rows of [stride] bytes; the last one is cut short, as cameras do. */
    fun luminance(stride: Int = width): ByteBuffer {
        val wide = 2 * width
        val pixels = IntArray(wide * 2)
        val rows = ByteArray(stride * (height - 1) + width)
        for (y in 0..<height) {
            bitmap.getPixels(pixels, 0, wide, 0, 2 * y, wide, 2)
            for (x in 0..<width) {
                val light = listOf(2 * x, 2 * x + 1, wide + 2 * x, wide + 2 * x + 1).sumOf { Color.green(pixels[it]) }
                rows[y * stride + x] = (light / 4).toByte()
            }
        }
        return ByteBuffer.wrap(rows)
    }

    private companion object {
        const val EDGE = 4
        const val SHARP = 8
    }
}

/** The code of a text, as another implementation makes it. */
internal fun symbolOf(text: String): QrSymbol {
    val matrix = Encoder.encode(text, ErrorCorrectionLevel.L).matrix
    val rowBytes = (matrix.width + 7) / 8
    val modules = ByteArray(rowBytes * matrix.height)
    for (y in 0..<matrix.height) {
        for (x in 0..<matrix.width) {
            if (matrix.get(x, y).toInt() == 1) {
                val at = y * rowBytes + x / 8
                modules[at] = (modules[at].toInt() or (0x80 shr x % 8)).toByte()
            }
        }
    }
    return QrSymbol(matrix.width, modules)
}
