package org.vidimus.app

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
 * The camera at the back, straight on Camera2: one stream to look at and one to read from. CameraX would add a megabyte for
 * what these lines do. It was not run on a phone here.
 *
 * @param seen is called on the main thread with the text of each new QR
 * @param refused is called there when no camera can be had
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

    // Of the worker's thread alone.
    private var device: CameraDevice? = null
    private var images: ImageReader? = null
    private var preview: Surface? = null
    private var last: String? = null

    @Volatile
    private var closed = false

    /** Begins as soon as there is a surface to look at. */
    fun open() {
        thread.start()
        worker = Handler(thread.looper)
        if (view.isAvailable) {
            worker.post(::start)
            return
        }
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
                ) = Unit

                override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean = true

                override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit
            }
    }

    /** Gives the camera back. Nothing is seen any more once this returns. */
    fun close() {
        closed = true
        view.surfaceTextureListener = null
        worker.post {
            device?.close()
            images?.close()
            preview?.release()
            thread.quitSafely()
        }
    }

    // The caller has asked for the permission; taken back meanwhile, it is a SecurityException.
    @SuppressLint("MissingPermission")
    private fun start() {
        if (closed) return
        val camera = manager.cameraIdList.firstOrNull(::looksAway) ?: manager.cameraIdList.firstOrNull()
        attempt {
            manager.openCamera(checkNotNull(camera), Opened(manager.getCameraCharacteristics(camera)), worker)
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
    }

    private fun stream(
        camera: CameraDevice,
        facts: CameraCharacteristics,
    ) {
        val sizes = checkNotNull(facts.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP))
        val size = bestSize(sizes.getOutputSizes(ImageFormat.YUV_420_888).toList())
        val turned = facts.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: 0
        val texture = checkNotNull(view.surfaceTexture).apply { setDefaultBufferSize(size.width, size.height) }
        main.post { view.setTransform(crop(view.width, view.height, size, turned)) }
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

/** Fills a view with the middle of the picture, which the system has stretched to the view's shape. */
internal fun crop(
    viewWidth: Int,
    viewHeight: Int,
    buffer: Size,
    sensorTurned: Int,
): Matrix {
    val upright = sensorTurned % 180 == 0
    val width = (if (upright) buffer.width else buffer.height).toFloat()
    val height = (if (upright) buffer.height else buffer.width).toFloat()
    val scale = maxOf(viewWidth / width, viewHeight / height)
    return Matrix().apply {
        setScale(width * scale / viewWidth, height * scale / viewHeight, viewWidth / 2f, viewHeight / 2f)
    }
}
