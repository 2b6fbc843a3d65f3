package org.vidimus.driver

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build

/**
 * Whether the driver is asked if the app may notify: once, when a license is there that there could
 * be news of. After that the settings lead to the system's page.
 */
internal class NoticeQuestion(
    private val context: Context,
) {
    private val kept = context.getSharedPreferences("notices", Context.MODE_PRIVATE)

    /** Whether it is to be asked now. Before Android 13 apps notify until they are forbidden to. */
    val isOpen: Boolean
        get() =
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU &&
                context.checkSelfPermission(PERMISSION) != PackageManager.PERMISSION_GRANTED &&
                !kept.getBoolean(ASKED, false)

    /** It was asked, and is not asked again. */
    fun asked() {
        kept.edit().putBoolean(ASKED, true).apply()
    }

    companion object {
        const val PERMISSION = "android.permission.POST_NOTIFICATIONS"

        private const val ASKED = "asked"
    }
}
