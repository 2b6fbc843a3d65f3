package org.vidimus.reader

import android.graphics.ImageFormat
import android.graphics.Rect
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CameraMetadata
import android.hardware.camera2.CaptureRequest
import android.os.HandlerThread
import android.os.Looper
import android.util.Range
import android.util.Size
import android.view.Surface
import android.view.TextureView
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
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
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
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(1, refusals, "a picture that stands still is no look")
        assertTrue(worker.isAlive, "what the view still tells is heard")
        camera.close()
        assertTrue(worker.ends())
    }

    @Test
    fun `a code that stays is told twice a second, and another one at once`() {
        val told = ToldTexts()
        val (one, two) = listOf("one") to listOf("two")
        assertTrue(told.isNews(one, 10_000))
        assertFalse(told.isNews(one, 10_033))
        assertFalse(told.isNews(one, 10_499))
        assertTrue(told.isNews(one, 10_500))
        assertTrue(told.isNews(two, 10_501))
        assertTrue(told.isNews(one, 10_502))
        assertFalse(told.isNews(one, 11_001))
    }

    @Test
    fun `a QR is read from rows with padding, the last one cut short as cameras do`() {
        val text = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        val reader = QrReader()
        assertEquals(emptyList(), reader.read(Drawn(640, 480).luminance(664), 640, 480, 664))
        val picture = Drawn(640, 480).code(symbolOf(text), 320f, 240f, 4f)
        assertEquals(listOf(text), reader.read(picture.luminance(664), 640, 480, 664))
    }

    @Test
    fun `a token is read from a picture of the size that is asked for`() {
        val reader = QrReader()
        for ((pixelsAModule, degrees) in listOf(4f to 6f, 5f to 20f, 5f to 45f, 4f to 183f)) {
            assertRead(reader, pixelsAModule, degrees)
        }
    }

    @Test
    fun `where its corners are found and too small to be measured, twice the pixels are enough`() {
        val reader = QrReader()
        for ((pixelsAModule, degrees) in listOf(2.5f to 0f, 2.5f to 3f, 3f to 0f, 3f to 90f)) {
            assertRead(reader, pixelsAModule, degrees)
        }
    }

    @Test
    fun `all codes of one picture are handed on`() {
        val (one, two) = token(1) to token(2)
        val picture =
            Drawn(1920, 1080)
                .code(symbolOf(one), 480f, 540f, 5f, degrees = 3f)
                .code(symbolOf(two), 1440f, 540f, 5f, degrees = 8f)
        assertEquals(setOf(one, two), QrReader().read(picture.luminance(), 1920, 1080, 1920).toSet())
    }

    @Test
    fun `the size is the smallest that shows the modules of a usual code, or the largest there is`() {
        val sizes = listOf(Size(4000, 3000), Size(1920, 1440), Size(1920, 1080), Size(1280, 720), Size(640, 480))
        assertEquals(Size(1920, 1080), bestSize(sizes))
        assertEquals(Size(1920, 1440), bestSize(sizes - Size(1920, 1080)))
        assertEquals(Size(1088, 1920), bestSize(listOf(Size(1088, 1920), Size(4000, 3000))))
        assertEquals(Size(1280, 720), bestSize(listOf(Size(640, 480), Size(1280, 720), Size(800, 600))))
        // Too few lines, however long they are.
        assertEquals(Size(2000, 1000), bestSize(listOf(Size(2000, 1000), Size(640, 480))))
        assertEquals(Size(1280, 720), smallerThan(Size(1920, 1080), sizes))
        assertNull(smallerThan(Size(640, 480), sizes))
    }

    @Test
    fun `the light is put on and out where there is one, and a phone says whether there is`() {
        assertFalse(hasLight(context))
        addCamera { set(CameraCharacteristics.FLASH_INFO_AVAILABLE, true) }
        assertTrue(hasLight(context))
        assertEquals(CameraMetadata.FLASH_MODE_TORCH, asked(light = true)[CaptureRequest.FLASH_MODE])
        assertEquals(CameraMetadata.FLASH_MODE_OFF, asked(light = false)[CaptureRequest.FLASH_MODE])
    }

    @Test
    fun `a camera without a light is asked for none`() {
        addCamera { set(CameraCharacteristics.FLASH_INFO_AVAILABLE, false) }
        assertFalse(hasLight(context))
        assertNull(asked(light = true)[CaptureRequest.FLASH_MODE])
    }

    @Test
    fun `two fingers come nearer, as far as the camera can`() {
        addCamera { set(CameraCharacteristics.CONTROL_ZOOM_RATIO_RANGE, Range(0.6f, 5f)) }
        val lens = lens()
        assertEquals(1f, lens.zoom(0.6f), "nothing is smaller than at first")
        assertEquals(3f, lens.zoom(3f))
        assertEquals(5f, lens.zoom(9f))
        assertEquals(3f, asked(zoom = 3f)[CaptureRequest.CONTROL_ZOOM_RATIO])
    }

    @Test
    fun `before Android 11 coming nearer is the middle of the sensor`() {
        addCamera {
            set(CameraCharacteristics.SENSOR_INFO_ACTIVE_ARRAY_SIZE, Rect(0, 0, 4000, 3000))
            set(CameraCharacteristics.SCALER_AVAILABLE_MAX_DIGITAL_ZOOM, 4f)
        }
        assertEquals(4f, lens().zoom(9f))
        assertEquals(Rect(1000, 750, 3000, 2250), asked(zoom = 2f)[CaptureRequest.SCALER_CROP_REGION])
        assertNull(asked(zoom = 2f)[CaptureRequest.CONTROL_ZOOM_RATIO])
    }

    @Test
    fun `a camera looks by itself for what is sharp, unless a finger says where`() {
        addCamera {
            set(CameraCharacteristics.SENSOR_INFO_ACTIVE_ARRAY_SIZE, Rect(0, 0, 4000, 3000))
            set(CameraCharacteristics.CONTROL_MAX_REGIONS_AF, 1)
            val modes = intArrayOf(CameraMetadata.CONTROL_AF_MODE_AUTO, CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
            set(CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES, modes)
        }
        val lens = lens()
        assertEquals(CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE, lens.focusMode(null))
        val spot = assertNotNull(lens.spot(Size(1920, 1080), 1f, 0.5f, 0.5f))
        assertEquals(CameraMetadata.CONTROL_AF_MODE_AUTO, lens.focusMode(spot))
        assertEquals(2000f, spot.exactCenterX(), 1f)
        assertEquals(1500f, spot.exactCenterY(), 1f)
        val asked = asked(spot = spot)
        assertEquals(CameraMetadata.CONTROL_AF_MODE_AUTO, asked[CaptureRequest.CONTROL_AF_MODE])
        assertEquals(spot, asked[CaptureRequest.CONTROL_AF_REGIONS]?.single()?.rect)
    }

    @Test
    fun `a camera with one focus is not told where to look`() {
        addCamera { set(CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES, intArrayOf(CameraMetadata.CONTROL_AF_MODE_OFF)) }
        assertNull(lens().spot(Size(1920, 1080), 1f, 0.5f, 0.5f))
        assertEquals(CameraMetadata.CONTROL_AF_MODE_OFF, lens().focusMode(null))
    }

    @Test
    fun `a spot lies in what the pictures have of the sensor, also at its edge`() {
        val sensor = Rect(100, 100, 4100, 3100)
        // Of 3000 lines a wide picture has the 2250 in the middle.
        val middle = spot(sensor, Size(1920, 1080), 0.5f, 0.5f)
        assertEquals(2100f, middle.exactCenterX(), 1f)
        assertEquals(1600f, middle.exactCenterY(), 1f)
        val seen = Rect(100, 475, 4100, 2725)
        for ((x, y) in listOf(0f to 0f, 1f to 0f, 0f to 1f, 1f to 1f)) {
            assertTrue(seen.contains(spot(sensor, Size(1920, 1080), x, y)), "$x, $y")
        }
        assertEquals(100, spot(sensor, Size(1920, 1080), 0f, 0.5f).left)
        assertEquals(2725, spot(sensor, Size(1920, 1080), 0.5f, 1f).bottom)
    }

    @Test
    fun `a finger means what is drawn under it, whichever way the phone is held`() {
        val frame = Frame(Size(1920, 1080), 90)
        // Of a sensor on its side the upper edge is drawn at the right.
        assertSeen(0.5f, 0.5f, seenAt(200f, 150f, 400, 300, frame, Surface.ROTATION_0))
        val (right, down) = seenAt(399f, 150f, 400, 300, frame, Surface.ROTATION_0)
        assertEquals(0.5f, right, 0.01f)
        assertTrue(down < 0.01f, "$down")
        // Held on its side, the phone sees as its sensor does.
        val (left, upper) = seenAt(0f, 0f, 1920, 1080, frame, Surface.ROTATION_90)
        assertEquals(0f, left, 0.01f)
        assertEquals(0f, upper, 0.01f)
        assertSeen(0.25f, 0.75f, seenAt(480f, 810f, 1920, 1080, frame, Surface.ROTATION_90))
        // And upside down.
        assertSeen(0.75f, 0.25f, seenAt(480f, 810f, 1920, 1080, frame, Surface.ROTATION_270))
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

    private fun addCamera(
        pictures: Int = ImageFormat.YUV_420_888,
        more: ShadowCameraCharacteristics.() -> Unit = {},
    ) {
        val facts = ShadowCameraCharacteristics.newCameraCharacteristics()
        val sizes = StreamConfigurationMapBuilder.newBuilder().addOutputSize(pictures, Size(1280, 720)).build()
        shadowOf(facts).set(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP, sizes)
        shadowOf(facts).set(CameraCharacteristics.SENSOR_ORIENTATION, 90)
        shadowOf(facts).set(CameraCharacteristics.LENS_FACING, CameraMetadata.LENS_FACING_BACK)
        shadowOf(facts).more()
        cameras.addCamera("0", facts)
    }

    private fun lens() = Lens(context.getSystemService(CameraManager::class.java).getCameraCharacteristics("0"))

    /** What is asked of a camera that is open. */
    private fun asked(
        light: Boolean = false,
        zoom: Float = 1f,
        spot: Rect? = null,
    ): CaptureRequest.Builder {
        val camera = opened()
        val request = device().createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
        lens().set(request, light, zoom, spot)
        val worker = worker()
        camera.close()
        assertTrue(worker.ends())
        return request
    }

    private fun assertRead(
        reader: QrReader,
        pixelsAModule: Float,
        degrees: Float,
    ) {
        val text = token(7)
        val picture = Drawn(1920, 1080).code(symbolOf(text), 960f, 540f, pixelsAModule, degrees)
        assertEquals(listOf(text), reader.read(picture.luminance(), 1920, 1080, 1920), "$pixelsAModule, $degrees")
    }

    /** As long as a usual one, in its letters. */
    private fun token(seed: Int): String {
        val letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
        val random = Random(seed)
        return "DL1:" + String(CharArray(1_100) { letters[random.nextInt(letters.length)] })
    }

    private fun assertSeen(
        x: Float,
        y: Float,
        seen: Pair<Float, Float>,
    ) {
        assertEquals(x, seen.first, 0.01f)
        assertEquals(y, seen.second, 0.01f)
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
    private fun isGivenBack(): Boolean = ReflectionHelpers.getField(Shadow.extract<ShadowCameraDeviceImpl>(device()), "closed")

    private fun device(): CameraDevice = ReflectionHelpers.getStaticField(ShadowCameraManager::class.java, "lastDevice")
}
