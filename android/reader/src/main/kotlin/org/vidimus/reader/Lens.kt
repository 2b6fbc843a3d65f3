package org.vidimus.reader

import android.graphics.ImageFormat
import android.graphics.Matrix
import android.graphics.Rect
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraMetadata
import android.hardware.camera2.CaptureRequest
import android.hardware.camera2.params.MeteringRectangle
import android.os.Build
import android.util.Size

/**
 * What a camera can do, and what to ask of it for that.
 *
 * @throws IllegalStateException where it makes no pictures that can be read
 */
internal class Lens(
    private val facts: CameraCharacteristics,
) {
    /** The sizes of its pictures that can be read. */
    val sizes: List<Size> =
        facts.get(CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP).let { all ->
            // One that measures depth alone has none.
            checkNotNull(checkNotNull(all).getOutputSizes(ImageFormat.YUV_420_888)).toList()
        }

    /** By how many degrees the sensor is mounted otherwise than the phone is held by nature. */
    val turned: Int = facts.get(CameraCharacteristics.SENSOR_ORIENTATION) ?: 0

    private val hasLight = facts.hasLight
    private val sensor: Rect? = facts.get(CameraCharacteristics.SENSOR_INFO_ACTIVE_ARRAY_SIZE)
    private val focusModes = facts.get(CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES) ?: IntArray(0)
    private val measuresLight = (facts.get(CameraCharacteristics.CONTROL_MAX_REGIONS_AE) ?: 0) > 0

    /** Whether it can be told where to look sharply. */
    val focusesAt: Boolean =
        CameraMetadata.CONTROL_AF_MODE_AUTO in focusModes &&
            (facts.get(CameraCharacteristics.CONTROL_MAX_REGIONS_AF) ?: 0) > 0

    /** How many times nearer it can come. */
    val nearest: Float =
        if (zoomsByRatio) ratio() else facts.get(CameraCharacteristics.SCALER_AVAILABLE_MAX_DIGITAL_ZOOM) ?: 1f

    /** A zoom that it can do: pixels that are only drawn larger help no one beyond that. */
    fun zoom(wished: Float): Float = wished.coerceIn(1f, nearest.coerceIn(1f, NEAREST))

    /** Asks for pictures with this [light] and [zoom], sharp at the [spot] or by themselves. */
    fun set(
        request: CaptureRequest.Builder,
        light: Boolean,
        zoom: Float,
        spot: Rect?,
    ) {
        request.set(CaptureRequest.CONTROL_AF_MODE, focusMode(spot))
        // The region weighs as much as can be said.
        val regions = spot?.let { arrayOf(MeteringRectangle(it, MeteringRectangle.METERING_WEIGHT_MAX - 1)) }
        if (focusesAt) request.set(CaptureRequest.CONTROL_AF_REGIONS, regions)
        if (measuresLight) request.set(CaptureRequest.CONTROL_AE_REGIONS, regions)
        if (hasLight) {
            val mode = if (light) CameraMetadata.FLASH_MODE_TORCH else CameraMetadata.FLASH_MODE_OFF
            request.set(CaptureRequest.FLASH_MODE, mode)
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R && zoomsByRatio) {
            request.set(CaptureRequest.CONTROL_ZOOM_RATIO, zoom)
        } else {
            field(zoom)?.let { request.set(CaptureRequest.SCALER_CROP_REGION, it) }
        }
    }

    /** How it is to look for sharpness: by itself, unless it is told where. */
    fun focusMode(spot: Rect?): Int {
        val byItself =
            listOf(CameraMetadata.CONTROL_AF_MODE_CONTINUOUS_PICTURE, CameraMetadata.CONTROL_AF_MODE_AUTO)
        return when {
            spot != null && focusesAt -> CameraMetadata.CONTROL_AF_MODE_AUTO
            else -> byItself.firstOrNull { it in focusModes } ?: CameraMetadata.CONTROL_AF_MODE_OFF
        }
    }

    /**
     * Where on the sensor a spot of a picture is, with what is around it; `null` where the camera
     * cannot be told.
     *
     * @param x from 0 at the left edge of the picture, as the sensor sees it, to 1
     */
    fun spot(
        size: Size,
        zoom: Float,
        x: Float,
        y: Float,
    ): Rect? {
        if (!focusesAt) return null
        // With a zoom ratio, Android counts places on the sensor within what is seen now.
        val field = (if (zoomsByRatio) sensor else field(zoom)) ?: return null
        return spot(field, size, x, y)
    }

    private val zoomsByRatio: Boolean
        get() =
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.R &&
                facts.get(CameraCharacteristics.CONTROL_ZOOM_RATIO_RANGE) != null

    private fun ratio(): Float =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            facts.get(CameraCharacteristics.CONTROL_ZOOM_RATIO_RANGE)?.upper ?: 1f
        } else {
            1f
        }

    private fun field(zoom: Float): Rect? = sensor?.let { middle(it, it.width() / zoom, it.height() / zoom) }

    private companion object {
        const val NEAREST = 8f
    }
}

/** Whether it has a light beside it. */
internal val CameraCharacteristics.hasLight: Boolean get() = get(CameraCharacteristics.FLASH_INFO_AVAILABLE) == true

/**
 * The smallest that has a usual code's modules wide enough from 30 cm (docs/legibility.md), or the
 * largest where none is.
 */
internal fun bestSize(sizes: List<Size>): Size {
    val enough = sizes.filter { maxOf(it.width, it.height) >= 1920 && minOf(it.width, it.height) >= 1080 }
    return enough.minByOrNull(Size::pixels) ?: sizes.maxBy(Size::pixels)
}

/** The next smaller one; `null` where there is none. */
internal fun smallerThan(
    size: Size,
    sizes: List<Size>,
): Size? = sizes.filter { it.pixels < size.pixels }.maxByOrNull(Size::pixels)

private val Size.pixels: Int get() = width * height

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

/**
 * Which spot of the sensor's picture is drawn at this point of the view: from its left and upper
 * edges, 0 to 1 each. It undoes what [crop] does, and what the system has turned before that.
 */
internal fun seenAt(
    x: Float,
    y: Float,
    viewWidth: Int,
    viewHeight: Int,
    frame: Frame,
    displayTurned: Int,
): Pair<Float, Float> {
    val back = Matrix()
    crop(viewWidth, viewHeight, frame, displayTurned).invert(back)
    val point = floatArrayOf(x, y).also(back::mapPoints)
    val right = (point[0] / viewWidth).coerceIn(0f, 1f)
    val down = (point[1] / viewHeight).coerceIn(0f, 1f)
    return when (frame.sensorTurned) {
        90 -> down to 1 - right
        180 -> 1 - right to 1 - down
        270 -> 1 - down to right
        else -> right to down
    }
}

/**
 * A square around a spot of the picture, in the numbers of the sensor.
 *
 * @param field the part of the sensor that is used: a picture has its middle, in its own shape
 */
internal fun spot(
    field: Rect,
    size: Size,
    x: Float,
    y: Float,
): Rect {
    val scale = minOf(field.width().toFloat() / size.width, field.height().toFloat() / size.height)
    val seen = middle(field, size.width * scale, size.height * scale)
    val side = minOf(seen.width(), seen.height()) / PARTS
    val left = (seen.left + x * seen.width() - side / 2).toInt().coerceIn(seen.left, seen.right - side)
    val top = (seen.top + y * seen.height() - side / 2).toInt().coerceIn(seen.top, seen.bottom - side)
    return Rect(left, top, left + side, top + side)
}

private fun middle(
    of: Rect,
    width: Float,
    height: Float,
): Rect {
    val left = of.left + ((of.width() - width) / 2).toInt()
    val top = of.top + ((of.height() - height) / 2).toInt()
    return Rect(left, top, left + width.toInt(), top + height.toInt())
}

/** The square is this part of the shorter side: as wide as a finger covers. */
private const val PARTS = 6
