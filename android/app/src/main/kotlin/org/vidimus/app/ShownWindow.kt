package org.vidimus.app

import android.app.Activity
import android.os.Build
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import org.vidimus.models.Screen
import org.vidimus.models.ShowState

/**
 * What the window does for a screen: no screenshot and no picture in the recents of what is personal, and the brightest light
 * for as long as a code is to be scanned. Afterwards everything is as it was.
 */
internal class ShownWindow(
    private val activity: Activity,
) {
    private val usual = activity.window.attributes.screenBrightness

    fun apply(screen: Screen) {
        protect(screen.isPersonal)
        illuminate(screen is Screen.Show && screen.state is ShowState.Live)
    }

    private fun protect(personal: Boolean) {
        activity.window.setFlags(if (personal) FLAG_SECURE else 0, FLAG_SECURE)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) activity.setRecentsScreenshotEnabled(!personal)
    }

    private fun illuminate(live: Boolean) {
        val window = activity.window
        window.setFlags(if (live) FLAG_KEEP_SCREEN_ON else 0, FLAG_KEEP_SCREEN_ON)
        val wanted = if (live) BRIGHTNESS_OVERRIDE_FULL else usual
        if (window.attributes.screenBrightness != wanted) {
            window.attributes = window.attributes.apply { screenBrightness = wanted }
        }
    }
}

/** Whether it shows a license, a code, an offer, or what happened to one; the camera may see a letter. */
internal val Screen.isPersonal: Boolean
    get() =
        when (this) {
            Screen.Opening, is Screen.Blocked -> false
            is Screen.Welcome -> state.text.isNotEmpty()
            is Screen.Scan, is Screen.Offer, is Screen.License, is Screen.Show, is Screen.Answer -> true
            is Screen.History, is Screen.Settings -> true
        }

/** Whether there is nothing before it: going back leaves the app. */
internal val Screen.isFirst: Boolean
    get() =
        when (this) {
            Screen.Opening, is Screen.License, is Screen.Blocked -> true
            is Screen.Welcome -> !state.mayGoBack
            is Screen.Scan, is Screen.Offer, is Screen.Show, is Screen.Answer -> false
            is Screen.History, is Screen.Settings -> false
        }
