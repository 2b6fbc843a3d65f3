package org.vidimus.reader

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import java.nio.ByteBuffer

/** Finds the QR in what a camera has seen. It is for one thread. */
internal class QrReader {
    private val reader = QRCodeReader()
    private var bytes = ByteArray(0)

    /**
     * The text of the QR, or `null`.
     *
     * @param luminance rows of [rowStride] bytes, one byte a pixel, the last row perhaps cut short
     */
    fun read(
        luminance: ByteBuffer,
        width: Int,
        height: Int,
        rowStride: Int,
    ): String? {
        val size = rowStride * height
        if (bytes.size != size) bytes = ByteArray(size)
        luminance.get(bytes, 0, minOf(size, luminance.remaining()))
        val source = PlanarYUVLuminanceSource(bytes, rowStride, height, 0, 0, width, height, false)
        return try {
            reader.decode(BinaryBitmap(HybridBinarizer(source)), HINTS).text
        } catch (_: ReaderException) {
            null
        } finally {
            reader.reset()
        }
    }

    private companion object {
        val HINTS = mapOf(DecodeHintType.TRY_HARDER to true)
    }
}
