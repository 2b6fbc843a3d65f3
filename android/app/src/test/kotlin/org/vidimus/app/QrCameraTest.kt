package org.vidimus.app

import android.graphics.RectF
import android.util.Size
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.GraphicsMode
import java.nio.ByteBuffer
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** What of the camera needs no camera. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class QrCameraTest {
    @Test
    fun `a QR is read from rows with padding, the last one cut short as cameras do`() {
        val text = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        val matrix = Encoder.encode(text, ErrorCorrectionLevel.L).matrix
        val scale = 4
        val side = (matrix.width + 8) * scale
        val stride = side + 24
        val rows = ByteArray(stride * side) { -1 }
        for (y in 0..<matrix.height * scale) {
            for (x in 0..<matrix.width * scale) {
                val dark = matrix.get(x / scale, y / scale).toInt() == 1
                if (dark) rows[(y + 4 * scale) * stride + x + 4 * scale] = 0
            }
        }
        val reader = QrReader()
        val blank = ByteBuffer.wrap(ByteArray(rows.size) { -1 })
        assertNull(reader.read(blank, side, side, stride))
        assertEquals(text, reader.read(ByteBuffer.wrap(rows, 0, rows.size - 24), side, side, stride))
    }

    @Test
    fun `the size is near 720 lines, and the only one where there is no choice`() {
        val sizes = listOf(Size(4000, 3000), Size(1920, 1080), Size(1280, 720), Size(640, 480), Size(320, 240))
        assertEquals(Size(1280, 720), bestSize(sizes))
        assertEquals(Size(320, 240), bestSize(listOf(Size(320, 240))))
    }

    @Test
    fun `the middle of the picture fills the view, and keeps its shape`() {
        // A sensor on its side: 1280 x 720 is 720 x 1280 to the eye, and a square shows 720 x 720 of it.
        val shown = RectF(0f, 0f, 300f, 300f)
        crop(300, 300, Size(1280, 720), 90).mapRect(shown)
        assertEquals(300f, shown.width(), 0.5f)
        assertEquals(300f * 1280 / 720, shown.height(), 0.5f)
        assertEquals(150f, shown.centerY(), 0.5f)
    }
}
