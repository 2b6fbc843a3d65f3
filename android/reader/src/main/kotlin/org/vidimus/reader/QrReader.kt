package org.vidimus.reader

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.multi.qrcode.QRCodeMultiReader
import java.nio.ByteBuffer

/**
 * Finds the QRs in what a camera has seen. It is for one thread.
 *
 * ZXing's plain reader takes the three corners that look best. Among some 8,000 modules others look
 * like one, and it loses about two symbols of a hundred in any look. The one for several symbols
 * tries the others too, and sees a second license beside the first. Both measure corners in whole
 * pixels. At 2.5 to 3.5 of them a module that is too rough for so many modules, at some angles
 * always: then the same picture is read with twice the pixels a side.
 */
internal class QrReader {
    private val reader = QRCodeMultiReader()
    private var bytes = ByteArray(0)
    private var larger = ByteArray(0)

    /**
     * The texts of all QRs in the picture that it could read; empty where it could read none.
     *
     * @param luminance rows of [rowStride] bytes, one byte a pixel, the last row perhaps cut short
     */
    fun read(
        luminance: ByteBuffer,
        width: Int,
        height: Int,
        rowStride: Int,
    ): List<String> {
        val size = rowStride * height
        if (bytes.size != size) bytes = ByteArray(size)
        luminance.get(bytes, 0, minOf(size, luminance.remaining()))
        val seen = decode(PlanarYUVLuminanceSource(bytes, rowStride, height, 0, 0, width, height, false))
        // Most pictures have no corner, and are looked at once.
        if (seen == null || seen.isNotEmpty()) return seen.orEmpty()
        double(width, height, rowStride)
        val (wide, high) = 2 * width to 2 * height
        return decode(PlanarYUVLuminanceSource(larger, wide, high, 0, 0, wide, high, false)).orEmpty()
    }

    /** The texts; `null` where it finds no corners of a QR, empty where it reads none that it finds. */
    private fun decode(source: PlanarYUVLuminanceSource): List<String>? =
        try {
            reader.decodeMultiple(BinaryBitmap(HybridBinarizer(source)), HINTS).map { it.text }
        } catch (_: ReaderException) {
            null
        }

    /** Each pixel becomes four, each three parts of itself and one of what is next to it. */
    private fun double(
        width: Int,
        height: Int,
        rowStride: Int,
    ) {
        if (larger.size != 4 * width * height) larger = ByteArray(4 * width * height)
        for (y in 0..<2 * height) {
            val near = y / 2 * rowStride
            val next = (y / 2 + if (y % 2 == 0) -1 else 1).coerceIn(0, height - 1) * rowStride
            val row = y * 2 * width
            for (x in 0..<width) {
                val here = between(near + x, next + x)
                val left = if (x == 0) here else between(near + x - 1, next + x - 1)
                val right = if (x == width - 1) here else between(near + x + 1, next + x + 1)
                larger[row + 2 * x] = ((3 * here + left) shr 4).toByte()
                larger[row + 2 * x + 1] = ((3 * here + right) shr 4).toByte()
            }
        }
    }

    /** Four times the brightness that is a quarter of the way from one pixel to the other. */
    private fun between(
        near: Int,
        next: Int,
    ): Int = 3 * (bytes[near].toInt() and 0xFF) + (bytes[next].toInt() and 0xFF)

    private companion object {
        val HINTS = mapOf(DecodeHintType.TRY_HARDER to true)
    }
}
