package org.vidimus.support

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import java.awt.image.BufferedImage
import javax.imageio.ImageIO

/** Decodes a PNG, as any program does. */
fun picture(png: ByteArray): BufferedImage = checkNotNull(ImageIO.read(png.inputStream())) { "not a picture" }

/** What ZXing reads in a picture. */
fun scan(png: ByteArray): String {
    val picture = picture(png)
    val pixels = picture.getRGB(0, 0, picture.width, picture.height, null, 0, picture.width)
    val source = RGBLuminanceSource(picture.width, picture.height, pixels)
    val hints = mapOf(DecodeHintType.PURE_BARCODE to true)
    return QRCodeReader().decode(BinaryBitmap(HybridBinarizer(source)), hints).text
}
