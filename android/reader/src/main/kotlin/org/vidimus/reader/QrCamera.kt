package org.vidimus.reader

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraCharacteristics.LENS_FACING
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CameraMetadata
import android.hardware.camera2.CaptureRequest
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.util.Size
import android.view.Surface
import android.view.TextureView

/**
 * The camera at the back, straight on Camera2: one stream to look at and one to read from. CameraX
 * would add a megabyte for what these lines do. It was not run on a phone here.
 *
 * @param seen is called on the main thread with the text of each new QR
 * @param refused is called there when no camera can be opened
 */
internal class QrCamera(
    context: Context,
    private val view: TextureView,
    private val seen: (String) -> Unit,
    private val refused: () -> Unit,
) {
    private val manager = context.getSystemService(CameraManager::class.java)
    private val main = Handler(context.mainLooper)
    private val thread = HandlerThread("camera")
    private lateinit var worker: Handler
    private val reader = QrReader()

    // Of the main thread alone.
    private var frame: Frame? = null
    private var turned: Int? = null

    // Of the worker's thread alone.
    private var device: CameraDevice? = null

    // A camera is open, or will be: what it still has to say comes to the worker.
    private var expected = false
    private var over = false
    private var images: ImageReader? = null
    private var preview: Surface? = null
    private var last: String? = null

    @Volatile
    private var closed = false

    /** Begins as soon as there is a surface to look at. */
    fun open() {
        thread.start()
        worker = Handler(thread.looper)
        if (view.isAvailable) worker.post(::start)
        view.surfaceTextureListener =
            object : TextureView.SurfaceTextureListener {
                override fun onSurfaceTextureAvailable(
                    surface: SurfaceTexture,
                    width: Int,
                    height: Int,
                ) {
                    worker.post(::start)
                }

                override fun onSurfaceTextureSizeChanged(
                    surface: SurfaceTexture,
                    width: Int,
                    height: Int,
                ) = fit()

                override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean = true

                // From one landscape straight to the other nothing else tells of it.
                override fun onSurfaceTextureUpdated(surface: SurfaceTexture) {
                    if (view.display?.rotation != turned) fit()
                }
            }
    }

    /** Gives the camera back. Nothing is seen any more once this returns. */
    fun close() {
        closed = true
        view.surfaceTextureListener = null
        worker.post {
            over = true
            device?.close()
            images?.close()
            preview?.release()
            // The camera's last words come to the worker as well, and so does one that is only
            // being opened.
            if (!expected) thread.quitSafely()
        }
    }

    // The caller has asked for the permission; taken back meanwhile, it is a SecurityException.
    @SuppressLint("MissingPermission")
    private fun start() {
        if (closed || expected) return
        attempt {
            val all = manager.cameraIdList
            val camera = checkNotNull(all.firstOrNull(::looksAway) ?: all.firstOrNull())
            manager.openCamera(camera, Opened(manager.getCameraCharacteristics(camera)), worker)
            expected = true
        }
    }

    private fun looksAway(id: String): Boolean =
        manager.getCameraCharacteristics(id).get(LENS_FACING) == CameraMetadata.LENS_FACING_BACK

    private inner class Opened(
        private val facts: CameraCharacteristics,
    ) : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            device = camera
            if (closed) camera.close() else attempt { stream(camera, facts) }
        }

        override fun onDisconnected(camera: CameraDevice) = camera.close()

        override fun onError(
            camera: CameraDevice,
            error: Int,
        ) {
            camera.close()
            giveUp()
        }

        override fun onClosed(camera: CameraDevice) {
            device = null
            expected = false
            if (over) thread.quitSafely()
        }
    }

    private fun stream(
        camera: CameraDevice,
        facts: CameraCharacteristics,
    ) {
        val sizes = checkNotNull(facts.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP))
        // One that measures depth alone has none.
        val size = bestSize(checkNotNull(sizes.getOutputSizes(ImageFormat.YUV_420_888)).toList())
        val taken = Frame(size, facts.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: 0)
        val texture = checkNotNull(view.surfaceTexture).apply { setDefaultBufferSize(size.width, size.height) }
        main.post {
            frame = taken
            fit()
        }
        val shown = Surface(texture).also { preview = it }
        val read = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, 2).also { images = it }
        read.setOnImageAvailableListener(::look, worker)
        val request =
            camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
                addTarget(shown)
                addTarget(read.surface)
                set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
            }
        val session =
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) =
                    attempt { session.setRepeatingRequest(request.build(), null, worker) }

                override fun onConfigureFailed(session: CameraCaptureSession) = giveUp()
            }
        // What replaces it needs Android 9.
        @Suppress("DEPRECATION")
        camera.createCaptureSession(listOf(shown, read.surface), session, worker)
    }

    /** Shows the picture upright, whichever way the phone is held. */
    private fun fit() {
        val display = view.display ?: return
        turned = display.rotation
        frame?.let { view.setTransform(crop(view.width, view.height, it, display.rotation)) }
    }

    private fun look(source: ImageReader) {
        val image = source.acquireLatestImage() ?: return
        val text = image.use { it.planes[0].run { reader.read(buffer, it.width, it.height, rowStride) } }
        if (text == null || text == last) return
        last = text
        main.post { if (!closed) seen(text) }
    }

    private fun attempt(what: () -> Unit) {
        try {
            what()
        } catch (_: CameraAccessException) {
            giveUp()
        } catch (_: SecurityException) {
            giveUp()
        } catch (_: IllegalStateException) {
            // No camera at all, or one that was taken away.
            giveUp()
        } catch (_: IllegalArgumentException) {
            // The view has let go of what the camera was to draw on, or the camera is none any
            // more.
            giveUp()
        }
    }

    private fun giveUp() {
        main.post { if (!closed) refused() }
    }
}

/** Enough for the densest code at arm's length, and no more to look through than that. */
internal fun bestSize(sizes: List<Size>): Size =
    sizes.filter { it.height in 480..1080 }.minByOrNull { kotlin.math.abs(it.width * it.height - 1280 * 720) }
        ?: sizes.first()

/**
 * What a camera draws.
 *
 * @property size of its pictures, as the sensor sees them
 * @property sensorTurned by how many degrees the sensor is mounted otherwise than the phone is held
 * by nature
 */
internal class Frame(
    val size: Size,
    val sensorTurned: Int,
)

/**
 * Fills a view with the middle of the picture. The system has turned it for a phone that is held by
 * nature, and stretched it to the view's shape.
 *
 * @param displayTurned by how many quarters the display is turned against that, as
 * `Surface.ROTATION_90` counts
 */
internal fun crop(
    viewWidth: Int,
    viewHeight: Int,
    frame: Frame,
    displayTurned: Int,
): Matrix {
    val upright = frame.sensorTurned % 180 == 0
    val width = (if (upright) frame.size.width else frame.size.height).toFloat()
    val height = (if (upright) frame.size.height else frame.size.width).toFloat()
    val lies = displayTurned % 2 == 1
    val scale = maxOf(viewWidth / (if (lies) height else width), viewHeight / (if (lies) width else height))
    val (x, y) = viewWidth / 2f to viewHeight / 2f
    return Matrix().apply {
        setScale(width * scale / viewWidth, height * scale / viewHeight, x, y)
        // The display was turned one way, so the picture goes the other.
        postRotate(-90f * displayTurned, x, y)
    }
}
