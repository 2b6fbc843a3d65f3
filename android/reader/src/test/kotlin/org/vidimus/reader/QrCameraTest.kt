package org.vidimus.reader

import android.graphics.ImageFormat
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CameraMetadata
import android.os.HandlerThread
import android.os.Looper
import android.util.Size
import android.view.Surface
import android.view.TextureView
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowCameraCharacteristics
import org.robolectric.shadows.ShadowCameraDeviceImpl
import org.robolectric.shadows.ShadowCameraManager
import org.robolectric.shadows.StreamConfigurationMapBuilder
import org.robolectric.util.ReflectionHelpers
import java.nio.ByteBuffer
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What of the camera needs no camera, and how one is asked for and given back. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class QrCameraTest {
    private val context = RuntimeEnvironment.getApplication()
    private val cameras = shadowOf(context.getSystemService(CameraManager::class.java))
    private var refusals = 0

    @Test
    fun `a phone without a camera is said to have none, and nothing is left behind`() {
        val camera = opened()
        val worker = worker()
        assertEquals(1, refusals)
        camera.close()
        assertTrue(worker.ends())
    }

    @Test
    fun `a camera whose pictures cannot be read is as good as none`() {
        addCamera(ImageFormat.DEPTH16)
        val camera = opened()
        val worker = worker()
        assertEquals(1, refusals)
        camera.close()
        assertTrue(worker.ends())
        assertTrue(isGivenBack())
    }

    @Test
    fun `the camera is given back, also one that was only being opened`() {
        addCamera()
        val camera = opened()
        assertEquals(0, refusals)
        assertFalse(isGivenBack())
        val worker = worker()
        camera.close()
        assertTrue(worker.ends())
        assertTrue(isGivenBack())

        val another = camera()
        another.open()
        val second = worker()
        another.close()
        assertTrue(second.ends())
        assertTrue(isGivenBack())
        assertEquals(0, refusals)
    }

    @Test
    fun `a camera that another app takes ends with its last word, and not before`() {
        addCamera()
        val camera = opened()
        val worker = worker()
        cameras.triggerDisconnect()
        shadowOf(worker.looper).idle()
        assertTrue(isGivenBack())
        assertTrue(worker.isAlive, "what the view still tells is heard")
        camera.close()
        assertTrue(worker.ends())
    }

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
        // A sensor on its side: 1280 x 720 is 720 x 1280 to the eye, and a square shows 720 x 720
        // of it.
        val shown = RectF(0f, 0f, 300f, 300f)
        crop(300, 300, Frame(Size(1280, 720), 90), Surface.ROTATION_0).mapRect(shown)
        assertEquals(300f, shown.width(), 0.5f)
        assertEquals(300f * 1280 / 720, shown.height(), 0.5f)
        assertEquals(150f, shown.centerY(), 0.5f)
    }

    @Test
    fun `whichever way the phone is held, up is up and nothing is stretched`() {
        // Where the middle of the picture's upper edge goes, which the system has drawn for a phone
        // that stands.
        for ((turned, up) in mapOf(
            Surface.ROTATION_0 to Pair(200f, 150f - 400f * 1280 / 720 / 2),
            Surface.ROTATION_90 to Pair(200f - 300f * 1280 / 720 / 2, 150f),
            Surface.ROTATION_180 to Pair(200f, 150f + 400f * 1280 / 720 / 2),
            Surface.ROTATION_270 to Pair(200f + 300f * 1280 / 720 / 2, 150f),
        )) {
            val matrix = crop(400, 300, Frame(Size(1280, 720), 90), turned)
            val point = floatArrayOf(200f, 0f)
            matrix.mapPoints(point)
            assertEquals(up.first, point[0], 0.5f, "$turned")
            assertEquals(up.second, point[1], 0.5f, "$turned")

            val picture = RectF(0f, 0f, 400f, 300f).also(matrix::mapRect)
            val lies = turned % 2 == 1
            val (width, height) = if (lies) 1280 to 720 else 720 to 1280
            assertEquals(width.toFloat() / height, picture.width() / picture.height(), 0.01f, "$turned")
            assertTrue(picture.width() > 399.5f && picture.height() > 299.5f, "the view is full: $turned")
        }
    }

    private fun addCamera(pictures: Int = ImageFormat.YUV_420_888) {
        val facts = ShadowCameraCharacteristics.newCameraCharacteristics()
        val sizes = StreamConfigurationMapBuilder.newBuilder().addOutputSize(pictures, Size(1280, 720)).build()
        shadowOf(facts).set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes)
        shadowOf(facts).set(CameraCharacteristics.SENSOR_ORIENTATION, 90)
        shadowOf(facts).set(CameraCharacteristics.LENS_FACING, CameraMetadata.LENS_FACING_BACK)
        cameras.addCamera("0", facts)
    }

    private fun camera(): QrCamera {
        val view = TextureView(context).apply { setSurfaceTexture(SurfaceTexture(0)) }
        return QrCamera(context, view, seen = {}, refused = { refusals++ })
    }

    /** A camera of which everything is heard that it has to say at first. */
    private fun opened(): QrCamera {
        val camera = camera()
        camera.open()
        shadowOf(worker().looper).idle()
        shadowOf(Looper.getMainLooper()).idle()
        return camera
    }

    private fun worker(): HandlerThread =
        Thread
            .getAllStackTraces()
            .keys
            .filterIsInstance<HandlerThread>()
            .single { it.name == "camera" && it.isAlive }

    private fun HandlerThread.ends(): Boolean {
        join(10_000)
        return !isAlive
    }

    /** Whether the device that was opened last is closed. */
    private fun isGivenBack(): Boolean {
        val device = ReflectionHelpers.getStaticField<CameraDevice>(ShadowCameraManager::class.java, "lastDevice")
        return ReflectionHelpers.getField(Shadow.extract<ShadowCameraDeviceImpl>(device), "closed")
    }
}
