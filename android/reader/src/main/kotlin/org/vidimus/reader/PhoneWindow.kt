package org.vidimus.reader

import android.app.Activity
import android.os.Build
import android.view.MotionEvent
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue

/**
 * What a window does for its screens: no screenshot and no picture in the recents of what is
 * personal, and the brightest light for as long as a code is to be scanned. Afterwards everything
 * is as it was.
 *
 * Make it before the first screen is drawn. What another app draws over the window neither hides a
 * question nor leads a finger: touches under it are not taken.
 */
public class PhoneWindow(
    private val activity: Activity,
) {
    /** Another app was drawn over this window when it was touched last. */
    public var isDrawnOver: Boolean by mutableStateOf(false)
        private set

    private val usual = activity.window.attributes.screenBrightness

    init {
        activity.window.decorView.filterTouchesWhenObscured = true
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) activity.window.setHideOverlayWindows(true)
    }

    /**
     * Call it for each touch of the activity before it is dispatched. What is touched under another
     * app's window goes no further than that; without a word the app would look frozen.
     */
    public fun touched(event: MotionEvent) {
        if (event.actionMasked == MotionEvent.ACTION_DOWN) isDrawnOver = event.isUnderAnotherApp
    }

    /**
     * Sets the window for a screen.
     *
     * @param isPersonal no picture of it may be kept
     * @param staysOn the phone does not switch it off by itself
     * @param isBright it has the brightest light
     */
    public fun show(
        isPersonal: Boolean,
        staysOn: Boolean,
        isBright: Boolean,
    ) {
        protect(isPersonal)
        illuminate(staysOn, isBright)
    }

    private fun protect(personal: Boolean) {
        activity.window.setFlags(if (personal) FLAG_SECURE else 0, FLAG_SECURE)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) activity.setRecentsScreenshotEnabled(!personal)
    }

    private fun illuminate(
        staysOn: Boolean,
        bright: Boolean,
    ) {
        val window = activity.window
        window.setFlags(if (staysOn) FLAG_KEEP_SCREEN_ON else 0, FLAG_KEEP_SCREEN_ON)
        val wanted = if (bright) BRIGHTNESS_OVERRIDE_FULL else usual
        if (window.attributes.screenBrightness != wanted) {
            window.attributes = window.attributes.apply { screenBrightness = wanted }
        }
    }
}

private val MotionEvent.isUnderAnotherApp: Boolean
    get() = flags and (MotionEvent.FLAG_WINDOW_IS_OBSCURED or MotionEvent.FLAG_WINDOW_IS_PARTIALLY_OBSCURED) != 0
