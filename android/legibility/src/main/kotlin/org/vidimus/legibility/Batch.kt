package org.vidimus.legibility

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.multi.qrcode.QRCodeMultiReader
import com.google.zxing.qrcode.QRCodeReader
import java.io.DataInputStream
import java.io.EOFException

/**
 * Reads gray pictures (PGM) from the standard input. For each it writes a line: what ZXing reads
 * with its reader for one QR, a tab, and what it reads with the one for several. Nothing read is an
 * empty text.
 */
internal fun main() {
    val pictures = DataInputStream(System.`in`.buffered())
    while (true) {
        val picture = picture(pictures) ?: return
        println("${one(picture).orEmpty()}\t${several(picture).orEmpty()}")
    }
}

/** What is read by the three corners that look best. */
private fun one(picture: PlanarYUVLuminanceSource): String? =
    try {
        QRCodeReader().decode(bitmap(picture), HINTS).text
    } catch (_: ReaderException) {
        null
    }

/**
 * The first of all that are in the picture: the reader in the app's `QrReader`, which looks once
 * more with twice the pixels where this finds corners and reads nothing.
 */
private fun several(picture: PlanarYUVLuminanceSource): String? =
    try {
        QRCodeMultiReader().decodeMultiple(bitmap(picture), HINTS).firstOrNull()?.text
    } catch (_: ReaderException) {
        null
    }

private fun bitmap(picture: PlanarYUVLuminanceSource) = BinaryBitmap(HybridBinarizer(picture))

/** The next picture; `null` where there is none. */
private fun picture(pictures: DataInputStream): PlanarYUVLuminanceSource? {
    val header = header(pictures) ?: return null
    val (width, height) = header.split(' ').drop(1).map(String::toInt)
    val pixels = ByteArray(width * height).also(pictures::readFully)
    return PlanarYUVLuminanceSource(pixels, width, height, 0, 0, width, height, false)
}

/** Such as `P5 640 480 255`. */
private fun header(pictures: DataInputStream): String? {
    val line = StringBuilder()
    try {
        while (true) {
            val letter = pictures.readUnsignedByte().toChar()
            if (letter == '\n') return line.toString()
            line.append(letter)
        }
    } catch (_: EOFException) {
        return null
    }
}

private val HINTS = mapOf(DecodeHintType.TRY_HARDER to true)
