package org.vidimus.reader

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.Rect
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
import android.os.SystemClock
import android.util.Size
import android.view.GestureDetector
import android.view.MotionEvent
import android.view.ScaleGestureDetector
import android.view.Surface
import android.view.TextureView
import android.view.View

/**
 * The camera at the back, straight on Camera2: one stream to look at and one to read from. Two
 * fingers bring it nearer, and a tap says where it is to look sharply. ADR 0020 says why it is not
 * CameraX. It was not run on a phone here.
 *
 * @param seen is called on the main thread with the texts of all QRs in a picture, where they are
 * others than in the one before
 * @param refused is called there when no camera can be opened
 */
internal class QrCamera(
    private val context: Context,
    private val view: TextureView,
    private val seen: (List<String>) -> Unit,
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
    private var stream: Stream? = null
    private val told = ToldTexts()
    private var light = false
    private var zoom = 1f
    private var spot: Rect? = null

    @Volatile
    private var closed = false

    /** Looks by itself for what is sharp again, some time after it was told where. */
    private val letGo =
        Runnable {
            spot = null
            attempt { ask() }
        }

    /** Begins as soon as there is a surface to look at. */
    fun open() {
        thread.start()
        worker = Handler(thread.looper)
        view.setOnTouchListener(Fingers(context, ::zoom, ::focus))
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

    /** Puts the light on or out, where there is one; also before the camera is there. */
    fun light(isOn: Boolean) {
        change { light = isOn }
    }

    /** Comes nearer by this factor, as far as the camera can. */
    fun zoom(by: Float) {
        change { zoom = stream?.lens?.zoom(zoom * by) ?: zoom }
    }

    /** Looks sharply at what is drawn at this point of the view, for a while. */
    fun focus(
        x: Float,
        y: Float,
    ) {
        val frame = frame ?: return
        val display = view.display ?: return
        val (right, down) = seenAt(x, y, view.width, view.height, frame, display.rotation)
        if (!closed) worker.post { attempt { focusOn(right, down) } }
    }

    /** Gives the camera back. Nothing is seen any more once this returns. */
    fun close() {
        closed = true
        view.surfaceTextureListener = null
        view.setOnTouchListener(null)
        worker.post {
            over = true
            stream = null
            worker.removeCallbacks(letGo)
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
            val camera = checkNotNull(manager.camera)
            manager.openCamera(camera, Opened(manager.getCameraCharacteristics(camera)), worker)
            expected = true
        }
    }

    private inner class Opened(
        private val facts: CameraCharacteristics,
    ) : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            device = camera
            if (closed) {
                camera.close()
            } else {
                attempt {
                    val lens = Lens(facts)
                    stream(camera, lens, bestSize(lens.sizes))
                }
            }
        }

        override fun onDisconnected(camera: CameraDevice) {
            camera.close()
            // Another app has taken it: a picture that stands still would look like one that looks.
            giveUp()
        }

        override fun onError(
            camera: CameraDevice,
            error: Int,
        ) {
            camera.close()
            giveUp()
        }

        override fun onClosed(camera: CameraDevice) {
            device = null
            stream = null
            expected = false
            if (over) thread.quitSafely()
        }
    }

    private fun stream(
        camera: CameraDevice,
        lens: Lens,
        size: Size,
    ) {
        val taken = Frame(size, lens.turned)
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
            }
        val session =
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) {
                    if (closed) return
                    stream = Stream(lens, size, request, session)
                    zoom = lens.zoom(zoom)
                    attempt { ask() }
                }

                // An old camera may have no room for two streams of this size.
                override fun onConfigureFailed(session: CameraCaptureSession) {
                    val smaller = smallerThan(size, lens.sizes)
                    shown.release()
                    read.close()
                    if (closed) return
                    if (smaller == null) giveUp() else attempt { stream(camera, lens, smaller) }
                }
            }
        // What replaces it needs Android 9.
        @Suppress("DEPRECATION")
        camera.createCaptureSession(listOf(shown, read.surface), session, worker)
    }

    /** Does something to what is asked of the camera, on the worker. */
    private fun change(what: () -> Unit) {
        if (closed) return
        worker.post {
            what()
            attempt { ask() }
        }
    }

    /** Asks for pictures, one after another, from now on. */
    private fun ask() {
        stream?.run {
            lens.set(request, light, zoom, spot)
            session.setRepeatingRequest(request.build(), null, worker)
        }
    }

    private fun focusOn(
        x: Float,
        y: Float,
    ) {
        val stream = stream ?: return
        spot = stream.lens.spot(stream.size, zoom, x, y) ?: return
        ask()
        // In one picture alone: in each it would begin anew.
        stream.request.set(CaptureRequest.CONTROL_AF_TRIGGER, CameraMetadata.CONTROL_AF_TRIGGER_START)
        stream.session.capture(stream.request.build(), null, worker)
        stream.request.set(CaptureRequest.CONTROL_AF_TRIGGER, CameraMetadata.CONTROL_AF_TRIGGER_IDLE)
        worker.removeCallbacks(letGo)
        worker.postDelayed(letGo, HELD)
    }

    /** Shows the picture upright, whichever way the phone is held. */
    private fun fit() {
        val display = view.display ?: return
        turned = display.rotation
        frame?.let { view.setTransform(crop(view.width, view.height, it, display.rotation)) }
    }

    private fun look(source: ImageReader) {
        val image = source.acquireLatestImage() ?: return
        val texts = image.use { it.planes[0].run { reader.read(buffer, it.width, it.height, rowStride) } }
        if (texts.isEmpty()) return
        if (!told.isNews(texts, SystemClock.elapsedRealtime())) return
        main.post { if (!closed) seen(texts) }
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

    /** What is open, and what is asked of it. */
    private class Stream(
        val lens: Lens,
        val size: Size,
        val request: CaptureRequest.Builder,
        val session: CameraCaptureSession,
    )

    private companion object {
        /** In milliseconds: a spot that was chosen by a finger stays sharp for so long. */
        const val HELD = 4_000L
    }
}

/** Whether the camera that looks for QRs has a light beside it. */
internal fun hasLight(context: Context): Boolean {
    val manager = context.getSystemService(CameraManager::class.java)
    return try {
        manager.camera?.let { manager.getCameraCharacteristics(it).hasLight } ?: false
    } catch (_: CameraAccessException) {
        false
    } catch (_: IllegalArgumentException) {
        // It is gone since.
        false
    }
}

/** The one at the back, or what there is. */
private val CameraManager.camera: String?
    get() {
        val all = cameraIdList
        return all.firstOrNull { getCameraCharacteristics(it).get(LENS_FACING) == CameraMetadata.LENS_FACING_BACK }
            ?: all.firstOrNull()
    }

/** Two fingers that part come nearer; one that taps says where to look. */
private class Fingers(
    context: Context,
    zoomed: (Float) -> Unit,
    tapped: (Float, Float) -> Unit,
) : View.OnTouchListener {
    private val pinch =
        ScaleGestureDetector(
            context,
            object : ScaleGestureDetector.SimpleOnScaleGestureListener() {
                override fun onScale(detector: ScaleGestureDetector): Boolean {
                    zoomed(detector.scaleFactor)
                    return true
                }
            },
        )

    private val tap =
        GestureDetector(
            context,
            object : GestureDetector.SimpleOnGestureListener() {
                override fun onSingleTapUp(event: MotionEvent): Boolean {
                    tapped(event.x, event.y)
                    return true
                }
            },
        )

    // A screen reader has no use for either.
    @SuppressLint("ClickableViewAccessibility")
    override fun onTouch(
        view: View,
        event: MotionEvent,
    ): Boolean {
        // With one finger the page scrolls.
        if (event.pointerCount > 1) view.parent?.requestDisallowInterceptTouchEvent(true)
        pinch.onTouchEvent(event)
        tap.onTouchEvent(event)
        return true
    }
}

/**
 * What a camera has told. The same texts are told again, though not for each picture: a reader wants
 * to know that they are still there, and may have been busy.
 */
internal class ToldTexts {
    private var last = emptyList<String>()
    private var at = 0L

    /** Whether the texts of a picture are to be told, at this time in milliseconds; then they count as told. */
    fun isNews(
        texts: List<String>,
        now: Long,
    ): Boolean {
        if (texts == last && now - at < AGAIN) return false
        last = texts
        at = now
        return true
    }

    private companion object {
        /** In milliseconds, as on the iPhone. */
        const val AGAIN = 500L
    }
}
