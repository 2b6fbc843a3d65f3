package org.vidimus.driver

import android.app.Activity
import android.os.Build
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Update

/**
 * What the window does for a screen: no screenshot and no picture in the recents of what is
 * personal, and the brightest light for as long as a code is to be scanned. Afterwards everything
 * is as it was.
 */
internal class ShownWindow(
    private val activity: Activity,
) {
    private val usual = activity.window.attributes.screenBrightness

    fun apply(update: Update) {
        protect(update.isPersonal)
        val screen = update.screen
        illuminate(screen is Screen.Show && screen.v1.phase is ShowPhase.Live)
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

/** Whether there is nothing before it: going back leaves the app. */
internal val Screen.isFirst: Boolean
    get() =
        when (this) {
            is Screen.Opening, is Screen.License, is Screen.Blocked -> true
            is Screen.Welcome -> !v1.mayGoBack
            is Screen.Scan, is Screen.Offer, is Screen.Show, is Screen.Answer -> false
            is Screen.History, is Screen.Settings -> false
        }
